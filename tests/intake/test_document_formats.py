"""The same small agreement in every format gives the same rows."""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date

import pytest

from cycle.errors import Unreadable
from cycle.intake import ReadDocument

Read = Callable[[str, bytes | str], ReadDocument]

BOTH = "Gemeente en corporaties"
HEADINGS = ("Onderwerp", "Nr.", "Afspraak", "Trekker / datum")
TABLE = (
    HEADINGS,
    ("Nieuwbouw", "1.1", "Zes huizen bouwen; meer mag.", "Corporaties, eind 2027"),
    ("", "1.2", "Praten over grond, met ‘spoed’.", BOTH),
    ("Buurten en groen", "2.1", "Jaarlijks langs de deuren.", "WZV, uiterlijk 1 juli 2027"),
    ("Toezicht", "2.2", "", ""),
)
ROWS = [
    ("1.1", "Nieuwbouw", "Zes huizen bouwen; meer mag.", "Corporaties", "eind 2027", ("clavis", "wzv")),
    (
        "1.2",
        "Nieuwbouw",
        "Praten over grond, met 'spoed'.",
        "Gemeente en corporaties",
        "",
        ("gemeente", "clavis", "wzv"),
    ),
    ("2.1", "Buurten en groen", "Jaarlijks langs de deuren.", "WZV", "uiterlijk 1 juli 2027", ("wzv",)),
    ("2.2", "Toezicht", "", "", "", ()),
]


def as_tabs(table: Sequence[Sequence[str]]) -> str:
    return "\n".join("\t".join(row) for row in table)


def as_csv(mark: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(mark.join(f'"{cell}"' for cell in row) for row in TABLE).encode(encoding)


def as_pipes() -> str:
    rule = "|".join("---" for _ in HEADINGS)
    head, *rows = ["| " + " | ".join(row) + " |" for row in TABLE]
    return "\n".join(["# 1 – Wonen", "", head, f"|{rule}|", *rows])


def as_html() -> str:
    rows = "".join("<tr>" + "".join(f"<td><p>{cell}</p></td>" for cell in row) + "</tr>" for row in TABLE)
    return f"<!doctype html><html><head><title>x</title></head><body><h1>Wonen</h1><table>{rows}</table></body></html>"


def as_xlsx(table: Sequence[Sequence[object]] = TABLE) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Wonen"
    for row in table:
        sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def as_ods() -> bytes:
    def cell(words: str) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{words}</text:p></table:table-cell>'

    rows = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in TABLE)
    space = "urn:oasis:names:tc:opendocument:xmlns"
    names = " ".join(f'xmlns:{name}="{space}:{name}:1.0"' for name in ("office", "table", "text", "manifest"))
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    sheet = f'<table:table table:name="Wonen">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", mime)
        archive.writestr("content.xml", f"<office:document-content {names}>{body}</office:document-content>")
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest {names}>{entry}</manifest:manifest>")
    return content.getvalue()


def as_docx() -> bytes:
    import docx

    document = docx.Document()
    document.add_heading("1 – Wonen", 1)
    table = document.add_table(rows=0, cols=4)
    for row in TABLE:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def as_pdf(*, tagged: bool, stroke: str, rows: str = "", height: str = "20cm") -> bytes:
    import typst

    cells = rows or "".join(f"[{cell}]," for row in TABLE[1:] for cell in row)
    heading = ",".join(f"[{cell}]" for cell in HEADINGS)
    source = f"""#set page(width: 20cm, height: {height})
= 1 – Wonen
#table(columns: (3cm, 1.5cm, 1fr, 4cm), stroke: {stroke}, table.header({heading}), {cells})
"""
    return typst.compile(source.encode(), pdf_tags=tagged)


WRAPPED = """ 1 – Wonen
Onderwerp Nr.  Afspraak  Trekker / datum
Nieuwbouw  1.1  Zes huizen bouwen;
meer mag.

Corporaties, eind
2027
1.2 Praten over grond, met ‘spoed’. Gemeente en corporaties

 7

Buurten en
groen

2.1 Jaarlijks langs de deuren.

WZV, uiterlijk 1 juli 2027
Toezicht 2.2
 Bijlage 1 Kaart
"""

