"""Titles above headings, years above quarters, tables of figures, and the year that a heading gives to its rows."""

from datetime import date

import pytest

from cycle.domain.model import Conventions
from cycle.intake.document import ReadDocument
from cycle.intake.file_reading import document_of
from cycle.intake.leads import names_of
from cycle.intake.pipes import blocks_of as pipe_blocks
from cycle.intake.separated import blocks_of
from tests.intake.conftest import GROUPS, PARTIES
from tests.intake.test_date_columns import said
from tests.intake.test_table_columns import read_csv

FIGURES = (
    "Jaar;Clavis;WZV;Totaal\n2026;1200;500;1700\n2027;1250;510;1760\n",
    "Corporatie;Woningen per 1-1-2027;Sloop 2027\nClavis;1.200;10\nWZV;500;0\n",
    "Onderdeel;2026;2027;2028\nBetaalbaar;82%;83%;84%\nAchterstand;€ 120.000;€ 110.000;€ 100.000\nLabel;C;B;A\n",
    "Corporatie;Bewoners 1-1-2027;Scholen 2027\nWZV;3200;2\nClavis;4100;3\n",
)


@pytest.mark.parametrize("table", FIGURES)
def test_a_table_of_figures_is_no_agreement_and_is_named_row_by_row(table: str) -> None:
    document = read_csv(table)

    rows = [" | ".join(filter(None, line.split(";"))) for line in table.splitlines()]
    assert (document.agreements, document.agenda, document.unnumbered) == ((), (), ())
    assert sorted(one.text for one in document.unused if one.why == "tabel met cijfers") == sorted(rows)


def test_a_list_of_projects_with_an_amount_stays_a_list_of_agreements() -> None:
    document = read_csv("Nr;Project;Partij;Aantal woningen;Oplevering\n1;Park;WZV;24;Q2 2027\n2;Haven;Clavis;36;2028\n")

    assert [(row.topic, row.leads, row.date_phrase) for row in document.agenda] == [
        ("Park", ("wzv",), "Q2 2027"),
        ("Haven", ("clavis",), "2028"),
    ]


def test_headings_that_nobody_knows_are_found_below_a_title() -> None:
    document = read_csv(
        "Uitvoeringsagenda 2027;;;\nWaar het om gaat;Aan de lat;Zo ver zijn we;Tegen die dag\n"
        "Kopen van grond;Gemeente;loopt;1 juli\nHuren van grond;WZV;wacht;Q4\n"
    )

    assert said(document) == [
        ("Kopen van grond", "gemeente", "..2027-07-01"),
        ("Huren van grond", "wzv", "2027-10-01..2027-12-31"),
    ]
    assert [one.text for one in document.unused] == ["Uitvoeringsagenda 2027", "loopt", "wacht"]


def test_only_words_and_a_date_are_rows_too() -> None:
    document = read_csv("Waar het om gaat;Tegen die tijd\nKopen van grond;1 juli 2027\nHuren van grond;Q4 2027\n")

    assert [when for _, _, when in said(document)] == ["..2027-07-01", "2027-10-01..2027-12-31"]


def test_a_year_above_quarters_holds_for_each_of_them() -> None:
    document = read_csv(
        "Planning;;;;;;\n;;2027;;2028;;\nNr;Actie;Q1;Q2;Q1;Q2;Wie\n1;Kopen;x;;;;WZV\n2;Huren;;;;x;Clavis\n"
    )

    assert said(document) == [
        ("Kopen", "wzv", "2027-01-01..2027-03-31"),
        ("Huren", "clavis", "2028-04-01..2028-06-30"),
    ]


def test_each_row_is_read_in_the_year_of_its_own_heading() -> None:
    table = "| Nr | Actie | Wie | Wanneer |\n|---|---|---|---|\n| {} | Kopen | WZV | 1 maart |\n"
    text = f"# Jaarschijf 2027\n\n{table.format(1)}\n# Jaarschijf 2028\n\n{table.format(2)}"
    document = read_pipes(text)
    between = read_csv("Nr;Actie;Wie;Wanneer\n2027;;;\n1;Kopen;WZV;1 maart\nJaar 2028;;;\n2;Kopen;WZV;1 maart\n")

    assert [when for _, _, when in said(document)] == ["..2027-03-01", "..2028-03-01"]
    assert [when for _, _, when in said(between)] == ["..2027-03-01", "..2028-03-01"]


def test_where_nothing_says_the_year_the_readings_stand_beside_the_question() -> None:
    blocks = blocks_of("Nr;Actie;Wie;Wanneer\n1;Monitor;WZV;jaarlijks vóór 1 mei\n2;Plan;WZV;vóór 1 oktober\n", "a.csv")
    document = document_of(blocks, "a.csv", names_of(PARTIES, GROUPS), Conventions(), today=date(2026, 11, 27))

    assert [when for _, _, when in said(document)] == ["..2027-04-30?", "..2027-09-30/..2028-09-30?"]
    yearly, once = (row.phrases[0].reading for row in document.agenda)
    assert (yearly.kind, yearly.per_year, once.kind) == ("yearly", 1, "none")


