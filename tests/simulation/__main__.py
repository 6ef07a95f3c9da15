"""Many seeds, many days: `make soak`. Prints each breach with its shortest life; ends with 1 if there was any."""

import argparse
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from tests.simulation.laws import LAWS
from tests.simulation.living import Breach, Life, grow, live
from tests.simulation.shrinking import shrink
from tests.simulation.table import set_the_table

START = date(2026, 11, 23)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", default="1-20", help="like 7 or 1-20")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--laws", default=",".join(LAWS), help="only these, with commas")
    parser.add_argument("--but", default="", help="not these laws, with commas")
    parser.add_argument("--without", default="", help="no acts of these kinds, with commas")
    parser.add_argument("--no-shrink", action="store_true")
    asked = parser.parse_args()
    first, _, last = asked.seeds.partition("-")
    laws = set(asked.laws.split(",")) - set(asked.but.split(","))
    without = asked.without.split(",")
    found = 0
    with tempfile.TemporaryDirectory(prefix="cycle-soak-") as folder:
        for seed in range(int(first), int(last or first) + 1):
            began = time.process_time()
            table = set_the_table(Path(folder), START)
            life, breach = grow(table, START, asked.days, seed, laws, without)
            table.close()
            lived = (breach.day - START).days + 1 if breach else asked.days
            rate = lived / (time.process_time() - began)
            print(f"seed {seed}: {lived} days, {len(life.acts)} acts, {rate:.1f} days a second", flush=True)
            if breach:
                found += 1
                print(report(seed, life, breach, Path(folder), do_shrink=not asked.no_shrink), flush=True)
    return int(found > 0)


def report(seed: int, life: Life, breach: Breach, folder: Path, *, do_shrink: bool = True, seconds: float = 600) -> str:
    """A breach in words, with its shortest life to paste into regressions.py."""
    life = Life(life.start, (breach.day - life.start).days + 1, life.acts)
    if do_shrink:
        life = shrink(life, lambda one: breaks(one, breach, folder), seconds)
    acts = "".join(f"        {one!r},\n" for one in life.acts)
    return (
        f"seed {seed}, {breach.day}: {breach.law}: {breach.words}\n"
        f"    Life({life.start!r}, {life.days}, [\n{acts}    ], breaks={breach.law!r}),"
    ).replace("datetime.date", "date")


def breaks(life: Life, breach: Breach, folder: Path) -> bool:
    """Whether a life breaks the same law in the same way."""
    table = set_the_table(folder, life.start)
    try:
        found = live(table, life, [breach.law])
    finally:
        table.close()
    return found is not None and found.mark == breach.mark


if __name__ == "__main__":
    sys.exit(main())
