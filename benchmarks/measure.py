"""Measuring: floor and product by turns in one run, and the median of each.

A ratio survives a slow or busy machine where a time does not; so whatever can be put beside a floor is.
"""

import gc
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from cycle.cli import SELDOM

Action = Callable[[], object]
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Figure:
    """One promise and what was measured. With a floor the limit is a ratio, without one it is in `unit`.

    Without a limit the figure is only told.
    """

    promise: str
    product: float
    limit: float | None = None
    floor: float | None = None
    unit: str = "ms"

    @property
    def ratio(self) -> float | None:
        """How many times the floor the product takes."""
        return self.product / self.floor if self.floor else None

    @property
    def is_kept(self) -> bool:
        """Whether the product stays within its limit."""
        measured = self.product if self.ratio is None else self.ratio
        return self.limit is None or measured <= self.limit

    def cells(self) -> tuple[str, ...]:
        """Its line of the table."""
        limit_unit = "×" if self.floor else f" {self.unit}"
        return (
            self.promise,
            _number(self.floor, f" {self.unit}"),
            _number(self.product, f" {self.unit}"),
            _number(self.ratio, "×"),
            "told only" if self.limit is None else f"{self.limit:g}{limit_unit}",
            "ok" if self.is_kept else "MISSED",
        )


@dataclass(frozen=True, slots=True)
class Skipped:
    """A promise that could not be measured here, and why."""

    promise: str
    reason: str


Outcome = Figure | Skipped


def medians(
    runs: int, *actions: Action, calls: int = 1, before: Action | None = None, clock: Clock = time.perf_counter
) -> list[float]:
    """The median time of each action in milliseconds, over `runs` rounds in which each has its turn.

    Every round begins with the next action, so none is always the one that finds the caches warm. One round before
    does not count. `calls` times something short several times in a row; `before` runs before each turn, untimed.
    By `time.process_time` what else the machine does is no part of it, and neither is waiting for a disk.
    """
    times: list[list[float]] = [[] for _ in actions]
    with quiet_collector():
        for number in range(runs + 1):
            for turn in range(len(actions)):
                place = (number + turn) % len(actions)
                if before is not None:
                    before()
                spent = milliseconds(actions[place], calls, clock)
                if number:
                    times[place].append(spent)
    return [statistics.median(several) for several in times]


def milliseconds(action: Action, calls: int = 1, clock: Clock = time.perf_counter) -> float:
    """The time of one call. The collector has nothing old to do, but works during the call as it does in service."""
    gc.collect()
    start = clock()
    for _ in range(calls):
        action()
    return (clock() - start) * 1000 / calls


@contextmanager
def quiet_collector() -> Iterator[None]:
    """What the fixtures made is not looked at again: neither floor nor product pays for it. Garbage is looked for as
    seldom as `cycle` has it."""
    usual = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*usual)


HEAD = ("promise", "floor", "product", "ratio", "limit", "")


def print_table(outcomes: Sequence[Outcome]) -> None:
    """All figures, and a line for each promise that was not measured."""
    rows = [HEAD, *(one.cells() for one in outcomes if isinstance(one, Figure))]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
    for row in rows:
        first, *numbers, verdict = row
        cells = [cell.rjust(width) for cell, width in zip(numbers, widths[1:-1], strict=True)]
        print("  ".join((first.ljust(widths[0]), *cells, verdict)).rstrip())
    for one in outcomes:
        if isinstance(one, Skipped):
            print(f"{one.promise}: not measured, {one.reason}")


def report(outcomes: Iterable[Outcome]) -> bool:
    """Prints a table and says whether every promise is kept."""
    found = list(outcomes)
    print_table(found)
    return all(one.is_kept for one in found if isinstance(one, Figure))


def main(run: Callable[[], Iterable[Outcome]]) -> None:
    """A script by itself: its table, and exit code 1 when a promise is missed."""
    sys.exit(0 if report(run()) else 1)


def _number(value: float | None, unit: str) -> str:
    """Three figures are enough to compare."""
    if value is None:
        return "–"
    return f"{value:.0f}{unit}" if value >= 100 else f"{value:.3g}{unit}"
