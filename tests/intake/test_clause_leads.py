"""What a sentence asks of one party and then of another, and sentences with a limit in which nobody is named."""

from tests.intake.test_date_columns import said
from tests.intake.test_table_columns import read_csv

TWO = "Clavis levert vóór 1 maart 2027 cijfers en de gemeente reageert vóór 1 april 2027."


def test_a_second_party_leads_its_own_action_in_a_row_and_in_running_text(read) -> None:
    document = read_csv(f"Nr.;Afspraak;Trekker\n1.1;{TWO};\n1.2;WZV meldt dit uiterlijk 1 mei 2027 bij de gemeente.;\n")
    text = read("a.txt", f"Prestatieafspraken 2027\n\nHier staat hoe het gaat.\n{TWO}\n")

    both = [
        ("Clavis levert vóór 1 maart 2027 cijfers", "clavis", "..2027-02-28"),
        ("en de gemeente reageert vóór 1 april 2027.", "gemeente", "..2027-03-31"),
    ]
    assert said(document)[:2] == both
    assert [row.number for row in document.agreements] == ["1.1", "1.1", "1.2"]
    assert [(row.text, ",".join(row.leads)) for row in text.unnumbered] == [part[:2] for part in both]


def test_where_the_column_says_another_lead_than_the_text_that_is_said() -> None:
    document = read_csv(f"Nr.;Afspraak;Trekker\n1.1;{TWO};Clavis\n")

    assert [lead for _, lead, _ in said(document)] == ["clavis", "gemeente"]
    assert [fault.what for fault in document.problems] == [
        "In de tekst doet “gemeente” dit, als trekker staat er Clavis."
    ]


def test_a_limit_without_a_party_is_a_possible_action(read) -> None:
    document = read(
        "a.txt",
        "Prestatieafspraken 2027\n\nHet gaat goed.\nUiterlijk in het tweede kwartaal van 2027 ligt er een voorstel.\n"
        "De woonvisie loopt tot en met 2027.\n",
    )

    assert [(row.text, row.leads) for row in document.unnumbered] == [
        ("Uiterlijk in het tweede kwartaal van 2027 ligt er een voorstel.", ())
    ]


def test_a_line_with_a_day_of_its_own_below_a_whole_row_is_one_more_action() -> None:
    document = read_csv(
        "Nr;Actie;Wie;Datum\n7;Huizen bouwen;WZV;6-2-2027\n;Clavis zorgt uiterlijk 7 februari 2027 voor sleutels;;\n"
        "8;Overdracht aan de;WZV;1 juni 2027\n;Gemeente vóór 1 mei 2027;;\n"
    )

    assert [(row.number, row.text, row.leads) for row in document.agenda] == [
        ("7", "Huizen bouwen", ("wzv",)),
        ("7", "Clavis zorgt uiterlijk 7 februari 2027 voor sleutels", ("clavis",)),
        ("8", "Overdracht aan de Gemeente vóór 1 mei 2027", ("wzv",)),
    ]
