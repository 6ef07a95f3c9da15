"""The draft of a letter: its fields filled in, its texts kept per covenant and year, to be read as PDF or Word."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from cycle.actions.letters.content import letter_rows
from cycle.actions.letters.content.agenda import enclosure_words, enclosures_of
from cycle.actions.letters.content.facts import gather_facts, letter_kind, meeting_row
from cycle.actions.letters.content.letter_document import document_of
from cycle.actions.letters.drafts.letter_texts import Texts, texts_of
from cycle.actions.letters.drafts.lost_people import lost_words
from cycle.actions.letters.style.details import (
    LetterDetails,
    LetterParties,
    copies_of,
    mailed_to,
    usual_details,
    with_details,
    with_own,
)
from cycle.actions.office.covenant_view import CovenantView, view_of
from cycle.actions.office.office import Office
from cycle.actions.office.versions import version_of
from cycle.domain.model import Member, Role
from cycle.errors import NotFound
from cycle.letter import TEMPLATE, LetterFacts, LetterKind, printable, render
from cycle.letter.agenda import AgendaRow
from cycle.letter.blocks import TextPlace, places
from cycle.letter.facts import restored
from cycle.letter.filling import with_blocks
from cycle.letter.word_letter import WORD_TEMPLATE, render_word
from cycle.store import deadlines, letters
from cycle.store.database import Session
from cycle.store.letters import LetterName
from cycle.store.tables import Letter, LetterDraft

FROZEN = "Deze brief is al goedgekeurd; dit is die tekst."


@dataclass(frozen=True, slots=True)
class Prepared:
    """A letter as it would be approved now: its facts, its PDF, who gets it, and what somebody should know first.

    `ending` is ".docx" for a letter that was finished in Word: `pdf` are then the bytes of that file.
    """

    year: int
    pdf: bytes
    facts: LetterFacts
    addressees: tuple[tuple[str, Member], ...]
    warnings: tuple[str, ...]
    ending: str = ".pdf"


@dataclass(frozen=True, slots=True)
class Drafted:
    """A letter in words, as a page shows it. `texts` are its texts as they were typed; `version` is of those.

    `spring_meeting` is the deadline of the meeting that the letter speaks of. `step` and `title` are those of its
    step, `whose` is the name of the party of which it is the own letter. `frozen_on` is the day on which its text was
    fixed. A draft has `details` (what it says besides its texts), and `before`: what was frozen when it last became
    one. `lost` has a sentence, also among the warnings, for each who was chosen for it and does not get it.
    `attached` are the files that somebody added to the draft, by name. With `replies_to_table` answers go to the
    secretariat of the table, who may well be of a party that gets it.
    """

    year: int
    facts: LetterFacts
    addressees: tuple[tuple[str, Member], ...]
    warnings: tuple[str, ...]
    frozen_on: date | None
    texts: Texts
    version: str
    places: tuple[TextPlace, ...]
    agenda: tuple[AgendaRow, ...]
    spring_meeting: int | None
    copies: tuple[tuple[str, Member], ...] = ()
    step: str = ""
    title: str = ""
    whose: str = ""
    details: LetterDetails | None = None
    parties: LetterParties | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    attached: tuple[str, ...] = ()
    replies_to_table: bool = False

    @property
    def is_frozen(self) -> bool:
        """Whether its text is fixed."""
        return self.frozen_on is not None


def draft_of(
    office: Office, covenant: str | None, year: int, now: datetime, sender: str = "", step: str = ""
) -> Drafted:
    """The letter as it stands; a frozen one as it was frozen.

    Raises NotFound without such a step in that year, Refused when an addressee has nobody.
    """
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        row = letter_rows.step_of(session, view, year, step)
        letter_rows.signers(session, view, row, sender)  # refuses a sender who sends no letter, and a missing one
        name = letter_rows.name_of(session, view, year, sender, step)
        letter, draft = letters.letter_of(session, name), letters.draft_of(session, name)
        folder, kind = letter_rows.texts_folder(office), letter_kind(session, row)
        meeting = meeting_row(deadlines.rows_of(session, view.id), row, kind, view.local_day(now))
        texts = texts_of(session, folder, kind, name, draft)
        gathered = _gathered(office, session, view, name, now, letter, draft, texts)
        attached = tuple(letters.names_of_draft(session, draft))
        frozen_on = view.local_day(letter.approved_at) if letter is not None else None
        agenda = tuple(enclosures_of(session, view, year, view.local_day(now))) if view.settings.letter.agenda else ()
    return Drafted(
        year,
        gathered.facts,
        gathered.addressees,
        (*gathered.warnings, *gathered.lost),
        frozen_on,
        texts,
        draft_version(now, draft),
        places(kind, folder),
        agenda,
        meeting.id if meeting else None,
        gathered.copies,
        name.step,
        row.title,
        view.party_names.get(sender, sender),
        gathered.details,
        gathered.parties,
        draft.before if draft else {},
        gathered.lost,
        attached,
        not _has_own_reply(gathered.facts, view),
    )


def preview(
    office: Office, covenant: str | None, year: int, now: datetime, sender: str = "", step: str = ""
) -> Prepared:
    """The letter as it stands, with its PDF. An approved letter is shown as it was approved.

    Raises NotFound without such a step in that year, Refused when an addressee has nobody.
    """
    drafted = draft_of(office, covenant, year, now, sender, step)
    name, content = frozen_document(office, covenant, year, sender, step) if drafted.is_frozen else (".pdf", b"")
    content = content or render(drafted.facts, letter_rows.template_file(office, TEMPLATE))
    ending = name[name.rindex(".") :]
    return Prepared(year, content, drafted.facts, drafted.addressees, drafted.warnings, ending)


def word_file(
    office: Office, covenant: str | None, year: int, now: datetime, sender: str = "", step: str = ""
) -> bytes:
    """The same letter as DOCX, to change in Word; the file itself for one that was finished in Word.

    Raises Refused where docxtpl is not installed, CycleError for a template that does not fit, NotFound for a letter
    that was uploaded as a PDF.
    """
    drafted = draft_of(office, covenant, year, now, sender, step)
    if drafted.is_frozen and _is_uploaded(office, covenant, year, sender, step):
        name, content = frozen_document(office, covenant, year, sender, step)
        if not name.endswith(".docx"):
            raise NotFound("Deze brief is een PDF en geen Word-bestand.", "Haal de PDF op.")
        return content
    return render_word(
        drafted.facts, letter_rows.template_file(office, WORD_TEMPLATE), letter_rows.texts_folder(office)
    )


def _has_own_reply(facts: LetterFacts, view: CovenantView) -> bool:
    """Whether answers to a letter go to an address of its senders."""
    return bool(facts.contact.email) or facts.reply_to not in ("", view.row.reply_to)


def draft_version(now: datetime, draft: LetterDraft | None) -> str:
    """What the texts are, for the forms that change or approve them."""
    return version_of(now, *((draft,) if draft else ()))


def frozen_document(
    office: Office, covenant: str | None, year: int, sender: str = "", step: str = ""
) -> tuple[str, bytes]:
    """Name and bytes of a frozen letter: the signed one when there is one.

    Raises NotFound for a draft.
    """
    with office.database.reading() as session:
        return document_of(session, _frozen_letter(office, session, covenant, year, sender, step))


def _is_uploaded(office: Office, covenant: str | None, year: int, sender: str, step: str) -> bool:
    """Whether the letter is a file that was finished elsewhere."""
    with office.database.reading() as session:
        letter = _frozen_letter(office, session, covenant, year, sender, step)
        return bool(letters.files(session, letter, letter_rows.OWN))


def _frozen_letter(office: Office, session: Session, covenant: str | None, year: int, sender: str, step: str) -> Letter:
    view = view_of(session, office.settings, covenant)
    letter = letters.letter_of(session, letter_rows.name_of(session, view, year, sender, step))
    if letter is None:
        raise NotFound(f"De brief van {year} is nog niet goedgekeurd.", "Bekijk het concept.")
    return letter


@dataclass(frozen=True, slots=True)
class _Gathered:
    """All that is known of a letter: as it would be, or as it was frozen (then without details)."""

    facts: LetterFacts
    addressees: tuple[tuple[str, Member], ...]
    warnings: tuple[str, ...]
    copies: tuple[tuple[str, Member], ...] = ()
    details: LetterDetails | None = None
    parties: LetterParties | None = None
    lost: tuple[str, ...] = ()


def _gathered(
    office: Office,
    session: Session,
    view: CovenantView,
    name: LetterName,
    now: datetime,
    letter: Letter | None,
    draft: LetterDraft | None,
    texts: Texts,
) -> _Gathered:
    own = draft.details if draft else {}
    if letter is not None:
        rows = letters.addressees(session, letter)
        people = [(one, Member(one.person_id, one.name, one.email, one.party, Role.CONTACT)) for one in rows]
        to = tuple((row.party, person) for row, person in people if not row.is_copy)
        copies = tuple((row.party, person) for row, person in people if row.is_copy)
        lost = lost_words(session, view, own, to, copies)
        return _Gathered(restored(letter.facts, letters.logos(session, letter)), to, (FROZEN,), copies, lost=lost)
    facts, usual_people, warnings = gather_facts(session, view, name.year, view.local_day(now), name.sender, name.step)
    row = letter_rows.step_of(session, view, name.year, name.step)
    parties = letter_rows.parties_of(session, view, row, name.sender, usual_people)
    details = with_own(usual_details(session, view, name, parties, facts), own)
    facts = with_details(session, view, name, parties, facts, details, step_title=row.title)
    if facts.kind != LetterKind.INVITATION:
        facts = replace(facts, standing=(), steps=())
    elif view.settings.letter.agenda:
        facts = replace(facts, enclosures=enclosure_words(name.year))
    facts = replace(facts, attached=tuple(PurePath(one).stem for one in letters.names_of_draft(session, draft)))
    facts = with_blocks(printable(facts), letter_rows.texts_folder(office), texts.written)
    to, copies = mailed_to(view, parties, details), copies_of(view, parties, details)
    lost = lost_words(session, view, own, to, copies)
    return _Gathered(facts, to, warnings, copies, details, parties, lost)
