"""Promises about the tick of each minute while nothing is due, in a country with 20,000 open deadlines.

Its read takes at most 3 times a bare SQLModel query for the same question on the same engine, and does not grow with
the ledger: at most 1.5 times with 300,000 reminders. The whole of `plan_mails` is told beside it, and the read of a
tick with a single deadline due, which should not cost what the country costs.
"""

from collections.abc import Iterator

import sqlalchemy
from sqlmodel import Session, col, select

from benchmarks.engines import Engine, postgres, sqlite
from benchmarks.measure import Figure, Outcome, Skipped, main, medians
from benchmarks.world import NOW, World, country, make_due, with_ledger
from cycle.actions.mails.morning.gathering import gather
from cycle.actions.mails.morning.reminding import Planned, plan_mails
from cycle.store import deadlines
from cycle.store.tables import DeadlineRow

LIMIT, GROWTH_LIMIT = 3, 1.5
RUNS, CALLS, FEWER = 101, 5, 25


def run() -> Iterator[Outcome]:
    """The same on both engines."""
    with sqlite() as engine:
        yield from _on(engine)
    with postgres() as server:
        if server is None:
            yield Skipped("idle tick, PostgreSQL", "PostgreSQL is not installed (Debian: postgresql)")
        else:
            yield from _on(server)


def _on(engine: Engine) -> Iterator[Figure]:
    small = country(engine)
    large = with_ledger(small)
    with small.office.database.reading() as session:
        bind = session.get_bind()
    floor, read, read_large, tick, tick_large = medians(
        RUNS,
        lambda: _floor(bind),
        lambda: _read(small),
        lambda: _read(large),
        lambda: _tick(small),
        lambda: _tick(large),
        calls=CALLS,
    )
    make_due(small, 1)
    make_due(large, 1)
    single_small, single = medians(FEWER, lambda: _gather(small), lambda: _gather(large))
    small.close()
    large.close()
    name = f"idle tick, {engine.name}"
    yield Figure(f"{name}: read, beside a bare query", read, LIMIT, floor)
    yield Figure(f"{name}: read, 300,000 reminders beside 0", read_large, GROWTH_LIMIT, read)
    yield Figure(f"{name}: plan_mails, beside a bare query", tick, None, floor)
    yield Figure(f"{name}: plan_mails, 300,000 reminders beside 0", tick_large, GROWTH_LIMIT, tick)
    yield Figure(f"{name}: read with one deadline due, 300,000 reminders beside 0", single, None, single_small)


def _floor(bind: sqlalchemy.Engine | sqlalchemy.Connection) -> None:
    """The same question, asked as briefly as SQLModel can."""
    query = select(DeadlineRow.id).where(DeadlineRow.state == "open", col(DeadlineRow.next_moment) <= NOW)
    with Session(bind) as session:
        assert session.exec(query).all() == []


def _read(world: World) -> None:
    with world.office.database.reading() as session:
        assert deadlines.due_items(session, NOW) == []


def _gather(world: World) -> None:
    with world.office.database.reading() as session:
        assert len(gather(session, world.office.settings, NOW).moments) == 1


def _tick(world: World) -> None:
    assert plan_mails(world.office, NOW) == Planned()


if __name__ == "__main__":
    main(run)
