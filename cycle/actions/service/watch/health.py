"""How the service is doing: whether it can be reached, whether it keeps up, and what a doctor would find."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parseaddr

from cycle.actions.office.covenant_view import CovenantView, row_when, situations, views
from cycle.actions.office.office import Office
from cycle.actions.office.rhythms import rhythms_of
from cycle.actions.office.signing import key_trouble
from cycle.actions.post.delivery.delivering import open_transport
from cycle.actions.post.halts.alarming import OPERATOR, Alarm, alarm_message
from cycle.actions.service.watch.condition import MEND_DAMAGE, Finding, condition
from cycle.actions.service.watch.own_files import loose_own_files
from cycle.domain.mail_moments import send_moment
from cycle.domain.planning import next_day_to_tell, reminders_due
from cycle.domain.rhythm import Rhythms
from cycle.domain.seeing import may_see
from cycle.domain.situation import Situation
from cycle.domain.troubles import Troubles
from cycle.mail.compose import Address
from cycle.mail.deliver import Outcome
from cycle.settings import Settings
from cycle.settings.service_sections import MailSettings
from cycle.store import covenants, deadlines
from cycle.store.apart import apart
from cycle.store.database import Session
from cycle.store.deadlines import DueItem
from cycle.store.ids import id_of
from cycle.store.outbox import lookups, standstill, telling

FAILED_RECENTLY = timedelta(days=7)
SHOWN_FILES = 5
SHOWN = 20  # numbers in a sentence
MICROSOFT_HOSTS = (".office365.com", ".outlook.com")


def examine(office: Office, now: datetime) -> list[Finding]:
    """What `cycle doctor` looks at: wording, database, jobs, queue, mail transport, and every next moment."""
    faults = office.wording.check()
    findings = [Finding("mailteksten", not faults, "; ".join(map(str, faults)) or "alle soorten zijn te maken")]
    version = office.database.version() or "leeg"
    findings.append(
        Finding("database", True, f"versie {version}, {'SQLite' if office.database.is_sqlite else 'PostgreSQL'}")
    )
    findings.append(_files_finding(office.settings))
    trouble = key_trouble(office.settings)
    findings.append(Finding("sleutel", not trouble, trouble or "elke regel wordt gebruikt"))
    findings.append(_damage_finding(office))
    findings.extend(condition(office, now))
    transport = open_transport(office.settings)
    try:
        answer = transport.check()
    finally:
        transport.close()
    findings.append(Finding("mailserver", answer.outcome is Outcome.ACCEPTED, answer.text or "bereikbaar"))
    findings.extend(login_findings(office.settings.mail))
    with office.database.reading() as session:
        for pause in standstill.pauses(session):  # the server's own words are for the operator only
            findings.append(Finding("pauze", False, f"{pause.reason}; weer verder met: cycle outbox resume"))
        findings.extend(_post_findings(session, now))
        findings.extend(_covenant_findings(session, office, now))
    return findings


def try_mail(office: Office, to: str, now: datetime) -> Finding:
    """One test mail past the outbox, and the server's own answer (rule B11b).

    Raises CycleError for an address that cannot be used.
    """
    alarm = Alarm(
        f"test:{now.isoformat()}",
        "Dit is een proefmail",
        "U leest dit, dus het versturen van mail werkt.",
        "Kijk of de afzender klopt, en of deze mail niet bij de ongewenste post ligt.",
    )
    message = alarm_message(office, alarm, Address(parseaddr(to)[1] or to, OPERATOR.name), now)
    transport = open_transport(office.settings)
    try:
        answer = transport.deliver(
            message.body, envelope_from=message.envelope_from, recipient=message.to, key=message.key
        )
    finally:
        transport.close()
    return Finding("proefmail", answer.accepted, answer.text or "aangenomen")


def _damage_finding(office: Office) -> Finding:
    """Whether the file of the database is whole; it is read from end to end, so only here and at night."""
    damage = office.database.damage()
    return Finding("bestand van de database", not damage, f"beschadigd: {damage}" if damage else "heel", MEND_DAMAGE)


def _files_finding(settings: Settings) -> Finding:
    """Whether nobody else on this machine can read what we keep."""
    loose = loose_own_files(settings)
    words = f"voor anderen te lezen: {', '.join(map(str, loose[:SHOWN_FILES]))}"
    words += f" en nog {len(loose) - SHOWN_FILES}" if len(loose) > SHOWN_FILES else ""
    hint = "; sluit ze af met: chmod -R go-rwx, als hun eigenaar"
    return Finding("bestanden", not loose, words + hint if loose else "alleen te lezen door wie cycle draait")


def login_findings(mail: MailSettings) -> Iterator[Finding]:
    """Microsoft ends passwords for sending mail (rule B11); who still uses one hears it in time."""
    if mail.transport == "smtp" and mail.auth == "password" and mail.host.lower().endswith(MICROSOFT_HOSTS):
        words = 'Microsoft 365 weigert wachtwoorden (550 5.7.30); stap over met mail.auth = "xoauth2"'
        yield Finding("aanmelden", False, words)


def _post_findings(session: Session, now: datetime) -> Iterator[Finding]:
    """What did not arrive this week, and which addresses do not exist. Old failures were told before."""
    failed = [row.id for row in lookups.failed_since(session, now - FAILED_RECENTLY)]
    words = f"{len(failed)} mails van de laatste week zijn niet bezorgd of onzeker: {failed[:SHOWN]}"
    yield Finding("niet bezorgde mails", not failed, words if failed else "alles kwam weg")
    gone = sorted({person.email for person in covenants.undeliverable(session)})
    hint = "; werkt er weer een: cycle outbox reachable ADRES"
    yield Finding("adressen", not gone, f"onbestelbaar: {', '.join(gone)}{hint}" if gone else "alle bestelbaar")


def _covenant_findings(session: Session, office: Office, now: datetime) -> Iterator[Finding]:
    """Per covenant: is it released, does everybody have an address, and are the next moments right?"""
    troubles = Troubles()
    views_by_id, chosen = views(session, office.settings, troubles=troubles), rhythms_of(session, office.settings)
    for key, words in troubles.noted.items():
        yield Finding(f"convenant nummer {key}", False, f"niet te lezen: {'; '.join(words)}")
    if not (views_by_id or troubles.noted):
        yield Finding("convenanten", False, "er is nog geen convenant; lees er een in met: cycle import MAP")
    for view in views_by_id.values():
        label = f"convenant {view.row.slug}"
        if view.row.archived_at is not None:
            yield Finding(label, True, "gearchiveerd: er gaat niets meer uit (cycle archive --undo)")
            continue
        if not may_see(view.row.released_at):
            yield Finding(label, True, "nog niet vrijgegeven: er gaat geen herinnering uit (cycle release)")
            continue
        unshown = _unshown(session, view)
        if unshown:
            yield Finding(label, False, f"niet te tonen en niet te plannen: termijn {unshown[:SHOWN]}")
        yield _moments_finding(session, office, view, chosen, now)


def _moments_finding(session: Session, office: Office, view: CovenantView, chosen: Rhythms, now: datetime) -> Finding:
    """Whether each open deadline has the right next moment; one of which that cannot be told is named."""
    label, items = f"convenant {view.row.slug}", deadlines.items_to_tell(session, view.id)
    ledger = telling.told(session, now, deadlines.in_covenant(view.id))
    situation = situations(session, {view.id: view}, items, ledger).get(view.id)
    if situation is None:
        return Finding(label, True, "geen open termijnen")

    def is_late(due: DueItem) -> bool:
        latest = _latest(due, view, situation, office.settings, chosen, now)
        return latest is not None and (due.next_moment is None or due.next_moment > latest)

    tried = list(apart(items, is_late, lambda one: f"doctor: termijn {one.item.id}"))
    late, untold = ([one.item.id for one, is_so in tried if is_so is sort] for sort in (True, None))
    wrong = [
        *([f"verkeerd volgend moment bij termijn {late}"] if late else []),
        *([f"niet te plannen: termijn {untold[:SHOWN]}"] if untold else []),
    ]
    return Finding(
        label, not wrong, "; ".join(wrong) or f"{len(items)} open termijnen, elk met het goede volgende moment"
    )


def _unshown(session: Session, view: CovenantView) -> list[int]:
    """The deadlines that cannot be put into words: pages, mails and calendars leave them out."""
    rows = deadlines.rows_of(session, view.id)
    tried = apart(rows, lambda row: row_when(row, view), lambda row: f"doctor: termijn {row.id}")
    return [id_of(row) for row, words in tried if words is None]


def _latest(
    due: DueItem, view: CovenantView, situation: Situation, settings: Settings, chosen: Rhythms, now: datetime
) -> datetime | None:
    """The moment after which something of a deadline would slip; None when it has nothing more to tell.

    What is to be told by now may wait for its readers: for their own hour, and for tomorrow's mail of who had theirs or
    wants none today.
    """
    alone, today = replace(situation, items=[due.item]), view.local_day(now)
    day, calendar = next_day_to_tell(due.item, alone, today), view.policy.calendar
    if day is None:
        return None
    lines = reminders_due(alone, day) if day == calendar.mail_day_after(today) else ()
    if lines and day == today:
        day = calendar.mail_day_after(today + timedelta(1))
    hours = {chosen.of(line.person).hour for line in lines if line.person is not None}
    at = send_moment(day, situation, settings.mail_hours)
    return max([at, *(settings.mail_hours.moment_of(day, hour) for hour in hours)])
