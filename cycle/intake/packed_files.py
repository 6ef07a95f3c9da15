"""A zip with documents in it, as "Convenant downloaden" makes one, taken apart into the files that it holds."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from cycle.errors import Unreadable
from cycle.intake.limits import DAMAGED, MOST_BYTES, is_odd

MOST_PACKED = 60
"""Files that a zip may bring: a covenant folder with a logo of each party."""


def unpacked(files: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Files (name and bytes), with in the place of each zip what is in it; the folders inside it fall away.

    Raises Unreadable for a zip that is damaged, locked, too large once it is unpacked, or holds nothing to read.
    """
    return [one for name, content in files for one in (_files_in(name, content) if is_zip(name) else [(name, content)])]


def is_zip(name: str) -> bool:
    """Whether a file is a zip by its name; Word and Excel files are packed too, and stay as they are."""
    return name.casefold().endswith(".zip")


def _files_in(name: str, content: bytes) -> list[tuple[str, bytes]]:
    if len(content) > MOST_BYTES:
        raise Unreadable(f"{name} is groter dan 10 MB.", "Kies de bestanden die erin zitten, in een paar keer.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = list(_entries(name, packed))
            files = [(PurePosixPath(entry.filename).name, packed.read(entry)) for entry in entries]
    except DAMAGED as error:
        hint = "Download of maak het opnieuw, zonder wachtwoord, of kies de bestanden die erin zitten."
        raise Unreadable(f"{name} is beschadigd of op slot.", hint) from error
    names = [file for file, _ in files]
    if not files:
        raise Unreadable(f"In {name} zit geen bestand.", "Kies het bestand waar de afspraken in staan.")
    if len(set(names)) < len(names):
        hint = "Pak het uit en kies de bestanden die u wilt lezen."
        raise Unreadable(f"In {name} zitten bestanden met dezelfde naam.", hint)
    return files


def _entries(name: str, packed: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """What is in it, without folders and what a computer adds of itself."""
    entries = packed.infolist()
    if is_odd(entries):
        raise Unreadable(f"{name} is verdacht ingepakt.", "Pak het uit en kies de bestanden die u wilt lezen.")
    files = [entry for entry in entries if not entry.is_dir() and not _is_added(entry.filename)]
    if len(files) > MOST_PACKED:
        raise Unreadable(f"In {name} zitten te veel bestanden.", f"Kies er hoogstens {MOST_PACKED} tegelijk.")
    yield from files


def _is_added(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1].startswith(".") or parts[-1].casefold() in ("thumbs.db", "desktop.ini")
