"""A short mail after the letter: when the meeting is otherwise than the letter said, who got it is told, once."""

import zipfile
from datetime import date, time
from io import BytesIO

import pytest
from sqlmodel import col, select

from cycle.actions.deadlines.meeting.planned_meetings import cancel_meeting, set_meeting
from cycle.actions.letters import approve, send, sent_elsewhere
from cycle.actions.letters.dispatch.following_up import NO_DAY, follow_ups, send_news
from cycle.actions.letters.dispatch.proof_file import proof_zip
from cycle.actions.office.office import Office
from cycle.errors import Refused
from cycle.store.tables import LetterAddressee
from tests.actions.letters.test_letter_desk import noted
from tests.actions.mailbox import at, deliver, mails
from tests.actions.mails.test_reminding import deadline

MARCH, LATER, BY = at("2027-03-02"), at("2027-03-09"), "secretariaat@terneuzen.example"
FIRST = "donderdag 22 april 2027 om 14.00 uur, Stadhuis"
POINTS = "Wij ontvangen uw punten nu graag uiterlijk donderdag 15 april 2027."
SECOND = "donderdag 29 april 2027 om 14.00 uur, Bibliotheek"


def told(office: Office) -> list[tuple[str, str, str]]:
    """To whom, under which subject, and the text of each mail that followed."""
    found = [(mail, " ".join(mail.get_body(("plain",)).get_content().split())) for mail in mails(office)]
    return sorted(
        (str(mail["To"]), str(mail["Subject"]), text) for mail, text in found if "U kreeg van ons de brief" in text
    )


def test_who_got_the_letter_hears_once_of_each_change_and_of_nothing_else(example: Office) -> None:
    meeting = deadline(example, "Voorjaarsoverleg")
    set_meeting(example, meeting, date(2027, 4, 22), MARCH, start=time(14), place="Stadhuis")
    assert follow_ups(example, None, 2027, MARCH).news is None  # it is a draft
    approve(example, None, 2027, MARCH, by=BY)
    send(example, None, 2027, MARCH, by=BY)
    deliver(example, MARCH)
    assert follow_ups(example, None, 2027, LATER).news is None
    with pytest.raises(Refused, match="niets te melden"):
        send_news(example, None, 2027, LATER, by=BY, seen=FIRST)

    set_meeting(example, meeting, date(2027, 4, 22), LATER, start=time(14), place="Bibliotheek")
    same_day = follow_ups(example, None, 2027, LATER).news
    assert same_day is not None
    assert (same_day.points_by, "punten" in same_day.text) == ("", False)
    set_meeting(example, meeting, date(2027, 4, 29), LATER, start=time(14), place="Bibliotheek")
    news = follow_ups(example, None, 2027, LATER).news
    assert news is not None
    assert (news.meeting, news.was, news.now) == ("voorjaarsoverleg", FIRST, SECOND)
    assert [address for _name, address in news.mails] == [
        "wonen@terneuzen.example",
        "info@bewonersraad.example",
        "bestuur@shb.example",
    ]
    with pytest.raises(Refused, match="intussen weer anders"):
        send_news(example, None, 2027, LATER, by=BY, seen=NO_DAY)
    assert send_news(example, None, 2027, LATER, by=BY, seen=SECOND) == "3 mails staan klaar om te gaan."
    assert send_news(example, None, 2027, LATER, by=BY, seen=SECOND) == "Dat is al gemeld; er gaat niets nog een keer."
    deliver(example, LATER)

    sent = told(example)
    assert [(to.partition(" <")[2], subject) for to, subject, _text in sent] == [
        (f"{address}>", "Wijziging: voorjaarsoverleg 2027")
        for address in ("info@bewonersraad.example", "bestuur@shb.example", "wonen@terneuzen.example")
    ]
    assert all(f"Was: {FIRST} Is nu: {SECOND} {POINTS} De rest" in text for _to, _subject, text in sent)
    after = follow_ups(example, None, 2027, LATER)
    assert (after.news, after.told, [one.stands for one in after.lines]) == (None, SECOND, ["Verstuurd"] * 3)
    with zipfile.ZipFile(BytesIO(proof_zip(example, None, 2027)[1])) as proof:
        index = proof.read(next(name for name in proof.namelist() if name.endswith("index.txt"))).decode()
        kept = [name for name in proof.namelist() if "/mails/" in name]
    assert (f"Later gemeld over het overleg: {SECOND}\n- gemeente: wonen@" in index, len(kept)) == (True, 6)
    assert (BY, "wijziging van overleg gemeld", f"voorjaarsoverleg: {SECOND}; 3 mails") in noted(example)

    cancel_meeting(example, meeting, LATER, by=BY)
    assert send_news(example, None, 2027, LATER, by=BY, seen=NO_DAY) == "3 mails staan klaar om te gaan."
    set_meeting(example, meeting, date(2027, 4, 29), LATER, start=time(14), place="Bibliotheek")
    send_news(example, None, 2027, LATER, by=BY, seen=SECOND)  # the same words as before, and another mail
    deliver(example, LATER)
    assert sorted(subject for _to, subject, _text in told(example)) == [
        *["Datum bekend: voorjaarsoverleg 2027"] * 3,
        *["Wijziging: voorjaarsoverleg 2027"] * 6,
    ]
    assert follow_ups(example, None, 2027, at("2027-05-03")).news is None


