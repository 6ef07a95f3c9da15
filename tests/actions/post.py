"""What tests look at: the mails in a Maildir, and moments at which the clock acts."""

from datetime import UTC, date, datetime, time
from email import message_from_bytes, policy
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from cycle.actions.delivering import Delivered, deliver_mails, open_pace, open_transport
from cycle.actions.office import Office
from cycle.actions.reminding import Planned, plan_mails
from cycle.domain.workdays import moment

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def at(day: str, hour: int = 9, minute: int = 0) -> datetime:
    """A moment in Dutch time."""
    return moment(date.fromisoformat(day), time(hour, minute), AMSTERDAM).astimezone(UTC)


def act(office: Office, now: datetime) -> tuple[Planned, Delivered]:
    """What the clock does in a minute: plan, then deliver to the Maildir."""
    planned = plan_mails(office, now)
    return planned, deliver(office, now)


def deliver(office: Office, now: datetime) -> Delivered:
    """Delivers to the way out of the settings."""
    transport = open_transport(office.settings)
    try:
        return deliver_mails(office, transport, open_pace(office.settings), lambda: now)
    finally:
        transport.close()


def mails(office: Office) -> list[EmailMessage]:
    """All mails in the Maildir, by date and addressee."""
    files = office.settings.path("var/mail/new").glob("*")
    found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    return sorted(found, key=lambda mail: (mail["Date"].datetime, str(mail["To"])))  # type: ignore[union-attr]


def text_of(mail: EmailMessage) -> str:
    """The plain text, on one line each paragraph's words."""
    part = mail.get_body(("plain",))
    return " ".join(part.get_content().split()) if part else ""
