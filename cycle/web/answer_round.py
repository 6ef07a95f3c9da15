"""A whole progress round in one form: a row of colours for each agreement, and one button (rule B8)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from starlette.datastructures import FormData

from cycle.actions.answers import AnswerLine, TypedReply
from cycle.domain.answering import LIGHTS, Stand
from cycle.domain.text import clean_line
from cycle.domain.words import near_day_words
from cycle.store.answers import Given
from cycle.web.door import Door

STAND, SENTENCE, NAME = "stand-", "zin-", "naam"
IN_ROUND = (*LIGHTS, Stand.DONE)
TOO_OLD = "Dit formulier stond lang open. Kijk na wat u koos, en bewaar het opnieuw."


@dataclass(frozen=True, slots=True)
class RoundShown:
    """What the form of a round shows beside its rows: what came of it, what was typed, and what is wrong with that."""

    saved: int = 0
    typed: Mapping[str, TypedReply] = field(default_factory=dict)
    faults: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    note: str = ""
    name: str = ""


def typed_round(came: FormData) -> dict[str, TypedReply]:
    """What was chosen and typed for each row, by its mark."""
    fields = {name: clean_line(value)[:4000] for name, value in came.multi_items() if isinstance(value, str)}
    marks = {name.partition("-")[2] for name in fields if name.startswith((STAND, SENTENCE))}
    name = fields.get(NAME, "")
    return {
        mark: TypedReply(fields.get(f"{STAND}{mark}", ""), fields.get(f"{SENTENCE}{mark}", ""), name=name)
        for mark in marks
    }


def round_row(row: AnswerLine, shown: RoundShown, now: datetime, door: Door) -> dict[str, object]:
    """One row of the form: what was said last is chosen already, unless something else was chosen just now."""
    typed, wrong = shown.typed.get(row.mark), shown.faults.get(row.mark, {})
    before = row.before.stand if row.before is not None else None
    chosen = typed.stand if typed is not None else before
    return {
        "mark": row.mark,
        "number": row.number,
        "title": row.title,
        "party": row.party_name,
        "stands": [one for one in IN_ROUND if one in row.stands],
        "chosen": chosen or "",
        "before": before or "",
        "said": last_word(row.before or row.latest, now, door),
        "sentence": typed.sentence if typed is not None else "",
        "wrong_stand": wrong.get("stand", ""),
        "wrong_sentence": wrong.get("sentence", ""),
        "wrong": list(wrong.values()),
    }


def last_word(given: Given | None, now: datetime, door: Door) -> str:
    """What was said last, in words: "op 4 maart: oranje, concept ligt klaar"."""
    if given is None:
        return ""
    settings = door.office.settings
    day = near_day_words(settings.local_day(given.at), settings.local_day(now))
    said = ", ".join(part for part in (given.stand or "", given.sentence) if part)
    return f"op {day}: {said}" if said else ""
