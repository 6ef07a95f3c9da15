"""What somebody typed into a form, read with care: every fault at once, each at its own field."""

from dataclasses import dataclass
from datetime import date, time

from cycle.actions.answers.answer_page import AnswerLine
from cycle.domain.answering import Stand
from cycle.domain.days import parse_coming_day, parse_time
from cycle.domain.ladders import What
from cycle.domain.text import clean_line, clean_lines
from cycle.domain.words import weekday_words

MOST_SENTENCE, MOST_NAME, MOST_POINTS, MOST_PLACE = 300, 60, 2000, 100
YEARS_AHEAD = 5
NOTHING = "Kies hoe het staat, schrijf een zin, of kies een dag om later herinnerd te worden."
NOTHING_OF = {
    What.FIX_DATE: "Vul de dag in die u voorstelt, of laat in één zin weten hoe het staat.",
    What.INPUT: "Schrijf wat u op de agenda wilt zetten.",
}


@dataclass(frozen=True, slots=True)
class TypedReply:
    """The fields of the form, as they came: a page with a fault shows them again."""

    stand: str = ""
    sentence: str = ""
    next_on: str = ""
    at_risk: str = ""
    not_before: str = ""
    name: str = ""
    points: str = ""
    start: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody lets know about one row."""

    stand: Stand | None = None
    sentence: str = ""
    next_on: date | None = None
    at_risk: bool = False
    not_before: date | None = None
    name: str = ""
    points: str = ""
    start: time | None = None
    place: str = ""


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
    at_risk, points, place = bool(typed.at_risk), clean_lines(typed.points), clean_line(typed.place)
    start = _start(typed, next_on, faults)
    if len(points) > MOST_POINTS:
        faults["points"] = f"Houd het bij {MOST_POINTS} tekens; dit zijn er {len(points)}."
    if len(place) > MOST_PLACE:
        faults["place"] = f"Houd de plaats bij {MOST_PLACE} tekens."
    said = (stand, sentence, next_on, not_before, points)
    if not faults and not any(said) and not at_risk:
        faults[row.first_field] = NOTHING_OF.get(row.asks or What.ASK, NOTHING)
    if faults:
        return None, faults
    return Reply(stand, sentence, next_on, at_risk, not_before, name, points, start, place), {}


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
    day = parse_coming_day(typed.next_on, today)
    if day is None:
        faults["next_on"] = "Deze datum kennen wij niet. Schrijf hem zoals 31-3-2027 of donderdag 22 april."
    elif day < today:
        faults["next_on"] = f"{weekday_words(day).capitalize()} is al geweest. Kies een dag vanaf vandaag."
    elif day.year > today.year + YEARS_AHEAD:
        faults["next_on"] = f"Kies een dag in de komende {YEARS_AHEAD} jaar."
    return day


def _start(typed: TypedReply, next_on: date | None, faults: dict[str, str]) -> time | None:
    if not typed.start.strip():
        return None
    start = parse_time(typed.start)
    if start is None:
        faults["start"] = "Deze tijd kennen wij niet. Schrijf hem zoals 14.00 uur."
    elif next_on is None and "next_on" not in faults:
        faults["next_on"] = "Vul ook de dag in."
    return start


def _not_before(typed: TypedReply, row: AnswerLine, faults: dict[str, str]) -> date | None:
    if not typed.not_before:
        return None
    day = next((day for day in row.days if day.isoformat() == typed.not_before), None)
    if day is None:
        faults["not_before"] = "Kies een dag uit de lijst."
    return day