def test_whoever_got_a_letter_that_went_without_us_hears_too_or_is_named(quick_example: Office) -> None:
    meeting = deadline(quick_example, "Voorjaarsoverleg")
    set_meeting(quick_example, meeting, date(2027, 4, 22), MARCH, start=time(14), place="Stadhuis")
    ahead = date(2027, 3, 8)
    sent_elsewhere(quick_example, None, 2027, ahead, MARCH, by=BY, words="Per post.", sure=True)
    set_meeting(quick_example, meeting, date(2027, 4, 29), MARCH, start=time(14), place="Bibliotheek")
    assert follow_ups(quick_example, None, 2027, MARCH).news is None  # it has yet to go
    with quick_example.database.writing() as session:
        everybody = session.exec(select(LetterAddressee).order_by(col(LetterAddressee.id))).all()
        everybody[-1].email = ""  # as of somebody who was erased
        reached = [one.email for one in everybody[:-1]]
        session.add(everybody[-1])
        of_all = len(everybody)

    news = follow_ups(quick_example, None, 2027, LATER).news
    assert news is not None
    assert (news.was, news.now, [address for _name, address in news.mails]) == (FIRST, SECOND, reached)
    assert news.unmailed == ("Bestuur SHB (Huurdersorganisatie SHB)",)
    assert len(news.mails) + len(news.unmailed) == of_all
    said = send_news(quick_example, None, 2027, LATER, by=BY, seen=SECOND)
    assert said == f"2 mails staan klaar om te gaan. Zonder mailadres, vertel het zelf: {news.unmailed[0]}."
    deliver(quick_example, LATER)
    assert [subject for _to, subject, _text in told(quick_example)] == ["Wijziging: voorjaarsoverleg 2027"] * 2
    after = follow_ups(quick_example, None, 2027, LATER)
    assert (after.news, after.told, [one.stands for one in after.lines]) == (None, SECOND, ["Verstuurd"] * 2)

    with quick_example.database.writing() as session:
        for one in session.exec(select(LetterAddressee)):
            one.email = ""
            session.add(one)
    cancel_meeting(quick_example, meeting, LATER, by=BY)
    nobody = follow_ups(quick_example, None, 2027, LATER).news
    assert nobody is not None
    assert (nobody.mails, len(nobody.unmailed)) == ((), of_all)
    with pytest.raises(Refused, match="geen mailadres"):
        send_news(quick_example, None, 2027, LATER, by=BY, seen=NO_DAY)
