"""The rehearsal: every mail that the clock will make, before it happens, by the plan that makes them.

It reads one snapshot and plays on from this moment, as if nobody acts and every delivery succeeds. Nothing is written
but files.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from cycle.actions.mails.morning.digests import DigestWriter
from cycle.actions.mails.morning.gathering import gather_ahead, without_archived
from cycle.actions.mails.morning.overview import (
    DAYS_BACK,
    AsItStands,
    as_it_stands,
    overview_parts,
    unmade_overview,
    week_ahead,
    with_overview,
)
from cycle.actions.mails.morning.reminding import writer_for
from cycle.actions.mails.rehearsal.terms_to_come import TermsToCome, with_terms_to_come
from cycle.actions.mails.rehearsal.years_to_come import with_years_to_come
from cycle.actions.office.covenant_view import CovenantView, views
from cycle.actions.office.office import Office
from cycle.actions.office.report_pages import report_page
from cycle.actions.office.signing import SampleSigner
from cycle.domain.days import REHEARSED
from cycle.domain.ladders import OF_MEMBER
from cycle.domain.mail_kinds import DIGEST
from cycle.domain.mail_plan import Digest, Morning
from cycle.domain.rehearsal import Goes, all_go, plans_ahead
from cycle.domain.troubles import Troubles
from cycle.domain.words import weekday_words
from cycle.errors import CycleError, reason_of
from cycle.mail.fields import OverviewPart
from cycle.private import make_folder, write_file
from cycle.store import covenants
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.tables import DeadlineRow, Message, Person


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One mail of the rehearsal: the message as it will go, and the lines in it. `names` says whom it is for: several
    people who share the mailbox, or the one it is to."""

    digest: Digest
    message: Message
    to: Person
    rows: Mapping[int, DeadlineRow]
    names: str

    def as_json(self, office: Office) -> dict[str, Any]:
        """The stable shape of `cycle rehearse --json` (design section 5)."""
        at = (self.message.next_try_at or self.message.created_at).astimezone(office.settings.zone)
        return {
            "date": self.digest.on.isoformat(),
            "time": f"{at:%H:%M}",
            "to": self.to.email,
            "kind": DIGEST.name,
            "subject": self.message.subject,
            "items": [
                {
                    "deadline": line.deadline if line.deadline > 0 else None,
                    "number": self.rows[line.deadline].number,
                    "title": self.rows[line.deadline].title,
                    "rung": _rung_said(line.rung),
                    "due": _iso(self.rows[line.deadline].due),
                }
                for line in self.digest.reminders
            ],
        }


def _rung_said(rung: str) -> int | str:
    """The days of a rung, or its word; that it was for a member of a body is no part of it."""
    name = rung.partition(OF_MEMBER)[0]
    return int(name) if name.lstrip("-").isdigit() else name


@dataclass(frozen=True, slots=True)
class RowsAhead:
    """Deadlines that are not stored yet, and those that the next framework makes otherwise from its first day."""

    to_come: Mapping[int, DeadlineRow]
    turning: TermsToCome

    def rows_on(self, day: date) -> Mapping[int, DeadlineRow]:
        """All of them as they are on a day."""
        return {**self.to_come, **self.turning.rows_on(day)}


def rehearse_year(office: Office, year: int, now: datetime, **choice: Any) -> list[Rehearsed]:
    """Every mail of a year, from today (or 1 January) through 31 December.

    Raises CycleError for a year that is over.
    """
    today = office.settings.mail_hours.day_of(now)
    if year < today.year:
        raise CycleError(f"Het jaar {year} is voorbij.", f"Kies {today.year} of later.")
    REHEARSED.around(today).refuse_year(year)
    return rehearse(office, max(today, date(year, 1, 1)), date(year, 12, 31), now, **choice)


def rehearse(
    office: Office,
    first: date,
    last: date,
    now: datetime,
    *,
    person: str | None = None,
    covenant: str | None = None,
) -> list[Rehearsed]:
    """Every mail between two days, for everybody or one mail address.

    A covenant that is still held is rehearsed as if it were released, so that its secretariat can read first.
    """
    with office.database.reading() as session:
        wanted = {id_of(one) for one in covenants.persons_at(session, person)} if person else None
        tables, alone = _tables(session, office, covenant)
        morning, to_come = _gathered_ahead(session, office, tables, alone, last, now)
        rehearsal = _Rehearsal(session, office, tables, now, last)
        rehearsal.play(morning)
        return rehearsal.mails(to_come, first, wanted)


def _tables(session: Session, office: Office, covenant: str | None) -> tuple[dict[int, CovenantView], int | None]:
    """All covenants, or the one of this name with its id."""
    if covenant is None:
        return views(session, office.settings), None
    alone = id_of(covenants.covenant(session, covenant))
    return views(session, office.settings, [alone]), alone


