"""Sending: the approved letter goes into the outbox, once for each addressee. The outbox keeps the proof.

The step is settled when the last addressee has it.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from cycle.actions.letters.content import letter_rows
from cycle.actions.letters.content.facts import letter_kind, meeting_row, organisations
from cycle.actions.letters.content.letter_document import files_of, with_who_agreed
from cycle.actions.letters.dispatch.behind_link import files_path, is_too_heavy
from cycle.actions.letters.dispatch.sent_letters import settle_step
from cycle.actions.letters.drafts.drafting import draft_of
from cycle.actions.letters.drafts.lost_people import left_since
from cycle.actions.letters.drafts.standing import LetterStage, LetterState, missing, standing
from cycle.actions.office.covenant_view import CovenantView, row_when, sender_of, view_of
from cycle.actions.office.letterbox import Envelope, outgoing
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.office.unmade import put_troubles
from cycle.domain.files import size_words
from cycle.domain.letters import asks_about_date, asks_before_sending
from cycle.domain.mail_kinds import LETTER
from cycle.domain.model import State
from cycle.domain.seeing import is_running
from cycle.domain.troubles import Troubles
from cycle.domain.words import day_words, joined
from cycle.errors import CycleError, Refused
from cycle.letter import ContactPerson, LetterKind
from cycle.letter.blocks import MAIL, SUBJECT
from cycle.letter.facts import restored
from cycle.letter.filling import block_of
from cycle.letter.letter_markup import as_groups, parts_of, plain_text
from cycle.mail.compose import Address, Attachment
from cycle.mail.fields import LetterFields, WhomToAsk
from cycle.store import deadlines, letters
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.outbox import putting
from cycle.store.outbox.labels import SENT
from cycle.store.tables import DeadlineRow, Letter, LetterAddressee, LetterFile, Message

ASK_OPERATOR = "Laat de beheerder kijken met: cycle doctor"

CARRIES = "Hierbij krijgt u onze brief."
"""What the mail says when its text was left out, and with a letter of an older version."""

MISSED: Mapping[str, tuple[str, ...]] = {
    LetterKind.OFFER: ("Er gaat geen bijlage mee. Hoort het bod er niet bij?",),
    LetterKind.SIGNED: ("Er gaat geen bijlage mee. Horen de ondertekende afspraken er niet bij?",),
}
"""What is asked of a letter that sends something, when nothing was added to it."""

log = logging.getLogger(__name__)


def send(
    office: Office, covenant: str | None, year: int, now: datetime, *, by: str = "", sender: str = "", step: str = ""
) -> LetterState:
    """Puts the approved letter into the outbox, once for each addressee. Delivering is another action.

    Raises Refused while the covenant is held or a sender has not approved it, or when it was sent without us.
    """
    final = _final(office, covenant, year, sender, step)
    with office.database.writing() as session:
        view = view_of(session, office.settings, covenant)
        letter_rows.signers(session, view, letter_rows.locked_step(session, view, year, step), sender)
        letter = letters.letter_of(session, letter_rows.name_of(session, view, year, sender, step), lock=True)
        letter = _ready(session, view, letter, year, sender, step)
        unsent = [one for one in letters.addressees(session, letter) if one.message_id is None]
        if not unsent:
            return _standing(session, view, letter, "was al verstuurd; er gaat niets nog een keer", changed=False)
        _keep_final(session, letter, final, by, now)
        shown_as = display_name(session, letter)
        made, unmade = _messages(session, office, view, letter, unsent, files_of(session, letter), shown_as, now)
        if not made:
            raise CycleError(f"De mails met de brief van {year} zijn niet te maken.", ASK_OPERATOR)
        for addressee, message in made:
            putting.put(session, message, (), now)
            addressee.message_id = message.id
            session.add(addressee)
        session.flush()
        note(session, now, by, "brief verstuurd", letter_rows.about_letter(letter), f"{len(made)} mails", view.id)
        words = f"{len(made)} mails staan klaar om te gaan"
        if unmade:
            words += f"; die aan {joined(unmade)} niet, want die was niet te maken. {ASK_OPERATOR}"
        return _standing(session, view, letter, words, changed=True)


def _final(office: Office, covenant: str | None, year: int, sender: str, step: str) -> bytes:
    """The letter with who agreed, made before the transaction that sends it; nothing while it may not go anyway."""
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        letter_rows.signers(session, view, letter_rows.step_of(session, view, year, step), sender)
        letter = letters.letter_of(session, letter_rows.name_of(session, view, year, sender, step))
        if letter is None or missing(standing(session, view, year, sender, step).approvals):
            return b""
        if letters.files(session, letter, letter_rows.FINAL):
            return b""
        return with_who_agreed(office, session, view, letter)


def _keep_final(session: Session, letter: Letter, final: bytes, by: str, now: datetime) -> None:
    if not final or letters.files(session, letter, letter_rows.FINAL, letter_rows.SIGNED, letter_rows.OWN):
        return
    name = f"{letter.step or letter_rows.FIRST_STEP}-{letter.year}.pdf"
    file = LetterFile(
        letter_id=id_of(letter), kind=letter_rows.FINAL, name=name, content=final, added_by=by, added_at=now
    )
    session.add(file)
    session.flush()


def recipients(
    office: Office, covenant: str | None, year: int, sender: str = "", step: str = ""
) -> list[tuple[str, str]]:
    """Whom sending would mail now: name and address. Nobody for a letter that is no longer to be sent."""
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        letter = letters.letter_of(session, letter_rows.name_of(session, view, year, sender, step))
        if (
            letter is None
            or letter.outside_on is not None
            or not is_running(view.row.released_at, view.row.archived_at)
        ):
            return []
        return [(one.name, one.email) for one in letters.addressees(session, letter) if one.message_id is None]


def questions_before_sending(
    office: Office, covenant: str | None, year: int, now: datetime, *, sender: str = "", step: str = ""
) -> tuple[str, ...]:
    """What looks strange about sending this letter now, as questions to whoever is about to."""
    lost = draft_of(office, covenant, year, now, sender, step).lost
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        name = letter_rows.name_of(session, view, year, sender, step)
        letter, row = letters.letter_of(session, name), letter_rows.step_of(session, view, year, step)
        is_invitation = letter_kind(session, row) == LetterKind.INVITATION
        questions = asks_before_sending(year, view.local_day(now), due=row.due, agreed=row_when(row, view))
        if letter is not None:
            questions += asks_about_date(date.fromisoformat(letter.facts["letter_date"]), view.local_day(now))
        if row.state == State.DONE:
            questions += ("Deze stap staat al als klaar: is de brief niet al verstuurd?",)
        if letter is not None and is_invitation and not letter.facts.get("spring_meeting"):
            questions += ("De brief noemt nog geen datum voor het overleg.",)
        if letter is not None and letter.facts.get("spring_meeting"):
            questions += _asks_about_meeting(session, view, row, view.local_day(now))
        if letter is not None and not letters.files(session, letter, letter_rows.ATTACHED, letter_rows.OWN):
            questions += MISSED.get(letter.facts.get("kind", ""), ())
        unsent = [one for one in letters.addressees(session, letter) if one.message_id is None] if letter else []
        return (*questions, *lost, *left_since(view, unsent, view.local_day(now)))


def _asks_about_meeting(session: Session, view: CovenantView, row: DeadlineRow, today: date) -> tuple[str, ...]:
    """What is asked of a letter that speaks of a meeting which was already."""
    meeting = meeting_row(deadlines.rows_of(session, view.id), row, letter_kind(session, row), today)
    if meeting is None or meeting.meeting_day is None or meeting.meeting_day >= today:
        return ()
    return (f"Het {meeting.title.lower()} was op {day_words(meeting.meeting_day)}. Toch nu versturen?",)


def settle_sent_letters(office: Office, now: datetime) -> int:
    """Marks the step of each letter done once every addressee has it; returns how many. One that fails is told."""
    with office.database.reading() as session:
        waiting = letters.sent_with_open_step(session)
    settled, troubles = 0, Troubles()
    for letter_id, deadline_id, covenant in waiting:
        with troubles.about(covenant, f"termijn {deadline_id} van de brief"), office.database.writing() as session:
            row, letter = deadlines.row_by_id(session, deadline_id, lock=True), session.get_one(Letter, letter_id)
            if row.state == State.OPEN and _everybody_has_it(session, letter):
                settled += settle_step(session, row, letter, now, letter.approved_by, "brief verstuurd")
    put_troubles(office, troubles, now)
    return settled


def _ready(session: Session, view: CovenantView, letter: Letter | None, year: int, sender: str, step: str) -> Letter:
    """The letter, when it may go."""
    if not is_running(view.row.released_at, view.row.archived_at):
        raise Refused("Er gaat nog geen mail naar de partijen.", "Geef de afspraken eerst vrij.")
    if letter is None:
        raise Refused(
            f"De brief van {year} is nog niet goedgekeurd.", f"Doe eerst: cycle letter {year} approve --as MAIL"
        )
    if letter.outside_on is not None:
        raise Refused("Deze brief is buiten cycle om verstuurd.", "Maak dat eerst ongedaan.")
    waiting = missing(standing(session, view, year, sender, step).approvals)
    if waiting:
        names = joined(organisations(view, waiting))
        raise Refused(f"De brief van {year} is nog niet goedgekeurd door {names}.", "Vraag eerst om goedkeuring.")
    return letter


def _standing(session: Session, view: CovenantView, letter: Letter, words: str, *, changed: bool) -> LetterState:
    state = standing(session, view, letter.year, letter.sender, letter.step)
    stage = LetterStage.SENDING if changed else LetterStage.SENT
    return LetterState(letter.year, stage, words, state.proof, changed, state.lines, state.approvals)


def _messages(
    session: Session,
    office: Office,
    view: CovenantView,
    letter: Letter,
    unsent: Sequence[LetterAddressee],
    attachments: tuple[Attachment, ...],
    shown_as: str,
    now: datetime,
) -> tuple[list[tuple[LetterAddressee, Message]], list[str]]:
    """The mail to each addressee, and the names of those whose mail cannot be made: they hold up nobody else."""
    made, unmade = [], []
    for addressee in unsent:
        try:
            link = files_link(session, office, view, letter, addressee.person_id, attachments, now)
            made.append((addressee, _message(office, view, letter, addressee, attachments, link, shown_as, now)))
        except Exception as error:
            log.error("the letter to person %s could not be made: %s", addressee.person_id, type(error).__name__)
            unmade.append(addressee.name)
    return made, unmade


def _message(
    office: Office,
    view: CovenantView,
    letter: Letter,
    addressee: LetterAddressee,
    attachments: tuple[Attachment, ...],
    link: str,
    shown_as: str,
    now: datetime,
) -> Message:
    """The mail that carries the letter to one addressee, or where it stands."""
    of_sender = f":{letter.sender}" if letter.sender else ""
    of_step = "" if letter.step in ("", letter_rows.FIRST_STEP) else f":{letter.step}"
    key = f"{LETTER.name}:{view.row.slug}:{letter.year}{of_step}{of_sender}:{addressee.party}"
    key += f":kopie:{addressee.person_id}" if addressee.is_copy else ""
    sender, reply_to = envelope_of(office, view, letter, shown_as)
    rendered = office.wording.render(LETTER.name, dict(_fields(office, view, letter, addressee, attachments, link)))
    to = Address(addressee.email, addressee.name)
    envelope = Envelope(key, to, sender, reply_to, addressee.person_id, view.id)
    envelope = envelope if link else replace(envelope, attachments=attachments)
    return outgoing(office, LETTER, rendered, envelope, now)


def files_link(
    session: Session,
    office: Office,
    view: CovenantView,
    letter: Letter,
    person: int,
    files: Sequence[Attachment],
    now: datetime,
) -> str:
    """Where somebody fetches what is too heavy for mail; "" for what goes along."""
    if not is_too_heavy(files) or not office.settings.web.base_url:
        return ""
    return office.settings.web.base_url + files_path(session, office, letter, person, view.local_day(now))


def display_name(session: Session, letter: Letter) -> str:
    """As whom the mails of a letter come: by the house style of its senders, else by their names."""
    styles = letters.letterheads(session, letter.covenant_id)
    style = styles.get(letter.sender)
    names = [sender["name"] for sender in letter.facts["senders"]]
    return style.display_name if style is not None and style.display_name else joined(names)


def envelope_of(office: Office, view: CovenantView, letter: Letter, shown_as: str) -> tuple[Address, str]:
    """From whom, and where answers go: the address stays the configured one (DMARC), the rest is the sender's."""
    sender, reply_to = sender_of([view.row.name], [view], office.settings)
    return Address(sender.email, shown_as), str(letter.facts.get("reply_to") or reply_to)


