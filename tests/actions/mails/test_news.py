"""What changed is said once, from when to when and by whom, to everybody who knew the old day."""

import re
from datetime import date

import pytest

from cycle.actions.deadlines.deciding.closing import move, reopen, settle
from cycle.actions.deadlines.deciding.steps import YearWish, change_year
from cycle.actions.deadlines.meeting.planned_meetings import cancel_meeting, move_meeting, set_meeting
from cycle.actions.mails.rehearsal.rehearsing import rehearse
from cycle.actions.office.office import Office
from cycle.actions.service.watch.health import examine
from cycle.domain.ladders import OF_MEMBER
from cycle.domain.model import News, State
from tests.actions.mailbox import act, at, mails, text_of
from tests.actions.mails.test_reminding import deadline

BY = "secretariaat@terneuzen.example"
TODO = ("Geef door wat u op de agenda", "Stuur de stukken")


def told(office: Office, day: str, title: str) -> dict[str, str]:
    """What the mails of a day say about one thing, by their reader."""
    before = len(mails(office))
    act(office, at(day))
    by_reader = {}
    for mail in mails(office)[before:]:
        text = " ".join(text_of(mail).split())
        if about := re.search(rf"\* (?:[\d.]+ )?{title}(.*?)( \* |$)", text):
            by_reader[str(mail["To"]).partition("<")[2].rstrip(">")] = about[1]
    return by_reader


def test_a_moved_meeting_is_told_once_to_who_knew_the_old_day(example: Office) -> None:
    office, spring = example, deadline(example, "Voorjaarsoverleg")
    set_meeting(office, spring, date(2027, 4, 22), at("2027-03-01"), by=BY)
    asked = told(office, "2027-03-25", "Voorjaarsoverleg")
    assert all(TODO[0] in text for text in asked.values())

    move_meeting(office, spring, date(2027, 4, 29), at("2027-03-25", 14), by=BY)

    day = date(2027, 3, 30)
    ahead = [mail.digest for mail in rehearse(office, date(2027, 3, 26), day, at("2027-03-25", 15))]
    moved = told(office, "2027-03-30", "Voorjaarsoverleg")
    assert moved.keys() == asked.keys()
    assert all("verplaatst van 22 naar 29 april 2027 door" in text for text in moved.values())
    rehearsed = [line.rung for digest in ahead for line in digest.reminders if line.deadline == spring]
    assert [rung.partition(OF_MEMBER)[0] for rung in rehearsed].count("moved") == len(moved)
    assert not any("verplaatst" in text for text in told(office, "2027-04-01", "Voorjaarsoverleg").values())


def test_a_meeting_that_is_off_says_so_once_and_asks_nobody_for_input(quick_example: Office) -> None:
    autumn = deadline(quick_example, "Najaarsoverleg")
    set_meeting(quick_example, autumn, date(2027, 10, 21), at("2027-03-01"), by=BY)
    asked = told(quick_example, "2027-09-23", "Najaarsoverleg")
    told(quick_example, "2027-10-01", "Najaarsoverleg")

    cancel_meeting(quick_example, autumn, at("2027-10-04", 12), by=BY)

    off = told(quick_example, "2027-10-05", "Najaarsoverleg")
    assert asked.keys() <= off.keys()
    assert all("van 21 oktober 2027 gaat niet door" in text for text in off.values())
    assert not [text for text in off.values() if "dagen geleden" in text or any(words in text for words in TODO)]
    assert told(quick_example, "2027-10-06", "Najaarsoverleg") == {}


