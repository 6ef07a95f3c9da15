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


def test_items_of_a_list_in_one_cell_are_one_action_each_with_its_own_lead_and_day(read) -> None:
    table = (
        "<table><tr><th>Nr</th><th>Thema</th><th>Acties</th></tr><tr><td>L1</td><td>Schoon</td><td>{}</td></tr></table>"
    )
    bullets = "<ul><li>Bakken plaatsen (Gemeente, 1 mei 2027)</li><li>WZV: hekken schilderen in juni 2027</li></ul>"
    dashes = "- Bakken plaatsen (Gemeente, 1 mei 2027) - WZV: hekken schilderen in juni 2027"

    expected = [
        ("Bakken plaatsen (Gemeente, 1 mei 2027)", "gemeente", "..2027-05-01"),
        ("WZV: hekken schilderen in juni 2027", "wzv", "2027-06-01..2027-06-30"),
    ]
    assert said(read("a.html", table.format(bullets))) == expected
    assert said(read("b.html", table.format(dashes))) == expected


def test_parties_in_brackets_behind_the_words_lead_where_no_column_says_who_and_that_is_told() -> None:
    document = read_csv("Nr.;Actie;Klaar\n1;Huur meten (WZV en Clavis);mei 2027\n2;Kaart (zie 3);juni 2027\n")
    led = read_csv("Nr.;Actie;Trekker;Klaar\n1;Huur meten (WZV);Clavis;mei 2027\n2;Kaart (WZV);;juni 2027\n")

    assert [row.leads for row in document.agenda] == [("wzv", "clavis"), ()]
    assert [row.leads for row in led.agenda] == [("clavis",), ()]
    assert "Achter de tekst staat “WZV en Clavis” tussen haakjes, in een tabel zonder trekker." in [
        fault.what for fault in document.problems
    ]


def test_a_whole_sentence_with_a_limit_between_the_rows_of_a_table_is_a_possible_action(read) -> None:
    document = read(
        "a.html",
        "<table><tr><th>Nr.</th><th>Afspraak</th><th>Trekker</th></tr><tr><td>1.1</td><td>Bouwen.</td><td>WZV</td></tr>"
        '<tr><td colspan="3">Partijen evalueren dit uiterlijk 15 november 2027.</td></tr>'
        "<tr><td>1.2</td><td>Slopen.</td><td>Clavis</td></tr></table>",
    )

    assert [row.number for row in document.agreements] == ["1.1", "1.2"]
    assert [(row.text, row.trekker) for row in document.unnumbered] == [
        ("Partijen evalueren dit uiterlijk 15 november 2027.", "Partijen")
    ]


def test_where_a_column_says_only_who_takes_part_that_is_told_with_what_to_do() -> None:
    alone = read_csv("Nr.;Actie;Klaar;Betrokken\n1;Bouwen aan de haven;mei 2027;WZV\n")
    beside = read_csv("Nr.;Actie;Wie;Klaar;Betrokken\n1;Bouwen aan de haven;Clavis;mei 2027;WZV\n")

    told = "Deze tabel heeft geen kolom met trekkers; “Betrokken” is gelezen als wie meedoet."
    assert [told in [fault.what for fault in document.problems] for document in (alone, beside)] == [True, False]
