"""What tests look at: the mails in a Maildir, moments at which the clock acts, and ways out that answer as told."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import select

from cycle.actions.mails.morning.reminding import Planned, plan_mails
from cycle.actions.office.office import Office
from cycle.actions.post.delivery.delivering import Delivered, open_pace, open_transport
from cycle.actions.service.watch import clock_work
from cycle.domain.workdays import moment
from cycle.mail.deliver import Answer, Outcome, Pace, Transport
from cycle.store.tables import Message

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
        return clock_work.deliver(office, transport, open_pace(office.settings), lambda: now)
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


class ScriptedWay:
    """A way out that answers as told; the last answer is for ever. An exception is raised, a function is called."""

    connections = 1

    def __init__(self, *answers: Answer | Exception | Callable[[str], Answer]) -> None:
        self.answers = list(answers) or [OK]
        self.taken: list[tuple[str, str, str]] = []
        self.is_closed = False

    def deliver(self, raw: bytes, *, envelope_from: str, recipient: str, key: str) -> Answer:
        self.taken.append((key, recipient, envelope_from))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Answer) else answer(key)

    def check(self) -> Answer:
        return OK

    def close(self) -> None:
        self.is_closed = True

    def abort(self) -> None:
        """Nothing to break off."""


OK = Answer(Outcome.ACCEPTED, "250 2.0.0 Ok")
LATER = Answer(Outcome.TEMPORARY, "450 4.2.0 later")
NOBODY = Answer(Outcome.RECIPIENT, "550 5.1.1 no such user")
OURS = Answer(Outcome.SENDER, "535 5.7.8 account beheer@gemeente.example refused")
AWAY = Answer(Outcome.UNREACHABLE, "De mailserver is niet te bereiken.")
PERHAPS = Answer(Outcome.UNKNOWN, "weggevallen na het laatste teken")


def queue(office: Office, number: int, now: datetime, kind: str = "digest", *, key_prefix: str = "") -> list[int]:
    """Puts plain messages into the outbox; returns their ids."""
    mark = "".join(char for char in key_prefix if char.isdigit())
    rows = [
        Message(
            key=f"{kind}:{place}:{key_prefix or now.date()}",
            kind=kind,
            to=f"persoon{place}@gemeente.example",
            subject="Proef",
            message_id=f"<{kind}{place}{mark}@cycle.example>",
            envelope_from="wij@cycle.example",
            body=f"Message-ID: <{kind}{place}{mark}@cycle.example>\r\n\r\nproef\r\n".encode(),
            on=now.date(),
            created_at=now,
            next_try_at=now,
        )
        for place in range(number)
    ]
    with office.database.writing() as session:
        session.add_all(rows)
    return [row.id or 0 for row in rows]


def send(office: Office, way: Transport, now: datetime, **options: Any) -> Delivered:
    """One slice of delivery by this way, without a rate."""
    return clock_work.deliver(office, way, Pace(0, lambda: 0.0, lambda _seconds: None), lambda: now, **options)


def row_of(office: Office, message_id: int) -> Message:
    with office.database.reading() as session:
        return session.get_one(Message, message_id)


def states(office: Office) -> dict[str, int]:
    with office.database.reading() as session:
        return dict(Counter(session.exec(select(Message.state))))
