"""ODT and ODS as LibreOffice writes them are read as they are seen: numbers, merged cells, no struck or hidden text."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import odfdo
import pytest
from odfdo import Element

from cycle.errors import Unreadable
from cycle.intake import ReadDocument
from cycle.intake.odt import read as read_odt
from cycle.intake.raw import Block, RawLine, RawNote, RawTable, RawText
from cycle.intake.spreadsheet import read as read_workbook

Read = Callable[[str, bytes | str], ReadDocument]

SHOW = "Hoort dit erbij, maak het dan zichtbaar en lees het bestand opnieuw."
STRUCK_HINT = "Geldt deze tekst toch, haal dan de streep weg en lees het bestand opnieuw."
HIDDEN_HINT = "Hoort deze tekst erbij, maak die dan zichtbaar en lees het bestand opnieuw."
LOOKS = """
<style:style style:name="Weg" style:family="text"><style:text-properties style:text-line-through-style="solid"/>
</style:style>
<style:style style:name="Ook" style:family="text" style:parent-style-name="Weg"/>
<style:style style:name="Geheim" style:family="text"><style:text-properties text:display="none"/></style:style>
<text:list-style style:name="L1">
<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
<text:list-level-style-number text:level="2" style:num-format="1" text:display-levels="2"/>
<text:list-level-style-bullet text:level="3" text:bullet-char="•"/>
</text:list-style>
<text:list-style style:name="L2">
<text:list-level-style-number text:level="1" style:num-format="a" style:num-prefix="(" style:num-suffix=")"
 text:start-value="2"/>
