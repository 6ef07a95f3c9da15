"""Promise: a table of 60 agreements begins within 1 s of processor time beyond the reading of its documents.

What reading takes is measured in the same run and told beside it: a table is read to draft it (its parties, then its
rows by those parties) and once more to keep it, each time in a child process.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from benchmarks.engines import sqlite
from benchmarks.measure import Figure, main
from benchmarks.world import NOW, empty_world
from cycle.actions.register.starting.beginning import Founder, begin, drafted
from cycle.intake.founding.looking import look
from cycle.intake.founding.table import as_parties
from cycle.intake.whole import Reader, read_file

RUNS, AGREEMENTS, LIMIT_S = 3, 60, 1.0
OPENING = """# Prestatieafspraken Waterdal 2027-2030

De gemeente Waterdal, Woonstichting De Kade en Huurdersvereniging De Kade maken samen de volgende afspraken.

Het bestuurlijk overleg is in april en oktober. Getekend te Waterdal op 14 december 2026.

"""


def run() -> Iterator[Figure]:
    """All of it, what reading takes of that, and the rest, which is what the promise is about."""
    with sqlite() as engine, tempfile.TemporaryDirectory(prefix="cycle-founding-") as folder:
        file = Path(folder) / "afspraken.md"
        file.write_text(OPENING + "\n\n".join(map(_agreement, range(AGREEMENTS))), encoding="utf-8")
        whole, reading = [], []
        for _ in range(RUNS):
            world = empty_world(engine)
            founding = drafted(world.office.settings, [file], NOW)
            parties, groups = as_parties(founding.draft)
            assert len(founding.documents[0].agreements) == AGREEMENTS, "the document was not read whole"

            reader = Reader(parties, groups, world.office.settings.reading.conventions(), NOW.date())

            def read(reader=reader) -> object:  # type: ignore[no-untyped-def]
                return read_file(file, reader)

            def start(world=world) -> object:  # type: ignore[no-untyped-def]
                draft = drafted(world.office.settings, [file], NOW).draft
                return begin(world.office, [file], draft, Founder("Team Wonen", "wonen@waterdal.example"), NOW)

            reading.append(_worked(lambda: look(file)) + 2 * _worked(read))
            whole.append(_worked(start))
            world.close()
    yield Figure(f"a table of {AGREEMENTS} agreements: processor time of reading", median(reading), unit="s")
    beyond = median(whole) - median(reading)
    yield Figure(f"a table of {AGREEMENTS} agreements: processor time beyond reading", beyond, LIMIT_S, unit="s")


def _agreement(number: int) -> str:
    lead = ("gemeente", "De Kade")[number % 2]
    when = ("voor 1 april 2028", "in het najaar van 2027", "jaarlijks", "uiterlijk 1 juli 2029")[number % 4]
    where = f"{number // 10 + 1}.{number % 10 + 1}"
    return f"{where} Partijen bespreken {when} het plan voor wijk {number} en leggen de keuze vast. Trekker: {lead}"


def _worked(act: Callable[[], object]) -> float:
    """Processor time of an act, with that of the children that it started."""
    before = os.times()
    act()
    after = os.times()
    return sum(after[:4]) - sum(before[:4])


if __name__ == "__main__":
    main(run)
