"""A file that only a passphrase opens, as age writes it (https://age-encryption.org/v1, the `scrypt` recipient).

The primitives are those of `cryptography`; how they fit together is age's, so that its own command opens the file. Each
64 kB is sealed with its place and with whether it is the last: nothing can be changed, left out or cut off unseen.
"""

import hmac
import io
import os
from base64 import b64decode, b64encode
from contextlib import suppress
from typing import Any, BinaryIO

from cycle.errors import CycleError, Refused, Unreadable
from cycle.resources import HOW_TO_INSTALL

MAGIC = b"age-encryption.org/v1\n"
CHUNK, TAG = 64 * 1024, 16
WORK = 17
"""The cost of trying one passphrase: 2**17, which takes 128 MB and some tenths of a second."""
MOST_WORK = 20
FILE_KEY, SALT, NONCE = 16, 16, 16  # bytes


class WrongPassphrase(Refused):
    """The passphrase is not that of this file."""


class Sealing(io.RawIOBase):
    """Writes into a file; `close` seals the last piece and leaves the file open. Raises CycleError without the package
    that it needs."""

    def __init__(self, out: BinaryIO, passphrase: str, work: int | None = None) -> None:
        self._out, self._waiting, self._count = out, bytearray(), 0
        file_key, salt, nonce = os.urandom(FILE_KEY), os.urandom(SALT), os.urandom(NONCE)
        cost = WORK if work is None else work
        wrapped = _cipher(_stretched(passphrase, salt, cost)).encrypt(bytes(12), file_key, None)
        head = b"%s-> scrypt %s %d\n%s\n---" % (MAGIC, _text(salt), cost, _text(wrapped))
        out.write(b"%s %s\n%s" % (head, _text(_mac(file_key, head)), nonce))
        self._cipher = _cipher(_derived(file_key, nonce, b"payload"))

    def writable(self) -> bool:
        """It is for writing alone."""
        return True

    def write(self, data: Any) -> int:
        """Takes all of it; what makes no whole piece yet, waits."""
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), is_last=False)
            del self._waiting[:CHUNK]
        return memoryview(data).nbytes

    def close(self) -> None:
        """Once; a file that was not closed is one that was cut off."""
        if not self.closed:
            self._seal(bytes(self._waiting), is_last=True)
        super().close()

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._count, is_last=is_last), piece, None))
        self._count += 1


class Opening(io.RawIOBase):
    """Reads what was sealed.

    Raises WrongPassphrase, or Unreadable for a file that was changed or cut off, at the piece where it was.
    """

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        self._source, self._count, self._ready = source, 0, b""
        file_key = _file_key(source, passphrase)
        self._cipher = _cipher(_derived(file_key, source.read(NONCE), b"payload"))
        self._upcoming = source.read(CHUNK + TAG)

    def readable(self) -> bool:
        """It is for reading alone."""
        return True

    def readinto(self, buffer: Any) -> int:
        """As much as is opened of one piece."""
        if not self._ready and self._upcoming:
            self._ready = self._next_piece()
        room = memoryview(buffer).cast("B")
        size = min(len(room), len(self._ready))
        room[:size], self._ready = self._ready[:size], self._ready[size:]
        return size

    def _next_piece(self) -> bytes:
        sealed, self._upcoming = self._upcoming, self._source.read(CHUNK + TAG)
        piece = _opened(self._cipher, _nonce(self._count, is_last=not self._upcoming), sealed)
        if piece is None:
            raise _damaged()
        self._count += 1
        return piece


def _file_key(source: BinaryIO, passphrase: str) -> bytes:
    """What the pieces are sealed with, by the head of the file, which is checked as a whole."""
    lines = [source.readline(200) for _ in range(4)]
    first, recipient, wrapped, last = lines
    words = recipient.split()
    if first != MAGIC or words[:2] != [b"->", b"scrypt"] or len(words) != 4 or not last.startswith(b"--- "):
        raise Unreadable(
            "Dit bestand is niet met een wachtwoord versleuteld, maar op een andere manier.",
            "Open het eerst met: age --decrypt",
        )
    cost = int(words[3]) if words[3].isdigit() else 0
    if not 1 <= cost <= MOST_WORK:
        raise _damaged()
    stretched = _stretched(passphrase, _bytes(words[2]), cost)
    file_key = _opened(_cipher(stretched), bytes(12), _bytes(wrapped.strip()))
    if file_key is None:
        raise WrongPassphrase("Het wachtwoord past niet op deze kopie.", "Er is niets veranderd. Probeer het opnieuw.")
    head = first + recipient + wrapped + b"---"
    if not hmac.compare_digest(_mac(file_key, head), _bytes(last[4:].strip())):
        raise _damaged()
    return file_key


def _damaged() -> Unreadable:
    return Unreadable("De kopie is beschadigd of afgebroken.", "Er is niets veranderd. Neem een andere kopie.")


def _opened(cipher: Any, nonce: bytes, sealed: bytes) -> bytes | None:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - an extra, and only for who encrypts

    with suppress(InvalidTag, ValueError):
        return bytes(cipher.decrypt(nonce, sealed, None))
    return None


def _nonce(count: int, *, is_last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([is_last])


def _stretched(passphrase: str, salt: bytes, cost: int) -> bytes:
    try:
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt  # noqa: PLC0415 - as above
    except ImportError:
        raise CycleError("Voor een kopie met wachtwoord ontbreekt cryptography.", f"{HOW_TO_INSTALL}.") from None
    return Scrypt(b"age-encryption.org/v1/scrypt" + salt, 32, 2**cost, 8, 1).derive(passphrase.encode())


def _derived(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415 - as above

    return HKDF(SHA256(), 32, salt, purpose).derive(key)


def _cipher(key: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # noqa: PLC0415 - as above

    return ChaCha20Poly1305(key)


def _mac(file_key: bytes, head: bytes) -> bytes:
    return hmac.digest(_derived(file_key, b"", b"header"), head, "sha256")


def _text(raw: bytes) -> bytes:
    return b64encode(raw).rstrip(b"=")


def _bytes(text: bytes) -> bytes:
    try:
        return b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except ValueError:
        raise _damaged() from None