@pytest.mark.parametrize(
    ("table", "rows", "unused"),
    [
        (
            "Lijn;Inspanning in 2027;Partner;Oplevering;Toelichting\nBouw;Bouw van kade;WZV;1-10-2027;wacht nog\n",
            [("Bouw van kade", "", "..2027-10-01")],
            {"WZV", "wacht nog"},
        ),
        (
            "Nr;Besproken op;Actiepunt;Wie pakt op;Uiterlijk\n1;12-1-2027;Lijst sturen;WZV;1-2-2027\n",
            [("Lijst sturen", "wzv", "..2027-02-01")],
            {"12-1-2027"},
        ),
        (
            "Onderwerp;Planning;;Trekker\n;van;tot;\nSchouw;mei 2027;juni 2027;WZV\n",
            [("", "wzv", "2027-05-01..2027-06-30")],
            set(),
        ),
        (
            "Nr;Afspraak;2026;2027;Eigenaar\n1;Fraude;;Convenant tekenen vóór 1 mei;WZV\n",
            [("Fraude", "wzv", ""), ("Convenant tekenen vóór 1 mei", "wzv", "..2027-04-30")],
            set(),
        ),
    ],
)
def test_lists_as_others_make_them(table: str, rows: list[tuple[str, str, str]], unused: set[str]) -> None:
    document = read_csv(table)

    assert (said(document), {one.text for one in document.unused}) == (rows, unused)


def test_a_heading_of_a_quarter_dates_the_rows_below_it_up_to_the_next_heading() -> None:
    head = "| Actie | Aanspreekpunt |\n|---|---|\n"
    document = read_pipes(
        f"# Eerste kwartaal 2027\n\n{head}| Kavels tellen | WZV |\n| Vóór 1 mei 2027 plan maken | Clavis |\n\n"
        f"# Acties Q3 2027\n\n{head}| Huisbezoek afleggen | Clavis |\n\n# Losse acties\n\n{head}| Bellen | WZV |\n"
    )

    assert said(document) == [
        ("Kavels tellen", "wzv", "2027-01-01..2027-03-31"),
        ("Vóór 1 mei 2027 plan maken", "clavis", "..2027-04-30"),
        ("Huisbezoek afleggen", "clavis", "2027-07-01..2027-09-30"),
        ("Bellen", "wzv", ""),
    ]
    assert [fault.what for fault in document.problems if "kop" in fault.what] == [
        "Onder de kop “Eerste kwartaal 2027” staan rijen zonder eigen termijn.",
        "Onder de kop “Q3 2027” staan rijen zonder eigen termijn.",
    ]


@pytest.mark.parametrize(
    ("headings", "days"),
    [
        (("Mei 2027", "Juni 2027"), ["2027-05-01..2027-05-31", "2027-06-01..2027-06-30"]),
        (("November 2026", "Overige"), ["", ""]),
        (("12 november 2026", "Overige"), ["", ""]),
    ],
    ids=["two months", "the month of the document", "the day of the document"],
)
def test_a_month_above_rows_is_their_date_only_where_months_divide_the_document(
    headings: tuple[str, str], days: list[str]
) -> None:
    table = "| Actie | Wie |\n|---|---|\n| Grond kopen | Clavis |\n"

    document = read_pipes("\n".join(f"# {heading}\n\n{table}" for heading in headings))

    assert [when for _, _, when in said(document)] == days


@pytest.mark.parametrize(
    "table",
    [
        "Onderdeel;Wie pakt dit op?;2027;;;\n;;Q1;Q2;Q3;Q4\n",
        "Onderdeel;Wie pakt dit op?;2027;2027;2027;2027\n;;Q1;Q2;Q3;Q4\n",
        "Onderdeel;Wie;Planning 2027;;;\n;;1e kwartaal;2e kwartaal;3e kwartaal;4e kwartaal\n",
    ],
)
def test_quarters_below_a_year_beside_other_headings_are_columns_of_that_year(table: str) -> None:
    document = read_csv(
        f"{table}Huurteam oprichten voor huurders;WZV;x;;;\nFlat Zuid schilderen aan de zijkant;Clavis;;;;x\n"
    )

    assert [(leads, when) for _, leads, when in said(document)] == [
        ("wzv", "2027-01-01..2027-03-31"),
        ("clavis", "2027-10-01..2027-12-31"),
    ]


