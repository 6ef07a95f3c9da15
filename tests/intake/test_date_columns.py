"""Several columns that say when or who: old and new, begin and end, a column per year, per quarter, per party."""

import pytest

from cycle.intake import ReadDocument
from tests.intake.test_table_columns import meanings, read_csv

ONE = "Nr;Actie;Wie;{}\n1;Grond kopen;Clavis;{}\n"


def said(document: ReadDocument) -> list[tuple[str, str, str]]:
    """Each action with who leads and by when, "?" behind what is asked about."""
    rows = (*document.agreements, *document.agenda)
    return [(row.text, ",".join(row.leads), " ".join(map(_when, row.phrases))) for row in rows]


def _when(phrase) -> str:
    readings = (phrase.reading, *phrase.reading.others)
    spans = (f"{one.window_start or ''}..{one.due}" for one in readings if one.due)
    return "/".join(spans) + "?" * phrase.reading.doubtful


@pytest.mark.parametrize(
    ("headings", "cells", "when"),
    [
        ("Oorspronkelijke termijn;Nieuwe termijn", "1 maart 2027;1 juli 2027", "..2027-07-01"),
        ("Oorspronkelijke termijn;Nieuwe termijn", "1 maart 2027;", "..2027-03-01"),
        ("Nieuwe deadline;Oude deadline", "1 juli 2027;1 maart 2027", "..2027-07-01"),
        ("Planning oud;Planning nieuw", "Q2 2027;Q4 2027", "2027-10-01..2027-12-31"),
        ("Was;Wordt", "1 maart 2027;1 juli 2027", "..2027-07-01"),
        ("Gepland;Bijgesteld", "1 maart 2027;1 juli 2027", "..2027-07-01"),
        ("Termijn;Herziene termijn", "1 maart 2027;1 juli 2027", "..2027-07-01"),
        ("Oude termijn;Termijn", "1 maart 2027;1 juli 2027", "..2027-07-01"),
        ("Oude termijn;Nieuwe termijn", "1 maart 2027;n.v.t.", "..2027-03-01"),
        ("Oude termijn;Nieuwe termijn", "1 maart 2027;n.t.b.", "..2027-03-01?"),
        ("Deadline 2026;Deadline 2027", "1 maart;1 juli", "..2026-03-01/..2027-07-01?"),
        ("Deadline 2026;Deadline 2027", ";1 juli", "..2027-07-01"),
        ("Datum ambtelijk;Datum bestuurlijk", "1 maart 2027;1 juli 2027", "..2027-03-01/..2027-07-01?"),
        ("Start;Gereed", "1 maart 2027;1 juli 2027", "2027-03-01..2027-07-01"),
        ("Start;Gereed", "maart 2027;uiterlijk 1 juli 2028", "2027-03-01..2028-07-01"),
        ("Planning start;Planning gereed", "Q2 2027;Q3 2027", "2027-04-01..2027-09-30"),
        ("Start;Gereed", "maart 2027;", "2027-03-01..2027-03-31?"),
        ("Jaar;Kwartaal", "2027;Q2", "2027-04-01..2027-06-30"),
        ("Maand;Jaar", "maart;2027", "2027-03-01..2027-03-31"),
        ("2026;2027;2028", ";x;", "2027-01-01..2027-12-31"),
        ("2026;2027;2028", ";Q2;", "2027-04-01..2027-06-30"),
        ("Q1 2027;Q2 2027;Q3 2027", "start;;gereed", "2027-01-01..2027-09-30"),
        ("Q1 2027;Q2 2027;Q3 2027", ";;x", "2027-07-01..2027-09-30"),
    ],
)
def test_the_cells_of_several_columns_say_together_when(headings: str, cells: str, when: str) -> None:
    document = read_csv(ONE.format(headings, cells))

    assert said(document) == [("Grond kopen", "clavis", when)]
    assert not [one for one in document.unused if one.text != "n.v.t."]


def test_a_sentence_under_a_year_is_an_action_of_that_year() -> None:
    document = read_csv(
        "Nr;Onderwerp;Wie;Actie 2027;Actie 2028\n1;Grond;Clavis;Grond zoeken;Grond kopen\n2;Bomen;WZV;;Bomen planten\n"
    )

    assert said(document) == [
        ("Grond zoeken", "clavis", "2027-01-01..2027-12-31"),
        ("Grond kopen", "clavis", "2028-01-01..2028-12-31"),
        ("Bomen planten", "wzv", "2028-01-01..2028-12-31"),
    ]
    assert [row.number for row in document.agenda] == ["1", "1", "2"]


