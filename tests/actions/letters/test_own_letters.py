"""Each corporation its own letter: where a table says so, and a bod; what was begun together goes on together."""

import pytest

from cycle.actions.deadlines.deciding.closing import settle
from cycle.actions.deadlines.deciding.steps import YearWish, change_year
from cycle.actions.deadlines.upkeep.year_upkeep import keep_year
from cycle.actions.letters import approve, draft_of, save_texts, send, senders_of, state_of, withdraw
from cycle.actions.letters.approval.directors import ask_directors
from cycle.actions.letters.style.house_style import HouseStyle, save_house_style
from cycle.actions.office.office import Office
from cycle.domain.model import State
from cycle.errors import NotFound, Refused
from tests.actions.letters.test_letter_desk import lead_states, separately, step, texts
from tests.actions.mailbox import at, deliver, mails, text_of

MARCH, BY = at("2027-03-02"), "secretariaat@terneuzen.example"


def test_a_letter_of_ones_own_is_done_by_each_and_never_by_one_for_all(quick_example: Office) -> None:
    """The step of the letter is joint by config.toml: where each sends one of their own it is not."""
    office = quick_example
    assert step(office).joint
    separately(office)
    keep_year(office, MARCH)
    assert not step(office).joint

    settle(office, step(office).id, State.DONE, MARCH, party="clavis", by=BY)
    assert (step(office).state, lead_states(office)) == ("open", ["done", "open"])
    with pytest.raises(Refused, match="eigen brief"):
        state_of(office, None, 2027)


def test_a_bod_is_of_each_corporation_and_the_invitation_of_all_together(quick_example: Office) -> None:
    office = quick_example
    change_year(office, 1, YearWish(chosen=("bod",)), MARCH, by=BY)
    assert (senders_of(office, None, 2027), senders_of(office, None, 2027, "bod")) == ([""], ["clavis", "wzv"])
    bod = draft_of(office, None, 2027, MARCH, "wzv", "bod").facts
    assert [one.name for one in bod.senders] == ["Woongoed Zeeuws-Vlaanderen"]

    change_year(office, 1, YearWish({"bod": {"joint": True}}), MARCH, by=BY)
    assert senders_of(office, None, 2027, "bod") == [""]


def test_what_was_begun_together_goes_on_together_and_nothing_of_it_is_lost(quick_example: Office) -> None:
    office = quick_example
    save_texts(office, None, 2027, texts(office, opening="Samen geschreven."), MARCH, by=BY)
    approve(office, None, 2027, MARCH, by=BY, party="clavis")
    separately(office)
    assert senders_of(office, None, 2027) == [""]
    assert state_of(office, None, 2027).words == "nog goed te keuren door Woongoed Zeeuws-Vlaanderen"
    with pytest.raises(NotFound) as of_one:
        draft_of(office, None, 2027, MARCH, "clavis")
    assert of_one.value.hint == "De afzenders sturen samen één brief: noem er geen."

    withdraw(office, None, 2027, MARCH, by=BY)
    assert senders_of(office, None, 2027) == ["clavis", "wzv"]
    own = draft_of(office, None, 2027, MARCH, "wzv")
    assert (own.texts.year, {one.place: one.text for one in own.texts.written}["opening"]) == (
        2027,
        "Samen geschreven.",
    )
    with pytest.raises(NotFound, match="stuurt hier geen eigen brief") as of_none:
        draft_of(office, None, 2027, MARCH, "gemeente")
    assert of_none.value.hint == "Een eigen brief sturen: clavis en wzv."


def test_an_own_letter_is_called_and_numbered_as_that_of_its_sender(quick_example: Office) -> None:
    office = quick_example
    separately(office)
    for party in ("clavis", "wzv"):
        save_house_style(office, None, party, HouseStyle(reference="PA-{jaar}-{nummer}"), MARCH, by=BY)
        ask_directors(office, None, 2027, MARCH, by=BY, sender=party)
        approve(office, None, 2027, MARCH, by=BY, sender=party)
        send(office, None, 2027, MARCH, by=BY, sender=party)
    deliver(office, MARCH)

    asked = [mail for mail in mails(office) if "akkoord" in str(mail["Subject"])]
    assert sorted(str(mail["Subject"]) for mail in asked) == [
        "Uw akkoord op: Uitnodigingsbrief 2027 van Clavis",
        "Uw akkoord op: Uitnodigingsbrief 2027 van Woongoed Zeeuws-Vlaanderen",
    ]
    assert ["namens" in text_of(mail) for mail in asked] == [False, False]
    sent = [[one.get_filename() for one in mail.iter_attachments()] for mail in mails(office)]
    assert {names[0] for names in sent if names} == {
        "Uitnodigingsbrief 2027 Clavis.pdf",
        "Uitnodigingsbrief 2027 Woongoed Zeeuws-Vlaanderen.pdf",
    }
    references = [draft_of(office, None, 2027, MARCH, one).facts.reference for one in ("clavis", "wzv")]
    assert references == ["PA-2027-001", "PA-2027-001"]