MailAhead = tuple[datetime, Digest]
"""A mail that is to come, and its moment."""


def _gathered_ahead(
    session: Session, office: Office, tables: Mapping[int, CovenantView], alone: int | None, last: date, now: datetime
) -> tuple[Morning, RowsAhead]:
    """All that can be told between now and the end of a day, and of it what is not stored yet."""
    tables = without_archived(tables)
    morning = gather_ahead(session, office.settings, tables, now, alone=alone)
    to_come = with_years_to_come(session, tables, morning.situations, last, now)
    turning = with_terms_to_come(office, session, tables, to_come, last, now)
    return replace(morning, situations=to_come.situations, turns=turning.turns), RowsAhead(to_come.rows, turning)


def _played(morning: Morning, last: date, goes: Goes = all_go) -> Iterator[MailAhead]:
    """The mails through a day; one that waits for approval is as it is when it goes."""
    plans = plans_ahead(morning, last, goes)
    return ((at, mail) for at, plan in plans for mail in plan.mails if mail.goes_at is None)


@dataclass(frozen=True, slots=True)
class _Rehearsal:
    """The mails that are to come in some covenants from a moment on through a day, to be shown."""

    session: Session
    office: Office
    tables: Mapping[int, CovenantView]
    now: datetime
    last: date
    ahead: list[MailAhead] = field(default_factory=list)
    overviews: dict[tuple[int, datetime], tuple[OverviewPart, ...]] = field(default_factory=dict)
    stands: dict[tuple[int, ...], AsItStands] = field(default_factory=dict)

    def play(self, morning: Morning) -> list[MailAhead]:
        """Takes up what goes, as it goes; an overview without news does not, and is no mail of its reader's day.
        Returns those: they go if there comes news yet."""
        perhaps: list[MailAhead] = []

        def goes(at: datetime, mail: Digest) -> bool:
            is_sure = not mail.is_if_news or bool(self._overview(at, mail))
            perhaps.extend([] if is_sure else [(at, mail)])
            return is_sure

        for at, mail in _played(morning, self.last, goes):
            self.ahead.append((at, with_overview(mail, self._overview(at, mail)) or mail))
        return perhaps

    def mails(self, to_come: RowsAhead, first: date, persons: Collection[int] | None) -> list[Rehearsed]:
        """Those from a day on, to some people or to all, as they will look; the overview counts the others too."""
        digests = [mail for _at, mail in self.ahead]
        writer = writer_for(self.session, self.office, digests, SampleSigner(), Troubles(), self.tables)
        wanted = [one for one in self.ahead if one[1].on >= first and _is_to(one[1], persons)]
        mails, rows = [], writer.rows
        for at, mail in wanted:
            writer = replace(writer, rows={**rows, **to_come.rows_on(mail.on)})
            message = _message(writer, mail, at, self._overview(at, mail))
            mails.append(Rehearsed(mail, message, writer.people[mail.person], writer.rows, writer.names_of(mail)))
        return mails

    def _overview(self, at: datetime, mail: Digest) -> tuple[OverviewPart, ...]:
        """The weekly overview in a mail to the secretariat: what went already, and what is rehearsed. It is made once:
        what comes later changes nothing of it."""
        if not mail.has_overview:
            return ()
        key = mail.person, at
        if key not in self.overviews:
            self.overviews[key] = self._overview_made(at, mail)
        return self.overviews[key]

    def _overview_made(self, at: datetime, mail: Digest) -> tuple[OverviewPart, ...]:
        since, about = at - timedelta(DAYS_BACK), set(mail.overview_of)
        went = [one for moment, one in self.ahead if since <= moment < at and about & set(one.about)]
        readers = [frozenset({one.person, *(line.person or 0 for line in one.reminders)}) for one in went]
        tables, say = [self.tables[key] for key in mail.overview_of], self.office.wording.say
        parts = unmade_overview(say)
        with Troubles().about(None, "het weekoverzicht"), self.session.begin_nested():
            week = week_ahead(self.session, tables, readers, at, self.now)
            parts = overview_parts(self.session, tables, week, self._stands(mail.overview_of), mail.on, say)
        return parts

    def _stands(self, ids: tuple[int, ...]) -> AsItStands:
        """What stands in some covenants, read once for all weeks: nobody acts meanwhile."""
        if ids not in self.stands:
            self.stands[ids] = as_it_stands(self.session, [self.tables[key] for key in ids], self.last)
        return self.stands[ids]


def _is_to(mail: Digest, persons: Collection[int] | None) -> bool:
    """Whether a mail is for one of these people; None for all of them."""
    return persons is None or any(reader in persons for reader in mail.readers)


