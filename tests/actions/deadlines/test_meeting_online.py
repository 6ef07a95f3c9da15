"""The address by which people join a meeting from elsewhere: it goes wherever its place goes, and to no stranger."""

from datetime import date, time
from io import BytesIO

import pikepdf
import pytest
from docx import Document
from icalendar import Calendar

from cycle.actions.deadlines.meeting.planned_meetings import cancel_meeting, move_meeting, set_meeting
from cycle.actions.feeds.building import feed_of_address
from cycle.actions.letters import approve, draft_of, preview, send, word_file
from cycle.actions.letters.dispatch.following_up import follow_ups, send_news
from cycle.actions.office.office import Office
from cycle.domain.model import Meeting
from cycle.errors import Refused
from cycle.store.deadlines import meeting_of
from cycle.store.tables import DeadlineRow
from tests.actions.letters.test_letters import words_of
from tests.actions.mailbox import act, at, deliver, mails, text_of
from tests.actions.mails.test_reminding import deadline
from tests.decided import decided

MARCH, LATER, BY = at("2027-03-02"), at("2027-03-09"), "secretariaat@terneuzen.example"
TENANT = "bestuur@shb.example"
LINK = "https://vergader.example/l/19%3ameeting_NzQ@thread.v2/0?context=%7b%22Tid%22%7d&kamer=(2)"
OTHER = "https://vergader.example/k/3"
WHEN = "donderdag 22 april 2027 om 14.00 uur, Stadhuis"


def planned(office: Office, meeting: int) -> Meeting | None:
    with office.database.reading() as session:
        return meeting_of(session.get_one(DeadlineRow, meeting))


def joining(office: Office) -> list[tuple[str, str, dict[str, str]]]:
    """What the calendar of a tenant says of the meetings that can be joined from elsewhere, or could be."""
    events = Calendar.from_ical(feed_of_address(office, TENANT, MARCH)).walk("VEVENT")
    found = [one for one in events if "CONFERENCE" in one or "Online meedoen" in str(one.get("DESCRIPTION"))]
    return [(str(one["CONFERENCE"]), str(one["DESCRIPTION"]), dict(one["CONFERENCE"].params)) for one in found]


def test_it_stays_with_the_meeting_until_another_or_none_is_given(quick_example: Office) -> None:
    office, meeting = quick_example, deadline(quick_example, "Voorjaarsoverleg")
    set_meeting(office, meeting, date(2027, 4, 22), MARCH, start=time(14), online="vergader.example/k/3", by=BY)
    assert planned(office, meeting) == Meeting(date(2027, 4, 22), time(14), None, "", OTHER)
    with office.database.reading() as session:
        said = decided(session)[-1]
    assert (said.by, said.verb, said.detail) == (BY, "overleg gepland", "2027-04-22 om 14:00:00, ook online")

    set_meeting(office, meeting, date(2027, 4, 29), MARCH, by=BY)  # one button of a proposed day names no address
    move_meeting(office, meeting, date(2027, 4, 28), MARCH, by=BY)
    assert planned(office, meeting) == Meeting(date(2027, 4, 28), online=OTHER)
    for act_of in (set_meeting, move_meeting):
        with pytest.raises(Refused, match="Dit adres kennen wij niet"):
            act_of(office, meeting, date(2027, 4, 27), MARCH, online="kamer 2", by=BY)
    move_meeting(office, meeting, date(2027, 4, 28), MARCH, online="", by=BY)
    assert planned(office, meeting) == Meeting(date(2027, 4, 28))


