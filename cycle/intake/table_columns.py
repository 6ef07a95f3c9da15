"""Which column of a table is what: by its headings, by what stands under them, and by what a person said.

A heading that is known decides, unless what stands under it contradicts it. What no heading says is judged by the
cells: a share of them that reads as dates, that names parties, that are sentences. That is a guess and is called one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from cycle.errors import CycleError
from cycle.intake.cell_kinds import LOOSE_NUMBER, NUMBER, Share, is_date, shares_of
from cycle.intake.date_columns import DateColumn, DateRole, are_rivals, dated_column, said_together, with_roles
from cycle.intake.heading_words import heading_meaning, is_usual
from cycle.intake.leads import Names, split_date
from cycle.intake.raw import RawLine
from cycle.intake.repairs import one_space
from cycle.intake.spread_columns import Spoken, Spread, party_in_heading, period_in_heading, spoken

__all__ = [
    "NUMBER",
    "Columns",
    "columns_by_content",
    "columns_of_heading",
    "is_heading_below",
    "is_number",
    "judged_columns",
    "looks_like_heading",
    "may_be_heading",
    "said_columns",
]

READ = ("number", "topic", "text", "trekker", "date")
"""The columns that are read; a table has each of them at most once."""
WORDS = {"number": "nummer", "topic": "onderwerp", "text": "afspraak", "trekker": "trekker", "date": "termijn"}
NOT_USED = "niet gebruikt"
_OTHER_WORDS = {
    "status": f"status ({NOT_USED})",
    "start": f"begin ({NOT_USED})",
    "past": f"andere datum ({NOT_USED})",
    "joins": f"doet mee ({NOT_USED})",
}
SAYABLE = {**{word: name for name, word in WORDS.items()}, NOT_USED: ""}
"""What a person may say that a column is."""

MOST_JUDGED = 120
"""Rows that a column is judged by; more of them say nothing else."""

Said = Mapping[str, str]
NOTHING_SAID: Said = MappingProxyType({})
"""The meaning of columns as a person said it, by their heading in small letters or by their place ("3")."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The place of each column, counted from 0; `None` where the table has no such column.

    `guessed` are those that no heading names; `headings` is the heading row, empty where there is none. `parties` and
    `moments` are the columns of which the heading is the lead or the date of what stands in them; `dates` are all
    columns of dates where there is more than the one (a beginning, a former form), and `date` one of them.
    """

    number: int | None = None
    topic: int | None = None
    text: int | None = None
    trekker: int | None = None
    date: int | None = None
    by_heading: bool = True
    guessed: frozenset[str] = frozenset()
    headings: tuple[str, ...] = ()
    loose_number: bool = True
    parties: tuple[Spread, ...] = ()
    moments: tuple[Spread, ...] = ()
    dates: tuple[DateColumn, ...] = ()

    def cell(self, name: str, cells: Sequence[str]) -> str:
        """The text of one column in a row, "" if the table has no such column or the row is too short."""
        place: int | None = getattr(self, name)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    @property
    def names_a_date(self) -> bool:
        """Whether the table has a column of its own for the date, as lists of actions do."""
        return self.date is not None or bool(self.moments or self.dates)

    def when(self, cells: Sequence[str]) -> tuple[str, set[int]]:
        """The date phrase of a row, and the places of the cells that are in it."""
        if self.dates:
            return said_together(self.dates, cells)
        return self.cell("date", cells), set() if self.date is None else {self.date}

    def who_marked(self, cells: Sequence[str]) -> Spoken:
        """What a row says in the columns of parties."""
        return spoken(self.parties, cells, moments=False)

    def when_marked(self, cells: Sequence[str]) -> Spoken:
        """What a row says in the columns of moments."""
        return spoken(self.moments, cells, moments=True)

    @property
    def says_enough(self) -> bool:
        """Whether rows can be read with it: what is agreed, and of its number, lead or date one at least."""
        words = self.text is not None or self.topic is not None
        spread = bool(self.parties or self.moments or self.dates)
        return words and (spread or any(place is not None for place in (self.number, self.trekker, self.date)))

    @property
    def is_spread(self) -> bool:
        """Whether parties or moments stand beside each other as headings, as only a heading row has them."""
        return len(self.parties) > 1 or len(self.moments) > 1

    @property
    def first_of_words(self) -> int:
        """The place of the first column with words, 0 where there is none."""
        return min((place for place in (self.topic, self.text) if place is not None), default=0)

    def meaning(self, place: int) -> str:
        """What the column at this place is, in Dutch."""
        name = next((name for name in READ if getattr(self, name) == place), "")
        for spread, of in ((self.parties, "trekker"), (self.moments, "date")):
            if any(one.place == place for one in spread):
                return f"{WORDS[of]} (kruisje)"
        dated = next((one.role for one in self.dates if one.place == place), DateRole.PLAIN)
        if dated is not DateRole.PLAIN:
            return str(dated)
        if not name and any(one.place == place for one in self.dates):
            name = "date"
        if not name:
            other = heading_meaning(self.heading(place))
            return _OTHER_WORDS.get(other[0], NOT_USED) if other else NOT_USED
        return f"{WORDS[name]} (geraden)" if name in self.guessed else WORDS[name]

    def heading(self, place: int) -> str:
        """The heading of the column at this place, "" where it has none."""
        return self.headings[place] if place < len(self.headings) else ""


def said_columns(texts: Sequence[str]) -> dict[str, str]:
    """What a person said that columns are ("Oplevering=termijn", or "3=termijn" by place).

    Raises CycleError for a word that is no kind of column, with those that are.
    """
    said: dict[str, str] = {}
    for text in texts:
        heading, mark, word = (part.strip() for part in text.rpartition("="))
        if not mark or not heading_key(heading):
            raise CycleError(
                f"“{text}” zegt niet welke kolom wat is.", "Schrijf het zo: --columns “Oplevering=termijn”."
            )
        if word.casefold() not in SAYABLE:
            raise CycleError(f"“{word}” is geen soort kolom.", f"Kies uit: {', '.join(SAYABLE)}.")
        said[heading_key(heading)] = SAYABLE[word.casefold()]
    return said


def columns_of_heading(cells: Sequence[str]) -> Columns | None:
    """The columns that a heading row names, or `None` if this is not a heading row.

    It takes two headings that are known, of which one is the number, the text or the trekker.
    """
    places = _surest(cells, {})
    if len(places) < 2 or not places.keys() & {"number", "text", "trekker"}:
        return None
    filled = sum(1 for cell in cells if cell.strip() and not is_date(one_space(cell)))
    if len(places) * 3 < filled:
        return None
    return replace(_columns_at(places), headings=_headings(cells))


def is_heading_below(cells: Sequence[str]) -> bool:
    """Whether a row below rows of data is a heading: only by the usual words, because those rows say much more."""
    usual, filled = sum(map(is_usual, cells)), sum(1 for cell in cells if cell.strip())
    if usual < 2 or usual * 2 < filled or any(len(cell.split()) > _MOST_HEADING_WORDS for cell in cells):
        return False
    return columns_of_heading([cell if is_usual(cell) else "-" for cell in cells]) is not None


def may_be_heading(cells: Sequence[str], names: Names) -> bool:
    """Whether a row has the look of headings: a few short names of things, no number, no date and no party."""
    filled = [text for cell in cells if (text := one_space(cell))]
    return len(filled) >= 2 and all(looks_like_heading(text, names) for text in filled)


def judged_columns(cells: Sequence[str], lines: Sequence[RawLine], names: Names, said: Said) -> Columns:
    """The columns under a heading row: what it names and what stands under it together."""
    judge = _Judge(cells, shares_of(lines[:MOST_JUDGED], names), said, names)
    return replace(judge.columns(), headings=_headings(cells))


def columns_by_content(lines: Sequence[RawLine], names: Names, said: Said = NOTHING_SAID) -> Columns | None:
    """The columns of a table without headings, from what stands in them; `None` if that is not clear enough.

    Without numbers it takes a lead and a date in most rows beside a sentence.
    """
    judge = _Judge((), shares_of(lines[:MOST_JUDGED], names), said, names)
    columns = judge.columns()
    if not columns.says_enough or columns.text is None:
        return None
    if columns.number is None and (columns.trekker is None or columns.date is None or not judge.has_sentences(columns)):
        return None
    return replace(columns, by_heading=False, loose_number=False)


def is_number(cell: str, columns: Columns) -> bool:
    """Whether a cell of the number column is the number of an agreement."""
    return (LOOSE_NUMBER if columns.loose_number else NUMBER).fullmatch(cell) is not None


def said_for(heading: str, place: int, said: Said) -> str | None:
    """What a person said that this column is: "" for not used, `None` when nothing was said."""
    return said.get(heading_key(heading)) if heading_key(heading) in said else said.get(str(place + 1))


def heading_key(heading: str) -> str:
    """A heading as it is compared: small letters, one space, no signs around it."""
    return one_space(heading).strip(" :?.*").casefold()


@dataclass(slots=True)
class _Judge:
    """Gives each meaning its column: said by a person, then named by a heading, then guessed by its cells."""

    cells: Sequence[str]
    shares: Sequence[Share]
    said: Said
    names: Names
    places: dict[str, int] = field(default_factory=dict)
    guessed: set[str] = field(default_factory=set)
    closed: set[int] = field(default_factory=set)

    def columns(self) -> Columns:
        self._take_said()
        parties, moments = self._take_spread()
        self._take_named()
        self._leave_explanation()
        for name in ("number", "date", "trekker", "text", "topic"):
            if name not in self.places and not (name == "date" and moments) and not (name == "trekker" and parties):
                self._guess(name)
        dates = self._dates()
        if are_rivals(dates):
            self.guessed.add("date")
        columns = _columns_at(self.places)
        return replace(columns, guessed=frozenset(self.guessed), parties=parties, moments=moments, dates=dates)

    def _leave_explanation(self) -> None:
        """An explanation is not what was agreed where another column, of an unknown name, has words too."""
        place = self.places.get("text")
        if place is None or heading_key(self._cell(place)) != "toelichting":
            return
        shares = enumerate(self.shares)
        words = (
            other for other, share in shares if share.words >= _TEXT_WORDS and not share.kind and not share.figures
        )
        if any(other not in self.closed and not self._means(other) for other in words):
            del self.places["text"]

    def _take_spread(self) -> tuple[tuple[Spread, ...], tuple[Spread, ...]]:
        """The columns per party and per moment, where no column of its own says who or when."""
        free = [place for place in range(min(len(self.cells), len(self.shares))) if place not in self.closed]
        named = {meaning[0] for place in free if (meaning := heading_meaning(self._cell(place)))}
        parties = [Spread(place, party) for place in free if (party := self._party_at(place))]
        moments = [Spread(place, period) for place in free if (period := self._period_at(place))]
        if "trekker" in self.places or "trekker" in named or not self._are_spread(parties):
            parties = []
        has_date = "date" in self.places or any(self._names_date(place, moments) for place in free)
        if has_date or not self._are_spread(moments):
            moments = []
        self.closed |= {one.place for one in (*parties, *moments)}
        return tuple(parties), tuple(moments)

    def _party_at(self, place: int) -> str:
        share = self.shares[place]
        is_number = share.number >= _HALF and share.crosses < _HALF
        is_named = share.trekker >= _HALF or share.date >= _HALF or is_number or share.figures >= _HALF
        return "" if is_named else party_in_heading(self._cell(place), self.names)

    def _period_at(self, place: int) -> str:
        share, meaning = self.shares[place], heading_meaning(self._cell(place))
        is_of_days = meaning is not None and meaning[0] == "date" and share.date >= _HALF
        if is_of_days or share.trekker >= _HALF or share.figures >= _HALF:
            return ""
        return period_in_heading(self._cell(place))

    def _names_date(self, place: int, moments: Sequence[Spread]) -> bool:
        meaning = heading_meaning(self._cell(place))
        is_moment = any(one.place == place for one in moments)
        return meaning is not None and meaning[0] == "date" and not is_moment and self.shares[place].date >= _FEW

    def _are_spread(self, columns: Sequence[Spread]) -> bool:
        """Whether crosses or words stand under these headings: one with crosses will do, of the others it takes two."""
        crossed = [one for one in columns if self.shares[one.place].crosses >= _HALF]
        filled = [one for one in columns if self.shares[one.place].filled]
        return bool(crossed) or (len(columns) > 1 and bool(filled))

    def _dates(self) -> tuple[DateColumn, ...]:
        """All columns with dates of what must be done, where there is more than the one that is read."""
        main = self.places.get("date")
        if main is not None and said_for(self._cell(main), main, self.said) is not None:
            return ()
        dates = [] if main is None else [self._dated(main)]
        for place in range(len(self.shares)):
            meaning = heading_meaning(self._cell(place))
            kind = meaning[0] if meaning else "date"
            is_open = place not in self.closed and place != main and kind in ("date", "start")
            if is_open and self.shares[place].date >= _HALF:
                dates.append(self._dated(place))
        if len(dates) == 1 and dates[0].role is not DateRole.START:
            return ()
        return with_roles(dates)

    def _dated(self, place: int) -> DateColumn:
        meaning = heading_meaning(self._cell(place))
        return dated_column(place, self._cell(place), is_start=meaning is not None and meaning[0] == "start")

    def has_sentences(self, columns: Columns) -> bool:
        return columns.text is not None and self.shares[columns.text].words >= _SENTENCE_WORDS

    def _take_said(self) -> None:
        for place in range(max(len(self.cells), len(self.shares))):
            name = said_for(self._cell(place), place, self.said)
            if name is not None:
                self.closed.add(place)
            if name:
                self.places[name] = place

    def _take_named(self) -> None:
        free = [cell if place not in self.closed else "" for place, cell in enumerate(self.cells)]
        against = {place for place in range(len(self.shares)) if self._contradicted(place)}
        named = _surest(["" if place in against else cell for place, cell in enumerate(free)], self._misfits())
        for name, place in named.items():
            if name not in self.places:
                self.places[name] = place
        self.closed |= set(self.places.values())

    def _misfits(self) -> dict[int, set[str]]:
        """The meanings that the cells of a column do not bear out, where another column may well be meant."""
        return {place: {"date"} for place, share in enumerate(self.shares) if share.filled and share.date < _SOME}

    def _contradicted(self, place: int) -> bool:
        """Whether the cells under a heading are plainly another thing than it says."""
        named, share = heading_meaning(self._cell(place)), self.shares[place]
        if named is None or named[0] not in READ or named[0] == "topic" or not share.filled:
            return False
        others = {name for name in ("number", "date", "trekker") if share.of(name) >= _MOST} - {named[0]}
        if named[0] == "text":
            others |= {"number"} if share.number >= _HALF and share.words < _TEXT_WORDS else set()
            return bool(others - self._named_elsewhere(place))
        if named[0] == "number" and share.codes >= _MOST:
            return False
        if named[0] == "date" and share.date < _FEW and self._dates_elsewhere(place):
            return True
        return bool(others) and share.of(named[0]) + share.open < _FEW

    def _dates_elsewhere(self, place: int) -> bool:
        """Whether a column that is not named a date, or a beginning, is full of dates."""
        meanings = ((other, heading_meaning(self._cell(other))) for other in range(len(self.shares)) if other != place)
        free = (other for other, meaning in meanings if meaning is None or meaning[0] == "status")
        return any(self.shares[other].date >= _MOST for other in free)

    def _named_elsewhere(self, place: int) -> set[str]:
        cells = [cell for other, cell in enumerate(self.cells) if other != place]
        return {named[0] for cell in cells if (named := heading_meaning(cell))}

    def _guess(self, name: str) -> None:
        free = [place for place in range(len(self.shares)) if place not in self.closed and self.shares[place].filled]
        place = _GUESSES[name](self, free)
        if place is not None:
            self.places[name] = place
            self.guessed.add(name)
            self.closed.add(place)

    def _guessed_number(self, free: Sequence[int]) -> int | None:
        before = min((self.places[name] for name in ("text", "topic") if name in self.places), default=len(self.shares))
        fits = (place for place in free if self.shares[place].of("number") >= _HALF and place <= before)
        return next(fits, None)

    def _guessed_date(self, free: Sequence[int]) -> int | None:
        return self._best(free, "date")

    def _guessed_trekker(self, free: Sequence[int]) -> int | None:
        return self._best([place for place in free if self._means(place) != "joins"], "trekker")

    def _best(self, free: Sequence[int], name: str) -> int | None:
        """The column that fits best and says something in most rows; one that says when a thing begins is the last."""
        enough = [place for place in free if self.shares[place].of(name) >= _HALF]
        return max(enough, key=lambda place: self._fit(place, name), default=None)

    def _fit(self, place: int, name: str) -> tuple[bool, float, bool, int]:
        meaning = heading_meaning(self._cell(place))
        is_start = meaning is not None and meaning[0] == "start"
        share = self.shares[place]
        # of two columns with dates the later one is when it must be done; of two with parties the first one leads
        later = place if name == "date" else -place
        return not is_start, round(share.of(name) * share.filled_share, 1), meaning is None, later

    def _guessed_text(self, free: Sequence[int]) -> int | None:
        words = [place for place in free if self._may_be_text(place)]
        longest = max(words, key=lambda place: self.shares[place].signs, default=None)
        if longest is None or (self.cells and self.shares[longest].words < _TEXT_WORDS):
            return None
        return longest

    def _may_be_text(self, place: int) -> bool:
        is_dates = self.shares[place].date >= _HALF
        return not is_dates and self._means(place) not in ("status", "remark", "joins", "past", "start")

    def _means(self, place: int) -> str:
        meaning = heading_meaning(self._cell(place))
        return meaning[0] if meaning else ""

    def _guessed_topic(self, free: Sequence[int]) -> int | None:
        text = self.places.get("text")
        free = [place for place in free if self._may_be_text(place)]
        short = (place for place in free if self.shares[place].kind == "" and (text is None or place < text))
        return next(short, None)

    def _cell(self, place: int) -> str:
        return self.cells[place] if place < len(self.cells) else ""


def _columns_at(places: Mapping[str, int]) -> Columns:
    number, topic, text, trekker, date = (places.get(name) for name in READ)
    return Columns(number, topic, text, trekker, date)


def _surest(cells: Sequence[str], misfits: Mapping[int, set[str]]) -> dict[str, int]:
    """Each meaning that is read with its column: one whose cells fit before one whose heading is surer."""
    by_name: dict[str, tuple[tuple[bool, int], int]] = {}
    for place, cell in enumerate(cells):
        meaning = heading_meaning(cell)
        if meaning is None or meaning[0] not in READ:
            continue
        name, rank = meaning
        order = (name in misfits.get(place, ()), rank)
        if name not in by_name or order < by_name[name][0]:
            by_name[name] = (order, place)
    return {name: by_name[name][1] for name in READ if name in by_name}


def _headings(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(one_space(cell) for cell in cells)


def looks_like_heading(text: str, names: Names) -> bool:
    """Whether a cell has the look of a heading; see `may_be_heading`."""
    if period_in_heading(text) or party_in_heading(text, names):
        return True
    if len(text) > _LONGEST_HEADING or len(text.split()) > _MOST_HEADING_WORDS or text[-1] in ".;!":
        return False
    if LOOSE_NUMBER.fullmatch(text) or _FIGURE.search(text) or not split_date(text)[0]:
        return False
    return heading_meaning(text) is not None or not names.is_all_known(text)


_GUESSES = {
    "number": _Judge._guessed_number,
    "date": _Judge._guessed_date,
    "trekker": _Judge._guessed_trekker,
    "text": _Judge._guessed_text,
    "topic": _Judge._guessed_topic,
}
_LONGEST_HEADING, _MOST_HEADING_WORDS = 50, 6
_FEW, _SOME, _HALF, _MOST = 0.2, 0.34, 0.5, 0.8
_TEXT_WORDS, _SENTENCE_WORDS = 2, 3
_FIGURE = re.compile(r"\d")
