"""What happens is written down in one place: by the session that writes, as `touching` makes old what is kept.

Whatever goes through `Database.writing()` is noticed: each row that comes, changes or goes becomes a fact with what it
held before and what it became, in the same transaction, so no act can forget it. What an act says of it in words
(`say`) joins the change of the thing it is about; the other changes of that transaction bear the same actor and moment.

Each table counts, with each of its columns, unless it is named below with the reason why not. A statement that goes
round the mapper does not tell what it changed: on what is told it is refused, unless it bears `untold`, with a reason.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import JSON, Connection, Engine, Table, event, select
from sqlalchemy.orm import Mapper, SessionTransaction, object_session
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.sql.dml import Delete, Insert, UpdateBase
from sqlmodel import Session, SQLModel

from cycle.store import facts
from cycle.store.facts import NewFact, text_of
from cycle.store.tables import (
    Actor,
    Beat,
    Covenant,
    DeadlineRow,
    DeskSession,
    Fact,
    FactHead,
    FeedFetch,
    FeedLink,
    Installation,
    LetterDraft,
    LetterheadRow,
    MailReply,
    Message,
    MessageCovenant,
    OutboxPause,
    Person,
    ReminderRow,
    RhythmRow,
    SentForm,
    SignIn,
    SnapshotLine,
    TypedForm,
)
from cycle.store.touching import WritingSession, end_of, make_old, ways

_OF_MAIL = "mails are their own ledger, and not in the chain"
_OF_VISITS = "of browsers and their forms, and soon forgotten"
_OF_SERVICE = "of the service, and no history of anything"
_ITS_MOMENT = "the moment of the fact itself"
_OF_FACTS = "it is what facts are kept in"

NOT_TOLD: Mapping[type[SQLModel], str] = {
    Message: _OF_MAIL,
    MessageCovenant: _OF_MAIL,
    MailReply: "what people write by mail is theirs until somebody takes it over as an answer, which is a fact",
    ReminderRow: _OF_MAIL,
    FeedLink: "keys of calendars, of which the acts themselves say what became of them",
    FeedFetch: "a note beside a link",
    SignIn: _OF_VISITS,
    DeskSession: _OF_VISITS,
    SentForm: _OF_VISITS,
    TypedForm: _OF_VISITS,
    Beat: _OF_SERVICE,
    OutboxPause: _OF_SERVICE,
    Installation: _OF_SERVICE,
    SnapshotLine: "a copy of answers, made once with its snapshot and never changed",
    Actor: _OF_FACTS,
    Fact: _OF_FACTS,
    FactHead: _OF_FACTS,
}
"""Tables whose rows are no facts, and why."""

NOT_TOLD_OF: Mapping[type[SQLModel], Mapping[str, str]] = {
    Covenant: {"stamp": "it follows from every other write"},
    Person: {
        "hard_bounces": _OF_MAIL,
        "undeliverable_since": _OF_MAIL,
        "seal_mark": "a secret that opens the links of a person",
        "mark_renewed_at": "it goes with the secret; the act itself says that links ended",
    },
    DeadlineRow: {
        "next_moment": "worked out by the planner",
        "changed_at": _ITS_MOMENT,
    },
    RhythmRow: {"changed_at": _ITS_MOMENT},
    LetterDraft: {"changed_at": _ITS_MOMENT},
    LetterheadRow: {"changed_at": _ITS_MOMENT},
}
"""Columns that are no facts, and why."""

CAME, CHANGED, WENT = "nieuw", "gewijzigd", "weg"
"""The kinds of change that no act says anything of."""

SUBJECTS = {"deadline_party": "part", "party_group": "group"}
"""What a row of a table is called among facts; any other by the name of its table."""

WORDS = {
    "termijn": "deadline",
    "persoon": "person",
    "lezing": "reading",
    "bericht": "message",
    "afspraak": "agreement",
    "convenant": "covenant",
    "partij": "party",
    "groep": "group",
    "uitnodigingsbrief": "letter",
    "brief": "letter",
    "huisstijl": "letterhead",
    "signaal": "signal",
}
"""What the logbook calls things, and how facts name them."""

_MOMENTS = ("changed_at", "at", "undone_at", "made_at", "imported_at", "created_at", "approved_at", "added_at")
_NOTED, _BEFORE_NESTED, _IS_TOLD, _REASON, _GONE = "noted", "noted_before_nested", "is_told", "untold", "gone"
_CONNECTION = "connection"
_UNTOLD_TABLES = frozenset(str(kind.__tablename__) for kind in NOT_TOLD)
_UNTOLD_COLUMNS = {str(kind.__tablename__): frozenset(columns) for kind, columns in NOT_TOLD_OF.items()}

_NOTHING: Mapping[str, Any] = MappingProxyType({})

Key = tuple[Any, ...]


class RowChange(NamedTuple):
    """What became of one row in a transaction: what it held before, and what it is (None: it was or is not there)."""

    table: Table
    key: Key
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    parent: tuple[Table, Any] | None
    at: datetime | None

    @property
    def subject(self) -> str:
        return SUBJECTS.get(self.table.name, self.table.name)

    @property
    def subject_id(self) -> int:
        return int(self.key[0])

    @property
    def verb(self) -> str:
        return CAME if self.old is None else WENT if self.new is None else CHANGED

    @property
    def is_any(self) -> bool:
        return self.old != self.new


@dataclass(slots=True)
class Noted:
    """All that one transaction did and said."""

    now: datetime | None = None
    by: str = ""
    doers: set[str] = field(default_factory=set)
    said: list[NewFact] = field(default_factory=list)
    changes: dict[tuple[Table, Key], RowChange] = field(default_factory=dict)

    def as_it_stands(self) -> "Noted":
        """The same, whatever becomes of this one: no change is ever written into."""
        return Noted(self.now, self.by, set(self.doers), list(self.said), dict(self.changes))


class Untold(RuntimeError):
    """A statement goes round the mapper on something of which facts are kept: nobody would know what it changed."""


def act(session: Session, now: datetime, by: str) -> None:
    """Says who does what this transaction does, and when; the clock only follows whoever else says so."""
    noted = _noted(session)
    noted.now = noted.now or now
    if not noted.by or noted.by in facts.CLOCKS:
        noted.by = by


def say(
    session: Session,
    now: datetime,
    by: str,
    verb: str,
    about: str,
    text: str = "",
    covenant_id: int | None = None,
    *,
    of: int = 0,
) -> None:
    """What an act says of itself, for the logbook: `about` is what that calls the thing ("termijn 12"), and `of` its
    number where that is another."""
    act(session, now, by)
    subject, subject_id = subject_of(about, covenant_id)
    _noted(session).said.append(NewFact(covenant_id, now, by, verb, subject, of or subject_id, about, text))
    if covenant_id is not None:
        make_old(session, covenant_id)


def add(
    session: Session, now: datetime, by: str, verb: str, subject: str, subject_id: int, covenant_id: int | None
) -> None:
    """A fact of its own, of which the logbook says nothing."""
    act(session, now, by)
    _noted(session).said.append(NewFact(covenant_id, now, by, verb, subject, subject_id))
    if covenant_id is not None:
        make_old(session, covenant_id)


def actor_of(session: Session, by: str) -> int:
    """The number of who does something, for a row that names them as facts do."""
    _noted(session).doers.add(by)
    return facts.actor_of(session.connection(), by)


def subject_of(about: str, covenant_id: int | None = None) -> tuple[str, int]:
    """What kind of thing that is, and its number; 0 where the logbook calls it by another name than its number."""
    word, _, name = about.partition(" ")
    subject = WORDS.get(word, word)
    if subject == "covenant":
        return subject, covenant_id or 0
    return subject, int(name) if name.isdecimal() and len(name) < 10 and subject not in _BY_NAME else 0


_BY_NAME = frozenset({"agreement", "party", "group", "letter"})


def untold(reason: str) -> dict[str, str]:
    """Execution option of a statement that changes what facts are kept of, with the reason why none is written."""
    return {_REASON: reason}


def told_columns(table: Table) -> frozenset[str]:
    """The columns of a table of which facts are kept."""
    if table.name in _UNTOLD_TABLES:
        return frozenset()
    return frozenset(table.columns.keys()) - _UNTOLD_COLUMNS.get(table.name, frozenset())


def watch(engine: Engine) -> None:
    """Notices statements on this engine that go round the mapper."""
    event.listen(engine, "begin", _forget)
    event.listen(engine, "before_execute", _refuse_untold)


@event.listens_for(WritingSession, "after_begin")
def _after_begin(_session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    connection.info[_IS_TOLD] = True


@event.listens_for(WritingSession, "before_flush")
def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    session.info[_CONNECTION] = session.connection()
    session.info[_CONNECTION].info[_IS_TOLD] = False


@event.listens_for(WritingSession, "after_flush")
def _after_flush(session: Session, _context: Any) -> None:
    """Collects what this flush wrote; what it was before is still to be seen here."""
    session.info.pop(_CONNECTION).info[_IS_TOLD] = True
    noted = _noted(session)
    for row in session.new:
        _add(noted, row, was_there=False)
    gone = {id(row): row for row in (*session.deleted, *session.info.pop(_GONE, ()))}
    for row in gone.values():
        _add(noted, row, is_there=False)
    for row in session.dirty:
        _add(noted, row)


@event.listens_for(Mapper, "after_delete")
def _after_delete(_mapper: Any, _connection: Connection, row: Any) -> None:
    """Also one that goes because nothing it belongs to holds it any more, of which the session itself does not tell."""
    session = object_session(row)
    if isinstance(session, WritingSession):
        session.info.setdefault(_GONE, []).append(row)


@event.listens_for(WritingSession, "before_commit")
def _before_commit(session: Session) -> None:
    """The facts, in the transaction of the write itself; last of all, for who holds a chain waits for nobody."""
    if session.in_nested_transaction():
        return
    session.flush()
    noted: Noted = session.info.pop(_NOTED, None) or Noted()
    drafts = _drafts(session, noted)
    if drafts:
        facts.write(session.connection(), drafts, noted.doers)


@event.listens_for(WritingSession, "after_transaction_create")
def _after_transaction_create(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault(_BEFORE_NESTED, {})[transaction] = _noted(session).as_it_stands()


@event.listens_for(WritingSession, "after_soft_rollback")
def _after_soft_rollback(session: Session, ended: SessionTransaction) -> None:
    """What was done and said since a savepoint is not, with the savepoint; and nothing is, without one."""
    before = session.info.get(_BEFORE_NESTED, {}).pop(ended, None)
    session.info[_NOTED] = before if before is not None else Noted()


def _noted(session: Session) -> Noted:
    noted: Noted = session.info.setdefault(_NOTED, Noted())
    return noted


class _Shape(NamedTuple):
    """What is read of the rows of a table: what is told, which of that may be changed within, the key, what they are a
    part of, when they were written."""

    table: Table
    names: tuple[str, ...]
    changeable: tuple[str, ...]
    key: tuple[str, ...]
    parents: tuple[tuple[str, Table], ...]
    moments: tuple[str, ...]


@cache
def _shape(table: Table) -> _Shape:
    told = told_columns(table)
    return _Shape(
        table,
        tuple(column.key for column in table.columns if column.key in told),
        tuple(column.key for column in table.columns if column.key in told and isinstance(column.type, JSON)),
        tuple(column.key for column in table.primary_key),
        tuple((column.key, end_of(column).table) for column in ways(table)),
        tuple(name for name in _MOMENTS if name in table.columns),
    )


def _add(noted: Noted, row: Any, *, was_there: bool = True, is_there: bool = True) -> None:
    """Remembers what became of a row, with what became of it before in this transaction."""
    state = instance_state(row)
    shape = _shape(state.mapper.local_table)
    if not shape.names:
        return
    values = state.dict
    past = _past(state, shape.names) if was_there else _NOTHING
    if not past and was_there and is_there:
        return
    before_it = {name: was.deleted[0] for name, was in past.items() if was.deleted} if past else _NOTHING
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    if was_there and is_there:
        old, new = dict(before_it), _lasting(values, past, shape)
    else:
        whole = _lasting(values, shape.names, shape)
        old, new = ({**whole, **before_it}, None) if was_there else (None, whole)
    key = tuple([values[name] for name in shape.key])
    change = RowChange(shape.table, key, old, new, _parent(values, shape), _first(values, shape.moments))
    key_before = tuple([before_it.get(name, values[name]) for name in shape.key]) if before_it else key
    before = noted.changes.pop((shape.table, key_before), None)
    noted.changes[shape.table, key] = change if before is None else _both(before, change)


def _parent(values: Mapping[str, Any], shape: _Shape) -> tuple[Table, Any] | None:
    """What a row is a part of."""
    for name, table in shape.parents:
        if values.get(name) is not None:
            return table, values[name]
    return None


def _first(values: Mapping[str, Any], names: Iterable[str]) -> Any:
    """The first of these that a row has."""
    for name in names:
        if values.get(name) is not None:
            return values[name]
    return None


def _past(state: Any, names: Iterable[str]) -> dict[str, Any]:
    """What changed of a row that was there, with what it was before as far as that was read."""
    histories = {name: state.attrs[name].history for name in names if name in state.committed_state}
    return {name: history for name, history in histories.items() if history.has_changes()}


def _lasting(values: Mapping[str, Any], names: Iterable[str], shape: _Shape) -> dict[str, Any]:
    """All that is known of a row, to stay as it is whatever becomes of the row; of one that goes perhaps not everything
    was read."""
    lasting = {name: values[name] for name in names if name in values}
    for name in shape.changeable:
        if lasting.get(name):
            lasting[name] = _copied(lasting[name])
    return lasting


def _copied(value: Any) -> Any:
    """What a JSON column holds, apart from what may be written into it later."""
    if isinstance(value, dict):
        return {name: _copied(one) for name, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list | tuple) else value


def _both(first: RowChange, second: RowChange) -> RowChange:
    """Two changes of one row in one transaction are one; what came to be as it was is none."""
    old, new = first.old, second.new
    if old is not None and first.new is not None:
        old = {**(second.old or {}), **old}
    if new is not None and second.old is not None:
        new = {**(first.new or {}), **new}
    if old is not None and new is not None:
        differing = {name for name in new if name not in old or old[name] != new[name]}
        old = {name: value for name, value in old.items() if name in differing}
        new = {name: value for name, value in new.items() if name in differing}
    return RowChange(second.table, second.key, old, new, second.parent or first.parent, second.at or first.at)


def _drafts(session: Session, noted: Noted) -> list[NewFact]:
    """The changes of which nothing was said, and then what was said, with the changes of what it is about."""
    changes = [change for change in noted.changes.values() if change.is_any]
    covenants = _covenants(session.connection(), changes)
    said = list(noted.said)
    for place, draft in enumerate(said):
        change = _about(draft, changes, covenants)
        if change is not None:
            changes.remove(change)
            old, new = _texts(change)
            said[place] = replace(draft, subject_id=change.subject_id, old=old, new=new)
    at = noted.now or max((change.at for change in changes if change.at is not None), default=None)
    by = noted.by or facts.THE_CLOCK
    rest = [
        NewFact(
            covenants[id(change)], at, by, change.verb, change.subject, change.subject_id, None, "", *_texts(change)
        )
        for change in changes
    ]
    return rest + said


def _about(draft: NewFact, changes: Sequence[RowChange], covenants: Mapping[int, int | None]) -> RowChange | None:
    """The change of the thing that something was said of: by its number, or the only one of its kind."""
    mine = [one for one in changes if one.subject == draft.subject and covenants[id(one)] == draft.covenant_id]
    if draft.subject_id:
        return next((one for one in mine if one.subject_id == draft.subject_id), None)
    return mine[0] if len(mine) == 1 else None


def _texts(change: RowChange) -> tuple[str, str]:
    """What a row held and what it is, as a fact has it: with the whole key where that is more than a number."""
    names = _shape(change.table).key
    key = dict(zip(names, change.key, strict=True)) if len(names) > 1 else {}
    return (
        "" if change.old is None else text_of({**key, **change.old}),
        "" if change.new is None else text_of({**key, **change.new}),
    )


def _covenants(connection: Connection, changes: Sequence[RowChange]) -> dict[int, int | None]:
    """Of which covenant each change is, by its identity: read from what was written with it, or from the database."""
    known: dict[tuple[Table, Any], tuple[Table, Any] | None] = {
        (change.table, change.key[0]): change.parent for change in changes if len(change.key) == 1
    }
    return {id(change): _covenant(connection, change.parent, known) for change in changes}


def _covenant(
    connection: Connection, place: tuple[Table, Any] | None, known: dict[tuple[Table, Any], tuple[Table, Any] | None]
) -> int | None:
    while place is not None and place[0] not in (_COVENANTS, _PEOPLE):
        if place not in known:
            known[place] = _parent_in(connection, *place)
        place = known[place]
    return int(place[1]) if place is not None and place[0] is _COVENANTS else None


def _parent_in(connection: Connection, table: Table, key: Any) -> tuple[Table, Any] | None:
    """Of what a row that was not written now is a part."""
    to_covenant = ways(table)
    [name] = _shape(table).key
    row = connection.execute(select(*to_covenant).where(table.c[name] == key)).first()
    places = zip(to_covenant, row or (), strict=False)
    return next(((end_of(column).table, value) for column, value in places if value is not None), None)


def _forget(connection: Connection) -> None:
    connection.info[_IS_TOLD] = False


def _refuse_untold(connection: Connection, statement: Any, many: Any, single: Any, options: Any) -> None:
    if not isinstance(statement, UpdateBase) or not connection.info.get(_IS_TOLD) or options.get(_REASON):
        return
    table: Any = statement.table
    told = told_columns(table) if isinstance(table, Table) else frozenset()
    if told and (isinstance(statement, Delete | Insert) or told & _written(statement, many or [single or {}])):
        raise Untold(f"{type(statement).__name__} of {table.name} goes round the mapper; see cycle/store/noticing.py")


def _written(statement: Any, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """The columns that an update writes."""
    named = {getattr(column, "key", column) for column in statement._values or ()}
    return named | set(rows[0])


_COVENANTS: Table = Covenant.__table__  # type: ignore[attr-defined]
_PEOPLE: Table = Person.__table__  # type: ignore[attr-defined]
