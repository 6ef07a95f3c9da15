"""What must hold at the end of each simulated day (design.md section 2). A law yields a sentence for each breach.

Looking at everything every day would take too long, so pages and feeds take turns: which, follows from the date alone.
"""

import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial, wraps
from pathlib import Path
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from cycle.actions.deadlines.deciding.closing import release
from cycle.actions.deadlines.upkeep.year_upkeep import drafts_of, year_parts
from cycle.actions.feeds.calendar_page import page_address
from cycle.actions.mails.rehearsal.rehearsing import rehearse
from cycle.actions.office.answer_links import Mail, answer_url
from cycle.actions.office.covenant_view import situations, views
from cycle.actions.office.rhythm_links import rhythm_url
from cycle.actions.office.rhythms import rhythms_of
from cycle.domain.mail_moments import moments_from
from cycle.domain.model import Asked, State
from cycle.domain.planning import reminders_due
from cycle.domain.situation import Told
from cycle.domain.workdays import moment
from cycle.store import deadlines
from cycle.store.chains import walk
from cycle.store.outbox import approving, standstill, telling
from cycle.store.outbox.labels import FAILED
from cycle.store.tables import (
    AgreementRow,
    Covenant,
    DeadlineParty,
    DeadlineRow,
    Fact,
    Membership,
    Message,
    MessageCovenant,
    PartyRow,
    Person,
    ReadingRow,
    ReminderRow,
)
from tests.conftest import own_signer
from tests.folding import differences, folded
from tests.simulation.server import Accepted
from tests.simulation.table import SECRETARY, SLUGS, Skip, Table

Law = Callable[[Table], Iterator[str]]
LAWS: dict[str, Law] = {}

PAGES_A_DAY, FEEDS_A_DAY = 2, 1
REHEARSED_EVERY, REHEARSED_DAYS = 50, 21
MOST_COPIES = 3  # an unknown outcome is tried at most twice more


def law(check: Law) -> Law:
    """Adds a law to the list."""
    LAWS[check.__name__] = check
    return check


def law_of_rows(check: Law) -> Law:
    """A law of what is stored: looked at on days after which something is different, and once a week."""

    @law
    @wraps(check)
    def when_different(table: Table) -> Iterator[str]:
        seen, now = table.memory["stamps"], table.stamp()
        if seen.get(check) != now or table.today.weekday() == 0:
            seen[check] = now
            yield from check(table)

    return when_different


@law
def nothing_is_called_an_error(table: Table) -> Iterator[str]:
    """No round, mail or page makes the program write an error into its log."""
    yield from table.noted.lines
    table.noted.lines.clear()


@law
def each_mail_can_be_made(table: Table) -> Iterator[str]:
    broken = table.all(select(Message).where(Message.subject == "(niet te maken)", Message.on == table.today))
    yield from (re.sub(r"; hij gaat over.*", "", row.last_answer) for row in broken)


@law
def one_reminder_mail_a_day(table: Table) -> Iterator[str]:
    """By person and by mailbox, which people may share. Whatever the server took, also what was tried again; the same
    mail twice (same Message-ID) counts once."""
    digests = [one for one in _accepted_today(table) if one.kind == "digest"]
    by_person = {(one.person, one.message_id) for one in digests}
    by_mailbox = {(one.to, one.message_id) for one in digests}
    for reader, number in Counter(reader for mails in (by_person, by_mailbox) for reader, _mail in mails).items():
        if number > 1:
            yield f"{reader} kreeg {number} herinneringsmails op {table.today}"


@law
def no_mail_goes_on_and_on(table: Table) -> Iterator[str]:
    """The server gets the same mail again only while nobody knows whether it arrived, and then at most twice; unless a
    person says so."""
    copies = table.memory["copies"]
    for one in _accepted_today(table):
        taken, is_known = copies.get(one.message_id, (0, False))
        if is_known:
            yield f"een mail ({one.kind}) ging nog een keer nadat de server hem had aangenomen"
        if taken + 1 > MOST_COPIES:
            yield f"een mail ({one.kind}) ging {taken + 1} keer"
        copies[one.message_id] = taken + 1, is_known or one.was_told


