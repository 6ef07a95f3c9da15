"""From a digest to the mail: which lines stand under which heading, and how each says its when and why.

Used by sending and by rehearsal alike, so that what is previewed is what goes out. No clock and no database here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from cycle.actions.feeds.calendar_page import page_address
from cycle.actions.mails.morning.line_words import line_item
from cycle.actions.mails.morning.subject_lines import (
    CHANGED,
    asks_whose,
    is_for_director,
    is_for_office,
    is_round,
    only_deadline,
    subject_of,
    topic_of,
)
from cycle.actions.office.answer_links import Mail, answer_url
from cycle.actions.office.covenant_view import CovenantView, sender_of
from cycle.actions.office.letterbox import Envelope, digest_key, outgoing
from cycle.actions.office.office import Office
from cycle.actions.office.rhythm_links import rhythm_url, stop_url
from cycle.actions.office.signing import Signer
from cycle.actions.office.unmade import unmade
from cycle.domain.ladders import CHAIN, QUESTIONS, What
from cycle.domain.mail_kinds import DIGEST
from cycle.domain.mail_plan import Digest
from cycle.domain.situation import Reason, Reminder
from cycle.domain.status import left_words
from cycle.domain.text import natural
from cycle.domain.titles import in_a_sentence
from cycle.domain.words import WEEKDAYS, joined, weekday_words
from cycle.mail.compose import Address
from cycle.mail.fields import DigestFields, DigestItem, DigestSection, OverviewPart, OwnPage, Say
from cycle.settings import Settings
from cycle.store.happened import Moved
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
DAYS_OF_THIS_WEEK = 7


@dataclass(frozen=True, slots=True)
class DigestWriter:
    """Makes mails of digests, from what they are about: deadlines, covenants and people by id.

    Links are signed for their reader, by this service or as a sample. `moved` has those of which another day is news.
    """

    office: Office
    rows: Mapping[int, DeadlineRow]
    tables: Mapping[int, CovenantView]
    people: Mapping[int, Person]
    signer: Signer
    moved: Mapping[int, Moved] = field(default_factory=dict)

    def message(self, digest: Digest, at: datetime, overview: Sequence[OverviewPart] = ()) -> Message:
        """The outbox row of one digest, rendered. `at` is the send moment: it is the Date of the mail."""
        settings, to = self.office.settings, self.people[digest.person]
        names = self.names_of(digest)
        fields = self.fields(digest, at, overview)
        rendered = self.office.wording.render(DIGEST.name, dict(fields))
        about = [self.tables[key] for key in digest.about]
        sender, reply_to = sender_of(fields["covenant_names"], about, settings)
        only = only_deadline(digest)
        envelope = Envelope(
            digest_key(digest.person, digest.on),
            Address(to.email, names),
            sender,
            reply_to,
            to.id,
            covenant_id=None if digest.reminders or not digest.about else digest.about[0],
            on=digest.on,
            thread=f"termijn:{only}:{to.id}" if only else "",
            topic=topic_of(digest, self.rows, self.office.wording.say),
            unsubscribe=fields["stop_url"] if fields["stop_url"].startswith("https://") else "",  # RFC 8058, 3.1
        )
        return outgoing(self.office, DIGEST, rendered, envelope, at)

    def unmade(self, digest: Digest, why: str, at: datetime) -> Message:
        """The outbox row of a digest that could not be made: it says so, and the next mail day tries again."""
        numbers = ", ".join(str(line.deadline) for line in digest.reminders)
        words = f"{why}; over termijn {numbers}" if numbers else why
        key, to = digest_key(digest.person, digest.on), self.people[digest.person]
        return unmade(self.office, key, DIGEST.name, words, at, on=digest.on, to=to.email, person_id=to.id)

    def fields(self, digest: Digest, at: datetime, overview: Sequence[OverviewPart] = ()) -> DigestFields:
        """All that the digest's templates may say."""
        settings, say = self.office.settings, self.office.wording.say
        signer = self.signer.of(self.people[digest.person].seal_mark)
        sections = _counted([one for reader in digest.readers for one in self._sections(digest, reader)])
        about = [self.tables[key] for key in digest.about]
        count = str(len(digest.waiting))
        has_links = any(item["link"] for section in sections for item in section["items"])
        is_asked = any(section["kind"] == ASKED for section in sections)
        asks = any(line.what is not What.SETTLE for line in digest.reminders)  # that is answered at the desk alone
        rhythm_pages = [self._rhythm_page(reader, digest.on) for reader in digest.readers]
        return DigestFields(
            person_name=self.names_of(digest),
            headline=_headline(digest, self.rows, say),
            date_words=weekday_words(digest.on),
            intro=say("intro.asked" if is_asked else "intro.links" if has_links else "intro.plain") if asks else "",
            sections=sections,
            covenant_names=[one.row.name for one in about],
            base_url=settings.web.base_url,
            calendar_url=page_address(settings, signer, digest.person, digest.on),
            rhythm_url="" if digest.others else rhythm_pages[0]["url"],
            rhythm_pages=rhythm_pages if digest.others else [],
            drafts=[_whom([self.people[person] for person in (one.person, *one.others)]) for one in digest.waiting],
            drafts_words=say(f"drafts.{'one' if count == '1' else 'many'}", count=count) if digest.waiting else "",
            drafts_hint=self._until(digest, at),
            overview=list(overview),
            overview_title=say("overview.title") if overview else "",
            stop_url=stop_url(settings, signer, digest.person, digest.on) if overview else "",
            signature=about[0].row.signature or say("signature.default"),
            phone=about[0].row.phone,
            reply_to=about[0].row.reply_to or settings.mail.reply_to,
            subject_hint=subject_of(digest, self.rows, say),
        )

    def names_of(self, digest: Digest) -> str:
        """Who reads a mail: "Werkgroep Duurzaam en Werkgroep Leefbaarheid"."""
        return joined([name for person in digest.readers if (name := self.people[person].name)])

    def _rhythm_page(self, reader: int, on: date) -> OwnPage:
        person = self.people[reader]
        url = rhythm_url(self.office.settings, self.signer.of(person.seal_mark), reader, on)
        return OwnPage(name=person.name or person.email, url=url)

    def _sections(self, digest: Digest, reader: int) -> list[DigestSection]:
        """What there is for one reader, by heading. Of several each has a page of their own to answer on, and their
        name stands over what is theirs."""
        person, say = self.people[reader], self.office.wording.say
        page = answer_url(self.office.settings, self.signer.of(person.seal_mark), Mail(reader, digest.on))
        items = self._items(digest.lines_of(reader), digest.on, page)
        sections = [_section(kind, items[kind], digest.on, say, page) for kind in ORDER if kind in items]
        if digest.others and sections:
            sections[0]["reader"] = person.name or person.email
        return sections

    def _items(self, lines: Sequence[Reminder], on: date, page: str) -> dict[str, list[DigestItem]]:
        """The lines by the heading under which each stands."""
        items: dict[str, list[DigestItem]] = {}
        for line in lines:
            row = self.rows[line.deadline]
            view, say = self.tables[row.covenant_id], self.office.wording.say
            item = line_item(line, row, view, say, page, self.moved.get(line.deadline))
            items.setdefault(section_of(line, row, on), []).append(item)
        return items

    def _until(self, digest: Digest, at: datetime) -> str:
        """When the first of the mails that wait goes by itself."""
        first = min((one.goes_at for one in digest.waiting if one.goes_at is not None), default=None)
        if first is None:
            return ""
        return self.office.wording.say("drafts.hint", until=until_words(self.office.settings, first, at))


