"""The guard of rule C8: far more to tell than usual is a sign that the clock is wrong, or the register is.

Usual is what the busy part of the ledger tells on an average mail day; while there is no history it is estimated from
the number of open deadlines. For a small table an average says little: there it is a share of what stands open, many
times what its busiest day has and a catch-up after an outage brings. Questions are not counted: a progress round asks
everybody at once. Who looks and resumes lets the rest of that day through, or the next mail day when this one is over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from cycle.domain.ladders import QUESTIONS, What

FLOOR_LINES = 250
SMALLEST_FLOOR = 20
SHARE_OF_SMALL = 0.25  # of the open deadlines; the busiest day of the example tells of a fourteenth
SHARE_PER_DAY = 0.03  # of the open deadlines: about eight lines a year for each
DAYS_OF_HISTORY = 10
UNCOUNTED = (*QUESTIONS, What.SETTLE)


@dataclass(frozen=True, slots=True)
class FloodGuard:
    """What is usual: lines told by day, and the number of open deadlines. `times` as many may be told in a day.

    `is_approved` says that somebody looked at this day, or since the last mail day ended.
    """

    times: float
    open_deadlines: int
    per_day: Mapping[date, int] = field(default_factory=dict)
    is_approved: bool = False

    def reason_to_stop(self, lines: int, today: date) -> str:
        """Why so many lines more are not told without asking; nothing when they may go."""
        if not lines or self.is_approved:
            return ""
        told_today, most = self.per_day.get(today, 0) + lines, self.most(today)
        if told_today <= most:
            return ""
        return (
            f"op {today:%d-%m-%Y} zijn {told_today} regels aan de beurt, veel meer dan gewoon "
            f"(hoogstens {most:.0f}). Staat de klok goed?"
        )

    def most(self, today: date) -> float:
        """How many lines may be told in a day without asking."""
        limit = self.times * self.usual(today)
        return limit if limit > FLOOR_LINES else self.floor()

    def usual(self, today: date) -> float:
        """How many lines an average mail day has."""
        before = [number for day, number in self.per_day.items() if day < today]
        history = sum(before) / len(before) if len(before) >= DAYS_OF_HISTORY else 0.0
        return max(history, self.open_deadlines * SHARE_PER_DAY)

    def floor(self) -> float:
        """What a small installation may tell in a day, however little it usually tells."""
        return min(FLOOR_LINES, max(SMALLEST_FLOOR, self.open_deadlines * SHARE_OF_SMALL))
