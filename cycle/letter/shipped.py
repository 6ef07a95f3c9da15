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

from cycle.letter.agenda import SERIF, keep_whole, repeat_head, speak_dutch
from cycle.letter.filling import LIST_HEADS
from cycle.letter.word_letter import TABLE_HEAD, WORD_TEMPLATE
from cycle.resources import shipped

BLUE, GREY, LINE = RGBColor(0x17, 0x37, 0x5E), RGBColor(0x59, 0x59, 0x59), RGBColor(0xBF, 0xBF, 0xBF)
GROUND = "F2F4F7"
"""Behind the name of a theme."""
SMALL, ADDRESS, SIGNING = "Klein", "Adres", "Ondertekening"
"""Styles of our own: of what is small (the sender's particulars), of the address, of the names below."""
TABLE, DENSE, CLOSING, FOOT = "Tabel", "Tabel klein", "Slotregel", "Voet"
"""And of the words in a table, in the overview of the agreements, of the lines below the names, at the foot."""
ROOMY, CLOSE = {"top": 60, "bottom": 60}, {"top": 28, "left": 70, "bottom": 28, "right": 70}
"""How far words stay from the sides of their cell, in twips."""
WIDTH_CM, OVERVIEW_CM = 16.0, 17.4
"""How wide the text is, and the overview, which stands a little out of it on both sides."""


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
    normal.font.size, normal.paragraph_format.line_spacing = Pt(10.5), 1.08
    normal.paragraph_format.space_after = Pt(3.5)
    small = _style(document, SMALL, normal, 9, 0)
    table_head = _style(document, TABLE_HEAD, small, 9.5, 0)
    table_head.font.bold, table_head.font.color.rgb = True, BLUE
    _style(document, ADDRESS, normal, 10.5, 0)
    _style(document, TABLE, normal, 10, 0).paragraph_format.line_spacing = 1.0
    _style(document, DENSE, normal, 8.5, 0).paragraph_format.line_spacing = Pt(9.1)
    _style(document, CLOSING, normal, 9.5, 4)
    _style(document, FOOT, small, 8.5, 0).font.color.rgb = GREY
    _hyphenate(document, normal)
    for name in ("List Bullet", "List Number", "List Bullet 2", "List Number 2"):
        document.styles[name].paragraph_format.space_after = Pt(1)
    _add_signing_style(document, small)
    for level in (1, 2):
        style = document.styles[f"Heading {level}"]
        style.font.name, style.font.color.rgb, style.font.size = SERIF, BLUE, Pt(14 - 1.5 * level)
        for name in [one for one in style.element.rPr.rFonts.attrib if one.endswith("Theme")]:
            del style.element.rPr.rFonts.attrib[name]  # it goes before the name of a letter
        style.paragraph_format.keep_with_next = True
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(18 - 5 * level), Pt(9 - 3 * level)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(1.4), Cm(1.9)
    foot = section.footer.paragraphs[0]
    foot.style = document.styles[FOOT]
    foot.paragraph_format.tab_stops.add_tab_stop(Cm(WIDTH_CM), WD_TAB_ALIGNMENT.RIGHT)
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
    address = _table(document, ("{{r front_address }}", "{{r particulars }}"), (9.5, 6.5), height_cm=3.3)
    address.rows[0].cells[0].paragraphs[0].style = ADDRESS
    _table(document, ("{{r date }}", "{{r mark }}", "{{r contact_lines }}"), (5.3, 5.3, 5.4))


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
    for condition, words in (("annexes", "annexes_said"), ("copies", "copies_said")):
        _lines(document, f"{{%p if {condition} %}}")
        document.add_paragraph(f"{{{{r {words} }}}}", style=CLOSING)
        _lines(document, "{%p endif %}")


def _add_calendar(document: Any) -> None:
    _lines(document, "{%p if calendar.rows %}")
    document.add_heading("{{ calendar.title }}", level=1).paragraph_format.page_break_before = True
    _add_sections(document, "calendar.sections")
    heads, fields = ("Wat", "Wanneer", "Wie"), ("{{ row[0] }}", "{{ row[1] or '–' }}", "{{ row[2] or '–' }}")
    _table(document, fields, (4.6, 5.9, 5.5), "calendar.rows", heads=heads)
    _lines(document, "{%p endif %}")


def _add_standing(document: Any) -> None:
    _lines(document, "{%p if standing.rows %}")
    document.add_heading("{{ standing.title }}", level=1).paragraph_format.page_break_before = True
    _add_sections(document, "standing.sections")
    heads = ("Nr.", "Onderwerp", "Trekker", "Acties: hoe het staat", "Licht en van wie")
    fields = ("{{ row.number }}", "{{r row.topic }}", "{{ row.leads }}", "{{r row.lines }}", "{{r row.light }}")
    table = _table(document, fields, (1.2, 5.1, 2.6, 5.5, 3.0), "standing.rows", heads=heads, style=DENSE)
    _add_theme_row(table)
    indent = OxmlElement("w:tblInd")
    indent.set(qn("w:w"), str(int(Cm((WIDTH_CM - OVERVIEW_CM) / 2).twips)))
    indent.set(qn("w:type"), "dxa")
    table._tbl.tblPr.insert_element_before(indent, "w:tblBorders", "w:tblLayout", "w:tblLook")
    _lines(document, "{%p endif %}")


