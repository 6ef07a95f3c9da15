"""Being watched (rule C9): a sign of life to somebody outside, and a daily mail whose absence is noticed."""

import logging
from datetime import date, datetime, time, timedelta
from email.utils import parseaddr

from cycle.actions.office.letterbox import Envelope, outgoing, service_address
from cycle.actions.office.office import Office
from cycle.actions.office.unmade import unmade
from cycle.actions.service.audit import seal_of_today
from cycle.actions.service.health import readiness
from cycle.domain.mail_kinds import DAILY
from cycle.domain.words import weekday_words
from cycle.domain.workdays import moment
from cycle.mail.compose import Address
from cycle.mail.fields import DailyFields
from cycle.ping import ping
from cycle.store.mishaps import KeyTaken
from cycle.store.outbox import lookups, putting, telling
from cycle.store.outbox.lookups import Tally
from cycle.store.tables import Message

log = logging.getLogger(__name__)


def give_sign_of_life(office: Office, now: datetime) -> bool:
    """Calls `watch.ping_url` when all goes well; says whether it was heard. Silence is the alarm."""
    url = office.settings.watch.ping_url
    if not url or not all(finding.ok for finding in readiness(office, now)):
        return False
    fault = ping(url)
    if fault:
        log.warning("the sign of life was not heard: %s", fault)
    return not fault


def put_daily(office: Office, now: datetime) -> bool:
    """The operator's mail of this mail day, once: how many mails left since the one before, and what did not."""
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
    message = _message_or_failure(office, key, since, tally, now)
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


def _message_or_failure(office: Office, key: str, since: date, tally: Tally, now: datetime) -> Message:
    """The mail of this day; one that cannot be made is a failed one, which an alarm tells of."""
    try:
        return _message(office, key, since, tally, now)
    except Exception as error:
        on, to = office.local_day(now), parseaddr(office.settings.mail.operator)[1]
        return unmade(office, key, DAILY.name, type(error).__name__, now, on=on, to=to)


def _message(office: Office, key: str, since: date, tally: Tally, now: datetime) -> Message:
    settings, local = office.settings, now.astimezone(office.settings.zone)
    to = parseaddr(settings.mail.operator)[1]
    is_yesterday = since == local.date() - timedelta(1)
    fields = DailyFields(
        period="Gisteren" if is_yesterday else f"Sinds {weekday_words(since)}",
        sent=tally.sent,
        failed=tally.failed,
        waiting=tally.waiting,
        seal=seal_of_today(office, now),
        base_url=settings.web.base_url,
        signature=service_address(office).name or "cycle",
    )
    rendered = office.wording.render(DAILY.name, dict(fields))
    return outgoing(office, DAILY, rendered, Envelope(key, Address(to, "beheerder")), now)
