"""Who works on this installation: a lock file in `var/`, held by all who do, and whole by who puts a copy back.

The system lets go of it when a process ends, however it ends. A second file says that a copy was put back by halves:
nobody may work on what is neither the old state nor the new one.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import IO

from cycle.errors import Refused
from cycle.private import make_folder, open_handle

FILE = "var/in-use.lock"
UNFINISHED = "restore-unfinished"
"""Beside it, from the first thing that is replaced until the last."""


def share(file: Path) -> IO[bytes] | None:
    """Held for as long as the result is open. Nothing where this user can make no such file: they change nothing.

    Raises Refused while a copy is put back, or after that ended by halves.
    """
    lock = None
    with suppress(OSError):
        lock = _locked(file, fcntl.LOCK_SH)
        if lock is None:
            raise Refused("Er wordt nu een kopie teruggezet.", "Probeer het opnieuw zodra dat klaar is.")
    unfinished = file.with_name(UNFINISHED)
    if unfinished.exists():
        if lock is not None:
            lock.close()
        raise Refused(
            "Het terugzetten van een kopie is halverwege gestopt.",
            f"Doe het opnieuw met: cycle restore {unfinished.read_text(encoding='utf-8').strip()}",
        )
    return lock


def take_whole(file: Path) -> IO[bytes]:
    """Held for as long as the result is open; meanwhile nobody else works here.

    Raises Refused while somebody does, OSError where no such file can be made.
    """
    lock = _locked(file, fcntl.LOCK_EX)
    if lock is None:
        raise Refused(
            "Er loopt nog iets op deze gegevens: cycle serve, work, send of een ander commando.",
            "Stop dat eerst, en doe het dan opnieuw. Er is niets veranderd.",
        )
    return lock


def _locked(file: Path, how: int) -> IO[bytes] | None:
    make_folder(file.parent)
    lock = os.fdopen(open_handle(file, 0), "wb")
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock
