"""Who does what a sentence says: the parties that it names as its subject, or by whom it says that something is done.

A party behind another preposition ("aan de gemeente", "met de huurders") takes part or receives; it does not lead.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cycle.intake.leads import Names


def subject_of(sentence: str, names: Names) -> str:
    """The parties that lead in a sentence, as written ("De gemeente en de corporaties"), "" if it names none so."""
    by: str = ""
    for named in _groups(sentence, names):
        if not named.preposition:
            return named.words(sentence)
        by = by or (named.words(sentence) if named.preposition == "door" else "")
    return by


def names_party(sentence: str, names: Names) -> bool:
    """Whether a sentence names a party at all."""
    return next(_mentions(sentence, names), None) is not None


def begins_with_party(words: str, names: Names, *, words_after: int) -> bool:
    """Whether words begin with parties and then say at least so many words about them."""
    first = next(_groups(words, names), None)
    if first is None or _ARTICLE_ALONE.fullmatch(words, 0, first.start) is None:
        return False
    return len(words[first.end :].split()) >= words_after


def names_together(before: str, after: str, names: Names) -> bool:
    """Whether the parties that end one text and begin the next are named together ("evalueren gemeente | en Weller
    dit vangnet"): no verb follows the second, as in "aan de gemeente | en Weller reageert"."""
    last = next(reversed(list(_groups(before, names))), None)
    first = next(_groups(after, names), None)
    if last is None or first is None or before[last.end :].strip(" ,"):
        return False
    follows = _WORD.search(after, first.end)
    return follows is None or _FINITE_VERB.fullmatch(follows.group()) is None


@dataclass(frozen=True, slots=True)
class _Named:
    """Names of parties in a sentence, from one place to another, and the preposition before them ("" for none)."""

    start: int
    end: int
    preposition: str

    def words(self, sentence: str) -> str:
        return sentence[self.start : self.end]


def _groups(sentence: str, names: Names) -> Iterator[_Named]:
    """Names that are joined by "en" or a comma taken together, in the order of the sentence."""
    group: _Named | None = None
    for start, end in _mentions(sentence, names):
        if group and _JOINED.fullmatch(sentence, group.end, start):
            group = _Named(group.start, end, group.preposition)
            continue
        if group:
            yield group
        before = _BEFORE.search(sentence, 0, start)
        group = _Named(start, end, (before.group(1) if before else "").casefold())
    if group:
        yield group


def _mentions(sentence: str, names: Names) -> Iterator[tuple[int, int]]:
    """Where each name of a party begins and ends; the longest name counts."""
    words = list(_WORD.finditer(sentence))
    place = 0
    while place < len(words):
        length = _length_of_name(words[place : place + names.longest], names)
        if length:
            yield words[place].start(), words[place + length - 1].end()
        place += max(length, 1)


def _length_of_name(words: list[re.Match[str]], names: Names) -> int:
    key = tuple(word.group().casefold() for word in words)
    return next((length for length in range(len(key), 0, -1) if key[:length] in names.slugs), 0)


_WORD = re.compile(r"[\w']+")
_FINITE_VERB = re.compile(
    r"(?!(?:dit|dat|het|niet|met|uit|tot|samen|hun|een|tegen|binnen|tussen|buiten|boven|verder|een|geen)$)"
    r"(?:\w{2,}(?:t|en)|is|zal|kan|gaan|gaat|doet|wil|mag)",
    re.I,
)
_ARTICLE = r"(?:(?:de|het|alle|beide|elke|iedere)\s+)?"
_ARTICLE_ALONE = re.compile(_ARTICLE, re.I)
_JOINED = re.compile(rf"\s*(?:,|/|&|,?\s*\ben\b|\bof\b|\balsook\b|\balsmede\b)\s*{_ARTICLE}(?:\w+e\s+)?", re.I)
_BEFORE = re.compile(
    r"\b(aan|van|voor|bij|met|tussen|naar|over|namens|door|binnen|in|per|uit|onder|op|tegen|richting|via|jegens)\s+"
    rf"{_ARTICLE}$",
    re.I,
)
