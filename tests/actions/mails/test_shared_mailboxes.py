"""Several people behind one address get one mail, in which each has what is theirs: nothing comes twice or is lost."""

import re
from collections import Counter
from collections.abc import Collection
from datetime import date, datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlmodel import col, select

from cycle.actions.answers import Reply, answer_page, keep_answer
from cycle.actions.answers.answering.taking_over import take_over
from cycle.actions.deadlines.deciding.closing import move
from cycle.actions.mails.morning.reminding import plan_mails
from cycle.actions.mails.rehearsal.rehearsing import Rehearsed, rehearse
from cycle.actions.office.mailed import renew_links
from cycle.actions.office.office import Office
from cycle.actions.people.departure.leaving import Successor, hand_over
from cycle.actions.people.seats.persons import change_person
from cycle.domain.answering import Stand
from cycle.errors import NotFound
from cycle.store import post
from cycle.store.outbox import withdrawing
from cycle.store.tables import AnswerRow, MailReply, Message, Person, ReminderRow
from tests.actions.mailbox import act, at, mails, text_of

BOX = "strategie@clavis.example"
TOGETHER = ("Afdeling Strategie", "Afdeling Vastgoed", "Afdeling Wonen")
OFFICE = "secretariaat@terneuzen.example"
FIRST, LAST, START = date(2027, 2, 1), date(2027, 4, 30), at("2027-02-01", 0)

Line = tuple[date, int | None, int, str, str]


@pytest.fixture
def people(quick_example: Office) -> dict[str, int]:
    """Three trekkers of Clavis, each with their own address still."""
    with quick_example.database.reading() as session:
        query = select(Person).where(col(Person.email).like("%@clavis.example"), col(Person.name).like("Afdeling%"))
        return {one.name: one.id or 0 for one in session.exec(query)}


@pytest.fixture
def shared(quick_example: Office, people: dict[str, int]) -> Office:
    """The three read one mailbox."""
    for name, person in people.items():
        change_person(quick_example, 1, person, name, BOX, at("2027-01-04"), by=OFFICE)
    return quick_example


def lines_of(rehearsed: list[Rehearsed]) -> Counter[Line]:
    """What everybody is told, on which day."""
    return Counter(
        (one.digest.on, line.person, line.deadline, line.party, line.rung)
        for one in rehearsed
        for line in one.digest.reminders
    )


def of_box(rehearsed: list[Rehearsed]) -> list[Rehearsed]:
    return [one for one in rehearsed if one.to.email == BOX]


def test_everybody_is_told_the_same_on_the_same_days_in_fewer_mails(quick_example, people) -> None:
    before = rehearse(quick_example, FIRST, LAST, START)
    for name, person in people.items():
        change_person(quick_example, 1, person, name, BOX, at("2027-01-04"), by=OFFICE)

    after = rehearse(quick_example, FIRST, LAST, START)

    assert lines_of(after) == lines_of(before)
    days = Counter(one.digest.on for one in of_box(after))
    assert max(days.values()) == 1
    mine = [one for one in before if one.digest.person in people.values()]
    assert set(days) == {one.digest.on for one in mine}
    assert len(of_box(after)) < len(mine)


def together(office: Office) -> date:
    """A day on which there is something for several of them."""
    found = of_box(rehearse(office, FIRST, LAST, START))
    return next(one.digest.on for one in found if len(one.digest.others) == 2)


