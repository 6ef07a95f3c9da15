"""Alarms: mails to the operator when sending or planning stands still, and to the secretariat about what failed.

An alarm is a message like any other, but a pause does not hold it, and what mail cannot carry becomes a file
(`delivering`). Each is put once: its key names the pause, or the person and the day.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from html import escape

from cycle.actions.office.letterbox import Envelope, outgoing, service_address
from cycle.actions.office.office import Office
from cycle.domain.addressing import Members
from cycle.domain.mail_kinds import ALARM, kind_words
from cycle.domain.model import Member
from cycle.domain.words import weekday_words
from cycle.mail.compose import Address
from cycle.mail.fields import AlarmFields, Rendered, Say
from cycle.mail.headers import clean
from cycle.store import covenants
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.mishaps import DatabaseFault, KeyTaken
from cycle.store.outbox import lookups, putting, standstill, telling
from cycle.store.outbox.labels import DIGEST, FAILED
from cycle.store.outbox.standstill import CLOCK_PAUSE, PLANNING_PAUSE, SENDING_PAUSE
from cycle.store.tables import Message, OutboxPause

OPERATOR = Address("", "beheerder")
LISTED = 20
UNREACHABLE_FOR = timedelta(minutes=30)

log = logging.getLogger(__name__)

STANDS_STILL = {SENDING_PAUSE: "sending", PLANNING_PAUSE: "planning", CLOCK_PAUSE: "clock"}
"""By kind of pause, under which name the words stand."""

_ADDRESS = re.compile(r"[^\s<>\"'()]+@[^\s<>\"'()]+")


@dataclass(frozen=True, slots=True)
class Alarm:
    """What an alarm says. `key` makes it go once."""

    key: str
    title: str
    what: str
    hint: str
    details: Sequence[str] = ()


def put_alarms(office: Office, now: datetime) -> int:
    """Tells the operator of each pause once; returns how many were put into the outbox."""
    with office.database.reading() as session:
        untold = [one for one in standstill.pauses(session) if one.alarmed_at is None]
        waiting = lookups.count_queued(session) if untold else 0
    return sum(_tell_pause(office, pause, waiting, now) for pause in untold)


def put_round_failed(office: Office, name: str, why: str, now: datetime) -> bool:
    """Tells the operator, once a day, that a round of the clock does not get to its end."""
    say = office.wording.say
    alarm = Alarm(
        f"alarm:round:{name}:{office.local_day(now)}",
        say("alarm.round-title"),
        say(f"alarm.round-{name}"),
        say("alarm.round-hint"),
        (why,),
    )
    return _put(office, alarm_message(office, alarm, operator(office), now), (), now)


def put_unreachable(office: Office, answer: str, now: datetime) -> bool:
    """Tells the operator, once a day, that the mail server stays away (rule B11: also without encryption)."""
    with office.database.reading() as session:
        waiting = lookups.count_queued(session)
        oldest = lookups.oldest_queued(session)
    if oldest is None or now - oldest < UNREACHABLE_FOR:
        return False
    say = office.wording.say
    alarm = Alarm(
        f"alarm:unreachable:{office.local_day(now)}",
        say("alarm.unreachable-title"),
        say("alarm.unreachable-what", mails=_mails(waiting, say)),
        say("alarm.unreachable-hint"),
        (without_addresses(answer),),
    )
    return _put(office, alarm_message(office, alarm, operator(office), now), (), now)


def put_left_out(office: Office, deadlines: Sequence[int], now: datetime) -> bool:
    """Tells the operator, once a day, which deadlines could not be written into calendars."""
    say = office.wording.say
    numbers = ", ".join(map(str, deadlines[:LISTED]))
    alarm = Alarm(
        f"alarm:left-out:{office.local_day(now)}",
        say("alarm.left-out-title"),
        say("alarm.left-out-what", number=numbers),
        say("alarm.left-out-hint"),
    )
    try:
        return _put(office, alarm_message(office, alarm, operator(office), now), (), now)
    except DatabaseFault:  # whoever reads the calendar need not wait for it
        return False


def report_failures(office: Office, now: datetime) -> int:
    """Tells each secretariat, once a day and in mail hours, what did not arrive; returns how many mails that took."""
    if not office.settings.mail_hours.is_open(now):
        return 0
    with office.database.reading() as session:
        failed = lookups.unreported(session)
        if not failed:
            return 0
        per_person = _by_secretary(office, session, failed, now)
    told = 0
    for to, rows in per_person.items():
        try:
            told += _report(office, to, rows, now)
        except Exception as error:  # it waits for the next round, and the others are told
            log.error("the report of failed mails to somebody failed: %s", type(error).__name__)
    return told


def alarm_message(office: Office, alarm: Alarm, to: Address, now: datetime) -> Message:
    """The outbox row of an alarm. Without an address it is for the folder only."""
    settings = office.settings
    local = now.astimezone(settings.zone)
    fields = AlarmFields(
        title=alarm.title,
        moment_words=f"{weekday_words(local.date())}, {local.hour}.{local:%M} uur",
        what=alarm.what,
        hint=alarm.hint,
        details=list(alarm.details),
        base_url=settings.web.base_url,
        signature=service_address(office).name or "cycle",
        to_words=office.wording.say("alarm.to-operator" if to.name == OPERATOR.name else "alarm.to-office"),
    )
    return outgoing(office, ALARM, _rendered(office, fields), Envelope(alarm.key, to), now)


def _rendered(office: Office, fields: AlarmFields) -> Rendered:
    """The words of an alarm; when the template itself is what is wrong, they go as they are."""
    try:
        return office.wording.render(ALARM.name, dict(fields))
    except Exception as error:
        log.error("the template of an alarm failed: %s", type(error).__name__)
        lines = [fields["title"], fields["what"], fields["hint"], *fields["details"]]
        return Rendered(clean(fields["title"]), "\n\n".join(lines) + "\n", f"<pre>{escape(chr(10).join(lines))}</pre>")


def without_addresses(text: str) -> str:
    """A mail server repeats addresses in its answers; the operator needs none of them (rule C15)."""
    return _ADDRESS.sub("…@…", text)


def operator(office: Office) -> Address:
    """Who runs the service. Without an address in the settings what is meant for them becomes a file."""
    return Address(parseaddr(office.settings.mail.operator)[1], OPERATOR.name)


def _tell_pause(office: Office, pause: OutboxPause, waiting: int, now: datetime) -> int:
    """One alarm for one pause; the mark and the mail are one transaction.

    For the clock one a day: of two machines the one may stop each minute what the other lets go on.
    """
    say, stands_still = office.wording.say, STANDS_STILL[pause.id]
    which = office.local_day(now) if pause.id == CLOCK_PAUSE else pause.at
    alarm = Alarm(
        f"alarm:pause:{pause.id}:{which.isoformat()}",
        say(f"alarm.{stands_still}-title"),
        say(f"alarm.{stands_still}-what", mails=_mails(waiting, say)),
        say("alarm.pause-hint"),
        (without_addresses(pause.reason),),
    )
    message = alarm_message(office, alarm, operator(office), now)
    with office.database.writing() as session:
        row = session.get(OutboxPause, pause.id, with_for_update=True)
        if row is None or row.alarmed_at is not None or row.at != pause.at:
            return 0
        row.alarmed_at = now
        session.add(row)
        try:
            with session.begin_nested():
                putting.put(session, message, (), now)
        except KeyTaken:  # told before
            return 0
    return 1


def _by_secretary(
    office: Office, session: Session, failed: Sequence[Message], now: datetime
) -> dict[Address, list[Message]]:
    """Who is told of which message: the secretariat of its covenant, else the operator; an operator with an address is
    told too of what could not be made, for that is nothing a secretariat can mend."""
    about = telling.covenants_of(session, [id_of(row) for row in failed])
    seats = covenants.members(session, {one for several in about.values() for one in several})
    secretaries = {key: Members(members, office.local_day(now)).secretariat() for key, members in seats.items()}
    by_address: dict[Address, list[Message]] = {}
    for row in failed:
        told = {_address(secretaries.get(covenant)) for covenant in about.get(id_of(row), ())} or {OPERATOR}
        if office.settings.mail.operator and row.state == FAILED and not row.attempts and not row.body:
            told.add(OPERATOR)
        for to in told:
            by_address.setdefault(to, []).append(row)
    return by_address


def _address(member: Member | None) -> Address:
    return Address(member.email, member.name) if member else OPERATOR


def _report(office: Office, to: Address, rows: Sequence[Message], now: datetime) -> int:
    """One mail about all that failed; 0 when this person had one today, then it waits for the next day."""
    is_operator, say = to == OPERATOR, office.wording.say
    more = [say("alarm.failed-more", count=str(len(rows) - LISTED))] if len(rows) > LISTED else []
    title = say("alarm.failed-one" if len(rows) == 1 else "alarm.failed-many", count=str(len(rows)))
    alarm = Alarm(
        f"alarm:failed:{to.email or 'operator'}:{office.local_day(now)}",
        title,
        say("alarm.failed-what"),
        say("alarm.failed-hint"),
        [*(_detail(row, say, with_address=not is_operator) for row in rows[:LISTED]), *more],
    )
    message = alarm_message(office, alarm, operator(office) if is_operator else to, now)
    return int(_put(office, message, [id_of(row) for row in rows], now))


def _detail(row: Message, say: Say, *, with_address: bool) -> str:
    why = row.last_answer if with_address else without_addresses(row.last_answer)
    detail = say(
        "alarm.failed-detail",
        number=str(row.id),
        kind=kind_words(row.kind),
        answer=why,
        address=row.to if with_address else "",
    )
    goes_on = row.state != FAILED or row.kind == DIGEST
    return f"{detail} ({say(f'alarm.then-{row.state}')})" if goes_on else detail


def _put(office: Office, message: Message, told: Sequence[int], now: datetime) -> bool:
    """Puts an alarm into the outbox unless its key is taken, and marks what it tells."""
    try:
        with office.database.writing() as session:
            putting.put(session, message, (), now)
            lookups.mark_reported(session, told, now)
    except KeyTaken:
        return False
    return True


def _mails(number: int, say: Say) -> str:
    return say("alarm.mails-one" if number == 1 else "alarm.mails-many", count=str(number))
