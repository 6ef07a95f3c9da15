"""What a document says about itself: its title, when it was signed, and for which years it holds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cycle.intake.document_terms import is_open_ended, signed_in, term_in
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
    start, end = (None, None) if is_open_ended(said) else term_in(said, title) or (None, None)
    return Facts(title, signed_in(texts) or signed_in([words for words in said if _SIGNS.search(words)]), start, end)


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


_LONGEST_TITLE = 160
_SIGNS = re.compile(r"\b(?:getekend|ondertekend|vastgesteld) (?:op|te|in)\b", re.I)
_ANY_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_NAMED = re.compile(r"prestatieafspra|raamovereenkomst|kaderafspra|samenwerkingsafspra|uitvoeringsagenda", re.I)
_NAMED_INSIDE = re.compile(r"[Pp]restatieafspraken(?: [A-Z][\w-]+){0,4} 20\d\d ?[-–] ?20\d\d")
