"""What an answer makes of a message: rule B12 as columns to set. It changes nothing; `delivering` writes it down."""

from datetime import datetime, timedelta

from cycle.actions.hours import within_mail_hours
from cycle.mail.deliver import Answer, Outcome
from cycle.settings import Settings
from cycle.store.outbox import ALARM, DIGEST, FAILED, HELD, KEEPS_HOURS, QUEUED, SENT, SIGN_IN, Parcel

RETRY_MINUTES = (1, 5, 15, 60)
GIVE_UP = timedelta(hours=48)
SIGN_IN_LASTS = timedelta(minutes=15)
NOT_HANDED_OVER = (Outcome.UNREACHABLE, Outcome.SENDER)
"""No try of this message: our account or the way to the server is what failed."""

Values = dict[str, object]


def outcome_values(settings: Settings, parcel: Parcel, answer: Answer, now: datetime) -> Values:
    """The columns to set after one try."""
    values: Values = {"last_answer": answer.text, "next_try_at": None}
    if parcel.kind == SIGN_IN and _is_over(parcel, answer, now):
        values["body"] = b""
        if not answer.accepted:
            return values | {"state": FAILED}
    if answer.outcome is Outcome.ACCEPTED:
        return values | {"state": SENT, "sent_at": now}
    if parcel.kind == ALARM:  # an alarm is neither given up nor held: it says why the rest stands still
        return values | _again(settings, parcel, now)
    if answer.outcome is Outcome.RECIPIENT:
        return values | {"state": FAILED}
    if answer.outcome in NOT_HANDED_OVER:
        return values | put_back_values(settings, parcel, now + timedelta(minutes=1))
    if answer.outcome is Outcome.UNKNOWN:
        values["uncertain"] = True
        if parcel.kind != DIGEST:
            return values | {"state": HELD}
    if now + _wait(parcel) > parcel.first_tried_at + GIVE_UP:
        return values | {"state": FAILED}
    return values | _again(settings, parcel, now)


def _is_over(parcel: Parcel, answer: Answer, now: datetime) -> bool:
    """A link to sign in is a secret and soon worthless: it is not kept longer than it takes to hand it over."""
    is_final = answer.outcome in (Outcome.ACCEPTED, Outcome.RECIPIENT, Outcome.UNKNOWN)
    return is_final or now + _wait(parcel) > parcel.first_tried_at + SIGN_IN_LASTS


def put_back_values(settings: Settings, parcel: Parcel, again_at: datetime) -> Values:
    """For what was claimed and not handed over: it was no try."""
    return {"state": QUEUED, "attempts": parcel.attempts - 1, "next_try_at": _hours(settings, parcel, again_at)}


def _again(settings: Settings, parcel: Parcel, now: datetime) -> Values:
    return {"state": QUEUED, "next_try_at": _hours(settings, parcel, now + _wait(parcel))}


def _wait(parcel: Parcel) -> timedelta:
    """After 1, 5, 15 and 60 minutes, then each hour."""
    return timedelta(minutes=RETRY_MINUTES[min(parcel.attempts, len(RETRY_MINUTES)) - 1])


def _hours(settings: Settings, parcel: Parcel, again_at: datetime) -> datetime:
    return within_mail_hours(settings, again_at) if parcel.kind in KEEPS_HOURS else again_at
