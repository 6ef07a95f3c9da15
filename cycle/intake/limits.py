"""What a document may cost before and while it is parsed (rule C14): size, bombs, memory and time.

Files are parsed in a child process that the operating system holds to a limit, so that a hostile file can neither fill
the memory of the service nor keep it busy. Only a few of those run at a time, and only a few wait for their turn.
"""

import json
import os
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from threading import BoundedSemaphore
from typing import Any

from cycle.errors import Unreadable, reason_of
from cycle.intake.raw import Block, from_plain

MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE
MOST_ENTRIES = 200
MOST_UNPACKED_BYTES = 50 * MEGABYTE
HIGHEST_RATIO = 100
CHILD_MEMORY_BYTES = 1024 * MEGABYTE
CHILD_SECONDS = {"pdf": 60}
OTHER_CHILD_SECONDS = 10
SLOW = {
    "logo": "Bewaar het logo als PNG, of maak de tekening eenvoudiger.",
    "signed": "Sla het bestand opnieuw op, met minder bladzijden of kleinere foto's.",
}
"""What to do about a file of another kind than a register that takes too long."""
MOST_CHILDREN, MOST_WAITING, TURN_SECONDS = 2, 4, 30
"""Children at a time in one service, how many more may wait for a turn, and how long."""
# no secret of the service goes along to a process that reads a stranger's file
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")


# what a damaged zip file or a part of it that is no XML gives; each is a file that cannot be read
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError),
    *(OSError, ValueError, LookupError, AttributeError, TypeError, SyntaxError, ArithmeticError, struct.error),
)


def read_within_size(path: Path) -> bytes:
    """The bytes of a file that is there, is not empty and is not too large."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise Unreadable(f"{path.name} is groter dan 10 MB.", "Haal de afbeeldingen eruit, of splits het bestand.")
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise Unreadable(f"{path} bestaat niet.", "Controleer de naam en de map.") from error
    except OSError as error:
        raise Unreadable(f"{path} kan niet worden geopend ({reason_of(error)}).", "Controleer de rechten.") from error
    if not content.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n\f"):
        raise Unreadable(f"{path.name} is leeg.", "Kies het bestand waar de afspraken in staan.")
    return content


def check_zip(path: Path) -> list[str]:
    """The names in a zip file (DOCX, XLSX, ODS), once it is known to unpack to something of a normal size."""
    try:
        with zipfile.ZipFile(path) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable(f"{path.name} is beschadigd.", "Open het in Word of Excel en sla het opnieuw op.") from error
    if is_odd(entries):
        raise Unreadable(f"{path.name} is verdacht ingepakt.", "Sla het opnieuw op en probeer het nog eens.")
    return [entry.filename for entry in entries]


def is_odd(entries: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether what is packed is too much, unpacks to far more than it is, or wants to lie outside its own folder."""
    unpacked, packed_size = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    return (
        len(entries) > MOST_ENTRIES
        or unpacked > MOST_UNPACKED_BYTES
        or unpacked > HIGHEST_RATIO * max(packed_size, 1)
        or any(".." in PurePosixPath(entry.filename.replace("\\", "/")).parts for entry in entries)
    )


def holds_text(path: Path) -> bool:
    """Whether an open document is a text rather than a workbook, as it says itself, else by its name."""
    try:
        with zipfile.ZipFile(path) as packed:
            return b"opendocument.text" in packed.open("mimetype").read(100)
    except DAMAGED:
        return path.suffix.casefold() == ".odt"


def seconds_for(kind: str) -> int:
    """How long a file of this kind may take."""
    return CHILD_SECONDS.get(kind, OTHER_CHILD_SECONDS)


def parse_in_child(kind: str, path: Path) -> list[Block]:
    """Parse a binary file in a child process; in such a process already, right here."""
    if _CHILD.is_here:
        return _CHILD.parse(kind, path)
    return from_plain(ask_child(kind, path, seconds_for(kind))["blocks"])


def enter_child(parse: Callable[[str, Path], list[Block]]) -> None:
    """Says that this is the child process, and how it parses: it starts no other."""
    _CHILD.parse, _CHILD.is_here = parse, True


def ask_child(kind: str, path: Path, seconds: int, given: bytes = b"") -> dict[str, Any]:
    """What a child process says about a file; a crash, too much memory or too much time there is a sentence here.

    Raises Unreadable, also when too many are being read at this moment.
    """
    with _turn():
        return _asked(kind, path, seconds, given)


@contextmanager
def _turn() -> Iterator[None]:
    if not _ROOM.acquire(blocking=False):
        raise Unreadable(*BUSY)
    try:
        if not _TURNS.acquire(timeout=TURN_SECONDS):
            raise Unreadable(*BUSY)
        try:
            yield
        finally:
            _TURNS.release()
    finally:
        _ROOM.release()


def _asked(kind: str, path: Path, seconds: int, given: bytes) -> dict[str, Any]:
    command = [sys.executable, "-P", "-m", "cycle.intake.child", kind, str(path.absolute()), str(CHILD_MEMORY_BYTES)]
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(place for place in sys.path if place)
    try:
        child = subprocess.run(command, input=given, capture_output=True, timeout=seconds, env=environment, check=False)
    except subprocess.TimeoutExpired as error:
        what = f"{path.name} lezen duurde langer dan {seconds} seconden."
        raise Unreadable(what, SLOW.get(kind, "Geef alleen het deel met afspraken.")) from error
    return _answer(child.stdout, path.name)


def _answer(answer: bytes, file: str) -> dict[str, Any]:
    try:
        said: dict[str, Any] = json.loads(answer)
    except ValueError as error:
        hint = "Open het in het programma waarin het gemaakt is en sla het opnieuw op."
        raise Unreadable(f"{file} kan niet worden gelezen: het is te groot of beschadigd.", hint) from error
    if "unreadable" in said:
        raise Unreadable(*said["unreadable"])
    return said


class _Child:
    """Whether this process is itself such a child, and how it parses then."""

    is_here = False
    parse: Callable[[str, Path], list[Block]] = staticmethod(lambda _kind, _path: [])


_CHILD = _Child()
_TURNS, _ROOM = BoundedSemaphore(MOST_CHILDREN), BoundedSemaphore(MOST_CHILDREN + MOST_WAITING)
BUSY = ("Er worden al te veel bestanden tegelijk gelezen.", "Wacht een minuut en probeer het opnieuw.")
