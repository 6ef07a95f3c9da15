"""Reminders on both engines: once, on time, only what is open, and one mail per person after an outage."""

import re
import threading
from collections import Counter
from datetime import date

import pytest
from sqlmodel import select

from cycle.actions.deadlines.deciding.closing import move, settle
from cycle.actions.deadlines.meeting.planned_meetings import set_meeting
from cycle.actions.deadlines.upkeep.year_upkeep import keep_year
from cycle.actions.mails.morning.reminding import Planned, plan_mails
from cycle.actions.mails.rehearsal.rehearsing import rehearse
from cycle.actions.office.office import Office
from cycle.domain.ladders import OF_MEMBER
from cycle.domain.model import PartyKind, Role, State
from cycle.errors import Refused
from cycle.store.outbox import lookups, telling
from cycle.store.tables import Covenant, DeadlineRow, Membership, Message, PartyRow, Person, ReminderRow
from tests.actions.mailbox import act, at, mails, text_of


def deadline(office: Office, title: str, occurrence: str = "2027") -> int:
    with office.database.reading() as session:
        query = select(DeadlineRow.id).where(DeadlineRow.title == title, DeadlineRow.occurrence == occurrence)
        return session.exec(query).one() or 0


def test_the_letter_is_announced_to_both_corporations_eight_weeks_before(example: Office) -> None:
    settle(example, deadline(example, "Voorjaarsoverleg"), State.DONE, at("2027-01-04"))
    settle(example, deadline(example, "Ambtelijke werkgroep", "2027-voorjaarsoverleg"), State.DONE, at("2027-01-04"))

    planned, delivered = act(example, at("2027-02-03"))

    assert (planned, delivered.sent) == (Planned(mails=2, lines=2), 2)
    assert [(str(mail["To"]), str(mail["Subject"])) for mail in mails(example)] == [
        ("Afdeling Beleid <beleid@woongoed.example>", "Uitnodigingsbrief 2027 (afspraak 5.9): nog 8 weken"),
        ("Afdeling Strategie <strategie@clavis.example>", "Uitnodigingsbrief 2027 (afspraak 5.9): nog 8 weken"),
    ]
    text = text_of(mails(example)[1])
    assert "vóór 1 april (uiterlijk woensdag 31 maart 2027) - nog 8 weken" in text
    assert "Clavis is trekker van afspraak 5.9" in text


def test_a_second_round_on_the_same_day_tells_nothing(example: Office) -> None:
    act(example, at("2027-02-03"))

    assert act(example, at("2027-02-03", 9, 1))[0] == Planned()
    assert act(example, at("2027-02-03", 17))[0] == Planned()


@pytest.mark.parametrize(
    ("day", "hour", "why"),
    [
        ("2027-02-03", 8, "before the send hour"),
        ("2027-02-03", 19, "in the evening"),
        ("2027-02-06", 9, "on a Saturday"),
        ("2027-03-26", 9, "on Good Friday"),
        ("2027-12-27", 9, "in the quiet period"),
    ],
)
def test_nothing_goes_out(quick_example: Office, day: str, hour: int, why: str) -> None:
    assert plan_mails(quick_example, at(day, hour)) == Planned(), why


def test_a_mail_is_about_the_covenants_that_stand_in_it_and_not_all_that_its_reader_keeps(
    example: Office,
) -> None:
    with example.database.writing() as session:
        office_id = session.exec(select(Person.id).where(Person.email == "secretariaat@terneuzen.example")).one() or 0
        other = Covenant(slug="hulst", name="Hulst", live_since=date(2026, 11, 1), released_at=at("2026-11-23"))
        session.add(other)
        session.flush()
        party = PartyRow(covenant_id=other.id, slug="hulst", name="Hulst", kind=PartyKind.MUNICIPALITY)
        session.add(party)
        session.flush()
        session.add(Membership(person_id=office_id, party_id=party.id, role=Role.SECRETARIAT))
    for day in ("2027-03-31", "2027-04-05"):
        act(example, at(day))

    with example.database.reading() as session:
        rows = session.exec(select(Message).where(Message.person_id == office_id, Message.kind == "digest")).all()
        about = telling.covenants_of(session, [row.id or 0 for row in rows])
    assert {row.on.isoformat(): about[row.id or 0] for row in rows if row.on} == {
        "2027-03-31": {1},
        "2027-04-05": {1, 2},  # the overview, of all that they keep
    }


def test_what_is_done_drops_out_of_a_mail_that_still_waits(example: Office) -> None:
    plan_mails(example, at("2027-02-03"))
    settle(example, deadline(example, "Voorjaarsoverleg"), State.DONE, at("2027-02-03", 9, 1))

    planned, delivered = act(example, at("2027-02-03", 9, 2))

    assert (planned, delivered.sent) == (Planned(mails=1, lines=1), 3)
    to_gemeente = [mail for mail in mails(example) if "wonen@terneuzen" in str(mail["To"])]
    assert ["Voorjaarsoverleg" in text_of(mail) for mail in to_gemeente] == [False]
    with example.database.reading() as session:
        assert Counter(session.exec(select(Message.state))) == {"sent": 3, "replaced": 1}


