"""Whole processes, as in production: gunicorn with two workers, on a free port."""

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from .scratch import ROOT


class Server:
    """A gunicorn that serves until the block ends. `seconds_to_answer`: from its start to its first page."""

    def __init__(self, environment: dict[str, str], *arguments: str, first_page: str):
        self.port = _free_port()
        self._environment = environment | {"PORT": str(self.port)}
        self._arguments = arguments
        self._first_page = first_page

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def __enter__(self) -> "Server":
        began = time.perf_counter()
        self._process = subprocess.Popen(
            [
                Path(sys.executable).with_name("gunicorn"),
                "--bind",
                f"127.0.0.1:{self.port}",
                *self._arguments,
            ],
            cwd=ROOT,
            env=self._environment,
        )
        while not self._answers():
            if self._process.poll() is not None or time.perf_counter() - began > 60:
                raise SystemExit("The server did not start.")
            time.sleep(0.02)
        self.seconds_to_answer = time.perf_counter() - began
        return self

    def __exit__(self, *exception) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=40)

    def megabytes(self) -> float:
        """Memory of the server and its workers, what they share counted once."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        rollups = [
            Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in (str(self._process.pid), *children)
        ]
        lines = [line for rollup in rollups for line in rollup.splitlines() if line.startswith("Pss:")]
        return sum(int(line.split()[1]) for line in lines) / 1024

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + self._first_page, timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
