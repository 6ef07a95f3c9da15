"""Which action of the agenda carries out which agreement of the framework: by number *and* topic.

Numbers alone mislead (documents cross them), and so do topics (continuation rows share one). What is not sure
is said to be doubtful and put to a person.
"""

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from cycle.intake.document import DocumentRow

How = Literal["nummer en onderwerp", "onderwerp", "nummer", "geen"]


@dataclass(frozen=True, slots=True)
class Match:
    """An agreement with its action, or one of the two alone; `remark` says in Dutch what a person should look at."""

    agreement: DocumentRow | None
    agenda: DocumentRow | None
    how: How
    doubtful: bool = False
    remark: str = ""


def match(agreements: Sequence[DocumentRow], agenda: Sequence[DocumentRow]) -> tuple[Match, ...]:
    """Pair the rows: agreements in their order, each with its actions, then the actions that fit none.

    An agreement may have several actions under one number; an action belongs to one agreement.
    """
    pairs: dict[int, tuple[int, How]] = {}
    free = list(range(len(agenda)))
    used: set[int] = set()
    for how, fits, repeats in _WAYS:
        for place in list(free):
            candidates = [
                other
                for other, agreement in enumerate(agreements)
                if (repeats or other not in used) and fits(agreement, agenda[place])
            ]
            best = max(candidates, key=lambda other: _likeness(agreements[other], agenda[place]), default=None)
            if best is not None:
                pairs[place] = (best, how)
                used.add(best)
                free.remove(place)
    return tuple(_matches(agreements, agenda, pairs))


def _matches(
    agreements: Sequence[DocumentRow], agenda: Sequence[DocumentRow], pairs: dict[int, tuple[int, How]]
) -> Iterator[Match]:
    for other, agreement in enumerate(agreements):
        own = [(agenda[place], how) for place, (best, how) in sorted(pairs.items()) if best == other]
        yield from (_pair(agreement, action, how) for action, how in own)
        if not own:
            yield Match(
                agreement,
                None,
                "geen",
                remark=f"{agreement.number or agreement.topic} staat niet in de uitvoeringsagenda.",
            )
    for place, action in enumerate(agenda):
        if place not in pairs:
            remark = f"{action.number or action.topic} staat in de uitvoeringsagenda, maar niet bij de afspraken."
            yield Match(None, action, "geen", doubtful=True, remark=remark)


def _pair(agreement: DocumentRow, action: DocumentRow, how: How) -> Match:
    if how == "nummer en onderwerp":
        return Match(agreement, action, how, remark=_other_name(agreement, action))
    if how == "onderwerp":
        remark = (
            f"“{agreement.topic}” is {agreement.number or 'zonder nummer'} bij de afspraken en "
            f"{action.number or 'zonder nummer'} in de agenda; gekoppeld op onderwerp. Klopt dat?"
        )
        return Match(agreement, action, how, doubtful=True, remark=remark)
    if not agreement.topic or not action.topic:
        return Match(agreement, action, how)
    remark = (
        f"{agreement.number} heet “{agreement.topic}” bij de afspraken en “{action.topic}” in de agenda. Klopt dat?"
    )
    return Match(agreement, action, how, doubtful=True, remark=remark)


def _other_name(agreement: DocumentRow, action: DocumentRow) -> str:
    if _plain(agreement.topic) == _plain(action.topic):
        return ""
    return f"Het onderwerp heet in de agenda “{action.topic}”."


def _same_number(agreement: DocumentRow, action: DocumentRow) -> bool:
    return bool(action.number) and agreement.number == action.number


def _same_topic(agreement: DocumentRow, action: DocumentRow) -> bool:
    mine, other = _plain(agreement.topic), _plain(action.topic)
    if not mine or not other or 2 * min(len(mine), len(other)) < _ALIKE * (len(mine) + len(other)):
        return False
    return mine == other or _ratio(mine, other) >= _ALIKE


def _both(agreement: DocumentRow, action: DocumentRow) -> bool:
    return _same_number(agreement, action) and _same_topic(agreement, action)


def _likeness(agreement: DocumentRow, action: DocumentRow) -> float:
    """How alike two rows are beyond what was asked; compared only among rows that fit."""
    return _ratio(_plain(agreement.topic), _plain(action.topic)) + _ratio(
        agreement.text[:_COMPARED], action.text[:_COMPARED]
    )


def _ratio(words: str, other: str) -> float:
    return difflib.SequenceMatcher(None, words, other, autojunk=False).ratio()


@lru_cache(maxsize=4096)
def _plain(topic: str) -> str:
    return "".join(sign for sign in topic.casefold() if sign.isalnum())


_ALIKE = 0.85
_COMPARED = 300
_WAYS: tuple[tuple[How, Callable[[DocumentRow, DocumentRow], bool], bool], ...] = (
    ("nummer en onderwerp", _both, True),
    ("onderwerp", _same_topic, False),
    ("nummer", _same_number, False),
)
