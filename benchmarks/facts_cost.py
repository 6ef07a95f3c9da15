"""Promise: writing down what happens costs at most 15 % of the write that it is written beside.

Product is the time of the processor that an act takes, floor the same act without what is spent meanwhile in the ears
of `store/noticing.py`: both of one run, for what a machine does beside it changes from run to run. Told beside it: an
import of 1,000 agreements, and a page of the logbook and the history of a deadline, of a covenant with a million facts
beside one with a thousand.
"""

import csv
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import event, insert
from sqlmodel import Session

from benchmarks.engines import sqlite
from benchmarks.measure import Figure, main, medians, quiet_collector
from benchmarks.world import COVENANTS, NOW, ROOT, TODAY, World, country, empty_world
from cycle.actions.deadlines.deciding.closing import move
from cycle.actions.register.reading_in.importing import import_folder
from cycle.store import decisions, happened, noticing
from cycle.store.tables import Fact
from cycle.store.touching import WritingSession

LIMIT = 1.15
RUNS, IMPORTS = 75, 9
AGREEMENTS = 1_000
FEW, MANY, OF_ONE = 1_000, 1_000_000, 10
LISTENERS = (("after_flush", noticing._after_flush), ("before_commit", noticing._before_commit))


def run() -> Iterator[Figure]:
    """A move of a deadline, as somebody at the desk does it; an import; a page of the logbook."""
    with sqlite() as engine:
        world = country(engine)
        days = count(1)
        without, told = _costs(RUNS, lambda: _move(world, next(days)))
        yield Figure("facts: moving a deadline, beside the same without facts", told, LIMIT, without)
        folder = _register(Path(tempfile.mkdtemp()))
        worlds = [empty_world(engine) for _ in range(IMPORTS + 1)]
        empty = iter(worlds)
        without, told = _costs(IMPORTS, lambda: import_folder(next(empty).office, folder, NOW))
        yield Figure("facts: importing 1,000 agreements, beside the same without", told, LIMIT, without)
        shutil.rmtree(folder.parent)
        _say(world, 2, FEW)
        _say(world, 3, MANY)
        few, many = medians(9, lambda: _look(world, 2), lambda: _look(world, 3))
        yield Figure("facts: a page of a logbook and a history among a million, beside a thousand", many, 3, few)
        for one in (world, *worlds):
            one.close()


def _move(world: World, number: int) -> None:
    """One of thirty deadlines of one covenant, to a day that it did not have."""
    mine = 1 + COVENANTS * (25 + number % 30)
    move(world.office, mine, TODAY + timedelta(400 + number % 300), NOW, by="an@gemeente.example")


def _costs(runs: int, act: Callable[[], object]) -> tuple[float, float]:
    """The median milliseconds of an act without its facts, and with them; one run before does not count."""
    with _ears() as spent, quiet_collector():
        times = []
        for _ in range(runs + 1):
            before, start = spent[0], time.thread_time()
            act()
            told = time.thread_time() - start
            times.append((told - (spent[0] - before), told))
    without, with_them = (1000 * median(one) for one in zip(*times[1:], strict=True))
    return without, with_them


@contextmanager
def _ears() -> Iterator[list[float]]:
    """The seconds that are spent in writing down what happens, counted while this is open."""
    spent = [0.0]
    timed = [(name, listener, _timed(listener, spent)) for name, listener in LISTENERS]
    for name, listener, instead in timed:
        event.remove(WritingSession, name, listener)
        event.listen(WritingSession, name, instead)
    try:
        yield spent
    finally:
        for name, listener, instead in timed:
            event.remove(WritingSession, name, instead)
            event.listen(WritingSession, name, listener)


def _timed(listener: Callable[..., None], spent: list[float]) -> Callable[..., None]:
    def listen(session: Session, *others: Any) -> None:
        if listener is noticing._before_commit:
            session.flush()  # what is still to be written is no fact
        start = time.thread_time()
        try:
            listener(session, *others)
        finally:
            spent[0] += time.thread_time() - start

    return listen


def _register(folder: Path) -> Path:
    """The example, with as many agreements as a large covenant has."""
    source = Path(shutil.copytree(ROOT / "examples" / "terneuzen", folder / "register"))
    file = source / "agreements.csv"
    with file.open(encoding="utf-8", newline="") as text:
        head, *rows = csv.reader(text, delimiter=";")
    number, agenda = head.index("nummer"), head.index("agenda_nummer")
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, delimiter=";")
        writer.writerow(head)
        for place in range(AGREEMENTS):
            row = list(rows[place % len(rows)])
            row[number], row[agenda] = f"{place // 50 + 10}.{place % 50 + 1}", ""
            writer.writerow(row)
    return source


def _say(world: World, covenant: int, number: int) -> None:
    """So many facts of a covenant, a tenth of them said in words; the chain is not looked at here."""
    with world.office.database.writing() as session:
        noticing.say(session, NOW, "an@gemeente.example", "gezegd", "register", "", covenant)
    row = {"covenant_id": covenant, "at": NOW, "actor_id": 1, "verb": "gewijzigd", "subject": "deadline", "digest": "x"}
    same = {"text": "", "old": "{}", "new": '{"todo":"iets anders"}', "salt": "x", "hash": "x"}
    with world.office.database.engine.begin() as connection:
        for start in range(0, number, 50_000):
            places = range(start, min(start + 50_000, number))
            rows = [
                row
                | same
                | {"seq": place + 10, "subject_id": place // OF_ONE, "about": None if place % 10 else "register"}
                for place in places
            ]
            connection.execute(insert(Fact), rows)


def _look(world: World, covenant: int) -> None:
    with world.office.database.reading() as session:
        decisions.decisions(session, covenant, limit=51)
        happened.changes_of(session, covenant, {"deadline": [5]}, last=OF_ONE)


if __name__ == "__main__":
    main(run)
