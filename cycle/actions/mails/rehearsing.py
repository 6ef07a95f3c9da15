"""The rehearsal: every mail that the clock will make, before it happens, by the planner that makes them.

It reads one snapshot and runs day by day as if nobody acts and every delivery succeeds. Nothing is written but files.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from cycle.actions.mails.digests import NOTHING, Extras, digest_message, unmade_message
from cycle.actions.mails.overview import DAYS_BACK, Week, overview_parts
from cycle.actions.mails.secretariat_mail import kept_by, unmade_overview
from cycle.actions.office.covenant_view import CovenantView, situations, views
from cycle.actions.office.office import Office
from cycle.actions.office.report_pages import report_page
from cycle.actions.office.rhythms import mail_moment, rhythms_of
from cycle.actions.office.signing import SampleSigner
from cycle.actions.office.unmade import Troubles
from cycle.domain.days import REHEARSED
from cycle.domain.mail_kinds import DIGEST
from cycle.domain.planning import Digest, Situation, rehearsal
from cycle.domain.rhythm import Rhythms
from cycle.domain.words import weekday_words
from cycle.domain.workdays import moment
from cycle.errors import CycleError
from cycle.private import make_folder, write_file
from cycle.store import covenants, deadlines, outbox, rhythms
from cycle.store.database import Session
from cycle.store.tables import DeadlineRow, Message, Person


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One mail of the rehearsal: the message as it will go, and the lines in it."""

    digest: Digest
    message: Message
    to: Person
    rows: dict[int, DeadlineRow]

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
                    "deadline": line.deadline,
                    "number": self.rows[line.deadline].number,
                    "title": self.rows[line.deadline].title,
                    "rung": int(line.rung) if line.rung.lstrip("-").isdigit() else line.rung,
                    "due": _iso(self.rows[line.deadline].due),
                }
                for line in self.digest.reminders
            ],
        }


def rehearse_year(office: Office, year: int, now: datetime, **choice: Any) -> list[Rehearsed]:
    """Every mail of a year, from today (or 1 January) through 31 December.

    Raises CycleError for a year that is over.
    """
    today = now.astimezone(office.settings.zone).date()
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
        wanted = {one.id or 0 for one in covenants.persons_at(session, person)} if person else None
        found = views(session, office.settings)
        if covenant is not None:
            kept = covenants.covenant(session, covenant).id or 0
            found = {kept: found[kept]}
        planned = _planned(session, found, first, last, office, now)
        if wanted is not None:
            planned = [digest for digest in planned if digest.person in wanted]
        rows = deadlines.rows_by_id(session, (line.deadline for one in planned for line in one.reminders))
        people = covenants.people(session, (digest.person for digest in planned))
        per_day = _by_covenant_and_day(planned, rows)
        extras = [_overview(session, office, digest, found, per_day) for digest in planned]
        chosen = rhythms_of(session, office.settings)
    return [
        Rehearsed(
            digest,
            _message(office, digest, people[digest.person], rows, found, chosen, extra),
            people[digest.person],
            rows,
        )
        for digest, extra in zip(planned, extras, strict=True)
    ]


Readers = dict[tuple[int, date], set[int]]
"""Who gets mail about a covenant on a day."""


def _by_covenant_and_day(planned: Sequence[Digest], rows: dict[int, DeadlineRow]) -> Readers:
    found: Readers = defaultdict(set)
    for digest in planned:
        for line in digest.reminders:
            if line.deadline in rows:
                found[rows[line.deadline].covenant_id, digest.on].add(digest.person)
    return found


def _overview(
    session: Session, office: Office, digest: Digest, found: dict[int, CovenantView], per_day: Readers
) -> Extras:
    """The weekly overview in a mail to the secretariat, of the week as it is rehearsed: all mails arrive."""
    if not digest.has_overview:
        return NOTHING
    here = kept_by(found.values(), digest.person, digest.on)
    about = {one.id for one in here}
    days = [digest.on - timedelta(number) for number in range(1, DAYS_BACK + 1)]
    mails = [set().union(*(per_day.get((key, day), set()) for key in about)) for day in days]
    week = Week(sum(map(len, mails)), len(set().union(*mails)))
    parts = unmade_overview(office.wording.say)
    with Troubles().about(min(about, default=0), "het weekoverzicht"), session.begin_nested():
        parts = overview_parts(session, here, week, digest.on, office.wording.say)
    return Extras(tuple(sorted(about)), overview=parts)