def test_done_by_one_lead_does_not_silence_the_other(example: Office) -> None:
    row = deadline(example, "Vrije toewijzingsruimte", "2027")
    settle(example, row, State.DONE, at("2027-03-01"), party="clavis")

    with example.database.reading() as session:
        found = session.exec(select(DeadlineRow.state).where(DeadlineRow.id == row)).one()
    told = {
        mail.to.email
        for mail in rehearse(example, date(2027, 8, 20), date(2027, 8, 31), at("2027-03-01"))
        if any(line.deadline == row for line in mail.digest.reminders)
    }
    assert (found, told) == ("open", {"beleid@woongoed.example"})


def test_a_deadline_of_two_leads_asks_for_whom_it_is_done(quick_example: Office) -> None:
    with pytest.raises(Refused) as refused:
        settle(quick_example, deadline(quick_example, "Vrije toewijzingsruimte"), State.DONE, at("2027-03-01"))

    assert refused.value.hint == "Zeg voor wie, met --party: clavis, wzv."


def test_who_decides_does_so_for_their_own_party(quick_example: Office) -> None:
    row = deadline(quick_example, "Vrije toewijzingsruimte")

    settled = settle(quick_example, row, State.DONE, at("2027-03-01"), by="strategie@clavis.example")

    assert settled.words == "gedaan voor clavis; nog open voor wzv"


def test_the_joint_letter_is_done_for_both_at_once(quick_example: Office) -> None:
    settled = settle(quick_example, deadline(quick_example, "Uitnodigingsbrief"), State.DONE, at("2027-03-01"))

    assert settled.words == "gedaan voor clavis en wzv"
    assert (
        settle(quick_example, deadline(quick_example, "Uitnodigingsbrief"), State.DONE, at("2027-03-01")).changed
        is False
    )


def test_a_moved_deadline_is_told_anew_for_its_new_day(example: Office) -> None:
    row = deadline(example, "Uitnodigingsbrief")
    for day in ("2027-02-03", "2027-03-03", "2027-03-17"):
        act(example, at(day))
    move(example, row, date(2027, 4, 14), at("2027-03-18"), reason="in overleg")

    with example.database.reading() as session:
        before = set(session.exec(select(ReminderRow.id)))
    for day in ("2027-03-18", "2027-03-31", "2027-04-07", "2027-04-14"):
        act(example, at(day))

    with example.database.reading() as session:
        lines = session.exec(select(ReminderRow).where(ReminderRow.deadline_id == row)).all()
    new = sorted((line.on.isoformat(), line.rung) for line in lines if line.id not in before and line.party == "clavis")
    assert new == [("2027-03-18", "moved"), ("2027-03-31", "-14"), ("2027-04-07", "-7"), ("2027-04-14", "0")]


def test_setting_the_date_of_a_meeting_moves_what_counts_from_it(example: Office) -> None:
    set_meeting(example, deadline(example, "Voorjaarsoverleg"), date(2027, 4, 22), at("2027-01-05"))

    with example.database.reading() as session:
        query = select(DeadlineRow.due).where(DeadlineRow.occurrence == "2027-voorjaarsoverleg")
        werkgroep = session.exec(query).one()
    days = {
        line.rung: mail.digest.on.isoformat()
        for mail in rehearse(example, date(2027, 1, 6), date(2027, 5, 31), at("2027-01-06"))
        for line in mail.digest.reminders
        if line.deadline == deadline(example, "Voorjaarsoverleg")
    }
    assert werkgroep == date(2027, 3, 25)
    directors = {rung: day for rung, day in days.items() if OF_MEMBER in rung}
    assert {rung: day for rung, day in days.items() if rung not in directors} == {
        "-28": "2027-03-25",
        "-14": "2027-04-08",
        "1": "2027-04-23",
    }
    assert (len(directors), set(directors.values())) == (5, {"2027-03-25"})


def test_c7_after_a_stop_of_five_weeks_each_person_gets_one_mail_that_says_what_was_missed(example: Office) -> None:
    act(example, at("2027-02-03"))
    with example.database.reading() as session:
        before = len(session.exec(select(Message.id)).all())

    act(example, at("2027-03-22"))

    with example.database.reading() as session:
        people = session.exec(select(Message.person_id).order_by(Message.id)).all()[before:]  # type: ignore[arg-type]
    assert Counter(people).most_common(1)[0][1] == 1
    late = [mail for mail in mails(example) if str(mail["To"]).startswith("Afdeling Strategie")][-1]
    assert "eerder gepland op" in text_of(late)
    assert "en 17 maart 2027" in text_of(late)
    assert act(example, at("2027-03-22", 10))[0] == Planned()


