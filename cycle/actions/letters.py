"""The invitation letter of a year: preview, approve, send (agreement 5.9).

Approval freezes text and addressees. Sending mails each addressee once; the step is settled when the last of them has
it, and the outbox keeps the proof.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import extract
from sqlmodel import Session, col, select

from cycle.actions.digests import sender_of
from cycle.actions.letter_facts import gather_facts, organisations
from cycle.actions.logbook import note
from cycle.actions.office import Office, template_folders
from cycle.actions.views import View, view
from cycle.domain.model import LadderKind, Member, State
from cycle.domain.words import day_words, joined
from cycle.errors import Refused
from cycle.letter import TEMPLATE, LetterFacts, render
from cycle.mail.compose import Address, Attachment, compose, message_id
from cycle.mail.fields import LetterFields
from cycle.store import deadlines, outbox
from cycle.store.columns import columns
from cycle.store.deadlines import LEAD
from cycle.store.tables import DeadlineRow, Letter, LetterAddressee, Message


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
        facts, addressees, warnings = gather_facts(session, here, year, here.local_day(now))
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
        names = joined(organisations(here, [party for party, _who in prepared.addressees]))
        return LetterState(year, "approved", f"goedgekeurd door {by}; hij gaat naar {names}", _proof(session, letter))


def send(office: Office, covenant: str | None, year: int, now: datetime, *, by: str = "") -> LetterState:
    """Puts the approved letter into the outbox, once for each addressee. Delivering is another action.

    Raises Refused when nobody approved it.
    """
    with office.database.writing() as session:
        here = view(session, office.settings, covenant)
        letter = _letter(session, here.id, year, lock=True)
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
        waiting = _letters_with_open_step(session)
    settled = 0
    for letter_id, deadline_id in waiting:
        with office.database.writing() as session:
            letter, row = session.get_one(Letter, letter_id), deadlines.one(session, deadline_id, lock=True)
            if row.state == State.OPEN.value and _everybody_has_it(session, letter):
                _settle(session, row, letter, now)
                settled += 1
    return settled


def _message(office: Office, here: View, letter: Letter, one: LetterAddressee, now: datetime) -> Message:
    """The mail that carries the letter to one addressee."""
    key = f"letter:{here.row.slug}:{letter.year}:{one.party}"
    sender, reply_to = sender_of([here.row.name], [here], office.settings)
    identity = message_id(f"{office.installation} {key}", sender.email.rpartition("@")[2])
    title = office.wording.say("letter.title", year=str(letter.year))
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


def _letter(session: Session, covenant_id: int, year: int, *, lock: bool = False) -> Letter | None:
    query = select(Letter).where(Letter.covenant_id == covenant_id, Letter.year == year)
    return session.exec(query.with_for_update() if lock else query).first()


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


def _letters_with_open_step(session: Session) -> list[tuple[int, int]]:
    """Letters and their step's deadline, as far as that is still open and a mail of the letter was sent."""
    query = (
        columns(Letter.id, DeadlineRow.id)
        .join(DeadlineRow, col(DeadlineRow.covenant_id) == Letter.covenant_id)
        .join(LetterAddressee, col(LetterAddressee.letter_id) == Letter.id)
        .join(Message, col(Message.id) == LetterAddressee.message_id)
        .where(
            col(DeadlineRow.kind) == LadderKind.LETTER.value, col(DeadlineRow.state) == State.OPEN.value,
            extract("year", col(DeadlineRow.due)) == Letter.year, col(Message.state) == outbox.SENT,
        )
        .distinct()
    )  # fmt: skip
    return [(letter, deadline) for letter, deadline in session.exec(query)]


def _everybody_has_it(session: Session, letter: Letter) -> bool:
    messages = _messages(session, letter)
    is_complete = len(messages) == len(_addressees(session, letter))
    return is_complete and all(message.state == outbox.SENT for message in messages)


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
