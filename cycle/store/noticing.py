"""What happens is written down in one place: by the session that writes, as `touching` makes old what is kept.

Whatever goes through `Database.writing()` is noticed: each row that comes, changes or goes becomes a fact with what it
held before and what it became, in the same transaction, so no act can forget it. What an act says of it in words
(`say`) joins the change of the thing it is about; the other changes of that transaction bear the same actor and moment.

Each table counts, with each of its columns, unless `told_tables` says why not. A statement that goes round the mapper
does not tell what it changed: on what is told it is refused, unless it bears `untold`, with a reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, event, select
from sqlalchemy.orm import Mapper, SessionTransaction, object_session
from sqlalchemy.sql.dml import Delete, Insert, UpdateBase
from sqlmodel import Session

from cycle.store import facts
from cycle.store.facts import NewFact
from cycle.store.row_changes import Changes, RowChange, keep_change, shape_of, texts_of
from cycle.store.tables import Covenant, Person
from cycle.store.told_tables import told_columns
from cycle.store.touching import WritingSession, end_of, make_old, ways

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

_NOTED, _BEFORE_NESTED, _IS_TOLD, _REASON, _GONE = "noted", "noted_before_nested", "is_told", "untold", "gone"
_CONNECTION = "connection"


@dataclass(slots=True)
class Noted:
    """All that one transaction did and said."""

    now: datetime | None = None
    by: str = ""
    doers: set[str] = field(default_factory=set)
    said: list[NewFact] = field(default_factory=list)
    changes: Changes = field(default_factory=dict)

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
        keep_change(noted.changes, row, was_there=False)
    gone = {id(row): row for row in (*session.deleted, *session.info.pop(_GONE, ()))}
    for row in gone.values():
        keep_change(noted.changes, row, is_there=False)
    for row in session.dirty:
        keep_change(noted.changes, row)


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


def _drafts(session: Session, noted: Noted) -> list[NewFact]:
    """The changes of which nothing was said, and then what was said, with the changes of what it is about."""
    changes = [change for change in noted.changes.values() if change.is_any]
    covenants = _covenants(session.connection(), changes)
    said = list(noted.said)
    for place, draft in enumerate(said):
        change = _about(draft, changes, covenants)
        if change is not None:
            changes.remove(change)
            old, new = texts_of(change)
            said[place] = replace(draft, subject_id=change.subject_id, old=old, new=new)
    at = noted.now or max((change.at for change in changes if change.at is not None), default=None)
    by = noted.by or facts.THE_CLOCK
    rest = [
        NewFact(
            covenants[id(change)], at, by, change.verb, change.subject, change.subject_id, None, "", *texts_of(change)
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
    [name] = shape_of(table).key
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
