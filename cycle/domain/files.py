"""What kind of file something is: its name says it, and its first bytes must agree.

One table for all that goes out, with a mail or as a download, so that each bears its own type.
"""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import NamedTuple

UNKNOWN = "application/octet-stream"
"""A type that promises nothing: programs keep such a file, and open it with nothing by themselves."""


class FileKind(NamedTuple):
    """A media type without parameters, and whether bytes can be of it."""

    media_type: str
    fits: Callable[[bytes], bool]


def media_type(name: str, content: bytes) -> str:
    """The type of a file; UNKNOWN for a name that says none of ours, or bytes that are something else."""
    kind = KINDS.get(PurePosixPath(name).suffix.casefold())
    return kind.media_type if kind is not None and kind.fits(content) else UNKNOWN


def _begins(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(marks)


def _packs(part: str) -> Callable[[bytes], bool]:
    """Whether it is a zip file with this part in it: Word and Excel files differ in nothing else."""

    def fits(content: bytes) -> bool:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                return part in packed.namelist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            return False

    return fits


def _is_text(content: bytes) -> bool:
    try:
        return "\0" not in content.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _is_open_document(kind: bytes) -> Callable[[bytes], bool]:
    """Whether it is an open document of a kind: its first entry is the type itself, unpacked (ODF 1.2 part 3, 3.3)."""
    return lambda content: content[30:].startswith(b"mimetype" + kind)


_TEXT, _SHEET = b"application/vnd.oasis.opendocument.text", b"application/vnd.oasis.opendocument.spreadsheet"
_JPEG = FileKind("image/jpeg", _begins(b"\xff\xd8\xff"))
KINDS = {
    ".pdf": FileKind("application/pdf", _begins(b"%PDF-")),
    ".docx": FileKind(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _packs("word/document.xml")
    ),
    ".xlsx": FileKind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _packs("xl/workbook.xml")),
    ".pptx": FileKind(
        "application/vnd.openxmlformats-officedocument.presentationml.presentation", _packs("ppt/presentation.xml")
    ),
    ".odt": FileKind(_TEXT.decode(), _is_open_document(_TEXT)),
    ".ods": FileKind(_SHEET.decode(), _is_open_document(_SHEET)),
    ".zip": FileKind("application/zip", _begins(b"PK\x03\x04")),
    ".csv": FileKind("text/csv", _is_text),
    ".txt": FileKind("text/plain", _is_text),
    ".json": FileKind("application/json", _is_text),
    ".ics": FileKind("text/calendar", _begins(b"BEGIN:VCALENDAR")),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".png": FileKind("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    ".msg": FileKind("application/vnd.ms-outlook", _begins(b"\xd0\xcf\x11\xe0")),
}
"""By the end of the name. A mail (.eml) is none of these: its own type may not go along as base64 (RFC 2046, 5.2.1)."""


DOCUMENTS = (".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".csv", ".txt", ".jpg", ".jpeg", ".png")
"""What somebody may send along who answers a mail: what people read, and nothing that runs or unpacks."""


def is_document(name: str, content: bytes) -> bool:
    """Whether a file is one of DOCUMENTS, by its name and by its first bytes."""
    return PurePosixPath(name).suffix.casefold() in DOCUMENTS and media_type(name, content) != UNKNOWN


def as_file_name(words: str) -> str:
    """Words as the name of a file, on any system: without what parts folders or means something else there."""
    return re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]+', "-", words).strip(" .") or "bestand"


def size_words(size: int) -> str:
    """ "84 kB" or "1,2 MB" """
    return f"{max(round(size / 1000), 1)} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB".replace(".", ",")
