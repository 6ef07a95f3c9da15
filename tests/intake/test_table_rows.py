"""Rows with no number, with a number of another kind, and several actions under one number."""

import pytest

from cycle.intake.drafts import Drafts
from cycle.intake.leads import names_of
from cycle.intake.raw import RawLine, RawTable, cleaned
from cycle.intake.rows import drafts_of
from tests.intake.test_table_columns import read_csv, rows_of

HEAD = "Nr.;Onderwerp;Actie;Trekker;Datum\n"


def test_rows_without_a_number_column_are_actions_of_their_own() -> None:
    document = read_csv("Actie;Trekker;Planning\nKopen van grond;Clavis;mei 2027\nHuren van grond;WZV;juni 2027\n")

    assert rows_of(document) == [
        ("", "", "Kopen van grond", ("clavis",), "mei 2027"),
        ("", "", "Huren van grond", ("wzv",), "juni 2027"),
    ]
    assert (document.problems, document.unnumbered, document.unused) == ((), (), ())


def test_a_row_without_a_number_runs_on_when_it_begins_in_the_middle_of_a_sentence() -> None:
    document = read_csv("Actie;Trekker;Planning\nKopen van;Clavis;mei 2027\ngrond in de wijk.;;\n")

    assert rows_of(document) == [("", "", "Kopen van grond in de wijk.", ("clavis",), "mei 2027")]


def test_a_number_at_the_first_of_several_actions_holds_for_each() -> None:
    rows = (
        "7.1;Grond;Kopen.;Clavis;Q1 2027\n;;Huren.;WZV;Q2 2027\n;Grond;Delen.;Clavis;Q2 2027\n;Zorg;Bellen.;WZV;2028\n"
    )

    assert rows_of(read_csv(HEAD + rows)) == [
        ("7.1", "Grond", "Kopen.", ("clavis",), "Q1 2027"),
        ("7.1", "Grond", "Huren.", ("wzv",), "Q2 2027"),
        ("7.1", "Grond", "Delen.", ("clavis",), "Q2 2027"),
        ("", "Zorg", "Bellen.", ("wzv",), "2028"),
    ]


def test_an_action_without_a_lead_has_that_of_the_row_above_and_it_is_said() -> None:
    document = read_csv(HEAD + "7.1;Grond;Kopen.;Clavis;Q1 2027\n;;Huren.;;Q2 2027\n")

    assert rows_of(document)[1] == ("7.1", "Grond", "Huren.", ("clavis",), "Q2 2027")
    assert [fault.what for fault in document.problems] == ["Bij een verdere actie onder 7.1 staat geen trekker."]


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (("Afspraak 1", "Afspraak 2"), ["1", "2"]),
        (("A1", "A2"), ["A1", "A2"]),
        (("1a", "b", "c)"), ["1a", "1b", "1c"]),
        (("1", "a.", "b."), ["1", "1a", "1b"]),
        (("A", "B"), ["A", "B"]),
        (("I", "II", "IV"), ["I", "II", "IV"]),
        (("#1", "#2"), ["1", "2"]),
        (("WON-1", "WON-2"), ["WON-1", "WON-2"]),
        (("2.1.a", "b"), ["2.1.a", "2.1.b"]),
        (("1)", "2)"), ["1", "2"]),
    ],
)
def test_numbers_come_in_many_forms(cells: tuple[str, ...], numbers: list[str]) -> None:
    rows = "".join(f"{cell};Grond;Kopen {place}.;Clavis;2027\n" for place, cell in enumerate(cells))

    document = read_csv(HEAD + rows)

    assert [row.number for row in document.agenda] == numbers
    assert document.unused == ()


@pytest.mark.parametrize(
    ("trekker", "when", "leads", "phrase"),
    [
        ("Gemeente, Q3 2027", "", ("gemeente",), "Q3 2027"),
        ("Q2 2027: WZV", "", ("wzv",), "Q2 2027"),
        ("", "Gemeente, Q3 2027", ("gemeente",), "Q3 2027"),
        ("", "Q2 2027 – Clavis", ("clavis",), "Q2 2027"),
        ("WZV", "Q2 2027: WZV", ("wzv",), "Q2 2027"),
    ],
)
def test_lead_and_date_may_stand_in_one_cell(trekker: str, when: str, leads: tuple[str, ...], phrase: str) -> None:
    document = read_csv(f"{HEAD}1;Grond;Kopen.;{trekker};{when}\n")

    assert [(row.leads, row.date_phrase) for row in document.agenda] == [(leads, phrase)]
    assert document.problems == ()


