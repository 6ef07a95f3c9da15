"""The habits of a table beside its steps: when each kind of step is told, and how loose words of time are read there.

They stand in the `overrides` of the covenant as covenant.toml would have them, as far as they are not those of
config.toml; `habits_at_desk` names those that were changed at the desk.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cycle.actions.deadlines.deciding.rung_lines import rung_line
from cycle.domain.words import MONTHS, joined
from cycle.settings import Settings
from cycle.words import LADDER_KINDS

HABITS_AT_DESK = "habits_at_desk"
SECTIONS = ("ladders", "reading")
PERIODS = {
    "begin": "begin van een jaar",
    "medio": "medio",
    "eind": "eind van een jaar",
    "voorjaar": "voorjaar",
    "zomer": "zomer",
    "najaar": "najaar",
    "winter": "winter",
}
"""Words for a part of a year, by what the settings call them."""
ASKED_AT = "asked_at"


def with_habits(
    settings: Settings,
    overrides: Mapping[str, Any],
    ladders: Mapping[str, Sequence[Mapping[str, Any]]],
    reading: Mapping[str, Any],
) -> dict[str, Any]:
    """The overrides of a table with these ladders (by kind of step) and these readings (by word).

    What is as config.toml has it is not kept, and what is not named here stays.
    """
    wanted = dict(overrides)
    usual_ladders = {kind: _lines(rungs) for kind, rungs in settings.ladders.model_dump().items()}
    own_ladders = {kind: list(rungs) for kind, rungs in ladders.items() if _lines(rungs) != usual_ladders[kind]}
    usual = settings.reading.model_dump(mode="json")
    own_reading = {word: months for word, months in reading.items() if months != usual[word]}
    for section, said, own in (("ladders", ladders, own_ladders), ("reading", reading, own_reading)):
        others = {key: value for key, value in overrides.get(section, {}).items() if key not in said}
        if said:
            wanted[section] = others | own
            wanted[HABITS_AT_DESK] = sorted({*wanted.get(HABITS_AT_DESK, ()), section})
    return {key: value for key, value in wanted.items() if value}


def habits_in_words(was: Settings, own: Settings) -> list[str]:
    """What is different between two, a sentence for each habit."""
    said = []
    for kind, words in LADDER_KINDS.items():
        before, after = (_lines(one.ladders.model_dump()[kind]) for one in (was, own))
        if before != after:
            said.append(f"herinneringen voor {words}: {_told(before)} werd {_told(after)}")
    for word, called in PERIODS.items():
        months = [months_words(getattr(one.reading, word)) for one in (was, own)]
        if months[0] != months[1]:
            said.append(f"{called}: {months[0]} werd {months[1]}")
    if was.reading.asked_at != own.reading.asked_at:
        title = own.steps[own.reading.asked_at].title if own.reading.asked_at in own.steps else "geen overleg"
        said.append(f"wat geen dag heeft, komt nu ter sprake bij: {title}")
    return said


def section_words(settings: Settings, section: str) -> str:
    """All habits of one section in a line, for who compares the desk with a folder."""
    if section == "ladders":
        ladders = settings.ladders.model_dump()
        return "; ".join(f"{words}: {_told(_lines(ladders[kind]))}" for kind, words in LADDER_KINDS.items())
    return "; ".join(f"{called}: {months_words(getattr(settings.reading, word))}" for word, called in PERIODS.items())


def months_words(months: Sequence[int]) -> str:
    """ "maart tot en met mei", or "juni" alone."""
    first, last = (MONTHS[month - 1] for month in months)
    return first if first == last else f"{first} tot en met {last}"


def _lines(rungs: Iterable[Mapping[str, Any]]) -> list[str]:
    return [rung_line(rung) for rung in rungs]


def _told(lines: Sequence[str]) -> str:
    return joined([f"“{line}”" for line in lines]) or "niemand"