def test_it_goes_into_calendars_until_the_meeting_is_off(quick_example: Office) -> None:
    office, meeting = quick_example, deadline(quick_example, "Voorjaarsoverleg")
    set_meeting(office, meeting, date(2027, 4, 22), MARCH, start=time(14), place="Stadhuis")
    without = feed_of_address(office, TENANT, MARCH)
    assert (joining(office), b"CONFERENCE" in without, b"Online" in without) == ([], False, False)

    move_meeting(office, meeting, date(2027, 4, 22), MARCH, online=LINK)
    [(address, words, kinds)] = joining(office)
    assert (address, kinds) == (LINK, {"VALUE": "URI", "FEATURE": "VIDEO"})
    assert words.splitlines()[-2:] == [f"Online meedoen: {LINK}", f"{office.settings.web.base_url}/c/terneuzen"]

    cancel_meeting(office, meeting, MARCH)
    assert (joining(office), LINK.encode() in feed_of_address(office, TENANT, MARCH).replace(b"\r\n ", b"")) == (
        [],
        False,
    )


def test_the_letter_its_mail_and_what_follows_say_it_with_a_link_that_works(example: Office) -> None:
    meeting = deadline(example, "Voorjaarsoverleg")
    set_meeting(example, meeting, date(2027, 4, 22), MARCH, start=time(14), place="Stadhuis", online=LINK)
    pdf = preview(example, None, 2027, MARCH).pdf
    word = Document(BytesIO(word_file(example, None, 2027, MARCH)))
    said = f"{WHEN}, online via {LINK}."
    assert said.replace(" ", "") in words_of(pdf).replace(" ", "")
    assert [one for one in word.paragraphs if said in one.text] != []
    assert LINK in links_of(pdf)
    assert LINK in [one._target for one in word.part.rels.values() if one.is_external]
    assert draft_of(example, None, 2027, MARCH).facts.meeting_online == LINK

    approve(example, None, 2027, MARCH, by=BY)
    send(example, None, 2027, MARCH, by=BY)
    deliver(example, MARCH)
    carrying = [mail for mail in mails(example) if list(mail.iter_attachments())]
    assert len(carrying) == 3
    for mail in carrying:
        assert f"Online meedoen met het voorjaarsoverleg kan via {LINK}." in text_of(mail)
        assert f'href="{LINK.replace("&", "&amp;")}"' in mail.get_body(("html",)).get_content()

    assert follow_ups(example, None, 2027, LATER).news is None
    move_meeting(example, meeting, date(2027, 4, 22), LATER, online=OTHER, by=BY)
    news = follow_ups(example, None, 2027, LATER).news
    assert news is not None
    assert (news.was, news.now) == (f"{WHEN}, online via {LINK}", f"{WHEN}, online via {OTHER}")
    send_news(example, None, 2027, LATER, by=BY, seen=news.now)
    deliver(example, LATER)
    followed = [mail for mail in mails(example) if str(mail["Subject"]).startswith("Wijziging")]
    assert len(followed) == 3
    for mail in followed:
        assert f"Was: {news.was} Is nu: {WHEN} Online meedoen: {OTHER} De rest" in text_of(mail)
        assert f'href="{OTHER}"' in mail.get_body(("html",)).get_content()
    assert follow_ups(example, None, 2027, LATER).news is None


def test_a_mail_about_the_meeting_says_it_where_it_says_when(quick_example: Office) -> None:
    meeting = deadline(quick_example, "Voorjaarsoverleg")
    set_meeting(quick_example, meeting, date(2027, 4, 22), at("2027-03-01"), start=time(14), online=LINK, by=BY)
    act(quick_example, at("2027-03-25"))

    about = [mail for mail in mails(quick_example) if "Voorjaarsoverleg" in text_of(mail)]
    assert about != []
    for mail in about:
        assert f"donderdag 22 april 2027 om 14.00 uur - nog 4 weken Online meedoen: {LINK} " in text_of(mail)
        assert f'href="{LINK.replace("&", "&amp;")}"' in mail.get_body(("html",)).get_content()


def links_of(pdf: bytes) -> set[str]:
    """Where the links of a PDF lead."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        marks = [mark for page in opened.pages for mark in page.get("/Annots", [])]
        return {str(mark.A.URI) for mark in marks if "/A" in mark and "/URI" in mark.A}
