"""The weekly overview on both engines: what people said, what is past and not settled, and who let nothing know."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from email import message_from_bytes, policy

import pytest
from sqlmodel import select

from cycle.actions.deadlines.deciding.closing import move, settle
from cycle.actions.deadlines.meeting.meetings import Resolved
from cycle.actions.deadlines.meeting.meetings import decide as decide_at
from cycle.actions.deadlines.meeting.planned_meetings import set_meeting
from cycle.actions.mails.morning.gathering import gather
from cycle.actions.mails.morning.reminding import carry_out, plan_mails
from cycle.actions.mails.rehearsal.rehearsing import rehearse
from cycle.actions.office.office import Office
from cycle.actions.people.rhythms.rhythm import Choice, choose
from cycle.domain.answering import Stand
from cycle.domain.model import Role, State
from cycle.domain.morning import decide
from cycle.store.tables import Message
from tests.actions.answers.test_progress import answer
from tests.actions.mailbox import act, at, deliver, mails, text_of
from tests.actions.mails.test_reminding import deadline
from tests.actions.people.test_rhythm import person
from tests.lasting_names import numbered

OFFICE, CLAVIS, WZV = "secretariaat@terneuzen.example", "strategie@clavis.example", "beleid@woongoed.example"
NAME = "Secretariaat prestatieafspraken"


def told(office: Office, email: str, day: str) -> str:
    """The words of the reminder mail that somebody got on a day, or nothing."""
    sent = [mail for mail in mails(office) if mail["To"].addresses[0].addr_spec == email]
    found = [text_of(mail) for mail in sent if mail["Date"].datetime.date() == date.fromisoformat(day)]
    return " ".join(found)


def test_a_letter_that_is_not_settled_is_told_to_its_leads_then_to_the_secretariat_and_stands_in_the_overview(
    example: Office,
) -> None:
    for day in ("2027-03-31", "2027-04-05", "2027-04-07", "2027-04-12", "2027-04-13"):
        act(example, at(day))

    line = "5.9 Uitnodigingsbrief: vóór 1 april (uiterlijk woensdag 31 maart 2027), nog open bij Clavis en Woongoed"
    assert "Voorbij en nog niet afgemeld" in told(example, OFFICE, "2027-04-05")
    assert line in told(example, OFFICE, "2027-04-05")
    for email in (CLAVIS, WZV):
        assert "1 week geleden, nog niet afgemeld" in told(example, email, "2027-04-07")
    to_office = told(example, OFFICE, "2027-04-12")
    assert "12 dagen geleden, nog niet afgemeld" in to_office
    assert "Clavis is trekker van afspraak 5.9 en liet nog niets weten" in to_office
    assert "Wilt u eens navragen hoe het ermee staat? Het gaat om: “" in to_office
    assert "bestuurder" not in to_office
    assert told(example, OFFICE, "2027-04-13") == ""


def is_idle(office: Office, now: datetime) -> bool:
    """Whether a minute finds nothing to decide, and reads no more than that takes."""
    with office.database.reading() as session:
        return gather(session, office.settings, now).is_empty


def test_an_overview_that_waits_for_its_readers_hour_keeps_no_minute_busy(example: Office) -> None:
    choose(example, person(example, OFFICE), Choice(hour=time(16)), at("2027-02-14"))
    move(example, deadline(example, "Uitnodigingsbrief"), date(2027, 3, 24), at("2027-02-12"), by=CLAVIS)

    plan_mails(example, at("2027-02-15"))

    assert is_idle(example, at("2027-02-15", 9, 1))
    act(example, at("2027-02-15", 16))
    assert "Prestatieafspraken: weekoverzicht van maandag 15 februari 2027" in [
        str(mail["Subject"]) for mail in mails(example)
    ]
    assert is_idle(example, at("2027-02-15", 16, 1))


def test_who_wants_the_overview_earlier_after_all_gets_it_at_once(quick_example: Office) -> None:
    reader = person(quick_example, OFFICE)
    move(quick_example, deadline(quick_example, "Uitnodigingsbrief"), date(2027, 3, 24), at("2027-02-12"), by=CLAVIS)
    choose(quick_example, reader, Choice(hour=time(16)), at("2027-02-14"))
    act(quick_example, at("2027-02-15"))

    choose(quick_example, reader, Choice(hour=time(9)), at("2027-02-15", 10))
    act(quick_example, at("2027-02-15", 10, 1))

    assert "de afgelopen week" in told(quick_example, OFFICE, "2027-02-15").lower()


def test_an_overview_that_nobody_reads_keeps_no_minute_busy(quick_example: Office) -> None:
    choose(quick_example, person(quick_example, OFFICE), Choice(overview=False), at("2027-02-14"))

    plan_mails(quick_example, at("2027-02-15"))

    assert is_idle(quick_example, at("2027-02-15", 9, 1))


def test_an_overview_for_somebody_who_is_not_there_is_planned_once(quick_example: Office) -> None:
    with quick_example.database.reading() as session:
        morning = gather(session, quick_example.settings, at("2027-02-15"))
    away = [replace(one, person=404) for one in morning.situations[1].members if one.role is Role.SECRETARIAT]
    absent = replace(morning, situations={1: replace(morning.situations[1], members=away)})
    plan = decide(absent)
    assert (plan.readers, [one.person for one in plan.mails if one.has_overview]) == ({404}, [404])

    carry_out(quick_example, absent, plan, at("2027-02-15"))

    assert is_idle(quick_example, at("2027-02-15", 9, 1))


def test_the_rehearsed_overview_counts_what_went_already_and_what_goes_until_then(example: Office) -> None:
    monday = date(2027, 3, 22)
    for day in ("2027-03-08", "2027-03-09"):
        act(example, at(day, 8, 30))
    plan_mails(example, at("2027-03-17", 8, 30))
    [while_it_waits] = rehearse(example, monday, monday, at("2027-03-17", 8, 30), person=OFFICE)
    deliver(example, at("2027-03-17", 8, 31))
    [once_it_went] = rehearse(example, monday, monday, at("2027-03-17", 9), person=OFFICE)
    answer(example, CLAVIS, "Uitnodigingsbrief", at("2027-03-17", 10), stand=Stand.RED)

    [answered] = rehearse(example, monday, monday, at("2027-03-18", 9), person=OFFICE)
    for day in ("2027-03-19", "2027-03-22"):
        act(example, at(day, 8, 30))

    with example.database.reading() as session:
        [sent] = session.exec(
            select(Message).where(Message.person_id == person(example, OFFICE), Message.on == date(2027, 3, 22))
        )
    assert week_in(answered.message) == week_in(sent)
    assert "rood" in week_in(sent)
    assert week_in(while_it_waits.message) == week_in(once_it_went.message) == "Verstuurd - 3 mails aan 3 mensen "


def week_in(message: Message) -> str:
    """The overview of a mail, as far as it is about the week that passed: what went, what failed, what was said."""
    text = text_of(message_from_bytes(message.body, policy=policy.default))
    return text[text.index("Verstuurd") : text.index("Voorbij en nog")]


def test_what_is_settled_is_not_past_in_the_overview(quick_example: Office) -> None:
    settle(quick_example, deadline(quick_example, "Uitnodigingsbrief"), State.DONE, at("2027-03-31"), party="clavis")

    act(quick_example, at("2027-04-05"))

    to_office = told(quick_example, OFFICE, "2027-04-05")
    assert "5.9 Uitnodigingsbrief: gedaan: Clavis" in to_office
    assert "5.9 Uitnodigingsbrief: vóór" not in to_office


def test_what_people_changed_stands_in_the_overview_with_who_did_it_and_what_the_clock_did_does_not(
    example: Office,
) -> None:
    """Told from the facts: newest first, in the words of the logbook; older than a week it is told no more."""
    letter, autumn = deadline(example, "Uitnodigingsbrief"), deadline(example, "Najaarsoverleg")
    move(example, letter, date(2027, 4, 9), at("2027-03-25"), by=OFFICE, reason="te lang geleden")
    set_meeting(example, autumn, date(2027, 10, 12), at("2027-03-30"), by=f"{OFFICE}, via de opdrachtregel")
    decide_at(example, autumn, Resolved(numbered(example, "2.8"), "Eerst rekenen."), at("2027-03-31"), by=OFFICE)

    act(example, at("2027-04-05"))

    to_office = told(example, OFFICE, "2027-04-05")
    assert to_office.split("Wat er veranderde")[1].split("Voorbij en nog niet afgemeld")[0].split("- ") == [
        " ",
        f"Afspraak 2.8: besluit: Eerst rekenen. (Najaarsoverleg 12 oktober 2027, besluit 1) ({NAME}) ",
        f"5.1 Najaarsoverleg: overleg gepland: 12 oktober 2027 ({NAME}) ",
    ]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ({"stand": Stand.RED}, "Huurbeleid: rood"),
        ({"stand": Stand.NOT_MINE}, "Huurbeleid: niet voor mij"),
        ({"at_risk": True}, "Huurbeleid: de haalbaarheid is in gevaar"),
        ({"stand": Stand.RED, "sentence": "De aannemer is failliet."}, "Huurbeleid: rood, De aannemer is failliet"),
    ],
)
def test_an_answer_with_or_without_a_sentence_stands_in_the_overview_of_monday(
    quick_example: Office, reply: dict[str, object], words: str
) -> None:
    act(quick_example, at("2027-02-25"))
    answer(quick_example, CLAVIS, "Huurbeleid", at("2027-02-26"), **reply)

    act(quick_example, at("2027-03-01"))

    assert f"{words.partition(': ')[2]} (Afdeling Strategie, 26 februari)" in told(quick_example, OFFICE, "2027-03-01")


def test_who_settled_something_is_not_called_silent(quick_example: Office) -> None:
    for day in ("2027-02-03", "2027-02-25", "2027-03-08", "2027-03-17"):
        act(quick_example, at(day))
    row = deadline(quick_example, "Uitnodigingsbrief")
    settle(quick_example, row, State.DONE, at("2027-03-18"), party="clavis", by=CLAVIS)

    act(quick_example, at("2027-03-22"))

    assert "Afdeling Strategie kreeg" not in told(quick_example, OFFICE, "2027-03-22")
    assert "Afdeling Beleid kreeg" in told(quick_example, OFFICE, "2027-03-22")


def test_what_was_said_in_the_last_hour_before_a_later_overview_is_in_it(quick_example: Office) -> None:
    """Monday 29 March 2027 is Easter Monday, so the overview of that week goes on Tuesday."""
    act(quick_example, at("2027-02-25"))
    act(quick_example, at("2027-03-22"))
    answer(quick_example, CLAVIS, "Huurbeleid", at("2027-03-22", 9), stand=Stand.ORANGE, sentence="Wordt mei.")

    act(quick_example, at("2027-03-30"))

    assert "oranje, Wordt mei (Afdeling Strategie, 22 maart)" in told(quick_example, OFFICE, "2027-03-30")


def test_the_secretariat_is_never_told_to_ring_itself(quick_example: Office) -> None:
    for day in ("2027-01-04", "2027-01-11", "2027-01-18", "2027-01-25", "2027-02-01", "2027-02-08", "2027-02-25"):
        act(quick_example, at(day))

    act(quick_example, at("2027-03-01"))

    assert "Secretariaat prestatieafspraken kreeg" not in told(quick_example, OFFICE, "2027-03-01")


def test_a_week_without_news_has_no_overview_and_what_its_reader_did_is_no_news(quick_example: Office) -> None:
    letter, told_to = deadline(quick_example, "Uitnodigingsbrief"), []

    for day, by in (("2027-01-11", ""), ("2027-01-25", OFFICE), ("2027-02-01", CLAVIS)):
        if by:
            move(quick_example, letter, date(2027, 3, 24 + len(told_to)), at(day) - timedelta(1), by=by)
        act(quick_example, at(day))
        told_to.append([str(mail["Subject"]) for mail in mails(quick_example) if OFFICE in str(mail["To"])])
        rehearsed = rehearse(quick_example, at("2027-02-01").date(), at("2027-02-01").date(), at(day), person=OFFICE)

    assert told_to == [[], [], ["Prestatieafspraken: weekoverzicht van maandag 1 februari 2027"]]
    assert rehearsed == []  # it went already


def test_a_planned_meeting_comes_near_and_is_past_on_its_own_day_not_in_the_month_it_was_meant_for(
    quick_example: Office,
) -> None:
    spring = deadline(quick_example, "Voorjaarsoverleg")
    set_meeting(quick_example, spring, date(2027, 3, 11), at("2027-02-24"), by="ander@terneuzen.example")
    for day in ("2027-03-01", "2027-03-15", "2027-04-19"):
        act(quick_example, at(day))

    near, past, later = (told(quick_example, OFFICE, day) for day in ("2027-03-01", "2027-03-15", "2027-04-19"))
    coming, passed, line = (
        "De komende twee weken",
        "Voorbij en nog niet afgemeld",
        "Voorjaarsoverleg: donderdag 11 maart",
    )
    assert line in near.partition(coming)[2]
    assert line in past.partition(passed)[2].partition(coming)[0]
    assert line not in past.partition(coming)[2]
    assert line not in later.partition(coming)[2]