@law
def quiet_at_night_and_on_free_days(table: Table) -> Iterator[str]:
    mail = table.office.settings.mail
    for one in _accepted_today(table):
        local = one.at.astimezone(table.zone).time()
        if one.kind == "digest" and not (table.is_mail_day and mail.send_hour <= local < mail.send_until):
            yield f"een herinnering ging op {table.today} om {local:%H:%M}"


@law
def nobody_is_mailed_who_should_not_be(table: Table) -> Iterator[str]:
    """No reminder to who left, is away, or has another address by now; about a held table no mail at all, but to
    its secretariat."""
    for one in _accepted_today(table):
        if one.why_not:
            yield f"{one.kind} aan {one.person}: {one.why_not}"


@law
def told_once(table: Table) -> Iterator[str]:
    """No line stands in two mails that the server is known to have taken."""
    told = table.memory["told"]
    for one in _accepted_today(table):
        for line in one.lines if one.was_told else ():
            if told.setdefault(line, one.message_id) != one.message_id:
                yield f"twee keer verteld: {_named(table, line[0])}, {line[1]}, {line[2]}, {line[3]}"


@law
def nothing_of_a_wrong_clock_is_kept(table: Table) -> Iterator[str]:
    """While the clock stands further off than can be true, nothing is planned, told, kept or mailed by it."""
    for when, (before, after) in table.memory["jumps"].items():
        for one in sorted(before ^ after)[:3]:
            yield f"{when} uur: {'weg' if one in before else 'gemaakt'}: {one}"
    table.memory["jumps"].clear()


@law_of_rows
def what_is_told_had_a_mail(table: Table) -> Iterator[str]:
    """A line counts as told only while its mail is on its way, or arrived: one that failed gives its lines free."""
    with table.reading() as session:
        told = telling.told(session, _tonight(table))
        query = select(ReminderRow, Message.state).join(Message, col(Message.id) == ReminderRow.message_id)
        lost, kept = set(), set()
        for row, state in session.exec(query):
            line = Told(row.deadline_id, row.party, row.rung, row.counted_from)
            (lost if state == FAILED else kept).add(line)
    for line in sorted((lost - kept) & told.keys()):
        yield f"verteld in een mail die niet aankwam: {_named(table, line.deadline)}"


@law_of_rows
def numbers_of_events_hold(table: Table) -> Iterator[str]:
    """A deadline keeps its UID; its SEQUENCE never falls, and rises when day, time, place or state change."""
    known = table.memory["events"]
    for ref, row in table.refs().items():
        now = row.due, row.meeting_day, row.meeting_start, row.meeting_end, row.meeting_place, row.state
        uid, sequence, was = known.get(row.id, (row.uid, row.sequence, now))
        if uid != row.uid:
            yield f"andere UID: {ref}"
        if row.sequence < sequence or (was != now and row.sequence == sequence):
            yield f"SEQUENCE {sequence} -> {row.sequence} bij {ref}: {_changed(was, now)}"
        known[row.id] = row.uid, row.sequence, now


@law_of_rows
def facts_fold_to_the_rows_as_they_are(table: Table) -> Iterator[str]:
    """Everything that happens is written down, with what was before, and the chains hold."""
    memory = table.memory["facts"]
    with table.reading() as session:
        last = session.exec(select(func.max(Fact.id))).one()
        told = folded(session, memory.get("told"), memory.get("last", 0))
        for key, (said, is_so) in differences(session, told).items():
            yield f"{' '.join(map(str, key))}: facts tell {said}, but it is {is_so}"
        if table.today.day <= 7:
            yield from (f"the chain of {one.slug or 'none'}: {one.broken}" for one in walk(session) if one.broken)
    memory["last"], memory["told"] = last, told


