"""From a digest to the mail: which lines stand under which heading, and how each says its when and why.

Used by sending and by rehearsal alike, so that what is previewed is what goes out. No clock and no database here.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from email.utils import parseaddr

from cycle.actions.office import Office
from cycle.actions.views import View
from cycle.domain.ladders import What
from cycle.domain.model import LadderKind
from cycle.domain.planning import SECRETARIAT, Digest, Reminder
from cycle.domain.status import left_words, when_words
from cycle.domain.words import day_words, joined, weekday_words
from cycle.mail.compose import Address, compose, message_id
from cycle.mail.fields import DigestFields, DigestItem, DigestSection
from cycle.settings import Settings
from cycle.store.deadlines import meeting_of
from cycle.store.tables import DeadlineRow, Message, Person

OPEN, WEEK, COMING, ASKED, OFFICE, INFORM = (
    "Nog niet afgemeld", "Deze week", "Komt eraan", "Graag een kort bericht", "Voor het secretariaat",
    "Ter voorbereiding",
)  # fmt: skip
ORDER = (OPEN, WEEK, COMING, ASKED, INFORM, OFFICE)
DAYS_OF_THIS_WEEK = 7
INTRO = "Is iets gedaan, of klopt het niet? Beantwoord deze mail, dan werkt het secretariaat het bij."


def digest_message(
    office: Office, digest: Digest, to: Person, rows: Mapping[int, DeadlineRow], found: Mapping[int, View], at: datetime
) -> Message:  # fmt: skip
    """The outbox row of one digest, rendered. `at` is the send moment: it is the Date of the mail."""
    settings = office.settings
    fields = digest_fields(digest, to, rows, found, settings)
    rendered = office.wording.render("digest", dict(fields))
    used = {rows[line.deadline].covenant_id for line in digest.reminders}
    sender, reply_to = sender_of(fields["covenant_names"], [found[key] for key in used], settings)
    key = digest_key(digest.person, digest.on)
    identity = message_id(f"{office.installation} {key}", sender.email.rpartition("@")[2])
    body = compose(
        rendered=rendered, kind="digest", message_id=identity, date=at.astimezone(settings.zone), sender=sender,
        to=Address(to.email, to.name), reply_to=reply_to or None,
    )  # fmt: skip
    return Message(
        key=key, kind="digest", person_id=to.id, to=to.email, subject=rendered.subject, message_id=identity,
        envelope_from=sender.email, body=body, on=digest.on, created_at=at, next_try_at=at,
    )  # fmt: skip


def unmade_message(office: Office, digest: Digest, to: Person, why: str, at: datetime) -> Message:
    """The outbox row of a digest that could not be made: it says so, and the next mail day tries again."""
    key = digest_key(digest.person, digest.on)
    numbers = ", ".join(str(line.deadline) for line in digest.reminders)
    return Message(
        key=key, kind="digest", person_id=to.id, to=to.email, subject="(niet te maken)",
        message_id=message_id(f"{office.installation} {key}", "invalid"), on=digest.on, created_at=at, state="failed",
        last_answer=f"deze mail was niet te maken ({why}); hij gaat over termijn {numbers}",
    )  # fmt: skip


def digest_key(person: int, day: date) -> str:
    """The text key of a person's reminder mail on a day: there is never a second one."""
    return f"digest:{person}:{day.isoformat()}"


def digest_fields(
    digest: Digest, to: Person, rows: Mapping[int, DeadlineRow], found: Mapping[int, View], settings: Settings
) -> DigestFields:
    """All that the digest's templates may say."""
    per_title: dict[str, list[DigestItem]] = {}
    for line in digest.reminders:
        row = rows[line.deadline]
        per_title.setdefault(section_of(line, row, digest.on), []).append(_item(line, row, found[row.covenant_id]))
    used = {rows[line.deadline].covenant_id for line in digest.reminders}
    here = [found[key] for key in sorted(used)]
    return DigestFields(
        person_name=to.name, date_words=weekday_words(digest.on), intro=INTRO,
        sections=[DigestSection(title=title, items=per_title[title]) for title in ORDER if title in per_title],
        covenant_names=[one.row.name for one in here], base_url=settings.web.base_url, calendar_url="",
        signature=here[0].row.signature or "Secretariaat prestatieafspraken", phone=here[0].row.phone,
        reply_to=here[0].row.reply_to or settings.mail.reply_to, subject_hint=_subject_hint(digest, rows),
    )  # fmt: skip


def _subject_hint(digest: Digest, rows: Mapping[int, DeadlineRow]) -> str:
    """What a mail with a single question is about; other mails count their lines, or name the day."""
    if len(digest.reminders) > 1 or digest.reminders[0].what not in HINTS:
        return ""
    line = digest.reminders[0]
    return HINTS[line.what].format(rows[line.deadline].title)


