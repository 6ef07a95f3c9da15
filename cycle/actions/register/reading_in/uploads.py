"""Documents that wait to be confirmed: kept in `var/uploads`, readable by the service alone, and gone after a day.

They lie on a shelf: that of a covenant (its id), or that of somebody who starts one, where they may lie for two weeks.
"""

import json
import os
import re
import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from cycle.errors import CycleError, NotFound, Unreadable, reason_of
from cycle.intake.limits import MOST_BYTES
from cycle.intake.whole import FileRead, Reader, file_read_of, read_file
from cycle.private import make_folder, open_handle, write_file
from cycle.settings import Settings

FOLDER = "var/uploads"
KEPT_FOR, FOUNDERS_KEPT_FOR = timedelta(days=1), timedelta(days=14)
FOUNDERS = "nieuw-"
MOST_FILES = 10
Shelf = int | str


def shelf_of(email: str) -> Shelf:
    """The shelf of somebody who starts a table."""
    return FOUNDERS + sha256(email.lower().encode("utf-8", "replace")).hexdigest()[:32]


def keep_uploads(
    settings: Settings, shelf: Shelf, files: Sequence[tuple[str, bytes]], now: datetime, *, most: int = MOST_FILES
) -> str:
    """Keeps some documents (name and bytes) together until somebody confirms them; returns what they are called.

    Raises Unreadable for a file that is empty or too large, or for too many at once; CycleError when there is no room
    for them, and then nothing of them stays behind.
    """
    if len(files) > most:
        raise Unreadable("Dat zijn te veel bestanden.", f"Kies er hoogstens {most} tegelijk.")
    for name, content in files:
        if not content:
            raise Unreadable(f"{name} is leeg.", "Kies het bestand waar de afspraken in staan.")
        if len(content) > MOST_BYTES:
            raise Unreadable(f"{name} is groter dan 10 MB.", "Haal de afbeeldingen eruit, of splits het bestand.")
    token = token_hex(16)
    folder = _folder(settings, shelf, token)
    try:
        make_folder(folder)
        for place, (name, content) in enumerate(files, 1):
            own = folder / f"{place}"  # each its own: a place in the register names the file
            make_folder(own)
            write_file(own / safe_name(name), content)
        os.utime(folder, (now.timestamp(), now.timestamp()))
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise CycleError(
            f"Het bestand kon hier niet worden bewaard: {reason_of(error)}.",
            "Bewaar het zelf nog even, en vraag de beheerder om ruimte in var/uploads.",
        ) from None
    return token


def uploads(settings: Settings, shelf: Shelf, token: str) -> list[Path]:
    """The files of one upload, in their order.

    Raises NotFound when they are gone, or on another shelf.
    """
    folder = folder_of(settings, shelf, token)
    return sorted(folder.glob("*/*"), key=lambda file: int(file.parent.name))


def folder_of(settings: Settings, shelf: Shelf, token: str) -> Path:
    """Where one upload lies.

    Raises NotFound when it is gone, or on another shelf.
    """
    folder = _folder(settings, shelf, token)
    if not re.fullmatch(r"[0-9a-f]{32}", token) or not folder.is_dir():
        long = "twee weken" if str(shelf).startswith(FOUNDERS) else "een dag"
        raise NotFound("Deze bestanden zijn er niet meer.", f"Ze worden {long} bewaard. Lees ze opnieuw in.")
    return folder


def read_upload(file: Path, reader: Reader) -> FileRead:
    """What an uploaded file says: read once, and kept beside it for the next look.

    It is read again when the covenant's parties, or how it reads, are others than they were. Raises Unreadable.
    """
    beside = file.parent.with_suffix(".json")
    asked = sha256(reader.as_json()).hexdigest()
    try:
        said = json.loads(beside.read_bytes())
        if said["asked"] == asked:
            return file_read_of(said["read"])
    except (OSError, ValueError, LookupError, TypeError):
        pass  # not kept yet, or by another version of the program
    file_read = read_file(file, reader)
    _keep_beside(beside, json.dumps({"asked": asked, "read": json.loads(file_read.as_json())}).encode())
    return file_read


def drop_uploads(settings: Settings, shelf: Shelf, token: str) -> None:
    """Throws one upload away; nothing when it is gone already."""
    if re.fullmatch(r"[0-9a-f]{32}", token):
        shutil.rmtree(_folder(settings, shelf, token), ignore_errors=True)


def clean_uploads(settings: Settings, now: datetime) -> int:
    """Throws away what nobody confirmed in time; says how many uploads that were."""
    old = [
        folder
        for folder in settings.path(FOLDER).glob("*/*")
        if folder.stat().st_mtime < (now - _kept_for(folder)).timestamp()
    ]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def safe_name(name: str) -> str:
    """The last part of a name without anything that a file system or a page could trip over."""
    last = re.split(r"[/\\]", name)[-1]
    return re.sub(r"[^\w.() -]", "_", last)[-100:].lstrip(". ") or "bestand"


def _keep_beside(beside: Path, answer: bytes) -> None:
    """Keeps what was read. The folder stays as old as it was: its age is that of the upload."""
    with suppress(FileExistsError, FileNotFoundError):  # somebody looked, or threw it away, at the same moment
        age = beside.parent.stat()
        beside.unlink(missing_ok=True)
        with os.fdopen(open_handle(beside, os.O_EXCL), "wb") as out:
            out.write(answer)
        os.utime(beside.parent, ns=(age.st_atime_ns, age.st_mtime_ns))


def _kept_for(folder: Path) -> timedelta:
    return FOUNDERS_KEPT_FOR if folder.parent.name.startswith(FOUNDERS) else KEPT_FOR


def _folder(settings: Settings, shelf: Shelf, token: str) -> Path:
    return settings.path(FOLDER) / str(shelf) / token