@law_of_rows
def wholes_follow_from_their_parts(table: Table) -> Iterator[str]:
    """Open while a lead is open; else done if one did it, else dropped. What upkeep took away is dropped, and only that
    may be dropped while a lead of it is open."""
    parts = defaultdict(list)
    for part in table.all(select(DeadlineParty).where(DeadlineParty.part == "lead")):
        parts[part.deadline_id].append(part.state)
    for ref, row in table.refs().items():
        states = parts.get(row.id, [])
        whole = next((one.value for one in (State.OPEN, State.DONE, State.DROPPED) if one.value in states), row.state)
        if row.asked == Asked.TAKEN.value:
            whole = State.DROPPED.value
        if whole != row.state:
            yield f"{ref} is {row.state}, zijn delen zijn {sorted(states)}, gevraagd: {row.asked}"


@law_of_rows
def what_is_asked_is_there(table: Table) -> Iterator[str]:
    """What the register and the steps ask for is not dropped, unless a person dropped it: upkeep gives back what it
    took away itself."""
    for slug in SLUGS:
        rows = {(row.action_id, row.slot, row.occurrence): row for row in table.refs(Covenant.slug == slug).values()}
        here = table.view(slug)
        with table.reading() as session:
            drafts = drafts_of(here, year_parts(session, here), here.local_day(table.now).year)
            for draft in drafts:
                row = rows.get((draft.action, draft.slot, draft.occurrence))
                if row is not None and row.state == State.DROPPED.value:
                    parts = deadlines.all_part_rows(session, [row.id])[row.id]
                    leads = [part.state for part in parts if part.part == deadlines.LEAD]
                    if leads and State.DROPPED.value not in leads:
                        yield f"vervallen zonder dat iemand dat deed: {table.ref(row.id)}"


@law
def undo_gives_back_what_was(table: Table) -> Iterator[str]:
    """A decision that is undone before anything else touched its deadline leaves that as it was."""
    for reference, (before, after) in table.memory["undone"].items():
        different = [f"{name} {before[name]} -> {after[name]}" for name in before if before[name] != after[name]]
        if different and before["state"] == "open":
            yield f"{reference}, ongedaan: {'; '.join(different)}"
    table.memory["undone"].clear()


@law
def one_refusal_stops_nobody(table: Table) -> Iterator[str]:
    """A refusal of one recipient is no reason to stop the mail of all others."""
    server = table.server
    if not server.only or server.weather in ("our account", "away"):
        return
    with table.reading() as session:
        pause = standstill.pause(session)
    if pause is not None and server.since is not None and pause.at >= server.since:
        yield f"de verzending staat stil om één adres ({server.weather})"


@law_of_rows
def next_moments_are_as_recomputed(table: Table) -> Iterator[str]:
    """No stored moment is later than upkeep would write it now, or missing; and none stays behind.

    It may be too early, for a round that finds nothing to tell looks again. A reader's rhythm may make it later, to
    their next mail day.
    """
    settings = table.office.settings
    this_morning = moment(table.today, time(0), table.zone)
    tomorrow = table.today + timedelta(1)
    with table.reading() as session:
        found, chosen = views(session, settings), rhythms_of(session, settings)
        items = deadlines.items_to_tell(session)
        seen = situations(session, found, items, telling.told(session, _tonight(table)))
        is_paused = bool(standstill.pauses(session))
        waits = {told.deadline for one in approving.drafts(session) for told in one.told}
    if is_paused:
        return

    def next_mail(person: int) -> datetime:
        """The moment of somebody's mail of the next mail day."""
        return settings.mail_hours.moment_of(settings.work_calendar.mail_day_after(tomorrow), chosen.of(person).hour)

    hours = settings.mail_hours
    moments = {key: at for one in seen.values() for key, at in moments_from(tomorrow, one, hours).items()}
    for one in items:
        here = found[one.covenant]
        wanted = None if here.row.released_at is None else moments.get(one.item.id)
        if one.next_moment is not None and one.next_moment < this_morning and table.is_mail_day:
            yield f"{_named(table, one.item.id)} staat nog op {one.next_moment}"
        if wanted is None or one.item.id in waits or (one.next_moment is not None and one.next_moment <= wanted):
            continue
        lines = reminders_due(replace(seen[one.covenant], items=[one.item]), here.local_day(wanted))
        latest = min((next_mail(line.person) for line in lines if line.person), default=wanted)
        if one.next_moment is None or one.next_moment > latest:
            yield f"{_named(table, one.item.id)}: {one.next_moment} in plaats van {wanted}"


