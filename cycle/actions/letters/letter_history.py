"""What became otherwise in a letter since it was last approved, in words, for whoever is asked anew."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cycle.domain.words import day_words
from cycle.letter.facts import DAYS

CALLED = {
    "letter_date": "Datum",
    "place": "Plaats",
    "reference": "Kenmerk",
    "salutation": "Aanhef",
    "reply_to": "Antwoordadres",
    "phone": "Telefoon",
    "spring_meeting": "Het voorjaarsoverleg",
    "meeting_online": "Online meedoen",
    "points_by": "Punten uiterlijk",
    "addressees": "Aan",
    "copies": "Kopie aan",
    "signatories": "Onder de brief",
    "contact": "Vragen aan",
    "enclosures": "Bijlagen",
    "steps": "Kalender",
    "open_items": "Stand van de afspraken",
    "standing": "Stand van de afspraken",
    "head": "Huisstijl",
    "senders": "Afzenders",
}
"""What people call each part of the facts; the texts go by their own heading."""
LONG = 400


def changes_since(before: Mapping[str, Any], facts: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Per part that is otherwise: what it is, how it was, how it is. Nothing without anything before."""
    if not before:
        return ()
    parts = [
        (words, _said(name, before.get(name)), _said(name, facts.get(name)))
        for name, words in CALLED.items()
        if name in before or name in facts
    ]
    was, now = _texts(before), _texts(facts)
    parts += [(title, was.get(place, ("", ""))[1], text) for place, (title, text) in now.items()]
    parts += [(title, text, "") for place, (title, text) in was.items() if place not in now]
    return tuple((what, _short(old), _short(new)) for what, old, new in parts if old != new)


def _said(name: str, value: Any) -> str:
    return day_words(date.fromisoformat(value)) if name in DAYS and value else _text(value)


def _texts(facts: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """The texts by their place: heading and words."""
    return {
        str(block["place"]): (str(block.get("title") or block["place"].capitalize()), _text(_body(block)))
        for block in facts.get("blocks", ())
    }


def _body(block: Mapping[str, Any]) -> Any:
    return {name: value for name, value in block.items() if name not in ("place", "title")}


def _text(value: Any) -> str:
    """All words in a value, one after another."""
    if isinstance(value, Mapping):
        return ", ".join(text for inner in value.values() if (text := _text(inner)))
    if isinstance(value, list | tuple):
        return "; ".join(text for inner in value if (text := _text(inner)))
    return "" if value is None else str(value)


def _short(text: str) -> str:
    return text if len(text) <= LONG else f"{text[:LONG].rstrip()} …"