@pytest.mark.parametrize("door", ["drop", "the year"])
def test_a_meeting_that_is_dropped_for_good_is_told_once_to_who_heard_of_it(quick_example: Office, door: str) -> None:
    office, autumn = quick_example, deadline(quick_example, "Najaarsoverleg")
    set_meeting(office, autumn, date(2027, 10, 21), at("2027-03-01"), by=BY)
    asked = told(office, "2027-09-23", "Najaarsoverleg")

    if door == "drop":
        settle(office, autumn, State.DROPPED, at("2027-10-04", 12), by=BY)
    else:
        change_year(office, 1, YearWish({"najaarsoverleg": {"skipped": [2027]}}), at("2027-10-04", 12))

    ahead = [mail.digest for mail in rehearse(office, date(2027, 10, 4), date(2027, 12, 31), at("2027-10-04", 13))]
    rehearsed = [line for digest in ahead for line in digest.reminders if line.deadline == autumn]
    about = [one for one in examine(office, at("2027-10-04", 13)) if one.name.startswith("convenant ")]
    assert [one.words for one in about if not one.ok] == []
    off = told(office, "2027-10-05", "Najaarsoverleg")
    assert asked.keys() <= off.keys()
    assert all("het overleg van 21 oktober 2027 gaat niet door" in text for text in off.values())
    assert not [text for text in off.values() if "nieuwe datum" in text or any(words in text for words in TODO)]
    assert (len(rehearsed), {line.news for line in rehearsed}) == (len(off), {News.OFF})
    assert [told(office, day, "Najaarsoverleg") for day in ("2027-10-06", "2027-10-21", "2027-11-04")] == [{}, {}, {}]


def test_a_meeting_that_was_dropped_when_its_day_was_over_is_told_to_nobody(quick_example: Office) -> None:
    spring = deadline(quick_example, "Voorjaarsoverleg")
    set_meeting(quick_example, spring, date(2027, 4, 15), at("2027-03-01"), by=BY)
    assert told(quick_example, "2027-03-18", "Voorjaarsoverleg")

    settle(quick_example, spring, State.DROPPED, at("2027-04-16", 12), by=BY)

    assert told(quick_example, "2027-04-19", "Voorjaarsoverleg") == {}


def test_a_dropped_meeting_that_is_on_again_before_anybody_heard_is_not_called_off(quick_example: Office) -> None:
    autumn = deadline(quick_example, "Najaarsoverleg")
    set_meeting(quick_example, autumn, date(2027, 10, 21), at("2027-03-01"), by=BY)
    told(quick_example, "2027-09-23", "Najaarsoverleg")
    settle(quick_example, autumn, State.DROPPED, at("2027-10-04", 12), by=BY)
    reopen(quick_example, autumn, at("2027-10-04", 13), by=BY)

    later = {
        **told(quick_example, "2027-10-05", "Najaarsoverleg"),
        **told(quick_example, "2027-10-14", "Najaarsoverleg"),
    }

    assert later
    assert not [text for text in later.values() if "gaat niet door" in text]


def test_a_meeting_that_was_noted_after_it_was_held_asks_nobody_for_input(quick_example: Office) -> None:
    spring = deadline(quick_example, "Voorjaarsoverleg")
    for day in ("2027-01-07", "2027-03-04", "2027-03-18"):
        told(quick_example, day, "Voorjaarsoverleg")
    set_meeting(quick_example, spring, date(2027, 4, 15), at("2027-04-20"), by=BY)

    lines = told(quick_example, "2027-04-21", "Voorjaarsoverleg")

    assert [text for text in lines.values() if "Is het overleg doorgegaan?" in text]
    assert not [text for text in lines.values() if any(words in text for words in TODO)]


def test_a_moved_and_a_reopened_deadline_say_so_and_name_no_days_on_which_nothing_was_planned(
    quick_example: Office,
) -> None:
    agenda = deadline(quick_example, "Uitvoeringsagenda bijwerken")
    before = told(quick_example, "2027-06-03", "Uitvoeringsagenda bijwerken")
    assert before
    move(quick_example, agenda, date(2027, 6, 28), at("2027-06-03", 14), by=BY)

    moved = told(quick_example, "2027-06-04", "Uitvoeringsagenda bijwerken")
    assert all("naar 28 juni 2027" in text and "eerder gepland" not in text for text in moved.values())
    assert moved.keys() == before.keys()

    settle(quick_example, agenda, State.DROPPED, at("2027-06-22"), by=BY)
    reopen(quick_example, agenda, at("2027-06-23"), by=BY)
    again = told(quick_example, "2027-06-24", "Uitvoeringsagenda bijwerken")
    assert again
    assert all("weer open" in text and "eerder gepland" not in text for text in again.values())