def asked_about(office: Office, view: CovenantView, letter: Letter, title: str) -> WhomToAsk:
    """To whom questions about a letter go: its contact person or its senders, as the letter itself says. Only a letter
    of which nobody said so has the secretariat of the agreements, with its phone and its address together."""
    facts = restored(letter.facts)
    if facts.contact == ContactPerson() and facts.reply_to in ("", view.row.reply_to):
        _sender, reply_to = envelope_of(office, view, letter, "")
        return {"signature": view.row.signature or title, "phone": view.row.phone, "reply_to": reply_to}
    return {
        "signature": facts.contact.name or joined([one.name for one in facts.senders]),
        "phone": facts.contact.phone or facts.phone,
        "reply_to": facts.contact.email or facts.reply_to,
    }


def title_of(office: Office, letter: Letter) -> str:
    """What the mails of a letter call it: its subject, else by its year."""
    subject = block_of(restored(letter.facts).blocks, SUBJECT)
    return " ".join(part.text for part in subject.parts) or office.wording.say("letter.title", year=str(letter.year))


def _fields(
    office: Office,
    view: CovenantView,
    letter: Letter,
    addressee: LetterAddressee,
    attachments: tuple[Attachment, ...],
    link: str,
) -> LetterFields:
    """What the mail says around the letter."""
    facts = restored(letter.facts)
    parts = block_of(facts.blocks, MAIL).parts or parts_of(CARRIES)
    title = title_of(office, letter)
    return LetterFields(
        person_name=addressee.name,
        letter_title=title,
        senders=[sender["name"] for sender in letter.facts["senders"]],
        covenant=view.row.name,
        year=letter.year,
        salutation=_salutation(view, letter, addressee),
        text=plain_text(parts),
        groups=as_groups(parts),
        enclosed=[f"{part.name} ({size_words(len(part.content))})" for part in attachments],
        link=link,
        size_words=f"samen {size_words(sum(len(part.content) for part in attachments))}",
        base_url=office.settings.web.base_url,
        **asked_about(office, view, letter, title),
    )


def _salutation(view: CovenantView, letter: Letter, addressee: LetterAddressee) -> str:
    """How the letter greets them; nothing for who gets a copy, who is greeted by name."""
    name = view.party_names.get(addressee.party, "")
    named = {one["organisation"]: one.get("salutation", "") for one in letter.facts["addressees"]}
    return "" if addressee.is_copy else str(named.get(name, ""))


def _everybody_has_it(session: Session, letter: Letter) -> bool:
    messages: Sequence[Message] = letters.messages(session, letter)
    is_complete = len(messages) == len(letters.addressees(session, letter))
    return is_complete and all(message.state == SENT for message in messages)
