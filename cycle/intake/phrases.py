"""The deadline phrases of a row with their readings: the date of the trekker cell first, then those in the text."""

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from cycle.domain.dutch import NOTHING_FOUND, Reference, find, read
from cycle.domain.model import Conventions, Reading, ReadingKind
from cycle.intake.document import Phrase
from cycle.intake.drafts import DraftRow


@dataclass(frozen=True, slots=True)
class PhraseReader:
    """Reads phrases from one moment; `signed_on` is the day before which nothing can have been promised.

    `assumed` is the year that the other rows speak of, where the document itself names none; `today` is the day on
    which it is read, for what is offered where nothing says the year.
    """

    on: Reference | None
    signed_on: date | None
    conventions: Conventions
    assumed: int | None = None
    today: date | None = None

    def phrases_of(self, row: DraftRow) -> tuple[Phrase, ...]:
        """The phrases of a row. A row outside the tables may be a phrase as a whole ("Voor 1 april: …")."""
        cell = (Phrase(row.date_phrase, _in_a_cell(self.reading(row.date_phrase))),) if row.date_phrase else ()
        inside = tuple(Phrase(words, self.reading(words, seen)) for words, seen in self._found(row.text))
        if cell or inside or row.number:
            return cell + inside
        head = row.text.split(":")[0]
        return (Phrase(head, self.reading(head)),)

    def reading(self, words: str, seen: Reading | None = None) -> Reading:
        """How a phrase is read; `seen` is its reading in its sentence, which may say more than the phrase alone.

        A day without a year that lies before the signing is that of the year after it.
        """
        if self.on is None:
            return seen or self._without_year(words)
        reading = self._hung(words, seen or _read(words, self.on, self.conventions), self.on)
        return self._after_signing(words, reading, self.on) or reading

    def _hung(self, words: str, reading: Reading, on: Reference) -> Reading:
        """A term counted from something else than the signing ("na ontvangst"), or from nobody says what ("binnen zes
        weken"): that it was on the same day is a guess.

        What it hangs on is asked, with the day counted from the signing beside it.
        """
        if on.day is None or reading.doubtful or reading.due is None:
            return reading
        undated = _read(words, Reference(on.year), self.conventions)
        is_hung = undated.due is None and any(words in undated.reason for words in _HUNG)
        return replace(undated, others=(reading,)) if is_hung else reading

    def _after_signing(self, words: str, reading: Reading, on: Reference) -> Reading | None:
        """The reading in the year after, if the day has no year of its own and had passed when the parties signed."""
        if not self.signed_on or not reading.due or reading.due >= self.signed_on or reading.due.year != on.year:
            return None
        later = _read(words, Reference(on.year + 1), self.conventions)
        if later.due is None or later.due.year != on.year + 1 or later.kind is not reading.kind:
            return None
        alone = _read(words, on, self.conventions)
        if reading.doubtful and not (later.doubtful or alone.doubtful):  # its sentence made it so
            doubt = "".join(reading.reason.partition(", maar ")[1:])
            later = replace(later, doubtful=True, reason=later.reason + doubt)
        return replace(later, reason=f"{later.reason}; het eerste jaar na de ondertekening")

    def _found(self, text: str) -> tuple[tuple[str, Reading], ...]:
        on = self.on or _own_year(text)
        seen = _find(text, on, self.conventions)
        if self.on is not None:
            return tuple((one.phrase, one.reading) for one in seen)
        other = {one.start: one.reading for one in _find(text, Reference(on.year + 1), self.conventions)}
        likely = [{one.start: one.reading for one in _find(text, year, self.conventions)} for year in self._likely()]
        readings = (
            self._in_any_year(
                one.reading, other.get(one.start), [year[one.start] for year in likely if one.start in year]
            )
            for one in seen
        )
        return tuple((one.phrase, reading) for one, reading in zip(seen, readings, strict=True))

    def _without_year(self, words: str) -> Reading:
        """A document that names no year: only a phrase that reads the same in any year can be read."""
        on = _own_year(words)
        first, second = (_read(words, year, self.conventions) for year in (on, Reference(on.year + 1)))
        return self._in_any_year(first, second, [_read(words, year, self.conventions) for year in self._likely()])

    def _likely(self) -> list[Reference]:
        """The years that may be meant where the document names none: that of the other rows, else this and the next."""
        if self.assumed:
            return [Reference(self.assumed)]
        return [Reference(self.today.year + later) for later in range(3)] if self.today else []

    def _in_any_year(self, first: Reading, second: Reading | None, likely: list[Reading]) -> Reading:
        """A reading that does not hang on the year from which it is read, in its sentence; else a question, with what
        it would be in the year of the other rows, or in this and the next."""
        days = (first.kind, first.window_start, first.due)
        if second is not None and days == (second.kind, second.window_start, second.due):
            return first
        likely = [one for one in likely if self.assumed or not (one.due and self.today and one.due < self.today)][:2]
        if likely and self.assumed:
            return replace(likely[0], reason=f"{likely[0].reason}; het jaar is dat van de andere rijen", doubtful=True)
        if likely and likely[0].kind is ReadingKind.YEARLY:
            return replace(likely[0], reason=f"{likely[0].reason}; het document noemt geen jaar", doubtful=True)
        reason = "Het document noemt geen jaar, en deze woorden ook niet."
        offered = tuple(replace(one, others=(), doubtful=False) for one in likely if one.due or one.window_start)
        return Reading(ReadingKind.NONE, reason, doubtful=True, others=offered)


_HUNG = ("hangt af van", "waarvan de datum niet bekend is", "vanaf welke dag staat er niet")


def _in_a_cell(reading: Reading) -> Reading:
    """In a cell for a date every word counts (L1): of words in which no moment was found somebody is asked."""
    if reading.reason != NOTHING_FOUND:
        return reading
    return replace(reading, reason=f"niet begrepen: {NOTHING_FOUND}", doubtful=True)


def _own_year(text: str) -> Reference:
    """The latest year that the words themselves name, or any."""
    return Reference(max((int(year) for year in _YEAR.findall(text)), default=2000))


# long lists say the same few things in each row
_read = lru_cache(maxsize=4096)(read)
_find = lru_cache(maxsize=1024)(find)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
