"""Columns that are unreadable in a stolen database or backup: the key lives outside it."""

from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _cipher() -> MultiFernet:
    return _fernet(tuple(settings.FIELD_ENCRYPTION_KEYS))


class EncryptedTextField(models.TextField):
    """Text kept as a Fernet token. It cannot be searched or compared in the database."""

    def get_prep_value(self, value):
        if value in (None, ""):
            return ""
        return _cipher().encrypt(str(value).encode()).decode()

    def from_db_value(self, value, expression, connection):
        return _cipher().decrypt(value.encode()).decode() if value else ""
