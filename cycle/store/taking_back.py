"""What facts tell taken back: rows are again what they were before some changes, and that is a fact itself.

It goes by the rows alone. Whoever takes something back says who does it and why (`noticing.say`), refuses what people
built on it, and lets follow what follows from the rows: the state of a deadline, its sequence, its next moment.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, LargeBinary, Table
from sqlalchemy.types import TypeEngine
from sqlmodel import Session, SQLModel

from cycle.store import facts
from cycle.store.happened import PastChange
from cycle.store.tables import Day, Moment, Word
from cycle.store.told_tables import SUBJECTS, told_columns

ONLY_ON: Mapping[str, frozenset[str]] = {
    "deadline": frozenset({"sequence", "known_since", "news"}),
    "part": frozenset({"known_since"}),
}
"""Columns that only ever go on, by what facts call their rows: calendars and mails must see the way back too."""


def take_back(session: Session, changes: Sequence[PastChange]) -> PastChange | None:
    """Each row that these changed is what it was: what came goes, what went comes, what changed is as it was.

    Gives the first change on which something else was built (the row is not what it left there, or another row needs
    it); then nothing was taken back at all.
    """
    with session.begin_nested() as together:
        for change in sorted(changes, key=lambda one: one.id, reverse=True):
            if not is_as_left(session, change):
                together.rollback()
                return change
            _put_back(session, change)
        session.flush()
    return None


def is_as_left(session: Session, change: PastChange) -> bool:
    """Whether a row is still what a change made of it. What was only said of a thing changed no row."""
    row = row_of(session, change)
    if not change.new:
        return row is None if change.old else True
    return row is not None and _told(row, change.new, change.subject) == _without(change.new, change.subject)


def row_of(session: Session, change: PastChange) -> Any:
    """The row that a change is about, as it is now; None when it is not there (any more)."""
    kind = _CLASSES.get(change.subject)
    return session.get(kind, _key(change)) if kind is not None and (change.old or change.new) else None


def values_of(kind: type[SQLModel], told: Mapping[str, Any]) -> dict[str, Any]:
    """Values as facts have them, as the columns of a row hold them."""
    table: Table = kind.__table__  # type: ignore[attr-defined]
    return {name: _value(table.c[name].type, value) for name, value in told.items() if name in table.c}


def _put_back(session: Session, change: PastChange) -> None:
    kind, row = _CLASSES.get(change.subject), row_of(session, change)
    if kind is None or not (change.old or change.new):
        return
    if not change.old:
        session.delete(row)
    elif not change.new:
        session.add(kind(**values_of(kind, change.old)))
    else:
        for name, value in values_of(kind, _without(change.old, change.subject)).items():
            setattr(row, name, value)
    session.flush()


def _key(change: PastChange) -> tuple[Any, ...]:
    table: Table = _CLASSES[change.subject].__table__  # type: ignore[attr-defined]
    values = change.new or change.old
    return change.subject_id, *(values[column.key] for column in list(table.primary_key)[1:])


def _told(row: Any, names: Iterable[str], subject: str) -> dict[str, Any]:
    """Some values of a row, as facts have them."""
    held = {name: getattr(row, name) for name in names if hasattr(row, name)}
    return _without(facts.values_in(facts.text_of(held)), subject)


def _without(values: Mapping[str, Any], subject: str) -> dict[str, Any]:
    only_on = ONLY_ON.get(subject, frozenset())
    return {name: value for name, value in values.items() if name not in only_on}


def _value(kind: TypeEngine[Any], value: Any) -> Any:
    if value is None or isinstance(kind, JSON):
        return value
    if isinstance(kind, LargeBinary):
        raise ValueError("of bytes a fact has only their hash")
    if isinstance(kind, Word):
        return _member(kind.words, value)
    python: Any = datetime if isinstance(kind, Moment) else date if isinstance(kind, Day) else kind.python_type
    return python.fromisoformat(value) if python in (datetime, date, time) else value


def _member(words: type[StrEnum], value: str) -> str:
    return words(value) if value in set(words) else value


def _classes() -> dict[str, type[SQLModel]]:
    mapped: dict[str, type[SQLModel]] = {
        str(one.class_.__tablename__): one.class_ for one in SQLModel._sa_registry.mappers
    }
    told = {name: kind for name, kind in mapped.items() if told_columns(SQLModel.metadata.tables[name])}
    return {SUBJECTS.get(name, name): kind for name, kind in told.items()}


_CLASSES = _classes()
