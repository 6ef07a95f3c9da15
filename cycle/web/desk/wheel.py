"""The year as a wheel of twelve months: where each thing stands on it, in the units of the drawing.

January begins at the top and the year goes round with the clock. Marks that would touch stand further inwards. It only
says where; how a mark looks is in the template and the stylesheet, and every number stands in the table beside it.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, pi, sin

from cycle.web.year import Month, YearLine, months_of

CENTRE = 200.0
RING, LABELS, TODAY_FROM = 186.0, 170.0, 66.0
LANES = (143.0, 117.0, 91.0, 65.0)
APART = 25.0  # between the middles of two marks in one lane


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the drawing."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing of the year, with its number in the table."""

    number: int
    at: Spot
    line: YearLine


@dataclass(frozen=True, slots=True)
class Arc:
    """One month of the ring, and where its name stands."""

    path: str
    at: Spot
    month: Month


@dataclass(frozen=True, slots=True)
class Wheel:
    """All that is drawn. `today` is the hand, from the middle outwards, in the running year."""

    year: int
    months: tuple[Arc, ...]
    marks: tuple[Mark, ...]
    today: tuple[Spot, Spot] | None
    done: int


def wheel(lines: Sequence[YearLine], year: int, today: date) -> Wheel:
    """The wheel of a year with these lines, of which each has a day in it. They come in order."""
    hand = (_spot(_turn(today), TODAY_FROM), _spot(_turn(today), RING - 5)) if today.year == year else None
    return Wheel(
        year,
        tuple(map(_arc, months_of(year, today))),
        tuple(_marks(lines)),
        hand,
        sum(line.mark.shape == "done" for line in lines),
    )


def _marks(lines: Sequence[YearLine]) -> list[Mark]:
    """Each on the outermost lane where it touches no other; if all are full, where it touches least."""
    marks: list[Mark] = []
    taken: dict[float, list[Spot]] = {lane: [] for lane in LANES}
    for number, line in enumerate(lines, 1):
        turn = _turn(line.day) if line.day else 0.0
        lane = max(LANES, key=lambda one: (min(_room(_spot(turn, one), taken[one]), APART), one))
        spot = _spot(turn, lane)
        taken[lane].append(spot)
        marks.append(Mark(number, spot, line))
    return marks


def _room(spot: Spot, others: Sequence[Spot]) -> float:
    return min((((spot.x - one.x) ** 2 + (spot.y - one.y) ** 2) ** 0.5 for one in others), default=2 * RING)


def _arc(month: Month) -> Arc:
    begin, end = (month.number - 1) / 12, month.number / 12
    gap = 0.0022
    first, last, middle = _spot(begin + gap, RING), _spot(end - gap, RING), _spot((begin + end) / 2, LABELS)
    path = f"M{first.x} {first.y}A{RING} {RING} 0 0 1 {last.x} {last.y}"
    return Arc(path, middle, month)


def _turn(day: date) -> float:
    """How much of the year has gone: each month an equal part, as on the ring."""
    return (day.month - 1 + (day.day - 0.5) / monthrange(day.year, day.month)[1]) / 12


def _spot(turn: float, radius: float) -> Spot:
    angle = 2 * pi * turn
    return Spot(round(CENTRE + radius * sin(angle), 1), round(CENTRE - radius * cos(angle), 1))
