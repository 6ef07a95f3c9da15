"""The trekker cell: names, groups, dates behind them, and names that nobody knows."""

import pytest

from cycle.errors import Fault
from cycle.intake import resolve_leads
from cycle.intake.leads import split_date


@pytest.mark.parametrize(
    ("trekker", "leads"),
    [
        ("Gemeente", ("gemeente",)),
        ("gemeente Terneuzen", ("gemeente",)),
        ("Corporaties en gemeente", ("clavis", "wzv", "gemeente")),
        ("Corporaties Gemeente", ("clavis", "wzv", "gemeente")),
        ("Gemeente en corporaties", ("gemeente", "clavis", "wzv")),
        ("Gemeente / Clavis i.s.m. SHB", ("gemeente", "clavis")),
        ("Clavis, in overleg met de gemeente", ("clavis",)),
        ("Clavis (ondersteund door Gemeente) en WZV", ("clavis", "wzv")),
        ("WZV met Clavis", ("wzv",)),
        ("Gemeente (WZV denkt mee)", ("gemeente",)),
        ("Clavis (huurdersorganisaties adviseren) en WZV", ("clavis", "wzv")),
        ("Corporaties (Clavis en WZV)", ("clavis", "wzv")),
        ("In samenwerking met WZV en Clavis", ("wzv", "clavis")),
        ("Clavis, corporaties", ("clavis", "wzv")),
        ("WZV", ("wzv",)),
        ("Woongoed Zeeuws Vlaanderen", ("wzv",)),
        ("Huurdersorganisaties", ("bewonersraad", "shb")),
        ("Huurdersorganisatie SHB", ("shb",)),
        ("Bewonersraad Clavis", ("bewonersraad",)),
        ("Alle partijen", ("gemeente", "clavis", "wzv", "bewonersraad", "shb")),
        ("WZV (trekker), Clavis", ("wzv", "clavis")),
        ("Clavis (penvoerder) en WZV", ("clavis", "wzv")),
        ("", ()),
    ],
)
def test_names_become_parties(trekker: str, leads: tuple[str, ...], parties, groups) -> None:
    assert resolve_leads(trekker, parties, groups) == (leads, ())


def test_an_unknown_name_is_a_problem_with_a_suggestion(parties, groups) -> None:
    leads, faults = resolve_leads("Corporaties en Clavs", parties, groups)

    assert leads == ("clavis", "wzv")
    assert faults == (
        Fault(
            "Corporaties en Clavs",
            "De trekker “Clavs” is geen bekende partij.",
            "Bedoelt u “Clavis”? Verbeter het document, of zet deze naam bij die partij.",
        ),
    )


def test_a_stranger_gets_no_suggestion(parties, groups) -> None:
    leads, (fault,) = resolve_leads("Leger des Heils", parties, groups)

    assert leads == ()
    assert fault.what == "De trekker “Leger des Heils” is geen bekende partij."
    assert fault.hint == "Zet deze naam bij een partij of groep, als andere naam."


def test_the_singular_names_nobody_where_there_are_two(parties, groups) -> None:
    leads, faults = resolve_leads("Corporatie", parties, groups)

    assert (leads, len(faults)) == ((), 1)


@pytest.mark.parametrize(
    ("cell", "names", "phrase"),
    [
        ("Gemeente, najaar 2022", "Gemeente", "najaar 2022"),
        ("Corporaties en gemeente, 2022/2023", "Corporaties en gemeente", "2022/2023"),
        ("Corporaties, voorjaar\n2023", "Corporaties", "voorjaar 2023"),
        ("Gemeente, 2022 en 2023", "Gemeente", "2022 en 2023"),
        ("Gemeente en corporaties, vanaf 2023", "Gemeente en corporaties", "vanaf 2023"),
        ("Gemeente najaar 2022", "Gemeente", "najaar 2022"),
        ("Gemeente (eind 2022)", "Gemeente", "eind 2022"),
        ("Clavis; uiterlijk 1 juli", "Clavis", "uiterlijk 1 juli"),
        ("Clavis - Q3 2024", "Clavis", "Q3 2024"),
        ("WZV, voor 1 april 2027", "WZV", "voor 1 april 2027"),
        ("Gemeente, Clavis, jaarlijks", "Gemeente, Clavis", "jaarlijks"),
        ("Gemeente, elk kwartaal", "Gemeente", "elk kwartaal"),
        ("Gemeente, n.t.b.", "Gemeente", "n.t.b."),
        ("2027, gemeente", "gemeente", "2027"),
        ("Clavis (wonen)", "Clavis (wonen)", ""),
        ("Gemeente", "Gemeente", ""),
        ("", "", ""),
    ],
)
def test_the_date_is_taken_off_the_trekker(cell: str, names: str, phrase: str) -> None:
    assert split_date(cell) == (names, phrase)
