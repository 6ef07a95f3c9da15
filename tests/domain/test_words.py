"""Dates and states in Dutch words, and the names that stand for parties."""

from datetime import date, time

import pytest
from worlds import PARTIES

from cycle.domain.model import Group, LadderKind, Meeting, Party, PartyKind, State
from cycle.domain.parties import all_slugs
from cycle.domain.status import left_words, state_words, when_words
from cycle.domain.words import day_words, joined, period_words, short_words, span_words, weekday_words

TODAY = date(2027, 4, 1)
DUE = date(2027, 3, 31)


def test_a_day_in_words() -> None:
    assert day_words(DUE) == "31 maart 2027"
    assert weekday_words(DUE) == "woensdag 31 maart 2027"
    assert [short_words(date(2027, month, 1)) for month in (1, 2, 3, 5, 8, 12)] == [
        "vr 1 jan",
        "ma 1 feb",
        "ma 1 mrt",
        "za 1 mei",
        "zo 1 aug",
        "wo 1 dec",
    ]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2027, 4, 1), date(2027, 4, 30), "april 2027"),
        (date(2028, 2, 1), date(2028, 2, 29), "februari 2028"),
        (date(2027, 1, 1), date(2027, 12, 31), "2027"),
        (date(2027, 9, 1), date(2027, 11, 30), "1 september tot en met 30 november 2027"),
        (date(2026, 12, 1), date(2027, 2, 28), "1 december 2026 tot en met 28 februari 2027"),
        (DUE, DUE, "31 maart 2027"),
    ],
)
def test_a_period_in_words(first: date, last: date, words: str) -> None:
    assert period_words(first, last) == words


def test_a_number_of_days_as_people_say_it() -> None:
    assert [span_words(days) for days in (1, 2, 7, 8, 28)] == ["1 dag", "2 dagen", "1 week", "8 dagen", "4 weken"]


def test_names_in_a_row() -> None:
    assert [joined(list("abc"[:count])) for count in range(4)] == ["", "a", "a en b", "a, b en c"]


@pytest.mark.parametrize(
    ("state", "due", "uncertain", "words"),
    [
        (State.OPEN, date(2027, 4, 1), {}, "open"),
        (State.OPEN, DUE, {}, "nog niet afgemeld"),
        (State.OPEN, DUE, {"invented": True}, "open"),
        (State.OPEN, DUE, {"doubtful": True}, "open"),
        (State.OPEN, None, {}, "open"),
        (State.DONE, DUE, {}, "gedaan"),
        (State.DROPPED, DUE, {}, "vervallen"),
    ],
)
def test_silence_is_not_failure(state: State, due: date | None, uncertain: dict, words: str) -> None:
    assert state_words(state, due, TODAY, **uncertain) == words


def when(kind: LadderKind, phrase: str = "", start: date | None = None, due: date | None = DUE, **more: object) -> str:
    return when_words(kind, phrase, start, due, due, **more)


def test_a_deadline_names_its_last_working_day_beside_the_phrase() -> None:
    assert when(LadderKind.LETTER, "vóór 1 april") == "vóór 1 april (uiterlijk woensdag 31 maart 2027)"
    assert when(LadderKind.LETTER, "uiterlijk 31 maart") == "uiterlijk woensdag 31 maart 2027"
    assert when(LadderKind.ACTION) == "uiterlijk woensdag 31 maart 2027"
    assert when_words(LadderKind.DOCUMENT, "", None, date(2028, 7, 1), date(2028, 6, 30)) == (
        "uiterlijk vrijdag 30 juni 2028"
    )


def test_what_is_not_certain_is_named_as_a_period() -> None:
    start, due = date(2027, 1, 1), date(2027, 12, 31)

    assert when(LadderKind.ACTION, "eind 2027", start, due, doubtful=True) == "eind 2027 (datum nog niet vastgesteld)"
    assert when(LadderKind.YEARLY, "jaarlijks", start, due, invented=True) == "in 2027"
    assert when(LadderKind.ACTION, "nader te bepalen", due=None) == "nader te bepalen"
    assert when(LadderKind.ACTION, due=None) == "zonder datum"


def test_a_meeting_names_its_day_or_says_that_it_has_none() -> None:
    april = (date(2027, 4, 1), date(2027, 4, 30))
    planned = Meeting(date(2027, 4, 22), time(14), place="stadhuis")

    assert when(LadderKind.MEETING, "", *april) == "april 2027 (datum nog niet gepland)"
    assert when(LadderKind.MEETING, "", *april, meeting=planned) == "donderdag 22 april 2027 om 14.00 uur, stadhuis"
    assert when(LadderKind.MEETING, "", *april, meeting=Meeting(date(2027, 4, 22))) == "donderdag 22 april 2027"


def test_how_long_it_still_takes() -> None:
    words = [left_words(days, passed=days < 0) for days in (28, 2, 1, 0, -1, -7)]

    assert words == [
        "nog 4 weken",
        "nog 2 dagen",
        "morgen",
        "vandaag",
        "1 dag geleden, nog niet afgemeld",
        "1 week geleden, nog niet afgemeld",
    ]
    assert left_words(-7, passed=False) == "1 week geleden"


# -- parties ----------------------------------------------------------------------------------------------------------


def test_a_name_stands_for_a_party_a_side_or_everyone() -> None:
    assert all_slugs(["clavis"], PARTIES, ()) == (("clavis",), [])
    assert all_slugs(["corporaties"], PARTIES, ()) == (("clavis", "wzv"), [])
    assert all_slugs(["huurdersorganisaties"], PARTIES, ()) == (("bewonersraad", "shb"), [])
    assert all_slugs(["partijen"], PARTIES, ()) == (("gemeente", "clavis", "wzv", "bewonersraad", "shb"), [])


def test_a_party_or_group_of_the_covenant_comes_before_the_side_of_that_name() -> None:
    only_clavis = Group("corporaties", ("clavis",))
    named_after_a_side = Party("gemeente", "Vereniging Gemeente", PartyKind.TENANTS)

    assert all_slugs(["corporaties"], PARTIES, [only_clavis]) == (("clavis",), [])
    assert all_slugs(["gemeente"], [named_after_a_side], ()) == (("gemeente",), [])


def test_each_party_counts_once_and_unknown_names_are_told() -> None:
    assert all_slugs(["wzv", "corporaties", "provincie"], PARTIES, ()) == (("wzv", "clavis"), ["provincie"])
