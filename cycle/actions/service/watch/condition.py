"""The one list of what can wait or stand still (law L8): what is looked at, when it is wrong, and what a person does.

`/readyz`, the sign of life, `cycle doctor`, the operator's daily mail, the alarm of each working day and the desk's
first page all read it here. What is added to it is watched everywhere. It is asked each minute and at each visit, so
nothing in it takes long or writes; what does take long (is the file of the database whole?) leaves a beat behind.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cycle.actions.office.mail_hours import leaves
from cycle.actions.office.office import Office
from cycle.actions.post.delivery.restored import sent_journal
from cycle.actions.service.watch.own_files import folders_in_use
from cycle.domain.mail_hours import MailHours
from cycle.settings.loading import is_other_on_disk
from cycle.store import replies
from cycle.store.database import Session
from cycle.store.outbox import approving, beating, lookups, standstill, waiting
from cycle.store.outbox.standstill import CLOCK_PAUSE, PLANNING_PAUSE
from cycle.store.outbox.waiting import WaitsFor

OLDEST_DUE = timedelta(minutes=10)  # rule C9
LAST_BEAT = timedelta(minutes=2)
ONE_DAY = timedelta(days=1)
KEPT = timedelta(hours=26)  # once a day, at night
REPLY_WAITS = timedelta(days=7)
RETURNED = timedelta(hours=1)  # each ten minutes
LEAST_FREE = 200 * 2**20
JOBS = ("plan", "deliver", "keep", "bounces")
"""The names of the beats of the clock's jobs."""

WRONG = "wrong:"
"""How the names of the beats begin that say since when something is wrong."""

MEND_DAMAGE = "Stop cycle, bewaar de bestanden, en zet de laatste goede kopie terug: cycle restore BESTAND"
SHOWN = 20  # numbers in a sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `hint` is what a person does about it, where something is wrong."""

    name: str
    ok: bool
    words: str
    hint: str = ""

    @property
    def general(self) -> str:
        """The words without what follows a colon, which may name hosts, accounts and folders: for who is no operator,
        and for monitors, which keep logs."""
        return self.words.partition(":")[0]


def condition(office: Office, now: datetime) -> list[Finding]:
    """All that is watched, each as it is now; raises what the database raises when it does not answer."""
    with office.database.reading() as session:
        return condition_seen(session, office, now)


def condition_seen(session: Session, office: Office, now: datetime) -> list[Finding]:
    """The same, for who is looking at the database already."""
    beats = beating.beats(session)
    return [
        *_rounds(office, beats, now),
        _queue(session, office, now),
        *_stuck_findings(session, now),
        _drafts(session, office.settings.mail_hours, now),
        _written_back(session, now),
        *_pauses(session),
        _writing(office),
        _journal(office),
        _damage(beats),
        _settings(office),
        _space(office),
    ]


def troubles(session: Session, office: Office, now: datetime) -> list[Finding]:
    """What is not well, for a page that is opened all day: the clock looks each minute, so while it does and saw
    nothing wrong, nothing else is asked."""
    beats = beating.beats(session)
    is_seen = any(name.startswith(WRONG) for name in beats)
    if not is_seen and all(one.ok for one in _rounds(office, beats, now)):
        return []
    return [one for one in condition_seen(session, office, now) if not one.ok]


def is_recent(beat: datetime, now: datetime) -> bool:
    """Whether a job of every minute came round lately; a round in the future is one of a clock that stood wrong."""
    return abs(now - beat) <= LAST_BEAT


