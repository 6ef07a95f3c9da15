"""Own rhythm on both engines: hours, days, mails a week, days away with a deputy, and the overview that folds in."""

from collections import Counter
from datetime import date, time
from email.message import EmailMessage

import pytest
from sqlmodel import select

from cycle.actions.mails.morning.reminding import Planned, plan_mails
from cycle.actions.mails.rehearsal.rehearsing import rehearse
from cycle.actions.office.office import Office
from cycle.actions.office.rhythm_links import OVERVIEW
from cycle.actions.people.rhythms.rhythm import Choice, choose, end_pause, own_rhythm, pause, pause_mails, stop_overview
from cycle.errors import CycleError, NotFound, Refused
from cycle.store.tables import Absence, AnswerRow, Message, Person, RhythmRow
from tests.actions.mailbox import act, at, deliver, mails, text_of
from tests.actions.mails.test_reminding import deadline
from tests.conftest import own_signer

STRATEGY, POLICY, OFFICE = "strategie@clavis.example", "beleid@woongoed.example", "secretariaat@terneuzen.example"
NOVEMBER = at("2026-11-23")


def person(office: Office, email: str) -> int:
    with office.database.reading() as session:
        return session.exec(select(Person.id).where(Person.email == email)).first() or 0


def to(office: Office, email: str) -> list[EmailMessage]:
    return [mail for mail in mails(office) if email in str(mail["To"])]


def quiet_settings(office: Office, **changes: object) -> Office:
    """The same office with other mail settings."""
    mail = office.settings.mail.model_copy(update=changes)
    settings = office.settings.model_copy(update={"mail": mail}).in_folder(office.settings.folder)
    return Office(settings, office.database, office.wording, office.installation)


def test_who_chose_an_hour_gets_the_mail_at_that_hour_and_others_at_theirs(example: Office) -> None:
    choose(example, person(example, STRATEGY), Choice(hour=time(14)), NOVEMBER)

    first = plan_mails(example, at("2027-02-03", 9))
    second = plan_mails(example, at("2027-02-03", 13, 59))
    third = plan_mails(example, at("2027-02-03", 14))

    assert (first.mails, second, third) == (2, Planned(), Planned(1, 1))


def test_what_waits_for_the_rhythm_of_one_lead_makes_no_other_lead_wait(example: Office) -> None:
    row = deadline(example, "Uitnodigingsbrief")
    choose(example, person(example, POLICY), Choice(hour=time(13), weekdays=frozenset({3})), NOVEMBER)
    with example.database.writing() as session:
        put_off = AnswerRow(
            covenant_id=1,
            deadline_id=row,
            party="clavis",
            person_id=person(example, STRATEGY),
            not_before=date(2027, 2, 4),
            at=at("2027-02-02"),
        )
        session.add(put_off)

    for day, hour in (("2027-02-03", 9), ("2027-02-04", 9), ("2027-02-04", 13)):
        act(example, at(day, hour))

    hours = {who: [mail["Date"].datetime.hour for mail in to(example, who)] for who in (STRATEGY, POLICY)}  # type: ignore[union-attr]
    assert hours == {STRATEGY: [9], POLICY: [13]}


def test_c10_a_rehearsal_gives_each_mail_at_its_own_hour(quick_example: Office) -> None:
    choose(quick_example, person(quick_example, STRATEGY), Choice(hour=time(14)), NOVEMBER)

    found = rehearse(quick_example, date(2027, 2, 1), date(2027, 2, 28), NOVEMBER)

    times = {mail.to.email: mail.as_json(quick_example)["time"] for mail in found}
    assert (times[STRATEGY], times[POLICY], times[OFFICE]) == ("14:00", "08:30", "08:30")


