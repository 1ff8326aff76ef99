"""How gunicorn serves the product: `gunicorn -c python:koumbit.gunicorn koumbit.wsgi`.

The application is loaded once, before the workers are made, so that they share its memory; it
opens no connection by then. Logs are the product's own JSON lines; requests are not logged here,
since paths carry the single-use keys of invitations and the front proxy logs them its own way.
"""

import os
import subprocess
import sys

import django
from django.conf import settings
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "koumbit.settings")

bind = [f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"]
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
preload_app = True
timeout = 120  # a pay of ten thousand people is computed within one request
graceful_timeout = 30
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
# A worker's heartbeat must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
accesslog = None
loglevel = "warning"
logconfig_dict = settings.LOGGING | {"loggers": {"gunicorn.error": {"level": "WARNING", "propagate": True}}}
control_socket_disable = True


def on_starting(server):
    """In production, refuse to serve what `check --deploy` calls an error."""
    django.setup()
    if not settings.TRIAL:
        call_command("check", deploy=True)


def when_ready(server):
    """While trying, say where to go once somebody listens."""
    if settings.DEMO:
        address = f"http://localhost:{os.environ.get('PORT', '8000')}/"
        print(  # noqa: T201
            f"\n  Koumbit is ready: {address}\n"
            "  The sign-in page offers to enter with one click: worker, committee member or coordinator.\n"
            "  Ctrl-C stops it; make run starts it again with the same data.\n",
            flush=True,
        )
        _work(server)


def _work(server):
    """While trying, long work (documents, proposals) has a worker too; in production it is a service of its own."""
    command = [sys.executable, settings.BASE_DIR / "manage.py", "procrastinate", "worker"]
    server.long_work = subprocess.Popen(
        command, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def on_exit(server):
    """The worker of the trial stops with it."""
    if worker := getattr(server, "long_work", None):
        worker.terminate()
        worker.wait(timeout=graceful_timeout)