def plain(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return str(part.get_content()) if part else ""


def link_of(mail: EmailMessage, person: int) -> str:
    """The one page on which this person answers the mail."""
    [signed] = {*re.findall(rf"/antwoord/({person}-[^\s#]+)", plain(mail))}
    return str(signed)


def test_each_has_their_name_over_what_is_theirs_and_a_page_of_their_own(shared, people) -> None:
    day = together(shared).isoformat()
    act(shared, at(day))

    [mail] = [one for one in mails(shared) if BOX in str(one["To"])]
    text = plain(mail)
    parts = re.split(r"\*\*\* Voor (.+?) \*\*\*", text)

    assert str(mail["To"]) == f'"Afdeling Strategie, Afdeling Vastgoed en Afdeling Wonen" <{BOX}>'
    assert parts[1::2] == list(TOGETHER)
    assert "Beste Afdeling Strategie, Afdeling Vastgoed en Afdeling Wonen," in text_of(mail)
    owners = [{int(one) for one in re.findall(r"/antwoord/(\d+)-", part)} for part in parts[2::2]]
    assert owners == [{people[name]} for name in TOGETHER]
    assert sorted(set(re.findall(r"/ritme/(\d+)\.", text))) == sorted(str(people[name]) for name in TOGETHER)
    for name in TOGETHER:
        page = answer_page(shared, link_of(mail, people[name]), at(day, 10))
        with shared.database.reading() as session:
            told = session.exec(select(ReminderRow).where(ReminderRow.person_id == people[name])).all()
        assert {(row.deadline, row.party) for row in page.rows} == {(one.deadline_id, one.party) for one in told}
        assert (page.name, page.is_shared) == (name, True)


def test_the_desk_names_all_whom_a_mail_is_for_and_finds_it_by_each(shared, people) -> None:
    day = together(shared)
    act(shared, at(day.isoformat()))

    with shared.database.reading() as session:
        shelves = {name: post.pieces(session, 1, ["sent"], limit=50, person=one) for name, one in people.items()}

    named = {name: [(one.to, one.name) for one in found] for name, found in shelves.items()}
    assert named == {name: [(BOX, "Afdeling Strategie, Afdeling Vastgoed en Afdeling Wonen")] for name in TOGETHER}


def test_who_shares_a_mailbox_that_had_its_mail_is_told_on_the_next_mail_day(shared, people) -> None:
    day = together(shared)
    act(shared, at(day.isoformat()))
    lifted = people["Afdeling Wonen"]
    with shared.database.reading() as session:
        mine = session.exec(select(ReminderRow).where(ReminderRow.person_id == lifted)).first()
    assert mine is not None
    move(shared, mine.deadline_id, date(2027, 12, 1), at(day.isoformat(), 10), by=OFFICE)

    act(shared, at(day.isoformat(), 11))
    same_day = told_by_day(shared, lifted)
    act(shared, at(shared.settings.work_calendar.mail_day_after(day + timedelta(1)).isoformat()))

    assert set(same_day) == {day}
    assert len(told_by_day(shared, lifted)) == 2
    with shared.database.reading() as session:
        boxes = session.exec(select(Message.on).where(Message.to == BOX, Message.state == "sent")).all()
    assert max(Counter(boxes).values()) == 1


def told_by_day(office: Office, person: int) -> Counter[date]:
    with office.database.reading() as session:
        return Counter(session.exec(select(ReminderRow.on).where(ReminderRow.person_id == person)))


def test_a_reply_is_taken_over_as_the_answer_of_whom_the_line_was_for(shared, people) -> None:
    now = at(together(shared).isoformat())
    act(shared, now)
    with shared.database.writing() as session:
        message = session.exec(select(Message).where(Message.to == BOX, Message.kind == "digest")).one()
        about = {"message_id": message.id, "person_id": message.person_id}
        session.add(MailReply(**about, mail_id="<r@x>", sender=BOX, words="Klaar", read_at=now))
        mine = ReminderRow.message_id == message.id, ReminderRow.person_id == people["Afdeling Wonen"]
        line = session.exec(select(ReminderRow).where(*mine)).first()
    assert line is not None

    take_over(shared, 1, 1, (line.deadline_id, line.party), Stand.GREEN, "Klaar", now, by=OFFICE)

    with shared.database.reading() as session:
        assert session.exec(select(AnswerRow.person_id)).all() == [people["Afdeling Wonen"]]


def test_what_waits_for_several_is_made_anew_when_the_links_of_one_of_them_are(shared, people) -> None:
    now = at(together(shared).isoformat())
    plan_mails(shared, now)
    with shared.database.reading() as session:
        found = {name: withdrawing.unsent_digests_to(session, [one]) for name, one in people.items()}
    assert len({tuple(one) for one in found.values()}) == 1

    renew_links(shared, people["Afdeling Wonen"], now, by=OFFICE, covenant_id=1)
    old = mails(shared)
    act(shared, now)

    [mail] = [one for one in mails(shared) if BOX in str(one["To"])]
    assert old == []
    assert answer_page(shared, link_of(mail, people["Afdeling Wonen"]), now).name == "Afdeling Wonen"
    with shared.database.reading() as session:
        states = Counter(session.exec(select(Message.state).where(Message.to == BOX, Message.kind == "digest")))
    assert states == {"sent": 1, "replaced": 1}


def test_a_link_of_one_opens_nothing_of_another(shared, people) -> None:
    now = at(together(shared).isoformat())
    act(shared, now)
    [mail] = [one for one in mails(shared) if BOX in str(one["To"])]
    other = link_of(mail, people["Afdeling Wonen"]).replace(
        f"{people['Afdeling Wonen']}-", f"{people['Afdeling Strategie']}-", 1
    )

    with pytest.raises(NotFound):
        answer_page(shared, other, now)


def wonen_told(office: Office, people: dict[str, int]) -> dict[str, int]:
    """How many lines somebody was told in mails to each address."""
    with office.database.reading() as session:
        told = (
            select(Message.to)
            .join(ReminderRow, col(ReminderRow.message_id) == Message.id)
            .where(ReminderRow.person_id == people["Afdeling Wonen"], Message.state == "sent")
        )
        return Counter(session.exec(told))


def test_who_leaves_the_mailbox_before_its_mail_went_gets_their_own_part_at_home(shared, people) -> None:
    now = at(together(shared).isoformat())
    plan_mails(shared, now)
    change_person(shared, 1, people["Afdeling Wonen"], "Afdeling Wonen", "thuis@clavis.example", now, by=OFFICE)

    act(shared, now)

    to_box = [one for one in mails(shared) if BOX in str(one["To"])]
    at_home = [one for one in mails(shared) if "thuis@clavis.example" in str(one["To"])]
    assert [len(to_box), len(at_home)] == [1, 1]
    assert "Afdeling Wonen" not in plain(to_box[0])
    assert link_of(at_home[0], people["Afdeling Wonen"])
    assert set(wonen_told(shared, people)) == {"thuis@clavis.example"}


def test_who_leaves_the_mailbox_after_its_mail_went_hears_nothing_twice(shared, people) -> None:
    day = together(shared)
    act(shared, at(day.isoformat()))
    told = wonen_told(shared, people)
    change_person(
        shared, 1, people["Afdeling Wonen"], "Afdeling Wonen", "thuis@clavis.example", at(day.isoformat(), 10)
    )

    act(shared, at(day.isoformat(), 11))

    assert wonen_told(shared, people) == told
    assert set(told) == {BOX}


def test_who_joins_a_mailbox_that_has_a_mail_under_way_is_in_its_next_one_and_that_names_them(shared, people) -> None:
    day = together(shared)
    wonen, next_day = people["Afdeling Wonen"], shared.settings.work_calendar.mail_day_after(day + timedelta(1))
    change_person(shared, 1, wonen, "Afdeling Wonen", "thuis@clavis.example", at("2027-01-05"), by=OFFICE)
    plan_mails(shared, at(day.isoformat()))
    change_person(shared, 1, wonen, "Afdeling Wonen", BOX, at(day.isoformat()), by=OFFICE)

    act(shared, at(day.isoformat()))
    first = told_by_day(shared, wonen)
    act(shared, at(next_day.isoformat()))

    [mail] = [one for one in mails(shared) if f"/antwoord/{wonen}-" in plain(one)]
    assert (first, set(told_by_day(shared, wonen))) == (Counter(), {next_day})
    assert "Afdeling Wonen" in str(mail["To"])
    assert answer_page(shared, link_of(mail, wonen), at(next_day.isoformat(), 10)).name == "Afdeling Wonen"
    assert BOX in str(mail["To"])


def told_to(office: Office, first: date, last: date, now: datetime, persons: Collection[int]) -> Counter[Line]:
    """What some people will be told between two days, as it stands now."""
    return Counter({line: n for line, n in lines_of(rehearse(office, first, last, now)).items() if line[1] in persons})


def test_who_says_that_something_is_not_theirs_silences_nobody_else_of_the_mailbox(shared, people) -> None:
    day = together(shared)
    after, last, now = day + timedelta(1), day + timedelta(30), at(day.isoformat(), 10)
    wonen = people["Afdeling Wonen"]
    act(shared, at(day.isoformat()))
    before = told_to(shared, after, last, now, people.values())
    [mail] = [one for one in mails(shared) if BOX in str(one["To"])]
    page = answer_page(shared, link_of(mail, wonen), now)
    for row in page.rows:
        keep_answer(shared, page, row, Reply(stand=Stand.NOT_MINE, name="Piet"), now)

    left = told_to(shared, after, last, now, people.values())

    assert left == Counter({line: n for line, n in before.items() if line[1] != wonen})
    with shared.database.reading() as session:
        given = session.exec(select(AnswerRow.person_id, AnswerRow.name)).all()
        declined = {(one.deadline_id, one.party) for one in session.exec(select(AnswerRow))}
    assert set(given) == {(wonen, "Piet")}
    assert {(line[2], line[3]) for line in before if line[1] == wonen} <= declined


def test_who_takes_over_on_the_day_of_the_mail_is_asked_for_the_first_time_and_nothing_is_told_twice_or_lost(
    shared, people
) -> None:
    day, wonen = together(shared), people["Afdeling Wonen"]
    act(shared, at(day.isoformat()))
    with shared.database.reading() as session:
        asked = Counter(session.exec(select(ReminderRow.deadline_id).where(ReminderRow.person_id == wonen)))
    hand_over(
        shared, 1, wonen, Successor(None, "Sanne", "sanne@clavis.example"), day, at(day.isoformat(), 10), by=OFFICE
    )

    for number in range(15):
        act(shared, at((day + timedelta(number)).isoformat(), 11))

    with shared.database.reading() as session:
        new = session.exec(select(Person.id).where(Person.email == "sanne@clavis.example")).one()
        told = Counter(session.exec(select(ReminderRow.deadline_id).where(ReminderRow.person_id == new)))
        again = session.exec(select(ReminderRow.on).where(ReminderRow.person_id == wonen, ReminderRow.on > day)).all()
    [mail] = [one for one in mails(shared) if "sanne@" in str(one["To"])]
    assert (told, list(again)) == (asked, [])
    assert str(mail["Subject"]) == f"Hoe staat het met uw {len(asked)} afspraken? (8 maart 2027)"
    assert ("dit is nu bij u" in text_of(mail), "nog niets over" in text_of(mail)) == (True, False)
