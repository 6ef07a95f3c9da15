"""Being watched (rule C9): a sign of life to somebody outside, and a daily mail whose absence is noticed."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from email.utils import parseaddr

from cycle.actions.office.letterbox import Envelope, outgoing, service_address
from cycle.actions.office.office import Office
from cycle.actions.office.unmade import unmade
from cycle.actions.post.halts.alarming import Alarm, alarm_message, operator, without_addresses
from cycle.actions.service.watch.audit import seal_of_today
from cycle.actions.service.watch.condition import WRONG, Finding
from cycle.domain.mail_kinds import DAILY
from cycle.domain.words import weekday_words
from cycle.domain.workdays import moment
from cycle.mail.compose import Address
from cycle.mail.fields import DailyFields
from cycle.ping import ping
from cycle.store.mishaps import KeyTaken
from cycle.store.outbox import beating, lookups, putting, standstill, telling
from cycle.store.outbox.lookups import Tally
from cycle.store.tables import Message

LASTING = timedelta(minutes=10)
"""How long something must be wrong before it is told: a restart makes everything late for a minute or two."""

TOLD = "told:"
"""How the names of the beats begin that say when something that is wrong was told last."""

log = logging.getLogger(__name__)


def give_sign_of_life(office: Office, findings: Sequence[Finding]) -> bool:
    """Calls `watch.ping_url` when all goes well; says whether it was heard. Silence is the alarm."""
    url = office.settings.watch.ping_url
    if not url or not all(finding.ok for finding in findings):
        return False
    fault = ping(url)
    if fault:
        log.warning("the sign of life was not heard: %s", fault)
    return not fault


def put_troubles(office: Office, findings: Sequence[Finding], now: datetime) -> bool:
    """Tells the operator what is not well: once it lasts ten minutes, and again on each working day that it does.

    A pause is told at once by an alarm of its own (`alarming`), so here only from the day after.
    """
    wrong = {finding.name: finding for finding in findings if not finding.ok}
    today, is_open = office.local_day(now), office.settings.mail_hours.is_open(now)
    with office.database.reading() as session:
        beats = beating.beats(session)
        for pause in standstill.pauses(session):
            beats.setdefault(f"{TOLD}verzending", pause.at)
    if not wrong and not any(name.startswith((WRONG, TOLD)) for name in beats):
        return False

    def is_to_tell(name: str) -> bool:
        told = beats.get(TOLD + name)
        is_due = told is None or (is_open and office.local_day(told) < today)
        return is_due and now - beats.get(WRONG + name, now) >= LASTING

    telling_now = [finding for name, finding in wrong.items() if is_to_tell(name)]
    try:
        _note_troubles(office, beats, wrong, telling_now, now)
    except KeyTaken:  # another process was faster
        return False
    return bool(telling_now)


def _note_troubles(
    office: Office,
    beats: Mapping[str, datetime],
    wrong: Mapping[str, Finding],
    telling_now: Sequence[Finding],
    now: datetime,
) -> None:
    """Since when each is wrong and when it was told, and the mail that tells it, in one transaction."""
    with office.database.writing() as session:
        for name in beats:
            if name.startswith((WRONG, TOLD)) and name.partition(":")[2] not in wrong:
                beating.unbeat(session, name)
        for name in wrong.keys() - {name.removeprefix(WRONG) for name in beats}:
            beating.beat(session, WRONG + name, now)
        for finding in telling_now:
            beating.beat(session, TOLD + finding.name, now)
        if telling_now:
            with suppress(KeyTaken), session.begin_nested():  # told today already, by whichever process
                putting.put(session, _trouble_message(office, telling_now, now), (), now)


def _trouble_message(office: Office, wrong: Sequence[Finding], now: datetime) -> Message:
    """One alarm with all of it, each with what to do."""
    say = office.wording.say
    alarm = Alarm(
        f"alarm:troubles:{office.local_day(now)}:{'+'.join(sorted(one.name for one in wrong))}",
        say("alarm.trouble-one" if len(wrong) == 1 else "alarm.trouble-many", count=str(len(wrong))),
        say("alarm.trouble-what"),
        say("alarm.trouble-hint"),
        [without_addresses(f"{one.name}: {one.words}. {one.hint}") for one in wrong],
    )
    return alarm_message(office, alarm, operator(office), now)


def put_daily(office: Office, findings: Sequence[Finding], now: datetime) -> bool:
    """The operator's mail of this mail day, once: how many mails left since the one before, what did not, and what is
    not well now."""
    settings = office.settings
    if not settings.watch.daily or not settings.mail.operator or not settings.mail_hours.is_open(now):
        return False
    today = settings.local_day(now)
    key = f"{DAILY.name}:{today.isoformat()}"
    with office.database.reading() as session:
        if telling.has_digest(session, [key]):
            return False
        since = _day_before(office, today)
        tally = lookups.tally(session, moment(since, time(0), settings.zone), moment(today, time(0), settings.zone))
    message = _message_or_failure(office, key, since, tally, findings, now)
    try:
        with office.database.writing() as session:
            putting.put(session, message, (), now)
    except KeyTaken:  # another process was faster
        return False
    return True


def _day_before(office: Office, today: date) -> date:
    """The mail day before, which the last of these mails did not cover yet."""
    day = today - timedelta(1)
    while not office.settings.work_calendar.is_mail_day(day):
        day -= timedelta(1)
    return day


def _message_or_failure(
    office: Office, key: str, since: date, tally: Tally, findings: Sequence[Finding], now: datetime
) -> Message:
    """The mail of this day; one that cannot be made is a failed one, which an alarm tells of."""
    try:
        return _message(office, key, since, tally, findings, now)
    except Exception as error:
        on, to = office.local_day(now), parseaddr(office.settings.mail.operator)[1]
        return unmade(office, key, DAILY.name, type(error).__name__, now, on=on, to=to)


def _message(
    office: Office, key: str, since: date, tally: Tally, findings: Sequence[Finding], now: datetime
) -> Message:
    settings, local = office.settings, now.astimezone(office.settings.zone)
    to = parseaddr(settings.mail.operator)[1]
    is_yesterday = since == local.date() - timedelta(1)
    fields = DailyFields(
        period="Gisteren" if is_yesterday else f"Sinds {weekday_words(since)}",
        sent=tally.sent,
        failed=tally.failed,
        waiting=tally.waiting,
        troubles=[without_addresses(f"{one.name}: {one.words}. {one.hint}") for one in findings if not one.ok],
        seal=seal_of_today(office, now),
        base_url=settings.web.base_url,
        signature=service_address(office).name or "cycle",
    )
    rendered = office.wording.render(DAILY.name, dict(fields))
    return outgoing(office, DAILY, rendered, Envelope(key, Address(to, "beheerder")), now)
