"""The meetings of the yearly round: "Voorjaarsoverleg (april)", "in het najaarsoverleg"."""

from dataclasses import replace

from cycle.domain.dutch import spans
from cycle.domain.dutch.clauses import Dated
from cycle.domain.dutch.delays import none
from cycle.domain.dutch.meaning import meaning
from cycle.domain.dutch.moment import Reference
from cycle.domain.dutch.scope import Scope
from cycle.domain.model import Reading, ReadingKind
from cycle.domain.words import day_words

SEASON_MEETINGS = {
    "voorjaars": "voorjaar",
    "najaars": "najaar",
    "zomer": "zomer",
    "herfst": "najaar",
    "winter": "winter",
}


MEETING_NOUNS = ("overleg", "bijeenkomst", "gesprek", "vergadering", "overleggen", "sessie", "conferentie")


def meeting_season(word: str) -> str:
    """The season in "voorjaarsoverleg", or nothing."""
    for stem, season in SEASON_MEETINGS.items():
        if word.startswith(stem) and word.removeprefix(stem) in MEETING_NOUNS:
            return season
    return ""


def season_meeting_at(scope: Scope, clause: Dated) -> bool:
    """ "Voorjaarsoverleg (april)": the meeting that comes back each year, in the month between brackets."""
    text = scope.text
    k = clause.start - 1 - (text.mark(clause.start - 1) in ("(", ":", ",", "-"))
    return bool(meeting_season(text.word(k))) and not clause.when.given


def yearly_meeting(scope: Scope, clause: Dated) -> Reading:
    """A meeting of the yearly round in its month."""
    reading = meaning(replace(scope, on=Reference(scope.year)), clause)
    reason = f"{reading.reason}, elk jaar"
    return replace(reading, kind=ReadingKind.YEARLY, per_year=1, reason=reason)


def season_meeting(scope: Scope) -> Reading | None:
    """The meeting without a month: its season, with a doubt; "voor het voorjaarsoverleg" has no day at all."""
    for i in range(scope.text.length):
        if season := meeting_season(scope.text.word(i)):
            first, last = getattr(scope.conventions, season)
            word = scope.text.word(i)
            if any(scope.text.word(k) in ("voor", "na", "uiterlijk", "tot", "vanaf") for k in range(max(0, i - 4), i)):
                return none(f"de datum van het {word} staat er niet bij")
            start, due = spans.months(scope.year, first, last)
            reason = (
                f"{word}: elk jaar van {day_words(start)} tot en met {day_words(due)}, maar de maand staat er niet bij"
            )
            return Reading(ReadingKind.YEARLY, reason, start, due, 1, True)
    return None
