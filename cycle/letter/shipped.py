"""Makes the Word template that comes with the program: `python -m cycle.letter.shipped`.

It stands in the repository because people may open it in Word; it is made here so that it can be read and renewed.
Between `{{` and `}}` stand fields; a paragraph with `{%p …%}` and a row with `{%tr …%}` is gone when it is filled.
"""

import io
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_PARAGRAPH_ALIGNMENT, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from cycle.letter.agenda import keep_whole, repeat_head, speak_dutch
from cycle.letter.filling import LIST_HEADS
from cycle.letter.word_letter import TABLE_HEAD, WORD_TEMPLATE
from cycle.resources import shipped

BLUE, GREY, LINE = RGBColor(0x17, 0x37, 0x5E), RGBColor(0x59, 0x59, 0x59), RGBColor(0xBF, 0xBF, 0xBF)
SMALL, ADDRESS, SIGNING = "Klein", "Adres", "Ondertekening"
"""Styles of our own: of what is small (the sender's particulars and the tables), of the address, of the names below."""


def make_template() -> bytes:
    """The template as DOCX."""
    document = Document()
    document.core_properties.title, document.core_properties.language = "Brief", "nl-NL"
    document.core_properties.author = ""
    _lay_out(document)
    _add_head(document)
    document.add_heading("{{ title }}", level=1)
    _add_sections(document, "sections")
    _add_names(document)
    _add_calendar(document)
    _add_standing(document)
    _add_mailing_list(document)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _lay_out(document: Any) -> None:
    speak_dutch(document)
    normal = document.styles["Normal"]
    normal.font.name = "Cambria"  # with feet, as the letter of the PDF has
    normal.font.size, normal.paragraph_format.space_after = Pt(10.5), Pt(6)
    small = document.styles.add_style(SMALL, 1)
    small.base_style, small.font.size = normal, Pt(9)
    small.paragraph_format.space_after = Pt(2)
    table_head = document.styles.add_style(TABLE_HEAD, 1)
    table_head.base_style, table_head.font.bold, table_head.font.color.rgb = small, True, BLUE
    address = document.styles.add_style(ADDRESS, 1)
    address.base_style, address.paragraph_format.space_after = normal, Pt(0)
    _add_signing_style(document, small)
    for level in (1, 2):
        style = document.styles[f"Heading {level}"]
        style.font.name, style.font.color.rgb, style.font.size = "Cambria", BLUE, Pt(15 - 2 * level)
        for name in [one for one in style.element.rPr.rFonts.attrib if one.endswith("Theme")]:
            del style.element.rPr.rFonts.attrib[name]  # it goes before the name of a letter
        style.paragraph_format.keep_with_next = True
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(10), Pt(4)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(1.4), Cm(1.9)
    foot = section.footer.paragraphs[0]
    foot.style = small
    foot.paragraph_format.tab_stops.add_tab_stop(Cm(16.6), WD_TAB_ALIGNMENT.RIGHT)
    foot.add_run("{{ foot }}\tpagina ")
    _add_field(foot, "PAGE")
    foot.add_run(" van ")
    _add_field(foot, "NUMPAGES")


def _add_head(document: Any) -> None:
    """Logos or names with a line under them, then the address in the window of an envelope with the particulars of the
    senders beside it."""
    places = ("{%p if loop.first %}", "{{ one }}", "{%p elif loop.last %}", "{{ one }}", "{%p else %}", "{{ one }}")
    heads = _side_by_side(document, "head_rows", (*places, "{%p endif %}"))
    for number, where in ((3, WD_PARAGRAPH_ALIGNMENT.RIGHT), (5, WD_PARAGRAPH_ALIGNMENT.CENTER)):
        heads.rows[1].cells[1].paragraphs[number].alignment = where
    heads.rows[1].height, heads.rows[1].height_rule = Cm(1.7), WD_ROW_HEIGHT_RULE.AT_LEAST
    heads.rows[1].cells[1].vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    heads._tbl.tblPr.insert_element_before(_border("w:tblBorders", "w:bottom", 8, BLUE), "w:tblLayout", "w:tblLook")
    document.add_paragraph(style=SMALL)
    address = _table(document, ("{{r front_address }}", "{{r particulars }}"), (8.9, 7.7), height_cm=3.3)
    address.rows[0].cells[0].paragraphs[0].style = ADDRESS
    _table(document, ("{{r date }}", "{{r mark }}", "{{r contact_lines }}"), (5.5, 5.5, 5.6))