@law
def each_page_opens(table: Table) -> Iterator[str]:
    """Every page of the desk, and every page behind a mail; some each day."""
    for way in _turn(table, _pages(table), PAGES_A_DAY):
        page = way()
        try:
            answer = table.get(*page) if page else None
        except Skip:  # who would open it cannot sign in
            continue
        if page is None or answer is None:
            continue
        path = page[0]
        if answer.status_code >= 500:
            yield f"{answer.status_code} op {re.sub(r'[0-9]+|/(antwoord|ritme|agenda)/.*', r'N', path)}"


@law
def each_feed_opens(table: Table) -> Iterator[str]:
    """And its events keep their numbers: SEQUENCE never falls, and rises when day, place or status change."""
    for person, token in _turn(table, sorted(table.tokens), FEEDS_A_DAY):
        answer = table.get(f"/k/{token}/termijnen.ics")
        if answer.status_code not in (200, 410):
            yield f"{answer.status_code} voor een agenda van {person}"
        elif answer.status_code == 200:
            yield from _renumbered(table, token, _events(answer.text))


@law
def a_held_table_is_silent(table: Table) -> Iterator[str]:
    """Until its release nothing of a covenant exists for anybody but its secretariat: no page, and no event."""
    for slug in SLUGS:
        row = table.covenant(slug)
        if row.released_at is not None:
            continue
        if table.get(f"/c/{slug}").status_code == 200:
            yield f"/c/{slug} is te lezen"
        uids = {one.uid for one in table.refs(Covenant.slug == slug).values()}
        keepers = {one.email for one in table.view(slug).members if one.role.value == "secretariat"}
        for person, token in _turn(table, sorted(table.tokens), 1):
            if table.person(person).email in keepers:
                continue
            answer = table.get(f"/k/{token}/termijnen.ics")
            if answer.status_code == 200 and uids & set(_events(answer.text)):
                yield f"de agenda van {person} toont {slug}"


@law
def what_is_rehearsed_happens(table: Table) -> Iterator[str]:
    """On some days: the next three weeks, lived in a copy in which nobody acts, are those that were rehearsed there.

    In the copy all tables are released and no mail waits for approval, for a rehearsal is as if it were so.
    """
    if (table.today - date(2026, 2, 4)).days % REHEARSED_EVERY or not _can_be_rehearsed(table):
        return
    first, last = table.today + timedelta(1), table.today + timedelta(REHEARSED_DAYS)
    with tempfile.TemporaryDirectory(prefix="cycle-simulation-") as folder:
        copy = table.copy(Path(folder) / "lived")
        try:
            _open_wide(copy)
            wanted, happened = _rehearsed(copy, first, last), _lived(copy, first, last)
        finally:
            copy.close()
    for one in sorted(wanted ^ happened, key=str)[:3]:
        yield f"{'gebeurde niet' if one in wanted else 'was niet voorspeld'}: {_line_words(table, one)}"


# -- helpers ------------------------------------------------------------------------------------------------------


def _accepted_today(table: Table) -> list[Accepted]:
    """What the server took since the day began."""
    return [one for one in table.server.accepted if one.at.astimezone(table.zone).date() == table.today]


def _named(table: Table, deadline: int) -> str:
    found = [ref for ref, row in table.refs(DeadlineRow.id == deadline).items()]
    return found[0] if found else f"termijn {deadline}"


def _changed(was: tuple[Any, ...], now: tuple[Any, ...]) -> str:
    return "; ".join(f"{one} -> {other}" for one, other in zip(was, now, strict=True) if one != other)