def section_of(line: Reminder, row: DeadlineRow, today: date) -> str:
    """Under which heading a line stands."""
    if line.party == SECRETARIAT or line.reason in ("geen adres", "geen bericht"):
        return OFFICE
    if line.what is What.ASK:
        return ASKED
    if row.due is not None and row.due < today:
        return OPEN
    if line.reason == "deelnemer" or line.what is What.INPUT:
        return INFORM
    return WEEK if line.days_left <= DAYS_OF_THIS_WEEK else COMING


def sender_of(names: Iterable[str], found: Iterable[View], settings: Settings) -> tuple[Address, str]:
    """Who a mail comes from: the covenant's own address, or the service's when it is about several."""
    wanted = set(names)
    here = [one for one in found if one.row.name in wanted]
    own = here[0].row if len(here) == 1 else None
    name, email = parseaddr(own.sender if own and own.sender else settings.mail.sender)
    return Address(email, name), (own.reply_to if own and own.reply_to else settings.mail.reply_to)


def _item(line: Reminder, row: DeadlineRow, here: View) -> DigestItem:
    passed = row.due is not None and row.due < line.on and not row.invented
    return DigestItem(
        number=row.number, title=row.title, todo=_todo(line, row), when=row_when(row, here),
        left=left_words(line.days_left, passed=passed) if line.what is not What.ASK else "",
        why=_why(line, row, here), missed=_missed(line), rung_words=RUNGS.get(line.what, ""),
        party=here.party_names.get(line.party, ""), link="", covenant=here.row.name,
    )  # fmt: skip


def row_when(row: DeadlineRow, here: View) -> str:
    """When a stored deadline is asked, in words."""
    shown = here.policy.calendar.shown(row.due) if row.due else None
    return when_words(
        LadderKind(row.kind), row.phrase, row.window_start, row.due, shown,
        invented=row.invented, doubtful=row.doubtful, meeting=meeting_of(row),
    )  # fmt: skip


RUNGS = {
    What.ESCALATE: "de trekker heeft nog niets laten weten",
    What.ANNOUNCE: "over een week vragen wij het uw bestuurder",
    What.DIRECTOR: "het secretariaat en de trekker weten dat u deze vraag krijgt",
}

HINTS = {
    What.FIX_DATE: "welke datum voor {}?",
    What.INPUT: "uw inbreng voor {}",
    What.PAPERS: "stukken voor {}",
    What.HELD: "hoe ging {}?",
    What.ASK: "hoe staat het met {}?",
    What.ESCALATE: "nog geen bericht over {}",
    What.ANNOUNCE: "nog geen bericht over {}",
    What.DIRECTOR: "nog geen bericht over {}",
    What.SETTLE: "welke datum is bedoeld bij {}?",
}

TASKS = {
    What.FIX_DATE: "Leg de datum vast en laat die het secretariaat weten.",
    What.INPUT: "Geef door wat er op de agenda moet komen.",
    What.PAPERS: "Stuur de stukken rond.",
    What.HELD: "Heeft het plaatsgevonden, en welke besluiten zijn er genomen?",
    What.ASK: "Hoe staat het ermee? Het komt ter sprake op het overleg.",
    What.SETTLE: "De datum is op meer manieren te lezen. Stel vast welke bedoeld is.",
    What.ESCALATE: "Vraag na hoe het ermee staat.",
    What.DIRECTOR: "Wilt u vragen hoe het ermee staat, of zeggen dat het vervalt?",
}


def _todo(line: Reminder, row: DeadlineRow) -> str:
    """What to do: the rung's own task where it has one, then the deadline's."""
    task = TASKS.get(line.what, "")
    return " ".join(part for part in (task, row.todo) if part)


def _why(line: Reminder, row: DeadlineRow, here: View) -> str:
    """Why this person gets this line."""
    about = f"afspraak {row.number}" if row.number else row.title.lower()
    party = here.party_names.get(line.party, line.party)
    leads = {
        "trekker": f"{party} is trekker van {about}",
        "deelnemer": f"{party} doet mee aan {about}",
        "aankondiging": f"{party} is trekker van {about}",
        "geen bericht": f"{party} is trekker van {about} en liet nog niets weten",
        "geen adres": f"{party} is trekker van {about}, maar heeft niemand die post krijgt",
        "geen trekker": "Hiervoor is geen trekker afgesproken; u houdt het secretariaat",
        "secretariaat": "U houdt het secretariaat",
    }
    return leads[line.reason]


def _missed(line: Reminder) -> str:
    """Which earlier mails could not go out."""
    return f"eerder gepland op {joined([day_words(day) for day in line.missed])}" if line.missed else ""
