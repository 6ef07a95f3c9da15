"""What an act is, and the list of all kinds of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from random import Random
from typing import Any, ClassVar

from tests.simulation.table import SECRETARY, SLUGS, Table

Data = dict[str, Any]
KINDS: dict[str, "Act"] = {}


class Act:
    """A kind of act. See the package for how to add one."""

    weight: ClassVar[float] = 1.0
    is_of_person: ClassVar[bool] = True

    def __init_subclass__(cls) -> None:
        words = "".join(f" {char.lower()}" if char.isupper() else char for char in cls.__name__)
        KINDS[words.strip()] = cls()

    def likely(self, _table: Table) -> float:
        """How often, beside the others, as the table stands."""
        return self.weight

    def choose(self, table: Table, dice: Random) -> Data | None:
        """Data for an act of this kind as the table stands, or None when there is nothing to do it with."""
        raise NotImplementedError

    def carry_out(self, table: Table, **data: Any) -> bool:
        """Does it, and says whether anything changed. Raises Skip when what it names is not there."""
        raise NotImplementedError


@dataclass(frozen=True)
class Done:
    """One act as it was chosen: when, which, and with what. A run is a list of these."""

    day: str
    at: str
    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        words = "".join(f", {name}={value!r}" for name, value in self.data.items())
        return f'act("{self.day}", "{self.at}", "{self.kind}"{words})'

    @property
    def date(self) -> date:
        return date.fromisoformat(self.day)

    @property
    def time(self) -> time:
        return time.fromisoformat(self.at)


def act(day: str, at: str, kind: str, /, **data: Any) -> Done:
    """One act, as a failing run prints it."""
    return Done(day, at, kind, data)


def any_slug(dice: Random) -> str:
    """Mostly the large table."""
    return SLUGS[dice.random() < 0.25]


def by_of(slug: str) -> str:
    """Who decides at a table."""
    return SECRETARY[slug]


def some_day(table: Table, dice: Random, least: int, most: int) -> str:
    """A day so many days from today; now and then one that cannot be meant."""
    if dice.random() < 0.02:
        return dice.choice(["0001-01-01", "0027-03-04", "9999-12-31"])
    return (table.today + timedelta(dice.randint(least, most))).isoformat()


def maybe(dice: Random, value: Any, absent: Any = "") -> Any:
    """A value that may be absent, as often as not."""
    return value if dice.random() < 0.5 else absent


SENTENCES = ("Loopt.", "Wacht op de aannemer; zie mail “Hof & tuin” <intern>.", "x" * 300, "Ünïcode – ‘ja’")
