"""From a digest to the mail: which lines stand under which heading, and how each says its when and why.

Used by sending and by rehearsal alike, so that what is previewed is what goes out. No clock and no database here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from cycle.actions.feeds.calendar_page import page_address
from cycle.actions.office.answer_links import Mail, answer_url, row_mark
from cycle.actions.office.covenant_view import CovenantView, row_when, sender_of
from cycle.actions.office.letterbox import Envelope, outgoing
from cycle.actions.office.office import Office
from cycle.actions.office.rhythm_links import rhythm_url, stop_url
from cycle.actions.office.signing import Signer, open_signer
from cycle.actions.office.unmade import unmade
from cycle.domain.ladders import CHAIN, QUESTIONS, What
from cycle.domain.mail_kinds import DIGEST
from cycle.domain.planning import SECRETARIAT, Digest, Reminder
from cycle.domain.status import left_words
from cycle.domain.words import day_words, joined, near_day_words, weekday_words
from cycle.mail.compose import Address
from cycle.mail.fields import DigestFields, DigestItem, DigestSection, OverviewPart, Say
from cycle.store.tables import DeadlineRow, Message, Person

HELP, OPEN, WEEK, COMING, ASKED, INFORM, OFFICE = ORDER = (
    "help",
    "open",
    "week",
    "coming",
    "asked",
    "inform",
    "office",
)
HINTED = (OPEN, ASKED)
TASKLESS = (What.REMIND, *QUESTIONS)
ASKS_ABOUT_IT = (What.ESCALATE, What.DIRECTOR)
"""Rungs whose reader need not do it, but is asked to ask about it: their task says what it is about."""
DAYS_OF_THIS_WEEK = 7


@dataclass(frozen=True, slots=True)
class Extras:
    """What a mail to the secretariat brings beside its lines, about these covenants.

    `drafts` are those for whom a mail waits until it is released, `drafts_until` when the first goes by itself.
    """

    covenants: tuple[int, ...] = ()
    drafts: tuple[str, ...] = ()
    drafts_until: str = ""
    overview: tuple[OverviewPart, ...] = ()


NOTHING = Extras()


def digest_message(
    office: Office,
    digest: Digest,
    to: Person,
    rows: Mapping[int, DeadlineRow],
    found: Mapping[int, CovenantView],
    at: datetime,
    signer: Signer | None = None,
    extras: Extras = NOTHING,
) -> Message:
    """The outbox row of one digest, rendered. `at` is the send moment: it is the Date of the mail.

    Links are signed by this service for this reader, unless another signer is given.
    """
    settings = office.settings
    own = (signer or open_signer(settings)).of(to.seal_mark)
    fields = digest_fields(digest, to, rows, found, office, own, extras)
    rendered = office.wording.render(DIGEST.name, dict(fields))
    used = sorted({rows[line.deadline].covenant_id for line in digest.reminders} | set(extras.covenants))
    sender, reply_to = sender_of(fields["covenant_names"], [found[key] for key in used], settings)
    about = only_deadline(digest, extras)
    envelope = Envelope(
        digest_key(digest.person, digest.on),
        Address(to.email, to.name),
        sender,
        reply_to,
        to.id,
        covenant_id=None if digest.reminders or not used else used[0],
        on=digest.on,
        thread=f"termijn:{about}:{to.id}" if about else "",
        unsubscribe=fields["stop_url"] if fields["stop_url"].startswith("https://") else "",  # RFC 8058 section 3.1
    )
    return outgoing(office, DIGEST, rendered, envelope, at)


def unmade_message(office: Office, digest: Digest, to: Person, why: str, at: datetime) -> Message:
    """The outbox row of a digest that could not be made: it says so, and the next mail day tries again."""
    numbers = ", ".join(str(line.deadline) for line in digest.reminders)
    words = f"{why}; over termijn {numbers}" if numbers else why
    return unmade(
        office, digest_key(digest.person, digest.on), "digest", words, at, on=digest.on, to=to.email, person_id=to.id
    )


def digest_key(person: int, day: date) -> str:
    """The text key of a person's reminder mail on a day: there is never a second one."""
    return f"{DIGEST.name}:{person}:{day.isoformat()}"


