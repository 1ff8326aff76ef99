"""Text that is unreadable in a stolen database or backup: the keys live outside it.

`FIELD_ENCRYPTION_KEYS`: the first key encrypts, all of them decrypt.
"""

from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def seal(content: bytes) -> bytes:
    """A file as a Fernet token."""
    return _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).encrypt(content)


def unseal(token: bytes) -> bytes:
    """The file of a token. Raises `InvalidToken` when none of the keys made it."""
    return _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(token)


def encrypt(text: str) -> str:
    """The text as a Fernet token, another one each time."""
    return _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """The text of a token. Raises `InvalidToken` when none of the keys made it."""
    return _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(token.encode()).decode()
