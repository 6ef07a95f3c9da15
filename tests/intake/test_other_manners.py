"""The manners of other municipalities: pages with labels, lists to tick off, bids, a heading that says who."""

from collections.abc import Callable

import pytest

from cycle.intake import DocumentRow, ReadDocument
from cycle.intake.raw import RawLine, RawTable, RawText
from tests.intake.test_left_over import read_blocks

Read = Callable[[str, bytes | str], ReadDocument]


def rows(document: ReadDocument) -> tuple[DocumentRow, ...]:
    return (*document.agreements, *document.agenda)


def said(document: ReadDocument) -> list[tuple[str, str, tuple[str, ...], list[str]]]:
    """Number, words, leads and days of each row."""
    return [
        (row.number, row.text or row.topic, row.leads, [str(one.reading.due) for one in row.phrases])
        for row in rows(document)
    ]


AGREED = [
    ("5.1", "Het fonds wordt aangevuld.", ("gemeente",), ["2027-07-01"]),
    ("5.2", "Er komt een avond.", ("clavis", "wzv"), ["2027-10-31"]),
]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "terms.html",
            "<!DOCTYPE html><html><body><h1>Afspraken</h1>"
            "<h3>Afspraak 5.1 Fonds</h3><p>Het fonds wordt aangevuld.</p>"
            "<dl><dt>Trekker</dt><dd>Gemeente</dd><dt>Gereed</dt><dd>1 juli 2027</dd></dl>"
            "<h3>Afspraak 5.2 Avond</h3><p>Er komt een avond.</p>"
            "<dl><dt>Trekker:</dt><dd><p>Corporaties</p></dd><dt>Gereed:</dt><dd>oktober 2027</dd></dl></body></html>",
        ),
        (
            "lines.html",
            "<!DOCTYPE html><html><body><h1>Afspraken</h1>"
            "<h2>5.1 Fonds</h2><p>Het fonds wordt aangevuld.</p><p><b>Trekker</b><br>Gemeente</p>"
            "<p><b>Gereed</b><br>1 juli 2027</p><h2>5.2 Avond</h2><p>Er komt een avond.</p>"
            "<p><b>Trekker</b><br>Corporaties</p><p><b>Gereed</b><br>oktober 2027</p></body></html>",
        ),
        (
            "ticks.md",
            "# Afspraken Terneuzen\n\n## Actiepunten\n\n"
            "- [ ] **5.1** Het fonds wordt aangevuld. *Trekker: Gemeente. Gereed: 1 juli 2027.*\n"
            "- [x] **5.2** Er komt een avond. *Trekker: Corporaties. Gereed: oktober 2027.*\n",
        ),
        (
            "bullets.md",
            "# Afspraken Terneuzen\n\n"
            "* __5.1__ Het fonds wordt aangevuld.\n  Trekker: Gemeente\n  Gereed: 1 juli 2027\n"
            "* __5.2__ Er komt een avond.\n  Trekker: _Corporaties_\n  Gereed: oktober 2027\n",
        ),
    ],
)
def test_labels_are_read_however_a_page_sets_them_apart(read: Read, name: str, content: str) -> None:
    assert said(read(name, content)) == AGREED


@pytest.mark.parametrize("form", ["{} {}: ", "{} {})\n", "{} {}\n"])
@pytest.mark.parametrize("word", ["Bod", "Voorstel", "BIJDRAGE", "Activiteit"])
def test_any_word_with_numbers_that_go_on_may_name_agreements(read: Read, word: str, form: str) -> None:
    one, two = form.format(word, 1), form.format(word, 2)
    document = read(
        "a.txt",
        f"Brief\n\n{one}Clavis bouwt vóór 1 mei 2027 zes huizen.\n\n{two}Clavis sloopt eind 2027 een flat.\n",
    )

    assert said(document) == [
        ("1", "Clavis bouwt vóór 1 mei 2027 zes huizen.", ("clavis",), ["2027-04-30"]),
        ("2", "Clavis sloopt eind 2027 een flat.", ("clavis",), ["2027-12-31"]),
    ]


@pytest.mark.parametrize("word", ["Tabel", "Bijlage", "Figuur", "Week", "Kwartaal", "Blok"])
def test_parts_of_a_document_are_no_agreements(read: Read, word: str) -> None:
    document = read(
        "a.txt",
        f"Brief\n\n{word} 1: Clavis bouwt vóór 1 mei 2027 zes huizen.\n\n{word} 2: Clavis sloopt eind 2027 een flat.\n",
    )

    assert (rows(document), [row.leads for row in document.unnumbered]) == ((), [("clavis",), ("clavis",)])


def by_party(heads: tuple[str, str, str], table: str, form: str) -> str:
    rows = (
        ("Stelt een model vast.", "mei 2027"),
        ("Leveren een plan.", "vóór 1 juli 2027"),
        ("Houdt een avond.", "Q4 2027"),
    )
    return "# Overzicht 2027\n\n" + "".join(
        f"{head}\n\n{table}{form.format(*row, at)}\n\n"
        for at, (head, row) in enumerate(zip(heads, rows, strict=True), 1)
    )


