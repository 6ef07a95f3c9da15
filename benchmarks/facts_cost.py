"""Promise: writing down what happens costs at most 15 % of the write that it is written beside.

Floor and product are one act, by turns, by the time of this process: without the ear of `store/noticing.py`, and with
it. Told beside it: an import of 1,000 agreements, and a page of the logbook and the history of a deadline, of a
covenant with a million facts beside one with a thousand.
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

from sqlalchemy import event, insert

from benchmarks.engines import sqlite
from benchmarks.measure import Figure, main, medians
from benchmarks.world import COVENANTS, NOW, ROOT, TODAY, World, country, empty_world
from cycle.actions.deadlines.closing import move
from cycle.actions.register.importing import import_folder
from cycle.store import decisions, happened, noticing
from cycle.store.tables import Fact
from cycle.store.touching import WritingSession

LIMIT = 1.15
RUNS, CLICKS, IMPORTS = 25, 3, 5
AGREEMENTS = 1_000
FEW, MANY, OF_ONE = 1_000, 1_000_000, 10
LISTENERS = (("after_flush", noticing._after_flush), ("before_commit", noticing._before_commit))


def run() -> Iterator[Figure]:
    """A move of a deadline, as somebody at the desk does it; an import; a page of the logbook."""
    with sqlite() as engine:
        world = country(engine)
        days = count(1)
        without, told = medians(
            RUNS,
            lambda: _unheard(lambda: _move(world, next(days))),
            lambda: _move(world, next(days)),
            calls=CLICKS,
            clock=time.process_time,
        )
        yield Figure("facts: moving a deadline, beside the same without facts", told, LIMIT, without)
        folder = _register(Path(tempfile.mkdtemp()))
        worlds: list[World] = []
        without, told = medians(
            IMPORTS,
            lambda: _unheard(lambda: import_folder(worlds[-1].office, folder, NOW)),
            lambda: import_folder(worlds[-1].office, folder, NOW),
            before=lambda: worlds.append(empty_world(engine)),
            clock=time.process_time,
        )
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


@contextmanager
def _deaf() -> Iterator[None]:
    for name, listener in LISTENERS:
        event.remove(WritingSession, name, listener)
    try:
        yield
    finally:
        for name, listener in LISTENERS:
            event.listen(WritingSession, name, listener)


def _unheard(act: Callable[[], object]) -> None:
    with _deaf():
        act()


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
