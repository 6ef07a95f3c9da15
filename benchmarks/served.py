"""A serving process with the example covenant, in a folder of its own, on a free port of loopback."""

import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from benchmarks.engines import free_port
from benchmarks.world import child_environment, settings_folder

PATIENCE = 240  # seconds, until a server answers or ends: the first start, on a busy machine, makes a whole database


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers."""

    process: subprocess.Popen[bytes]
    house: "House"

    def get(self, path: str) -> int:
        """The status of one answer, read to its end, over a connection of its own as most clients have."""
        return _get(self.house.port, path)

    def worked(self) -> float:
        """Processor time of the process so far, in seconds; nothing where there is no /proc."""
        stat = Path(f"/proc/{self.process.pid}/stat")
        if not stat.exists():
            return math.nan
        user, system = stat.read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> dict[str, float]:
        """What the kernel says of the process, in MB: `VmRSS` is what is resident, `VmHWM` the most it ever was."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii").splitlines()
        sizes = dict(line.split(":", 1) for line in lines)
        return {name: int(sizes[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM")}


@dataclass(frozen=True, slots=True)
class House:
    """A folder with settings, in which commands run."""

    folder: Path
    port: int

    def command(self, *words: str) -> list[str]:
        """A `cycle` command line."""
        return [sys.executable, "-m", "cycle", "--config", str(self.folder / "config.toml"), *words]

    def environment(self) -> dict[str, str]:
        """What such a command finds around it."""
        address = f"http://127.0.0.1:{self.port}"
        return child_environment(CYCLE__WEB__PORT=str(self.port), CYCLE__WEB__BASE_URL=address)

    def run(self, *words: str) -> None:
        """One command, to its end."""
        subprocess.run(
            self.command(*words),
            cwd=self.folder,
            env=self.environment(),
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=PATIENCE,
        )

    @contextmanager
    def serving(self) -> Iterator[Served]:
        """`cycle serve --example` from its start until the block ends; it answers when the block begins."""
        with (self.folder / "serve.log").open("wb") as log:
            process = subprocess.Popen(
                self.command("serve", "--example"), cwd=self.folder, env=self.environment(), stdout=log, stderr=log
            )
            try:
                self._wait(process)
                yield Served(process, self)
            finally:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def feed_path(self) -> str:
        """The example's calendar link."""
        link = (self.folder / "var" / "voorbeeld-agenda.txt").read_text(encoding="utf-8")
        return urlsplit(link.strip()).path

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and process.poll() is None:
            try:
                if _get(self.port, "/healthz") == 200:
                    return
            except (OSError, HTTPException):
                time.sleep(0.005)
        said = (self.folder / "serve.log").read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"cycle serve did not answer: {said[-2000:]}")


@contextmanager
def house() -> Iterator[House]:
    """An empty house, gone afterwards."""
    with TemporaryDirectory(prefix="cycle-bench-") as name:
        folder = Path(name)
        settings_folder(folder)
        yield House(folder, free_port())


def _get(port: int, path: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()
