"""The product's own settings while trying it, with what only tests may have: a fast hasher, mail kept in memory."""

import os

os.environ.setdefault("DEBUG", "1")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's synchronous API runs an event loop

from koumbit.settings import *  # noqa: F403
from koumbit.settings import DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MANDATES_NEED_SECOND_FACTOR = False
# Test databases die with the test: they need not survive a power cut.
DATABASES["default"]["CONN_MAX_AGE"] = 0  # the threads of a served page keep no connection
DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
