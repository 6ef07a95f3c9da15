"""From one revision of the tables to another, in one transaction: all of it, or nothing.

SQLite changes a table by making another, and dropping the old one. With foreign keys on that fails as soon as a row
points at it, so they are off meanwhile; SQLite takes that only outside a transaction. Nothing is committed before every
row was seen to point at something. PostgreSQL changes its tables in place, and needs none of this.

A table that is made anew has no triggers: those that guard facts are taken away before and laid again behind it, on
both engines, so that no revision needs to think of them.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from cycle.errors import CycleError
from cycle.store import guards
from cycle.store.ids import counters_kept

MIGRATIONS = Path(__file__).parent / "migrations"
FORMER_TABLES = frozenset({"decision"})
"""Tables of ours that a database of an earlier version may have, and this one has not."""


def upgrade(engine: Engine, target: str = "head") -> None:
    """Brings the tables to a revision.

    Raises CycleError when rows would point at nothing afterwards; then everything is as it was.
    """
    with engine.connect() as connection, _own_rules(connection), connection.begin():
        _run(connection, target)


def upgrade_within(connection: Connection) -> None:
    """Lays the newest tables in a transaction of somebody else, who keeps it or not: for PostgreSQL."""
    _run(connection, "head")


@contextmanager
def _own_rules(connection: Connection) -> Iterator[None]:
    """What SQLite needs around the transaction."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _run(connection: Connection, target: str) -> None:
    guards.take_away(connection)
    with counters_kept(connection):
        _alembic(connection, target)
    guards.lay(connection)
    if connection.dialect.name == "sqlite":
        _refuse_loose_rows(connection)


def _alembic(connection: Connection, target: str) -> None:
    from alembic import command  # noqa: PLC0415 - 300 ms and 10 MB, and only a migration needs it
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def _refuse_loose_rows(connection: Connection) -> None:
    loose = Counter((row[0], row[2]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check"))
    if loose:
        rows = "; ".join(f"{count} in {table} (naar {parent})" for (table, parent), count in sorted(loose.items()))
        raise CycleError(
            f"Bijwerken lukt niet: er zijn rijen die verwijzen naar iets dat er niet is: {rows}.",
            "Er is niets veranderd: de vorige versie van cycle werkt er nog mee. Bewaar een kopie en meld het.",
        )
