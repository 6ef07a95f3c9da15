"""What a round of the clock asks of SQLite is found by an index, however long the ledger: nothing is read through."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, event, update

from cycle.actions.mails.morning.gathering import gather
from cycle.actions.office.office import Office
from cycle.store import happened
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


def test_the_past_is_read_by_key_however_long_it_is(quick_example: Office) -> None:
    """The history of an agreement with all that hangs on it, what was said last, and all of one act."""
    things = {"agreement": [1, 2], "action": [3], "reading": [1], "deadline": range(1, 40), "part": range(1, 40)}
    with quick_example.database.reading() as session:
        with asked() as statements:
            changes = happened.changes_of(session, 1, things, number="2.8", last=600)
            happened.act_of(session, changes[-1])
            happened.said_since(session, 1, NOW, {"deadline"})
        plans = [line for statement in statements for line in plan_of(session, *statement)]
        newest = plan_of(session, *statements[-1])

    reads = [one for one, _values in statements if "FROM fact" in one]
    assert (len(reads), [line for line in plans if "SCAN fact" in line]) == (len(things) + 1 + 3 + 1, [])
    of_facts = [line for line in plans if "SEARCH fact" in line]
    assert {line.split(" (")[0] for line in of_facts} <= {
        "SEARCH fact USING INDEX ix_fact_covenant_id_subject_subject_id_id",
        "SEARCH fact USING INDEX ix_fact_said_about",
        "SEARCH fact USING INDEX ix_fact_said",
        "SEARCH fact USING INDEX sqlite_autoindex_fact_1",
    }
    assert [line for line in newest if "TEMP B-TREE" in line] == []
