"""Facts put together again: what rows must hold if facts tell all that happened to them."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table, select
from sqlmodel import Session, SQLModel, col

from cycle.store.facts import text_of, values_in
from cycle.store.tables import Fact
from cycle.store.told_tables import SUBJECTS, told_columns

Rows = dict[tuple[Any, ...], dict[str, Any]]
"""The rows of which facts are kept, by what they are called there and their key."""

TABLES: dict[str, Table] = {
    SUBJECTS.get(table.name, table.name): table for table in SQLModel.metadata.tables.values() if told_columns(table)
}


def rows_of(session: Session) -> Rows:
    """As they are, with the columns that facts tell of."""
    return {
        (subject, *(row[column.key] for column in table.primary_key)): _told(table, row)
        for subject, table in TABLES.items()
        for row in session.connection().execute(select(table)).mappings()
    }


def folded(session: Session, onto: Rows | None = None, after: int = 0) -> Rows:
    """As facts tell it: those after one of a number, onto the rows as they were then.

    Each fact must begin where the one before it ended.
    """
    rows = dict(onto or {})
    query = select(Fact).where(col(Fact.seq) > 0, col(Fact.id) > after).order_by(col(Fact.id))
    for fact in session.exec(query).scalars():
        old, new = values_in(fact.old), values_in(fact.new)
        if fact.subject not in TABLES or not (old or new):
            continue
        key = _key(fact, old or new)
        before = rows.pop(key, {})
        assert {name: before.get(name) for name in old} == old, (fact.id, key)
        if new:
            rows[_key(fact, new)] = {**before, **new}
    return rows


def differences(session: Session, told: Rows | None = None) -> dict[tuple[Any, ...], Any]:
    """Where facts (all, unless they were folded before) and rows differ: what is told, and what is."""
    told, rows = folded(session) if told is None else told, rows_of(session)
    return {key: (told.get(key), rows.get(key)) for key in _keys(told, rows) if told.get(key) != rows.get(key)}


def _keys(*rows: Rows) -> Iterator[tuple[Any, ...]]:
    yield from {key: None for some in rows for key in some}


def _told(table: Table, row: Any) -> dict[str, Any]:
    told = told_columns(table)
    return values_in(text_of({name: row[name] for name in row if name in told}))


def _key(fact: Fact, values: dict[str, Any]) -> tuple[Any, ...]:
    rest = list(TABLES[fact.subject].primary_key)[1:]
    return (fact.subject, fact.subject_id, *(values[column.key] for column in rest))