def _rounds(office: Office, beats: dict[str, datetime], now: datetime) -> Iterator[Finding]:
    """Each job of the clock: when it last came to its end. One that never did counts from when the service began."""
    runs = "Kijk of cycle serve (of cycle work) draait, en in het logboek van de dienst."
    for name, label in (("plan", "plannen"), ("deliver", "bezorgen")):
        last = beats.get(name)
        if last is None:
            yield Finding(label, False, "is nog niet geweest", runs)
        else:
            yield Finding(label, is_recent(last, now), _ago("laatste ronde", now - last), runs)
    began = min(beats.values(), default=now)
    keep = beats.get("keep", began)
    words = _ago("voor het laatst afgekomen", now - keep) if "keep" in beats else "is nog niet geweest"
    hint = "Kijk in het logboek van de dienst waarom het bijhouden van het jaar niet afkomt."
    yield Finding("bijhouden", now - keep <= KEPT, words, hint)
    if office.settings.mail.bounces:
        last_read = beats.get("bounces", began)
        words = _ago("voor het laatst gelezen", now - last_read) if "bounces" in beats else "is nog niet gelezen"
        hint = "Kijk of de postbus van mail.bounces bestaat en te openen is: cycle bounces"
        yield Finding("terugmeldingen", now - last_read <= RETURNED, words, hint)
    if office.settings.mail.replies:
        last_read = beats.get("replies", began)
        words = _ago("voor het laatst gelezen", now - last_read) if "replies" in beats else "is nog niet gelezen"
        hint = "Kijk of de postbus van mail.replies bestaat en te openen is: cycle replies"
        yield Finding("antwoorden per mail", now - last_read <= RETURNED, words, hint)


def _ago(what: str, since: timedelta) -> str:
    """“laatste ronde 40 seconden geleden”."""
    seconds = int(since.total_seconds())
    if seconds < 0:
        return f"{what} ligt {-seconds} s in de toekomst"
    if seconds >= 2 * 24 * 3600:
        return f"{what} {since.days} dagen geleden"
    hours = seconds // 3600
    return f"{what} {seconds} seconden geleden" if hours < 1 else f"{what} {hours} uur geleden"


