"""One rule for what is kept: each table makes it old unless it is named as one that does not; on both engines.

What a write to the tables of today makes old is told more closely in `test_feed_versions` and `test_stamps`.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Column, ForeignKey, Table, delete, false, func, insert, select, update
from sqlmodel import Field, Session, SQLModel

from cycle.actions.feeds import new_link
from cycle.actions.office.office import Office
from cycle.store import tables
from cycle.store.noticing import untold
from cycle.store.touching import NOT_IN_FEEDS, NOT_ON_PAGES, NOT_WATCHED
from tests.actions.mailbox import at

NOW = at("2026-11-21")
KINDS = {
    kind.__tablename__: kind for kind in vars(tables).values() if isinstance(kind, type) and hasattr(kind, "__table__")
}
NUMBERS = count(1000)

Old = tuple[bool, bool]
"""Whether a write made a feed old, and a page."""


class Remark(SQLModel, table=True):
    """A table that nobody told `touching` of; it leads to a covenant by a deadline."""

    metadata = type(SQLModel.metadata)()
    id: int | None = Field(default=None, primary_key=True)
    deadline_id: int = Field(sa_column=Column(ForeignKey(tables.DeadlineRow.__table__.c.id)))  # type: ignore[attr-defined]
    words: str = ""


class Loose(SQLModel, table=True):
    """Another, from which no way leads anywhere."""

    metadata = type(SQLModel.metadata)()
    id: int | None = Field(default=None, primary_key=True)
    words: str = ""


@pytest.fixture
def look(example: Office) -> Callable[[], list[dict[str, str]]]:
    """The versions of a link in Terneuzen and the stamps of it and of a covenant beside it."""
    with example.database.writing() as session:
        session.add(tables.Covenant(slug="hulst", name="Hulst", live_since=date(2026, 1, 1)))
    new_link(example, "bestuur@shb.example", NOW)

    def kept() -> list[dict[str, str]]:
        with example.database.reading() as session:
            links = session.connection().execute(select(tables.FeedLink.id, tables.FeedLink.version))
            stamps = session.connection().execute(select(tables.Covenant.slug, tables.Covenant.stamp))
            return [dict(map(tuple, links)), dict(map(tuple, stamps))]  # type: ignore[arg-type]

    return kept


@pytest.fixture
def told(example: Office, look: Callable[[], list[dict[str, str]]]) -> Callable[[Callable[[Session], object]], Old]:
    """Writes something, and tells what that made old in Terneuzen."""

    def made_old(write: Callable[[Session], object]) -> Old:
        links, stamps = look()
        with example.database.writing() as session:
            write(session)
        links_after, stamps_after = look()
        return links != links_after, stamps["terneuzen"] != stamps_after["terneuzen"]

    return made_old


@pytest.fixture
def new_tables(example: Office) -> Iterator[None]:
    """Both new tables in the database."""
    for kind in (Remark, Loose):
        kind.metadata.create_all(example.database.engine)
    yield
    for kind in (Remark, Loose):
        kind.metadata.drop_all(example.database.engine)


@pytest.mark.usefixtures("new_tables")
def test_a_table_that_nobody_told_of_makes_old_what_is_kept(
    example: Office, told: Callable[[Callable[[Session], object]], Old], look: Callable[[], list[dict[str, str]]]
) -> None:
    """By a row that is added, changed and removed, and by each kind of statement."""
    with example.database.reading() as session:
        deadline = session.connection().execute(select(func.min(tables.DeadlineRow.id))).scalar()
    row = Remark(deadline_id=deadline or 0)
    stamp = look()[1]["hulst"]
    assert [
        told(lambda session: session.add(row)),
        told(
            lambda session: session.add(session.merge(Remark(id=row.id, deadline_id=row.deadline_id, words="anders")))
        ),
        told(lambda session: session.delete(session.get_one(Remark, row.id))),
    ] == [(True, True)] * 3
    assert look()[1]["hulst"] == stamp
    table, values, once = _table(Remark), [{"deadline_id": deadline, "words": ""}], untold("a test")
    assert [
        told(lambda session: session.connection().execute(insert(table), values, execution_options=once)),
        told(
            lambda session: session.connection().execute(update(table).values(words="anders"), execution_options=once)
        ),
        told(lambda session: session.connection().execute(delete(table), execution_options=once)),
    ] == [(True, True)] * 3


@pytest.mark.usefixtures("new_tables")
def test_a_table_that_leads_nowhere_makes_everything_old(
    told: Callable[[Callable[[Session], object]], Old], look: Callable[[], list[dict[str, str]]]
) -> None:
    stamp = look()[1]["hulst"]
    assert told(lambda session: session.add(Loose())) == (True, True)
    assert look()[1]["hulst"] != stamp


def test_each_table_counts_by_row_and_by_statement_unless_it_is_named_with_a_reason(
    example: Office, told: Callable[[Callable[[Session], object]], Old]
) -> None:
    rows = {name: _row(example, kind) for name, kind in KINDS.items()}
    expected = {name: (kind not in NOT_IN_FEEDS, kind not in NOT_ON_PAGES) for name, kind in KINDS.items()}
    by_row = {name: told(lambda session, row=row: session.add(row)) for name, row in rows.items()}
    by_statement = {name: told(lambda session, kind=kind: _say(session, kind)) for name, kind in KINDS.items()}
    assert (by_row, by_statement) == (expected, expected)


def test_every_table_of_the_database_is_walked_here_and_every_reason_says_something() -> None:
    assert set(KINDS) == set(SQLModel.metadata.tables)
    assert set(NOT_WATCHED) <= set(NOT_IN_FEEDS) & set(NOT_ON_PAGES)
    assert [reason for reason in (*NOT_IN_FEEDS.values(), *NOT_ON_PAGES.values()) if len(reason) < 10] == []


def _say(session: Session, kind: type[SQLModel]) -> None:
    """A statement on a table that changes nothing; facts let nobody change them, so it finds no row."""
    column = list(_table(kind).columns)[-1]
    nothing = update(_table(kind)).where(false()).execution_options(**untold("it changes nothing"))
    session.connection().execute(nothing.values({column: column}))


def _row(office: Office, kind: type[SQLModel]) -> SQLModel:
    """A row to write: one more about the people and the deadlines of Terneuzen where it names any; of the covenants,
    the people and what there is one of, one that is there, under another name. What it names is written before."""
    if kind in (tables.Covenant, tables.Person, tables.Installation):
        with office.database.reading() as session:
            known = session.get_one(kind, 1)
        setattr(known, "uid" if kind is tables.Installation else "name", "Anders")
        return known
    fields = kind.model_fields
    needed = [
        column
        for column in _table(kind).columns
        if fields[column.name].is_required() or any(key.column.table is not column.table for key in column.foreign_keys)
    ]
    return kind(**{column.name: _value(office, column, fields[column.name].annotation) for column in needed})


def _value(office: Office, column: "Column[Any]", annotation: Any) -> Any:
    number = next(NUMBERS)
    if not column.foreign_keys:
        made = {str: f"x{number}", int: number, float: number, date: date(2027, 3, 1), datetime: NOW, bytes: b"x"}
        return made[annotation] if annotation in made else next(iter(annotation))
    [key] = column.foreign_keys
    is_there = key.column.table.name in ("covenant", "party", "person", "deadline", "agreement")
    return 1 if is_there and not column.primary_key else _parent(office, KINDS[key.column.table.name])


def _parent(office: Office, kind: type[SQLModel]) -> Any:
    """The id of a row of its own, for one that names it."""
    row = _row(office, kind)
    with office.database.writing() as session:
        session.add(row)
    return row.id  # type: ignore[attr-defined]


def _table(kind: type[SQLModel]) -> Table:
    return kind.__table__  # type: ignore[attr-defined,no-any-return]