ALIGNED = """1 – Wonen
Onderwerp           Nr.    Afspraak                       Trekker / datum
Nieuwbouw           1.1    Zes huizen bouwen;             Corporaties, eind
                           meer mag.                      2027
                    1.2    Praten over grond, met         Gemeente en
                           ‘spoed’.                       corporaties

                                      7
Buurten en groen    2.1    Jaarlijks langs de deuren.     WZV, uiterlijk 1 juli
                                                          2027
Toezicht            2.2
Bijlage 1 Kaart
"""

FORMATS: dict[str, tuple[str, Callable[[], bytes | str]]] = {
    "tabs": ("a.txt", lambda: as_tabs(TABLE)),
    "wrapped text": ("a.txt", lambda: WRAPPED),
    "text in columns": ("a.txt", lambda: ALIGNED),
    "markdown": ("a.md", as_pipes),
    "html": ("a.html", as_html),
    "html that calls itself xls": ("a.xls", as_html),
    "csv with semicolons": ("a.csv", lambda: as_csv(";")),
    "csv with commas": ("a.csv", lambda: as_csv(",")),
    "csv with tabs": ("a.csv", lambda: as_csv("\t")),
    "csv of windows": ("a.csv", lambda: as_csv(";", "windows-1252")),
    "csv with a byte order mark": ("a.csv", lambda: as_csv(";", "utf-8-sig")),
    "csv of unicode": ("a.csv", lambda: as_csv("\t", "utf-16")),
    "xlsx": ("a.xlsx", as_xlsx),
    "ods": ("a.ods", as_ods),
    "docx": ("a.docx", as_docx),
    "pdf with tags": ("a.pdf", lambda: as_pdf(tagged=True, stroke="none")),
    "pdf with lines": ("a.pdf", lambda: as_pdf(tagged=False, stroke="0.5pt")),
    "pdf with bare columns": ("a.pdf", lambda: as_pdf(tagged=False, stroke="none")),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_rows(name: str, read: Read, cells) -> None:
    file, content = FORMATS[name]
    document = read(file, content())

    assert [cells(row) for row in document.agreements + document.agenda] == ROWS
    assert [row.theme for row in document.agreements + document.agenda] == ["1", "1", "2", "2"]
    assert document.problems == ()


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("tabs", "a.txt, regel 4"),
        ("wrapped text", "a.txt, regel 15"),
        ("text in columns", "a.txt, regel 9"),
        ("markdown", "a.md, regel 7"),
        ("html", "a.html, tabel 1, rij 4"),
        ("csv with commas", "a.csv, regel 4"),
        ("xlsx", "a.xlsx, blad Wonen, rij 4"),
        ("docx", "a.docx, tabel 1, rij 4"),
        ("pdf with tags", "a.pdf, bladzijde 1, rij 4"),
        ("pdf with lines", "a.pdf, bladzijde 1, rij 4"),
        ("pdf with bare columns", "a.pdf, bladzijde 1, rij 4"),
    ],
)
def test_a_row_knows_its_place(name: str, place: str, read: Read) -> None:
    file, content = FORMATS[name]
    document = read(file, content())

    assert (document.agreements + document.agenda)[2].source == place


def test_columns_are_found_by_other_headings_and_in_any_order(read: Read, cells) -> None:
    text = "Wie;Wanneer;Nummer;Omschrijving;Thema\nClavis;Q3 2027;3.1;Bouwen;Wonen\n"

    document = read("acties.csv", text)

    assert [cells(row) for row in document.agenda] == [("3.1", "Wonen", "Bouwen", "Clavis", "Q3 2027", ("clavis",))]
    assert document.agreements == ()


