"""Which column is what: by its heading, else by what stands under it, and then it is called a guess."""

from datetime import date

import pytest

from cycle.domain.model import Conventions
from cycle.intake import ReadDocument
from cycle.intake.file_reading import document_of
from cycle.intake.leads import names_of
from cycle.intake.separated import blocks_of
from cycle.intake.table_columns import NOTHING_SAID, Said
from tests.intake.conftest import GROUPS, PARTIES

BOTH = ("clavis", "wzv")
WHEN = (
    *("Oplevering", "Opleverdatum", "Planning", "Wanneer klaar?", "Wanneer", "Uiterste datum", "Termijnen", "Mijlpaal"),
    *("Realisatie", "Voor wanneer", "Uitvoeringstermijn", "Deadline", "Gereed in", "Afrondingsdatum", "Jaar"),
)
WHO = (
    *("Kartrekker", "Trekkende partij", "Door wie", "Wie?", "Initiatiefnemer", "Verantwoordelijke organisatie"),
    *("Actiehouder", "Uit te voeren door", "Wie doet het", "Trekkers", "Regie", "Bestuurlijk trekker"),
)
UNSEEN_WHEN = ("Horizon", "Op zijn laatst", "Rond", "Streven", "Klus af", "Status")
UNSEEN_WHO = ("Aan zet", "Namens", "Rol", "Pakt op", "Bureau")
NUMBERS = ("#", "Nr.", "Afspraak nr.", "Code", "Kenmerk")


def read_csv(text: str, said: Said = NOTHING_SAID, file: str = "a.csv") -> ReadDocument:
    return document_of(blocks_of(text, file), file, names_of(PARTIES, GROUPS), Conventions(), said=said)


def rows_of(document: ReadDocument) -> list[tuple[str, str, str, tuple[str, ...], str]]:
    rows = (*document.agreements, *document.agenda)
    return [(row.number, row.topic, row.text, row.leads, row.date_phrase) for row in rows]


def meanings(document: ReadDocument) -> dict[str, str]:
    return {column.heading: column.meaning for column in document.columns}


@pytest.mark.parametrize(("who", "when"), [*(("Trekker", when) for when in WHEN), *((who, "Datum") for who in WHO)])
def test_usual_headings_are_known(who: str, when: str) -> None:
    document = read_csv(f"Nr;Onderwerp;Afspraak;{who};{when}\n9.1;Grond;Kopen;Corporaties;3 mei 2027\n")

    assert rows_of(document) == [("9.1", "Grond", "Kopen", BOTH, "3 mei 2027")]
    assert meanings(document) == {
        "Nr": "nummer",
        "Onderwerp": "onderwerp",
        "Afspraak": "afspraak",
        who: "trekker",
        when: "termijn",
    }
    assert (document.problems, document.unused) == ((), ())


@pytest.mark.parametrize("rows", [1, 2, 3])
@pytest.mark.parametrize("who", UNSEEN_WHO)
@pytest.mark.parametrize("when", UNSEEN_WHEN)
def test_unknown_headings_are_judged_by_what_stands_under_them(who: str, when: str, rows: int) -> None:
    table = [
        ("9.1", "Kopen van grond", "Corporaties", "3 mei 2027"),
        ("9.2", "Huren van grond", "Gemeente", "eind 2028"),
        ("9.3", "Delen van grond", "WZV", "uiterlijk 1 juli 2028"),
    ][:rows]
    lines = "\n".join(";".join((number, words, when_, who_)) for number, words, who_, when_ in table)

    document = read_csv(f"Nr;Afspraak;{when};{who}\n{lines}\n")

    assert [(row.number, row.text, row.trekker, row.date_phrase) for row in document.agenda] == table
    assert (meanings(document)[who], meanings(document)[when]) == ("trekker (geraden)", "termijn (geraden)")
    assert {fault.what for fault in document.problems} == {
        f"De kolom “{who}” is gelezen als trekker (geraden).",
        f"De kolom “{when}” is gelezen als termijn (geraden).",
    }


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_column_has_many_names(number: str) -> None:
    document = read_csv(f"{number};Wat gaan we doen?;Wie\nA1;Kopen van grond;Clavis\nA2;Huren van grond;WZV\n")

    assert [row.number for row in document.agreements] == ["A1", "A2"]


def test_a_table_of_which_no_heading_is_known_is_read_by_its_cells() -> None:
    text = (
        "Beoogd effect;Namens;Horizon\nMinder schulden bij huurders;Clavis;mei 2027\nMeer groen in de wijk;Gemeente;\n"
    )

    document = read_csv(text)

    assert rows_of(document) == [
        ("", "", "Minder schulden bij huurders", ("clavis",), "mei 2027"),
        ("", "", "Meer groen in de wijk", ("gemeente",), ""),
    ]
    assert set(meanings(document).values()) == {"afspraak (geraden)", "trekker (geraden)", "termijn (geraden)"}


