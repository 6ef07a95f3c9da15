"""Struck out and hidden text of a page or a Markdown table is left out and named; cells may span rows and columns."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cycle.intake import ReadDocument
from cycle.intake.markup import read as read_page
from cycle.intake.raw import Block, RawLine, RawNote, RawTable, RawText

Read = Callable[[str, bytes | str], ReadDocument]

STRUCK_HINT = "Geldt deze tekst toch, haal dan de streep weg en lees het bestand opnieuw."
HIDDEN_HINT = "Hoort deze tekst erbij, maak die dan zichtbaar en lees het bestand opnieuw."


def blocks(page: str, folder: Path) -> list[Block]:
    path = folder / "a.html"
    path.write_text(page)
    return read_page(path, "a.html")


def struck(place: str, words: str) -> RawNote:
    return RawNote(place, f"Doorgestreepte tekst is niet gelezen: “{words}”.", STRUCK_HINT)


def hidden(place: str, words: str) -> RawNote:
    return RawNote(place, f"Verborgen tekst is niet gelezen: “{words}”.", HIDDEN_HINT)


def test_what_is_struck_out_or_hidden_is_left_out_and_named(tmp_path: Path) -> None:
    page = (
        "<body><p>Klaar <del>Q4 2026</del> <ins>Q2 2027</ins>.</p>\n"
        '<p style="display: none">Intern.<p>Zichtbaar.<p hidden>Weg <b>ook</b><br>dit.</p>\n'
        "<table><tr><td>a<td><s>b</s><td><strike>open<td>c</tr>\n"
        '<tr style="display:none"><td>d<td>e</tr><tr><td><span style="text-decoration:line-through">f</span>g</table>\n'
        "<script>niets()</script></body>"
    )

    assert blocks(page, tmp_path) == [
        RawText("Klaar Q2 2027.", "a.html, regel 1"),
        RawText("Zichtbaar.", "a.html, regel 2"),
        RawTable(
            (
                RawLine(("a", "", "", "c"), "a.html, tabel 1, rij 1"),
                RawLine(("", ""), "a.html, tabel 1, rij 2"),
                RawLine(("g",), "a.html, tabel 1, rij 3"),
            )
        ),
        struck("a.html, regel 1", "Q4 2026"),
        hidden("a.html, regel 2", "Intern."),
        hidden("a.html, regel 2", "Weg ook"),
        hidden("a.html, regel 2", "dit."),
        struck("a.html, tabel 1, rij 1", "b open"),
        hidden("a.html, tabel 1, rij 2", "d e"),
        struck("a.html, tabel 1, rij 3", "f"),
    ]


def test_a_cell_over_rows_counts_for_each_and_over_columns_once(read: Read, cells) -> None:
    page = (
        "<table><tr><th>Nr.<th>Onderwerp<th>Afspraak<th>Trekker<th>Datum"
        '<tr><td>1.1<td rowspan=2>Bouw<td>Bouwen.<td rowspan="2">Clavis<td>eind 2027'
        "<tr><td>1.2<td>Slopen.<td>mei 2027"
        "<tr><td>1.3<td colspan=2>Kijken.<td>WZV<td>juni 2027</table>"
    )

    assert [cells(row) for row in read("a.html", page).agenda] == [
        ("1.1", "Bouw", "Bouwen.", "Clavis", "eind 2027", ("clavis",)),
        ("1.2", "Bouw", "Slopen.", "Clavis", "mei 2027", ("clavis",)),
        ("1.3", "Kijken.", "", "WZV", "juni 2027", ("wzv",)),
    ]


def test_a_list_has_the_numbers_that_a_browser_prints(tmp_path: Path) -> None:
    page = (
        "<body><ol start=3><li>drie<li>vier<ul><li>punt</ul></ol><ol type=a><li>a<li hidden>b<li>c</ol>"
        "<table><tr><td><ol><li>een<li>twee</ol></table></body>"
    )
    read = blocks(page, tmp_path)

    assert [block.text for block in read if isinstance(block, RawText)] == [
        "3. drie",
        "4. vier",
        "punt",
        "a. a",
        "c. c",
    ]
    assert [block.lines[0].cells for block in read if isinstance(block, RawTable)] == [("1. een\n2. twee",)]


@pytest.mark.parametrize("old", ["~~Q4 2026~~ ", "<del>Q4 2026</del> ", "<s>Q4 2026</s>"])
def test_struck_out_words_in_a_markdown_table_are_no_text(read: Read, old: str) -> None:
    table = (
        "| Nr. | Onderwerp | Afspraak | Trekker | Datum |\n|---|---|---|---|---|\n"
        f"| 1.1 | Bouw | Bouwen. | Clavis | {old}Q2 2027 |\n| 1.2 | Sloop | Slopen. | WZV | Q3 2027 |\n"
    )

    document = read("a.md", table)

    assert [row.date_phrase for row in document.agenda] == ["Q2 2027", "Q3 2027"]
    assert [(fault.place, fault.what) for fault in document.problems] == [
        ("a.md, regel 3", "Doorgestreepte tekst is niet gelezen: “Q4 2026”.")
    ]
