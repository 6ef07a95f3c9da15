"""The draft of the next agenda as PDF and as Word: one table in landscape, that the table can write in."""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from cycle.errors import Refused
from cycle.letter.typesetting import only_printable, typeset
from cycle.letter.word_letter import NOT_HERE, printable
from cycle.resources import shipped

HEADS = ("Nr.", "Onderwerp", "Actie", "Trekker", "Datum")
AGENDA_TEMPLATE = "uitvoeringsagenda.typ"
SERIF = "Times New Roman"
"""The letter of our Word files: as wide as that of the PDF, and on every machine itself or one of the same widths."""
_WIDTHS_CM = (1.5, 5.2, 9.8, 4.6, 4.6)


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """One action for the coming agenda, or an agreement that has none yet; all in words."""

    number: str
    topic: str
    action: str
    trekker: str
    when_words: str
    theme: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in the columns of `HEADS`."""
        return self.number, self.topic, self.action, self.trekker, self.when_words


@dataclass(frozen=True, slots=True)
class AgendaFacts:
    """All that the draft says: its title, what it is in a few sentences, and its rows."""

    title: str
    intro: str
    rows: tuple[AgendaRow, ...]

    def by_theme(self) -> list[tuple[str, list[AgendaRow]]]:
        """The rows under the name of their theme, in their own order."""
        return [(theme, list(rows)) for theme, rows in groupby(self.rows, key=lambda row: row.theme)]


def agenda_pdf(facts: AgendaFacts, template: Path | None = None) -> bytes:
    """The draft agenda as a PDF, tagged, in landscape; the head of its table comes back on each page."""
    file = template or shipped("templates", "letter", AGENDA_TEMPLATE)
    data = asdict(facts) | {
        "heads": HEADS,
        "themes": [{"name": theme, "rows": [row.cells for row in rows]} for theme, rows in facts.by_theme()],
    }
    return typeset(file, json.dumps(only_printable(data), sort_keys=True))


def agenda_word(facts: AgendaFacts) -> bytes:
    """The draft agenda as DOCX, in landscape; the head of its table comes back on each page.

    Raises Refused where python-docx is not installed.
    """
    try:
        from docx import Document  # noqa: PLC0415 - an optional package
    except ModuleNotFoundError:
        raise Refused(*NOT_HERE) from None
    document = Document()
    document.core_properties.title, document.core_properties.language = facts.title, "nl-NL"
    document.core_properties.author = ""
    lay_landscape(document)
    speak_dutch(document)
    document.add_heading(printable(facts.title), level=1)
    document.add_paragraph(printable(facts.intro))
    _add_table(document, facts)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def lay_landscape(document: Any) -> None:
    """A4 on its side, with margins of two centimetres."""
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415
    from docx.shared import Cm  # noqa: PLC0415

    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.0)


def speak_dutch(document: Any) -> None:
    """Sets language and letter for the whole document: one with feet that every machine has, as the PDF has."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    style = document.styles["Normal"]
    style.font.name = SERIF
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "nl-NL")
    style.element.get_or_add_rPr().append(language)


def repeat_head(row: Any) -> None:
    """Makes a row of a table its head, on each page."""
    _mark(row, "w:tblHeader")


def keep_whole(row: Any) -> None:
    """Never breaks a row of a table over two pages."""
    _mark(row, "w:cantSplit")


def _mark(row: Any, name: str) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415

    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _add_table(document: Any, facts: AgendaFacts) -> None:
    from docx.shared import Cm  # noqa: PLC0415

    table = document.add_table(rows=1, cols=len(HEADS))
    table.style, table.autofit = "Table Grid", False
    for column, width in zip(table.columns, _WIDTHS_CM, strict=True):
        column.width = Cm(width)
    repeat_head(table.rows[0])
    fill_row(table.rows[0], HEADS, bold=True)
    for theme, rows in facts.by_theme():
        if theme:
            band = table.add_row()
            band.cells[0].merge(band.cells[-1])
            fill_row(band, (theme,), bold=True)
        for line in rows:
            fill_row(table.add_row(), line.cells)


def fill_row(row: Any, words: Sequence[str], *, bold: bool = False, size: float = 9.5) -> None:
    """Writes the words of the cells of a row, small enough for a table; the row stays on one page."""
    from docx.shared import Pt  # noqa: PLC0415

    keep_whole(row)
    for cell, text in zip(row.cells, words, strict=False):
        run = cell.paragraphs[0].add_run(printable(text))
        run.bold, run.font.size = bold, Pt(size)
        cell.paragraphs[0].paragraph_format.space_after = Pt(2)
