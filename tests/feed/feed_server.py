"""A real `cycle serve` beside the test, for what only a whole process can show."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cycle.actions.office.office import Office
from tests.conftest import ROOT
from tests.postgresql_server import free_port

PATIENCE = 40  # seconds, on a busy machine


@dataclass
class Server:
    """One serving process on loopback."""

    process: subprocess.Popen[bytes]
    port: int

    def address(self, link: str) -> str:
        """A calendar link of the office, at this server."""
        return f"http://127.0.0.1:{self.port}{urlsplit(link).path}"

    def get(self, link: str) -> tuple[int, bytes]:
        """Status and body of a calendar link."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", urlsplit(link).path)
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found

    def kill(self) -> None:
        """As the power would."""
        self.process.kill()
        self.process.wait(PATIENCE)


@pytest.fixture
def serve() -> Iterator[Callable[[Office], Server]]:
    """Starts servers on an office's database; they end with the test."""
    started: list[Server] = []

    def start(office: Office) -> Server:
        port = free_port()
        folder = Path(office.settings.folder)
        server = Server(_process(folder, office.database.url, port), port)
        started.append(server)
        _wait(server)
        return server

    yield start
    for server in started:
        server.process.terminate()
        server.process.wait(PATIENCE)


def _process(folder: Path, url: str, port: int) -> subprocess.Popen[bytes]:
    own = {
        "PYTHONPATH": str(ROOT),
        "CYCLE__DATABASE__URL": url,
        "CYCLE__WEB__PORT": str(port),
        "CYCLE__WEB__BASE_URL": "http://127.0.0.1:8700",  # the same for every server, and on loopback any port is ours
    }
    command = [sys.executable, "-m", "cycle", "--config", str(folder / "config.toml"), "serve"]
    with (folder / "serve.log").open("ab") as log:
        return subprocess.Popen(command, cwd=folder, env=os.environ | own, stdout=log, stderr=log)


def _wait(server: Server) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.process.poll() is None:
        try:
            if server.get("http://x/robots.txt")[0] == 200:
                return
        except OSError:
            time.sleep(0.05)
    pytest.fail("cycle serve did not answer; see serve.log")
