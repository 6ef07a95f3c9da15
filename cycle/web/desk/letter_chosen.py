"""Which letter a page of the desk is about: of a year, a step and a sender, as its address and its forms say."""

from typing import NamedTuple
from urllib.parse import urlencode

from cycle.actions import letters
from cycle.errors import NotFound
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.visiting import NOT_HERE, DeskRequest, number_in_path

YEARS = range(2000, 2200)
PATH = "uitnodigingsbrief"


class ChosenLetter(NamedTuple):
    """One letter. `step` is that of the first letter of the year, unless another was chosen."""

    year: int
    sender: str
    step: str

    def path(self, at: DeskRequest, rest: str = "") -> str:
        """The address of its page, or of one below it."""
        asked = {"van": self.sender, "stap": self.step} if rest else {"jaar": str(self.year), "van": self.sender}
        if not rest and self.step != letters.letter_steps(at.office, at.seat.slug, self.year)[0][0]:
            asked["stap"] = self.step
        query = urlencode({name: value for name, value in asked.items() if value})
        return at.path(f"{PATH}/{self.year}/{rest}" if rest else PATH) + (f"?{query}" if query else "")

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a form about it takes along."""
        return [("van", self.sender), ("stap", self.step)]


def chosen_letter(at: DeskRequest, year: str, sender: str = "", step: str = "") -> ChosenLetter:
    """The letter that an address names: nobody's in particular for a joint one, else the first sender's.

    Raises NotFound.
    """
    number = year_in_path(year)
    steps = letters.letter_steps(at.office, at.seat.slug, number)
    if step and step not in [name for name, _title in steps]:
        raise NotFound(*NOT_HERE)
    step = step or steps[0][0]
    senders = letters.senders_of(at.office, at.seat.slug, number, step)
    if sender and sender not in senders:
        raise NotFound(*NOT_HERE)
    return ChosenLetter(number, sender or senders[0], step)


def letter_of_form(at: DeskRequest, year: str, typed: DeskForm) -> ChosenLetter:
    """The same for a form."""
    return chosen_letter(at, year, typed["van"], typed["stap"])


def year_in_path(text: str) -> int:
    """A year of four figures. Raises NotFound for what is none."""
    year = number_in_path(text)
    if len(text) != 4 or year not in YEARS:
        raise NotFound(*NOT_HERE)
    return year
