"""What the clock does each minute and each day. Every round ends with a beat, so that a standstill is seen."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from threading import Event

from cycle.actions.deadlines.upkeep.year_upkeep import YearChanges, keep_year
from cycle.actions.feeds import end_links_of_leavers
from cycle.actions.letters import settle_sent_letters
from cycle.actions.mails.morning.reminding import Planned, plan_mails
from cycle.actions.office.mailed import blank_old_links, renew_marks_of_leavers
from cycle.actions.office.office import Office
from cycle.actions.office.sentforms import forget_sent_forms
from cycle.actions.post.delivery.delivering import Delivered, deliver_mails
from cycle.actions.post.delivery.restored import KEEP_DAYS, sent_journal
from cycle.actions.post.halts.alarming import put_round_failed
from cycle.actions.post.halts.clock_check import is_believed
from cycle.actions.post.returns.bouncing import Returned, read_bounces
from cycle.actions.post.returns.replying import Replies, read_replies
from cycle.actions.register.reading_in.uploads import clean_uploads
from cycle.actions.service.watch.audit import write_heads
from cycle.actions.service.watch.condition import condition
from cycle.actions.service.watch.forgetting import empty_old_bodies
from cycle.actions.service.watch.watching import give_sign_of_life, put_daily, put_troubles
from cycle.actions.signin.signing_in import forget_sign_ins
from cycle.actions.signin.typed_forms import forget_typed_forms
from cycle.errors import CycleError
from cycle.mail.deliver import Pace, Transport
from cycle.store.outbox import beating

STOP_SECONDS = 30.0  # for the mail in hand when a sender must end; then it is broken off and of unknown outcome
FAILS_FOR = timedelta(minutes=10)
"""A round of every minute that fails once is no news: the next one may well succeed."""


def plan_round(office: Office, now: datetime) -> Planned:
    """Puts into the outbox what is due. While the clock is not to be believed it does nothing, and that is seen."""
    with _told(office, "plan", now):
        if not is_believed(office, now):
            return Planned()
        planned = plan_mails(office, now)
    _beat(office, "plan", now)
    return planned


def send_round(office: Office, at: datetime, now: datetime, *, ignore_hours: bool) -> Planned:
    """What `cycle send` plans: as at the moment `at`, which may be on another day. It is made now."""
    if not is_believed(office, now):
        return Planned()
    keep_year(office, at, made_at=now)
    planned = plan_mails(office, at, ignore_hours=ignore_hours, made_at=now)
    _beat(office, "send", now)
    return planned


def deliver_round(
    office: Office, transport: Transport, pace: Pace, now: Callable[[], datetime], stop: Event | None = None
) -> Delivered:
    """Delivers what is in the outbox, for at most one slice."""
    with _told(office, "deliver", now()):
        delivered = deliver(office, transport, pace, now, stop=stop)
    _beat(office, "deliver", now())
    return delivered


def deliver(
    office: Office,
    transport: Transport,
    pace: Pace,
    now: Callable[[], datetime],
    *,
    stop: Event | None = None,
    ignore_hours: bool = False,
) -> Delivered:
    """One slice of delivery, and what follows from it: a letter that went out settles its step."""
    delivered = deliver_mails(office, transport, pace, now, stop=stop, ignore_hours=ignore_hours)
    settle_sent_letters(office, now())
    return delivered


def keep_round(office: Office, now: datetime) -> YearChanges:
    """Keeps the year in line with steps and register, and lets go of what is over: links, words, keys of forms.

    What a wrong clock lets go of does not come back. What fails of it keeps nothing else from being done, and is raised
    at the end.
    """
    with _told(office, "keep", now):
        if not is_believed(office, now):
            return YearChanges()
        changes = keep_year(office, now)
        _each(
            partial(end_links_of_leavers, office, now),
            partial(renew_marks_of_leavers, office, now),
            partial(blank_old_links, office),
            partial(empty_old_bodies, office, now),
            partial(forget_sign_ins, office, now),
            partial(forget_sent_forms, office, now),
            partial(forget_typed_forms, office, now),
            partial(clean_uploads, office.settings, now),
            partial(sent_journal(office).prune, now - timedelta(days=KEEP_DAYS)),
            partial(write_heads, office, now),
            partial(look_for_damage, office, now),
        )
    _beat(office, "keep", now)
    return changes


def look_for_damage(office: Office, now: datetime) -> None:
    """Reads the file of the database from end to end, and leaves a mark while it is not whole.

    Raises CycleError when it is not.
    """
    damage = office.database.damage()
    with office.database.writing() as session:
        if damage:
            beating.beat(session, beating.DAMAGED, now)
        else:
            beating.unbeat(session, beating.DAMAGED)
    if damage:
        raise CycleError("Het bestand van de database is beschadigd.", "Zet de laatste goede kopie terug.")


def _each(*works: Callable[[], object]) -> None:
    """Does all of these, whatever fails. Raises the first error when the rest is done."""
    failed: list[Exception] = []
    for work in works:
        try:
            work()
        except Exception as error:
            failed.append(error)
    if failed:
        raise failed[0]


def bounces_round(office: Office, now: datetime) -> Returned:
    """Reads the mail that came back."""
    returned = read_bounces(office, now)
    _beat(office, "bounces", now)
    return returned


def replies_round(office: Office, now: datetime) -> Replies:
    """Reads what people wrote back."""
    replies = read_replies(office, now)
    _beat(office, "replies", now)
    return replies


def watch_round(office: Office, now: datetime) -> None:
    """Looks at all that is watched, and lets others know how it is."""
    findings = condition(office, now)
    if is_believed(office, now):
        put_daily(office, findings, now)
        put_troubles(office, findings, now)
    give_sign_of_life(office, findings)


@contextmanager
def _told(office: Office, name: str, now: datetime) -> Iterator[None]:
    """A round that keeps failing is told to the operator, by the kind of its error only: a message may hold names."""
    try:
        yield
    except Exception as error:
        with suppress(Exception):  # the database may be what is wrong; then the beat that stays away tells it
            with office.database.reading() as session:
                last = beating.beats(session).get(name)
            if last is None or now - last >= FAILS_FOR:
                put_round_failed(office, name, type(error).__name__, now)
        raise


def _beat(office: Office, name: str, now: datetime) -> None:
    with office.database.writing() as session:
        beating.beat(session, name, now)
