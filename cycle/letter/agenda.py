"""The draft of the next agenda as a Word file: one table that the table can write in."""

import io
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

from cycle.errors import Refused
from cycle.letter.word_letter import NOT_HERE, printable

HEADS = ("Nummer", "Onderwerp", "Actie", "Trekker", "Wanneer", "Stand")
_WIDTHS_CM = (1.7, 4.6, 8.2, 4.0, 4.2, 2.8)


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """One action for the coming agenda; all in words."""

    number: str
    topic: str
    action: str
    trekker: str
    when_words: str
    state_words: str


def agenda_word(title: str, intro: str, rows: Sequence[AgendaRow]) -> bytes:
    """The draft agenda as DOCX, in landscape; the head of its table comes back on each page.

    Raises Refused where python-docx is not installed.
    """
    try:
        from docx import Document  # noqa: PLC0415 - an optional package
    except ModuleNotFoundError:
        raise Refused(*NOT_HERE) from None
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415
    from docx.shared import Cm  # noqa: PLC0415

    document = Document()
    document.core_properties.title, document.core_properties.language = title, "nl-NL"
    document.core_properties.author = ""
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = Cm(2.0)
    speak_dutch(document)
    document.add_heading(printable(title), level=1)
    document.add_paragraph(printable(intro))
    _add_table(document, rows)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def speak_dutch(document: Any) -> None:
    """Sets language and a plain letter for the whole document."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    style = document.styles["Normal"]
    style.font.name = "Calibri"
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "nl-NL")
    style.element.get_or_add_rPr().append(language)


def repeat_head(row: Any) -> None:
    """Makes a row of a table its head, on each page."""
    from docx.oxml import OxmlElement  # noqa: PLC0415

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _add_table(document: Any, rows: Sequence[AgendaRow]) -> None:
    from docx.shared import Cm, Pt  # noqa: PLC0415

    table = document.add_table(rows=1, cols=len(HEADS))
    table.style, table.autofit = "Table Grid", False
    repeat_head(table.rows[0])
    for row in ((HEADS), *(astuple(one) for one in rows)):
        cells = table.rows[0].cells if row is HEADS else table.add_row().cells
        for cell, words, width in zip(cells, row, _WIDTHS_CM, strict=True):
            cell.width = Cm(width)
            run = cell.paragraphs[0].add_run(printable(words))
            run.bold, run.font.size = row is HEADS, Pt(9.5)
