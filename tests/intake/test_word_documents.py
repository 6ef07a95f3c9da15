"""What a reader of a Word document sees is read: its own numbers, merged cells, changes as accepted, no struck text."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from cycle.intake import ReadDocument
from cycle.intake.raw import Block, RawNote, RawTable, RawText
from cycle.intake.word import read as read_word

Read = Callable[[str, bytes | str], ReadDocument]

HEADINGS = ("Nr.", "Onderwerp", "Afspraak", "Trekker")
STRUCK_HINT = "Geldt deze tekst toch, haal dan de streep weg en lees het bestand opnieuw."
HIDDEN_HINT = "Hoort deze tekst erbij, maak die dan zichtbaar en lees het bestand opnieuw."


def saved(document: Any) -> bytes:
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def blocks(document: Any, folder: Path) -> list[Block]:
    path = folder / "a.docx"
    path.write_bytes(saved(document))
    return read_word(path, "a.docx")


def texts(document: Any, folder: Path) -> list[str]:
    return [block.text for block in blocks(document, folder) if isinstance(block, RawText)]


def rows(document: Any, folder: Path) -> list[tuple[str, ...]]:
    tables = [block for block in blocks(document, folder) if isinstance(block, RawTable)]
    return [line.cells for table in tables for line in table.lines]


def table_of(document: Any, cells: Sequence[Sequence[str]]) -> Any:
    table = document.add_table(rows=0, cols=len(cells[0]))
    for line in cells:
        for cell, words in zip(table.add_row().cells, line, strict=True):
            cell.text = words
    return table


def define_list(document: Any, number: int, levels: Sequence[tuple[str, str]], *, start: int = 1) -> None:
    """A list with levels of a form and a text ("%1.%2")."""
    numbering = document.part.numbering_part.element
    lines = "".join(
        f'<w:lvl w:ilvl="{place}"><w:start w:val="{start if place == 0 else 1}"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for place, (form, text) in enumerate(levels)
    )
    definition = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{lines}</w:abstractNum>'
    numbering.insert(0, parse_xml(definition))
    add_list(document, number, number)


def add_list(document: Any, number: int, definition: int, *, anew: int | None = None) -> None:
    change = f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{anew}"/></w:lvlOverride>' if anew else ""
    entry = f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{definition}"/>{change}</w:num>'
    document.part.numbering_part.element.append(parse_xml(entry))


def number_with(paragraph: Any, number: int, level: int = 0) -> None:
    look = paragraph._p.get_or_add_pPr()
    written = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    look.append(parse_xml(written))


def test_words_own_numbers_stand_before_paragraphs_as_they_are_printed(tmp_path: Path) -> None:
    document = docx.Document()
    define_list(document, 50, [("decimal", "%1."), ("decimal", "%1.%2"), ("lowerLetter", "%3)")])
    for level, words in (
        (0, "Wonen"),
        (1, "Bouwen"),
        (2, "Zes"),
        (2, "Zeven"),
        (1, "Slopen"),
        (0, "Zorg"),
        (1, "Huis"),
    ):
        number_with(document.add_paragraph(words), 50, level)
        document.add_paragraph("Zonder nummer.")

    assert [words for words in texts(document, tmp_path) if words != "Zonder nummer."] == [
        "1. Wonen",
        "1.1 Bouwen",
        "a) Zes",
        "b) Zeven",
        "1.2 Slopen",
        "2. Zorg",
        "2.1 Huis",
    ]


@pytest.mark.parametrize(
    ("form", "text", "start", "printed"),
    [
        ("decimal", "Afspraak %1:", 9, ["Afspraak 9:", "Afspraak 10:"]),
        ("upperLetter", "%1", 26, ["Z", "AA"]),
        ("lowerRoman", "(%1)", 3, ["(iii)", "(iv)"]),
        ("upperRoman", "%1.", 9, ["IX.", "X."]),
        ("decimalZero", "W-%1", 9, ["W-09", "W-10"]),
        ("bullet", "•", 1, ["", ""]),
    ],
)
def test_each_form_of_number_is_printed_as_word_does(
    tmp_path: Path, form: str, text: str, start: int, printed: list[str]
) -> None:
    document = docx.Document()
    define_list(document, 50, [(form, text)], start=start)
    for _ in printed:
        number_with(document.add_paragraph("x"), 50)

    assert texts(document, tmp_path) == [f"{number} x".strip() for number in printed]


def test_a_second_list_of_the_same_kind_counts_on_unless_it_begins_anew(tmp_path: Path) -> None:
    document = docx.Document()
    define_list(document, 50, [("decimal", "%1.")])
    add_list(document, 51, 50)
    add_list(document, 52, 50, anew=1)
    for number in (50, 50, 51, 52, 52, 0):
        number_with(document.add_paragraph("x"), number)

    assert texts(document, tmp_path) == ["1. x", "2. x", "3. x", "1. x", "2. x", "x"]


def test_a_heading_gets_its_number_from_its_style(tmp_path: Path) -> None:
    document = docx.Document()
    define_list(document, 50, [("decimal", "%1"), ("decimal", "%1.%2")])
    for level, style in enumerate(("Heading 1", "Heading 2")):
        written = f'<w:numPr {nsdecls("w")}><w:numId w:val="50"/></w:numPr>'
        document.styles[style].element.get_or_add_pPr().append(parse_xml(written))
        shown = parse_xml(f'<w:pStyle {nsdecls("w")} w:val="{document.styles[style].style_id}"/>')
        document.part.numbering_part.element[0].findall(qn("w:lvl"))[level].insert(1, shown)
    for words, level in (("Wonen", 1), ("Bouwen", 2), ("Zorg", 1), ("Huis", 2)):
        document.add_heading(words, level)

    assert [(block.text, block.heading) for block in blocks(document, tmp_path) if isinstance(block, RawText)] == [
        ("1 Wonen", True),
        ("1.1 Bouwen", True),
        ("2 Zorg", True),
        ("2.1 Huis", True),
    ]


def test_numbers_in_cells_are_those_of_the_agreements(read: Read, cells) -> None:
    document = docx.Document()
    define_list(document, 50, [("decimal", "7.%1")])
    table = table_of(document, [HEADINGS, ("", "Bouw", "Bouwen.", "Clavis"), ("", "Sloop", "Slopen.", "WZV")])
    for row in table.rows[1:]:
        number_with(row.cells[0].paragraphs[0], 50)

    document_read = read("a.docx", saved(document))

    assert [cells(row) for row in document_read.agreements] == [
        ("7.1", "Bouw", "Bouwen.", "Clavis", "", ("clavis",)),
        ("7.2", "Sloop", "Slopen.", "WZV", "", ("wzv",)),
    ]
    assert document_read.problems == ()


def test_a_merged_cell_counts_for_each_row_and_is_not_repeated_over_columns(tmp_path: Path) -> None:
    document = docx.Document()
    table = table_of(document, [("a", "b", "c"), ("d", "", "f"), ("g", "h", "")])
    table.cell(0, 1).merge(table.cell(1, 1))
    table.cell(2, 1).merge(table.cell(2, 2))
    look = table.rows[1]._tr.get_or_add_trPr()
    late = OxmlElement("w:gridBefore")
    late.set(qn("w:val"), "1")
    look.append(late)
    table.rows[1]._tr.remove(table.rows[1]._tr.tc_lst[0])

    assert rows(document, tmp_path) == [("a", "b", "c"), ("", "b", "f"), ("g", "h", "")]


def test_struck_out_text_is_not_text_and_is_said(read: Read, cells) -> None:
    document = docx.Document()
    table = table_of(document, [HEADINGS, ("7.1", "Bouw", "Bouwen ", "Clavis, ")])
    for words, place, look in (("eind 2026", 3, "strike"), ("niets", 2, "double_strike")):
        setattr(table.rows[1].cells[place].paragraphs[0].add_run(words).font, look, True)
    table.rows[1].cells[3].paragraphs[0].add_run("Q2 2027")
    kept = table.rows[1].cells[2].paragraphs[0].add_run("van huizen.")
    kept.font.strike = False

    document_read = read("a.docx", saved(document))

    assert [cells(row) for row in document_read.agreements] == [
        ("7.1", "Bouw", "Bouwen van huizen.", "Clavis", "Q2 2027", ("clavis",))
    ]
    assert [(fault.place, fault.what, fault.hint) for fault in document_read.problems] == [
        ("a.docx, tabel 1, rij 2", "Doorgestreepte tekst is niet gelezen: “niets eind 2026”.", STRUCK_HINT)
    ]


def test_a_style_that_strikes_out_counts_too_and_hidden_text_is_named(tmp_path: Path) -> None:
    document = docx.Document()
    vervallen = document.styles.add_style("Vervallen", docx.enum.style.WD_STYLE_TYPE.CHARACTER)
    vervallen.font.strike = True
    paragraph = document.add_paragraph("Wij bouwen ")
    paragraph.add_run("vóór 1 mei", style="Vervallen")
    paragraph.add_run("zes huizen.").font.hidden = False
    paragraph.add_run(" Intern.").font.hidden = True

    assert blocks(document, tmp_path) == [
        RawText("Wij bouwen zes huizen.", "a.docx, alinea 1"),
        RawNote("a.docx, alinea 1", "Doorgestreepte tekst is niet gelezen: “vóór 1 mei”.", STRUCK_HINT),
        RawNote("a.docx, alinea 1", "Verborgen tekst is niet gelezen: “Intern.”.", HIDDEN_HINT),
    ]


def changed(kind: str, words: str) -> Any:
    inside = "w:delText" if kind == "del" else "w:t"
    return parse_xml(
        f'<w:{kind} {nsdecls("w")} w:id="9" w:author="x"><w:r><{inside} xml:space="preserve">{words}</{inside}>'
        f"</w:r></w:{kind}>"
    )


def test_tracked_changes_are_read_as_accepted_and_that_is_said(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Klaar ")
    for kind, words in (("del", "eind 2026"), ("ins", "vóór 1 juli 2027"), ("moveFrom", " hier"), ("moveTo", " daar")):
        paragraph._p.append(changed(kind, words))
    table = table_of(document, [("a", "b"), ("c", "d")])
    table.rows[1]._tr.get_or_add_trPr().append(parse_xml(f'<w:del {nsdecls("w")} w:id="8" w:author="x"/>'))

    *read, note = blocks(document, tmp_path)

    assert [block.text for block in read if isinstance(block, RawText)] == ["Klaar vóór 1 juli 2027 daar"]
    assert [line.cells for block in read if isinstance(block, RawTable) for line in block.lines] == [("a", "b")]
    assert note == RawNote(
        "a.docx",
        "Er staan bijgehouden wijzigingen in (2 ingevoegd, 3 verwijderd); gelezen alsof ze zijn aanvaard.",
        "Klopt dat niet, aanvaard of weiger ze dan zelf en lees het bestand opnieuw.",
    )


def test_text_in_controls_boxes_inner_tables_and_footnotes_is_not_lost(tmp_path: Path) -> None:
    document = docx.Document()
    space = nsdecls("w")
    document.element.body.insert(
        0,
        parse_xml(f"<w:sdt {space}><w:sdtContent><w:p><w:r><w:t>In een veld.</w:t></w:r></w:p></w:sdtContent></w:sdt>"),
    )
    empty = "<w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>Klik hier.</w:t></w:r></w:sdtContent>"
    paragraph = document.add_paragraph("Ernaast ")
    paragraph._p.append(parse_xml(f"<w:sdt {space}>{empty}</w:sdt>"))
    box = "<w:txbxContent><w:p><w:r><w:t>In een vak.</w:t></w:r></w:p></w:txbxContent>"
    older = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    paragraph._p.append(parse_xml(f"<w:r {space} {older}>{both}</w:r>"))
    outer = document.add_table(rows=1, cols=2)
    outer.cell(0, 0).text = "Buiten"
    table_in(outer.cell(0, 1), "Binnen")
    frame = document.add_table(rows=1, cols=1)
    table_in(frame.cell(0, 0), "Ingelijst")

    assert texts(document, tmp_path) == ["In een veld.", "Ernaast", "In een vak."]
    assert rows(document, tmp_path) == [("Buiten", "Binnen"), ("Ingelijst",)]


def table_in(cell: Any, words: str) -> None:
    cell.add_table(rows=1, cols=1).cell(0, 0).text = words


def test_words_numbers_of_the_handed_document_are_those_of_its_rows(read: Read) -> None:
    path = Path(__file__).parents[3] / "shared" / "cases" / "reading" / "F3-automatische-nummering.docx"
    if not path.exists():
        pytest.skip(f"{path} is not part of the project")

    document = read(path.name, path.read_bytes())

    assert [row.number for row in document.agreements] == [str(number) for number in range(1, 18)]
    assert all(row.topic and row.text and row.leads for row in document.agreements)
