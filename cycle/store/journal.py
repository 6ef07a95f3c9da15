"""The send journal: which mails left, kept outside the database (rule C6).

A restored back-up does not know what was sent after it was made; this file does. A line has the moment, the database's
name and a hash of the Message-ID, and nothing about people. It is written after the database knows of the sending, so
it is never ahead of its own database; each line goes to the system at once and to the disk once per batch.

The heads of the chains of facts stand in it too, each day, so that a chain that was cut short or worked out anew is
found (`actions/service/watch/audit.py`).
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from cycle.private import make_folder, open_file, open_handle
from cycle.store.chains import KnownHead

_CHAIN = "keten:"


class JournalLine(NamedTuple):
    """One line."""

    at: datetime
    mark: str


class SentJournal:
    """One file; several processes may write to it. `installation` is the name of the database."""

    def __init__(self, path: Path, installation: str) -> None:
        self._path = path
        self._name = installation[:12]

    def is_writable(self) -> bool:
        """Whether a line can be added; nothing is."""
        if self._path.exists():
            return self._path.is_file() and os.access(self._path, os.W_OK)
        there = next(folder for folder in self._path.parents if folder.exists())
        return there.is_dir() and os.access(there, os.W_OK)

    def add(self, at: datetime, message_id: str) -> None:
        """One mail left."""
        line = f"{at.isoformat()} {self._name} {mark(message_id)}\n"
        with self._locked() as descriptor:
            os.write(descriptor, line.encode("ascii"))

    def add_heads(self, heads: Iterable[KnownHead]) -> None:
        """Where chains end."""
        with self._locked() as descriptor:
            for head in heads:
                word = f"{_CHAIN}{head.covenant_id}:{head.seq}:{head.hash}"
                os.write(descriptor, f"{head.at.isoformat()} {self._name} {word}\n".encode("ascii"))
            os.fdatasync(descriptor)

    def heads(self) -> list[KnownHead]:
        """All that were written down of this database's chains, in that order."""
        return [head for name, head in _heads(self._text()) if name == self._name]

    def sync(self) -> None:
        """What was added is on the disk."""
        with self._locked() as descriptor:
            os.fdatasync(descriptor)

    def after(self, moment: datetime | None) -> list[JournalLine]:
        """What this database's senders wrote since; a line that was cut off by a crash is passed over."""
        return [one for one in self.lines_in(self._text()) if moment is None or one.at > moment]

    def lines_in(self, text: str) -> list[JournalLine]:
        """What this database's senders wrote into the text of a journal, this one or another."""
        return [one for name, one in _lines(text) if name == self._name]

    def take_over(self, text: str) -> int:
        """Adds the lines of another journal that are not in this one; says how many those were."""
        with self._locked(fcntl.LOCK_EX) as descriptor:
            old = self._path.read_text(encoding="ascii", errors="replace")
            known = set(old.splitlines())
            new = [line for line in dict.fromkeys(text.splitlines()) if line not in known and _is_whole(line)]
            start = "\n" if old and not old.endswith("\n") else ""  # behind a line that was cut off
            os.write(descriptor, (start + "".join(f"{line}\n" for line in new)).encode("ascii", "replace"))
            os.fsync(descriptor)
        return len(new)

    def _text(self) -> str:
        try:
            return self._path.read_text(encoding="ascii", errors="replace")
        except FileNotFoundError:
            return ""

    def prune(self, before: datetime) -> None:
        """Forgets what is older, whichever database it was of; of each chain the newest head of before is kept."""
        if not self._path.exists():
            return
        with self._locked(fcntl.LOCK_EX):
            old = self._path.read_text(encoding="ascii", errors="replace").splitlines(keepends=True)
            heads = _newest_heads("".join(old), before)
            lines_to_keep = [line for line in old if line in heads or _is_since(line, before)]
            if len(lines_to_keep) < len(old):
                new = self._path.with_suffix(".new")
                with open_file(new) as file:
                    file.write("".join(lines_to_keep).encode("ascii", "replace"))
                    file.flush()
                    os.fsync(file.fileno())
                new.replace(self._path)

    @contextmanager
    def _locked(self, how: int = fcntl.LOCK_SH) -> Iterator[int]:
        """The file for appending. Pruning puts another file in its place, so who waited for it looks again."""
        while True:
            descriptor = self._open()
            try:
                fcntl.flock(descriptor, how)
                if _is_still(self._path, descriptor):
                    yield descriptor
                    return
            finally:
                os.close(descriptor)

    def _open(self) -> int:
        try:
            return open_handle(self._path, os.O_APPEND)
        except FileNotFoundError:
            make_folder(self._path.parent)
            return open_handle(self._path, os.O_APPEND)


def mark(message_id: str) -> str:
    """What the journal keeps of a Message-ID: it says nothing to who does not have the mail."""
    return sha256(message_id.encode()).hexdigest()[:24]


def _is_since(line: str, moment: datetime) -> bool:
    moments = [*(one.at for _name, one in _lines(line)), *(head.at for _name, head in _heads(line))]
    return any(at >= moment for at in moments)


def _newest_heads(text: str, before: datetime) -> set[str]:
    """The lines with the newest head of each chain before a moment."""
    newest: dict[tuple[str, int], str] = {}
    for line in text.splitlines(keepends=True):
        for name, head in _heads(line):
            if head.at < before:
                newest[name, head.covenant_id] = line
    return set(newest.values())


def _heads(text: str) -> Iterator[tuple[str, KnownHead]]:
    for line in text.splitlines():
        words = line.split(" ")
        if len(words) == 3 and words[2].startswith(_CHAIN):
            with suppress(ValueError):
                chain, seq, seal = words[2].removeprefix(_CHAIN).split(":")
                if len(seal) == 64:
                    yield words[1], KnownHead(datetime.fromisoformat(words[0]), int(chain), int(seq), seal)


def _is_whole(line: str) -> bool:
    return any(_lines(line)) or any(_heads(line))


def _lines(text: str) -> Iterator[tuple[str, JournalLine]]:
    for line in text.splitlines():
        words = line.split(" ")
        if len(words) == 3 and len(words[2]) == 24:
            try:
                yield words[1], JournalLine(datetime.fromisoformat(words[0]), words[2])
            except ValueError:
                continue


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
