"""Several columns with dates in one table, and what the cells of a row say together.

Of an old and a new form the new one counts, a beginning and an end are one window, and a year of its own column goes
with the day in another. What cannot be told apart is said together, so that the reader of phrases asks about it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from cycle.domain.dutch import Reference, read
from cycle.intake.repairs import tidy


class DateRole(StrEnum):
    """What a column of dates says, in Dutch as it is shown beside its heading."""

    START = "begin"
    FORMER = "eerdere termijn"
    PLAIN = "termijn"
    NEWEST = "termijn (nieuwste)"


@dataclass(frozen=True, slots=True)
class DateColumn:
    """A column of dates by its place; `year` is the one that its heading gives to the days under it."""

    place: int
    role: DateRole = DateRole.PLAIN
    year: str = ""


def dated_column(place: int, heading: str, *, is_start: bool) -> DateColumn:
    """What the heading of a column of dates says about them."""
    words = re.findall(r"\w+", heading.casefold())
    years = _YEAR.findall(heading)
    year = years[0] if len(years) == 1 and len(words) > 1 else ""
    if is_start or (words and (words[0] in _STARTS or words[-1] in _STARTS)) or words[-2:] == _FIRST_DAY:
        return DateColumn(place, DateRole.START, year)
    if not _NEWER.isdisjoint(words):
        return DateColumn(place, DateRole.NEWEST, year)
    return DateColumn(place, DateRole.FORMER if not _OLDER.isdisjoint(words) else DateRole.PLAIN, year)


def with_roles(columns: Sequence[DateColumn]) -> tuple[DateColumn, ...]:
    """The same, where some headings decide about the rest: beside a new form an undecided one is the former."""
    roles = {column.role for column in columns}
    undecided = sum(1 for column in columns if column.role is DateRole.PLAIN)
    if DateRole.NEWEST in roles:
        turned = {DateRole.PLAIN: DateRole.FORMER}
    elif DateRole.FORMER in roles and undecided == 1:
        turned = {DateRole.PLAIN: DateRole.NEWEST}
    elif undecided == 0 and DateRole.FORMER in roles:
        turned = {DateRole.FORMER: DateRole.PLAIN}
    else:
        turned = {}
    return tuple(DateColumn(one.place, turned.get(one.role, one.role), one.year) for one in columns)


def are_rivals(columns: Sequence[DateColumn]) -> bool:
    """Whether several columns may be the date that counts, and no heading says which."""
    return sum(1 for column in columns if column.role is DateRole.PLAIN and not column.year) > 1


def said_together(columns: Sequence[DateColumn], cells: Sequence[str]) -> tuple[str, set[int]]:
    """The date phrase of a row out of its cells in these columns, and the places of those that are in it."""
    filled = [
        (column, text) for column in columns if (text := _cell(column, cells)) and text.casefold() not in _NOTHING
    ]
    ends = [(column, text) for column, text in filled if column.role is not DateRole.START]
    starts = [(column, text) for column, text in filled if column.role is DateRole.START]
    phrase, used = _of_ends(ends)
    if starts:
        column, text = starts[0]
        with_start = _with_start(text, phrase)
        if with_start:
            return with_start, used | {column.place}
    return phrase, used


def _cell(column: DateColumn, cells: Sequence[str]) -> str:
    text = tidy(cells[column.place]) if column.place < len(cells) else ""
    if text and column.year and not _YEAR.search(text) and _is_moment(text):
        return f"{text} {column.year}"
    return text


def _of_ends(ends: Sequence[tuple[DateColumn, str]]) -> tuple[str, set[int]]:
    used = {column.place for column, _ in ends}
    rank = (DateRole.FORMER, DateRole.PLAIN, DateRole.NEWEST)
    ranked = sorted(ends, key=lambda end: rank.index(end[0].role))
    texts = list(dict.fromkeys(text for _, text in ranked))
    if len(texts) < 2:
        return "".join(texts), used
    if ranked[-1][0].role is DateRole.NEWEST:
        former, newest = texts[-2], texts[-1]
        left = {column.place for column, text in ranked if text in texts[:-2]}
        phrase = f"{newest} (was {former})"
        return (phrase if _is_sure(phrase) else f"was {former}, wordt {newest}"), used - left
    return _narrowed(texts) or " en ".join(texts), used


def _narrowed(texts: Sequence[str]) -> str:
    """A year or a quarter with the moment in it that stands in another column, "" if they are no such pair."""
    for outer, inner in (texts, texts[::-1]) if len(texts) == _PAIR else ():
        phrase = f"{outer}, {inner}"
        is_inside = _PERIOD.fullmatch(outer) is not None and _is_sure(phrase)
        if is_inside and (not _YEAR.search(inner) or "binnen" in read(phrase, _ANY_YEAR).reason):
            return phrase
    return ""


def _with_start(start: str, end: str) -> str:
    """A window, or what only begins; "" where the two make no clear window, so that the beginning is left and named."""
    if not end:
        return f"start {start}" if _is_moment(start) else start
    begins = read(start, _ANY_YEAR)
    if begins.doubtful or not begins.due or _LIMIT.match(start):
        return ""
    phrase = f"van {start} tot {end}" if _LIMIT.match(end) else f"van {start} tot en met {end}"
    reading = read(phrase, _ANY_YEAR)
    is_window = not reading.doubtful and reading.window_start and reading.due == read(end, _ANY_YEAR).due
    return phrase if is_window else ""


def _is_moment(text: str) -> bool:
    return read(text, _ANY_YEAR).due is not None


def _is_sure(phrase: str) -> bool:
    reading = read(phrase, _ANY_YEAR)
    return reading.due is not None and not reading.doubtful


_PAIR = 2
_ANY_YEAR = Reference(2027)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_PERIOD = re.compile(r"20\d\d|[Qq][1-4](?: 20\d\d)?")
_LIMIT = re.compile(r"(?:uiterlijk|v[oó]+r|tot|t/m|per|op|na|binnen)\b", re.I)
_NOTHING = frozenset(["-", "–", "—", "n.v.t.", "nvt", "idem", "ongewijzigd", "zelfde", "hetzelfde", "=", "geen", "/"])
_STARTS = frozenset(["start", "begin", "van", "vanaf", "aanvang", "ingang", "startdatum", "begindatum"])
_FIRST_DAY = ["eerste", "dag"]
_NEWER = frozenset(
    [
        *(
            "nieuw",
            "nieuwe",
            "wordt",
            "worden",
            "bijgesteld",
            "bijgestelde",
            "herzien",
            "herziene",
            "actueel",
            "actuele",
        ),
        *("aangepast", "aangepaste", "gewijzigde", "verschoven", "uitgesteld", "bijstelling", "herziening", "herijkt"),
        *("herijkte", "verlengd", "verlengde", "huidig", "huidige", "prognose", "geactualiseerd", "geactualiseerde"),
        *("nu", "verwacht", "verwachte", "verplaatst", "doorgeschoven"),
    ]
)
_OLDER = frozenset(
    [
        *("oud", "oude", "was", "oorspronkelijk", "oorspronkelijke", "origineel", "originele", "eerder", "eerdere"),
        *("vorig", "vorige", "initieel", "initiële", "aanvankelijk", "aanvankelijke", "voorheen"),
    ]
)
