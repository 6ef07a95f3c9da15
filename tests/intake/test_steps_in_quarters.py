"""What stands in few words: a step under a quarter, a limit beside a term, a row under a line of strokes."""

from collections.abc import Callable

import pytest

from cycle.intake import ReadDocument
from tests.intake.test_date_columns import said
from tests.intake.test_table_columns import read_csv

Read = Callable[[str, bytes | str], ReadDocument]


def test_one_word_under_a_quarter_is_what_is_done_then_and_a_state_is_not() -> None:
    document = read_csv(
        "Onderwerp;Trekker;Q1 2027;Q2 2027;Q3 2027\n"
        "Leefbaarheid;Clavis;x;;\nMantelzorg;WZV;;ontwerp;afronden\nHuisraad;Gemeente;loopt;x;\n"
    )

    assert said(document) == [
        ("", "clavis", "2027-01-01..2027-03-31"),
        ("ontwerp", "wzv", "2027-04-01..2027-06-30"),
        ("afronden", "wzv", "2027-07-01..2027-09-30"),
        ("", "gemeente", "2027-04-01..2027-06-30"),
    ]


def test_a_step_of_one_word_bears_the_words_of_its_row() -> None:
    document = read_csv("Actie;Trekker;Q1 2027;Q2 2027\nNota zorg;Clavis;ontwerp;vaststellen\nSchouw;WZV;x;\n")

    assert [row[0] for row in said(document)] == ["Nota zorg: ontwerp", "Nota zorg: vaststellen", "Schouw"]


@pytest.mark.parametrize(
    ("sentence", "leads"),
    [
        ("Partijen herzien dit halverwege de looptijd, uiterlijk 1 juni 2027.", 5),
        ("Clavis voegt in de periode 2026 tot en met 2028 120 woningen toe.", 1),
        ("Clavis reageert binnen drie weken na ontvangst van de lijst.", 1),
    ],
)
def test_in_running_text_a_limit_is_offered_whatever_stands_beside_it(read: Read, sentence: str, leads: int) -> None:
    document = read("a.txt", f"Prestatieafspraken 2027\n\nHet gaat goed.\n{sentence}\n")

    assert [(row.text, len(row.leads)) for row in document.unnumbered] == [(sentence, leads)]


def test_under_a_line_of_strokes_whole_numbers_begin_rows(read: Read) -> None:
    document = read(
        "a.txt",
        "Acties 2027\n\n"
        "Nr   Afspraak                         Trekker       Termijn\n"
        "---  -------------------------------  ------------  -------------\n"
        "1    Keukens vervangen in de          Clavis        1 mei 2027\n"
        "     Vissersbuurt\n"
        "2    Dak vernieuwen                   WZV           juni 2027\n",
    )

    rows = (*document.agreements, *document.agenda)
    assert [(row.number, row.text, row.leads, str(row.phrases[0].reading.due)) for row in rows] == [
        ("1", "Keukens vervangen in de Vissersbuurt", ("clavis",), "2027-05-01"),
        ("2", "Dak vernieuwen", ("wzv",), "2027-06-30"),
    ]