def plan_ahead(
    office: Office, session: Session, view: CovenantView, last: date, now: datetime
) -> tuple[list[Digest], Mapping[int, DeadlineRow]]:
    """What the clock will tell about one covenant from now through a day, and to whom; not yet as mails. Beside it the
    deadlines in them that are not stored yet.

    The overviews that go only if there is news are among them. Whether there is any is looked at where that makes other
    mail come on another day.
    """
    tables = {view.id: view}
    morning, to_come = _gathered_ahead(session, office, tables, view.id, last, now)
    planned = play_plan(morning, last)
    if _news_matters(morning, planned):
        rehearsal = _Rehearsal(session, office, tables, now, last)
        perhaps = rehearsal.play(morning)
        planned = [mail for _at, mail in sorted((*rehearsal.ahead, *perhaps), key=lambda ahead: ahead[0])]
    return planned, to_come.rows_on(last)


def _news_matters(morning: Morning, planned: Sequence[Digest]) -> bool:
    """Whether an overview that does not go can make room for other mail of its day or week: where mail comes at several
    hours, or where its reader has as many mails that week as may be."""
    overviews = [one for one in planned if one.is_if_news]
    has_own_hour = any(one.send_hour not in (None, morning.hours.opens) for one in morning.situations.values())
    return any(
        has_own_hour or morning.rhythms.of(one.person).hour is not None or _is_week_full(morning, planned, one)
        for one in overviews
    )


def _is_week_full(morning: Morning, planned: Sequence[Digest], overview: Digest) -> bool:
    """Whether its reader has as many mails in that week, that one too, as their rhythm lets through."""
    reader = overview.person
    return morning.week.is_full(reader, overview.on, {one.on for one in planned if reader in one.readers})


def gather_plan(
    office: Office, session: Session, view: CovenantView, last: date, now: datetime
) -> tuple[Morning, Mapping[int, DeadlineRow]]:
    """All that `play_plan` needs for the same, so that it can be played when the session is over."""
    morning, to_come = _gathered_ahead(session, office, {view.id: view}, view.id, last, now)
    return morning, to_come.rows_on(last)


def play_plan(morning: Morning, last: date) -> list[Digest]:
    """What the clock will tell from a gathered morning through a day; it reads nothing more."""
    return [mail for _at, mail in _played(morning, last)]


def rehearsed_mail(office: Office, covenant: str, on: date, person: int, now: datetime) -> Rehearsed | Digest | None:
    """The one mail that somebody will get on a day about a covenant, or None. An overview without news is not made, so
    of that there is the plan alone."""
    with office.database.reading() as session:
        tables, alone = _tables(session, office, covenant)
        morning, to_come = _gathered_ahead(session, office, tables, alone, on, now)
        rehearsal = _Rehearsal(session, office, tables, now, on)
        rehearsal.play(morning)
        mails = rehearsal.mails(to_come, on, {person})
    if mails:
        return mails[0]
    return next((mail for mail in play_plan(morning, on) if mail.on == on and person in mail.readers), None)


def write_rehearsal(office: Office, mails: Sequence[Rehearsed], folder: Path) -> Path:
    """One HTML and one text file per mail, and an index to read them by; returns the index.

    Raises CycleError when the folder cannot be written.
    """
    try:
        make_folder(folder)
        for old in [*folder.glob("20*.html"), *folder.glob("20*.txt")]:
            old.unlink()
        for number, mail in enumerate(mails):
            parsed = message_from_bytes(mail.message.body, policy=policy.default)
            for kind in ("html", "plain"):
                part = parsed.get_body((kind,))
                text = part.get_content() if part is not None else ""
                write_file(folder / _file_name(mail, number, kind), text.encode())
        index = folder / "index.html"
        write_file(index, _index(office, mails).encode())
    except OSError as error:
        raise CycleError(
            f"In {folder} kan niet geschreven worden: {reason_of(error)}.", "Kies een andere map."
        ) from None
    return index


def _message(writer: DigestWriter, mail: Digest, at: datetime, overview: tuple[OverviewPart, ...]) -> Message:
    try:
        return writer.message(mail, at, overview)
    except Exception as error:  # the others can be read, and this one says that it cannot be made, as sending would
        return writer.unmade(mail, type(error).__name__, at)


def _file_name(mail: Rehearsed, number: int, kind: str) -> str:
    return f"{mail.digest.on.isoformat()}-{number + 1:04d}.{'html' if kind == 'html' else 'txt'}"


def _index(office: Office, mails: Sequence[Rehearsed]) -> str:
    """All mails by day, with a link to each."""
    rows = [
        (
            weekday_words(mail.digest.on),
            mail.names,
            _file_name(mail, number, "html"),
            mail.message.subject,
            len(mail.digest.reminders),
        )
        for number, mail in enumerate(mails)
    ]
    return report_page(office.settings, "rehearsal", mails=rows, lines=sum(row[-1] for row in rows))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
