"""The mailbox that returned mail comes to: a Maildir, or a folder on an IMAP server.

What a machine wrote and we understood is marked as read; the rest stays unread, and is not looked at again. The mailbox
is for returned mail alone: point it at nobody's inbox.
"""

import imaplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cycle.errors import CycleError
from cycle.mail.oauth import Tokens, first_words
from cycle.private import make_folder

TIMEOUT_SECONDS = 30
LIMIT = 200
SIZE_LIMIT = 2_000_000
_LOOPBACK = ("localhost", "127.0.0.1", "::1")

Reader = Callable[[bytes], bool]
"""Looks at one mail; says whether it was understood."""


def read_returned(place: str, folder: Path, read: Reader, tokens: Tokens | None = None, user: str = "") -> int:
    """Shows each new mail to `read`; returns how many there were. `folder` is what a path in `place` stands for.

    Raises CycleError when the mailbox cannot be reached.
    """
    if "://" not in place:
        return sum(_read_file(path, read) for path in _files(folder))
    try:
        with _connect(place) as connection:
            return _read_imap(connection, place, read, tokens, user)
    except (imaplib.IMAP4.error, OSError) as error:
        raise CycleError(f"De map met terugmeldingen is niet te lezen: {error}.", "Kijk naar mail.bounces.") from None


def _files(folder: Path) -> Iterator[Path]:
    """At most `LIMIT` new mails; `new` is made so that a mail server may deliver into it at once."""
    new = folder / "new"
    if not new.is_dir():
        raise CycleError(f"De map {folder} met terugmeldingen is geen maildir.", "Kijk naar mail.bounces.")
    yield from sorted(path for path in new.iterdir() if path.is_file())[:LIMIT]


def _read_file(path: Path, read: Reader) -> bool:
    """Afterwards the file is in `cur`, where a mail reader finds it (https://cr.yp.to/proto/maildir.html)."""
    with path.open("rb") as file:
        is_understood = read(file.read(SIZE_LIMIT))
    seen = path.parent.parent / "cur"
    make_folder(seen)
    path.replace(seen / f"{path.name.partition(':')[0]}:2,{'S' if is_understood else ''}")
    return True


def _connect(place: str) -> imaplib.IMAP4:
    """An encrypted line with a checked certificate; there is no fall-back (rule B11)."""
    parts = urlsplit(place)
    host = parts.hostname or ""
    if parts.scheme == "imaps":
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(host, parts.port or 993, ssl_context=context, timeout=TIMEOUT_SECONDS)
    if parts.scheme != "imap":
        raise CycleError(f"Een mailbox van het soort {parts.scheme!r} kan niet.", "Schrijf imaps://… of een map.")
    connection = imaplib.IMAP4(host, parts.port or 143, timeout=TIMEOUT_SECONDS)
    if host not in _LOOPBACK:
        connection.starttls(ssl.create_default_context())
    return connection


def _read_imap(connection: imaplib.IMAP4, place: str, read: Reader, tokens: Tokens | None, user: str) -> int:
    parts = urlsplit(place)
    name = unquote(parts.username or "") or user
    if parts.password is not None or tokens is None:
        connection.login(name, unquote(parts.password or ""))
    else:
        token = tokens.current()
        connection.authenticate("XOAUTH2", lambda _challenge: first_words(name, token))
    connection.select(_quoted(unquote(parts.path.strip("/")) or "INBOX"))
    _answer, answered = connection.uid("SEARCH", "UNSEEN", "UNFLAGGED")
    numbers = (answered[0] or b"").split()[:LIMIT]
    for number in numbers:
        _read_one(connection, number.decode("ascii"), read)
    with suppress(imaplib.IMAP4.error):
        connection.close()
    return len(numbers)


def _read_one(connection: imaplib.IMAP4, number: str, read: Reader) -> None:
    """Understood: read. Not understood: still unread, with a flag, for a person."""
    _answer, data = connection.uid("FETCH", number, f"(BODY.PEEK[]<0.{SIZE_LIMIT}>)")
    raw = next((part[1] for part in data if isinstance(part, tuple)), b"")
    flag = r"(\Seen)" if read(raw) else r"(\Flagged)"
    connection.uid("STORE", number, "+FLAGS", flag)


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
