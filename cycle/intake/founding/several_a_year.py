"""Meetings that a text puts in several months of a year: the first, the last, and those between, each a step."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from cycle.domain.dutch import find
from cycle.domain.model import Reading
from cycle.domain.words import MONTHS
from cycle.intake.document import DocumentRow, Phrase, ReadDocument
from cycle.intake.founding.draft import StepDraft
from cycle.intake.left_over import PARAGRAPH
from cycle.intake.promised import sentences_of
from cycle.settings import StepSettings


@dataclass(frozen=True, slots=True)
class Dealt:
    """Which of several times of a phrase is whose: by the name of a step on offer, and those that are left over."""

    phrase: Phrase
    row: DocumentRow
    of_step: Mapping[str, Reading]
    between: tuple[Reading, ...] = ()


def dealt(
    said: Iterable[tuple[DocumentRow, Phrase]], sharing: Sequence[str], on_offer: Mapping[str, StepSettings]
) -> Dealt | None:
    """The times of the phrase that names most of them, over the steps that share its words; None where too few do."""
    lists = [(times_of(phrase), phrase, row) for row, phrase in said]
    times, phrase, row = max(lists, key=lambda one: len(one[0]), default=((), None, None))
    if phrase is None or row is None or len(times) < len(sharing) or len(sharing) < _PAIR:
        return None
    in_order = sorted(sharing, key=lambda name: _usual_month(on_offer[name]))
    times = tuple(sorted(times, key=lambda one: one.due or date.max))
    whose = {name: times[at] for at, name in enumerate(in_order[:-1])} | {in_order[-1]: times[-1]}
    return Dealt(phrase, row, whose, times[len(sharing) - 1 : -1])


def times_of(phrase: Phrase) -> tuple[Reading, ...]:
    """The moments of a phrase one by one, where it names several days of a year."""
    reading = phrase.reading
    if not reading.per_year or not any(_is_after(other, reading) for other in reading.others):
        return (reading,)
    months = _A_MONTH.findall(phrase.text)
    if len(months) > 1 + len(reading.others) and not re.search(r"\d", phrase.text):  # a reading shows three at most
        return tuple(each.reading for month in months for each in find(f"in {month}", _ANY_DAY)[:1])
    return (replace(reading, per_year=None), *(replace(other, per_year=None) for other in reading.others))


def own_step(reading: Reading, like: str, usual: StepSettings, said: Dealt) -> StepDraft:
    """A meeting of its own, after one on offer: "Bestuurlijk overleg in juni"."""
    start, due = reading.window_start or reading.due, reading.due
    if start is None or due is None:
        raise ValueError("a time of several a year has a day")
    month = MONTHS[start.month - 1]
    window = ("window", ((start.month, start.day), (due.month, due.day)))
    title = f"{usual.body or usual.title} in {month}"
    source = (said.row.number,) if said.row.number else ()
    return StepDraft(f"overleg-{month}", title, source, (window,), said.phrase.text, said.row.source, like=like)


def prose_rows(document: ReadDocument) -> list[DocumentRow]:
    """The sentences of running text that say when something is, without a number."""
    on = document.signed_on or document.term_start or _ANY_DAY
    rows = []
    for paragraph in document.unused:
        for sentence in sentences_of(paragraph.text) if paragraph.why == PARAGRAPH else ():
            phrases = tuple(Phrase(each.phrase, each.reading) for each in find(sentence, on))
            if phrases:
                rows.append(DocumentRow("", "", sentence, "", "", (), phrases, paragraph.place, ""))
    return rows


def _is_after(other: Reading, first: Reading) -> bool:
    start = other.window_start or other.due
    return start is not None and first.due is not None and start > first.due


def _usual_month(step: StepSettings) -> int:
    at = step.before or step.by or (step.window and step.window[0])
    return at[0] if at else 0


_PAIR = 2
_A_MONTH = re.compile("|".join(MONTHS), re.I)
_ANY_DAY = date(2026, 1, 1)
"""Only the day of the year is taken of a reading here."""
