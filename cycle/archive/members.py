"""The members of a back-up, each with its size and checksum in a list at the end.

Nothing that is read is believed before that list was seen and agreed: a file that was cut off has none.
"""

import gzip
import io
import json
import os
import re
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, BinaryIO, Final

from cycle.archive.age import MAGIC, Opening, Sealing
from cycle.errors import CycleError, Unreadable
from cycle.private import make_folder, open_file

LIST = "inhoud.json"
NAME = "cycle-backup.tar"
"""It stands in the first bytes of a file that is not encrypted, so that one is known for what it is."""
FORMAT = 1
STREAM: Final = "w|"
LEVEL = 4  # of nine: half the time of the usual one, for a twentieth more bytes
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Contents:
    """What a back-up says of itself, and its members by name; `facts` is what whoever made it wrote down."""

    facts: dict[str, Any]
    members: dict[str, int]


class ArchiveWriter:
    """Writes one file; what is not finished by `finish` has no list, and is refused by whoever reads it."""

    def __init__(self, file: Path, passphrase: str = "") -> None:
        self._file = open_file(file)
        self._sealed = Sealing(self._file, passphrase) if passphrase else None
        sink: Any = self._sealed or self._file
        self._packed = gzip.GzipFile(filename=NAME, mode="wb", compresslevel=LEVEL, fileobj=sink, mtime=0)
        self._tar = tarfile.open(fileobj=self._packed, mode=STREAM, format=tarfile.PAX_FORMAT)  # noqa: SIM115 - `__exit__`
        self._list: list[dict[str, Any]] = []

    def __enter__(self) -> "ArchiveWriter":
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        for layer in (self._tar, self._packed, self._sealed):  # after `finish` they are closed already
            with suppress(OSError, ValueError):
                if layer is not None:
                    layer.close()
        self._file.close()

    def add(self, name: str, content: bytes) -> None:
        """A member from memory."""
        self._add(name, len(content), io.BytesIO(content))

    def add_file(self, name: str, file: Path) -> None:
        """A member from a file that nobody writes to meanwhile."""
        with file.open("rb") as source:
            self._add(name, file.stat().st_size, source)

    def finish(self, facts: dict[str, Any]) -> None:
        """The list of members with these facts beside it; afterwards all of it is on the disk."""
        inside = {"format": FORMAT, **facts, "members": self._list}
        self._add(LIST, len(text := json.dumps(inside, ensure_ascii=False, indent=1).encode()), io.BytesIO(text))
        self._tar.close()
        self._packed.close()
        if self._sealed is not None:
            self._sealed.close()
        self._file.flush()
        os.fsync(self._file.fileno())

    def _add(self, name: str, size: int, source: BinaryIO) -> None:
        known, hashed = tarfile.TarInfo(name), _Hashing(source)
        known.size, known.mode = size, 0o600
        self._tar.addfile(known, hashed)
        self._list.append({"name": name, "size": size, "sha256": hashed.digest()})


class _Hashing(io.RawIOBase):
    """Reads on, and knows the checksum of what was read."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self._hash = source, sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._source.read(size)
        self._hash.update(data)
        return data

    def digest(self) -> str:
        """The checksum until here."""
        return self._hash.hexdigest()


def is_archive(file: Path) -> bool:
    """Whether a file looks like a back-up of ours, encrypted or not. Raises OSError."""
    with file.open("rb") as source:
        start = source.read(64)
    return start.startswith(MAGIC) or (start[:2] == b"\x1f\x8b" and start[10:].startswith(NAME.encode() + b"\0"))


def is_encrypted(file: Path) -> bool:
    """Whether it takes a passphrase. Raises Unreadable for what is no back-up, OSError for what cannot be read."""
    if not is_archive(file):
        raise Unreadable(f"{file} is geen kopie van cycle.", "Een kopie maakt u met: cycle backup BESTAND")
    with file.open("rb") as source:
        return source.read(len(MAGIC)) == MAGIC


def read_archive(file: Path, into: Path, passphrase: str = "") -> Contents:
    """Lays all members down in a folder, and returns what they are once each has the size and checksum of the list.

    Raises WrongPassphrase, or Unreadable for what is damaged, cut off, or made by a newer version.
    """
    is_sealed = is_encrypted(file)
    with file.open("rb") as source, _told_as_damage():
        opened: Any = io.BufferedReader(Opening(source, passphrase), BLOCK) if is_sealed else source
        with gzip.GzipFile(fileobj=opened, mode="rb") as packed:
            seen = _laid_down(packed, into)
            while packed.read(BLOCK):  # to the end: only there the last checksum stands
                pass
    return _agreed(into / LIST, seen)


def _laid_down(packed: gzip.GzipFile, into: Path) -> dict[str, tuple[int, str]]:
    """Size and checksum of each member, as it was found."""
    seen: dict[str, tuple[int, str]] = {}
    with tarfile.open(fileobj=packed, mode="r|") as tar:
        for member in tar:
            source = tar.extractfile(member) if member.isreg() and _is_safe(member.name) else None
            if source is None or member.name in seen:
                raise Unreadable("De kopie heeft een onderdeel dat er niet hoort.", "Neem een andere kopie.")
            place = into / member.name
            make_folder(place.parent)
            seen[member.name] = _written(source, place)
    return seen


def _written(source: Any, place: Path) -> tuple[int, str]:
    size, known = 0, sha256()
    with open_file(place) as out:
        while data := source.read(BLOCK):
            out.write(data)
            known.update(data)
            size += len(data)
    return size, known.hexdigest()


def _is_safe(name: str) -> bool:
    """Whether it stays within the folder that it is laid down in."""
    parts = PurePosixPath(name).parts
    return bool(parts) and not name.startswith("/") and ".." not in parts and not re.search(r"[\0\\]", name)


def _agreed(beside: Path, seen: dict[str, tuple[int, str]]) -> Contents:
    """The list, when it names what was found and nothing else."""
    try:
        facts = json.loads(beside.read_bytes())
        listed = {one["name"]: (one["size"], one["sha256"]) for one in facts["members"]}
        version = int(facts["format"])
    except (OSError, ValueError, LookupError, TypeError):
        raise _cut_off() from None
    if version > FORMAT:
        raise Unreadable(
            "Deze kopie is gemaakt door een nieuwere versie van cycle.",
            "Installeer die versie, en zet haar zo terug.",
        )
    seen.pop(LIST)
    if listed != seen:
        raise _cut_off()
    return Contents(facts, {name: size for name, (size, _hash) in listed.items()})


@contextmanager
def _told_as_damage() -> Iterator[None]:
    """Whatever a broken file makes its readers say."""
    try:
        yield
    except CycleError:
        raise
    except (tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile, ValueError, UnicodeError):
        raise _cut_off() from None


def _cut_off() -> Unreadable:
    return Unreadable("De kopie is beschadigd of afgebroken.", "Er is niets veranderd. Neem een andere kopie.")
