"""Who does it, in the manners of other municipalities: people, short names, crosses, two parties named together."""

from collections.abc import Callable

import pytest

from cycle.intake import ReadDocument
from cycle.intake.leads import resolve_leads
from tests.intake.test_date_columns import said
from tests.intake.test_table_columns import read_csv

Read = Callable[[str, bytes | str], ReadDocument]


@pytest.mark.parametrize(
    ("cell", "leads", "told"),
    [
        ("Anna de Wit (Clavis)", ("clavis",), ["“Anna de Wit” lijkt de naam van iemand, en niet van een partij."]),
        ("WZV, mevr. P. Jansen", ("wzv",), ["“mevr P Jansen” lijkt de naam van iemand, en niet van een partij."]),
        (
            "gemeente (B. van der Zee)",
            ("gemeente",),
            ["“B van der Zee” lijkt de naam van iemand, en niet van een partij."],
        ),
        ("de gemeente en de corporaties", ("gemeente", "clavis", "wzv"), []),
        ("Stichting de Haven", (), ["De trekker “Stichting de Haven” is geen bekende partij."]),
    ],
)
def test_somebodys_name_is_one_name_and_told_as_that(parties, groups, cell: str, leads, told) -> None:
    found, faults = resolve_leads(cell, parties, groups)
    assert (found, [fault.what for fault in faults]) == (leads, told)


@pytest.mark.parametrize(
    ("short", "meant"),
    [("Gem.", "Gemeente Terneuzen"), ("BC", "Bewonersraad Clavis"), ("Wo", ""), ("W", ""), ("XYZ", "")],
)
def test_a_short_name_is_asked_with_what_it_is_short_for_where_that_is_one(parties, groups, short, meant) -> None:
    leads, (fault,) = resolve_leads(f"{short} / SHB", parties, groups)
    assert leads == ("shb",)
    assert (f"Bedoelt u “{meant}”?" in fault.hint) is bool(meant)


def test_parties_named_together_behind_the_verb_do_one_thing() -> None:
    text = "Na 2027 bekijken {} dit plan opnieuw, maar uiterlijk 1 maart 2028."
    named = ("gemeente en Clavis", "gemeente, WZV en Clavis")
    document = read_csv(
        "Nr.;Afspraak;Trekker\n" + "".join(f"1.{at};{text.format(who)};\n" for at, who in enumerate(named, 1))
    )

    assert [(row.number, row.text) for row in document.agreements] == [
        (f"1.{at}", text.format(who)) for at, who in enumerate(named, 1)
    ]


def test_a_sentence_below_a_label_that_another_does_is_read_so_and_told(read: Read) -> None:
    document = read(
        "a.txt",
        "Afspraak 1: Warmte\nDe gemeente stelt in mei 2027 een plan op. "
        "De corporaties leveren vóór 1 maart 2027 cijfers.\n"
        "Trekker: Gemeente\n\nAfspraak 2: Groen\nClavis plant in mei 2027 bomen.\nTrekker: WZV\n",
    )

    rows = [(row.number, row.leads) for row in (*document.agreements, *document.agenda)]
    assert rows == [("1", ("gemeente",)), ("1", ("clavis", "wzv")), ("2", ("wzv",))]
    assert [one.what for one in document.problems] == [
        "In de tekst doet “corporaties” dit, als trekker staat er Gemeente."
    ]


def test_crosses_under_a_name_that_nobody_knows_are_told_and_come_first() -> None:
    document = read_csv(
        "nr;maatregel;G;SHB;apr-jun 2027;okt-dec 2027\n1.1;Coaches inzetten;x;;x;x\n1.2;Daken isoleren;x;x;;x\n"
    )

    assert said(document) == [
        ("Coaches inzetten", "", "2027-04-01..2027-06-30/2027-10-01..2027-12-31?"),
        ("Daken isoleren", "shb", "2027-10-01..2027-12-31"),
    ]
    assert [(one.text, one.weighs) for one in document.unused if one.text == "x"] == [("x", True)] * 2
    assert [one.what for one in document.problems if "kruisjes" in one.what] == [
        "Onder de kop “G” staan kruisjes, en die zijn niet gelezen."
    ]