def _add_theme_row(table: Any) -> None:
    """The name of a theme over the whole width, in the place of the row of an agreement."""
    row, width = table.rows[2]._tr, len(table.columns)
    for words in ("{%tr if row.theme %}", "{{ row.theme }}", "{%tr else %}"):
        head = _row(table, (words, *[""] * (width - 1)), DENSE)
        row.addprevious(head._tr)
        if "{{" in words:
            whole = head.cells[0].merge(head.cells[width - 1])
            for empty in whole.paragraphs[1:]:
                empty._p.getparent().remove(empty._p)
            whole.paragraphs[0].runs[0].font.bold = True
            whole._tc.get_or_add_tcPr().append(_ground())
            keep_whole(head)
            whole.paragraphs[0].paragraph_format.keep_with_next = True
    row.addnext(_row(table, ("{%tr endif %}", *[""] * (width - 1)), DENSE)._tr)


def _ground() -> Any:
    ground = OxmlElement("w:shd")
    for name, value in {"val": "clear", "color": "auto", "fill": GROUND}.items():
        ground.set(qn(f"w:{name}"), value)
    return ground


def _add_mailing_list(document: Any) -> None:
    _lines(document, "{%p if mailing_list.rows %}")
    document.add_heading("{{ mailing_list.title }}", level=1).paragraph_format.page_break_before = True
    fields = ("{{ row[0] }}", "{{ row[1] or '–' }}", "{{ row[2] or '–' }}")
    _table(document, fields, (5.0, 6.0, 5.0), "mailing_list.rows", heads=LIST_HEADS)
    _lines(document, "{%p endif %}")


def _table(
    document: Any,
    fields: tuple[str, ...],
    widths_cm: tuple[float, ...],
    items: str = "",
    *,
    heads: tuple[str, ...] = (),
    height_cm: float = 0,
    style: str = TABLE,
) -> Any:
    """A table of one row, or of a row for each of some items; with `heads` it has lines and a head on each page."""
    table = document.add_table(rows=0, cols=len(fields))
    table.autofit = False
    for column, width in zip(table.columns, widths_cm, strict=True):
        column.width = Cm(width)
    if heads:
        _draw_lines(table, CLOSE if style == DENSE else ROOMY)
        row = _row(table, heads, style)
        repeat_head(row)
        for cell in row.cells:
            cell.paragraphs[0].style = TABLE_HEAD
    else:
        _set_margins(table, {"left": 0, "right": 0})
    if items:
        _row(table, (f"{{%tr for row in {items} %}}", *[""] * (len(fields) - 1)))
    row = _row(table, fields, style if heads else SMALL)
    keep_whole(row)
    if height_cm:
        row.height, row.height_rule = Cm(height_cm), WD_ROW_HEIGHT_RULE.AT_LEAST
    if items:
        _row(table, ("{%tr endfor %}", *[""] * (len(fields) - 1)))
    document.add_paragraph(style=SMALL)
    return table


def _draw_lines(table: Any, room: dict[str, int]) -> None:
    """Thin lines under the rows, and room around the words, as the tables of the PDF have."""
    borders = OxmlElement("w:tblBorders")
    for side in ("bottom", "insideH"):
        line = _border("w:tblBorders", f"w:{side}", 4, LINE)[0]
        borders.append(line)
    table._tbl.tblPr.insert_element_before(borders, "w:tblLayout", "w:tblLook")
    _set_margins(table, room)


def _set_margins(table: Any, twips: dict[str, int]) -> None:
    """How far words stay from the sides of their cell."""
    margins = OxmlElement("w:tblCellMar")
    for side in (one for one in ("top", "left", "bottom", "right") if one in twips):
        room = OxmlElement(f"w:{side}")
        room.set(qn("w:w"), str(twips[side]))
        room.set(qn("w:type"), "dxa")
        margins.append(room)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")


def _side_by_side(document: Any, rows: str, lines: tuple[str, ...]) -> Any:
    """A table with rows of as many cells as there are things in a row; `lines` are the paragraphs of a cell."""
    table = document.add_table(rows=0, cols=3)
    table.autofit = False
    _set_margins(table, {"left": 0, "right": 0})
    _row(table, (f"{{%tr for row in {rows} %}}", "", ""))
    row = _row(table, ("{%tc for one in row %}", lines[0], "{%tc endfor %}"))
    for line in lines[1:]:
        row.cells[1].add_paragraph(line, style=SMALL)
    keep_whole(row)
    _row(table, ("{%tr endfor %}", "", ""))
    return table


def _row(table: Any, words: tuple[str, ...], style: str = SMALL) -> Any:
    row = table.add_row()
    for cell, text in zip(row.cells, words, strict=True):
        cell.paragraphs[0].style = style
        cell.paragraphs[0].add_run(text)
    return row


def _hyphenate(document: Any, normal: Any) -> None:
    """Words are broken in tables, as in the PDF, and nowhere else."""
    hyphens = OxmlElement("w:autoHyphenation")
    document.settings.element.find(qn("w:defaultTabStop")).addnext(hyphens)
    for style, value in ((normal, "1"), (document.styles[TABLE], "0"), (document.styles[DENSE], "0")):
        suppress = OxmlElement("w:suppressAutoHyphens")
        suppress.set(qn("w:val"), value)
        style.element.get_or_add_pPr().insert_element_before(suppress, "w:spacing", "w:ind", "w:jc")


def _style(document: Any, name: str, base: Any, points: float, after: float) -> Any:
    style = document.styles.add_style(name, 1)
    style.base_style, style.font.size, style.paragraph_format.space_after = base, Pt(points), Pt(after)
    return style


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
