"""How a deadline stands, in words that accuse nobody.

Silence is not failure: a passed date is "nog niet afgemeld", and what has no date of its own is never late.
"""

from collections.abc import Iterable
from datetime import date

from cycle.domain.model import Asked, LadderKind, Meeting, State
from cycle.domain.words import about_span_words, day_words, period_words, weekday_words

STATE_WORDS = {State.OPEN: "open", State.DONE: "gedaan", State.DROPPED: "vervallen"}
NOT_SETTLED = "nog niet afgemeld"
"""What is open, and has a day that a document names and that is behind us."""


def state_of_whole(leads: Iterable[State], own: State, asked: Asked) -> State:
    """The state of a whole deadline: open as long as one lead is, done if any lead did it, else dropped.

    Without leads it has a state of its `own`. What keeping the year took away is dropped while somebody has it open.
    """
    states = set(leads) or {own}
    state = next(one for one in (State.OPEN, State.DONE, State.DROPPED) if one in states)
    return state_of_part(state, asked)


def state_of_part(state: State, asked: Asked) -> State:
    """How one party's part stands to everybody who looks: what was taken away is open to nobody."""
    return State.DROPPED if state is State.OPEN and asked is Asked.TAKEN else state


def state_words(state: State, due: date | None, today: date, *, invented: bool = False, doubtful: bool = False) -> str:
    """ "gedaan", "vervallen", "nog niet afgemeld" or "open"."""
    is_late = state is State.OPEN and has_passed(due, today, invented=invented, doubtful=doubtful)
    return NOT_SETTLED if is_late else STATE_WORDS[state]


def has_passed(due: date | None, today: date, *, invented: bool = False, doubtful: bool = False) -> bool:
    """Whether a day that a document names is behind us; an invented or a doubtful one never is."""
    return due is not None and due < today and not invented and not doubtful


def when_words(
    kind: LadderKind,
    phrase: str,
    window_start: date | None,
    due: date | None,
    shown: date | None,
    *,
    invented: bool = False,
    doubtful: bool = False,
    meeting: Meeting | None = None,
    passed: bool = False,
) -> str:
    """When something is asked, in full: "vóór 1 april (uiterlijk woensdag 31 maart 2027)".

    A doubtful reading is only a period until somebody settles it; an invented day is not named at all. A meeting that
    has `passed` without a day is not to be planned any more.
    """
    if meeting is not None:
        return _meeting_words(meeting)
    if due is None or shown is None:
        return phrase or "zonder datum"
    if doubtful:
        return f"{phrase or period_words(window_start or due, due)} (datum nog niet vastgesteld)"
    if invented:
        period = period_words(window_start or due, due)
        return f"van {period}" if " tot " in period else f"in {period}"
    if kind is LadderKind.MEETING:
        period = period_words(window_start, due) if window_start else f"rond {day_words(due)}"
        return f"{period} ({'er is geen datum bekend' if passed else 'datum nog niet gepland'})"
    last = f"uiterlijk {weekday_words(shown)}"
    return f"{phrase} ({last})" if phrase and not phrase.lower().startswith("uiterlijk ") else last


def left_words(days_left: int, *, passed: bool) -> str:
    """How long it still takes: "nog 4 weken", "morgen", "vandaag", "1 week geleden"."""
    if days_left < 0:
        ago = f"{about_span_words(-days_left)} geleden"
        return f"{ago}, {NOT_SETTLED}" if passed else ago
    if days_left < 2:
        return ("vandaag", "morgen")[days_left]
    return f"nog {about_span_words(days_left)}"


def _meeting_words(meeting: Meeting) -> str:
    """ "donderdag 22 april 2027 om 14.00 uur, stadhuis" """
    at = f" om {meeting.start:%H.%M} uur" if meeting.start else ""
    place = f", {meeting.place}" if meeting.place else ""
    return f"{weekday_words(meeting.day)}{at}{place}"