def test_a_sentence_under_a_party_is_an_action_of_that_party() -> None:
    document = read_csv(
        "Onderwerp;Inzet gemeente;Wat doen de corporaties?;Bijdrage huurders;Planning;Voortgang\n"
        "Woonzorgvisie;Stelt de visie op;Leveren gegevens aan;geen rol;1 juli 2027;loopt nog steeds wel\n"
        "Bomen;;Planten de bomen;Geven water;Q4 2027;loopt\n"
    )

    assert said(document) == [
        ("Stelt de visie op", "gemeente", "..2027-07-01"),
        ("Leveren gegevens aan", "clavis,wzv", "..2027-07-01"),
        ("Planten de bomen", "clavis,wzv", "2027-10-01..2027-12-31"),
        ("Geven water", "bewonersraad,shb", "2027-10-01..2027-12-31"),
    ]
    assert meanings(document)["Voortgang"] == "status (niet gebruikt)"
    assert [one.text for one in document.unused] == ["geen rol", "loopt nog steeds wel", "loopt"]


def test_remarks_are_not_taken_for_what_must_be_done() -> None:
    for words in ("Te doen", "Aanpak", "To do", "Inspanning"):
        for remark in ("Opmerkingen", "Bijzonderheden", "Voortgang", "Stand van zaken"):
            document = read_csv(
                f"{remark};{words};Wie;Gereed\nWacht nog lang op een antwoord;Kopen van grond;WZV;Q1 2027\n"
            )

            assert [row.text for row in document.agenda] == ["Kopen van grond"]
            assert [one.text for one in document.unused] == ["Wacht nog lang op een antwoord"]


def test_a_row_of_data_with_usual_words_is_no_heading() -> None:
    document = read_csv(
        "Nr;Ambitie;Inzet;Bijdrage;Status;Termijn\n1;Langer thuis;Visie maken;Gemeente;Loopt;1 juli 2027\n"
        "2;Doorstroming;Inzet makelaar;Clavis;Gereed;Q4 2027\n"
    )

    assert said(document) == [
        ("Visie maken", "gemeente", "..2027-07-01"),
        ("Inzet makelaar", "clavis", "2027-10-01..2027-12-31"),
    ]


@pytest.mark.parametrize("who", ["n.t.b.", "?", "-", "Nader te bepalen", "nog onbekend", "volgt"])
def test_a_lead_that_is_still_open_is_said_to_be(who: str) -> None:
    document = read_csv(f"Nr;Actie;Trekker;Planning\n1;Kopen;{who};Q4 2027\n")

    assert [(row.trekker, row.leads, row.date_phrase) for row in document.agenda] == [(who, (), "Q4 2027")]
    assert [fault.what for fault in document.problems] == [f"Wie dit trekt, staat nog open: “{who}”."]


def test_who_joins_in_is_named_and_does_not_lead() -> None:
    for who in ("WZV i.s.m. Clavis", "WZV, in overleg met Clavis", "WZV (met Clavis)", "WZV samen met Clavis"):
        document = read_csv(f"Nr;Actie;Trekker;Planning\n1;Kopen;{who};Q4 2027\n")

        assert [(row.trekker, row.leads) for row in document.agenda] == [(who, ("wzv",))]
        assert [(one.why, one.weighs) for one in document.unused] == [("doet mee, maar trekt niet", True)]


def test_a_person_called_jan_is_no_month() -> None:
    document = read_csv("Nr;Actie;Trekker;Planning\n1;Kopen;Jan de Vries (WZV);Q4 2027\n")

    assert [(row.trekker, row.leads, row.date_phrase) for row in document.agenda] == [
        ("Jan de Vries (WZV)", ("wzv",), "Q4 2027")
    ]


def test_a_term_of_which_nobody_says_when_it_begins_is_asked_with_the_day_after_the_signing_beside_it(read) -> None:
    document = read(
        "a.txt",
        "Prestatieafspraken Terneuzen\n\nGetekend te Terneuzen op 12 december 2026.\n\n"
        "1.1 De gemeente toetst de plannen binnen zes weken.\n1.2 WZV levert ze uiterlijk 1 mei 2027.\n",
    )
    (found,) = document.agreements[0].phrases

    assert (found.text, found.reading.due, found.reading.doubtful) == ("binnen zes weken", None, True)
    assert [str(one.due) for one in found.reading.others] == ["2027-01-23"]
