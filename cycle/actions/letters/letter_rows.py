"""What each action on a letter asks first: its step, who signs it, where its template lies, what it is called."""

from pathlib import Path

from cycle.actions.letters.facts import step_row
from cycle.actions.office.covenant_view import CovenantView
from cycle.actions.office.office import Office, template_folders
from cycle.errors import NotFound, Refused
from cycle.letter import LetterKind
from cycle.store import deadlines
from cycle.store.database import Session
from cycle.store.deadlines import LEAD
from cycle.store.ids import id_of
from cycle.store.tables import DeadlineRow

ENCLOSURE, SIGNED, PROOF = "bijlage", "getekend", "bewijs"


def locked_step(session: Session, view: CovenantView, year: int) -> DeadlineRow:
    """The letter's deadline, locked: whoever freezes, sends or settles a letter waits here for the other.

    Raises NotFound for a year without a letter.
    """
    return deadlines.row_by_id(session, id_of(step_of(session, view, year)), view.id, lock=True)


def step_of(session: Session, view: CovenantView, year: int) -> DeadlineRow:
    """The letter's deadline. Raises NotFound for a year without a letter."""
    row = step_row(session, view.id, year)
    if row is None:
        raise NotFound(f"In {year} is er geen uitnodigingsbrief.", "Kijk met: cycle plan JAAR")
    return row


def signers(session: Session, view: CovenantView, row: DeadlineRow, sender: str) -> list[str]:
    """Who must approve a letter: its senders, by slug.

    Raises NotFound for a sender who sends no letter of their own.
    """
    leads = [slug for part, slug in deadlines.part_rows(session, id_of(row)) if part.part == LEAD]
    if not sender:
        return leads
    if view.settings.letter.joint or sender not in leads:
        raise NotFound(f"{sender!r} stuurt geen eigen uitnodigingsbrief.", "Kijk bij letter.joint in de instellingen.")
    return [sender]


def refuse_missing_sender(view: CovenantView, sender: str) -> None:
    """With a letter per corporation, somebody has to say whose. Raises Refused."""
    if not sender and not view.settings.letter.joint:
        raise Refused("Elke corporatie stuurt hier een eigen brief.", "Zeg van wie, met --sender PARTIJ.")


def kind_of(row: DeadlineRow) -> str:
    """Of which kind the letter of a step is."""
    return LetterKind.INVITATION


def about(year: int, sender: str) -> str:
    """What the logbook calls a letter."""
    return f"uitnodigingsbrief {year}" + (f" {sender}" if sender else "")


def template_file(office: Office, name: str) -> Path:
    """A template of the letter: the own one beside config.toml, else the one that came along."""
    folders = template_folders(office.settings, "letter")
    return next((folder / name for folder in folders if (folder / name).is_file()), folders[-1] / name)


def texts_folder(office: Office) -> Path:
    """Where the standard texts stand."""
    return template_folders(office.settings, "letter")[0]