def test_a_second_date_in_the_cell_of_the_lead_is_not_lost() -> None:
    document = read_csv(f"{HEAD}1;Grond;Kopen.;WZV, mei 2027;juni 2027\n")

    assert [row.date_phrase for row in document.agenda] == ["juni 2027"]
    assert [(one.text, one.weighs) for one in document.unused] == [("mei 2027", True)]


def test_two_actions_on_one_day_stay_two() -> None:
    rows = rows_of(read_csv(HEAD + "7.1;Grond;Kopen.;Clavis;Q2 2027\n;;Huren.;WZV;Q2 2027\n"))

    assert [(number, text, date) for number, _, text, _, date in rows] == [
        ("7.1", "Kopen.", "Q2 2027"),
        ("7.1", "Huren.", "Q2 2027"),
    ]


def test_a_line_between_the_rows_is_named() -> None:
    document = read_csv(HEAD + "1;Grond;Kopen.;Clavis;2027\nBetaalbaarheid;;;;\n2;Zorg;Bellen.;WZV;2027\n")

    assert [row.number for row in document.agenda] == ["1", "2"]
    assert [(one.place, one.text, one.why) for one in document.unused] == [
        ("a.csv, regel 3, kolom 1", "Betaalbaarheid", "tussenkop in de tabel")
    ]


def test_a_number_before_the_words_is_the_number_where_no_column_has_it() -> None:
    rows = (
        "2.1 Kopen van grond;Clavis;2027\nAfspraak 3: Huren van grond;WZV;2028\n20 woningen bouwen;WZV;2029\n"
        "5d Wegen;WZV;2029\n2e Ronde houden;WZV;2029\n"
    )

    assert [(number, text) for number, _, text, _, _ in rows_of(read_csv(f"Afspraak;Wie;Wanneer\n{rows}"))] == [
        ("2.1", "Kopen van grond"),
        ("3", "Huren van grond"),
        ("", "20 woningen bouwen"),
        ("5d", "Wegen"),
        ("", "2e Ronde houden"),
    ]


def test_a_row_that_begins_with_a_usual_word_is_no_heading() -> None:
    rows = "Afspraak 1: Bouwen van huizen;Clavis;eind 2027\nAfspraak 2: Huren van grond;WZV;Q3 2027\n"

    assert rows_of(read_csv(rows)) == [
        ("1", "", "Bouwen van huizen", ("clavis",), "eind 2027"),
        ("2", "", "Huren van grond", ("wzv",), "Q3 2027"),
    ]


def test_a_lead_or_a_date_before_the_words_holds_for_the_rows_below_and_it_is_said() -> None:
    leads = read_csv("Trekker;Actie;Datum\nWZV;Kopen.;Q1 2027\n;Huren.;Q2 2027\n")
    dates = read_csv("Kwartaal;Actie;Wie\nQ1 2027;Kopen;WZV\n;Huren;Clavis\n")

    assert [(row.leads, row.date_phrase) for row in leads.agenda] == [(("wzv",), "Q1 2027"), (("wzv",), "Q2 2027")]
    assert [(row.leads, row.date_phrase) for row in dates.agenda] == [(("wzv",), "Q1 2027"), (("clavis",), "Q1 2027")]
    assert [fault.what for document in (leads, dates) for fault in document.problems] == [
        "In deze rij staat geen trekker; die van de rij erboven geldt: WZV.",
        "In deze rij staat geen termijn; die van de rij erboven geldt: Q1 2027.",
    ]


def test_a_table_of_numbers_and_leads_alone_is_no_exception() -> None:
    document = read_csv("Nr;Trekker\n1;Clavis\n;WZV\n2;\n")

    assert [row.number for row in document.agreements] == ["1", "2"]
    assert [one.text for one in document.unused] == ["WZV"]


@pytest.mark.parametrize("words", ["bij oplevering", "zodra het bouwplan gereed is", "deze collegeperiode"])
def test_words_in_a_date_cell_in_which_no_moment_is_found_are_asked_about(words: str) -> None:
    [row] = read_csv(f"{HEAD}1;Grond;Kopen.;Clavis;{words}\n").agenda

    [phrase] = row.phrases
    assert (phrase.reading.kind, phrase.reading.doubtful) == ("none", True)
    assert phrase.reading.reason == "niet begrepen: hier is geen datum in te lezen"


def test_rows_of_a_damaged_file_that_have_no_cell_say_nothing_and_stop_nobody() -> None:
    words = RawLine(("Nr.", "Afspraak"), "rij 2")

    assert cleaned(RawTable((RawLine((), "rij 1"), words, RawLine((), "rij 3")))) == RawTable((words,))
    assert drafts_of([cleaned(RawTable((RawLine((), "rij 1"),)))], names_of((), ())) == Drafts()
