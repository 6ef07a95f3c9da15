"""A covenant as a folder that `cycle import` takes back without a difference: covenant.toml, its register and logos.

What people did (decisions, answers, mails, meetings, absences) is not in it; a back-up has that.
"""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from cycle.actions.office.covenant_view import CovenantView, view_of
from cycle.actions.office.office import Office
from cycle.actions.register.folders.folder_content import covenant_of
from cycle.actions.register.folders.folder_styles import styles_of
from cycle.actions.register.reading_in.importing import REGISTER
from cycle.actions.register.writing_out.exporting import register_sheet
from cycle.errors import CycleError, Refused, reason_of
from cycle.intake.covenant import COVENANT, CovenantFile
from cycle.intake.covenant_writing import covenant_text
from cycle.private import make_folder, write_file
from cycle.sheets import csv_table
from cycle.store import register
from cycle.store.database import Session

FIRST_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
"""The moment of what lies in a zip: the same covenant gives the same bytes."""


@dataclass(frozen=True, slots=True)
class FolderWritten:
    """What was written of a covenant, in counts."""

    slug: str
    agreements: int
    people: int


def export_folder(office: Office, covenant: str | None, folder: Path, *, yes: bool = False) -> FolderWritten:
    """Writes the folder of a covenant, for its owner alone.

    Raises NotFound, CycleError when it cannot be written, and Refused for a folder that has something in it already,
    unless `yes` says that these files may take the place of what bears their names.
    """
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        content = covenant_of(session, view)
        files = _files(session, view, content)
    try:
        make_folder(folder)
        if any(folder.iterdir()) and not yes:
            hint = f"Kies een andere map, of geef --yes om {' en '.join(files)} daarin te vervangen."
            raise Refused(f"De map {folder} is niet leeg.", hint)
        for name, written in files.items():
            write_file(folder / name, written)
    except OSError as error:
        raise CycleError(f"{folder} is niet te schrijven: {reason_of(error)}.", "Kies een andere plek.") from None
    people = {(person.name, person.email) for person in content.people}
    with office.database.reading() as session:
        return FolderWritten(content.slug, len(register.agreement_rows(session, view.id)), len(people))


def folder_zip(office: Office, covenant: str) -> bytes:
    """The same folder as one file to download. Raises NotFound."""
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        files = _files(session, view, covenant_of(session, view))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(f"{covenant}/{name}", FIRST_ZIP_DAY), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _files(session: Session, view: CovenantView, content: CovenantFile) -> dict[str, bytes]:
    files = {COVENANT: covenant_text(content).encode()} | styles_of(session, view.id)[1]
    if register.agreement_rows(session, view.id):
        files[REGISTER] = csv_table(register_sheet(session, view))
    return files
