"""The mailbox that returned mail comes to: a Maildir, or a folder on an IMAP server.

What a machine wrote and we understood is marked as read; the rest stays unread, and is not looked at again. That
mailbox is for returned mail alone: point it at nobody's inbox. The mailbox for replies is read too, and people may read
it: there only the heads of mails are looked at, what is ours is marked as read, and nothing is done to the rest.
"""

import imaplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cycle.errors import CycleError
from cycle.mail.oauth import Tokens, first_words
from cycle.private import make_folder

TIMEOUT_SECONDS = 30
LIMIT = 200
MOST_HEADS = 1000
"""Mails of whose head is looked whether they answer ours: the newest, for whoever keeps all replies in one folder."""
HEAD_LIMIT = 64_000
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


def read_own(
    place: str, folder: Path, is_ours: Reader, read: Reader, since: date, tokens: Tokens | None = None, user: str = ""
) -> int:
    """Shows each mail that came since a day and whose head `is_ours` to `read`, the newest first; returns how many.
    What is ours and was understood is marked as read, the rest stays as it is.

    Raises CycleError when the mailbox cannot be reached.
    """
    try:
        if "://" not in place:
            return sum(
                _read_own_file(path, is_ours, read)
                for path in reversed(list(_files(folder, MOST_HEADS, "mail.replies")))
            )
        with _connect(place) as connection:
            _open(connection, place, tokens, user)
            day = f"{since.day:02}-{_MONTHS[since.month - 1]}-{since.year}"
            numbers = _found(connection, "SINCE", day)[::-1][:MOST_HEADS]
            return sum(_read_own_mail(connection, number, is_ours, read) for number in numbers)
    except (imaplib.IMAP4.error, OSError) as error:
        raise CycleError(f"De map met antwoorden is niet te lezen: {error}.", "Kijk naar mail.replies.") from None


def _read_own_file(path: Path, is_ours: Reader, read: Reader) -> bool:
    with path.open("rb") as file:
        raw = file.read(SIZE_LIMIT)
    if not is_ours(raw):
        return False
    if read(raw):
        seen = path.parent.parent / "cur"
        make_folder(seen)
        path.replace(seen / f"{path.name.partition(':')[0]}:2,S")
    return True


def _read_own_mail(connection: imaplib.IMAP4, number: str, is_ours: Reader, read: Reader) -> bool:
    if not is_ours(_fetched(connection, number, f"(BODY.PEEK[HEADER]<0.{HEAD_LIMIT}>)")):
        return False
    if read(_fetched(connection, number, f"(BODY.PEEK[]<0.{SIZE_LIMIT}>)")):
        connection.uid("STORE", number, "+FLAGS", r"(\Seen)")
    return True


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""As RFC 3501 writes a day, whatever language this machine speaks."""


def _files(folder: Path, most: int = LIMIT, setting: str = "mail.bounces") -> Iterator[Path]:
    """At most so many new mails; `new` is made so that a mail server may deliver into it at once."""
    new = folder / "new"
    if not new.is_dir():
        raise CycleError(f"De map {folder} met mail is geen maildir.", f"Kijk naar {setting}.")
    yield from sorted(path for path in new.iterdir() if path.is_file())[:most]


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
    _open(connection, place, tokens, user)
    numbers = _found(connection, "UNSEEN", "UNFLAGGED")[:LIMIT]
    for number in numbers:
        _read_one(connection, number, read)
    with suppress(imaplib.IMAP4.error):
        connection.close()
    return len(numbers)


def _open(connection: imaplib.IMAP4, place: str, tokens: Tokens | None, user: str) -> None:
    """Logs in, and chooses the folder."""
    parts = urlsplit(place)
    name = unquote(parts.username or "") or user
    if parts.password is not None or tokens is None:
        connection.login(name, unquote(parts.password or ""))
    else:
        token = tokens.current()
        connection.authenticate("XOAUTH2", lambda _challenge: first_words(name, token))
    connection.select(_quoted(unquote(parts.path.strip("/")) or "INBOX"))


def _found(connection: imaplib.IMAP4, *what: str) -> list[str]:
    """The numbers of the mails that meet a search, the oldest first."""
    _answer, answered = connection.uid("SEARCH", *what)
    return [number.decode("ascii") for number in (answered[0] or b"").split()]


def _read_one(connection: imaplib.IMAP4, number: str, read: Reader) -> None:
    """Understood: read. Not understood: still unread, with a flag, for a person."""
    flag = r"(\Seen)" if read(_fetched(connection, number, f"(BODY.PEEK[]<0.{SIZE_LIMIT}>)")) else r"(\Flagged)"
    connection.uid("STORE", number, "+FLAGS", flag)


def _fetched(connection: imaplib.IMAP4, number: str, what: str) -> bytes:
    _answer, data = connection.uid("FETCH", number, what)
    return next((part[1] for part in data if isinstance(part, tuple)), b"")


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