def test_c10_a_month_lived_in_rhythm_is_the_month_that_was_rehearsed(example: Office) -> None:
    choose(example, person(example, STRATEGY), Choice(weekdays=frozenset({0}), per_week=1), NOVEMBER)
    choose(example, person(example, POLICY), Choice(hour=time(11), per_week=1), NOVEMBER)
    choose(example, person(example, OFFICE), Choice(weekdays=frozenset({2})), NOVEMBER)
    planned = rehearse(example, date(2027, 2, 15), date(2027, 3, 12), at("2027-02-15", 0))

    for number in range(26):
        day = date.fromordinal(date(2027, 2, 15).toordinal() + number)
        for hour in (9, 12):
            act(example, at(day.isoformat(), hour))

    with example.database.reading() as session:
        rows = session.exec(select(Message).where(Message.kind == "digest")).all()
    sent = {(row.on, row.to, row.subject, row.state) for row in rows}
    assert sent == {(mail.digest.on, mail.to.email, mail.message.subject, "sent") for mail in planned}


def test_while_somebody_is_away_the_deputy_they_named_gets_their_mail(example: Office) -> None:
    who, deputy = person(example, STRATEGY), person(example, POLICY)
    pause(example, who, date(2027, 2, 1), date(2027, 2, 12), NOVEMBER, deputy=deputy, by=STRATEGY)
    deliver(example, NOVEMBER)
    act(example, at("2027-02-03"))

    asked = [mail for mail in to(example, POLICY) if "Uitnodigingsbrief" in str(mail["Subject"])]
    assert [str(mail["Subject"]) for mail in to(example, STRATEGY)] == [
        "Uw herinneringen gaan tijdelijk naar Afdeling Beleid"
    ]
    assert "Clavis is trekker van afspraak 5.9" in text_of(asked[0])
    [notice] = [mail for mail in to(example, POLICY) if "waar" in str(mail["Subject"])]
    assert "van maandag 1 februari 2027 tot en met vrijdag 12 februari 2027" in text_of(notice)


def test_a_pause_takes_along_what_waits_to_be_sent_and_its_end_brings_the_mail_back(example: Office) -> None:
    who = person(example, STRATEGY)
    plan_mails(example, at("2027-02-03"))
    pause(example, who, date(2027, 2, 3), date(2027, 2, 12), at("2027-02-03", 9, 1), deputy=person(example, POLICY))
    with example.database.reading() as session:
        [away] = session.exec(select(Absence.id))
        states = session.exec(select(Message.state).where(Message.person_id == who, Message.kind == "digest")).all()
    end_pause(example, who, away or 0, at("2027-02-03", 9, 2))
    plan_mails(example, at("2027-02-03", 9, 3))

    with example.database.reading() as session:
        query = select(Message.state).where(Message.person_id == who, Message.kind == "digest").order_by(Message.id)
        assert (states, session.exec(query).all()) == (["replaced"], ["replaced", "queued"])


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (Choice(hour=time(6)), "Om 06.00 uur gaat er geen mail."),
        (Choice(weekdays=frozenset()), "Kies ten minste één werkdag."),
        (Choice(weekdays=frozenset({5})), "Kies ten minste één werkdag."),
        (Choice(per_week=9), "Kies 1 tot 3 mails per week."),
    ],
)
def test_a_rhythm_that_cannot_be_is_refused(quick_example: Office, choice: Choice, words: str) -> None:
    with pytest.raises(Refused) as refused:
        choose(quick_example, person(quick_example, STRATEGY), choice, NOVEMBER)
    assert refused.value.what == words


@pytest.mark.parametrize(
    ("first", "last", "deputy"),
    [
        (date(2027, 2, 2), date(2027, 2, 1), None),
        (date(2026, 2, 2), date(2026, 3, 1), None),
        (date(2027, 1, 2), date(2027, 12, 1), None),
        (date(2027, 2, 1), date(2027, 2, 2), 999),
    ],
)
def test_days_away_that_cannot_be_are_refused(quick_example: Office, first: date, last: date, deputy) -> None:
    with pytest.raises(CycleError):
        pause(quick_example, person(quick_example, STRATEGY), first, last, NOVEMBER, deputy=deputy)
    with quick_example.database.reading() as session:
        assert session.exec(select(Absence)).all() == []


