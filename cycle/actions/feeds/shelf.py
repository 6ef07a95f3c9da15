"""What is kept of feeds: the newest bytes in memory, and the last good ones on disk for when the database is away.

On disk lie only bytes and their ETag, in files that nobody else can read and whose names say nothing of the token. In
memory lies also the version and the moment until which they hold. Nothing is ever half written or served unchecked.
"""

import os
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock

from cycle.actions.feeds.building import Built
from cycle.feed import etag
from cycle.private import make_folder, write_file

_NEVER = datetime.min.replace(tzinfo=UTC)  # from disk: good only while nothing better can be had
MOST_BYTES = 48 * 2**20  # about a thousand feeds of sixty deadlines; the rest is built when it is asked for


@dataclass(frozen=True, slots=True)
class ShelvedFeed:
    """A built feed with its strong validator."""

    built: Built
    etag: str

    @property
    def body(self) -> bytes:
        """The whole calendar."""
        return self.built.body


class Shelf:
    """The kept feeds of one process. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: OrderedDict[tuple[str, str], ShelvedFeed] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, hashed: str, file: str) -> ShelvedFeed | None:
        """What is kept in memory, good or old."""
        return self._kept.get((hashed, file))

    def put(self, hashed: str, file: str, built: Built) -> ShelvedFeed:
        """Keeps what was built; on disk only when its bytes are others than before."""
        before, shelved = self.get(hashed, file), ShelvedFeed(built, etag(built.body))
        self._remember((hashed, file), shelved)
        if built.status != 200:
            self._path(hashed, file).unlink(missing_ok=True)
        elif before is None or before.etag != shelved.etag:
            self._write(self._path(hashed, file), shelved)
        return shelved

    def forget(self, hashed: str, file: str) -> None:
        """For a token that opens nothing, or no longer."""
        with self._lock:
            self._drop((hashed, file))
        self._path(hashed, file).unlink(missing_ok=True)

    def last_good(self, hashed: str, file: str) -> ShelvedFeed | None:
        """The last calendar that this link gave, from memory or from disk."""
        shelved = self.get(hashed, file) or self._read(self._path(hashed, file))
        return shelved if shelved is not None and shelved.built.status == 200 else None

    def _remember(self, key: tuple[str, str], shelved: ShelvedFeed) -> None:
        with self._lock:
            self._drop(key)
            self._kept[key] = shelved
            self._size += len(shelved.body)
            while self._size > MOST_BYTES and len(self._kept) > 1:
                self._drop(next(iter(self._kept)))

    def _drop(self, key: tuple[str, str]) -> None:
        gone = self._kept.pop(key, None)
        if gone is not None:
            self._size -= len(gone.body)

    def _path(self, hashed: str, file: str) -> Path:
        """A hash of the hash in the database: from a file's name one finds neither the token nor the row."""
        return self._folder / sha256(f"{file} {hashed}".encode()).hexdigest()

    def _write(self, path: Path, shelved: ShelvedFeed) -> None:
        """Whole or not at all. A full disk does not keep anybody from their calendar."""
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            make_folder(self._folder)
            write_file(draft, shelved.etag.encode() + b"\n" + shelved.body)
            draft.replace(path)
        except OSError:
            draft.unlink(missing_ok=True)

    def _read(self, path: Path) -> ShelvedFeed | None:
        """Only bytes that are still what their ETag says (A7: the whole calendar or none)."""
        try:
            mark, _, body = path.read_bytes().partition(b"\n")
        except OSError:
            return None
        if not body or etag(body) != mark.decode("ascii", "replace"):
            return None
        return ShelvedFeed(Built(200, body, _NEVER), etag(body))