def _turn(table: Table, things: Sequence[Any], number: int) -> list[Any]:
    """Some of these, others on each day."""
    first = table.today.toordinal() * number
    return [things[(first + place) % len(things)] for place in range(min(number, len(things)))]


ROOMS = (
    "",
    "/jaar",
    "/jaar?jaar=2028",
    "/jaar/stappen",
    "/jaar/stappen/najaarsoverleg",
    "/afspraken",
    "/termijnen",
    "/termijnen?stand=open",
    "/uitnodigingsbrief",
    "/overleggen",
    "/mensen",
    "/mensen/wie",
    "/looptijd",
    "/mensen/partijen",
    "/post",
    "/post/gepland",
    "/post/stil",
    "/voortgang",
    "/voortgang/wie-wat",
    "/voortgang/zinnen",
    "/post/antwoorden",
    "/inlezen",
    "/logboek",
    "/vrijgeven",
)


Page = tuple[str, str]
"""A path, and the address under which it is opened; none is nobody in particular."""


def _pages(table: Table) -> list[Callable[[], Page | None]]:
    """Ways to a page: each room of each desk, one thing of each kind, and the pages behind the newest mails."""
    board, others = "wethouder@terneuzen.example", ("/bureau", "/mij")
    plain = [("/", ""), *((path, who) for path in others for who in (board, "beleid@woongoed.example"))]
    plain += [(f"/c/{slug}{room}", SECRETARY[slug]) for slug in SLUGS for room in ROOMS]
    plain += [(f"/c/terneuzen{room}", board) for room in ("/jaar", "/logboek", "/voortgang")]
    things = [partial(_thing, table, slug, kind) for slug in (*SLUGS, SLUGS[0]) for kind in (*THINGS, *THINGS)]
    behind = [partial(_behind_a_mail, table, what) for what in range(6)]
    return [*(partial(lambda one: one, page) for page in plain), *things, *behind]


def _thing(table: Table, slug: str, kind: str) -> Page | None:
    """The page of some one thing."""
    column, path = THINGS[kind]
    here = table.covenant(slug).id
    within = {
        "termijn": DeadlineRow.covenant_id == here,
        "overleg": (DeadlineRow.covenant_id == here) & col(DeadlineRow.kind).in_(["meeting", "yearly"]),
        "afspraak": AgreementRow.covenant_id == here,
        "bericht": col(Message.id).in_(select(MessageCovenant.message_id).where(MessageCovenant.covenant_id == here)),
    }
    people = select(Membership.person_id).join(PartyRow, col(PartyRow.id) == Membership.party_id)
    readings = select(ReadingRow.id).join(AgreementRow, col(AgreementRow.id) == ReadingRow.agreement_id)
    query = {
        "persoon": people.where(PartyRow.covenant_id == here),
        "lezing": readings.where(AgreementRow.covenant_id == here),
    }.get(kind.partition(" ")[0])
    found = sorted(table.all(query if query is not None else select(column).where(within[kind.partition(" ")[0]])))
    if not found:
        return None
    return f"/c/{slug}/{path.format(found[table.today.toordinal() * 7 % len(found)])}", SECRETARY[slug]


THINGS = {
    "termijn": (DeadlineRow.id, "termijnen/{}"),
    "overleg": (DeadlineRow.id, "overleggen/{}"),
    "afspraak": (AgreementRow.number, "afspraken/{}"),
    "persoon": (None, "mensen/{}"),
    "persoon vertrek": (None, "mensen/{}/vertrek"),
    "bericht": (Message.id, "post/{}"),
    "bericht mail": (Message.id, "post/{}/mail"),
    "lezing": (None, "afspraken/lezing/{}"),
}


def _behind_a_mail(table: Table, what: int) -> Page | None:
    """The page to answer a recent mail, to choose a rhythm, or to link a calendar."""
    settings = table.office.settings
    recent = select(Message).where(Message.kind == "digest", Message.state == "sent").order_by(col(Message.id).desc())
    rows = table.all(recent.limit(10))
    if not rows:
        return None
    row = rows[table.today.toordinal() % len(rows)]
    person = row.person_id or 0
    signer = own_signer(table.office, person)
    url = {1: rhythm_url, 2: page_address}.get(what)
    return (url(settings, signer, person, row.on) if url else answer_url(settings, signer, Mail(person, row.on))), ""


