"""Parties that a text names together, in the ways in which openings and signature blocks do."""

import pytest

from cycle.domain.model import PartyKind
from cycle.intake.founding.named_together import in_cells, in_lines, in_sentence
from cycle.intake.founding.parties import parties_of
from cycle.intake.founding.sightings import seen_in
from cycle.intake.leads import names_of
from cycle.intake.numbered import with_rows
from cycle.intake.raw import RawLine, RawTable, RawText
from cycle.intake.rows import drafts_of

GEMEENTE, CORPORATIE, HUURDERS = PartyKind.MUNICIPALITY, PartyKind.CORPORATION, PartyKind.TENANTS


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        (
            "Gemeenten Goes en Kapelle, RWS Wonen en Huurdersvereniging De Bevelanden",
            ["Gemeente Goes", "Gemeente Kapelle", "RWS Wonen", "Huurdersvereniging De Bevelanden"],
        ),
        (
            "De gemeenten in de regio Achterhoek: Doetinchem en Oude IJsselstreek, en de corporaties Plavei en Wonion, "
            "maken samen met de huurdersorganisaties de volgende afspraken.",
            ["Gemeente Doetinchem", "Gemeente Oude IJsselstreek", "Plavei", "Wonion"],
        ),
        (
            "Stichting Wonen en Zorg Zundert, Thuis en Co en de gemeente Zundert spreken samen met "
            "huurdersbelang De Schakel het volgende af.",
            [
                "Stichting Wonen en Zorg Zundert",
                "Thuis en Co",
                "Gemeente Zundert",
                "Huurdersbelang De Schakel",
            ],
        ),
        (
            "Dit akkoord is gesloten door de gemeente Súdwest-Fryslân, woningcorporatie Wonen, Werken & Welzijn, "
            "woningcorporatie Elkien en huurdersvereniging De Bewonersraad.",
            ["Gemeente Súdwest-Fryslân", "Wonen, Werken & Welzijn", "Elkien", "Huurdersvereniging De Bewonersraad"],
        ),
        (
            "deltaWonen | Beter Wonen IJsselmuiden | Huurdersorganisatie deltaWonen | gemeente Kampen",
            ["DeltaWonen", "Beter Wonen IJsselmuiden", "Huurdersorganisatie deltaWonen", "Gemeente Kampen"],
        ),
        (
            "De gemeente Lochem, de woningcorporaties Viverion en IJsseldal Wonen en de huurdersorganisaties De Marke, "
            "HBIJ en Stichting Huurdersbelang Gorssel maken afspraken.",
            ["Gemeente Lochem", "Viverion", "IJsseldal Wonen", "De Marke", "HBIJ", "Stichting Huurdersbelang Gorssel"],
        ),
        (
            "Gemeente: Leudal Woningcorporaties: Wonen Limburg, Woonservice Urbanus Huurdersorganisaties: "
            "Huurderskoepel Leudal",
            ["Gemeente Leudal", "Wonen Limburg", "Woonservice Urbanus", "Huurderskoepel Leudal"],
        ),
        (
            "Het college van burgemeester en wethouders van de gemeente Heeze-Leende, de besturen van "
            "Woningstichting de Zaligheden en Wocom, en het bestuur van de Huurdersvereniging de Zaligheden,",
            ["Gemeente Heeze-Leende", "Woningstichting de Zaligheden", "Wocom", "Huurdersvereniging de Zaligheden"],
        ),
        (
            "Gemeente Weert, Wonen Limburg en Huurdersbelangenvereniging Weert Weert, 8 december 2025",
            ["Gemeente Weert", "Wonen Limburg", "Huurdersbelangenvereniging Weert"],
        ),
        (
            "Namens de gemeente Dronten      Namens OFW      Namens HBV Samen Sterk",
            ["Gemeente Dronten", "OFW", "HBV Samen Sterk"],
        ),
        ("We hebben ook gesproken met de gemeente Urk en met woningstichting De Dijk; zij zijn geen partij.", []),
        ("De gemeente Oss en de provincie Noord-Brabant werken samen aan de weg.", []),
        ("In Zuid en West bouwt Mooiland.", []),
    ],
)
def test_a_sentence_names_its_parties_with_plurals_regions_and_names_that_have_and_or_a_comma(
    sentence: str, named: list[str]
) -> None:
    assert [one.organisation.name for one in in_sentence(sentence)] == named