HEADS = (
    ("## Wat doet de gemeente?", "## Wat doen de corporaties?", "## Wat doet SHB?"),
    ("## Gemeente", "## Corporaties", "## SHB"),
    ("Inzet van de gemeente:", "Inzet van de corporaties:", "Inzet van SHB:"),
    ("## Bijdrage gemeente", "## Bijdrage corporaties", "## Bijdrage SHB"),
)


@pytest.mark.parametrize("heads", HEADS, ids=[heads[0] for heads in HEADS])
@pytest.mark.parametrize(
    ("table", "form"),
    [("| Bijdrage | Termijn |\n|---|---|\n", "| {0} | {1} |"), ("", "{2}. {0} Termijn: {1}.")],
    ids=["table", "paragraphs"],
)
def test_a_heading_of_a_party_says_who_leads_what_stands_below_it_and_that_is_told(
    read: Read, heads: tuple[str, str, str], table: str, form: str
) -> None:
    document = read("a.md", by_party(heads, table, form))

    assert [(words, leads, days) for _, words, leads, days in said(document)] == [
        ("Stelt een model vast.", ("gemeente",), ["2027-05-31"]),
        ("Leveren een plan.", ("clavis", "wzv"), ["2027-06-30"]),
        ("Houdt een avond.", ("shb",), ["2027-12-31"]),
    ]
    told = [fault.hint for fault in document.problems if "kop" in fault.what]
    assert told == ["Gelezen met de kop als trekker; klopt dat?"] * 3


def test_a_heading_of_a_party_holds_up_to_the_next_heading_and_never_against_a_column(read: Read) -> None:
    document = read(
        "a.md",
        "# Overzicht 2027\n\n## Gemeente\n\n| Actie | Trekker | Termijn |\n|---|---|---|\n| Bouw een huis. | "
        "WZV | mei 2027 |\n"
        "| Verkoop een huis. |  | mei 2027 |\n\n## Overig\n\n| Actie | Termijn |\n|---|---|\n| Sloop een flat. "
        "| juni 2027 |\n",
    )

    assert [leads for _, _, leads, _ in said(document)] == [("wzv",), (), ()]


def test_the_menu_and_the_foot_of_a_page_stand_beside_what_it_says(read: Read) -> None:
    document = read(
        "a.html",
        "<!DOCTYPE html><html><body><nav><ul><li>Home</li></ul></nav><h1>Afspraken</h1>"
        "<p>5.1 Clavis bouwt uiterlijk 1 mei 2027 een huis.</p>"
        "<footer>Laatst gewijzigd op 4 september 2026</footer></body></html>",
    )

    assert said(document) == [("5.1", "Clavis bouwt uiterlijk 1 mei 2027 een huis.", ("clavis",), ["2027-05-01"])]
    assert [(one.text, one.why) for one in document.unused] == [
        ("Laatst gewijzigd op 4 september 2026", "voet van de pagina"),
        ("Home", "menu van de pagina"),
        ("Afspraken", "kop"),
    ]


def test_a_name_alone_in_a_row_or_right_above_a_table_is_the_heading_of_what_that_party_does() -> None:
    lines = (("Actie", "Deadline"), ("Gemeente", ""), ("Verlaag de leges.", "mei 2027"), ("Clavis", ""))
    rows = (*lines, ("Lever een plan.", "juni 2027"), ("Houd een avond.", "Q4 2027"))
    above = [RawText("Gemeente Terneuzen", "brief, alinea 1"), RawText("Geacht college", "brief, alinea 2")]
    table = RawTable(tuple(RawLine(cells, f"lijst, rij {at}") for at, cells in enumerate(rows, 1)))
    under_name = RawTable((table.lines[0], RawLine(("Bouw een huis.", "mei 2028"), "lijst, rij 8")))

    document = read_blocks([*above, table, RawText("SHB", "brief, alinea 3"), under_name])

    assert [(words, leads) for _, words, leads, _ in said(document)] == [
        ("Verlaag de leges.", ("gemeente",)),
        ("Lever een plan.", ("clavis",)),
        ("Houd een avond.", ("clavis",)),
        ("Bouw een huis.", ("shb",)),
    ]
    assert [one.text for one in document.unused if one.why == "tussenkop in de tabel"] == ["Gemeente", "Clavis"]


@pytest.mark.parametrize(
    ("title", "leads"),
    [("# Bod 2027 van Clavis", ("clavis",)), ("# Afspraken Clavis 2027", ()), ("# Afspraken gemeente en Clavis", ())],
)
def test_the_title_of_an_offer_says_whose_it_is_but_that_of_agreements_does_not(
    read: Read, title: str, leads: tuple[str, ...]
) -> None:
    document = read("a.md", f"{title}\n\n1. Bouwen\n\nGereed: mei 2027\n\n2. Slopen\n\nGereed: Q4 2027\n")

    assert [found for _, _, found, _ in said(document)] == [leads, leads]