def _section(kind: str, items: list[DigestItem], today: date, say: Say, page: str) -> DigestSection:
    """A heading with its lines. What a round asks is answered on one page, so it has one link and says once why."""
    items = sorted(items, key=lambda item: natural(item["number"])) if kind == ASKED else items
    again = say(f"rung.{What.AGAIN}")
    is_again = kind == ASKED and all(item["rung_words"] == again for item in items)
    if is_again:  # then it is said once
        items = [DigestItem(**{**item, "rung_words": ""}) for item in items]
    hint = say(f"hint.{kind}{'-again' if is_again else ''}", year=str(today.year)) if kind in HINTED else ""
    parties = {item["party"] for item in items}
    is_same = kind == ASKED and len(items) > 1 and len(parties) == 1 and all(item["is_lead"] for item in items)
    why = say("why.ronde", party=parties.pop()) if is_same else ""
    link = page if kind == ASKED else ""
    return DigestSection(
        reader="", count=len(items), kind=kind, title=say(f"section.{kind}"), hint=hint, link=link, why=why, items=items
    )


def _counted(sections: list[DigestSection]) -> list[DigestSection]:
    """The sections of all readers, each kind counted once."""
    first: dict[str, DigestSection] = {}
    for section in sections:
        if (before := first.setdefault(section["kind"], section)) is not section:
            before["count"], section["count"] = before["count"] + section["count"], 0
    return sections


def until_words(settings: Settings, moment: datetime, now: datetime) -> str:
    """ "vandaag om 12.30 uur", "woensdag om 9.00 uur" """
    local = moment.astimezone(settings.zone)
    day = WEEKDAYS[local.weekday()]
    if local.date() == settings.mail_hours.day_of(now):
        day = "vandaag"
    return f"{day} om {local.hour}.{local:%M} uur"


def _headline(digest: Digest, rows: Mapping[int, DeadlineRow], say: Say) -> str:
    """What the mail is about: what differs from mail to mail in a thread stands here, and not in the subject."""
    about = only_deadline(digest)
    if about is None:
        if all(map(is_for_office, digest.reminders)):
            return say("headline.office")
        return say("headline.asked" if is_round(digest) else "headline.many")
    line, row = digest.reminders[0], rows[about]
    if line.what in CHAIN and line.said_on:
        return say("headline.said", title=row.title)
    if line.news in CHANGED:
        return say(f"headline.{line.news}", title=row.title)
    if line.what is What.REMIND and line.days_left < 0 and not row.invented:
        return say("headline.passed", title=row.title)
    left = left_words(line.days_left, passed=False)
    asked = "whose" if asks_whose(line) else line.what
    return say(f"headline.{asked}", left=left[:1].upper() + left[1:], title=row.title, the=in_a_sentence(row.title))


def section_of(line: Reminder, row: DeadlineRow, today: date) -> str:
    """Under which heading a line stands."""
    if is_for_director(line):
        return HELP
    if is_for_office(line):
        return OFFICE
    if line.what in QUESTIONS:
        return ASKED
    if line.what is What.KNOW:
        return INFORM
    if row.due is not None and row.due < today:
        return OPEN
    if line.reason is Reason.PARTICIPANT or line.what is What.INPUT:
        return INFORM
    return WEEK if line.days_left <= DAYS_OF_THIS_WEEK else COMING


def _whom(people: Sequence[Person]) -> str:
    return f"{joined([one.name for one in people])} ({people[0].email})"
