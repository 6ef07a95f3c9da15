"""From a digest to the mail: which lines stand under which heading, and how each says its when and why.

Used by sending and by rehearsal alike, so that what is previewed is what goes out. No clock and no database here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from cycle.actions.feeds.calendar_page import page_address
from cycle.actions.mails.subject_lines import CHANGED, is_for_office, is_round, only_deadline, subject_of, topic_of
from cycle.actions.office.answer_links import Mail, answer_url, row_mark
from cycle.actions.office.covenant_view import CovenantView, row_when, sender_of
from cycle.actions.office.letterbox import Envelope, digest_key, outgoing
from cycle.actions.office.office import Office
from cycle.actions.office.rhythm_links import rhythm_url, stop_url
from cycle.actions.office.signing import Signer
from cycle.actions.office.unmade import unmade
from cycle.domain.ladders import CHAIN, QUESTIONS, What
from cycle.domain.mail_kinds import DIGEST
from cycle.domain.mail_plan import Digest
from cycle.domain.model import News, State
from cycle.domain.planning import Reason, Reminder
from cycle.domain.status import left_words
from cycle.domain.text import natural
from cycle.domain.titles import in_a_sentence
from cycle.domain.words import WEEKDAYS, day_words, joined, near_day_words, weekday_words
from cycle.mail.compose import Address
from cycle.mail.fields import DigestFields, DigestItem, DigestSection, OverviewPart, OwnPage, Say
from cycle.settings import Settings
from cycle.store import deadlines
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
TASKLESS = (What.REMIND, What.KNOW, *QUESTIONS)
ASKS_ABOUT_IT = (What.ESCALATE, What.DIRECTOR)
"""Rungs whose reader need not do it, but is asked to ask about it: their task says what it is about."""
OWN_BUTTON = (What.FIX_DATE, What.INPUT, What.HELD)
"""Rungs that ask something else than how it stands."""
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
        rhythm_pages = [self._rhythm_page(reader, digest.on) for reader in digest.readers]
        return DigestFields(
            person_name=self.names_of(digest),
            headline=_headline(digest, self.rows, say),
            date_words=weekday_words(digest.on),
            intro=say("intro.asked" if is_asked else "intro.links" if has_links else "intro.plain"),
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
            item = _item(line, row, view, say, page, _news(line, row, self.moved.get(line.deadline), say))
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
    return say(f"headline.{line.what}", left=left[:1].upper() + left[1:], title=row.title, the=in_a_sentence(row.title))


def section_of(line: Reminder, row: DeadlineRow, today: date) -> str:
    """Under which heading a line stands."""
    if line.what is What.DIRECTOR:
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


def _item(line: Reminder, row: DeadlineRow, view: CovenantView, say: Say, page: str, news: str) -> DigestItem:
    passed = row.due is not None and row.due < line.on and not row.invented
    meeting = deadlines.meeting_of(row)
    return DigestItem(
        number=row.number,
        title=row.title,
        todo=_todo(line, row, say),
        when=row_when(row, view),
        online=meeting.online if meeting else "",
        left=left_words(line.days_left, passed=passed) if _counts_down(line) else "",
        why=_why(line, row, view, say),
        missed=_missed(line, say),
        rung_words="; ".join(filter(None, (news, _rung_words(line, say)))),
        said=_said(line, view, say),
        party=view.party_names.get(line.party, ""),
        is_lead=line.reason is Reason.LEAD,
        covenant=view.row.name,
        button=say(
            f"button.{line.what if line.what in OWN_BUTTON else 'other'}", about=row.number or in_a_sentence(row.title)
        ),
        link="" if line.what is What.SETTLE else f"{page}#{row_mark(line.deadline, line.party)}",
    )


def _counts_down(line: Reminder) -> bool:
    """Whether a line says how long it is yet: a question does not, nor what has no day any more."""
    return line.what not in QUESTIONS and line.news is not News.OFF


def _news(line: Reminder, row: DeadlineRow, moved: Moved | None, say: Say) -> str:
    """What was learned since the reader was told last."""
    if line.news is None:
        return ""
    day, moved = row.meeting_day or row.due, moved or Moved(None)
    is_known = moved.old is not None and moved.old != day
    days = moved_words(moved.old, day) if is_known and moved.old and day else day_words(day) if day else ""
    old = day_words(moved.old) if moved.old else ""
    is_final = "ja" if row.state == State.DROPPED else ""
    return say(
        f"news.{line.news}", days=days, is_known="ja" if is_known else "", old=old, by=moved.by, is_final=is_final
    )


def moved_words(old: date, new: date) -> str:
    """ "van 22 naar 29 april 2027", "van 22 april naar 6 mei 2027" """
    words = day_words(old).split(" ")
    same = 1 if (old.year, old.month) == (new.year, new.month) else 2 if old.year == new.year else 3
    return f"van {' '.join(words[:same])} naar {day_words(new)}"


def _rung_words(line: Reminder, say: Say) -> str:
    """What the rung adds. Who let something know is not called silent, and no step is named that never comes."""
    if line.what not in (What.AGAIN, *CHAIN):
        return ""
    if line.what is What.ESCALATE and (line.said_on or line.is_top):
        return say("rung.said")
    after = "-said" if line.said_on and line.what in (What.AGAIN, What.ANNOUNCE) else ""
    return say(f"rung.{line.what}{after}")


def _said(line: Reminder, view: CovenantView, say: Say) -> str:
    """What the party last let know, in a sentence of its own: whoever answered reads that it arrived."""
    if line.said_on is None:
        return ""
    who = "own" if line.said_by == line.person else "party"
    party = view.party_names.get(line.party, line.party)
    said = ", ".join(part for part in (line.said, line.sentence.rstrip(".")) if part)
    step = near_day_words(line.next_on, line.on) if line.next_on is not None and line.next_on >= line.on else ""
    return say(f"said.{who}", party=party, day=near_day_words(line.said_on, line.on), said=said, step=step)


def _todo(line: Reminder, row: DeadlineRow, say: Say) -> str:
    """What to do: the rung's own task where it has one, then the deadline's."""
    year = str(row.due.year) if row.due else ""
    task = "" if line.what in TASKLESS else say(f"task.{line.what}", title=row.title, year=year, todo=row.todo)
    own = "" if line.what in (*ASKS_ABOUT_IT, What.KNOW) or line.news is News.OFF else row.todo
    return " ".join(part for part in (task, own) if part)


def _why(line: Reminder, row: DeadlineRow, view: CovenantView, say: Say) -> str:
    """Why this person gets this line."""
    about = (
        say("about.number", number=row.number)
        if row.number
        else say("about.title", title=row.title, the=in_a_sentence(row.title))
    )
    party = view.party_names.get(line.party, line.party)
    if line.reason is Reason.SILENT and line.said_on:
        return say("why.wel-bericht", party=party, about=about, said=day_words(line.said_on))
    return say(f"why.{line.reason.replace(' ', '-')}", party=party, about=about)


def _missed(line: Reminder, say: Say) -> str:
    """Which earlier mails could not go out."""
    return say("missed.days", days=joined([day_words(day) for day in line.missed])) if line.missed else ""
