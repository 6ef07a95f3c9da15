"""What each action on a letter asks first: its step, who signs it, where its template lies, what it is called."""

from collections.abc import Sequence
from pathlib import Path

from cycle.actions.letters.content.facts import step_name, step_row
from cycle.actions.letters.style.details import LetterParties
from cycle.actions.office.covenant_view import CovenantView
from cycle.actions.office.office import Office, template_folders
from cycle.domain.letters import JOINT
from cycle.domain.model import Member
from cycle.domain.words import joined
from cycle.errors import NotFound, Refused
from cycle.store import deadlines, letters
from cycle.store.database import Session, found_once
from cycle.store.deadlines import LEAD
from cycle.store.ids import id_of
from cycle.store.letters import LetterName
from cycle.store.tables import DeadlineRow, Letter

ENCLOSURE, SIGNED, PROOF = "bijlage", "getekend", "bewijs"
OWN, FINAL, PAPER = "eigen", "definitief", "papier"
"""Kinds of files of a letter: uploaded as the letter itself; as it goes out; the scan of an approval (by party)."""
ATTACHED = "toegevoegd"
"""What somebody added to the letter, beside the enclosures that we make."""
SHOWN = (ENCLOSURE, SIGNED, PROOF, OWN, PAPER, ATTACHED)
"""Those that people see as files of the letter."""
FIRST_STEP = "uitnodigingsbrief"
"""What the letter is called of which no step is known."""


def locked_step(session: Session, view: CovenantView, year: int, step: str = "") -> DeadlineRow:
    """The letter's deadline, locked: whoever freezes, sends or settles a letter waits here for the other.

    Raises NotFound for a year without a letter.
    """
    return deadlines.row_by_id(session, id_of(step_of(session, view, year, step)), view.id, lock=True)


def step_of(session: Session, view: CovenantView, year: int, step: str = "") -> DeadlineRow:
    """The letter's deadline: of a step, or of the first letter of the year. Raises NotFound when there is none."""
    row = step_row(session, view.id, year, step)
    if row is None:
        raise NotFound(f"In {year} is er geen {step or 'uitnodigingsbrief'}.", "Kijk met: cycle plan JAAR")
    return row


def name_of(session: Session, view: CovenantView, year: int, sender: str = "", step: str = "") -> LetterName:
    """Which letter it is, by the name of its step. Raises NotFound for a year without one."""
    row = step_of(session, view, year, step)
    return LetterName(view.id, year, step_name(session, row), sender)


def senders(session: Session, view: CovenantView, row: DeadlineRow) -> list[str]:
    """Whose letters of a step there are: nobody's in particular ("") for a joint one, else each lead's own.

    What was begun otherwise, before a table chose, goes on as it was begun: a joint letter that is frozen stands in the
    place of those of each, and the own letter of a party beside a joint one.
    """
    leads, begun = _leads(session, row), _begun(session, view, row)
    is_joint = view.settings.letter.joint and (row.joint or len(leads) < 2)
    first = [JOINT] if is_joint or JOINT in begun or not leads else leads
    return [*first, *(one for one in begun if one not in first)]


def signers(session: Session, view: CovenantView, row: DeadlineRow, sender: str) -> list[str]:
    """Who must approve a letter: its senders, by slug.

    Raises Refused when nobody says whose it is where each sends one of their own, NotFound for a sender who sends none.
    """
    there = senders(session, view, row)
    if sender not in there and not sender:
        raise Refused("Elke afzender stuurt hier een eigen brief.", f"Zeg van wie, met --sender: {joined(there)}.")
    if sender not in there:
        own = joined([one for one in there if one != JOINT])
        hint = f"Een eigen brief sturen: {own}." if own else "De afzenders sturen samen één brief: noem er geen."
        raise NotFound(f"{sender!r} stuurt hier geen eigen brief.", hint)
    return [sender] if sender else _leads(session, row)


def _leads(session: Session, row: DeadlineRow) -> list[str]:
    return [slug for part, slug in deadlines.part_rows(session, id_of(row)) if part.part == LEAD]


def _begun(session: Session, view: CovenantView, row: DeadlineRow) -> list[str]:
    """Whose letters of this step are frozen."""
    if row.due is None:
        return []
    name = LetterName(view.id, row.due.year, step_name(session, row))
    return found_once(session, ("begun", row.id), lambda: letters.begun(session, name))


def parties_of(
    session: Session, view: CovenantView, row: DeadlineRow, sender: str, people: Sequence[tuple[str, Member]]
) -> LetterParties:
    """Between whom a letter goes: its senders, and who of each addressed party would get the mail."""
    return LetterParties(tuple(signers(session, view, row, sender)), tuple(people))


def about(name: LetterName) -> str:
    """What the logbook calls a letter: by its step, and by whose it is."""
    kind = FIRST_STEP if name.step in ("", FIRST_STEP) else f"brief {name.step}"
    return " ".join(part for part in (kind, str(name.year), name.sender) if part)


def about_letter(letter: Letter) -> str:
    """The same of a letter that is frozen."""
    return about(name_of_letter(letter))


def name_of_letter(letter: Letter) -> LetterName:
    """Which letter a frozen one is."""
    return LetterName(letter.covenant_id, letter.year, letter.step, letter.sender)


def template_file(office: Office, name: str) -> Path:
    """A template of the letter: the own one beside config.toml, else the one that came along."""
    folders = template_folders(office.settings, "letter")
    return next((folder / name for folder in folders if (folder / name).is_file()), folders[-1] / name)


def texts_folder(office: Office) -> Path:
    """Where the standard texts stand."""
    return template_folders(office.settings, "letter")[0]
