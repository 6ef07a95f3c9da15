"""Files that somebody adds to a letter before it is frozen: they are read, approved and sent with it.

They stay with the draft: a letter that becomes one again has them still. The next year begins without.
"""

from datetime import datetime
from pathlib import PurePath

from cycle.actions.letters.content import letter_rows
from cycle.actions.letters.content.agenda import agenda_name
from cycle.actions.letters.drafts.signed_copy import refuse_strange_attachment
from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.domain.files import as_file_name
from cycle.errors import NotFound, Refused
from cycle.letter import unprintable
from cycle.store import letters
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.letters import LetterName
from cycle.store.tables import LetterDraft, LetterDraftFile

MOST_FILES, MOST_NAME = 10, 100
"""So many files go along at most, and so long may the name of one be."""


def attach(
    office: Office,
    covenant: str | None,
    year: int,
    name: str,
    content: bytes,
    now: datetime,
    *,
    by: str = "",
    sender: str = "",
    step: str = "",
) -> str:
    """Adds a file that goes along with the letter; returns its name.

    Raises Unreadable for what is no document or holds something that acts by itself; Refused for a letter that is
    frozen, for too many files, and for a name that another has, that is too long or cannot be printed.
    """
    name = as_file_name(name)
    refuse_strange_attachment(name, content)
    with office.database.writing() as session:
        letter, draft = _open_draft(session, office, covenant, year, sender, step, now)
        there = letters.names_of_draft(session, draft)
        _refuse_name(name, [*there, *(f"{agenda_name(year)}.{kind}" for kind in ("pdf", "docx", "xlsx"))])
        if len(there) >= MOST_FILES:
            raise Refused(f"Er gaan al {MOST_FILES} bestanden mee.", "Haal er een weg, of voeg bestanden samen.")
        draft.changed_by, draft.changed_at = by, now
        session.add(draft)
        session.flush()
        session.add(LetterDraftFile(draft_id=id_of(draft), name=name, content=content, added_by=by, added_at=now))
        note(session, now, by, "bijlage toegevoegd", letter_rows.about(letter), name, letter.covenant_id)
        return name


def detach(
    office: Office,
    covenant: str | None,
    year: int,
    name: str,
    now: datetime,
    *,
    by: str = "",
    sender: str = "",
    step: str = "",
) -> bool:
    """Takes an added file away again. False when it was not there. Raises Refused for a letter that is frozen."""
    with office.database.writing() as session:
        letter, draft = _open_draft(session, office, covenant, year, sender, step, now)
        row = next((one for one in letters.files_of_draft(session, draft) if one.name == name), None)
        if row is None:
            return False
        session.delete(row)
        draft.changed_by, draft.changed_at = by, now
        session.add(draft)
        note(session, now, by, "bijlage weggehaald", letter_rows.about(letter), name, letter.covenant_id)
        return True


def attached(office: Office, covenant: str | None, year: int, name: str, sender: str = "", step: str = "") -> bytes:
    """One of the files of a letter that is not frozen. Raises NotFound."""
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        draft = letters.draft_of(session, letter_rows.name_of(session, view, year, sender, step))
        for file in letters.files_of_draft(session, draft):
            if file.name == name:
                return file.content
    raise NotFound("Dit bestand is er niet.", "Kijk op de pagina van de brief welke bestanden er zijn.")


def _open_draft(
    session: Session, office: Office, covenant: str | None, year: int, sender: str, step: str, now: datetime
) -> tuple[LetterName, LetterDraft]:
    """The draft to change, locked, and which letter it is of. Raises Refused for one that is frozen."""
    view = view_of(session, office.settings, covenant)
    letter_rows.signers(session, view, letter_rows.locked_step(session, view, year, step), sender)
    name = letter_rows.name_of(session, view, year, sender, step)
    if letters.letter_of(session, name) is not None:
        raise Refused(f"De brief van {year} ligt al vast.", "Maak er eerst weer een concept van.")
    draft = letters.draft_of(session, name, lock=True)
    return name, draft or LetterDraft(**name._asdict(), changed_at=now)


def _refuse_name(name: str, taken: list[str]) -> None:
    if name.casefold() in {one.casefold() for one in taken}:
        raise Refused(f"Er gaat al een bestand mee dat {name} heet.", "Haal dat eerst weg, of kies een andere naam.")
    if len(name) > MOST_NAME:
        raise Refused("De naam van het bestand is te lang.", f"Geef het een naam van hoogstens {MOST_NAME} tekens.")
    if signs := unprintable(PurePath(name).stem):
        raise Refused(f"De letter van de brief kent deze tekens niet: {' '.join(signs)}", "Geef het een andere naam.")
