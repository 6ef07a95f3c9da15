"""A covenant that is put away is read and no more: no mail, no new deadline; calendars end well; it can come back."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import col, func, select

from cycle.actions.answers.answering.behalf import answer_for
from cycle.actions.answers.rounds.asked_list import mark_standing
from cycle.actions.deadlines.deciding.archiving import archive, take_up
from cycle.actions.deadlines.deciding.closing import move, settle
from cycle.actions.deadlines.deciding.term_change import change_term
from cycle.actions.deadlines.meeting.planned_meetings import set_meeting
from cycle.actions.deadlines.upkeep.year_upkeep import YearChanges, keep_year
from cycle.actions.feeds.building import feed_of_address
from cycle.actions.mails.rehearsal.rehearsing import rehearse_year
from cycle.actions.office.office import Office
from cycle.actions.people.departure.ending_parties import end_party
from cycle.actions.people.departure.leaving import Successor, hand_over
from cycle.actions.people.seats.parties import add_party
from cycle.actions.register.reading_in.importing import import_folder
from cycle.actions.settling.deciding import set_reading
from cycle.domain.answering import Stand
from cycle.domain.model import PartyKind, State
from cycle.domain.term import TermDays
from cycle.errors import Archived
from cycle.store import decisions
from cycle.store.ids import id_of
from cycle.store.tables import AgreementRow, Covenant, DeadlineRow, Message, PartyRow, Person, ReadingRow
from tests.actions.mailbox import act, at
from tests.conftest import EXAMPLE

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


def test_mail_that_waits_already_does_not_go_and_is_counted(quick_example: Office) -> None:
    """A welcome and a mail of another kind that stand ready; what was sent before stays as it is."""
    with quick_example.database.writing() as session:
        who = session.exec(select(Person)).first()
        assert who is not None
        for kind, state in (("welcome", "queued"), ("letter", "held"), ("letter", "sent")):
            key = f"{kind}:{state}"
            row = Message(key=key, kind=kind, covenant_id=1, person_id=who.id, to=who.email, subject="x", on=NOW.date())
            row.message_id, row.state, row.created_at, row.body = f"<{key}@x>", state, NOW, b"x"
            session.add(row)
    done = archive(quick_example, 1, NOW, by=BY)
    with quick_example.database.reading() as session:
        states = {row.key: row.state for row in session.exec(select(Message)).all()}

    assert done.words.endswith("er gaat geen mail meer uit; 2 mails die klaarstonden gaan niet meer uit")
    assert states == {"welcome:queued": "discarded", "letter:held": "discarded", "letter:sent": "sent"}


def test_taken_up_again_it_counts_from_that_day_and_nobody_missed_anything(quick_example: Office) -> None:
    archive(quick_example, 1, at("2026-12-01"), by=BY)
    done = take_up(quick_example, 1, at("2027-03-22"), by=BY)
    mails = rehearse_year(quick_example, 2027, at("2027-03-22"))
    missed = [line.missed for mail in mails for line in mail.digest.reminders if line.missed]

    assert done.words == "is weer opgepakt: wat openstaat telt vanaf vandaag"
    assert (bool(mails), missed) == (True, [])
    assert keep_year(quick_example, at("2027-03-22")) == YearChanges()


ACTS: dict[str, Callable[[Office, dict[str, int]], object]] = {
    "done": lambda office, ids: settle(office, ids["2.8"], State.DONE, NOW, by=BY, party="clavis"),
    "moved": lambda office, ids: move(office, ids["2.8"], date(2027, 4, 1), NOW, by=BY),
    "a meeting": lambda office, ids: set_meeting(office, ids["Voorjaarsoverleg"], date(2027, 4, 22), NOW, by=BY),
    "answered for": lambda office, ids: answer_for(
        office, ids["2.8"], "clavis", Stand.GREEN, "Goed.", "Jan", NOW, by=BY
    ),
    "its term": lambda office, _ids: change_term(office, 1, TermDays(None, date(2028, 1, 1)), NOW, by=BY),
    "another party": lambda office, _ids: add_party(office, 1, "Zorg", PartyKind.CARE, [], NOW, by=BY),
    "a party ends": lambda office, ids: end_party(office, 1, ids["clavis"], date(2027, 1, 1), NOW, by=BY),
    "standing": lambda office, ids: mark_standing(office, ids["agreement"], "altijd", NOW, by=BY),
    "a doubt": lambda office, ids: set_reading(office, ids["reading"], "2027-09-01", NOW, by=BY),
    "its folder": lambda office, _ids: import_folder(office, EXAMPLE, NOW, by=BY),
}


def test_no_command_changes_what_is_put_away_but_who_leaves_may_leave(example: Office) -> None:
    """At the desk there is no form then; the command line and links of mails come in by other doors."""
    archive(example, 1, NOW, by=BY)
    with example.database.reading() as session:
        open_rows = session.exec(select(DeadlineRow).order_by(col(DeadlineRow.id).desc())).all()
        ids = {name: id_of(row) for row in open_rows for name in (row.number, row.title)}
        ids["clavis"] = session.exec(select(PartyRow.id).where(PartyRow.slug == "clavis")).one() or 0
        ids["agreement"] = session.exec(select(AgreementRow.id).where(AgreementRow.number == "2.8")).one() or 0
        ids["reading"] = session.exec(select(ReadingRow.id).where(col(ReadingRow.doubtful))).first() or 0
        left = session.exec(select(Person).where(Person.email == "directie@clavis.example")).one()
        stamp = session.get_one(Covenant, 1).stamp
    refused = {}
    for name, deed in ACTS.items():
        with pytest.raises(Archived) as error:
            deed(example, ids)
        refused[name] = error.value.what
    with example.database.reading() as session:
        assert session.get_one(Covenant, 1).stamp == stamp

    assert set(refused.values()) == {"Deze afspraken zijn gearchiveerd: er verandert niets meer."}
    assert hand_over(example, 1, id_of(left), Successor(None), date(2027, 1, 4), NOW, by=BY).changed


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
