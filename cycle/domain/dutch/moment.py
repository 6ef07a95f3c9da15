"""The moment from which a phrase is read: a year, a month or a day."""

import re
from dataclasses import dataclass
from datetime import date

FORM = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class Reference:
    """A year, with the month and the day as far as they are known."""

    year: int
    month: int | None = None
    day: int | None = None

    def as_date(self) -> date:
        """The first day that fits: 2027-03 is 1 March 2027."""
        return date(self.year, self.month or 1, self.day or 1)


def reference(text: str) -> Reference:
    """Read "2027", "2027-03" or "2027-03-01"; a ValueError carries a Dutch sentence."""
    match = FORM.fullmatch(text.strip())
    if not match:
        raise ValueError(f"“{text}” is geen jaar, maand of dag: schrijf 2027, 2027-03 of 2027-03-01.")
    year, month, day = (int(part) if part else None for part in match.groups())
    result = Reference(year or 0, month, day)
    try:
        result.as_date()
    except ValueError:
        raise ValueError(f"“{text}” bestaat niet op de kalender.") from None
    return result


def as_reference(on: Reference | date) -> Reference:
    """A date is a reference that is known to the day."""
    return Reference(on.year, on.month, on.day) if isinstance(on, date) else on
