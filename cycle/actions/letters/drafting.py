"""The draft of a letter: its fields filled in, its texts kept per covenant and year, to be read as PDF or Word."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cycle.actions.letters import letter_rows
from cycle.actions.letters.agenda import enclosure_words, enclosures_of
from cycle.actions.letters.facts import gather_facts, spring_row
from cycle.actions.office.covenant_view import CovenantView, view_of
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.office.versions import refuse_changed, version_of
from cycle.domain.model import Member, Role
from cycle.domain.text import clean_lines
from cycle.errors import Fault, NotFound, Refused
from cycle.letter import TEMPLATE, LetterFacts, printable, render, unprintable
from cycle.letter.agenda import AgendaRow
from cycle.letter.blocks import MOST_SIGNS, TextPlace, paragraphs, places
from cycle.letter.facts import restored, with_blocks
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
    """A letter in words, as a page shows it. `own` are the places whose text somebody wrote; `version` is of the texts.

    `spring_meeting` is the deadline of the meeting that the letter invites to.
    """

    year: int
    facts: LetterFacts
    addressees: tuple[tuple[str, Member], ...]
    warnings: tuple[str, ...]
    is_frozen: bool
    own: frozenset[str]
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
        facts, addressees, warnings = _facts(office, session, view, year, now, sender, letter, draft)
        agenda = tuple(enclosures_of(session, view, year, view.local_day(now))) if view.settings.letter.agenda else ()
    return Drafted(
        year,
        facts,
        addressees,
        warnings,
        letter is not None,
        frozenset(draft.blocks if draft else ()),
        draft_version(now, draft),
        places(letter_rows.texts_folder(office)),
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


def save_texts(
    office: Office,
    covenant: str | None,
    year: int,
    texts: Mapping[str, str],
    now: datetime,
    *,
    by: str = "",
    sender: str = "",
    version: str = "",
) -> bool:
    """Keeps texts by their place; one that says what the standard text says is not kept. False when nothing changed.

    Raises Refused for a letter that is approved, a text that is too long or an unknown place; Changed when somebody
    else saved first.
    """
    drafted = draft_of(office, covenant, year, now, sender)
    _refuse_wrong_texts(drafted, texts)
    with office.database.writing() as session:
        view = view_of(session, office.settings, covenant)
        letter_rows.locked_step(session, view, year)
        if letters.letter_of(session, view.id, year, sender) is not None:
            raise Refused(f"De brief van {year} is al goedgekeurd.", "Trek eerst de goedkeuring in.")
        draft = letters.draft_of(session, view.id, year, sender, lock=True)
        about = letter_rows.about(year, sender)
        refuse_changed(session, version, about, view.id, *((draft,) if draft else ()))
        standard = _standard_texts(office, session, view, year, now, sender)
        own = {place: clean_lines(text) for place, text in texts.items() if paragraphs(text) != standard[place]}
        if own == (draft.blocks if draft else {}):
            return False
        draft = draft or LetterDraft(covenant_id=view.id, year=year, sender=sender, changed_at=now)
        draft.blocks, draft.changed_by, draft.changed_at = own, by, now
        session.add(draft)
        changed = ", ".join(one.label.lower() for one in drafted.places if one.name in own)
        note(session, now, by, "brieftekst gewijzigd", about, changed or "weer de standaardtekst", view.id)
        return True


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
    draft: LetterDraft | None,
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
        with_blocks(printable(facts), letter_rows.texts_folder(office), draft.blocks if draft else {}),
        addressees,
        warnings,
    )


def _standard_texts(
    office: Office, session: Session, view: CovenantView, year: int, now: datetime, sender: str
) -> dict[str, tuple[str, ...]]:
    facts, _people, _warnings = _facts(office, session, view, year, now, sender, None, None)
    return {block.place: block.paragraphs for block in facts.blocks}


def faults_of_texts(texts: Mapping[str, str]) -> list[Fault]:
    """What is wrong with texts, by their place: signs that the letter cannot show."""
    strange = {place: unprintable(text) for place, text in texts.items()}
    what, hint = "De letter van de brief kent deze tekens niet: {}", "Schrijf de tekst zonder die tekens."
    return [Fault(place, what.format(" ".join(signs)), hint) for place, signs in strange.items() if signs]


def _refuse_wrong_texts(drafted: Drafted, texts: Mapping[str, str]) -> None:
    known = {one.name: one.label for one in drafted.places}
    for place, text in texts.items():
        if place not in known:
            raise Refused(f"De brief heeft geen tekst {place!r}.", f"Bekend zijn: {', '.join(known)}.")
        if len(text) > MOST_SIGNS:
            raise Refused(f"De tekst “{known[place]}” is te lang.", f"Gebruik hoogstens {MOST_SIGNS} tekens.")
    for fault in faults_of_texts(texts):
        raise Refused(f"De tekst “{known[fault.place]}” kan zo niet in de brief. {fault.what}", fault.hint)
