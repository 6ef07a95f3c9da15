"""An invitation, a bod and the sending of what was signed, in one year at one table: each speaks of its own things."""

from dataclasses import dataclass
from datetime import date

from cycle.actions.deadlines.deciding.steps import YearWish, change_year
from cycle.actions.deadlines.meeting.planned_meetings import set_meeting
from cycle.actions.letters import approve, draft_of, preview, questions_before_sending, send
from cycle.actions.letters.dispatch.following_up import follow_ups
from cycle.actions.office.office import Office
from cycle.letter import LetterFacts
from cycle.letter.filling import fields_of, offered
from tests.actions.mailbox import at, deliver, mails, text_of
from tests.letter.test_pdf_letter import text_of as words_of_pdf
from tests.web.conftest import find

MARCH, JUNE, DECEMBER, BY = at("2027-03-02"), at("2027-06-21"), at("2027-12-08"), "secretariaat@terneuzen.example"
INVITATION, BOD, SIGNED = ("", "uitnodigingsbrief"), ("clavis", "bod"), ("clavis", "afspraken-verzonden")
OF_AN_INVITATION = ("uitnodig", "voorjaar", "uitvoeringsagenda", "voorzet", "stand van de afspraken", "kalender")


@dataclass(frozen=True)
class Letters:
    """The three letters of a table with both the invitation and the year of the bod, each looked at in its season."""

    office: Office

    def facts(self, which: tuple[str, str]) -> LetterFacts:
        return draft_of(self.office, None, 2027, self.day(which), *which).facts

    def words(self, which: tuple[str, str]) -> str:
        return words_of_pdf(preview(self.office, None, 2027, self.day(which), *which).pdf)

    def day(self, which: tuple[str, str]):
        return {INVITATION: MARCH, BOD: JUNE, SIGNED: DECEMBER}[which]


def meet(office: Office, title: str, day: date) -> None:
    set_meeting(office, find(office, title, date(2027, 1, 1)), day, MARCH, by=BY)


def test_each_letter_of_one_year_speaks_of_its_own_meeting_and_of_nothing_of_the_others(quick_example: Office) -> None:
    letters = Letters(quick_example)
    change_year(quick_example, 1, YearWish(chosen=("bod", "bod-overleg", "afspraken-verzonden")), MARCH, by=BY)
    of_day = {which: letters.facts(which).meeting_day for which in (INVITATION, BOD, SIGNED)}
    warnings = {which: draft_of(quick_example, None, 2027, MARCH, *which).warnings for which in of_day}
    assert (set(of_day.values()), [which for which, said in warnings.items() if said]) == ({""}, [INVITATION])

    meet(quick_example, "Voorjaarsoverleg", date(2027, 4, 22))
    meet(quick_example, "Overleg over het bod", date(2027, 9, 16))
    assert {which: (one.meeting_name, one.meeting_day) for which in of_day if (one := letters.facts(which))} == {
        INVITATION: ("voorjaarsoverleg", "donderdag 22 april 2027"),
        BOD: ("overleg over het bod", "donderdag 16 september 2027"),
        SIGNED: ("", ""),
    }
    bod, signed = letters.words(BOD), letters.words(SIGNED)
    assert "Dat kan in het overleg over het bod: donderdag 16 september 2027." in bod
    assert "Ons bod voor 2028" in bod
    assert [word for word in OF_AN_INVITATION if word in (bod + signed).lower()] == []
    named = {name for name in offered(letters.facts(SIGNED)) if name.startswith(("overleg", "punten", "stand"))}
    assert named == set()


def test_an_invitation_says_that_no_bod_comes_only_where_none_comes(quick_example: Office) -> None:
    letters = Letters(quick_example)
    assert "U krijgt van ons geen apart bod." in letters.words(INVITATION)

    change_year(quick_example, 1, YearWish(chosen=("bod",)), MARCH, by=BY)
    words = letters.words(INVITATION)
    assert ("in plaats van een bod" in words, "geen apart bod" in words) == (False, False)
    assert (fields_of(letters.facts(INVITATION))["geen_bod"], "Het voorjaarsoverleg" in words) == ("", True)


def test_who_got_a_bod_hears_of_its_meeting_and_its_questions_are_about_its_own_day(quick_example: Office) -> None:
    change_year(quick_example, 1, YearWish(chosen=("bod", "bod-overleg")), MARCH, by=BY)
    meet(quick_example, "Overleg over het bod", date(2027, 9, 16))
    of_bod = {"sender": "clavis", "step": "bod"}
    approve(quick_example, None, 2027, JUNE, by=BY, party="clavis", **of_bod)

    late = questions_before_sending(quick_example, None, 2027, at("2027-07-02"), **of_bod)
    assert "Afgesproken is: versturen uiterlijk donderdag 1 juli 2027. Dat is voorbij. Toch versturen?" in late
    missed = questions_before_sending(quick_example, None, 2027, at("2027-09-20"), **of_bod)
    assert "Het overleg over het bod was op 16 september 2027. Toch nu versturen?" in missed

    send(quick_example, None, 2027, JUNE, by=BY, **of_bod)
    deliver(quick_example, JUNE)
    meet(quick_example, "Voorjaarsoverleg", date(2027, 4, 22))
    assert follow_ups(quick_example, None, 2027, JUNE, **of_bod).news is None
    meet(quick_example, "Overleg over het bod", date(2027, 9, 23))
    news = follow_ups(quick_example, None, 2027, JUNE, **of_bod).news
    assert news is not None
    assert (news.was, news.now) == ("donderdag 16 september 2027", "donderdag 23 september 2027")
    assert "Het overleg over het bod dat we daarin noemden, is veranderd:" in news.text
    assert "Wij ontvangen uw reactie nu graag uiterlijk donderdag 9 september 2027." in news.text
    assert all("voorjaar" not in text_of(mail) for mail in mails(quick_example))
