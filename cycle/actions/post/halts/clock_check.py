"""The clock of this machine beside what the database knows (rule C8): a clock that stands wrong must not mail anybody.

Two weeks asleep pass by themselves; more than a month since the last round is asked about. Back in time goes nothing: a
moment that was written down before, and is still to come, says that the clock stood wrong then, or does now. While that
is so, planning, keeping the year and nearly all sending stand still, until somebody says that the clock is right, or it
is right again.
"""

from datetime import datetime, timedelta

from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.post.halts.flood_guard import APPROVED
from cycle.domain.words import span_words
from cycle.settings import Settings
from cycle.store import deadlines
from cycle.store.database import Session
from cycle.store.outbox import beating, standstill
from cycle.store.outbox.standstill import CLOCK_PAUSE
from cycle.store.outbox.tolerance import NOT_YET

ASLEEP = timedelta(days=30)  # without a round
PREPARED = timedelta(days=183)  # before the first one: a table may be got ready long before it begins
ROUNDS = ("plan", "send")
FALSE_UNTIL = "clock-false-until"
RIGHT_AGAIN = "clock-right-again"


def is_believed(office: Office, now: datetime) -> bool:
    """Whether this moment can be true. Pauses all when it cannot, and lets it go on when it can again."""
    with office.database.reading() as session:
        reason = doubt(session, office.settings, now)
        is_paused = standstill.pause(session, CLOCK_PAUSE) is not None
    if reason and not is_paused:
        with office.database.writing() as session:
            standstill.set_pause(session, now, reason, CLOCK_PAUSE)
    elif is_paused and not reason:
        with office.database.writing() as session:
            if standstill.resume(session, [CLOCK_PAUSE]):
                deadlines.wake_all(session, now)
                _note_right_again(session, office, now)
    return not reason


def _note_right_again(session: Session, office: Office, now: datetime) -> None:
    """Says so in the logbook, once a day: of two machines the one may stop each minute what the other lets go on."""
    last = beating.beats(session).get(RIGHT_AGAIN)
    if last is None or office.local_day(last) != office.local_day(now):
        note(session, now, "klok", "verzending hervat", "uitgaande post", "de klok staat weer goed")
        beating.beat(session, RIGHT_AGAIN, now)


def doubt(session: Session, settings: Settings, now: datetime) -> str:
    """Why this moment cannot be true, in words; nothing when it can."""
    beats = beating.beats(session)
    rounds = [beats[name] for name in ROUNDS if name in beats]
    known = [*rounds, *beating.newest_moments(session)]
    ahead = max(known, default=now)
    if ahead > now + NOT_YET and ahead > beats.get(FALSE_UNTIL, now):
        return _words(settings, now, f"maar er is al iets van {_moment(settings, ahead)} bekend")
    last = max((one for one in rounds or known if one <= now + NOT_YET), default=now)
    if now - last > (ASLEEP if rounds else PREPARED):
        what = "de laatste ronde" if rounds else "het laatste dat bekend is"
        return _words(settings, now, f"{span_words((now - last).days)} na {what}, van {_moment(settings, last)}")
    return ""


def believe(session: Session, now: datetime) -> None:
    """Somebody says that this moment is true: what is later is not, and what waited for it may all be told today."""
    beats = beating.beats(session)
    for name in {*ROUNDS} & {*beats} or {"plan"}:
        beating.beat(session, name, now)
    ahead = max(beating.newest_moments(session), default=now)
    ahead = max([ahead, *(beats[name] for name in ROUNDS if name in beats)])
    if ahead > now:
        beating.beat(session, FALSE_UNTIL, ahead)
    beating.beat(session, APPROVED, now)
    deadlines.wake_all(session, now)


def _words(settings: Settings, now: datetime, why: str) -> str:
    return f"de klok staat op {_moment(settings, now)}, {why}. Staat de klok goed?"


def _moment(settings: Settings, at: datetime) -> str:
    local = at.astimezone(settings.zone)
    return f"{local:%d-%m-%Y} om {local:%H.%M} uur"
