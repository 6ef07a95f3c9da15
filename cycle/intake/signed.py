"""Looks through a PDF that people want to send on: nothing in it may run, start something or hide another file.

Names in a PDF can be written in many ways and lie in packed streams, so its objects are read, not its bytes.
"""

from pathlib import Path
from typing import Any

from cycle.errors import Unreadable
from cycle.intake.raw import Block

ACTIONS = {
    "JavaScript": "een script",
    "Launch": "een opdracht",
    "ImportData": "een opdracht",
    "SubmitForm": "een opdracht",
    "Rendition": "beeld of geluid",
    "RichMedia": "beeld of geluid",
    "Movie": "beeld of geluid",
}
KEYS = {
    "JS": "een script",
    "JavaScript": "een script",
    "XFA": "een formulier met scripts",
    "EmbeddedFiles": "een ander bestand",
    "EmbeddedFile": "een ander bestand",
    "RichMediaContent": "beeld of geluid",
}
MOST_DEPTH = 60


def read(path: Path, _name: str) -> list[Block]:
    """Nothing, for a PDF that is safe to send on.

    Raises Unreadable for another one, with what is in it.
    """
    from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect  # noqa: PLC0415
    from pdfminer.pdfparser import PDFParser, PDFSyntaxError  # noqa: PLC0415

    with path.open("rb") as file:
        try:
            document = PDFDocument(PDFParser(file), fallback=False)
        except (PDFEncryptionError, PDFPasswordIncorrect):
            raise _refused("is vergrendeld met een wachtwoord") from None
        except PDFSyntaxError:
            raise _refused("is beschadigd") from None
        if document.encryption is not None:
            raise _refused("is vergrendeld")
        numbers = {number for xref in document.xrefs for number in xref.get_objids()}
        if not numbers:
            raise _refused("is beschadigd")
        for number in numbers:
            _look(_object(document, number))
        for xref in document.xrefs:
            _look(xref.get_trailer())
    return []


def _object(document: Any, number: int) -> Any:
    """One object; a free or broken one holds nothing."""
    from pdfminer.pdfexceptions import PDFException  # noqa: PLC0415

    try:
        return document.getobj(number)
    except PDFException:
        return None


def _look(value: Any, depth: int = 0) -> None:
    """Into dictionaries, lists and the heads of streams; references are looked at where they point."""
    if depth > MOST_DEPTH:
        raise _refused("zit te ingewikkeld in elkaar")
    if isinstance(value, dict):
        _look_into(value, depth)
    elif isinstance(value, list):
        for item in value:
            _look(item, depth + 1)
    elif hasattr(value, "attrs"):
        _look_into(value.attrs, depth)


def _look_into(entries: dict[str, Any], depth: int) -> None:
    for key, value in entries.items():
        name = getattr(value, "name", "")
        reason = KEYS.get(str(key)) or (ACTIONS.get(str(name)) if key in ("S", "Subtype", "Type") else None)
        if reason or (key == "Type" and name == "EmbeddedFile"):
            raise _refused(f"bevat {reason or 'een ander bestand'}")
        _look(value, depth + 1)


def _refused(why: str) -> Unreadable:
    hint = "Druk de brief af, onderteken hem, scan hem als PDF en kies dat bestand."
    return Unreadable(f"De PDF {why} en kan zo niet mee.", hint)