def test_a_beginning_and_an_end_are_one_window() -> None:
    for begin, end in (("Start", "Eind"), ("Begindatum", "Einddatum"), ("Startmoment", "Horizon"), ("Van", "Tot")):
        document = read_csv(f"Nr;Afspraak;Trekker;{begin};{end}\n9.1;Kopen;Clavis;mei 2027;juni 2028\n")

        assert [row.date_phrase for row in document.agenda] == ["van mei 2027 tot en met juni 2028"]
        assert (meanings(document)[begin], document.unused) == ("begin", ())


def test_two_dates_of_which_no_heading_says_which_counts_are_both_offered() -> None:
    rival = read_csv("Nr;Afspraak;Trekker;Einddatum;Evaluatie\n1;Kopen;WZV;mei 2027;Q1 2028\n")
    past = read_csv("Nr;Afspraak;Trekker;Datum besluit;Afgerond op\n1;Kopen;WZV;mei 2026;Q1 2028\n")

    reading = rival.agenda[0].phrases[0].reading
    assert (reading.doubtful, [one.due for one in (reading, *reading.others)]) == (
        True,
        [date(2027, 5, 31), date(2028, 3, 31)],
    )
    assert [meanings(rival)[heading] for heading in ("Einddatum", "Evaluatie")] == ["termijn (geraden)"] * 2
    assert ([row.date_phrase for row in past.agenda], meanings(past)["Afgerond op"]) == (["Q1 2028"], "termijn")
    assert meanings(past)["Datum besluit"] == "andere datum (niet gebruikt)"
    assert [(one.text, one.weighs) for one in rival.unused + past.unused] == [("mei 2026", True)]


def test_a_heading_that_its_cells_contradict_gives_way() -> None:
    planning = read_csv("Nr;Actie;Trekker;Planning;Status\n1;Kopen;WZV;loopt;Q1 2027\n2;Huren;WZV;klaar;Q2 2027\n")
    numbers = read_csv(
        "Afspraak;Wat willen we;Wie\nAfspraak 1;Kopen van grond;Clavis\nAfspraak 2;Huren van grond;WZV\n"
    )

    assert [row.date_phrase for row in planning.agenda] == ["Q1 2027", "Q2 2027"]
    assert [row.number for row in numbers.agreements] == ["1", "2"]
    assert [row.text for row in numbers.agreements] == ["Kopen van grond", "Huren van grond"]


def test_who_only_takes_part_does_not_lead() -> None:
    text = "Nr;Actie;Trekker;Betrokken partijen\n1;Kopen;Wijkteam Noord;Clavis en WZV\n"

    document = read_csv(text)

    assert [(row.trekker, row.leads) for row in document.agreements] == [("Wijkteam Noord", ())]
    assert [(one.text, one.weighs) for one in document.unused] == [("Clavis en WZV", True)]


def test_a_title_above_the_headings_is_no_heading() -> None:
    document = read_csv("Actielijst wonen;;;\nNummer;Wat;Wie;Wanneer\n1;Kopen;Clavis;mei 2027\n")

    assert rows_of(document) == [("1", "", "Kopen", ("clavis",), "mei 2027")]
    assert [one.text for one in document.unused] == ["Actielijst wonen"]


def test_a_month_without_a_year_takes_the_year_of_the_other_rows_and_is_a_doubt() -> None:
    text = "Nr;Actie;Wie;Gereed\n1;Kopen;WZV;mei 2027\n2;Huren;WZV;juni 2027\n3;Delen;WZV;1 oktober\n"

    readings = [row.phrases[0].reading for row in read_csv(text).agenda]

    assert [(reading.due, reading.doubtful) for reading in readings] == [
        (date(2027, 5, 31), False),
        (date(2027, 6, 30), False),
        (date(2027, 10, 1), True),
    ]


def test_a_cross_under_a_party_or_a_quarter_says_who_and_when() -> None:
    text = "Nr;Actie;Gemeente;WZV;Clavis;Q1 2027;Q2 2027;Q3 2027\n1;Kopen;x;;X;;x;\n2;Huren;;x;;later;;\n"

    document = read_csv(text)

    assert rows_of(document) == [
        ("1", "", "Kopen", ("gemeente", "clavis"), "Q2 2027"),
        ("2", "", "Huren", ("wzv",), ""),
    ]
    assert meanings(document)["WZV"] == "trekker (kruisje)"
    assert [(one.text, one.weighs) for one in document.unused] == [("later", True)]