def _add_sections(document: Any, name: str) -> None:
    """Texts with their headings, paragraph by paragraph; each kind of part has a style of Word."""
    _lines(document, f"{{%p for one in {name} %}}", "{%p if one.title %}")
    document.add_heading("{{ one.title }}", level=2)
    _lines(document, "{%p endif %}", "{%p for part in one.parts %}")
    styles = (("alinea", "0", "Normal"), ("punt", "0", "List Bullet"), ("nummer", "0", "List Number"))
    below = (("punt", "1", "List Bullet 2"), ("nummer", "1", "List Number 2"))
    for kind, level, style in (*styles, *below):
        _lines(document, f"{{%p if part.kind == '{kind}' and part.level == '{level}' %}}")
        document.add_paragraph("{{r part.rich }}", style=style)
        _lines(document, "{%p endif %}")
    _lines(document, "{%p endfor %}", "{%p endfor %}")


def _add_names(document: Any) -> None:
    """Each name under a line for the signature; an empty place at the end of a row has none."""
    names = _side_by_side(document, "name_rows", ("{%p if one %}", "{{r one }}", "{%p else %}", "", "{%p endif %}"))
    names.rows[1].cells[1].paragraphs[1].style = SIGNING
    document.add_paragraph(style=SMALL)
    for name in ("annex_line", "copy_line"):
        _lines(document, f"{{%p if {name} %}}")
        document.add_paragraph(f"{{{{ {name} }}}}", style=SMALL)
        _lines(document, "{%p endif %}")


def _add_calendar(document: Any) -> None:
    _lines(document, "{%p if calendar.rows %}")
    document.add_heading("{{ calendar.title }}", level=1).paragraph_format.page_break_before = True
    _add_sections(document, "calendar.sections")
    heads, fields = ("Wat", "Wanneer", "Wie"), ("{{ row[0] }}", "{{ row[1] or '–' }}", "{{ row[2] or '–' }}")
    _table(document, fields, (5.0, 6.2, 5.4), "calendar.rows", heads=heads)
    _lines(document, "{%p endif %}")


def _add_standing(document: Any) -> None:
    _lines(document, "{%p if standing.rows %}")
    document.add_heading("{{ standing.title }}", level=1).paragraph_format.page_break_before = True
    _add_sections(document, "standing.sections")
    heads = ("Nr.", "Onderwerp", "Trekker", "Acties: hoe het staat", "Licht en van wie")
    fields = ("{{ row.number }}", "{{r row.topic }}", "{{ row.leads }}", "{{r row.lines }}", "{{r row.light }}")
    _table(document, fields, (1.3, 4.7, 2.4, 5.4, 2.8), "standing.rows", heads=heads)
    _lines(document, "{%p endif %}")


def _add_mailing_list(document: Any) -> None:
    _lines(document, "{%p if mailing_list.rows %}")
    document.add_heading("{{ mailing_list.title }}", level=1).paragraph_format.page_break_before = True
    fields = ("{{ row[0] }}", "{{ row[1] or '–' }}", "{{ row[2] or '–' }}")
    _table(document, fields, (5.2, 6.2, 5.2), "mailing_list.rows", heads=LIST_HEADS)
    _lines(document, "{%p endif %}")


