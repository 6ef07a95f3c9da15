"""What an answer makes of a message: rule B12 as columns to set. It changes nothing; `delivering` writes it down."""

from datetime import datetime, timedelta

from cycle.domain.mail_kinds import KINDS, AfterUnknown
from cycle.mail.deliver import Answer, Outcome
from cycle.mail.seals import over
from cycle.settings import Settings
from cycle.store.outbox.claiming import Parcel
from cycle.store.outbox.labels import ALARM, FAILED, HELD, KEEPS_HOURS, QUEUED, SENT, SIGN_IN
from cycle.store.outbox.tolerance import TRIES_IN_DOUBT

RETRY_MINUTES = (1, 5, 15, 60)
GIVE_UP = timedelta(hours=48)
GIVE_UP_MAIL_HOURS = 18  # of what leaves in mail hours only: two days of them, so that a weekend is no end
SIGN_IN_LASTS = timedelta(minutes=15)
NOT_HANDED_OVER = (Outcome.UNREACHABLE, Outcome.SENDER)
"""No try of this message: our account or the way to the server is what failed."""

REFUSALS = (Outcome.RECIPIENT, Outcome.REFUSED)
"""About this mail, as long as not everybody gets the same."""

Values = dict[str, object]


def outcome_values(settings: Settings, parcel: Parcel, answer: Answer, now: datetime) -> Values:
    """The columns to set after one try. What is over keeps no link that opens anything, and the hash of what went."""
    values = _values(settings, parcel, answer, now)
    if values["state"] not in (SENT, FAILED):
        return values
    left: Values = dict(over(parcel.body))
    if parcel.kind == SIGN_IN:  # a code has no seal, and nobody reads these words again
        left |= {"body": b""}
    return values | left


def _values(settings: Settings, parcel: Parcel, answer: Answer, now: datetime) -> Values:
    values: Values = {"last_answer": answer.text, "next_try_at": None}
    values |= {"doubted_at": now} if answer.outcome is Outcome.UNKNOWN else {}
    if parcel.kind == SIGN_IN and not answer.accepted and _is_over(parcel, answer, now):
        return values | {"state": FAILED}
    if answer.outcome is Outcome.ACCEPTED:
        return values | {"state": SENT, "sent_at": now}
    if parcel.kind == ALARM:  # an alarm is neither given up nor held: it says why the rest stands still
        return values | _again(settings, parcel, now)
    if answer.outcome in NOT_HANDED_OVER:
        return values | put_back_values(settings, parcel, now + timedelta(minutes=1))
    if answer.outcome in REFUSALS and parcel.refused_at is None:
        values |= {"refused_at": now, "refused_as": answer.sort}
    if answer.outcome is Outcome.RECIPIENT:
        return values | {"state": FAILED}
    if answer.outcome is Outcome.UNKNOWN or (parcel.uncertain and _goes_again(parcel)):
        return values | _doubtful(settings, parcel, now)
    again = _again(settings, parcel, now, is_last_in_line=answer.outcome is Outcome.REFUSED)
    return values | ({"state": FAILED} if _is_given_up(settings, parcel, now) else again)


def _doubtful(settings: Settings, parcel: Parcel, now: datetime) -> Values:
    """It may have arrived: a reminder goes twice more at most, whatever is answered then; after that, and for anything
    else at once, a person decides."""
    tries = parcel.tries_in_doubt + 1 if parcel.uncertain else 0
    values: Values = {"uncertain": True, "tries_in_doubt": tries, "state": HELD}
    return values | _again(settings, parcel, now) if _goes_again(parcel) and tries < TRIES_IN_DOUBT else values


def _goes_again(parcel: Parcel) -> bool:
    """Whether one that may have arrived goes again (rule C3)."""
    return parcel.kind in KINDS and KINDS[parcel.kind].after_unknown is AfterUnknown.AGAIN


def _is_given_up(settings: Settings, parcel: Parcel, now: datetime) -> bool:
    """Whether the next try would come too late."""
    ends = parcel.first_tried_at + GIVE_UP
    if parcel.kind in KEEPS_HOURS:
        ends = max(ends, settings.mail_hours.after(parcel.first_tried_at, GIVE_UP_MAIL_HOURS))
    return now + _wait(parcel) > ends


def _is_over(parcel: Parcel, answer: Answer, now: datetime) -> bool:
    """A link to sign in is a secret and soon worthless: it is not kept longer than it takes to hand it over."""
    is_final = answer.outcome in (Outcome.UNKNOWN, *REFUSALS)
    return is_final or now + _wait(parcel) > parcel.first_tried_at + SIGN_IN_LASTS


def put_back_values(settings: Settings, parcel: Parcel, again_at: datetime) -> Values:
    """For what was claimed and not handed over: it was no try."""
    return {"state": QUEUED, "attempts": parcel.attempts - 1, "next_try_at": _hours(settings, parcel, again_at)}


def _again(settings: Settings, parcel: Parcel, now: datetime, *, is_last_in_line: bool = False) -> Values:
    wait = timedelta(minutes=RETRY_MINUTES[-1]) if is_last_in_line else _wait(parcel)
    return {"state": QUEUED, "next_try_at": _hours(settings, parcel, now + wait)}


def _wait(parcel: Parcel) -> timedelta:
    """After 1, 5, 15 and 60 minutes, then each hour."""
    return timedelta(minutes=RETRY_MINUTES[min(parcel.attempts, len(RETRY_MINUTES)) - 1])


def _hours(settings: Settings, parcel: Parcel, again_at: datetime) -> datetime:
    return settings.mail_hours.next_open(again_at) if parcel.kind in KEEPS_HOURS else again_at
