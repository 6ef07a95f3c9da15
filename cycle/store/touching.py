"""Which feeds, and which pages, a write makes old, worked out in one place: the session that writes.

Whatever goes through `Database.writing()` is watched, so no action can forget it. In the same transaction the links of
everybody who sits in a touched covenant get another `version`; a feed whose version is unchanged is not built again.
A statement that goes round the mapper says nothing of covenants, so it touches every link, unless it bears `UNSEEN`.
The covenants themselves get another `stamp` by more tables than feeds are made of; mails are not among them.
Versions are random, not counted: a restored back-up can never come back to a number that stands for other content.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Engine, event, false, inspect, or_, select, update
from sqlalchemy.sql.dml import UpdateBase
from sqlmodel import Session, SQLModel, col

from cycle.store.ids import id_of
from cycle.store.tables import (
    Absence,
    AgreementRow,
    Covenant,
    DeadlineParty,
    DeadlineRow,
    FeedFetch,
    FeedLink,
    Membership,
    Message,
    MessageCovenant,
    PartyRow,
    Person,
    ReminderRow,
)

UNSEEN = {"feeds": False}
"""Execution option of a statement that changes nothing a feed shows, such as renewing next moments."""

NOT_CONTENT = frozenset({"next_moment", "hard_bounces", "undeliverable_since", "stamp", "asked"})
NOT_STAMPING = frozenset({"next_moment", "stamp", "asked"})
MANY = 2000  # so many rows at once are an import: every link is as cheap, and no engine chokes on the list

_TOUCHED, _STAMPED, _IN_FLUSH, _ALL, _ALL_STAMPS = "touched", "stamped", "in_flush", "all_feeds", "all_stamps"


@dataclass(slots=True)
class Touched:
    """What one transaction changed, by kind of id."""

    covenants: set[int] = field(default_factory=set)
    parties: set[int] = field(default_factory=set)
    deadlines: set[int] = field(default_factory=set)
    persons: set[int] = field(default_factory=set)
    links: set[int] = field(default_factory=set)
    agreements: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return any((self.covenants, self.parties, self.deadlines, self.persons, self.links, self.agreements))


class WritingSession(Session):
    """The session of `Database.writing()`."""


def watch(engine: Engine) -> None:
    """Notices statements on this engine that go round the mapper."""
    event.listen(engine, "begin", _forget)
    event.listen(engine, "before_execute", _notice_statement)


def _add_deadline(row: DeadlineRow, touched: Touched) -> None:
    touched.covenants.add(row.covenant_id)


def _add_part(row: DeadlineParty, touched: Touched) -> None:
    touched.deadlines.add(row.deadline_id)


def _add_membership(row: Membership, touched: Touched) -> None:
    touched.parties.add(row.party_id)
    touched.persons.add(row.person_id)


def _add_party(row: PartyRow, touched: Touched) -> None:
    touched.covenants.add(row.covenant_id)


def _add_absence(row: Absence, touched: Touched) -> None:
    touched.persons.add(row.person_id)


def _add_covenant(row: Covenant, touched: Touched) -> None:
    touched.covenants.add(id_of(row))


def _add_person(row: Person, touched: Touched) -> None:
    touched.persons.add(id_of(row))


def _add_link(row: FeedLink, touched: Touched) -> None:
    touched.links.add(id_of(row))


CONTENT: dict[type[SQLModel], Callable[[Any, Touched], None]] = {
    DeadlineRow: _add_deadline,
    DeadlineParty: _add_part,
    PartyRow: _add_party,
    Membership: _add_membership,
    Absence: _add_absence,
    Covenant: _add_covenant,
    Person: _add_person,
    FeedLink: _add_link,
}
"""The tables that feeds are made of, and whose feeds a row of each concerns."""

CONTENT_TABLES = frozenset(str(kind.__tablename__) for kind in CONTENT)

NOT_STAMPED = (FeedLink, FeedFetch, Message, MessageCovenant, ReminderRow)
"""Rows that name a covenant or a person, and are no part of what is kept about a covenant."""

STAMPED_TABLES = (CONTENT_TABLES | {"agreement", "reading", "answer", "rhythm", "party_group"}) - {"feed_link"}


@event.listens_for(WritingSession, "before_flush")
def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    session.connection().info[_IN_FLUSH] = True


@event.listens_for(WritingSession, "after_flush")
def _after_flush(session: Session, _context: Any) -> None:
    """Collects the rows that this flush wrote; their history is still to be seen here."""
    session.connection().info[_IN_FLUSH] = False
    touched = session.info.setdefault(_TOUCHED, Touched())
    for row in (*session.new, *session.deleted, *(one for one in session.dirty if _is_changed(one))):
        if add := CONTENT.get(type(row)):
            add(row, touched)
    stamped = session.info.setdefault(_STAMPED, Touched())
    for row in (*session.new, *session.deleted, *(one for one in session.dirty if _is_changed(one, NOT_STAMPING))):
        if not isinstance(row, NOT_STAMPED):
            _add_place(row, stamped)


@event.listens_for(WritingSession, "before_commit")
def _before_commit(session: Session) -> None:
    """The new version, in the transaction of the write itself."""
    session.flush()
    touched: Touched = session.info.pop(_TOUCHED, None) or Touched()
    connection = session.connection()
    if connection.info.pop(_ALL, False) or _is_many(touched):
        _renew(connection, None)
    elif touched:
        _renew(connection, _links_of(touched))
    stamped: Touched = session.info.pop(_STAMPED, None) or Touched()
    if connection.info.pop(_ALL_STAMPS, False) or _is_many(stamped):
        _stamp(connection, None)
    elif stamped:
        _stamp(connection, col(Covenant.id).in_(_covenants_of(stamped)))


@event.listens_for(WritingSession, "after_rollback")
def _after_rollback(session: Session) -> None:
    session.info.pop(_TOUCHED, None)
    session.info.pop(_STAMPED, None)


def _forget(connection: Connection) -> None:
    connection.info[_IN_FLUSH] = connection.info[_ALL] = connection.info[_ALL_STAMPS] = False


def _notice_statement(connection: Connection, statement: Any, _many: Any, _one: Any, options: Any) -> None:
    if not isinstance(statement, UpdateBase) or connection.info.get(_IN_FLUSH):
        return
    name, is_seen = getattr(statement.table, "name", ""), options.get("feeds", True)
    if name in CONTENT_TABLES and is_seen:
        connection.info[_ALL] = True
    if name in STAMPED_TABLES and is_seen:
        connection.info[_ALL_STAMPS] = True


def _is_changed(row: Any, but: frozenset[str] = NOT_CONTENT) -> bool:
    """Whether anything that a feed may show is another value than it was."""
    return any(one.history.has_changes() for one in inspect(row).attrs if one.key not in but)


def _add_place(row: Any, touched: Touched) -> None:
    """Which covenant a row is about, by the first of its columns that says so."""
    if isinstance(row, Covenant | Person):
        (touched.covenants if isinstance(row, Covenant) else touched.persons).add(id_of(row))
        return
    for name, ids in (
        ("covenant_id", touched.covenants),
        ("deadline_id", touched.deadlines),
        ("agreement_id", touched.agreements),
        ("party_id", touched.parties),
        ("person_id", touched.persons),
    ):
        concerned = getattr(row, name, None)
        if concerned is not None:
            ids.add(concerned)
            return


def _is_many(touched: Touched) -> bool:
    touched_ids = touched.deadlines, touched.persons, touched.covenants, touched.agreements
    return max(map(len, touched_ids)) > MANY


def _covenants_of(touched: Touched) -> Any:
    """The covenants that were touched, whichever way."""
    party = _in(PartyRow.id, touched.parties) | _in(PartyRow.covenant_id, touched.covenants)
    through = select(col(DeadlineRow.covenant_id)).where(_in(DeadlineRow.id, touched.deadlines))
    about = select(col(AgreementRow.covenant_id)).where(_in(AgreementRow.id, touched.agreements))
    absent = select(col(Membership.party_id)).where(_in(Membership.person_id, touched.persons))
    inside = or_(
        party,
        col(PartyRow.covenant_id).in_(through),
        col(PartyRow.covenant_id).in_(about),
        col(PartyRow.id).in_(absent),
    )
    return (
        select(col(PartyRow.covenant_id))
        .where(inside)
        .union(select(col(Covenant.id)).where(_in(Covenant.id, touched.covenants)))
    )


def _links_of(touched: Touched) -> Any:
    """The links of everybody who sits in a touched covenant, or shares a mailbox with somebody who does."""
    covenants = _covenants_of(touched)
    seats = select(col(PartyRow.id)).where(col(PartyRow.covenant_id).in_(covenants))
    seated = select(col(Membership.person_id)).where(col(Membership.party_id).in_(seats))
    boxes = select(col(Person.email)).where(col(Person.id).in_(seated) | _in(Person.id, touched.persons))
    people = select(col(Person.id)).where(col(Person.email).in_(boxes))
    return or_(
        col(FeedLink.person_id).in_(people), col(FeedLink.covenant_id).in_(covenants), _in(FeedLink.id, touched.links)
    )


def _stamp(connection: Connection, where: Any) -> None:
    command = update(Covenant).values(stamp=token_hex(8)).execution_options(**UNSEEN)
    if where is not None:  # locked in one order, as above
        command = command.where(
            col(Covenant.id).in_(select(col(Covenant.id)).where(where).order_by(col(Covenant.id)).with_for_update())
        )
    connection.execute(command)


def _in(column: Any, ids: Iterable[int]) -> Any:
    wanted = sorted(ids)
    return col(column).in_(wanted) if wanted else false()


def _renew(connection: Connection, where: Any) -> None:
    command = update(FeedLink).values(version=token_hex(8)).execution_options(**UNSEEN)
    if where is not None:  # always locked in one order, so that two writers never wait for each other
        command = command.where(
            col(FeedLink.id).in_(select(col(FeedLink.id)).where(where).order_by(col(FeedLink.id)).with_for_update())
        )
    connection.execute(command)