Event = tuple[int, tuple[str, ...]]


def _events(text: str) -> dict[str, Event]:
    """The events of a calendar by UID: their number, and what a calendar shows as another moment, place or status."""
    found: dict[str, Event] = {}
    for block in text.replace("\r\n ", "").split("BEGIN:VEVENT")[1:]:
        lines = dict(re.findall(r"^(UID|SEQUENCE|DTSTART|DTEND|LOCATION|STATUS)[;:](.*)\r$", block, re.MULTILINE))
        shown = tuple(lines.get(name, "") for name in ("DTSTART", "DTEND", "LOCATION", "STATUS"))
        found[lines["UID"]] = int(lines["SEQUENCE"]), shown
    return found


def _renumbered(table: Table, token: str, events: dict[str, Event]) -> Iterator[str]:
    known = table.memory["feeds"].setdefault(token, {})
    for uid, (sequence, shown) in events.items():
        before, was = known.get(uid, (sequence, shown))
        if sequence < before or (sequence == before and shown != was):
            yield f"SEQUENCE {before} -> {sequence} in een agenda: {_changed(was, shown)}"
    known.update(events)


def _can_be_rehearsed(table: Table) -> bool:
    """A rehearsal is as if every delivery succeeds: nothing waits or stands still."""
    if not table.office.database.is_sqlite or not table.server.is_fine:
        return False
    with table.reading() as session:
        waits = session.exec(select(Message.id).where(col(Message.state).in_(["queued", "sending", "draft"]))).first()
        return not (waits or standstill.pauses(session))


def _open_wide(copy: Table) -> None:
    with copy.office.database.writing() as session:
        for row in session.exec(select(Covenant)):
            row.overrides = {name: value for name, value in row.overrides.items() if name != "approval"}
            session.add(row)
    for slug in SLUGS:
        release(copy.office, slug, copy.now)


def _rehearsed(copy: Table, first: date, last: date) -> set[tuple[Any, ...]]:
    """The mails between two days and the lines in them, as a rehearsal has them."""
    mails = rehearse(copy.office, first, last, moment(first, time(0), copy.zone))
    lines = {
        (mail.digest.on, mail.digest.person, line.deadline, line.party, line.rung)
        for mail in mails
        for line in mail.digest.reminders
    }
    return lines | {(mail.digest.on, mail.digest.person) for mail in mails}


def _lived(copy: Table, first: date, last: date) -> set[tuple[Any, ...]]:
    """The lines and mails of some days in which nobody acts."""
    from tests.simulation.living import pass_a_day  # the other way round, living knows the laws

    for number in range((last - first).days + 1):
        pass_a_day(copy, first + timedelta(number))
    found: set[tuple[Any, ...]] = set()
    with copy.reading() as session:
        days = Message.kind == "digest", Message.on >= first, Message.on <= last, Message.state != "replaced"
        for mail in session.exec(select(Message).where(*days)):
            found.add((mail.on, mail.person_id))
            for line in session.exec(select(ReminderRow).where(ReminderRow.message_id == mail.id)):
                found.add((mail.on, mail.person_id, line.deadline_id, line.party, line.rung))
    return found


def _line_words(table: Table, one: tuple[Any, ...]) -> str:
    people = _people(table)
    words = [str(one[0]), people.get(one[1], "niemand")]
    return ", ".join([*words, _named(table, one[2]), *one[3:]] if len(one) > 2 else [*words, "een mail"])


def _people(table: Table) -> dict[int, str]:
    return {one.id or 0: one.name for one in table.all(select(Person))}


def _tonight(table: Table) -> datetime:
    """The end of the day that is judged."""
    return moment(table.today, time(23, 59), table.zone)
