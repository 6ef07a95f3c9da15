"""Calendar links: whose days are in them, and that the same days give the same bytes (rules A5, A10, A15)."""

from datetime import date, datetime, time

import pytest
from icalendar import Calendar
from sqlalchemy import text
from sqlmodel import select

from cycle.actions.deadlines.deciding.closing import settle
from cycle.actions.deadlines.meeting.planned_meetings import cancel_meeting, move_meeting, set_meeting
from cycle.actions.feeds import (
    FeedScope,
    Shows,
    build,
    end_links_of_leavers,
    feed_of_address,
    feed_of_token,
    links_of,
    new_link,
    revoke_links,
    token_hash,
    window,
)
from cycle.actions.feeds.fetches import FetchNotes, client_words
from cycle.actions.office.office import Office
from cycle.domain.model import Meeting, Origin, State
from cycle.errors import NotFound, Refused
from cycle.store.actions import new_action
from cycle.store.deadlines import meeting_of as planned_meeting
from cycle.store.seats import name_for
from cycle.store.tables import DeadlineParty, DeadlineRow, FeedLink, Membership, PartyRow, Person
from tests.actions.mailbox import at
from tests.actions.mails.test_reminding import deadline
from tests.lasting_names import agreement_id

LEAD = "strategie@clavis.example"
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


def test_one_dead_mailbox_leaves_the_feeds_of_all_others_as_they_were(example: Office) -> None:
    people = [LEAD, "wonen@terneuzen.example", "secretariaat@terneuzen.example"]
    before = [feed_of_address(example, who, JANUARY, scope) for who in people for scope in FeedScope]
    with example.database.writing() as session:
        dead = session.exec(select(Person).where(Person.email == "bestuur@shb.example")).one()
        dead.undeliverable_since = JANUARY
        session.add(dead)

    assert [feed_of_address(example, who, JANUARY, scope) for who in people for scope in FeedScope] == before


def test_a15_a_token_is_kept_as_a_hash_only(example: Office) -> None:
    link = new_link(example, "strategie@clavis.example", JANUARY, name="telefoon")
    with example.database.reading() as session:
        row = session.exec(select(FeedLink)).one()
        body = feed_of_token(session, example.settings, link.token, JANUARY)

    assert link.url == f"http://127.0.0.1:8700/k/{link.token}/termijnen.ics"
    assert (row.name, link.token in row.token_hash, len(link.token) >= 22) == ("telefoon", False, True)
    assert body is not None
    assert Calendar.from_ical(body)["X-WR-CALNAME"] == "Termijnen Prestatieafspraken Terneuzen"
    assert revoke_links(example, "strategie@clavis.example", JANUARY) == 1
    assert revoke_links(example, "strategie@clavis.example", JANUARY) == 0


def test_an_address_that_nobody_has_gets_a_sentence(quick_example: Office) -> None:
    with pytest.raises(NotFound) as refused:
        new_link(quick_example, "wie@nergens.example", JANUARY)

    assert refused.value.hint == "Kijk met: cycle people"


def test_a16_the_window_is_cut_by_month() -> None:
    assert window(date(2027, 5, 31)) == window(date(2027, 5, 1)) == (date(2027, 1, 1), date(2029, 5, 31))
    assert window(date(2027, 12, 31)) == (date(2027, 9, 1), date(2029, 12, 31))


# ---- A15: the end of a link ----------------------------------------------------------------------------------------


def answer(office: Office, token: str, now: datetime, file: str = "termijnen.ics") -> tuple[int, list[tuple[str, str]]]:
    """What a link answers: the status, and its events as (summary, day)."""
    with office.database.reading() as session:
        built = build(session, office.settings, token_hash(token), now, file)
    assert built is not None
    calendar = Calendar.from_ical(built.body) if built.status == 200 else Calendar()
    return built.status, [(str(one["SUMMARY"]), str(one.decoded("DTSTART"))) for one in calendar.walk("VEVENT")]


