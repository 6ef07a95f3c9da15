"""Files and folders that `cycle` makes are for their owner alone, whatever the umask: this is where they are made.

They hold names, addresses, mails and keys. Nothing else in the program makes one (`tests/test_private.py` looks), and
SQLite gives what it makes beside a database the rights of that database.
"""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO

FILE, FOLDER = 0o600, 0o700
OTHERS = 0o077
"""The rights of everybody but the owner."""


def begin_private() -> None:
    """For the start of a process: what its libraries and children make is for the owner alone too."""
    os.umask(OTHERS)


def make_folder(folder: Path) -> None:
    """Makes a folder, with what is missing above it; one that is there stays as it is. Raises OSError."""
    for missing in [parent for parent in reversed(folder.parents) if not parent.exists()]:
        missing.mkdir(FOLDER, exist_ok=True)
    folder.mkdir(FOLDER, exist_ok=True)


def new_folder(folder: Path) -> Path:
    """Makes a folder that was not there, with a number behind its name where there is one already. Raises OSError."""
    make_folder(folder.parent)
    for number in count(1):
        place = folder if number == 1 else folder.with_name(f"{folder.name}-{number}")
        with suppress(FileExistsError):
            place.mkdir(FOLDER)
            break
    return place


def write_file(file: Path, content: bytes) -> None:
    """Writes a file, a new one or over what was there. Raises OSError."""
    with open_file(file) as out:
        out.write(content)


def open_file(file: Path) -> BinaryIO:
    """A file to write into, a new one or emptied; one that others could read is theirs no more. Raises OSError."""
    return os.fdopen(open_handle(file, os.O_TRUNC), "wb")


def open_handle(file: Path, how: int) -> int:
    """The same as a bare descriptor; `how` is what else `os.open` is to do, such as O_APPEND or O_EXCL."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | how, FILE)
    known = os.fstat(handle).st_mode
    if stat.S_ISREG(known) and known & OTHERS:
        with suppress(OSError):  # somebody else's file, or a disk without rights: whoever chose it knows
            os.fchmod(handle, FILE)
    return handle


def copy_file(source: Path, place: Path) -> None:
    """A copy that is on the disk when this returns. Raises OSError."""
    with source.open("rb") as content, open_file(place) as out:
        shutil.copyfileobj(content, out, 1 << 20)
        out.flush()
        os.fsync(out.fileno())


def sync_folder(folder: Path) -> None:
    """What was renamed in a folder is on the disk; a file system that cannot do that is taken at its word."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


def make_database_file(file: Path) -> None:
    """An empty file for SQLite to use, unless there is one; from that, and what is beside it, the rights of others go.

    An existing one is not opened: to close it again would end this process's own locks on it.
    """
    with suppress(OSError):  # that a database cannot be made or reached is said when it is used
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE))
    tighten(*database_files(file))


def database_files(file: Path) -> list[Path]:
    """A database of SQLite, and what it keeps beside it."""
    file = file.resolve()  # SQLite puts them beside the file itself, not beside a link to it
    return [file, *(file.with_name(f"{file.name}-{end}") for end in ("wal", "shm", "journal"))]


def tighten(*places: Path) -> None:
    """Takes from others what an earlier version gave them: the rights on these files, and on all that lies in these
    folders. What is not ours to change stays as it is (`loose`)."""
    for place in places:
        for path in _with_all_inside(place):
            mode = _mode(path)
            if mode & OTHERS:
                with suppress(OSError):
                    path.chmod(mode & ~OTHERS)


def loose(*places: Path) -> list[Path]:
    """What others have rights on, of these files and of all that lies in these folders."""
    return [path for place in places for path in _with_all_inside(place) if _mode(path) & OTHERS]


def _with_all_inside(place: Path) -> Iterator[Path]:
    """A folder comes before what is in it, so that nobody else can put anything there meanwhile."""
    place = place.resolve()
    yield place
    for folder, folders, files in os.walk(place):  # of what it may not look into, it is silent
        yield from (Path(folder, name) for name in (*folders, *files))


def _mode(path: Path) -> int:
    """The rights on a file or folder; none for what is neither, such as a link, or gone meanwhile."""
    try:
        status = path.lstat()
    except OSError:
        return 0
    return stat.S_IMODE(status.st_mode) if stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode) else 0
