"""Promise: ten years of facts (a million, of 20,000 agreements) grow no page of the desk, no feed and no tick.

Each takes at most 1.25 times what it takes in the same country without them. Both worlds are looked at by turns in this
process, by its own time: what else the machine does is no part of it. Nothing is kept from one look to the next. The
newest facts are what the clock itself wrote, of which nothing was said.
"""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import insert, update
from starlette.testclient import TestClient

from benchmarks.desk_pages import COVENANT, SECRETARY, office_in, sign_in
from benchmarks.engines import sqlite
from benchmarks.measure import Figure, Outcome, Skipped, main, medians
from benchmarks.world import COVENANTS, NOW, OPEN, SETTLED, World, country, make_due, settings_folder, with_agreements
from cycle.actions.feeds.building import feed_of_address
from cycle.actions.mails.morning.gathering import gather
from cycle.actions.post.halts.clock_check import is_believed
from cycle.actions.service.watch.condition import condition
from cycle.domain.morning import decide
from cycle.store import noticing
from cycle.store.tables import Covenant, Fact
from cycle.store.touching import UNSEEN
from cycle.web.app import create_app

LIMIT = 1.25
RUNS = 7
FACTS, UNSAID_LAST, SAID = 1_000_000, 20_000, 10
DEADLINE, AGREEMENT = 1 + COVENANTS * 20, 1 + COVENANTS * 20
OF_ONE = (f"termijnen/{DEADLINE}", f"afspraken/{AGREEMENT}", "mensen/1")


def run() -> Iterator[Outcome]:
    """Each tick, feed and page, in the country without facts and in the one with ten years of them."""
    with sqlite() as engine, TemporaryDirectory(prefix="cycle-bench-") as name:
        young = with_agreements(country(engine))
        make_due(young, 700)
        _begin_chains(young)
        old = young.copy()
        _live(old)
        folder = Path(name)
        settings_folder(folder)
        few, many = (_Looks(folder, world) for world in (young, old))
        for what, look in few.ways().items():
            same = many.ways()[what]
            try:
                look()
            except _NotThere as error:
                yield Skipped(f"a million facts: {what}", str(error))
                continue
            without, told = medians(RUNS, look, same, before=lambda: _forget(young, old), clock=time.process_time)
            yield Figure(f"a million facts: {what}, beside none", told, LIMIT, without)
        young.close()
        old.close()


class _NotThere(RuntimeError):
    """A page that this country has not, such as a letter of which nobody wrote the beginning."""


class _Looks:
    """What a world is looked at by: its clock, a feed, and the pages of a secretary."""

    def __init__(self, folder: Path, world: World) -> None:
        self.office = office_in(folder, world.url)
        cookie, self.paths = sign_in(folder, world.url)
        self.browser = TestClient(create_app(self.office, lambda: NOW), base_url="http://127.0.0.1:8700")
        self.browser.headers["Cookie"] = cookie

    def ways(self) -> dict[str, Callable[[], object]]:
        """Each by its name."""
        paths = [*self.paths, *(f"/c/{COVENANT}/{place}" for place in OF_ONE)]
        pages: dict[str, Callable[[], object]] = {f"page {path}": lambda path=path: self._page(path) for path in paths}
        return {"a round of the clock": self._tick, "a feed": self._feed, "readyz": self._ready, **pages}

    def _tick(self) -> None:
        assert is_believed(self.office, NOW)
        with self.office.database.reading() as session:
            assert decide(gather(session, self.office.settings, NOW)).mails

    def _feed(self) -> None:
        assert feed_of_address(self.office, SECRETARY, NOW)

    def _ready(self) -> None:
        condition(self.office, NOW)

    def _page(self, path: str) -> None:
        answer = self.browser.get(path, headers={"Accept": "text/html"}, follow_redirects=False)
        if answer.status_code != 200:
            raise _NotThere(f"it answers {answer.status_code}")


def _forget(*worlds: World) -> None:
    """Nothing is kept of any page."""
    for world in worlds:
        with world.office.database.writing() as session:
            session.connection().execute(update(Covenant).values(stamp=token_hex(8)), execution_options=UNSEEN)


def _begin_chains(world: World) -> None:
    """Somebody did something in each covenant, and in the one that is looked at more than a page shows."""
    for covenant in range(1, COVENANTS + 1):
        with world.office.database.writing() as session:
            for _ in range(1 if covenant > 1 else 120):
                noticing.say(session, NOW - timedelta(1), "an@gemeente.example", "gezegd", "register", "", covenant)


def _live(world: World) -> None:
    """Ten years: each deadline was changed, and each tenth time somebody said why; at last the clock alone wrote."""
    with world.office.database.engine.begin() as connection:
        for start in range(0, FACTS, 50_000):
            connection.execute(insert(Fact), [_fact(number) for number in range(start, start + 50_000)])


def _fact(number: int) -> dict[str, Any]:
    deadline = number % (OPEN + SETTLED) + 1
    is_said = number // (OPEN + SETTLED) % SAID == 0 and number < FACTS - UNSAID_LAST
    return {
        "covenant_id": (deadline - 1) % COVENANTS + 1,
        "seq": number + 1_000,
        "at": NOW - timedelta(1),
        "actor_id": 1,
        "verb": "verplaatst" if is_said else "gewijzigd",
        "subject": "deadline",
        "subject_id": deadline,
        "about": f"termijn {deadline}" if is_said else None,
        "text": "van 2027-03-01 naar 2027-04-01" if is_said else "",
        "old": '{"due":"2027-03-01"}',
        "new": '{"due":"2027-04-01"}',
        "salt": "x",
        "digest": "x",
        "hash": "x",
    }


if __name__ == "__main__":
    main(run)
