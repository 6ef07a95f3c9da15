"""Facts and figures are only added: the database itself refuses to change one or to remove it, but for emptying the
words of a fact.

`upgrading` lays these triggers after each upgrade, whatever became of the tables in it.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, inspect

WORDS = ("text", "old", "new", "salt")
GUARDED = {"fact": WORDS, "figure": ()}
"""The tables that are only added to, each with the columns that may be emptied."""


def lay(connection: Connection) -> None:
    """Lays the guards, where there is something to guard."""
    lines = _on_sqlite if connection.dialect.name == "sqlite" else _on_postgresql
    for table in _there(connection):
        lasting = [column["name"] for column in inspect(connection).get_columns(table)]
        for statement in lines(table, [name for name in lasting if name not in GUARDED[table]]):
            connection.exec_driver_sql(statement)


def take_away(connection: Connection) -> None:
    """For an upgrade, which may change what they are kept in."""
    for table in _there(connection):
        where = "" if connection.dialect.name == "sqlite" else f" ON {table}"
        for name in _names(table):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{where}")


def _there(connection: Connection) -> list[str]:
    return [table for table in GUARDED if inspect(connection).has_table(table)]


def _names(table: str) -> tuple[str, str, str]:
    return f"{table}_is_not_changed", f"{table}_is_not_removed", f"{table}s_are_not_removed"


def _refused(table: str) -> str:
    return f"a {table} is only added, never changed or removed"


def _is_emptied(table: str, lasting: list[str], same: str) -> str:
    """Whether a new row is the old one without its words."""
    as_it_was = [f'NEW."{name}" {same} OLD."{name}"' for name in lasting]
    return " AND ".join([*as_it_was, *(f"NEW.\"{name}\" = ''" for name in GUARDED[table])])


def _on_sqlite(table: str, lasting: list[str]) -> Iterator[str]:
    change, removal, _all = _names(table)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_refused(table)}'); END"
    yield f"CREATE TRIGGER {change} BEFORE UPDATE ON {table} WHEN NOT ({_is_emptied(table, lasting, 'IS')}) {refuse}"
    yield f"CREATE TRIGGER {removal} BEFORE DELETE ON {table} {refuse}"


def _on_postgresql(table: str, lasting: list[str]) -> Iterator[str]:
    change, removal, every = _names(table)
    run = f"EXECUTE FUNCTION refuse_change_of_{table}()"
    is_emptied = _is_emptied(table, lasting, "IS NOT DISTINCT FROM")
    yield (
        f"CREATE OR REPLACE FUNCTION refuse_change_of_{table}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_refused(table)}'; END $$"
    )
    yield f"CREATE TRIGGER {change} BEFORE UPDATE ON {table} FOR EACH ROW WHEN (NOT ({is_emptied})) {run}"
    yield f"CREATE TRIGGER {removal} BEFORE DELETE ON {table} FOR EACH ROW {run}"
    yield f"CREATE TRIGGER {every} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {run}"