def test_a15_a_revoked_link_says_for_thirty_days_that_it_ended_and_is_gone_then(example: Office) -> None:
    token = new_link(example, LEAD, JANUARY).token
    before = {event["UID"] for event in calendar_of(example, token, JANUARY).walk("VEVENT")}
    revoke_links(example, LEAD, at("2027-01-05", 11))

    ended = [("Agendakoppeling beëindigd", "2027-01-05")]
    assert answer(example, token, at("2027-01-05", 11)) == (200, ended)
    assert answer(example, token, at("2027-02-04", 10)) == (200, ended)
    assert answer(example, token, at("2027-02-04", 11)) == (410, [])
    assert answer(example, token, at("2032-02-04", 11)) == (410, [])
    after = calendar_of(example, token, at("2027-01-06"))
    assert not before & {event["UID"] for event in after.walk("VEVENT")}
    assert len(calendar_of(example, token, at("2027-01-06"), "taken.ics").walk("VTODO")) == 1


def test_a15_a_leaked_link_is_cut_at_once_also_when_it_was_revoked_before(example: Office) -> None:
    first, second = (new_link(example, LEAD, JANUARY, name=name) for name in ("een", "twee"))
    revoke_links(example, LEAD, JANUARY, name="een")

    assert revoke_links(example, LEAD, JANUARY, leaked=True) == 2
    assert revoke_links(example, LEAD, JANUARY, leaked=True) == 0
    assert [answer(example, link.token, JANUARY)[0] for link in (first, second)] == [410, 410]


def test_a15_links_end_one_by_one(example: Office) -> None:
    phone, outlook = (new_link(example, LEAD, JANUARY, name=name) for name in ("telefoon", "outlook"))

    assert revoke_links(example, LEAD, JANUARY, name="telefoon") == 1
    assert [len(answer(example, link.token, JANUARY)[1]) for link in (phone, outlook)] == [1, 4]


def test_a15_who_leaves_has_an_ended_link_by_itself(example: Office) -> None:
    token = new_link(example, LEAD, JANUARY).token
    with example.database.writing() as session:
        for seat in session.exec(select(Membership).where(Membership.person_id == person(example, LEAD))):
            seat.until = date(2027, 3, 31)
            session.add(seat)

    assert len(answer(example, token, at("2027-03-31", 23))[1]) == 4
    assert answer(example, token, at("2027-04-01", 0)) == (200, [("Agendakoppeling beëindigd", "2027-04-01")])
    assert end_links_of_leavers(example, at("2027-04-02", 4)) == 1
    assert end_links_of_leavers(example, at("2027-04-02", 4)) == 0
    assert answer(example, token, at("2027-04-30", 23))[0] == 200
    assert answer(example, token, at("2027-05-01", 0))[0] == 410
    with pytest.raises(Refused):
        new_link(example, LEAD, at("2027-04-02"))


def test_a15_who_is_taken_off_the_list_has_an_ended_link_too(example: Office) -> None:
    token = new_link(example, LEAD, JANUARY).token
    with example.database.writing() as session:
        for seat in session.exec(select(Membership).where(Membership.person_id == person(example, LEAD))):
            session.delete(seat)

    assert answer(example, token, JANUARY) == (200, [("Agendakoppeling beëindigd", "2027-01-04")])
    assert end_links_of_leavers(example, JANUARY) == 1
    assert answer(example, token, at("2027-02-03", 12))[0] == 410


def test_the_list_tells_what_links_there_are_and_never_their_tokens(example: Office) -> None:
    shows = Shows(FeedScope.COVENANT, "terneuzen", banners=True, alarm_days=7)
    link = new_link(example, LEAD, JANUARY, name="  op  kantoor ", shows=shows)
    notes = FetchNotes(example)
    notes.add(link_id(example, link.token), "Mozilla/5.0 Gecko Thunderbird/140.0", at("2027-01-04", 10))
    notes.add(link_id(example, link.token), "Microsoft.Exchange/15.20", at("2027-01-04", 11))
    notes.write_down()

    with example.database.reading() as session:
        [listed] = links_of(session, LEAD)
    assert listed.as_json() == {
        "name": "op kantoor",
        "scope": "covenant",
        "covenant": "terneuzen",
        "banners": True,
        "alarm_days": 7,
        "created_at": JANUARY.isoformat(),
        "revoked_at": None,
        "leaked": False,
        "last_fetched_at": at("2027-01-04", 11).isoformat(),
        "client": "Microsoft 365",
    }


