"""The invitation letter of a year: preview, approve, send (agreement 5.9).

Approval freezes text and addressees. Sending mails each addressee once; the step is settled when the last of them has
it, and the outbox keeps the proof.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session, col, select

from cycle.actions.digests import row_when, sender_of
from cycle.actions.logbook import note
from cycle.actions.office import Office, template_folders
from cycle.actions.views import View, view
from cycle.domain.addressing import Members
from cycle.domain.model import LadderKind, Member, Origin, State
from cycle.domain.status import state_words
from cycle.domain.words import day_words, joined, weekday_words
from cycle.domain.workdays import WorkCalendar
from cycle.errors import NotFound, Refused
from cycle.letter import TEMPLATE, Addressee, Item, LetterFacts, Sender, Step, render
from cycle.mail.compose import Address, Attachment, compose, message_id
from cycle.mail.fields import LetterFields
from cycle.store import deadlines, outbox
from cycle.store.deadlines import LEAD, PARTICIPANT, Part
from cycle.store.tables import DeadlineRow, Letter, LetterAddressee, Message

SUGGESTIONS = 5


@dataclass(frozen=True, slots=True)
class Prepared:
    """A letter as it would be approved now: its facts, its PDF, who gets it, and what somebody should know first."""

    year: int
    pdf: bytes
    facts: LetterFacts
    addressees: tuple[tuple[str, Member], ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LetterState:
    """How far the letter of a year is: `proof` has a line per addressee."""

    year: int
    state: str
    words: str
    proof: tuple[str, ...] = ()
    changed: bool = True


def preview(office: Office, covenant: str | None, year: int, now: datetime) -> Prepared:
    """The letter as it stands. An approved letter is shown as it was approved.

    Raises NotFound without such a step in that year, Refused when an addressee has nobody.
    """
    with office.database.reading() as session:
        here = view(session, office.settings, covenant)
        approved = _letter(session, here.id, year)
        facts, addressees, warnings = _gather(session, here, year, here.local_day(now))
    if approved is not None:
        return Prepared(year, approved.pdf, facts, addressees, ("Deze brief is al goedgekeurd; dit is die tekst.",))
    return Prepared(year, render(facts, _template(office)), facts, addressees, warnings)


def approve(office: Office, covenant: str | None, year: int, now: datetime, *, by: str) -> LetterState:
    """Freezes text and addressees. Raises Refused without a name."""
    if not by:
        raise Refused("Een brief goedkeuren gaat op naam.", "Zeg wie goedkeurt, met --as MAILADRES.")
    prepared = preview(office, covenant, year, now)
    with office.database.writing() as session:
        here = view(session, office.settings, covenant)
        known = _letter(session, here.id, year)
        if known is not None:
            words = f"was al goedgekeurd door {known.approved_by}"
            return LetterState(year, "approved", words, _proof(session, known), changed=False)
        letter = Letter(
            covenant_id=here.id, year=year, approved_by=by, approved_at=now, pdf=prepared.pdf,
            facts={"spring_meeting": prepared.facts.spring_meeting, "addressees": [
                asdict(one) for one in prepared.facts.addressees
            ]},
        )  # fmt: skip
        session.add(letter)
        session.flush()
        for party, person in prepared.addressees:
            session.add(
                LetterAddressee(
                    letter_id=letter.id or 0, party=party, person_id=person.person, name=person.name,
                    email=person.email,
                )
            )  # fmt: skip
        note(session, now, by, "brief goedgekeurd", f"uitnodigingsbrief {year}", "", here.id)
        session.flush()
        names = joined(_organisations(here, [party for party, _who in prepared.addressees]))
        return LetterState(year, "approved", f"goedgekeurd door {by}; hij gaat naar {names}", _proof(session, letter))


def send(office: Office, covenant: str | None, year: int, now: datetime, *, by: str = "") -> LetterState:
    """Puts the approved letter into the outbox, once for each addressee. Delivering is another action.

    Raises Refused when nobody approved it.
    """
    with office.database.writing() as session:
        here = view(session, office.settings, covenant)
        letter = _letter(session, here.id, year)
        if letter is None:
            raise Refused(
                f"De brief van {year} is nog niet goedgekeurd.", f"Doe eerst: cycle letter {year} approve --as MAIL"
            )
        unsent = [one for one in _addressees(session, letter) if one.message_id is None]
        for one in unsent:
            message = _message(office, here, letter, one, now)
            outbox.put(session, message, (), now)
            one.message_id = message.id
            session.add(one)
        if unsent:
            note(session, now, by, "brief verstuurd", f"uitnodigingsbrief {year}", f"{len(unsent)} mails", here.id)
            return LetterState(year, "sending", f"{len(unsent)} mails staan klaar om te gaan", _proof(session, letter))
        return LetterState(year, "sent", "was al verstuurd; er gaat niets nog een keer", _proof(session, letter), False)


def state_of(office: Office, covenant: str | None, year: int) -> LetterState:
    """How far the letter is, with the proof per addressee."""
    with office.database.reading() as session:
        here = view(session, office.settings, covenant)
        letter = _letter(session, here.id, year)
        if letter is None:
            return LetterState(year, "draft", "nog niet goedgekeurd")
        proof, messages = _proof(session, letter), _messages(session, letter)
        if len(messages) < len(proof):
            return LetterState(year, "approved", f"goedgekeurd door {letter.approved_by}", proof)
        sent = all(message.state == outbox.SENT for message in messages)
        return LetterState(year, "sent" if sent else "sending", "verstuurd" if sent else "onderweg", proof)


def settle_sent_letters(office: Office, now: datetime) -> int:
    """Marks the step of each letter done once every addressee has it; returns how many."""
    with office.database.reading() as session:
        waiting = [letter.id or 0 for letter in _delivered_letters(session)]
    if not waiting:
        return 0
    settled = 0
    with office.database.writing() as session:
        for letter in _delivered_letters(session):
            row = _step_row(session, letter.covenant_id, letter.year)
            if row is not None and row.state == State.OPEN.value:
                _settle(session, row, letter, now)
                settled += 1
    return settled


def free_days_for_meeting(calendar: WorkCalendar, first: date, last: date) -> list[date]:
    """Days in a window on which a meeting could be held: Tuesdays and Thursdays that are working days, a few of them,
    spread over the window."""
    days = [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
    good = [day for day in days if day.weekday() in (1, 3) and calendar.is_mail_day(day)]
    if len(good) <= SUGGESTIONS:
        return good
    return [good[place * (len(good) - 1) // (SUGGESTIONS - 1)] for place in range(SUGGESTIONS)]


def _gather(
    session: Session, here: View, year: int, today: date
) -> tuple[LetterFacts, tuple[tuple[str, Member], ...], tuple[str, ...]]:
    """All that the letter says, who gets it, and what is still missing."""
    row = _step_row(session, here.id, year)
    if row is None:
        raise NotFound(f"In {year} is er geen uitnodigingsbrief.", "Kijk met: cycle plan JAAR")
    rows = deadlines.rows_of(session, here.id)
    parts = deadlines.parts(session, deadlines.in_covenant(here.id))
    mine = parts[row.id or 0]
    addressees = _people(here, [part.party for part in mine if part.part == PARTICIPANT], row, today)
    spring, warnings = _spring_meeting(here, rows, year)
    senders = [part.party for part in mine if part.part == LEAD]
    facts = LetterFacts(
        covenant_name=here.row.name, municipality=here.row.municipality, year=year,
        senders=tuple(Sender(name) for name in _organisations(here, senders)),
        addressees=tuple(
            Addressee(name, person.name)
            for name, (_party, person) in zip(_organisations(here, [p for p, _ in addressees]), addressees, strict=True)
        ),
        letter_date=today, agenda_years=(year + 1, year + 1), spring_meeting=spring,
        open_items=_items(here, rows, today), steps=_steps(here, rows, parts, year),
        reply_to=here.row.reply_to, phone=here.row.phone, signature=here.row.signature, source_note=row.source,
    )  # fmt: skip
    return facts, addressees, warnings


def _people(here: View, parties: Sequence[str], row: DeadlineRow, today: date) -> tuple[tuple[str, Member], ...]:
    """One addressee per party. Raises Refused for a party that has nobody."""
    members = Members(here.members, today)
    found = []
    for party in parties:
        person = members.addressee(party, tuple(row.agreements), row.theme)
        if person is None:
            raise Refused(
                f"{here.party_names[party]} heeft niemand die post krijgt.", "Voeg iemand toe aan deze partij."
            )
        found.append((party, person))
    return tuple(found)


def _spring_meeting(here: View, rows: Sequence[DeadlineRow], year: int) -> tuple[str, tuple[str, ...]]:
    """The date of the first meeting after the letter in words, or a warning with days that would do."""
    meetings = [
        row for row in rows
        if row.kind == LadderKind.MEETING.value and row.window_start and row.due and row.due.year == year
        and row.origin == Origin.STEP.value and not row.invented
    ]  # fmt: skip
    if not meetings:
        return "", ("Er is in dit jaar geen overleg om voor uit te nodigen.",)
    first = min(meetings, key=lambda row: row.window_start or date.max)
    if first.meeting_day is not None:
        return row_when(first, here), ()
    days = free_days_for_meeting(here.policy.calendar, first.window_start or date.max, first.due or date.max)
    suggested = joined([weekday_words(day) for day in days])
    return "", (
        f"De datum van het {first.title.lower()} staat nog niet vast; de brief zegt dat hij volgt. "
        f"Leg hem vast met: cycle meeting set {first.id} DATUM. Het kan bijvoorbeeld op {suggested}.",
    )


def _items(here: View, rows: Sequence[DeadlineRow], today: date) -> tuple[Item, ...]:
    """What there is to evaluate: every dated action of an agreement, and how it stands."""
    actions = [row for row in rows if row.origin == Origin.AGREEMENT.value and row.state != State.DROPPED.value]
    actions = [row for row in actions if row.due and row.due <= date(today.year, 12, 31)]
    return tuple(
        Item(
            row.number, row.title,
            state_words(State(row.state), row.due, today, invented=row.invented, doubtful=row.doubtful),
            row.phrase,
        )
        for row in sorted(actions, key=lambda row: [int(part) for part in row.number.split(".") if part.isdigit()])
    )  # fmt: skip


def _steps(here: View, rows: Sequence[DeadlineRow], parts: dict[int, list[Part]], year: int) -> tuple[Step, ...]:
    """The fixed points of the year: the steps with a date of their own."""
    steps = [row for row in rows if row.origin == Origin.STEP.value and not row.invented and row.due]
    return tuple(
        Step(row.title, row_when(row, here), joined(_organisations(here, _leads(parts[row.id or 0]))))
        for row in steps
        if row.due and row.due.year == year and row.state != State.DROPPED.value
    )


def _leads(parts: Sequence[Part]) -> list[str]:
    return [part.party for part in parts if part.part == LEAD]


def _organisations(here: View, parties: Sequence[str]) -> list[str]:
    return [here.party_names[party] for party in parties]


def _message(office: Office, here: View, letter: Letter, one: LetterAddressee, now: datetime) -> Message:
    """The mail that carries the letter to one addressee."""
    key = f"letter:{here.row.slug}:{letter.year}:{one.party}"
    sender, reply_to = sender_of([here.row.name], [here], office.settings)
    identity = message_id(f"{office.installation} {key}", sender.email.rpartition("@")[2])
    title = f"Uitnodiging prestatieafspraken {letter.year}"
    attachment = Attachment(f"uitnodigingsbrief-{letter.year}.pdf", letter.pdf)
    names = here.party_names
    senders = [names[party] for party in names if _is_sender(here, party)]
    fields = LetterFields(
        person_name=one.name, letter_title=title, senders=senders, covenant=here.row.name, year=letter.year, intro="",
        meeting_words=str(letter.facts.get("spring_meeting", "")), reply_by_words="", attachment_name=attachment.name,
        base_url=office.settings.web.base_url, signature=here.row.signature or title, phone=here.row.phone,
        reply_to=reply_to,
    )  # fmt: skip
    rendered = office.wording.render("letter", dict(fields))
    body = compose(
        rendered=rendered, kind="letter", message_id=identity, date=now.astimezone(office.settings.zone),
        sender=sender, to=Address(one.email, one.name), reply_to=reply_to or None, attachments=(attachment,),
    )  # fmt: skip
    return Message(
        key=key, kind="letter", person_id=one.person_id, covenant_id=here.id, to=one.email, subject=rendered.subject,
        message_id=identity, envelope_from=sender.email, body=body, on=here.local_day(now), created_at=now,
        next_try_at=now,
    )  # fmt: skip


def _is_sender(here: View, party: str) -> bool:
    return any(one.slug == party and one.kind.value == "corporation" for one in here.parties)


def _letter(session: Session, covenant_id: int, year: int) -> Letter | None:
    return session.exec(select(Letter).where(Letter.covenant_id == covenant_id, Letter.year == year)).first()


def _addressees(session: Session, letter: Letter) -> Sequence[LetterAddressee]:
    mine = LetterAddressee.letter_id == letter.id
    return session.exec(select(LetterAddressee).where(mine).order_by(col(LetterAddressee.id))).all()


def _messages(session: Session, letter: Letter) -> Sequence[Message]:
    query = select(Message).join(LetterAddressee, col(LetterAddressee.message_id) == Message.id)
    return session.exec(query.where(LetterAddressee.letter_id == letter.id).order_by(col(Message.id))).all()


def _proof(session: Session, letter: Letter) -> tuple[str, ...]:
    """A line per addressee: who, when, and what the server said."""
    messages = {message.id: message for message in _messages(session, letter)}
    lines = []
    for one in _addressees(session, letter):
        message = messages.get(one.message_id)
        if message is None:
            lines.append(f"{one.party}: {one.email}, nog niet verstuurd")
        elif message.sent_at is None:
            lines.append(f"{one.party}: {one.email}, {message.state} {message.last_answer}".rstrip())
        else:
            day = day_words(message.sent_at.date())
            lines.append(f"{one.party}: {one.email}, verstuurd op {day} ({message.message_id}) {message.last_answer}")
    return tuple(lines)


def _step_row(session: Session, covenant_id: int, year: int) -> DeadlineRow | None:
    """The letter's own deadline: the step of kind letter that falls in this year."""
    where = (
        col(DeadlineRow.kind) == LadderKind.LETTER.value,
        deadlines.due_between(date(year, 1, 1), date(year, 12, 31)),
    )
    rows = deadlines.rows_of(session, covenant_id, *where)
    return rows[0] if rows else None


