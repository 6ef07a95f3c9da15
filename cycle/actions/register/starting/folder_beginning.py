"""A new covenant out of a covenant folder that came by the desk: what is in it, and the table that is kept of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cycle.actions.office.office import Office
from cycle.actions.register.reading_in.import_report import ImportReport
from cycle.actions.register.reading_in.importing import import_folder
from cycle.actions.register.starting.beginning import Founder
from cycle.actions.register.starting.folder_uploads import laid_together
from cycle.domain.model import PartyKind, Role
from cycle.intake.covenant import CovenantFile, PersonEntry, read_covenant


@dataclass(frozen=True, slots=True)
class FolderLook:
    """What a covenant folder holds."""

    covenant: CovenantFile
    report: ImportReport


def look_into_folder(office: Office, files: Sequence[Path], founder: Founder, now: datetime) -> FolderLook:
    """What would be kept of these files. Nothing is written. Raises what `begin_with_folder` raises."""
    with laid_together(files) as folder:
        covenant = read_covenant(folder, office.local_day(now))
        seat = _seat_of(founder, covenant)
        return FolderLook(covenant, import_folder(office, folder, now, check=True, founder=seat))


def begin_with_folder(office: Office, files: Sequence[Path], founder: Founder, now: datetime, by: str) -> CovenantFile:
    """Keeps the table of a folder, held, with its founder in the secretariat besides whom the folder names.

    Raises Refused when that covenant is here already, SettingsError with every fault of covenant.toml, Unreadable for
    what lies beside it and cannot be read.
    """
    with laid_together(files) as folder:
        covenant = read_covenant(folder, office.local_day(now))
        import_folder(office, folder, now, by=by, founder=_seat_of(founder, covenant))
    return covenant


def _seat_of(founder: Founder, covenant: CovenantFile) -> PersonEntry:
    parties = [one for one in covenant.parties if one.until is None] or list(covenant.parties)
    own = next((one for one in parties if one.kind is PartyKind.MUNICIPALITY), parties[0])
    return PersonEntry(name=founder.name, email=founder.email, party=own.slug, roles=(Role.SECRETARIAT,))
