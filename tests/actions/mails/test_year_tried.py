"""What another year for a table will change, before it is kept: what is shown is what comes of it."""

from datetime import date

from cycle.actions.deadlines.deciding.steps import YearWish, change_year
from cycle.actions.mails.rehearsal.rehearsing import rehearse
from cycle.actions.mails.rehearsal.year_tried import try_year
from tests.conftest import NOVEMBER

LAST = date(2027, 12, 31)
WISH = YearWish(
    {
        "uitvoeringsagenda": {"by": "15 juni"},
        "zorgtafel": {"skipped": [2027]},
        "najaarsoverleg": {"leads": ["clavis"]},
        "kerntafel": {"title": "Kerntafel", "kind": "meeting", "by": "1 mei", "participants": ["partijen"]},
    },
    ("bod",),
)


def sure(mails):
    """All but overviews alone, which go only with news."""
    return [mail for mail in mails if not mail.digest.is_if_news]


def test_the_mails_that_are_foretold_are_those_of_the_rehearsal_after_it(quick_example):
    tried = try_year(quick_example, 1, WISH, NOVEMBER)
    before = sure(rehearse(quick_example, NOVEMBER.date(), LAST, NOVEMBER))
    change_year(quick_example, 1, WISH, NOVEMBER)
    after = sure(rehearse(quick_example, NOVEMBER.date(), LAST, NOVEMBER))

    assert (tried.mails_now, tried.mails_then) == (len(before), len(after))
    assert {one.name: (one.now, one.then) for one in tried.people} == {
        name: (sum(one.to.name == name for one in before), sum(one.to.name == name for one in after))
        for name in {one.to.name for one in (*before, *after)}
    }
    assert sum(one.changed for one in tried.people) == tried.mails_coming + tried.mails_going + tried.mails_changing


def test_the_deadlines_that_come_go_and_move_are_named_with_who_leads(quick_example):
    tried = try_year(quick_example, 1, WISH, NOVEMBER)

    assert [(one.title, one.when) for one in tried.coming] == [
        ("Kerntafel", "rond 1 mei 2027 (datum nog niet gepland)"),
        ("Bod van de corporaties", "uiterlijk donderdag 1 juli 2027"),
    ]
    assert [one.title for one in tried.going] == ["Zorgtafel"]
    assert [(was.title, was.leads, becomes.leads, becomes.when) for was, becomes in tried.moving] == [
        (
            "Uitvoeringsagenda bijwerken",
            ("Clavis", "Woongoed Zeeuws-Vlaanderen"),
            ("Clavis", "Woongoed Zeeuws-Vlaanderen"),
            "uiterlijk dinsdag 15 juni 2027",
        ),
        ("Najaarsoverleg", ("Gemeente Terneuzen",), ("Clavis",), "oktober 2027 (datum nog niet gepland)"),
    ]


def test_what_changes_nothing_says_so(quick_example):
    tried = try_year(quick_example, 1, YearWish({"uitvoeringsagenda": {"by": "1 juli"}}), NOVEMBER)

    assert (tried.words, tried.changes_deadlines, tried.mails_changing) == ("", False, 0)