def digest_fields(
    digest: Digest,
    to: Person,
    rows: Mapping[int, DeadlineRow],
    found: Mapping[int, CovenantView],
    office: Office,
    signer: Signer,
    extras: Extras = NOTHING,
) -> DigestFields:
    """All that the digest's templates may say; `signer` is that of its reader."""
    settings, say = office.settings, office.wording.say
    page = answer_url(settings, signer, Mail(digest.person, digest.on))
    items: dict[str, list[DigestItem]] = {}
    for line in digest.reminders:
        row = rows[line.deadline]
        items.setdefault(section_of(line, row, digest.on), []).append(
            _item(line, row, found[row.covenant_id], say, page)
        )
    used = {rows[line.deadline].covenant_id for line in digest.reminders} | set(extras.covenants)
    here = [found[key] for key in sorted(used)]
    count = str(len(extras.drafts))
    has_links = any(item["link"] for several in items.values() for item in several)
    return DigestFields(
        person_name=to.name,
        headline=_headline(digest, rows, say, extras),
        date_words=weekday_words(digest.on),
        intro=say("intro.asked" if ASKED in items else "intro.links" if has_links else "intro.plain"),
        sections=[_section(kind, items[kind], digest.on, say) for kind in ORDER if kind in items],
        covenant_names=[one.row.name for one in here],
        base_url=settings.web.base_url,
        calendar_url=page_address(settings, signer, digest.person, digest.on),
        rhythm_url=rhythm_url(settings, signer, digest.person, digest.on),
        drafts=list(extras.drafts),
        drafts_words=say(f"drafts.{'one' if count == '1' else 'many'}", count=count) if extras.drafts else "",
        drafts_hint=say("drafts.hint", until=extras.drafts_until) if extras.drafts else "",
        overview=list(extras.overview),
        overview_title=say("overview.title") if extras.overview else "",
        stop_url=stop_url(settings, signer, digest.person, digest.on) if extras.overview else "",
        signature=here[0].row.signature or say("signature.default"),
        phone=here[0].row.phone,
        reply_to=here[0].row.reply_to or settings.mail.reply_to,
        subject_hint=_subject(digest, rows, say, extras),
    )


def _section(kind: str, items: list[DigestItem], today: date, say: Say) -> DigestSection:
    hint = say(f"hint.{kind}", year=str(today.year)) if kind in HINTED else ""
    return DigestSection(kind=kind, title=say(f"section.{kind}"), hint=hint, items=items)


def only_deadline(digest: Digest, extras: Extras = NOTHING) -> int | None:
    """The deadline of a mail that is about one and nothing else, however many parties it speaks for."""
    about = {line.deadline for line in digest.reminders}
    return about.pop() if len(about) == 1 and not (extras.drafts or extras.overview) else None


def _is_round(digest: Digest, extras: Extras) -> bool:
    """Whether a mail only asks how things stand."""
    only_lines = digest.reminders and not (extras.drafts or extras.overview)
    return bool(only_lines) and all(line.what in QUESTIONS for line in digest.reminders)


def _subject(digest: Digest, rows: Mapping[int, DeadlineRow], say: Say, extras: Extras) -> str:
    """One subject per deadline, the same in every mail about it alone (rule B1); other mails count their lines."""
    about = only_deadline(digest, extras)
    if about is None:
        return say("subject.asked", count=str(len(digest.reminders))) if _is_round(digest, extras) else ""
    row = rows[about]
    year = row.occurrence[:4] if row.occurrence[:4].isdecimal() and row.occurrence[:4] not in row.title else ""
    return say("subject.one", title=row.title, year=year, number=row.number)


