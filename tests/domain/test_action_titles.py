"""Several actions under one number: whoever reads a title knows which of them it is."""

from dataclasses import dataclass, replace

import pytest

from cycle.domain.action_titles import TITLE, told_apart
from cycle.domain.agreement import Agreement

LONG = "Stel samen met de huurdersorganisaties en de corporaties het programma voor de wijk vast, "


@dataclass(frozen=True)
class Action:
    topic: str
    text: str


@pytest.mark.parametrize(
    ("actions", "titles"),
    [
        ([("Programma", "Maak een concept.")], ["Programma"]),
        (
            [("Programma", "Maak een concept."), ("Programma: Bespreek het.", "Bespreek het.")],
            ["Programma: Maak een concept.", "Programma: Bespreek het."],
        ),
        ([("Concept", "Maak het."), ("Cijfers", "Lever ze aan.")], ["Concept", "Cijfers"]),
        ([("Cijfers", "Lever ze."), ("Cijfers", "Tel ze.")], ["Cijfers: Lever ze.", "Cijfers: Tel ze."]),
        (
            [("Wijk", f"{LONG}te beginnen in Axel."), ("Wijk", f"{LONG}en daarna in Zaamslag.")],
            ["Wijk: …te beginnen in Axel.", "Wijk: …en daarna in Zaamslag."],
        ),
        ([("Cijfers", "Lever ze."), ("Cijfers", "Lever ze.")], ["Cijfers: Lever ze. (1)", "Cijfers: Lever ze. (2)"]),
        ([("Cijfers", ""), ("Cijfers", "")], ["Cijfers (1)", "Cijfers (2)"]),
        ([("", "Lever ze."), ("", "Tel ze.")], ["Lever ze.", "Tel ze."]),
        ([("Programma", ""), ("Programma: Bespreek het.", "Bespreek het.")], ["Programma", "Programma: Bespreek het."]),
    ],
)
def test_two_actions_under_one_number_are_told_apart(actions: list[tuple[str, str]], titles: list[str]) -> None:
    assert told_apart([Action(*one) for one in actions]) == titles


def test_an_agreement_without_a_topic_is_called_by_its_first_words() -> None:
    bare = Agreement("1", "1", "", "Clavis bouwt twaalf woningen aan de Dijkweg.", ("clavis",))
    long = replace(bare, text="Clavis bouwt " + "en bouwt " * 20 + "voort.")

    assert bare.title == "Clavis bouwt twaalf woningen aan de Dijkweg"
    assert replace(bare, topic="Nieuwbouw").title == "Nieuwbouw"
    assert (len(long.title) <= TITLE, long.title[-1]) == (True, "…")
    assert [one.topic for one in replace(bare, actions=(long,)).tasks] == [bare.text, long.title]
