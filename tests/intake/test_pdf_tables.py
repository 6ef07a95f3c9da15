"""PDF tables with cells over several rows, rows over a page and narrow columns, with tags and by ruled lines."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest

from cycle.intake import ReadDocument

Read = Callable[[str, bytes | str], ReadDocument]

HEADING = "[Onderwerp], [Nr.], [Afspraak], [Trekker]"

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
"""A picture of one dot, as PNG."""


def pdf(cells: str, *, tagged: bool, height: str = "20cm", columns: str = "(3cm, 1.5cm, 1fr, 3cm)") -> bytes:
    import typst

    source = f"""#set page(width: 18cm, height: {height})
= 1 – Wonen
#table(columns: {columns}, stroke: 0.5pt, table.header({HEADING}), {cells})
"""
    return typst.compile(source.encode(), pdf_tags=tagged)


both_ways = pytest.mark.parametrize("tagged", [True, False], ids=["tagged", "ruled"])


@both_ways
def test_a_cell_over_several_rows_counts_for_each_of_them(read: Read, cells, tagged: bool) -> None:
    merged = (
        "table.cell(rowspan: 3)[Bouw], [1.1], [Bouwen.], table.cell(rowspan: 2)[Clavis, eind 2027],"
        "[1.2], [Slopen.],"
        "[1.3], [Kijken.], [WZV],"
    )
    document = read("a.pdf", pdf(merged, tagged=tagged))

    assert [cells(row) for row in document.agreements] == [
        ("1.1", "Bouw", "Bouwen.", "Clavis", "eind 2027", ("clavis",)),
        ("1.2", "Bouw", "Slopen.", "Clavis", "eind 2027", ("clavis",)),
        ("1.3", "Bouw", "Kijken.", "WZV", "", ("wzv",)),
    ]


@both_ways
def test_a_row_over_a_page_is_one_row(read: Read, cells, tagged: bool) -> None:
    words = " ".join(f"Zin {number} zegt wat wij doen." for number in range(40))
    document = read("a.pdf", pdf(f"[Bouw], [1.1], [{words}], [Clavis],", tagged=tagged, height="8cm"))

    assert [cells(row) for row in document.agreements] == [("1.1", "Bouw", words, "Clavis", "", ("clavis",))]


@both_ways
def test_words_that_a_narrow_column_broke_are_closed(read: Read, cells, tagged: bool) -> None:
    broken = (
        r"[Wonen], [1.1], [Huurdersorganisaties doen mee.], [Huurdersorgani\ saties],"
        r"[Wonen], [1.2], [Clavis bouwt.], [Huurdersorg.\ Clavis],"
    )
    document = read("a.pdf", pdf(broken, tagged=tagged, columns="(3cm, 1.5cm, 1fr, 2.9cm)"))

    assert [row.trekker for row in document.agreements] == ["Huurdersorganisaties", "Huurdersorg. Clavis"]
    assert document.agreements[0].leads == ("bewonersraad", "shb")


def test_a_page_that_is_a_scan_is_named(read: Read, tmp_path: Path) -> None:
    import typst

    (tmp_path / "x.png").write_bytes(base64.b64decode(DOT))
    source = '1.1 Clavis bouwt vóór 1 mei 2027.\n#pagebreak()\n#image("x.png")'
    content = typst.compile(source.encode(), root=str(tmp_path))

    document = read("a.pdf", content)

    assert [(row.number, row.leads) for row in document.agreements] == [("1.1", ("clavis",))]
    assert [(fault.place, fault.what) for fault in document.problems] == [
        ("a.pdf, bladzijde 2", "Bladzijde 2 is een scan: er staat beeld op, maar geen tekst; die is niet gelezen.")
    ]


def test_no_agreement_of_the_handed_document_is_lost_from_its_merged_cells(read: Read) -> None:
    path = Path(__file__).parents[3] / "shared" / "cases" / "reading" / "F1-getagd-rowspan.pdf"
    if not path.exists():
        pytest.skip(f"{path} is not part of the project")

    document = read(path.name, path.read_bytes())
    topics = {row.number: row.topic for row in document.agreements}

    assert (len(topics), len(document.agreements), len(document.agenda)) == (55, 55, 54)
    for number, above in {"1.1.5": "1.1.4", "2.4": "2.3", "4.3": "4.2", "4.12": "4.11", "5.7": "5.6"}.items():
        assert topics[number] == topics[above]
    assert all(row.leads for row in document.agreements)
    assert document.problems == ()
