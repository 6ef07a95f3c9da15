"""Whether an uploaded file may be sent on or kept: whole, with nothing in it that acts by itself (rule C14)."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from cycle.domain.files import UNKNOWN, media_type
from cycle.errors import Unreadable
from cycle.intake.limits import MOST_BYTES, check_zip, parse_in_child
from cycle.intake.picture import is_mail, is_outlook_mail, is_whole_jpeg, is_whole_png
from cycle.private import write_file

PDF, WORD, EXCEL = ".pdf", ".docx", ".xlsx"
ATTACHABLE = (PDF, WORD, EXCEL, ".jpg", ".jpeg", ".png")
"""What may go along with a letter."""
_WHOLE: dict[str, tuple[Callable[[bytes], bool], str]] = {
    ".jpg": (is_whole_jpeg, "foto"),
    ".jpeg": (is_whole_jpeg, "foto"),
    ".png": (is_whole_png, "foto"),
    ".eml": (is_mail, "mail"),
    ".msg": (is_outlook_mail, "mail"),
}
"""What may be kept as proof beside a letter: whether such a file is a whole one, and what it is called."""
_MACROS = "vbaproject.bin"


def refuse_unsafe(name: str, content: bytes) -> None:
    """Looks into a PDF, in a process of its own.

    Raises Unreadable for what is too large, no PDF, locked, or holds a script, a command or another file.
    """
    _refuse_large(name, content)
    if not content.startswith(b"%PDF-"):
        raise Unreadable(f"{name} is geen PDF.", "Sla het document op als PDF en kies dat bestand.")
    _read_in_child("signed", name, "brief.pdf", content)


def refuse_no_word(name: str, content: bytes) -> None:
    """Opens a Word file as a register is opened, in a process of its own.

    Raises Unreadable for what is too large, is no Word file, is damaged or holds macros.
    """
    _refuse_large(name, content)
    _read_in_child("docx", name, "brief.docx", content)


def refuse_strange_proof(name: str, content: bytes) -> None:
    """What is kept as proof is a letter, a picture or a mail.

    Raises Unreadable for anything else.
    """
    _refuse_large(name, content)
    suffix = Path(name).suffix.casefold()
    if suffix not in (PDF, WORD, *_WHOLE):
        hint = "Kies een PDF, een Word-bestand, een foto (JPG of PNG) of een mail (EML of MSG)."
        raise Unreadable(f"{name} kan niet als bewijs worden bewaard.", hint)
    if suffix == PDF:
        refuse_unsafe(name, content)
    elif suffix == WORD:
        refuse_no_word(name, content)
    else:
        is_whole, what = _WHOLE[suffix]
        if not is_whole(content):
            raise Unreadable(f"{name} is geen leesbare {what}.", "Bewaar het bestand opnieuw en kies het nog eens.")


def refuse_strange_attachment(name: str, content: bytes) -> None:
    """What goes along with a letter is a document that people read: a PDF, a Word or Excel file, or a picture.

    Raises Unreadable for anything else.
    """
    _refuse_large(name, content)
    suffix = Path(name).suffix.casefold()
    if suffix not in ATTACHABLE:
        raise Unreadable(f"{name} kan niet met de brief mee.", "Kies een PDF, een Word- of Excel-bestand of een foto.")
    if suffix != EXCEL:
        refuse_strange_proof(name, content)
    elif media_type(name, content) == UNKNOWN:
        raise Unreadable(f"{name} is geen Excel-bestand.", "Sla het in Excel op als .xlsx en kies het nog eens.")
    else:
        _refuse_macros_in_sheet(name, content)


def _refuse_macros_in_sheet(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory(prefix="cycle-") as folder:
        file = Path(folder) / "bijlage.xlsx"
        write_file(file, content)
        try:
            members = check_zip(file)
        except Unreadable as error:
            raise Unreadable(error.what.replace(file.name, name), error.hint) from error
    if any(one.casefold().endswith(_MACROS) for one in members):
        raise Unreadable(f"{name} bevat macro's.", "Sla het in Excel op als gewone werkmap (.xlsx).")


def _read_in_child(kind: str, name: str, as_file: str, content: bytes) -> None:
    """Raises Unreadable by the name that the file had."""
    with tempfile.TemporaryDirectory(prefix="cycle-") as folder:
        file = Path(folder) / as_file
        write_file(file, content)
        try:
            if kind == "docx" and any(one.casefold().endswith(_MACROS) for one in check_zip(file)):
                raise Unreadable(f"{as_file} bevat macro's.", "Sla het in Word op als gewoon document (.docx).")
            parse_in_child(kind, file)
        except Unreadable as error:
            raise Unreadable(error.what.replace(as_file, name), error.hint) from error


def _refuse_large(name: str, content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise Unreadable(f"{name} is groter dan 10 MB.", "Maak het kleiner: een scan bijvoorbeeld in zwart-wit.")
    if not content:
        raise Unreadable(f"{name} is leeg.", "Kies een ander bestand.")
