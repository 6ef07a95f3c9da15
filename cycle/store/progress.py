"""Progress rounds in the ledger, and the snapshots that were made of them."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func
from sqlmodel import Session, col, select

from cycle.domain.answering import Stand
from cycle.domain.ladders import What
from cycle.domain.model import Role
from cycle.domain.rounds import Round
from cycle.store.columns import columns
from cycle.store.tables import DeadlineParty, DeadlineRow, PartyRow, Person, ReminderRow, Snapshot, SnapshotLine

OF_LEADS = (Role.TREKKER, "geen adres", Stand.NOT_MINE)
"""Why somebody is asked who can answer for a lead party."""


class AskedParty(NamedTuple):
    """A party that was asked about a deadline in a round: on which day first, and whom last."""

    deadline: int
    party: str
    asked_on: date
    person_id: int
    person: str
    email: str


class AskedAbout(NamedTuple):
    """A lead party that a round, known by its anchor, asked about a deadline: on which day first."""

    anchor: date
    deadline: int
    party: str
    asked_on: date


def asked_about(session: Session, deadline_ids: Sequence[int]) -> list[AskedAbout]:
    """Which rounds asked whom about these deadlines."""
    query = (
        columns(ReminderRow.counted_from, ReminderRow.deadline_id, ReminderRow.party, func.min(ReminderRow.on))
        .where(col(ReminderRow.deadline_id).in_(list(deadline_ids)), ReminderRow.failed_in == 0)
        .where(col(ReminderRow.rung).in_([What.ASK, What.AGAIN]), col(ReminderRow.reason).in_(OF_LEADS))
        .group_by(col(ReminderRow.counted_from), col(ReminderRow.deadline_id), col(ReminderRow.party))
    )
    return [AskedAbout(*row) for row in session.exec(query)]


def began_on(session: Session, covenant_id: int, round_: Round) -> date | None:
    """The day on which a round first asked anybody; None while it asked nobody."""
    query = (
        columns(ReminderRow.on)
        .join(DeadlineRow, col(ReminderRow.deadline_id) == DeadlineRow.id)
        .where(DeadlineRow.covenant_id == covenant_id, ReminderRow.counted_from == round_.anchor)
        .where(ReminderRow.failed_in == 0)
        .where(col(ReminderRow.rung).in_([What.ASK, What.AGAIN]))
        .order_by(col(ReminderRow.on))
    )
    began: date | None = session.exec(query).scalars().first()
    return began


def asked_between(session: Session, covenant_id: int, first: date, last: date) -> list[AskedParty]:
    """Every party that a mail asked about a deadline in a stretch of days, both ends included."""
    query = (
        columns(
            ReminderRow.deadline_id, ReminderRow.party, ReminderRow.on, ReminderRow.person_id, Person.name, Person.email
        )
        .join(DeadlineRow, col(ReminderRow.deadline_id) == DeadlineRow.id)
        .join(Person, col(ReminderRow.person_id) == Person.id)
        .where(DeadlineRow.covenant_id == covenant_id, col(ReminderRow.on).between(first, last))
        .where(col(ReminderRow.reason).in_(OF_LEADS), ReminderRow.failed_in == 0)
        .order_by(col(ReminderRow.id))
    )
    asked: dict[tuple[int, str], AskedParty] = {}
    for deadline, party, on, *person in session.exec(query):
        before = asked.get((deadline, party))
        asked[deadline, party] = AskedParty(deadline, party, before.asked_on if before else on, *person)
    return list(asked.values())


def lead_parts(session: Session, covenant_id: int) -> dict[tuple[int, str], DeadlineParty]:
    """The row of every lead party of a covenant, by deadline and slug."""
    query = (
        select(DeadlineParty, PartyRow.slug)
        .join(PartyRow, col(DeadlineParty.party_id) == PartyRow.id)
        .where(PartyRow.covenant_id == covenant_id, DeadlineParty.part == "lead")
    )
    return {(part.deadline_id, slug): part for part, slug in session.exec(query)}


def snapshots(session: Session, covenant_id: int) -> Sequence[Snapshot]:
    """The snapshots of a covenant, newest first."""
    query = select(Snapshot).where(Snapshot.covenant_id == covenant_id)
    return session.exec(query.order_by(col(Snapshot.on).desc(), col(Snapshot.id).desc())).all()


def lines_of(session: Session, snapshot: Snapshot) -> Sequence[SnapshotLine]:
    """The rows of a snapshot, in their order."""
    query = select(SnapshotLine).where(SnapshotLine.snapshot_id == snapshot.id)
    return session.exec(query.order_by(col(SnapshotLine.position))).all()
