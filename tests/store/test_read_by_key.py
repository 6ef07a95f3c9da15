"""What a round of the clock asks of SQLite is found by an index, however long the ledger: nothing is read through."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, event, update

from cycle.actions.mails.gathering import gather
from cycle.actions.office.office import Office
from cycle.store.tables import DeadlineRow
from tests.actions.mailbox import at

NOW = at("2027-03-02")
GROWING = ("reminder", "deadline_party", "answer", "fact", "message_covenant")
"""Tables that hold a line for each thing that ever was."""


def test_a_deadline_that_is_due_is_read_with_what_hangs_on_it_and_nothing_else(quick_example: Office) -> None:
    with quick_example.database.writing() as session:
        due = update(DeadlineRow).where(DeadlineRow.id == 40).values(next_moment=NOW - timedelta(hours=1))
        session.connection().execute(due)

    with asked() as statements, quick_example.database.reading() as session:
        gather(session, quick_example.settings, NOW)
        plans = [line for statement in statements for line in plan_of(session, *statement)]

    assert len(plans) > 20
    assert [line for line in plans if line.partition("SCAN ")[2].split(" ")[0] in GROWING] == []


@contextmanager
def asked() -> Iterator[list[tuple[str, Any]]]:
    """The statements of a block, with their values."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        statements.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    yield statements
    event.remove(Engine, "before_cursor_execute", note)


def plan_of(session: Any, statement: str, values: Any) -> list[str]:
    """How SQLite goes about it, line by line."""
    if not statement.lstrip().startswith("SELECT"):
        return []
    return [row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
