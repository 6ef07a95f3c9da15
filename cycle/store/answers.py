"""What people let know: append-only, the newest counts. It is read by the planner, the pages and the secretariat."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from cycle.domain.answering import LIGHTS, Stand
from cycle.domain.ladders import Answered
from cycle.domain.words import via_words
from cycle.store.columns import columns
from cycle.store.tables import (
    AnswerFile,
    AnswerRow,
    DeadlineParty,
    DeadlineRow,
    PartyRow,
    Person,
    ReminderRow,
)
from cycle.store.zone import day_of

Part = tuple[int, str]
"""A deadline and the slug of one of its parties."""


class Given(NamedTuple):
    """One answer. `person` is the name in the register, `name` what was typed by a reader of a shared mailbox; `file`
    is the name of the one that came with it."""

    deadline: int
    party: str
    person_id: int
    person: str
    name: str
    stand: Stand | None
    sentence: str
    next_on: date | None
    at_risk: bool
    not_before: date | None
    about: str
    at: datetime
    mailed_on: date | None = None
    points: str = ""
    start: time | None = None
    place: str = ""
    colleague: str = ""
    link: str = ""
    released_at: datetime | None = None
    id: int = 0
    file: str = ""

    @property
    def by(self) -> str:
        """Who said it: "Jan, Bestuur Bewonersraad"."""
        return ", ".join(dict.fromkeys(part for part in (self.name, self.person) if part))

    @property
    def by_and_via(self) -> str:
        """The same, and how: "Bestuur Bewonersraad, via link in mail van 5 maart 2027"."""
        return via_words(self.by, self.mailed_on)


class AskedLine(NamedTuple):
    """One line of a mail, as the page that answers it needs it. `person` is who was told it."""

    deadline: int
    party: str
    rung: str
    reason: str
    person: int


class ForOffice(NamedTuple):
    """An answer that the secretariat must see, with what it is about."""

    answer: Given
    number: str
    title: str


def lines_of_mail(session: Session, message_id: int) -> list[AskedLine]:
    """What a mail asked, in its order."""
    return _asked(session, col(ReminderRow.message_id) == message_id)


def lines_to(session: Session, person: int, on: date) -> list[AskedLine]:
    """What the reminder mail of a person on a day asked them, in its order; nothing when there is none."""
    return _asked(session, (col(ReminderRow.person_id) == person) & (col(ReminderRow.on) == on))


def _asked(session: Session, where: ColumnElement[bool]) -> list[AskedLine]:
    asked = columns(
        ReminderRow.deadline_id, ReminderRow.party, ReminderRow.rung, ReminderRow.reason, ReminderRow.person_id
    )
    query = asked.where(where).order_by(
        col(ReminderRow.counted_from), col(ReminderRow.deadline_id), col(ReminderRow.id)
    )
    return [AskedLine(*row) for row in session.exec(query)]


def said(session: Session, where: ColumnElement[bool]) -> dict[int, tuple[Answered, ...]]:
    """What counts of the answers, for the planner: by deadline, of those deadlines that meet a condition."""
    query = columns(
        AnswerRow.deadline_id,
        AnswerRow.party,
        AnswerRow.person_id,
        AnswerRow.stand,
        AnswerRow.sentence,
        AnswerRow.next_on,
        AnswerRow.at_risk,
        AnswerRow.not_before,
        AnswerRow.points,
        AnswerRow.at,
        AnswerRow.link,
        AnswerFile.answer_id,
    )
    query = query.outerjoin(AnswerFile, col(AnswerFile.answer_id) == AnswerRow.id).where(
        col(AnswerRow.deadline_id).in_(columns(DeadlineRow.id).where(where))
    )
    by_deadline: dict[int, dict[tuple[str, int], Answered]] = defaultdict(dict)
    for deadline, party, person, stand, sentence, next_on, at_risk, not_before, points, at, link, file in session.exec(
        query.order_by(col(AnswerRow.id))
    ):
        mine = by_deadline[deadline]
        before = mine.pop((party, person), Answered(party, person))  # who answered last stands last
        if stand or sentence or next_on or at_risk or points or link or file:
            before = before._replace(said_on=day_of(session, at), said=stand, sentence=sentence, next_on=next_on)
        mine[party, person] = before._replace(not_before=not_before, declined=stand == Stand.NOT_MINE)
    return {deadline: tuple(several.values()) for deadline, several in by_deadline.items()}


def history(session: Session, deadline_ids: Iterable[int]) -> dict[Part, list[Given]]:
    """All answers about some deadlines by deadline and party, newest first."""
    by_part: dict[Part, list[Given]] = defaultdict(list)
    for given in _given(session, col(AnswerRow.deadline_id).in_(list(deadline_ids))):
        by_part[given.deadline, given.party].append(given)
    return by_part


def answers_for_office(session: Session, covenant_id: int, since: datetime) -> list[ForOffice]:
    """What the secretariat must see of the answers since a moment, newest first.

    That is: "niet voor mij", a feasibility in danger (agreement 5.7), an orange or red light, a day that somebody
    named, points for an agenda, a link or a file, and what somebody who takes part sent in.
    """
    loud = or_(
        col(AnswerRow.at_risk).is_(True),
        col(AnswerRow.next_on).is_not(None),
        col(AnswerRow.points) != "",
        col(AnswerRow.stand).in_([Stand.NOT_MINE, Stand.RED, Stand.ORANGE]),
        (col(AnswerRow.stand) == "") & (col(AnswerRow.sentence) != ""),
        col(AnswerRow.link) != "",
        col(AnswerRow.id).in_(columns(AnswerFile.answer_id)),
    )
    given = _given(session, loud & (col(AnswerRow.covenant_id) == covenant_id) & (col(AnswerRow.at) >= since))
    if not given:
        return []
    about = {
        row[0]: row
        for row in session.exec(
            columns(DeadlineRow.id, DeadlineRow.number, DeadlineRow.title).where(
                col(DeadlineRow.id).in_({one.deadline for one in given})
            )
        )
    }
    return [ForOffice(one, *about[one.deadline][1:]) for one in given]


def about_meeting(session: Session, deadline_id: int) -> list[Given]:
    """The days that were proposed for a meeting and the points for its agenda: the last of each, newest first."""
    said = col(AnswerRow.next_on).is_not(None) | (col(AnswerRow.points) != "")
    newest: dict[tuple[int, str, bool], Given] = {}
    for given in _given(session, said & (col(AnswerRow.deadline_id) == deadline_id)):
        newest.setdefault((given.person_id, given.name, given.next_on is None), given)
    return list(newest.values())


def answer_row(session: Session, covenant_id: int, number: int) -> AnswerRow | None:
    """One answer of a covenant; None for one that is not there or of another."""
    row = session.get(AnswerRow, number)
    return row if row is not None and row.covenant_id == covenant_id else None


def file_of(session: Session, number: int) -> AnswerFile | None:
    """The file that came with an answer."""
    return session.get(AnswerFile, number)


def given_since(session: Session, covenant_id: int, since: datetime) -> list[Given]:
    """All that was let know in a covenant since a moment, newest first."""
    return _given(session, (col(AnswerRow.covenant_id) == covenant_id) & (col(AnswerRow.at) >= since))


def released(session: Session, covenant_id: int) -> set[tuple[int, datetime]]:
    """The answers of which the sentence may go to the parties, by deadline and moment."""
    query = columns(AnswerRow.deadline_id, AnswerRow.at)
    where = (col(AnswerRow.covenant_id) == covenant_id) & col(AnswerRow.released_at).is_not(None)
    return {(row[0], row[1]) for row in session.exec(query.where(where))}


def given_by(session: Session, people: Iterable[int], since: datetime) -> list[Given]:
    """What some people let know since a moment, newest first."""
    return _given(session, col(AnswerRow.person_id).in_(list(people)) & (col(AnswerRow.at) >= since))


def lights(session: Session, where: ColumnElement[bool]) -> dict[Part, str]:
    """The light of each lead party, of the deadlines that meet a condition."""
    query = (
        columns(DeadlineParty.deadline_id, PartyRow.slug, DeadlineParty.light)
        .join(PartyRow, col(DeadlineParty.party_id) == PartyRow.id)
        .where(col(DeadlineParty.deadline_id).in_(columns(DeadlineRow.id).where(where)))
        .where(DeadlineParty.part == "lead", col(DeadlineParty.light).in_(list(LIGHTS)))
    )
    return {(deadline, party): light for deadline, party, light in session.exec(query)}


def readers_of(session: Session, email: str) -> Sequence[Person]:
    """Everybody who reads a mailbox."""
    return session.exec(select(Person).where(Person.email == email).order_by(col(Person.id))).all()


def _given(session: Session, where: ColumnElement[bool]) -> list[Given]:
    query = (
        columns(
            AnswerRow.deadline_id,
            AnswerRow.party,
            AnswerRow.person_id,
            Person.name,
            AnswerRow.name,
            AnswerRow.stand,
            AnswerRow.sentence,
            AnswerRow.next_on,
            AnswerRow.at_risk,
            AnswerRow.not_before,
            AnswerRow.about,
            AnswerRow.at,
            AnswerRow.mailed_on,
            AnswerRow.points,
            AnswerRow.start,
            AnswerRow.place,
            AnswerRow.colleague,
            AnswerRow.link,
            AnswerRow.released_at,
            AnswerRow.id,
            AnswerFile.name,
        )
        .join(Person, col(AnswerRow.person_id) == Person.id)
        .outerjoin(AnswerFile, col(AnswerFile.answer_id) == AnswerRow.id)
        .where(where)
        .order_by(col(AnswerRow.id).desc())
    )
    return [_from_columns(*row) for row in session.exec(query)]


def _from_columns(deadline: int, party: str, person_id: int, person: str, name: str, stand: str, *rest: Any) -> Given:
    given = Given(deadline, party, person_id, person, name, Stand(stand) if stand else None, *rest)
    return given._replace(file=given.file or "")
