"""Living days: rounds of the clock, acts between them, and the laws when the day is over."""

import re
import traceback
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from random import Random

from cycle.errors import CycleError
from tests.simulation.acts import KINDS, Done
from tests.simulation.laws import LAWS
from tests.simulation.table import FIRST_AT, KEEP_AT, ROUGH, ROUNDS, Skip, Table

NOTHING_FALLS_OVER, EACH_ACT_IS_NOTED = "nothing_falls_over", "each_act_is_noted"
ACTS_A_DAY = 2.5
END = time(23, 30)


@dataclass(frozen=True)
class Breach:
    """A law that did not hold, on which day, and in words. `mark` is the same for the same breach elsewhere."""

    law: str
    day: date
    words: str

    @property
    def mark(self) -> str:
        return f"{self.law}: {re.sub(r'[0-9]+', 'N', self.words) if self.law == NOTHING_FALLS_OVER else ''}"


class Broken(Exception):
    """A day ended with a breach."""

    def __init__(self, breach: Breach) -> None:
        super().__init__(f"{breach.day} {breach.law}: {breach.words}")
        self.breach = breach


@dataclass
class Life:
    """The acts of a run, from the table's first day for some days; and the law that they break, with the number of the
    fault while it stands."""

    start: date
    days: int
    acts: list[Done] = field(default_factory=list)
    breaks: str = ""
    fault: int = 0

    def on(self, day: date) -> list[Done]:
        return sorted((one for one in self.acts if one.date == day), key=lambda one: one.at)


def live(table: Table, life: Life, laws: Collection[str] = tuple(LAWS)) -> Breach | None:
    """Lives a life on a new table; the first breach of one of these laws ends it."""
    try:
        for number in range(life.days):
            day = life.start + timedelta(number)
            pass_a_day(table, day, [Step(one) for one in life.on(day)])
            _judge(table, laws)
    except Broken as broken:
        return broken.breach
    return None


def grow(
    table: Table,
    start: date,
    days: int,
    seed: int,
    laws: Collection[str] = tuple(LAWS),
    without: Collection[str] = (),
) -> tuple[Life, Breach | None]:
    """Lives with acts that the dice of this seed choose; returns what was done as well."""
    life = Life(start, days)
    kinds = [name for name in KINDS if name not in without]
    try:
        for number in range(days):
            day = start + timedelta(number)
            dice = Random(f"{seed}:{day}")
            steps = [Step(None, at, dice, kinds, life.acts) for at in _times(dice)]
            pass_a_day(table, day, steps)
            _judge(table, laws)
    except Broken as broken:
        return life, broken.breach
    return life, None


@dataclass
class Step:
    """One moment of a day at which somebody acts: an act that is known, or one to be chosen by the dice."""

    done: Done | None
    at: str = ""
    dice: Random = field(default_factory=Random)
    kinds: Sequence[str] = ()
    kept: list[Done] = field(default_factory=list)

    @property
    def time(self) -> time:
        return time.fromisoformat(self.done.at if self.done else self.at)

    def choose(self, table: Table) -> Done | None:
        """What is done at this moment; what is chosen is kept before it is done."""
        if self.done is not None:
            return self.done
        kind = self.dice.choices(self.kinds, [KINDS[name].likely(table) for name in self.kinds])[0]
        data = KINDS[kind].choose(table, self.dice)
        if data is None:
            return None
        self.kept.append(Done(table.today.isoformat(), self.at, kind, data))
        return self.kept[-1]


def pass_a_day(table: Table, day: date, steps: Sequence[Step] = ()) -> None:
    """One day of rounds and acts, in order of time. Raises Broken when one of them falls over."""
    table.set_clock(day, KEEP_AT)
    _guarded(table, "keep", table.keep)
    waiting = sorted(steps, key=lambda one: one.time)
    rounds = _rounds(table)
    for at in sorted({*rounds, *(one.time for one in waiting)}):
        table.set_clock(day, at)
        while waiting and waiting[0].time == at:
            _act(table, waiting.pop(0))
        if at in rounds:
            _guarded(table, "round", table.come_round)
    table.set_clock(day, END)


def _rounds(table: Table) -> Sequence[time]:
    if not table.is_mail_day:
        return (FIRST_AT, time(16, 0))
    return ROUGH if table.waiting() or not table.server.is_fine else ROUNDS


def _times(dice: Random) -> list[str]:
    """When people act on a day: a few times, mostly while others work too."""
    number = min(8, int(dice.expovariate(1 / ACTS_A_DAY)))
    return sorted(f"{min(23, max(0, int(dice.gauss(12, 3)))):02}:{dice.randrange(60):02}" for _ in range(number))


def _act(table: Table, step: Step) -> None:
    done = None

    def carry_out() -> None:
        nonlocal done
        done = step.choose(table)
        if done is None:
            return
        kind, before = KINDS[done.kind], table.entries()
        try:
            changed = kind.carry_out(table, **dict(done.data))
        except (Skip, CycleError):
            return
        if changed and kind.is_of_person and table.entries() == before:
            raise Broken(Breach(EACH_ACT_IS_NOTED, table.today, f"{done.kind} staat niet in het logboek"))

    _guarded(table, "act", carry_out)


def _guarded(table: Table, what: str, work: Callable[[], object]) -> None:
    try:
        work()
    except Broken:
        raise
    except Exception as error:
        raise Broken(Breach(NOTHING_FALLS_OVER, table.today, f"{what}: {_place_words(error)}")) from error


def _place_words(error: Exception) -> str:
    """The error and where it came from: the last line of our own."""
    frames = [one for one in traceback.extract_tb(error.__traceback__) if "/site-packages/" not in one.filename]
    ours = [one for one in frames if "/cycle/" in one.filename and "/tests/" not in one.filename] or frames
    place = f"{Path(ours[-1].filename).name}, {ours[-1].name}"
    return f"{type(error).__name__} in {place}: {''.join(str(error).splitlines()[:1])[:200]}"


def _judge(table: Table, laws: Collection[str]) -> None:
    for name, check in LAWS.items():
        if name in laws:
            for words in check(table):
                raise Broken(Breach(name, table.today, words))
