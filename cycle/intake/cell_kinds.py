"""What the cells of a column are: numbers of agreements, dates, parties, or words; as shares of the filled ones."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from cycle.domain.dutch import Reference, read
from cycle.domain.model import ReadingKind
from cycle.intake.leads import Names, is_open, split_date
from cycle.intake.raw import RawLine
from cycle.intake.repairs import one_space

NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}\.?")
# under a heading that says so, other numbers count too ("A1", "3", "W-12", "2.4b"), but never a figure like 5.146
LOOSE_NUMBER = re.compile(
    r"(?!\d{1,3}\.\d{3}\b)[A-Za-z]{0,5}[-. ]?\d{1,3}(?:[.-]\d{1,2}){0,3}(?:[.-]?[a-z])?[.)]?|[A-Z][.)]?|[IVX]{1,4}[.)]?"
)


@dataclass(frozen=True, slots=True)
class Share:
    """One column: how many cells are filled, which share of those is what, and how long they are on average."""

    filled: int
    filled_share: float
    number: float
    date: float
    trekker: float
    words: float
    signs: float
    crosses: float = 0.0
    figures: float = 0.0
    open: float = 0.0
    codes: float = 0.0

    def of(self, name: str) -> float:
        """The share of cells that are "number", "date" or "trekker"; 0 for what cannot be told from cells."""
        return {"number": self.number, "date": self.date, "trekker": self.trekker}.get(name, 0.0)

    @property
    def kind(self) -> str:
        """What most cells are, "" when they are only words."""
        likeliest = max(("number", "date", "trekker"), key=self.of)
        return likeliest if self.of(likeliest) >= _HALF else ""


def shares_of(lines: Sequence[RawLine], names: Names) -> list[Share]:
    """Each column of these rows."""
    width = max((len(line.cells) for line in lines), default=0)
    rows = [[one_space(cell) for cell in line.cells] + [""] * (width - len(line.cells)) for line in lines]
    return [_share(column, names) for column in zip(*rows, strict=True)]


def is_date(cell: str) -> bool:
    """Whether a cell says when, and nothing else."""
    if not cell or len(cell) > _LONGEST_DATE or NUMBER.fullmatch(cell):
        return False
    names, phrase = split_date(cell)
    return (not names and bool(phrase)) or (len(cell.split()) <= _MOST_DATE_WORDS and _reads_as_date(cell))


def _is_dated_name(cell: str, names: Names) -> bool:
    """ "Gemeente, Q3 2027": a date with whose it is."""
    who, phrase = split_date(cell) if len(cell) <= _LONGEST_DATE else ("", "")
    return bool(who and phrase) and names.is_all_known(who)


def is_cross(cell: str) -> bool:
    """Whether a cell only says that its column holds for this row."""
    return cell.strip().casefold() in _CROSSES


def is_figure(cell: str) -> bool:
    """Whether a cell is an amount and nothing else, with its unit or without."""
    return _FIGURE.fullmatch(cell.strip()) is not None


def _share(cells: Sequence[str], names: Names) -> Share:
    filled = [cell for cell in cells if cell]
    if not filled:
        return Share(0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    different = len(set(filled)) / len(filled)
    count = len(filled)
    return Share(
        count,
        count / len(cells),
        (_numbers(filled) / count) * (different >= _MOSTLY),
        sum(1 for cell in filled if is_date(cell) or _is_dated_name(cell, names)) / count,
        sum(map(names.is_all_known, filled)) / count,
        sum(len(cell.split()) for cell in filled) / count,
        sum(map(len, filled)) / count,
        sum(map(is_cross, filled)) / count,
        sum(map(is_figure, filled)) / count,
        sum(map(is_open, filled)) / count,
        _codes(filled) / count,
    )


def _codes(cells: Sequence[str]) -> int:
    """How many cells are codes of which the figures rise ("K1", "K2", …), though each may look like a quarter."""
    codes = [(match.group(1), int(match.group(2))) for cell in cells if (match := _CODE.fullmatch(cell))]
    return len(codes) if all(one[0] == other[0] and one[1] < other[1] for one, other in pairwise(codes)) else 0


def _numbers(cells: Sequence[str]) -> int:
    """How many cells are numbers of agreements; bare figures only where each is more than the one above."""
    plain = [int(cell.rstrip(".)")) for cell in cells if _PLAIN.fullmatch(cell)]
    is_rising = all(one < other for one, other in pairwise(plain))
    return sum(1 for cell in cells if (_PLAIN.fullmatch(cell) and is_rising) or _tells_its_number(cell))


def _tells_its_number(cell: str) -> bool:
    return _TELLING_NUMBER.fullmatch(cell) is not None and not is_date(cell)


@lru_cache(maxsize=2048)
def _reads_as_date(cell: str) -> bool:
    reading = read(cell, Reference(2027))
    return reading.kind is not ReadingKind.NONE and not reading.doubtful


_UNIT = (
    r"[%‰]|procent|euro|k€|m2|m²|kwh|fte|vhe|st(?:uks)?\.?|woning(?:en)?|eenheden|huurwoningen|koopwoningen"
    r"|appartementen|huishoudens|personen|mln\.?|miljoen|per jaar|p\.?j\.?"
)
_FIGURE = re.compile(
    rf"[-–−+±]?\s?(?:€\s?)?[-–−+]?\d{{1,3}}(?:[.\s]?\d{{3}})*(?:,\d{{1,4}}|,-)?\s?(?:{_UNIT})?|\d{{1,9}}", re.I
)
_CROSSES = frozenset(["x", "xx", "v", "✓", "✔", "√", "•", "●", "■", "☒", "☑", "ja"])
_LONGEST_DATE, _MOST_DATE_WORDS = 60, 5
_HALF, _MOSTLY = 0.5, 0.6
_CODE = re.compile(r"([A-Z])(\d{1,2})")
_PLAIN = re.compile(r"\d{1,3}[.)]?")
_TELLING_NUMBER = re.compile(
    rf"{NUMBER.pattern}|(?i:afspraak|actie|artikel|punt|maatregel)\s+\w{{1,3}}(?:\.\d{{1,2}})*"
    r"|[a-z][.)]?|[A-Z]{1,5}[-. ]?\d{1,3}(?:[.-]\d{1,2}){0,3}[a-z]?|\d{1,3}[a-z][.)]?"
)
