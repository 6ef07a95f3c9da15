"""The draft of a letter: its fields filled in, its texts kept per covenant and year, to be read as PDF or Word."""

from dataclasses import dataclass, replace
from datetime import datetime

from cycle.actions.letters import letter_rows
from cycle.actions.letters.agenda import enclosure_words, enclosures_of
from cycle.actions.letters.facts import gather_facts, spring_row
from cycle.actions.letters.letter_texts import Texts, texts_of
from cycle.actions.office.covenant_view import CovenantView, view_of
from cycle.actions.office.office import Office
from cycle.actions.office.versions import version_of
from cycle.domain.model import Member, Role
from cycle.errors import NotFound
from cycle.letter import TEMPLATE, LetterFacts, printable, render
from cycle.letter.agenda import AgendaRow
from cycle.letter.blocks import TextPlace, places
from cycle.letter.facts import restored
from cycle.letter.filling import with_blocks
from cycle.letter.word_letter import WORD_TEMPLATE, render_word
from cycle.store import deadlines, letters
from cycle.store.database import Session
from cycle.store.tables import Letter, LetterDraft

FROZEN = "Deze brief is al goedgekeurd; dit is die tekst."


@dataclass(frozen=True, slots=True)
class Prepared:
    """A letter as it would be approved now: its facts, its PDF, who gets it, and what somebody should know first."""

    year: int
    pdf: bytes
    facts: LetterFacts
    addressees: tuple[tuple[str, Member], ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drafted:
    """A letter in words, as a page shows it. `texts` are its texts as they were typed; `version` is of those.

    `spring_meeting` is the deadline of the meeting that the letter invites to.
    """

    year: int
    facts: LetterFacts
    addressees: tuple[tuple[str, Member], ...]
    warnings: tuple[str, ...]
    is_frozen: bool
    texts: Texts
    version: str
    places: tuple[TextPlace, ...]
    agenda: tuple[AgendaRow, ...]
    spring_meeting: int | None


def draft_of(office: Office, covenant: str | None, year: int, now: datetime, sender: str = "") -> Drafted:
    """The letter as it stands; a frozen one as it was frozen.

    Raises NotFound without such a step in that year, Refused when an addressee has nobody.
    """
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        letter_rows.refuse_missing_sender(view, sender)
        step = letter_rows.step_of(session, view, year)
        letter_rows.signers(session, view, step, sender)  # refuses a sender who sends no letter
        letter = letters.letter_of(session, view.id, year, sender)
        draft = letters.draft_of(session, view.id, year, sender)
        spring = spring_row(deadlines.rows_of(session, view.id), year)
        folder, kind = letter_rows.texts_folder(office), letter_rows.kind_of(step)
        texts = texts_of(session, folder, kind, view.id, year, sender, draft)
        facts, addressees, warnings = _facts(office, session, view, year, now, sender, letter, texts)
        agenda = tuple(enclosures_of(session, view, year, view.local_day(now))) if view.settings.letter.agenda else ()
    return Drafted(
        year,
        facts,
        addressees,
        warnings,
        letter is not None,
        texts,
        draft_version(now, draft),
        places(kind, folder),
        agenda,
        spring.id if spring else None,
    )


def preview(office: Office, covenant: str | None, year: int, now: datetime, sender: str = "") -> Prepared:
    """The letter as it stands, with its PDF. An approved letter is shown as it was approved.

    Raises NotFound without such a step in that year, Refused when an addressee has nobody.
    """
    drafted = draft_of(office, covenant, year, now, sender)
    pdf = frozen_pdf(office, covenant, year, sender) if drafted.is_frozen else None
    pdf = pdf or render(drafted.facts, letter_rows.template_file(office, TEMPLATE))
    return Prepared(year, pdf, drafted.facts, drafted.addressees, drafted.warnings)


def word_file(office: Office, covenant: str | None, year: int, now: datetime, sender: str = "") -> bytes:
    """The same letter as DOCX, to change in Word.

    Raises Refused where docxtpl is not installed, CycleError for a template that does not fit.
    """
    drafted = draft_of(office, covenant, year, now, sender)
    return render_word(
        drafted.facts, letter_rows.template_file(office, WORD_TEMPLATE), letter_rows.texts_folder(office)
    )


def draft_version(now: datetime, draft: LetterDraft | None) -> str:
    """What the texts are, for the forms that change or approve them."""
    return version_of(now, *((draft,) if draft else ()))


def frozen_pdf(office: Office, covenant: str | None, year: int, sender: str = "") -> bytes:
    """The PDF of a frozen letter: the signed one when there is one.

    Raises NotFound for a draft.
    """
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        letter = letters.letter_of(session, view.id, year, sender)
        if letter is None:
            raise NotFound(f"De brief van {year} is nog niet goedgekeurd.", "Bekijk het concept.")
        return letter_pdf(session, letter)


def letter_pdf(session: Session, letter: Letter) -> bytes:
    """The PDF that goes out."""
    signed = letters.files(session, letter, letter_rows.SIGNED)
    return signed[-1].content if signed else letter.pdf


def _facts(
    office: Office,
    session: Session,
    view: CovenantView,
    year: int,
    now: datetime,
    sender: str,
    letter: Letter | None,
    texts: Texts,
) -> tuple[LetterFacts, tuple[tuple[str, Member], ...], tuple[str, ...]]:
    if letter is not None:
        people = tuple(
            (one.party, Member(one.person_id, one.name, one.email, one.party, Role.CONTACT))
            for one in letters.addressees(session, letter)
        )
        return restored(letter.facts), people, (FROZEN,)
    facts, addressees, warnings = gather_facts(session, view, year, view.local_day(now), sender)
    if view.settings.letter.agenda:
        facts = replace(facts, enclosures=enclosure_words(year))
    return (
        with_blocks(printable(facts), letter_rows.texts_folder(office), texts.written),
        addressees,
        warnings,
    )
