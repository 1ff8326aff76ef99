"""Columns that are encrypted with keys the database does not hold."""

from django.db import models

from koumbit.encryption import decrypt, encrypt


class EncryptedTextField(models.TextField):
    """Text kept as a Fernet token. It cannot be searched or compared in the database."""

    def get_prep_value(self, value):
        return "" if value in (None, "") else encrypt(str(value))

    def from_db_value(self, value, expression, connection):
        return decrypt(value) if value else ""
