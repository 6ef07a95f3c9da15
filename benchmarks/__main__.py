"""`python -m benchmarks [--only NAME]`: every promise of speed in one table; exit code 1 when one is missed."""

import argparse
import importlib
import sys
import time
import traceback

from benchmarks.measure import Outcome, report

SCRIPTS = (
    "help_start",
    "serve_start",
    "serve_memory",
    "idle_tick",
    "busy_tick",
    "year_plan",
    "feed_bytes",
    "feed_http",
    "desk_pages",
    "intake_speed",
    "founding",
    "facts_cost",
    "years_of_facts",
    "delivery",
    "country_morning",
)
"""One per promise, quick ones and whole processes first, so that little else lies in memory beside them."""


def main() -> None:
    """Runs the scripts one after another and prints one table; one that breaks does not take the others' figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", metavar="NAME", choices=SCRIPTS, action="append", help=", ".join(SCRIPTS))
    wanted = parser.parse_args().only or SCRIPTS
    outcomes: list[Outcome] = []
    broken: list[str] = []
    for name in wanted:
        start = time.monotonic()
        print(f"{name} ...", end=" ", file=sys.stderr, flush=True)
        try:
            outcomes.extend(importlib.import_module(f"benchmarks.{name}").run())
        except Exception:
            traceback.print_exc()
            broken.append(name)
        print(f"{time.monotonic() - start:.0f} s", file=sys.stderr)
    is_kept = report(outcomes)
    for name in broken:
        print(f"{name}: BROKEN, see above")
    sys.exit(0 if is_kept and not broken else 1)


if __name__ == "__main__":
    main()