def test_noting_who_fetched_never_fails(quick_example: Office) -> None:
    notes = FetchNotes(quick_example)
    notes.add(404, "curl/8", JANUARY)
    notes.write_down()
    with quick_example.database.engine.begin() as connection:
        connection.execute(text("DROP TABLE feed_fetch"))
    notes.add(1, "", JANUARY)
    notes.write_down()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Google-Calendar-Importer", "Google Agenda"),
        ("Microsoft.Exchange/15.20 (Windows NT 10.0; Win64; x64)", "Microsoft 365"),
        ("iOS/18.1 (22B83) dataaccessd/1.0", "iPhone of iPad"),
        ("macOS/15.1 (24B83) dataaccessd/1.0", "Apple Agenda"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0", "Thunderbird"),
        ("curl/8.5.0", "curl"),
        ("<script>alert(1)</script>", "onbekend"),
        ("", "onbekend"),
    ],
)
def test_a15_a_client_is_told_in_a_word(agent: str, words: str) -> None:
    assert client_words(agent) == words


# ---- what a link shows -----------------------------------------------------------------------------------------------


def summaries(office: Office, email: str, shows: Shows, now: datetime = JANUARY) -> set[str]:
    return {summary for summary, _day in answer(office, new_link(office, email, now, shows=shows).token, now)[1]}


def test_a_link_shows_mine_or_more(example: Office) -> None:
    mine, party, covenant, everything = (summaries(example, "vastgoed@clavis.example", Shows(one)) for one in FeedScope)

    assert mine == {"Vervallen: er staan nu geen termijnen in deze agenda"}
    assert party < covenant == everything
    assert "Uiterste dag: 5.9 Uitnodigingsbrief" in party - mine
    assert "Uiterste dag: 5.1 Voorjaarsoverleg" in covenant - party


def test_nothing_invented_or_doubtful_is_in_any_link(example: Office) -> None:
    whole = summaries(example, LEAD, Shows(FeedScope.ALL, banners=True))

    assert not [one for one in whole if "Bouwtafel" in one or "Kwartaal" in one or "Wijkschouw" in one]


def test_banners_are_events_of_their_own_over_the_whole_period(example: Office) -> None:
    token = new_link(example, LEAD, JANUARY, shows=Shows(FeedScope.COVENANT, banners=True)).token

    events = calendar_of(example, token, JANUARY).walk("VEVENT")
    banner = next(one for one in events if str(one["SUMMARY"]) == "Periode: 5.1 Voorjaarsoverleg")
    assert (banner.decoded("DTSTART"), banner.decoded("DTEND")) == (date(2027, 4, 1), date(2027, 5, 1))
    assert len({str(one["UID"]) for one in events}) == len(events)


def test_a13_alarms_are_asked_per_link(example: Office) -> None:
    without, asked = (new_link(example, LEAD, JANUARY, shows=Shows(alarm_days=days)).token for days in (None, 7))

    assert len(calendar_of(example, without, JANUARY).walk("VALARM")) == 0
    alarms = calendar_of(example, asked, JANUARY).walk("VALARM")
    assert {str(alarm["TRIGGER"].to_ical(), "ascii") for alarm in alarms} == {"-P7D"}
    assert len(alarms) == 4


@pytest.mark.parametrize("days", [0, -3, 61])
def test_a13_an_alarm_that_cannot_be_is_refused(quick_example: Office, days: int) -> None:
    with pytest.raises(Refused):
        new_link(quick_example, LEAD, JANUARY, shows=Shows(alarm_days=days))


def test_a_covenant_that_is_not_theirs_is_refused(quick_example: Office) -> None:
    with pytest.raises(NotFound):
        new_link(quick_example, LEAD, JANUARY, shows=Shows(FeedScope.COVENANT, "hulst"))


def test_tasks_are_the_last_days_and_no_meetings(example: Office) -> None:
    token = new_link(example, "wonen@terneuzen.example", JANUARY).token
    set_meeting(example, deadline(example, "Voorjaarsoverleg"), date(2027, 4, 22), JANUARY, start=time(14))

    tasks = calendar_of(example, token, JANUARY, "taken.ics").walk("VTODO")
    assert "5.1 Voorjaarsoverleg" not in {str(task["SUMMARY"]) for task in tasks}
    assert {str(task["STATUS"]) for task in tasks} == {"NEEDS-ACTION"}


def test_a10_a_done_deadline_stays_ninety_days(example: Office) -> None:
    settle(example, deadline(example, "Uitnodigingsbrief"), State.DONE, JANUARY, party="clavis")

    done = ("Gedaan: 5.9 Uitnodigingsbrief", "2027-03-31", "CONFIRMED")
    assert done in events(example, LEAD, at("2027-04-04"))
    assert done not in events(example, LEAD, at("2027-04-05"))


