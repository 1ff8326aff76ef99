"""What every test stands on: a real PostgreSQL, a fast hasher, a fixed language. Times are the tests' own."""

import pytest


@pytest.fixture(autouse=True)
def _trial_settings(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.MANDATES_NEED_SECOND_FACTOR = False