def test_columns_are_found_by_content_where_headings_are_missing(read: Read, cells) -> None:
    text = "1.1;Wonen;Een lange zin over huizen;Gemeente\n1.2;Zorg;Nog een lange zin;Clavis\n"

    document = read("lijst.csv", text)

    assert [cells(row) for row in document.agreements] == [
        ("1.1", "Wonen", "Een lange zin over huizen", "Gemeente", "", ("gemeente",)),
        ("1.2", "Zorg", "Nog een lange zin", "Clavis", "", ("clavis",)),
    ]


@pytest.mark.parametrize(("tagged", "stroke"), [(True, "none"), (False, "0.5pt"), (False, "none")])
def test_a_pdf_row_over_a_page_break_is_one_row(tagged: bool, stroke: str, read: Read, cells) -> None:
    sentence = "Een zin over wonen. " * 40
    rows = "".join(f"[Deel {number}],[1.{number}],[{sentence}],[Clavis]," for number in range(1, 5))

    document = read("a.pdf", as_pdf(tagged=tagged, stroke=stroke, rows=rows, height="12cm"))

    assert [cells(row) for row in document.agreements] == [
        (f"1.{number}", f"Deel {number}", sentence.strip(), "Clavis", "", ("clavis",)) for number in range(1, 5)
    ]


def test_a_scan_says_that_it_is_one(read: Read) -> None:
    import typst

    content = typst.compile(b"#rect(width: 3cm, height: 3cm, fill: red)")

    with pytest.raises(Unreadable, match="is een scan"):
        read("scan.pdf", content)


def test_the_rest_of_a_row_on_the_next_page_is_joined(read: Read, cells) -> None:
    table = [
        HEADINGS,
        ("Grond", "1.1", "Samen kopen en", "Clavis"),
        ("", "", "later delen.", ""),
        ("Zorg", "1.2", "Kort.", ""),
        ("", "", "", "WZV, 2027"),
    ]

    document = read("a.txt", as_tabs(table))

    assert [cells(row) for row in document.agreements] == [
        ("1.1", "Grond", "Samen kopen en later delen.", "Clavis", "", ("clavis",)),
        ("1.2", "Zorg", "Kort.", "WZV", "2027", ("wzv",)),
    ]


def test_a_second_action_under_one_number_is_a_row_of_its_own(read: Read, cells) -> None:
    table = [HEADINGS, ("Grond", "1.1", "Kopen", "Clavis, 2026"), ("", "", "Delen", "WZV, 2027")]

    document = read("a.txt", as_tabs(table))

    assert [cells(row) for row in document.agreements] == [
        ("1.1", "Grond", "Kopen", "Clavis", "2026", ("clavis",)),
        ("1.1", "Grond", "Delen", "WZV", "2027", ("wzv",)),
    ]


def test_merged_word_cells_hold_for_each_row(read: Read, cells) -> None:
    import docx

    document = docx.Document()
    table = document.add_table(rows=3, cols=4)
    for row, words in zip(
        table.rows, (HEADINGS, ("Grond", "1.1", "Kopen", "Clavis"), ("", "1.2", "Delen", "")), strict=True
    ):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text
    table.cell(1, 3).merge(table.cell(2, 3))
    content = io.BytesIO()
    document.save(content)

    assert [cells(row)[3] for row in read("a.docx", content.getvalue()).agreements] == ["Clavis", "Clavis"]


def test_html_cells_that_span_rows_hold_for_each_row(read: Read, cells) -> None:
    head = "".join(f"<th>{cell}</th>" for cell in HEADINGS)
    page = (
        f"<table><tr>{head}</tr><tr><td rowspan=2>Grond<td>1.1<td>Kopen<td rowspan=2>Clavis</tr>"
        "<tr><td>1.2<td>Delen &amp; huren</tr></table>"
    )

    assert [cells(row)[:4] for row in read("a.html", page).agreements] == [
        ("1.1", "Grond", "Kopen", "Clavis"),
        ("1.2", "Grond", "Delen & huren", "Clavis"),
    ]