def test_what_another_party_did_is_not_done_for_me(example: Office) -> None:
    row = _of_two_leads(example)
    settle(example, row, State.DONE, JANUARY, party="clavis")

    def mine(email: str) -> str:
        token = new_link(example, email, JANUARY, shows=Shows(FeedScope.PARTY)).token
        found = calendar_of(example, token, JANUARY).walk("VEVENT")
        return next(str(one["SUMMARY"]).partition(":")[0] for one in found if str(one["UID"]) == "twee-trekkers")

    assert (mine(LEAD), mine("beleid@woongoed.example")) == ("Gedaan", "Uiterste dag")


def _of_two_leads(office: Office) -> int:
    """A deadline that two parties lead, each for itself."""
    with office.database.writing() as session:
        row = DeadlineRow(
            covenant_id=1,
            action_id=new_action(session, 1, Origin.AGREEMENT, None),
            origin="agreement",
            occurrence="once",
            title="Samen",
            kind="action",
            due=date(2027, 6, 1),
            uid="twee-trekkers",
            created_at=JANUARY,
            changed_at=JANUARY,
        )
        session.add(row)
        session.flush()
        for party in session.exec(select(PartyRow).where(PartyRow.kind == "corporation")):
            session.add(DeadlineParty(deadline_id=row.id or 0, party_id=party.id or 0, part="lead"))
        return row.id or 0


def test_who_sits_in_two_lead_parties_has_one_entry(example: Office) -> None:
    with example.database.writing() as session:
        party = session.exec(select(PartyRow).where(PartyRow.slug == "wzv")).one()
        seat = Membership(person_id=person(example, LEAD), party_id=party.id or 0, role="trekker")
        session.add(seat)
        session.flush()
        name_for(seat, [agreement_id(session, "5.9")])

    found = [one for one in events(example, LEAD) if one[1] == "2027-03-31"]
    assert found == [("Uiterste dag: 5.9 Uitnodigingsbrief", "2027-03-31", "CONFIRMED")]


def test_people_who_share_a_mailbox_share_its_calendar(example: Office) -> None:
    with example.database.writing() as session:
        party = session.exec(select(PartyRow).where(PartyRow.slug == "wzv")).one()
        twin = Person(name="Nog iemand", email="bestuur@shb.example")
        session.add(twin)
        session.flush()
        seat = Membership(person_id=twin.id or 0, party_id=party.id or 0, role="trekker")
        session.add(seat)
        session.flush()
        name_for(seat, [agreement_id(session, "5.9")])

    assert ("Uiterste dag: 5.9 Uitnodigingsbrief", "2027-03-31", "CONFIRMED") in events(example, "bestuur@shb.example")


def test_no_feed_names_a_person(example: Office) -> None:
    body = feed_of_address(example, LEAD, JANUARY, FeedScope.ALL).decode().replace("\r\n ", "")
    with example.database.reading() as session:
        people = session.exec(select(Person)).all()

    assert [one.email for one in people if one.email in body] == []
    assert [one.name for one in people if one.name in body and "ecretariaat" not in one.name] == []


# ---- meetings --------------------------------------------------------------------------------------------------


def meeting_of(office: Office, email: str, uid: str, now: datetime) -> tuple[str, str, int, str] | None:
    found = Calendar.from_ical(feed_of_address(office, email, now)).walk("VEVENT")
    return next(
        (
            (str(one["SUMMARY"]), str(one.decoded("DTSTART")), int(one["SEQUENCE"]), str(one["STATUS"]))
            for one in found
            if str(one["UID"]) == uid
        ),
        None,
    )


def test_a10_a_meeting_is_planned_moved_cancelled_and_planned_again_under_one_uid(example: Office) -> None:
    row, tenant, lead = deadline(example, "Voorjaarsoverleg"), "bestuur@shb.example", "wonen@terneuzen.example"
    with example.database.reading() as session:
        uid = session.get_one(DeadlineRow, row).uid
    seen = []
    for act in (
        lambda: set_meeting(example, row, date(2027, 4, 22), JANUARY, start=time(14), end=time(16), place="Stadhuis"),
        lambda: move_meeting(example, row, date(2027, 4, 29), JANUARY, start=time(10)),
        lambda: cancel_meeting(example, row, JANUARY),
        lambda: set_meeting(example, row, date(2027, 5, 6), JANUARY, start=time(9)),
    ):
        assert act().changed
        seen.append([meeting_of(example, who, uid, JANUARY) for who in (tenant, lead)])

    about = "5.1 Voorjaarsoverleg"
    assert [one for one, _lead in seen if one] == [
        (about, "2027-04-22 14:00:00+02:00", 1, "CONFIRMED"),
        (about, "2027-04-29 10:00:00+02:00", 2, "CONFIRMED"),
        (f"Vervallen: {about}", "2027-04-29 10:00:00+02:00", 3, "CANCELLED"),
        (about, "2027-05-06 09:00:00+02:00", 5, "CONFIRMED"),
    ]
    assert all(one == other for one, other in seen)


