"""Links that bear their own proof: a subject, the day of issue, and a seal that only this service can set.

The key is made once, in `var/secret` (0600). Two may be valid: a new key goes on the first line and seals from then on,
the one on the second line still opens what it sealed. Several machines share the file.
"""

import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from cycle.domain.text import number_in
from cycle.errors import UnusableKey, reason_of
from cycle.private import make_folder, write_file
from cycle.settings import Settings

FILE = "var/secret"
SEAL_LENGTH = 27  # characters: 162 bits
MOST_KEYS = 2
KEY_LENGTH = 32


class Signer:
    """Sets and checks seals. What a seal is for is part of it: one for a page opens no form."""

    def __init__(self, keys: tuple[bytes, ...], mark: str = "") -> None:
        self._keys, self._mark = keys, mark

    def of(self, mark: str) -> "Signer":
        """One whose seals cover a person's mark too: once that is another, they open nothing (`mailed.py`)."""
        return Signer(self._keys, mark)

    def sign(self, purpose: str, subject: str, today: date) -> str:
        """The subject with its day of issue and seal, fit for a path."""
        text = f"{subject}.{today.toordinal()}"
        return f"{text}.{self.seal(purpose, text)}"

    def subject_of(self, purpose: str, signed: str, today: date, days: int) -> str | None:
        """What was signed for this purpose no more than so many days ago, or None."""
        text, _, seal = signed.rpartition(".")
        if not self.is_sealed(purpose, text, seal):
            return None
        subject, issued = parts_of(signed)
        return subject if today - timedelta(days) <= issued <= today + timedelta(1) else None

    def seal(self, purpose: str, text: str) -> str:
        """What only this service can make of a text: to recognise it by without keeping it."""
        return _seal(self._keys[0], purpose, self._covered(text))

    def is_sealed(self, purpose: str, text: str, seal: str) -> bool:
        """Whether this is our seal of the text, by a key that is still valid."""
        given = seal.encode("utf-8", "replace")
        covered = self._covered(text)
        return any(hmac.compare_digest(_seal(key, purpose, covered).encode(), given) for key in self._keys)

    def _covered(self, text: str) -> str:
        """No text that anybody seals holds a line break, so none of them reads as one with a mark."""
        return f"{text}\n{self._mark}" if self._mark else text


class SampleSigner(Signer):
    """Makes addresses that look like ours and open nothing: a preview must give nobody the links of others."""

    def __init__(self) -> None:
        super().__init__(())

    def of(self, mark: str) -> "SampleSigner":
        """The same: it knows nobody's mark."""
        return self

    def sign(self, purpose: str, subject: str, today: date) -> str:
        """The subject with its day, and a word in place of the seal, as long as the seal."""
        return f"{subject}.{today.toordinal()}.{'voorbeeld':-<{SEAL_LENGTH}}"


def parts_of(signed: str) -> tuple[str, date]:
    """What was signed, and its day of issue; nothing, and the first day there is, for what cannot be one of ours."""
    subject, _, issued = signed.rpartition(".")[0].rpartition(".")
    day = number_in(issued, 6)
    return ("", date.min) if day is None else (subject, date.fromordinal(max(day, 1)))


def open_signer(settings: Settings) -> Signer:
    """The signer of this service; the first time, its key is made.

    Raises UnusableKey when the file holds no usable key, or cannot be read.
    """
    path = settings.path(FILE)
    try:
        _make_key(path)
        known = path.stat()
        return _read_signer(path, known.st_mtime_ns, known.st_ino)
    except OSError as error:
        raise UnusableKey(_unread(path, error), "Kijk naar de rechten van het bestand en van zijn map.") from None


def key_trouble(settings: Settings) -> str:
    """What is wrong with the file of keys, in words; nothing when each line of it is used, or it is not made yet."""
    path = settings.path(FILE)
    try:
        path.stat()  # who only looks makes no key: the service could not read that of another user
        open_signer(settings)
    except FileNotFoundError:
        return ""
    except OSError as error:
        return _unread(path, error)
    except UnusableKey as error:
        return f"{error.what} {error.hint}"
    count = len(_keys_in(path))
    if count <= MOST_KEYS:
        return ""
    return (
        f"In {path} staan {count} sleutels en alleen de bovenste {MOST_KEYS} gelden. "
        f"Links die met een andere zijn verzegeld, openen niets: haal de regels onder de tweede weg."
    )


@lru_cache(maxsize=8)
def _read_signer(path: Path, _changed: int, _file: int) -> Signer:
    """The keys of a file; read again once it is another file or was written."""
    keys = _keys_in(path)
    if not keys or any(len(key) < KEY_LENGTH or not key.isascii() for key in keys):
        what = f"In {path} staat geen bruikbare sleutel."
        raise UnusableKey(what, "Haal het bestand weg; er komt vanzelf een nieuw.")
    return Signer(keys[:MOST_KEYS])


def _unread(path: Path, error: OSError) -> str:
    return f"{path} is niet te lezen of te maken: {reason_of(error)}."


def _keys_in(path: Path) -> tuple[bytes, ...]:
    return tuple(line.strip() for line in path.read_bytes().splitlines() if line.strip())


def _make_key(path: Path) -> None:
    """Written whole beside it and linked into place, so that two processes that start together agree on one key."""
    if path.exists():
        return
    make_folder(path.parent)
    draft = path.with_name(f"secret.{os.getpid()}.{secrets.token_hex(4)}")
    write_file(draft, f"{secrets.token_hex(KEY_LENGTH)}\n".encode("ascii"))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # somebody else was faster; theirs is the key
    finally:
        draft.unlink()


def _seal(key: bytes, purpose: str, text: str) -> str:
    digest = hmac.digest(key, f"{purpose}\n{text}".encode("utf-8", "surrogateescape"), "sha256")
    return urlsafe_b64encode(digest).decode("ascii")[:SEAL_LENGTH]
