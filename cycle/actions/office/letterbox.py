"""The letterbox: here alone a mail, of whatever kind, becomes a row of the outbox.

Its key names it once and for all, and its Message-ID is made from the key: offered again it is the same mail to every
server on its way. What could not be made gets a row of its own too (`unmade.py`).
"""

from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parseaddr

from cycle.actions.office.office import Office
from cycle.domain.mail_kinds import DIGEST, MailKind
from cycle.mail.compose import Address, Attachment, compose, message_id, thread_id
from cycle.mail.fields import Rendered
from cycle.store.tables import Message


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands around the words of one mail.

    `key` is never made from the id of a row that can come back. Without an address in `to` the mail is for the folder
    only; without a `sender` it comes from the service itself. `on` is the day that it counts for, else the day of
    making; `thread` names what it is about, when mails about that belong together (rule B1); `unsubscribe` is the https
    link that ends an optional mail with one click (rule B6).
    """

    key: str
    to: Address
    sender: Address | None = None
    reply_to: str = ""
    person_id: int | None = None
    covenant_id: int | None = None
    on: date | None = None
    thread: str = ""
    topic: str = ""
    unsubscribe: str = ""
    attachments: tuple[Attachment, ...] = ()


def digest_key(person: int, day: date) -> str:
    """The text key of a person's reminder mail on a day: there is never a second one."""
    return f"{DIGEST.name}:{person}:{day.isoformat()}"


def identity_of(key: str, installation: str, domain: str) -> str:
    """The Message-ID of the mail of this key, that goes from an address in this domain."""
    return message_id(f"{installation} {key}", domain)


def outgoing(office: Office, kind: MailKind, rendered: Rendered, envelope: Envelope, now: datetime) -> Message:
    """The outbox row of one mail, to leave as soon as its kind may; `now` is the Date of the mail.

    Raises CycleError for an address that cannot be used.
    """
    local = now.astimezone(office.settings.zone)
    sender = envelope.sender or service_address(office)
    domain = sender.email.rpartition("@")[2]
    identity = identity_of(envelope.key, office.installation, domain)
    thread = thread_id(f"{office.installation} {envelope.thread}", domain) if envelope.thread else None
    body = compose(
        rendered=rendered,
        kind=kind.name,
        message_id=identity,
        date=local,
        sender=sender,
        to=envelope.to if envelope.to.email else Address(sender.email, envelope.to.name),
        reply_to=envelope.reply_to or None,
        thread=thread,
        topic=envelope.topic,
        attachments=envelope.attachments,
        unsubscribe=envelope.unsubscribe or None,
    )
    return Message(
        key=envelope.key,
        kind=kind.name,
        person_id=envelope.person_id,
        covenant_id=envelope.covenant_id,
        to=envelope.to.email,
        subject=rendered.subject,
        message_id=identity,
        envelope_from=sender.email,
        body=body,
        on=envelope.on or local.date(),
        created_at=now,
        next_try_at=now,
    )


def service_address(office: Office) -> Address:
    """The address that the service mails from when no covenant has its own."""
    name, email = parseaddr(office.settings.mail.sender)
    return Address(email, name)