</text:list-style>
"""


def saved(document: Any) -> bytes:
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def text_of(*parts: str) -> Any:
    """An ODT with these parts in its text, in the words of its XML."""
    document = odfdo.Document("text")
    document.body.clear()
    for part in parts:
        document.body.append(Element.from_tag(part))
    styles = document.get_part("content.xml").root.get_element("//office:automatic-styles")
    for look in Element.from_tag(f"<office:text>{LOOKS}</office:text>").children:
        styles.append(look)
    return document


def blocks(document: Any, folder: Path) -> list[Block]:
    path = folder / "a.odt"
    path.write_bytes(saved(document))
    return read_odt(path, "a.odt")


def texts(document: Any, folder: Path) -> list[str]:
    return [block.text for block in blocks(document, folder) if isinstance(block, RawText)]


def table(*rows: Sequence[str]) -> str:
    lines = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows)
    return f'<table:table table:name="T">{lines}</table:table>'


def cell(words: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}><text:p>{words}</text:p></table:table-cell>"


COVERED = "<table:covered-table-cell/>"


def test_a_table_of_agreements_is_read_as_from_any_other_format(read: Read, cells) -> None:
    down = 'table:number-rows-spanned="2"'
    rows = (
        [cell(words) for words in ("Nr.", "Onderwerp", "Afspraak", "Trekker")],
        [cell("7.1"), cell("Bouw", down), cell("Bouwen."), cell("Clavis, eind 2027")],
        [cell("7.2"), COVERED, cell("Slopen."), cell("WZV")],
    )
    document = read("a.odt", saved(text_of("<text:h text:outline-level='1'>1 – Wonen</text:h>", table(*rows))))

    assert [(cells(row), row.source) for row in document.agreements] == [
        (("7.1", "Bouw", "Bouwen.", "Clavis", "eind 2027", ("clavis",)), "a.odt, tabel 1, rij 2"),
        (("7.2", "Bouw", "Slopen.", "WZV", "", ("wzv",)), "a.odt, tabel 1, rij 3"),
    ]
    assert document.problems == ()


def test_lists_are_numbered_as_they_are_printed(tmp_path: Path) -> None:
    def listed(*items: str, style: str = "L1", more: str = "") -> str:
        inside = "".join(f"<text:list-item>{item}</text:list-item>" for item in items)
        return f'<text:list text:style-name="{style}" {more}>{inside}</text:list>'

    def words(said: str) -> str:
        return f"<text:p>{said}</text:p>"

    inner = listed(words("Bouwen"), words("Slopen") + listed(words("punt")))
    document = text_of(
        listed(words("Wonen") + inner),
        words("Tussendoor."),
        listed(words("Zorg"), more='text:continue-numbering="true"'),
        listed(words("Weer"), words("en weer")),
        listed(words("letter"), words("volgende"), style="L2"),
    )

    assert texts(document, tmp_path) == [
        *("1. Wonen", "1.1 Bouwen", "1.2 Slopen", "punt", "Tussendoor.", "2. Zorg", "1. Weer", "2. en weer"),
        *("(b) letter", "(c) volgende"),
    ]


def test_a_number_alone_in_its_cell_is_that_number(tmp_path: Path) -> None:
    def numbered(more: str) -> str:
        item = "<text:list-item><text:p></text:p></text:list-item>"
        inside = f'<text:list text:style-name="L2" {more}>{item}</text:list>'
        return f"<table:table-cell>{inside}</table:table-cell>"

    rows = ([numbered(""), cell("x")], [numbered('text:continue-numbering="true"'), cell("y")])

    assert blocks(text_of(table(*rows)), tmp_path) == [
        RawTable((RawLine(("b", "x"), "a.odt, tabel 1, rij 1"), RawLine(("c", "y"), "a.odt, tabel 1, rij 2")))
    ]


def test_struck_out_hidden_and_changed_text_is_said(tmp_path: Path) -> None:
    changes = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Oud.</text:p></text:deletion>"
        "</text:changed-region><text:changed-region><text:insertion/></text:changed-region></text:tracked-changes>"
    )
    struck = (
        '<text:p>Klaar <text:span text:style-name="Ook">Q4<text:s/>2026</text:span> Q2'
        '<text:s/>2027<text:span text:style-name="Geheim">, intern</text:span>.</text:p>'
    )

    assert blocks(text_of(changes, struck), tmp_path) == [
        RawText("Klaar  Q2 2027.", "a.odt, alinea 1"),
        RawNote("a.odt, alinea 1", "Doorgestreepte tekst is niet gelezen: “Q4 2026”.", STRUCK_HINT),
        RawNote("a.odt, alinea 1", "Verborgen tekst is niet gelezen: “, intern”.", HIDDEN_HINT),
        RawNote(
            "a.odt",
            "Er staan bijgehouden wijzigingen in (1 ingevoegd, 1 verwijderd); gelezen alsof ze zijn aanvaard.",
            "Klopt dat niet, aanvaard of weiger ze dan zelf en lees het bestand opnieuw.",
        ),
    ]


def test_boxes_sections_and_footnotes_are_not_lost(tmp_path: Path) -> None:
    box = "<draw:frame><draw:text-box><text:p>In een vak.</text:p></draw:text-box></draw:frame>"
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Eind 2027.</text:p>"
        "</text:note-body></text:note>"
    )
    document = text_of(f"<text:section text:name='s'><text:p>Erin.{note}{box}</text:p></text:section>")

    assert texts(document, tmp_path) == ["Erin.", "In een vak.", "Eind 2027."]


def test_a_text_that_is_no_odt_is_refused_with_the_way_on(tmp_path: Path) -> None:
    path = tmp_path / "a.odt"
    path.write_bytes(saved(text_of("<text:p>x</text:p>"))[:-40])

    with pytest.raises(Unreadable) as refused:
        read_odt(path, "a.odt")

    assert (refused.value.what, refused.value.hint) == (
        "a.odt is geen leesbaar ODT-bestand.",
        "Open het in LibreOffice en sla het opnieuw op.",
    )


def test_a_sheet_of_libreoffice_hides_merges_and_strikes_as_one_of_excel(tmp_path: Path) -> None:
    document = odfdo.Document("spreadsheet")
    document.body.clear()
    typed = 'office:value-type="string"'
    rows = (
        [cell("a", f'{typed} table:number-rows-spanned="2"'), cell("b", typed), cell("c", typed)],
        [COVERED, cell("d", f'{typed} table:style-name="Door"'), cell("", 'table:formula="of:=[.A9]"')],
        [cell("geheim", typed), cell("e", typed), cell("f", typed)],
    )
    sheet = table(*rows).replace("<table:table-row>", '<table:table-row table:visibility="collapse">', 3)
    sheet = sheet.replace(' table:visibility="collapse"', "", 2)
    columns = '<table:table-column/><table:table-column table:number-columns-repeated="2"/>'
    document.body.append(Element.from_tag(sheet.replace('"T">', f'"T">{columns}', 1)))
    styles = document.get_part("content.xml").root.get_element("//office:automatic-styles")
    look = '<style:text-properties style:text-line-through-style="solid"/>'
    styles.append(Element.from_tag(f'<style:style style:name="Door" style:family="table-cell">{look}</style:style>'))
    path = tmp_path / "a.ods"
    path.write_bytes(saved(document))

    assert read_workbook(path, "a.ods") == [
        RawTable(
            (
                RawLine(("a", "b", "c"), "a.ods, blad T, rij 1"),
                RawLine(("a", "", ""), "a.ods, blad T, rij 2"),
            ),
            "T",
        ),
        RawNote("a.ods, blad T", "Verborgen rijen (3) zijn niet gelezen: “geheim e f”.", SHOW),
        RawNote("a.ods, blad T, cel B2", "Doorgestreepte tekst is niet gelezen: “d”.", STRUCK_HINT),
        RawNote(
            "a.ods, blad T, cel C2",
            "In cel C2 staat een formule zonder uitkomst; er is niets gelezen.",
            "Open het bestand in Excel, laat het doorrekenen en sla het op, of vul de waarde in.",
        ),
    ]
