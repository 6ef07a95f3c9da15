"""Which letter a page of the desk is about: of a year, a step and a sender, as its address and its forms say."""

from collections.abc import Collection, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from cycle.actions import letters
from cycle.domain.letters import TOGETHER
from cycle.errors import NotFound
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.visiting import NOT_HERE, DeskRequest, number_in_path

YEARS = range(2000, 2200)
PATH = "uitnodigingsbrief"


class ChosenLetter(NamedTuple):
    """One letter. `step` is that of the first letter of the year, unless another was chosen. `is_only` says that there
    is no letter of somebody else beside it."""

    year: int
    sender: str
    step: str
    is_only: bool

    def path(self, at: DeskRequest, rest: str = "") -> str:
        """The address of its page, or of one below it."""
        van = "" if self.is_only and not self.sender else self.sender or TOGETHER
        asked = {"van": van, "stap": self.step} if rest else {"jaar": str(self.year), "van": van}
        if not rest and self.step != letters.letter_steps(at.office, at.seat.slug, self.year)[0][0]:
            asked["stap"] = self.step
        query = urlencode({name: value for name, value in asked.items() if value})
        return at.path(f"{PATH}/{self.year}/{rest}" if rest else PATH) + (f"?{query}" if query else "")

    @property
    def file_name(self) -> str:
        """How a file of it is called, without what says of which kind it is."""
        return "-".join(part for part in (self.step, str(self.year), self.sender) if part)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a form about it takes along."""
        return [("van", self.sender or TOGETHER), ("stap", self.step)]


def chosen_letter(at: DeskRequest, year: str, sender: str = "", step: str = "") -> ChosenLetter:
    """The letter that an address names; one that names no sender is about the letter of who looks, else the first.

    Raises NotFound.
    """
    number = year_in_path(year)
    steps = letters.letter_steps(at.office, at.seat.slug, number)
    if step and step not in [name for name, _title in steps]:
        raise NotFound(*NOT_HERE)
    step = step or steps[0][0]
    there = letters_by_whose(at, number, step)
    if sender and sender not in there:
        raise NotFound(*NOT_HERE)
    whose = sender or _first_of(there, at.seat.parties)
    return ChosenLetter(number, there[whose], step, is_only=len(there) == 1)


def letters_by_whose(at: DeskRequest, year: int, step: str) -> dict[str, str]:
    """The senders whose letters there are, by what an address calls each: a joint letter is of all together."""
    return {one or TOGETHER: one for one in letters.senders_of(at.office, at.seat.slug, year, step)}


def _first_of(there: Mapping[str, str], parties: Collection[str]) -> str:
    """The own letter of whoever looks, if there is one, else the first."""
    return next((one for one in there if one in parties), next(iter(there)))


def letter_of_form(at: DeskRequest, year: str, typed: DeskForm) -> ChosenLetter:
    """The same for a form, which says whose letter it is about where there are several.

    Raises NotFound.
    """
    chosen = chosen_letter(at, year, typed["van"], typed["stap"])
    if not typed["van"] and not chosen.is_only:
        raise NotFound(*NOT_HERE)
    return chosen


def year_in_path(text: str) -> int:
    """A year of four figures. Raises NotFound for what is none."""
    year = number_in_path(text)
    if len(text) != 4 or year not in YEARS:
        raise NotFound(*NOT_HERE)
    return year
