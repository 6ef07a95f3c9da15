"""What somebody typed into a form, read with care: every fault at once, each at its own field."""

from dataclasses import dataclass
from datetime import date

from cycle.actions.answers.answer_page import AnswerLine
from cycle.domain.answering import Stand
from cycle.domain.days import parse_day
from cycle.domain.text import clean_line
from cycle.domain.words import weekday_words

MOST_SENTENCE, MOST_NAME = 300, 60
YEARS_AHEAD = 5
NOTHING = "Kies hoe het staat, schrijf een zin, of kies een dag om later herinnerd te worden."


@dataclass(frozen=True, slots=True)
class TypedReply:
    """The fields of the form, as they came: a page with a fault shows them again."""

    stand: str = ""
    sentence: str = ""
    next_on: str = ""
    at_risk: str = ""
    not_before: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody lets know about one row."""

    stand: Stand | None = None
    sentence: str = ""
    next_on: date | None = None
    at_risk: bool = False
    not_before: date | None = None
    name: str = ""


def read_reply(typed: TypedReply, row: AnswerLine, today: date) -> tuple[Reply | None, dict[str, str]]:
    """The reply, or what is wrong with each field in a sentence."""
    faults: dict[str, str] = {}
    stand = _stand(typed, row, faults)
    sentence, name = (" ".join(clean_line(text).split()) for text in (typed.sentence, typed.name))
    if len(sentence) > MOST_SENTENCE:
        faults["sentence"] = f"Houd het bij {MOST_SENTENCE} tekens; dit zijn er {len(sentence)}."
    if len(name) > MOST_NAME:
        faults["name"] = f"Houd uw naam bij {MOST_NAME} tekens."
    next_on, not_before = _next_on(typed, today, faults), _not_before(typed, row, faults)
    at_risk = bool(typed.at_risk)
    if not faults and stand is None and not sentence and next_on is None and not_before is None and not at_risk:
        faults["stand"] = NOTHING
    if faults:
        return None, faults
    return Reply(stand, sentence, next_on, at_risk, not_before, name), {}


def _stand(typed: TypedReply, row: AnswerLine, faults: dict[str, str]) -> Stand | None:
    if not typed.stand:
        return None
    if typed.stand not in row.stands:
        faults["stand"] = "Kies een van de mogelijkheden hieronder."
        return None
    return Stand(typed.stand)


def _next_on(typed: TypedReply, today: date, faults: dict[str, str]) -> date | None:
    if not typed.next_on.strip():
        return None
    day = parse_day(typed.next_on)
    if day is None:
        faults["next_on"] = "Deze datum kennen wij niet. Schrijf hem zoals 31-3-2027."
    elif day < today:
        faults["next_on"] = f"{weekday_words(day).capitalize()} is al geweest. Kies een dag vanaf vandaag."
    elif day.year > today.year + YEARS_AHEAD:
        faults["next_on"] = f"Kies een dag in de komende {YEARS_AHEAD} jaar."
    return day


def _not_before(typed: TypedReply, row: AnswerLine, faults: dict[str, str]) -> date | None:
    if not typed.not_before:
        return None
    day = next((day for day in row.days if day.isoformat() == typed.not_before), None)
    if day is None:
        faults["not_before"] = "Kies een dag uit de lijst."
    return day