def test_numbers_that_excel_spoiled_are_restored_and_reported(read: Read) -> None:
    rows = [("Nr.", "Afspraak", "Wie"), *((1 + n / 10, "Iets", "Clavis") for n in range(1, 10))]
    table = [*rows, (1.1, "Tien", "Clavis"), (date(2026, 4, 2), "Datum", "Clavis")]

    document = read("a.xlsx", as_xlsx(table))

    assert [row.number for row in document.agreements][-3:] == ["1.9", "1.10", "2.4"]
    assert [fault.place for fault in document.problems] == ["a.xlsx, blad Wonen, rij 11", "a.xlsx, blad Wonen, rij 12"]


def test_a_date_cell_of_excel_is_a_phrase(read: Read) -> None:
    table = [
        ("Nr.", "Actie", "Wie", "Gereed"),
        ("1.1", "Bouwen", "Clavis", date(2027, 7, 1)),
        ("1.2", "Delen", "WZV", 2028),
    ]

    document = read("a.xlsx", as_xlsx(table))

    assert [(row.date_phrase, row.phrases[0].reading.due) for row in document.agenda] == [
        ("1 juli 2027", date(2027, 7, 1)),
        ("2028", date(2028, 12, 31)),
    ]


def test_each_sheet_is_framework_or_agenda_by_its_name(read: Read) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Afspraken"
    for sheet in (book.active, book.create_sheet("Uitvoeringsagenda 2027")):
        sheet.append(["Nr.", "Onderwerp", "Afspraak", "Trekker"])
        sheet.append(["1.1", "Grond", "Kopen", "Clavis, voorjaar"])
    content = io.BytesIO()
    book.save(content)

    document = read("a.xlsx", content.getvalue())

    assert (len(document.agreements), len(document.agenda)) == (1, 1)
    assert document.agenda[0].phrases[0].reading.due == date(2027, 5, 31)


def test_a_document_without_any_year_leaves_its_dates_in_doubt(read: Read) -> None:
    document = read("a.csv", "Nr.;Actie;Wie\n1.1;Bouwen;Clavis, najaar\n1.2;Delen;WZV, 2027\n")

    readings = [row.phrases[0].reading for row in document.agreements]
    assert [(reading.due, reading.doubtful) for reading in readings] == [(None, True), (date(2027, 12, 31), False)]


def test_figures_are_not_agreements(read: Read) -> None:
    text = as_tabs([("", "2022", "2023"), ("Beginstand", "5.146", "5.118"), ("Eindstand", "5.118", "5.139")])

    document = read("a.txt", f"{text}\n{text}")

    assert (document.agreements, document.agenda, document.unnumbered) == ((), (), ())


def test_an_unknown_trekker_is_reported_with_its_place(read: Read) -> None:
    document = read("a.csv", "Nr.;Onderwerp;Afspraak;Trekker\n1.1;Grond;Kopen;Gemeentee\n")

    assert [(fault.place, fault.what) for fault in document.problems] == [
        ("a.csv, regel 2", "De trekker “Gemeentee” is geen bekende partij.")
    ]


def test_a_row_that_names_nobody_among_others_is_reported(read: Read) -> None:
    rows = ("1.1;Grond;Kopen;Clavis", "1.2;Zorg;Delen;", "1.3;Buurt;Lopen;WZV")

    document = read("a.csv", "\n".join(("Nr.;Onderwerp;Afspraak;Trekker", *rows)))

    assert [(fault.place, fault.what) for fault in document.problems] == [
        ("a.csv, regel 3", "Bij 1.2 is geen trekker gevonden.")
    ]


def test_a_number_used_twice_is_reported(read: Read) -> None:
    document = read("a.csv", "Nr.;Onderwerp;Afspraak;Trekker\n1.1;Grond;Kopen;Clavis\n1.1;Zorg;Delen;WZV\n")

    assert [fault.place for fault in document.problems] == ["a.csv, regel 3"]


def test_nothing_found_is_reported_with_what_is_needed(read: Read) -> None:
    (fault,) = read("a.txt", "Zomaar een brief.\n").problems

    assert fault.what == "Er zijn geen afspraken in gevonden."
