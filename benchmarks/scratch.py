"""A database of its own for each measure, on the embedded server or the one of `DATABASE_URL`."""

import base64
import os
import secrets
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_DIR", ROOT / "var"))


class Scratch:
    """A scratch database, and the environment in which the product serves it as in production."""

    def __init__(self, name: str):
        self.name = name
        self.environment = os.environ | {
            "DEBUG": "0",
            "DEMO": "0",
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "FIELD_ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "ALLOWED_HOSTS": "localhost",
            "EMAIL_URL": "dummymail://",
            "DEFAULT_FROM_EMAIL": "paie@example.org",
            "SECURE_SSL_REDIRECT": "0",
            "MANDATES_NEED_SECOND_FACTOR": "0",
            "STATIC_ROOT": str(VAR / "benchmark" / "static"),
            "ALLOW_EMBEDDED_DATABASE": "1",
            "EMBEDDED_DATABASE": name,
            "VAR_DIR": str(VAR),
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
        }
        if url := os.environ.get("DATABASE_URL"):
            self.environment["DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))

    def __enter__(self) -> "Scratch":
        self._on_server("create")
        self.python("manage.py", "setup")
        return self

    def __exit__(self, *exception) -> None:
        self._on_server("drop")

    def python(self, *arguments: str, **environment: str) -> str:
        """Run Python in the product's environment; return what it printed."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(arguments)} failed.")
        return done.stdout

    def _on_server(self, act: str) -> None:
        """From another database of the same server."""
        elsewhere = {"EMBEDDED_DATABASE": "postgres"}
        if "DATABASE_URL" in os.environ:
            elsewhere["DATABASE_URL"] = os.environ["DATABASE_URL"]
        self.python("-m", "benchmarks.database", act, self.name, **elsewhere)