def test_a10_two_weeks_after_a_cancelled_meeting_its_last_day_is_back_for_the_lead(example: Office) -> None:
    row, tenant, lead = deadline(example, "Voorjaarsoverleg"), "bestuur@shb.example", "wonen@terneuzen.example"
    with example.database.reading() as session:
        uid = session.get_one(DeadlineRow, row).uid
    set_meeting(example, row, date(2027, 4, 22), JANUARY)
    cancel_meeting(example, row, at("2027-01-05"))

    assert meeting_of(example, tenant, uid, at("2027-01-19")) == (
        "Vervallen: 5.1 Voorjaarsoverleg",
        "2027-04-22",
        2,
        "CANCELLED",
    )
    assert meeting_of(example, tenant, uid, at("2027-01-20")) is None
    assert meeting_of(example, lead, uid, at("2027-01-20")) == (
        "Uiterste dag: 5.1 Voorjaarsoverleg",
        "2027-04-30",
        3,
        "CONFIRMED",
    )


def test_a_meeting_that_moves_keeps_its_length_and_place(quick_example: Office) -> None:
    row = deadline(quick_example, "Voorjaarsoverleg")
    set_meeting(quick_example, row, date(2027, 4, 22), JANUARY, start=time(14), end=time(15, 30), place="Stadhuis")
    move_meeting(quick_example, row, date(2027, 4, 29), JANUARY, start=time(9, 45))

    with quick_example.database.reading() as session:
        found = planned_meeting(session.get_one(DeadlineRow, row))
    assert found == Meeting(date(2027, 4, 29), time(9, 45), time(11, 15), "Stadhuis")


def test_a_meeting_that_cannot_be_is_refused(quick_example: Office) -> None:
    row, letter = deadline(quick_example, "Voorjaarsoverleg"), deadline(quick_example, "Uitnodigingsbrief")
    with pytest.raises(Refused, match="nog geen datum"):
        move_meeting(quick_example, row, date(2027, 4, 29), JANUARY)
    with pytest.raises(Refused, match="eindigt voor het begint"):
        set_meeting(quick_example, row, date(2027, 4, 29), JANUARY, start=time(14), end=time(13))
    with pytest.raises(Refused, match="geen overleg"):
        set_meeting(quick_example, letter, date(2027, 4, 29), JANUARY)
    assert cancel_meeting(quick_example, row, JANUARY).changed is False


# ---- A5: when a feed is old ----------------------------------------------------------------------------------------


def test_a5_a_feed_holds_until_the_day_on_which_time_alone_changes_it(example: Office) -> None:
    token = new_link(example, LEAD, JANUARY).token
    settle(example, deadline(example, "Uitnodigingsbrief"), State.DROPPED, at("2027-01-10"))

    with example.database.reading() as session:
        found = [
            build(session, example.settings, token_hash(token), at(day), "termijnen.ics")
            for day in ("2027-01-12", "2027-01-24", "2027-01-31")
        ]
    assert [one.valid_until for one in found if one] == [at("2027-01-13"), at("2027-01-25", 0), at("2027-02-01", 0)]


def calendar_of(office: Office, token: str, now: datetime, file: str = "termijnen.ics") -> Calendar:
    with office.database.reading() as session:
        built = build(session, office.settings, token_hash(token), now, file)
    assert built is not None
    found = Calendar.from_ical(built.body)
    assert isinstance(found, Calendar)
    return found


def person(office: Office, email: str) -> int:
    with office.database.reading() as session:
        return session.exec(select(Person.id).where(Person.email == email)).first() or 0


def link_id(office: Office, token: str) -> int:
    with office.database.reading() as session:
        return session.exec(select(FeedLink.id).where(FeedLink.token_hash == token_hash(token))).one() or 0