def _headline(digest: Digest, rows: Mapping[int, DeadlineRow], say: Say, extras: Extras) -> str:
    """What the mail is about: what differs from mail to mail in a thread stands here, and not in the subject."""
    about = only_deadline(digest, extras)
    if about is None:
        if not digest.reminders:
            return say("headline.office")
        return say("headline.asked" if _is_round(digest, extras) else "headline.many")
    line, row = digest.reminders[0], rows[about]
    if line.what in CHAIN and line.said_on:
        return say("headline.said", title=row.title)
    left = left_words(line.days_left, passed=False)
    return say(f"headline.{line.what.value}", left=left[:1].upper() + left[1:], title=row.title)


def section_of(line: Reminder, row: DeadlineRow, today: date) -> str:
    """Under which heading a line stands."""
    if line.what is What.DIRECTOR:
        return HELP
    if line.party == SECRETARIAT or line.reason in ("geen adres", "geen bericht", "niet voor mij"):
        return OFFICE
    if line.what in QUESTIONS:
        return ASKED
    if row.due is not None and row.due < today:
        return OPEN
    if line.reason == "deelnemer" or line.what is What.INPUT:
        return INFORM
    return WEEK if line.days_left <= DAYS_OF_THIS_WEEK else COMING


def _item(line: Reminder, row: DeadlineRow, here: CovenantView, say: Say, page: str) -> DigestItem:
    passed = row.due is not None and row.due < line.on and not row.invented
    return DigestItem(
        number=row.number,
        title=row.title,
        todo=_todo(line, row, say),
        when=row_when(row, here),
        left=left_words(line.days_left, passed=passed) if line.what not in QUESTIONS else "",
        why=_why(line, row, here, say),
        missed=_missed(line, say),
        rung_words=_rung_words(line, say),
        said=_said(line, here, say),
        party=here.party_names.get(line.party, ""),
        covenant=here.row.name,
        link="" if line.what is What.SETTLE else f"{page}#{row_mark(line.deadline, line.party)}",
    )


def _rung_words(line: Reminder, say: Say) -> str:
    """What the rung adds. Who let something know is not called silent, and no step is named that never comes."""
    if line.what not in (What.AGAIN, *CHAIN):
        return ""
    if line.what is What.ESCALATE and (line.said_on or line.is_top):
        return say("rung.said")
    after = "-said" if line.said_on and line.what in (What.AGAIN, What.ANNOUNCE) else ""
    return say(f"rung.{line.what.value}{after}")


def _said(line: Reminder, here: CovenantView, say: Say) -> str:
    """What the party last let know, in a sentence of its own: whoever answered reads that it arrived."""
    if line.said_on is None:
        return ""
    who = "own" if line.said_by == line.person else "party"
    party = here.party_names.get(line.party, line.party)
    return say(f"said.{who}", party=party, day=near_day_words(line.said_on, line.on), said=line.said)


def _todo(line: Reminder, row: DeadlineRow, say: Say) -> str:
    """What to do: the rung's own task where it has one, then the deadline's."""
    year = str(row.due.year) if row.due else ""
    task = "" if line.what in TASKLESS else say(f"task.{line.what.value}", title=row.title, year=year, todo=row.todo)
    own = "" if line.what in ASKS_ABOUT_IT else row.todo
    return " ".join(part for part in (task, own) if part)


def _why(line: Reminder, row: DeadlineRow, here: CovenantView, say: Say) -> str:
    """Why this person gets this line."""
    about = say("about.number", number=row.number) if row.number else say("about.title", title=row.title)
    party = here.party_names.get(line.party, line.party)
    if line.reason == "geen bericht" and line.said_on:
        return say("why.wel-bericht", party=party, about=about, said=day_words(line.said_on))
    return say(f"why.{line.reason.replace(' ', '-')}", party=party, about=about)


def _missed(line: Reminder, say: Say) -> str:
    """Which earlier mails could not go out."""
    return say("missed.days", days=joined([day_words(day) for day in line.missed])) if line.missed else ""
