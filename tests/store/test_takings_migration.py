"""Revision 0017 on rows of older versions: who dropped what is known from what they left, on both engines."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Boolean,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    insert,
    select,
)

from cycle.store.database import MIGRATIONS, Database

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DAY = date(2027, 12, 31)


@pytest.fixture
def old(database_url: str) -> Iterator[Database]:
    """A database as it was before 0017."""
    database = Database(database_url)
    before = ScriptDirectory.from_config(_config()).get_revision("0017").down_revision
    _migrate(database, str(before))
    yield database
    database.close()


def test_who_dropped_it_is_derived_from_the_parts_and_the_logbook(old: Database) -> None:
    with old.engine.begin() as connection:
        world = _World(connection)
        for key, (state, leads, verbs) in DROPPED.items():
            world.deadline(key, state, leads, verbs)
        world.deadline("na een besluit", "dropped", [], [], origin="meeting")
    _migrate(old, "0017")

    with old.engine.begin() as connection:
        table = Table("deadline", MetaData(), autoload_with=connection)
        found = dict(tuple(row) for row in connection.execute(select(table.c.origin_ref, table.c.asked)))
    assert found == {
        "door het jaar, open": "taken",
        "door het jaar, een deed het al": "taken",
        "door een mens": "yes",
        "door een mens, de een gedaan": "yes",
        "zonder trekker, door het jaar": "taken",
        "zonder trekker, door een mens": "yes",
        "zonder trekker, weer open en toen door het jaar": "taken",
        "gedaan": "yes",
        "open": "yes",
        "na een besluit": "yes",
    }


def test_a_move_that_a_meeting_took_back_was_no_move(old: Database) -> None:
    with old.engine.begin() as connection:
        world = _World(connection)
        for key, undone_at in (("teruggedraaid", NOW), ("niet teruggedraaid", None)):
            row = world.deadline(key, "open", ["open"], [], due=DAY, moved_from=DAY)
            world.add(
                "meeting_decision",
                covenant_id=1,
                deadline_id=row,
                about_id=row,
                number=1,
                effect="verplaatsen",
                day=date(2027, 10, 1),
                old_day=DAY,
                at=NOW,
                undone_at=undone_at,
            )
    _migrate(old, "0017")

    with old.engine.begin() as connection:
        table = Table("deadline", MetaData(), autoload_with=connection)
        found = dict(tuple(row) for row in connection.execute(select(table.c.origin_ref, table.c.moved_from)))
    assert found == {"teruggedraaid": None, "niet teruggedraaid": DAY}


DROPPED: dict[str, tuple[str, list[str], list[str]]] = {
    "door het jaar, open": ("dropped", ["open", "open"], []),
    "door het jaar, een deed het al": ("dropped", ["done", "open"], ["gedaan"]),
    "door een mens": ("dropped", ["dropped"], ["vervallen"]),
    "door een mens, de een gedaan": ("dropped", ["dropped", "dropped"], ["gedaan", "vervallen"]),
    "zonder trekker, door het jaar": ("dropped", [], []),
    "zonder trekker, door een mens": ("dropped", [], ["verplaatst", "vervallen"]),
    "zonder trekker, weer open en toen door het jaar": ("dropped", [], ["vervallen", "weer open", "verplaatst"]),
    "gedaan": ("done", ["done"], ["gedaan"]),
    "open": ("open", ["open"], []),
}
"""What an older version left: the state of the whole, of its leads, and the lines of the logbook."""

EMPTY = {String: "", Boolean: False, Integer: 0, Date: DAY, DateTime: NOW, LargeBinary: b""}


class _World:
    """Rows of the older version; what is not given is empty."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._metadata, self._number = connection, MetaData(), 0
        self.add("covenant", id=1, slug="a", name="A")
        self._parties = [self.add("party", covenant_id=1, slug=slug) for slug in ("a", "b")]

    def deadline(self, key: str, state: str, leads: list[str], verbs: list[str], **more: Any) -> int:
        row = self.add(
            "deadline",
            covenant_id=1,
            origin_ref=key,
            occurrence="2027",
            uid=key,
            state=state,
            **({"origin": "agreement"} | more),
        )
        for party, lead in zip(self._parties, leads, strict=False):
            self.add("deadline_party", deadline_id=row, party_id=party, part="lead", state=lead)
        for verb in verbs:
            self.add("decision", covenant_id=1, verb=verb, about=f"termijn {row}")
        return row

    def add(self, name: str, /, **values: Any) -> int:
        table = Table(name, self._metadata, autoload_with=self._connection)
        needed = {
            column.name: next((value for kind, value in EMPTY.items() if isinstance(column.type, kind)), {})
            for column in table.columns
            if not column.nullable and not column.primary_key and column.name not in values
        }
        if "id" in table.columns and "id" not in values:
            self._number += 1
            values["id"] = self._number + 100
        self._connection.execute(insert(table).values(**needed, **values))
        return int(values.get("id", 0))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _migrate(database: Database, revision: str) -> None:
    config = _config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
