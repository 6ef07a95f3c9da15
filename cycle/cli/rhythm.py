"""`cycle rhythm`: when one person gets mail, and who gets it while they are away."""

from datetime import date, time
from typing import TYPE_CHECKING

from cycle.cli import desk
from cycle.cli.console import say, say_json
from cycle.errors import Refused

if TYPE_CHECKING:
    from cycle.actions.people.rhythms.rhythm import Choice, OwnRhythm

DAYS = ("ma", "di", "wo", "do", "vr")


def run_rhythm(
    person: str,
    days: str,
    hour: str,
    per_week: int | None,
    pause: str,
    deputy: str,
    back: int | None,
    by: str,
    *,
    overview: bool | None,
    link: bool,
    as_json: bool,
) -> None:
    """Changes what was given, and shows what it is then. Raises Refused for a day or hour that cannot be."""
    from cycle.actions.acting.fitting import for_person
    from cycle.actions.people.rhythms import rhythm as actions
    from cycle.store.covenants import persons_at
    from cycle.store.ids import id_of

    office, now = desk.office(), desk.now()
    with office.database.reading() as session:
        person_id = id_of(persons_at(session, person)[0])
        deputy_id = id_of(persons_at(session, deputy)[0]) if deputy else None
    by = for_person(office, by, now, person)
    own = actions.own_rhythm(office, person_id, now)
    if days or hour or per_week is not None or overview is not None:
        actions.choose(office, person_id, _choice(own, days, hour, per_week, overview), now, by=by)
    if pause:
        first, last = _stretch(pause)
        say(_sentence(actions.pause(office, person_id, first, last, now, deputy=deputy_id, by=by)))
    if back is not None:
        say(_sentence(actions.end_pause(office, person_id, back, now, by=by)))
    if link:
        say(actions.rhythm_page_url(office, person, now))
    else:
        _show(actions.own_rhythm(office, person_id, now), as_json=as_json)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _show(own: "OwnRhythm", *, as_json: bool) -> None:
    from cycle.actions.people.rhythms.rhythm import rhythm_words
    from cycle.domain.words import day_words

    if as_json:
        hour = f"{own.rhythm.hour:%H:%M}" if own.rhythm.hour else None
        pauses = [
            {"id": one.id, "first": one.first.isoformat(), "last": one.last.isoformat(), "deputy": one.deputy or None}
            for one in own.pauses
        ]
        say_json(
            {
                "email": own.email,
                "days": [DAYS[day] for day in sorted(own.rhythm.weekdays)],
                "hour": hour,
                "per_week": own.rhythm.per_week,
                "overview": own.has_overview,
                "pauses": pauses,
            }
        )
        return
    say(f"{own.name} krijgt mail {rhythm_words(own.rhythm)}.")
    for pause in own.pauses:
        to = f"; de post gaat naar {pause.deputy}" if pause.deputy else ""
        say(f"Afwezigheid {pause.id}: van {day_words(pause.first)} tot en met {day_words(pause.last)}{to}.")


def _choice(own: "OwnRhythm", days: str, hour: str, per_week: int | None, overview: bool | None) -> "Choice":
    from cycle.actions.people.rhythms.rhythm import Choice

    return Choice(
        _hour(hour) if hour else own.rhythm.hour,
        _weekdays(days) if days else own.rhythm.weekdays,
        per_week if per_week is not None else own.rhythm.per_week,
        own.has_overview if overview is None else overview,
    )


def _weekdays(text: str) -> frozenset[int]:
    """ "ma,do" """
    from cycle.domain.rhythm import EVERY_DAY

    words = [word.strip().lower()[:2] for word in text.split(",") if word.strip()]
    if words == ["al"]:
        return EVERY_DAY
    if not words or any(word not in DAYS for word in words):
        raise Refused(f"{text!r} zijn geen werkdagen.", "Schrijf bijvoorbeeld ma,do; of alle.")
    return frozenset(DAYS.index(word) for word in words)


def _hour(text: str) -> time | None:
    """ "10:00"; "gewoon" is as usual."""
    if text.strip().lower() == "gewoon":
        return None
    from cycle.domain.days import parse_time

    parsed = parse_time(text)
    if parsed is None:
        raise Refused(f"{text!r} is geen tijd.", "Schrijf bijvoorbeeld 10:00; of gewoon.")
    return parsed


def _stretch(text: str) -> tuple[date, date]:
    """ "2027-07-05..2027-07-23" """
    from cycle.domain.days import read_day

    words, _, last_words = text.partition("..")
    try:
        return read_day(words), read_day(last_words or words)
    except Refused as refused:
        doubt = refused.what[0].upper() + refused.what[1:]
        raise Refused(f"{text!r} is geen periode.", f"{doubt} Schrijf bijvoorbeeld 5-7-2027..23-7-2027.") from None
