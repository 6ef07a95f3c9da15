"""What became otherwise in a letter since it was last approved or sent back, in words, for whoever is asked anew."""

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from cycle.domain.words import day_words
from cycle.letter.facts import DAYS
from cycle.store.tables import LetterApproval

CALLED = {
    "subject": "Onderwerp",
    "letter_date": "Datum",
    "place": "Plaats",
    "reference": "Kenmerk",
    "salutation": "Aanhef",
    "reply_to": "Antwoordadres",
    "phone": "Telefoon",
    "spring_meeting": "Het overleg",
    "meeting_online": "Online meedoen",
    "points_by": "Punten uiterlijk",
    "addressees": "Aan",
    "copies": "Kopie aan",
    "signatories": "Onder de brief",
    "contact": "Vragen aan",
    "enclosures": "Bijlagen",
    "agenda": "Voorzet voor de uitvoeringsagenda",
    "attached": "Toegevoegde bijlagen",
    "files": "Inhoud van toegevoegde bestanden",
    "steps": "Kalender",
    "open_items": "Stand van de afspraken",
    "standing": "Stand van de afspraken",
    "head": "Huisstijl",
    "senders": "Afzenders",
}
"""What people call each part of the facts; the texts go by their own heading."""
AGENDA, FILES = "agenda", "files"
"""What is kept with the facts besides: the rows of the draft agenda, and the files that somebody brought along."""
ROWS = ("steps", "standing", AGENDA)
"""Tables, of which only the rows that are otherwise are shown."""
LONG = 400
AROUND = 8
"""A text of more signs than this shows only what differs in it, with so many words of what stays on either side."""


def remembered(before: Mapping[str, Any], facts: Mapping[str, Any], said: Iterable[LetterApproval]) -> dict[str, Any]:
    """What a draft keeps of a letter that is withdrawn: its facts, and the last word of each party on it.

    `before` is what was kept already. A party that has not decided anew keeps its earlier word, with the facts that it
    was about; a letter on which nobody decided takes nothing's place.
    """
    now = [{"party": one.party, "by": one.by, "is_sent_back": one.is_sent_back, "remark": one.remark} for one in said]
    decided = {one["party"] for one in now}
    earlier = [{"facts": before["facts"]} | one for one in before.get("said", ()) if one["party"] not in decided]
    if earlier and not now:
        return dict(before)
    return {"facts": dict(facts), "said": [*earlier, *now]}


def changes_for(
    before: Mapping[str, Any], facts: Mapping[str, Any], parties: Iterable[str]
) -> tuple[tuple[str, str, str], ...]:
    """What is otherwise than in the letter on which each of these parties last decided; of one that never did, than in
    the last that was kept."""
    last = before.get("facts", {})
    decided = {one["party"]: one.get("facts", last) for one in before.get("said", ())}
    bases = [decided.get(party, last) for party in parties]
    return tuple(dict.fromkeys(change for base in bases for change in changes_since(base, facts)))


def changes_since(before: Mapping[str, Any], facts: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Per part that is otherwise: what it is, how it was, how it is. Nothing without anything before."""
    if not before:
        return ()
    parts = [
        (words, *_both(name, before.get(name), facts.get(name)))
        for name, words in CALLED.items()
        if (name in before or name in facts) and (name not in (AGENDA, FILES) or name in before)
    ]
    was, now = _texts(before), _texts(facts)
    for place, piece in now.items():
        old = was.get(place, _NO_PIECE)
        parts += [("Kop", old.heading, piece.heading)] if place in was else []
        parts.append((piece.called, old.words, piece.words))
    parts += [(piece.called, piece.words, "") for place, piece in was.items() if place not in now]
    return tuple((what, *_what_differs(old, new)) for what, old, new in parts if old != new)


def _both(name: str, old: Any, new: Any) -> tuple[str, str]:
    """How a part was and is, in words; of a table the rows that are otherwise."""
    if name not in ROWS:
        return _said(name, old), _said(name, new)
    was, now = [_text(row) for row in old or ()], [_text(row) for row in new or ()]
    return "\n".join(row for row in was if row not in now), "\n".join(row for row in now if row not in was)


def _said(name: str, value: Any) -> str:
    return day_words(date.fromisoformat(value)) if name in DAYS and value else _text(value)


class _Piece(NamedTuple):
    """A text of the letter: what people call it, its heading, and all of its words."""

    called: str
    heading: str
    words: str


_NO_PIECE = _Piece("", "", "")


def _texts(facts: Mapping[str, Any]) -> dict[str, _Piece]:
    """The texts by their place."""
    return {
        str(block["place"]): _Piece(
            str(block.get("title") or block["place"].capitalize()), str(block.get("title") or ""), _text(_body(block))
        )
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


def _what_differs(old: str, new: str) -> tuple[str, str]:
    """Both texts; of long ones each part that differs, with some words around it."""
    if max(len(old), len(new)) <= LONG:
        return old, new
    was, now, shown_old, shown_new = old.split(" "), new.split(" "), list[str](), list[str]()
    steps = SequenceMatcher(None, was, now).get_opcodes()
    for number, (tag, start, end, new_start, new_end) in enumerate(steps):
        if tag == "equal":
            stays = _ends_of(was[start:end], is_first=number == 0, is_last=number == len(steps) - 1)
            shown_old += stays
            shown_new += stays
        else:
            shown_old += was[start:end]
            shown_new += now[new_start:new_end]
    return " ".join(shown_old), " ".join(shown_new)


def _ends_of(words: list[str], *, is_first: bool, is_last: bool) -> list[str]:
    """What stays, as far as it is beside something that differs."""
    head, tail = (0 if is_first else AROUND), (0 if is_last else AROUND)
    if len(words) <= head + tail:
        return words
    return [*words[:head], "…", *words[len(words) - tail :]]
