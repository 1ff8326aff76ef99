"""The embedded PostgreSQL starts by itself, comes back after a crash, and stops when told."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from koumbit import embedded

ROOT = Path(__file__).resolve().parent.parent.parent
ASK = "import django; django.setup(); from django.db import connection as c; c.ensure_connection(); print('here')"


@pytest.fixture(scope="module")
def var():
    """A folder with a short path, where whichever test is first makes a server; emptied at the end."""
    folder = Path(tempfile.mkdtemp(prefix="k"))
    yield folder
    _python("manage.py", "stop_database", var=folder)
    shutil.rmtree(folder)


def _python(*arguments, var: Path) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"DEBUG": "1", "VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "koumbit.settings"}
    environment.pop("XDG_RUNTIME_DIR", None)
    return subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )


def _server(var: Path) -> int:
    return int((var / "pgdata" / "postmaster.pid").read_text().splitlines()[0])


def test_server_starts_with_the_first_connection_and_comes_back_after_a_crash(var):
    assert _python("-c", ASK, var=var).stdout == "here\n"
    first = _server(var)
    assert _python("-c", ASK, var=var).stdout == "here\n"
    assert _server(var) == first
    os.kill(first, signal.SIGKILL)
    assert _python("-c", ASK, var=var).stdout == "here\n"
    assert _server(var) != first


def test_process_that_outlives_a_crash_connects_again(var):
    twice = (
        f"{ASK}; import os, signal; c.close(); "
        f"os.kill(int(open({str(var / 'pgdata/postmaster.pid')!r}).readline()), signal.SIGKILL); "
        "c.ensure_connection(); print('again')"
    )
    done = _python("-c", twice, var=var)
    assert done.stdout == "here\nagain\n", done.stderr


def test_server_stops_when_told_and_says_so(var):
    _python("-c", ASK, var=var)
    assert _python("manage.py", "stop_database", var=var).stdout == "The database is stopped.\n"
    assert _python("manage.py", "stop_database", var=var).stdout == "The database was not running.\n"


def test_nobody_else_enters_its_folders(var):
    _python("-c", ASK, var=var)
    assert (var / "pgdata").stat().st_mode & 0o077 == 0
    assert (var / "run").stat().st_mode & 0o077 == 0


def test_folder_too_long_for_a_socket_is_told():
    with pytest.raises(embedded.NoServer, match="set VAR_DIR to a shorter path"):
        embedded.start(Path("/tmp") / ("long" * 30))