def test_nobody_ends_the_days_away_of_another(quick_example: Office) -> None:
    pause(quick_example, person(quick_example, STRATEGY), date(2027, 2, 1), date(2027, 2, 2), NOVEMBER)
    with pytest.raises(NotFound):
        end_pause(quick_example, person(quick_example, POLICY), 1, NOVEMBER)


# -- the weekly overview ----------------------------------------------------------------------------------------------


def monday_mail(office: Office) -> EmailMessage:
    """The secretariat's mail of Monday 8 February 2027, after a week in which mail went and failed."""
    act(office, at("2027-02-03"))
    with office.database.writing() as session:
        row = session.exec(select(Message).where(Message.to == POLICY)).one()
        row.state, row.last_answer = "failed", "550 5.1.1 no such user"
        session.add(row)
    act(office, at("2027-02-08"))
    return [mail for mail in to(office, OFFICE) if "digest" in str(mail["List-Id"])][-1]


def test_the_secretariat_gets_its_week_on_monday(example: Office) -> None:
    text = text_of(monday_mail(example))

    assert "Verstuurd - 2 mails aan 2 mensen" in text
    assert "Niet bezorgd - herinnering aan beleid@woongoed.example: 550 5.1.1 no such user" in text
    assert "Het weekoverzicht niet meer krijgen?" in text


def test_b6_only_the_mail_with_the_overview_can_be_unsubscribed_and_only_over_https(example: Office) -> None:
    secure = Office(
        example.settings.model_copy(
            update={"web": example.settings.web.model_copy(update={"base_url": "https://afspraken.example"})}
        ).in_folder(example.settings.folder),
        example.database,
        example.wording,
        example.installation,
    )
    office_mail = monday_mail(secure)

    with_header = [str(mail["To"]) for mail in mails(secure) if mail["List-Unsubscribe"]]
    assert [OFFICE in who for who in with_header] == [True]
    assert str(office_mail["List-Unsubscribe"]).startswith("<https://afspraken.example/overzicht/")
    assert office_mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_b6_one_click_stops_the_overview_and_nothing_else(example: Office) -> None:
    who = person(example, OFFICE)
    signed = own_signer(example, who).sign(OVERVIEW, str(who), date(2027, 2, 1))
    stop_overview(example, signed, at("2027-02-02"))
    stop_overview(example, signed, at("2027-02-02"))

    with example.database.reading() as session:
        row = session.get_one(RhythmRow, who)
        confirmed = session.exec(select(Message.subject).where(Message.kind == "rhythm")).all()
    act(example, at("2027-02-08"))
    assert (row.overview, row.per_week, row.send_hour) == (False, None, None)
    assert confirmed == ["U krijgt geen weekoverzicht meer"]
    assert [mail for mail in to(example, OFFICE) if "week" in text_of(mail) and "Verstuurd" in text_of(mail)] == []


def test_the_overview_goes_once_a_week_and_a_round_later_that_day_adds_nothing(example: Office) -> None:
    act(example, at("2027-02-03"))  # what went then is news
    for day in ("2027-02-08", "2027-02-09", "2027-02-10"):
        for hour in (9, 10, 16):
            plan_mails(example, at(day, hour))
    with example.database.reading() as session:
        rows = session.exec(select(Message).where(Message.person_id == person(example, OFFICE))).all()
    assert Counter(row.on for row in rows)[date(2027, 2, 8)] == 1
    assert "weekoverzicht" in rows[0].subject


def test_a_covenant_that_is_held_gets_no_overview(office: Office) -> None:
    from cycle.actions.register.reading_in.importing import import_folder
    from tests.conftest import EXAMPLE

    import_folder(office, EXAMPLE, NOVEMBER)
    assert plan_mails(office, at("2027-02-08")) == Planned()