def test_lines_that_are_each_a_party_name_also_those_without_a_word_for_their_kind() -> None:
    lines = ["de gemeente De Waard;", "HW Wonen, woningcorporatie;", "", "**Dynhus**", "Zorgwaard, aanbieder van zorg;"]
    lines += ["GEMEENTE DE WAARD", "Huurdersvereniging HW (HVHW)", "Wat vooraf ging"]

    assert [
        (one.organisation.name, one.organisation.kind, one.alias)
        for one, _place in in_lines((one, "") for one in lines)
    ] == [
        ("Gemeente De Waard", GEMEENTE, ""),
        ("HW Wonen", CORPORATIE, ""),
        ("Dynhus", None, ""),
        ("Zorgwaard", PartyKind.CARE, ""),
        ("Gemeente De Waard", GEMEENTE, ""),
        ("Huurdersvereniging HW", HUURDERS, "HVHW"),
    ]
    assert list(in_lines([("Jan Jansen", ""), ("Piet Pietersen", "")])) == []


def test_a_table_of_signatures_names_parties_and_not_who_stands_for_them() -> None:
    rows = [["Namens", "Naam"], ["Gemeente Borsele", "W. Haagsma"], ["Mercatus", "J. Hoekstra"], ["HBV Zes", "S. Kok"]]

    assert [one.organisation.name for one in in_cells(rows)] == ["Gemeente Borsele", "Mercatus", "HBV Zes"]
    assert in_cells([["Gemeente", "Clavis"], ["Plan maken", "mei 2027"]]) == []


def test_what_a_party_is_called_from_then_on_is_no_party_beside_it() -> None:
    texts = [
        RawText("1. de gemeente Goes, vertegenwoordigd door de wethouder;", "1"),
        RawText("2. Stichting RWS partner in wonen, gevestigd te Goes, hierna: RWS;", "2"),
        RawText("3. Huurdersvereniging De Bevelanden, hierna: HdB;", "3"),
        RawText("Namens de gemeente Goes, Namens RWS, Namens HdB,", "4"),
    ]
    parties, asked = parties_of(seen_in(texts, "a.md").sightings)

    assert [(one.name, one.kind, one.aliases) for one in parties] == [
        ("Gemeente Goes", GEMEENTE, ("Goes",)),
        ("Stichting RWS partner in wonen", CORPORATIE, ("RWS partner in wonen", "RWS")),
        ("Huurdersvereniging De Bevelanden", HUURDERS, ("HdB",)),
    ]
    assert asked == ()


def test_lists_of_parties_and_tables_of_signatures_are_no_agreements() -> None:
    signed = RawTable(
        tuple(
            RawLine(cells, f"rij {at}")
            for at, cells in enumerate(
                [
                    ("Partij", "Vertegenwoordigd door", "Functie"),
                    ("Gemeente Goes", "W. de Wit", "wethouder"),
                    ("Mercatus", "J. Kok", "bestuurder"),
                ]
            )
        )
    )
    blocks = [
        RawText('1) Gemeente Hulst, hierna: "de Gemeente";', "1"),
        RawText("2) Woonstichting Den Briel en Stichting Woongoed, hierna gezamenlijk: de Corporaties;", "2"),
        RawText("4.1 De gemeente wijst voor 1 oktober 2027 twee locaties aan. Trekker: gemeente.", "3"),
        RawText("Hulst, 5 maart 2026", "4"),
        RawText("Namens de gemeente Hulst, A. Janse", "5"),
        signed,
    ]
    drafts = drafts_of(with_rows(blocks, names_of((), ())), names_of((), ()))

    assert [(row.number, row.text) for row in (*drafts.agreements, *drafts.agenda)] == [
        ("4.1", "De gemeente wijst voor 1 oktober 2027 twee locaties aan.")
    ]
