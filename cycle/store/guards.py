"""Facts are only added: the database itself refuses to change one or to remove it, but for emptying its words.

`upgrading` lays these triggers after each upgrade, whatever became of the table in it.
"""

from sqlalchemy import Connection, inspect

from cycle.store.tables import Fact

TABLE = "fact"
WORDS = ("text", "old", "new", "salt")
REFUSED = "a fact is only added, never changed or removed"

_CHANGE, _REMOVAL, _ALL = "fact_is_not_changed", "fact_is_not_removed", "facts_are_not_removed"


def lay(connection: Connection) -> None:
    """Lays the guards, where there are facts to guard."""
    if not inspect(connection).has_table(TABLE):
        return
    for statement in _on_sqlite() if connection.dialect.name == "sqlite" else _on_postgresql():
        connection.exec_driver_sql(statement)


def take_away(connection: Connection) -> None:
    """For an upgrade, which may change what facts are kept in."""
    if not inspect(connection).has_table(TABLE):
        return
    where = "" if connection.dialect.name == "sqlite" else f" ON {TABLE}"
    for name in (_CHANGE, _REMOVAL, _ALL):
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{where}")


def _is_emptied(same: str) -> str:
    """Whether a new row is the old one without its words."""
    lasting = [column.key for column in Fact.__table__.columns if column.key not in WORDS]  # type: ignore[attr-defined]
    return " AND ".join(
        [*(f'NEW."{name}" {same} OLD."{name}"' for name in lasting), *(f"NEW.\"{name}\" = ''" for name in WORDS)]
    )


def _on_sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    return [
        f"CREATE TRIGGER {_CHANGE} BEFORE UPDATE ON {TABLE} WHEN NOT ({_is_emptied('IS')}) {refuse}",
        f"CREATE TRIGGER {_REMOVAL} BEFORE DELETE ON {TABLE} {refuse}",
    ]


def _on_postgresql() -> list[str]:
    run = "EXECUTE FUNCTION refuse_change_of_fact()"
    return [
        "CREATE OR REPLACE FUNCTION refuse_change_of_fact() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$",
        f"CREATE TRIGGER {_CHANGE} BEFORE UPDATE ON {TABLE} FOR EACH ROW "
        f"WHEN (NOT ({_is_emptied('IS NOT DISTINCT FROM')})) {run}",
        f"CREATE TRIGGER {_REMOVAL} BEFORE DELETE ON {TABLE} FOR EACH ROW {run}",
        f"CREATE TRIGGER {_ALL} BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT {run}",
    ]