def test_a_covenant_released_on_the_day_of_the_overview_still_gets_it_that_day(office: Office) -> None:
    from cycle.actions.deadlines.deciding.closing import release
    from cycle.actions.register.reading_in.importing import import_folder
    from tests.conftest import EXAMPLE

    import_folder(office, EXAMPLE, NOVEMBER)
    assert plan_mails(office, at("2027-02-08", 9)) == Planned()
    release(office, None, at("2027-02-08", 10))
    plan_mails(office, at("2027-02-08", 11))

    with office.database.reading() as session:
        mine = session.exec(select(Message).where(Message.person_id == person(office, OFFICE))).all()
    assert [(row.on, row.kind) for row in mine] == [(date(2027, 2, 8), "digest")]


def test_own_rhythm_shows_who_may_stand_in(quick_example: Office) -> None:
    own = own_rhythm(quick_example, person(quick_example, STRATEGY), NOVEMBER)
    assert (person(quick_example, POLICY), "Afdeling Beleid") in own.deputies
    assert own.person not in dict(own.deputies)
    assert not own.is_office


def test_who_stands_in_for_the_secretariat_may_choose_about_the_overview_they_get(quick_example: Office) -> None:
    office, stand_in = person(quick_example, "secretariaat@terneuzen.example"), person(quick_example, STRATEGY)
    pause(quick_example, office, date(2027, 2, 1), date(2027, 2, 12), NOVEMBER, deputy=stand_in)

    days = (NOVEMBER, at("2027-02-01"), at("2027-02-15"))

    assert [own_rhythm(quick_example, stand_in, day).is_office for day in days] == [False, True, False]
    assert [own_rhythm(quick_example, office, day).is_office for day in days] == [True, True, True]


def test_days_away_mail_nobody_while_the_covenant_is_held(office: Office) -> None:
    from cycle.actions.register.reading_in.importing import import_folder
    from tests.conftest import EXAMPLE

    import_folder(office, EXAMPLE, NOVEMBER)
    who, deputy = person(office, STRATEGY), person(office, POLICY)
    told = pause_mails(office, who, date(2027, 2, 1), date(2027, 2, 2), NOVEMBER, deputy=deputy)
    pause(office, who, date(2027, 2, 1), date(2027, 2, 2), NOVEMBER, deputy=deputy)
    with office.database.reading() as session:
        found = session.exec(select(Message)).all(), len(session.exec(select(Absence)).all())
    assert (told, found) == ([], ([], 1))


def test_days_away_can_be_taken_back_and_given_again_as_often_as_somebody_likes(example: Office) -> None:
    who, deputy = person(example, STRATEGY), person(example, POLICY)
    for week in (1, 8, 15):  # one moment, as for a double click
        pause(example, who, date(2027, 2, week), date(2027, 2, week + 4), NOVEMBER, deputy=deputy, by=STRATEGY)
        [away] = own_rhythm(example, who, NOVEMBER).pauses
        end_pause(example, who, away.id, NOVEMBER, by=STRATEGY)

    with example.database.reading() as session:
        keys = session.exec(select(Message.key).where(Message.kind == "rhythm").order_by(Message.id)).all()
    told = Counter((key.split(":")[1], key.split(":")[2]) for key in keys)
    changes = [(who, "paused"), (deputy, "stand-in"), (who, "pause-ended"), (deputy, "stand-in-ended")]
    assert told == {(str(to), change): 3 for to, change in changes}
    assert len(set(keys)) == 12


def test_an_old_page_takes_back_no_other_days_away_than_it_showed(example: Office) -> None:
    who = person(example, STRATEGY)
    pause(example, who, date(2027, 2, 1), date(2027, 2, 5), NOVEMBER)
    [shown] = own_rhythm(example, who, NOVEMBER).pauses
    end_pause(example, who, shown.id, NOVEMBER)
    pause(example, who, date(2027, 7, 5), date(2027, 7, 23), NOVEMBER)

    with pytest.raises(NotFound):
        end_pause(example, who, shown.id, NOVEMBER)
    assert [one.first for one in own_rhythm(example, who, NOVEMBER).pauses] == [date(2027, 7, 5)]
