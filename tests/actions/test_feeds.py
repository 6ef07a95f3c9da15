"""Calendar links: whose days are in them, and that the same days give the same bytes (rules A5, A10, A15)."""

from datetime import date, time

import pytest
from icalendar import Calendar
from sqlmodel import select

from cycle.actions.feeds import feed_of_address, feed_of_token, new_link, revoke_links, window
from cycle.actions.office import Office
from cycle.actions.settling import set_meeting, settle
from cycle.domain.model import State
from cycle.errors import NotFound
from cycle.store.tables import FeedLink
from tests.actions.post import at
from tests.actions.test_reminding import deadline

JANUARY = at("2027-01-04")


def events(office: Office, email: str, now: object = JANUARY) -> list[tuple[str, str, str]]:
    found = Calendar.from_ical(feed_of_address(office, email, now)).walk("VEVENT")  # type: ignore[arg-type]
    return [(str(one["SUMMARY"]), str(one.decoded("DTSTART")), str(one.get("STATUS"))) for one in found]


def test_a_lead_finds_the_last_days_that_are_theirs(example: Office) -> None:
    assert events(example, "strategie@clavis.example") == [
        ("Uiterste dag: 5.9 Uitnodigingsbrief", "2027-03-31", "CONFIRMED"),
        ("Uiterste dag: 5.3 Uitvoeringsagenda bijwerken", "2027-07-01", "CONFIRMED"),
        ("Uiterste dag: 5.9 Uitnodigingsbrief", "2028-03-31", "CONFIRMED"),
        ("Uiterste dag: 5.3 Uitvoeringsagenda bijwerken (laatste werkdag vr 30 jun)", "2028-07-01", "CONFIRMED"),
    ]


def test_a_planned_meeting_is_in_the_calendar_of_everyone_who_takes_part(example: Office) -> None:
    before = events(example, "bestuur@shb.example")
    row = deadline(example, "Voorjaarsoverleg")
    set_meeting(example, row, date(2027, 4, 22), JANUARY, start=time(14), end=time(16), place="Stadhuis")

    assert set(events(example, "bestuur@shb.example")) - set(before) == {
        ("5.1 Voorjaarsoverleg", "2027-04-22 14:00:00+02:00", "CONFIRMED")
    }


def test_what_no_document_dates_is_in_nobodys_calendar(example: Office) -> None:
    summaries = {summary for summary, _day, _status in events(example, "wonen@terneuzen.example")}

    assert not [summary for summary in summaries if "Bouwtafel" in summary or "Kwartaal" in summary]
    assert "Uiterste dag: 5.1 Najaarsoverleg (laatste werkdag vr 29 okt)" in summaries


def test_a5_the_same_deadlines_give_the_same_bytes_all_month(example: Office) -> None:
    first = feed_of_address(example, "strategie@clavis.example", at("2027-01-04", 9))

    assert feed_of_address(example, "strategie@clavis.example", at("2027-01-29", 17)) == first
    settle(example, deadline(example, "Uitnodigingsbrief"), State.DONE, at("2027-01-29", 18))
    after = feed_of_address(example, "strategie@clavis.example", at("2027-01-29", 18))
    assert after != first
    assert b"SUMMARY:Gedaan: 5.9 Uitnodigingsbrief" in after


def test_a_dropped_deadline_stays_two_weeks_as_cancelled(example: Office) -> None:
    settle(example, deadline(example, "Uitnodigingsbrief"), State.DROPPED, JANUARY)

    now = events(example, "strategie@clavis.example", at("2027-01-18"))
    later = events(example, "strategie@clavis.example", at("2027-01-19"))
    assert ("Vervallen: 5.9 Uitnodigingsbrief", "2027-03-31", "CANCELLED") in now
    assert not [summary for summary, day, _status in later if day == "2027-03-31"]


def test_a15_a_token_is_kept_as_a_hash_and_opens_until_it_is_revoked(example: Office) -> None:
    link = new_link(example, "strategie@clavis.example", JANUARY, name="telefoon")
    with example.database.reading() as session:
        row = session.exec(select(FeedLink)).one()
        body = feed_of_token(session, example.settings, link.token, JANUARY)

    assert link.url == f"http://127.0.0.1:8700/k/{link.token}/termijnen.ics"
    assert (row.name, link.token in row.token_hash, len(link.token) >= 22) == ("telefoon", False, True)
    assert body is not None
    assert Calendar.from_ical(body)["X-WR-CALNAME"] == "Termijnen Prestatieafspraken Terneuzen"
    assert revoke_links(example, "strategie@clavis.example", JANUARY) == 1
    with example.database.reading() as session:
        assert feed_of_token(session, example.settings, link.token, JANUARY) is None
    assert revoke_links(example, "strategie@clavis.example", JANUARY) == 0


def test_an_address_that_nobody_has_gets_a_sentence(quick_example: Office) -> None:
    with pytest.raises(NotFound) as refused:
        new_link(quick_example, "wie@nergens.example", JANUARY)

    assert refused.value.hint == "Kijk met: cycle people"


def test_a16_the_window_is_cut_by_month() -> None:
    assert window(date(2027, 5, 31)) == window(date(2027, 5, 1)) == (date(2027, 1, 1), date(2029, 5, 31))
    assert window(date(2027, 12, 31)) == (date(2027, 9, 1), date(2029, 12, 31))