def _delivered_letters(session: Session) -> list[Letter]:
    """Letters that everybody has, with a step that is still open."""
    found = []
    for letter in session.exec(select(Letter)):
        messages, wanted = _messages(session, letter), len(_addressees(session, letter))
        row = _step_row(session, letter.covenant_id, letter.year)
        is_delivered = len(messages) == wanted and all(message.state == outbox.SENT for message in messages)
        if is_delivered and row is not None and row.state == State.OPEN.value:
            found.append(letter)
    return found


def _settle(session: Session, row: DeadlineRow, letter: Letter, now: datetime) -> None:
    """The letter's step is done for all its leads: they sent it together."""
    for part, _slug in deadlines.part_rows(session, row.id or 0):
        if part.part == LEAD and part.state == State.OPEN.value:
            part.state, part.settled_at, part.settled_by = State.DONE.value, now, letter.approved_by
            session.add(part)
    row.state, row.next_moment, row.changed_at, row.sequence = State.DONE.value, None, now, row.sequence + 1
    session.add(row)
    outbox.withdraw(session, outbox.untried_digests_about(session, [row.id or 0]), now)
    note(session, now, letter.approved_by, "gedaan", f"termijn {row.id}", "brief verstuurd", row.covenant_id)


def _template(office: Office) -> Path:
    for folder in template_folders(office.settings, "letter"):
        if (folder / TEMPLATE).exists():
            return folder / TEMPLATE
    return template_folders(office.settings, "letter")[-1] / TEMPLATE
