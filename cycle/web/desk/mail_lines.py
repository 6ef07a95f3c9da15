"""Mails as the lists of the desk show them: those that went or wait, and those to come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from cycle.actions.office.covenant_view import CovenantView
from cycle.domain.mail_kinds import kind_words
from cycle.domain.mail_plan import Digest
from cycle.domain.words import joined, weekday_words
from cycle.store import covenants, deadlines
from cycle.store import post as store
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.outbox.labels import DISCARDED, FAILED, HELD, REPLACED, SENT
from cycle.store.post import Piece, ToldLine
from cycle.store.tables import DeadlineRow, Message
from cycle.web.desk.visiting import DeskRequest
from cycle.web.year import StandShown, moment_words
from cycle.words import MAIL_STATES, rung_words

SHAPES = {
    SENT: "done",
    FAILED: "passed",
    HELD: "passed",
    DISCARDED: "dropped",
    REPLACED: "dropped",
}


@dataclass(frozen=True, slots=True)
class MailLine:
    """One mail in a list."""

    id: int
    day: str
    to: str
    address: str
    subject: str
    kind: str
    stand: StandShown
    answer: str


@dataclass(frozen=True, slots=True)
class PlannedMail:
    """One mail that is still to be made: for whom, on which day, about what."""

    path: str
    day: str
    person: int
    name: str
    titles: tuple[str, ...]
    is_if_news: bool


def mail_line(at: DeskRequest, row: Piece) -> MailLine:
    """A mail that went or waits, as a list shows it."""
    zone = at.office.settings.zone
    moment = row.sent_at or row.next_try_at
    day = moment_words(moment, at.now, zone) if moment else weekday_words(row.on)
    stand = StandShown(MAIL_STATES[row.state], SHAPES.get(row.state, "open"))
    stand = StandShown("teruggekomen", "passed") if row.bounced_at else stand
    answer = row.last_answer if row.state in (FAILED, HELD) or row.bounced_at else ""
    return MailLine(row.id, day, row.name or row.to, row.to, row.subject, kind_words(row.kind), stand, answer)


def row_line(at: DeskRequest, row: Message) -> MailLine:
    """One mail, as a list shows it, read from its row."""
    with at.office.database.reading() as session:
        person = covenants.people(session, [row.person_id]).get(row.person_id) if row.person_id else None
        names = store.names_told(session, [id_of(row)])
    return mail_line(
        at,
        Piece(
            id_of(row),
            row.kind,
            row.to,
            names.get(id_of(row)) or (person.name if person else None),
            row.subject,
            row.state,
            row.on,
            row.next_try_at,
            row.sent_at,
            row.last_answer,
            row.bounced_at,
        ),
    )


def moments_of_mail(at: DeskRequest, row: Message) -> list[tuple[str, str]]:
    """What happened to a mail, in order."""
    steps: list[tuple[str, datetime | None]] = [
        ("Gemaakt", row.created_at),
        ("Eerste poging", row.first_tried_at),
        (MAIL_STATES[SENT].capitalize(), row.sent_at),
        ("Teruggekomen", row.bounced_at),
        ("Volgende poging", row.next_try_at),
    ]
    return [(words, moment_words(when, at.now, at.office.settings.zone)) for words, when in steps if when]


def told_words(line: ToldLine, view: CovenantView) -> tuple[ToldLine, str, str]:
    """A line with the words for its rung and party."""
    return line, rung_words(line.rung), view.party_names.get(line.party, line.party)


def reader_choices(view: CovenantView) -> list[tuple[int, str]]:
    """Who may be asked for: everybody of the table, by name."""
    names = {member.person: member.name for member in view.members}
    return sorted(names.items(), key=lambda one: one[1].casefold())


def last_day_shown(today: date) -> date:
    """The end of this year; from November on that of the next."""
    return date(today.year + (today.month >= 11), 12, 31)


def deadline_titles(session: Session, digests: list[Digest], to_come: Mapping[int, DeadlineRow]) -> dict[int, str]:
    """What the deadlines in these mails are called; those to come have no row yet."""
    ids = {line.deadline for digest in digests for line in digest.reminders}
    rows = {**deadlines.rows_by_id(session, ids - to_come.keys()), **to_come}
    return {key: row.title for key, row in rows.items()}


def planned_line(at: DeskRequest, digest: Digest, names: dict[int, str], titles: dict[int, str]) -> PlannedMail:
    """A mail to come, as a list shows it."""
    return PlannedMail(
        at.path(f"post/gepland/{digest.on.isoformat()}/{digest.person}"),
        weekday_words(digest.on),
        digest.person,
        joined([names[one] for one in digest.readers if one in names]),
        tuple(dict.fromkeys(titles[line.deadline] for line in digest.reminders)),
        digest.is_if_news,
    )
