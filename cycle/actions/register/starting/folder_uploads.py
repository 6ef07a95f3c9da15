"""A covenant folder that comes as uploaded files, laid together again for as long as it is read."""

import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cycle.actions.office.office import Office
from cycle.actions.register.reading_in.import_report import ImportReport
from cycle.actions.register.reading_in.importing import import_folder
from cycle.actions.register.reading_in.uploads import MOST_FILES, safe_name
from cycle.errors import Refused, Unreadable, reason_of
from cycle.intake.covenant import COVENANT, read_covenant
from cycle.intake.limits import MOST_BYTES
from cycle.intake.packed_files import MOST_PACKED, is_zip, unpacked
from cycle.private import copy_file, make_folder, write_file


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


@contextmanager
def unpacked_paths(files: Sequence[Path]) -> Iterator[list[Path]]:
    """Files on a disk, with in the place of a zip what is in it: its files, or the covenant folder that they are.

    What came out of a zip is gone afterwards. Raises Unreadable for a zip that cannot be taken apart.
    """
    with tempfile.TemporaryDirectory(prefix="cycle-") as name:
        apart: list[Path] = []
        for place, file in enumerate(files):
            apart += _taken_apart(file, Path(name) / f"{place}") if is_zip(file.name) and file.is_file() else [file]
        yield apart


def _taken_apart(file: Path, folder: Path) -> list[Path]:
    apart = unpacked([(file.name, _content(file))])
    is_packed_folder = any(name == COVENANT for name, _ in apart)
    for place, (name, content) in enumerate(apart):
        own = folder if is_packed_folder else folder / f"{place}"
        make_folder(own)
        write_file(own / safe_name(name), content)
    return [folder] if is_packed_folder else sorted(folder.glob("*/*"), key=lambda one: int(one.parent.name))


def _content(file: Path) -> bytes:
    """What is in a file, as far as one may be read."""
    try:
        with file.open("rb") as packed:
            return packed.read(MOST_BYTES + 1)
    except OSError as error:
        raise Unreadable(f"{file} kan niet worden geopend ({reason_of(error)}).", "Controleer de rechten.") from error


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
    with laid_together(files) as folder:
        of_covenant = read_covenant(folder, office.local_day(now)).slug
        if of_covenant != covenant:
            raise Refused(
                f"Deze map is van een ander convenant: in {COVENANT} staat “{of_covenant}”.",
                f"Hier hoort een map met “{covenant}”.",
            )
        return import_folder(office, folder, now, check=check, by=by, yes=yes, only=only, take_over=take_over)


@contextmanager
def laid_together(files: Sequence[Path]) -> Iterator[Path]:
    """A folder with copies of these files, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="cycle-") as name:
        folder = Path(name)
        for file in files:
            copy_file(file, folder / file.name)
        yield folder
