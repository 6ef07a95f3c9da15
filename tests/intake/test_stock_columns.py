"""Tables of figures whose headings say more than a year: which columns are read, and what came out beside what "
"was agreed."""

import pytest

from cycle.domain.figures import FigureKind
from cycle.intake.document import ReadDocument
from cycle.intake.stock_file import agreed_figures
from tests.intake.conftest import GROUPS, PARTIES
from tests.intake.test_table_columns import read_csv

Lines = list[tuple[bool, str, dict[int, int]]]


def stock(document: ReadDocument) -> Lines:
    """Whether it came out so, the label and the figures of each line."""
    return [(table.is_realised, line.label, dict(line.figures)) for table in document.stock for line in table.lines]


CASES: dict[str, Lines] = {
    "Voorraad;1-1-2026;1-1-2027\nClavis;1.200;1.250\nWZV;800;790\n": [
        (False, "Clavis", {2025: 1200, 2026: 1250}),
        (False, "WZV", {2025: 800, 2026: 790}),
    ],
    "Voorraad;31-12-2025;Stand 31 december 2026\nGoedkoop;350 woningen;360 woningen\nDuur;1.100 woningen;-\n": [
        (False, "Goedkoop", {2025: 350, 2026: 360}),
        (False, "Duur", {2025: 1100, 2026: 0}),
    ],
    "Indicator;Realisatie 2025;Streefgetal 2025;Streefgetal 2029\nSociale huur;2310;2345;2500 vhe\n": [
        (False, "Sociale huur", {2025: 2345, 2029: 2500}),
        (True, "Sociale huur", {2025: 2310}),
    ],
    "Corporatie;Type;1-1-2026;Aantal 1-1-2027\nClavis;eengezins;1.200;1.250\nWZV;flats;800;790\n": [
        (False, "Clavis, eengezins", {2025: 1200, 2026: 1250}),
        (False, "WZV, flats", {2025: 800, 2026: 790}),
    ],
    "Indicator;Nulmeting 2025;Streefgetal;Eenheid\nNieuwbouw;120;500;woningen\nLabel A;35;45;%\n": [
        (True, "Nieuwbouw", {2025: 120}),
    ],
    "Nr;Kengetal;2025;2026\n1;Sociale huur;2310;2345\n2;Wachttijd in jaren;7,2;7,4\n3;Verkoop;12;10\n": [
        (False, "Sociale huur", {2025: 2310, 2026: 2345}),
        (False, "Verkoop", {2025: 12, 2026: 10}),
    ],
    "Omschrijving;Aantal 2026;Aantal 2027\nSociale huur;1.000 vhe;1.010 vhe\nMiddenhuur;;120 vhe\n": [
        (False, "Sociale huur", {2026: 1000, 2027: 1010}),
        (False, "Middenhuur", {2027: 120}),
    ],
    "Ontwikkeling;2026;2027\nBeginstand;1.000;1.010\nNieuwbouw;20 woningen;15\nSloop;10;5\nEindstand;1.010;1.020\n": [
        (False, "Beginstand", {2026: 1000, 2027: 1010}),
        (False, "Nieuwbouw", {2026: 20, 2027: 15}),
        (False, "Sloop", {2026: 10, 2027: 5}),
        (False, "Eindstand", {2026: 1010, 2027: 1020}),
    ],
}


@pytest.mark.parametrize("table", CASES)
def test_a_table_of_homes_is_stock_whatever_its_headings_say_beside_the_year(table: str) -> None:
    document = read_csv(table)

    assert stock(document) == CASES[table]
    assert (document.agreements, document.agenda, document.unnumbered) == ((), (), ())
    assert [fault for fault in document.problems if "moet" in fault.what] == []


def test_what_is_no_line_of_homes_is_named(read) -> None:
    document = read_csv(
        "Indicator;Realisatie 2025;Streef 2029\nWoningen;10;20\nGemiddelde huur;598,5;617\nAandeel;35%;40%\n"
    )

    assert stock(document) == [(False, "Woningen", {2029: 20}), (True, "Woningen", {2025: 10})]
    assert [one.text for one in document.unused] == [
        *("35%", "40%"),
        *("Gemiddelde huur", "598,5", "617", "Aandeel"),
    ]


@pytest.mark.parametrize(
    "table",
    [
        "Voorraad;31-12-2025;1-1-2026\nClavis;1.200;1.250\n",
        "Onderdeel;Peildatum 2026;Peildatum 2027\nAchterstand;€ 120.000;€ 110.000\nTevreden;7,1;7,2\n",
        "Segment;Toename 2026-2029;Aantal 2030-2035\nHuur;100;120\n",
        "Corporatie;Woningen per 1-1-2027;Sloop 2027\nClavis;1.200;10\nWZV;500;0\n",
    ],
)
def test_columns_of_which_the_year_or_the_unit_is_not_clear_stay_figures_that_are_named(table: str) -> None:
    document = read_csv(table)

    assert (document.stock, document.agreements, document.agenda) == ((), (), ())
    assert len(document.unused) >= len(table.splitlines())


def test_what_came_out_is_kept_as_that_beside_what_was_agreed_for_the_same_year() -> None:
    document = read_csv("Indicator;Realisatie 2025;Streefgetal 2025\nSociale huur;2310;2345\n")

    figures = agreed_figures(document.stock, PARTIES, GROUPS)
    assert [(one.kind, one.year, one.amount) for one in figures] == [
        (FigureKind.PLANNED, 2025, 2345),
        (FigureKind.REALISED, 2025, 2310),
    ]


def test_a_figure_that_is_no_whole_number_of_homes_is_named_with_its_place() -> None:
    document = read_csv("Nr;Kengetal;2025;2026\n1;Sociale huur;2310;2345\n2;Wachttijd in jaren;7,2;7,4\n")

    assert [table.title for table in document.stock] == ["Kengetal"]
    assert {one.text for one in document.unused if "regel 3" in one.place} == {"2", "Wachttijd in jaren", "7,2", "7,4"}


def test_numbered_rows_with_somebody_to_do_them_stay_agreements() -> None:
    document = read_csv("Nr;Afspraak;Trekker;2026;2027\n1;Bouwen van flats;Clavis;40;60\n2;Sloop van flats;WZV;5;5\n")

    assert [(row.number, row.text) for row in document.agreements] == [
        ("1", "Bouwen van flats"),
        ("2", "Sloop van flats"),
    ]
    assert document.stock == ()