def _queue(session: Session, office: Office, now: datetime) -> Finding:
    """A queue is late when its oldest mail waits longer than the allowed rate explains."""
    hours = office.settings.mail_hours.is_open(now)
    oldest = lookups.oldest_due(session, leaves(office.settings, now, hours=hours, paused=False))
    if oldest is None:
        return Finding("wachtrij", True, "leeg")
    count = lookups.count_queued(session)
    allowed = OLDEST_DUE + timedelta(minutes=count / office.settings.mail.per_minute)
    minutes = int((now - oldest).total_seconds() // 60)
    return Finding(
        "wachtrij",
        now - oldest <= allowed,
        f"{count} mails, de oudste wacht {minutes} minuten",
        "Kijk of er bezorgd wordt (cycle serve of cycle work), en met cycle doctor of de mailserver antwoordt.",
    )


@dataclass(frozen=True, slots=True)
class Patience:
    """How long mail may wait for one reason, and what is said of it when it waits longer."""

    lasts: timedelta
    name: str
    words: str
    hint: str


PATIENCE = {
    WaitsFor.PUT_OFF: Patience(
        timedelta(hours=2),  # greylisting takes an hour at most
        "uitgestelde mail",
        "de mailserver stelt al {hours} uur uit",
        "Lees zijn antwoord met cycle outbox show NUMMER, en vraag de beheerder van de mailserver.",
    ),
    WaitsFor.PARKED: Patience(
        timedelta(minutes=5),  # after the end of its lease, which any sender that lives frees
        "mail onderweg",
        "een verzender nam mail en meldt zich al {hours} uur niet meer",
        "Start cycle serve (of cycle work) opnieuw; wat onderweg was wordt dan opgepakt.",
    ),
    WaitsFor.IN_DOUBT: Patience(
        timedelta(hours=20),
        "onzekere mail",
        "of mail aankwam is al {hours} uur onzeker",
        "Vraag het de ontvanger, en kies dan bij Post: opnieuw aanbieden of wegleggen.",
    ),
    WaitsFor.HELD: Patience(
        timedelta(days=7),
        "vastgehouden mail",
        "iemand houdt al {hours} uur mail vast",
        "Kijk bij Post, Vastgehouden: laten gaan of wegleggen.",
    ),
}


def _stuck_findings(session: Session, now: datetime) -> Iterator[Finding]:
    """Mails that wait for something that does not come."""
    stuck = waiting.stuck(session, {why: now - patience.lasts for why, patience in PATIENCE.items()})
    for why, patience in PATIENCE.items():
        if why not in stuck:
            yield Finding(patience.name, True, "geen")
            continue
        ids, since = stuck[why]
        hours = max(1, int((now - since).total_seconds() // 3600))
        words = f"{patience.words.format(hours=hours)}: bericht {list(ids[:SHOWN])}"
        yield Finding(patience.name, False, words, patience.hint)


def _drafts(session: Session, hours: MailHours, now: datetime) -> Finding:
    """Whether each mail that waits for approval goes by itself when its time has come."""
    drafts = approving.drafts(session)
    late = [one.id for one in drafts if one.goes_at is None or hours.next_open(one.goes_at) + OLDEST_DUE < now]
    if not late:
        return Finding("akkoord", True, f"{len(drafts)} concepten wachten, elk met een moment")
    words = f"blijft liggen: bericht {late[:SHOWN]} heeft geen moment om te gaan, of had al weg moeten zijn"
    return Finding("akkoord", False, words, "Laat ze gaan bij Post, Concepten, of met: cycle outbox release")


def _written_back(session: Session, now: datetime) -> Finding:
    """Whether somebody looks at what people wrote back."""
    first = replies.oldest_waiting(session)
    if first is None or now - first <= REPLY_WAITS:
        return Finding("antwoorden", True, "geen die lang wachten" if first else "geen")
    hint = "Kijk bij Post, Antwoorden: neem over als antwoord, of leg weg."
    return Finding("antwoorden", False, _ago("wat mensen terugschreven wacht; het eerste kwam", now - first), hint)


def _pauses(session: Session) -> Iterator[Finding]:
    """What stands still until a person says go."""
    hint = "Kijk met cycle doctor waarom, verhelp dat, en hervat bij Post of met: cycle outbox resume"
    pauses = {one.id for one in standstill.pauses(session)}
    if CLOCK_PAUSE in pauses:
        yield Finding("klok", False, "staat verder van wat de database weet dan kan", hint)
    if PLANNING_PAUSE in pauses:
        yield Finding("herinneringen", False, "het plannen staat stil", hint)
    yield Finding("verzending", not pauses, "staat stil" if pauses else "loopt", hint)


def _writing(office: Office) -> Finding:
    """Whether what is decided can be written down."""
    why = office.database.refuses_writing()
    hint = "Geef de database weer schrijfrechten of ruimte; tot dan gaat niets verloren, maar ook niets door."
    return Finding("schrijven", not why, why or "de database neemt aan", hint)


def _journal(office: Office) -> Finding:
    """Whether what leaves can be noted outside the database (rule C6)."""
    is_written = sent_journal(office).is_writable()
    words = "wordt bijgehouden" if is_written else "is niet te schrijven"
    return Finding(
        "verzendjournaal", is_written, words, "Geef cycle schrijfrechten in var/; de post gaat intussen door."
    )


def _damage(beats: dict[str, datetime]) -> Finding:
    """What the nightly look at the file of the database found."""
    is_damaged = beating.DAMAGED in beats
    return Finding(
        "gegevens", not is_damaged, "het bestand van de database is beschadigd" if is_damaged else "heel", MEND_DAMAGE
    )


def _settings(office: Office) -> Finding:
    """Whether the settings on disk are those that this process runs by."""
    is_other = is_other_on_disk(office.settings)
    words = "op schijf staan andere dan waarmee cycle draait" if is_other else "die van de schijf"
    return Finding("instellingen", not is_other, words, "Start cycle opnieuw om de nieuwe te gebruiken.")


def _space(office: Office) -> Finding:
    """Whether there is room left wherever we write."""
    free = {folder: shutil.disk_usage(folder).free for folder in folders_in_use(office.settings)}
    full = [f"{folder} ({room // 2**20} MB vrij)" for folder, room in free.items() if room < LEAST_FREE]
    words = f"bijna vol: {', '.join(full)}" if full else "genoeg"
    return Finding("ruimte", not full, words, "Maak ruimte vrij, of zet var/ op een grotere schijf.")
