"""A history in Dutch words, of what facts tell: who did it and when, what they said of it, what was and what is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from cycle.domain.status import STATE_WORDS
from cycle.domain.text import clean_line
from cycle.domain.words import VIA, day_words, joined, plain_words
from cycle.store.deadlines import LEAD
from cycle.store.happened import PastChange
from cycle.words import CHANGED

MOST = 300
"""Signs of what a text was, or is, that a line shows."""

SAID_WITH_DAYS = frozenset({"verplaatst", "doorgeschoven"})
"""What is said with the day that was and the day that is; then the change of the day needs no line of its own."""

WITH_PARTIES = frozenset({*STATE_WORDS.values(), "weer open", "geen trekker meer", "weer trekker"})
"""What is said of parties, whose slugs come first."""


@dataclass(frozen=True, slots=True)
class PastAct:
    """One thing that somebody did, in words, with what it changed."""

    at: datetime
    who: str
    words: str
    lines: tuple[str, ...] = ()


def acts_in_words(
    changes: Iterable[PastChange], parties: Mapping[str, str], numbers: Mapping[int, str]
) -> list[PastAct]:
    """What was done together is one act; the oldest first. What no column of it has a word for is left out.

    `parties` are their names by slug, `numbers` the same by their number.
    """
    acts = []
    for (at, by), together in groupby(changes, key=lambda one: (one.at, one.by)):
        done = list(together)
        said = [said_words(one, parties) for one in done if one.about is not None]
        lines = [line for one in done for line in _lines(one, done, parties, numbers)]
        if said or lines:
            who = _who(done[0], by)
            acts.append(PastAct(at, who, "; ".join(dict.fromkeys(said)) or lines.pop(0), tuple(lines)))
    return acts


def said_words(change: PastChange, parties: Mapping[str, str]) -> str:
    """What an act said of itself: "verplaatst: van 1 juli 2027 naar 1 oktober 2027 bouwvergunning"."""
    detail = plain_words(change.text)
    if change.verb in WITH_PARTIES:
        detail = _with_names(detail, parties)
    return f"{change.verb}: {detail}" if detail else change.verb


def _who(change: PastChange, by: str) -> str:
    name, via, how = by.partition(VIA)
    return f"{change.person or name}{via}{how}"


def _with_names(detail: str, parties: Mapping[str, str]) -> str:
    """ "clavis wzv klaar" is "Clavis en WZV, klaar"."""
    words = detail.split(" ")
    slugs = words[: next((place for place, word in enumerate(words) if word not in parties), len(words))]
    names, rest = joined([parties[slug] for slug in slugs]), " ".join(words[len(slugs) :])
    return ", ".join(part for part in (names, rest) if part)


def _lines(
    change: PastChange, done: Sequence[PastChange], parties: Mapping[str, str], numbers: Mapping[int, str]
) -> Iterator[str]:
    """What an act changed, for each column what it was and what it is."""
    if not change.old:
        yield from _came(change, done, numbers)
        return
    if not change.new:
        yield from _went(change, numbers)
        return
    said_days = {one.subject_id for one in done if one.about is not None and one.verb in SAID_WITH_DAYS}
    for name, words in CHANGED.get(change.subject, {}).items():
        is_said = change.subject == "deadline" and name in ("due", "window_start") and change.subject_id in said_days
        if name in change.new and name in change.old and not is_said:
            was, becomes = _shown(change.old[name], parties), _shown(change.new[name], parties)
            yield f"{words}: was {was or 'leeg'}, nu {becomes or 'leeg'}"


def _came(change: PastChange, done: Sequence[PastChange], numbers: Mapping[int, str]) -> Iterator[str]:
    """What was not there before; what came with its agreement or its deadline needs no line of its own."""
    is_new = {one.subject for one in done if one.new and not one.old}
    new = change.new
    if not new:
        return
    if change.subject == "agreement":
        yield "opgenomen in het register"
    elif change.subject in ("reading", "action") and "agreement" not in is_new:
        words = f"termijn gelezen: {_shown(new['phrase'], {})}" if change.subject == "reading" else ""
        yield words or f"actie erbij: {_shown(new['text'] or new['topic'], {})}"
    elif change.subject == "deadline" and "agreement" not in is_new and change.about is None:
        yield f"termijn erbij: {new['title']}{', uiterlijk ' + _shown(new['due'], {}) if new['due'] else ''}"
    elif change.subject == "part" and "deadline" not in is_new:
        yield f"{numbers.get(new['party_id'], 'een partij')} {'is trekker' if new['part'] == LEAD else 'doet mee'}"
    elif change.subject == "meeting" and not any(one.about for one in done):
        yield f"overleg gepland op {_shown(new['day'], {})}"


def _went(change: PastChange, numbers: Mapping[int, str]) -> Iterator[str]:
    old = change.old
    if change.subject == "reading":
        yield f"termijn niet meer gelezen: {_shown(old.get('phrase', ''), {})}"
    elif change.subject == "part":
        words = "is geen trekker meer" if old["part"] == LEAD else "doet niet meer mee"
        yield f"{numbers.get(old['party_id'], 'een partij')} {words}"


def _shown(value: Any, parties: Mapping[str, str]) -> str:
    """A value of a fact as people say it; nothing of what is empty."""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, list):
        return joined([parties.get(one, str(one)) for one in value])
    try:
        return day_words(date.fromisoformat(value)) if value else ""
    except (TypeError, ValueError):
        return f"“{_short(clean_line(plain_words(str(value))))}”"


def _short(text: str) -> str:
    return text if len(text) <= MOST else f"{text[:MOST].rstrip()}…"
