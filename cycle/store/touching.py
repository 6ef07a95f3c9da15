"""Which feeds, and which pages, a write makes old, worked out in one place: the session that writes.

Whatever goes through `Database.writing()` is watched, so no action can forget it. In the same transaction the links of
everybody who sits in a touched covenant get another `version`; a feed whose version is unchanged is not built again.
The covenants themselves get another `stamp`, for what pages keep.

One rule for both: each table counts unless it is named below with the reason why not. Which covenant a row is about is
read from its foreign keys, the nearest way first; a table from which no way leads there makes everything old, and so
does a statement that goes round the mapper, for it does not say which rows it wrote, unless it bears `UNSEEN`.
Versions are random, not counted: a restored back-up can never come back to a number that stands for other content.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from secrets import token_hex
from typing import Any

from sqlalchemy import Column, Connection, Engine, Table, event, inspect, or_, select, union, update
from sqlalchemy.sql.dml import UpdateBase
from sqlmodel import Session, SQLModel, col

from cycle.store.tables import (
    ActionSuccession,
    Actor,
    AgreementRow,
    AgreementSuccession,
    AnswerFile,
    AnswerRow,
    Beat,
    Body,
    ColumnWord,
    Covenant,
    DeskSession,
    Document,
    Fact,
    FactHead,
    FeedFetch,
    FeedLink,
    Figure,
    GroupRow,
    Handover,
    Indicator,
    Installation,
    Letter,
    LetterAddressee,
    LetterApproval,
    LetterAsk,
    LetterDraft,
    LetterDraftFile,
    LetterFile,
    LetterheadRow,
    MailReply,
    MeetingDecision,
    Membership,
    Message,
    MessageCovenant,
    OutboxPause,
    PartyRow,
    Person,
    ReadingRow,
    ReminderRow,
    RhythmRow,
    SentForm,
    Signal,
    SignIn,
    Snapshot,
    SnapshotLine,
    TypedForm,
)

UNSEEN = {"feeds": False}
"""Execution option of a statement that changes nothing that is kept, such as renewing next moments."""

NOT_CONTENT = frozenset({"next_moment", "hard_bounces", "undeliverable_since", "stamp", "asked"})
NOT_STAMPING = frozenset({"next_moment", "stamp", "asked"})
MANY = 2000  # so many rows at once are an import: every link is as cheap, and no engine chokes on the list

_ABOUT_MAIL = (
    "of mail, which neither calendars nor kept figures tell; the week ahead asks for the newest message itself"
)
_ABOUT_VISITS = "of browsers and their forms"
_ABOUT_SERVICE = "of the service, not of a covenant"
_DEADLINES_FOLLOW = "the deadlines that come of it are written with it"
_LETTERS = "of the letter; its deadline is written when it is sent"

NOT_WATCHED: Mapping[type[SQLModel], str] = {
    Message: _ABOUT_MAIL,
    MessageCovenant: _ABOUT_MAIL,
    MailReply: _ABOUT_MAIL,
    ReminderRow: _ABOUT_MAIL,
    FeedFetch: "a note beside a link",
    SignIn: _ABOUT_VISITS,
    DeskSession: _ABOUT_VISITS,
    SentForm: _ABOUT_VISITS,
    TypedForm: _ABOUT_VISITS,
    Actor: "who did something does not change what was done",
    FactHead: "it moves with the facts themselves",
    Beat: _ABOUT_SERVICE,
    OutboxPause: _ABOUT_SERVICE,
    Installation: _ABOUT_SERVICE,
}
"""Tables whose rows make nothing old, and why."""

NOT_IN_FEEDS: Mapping[type[SQLModel], str] = {
    **NOT_WATCHED,
    AgreementRow: _DEADLINES_FOLLOW,
    ReadingRow: _DEADLINES_FOLLOW,
    GroupRow: _DEADLINES_FOLLOW,
    Document: _DEADLINES_FOLLOW,
    MeetingDecision: _DEADLINES_FOLLOW,
    Indicator: "a feed tells of days, not of figures",
    Figure: "a feed tells of days, not of figures",
    AgreementSuccession: _DEADLINES_FOLLOW,
    ActionSuccession: _DEADLINES_FOLLOW,
    Body: "a feed tells of a meeting itself, and to whom it is for by who sits there",
    ColumnWord: "it says how documents will be read",
    Signal: "no calendar tells what is on an agenda",
    AnswerFile: "it comes with an answer, of which no calendar tells",
    AnswerRow: "no calendar tells what people let know; what it settles is written with it",
    Snapshot: "no calendar tells what people let know",
    SnapshotLine: "no calendar tells what people let know",
    Handover: "the seats are written with it",
    RhythmRow: "of mail only",
    Fact: "tells of a write that is seen itself",
    Letter: _LETTERS,
    LetterDraft: _LETTERS,
    LetterApproval: _LETTERS,
    LetterFile: _LETTERS,
    LetterDraftFile: _LETTERS,
    LetterAsk: _LETTERS,
    LetterheadRow: _LETTERS,
    LetterAddressee: _LETTERS,
}
"""Those that make no feed old."""

NOT_ON_PAGES: Mapping[type[SQLModel], str] = {**NOT_WATCHED, FeedLink: "of calendars only"}
"""Those that leave the stamp of a covenant."""

_TABLES = SQLModel.metadata.tables
_COVENANTS, _PEOPLE, _LINKS = _TABLES["covenant"], _TABLES["person"], _TABLES["feed_link"]
_TOUCHED, _STAMPED, _IN_FLUSH, _ALL, _ALL_STAMPS = "touched", "stamped", "in_flush", "all_feeds", "all_stamps"
_NAMES_NOT_IN_FEEDS, _NAMES_NOT_ON_PAGES = (
    frozenset(str(kind.__tablename__) for kind in kinds) for kinds in (NOT_IN_FEEDS, NOT_ON_PAGES)
)


@dataclass(slots=True)
class Touched:
    """What one transaction changed: values by the column that they are of, through which a covenant is found.

    Beside those the people whom a row names, and the links that were written themselves.
    """

    places: dict["Column[Any]", set[int]] = field(default_factory=lambda: defaultdict(set))
    people: set[int] = field(default_factory=set)
    links: set[int] = field(default_factory=set)
    is_everything: bool = False

    def __bool__(self) -> bool:
        return self.is_everything or any((self.places, self.people, self.links))

    @property
    def is_many(self) -> bool:
        """Whether telling which ones would cost more than it spares."""
        return self.is_everything or max(map(len, self.places.values()), default=0) > MANY

    def add(self, row: SQLModel) -> None:
        """One row that was written: the nearest of its ways that names something, and the people it names."""
        table: Table = inspect(row).mapper.local_table
        if table is _LINKS:
            self.links |= _values(row, table.c.id)
            return
        to_covenant = ways(table)
        self.is_everything |= not to_covenant
        for column in to_covenant:
            if end_of(column) is _PEOPLE.c.id:
                self.people |= _values(row, column)
        self._add_place(row, to_covenant)

    def _add_place(self, row: SQLModel, to_covenant: Iterable["Column[Any]"]) -> None:
        for column in to_covenant:
            if values := _values(row, column):
                self.places[end_of(column)] |= values
                return


class WritingSession(Session):
    """The session of `Database.writing()`."""


def make_old(session: Session, covenant_id: int) -> None:
    """Pages of a covenant are old, though none of its rows was written: something is said of it."""
    stamped: Touched = session.info.setdefault(_STAMPED, Touched())
    stamped.places[_COVENANTS.c.id].add(covenant_id)


def watch(engine: Engine) -> None:
    """Notices statements on this engine that go round the mapper."""
    event.listen(engine, "begin", _forget)
    event.listen(engine, "before_execute", _notice_statement)


@event.listens_for(WritingSession, "before_flush")
def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    session.connection().info[_IN_FLUSH] = True


@event.listens_for(WritingSession, "after_flush")
def _after_flush(session: Session, _context: Any) -> None:
    """Collects the rows that this flush wrote; their history is still to be seen here."""
    session.connection().info[_IN_FLUSH] = False
    _collect(session, session.info.setdefault(_TOUCHED, Touched()), _NAMES_NOT_IN_FEEDS, NOT_CONTENT)
    _collect(session, session.info.setdefault(_STAMPED, Touched()), _NAMES_NOT_ON_PAGES, NOT_STAMPING)


def _collect(session: Session, touched: Touched, leaving: frozenset[str], but: frozenset[str]) -> None:
    for row in (*session.new, *session.deleted, *(row for row in session.dirty if _is_changed(row, but))):
        if row.__tablename__ not in leaving:
            touched.add(row)


@event.listens_for(WritingSession, "before_commit")
def _before_commit(session: Session) -> None:
    """The new version, in the transaction of the write itself."""
    session.flush()
    connection = session.connection()
    touched: Touched = session.info.pop(_TOUCHED, None) or Touched()
    if connection.info.pop(_ALL, False) or touched.is_many:
        _renew(connection, FeedLink.version, None)
    elif touched:
        _renew(connection, FeedLink.version, _links_of(touched))
    stamped: Touched = session.info.pop(_STAMPED, None) or Touched()
    if connection.info.pop(_ALL_STAMPS, False) or stamped.is_many:
        _renew(connection, Covenant.stamp, None)
    elif stamped.places:
        _renew(connection, Covenant.stamp, col(Covenant.id).in_(_covenants_of(stamped)))


@event.listens_for(WritingSession, "after_rollback")
def _after_rollback(session: Session) -> None:
    session.info.pop(_TOUCHED, None)
    session.info.pop(_STAMPED, None)


def _forget(connection: Connection) -> None:
    connection.info[_IN_FLUSH] = connection.info[_ALL] = connection.info[_ALL_STAMPS] = False


def _notice_statement(connection: Connection, statement: Any, _many: Any, _one: Any, options: Any) -> None:
    is_ours = isinstance(statement, UpdateBase) and not connection.info.get(_IN_FLUSH)
    if not is_ours or not options.get("feeds", True):
        return
    name = getattr(statement.table, "name", "")
    info = connection.info  # empty again when the driver's connection was made anew within a transaction
    info[_ALL] = info.get(_ALL, False) or name not in _NAMES_NOT_IN_FEEDS
    info[_ALL_STAMPS] = info.get(_ALL_STAMPS, False) or name not in _NAMES_NOT_ON_PAGES


def _is_changed(row: Any, but: frozenset[str]) -> bool:
    """Whether anything that may be shown is another value than it was."""
    return any(one.history.has_changes() for one in inspect(row).attrs if one.key not in but)


@cache
def ways(table: Table) -> tuple["Column[Any]", ...]:
    """The columns of a table by which its rows lead to a covenant, the nearest first; of a covenant and a person their
    own id."""
    if table in (_COVENANTS, _PEOPLE):
        return (table.c.id,)
    leading = [column for column in table.columns if column.foreign_keys and end_of(column).table is not table]
    far = {column: _distance(end_of(column).table) for column in leading}
    return tuple(sorted((column for column in leading if far[column] is not None), key=lambda column: far[column] or 0))


def _distance(table: Table) -> int | None:
    """How many steps it is from a table to the covenants; None where no way leads."""
    if table in (_COVENANTS, _PEOPLE):
        return 0 if table is _COVENANTS else 3  # from a person by their seat and its party
    to_covenant = ways(table)
    return 1 + (_distance(end_of(to_covenant[0]).table) or 0) if to_covenant else None


def end_of(column: "Column[Any]") -> "Column[Any]":
    """The column that a foreign key names; any other column itself."""
    return next((key.column for key in column.foreign_keys), column)


def _values(row: SQLModel, column: "Column[Any]") -> set[int]:
    """What a row holds in a column, and what it held before."""
    state: Any = inspect(row)
    name = state.mapper.get_property_by_column(column).key
    return {value for value in (getattr(row, name), *state.attrs[name].history.deleted) if value is not None}


def _covenants_of(touched: Touched) -> Any:
    """The covenants that were touched, whichever way."""
    queries = [_covenants_with(column, sorted(values)) for column, values in touched.places.items()]
    return union(*queries) if queries else select(_COVENANTS.c.id).where(_COVENANTS.c.id.in_([]))


def _covenants_with(column: "Column[Any]", values: Any) -> Any:
    """The covenants to which rows lead that have one of these values (a list, or a query for them) in a column."""
    if column.table is _COVENANTS:
        return select(_COVENANTS.c.id).where(column.in_(values))
    if column.table is _PEOPLE:
        seats = select(col(Membership.party_id)).where(col(Membership.person_id).in_(values))
        return select(col(PartyRow.covenant_id)).where(col(PartyRow.id).in_(seats))
    way = ways(column.table)[0]
    return _covenants_with(end_of(way), select(way).where(column.in_(values)))


def _links_of(touched: Touched) -> Any:
    """The links of everybody who sits in a touched covenant, or shares a mailbox with somebody who does."""
    covenants = _covenants_of(touched)
    seats = select(col(PartyRow.id)).where(col(PartyRow.covenant_id).in_(covenants))
    seated = select(col(Membership.person_id)).where(col(Membership.party_id).in_(seats))
    boxes = select(col(Person.email)).where(or_(col(Person.id).in_(seated), col(Person.id).in_(sorted(touched.people))))
    people = select(col(Person.id)).where(col(Person.email).in_(boxes))
    return or_(
        col(FeedLink.person_id).in_(people),
        col(FeedLink.covenant_id).in_(covenants),
        col(FeedLink.id).in_(sorted(touched.links)),
    )


def _renew(connection: Connection, mark: Any, where: Any) -> None:
    """Gives these links or covenants another mark, or all of them."""
    table: Table = mark.class_.__table__
    command = update(table).values({mark.key: token_hex(8)}).execution_options(**UNSEEN)
    if where is not None:  # always locked in one order, so that two writers never wait for each other
        mine = select(table.c.id).where(where).order_by(table.c.id)
        command = command.where(table.c.id.in_(mine.with_for_update(key_share=True)))  # nor for who adds a row to it
    connection.execute(command)
