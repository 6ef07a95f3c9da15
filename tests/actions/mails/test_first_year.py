"""The example's first year on both engines."""

from datetime import date

from cycle.actions.deadlines.upkeep.listing import plan
from cycle.actions.office.office import Office


def test_the_year_2027_of_the_example_has_fifteen_steps_and_five_yearly_agreements(example: Office) -> None:
    with example.database.reading() as session:
        items = plan(session, example.settings, "terneuzen", 2027, date(2026, 11, 21))

    steps = sorted(item.title for item in items if item.origin == "step")
    agreements = sorted(item.number for item in items if item.origin == "agreement")
    assert steps == [
        "Ambtelijke werkgroep",
        "Ambtelijke werkgroep",
        "Bouwtafel",
        "Kwartaaloverleg",
        "Kwartaaloverleg",
        "Kwartaaloverleg",
        "Kwartaaloverleg",
        "Looptijd van de afspraken",
        "Najaarsoverleg",
        "Themabijeenkomst",
        "Uitnodigingsbrief",
        "Uitvoeringsagenda bijwerken",
        "Voorjaarsoverleg",
        "Wijkschouw",
        "Zorgtafel",
    ]
    assert agreements == ["1.1.12", "1.1.8", "1.2.3", "2.5", "4.5"]
