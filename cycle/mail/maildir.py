"""Messages as files in a Maildir: the default way out, for anyone who wants to read mail without a server.

A message appears in `new/` whole and on disk, or not at all; the same message delivered twice is one file. The bytes
are the message as it would go over the line, nothing added. https://cr.yp.to/proto/maildir.html
"""

import errno
import os
import re
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import get_ident

from cycle.errors import reason_of
from cycle.mail.deliver import Answer, Outcome
from cycle.private import make_folder, open_file

_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^<>\r\n]+>)", re.IGNORECASE | re.MULTILINE)
_UNSAFE = re.compile(r"[^A-Za-z0-9@._-]+")

# what passes when somebody makes room; anything else needs a person to look at the folder
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EMFILE, errno.ENFILE)


class MaildirTransport:
    """Delivers into `folder`, which is made when it is not there."""

    connections = 1

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, raw: bytes, *, envelope_from: str, recipient: str, key: str) -> Answer:
        """Write the message; the envelope is not kept, for it stands in the message."""
        return self._answered(lambda: self._write(file_name(raw, key), raw))

    def check(self) -> Answer:
        return self._answered(self._try_out)

    def close(self) -> None:
        """Nothing stays open."""

    def abort(self) -> None:
        """A file is written quickly enough."""

    def _answered(self, action: Callable[[], str]) -> Answer:
        """A full or closed disk is an answer, not an exception (rule C11)."""
        try:
            return Answer(Outcome.ACCEPTED, self._with_folders(action))
        except OSError as error:
            return _refusal(self._folder, error)

    def _with_folders(self, action: Callable[[], str]) -> str:
        """Make the folders when they turn out to be missing: at first, or because somebody threw them away."""
        try:
            return action()
        except FileNotFoundError:
            for name in ("tmp", "new", "cur"):
                make_folder(self._folder / name)
            return action()

    def _write(self, name: str, raw: bytes) -> str:
        new, temporary = self._folder / "new" / name, self._folder / "tmp" / f"{name}.{os.getpid()}.{get_ident()}"
        if new.exists() or self._was_read(name):
            return f"stond al in {new.parent}"
        try:
            _write_through(temporary, raw)
            _publish(temporary, new)
        finally:
            with suppress(FileNotFoundError):
                temporary.unlink()
        return f"bewaard in {new.parent}"

    def _was_read(self, name: str) -> bool:
        """Mail readers move a message to `cur` and add flags to its name."""
        return any((self._folder / "cur" / f"{name}{flags}").exists() for flags in ("", ":2,", ":2,S"))

    def _try_out(self) -> str:
        probe = self._folder / "tmp" / f"proef.{os.getpid()}.{get_ident()}"
        try:
            _write_through(probe, b"proef")
        finally:
            with suppress(FileNotFoundError):
                probe.unlink()
        return f"de map {self._folder} is te beschrijven"


def file_name(raw: bytes, key: str) -> str:
    """From the Message-ID, so that one message is one file; `.eml`, so that a double click opens it."""
    match = _MESSAGE_ID.search(raw.partition(b"\r\n\r\n")[0])
    mark = match.group(1).decode("ascii", "replace").strip("<>") if match else sha256(key.encode()).hexdigest()
    if len(mark) > 100 or _UNSAFE.search(mark):
        mark = sha256(mark.encode()).hexdigest()
    return f"{_UNSAFE.sub('-', key).strip('.-')[:80]}.{mark}.eml"


def _write_through(path: Path, raw: bytes) -> None:
    with open_file(path) as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def _publish(temporary: Path, new: Path) -> None:
    """Link rather than rename: a link never replaces what another sender just put there."""
    try:
        os.link(temporary, new)
    except FileExistsError:
        return
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK):
            raise
        temporary.rename(new)  # a disk without hard links, such as a network share
    _sync_folder(new.parent)


def _sync_folder(folder: Path) -> None:
    """The name must be on disk too before we say so."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refusal(folder: Path, error: OSError) -> Answer:
    reason = reason_of(error)
    if error.errno in _FULL:
        return Answer(Outcome.TEMPORARY, f"Er is nu geen ruimte voor mail in {folder} ({reason}). Maak ruimte vrij.")
    what = f"In de map {folder} kan geen mail worden bewaard ({reason})."
    return Answer(Outcome.SENDER, f"{what} Controleer of de map bestaat en beschrijfbaar is.")
