"""What somebody typed into a form, read with care: every fault at once, each at its own field."""

from dataclasses import dataclass
from datetime import date, time

from cycle.actions.answers.answering.answer_page import AnswerLine
from cycle.domain.answering import Stand
from cycle.domain.days import parse_coming_day, parse_time
from cycle.domain.files import is_document
from cycle.domain.ladders import What
from cycle.domain.text import clean_line, clean_lines
from cycle.domain.web_addresses import look_at_web_address
from cycle.domain.words import weekday_words
from cycle.errors import Refused

MOST_SENTENCE, MOST_NAME, MOST_POINTS, MOST_PLACE, MOST_FILE_NAME = 300, 60, 2000, 100, 120
MOST_FILE = 10 * 1024 * 1024
"""Bytes of the one file that may come with an answer."""
YEARS_AHEAD = 5
NOTHING = "Kies hoe het staat, schrijf een zin, of kies een dag om later herinnerd te worden."
NOTHING_OF = {
    What.FIX_DATE: "Vul de dag in die u voorstelt, of laat in één zin weten hoe het staat.",
    What.INPUT: "Schrijf wat u op de agenda wilt zetten.",
}


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that came with an answer."""

    name: str
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class TypedReply:
    """The fields of the form, as they came: a page with a fault shows them again, but for the file."""

    stand: str = ""
    sentence: str = ""
    next_on: str = ""
    at_risk: str = ""
    not_before: str = ""
    name: str = ""
    points: str = ""
    start: str = ""
    place: str = ""
    colleague: str = ""
    link: str = ""
    file: SentFile | None = None


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
    colleague: str = ""
    link: str = ""
    file: SentFile | None = None


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
    colleague, link, file = _colleague(typed, stand, faults), _link(typed, faults), _file(typed, faults)
    said = (stand, sentence, next_on, not_before, points, link, file)
    if not faults and not any(said) and not at_risk:
        faults[row.first_field] = NOTHING_OF.get(row.asks or What.ASK, NOTHING)
    if faults:
        return None, faults
    return Reply(stand, sentence, next_on, at_risk, not_before, name, points, start, place, colleague, link, file), {}


def _stand(typed: TypedReply, row: AnswerLine, faults: dict[str, str]) -> Stand | None:
    if not typed.stand:
        return None
    if typed.stand not in row.stands:
        faults["stand"] = "Kies een van de mogelijkheden hieronder."
        return None
    return Stand(typed.stand)


def _colleague(typed: TypedReply, stand: Stand | None, faults: dict[str, str]) -> str:
    """Whose it is instead. Named without "niet voor mij" it would say nothing, so then that is asked for."""
    colleague = " ".join(clean_line(typed.colleague).split())
    if len(colleague) > MOST_NAME:
        faults["colleague"] = f"Houd de naam bij {MOST_NAME} tekens."
    elif colleague and stand is not Stand.NOT_MINE and "stand" not in faults:
        faults["stand"] = f"U noemt {colleague}. Kies ook “niet voor mij”, of haal de naam weg."
    return colleague


def _link(typed: TypedReply, faults: dict[str, str]) -> str:
    try:
        link = look_at_web_address(typed.link)
    except Refused as refused:
        faults["link"] = f"{refused.what} {refused.hint}"
        return ""
    if link and typed.file is not None:
        faults["link"] = "Stuur een bestand of een adres, niet allebei. Uw andere woorden staan er nog."
    return link


def _file(typed: TypedReply, faults: dict[str, str]) -> SentFile | None:
    """The file, if it is one that people read. A page with a fault cannot show it again, so it says so."""
    if typed.file is None:
        return None
    name = _file_name(typed.file.name)
    if len(typed.file.content) > MOST_FILE:
        faults["file"] = f"{name} is groter dan 10 MB. Maak het kleiner, of plak het adres waar het staat."
    elif not typed.file.content:
        faults["file"] = f"{name} is leeg. Kies een ander bestand."
    elif not is_document(name, typed.file.content):
        faults["file"] = f"{name} kunnen wij niet aannemen. Stuur een PDF, Word, Excel, PowerPoint, ODT, tekst of foto."
    elif faults:
        faults["file"] = f"Kies {name} opnieuw: een bestand kan deze pagina niet onthouden."
    return SentFile(name, typed.file.content)


def _file_name(said: str) -> str:
    """The name without the folders that some browsers put before it, short enough to keep, with its ending."""
    name = " ".join(clean_line(said).replace("\\", "/").rpartition("/")[2].split()) or "bestand"
    stem, dot, ending = name.rpartition(".")
    return name if len(name) <= MOST_FILE_NAME else f"{stem[: MOST_FILE_NAME - 12]}{dot}{ending[:10]}"


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