def plan_ahead(
    office: Office, session: Session, here: CovenantView, first: date, last: date, now: datetime
) -> list[Digest]:
    """What the clock will tell about one covenant between two days, and to whom; not yet as mails."""
    return _planned(session, {here.id: here}, first, last, office, now)


def rehearsed_mail(office: Office, covenant: str, on: date, person: int, now: datetime) -> Rehearsed | None:
    """The one mail that somebody will get on a day about a covenant, or None."""
    first = now.astimezone(office.settings.zone).date()
    with office.database.reading() as session:
        kept = covenants.covenant(session, covenant).id or 0
        found = views(session, office.settings, [kept])
        planned = plan_ahead(office, session, found[kept], first, on, now)
        digest = next((one for one in planned if one.on == on and one.person == person), None)
        if digest is None:
            return None
        rows = deadlines.rows_by_id(session, (line.deadline for one in planned for line in one.reminders))
        to = covenants.people(session, [person])[person]
        extras = _overview(session, office, digest, found, _by_covenant_and_day(planned, rows))
        chosen = rhythms_of(session, office.settings)
    return Rehearsed(digest, _message(office, digest, to, rows, found, chosen, extras), to, rows)


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
        raise CycleError(f"In {folder} kan niet geschreven worden: {error.strerror}.", "Kies een andere map.") from None
    return index


def _planned(
    session: Session, found: dict[int, CovenantView], first: date, last: date, office: Office, now: datetime
) -> list[Digest]:
    """The domain's rehearsal over all open deadlines. Who had a mail today already gets no second one."""
    only = next(iter(found)) if len(found) == 1 else None
    items = [one for one in deadlines.open_items(session, only) if one.covenant in found]
    ledger = outbox.told(session, now, *([] if only is None else [deadlines.in_covenant(only)]))
    local = now.astimezone(office.settings.zone)
    if first == local.date() and local.time().replace(tzinfo=None) >= office.settings.mail.send_until:
        first += timedelta(1)
    mailed = outbox.persons_mailed_on(session, first, moment(first, time(0), office.settings.zone))
    planned = situations(session, found, items, ledger)
    for key in found.keys() - planned.keys():  # nothing is open there, but its secretariat gets the overview
        planned[key] = Situation(found[key].policy, found[key].members, (), {}, {})
    chosen, had = rhythms_of(session, office.settings), rhythms.mail_days(session, first)
    return list(rehearsal(list(planned.values()), first, last, mailed, chosen, had))


def _message(
    office: Office,
    digest: Digest,
    to: Person,
    rows: dict[int, DeadlineRow],
    found: dict[int, CovenantView],
    chosen: Rhythms | None = None,
    extras: Extras = NOTHING,
) -> Message:
    at = next(iter(found.values())).send_moment(digest.on)
    if chosen is not None and chosen.of(digest.person).hour is not None:
        at = mail_moment(office.settings, chosen, digest.person, digest.on)
    try:
        return digest_message(office, digest, to, rows, found, at, SampleSigner(), extras)
    except Exception as error:  # the others can be read, and this one says that it cannot be made, as sending would
        return unmade_message(office, digest, to, type(error).__name__, at)


def _file_name(mail: Rehearsed, number: int, kind: str) -> str:
    return f"{mail.digest.on.isoformat()}-{number + 1:04d}.{'html' if kind == 'html' else 'txt'}"


def _index(office: Office, mails: Sequence[Rehearsed]) -> str:
    """All mails by day, with a link to each."""
    rows = [
        (
            weekday_words(mail.digest.on),
            mail.to.name,
            _file_name(mail, number, "html"),
            mail.message.subject,
            len(mail.digest.reminders),
        )
        for number, mail in enumerate(mails)
    ]
    return report_page(office.settings, "rehearsal", mails=rows, lines=sum(row[-1] for row in rows))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
