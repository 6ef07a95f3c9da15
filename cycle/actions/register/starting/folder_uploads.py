"""A covenant folder that comes as uploaded files, laid together again for as long as it is read."""

import tempfile
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

from cycle.actions.office.office import Office
from cycle.actions.register.reading_in.import_report import ImportReport
from cycle.actions.register.reading_in.importing import import_folder
from cycle.actions.register.reading_in.uploads import MOST_FILES
from cycle.errors import Refused
from cycle.intake.covenant import COVENANT, read_covenant
from cycle.intake.packed_files import MOST_PACKED, unpacked
from cycle.private import copy_file


def is_folder(files: Sequence[Path]) -> bool:
    """Whether some files are those of a covenant folder."""
    return any(file.name == COVENANT for file in files)


def unpacked_uploads(files: Sequence[tuple[str, bytes]]) -> tuple[list[tuple[str, bytes]], int]:
    """Uploaded files with what is in a zip in its place, and how many there may be: a folder has many logos.

    Raises Unreadable for a zip that cannot be taken apart.
    """
    apart = unpacked(files)
    is_packed_folder = len(apart) > len(files) and any(name == COVENANT for name, _ in apart)
    return apart, MOST_PACKED if is_packed_folder else MOST_FILES


def import_uploaded_folder(
    office: Office,
    files: Sequence[Path],
    covenant: str,
    now: datetime,
    *,
    check: bool = False,
    by: str = "",
    yes: bool = False,
    only: Collection[str] | None = None,
    take_over: Collection[str] = (),
) -> ImportReport:
    """The same as `import_folder`, for the table of one covenant alone.

    Raises Refused for the folder of another covenant, and what `import_folder` raises.
    """
    with tempfile.TemporaryDirectory(prefix="cycle-") as name:
        folder = Path(name)
        for file in files:
            copy_file(file, folder / file.name)
        of_covenant = read_covenant(folder, office.local_day(now)).slug
        if of_covenant != covenant:
            raise Refused(
                f"Deze map is van een ander convenant: in {COVENANT} staat “{of_covenant}”.",
                f"Hier hoort een map met “{covenant}”.",
            )
        return import_folder(office, folder, now, check=check, by=by, yes=yes, only=only, take_over=take_over)
