"""From words to the bytes of one message; pure: the same arguments give the same bytes.

Written by hand on binascii, because `EmailMessage` with policy SMTP costs six times the rest of a delivery and breaks
Subject and References (rules B2, B3); the tests read every message back with the standard library. All parts are
quoted-printable or base64, so a message is ASCII with lines of at most 78: no server needs 8BITMIME or SMTPUTF8.
This module must not read the clock, render wording or know the outbox.
"""

from base64 import b32encode, encodebytes
from binascii import b2a_qp
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256

from cycle.domain.files import media_type
from cycle.domain.mail_addresses import ascii_domain
from cycle.mail.fields import Rendered
from cycle.mail.headers import clean, mailbox, structured, unstructured, with_file_name

MESSAGE_ID_LENGTH = 60  # rule B1: fits the line of References

# RFC 3834 section 5; MS-OXCMAIL 2.1.3.2.20: never All, NDR or DR, those would hide our own failures (rule B5)
AUTOMATIC = "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: OOF, AutoReply, RN, NRN\r\n"


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address and the name that people see before it."""

    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along. What it is follows from its name and its bytes."""

    name: str
    content: bytes

    @property
    def media_type(self) -> str:
        """Its type, without parameters."""
        return media_type(self.name, self.content)


def compose(
    *,
    rendered: Rendered,
    kind: str,
    message_id: str,
    date: datetime,
    sender: Address,
    to: Address,
    reply_to: str | None = None,
    thread: str | None = None,
    topic: str = "",
    attachments: Iterable[Attachment] = (),
    unsubscribe: str | None = None,
) -> bytes:
    """One message to one person.

    `kind` names the List-Id, so that people can sort and our own loops can be seen. `thread` is the made-up root id of
    the thread (rule B1), `topic` what its mails are about, by which Outlook keeps them together; `unsubscribe` is an
    https link for one click (RFC 8058), for optional mail only (rule B6).
    Raises CycleError for an address that cannot be used, ValueError for a naive date.
    """
    if date.tzinfo is None:
        raise ValueError("the date of a message must be aware")
    head = [
        f"Date: {format_datetime(date)}\r\n",
        mailbox("From", sender.email, sender.name),
        mailbox("To", to.email, to.name),
        mailbox("Reply-To", reply_to) if reply_to else "",
        structured("Message-ID", message_id),
        structured("In-Reply-To", thread) + structured("References", thread) if thread else "",
        unstructured("Thread-Topic", topic) if topic else "",
        unstructured("Subject", rendered.subject),
        f"Content-Language: nl\r\n{AUTOMATIC}",
        structured("List-Id", f"<{kind}.{ascii_domain(sender.email.rpartition('@')[2])}>"),
        _one_click(unsubscribe) if unsubscribe else "",
        "MIME-Version: 1.0\r\n",
    ]
    return "".join(head).encode("ascii") + _body(rendered, tuple(attachments), message_id)


def message_id(key: str, domain: str) -> str:
    """The same key is the same message, for ever: `<hash@domain>` of at most 60 characters, 100 bits of hash.

    A domain too long to fit loses its first labels, then its first letters; the hash holds all of it.
    """
    domain = ascii_domain(domain)
    mark = b32encode(sha256(f"{domain} {key}".encode()).digest()[:15]).decode("ascii").lower()[:20]
    room = MESSAGE_ID_LENGTH - len(mark) - len("<@>")
    while len(domain) > room and domain.count(".") > 1:
        domain = domain.partition(".")[2]
    return f"<{mark}@{domain[-room:].lstrip('.-')}>"


def thread_id(key: str, domain: str) -> str:
    """The root that all mails about one thing point at; it need not exist (rule B1)."""
    return message_id(f"thread {key}", domain)


def _one_click(link: str) -> str:
    if not clean(link).startswith("https://"):
        raise ValueError("one click needs an https link (RFC 8058)")
    return structured("List-Unsubscribe", f"<{link}>") + "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"


def _body(rendered: Rendered, attachments: tuple[Attachment, ...], message_id: str) -> bytes:
    words = _multipart("alternative", message_id, _alternatives(rendered))
    if not attachments:
        return words
    return _multipart("mixed", message_id, [words, *map(_attached, attachments)])


def _alternatives(rendered: Rendered) -> Iterator[bytes]:
    """The text first, because readers show the last form they can (RFC 2046 section 5.1.4)."""
    yield b"Content-Type: text/plain; charset=utf-8\r\n" + _quoted_printable(rendered.text)
    yield b"Content-Type: text/html; charset=utf-8\r\n" + _quoted_printable(rendered.html)


def _quoted_printable(text: str) -> bytes:
    # CRLF goes in, so that soft line breaks come out as CRLF too
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    return b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b2a_qp(lines.encode("utf-8", "replace")) + b"\r\n"


def _attached(attachment: Attachment) -> bytes:
    head = (
        structured("Content-Type", attachment.media_type)
        + "Content-Transfer-Encoding: base64\r\n"
        + with_file_name("Content-Disposition", "attachment", attachment.name)
    )
    return f"{head}\r\n".encode("ascii") + encodebytes(attachment.content).replace(b"\n", b"\r\n")


def _multipart(kind: str, message_id: str, parts: Iterable[bytes]) -> bytes:
    # "=_" occurs in neither quoted-printable nor base64 (RFC 2045 section 6.7), so no text can hold the boundary
    boundary = "=_" + sha256(f"{kind} {message_id}".encode()).hexdigest()[:24]
    head = f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n\r\n'.encode("ascii")
    line = b"--" + boundary.encode("ascii")
    return head + b"".join(line + b"\r\n" + part for part in parts) + line + b"--\r\n"
