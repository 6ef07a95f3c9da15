"""What is laid down once for a whole run, by whichever of its workers needs it first: databases to copy, one server.

Each run has a folder of its own, so that nothing of an earlier one, broken off or not, is ever found.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOMY = 4_000_000_000  # bytes; a run takes about one
MEMORY = Path("/dev/shm")


class Run:
    """The folder of one run, which all its workers share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def once(self, name: str, make: Callable[[Path], str]) -> str:
        """What `make` says of what it made at a place of its own; the others wait, and are told the same.

        An error is told to who asked, and the next one tries again.
        """
        place, told = self.folder / name, self.folder / f"{name}.told"
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not told.exists():
                shutil.rmtree(place, ignore_errors=True)
                place.mkdir()
                told.write_text(make(place))
            return told.read_text()

    def sqlite(self, name: str, lay: Callable[[str, Path], object]) -> Path:
        """A file that is laid down once, in a folder of its own; never open it, copy it."""

        def make(place: Path) -> str:
            lay(f"sqlite:///{place / 'laid.db'}", place)
            return str(place / "laid.db")

        return Path(self.once(name, make))

    def postgresql(self, name: str, url: Callable[[], str], lay: Callable[[str, Path], object]) -> str:
        """The address of a database that is laid down once; never open it, copy it."""

        def make(place: Path) -> str:
            made = url()
            lay(made, place)
            return made

        return self.once(name, make)


KEY = pytest.StashKey[Run]()
_RUNS: list[Run] = []


def of_this_process() -> Run | None:
    """The run that this process is one of the workers of, if it is of any."""
    return _RUNS[-1] if _RUNS else None


def begin(config: pytest.Config) -> None:
    """A folder for this run, or that of the run whose worker this is."""
    given = getattr(config, "workerinput", {}).get("run")
    if not given:
        _work_in_memory(config)
    config.stash[KEY] = Run(Path(given or tempfile.mkdtemp(prefix="cycle-run-")))
    _RUNS.append(config.stash[KEY])


def _work_in_memory(config: pytest.Config) -> None:
    """A disk takes 5 ms to promise a write, and tests write much; it is no disk that they are about."""
    if config.option.basetemp or "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    if shutil.disk_usage(MEMORY).free > ROOMY:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None
