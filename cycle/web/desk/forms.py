"""What somebody typed into a form, and what is wrong with it, by the field.

A form that cannot be taken is shown again with every word that was typed; the page says by each field what to do.
"""

from collections.abc import Collection, Iterable
from datetime import date, time

from starlette.datastructures import FormData, UploadFile

from cycle.domain.days import EVER, Days, parse_day, parse_time
from cycle.domain.text import clean_line, clean_lines, number_in
from cycle.domain.web_addresses import look_at_web_address
from cycle.errors import Refused

MOST = 2000


class DeskForm:
    """A form as it was sent. Each reader takes one field, and notes a sentence when it cannot be used."""

    def __init__(self, form: FormData | None = None, /, **first: str) -> None:
        """The form that came; without one, the values with which a form begins."""
        items = form.multi_items() if form is not None else []
        self._many = [(clean_line(name), clean_lines(value)) for name, value in items if isinstance(value, str)]
        self._files = [(name, _named(value)) for name, value in items if isinstance(value, UploadFile)]
        self.values: dict[str, str] = first | dict(self._many)
        self.errors: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        """The words in a field; nothing when it was not there. For templates."""
        return self.values.get(name, "")

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong so far."""
        return not self.errors

    def wrong(self, name: str, sentence: str) -> None:
        """Notes what is wrong with a field; the first sentence stays."""
        self.errors.setdefault(name, sentence)

    def text(self, name: str, *, needed: str = "", most: int = MOST, lines: bool = False) -> str:
        """One field, on one line unless it may have several; `needed` is the sentence for when it is empty."""
        value = self[name] if lines else clean_line(self[name])
        if needed and not value:
            self.wrong(name, needed)
        if len(value) > most:
            self.wrong(name, f"Dit is te lang: gebruik hoogstens {most} tekens.")
        return value

    def choice(self, name: str, options: Collection[str], *, needed: str = "Maak een keuze.") -> str:
        """One of the options, or nothing with a sentence; an empty field is right when nothing is needed."""
        value = self[name]
        if value in options or (not value and not needed):
            return value
        self.wrong(name, needed or "Maak een keuze uit de lijst.")
        return ""

    def day(self, name: str, *, needed: str = "", within: Days = EVER) -> date | None:
        """A date as a browser's date field gives it, or as people write it: 31-3-2027; nothing for one that cannot be.

        `within` says which days can be.
        """
        value = self.text(name, needed=needed)
        parsed = parse_day(value) if value else None
        if value and parsed is None:
            self.wrong(name, "Dit is geen datum. Schrijf bijvoorbeeld 31-3-2027.")
        if parsed is not None and not within.holds(parsed):
            self.wrong(name, within.fault(parsed))
            return None
        return parsed

    def hour(self, name: str, *, needed: str = "") -> time | None:
        """A time of day: 14:00 or 14.00."""
        value = self.text(name, needed=needed)
        parsed = parse_time(value)
        if value and parsed is None:
            self.wrong(name, "Dit is geen tijd. Schrijf bijvoorbeeld 14:00.")
        return parsed

    def web_address(self, name: str, example: str) -> str:
        """The address of a page; nothing for what no browser opens. The sentence about that gives the example."""
        try:
            return look_at_web_address(self[name], example)
        except Refused as refused:
            self.wrong(name, f"{refused.what} {refused.hint}")
            return ""

    def number(self, name: str, *, needed: str = "") -> int | None:
        """A whole number."""
        value = self.text(name, needed=needed, most=9)
        number = number_in(value)
        if value and number is None:
            self.wrong(name, "Dit is geen getal.")
        return None if name in self.errors else number

    def numbers(self, name: str) -> list[int]:
        """The ids of all boxes that were ticked under one name; what is no number is left out."""
        return [number for value in self.all(name) if (number := number_in(value)) is not None]

    def all(self, name: str) -> list[str]:
        """Every value under one name."""
        return [value for key, value in self._many if key == name]

    def pairs(self) -> list[tuple[str, str]]:
        """Every field as it was sent, in order: for a page that asks before it is done."""
        return list(self._many)

    def fill(self, fields: Iterable[tuple[str, str]]) -> None:
        """Takes these fields as if they had been sent."""
        self._many = list(fields)
        self.values |= dict(self._many)

    def file(self, name: str, *, needed: str = "") -> UploadFile | None:
        """A file that was sent along."""
        files = self.files(name)
        if needed and not files:
            self.wrong(name, needed)
        return files[-1] if files else None

    def files(self, name: str) -> list[UploadFile]:
        """All files that were sent along under one name."""
        return [file for key, file in self._files if key == name and file.filename]


def _named(file: UploadFile) -> UploadFile:
    """A file whose name can be kept and shown."""
    file.filename = clean_line(file.filename or "")
    return file
