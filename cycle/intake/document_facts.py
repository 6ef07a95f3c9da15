"""What a document says about itself: its title, when it was signed, and for which years it holds."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cycle.domain.words import MONTHS
from cycle.intake.drafts import Drafts
from cycle.intake.outside import is_appendix
from cycle.intake.raw import Block, RawText
from cycle.intake.repairs import tidy


@dataclass(frozen=True, slots=True)
class Facts:
    """`None` and "" stand for what the document does not say."""

    title: str = ""
    signed_on: date | None = None
    term_start: date | None = None
    term_end: date | None = None


def facts_of(blocks: Sequence[Block], drafts: Drafts) -> Facts:
    """The facts of a document, from its running text first and from its rows after that."""
    texts = [tidy(block.text) for block in blocks if isinstance(block, RawText)]
    title = _title(texts)
    said = (*texts, *(row.text for row in drafts.agreements))
    start, end = _term(said) or _term_of_title(title) or (None, None)
    return Facts(title, _signed_on(texts), start, end)


def first_year(file: str, drafts: Drafts, title: str) -> int | None:
    """The year that an agenda begins in, as its heading, its file's name or its title says."""
    named = (int(found.group()) for words in (file, title) if (found := _ANY_YEAR.search(words)))
    return drafts.agenda_year or next(named, None)


def year_of_rows(drafts: Drafts) -> int | None:
    """The one year that most dates in the rows name, if they name no other."""
    phrases = [row.date_phrase for row in (*drafts.agreements, *drafts.agenda) if row.date_phrase]
    naming = [years for phrase in phrases if (years := _ANY_YEAR.findall(phrase))]
    named = {int(year) for years in naming for year in years}
    return named.pop() if len(named) == 1 and len(naming) * 2 > len(phrases) else None


def _title(texts: Sequence[str]) -> str:
    """The first line that names the agreement with its years, else those words in a sentence, else the first line."""
    short = (
        words for words in texts if len(words) <= _LONGEST_TITLE and not words.endswith(".") and not is_appendix(words)
    )
    named = next((words for words in short if _NAMED.search(words) and _ANY_YEAR.search(words)), "")
    inside = next((found.group() for words in texts if (found := _NAMED_INSIDE.search(words))), "")
    return named or inside or next((words[:_LONGEST_TITLE] for words in texts if words), "")


def _signed_on(texts: Sequence[str]) -> date | None:
    """A date behind "overeengekomen" and the like, else a line that is only a date."""
    said = [words for words in texts if _SIGNED.search(words) and not _FORMER.search(words)]
    told = sorted(said, key=lambda words: _BY_HAND.search(words) is None)  # signed goes before adopted by a council
    signed = (found for words in told for found in _dates_after(words))
    alone = (found for words in texts if (found := _DATE.fullmatch(words)))
    return next((day for found in (*signed, *alone) if (day := _day(*found.groups()))), None)


def _dates_after(words: str) -> Iterator[re.Match[str]]:
    """The dates behind the word that says it was signed, then those before it."""
    verb = _BY_HAND.search(words) or _SIGNED.search(words)
    dates = [*_DATE.finditer(words)]
    yield from sorted(dates, key=lambda found: verb is not None and found.start() < verb.start())


def _term(texts: Iterable[str]) -> tuple[date, date] | None:
    for words in texts:
        match = _TERM.search(words)
        if match:
            start, end = _day(*match.group(1, 2, 3)), _day(*match.group(5, 6, 7))
            if (
                end and match.group(4).casefold() == "tot" and end.day == 1
            ):  # "tot 1 juli" is up to it, "tot 31 juli" with it
                end -= timedelta(days=1)
            if start and end and start < end:
                return start, end
    return None


def _term_of_title(title: str) -> tuple[date, date] | None:
    match = _YEARS.search(title)
    if not match or int(match.group(1)) > int(match.group(2)):
        return None
    return date(int(match.group(1)), 1, 1), date(int(match.group(2)), 12, 31)


def _day(day: str, month: str, year: str) -> date | None:
    number = int(month) if month.isdigit() else MONTHS.index(month.casefold()) + 1
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


_LONGEST_TITLE = 160
_ONE_DATE = rf"(\d{{1,2}})[ -](\d{{1,2}}|{'|'.join(MONTHS)})[ -]((?:19|20)\d\d)"
_DATE = re.compile(_ONE_DATE, re.I)
_TERM = re.compile(
    rf"(?:periode|looptijd|geld\w{{0,5}})[^.;]{{0,60}}?{_ONE_DATE}\s+(tot en met|t/m|tot|-|–)\s+{_ONE_DATE}", re.I
)
_SIGNED = re.compile(r"overeengekomen|ondertekend|getekend|vastgesteld op|aldus", re.I)
_BY_HAND = re.compile(r"onderteken\w*|getekend|overeengekomen", re.I)
_FORMER = re.compile(r"\b(?:vorige|eerdere|oude|voorgaande)\b", re.I)
_ANY_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_YEARS = re.compile(r"(?<!\d)(20\d\d)\s*(?:-|–|/|t/m|tot en met|tot)\s*(20\d\d)(?!\d)")
_NAMED = re.compile(r"prestatieafspra|raamovereenkomst|kaderafspra|samenwerkingsafspra|uitvoeringsagenda", re.I)
_NAMED_INSIDE = re.compile(r"[Pp]restatieafspraken(?: [A-Z][\w-]+){0,4} 20\d\d ?[-–] ?20\d\d")