def test_c7_a_mail_server_that_was_away_for_days_ends_in_one_mail_per_person(example: Office) -> None:
    for day in ("2027-02-03", "2027-02-04", "2027-02-05", "2027-02-08", "2027-02-09"):
        plan_mails(example, at(day))  # nothing is delivered

    _planned, delivered = act(example, at("2027-02-10"))

    to = Counter(str(mail["To"]) for mail in mails(example))
    assert (delivered.sent, set(to.values())) == (3, {1})
    with example.database.reading() as session:
        assert lookups.count_queued(session) == 0


def test_a_covenant_that_is_held_mails_nobody(office: Office) -> None:
    from cycle.actions.register.reading_in.importing import import_folder
    from tests.conftest import EXAMPLE, NOVEMBER

    import_folder(office, EXAMPLE, NOVEMBER)

    assert [plan_mails(office, at(day)) for day in ("2027-02-03", "2027-03-31")] == [Planned(), Planned()]
    with office.database.reading() as session:
        assert set(session.exec(select(DeadlineRow.next_moment))) == {None}


def test_c4_schedulers_at_the_same_time_make_one_mail_per_person(example: Office) -> None:
    threads = [threading.Thread(target=plan_mails, args=(example, at("2027-03-31"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with example.database.reading() as session:
        keys = session.exec(select(Message.key)).all()
        lines = session.exec(select(ReminderRow)).all()
    names = [(line.deadline_id, line.party, line.rung) for line in lines]
    assert (len(keys), len(names)) == (len(set(keys)), len(set(names)))
    assert len(keys) == len({key.split(":")[1] for key in keys}) > 3


def test_keeping_the_year_twice_changes_nothing(example: Office) -> None:
    first, second = keep_year(example, at("2026-11-22")), keep_year(example, at("2026-11-23"))

    assert (first.new, first.changed, first.dropped) == (0, 0, 0)
    assert second == first


def test_a_new_year_brings_the_deadlines_of_two_years_on(example: Office) -> None:
    kept = keep_year(example, at("2027-01-01"))

    assert (kept.new, kept.changed, kept.dropped) == (20, 0, 0)


def test_b1_all_mails_about_one_deadline_to_one_person_are_one_thread(example: Office) -> None:
    settle(example, deadline(example, "Voorjaarsoverleg"), State.DROPPED, at("2027-01-04"))
    row = deadline(example, "Uitnodigingsbrief")
    with example.database.writing() as session:  # nothing else is asked of anybody
        for other in session.exec(select(DeadlineRow).where(DeadlineRow.id != row)):
            other.state, other.next_moment = "dropped", None
            session.add(other)
    for day in ("2027-02-03", "2027-03-03", "2027-03-31", "2027-04-01"):
        act(example, at(day))

    to_clavis = [mail for mail in mails(example) if "strategie@clavis" in str(mail["To"])]
    to_wzv = [mail for mail in mails(example) if "beleid@woongoed" in str(mail["To"])]
    assert len(to_clavis) == 3
    assert {str(mail["Thread-Topic"]) for mail in to_clavis} == {"Uitnodigingsbrief 2027 (afspraak 5.9)"}
    assert [str(mail["Subject"]).partition("): ")[2] for mail in to_clavis] == [
        "nog 8 weken",
        "nog 4 weken",
        "vandaag is de laatste dag",
    ]
    [root] = {str(mail["In-Reply-To"]) for mail in to_clavis}
    assert {str(mail["References"]) for mail in to_clavis} == {root}
    assert root not in {str(mail["Message-ID"]) for mail in to_clavis}
    assert len(root) <= 60
    assert {str(mail["In-Reply-To"]) for mail in to_wzv} == {str(to_wzv[0]["References"])} != {root}
    firsts = [text_of(mail).split(":")[0] for mail in to_clavis]
    assert firsts == ["Nog 8 weken", "Nog 4 weken", "Vandaag"]


def test_b1_b2_a_mail_about_several_deadlines_is_no_thread_and_raw_headers_stay_plain(example: Office) -> None:
    act(example, at("2027-03-22"))

    files = list(example.settings.path("var/mail/new").glob("*"))
    heads = [file.read_bytes().partition(b"\r\n\r\n")[0] + b"\r\n" for file in files]
    plain = re.compile(rb"(?mi)^(message-id|references|in-reply-to|list-[a-z-]+|date):[^\r\n]*(\r?\n[ \t][^\r\n]*)*=\?")
    assert [head for head in heads if plain.search(head)] == []
    several = [head for head in heads if b"Subject: Prestatieafspraken" in head]
    assert several
    assert [head for head in several if b"References:" in head] == []
