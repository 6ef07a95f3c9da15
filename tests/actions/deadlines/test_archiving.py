"""A covenant that is put away is read and no more: no mail, no new deadline; calendars end well; it can come back."""

import pytest
from sqlmodel import col, func, select

from cycle.actions.deadlines.archiving import archive, take_up
from cycle.actions.deadlines.year_upkeep import YearChanges, keep_year
from cycle.actions.feeds.building import feed_of_address
from cycle.actions.mails.rehearsing import rehearse_year
from cycle.actions.office.office import Office
from cycle.actions.office.put_away import refuse_archived
from cycle.errors import Refused
from cycle.store import decisions
from cycle.store.tables import Covenant, DeadlineRow, Message
from tests.actions.mailbox import act, at

NOW = at("2027-01-04")
BY = "secretariaat@terneuzen.example"


def test_nothing_is_mailed_or_made_of_a_covenant_that_was_put_away_and_a_fact_says_so(example: Office) -> None:
    done = archive(example, 1, NOW, by=BY)
    twice = archive(example, 1, NOW, by=BY)
    for day in ("2027-01-05", "2027-02-03", "2027-03-03", "2027-03-31", "2027-04-05"):
        act(example, at(day))
    with example.database.reading() as session:
        waiting = session.exec(select(func.count()).where(col(DeadlineRow.next_moment).is_not(None))).one()
        mails = session.exec(select(Message.kind)).all()
        newest = decisions.newest_about(session, "convenant terneuzen", 1, since=None, limit=1)
        said = [(one.verb, one.by) for one in newest]
        with pytest.raises(Refused, match="gearchiveerd"):
            refuse_archived(session, 1)

    assert done.words == "is gearchiveerd: alles blijft te lezen, en er gaat geen mail meer uit"
    assert (twice.changed, waiting, list(mails)) == (False, 0, [])
    assert keep_year(example, at("2028-01-10")) == YearChanges()
    assert rehearse_year(example, 2027, NOW) == []
    assert said == [("gearchiveerd", BY)]


def test_what_waits_for_approval_does_not_go_by_itself_once_it_is_put_away(quick_example: Office) -> None:
    with quick_example.database.writing() as session:
        row = session.exec(select(Covenant)).one()
        row.overrides = row.overrides | {"approval": "ja"}
    act(quick_example, at("2027-02-03"))
    with quick_example.database.reading() as session:
        drafts = session.exec(select(Message.id).where(Message.state == "draft")).all()
    archive(quick_example, 1, at("2027-02-03", 10), by=BY)
    act(quick_example, at("2027-02-05", 12))
    with quick_example.database.reading() as session:
        states = session.exec(select(Message.state).where(col(Message.id).in_(drafts))).all()

    assert (len(drafts) > 0, set(states)) == (True, {"replaced"})


def test_taken_up_again_it_counts_from_that_day_and_nobody_missed_anything(quick_example: Office) -> None:
    archive(quick_example, 1, at("2026-12-01"), by=BY)
    done = take_up(quick_example, 1, at("2027-03-22"), by=BY)
    mails = rehearse_year(quick_example, 2027, at("2027-03-22"))
    missed = [line.missed for mail in mails for line in mail.digest.reminders if line.missed]

    assert done.words == "is weer opgepakt: wat openstaat telt vanaf vandaag"
    assert (bool(mails), missed) == (True, [])
    assert keep_year(quick_example, at("2027-03-22")) == YearChanges()


def test_its_calendars_say_for_two_weeks_that_what_was_open_is_off_and_are_never_empty(quick_example: Office) -> None:
    before = feed(quick_example, "2027-01-04")
    archive(quick_example, 1, NOW, by=BY)
    off, later = feed(quick_example, "2027-01-05"), feed(quick_example, "2027-01-25")
    take_up(quick_example, 1, at("2027-02-01"), by=BY)
    again = feed(quick_example, "2027-02-01")

    assert before.count("BEGIN:VEVENT") > 3
    assert off.count("BEGIN:VEVENT") == before.count("BEGIN:VEVENT") == off.count("STATUS:CANCELLED")
    assert later.count("BEGIN:VEVENT") == later.count("STATUS:CANCELLED") == 1
    assert again.count("STATUS:CANCELLED") == 0
    assert again.count("BEGIN:VEVENT") == before.count("BEGIN:VEVENT")


def feed(office: Office, day: str) -> str:
    return feed_of_address(office, "strategie@clavis.example", at(day)).decode()