def _table(
    document: Any,
    fields: tuple[str, ...],
    widths_cm: tuple[float, ...],
    items: str = "",
    *,
    heads: tuple[str, ...] = (),
    height_cm: float = 0,
) -> Any:
    """A table of one row, or of a row for each of some items; with `heads` it has lines and a head on each page."""
    table = document.add_table(rows=0, cols=len(fields))
    table.autofit = False
    for column, width in zip(table.columns, widths_cm, strict=True):
        column.width = Cm(width)
    if heads:
        _draw_lines(table)
        row = _row(table, heads)
        repeat_head(row)
        for cell in row.cells:
            cell.paragraphs[0].style = TABLE_HEAD
    if items:
        _row(table, (f"{{%tr for row in {items} %}}", *[""] * (len(fields) - 1)))
    row = _row(table, fields)
    keep_whole(row)
    if height_cm:
        row.height, row.height_rule = Cm(height_cm), WD_ROW_HEIGHT_RULE.AT_LEAST
    if items:
        _row(table, ("{%tr endfor %}", *[""] * (len(fields) - 1)))
    document.add_paragraph(style=SMALL)
    return table


def _draw_lines(table: Any) -> None:
    """Thin lines under the rows, and room around the words, as the tables of the PDF have."""
    borders, margins = OxmlElement("w:tblBorders"), OxmlElement("w:tblCellMar")
    for side in ("bottom", "insideH"):
        line = _border("w:tblBorders", f"w:{side}", 4, LINE)[0]
        borders.append(line)
    for side in ("top", "bottom"):
        room = OxmlElement(f"w:{side}")
        room.set(qn("w:w"), "50")
        room.set(qn("w:type"), "dxa")
        margins.append(room)
    table._tbl.tblPr.insert_element_before(borders, "w:tblLayout", "w:tblLook")
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")


def _side_by_side(document: Any, rows: str, lines: tuple[str, ...]) -> Any:
    """A table with rows of as many cells as there are things in a row; `lines` are the paragraphs of a cell."""
    table = document.add_table(rows=0, cols=3)
    table.autofit = False
    _row(table, (f"{{%tr for row in {rows} %}}", "", ""))
    row = _row(table, ("{%tc for one in row %}", lines[0], "{%tc endfor %}"))
    for line in lines[1:]:
        row.cells[1].add_paragraph(line, style=SMALL)
    keep_whole(row)
    _row(table, ("{%tr endfor %}", "", ""))
    return table


def _row(table: Any, words: tuple[str, ...]) -> Any:
    row = table.add_row()
    for cell, text in zip(row.cells, words, strict=True):
        cell.paragraphs[0].style = SMALL
        cell.paragraphs[0].add_run(text)
    return row


def _add_signing_style(document: Any, small: Any) -> None:
    """A name under the letter, with room for a signature and the line on which it stands."""
    style = document.styles.add_style(SIGNING, 1)
    style.base_style, style.paragraph_format.space_before = small, Pt(36)
    style.paragraph_format.right_indent = Cm(0.8)
    style.element.pPr.insert_element_before(_border("w:pBdr", "w:top", 4, GREY), "w:spacing", "w:ind")


def _border(kind: str, side: str, eighths: int, colour: RGBColor) -> Any:
    """A line along a table or a paragraph; its width is in eighths of a point."""
    borders, line = OxmlElement(kind), OxmlElement(side)
    for name, value in {"val": "single", "sz": str(eighths), "space": "2", "color": str(colour)}.items():
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    return borders


def _add_field(paragraph: Any, code: str) -> None:
    """A number that Word works out: of the page, or of all pages."""
    run = paragraph.add_run()
    for kind in ("begin", "separate", "end"):
        sign = OxmlElement("w:fldChar")
        sign.set(qn("w:fldCharType"), kind)
        run._r.append(sign)
        if kind == "begin":
            words = OxmlElement("w:instrText")
            words.text = code
            run._r.append(words)


def _lines(document: Any, *lines: str) -> None:
    for line in lines:
        document.add_paragraph(line)


if __name__ == "__main__":
    shipped("templates", "letter", WORD_TEMPLATE).write_bytes(make_template())