@pytest.mark.parametrize(
    "table",
    [
        "Afspraak;21\nWat;Grond kopen aan zee.\nWie pakt dit op?;Clavis\nKlaar op;mei 2027\n"
        "Afspraak;22\nWat;Tien woningen bouwen.\nWie pakt dit op?;WZV\nKlaar op;1 juni 2027\n",
        "Nr;21;Termijn;mei 2027\nActie;Grond kopen aan zee.;Trekker;Clavis\n"
        "Nr;22;Termijn;1 juni 2027\nActie;Tien woningen bouwen.;Trekker;WZV\n",
    ],
    ids=["two columns", "four columns"],
)
def test_cards_with_their_labels_at_the_left_are_rows(table: str) -> None:
    document = read_csv(table)

    rows = (*document.agreements, *document.agenda)
    assert [row.number for row in rows] == ["21", "22"]
    assert said(document) == [
        ("Grond kopen aan zee.", "clavis", "2027-05-01..2027-05-31"),
        ("Tien woningen bouwen.", "wzv", "..2027-06-01"),
    ]


def read_pipes(text: str) -> ReadDocument:
    return document_of(pipe_blocks(text, "a.md"), "a.md", names_of(PARTIES, GROUPS), Conventions())


def card(number: int, what: str, who: str, when: str, label: str = "Pakt het op") -> str:
    return f"| Blad {number} | {what} |\n|---|---|\n| {label} | {who} |\n| Af | {when} |\n| Verder | met elkaar |\n\n"


def test_cards_with_unknown_labels_are_rows_where_several_have_the_same_ones() -> None:
    cards = card(1, "Trapliften plaatsen", "Clavis", "mei 2027") + card(2, "Tuinen opknappen", "WZV", "1 juni 2027")
    document = read_pipes(cards)

    assert [(row.number, row.text, row.leads) for row in (*document.agreements, *document.agenda)] == [
        ("1", "Trapliften plaatsen", ("clavis",)),
        ("2", "Tuinen opknappen", ("wzv",)),
    ]
    assert [when for _, _, when in said(document)] == ["2027-05-01..2027-05-31", "..2027-06-01"]
    assert repr(document).count("met elkaar") >= 2


def test_a_card_with_labels_of_its_own_takes_nothing_from_the_others_and_is_said() -> None:
    cards = [card(number, "Trapliften plaatsen", "Clavis", "mei 2027") for number in (1, 2)]
    document = read_pipes("".join(cards) + card(3, "Geheim", "WZV", "1 juni 2027", label="Zit erbij"))

    assert [row.number for row in (*document.agreements, *document.agenda)][:2] == ["1", "2"]
    assert all(words in repr(document) for words in ("Zit erbij", "Geheim", "WZV"))


@pytest.mark.parametrize(
    "heads",
    [
        # merged downwards: the words of the first row stand in the second too
        "ID;Activiteit;Uitvoering;;Tijdpad;;Extra\nID;Activiteit;1e verantwoordelijke;Meewerkend;Van;Tot en met;Extra",
        "ID;Activiteit;Uitvoering;;Tijdpad;;Extra\n;;Hoofdverantwoordelijk;Ondersteunend;Begin;Afronding;",
        "ID;Wat;Wie;Wie;Wanneer;Wanneer;Extra\n;;Trekker;Betrokken;Startdatum;Einddatum;",
        "ID;Activiteit;Rollen;;Periode;;Extra\nID;Activiteit;Leidt;Meewerkend;Eerste dag;Laatste dag;Extra",
    ],
)
def test_a_second_row_of_headings_below_the_wide_ones_is_no_row_of_its_own(heads: str) -> None:
    document = read_csv(
        f"Overzicht 2027;;;;;;\n{heads}\nA-01;Nieuwe regeling voor kluswoningen;Gemeente;Clavis;4-1-2027;30-4-2027;x\n"
        "A-02;Dakisolatie in de Vogelbuurt;WZV;Gemeente;3-5-2027;15-10-2027;y\n"
        "A-03;Een panel over betaalbaar huren;Clavis;;10-1-2028;31-3-2028;z\n"
    )

    assert [(row.number, row.leads, str(row.phrases[0].reading.due)) for row in document.agenda] == [
        ("A-01", ("gemeente",), "2027-04-30"),
        ("A-02", ("wzv",), "2027-10-15"),
        ("A-03", ("clavis",), "2028-03-31"),
    ]


def test_a_row_below_wide_headings_is_no_heading_when_it_says_who_or_when() -> None:
    document = read_csv(
        "Nr;Actie;Wie;;Wanneer\n;Bouw een huis.;Gemeente;Clavis;1 mei 2027\n2;Sloop een flat.;WZV;;Q4 2027\n"
    )

    assert [(row.number, row.leads) for row in document.agenda] == [("", ("gemeente",)), ("2", ("wzv",))]


def test_codes_that_look_like_quarters_are_numbers_beside_a_column_of_dates() -> None:
    document = read_csv(
        "Code;Omschrijving;Eigenaar;Opleverdatum\nK1;Plan voor de wijk;WZV;1 april 2027\nK2;Een proef;Clavis;1 "
        "mei 2027\n"
        "K3;Een loting;Gemeente;15 november 2027\n"
    )

    assert [row.number for row in document.agenda] == ["K1", "K2", "K3"]
