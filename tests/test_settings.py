"""Production is complete or does not start; each setting is read in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as test_settings

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "SECRET_KEY": "a-secret-of-the-co-op-that-is-long-enough-to-sign-its-sessions-and-links-0123456789",
    "FIELD_ENCRYPTION_KEYS": "Zm9yLXRoZS10ZXN0LW9mLXRoZS1zZXR0aW5ncy0wMDA=",
    "DATABASE_URL": "postgres://koumbit:word@db.example.org/koumbit",
    "ALLOWED_HOSTS": "heures.example.org",
    "EMAIL_URL": "smtp+tls://mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "paie@example.org",
}
SHOW = (
    "import json; from django.conf import settings as s; "
    "print(json.dumps({n: getattr(s, n) for n in dir(s) if n.isupper()}, default=lambda value: type(value).__name__))"
)


def _python(*arguments, **environment) -> subprocess.CompletedProcess:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        env=kept | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def _settings(**environment) -> dict:
    done = _python("-c", SHOW, DJANGO_SETTINGS_MODULE="koumbit.settings", **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _refusal(**environment) -> str:
    """What `manage.py check` says when it refuses to start."""
    done = _python("manage.py", "check", **environment)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def test_production_that_is_complete_starts():
    done = _python("manage.py", "check", **PRODUCTION)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", PRODUCTION)
def test_production_without_a_value_refuses_and_names_it(name):
    assert f"{name} is missing" in _refusal(**{k: v for k, v in PRODUCTION.items() if k != name})


@pytest.mark.parametrize("name", PRODUCTION)
def test_production_with_an_empty_value_refuses_and_names_it(name):
    assert f"{name} is missing" in _refusal(**PRODUCTION | {name: ""})


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_ENCRYPTION_KEYS"])
def test_production_refuses_the_secrets_of_a_trial(name):
    of_a_trial = _settings(DEBUG="1")[name]
    if isinstance(of_a_trial, list):
        of_a_trial = ",".join(of_a_trial)
    assert f"{name} is the one everybody who tries the software has" in _refusal(
        **PRODUCTION | {name: of_a_trial}
    )


def test_production_refuses_every_host():
    assert "ALLOWED_HOSTS cannot be *" in _refusal(**PRODUCTION | {"ALLOWED_HOSTS": "*"})


def test_production_refuses_what_is_not_a_fernet_key():
    assert "not a Fernet key" in _refusal(**PRODUCTION | {"FIELD_ENCRYPTION_KEYS": "secret"})


def test_production_refuses_another_database_than_postgresql():
    assert "does not name a PostgreSQL" in _refusal(**PRODUCTION | {"DATABASE_URL": "sqlite:///db.sqlite3"})


def test_production_refuses_the_embedded_database_unless_asked_aloud():
    without = {k: v for k, v in PRODUCTION.items() if k != "DATABASE_URL"}
    assert "ALLOW_EMBEDDED_DATABASE=1" in _refusal(**without)
    allowed = _settings(**without, ALLOW_EMBEDDED_DATABASE="1")
    assert allowed["DATABASES"]["default"]["ENGINE"] == "koumbit.embedded"


def test_production_refuses_the_demonstration_unless_asked_aloud():
    assert "ALLOW_DEMO_IN_PRODUCTION=1" in _refusal(**PRODUCTION, DEMO="1")
    assert _settings(**PRODUCTION, DEMO="1", ALLOW_DEMO_IN_PRODUCTION="1")["DEMO"] is True


def test_production_is_what_nothing_said_means():
    assert _settings(**PRODUCTION)["DEBUG"] is False


def test_production_protects_its_cookies_and_its_addresses():
    production = _settings(**PRODUCTION)
    assert production["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert production["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert production["SESSION_COOKIE_SECURE"] is production["CSRF_COOKIE_SECURE"] is True
    assert production["SECURE_SSL_REDIRECT"] is True
    assert production["SECURE_HSTS_SECONDS"] >= 31536000
    assert production["MANDATES_NEED_SECOND_FACTOR"] is True


def test_production_believes_a_proxy_only_when_told_of_one():
    assert _settings(**PRODUCTION)["SECURE_PROXY_SSL_HEADER"] is None
    assert _settings(**PRODUCTION, TRUSTED_PROXY_COUNT="1")["SECURE_PROXY_SSL_HEADER"] == [
        "HTTP_X_FORWARDED_PROTO",
        "https",
    ]


def test_only_the_tests_have_a_fast_hasher():
    shown = "from django.conf import settings; print(settings.PASSWORD_HASHERS[0])"
    done = _python("-c", shown, DJANGO_SETTINGS_MODULE="koumbit.settings", **PRODUCTION)
    assert done.stdout.strip() == "django.contrib.auth.hashers.PBKDF2PasswordHasher"
    assert test_settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.MD5PasswordHasher"]


def test_deploy_checks_find_nothing_to_say(tmp_path):
    environment = PRODUCTION | {"STATIC_ROOT": str(tmp_path)}
    collected = _python("manage.py", "collectstatic", "--noinput", "-v0", **environment)
    assert collected.returncode == 0, collected.stderr
    checked = _python("manage.py", "check", "--deploy", "--fail-level", "WARNING", **environment)
    assert checked.returncode == 0, checked.stderr


def test_deploy_checks_ask_for_the_static_files(tmp_path):
    checked = _python("manage.py", "check", "--deploy", **PRODUCTION | {"STATIC_ROOT": str(tmp_path)})
    assert checked.returncode == 1
    assert "manage.py setup" in checked.stderr


def test_trial_needs_nothing_and_uses_the_embedded_database():
    trial = _settings(DEBUG="1")
    assert trial["DATABASES"]["default"]["ENGINE"] == "koumbit.embedded"
    assert trial["DEMO"] is False


def test_demonstration_shows_a_page_where_a_trial_shows_a_traceback():
    demonstration = _settings(DEBUG="1", DEMO="1")
    assert (demonstration["TRIAL"], demonstration["DEBUG"]) == (True, False)
    assert _settings(DEBUG="1")["DEBUG"] is True
    assert _settings(**PRODUCTION)["TRIAL"] is False


def test_trial_uses_the_database_it_is_given():
    trial = _settings(DEBUG="1", DATABASE_URL=PRODUCTION["DATABASE_URL"])
    assert trial["DATABASES"]["default"]["HOST"] == "db.example.org"


def test_official_cases_are_checked_without_any_configuration():
    for command in ("source_deductions", "tax_tables", "propose_rotation", "role_indicators"):
        assert _python("manage.py", command, "--help").returncode == 0, command
