"""Whether an uploaded file may be sent on or kept: a PDF without anything that does something by itself (rule C14)."""

import tempfile
from pathlib import Path

from cycle.errors import Unreadable
from cycle.intake.limits import MOST_BYTES, parse_in_child
from cycle.private import write_file

KEPT = {
    ".pdf": b"%PDF-",
    ".docx": b"PK\x03\x04",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".png": b"\x89PNG",
    ".eml": b"",
    ".msg": b"\xd0\xcf\x11\xe0",
}
"""What may be kept as proof, and how such a file begins."""


def refuse_unsafe(name: str, content: bytes) -> None:
    """Looks into a PDF, in a process of its own.

    Raises Unreadable for what is too large, no PDF, locked, or holds a script, a command or another file.
    """
    _refuse_large(name, content)
    if not content.startswith(b"%PDF-"):
        raise Unreadable(f"{name} is geen PDF.", "Sla de ondertekende brief op als PDF en kies dat bestand.")
    with tempfile.TemporaryDirectory(prefix="cycle-") as folder:
        file = Path(folder) / "brief.pdf"
        write_file(file, content)
        parse_in_child("signed", file)


def refuse_strange_proof(name: str, content: bytes) -> None:
    """What is kept as proof is a letter, a picture or a mail.

    Raises Unreadable for anything else.
    """
    _refuse_large(name, content)
    suffix = Path(name).suffix.casefold()
    if suffix not in KEPT or not content.startswith(KEPT[suffix]):
        hint = "Kies een PDF, een Word-bestand, een foto (JPG of PNG) of een mail (EML of MSG)."
        raise Unreadable(f"{name} kan niet als bewijs worden bewaard.", hint)
    if suffix == ".pdf":
        refuse_unsafe(name, content)


def _refuse_large(name: str, content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise Unreadable(f"{name} is groter dan 10 MB.", "Maak de scan kleiner, bijvoorbeeld in zwart-wit.")
    if not content:
        raise Unreadable(f"{name} is leeg.", "Kies een ander bestand.")
