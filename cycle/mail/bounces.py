"""What comes back: reports of mail that did not arrive, and which of our messages they are about (rule B13).

A report is known by the address it was sent to (VERP: `terug+12.3f9a0c1b@gemeente.nl`, the tag so that nobody can make
one up) or by the Message-ID in it. Only multipart/report is believed (RFC 3464); other mail is for a person. Nothing
here answers mail, and `is_automatic` says what must never be answered.
"""

import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from enum import StrEnum
from hashlib import sha256

from cycle.mail.headers import clean

REASON_LENGTH = 300

# the address does not exist (RFC 3463 section 3.2; 5.1.10 is Exchange's "recipient not found", 5.4.310 its "no such
# domain"); a full mailbox, a policy or a server that is away says nothing about the address
GONE = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.4.310"})

_PLACE = re.compile(r"\+(\d{1,12})\.([0-9a-f]{8})@", re.IGNORECASE)
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_MESSAGE_ID = re.compile(r"<[^<>\s@]+@[^<>\s@]+>")
_XTEXT = re.compile(r"\+([0-9A-F]{2})")


class BounceKind(StrEnum):
    """What a returned mail says."""

    FAILURE = "failure"
    DELAY = "delay"
    ARRIVED = "arrived"
    AUTOMATIC = "automatic"  # out of office and the like
    OTHER = "other"  # somebody wrote


@dataclass(frozen=True, slots=True)
class BounceReport:
    """One returned mail. `number` is our message's number when its address bears our tag; 0 when it does not."""

    kind: BounceKind
    number: int = 0
    message_id: str = ""
    recipient: str = ""
    status: str = ""
    reason: str = ""

    @property
    def is_gone(self) -> bool:
        """Whether the address does not exist."""
        return self.kind is BounceKind.FAILURE and self.status in GONE


def return_address(bounce_address: str, number: int, installation: str) -> str:
    """The envelope sender of one message, or nothing where no address for returned mail is set."""
    local, at, domain = bounce_address.strip("<> ").rpartition("@")
    return f"{local}+{number}.{_tag(number, installation)}@{domain}" if at else ""


def read_report(raw: bytes, installation: str) -> BounceReport:
    """What a returned mail says. It never fails: what cannot be read is for a person."""
    mail = message_from_bytes(raw, policy=policy.compat32)
    parts = list(mail.walk())
    status_part = next((one for one in parts if one.get_content_type() == "message/delivery-status"), None)
    if status_part is None:
        return BounceReport(BounceKind.AUTOMATIC if is_automatic(mail) else BounceKind.OTHER)
    fields = _blocks(status_part)
    about = next((block for block in fields if block.get("action")), {})
    kind = _KINDS.get(about.get("action", "").split(" ")[0].lower(), BounceKind.OTHER)
    return BounceReport(
        kind,
        _number(mail, installation),
        _original_id(fields, parts),
        _address(about),
        _status(about) if kind is BounceKind.FAILURE else "",
        _reason(about),
    )


def is_automatic(mail: Message) -> bool:
    """Whether a mail was written by a machine: it is never answered (RFC 3834 section 2)."""
    said = str(mail.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    signs = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "List-Id")
    is_bulk = str(mail.get("Precedence", "")).strip().lower() in ("bulk", "junk", "list", "auto_reply")
    is_empty = str(mail.get("Return-Path", "")).strip() == "<>"
    return said != "no" or is_bulk or is_empty or any(mail.get(name) for name in signs)


_KINDS = {
    "failed": BounceKind.FAILURE,
    "delayed": BounceKind.DELAY,
    "delivered": BounceKind.ARRIVED,
    "relayed": BounceKind.ARRIVED,
    "expanded": BounceKind.ARRIVED,
}


def _tag(number: int, installation: str) -> str:
    return hmac.new(installation.encode(), str(number).encode(), sha256).hexdigest()[:8]


def _number(mail: Message, installation: str) -> int:
    """From the address that the report was sent to; servers keep it in one of these headers."""
    for name in ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Delivered-To"):
        for value in mail.get_all(name, []):
            for number, tag in _PLACE.findall(str(value)):
                if hmac.compare_digest(tag.lower(), _tag(int(number), installation)):
                    return int(number)
    return 0


def _blocks(part: Message) -> list[dict[str, str]]:
    """The groups of fields of a delivery-status (RFC 3464 section 2.1): the message's, then one per recipient.

    The standard library reads each group as a message; a part that was encoded or damaged is read as lines.
    """
    content = part.get_payload()
    if isinstance(content, list):
        blocks = (block for block in content if isinstance(block, Message))
        return [{name.lower(): _one_line(value) for name, value in block.items()} for block in blocks]
    text = (part.get_payload(decode=True) or b"").decode("utf-8", "replace")  # type: ignore[union-attr]
    groups = re.split(r"\r?\n\s*\r?\n", text)
    return [{name.lower(): _one_line(value) for name, value in _pairs(group)} for group in groups]


def _pairs(group: str) -> Iterator[tuple[str, str]]:
    for line in re.sub(r"\r?\n[ \t]+", " ", group).splitlines():
        name, colon, value = line.partition(":")
        if colon:
            yield name.strip(), value


def _one_line(value: object) -> str:
    return clean(" ".join(str(value).split()))


def _status(about: dict[str, str]) -> str:
    """The status field, unless the diagnostic code knows it better than "5.0.0" (Gmail and qmail write that)."""
    own = _STATUS.search(about.get("status", ""))
    said = _STATUS.search(about.get("diagnostic-code", ""))
    if said and (own is None or own[1].endswith(".0.0")):
        return said[1]
    return own[1] if own else ""


def _address(about: dict[str, str]) -> str:
    """Who we wrote to, rather than whom that was forwarded to."""
    value = about.get("original-recipient") or about.get("final-recipient") or ""
    return _plain(value.partition(";")[2].strip() or value).strip("<> ").lower()


def _reason(about: dict[str, str]) -> str:
    words = about.get("diagnostic-code", "").partition(";")[2].strip() or about.get("status", "")
    return words[:REASON_LENGTH]


def _original_id(blocks: list[dict[str, str]], parts: list[Message]) -> str:
    """The Message-ID of what came back: our envelope id (RFC 3461), or the headers that were sent along."""
    for block in blocks:
        if block.get("original-envelope-id"):
            match = _MESSAGE_ID.search(f"<{_plain(block['original-envelope-id']).strip('<>')}>")
            if match:
                return match[0]
    for part in parts:
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            match = _MESSAGE_ID.search(_header_of(part))
            if match:
                return match[0]
    return ""


def _header_of(part: Message) -> str:
    """The Message-ID header of a returned message or of its headers alone."""
    content = part.get_payload()
    if isinstance(content, list) and content and isinstance(content[0], Message):
        return str(content[0].get("Message-ID", ""))
    text = (part.get_payload(decode=True) or b"").decode("utf-8", "replace")  # type: ignore[union-attr]
    match = re.search(r"^message-id:\s*(\S+)", text, re.IGNORECASE | re.MULTILINE)
    return match[1] if match else ""


def _plain(text: str) -> str:
    """xtext (RFC 3461 section 4) as it was."""
    return _XTEXT.sub(lambda found: chr(int(found[1], 16)), text)
