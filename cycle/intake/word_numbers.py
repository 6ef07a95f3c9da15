"""Word's own numbering: the numbers that a reader sees before a paragraph, which stand nowhere in its text.

Word keeps them as a list with levels, each with a first number, a form and a text ("%1.%2"). Counting is done here as
Word does it: lists of the same definition count on, unless one says that it begins anew.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cycle.intake.word_styles import Styles, tag, value


@dataclass(frozen=True, slots=True)
class Label:
    """What is printed before a paragraph: a number or letter with its signs, or ("" and a bullet) a mark."""

    text: str = ""
    bullet: bool = False


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str
    restarts: bool
    legal: bool
    style: str


@dataclass(slots=True)
class _List:
    """A definition of a list with where its counting is, by level."""

    levels: dict[int, _Level]
    counted: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts along with the paragraphs of a document, in reading order."""

    def __init__(self, root: Any | None, styles: Styles) -> None:
        self._styles = styles
        self._lists: dict[str, _List] = {}
        self._list_of: dict[str, str] = {}
        self._begins_anew: dict[tuple[str, int], int] = {}
        if root is not None:
            self._take_lists(root)
            self._take_numbers(root)

    def label(self, paragraph: Any) -> Label:
        """What stands before this paragraph; the next one counts on from it."""
        number, place = self._list_and_level(paragraph)
        numbers = self._lists.get(self._list_of.get(number, ""))
        level = numbers.levels.get(place) if numbers else None
        if numbers is None or level is None:
            return Label(bullet=number not in ("", "0"))
        self._count(numbers, place, level, self._begins_anew.pop((number, place), None))
        if level.form in ("bullet", "none"):
            return Label(bullet=level.form == "bullet")
        return Label(_printed(numbers, level))

    def _count(self, numbers: _List, place: int, level: _Level, anew: int | None) -> None:
        before = numbers.counted.get(place)
        following = level.start if before is None else min(before + 1, _LAST)
        numbers.counted[place] = following if anew is None else anew
        for deeper in [other for other in numbers.counted if other > place]:
            if numbers.levels[deeper].restarts:
                del numbers.counted[deeper]

    def _list_and_level(self, paragraph: Any) -> tuple[str, int]:
        """The number of the list of a paragraph ("" for none) and its level, by itself or by its style."""
        look = paragraph.find(tag("pPr"))
        own = look.find(tag("numPr")) if look is not None else None
        number, level = value(own, "numId"), value(own, "ilvl")
        style_id = value(look, "pStyle") or ""
        if number is None and style_id:
            number, by_style = self._of_style(style_id)
            level = level or by_style
        return number or "", _whole(level, 0)

    def _of_style(self, style_id: str) -> tuple[str, str]:
        number, level, style_ids = "", "", []
        for chained, style in self._styles.chain(style_id):
            style_ids.append(chained)
            of_style = style.find(f"{tag('pPr')}/{tag('numPr')}")
            number = number or value(of_style, "numId") or ""
            level = level or value(of_style, "ilvl") or ""
            if number:
                break
        return number, self._level_of_style(number, style_ids) or level

    def _level_of_style(self, number: str, style_ids: Iterable[str]) -> str:
        """The level that names one of these styles as its own."""
        numbers = self._lists.get(self._list_of.get(number, ""))
        levels = numbers.levels.items() if numbers else ()
        by_style = {level.style: str(place) for place, level in levels if level.style}
        return next((by_style[style_id] for style_id in style_ids if style_id in by_style), "")

    def _take_lists(self, root: Any) -> None:
        for definition in root.findall(tag("abstractNum")):
            levels = {_whole(level.get(tag("ilvl")), 0): _level(level) for level in definition.findall(tag("lvl"))}
            self._lists[str(definition.get(tag("abstractNumId"), ""))] = _List(levels)

    def _take_numbers(self, root: Any) -> None:
        for entry in root.findall(tag("num")):
            number, definition = str(entry.get(tag("numId"), "")), value(entry, "abstractNumId") or ""
            for change in entry.findall(tag("lvlOverride")):
                definition = self._changed(number, definition, change)
            self._list_of[number] = definition

    def _changed(self, number: str, definition: str, change: Any) -> str:
        """A list that begins anew, or that has a level of its own; then it is a list apart."""
        place = _whole(change.get(tag("ilvl")), 0)
        anew, level = value(change, "startOverride"), change.find(tag("lvl"))
        if level is not None:
            changed = {**(self._lists[definition].levels if definition in self._lists else {}), place: _level(level)}
            definition = f"{number}*"
            self._lists[definition] = _List(changed)
        if anew is not None:
            self._begins_anew[number, place] = _whole(anew, 1)
        return definition


def _level(level: Any) -> _Level:
    return _Level(
        start=_whole(value(level, "start"), 1),
        form=value(level, "numFmt") or "decimal",
        text=value(level, "lvlText") or "",
        restarts=value(level, "lvlRestart") != "0",
        legal=value(level, "isLgl") not in (None, "0", "false"),
        style=value(level, "pStyle") or "",
    )


def _printed(numbers: _List, level: _Level) -> str:
    """The text of a level with its numbers filled in; a level above that was never counted shows its first number."""

    def number(match: re.Match[str]) -> str:
        place = int(match.group(1)) - 1
        other = numbers.levels.get(place, level)
        return in_form(numbers.counted.get(place, other.start), "decimal" if level.legal else other.form)

    return _PLACE.sub(number, level.text).strip()


def in_form(number: int, form: str) -> str:
    """A number as a list writes it; `form` is Word's name for that."""
    if form in ("lowerLetter", "upperLetter"):
        letters = _letters(number)
        return letters if form == "lowerLetter" else letters.upper()
    if form in ("lowerRoman", "upperRoman"):
        roman = _roman(number)
        return roman.casefold() if form == "lowerRoman" else roman
    if form == "decimalZero":
        return f"{number:02d}"
    if form == "ordinal":
        return f"{number}e"
    return "" if form in ("bullet", "none") else str(number)


def _letters(number: int) -> str:
    """a … z, aa, bb … zz, as Word goes on."""
    if number < 1:
        return ""
    turns, letter = divmod(number - 1, 26)
    return chr(ord("a") + letter) * min(turns + 1, _WIDEST)


def _roman(number: int) -> str:
    written = ""
    for worth, sign in _ROMAN:
        times, number = divmod(max(number, 0), worth)
        written += sign * min(times, _WIDEST)
    return written


def _whole(written: str | None, otherwise: int) -> int:
    return int(written) if written and written.isdecimal() and len(written) < 6 else otherwise


_LAST = 99_999
_WIDEST = 10
_PLACE = re.compile(r"%([1-9])")
_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")),
    *((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
