"""Which bodies a year has: one for each step that is held as a meeting, unless steps name the same one."""

from cycle.domain.model import LadderKind
from cycle.domain.standing_bodies import StandingBodies, Table, bodies_of
from cycle.domain.year_steps import Step

BOARD = "Bestuurlijk overleg"
SPRING = Step(
    "voorjaar",
    "Voorjaarsoverleg",
    LadderKind.MEETING,
    leads=("gemeente",),
    participants=("gemeente", "clavis"),
    body=BOARD,
)
AUTUMN = Step("najaar", "Najaarsoverleg", LadderKind.MEETING, leads=("clavis",), participants=("shb",), body=BOARD)
BUILDING = Step("bouwtafel", "Bouwtafel", LadderKind.YEARLY, leads=("wzv",))
LETTER = Step("brief", "Uitnodigingsbrief", LadderKind.LETTER, leads=("gemeente",))


def test_steps_that_name_one_body_meet_as_one_with_the_parties_of_both() -> None:
    assert bodies_of((LETTER, SPRING, BUILDING, AUTUMN)) == StandingBodies(
        {
            "bestuurlijk-overleg": Table("Bestuurlijk overleg", ("gemeente", "clavis", "shb")),
            "bouwtafel": Table("Bouwtafel", ("wzv",)),
        },
        {"voorjaar": "bestuurlijk-overleg", "bouwtafel": "bouwtafel", "najaar": "bestuurlijk-overleg"},
    )


def test_what_is_kept_may_hold_more_than_the_year_asks_but_nothing_otherwise() -> None:
    year, kept = bodies_of((SPRING,)), bodies_of((SPRING, BUILDING))

    assert kept.has(year)
    assert not year.has(kept)
    assert not bodies_of((AUTUMN,)).has(year)


def test_whether_the_agreements_go_on_comes_up_at_a_meeting_and_is_none() -> None:
    term = Step("looptijd", "Looptijd van de afspraken", LadderKind.YEARLY, leads=("gemeente",))
    kept_before = StandingBodies(
        {"looptijd": Table("Looptijd van de afspraken", ("gemeente",))}, {"looptijd": "looptijd"}
    )

    assert bodies_of((term, BUILDING)) == bodies_of((BUILDING,))
    assert not kept_before.has(bodies_of((term,)))
