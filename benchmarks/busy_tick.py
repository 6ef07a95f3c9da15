"""Promise: with 7,000 deadlines due at once, reading and planning take at most 10 times plain sqlite3 reading the rows.

The product is all that `plan_mails` does before it carries out: it gathers and decides. The floor is the driver without
SQLAlchemy, fetching the same deadlines, their parts, the members and the ledger.
"""

import sqlite3
from collections.abc import Iterator

from benchmarks.engines import path_of, sqlite
from benchmarks.measure import Figure, main, medians
from benchmarks.world import DUE, NOW, World, country, make_due, with_ledger
from cycle.actions.mails.morning.gathering import gather
from cycle.actions.office.office import Office
from cycle.domain.mail_plan import Morning
from cycle.domain.morning import decide

LIMIT = 10
RUNS = 9

QUERIES = (
    """SELECT deadline.id, deadline.covenant_id, kind, due, window_start, step_name, invented, doubtful, via,
              meeting.day, agreements, theme, next_moment
         FROM deadline JOIN action ON action.id = deadline.action_id
         LEFT JOIN meeting ON meeting.deadline_id = deadline.id AND meeting.state = 'planned'
        WHERE next_moment <= :now ORDER BY deadline.id""",
    """SELECT deadline_party.deadline_id, party.slug, deadline_party.part, deadline_party.state
         FROM deadline_party JOIN party ON party.id = deadline_party.party_id
        WHERE deadline_party.deadline_id IN (SELECT id FROM deadline WHERE next_moment <= :now)
        ORDER BY deadline_party.deadline_id, deadline_party.position""",
    """SELECT party.covenant_id, membership.person_id, person.name, person.email, party.slug, membership.role,
              membership.since, membership.until, membership.awaited, membership.themes,
              membership_agreement.agreement_id
         FROM membership LEFT JOIN membership_agreement ON membership_agreement.membership_id = membership.id
         JOIN party ON party.id = membership.party_id JOIN person ON person.id = membership.person_id
        ORDER BY membership.id""",
    """SELECT reminder.deadline_id, reminder.party, reminder.rung, reminder.counted_from, reminder."on"
         FROM reminder JOIN deadline ON deadline.id = reminder.deadline_id WHERE deadline.next_moment <= :now""",
)


def run() -> Iterator[Figure]:
    """Floor and product by turns in one world, with the whole ledger."""
    with sqlite() as engine:
        small = country(engine)
        world = with_ledger(small)
        make_due(world)
        connection = sqlite3.connect(path_of(world.url))
        lines = _lines(world)
        assert lines >= DUE, f"only {lines} lines for {DUE} deadlines: the world does not ask what it should"
        offices: list[Office] = []
        floor, planned, gathered = medians(
            RUNS,
            lambda: _read(connection),
            lambda: _plan(offices[-1]),
            lambda: _gather(offices[-1]),
            before=lambda: offices.append(world.fresh_office()),
        )
        connection.close()
        small.close()
        world.close()
    yield Figure("busy tick: reading and planning 7,000 due, beside sqlite3", planned, LIMIT, floor)
    yield Figure("busy tick: of which the read of gather", gathered, None, floor)


def _read(connection: sqlite3.Connection) -> None:
    for query in QUERIES:
        connection.execute(query, {"now": NOW.strftime("%Y-%m-%d %H:%M:%S.%f")}).fetchall()


def _plan(office: Office) -> None:
    decide(_gather(office))


def _gather(office: Office) -> Morning:
    with office.database.reading() as session:
        return gather(session, office.settings, NOW)


def _lines(world: World) -> int:
    return sum(len(mail.reminders) for mail in decide(_gather(world.office)).mails)


if __name__ == "__main__":
    main(run)
