"""The progress round on both engines: one mail for each, kept answers, a snapshot that stays, and a safe sheet."""

from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from cycle.actions.answers import Reply, answer_page, keep_answer
from cycle.actions.answers.rounds.progress import Progress, export_snapshot, make_snapshot, progress_on
from cycle.actions.deadlines.meeting.planned_meetings import set_meeting
from cycle.actions.deadlines.upkeep.listing import plan
from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.office import Office
from cycle.domain.answering import Stand
from cycle.errors import Refused
from cycle.store.tables import SnapshotLine
from tests.actions.mailbox import act, at, mails, text_of
from tests.actions.mails.test_reminding import deadline

ASKED_ON = "2027-02-25"
CLAVIS, WZV, ZORG = "strategie@clavis.example", "beleid@woongoed.example", "zorg@terneuzen.example"
TITLE = "Vrije toewijzingsruimte"


def signed_of(office: Office, email: str) -> str:
    """The signed part of the address in a person's newest mail."""
    mail = [one for one in mails(office) if email in str(one["To"])][-1]
    part = mail.get_body(("plain",))
    return (part.get_content() if part else "").split("/antwoord/")[1].split()[0].partition("#")[0]


def answer(office: Office, email: str, title: str, now: datetime, **reply: object) -> None:
    page = answer_page(office, signed_of(office, email), now)
    row = next(row for row in page.rows if row.title == title)
    keep_answer(office, page, row, Reply(**reply), now)  # type: ignore[arg-type]


def seen(office: Office, now: datetime, on: date | None = None) -> Progress:
    with office.database.reading() as session:
        return progress_on(session, view_of(session, office.settings, None), on, now)


def test_every_addressee_gets_one_mail_with_all_its_agreements_dated_or_not(example: Office) -> None:
    act(example, at(ASKED_ON))

    to = Counter(mail["To"].addresses[0].addr_spec for mail in mails(example))
    found = seen(example, at(ASKED_ON, 12))
    assert set(to.values()) == {1}
    assert {row.email for row in found.rows} == set(to)
    assert {row.title for row in found.rows if row.email == CLAVIS} >= {"Huurbeleid", TITLE}
    assert (found.meeting, found.year, found.began_on, found.answered) == (
        "voorjaarsoverleg",
        2027,
        date(2027, 2, 25),
        0,
    )


def test_it_is_asked_once_more_and_only_about_what_was_not_answered(example: Office) -> None:
    act(example, at(ASKED_ON))
    answer(example, CLAVIS, TITLE, at(ASKED_ON, 10), stand=Stand.GREEN)
    for day in ("2027-03-03", "2027-03-04", "2027-03-08"):
        act(example, at(day))

    again = [mail for mail in mails(example) if CLAVIS in str(mail["To"])][-1].get_body(("plain",))
    text = again.get_content() if again else ""
    assert "Huurbeleid" in text
    assert TITLE not in text
    for day in ("2027-03-09", "2027-03-15", "2027-03-22"):
        act(example, at(day))
    assert {row.asked_on for row in seen(example, at("2027-03-22", 12)).rows} == {date(2027, 2, 25)}


def test_a_meeting_that_gets_a_date_after_the_question_asks_nobody_twice(example: Office) -> None:
    act(example, at(ASKED_ON))
    before = len(mails(example))
    set_meeting(example, deadline(example, "Voorjaarsoverleg"), date(2027, 4, 22), at("2027-02-26"))

    for day in ("2027-03-18", "2027-03-29", "2027-03-30"):
        act(example, at(day))
    texts = [mail.get_body(("plain",)) for mail in mails(example)[before:]]
    again = [part for part in texts if part and "Huurbeleid" in part.get_content()]
    assert len(again) == 2  # the one repeat, to each of the two leads


def test_silence_stays_grey_and_a_light_is_of_its_own_round(example: Office) -> None:
    act(example, at(ASKED_ON))
    answer(example, CLAVIS, "Huurbeleid", at(ASKED_ON, 10), stand=Stand.ORANGE, sentence="Wacht op cijfers")
    spring = {(row.title, row.party): row for row in seen(example, at(ASKED_ON, 12)).rows}
    act(example, at("2027-08-27"))
    autumn = {(row.title, row.party): row for row in seen(example, at("2027-08-27", 12)).rows}

    assert [spring["Huurbeleid", party].light for party in ("Clavis", "Woongoed Zeeuws-Vlaanderen")] == [
        "oranje",
        "geen bericht",
    ]
    assert (spring["Huurbeleid", "Clavis"].sentence, spring["Huurbeleid", "Clavis"].answered_by) == (
        "Wacht op cijfers",
        "Afdeling Strategie, via link in mail van 25 februari 2027",
    )
    assert autumn["Huurbeleid", "Clavis"].light == "geen bericht"


def test_the_plan_of_the_year_shows_the_light_of_all_leads_together(example: Office) -> None:
    act(example, at(ASKED_ON))

    def light() -> str:
        with example.database.reading() as session:
            items = plan(session, example.settings, None, 2027, date(2027, 3, 1))
        return next(item.light for item in items if item.title == TITLE)

    lights = [light()]
    for email, stand in ((CLAVIS, Stand.GREEN), (WZV, Stand.GREEN), (WZV, Stand.RED)):
        answer(example, email, TITLE, at(ASKED_ON, 10 + len(lights)), stand=stand)
        lights.append(light())
    assert lights == ["geen bericht", "geen bericht", "groen", "rood"]


def test_a_snapshot_stays_as_it_was_whatever_is_answered_later(example: Office, tmp_path: Path) -> None:
    act(example, at(ASKED_ON))
    answer(example, CLAVIS, TITLE, at("2027-03-01", 10), stand=Stand.GREEN, sentence="=1+1")
    answer(example, CLAVIS, TITLE, at("2027-03-05", 10), stand=Stand.RED, at_risk=True, next_on=date(2027, 6, 1))

    first = make_snapshot(example, None, date(2027, 3, 2), at("2027-03-08"), by="secretariaat@terneuzen.example")
    second = make_snapshot(example, None, None, at("2027-03-08", 10))
    third = make_snapshot(example, None, date(2027, 3, 2), at("2027-03-08", 11))
    words = export_snapshot(example, None, date(2027, 3, 2), tmp_path / "maart.xlsx")

    assert first.startswith("Bewaard: de stand van 2 maart 2027, 1 van ")
    assert second.startswith("Bewaard: de stand van 8 maart 2027, 1 van ")
    assert third == "De stand van 2 maart 2027 was al bewaard; die blijft zoals hij was."
    assert words.endswith("maart.xlsx.")
    with example.database.reading() as session:
        query = select(SnapshotLine.light, SnapshotLine.sentence, SnapshotLine.at_risk, SnapshotLine.next_on)
        kept = session.exec(query.where(SnapshotLine.title == TITLE, SnapshotLine.party == "Clavis")).all()
    assert [tuple(one) for one in kept] == [("groen", "=1+1", False, None), ("rood", "", True, date(2027, 6, 1))]
    cells = [cell for row in load_workbook(tmp_path / "maart.xlsx")["Voortgang"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}  # rule C14: never a formula
    assert "=1+1" in {cell.value for cell in cells}


@pytest.mark.parametrize(
    ("on", "now", "words"),
    [
        (None, "2027-02-01", "Er is nog niemand gevraagd."),
        (date(2027, 5, 1), ASKED_ON, "1 mei 2027 moet nog komen."),
    ],
)
def test_a_snapshot_is_refused(quick_example: Office, on: date | None, now: str, words: str) -> None:
    act(quick_example, at(now))

    with pytest.raises(Refused) as refused:
        make_snapshot(quick_example, None, on, at(now, 12))
    assert refused.value.what == words


def test_without_a_snapshot_there_is_nothing_to_export(quick_example: Office, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        export_snapshot(quick_example, None, None, tmp_path / "x.xlsx")
    assert refused.value.hint == "Bewaar er een met: cycle progress snapshot"


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ({"stand": Stand.RED}, "U liet op 5 maart weten: rood."),
        ({"sentence": "Het wordt mei."}, "U liet op 5 maart weten: Het wordt mei."),
        ({"at_risk": True}, "U liet op 5 maart iets weten."),
        ({"next_on": date(2027, 6, 1)}, "U liet op 5 maart een dag weten: 1 juni."),
    ],
)
def test_who_answered_is_never_called_silent_when_the_meeting_gets_another_day(
    example: Office, reply: dict[str, object], words: str
) -> None:
    act(example, at(ASKED_ON))
    answer(example, ZORG, "Zorgtafel", at("2027-03-05"), **reply)
    set_meeting(example, deadline(example, "Voorjaarsoverleg"), date(2027, 4, 22), at("2027-03-10"))

    act(example, at("2027-03-30"))

    [mail] = [one for one in mails(example) if ZORG in str(one["To"]) and "30 Mar" in str(one["Date"])]
    about = text_of(mail).partition("* 3.3 ")[2].partition("* ")[0]
    assert words in about
    assert "is dat nog zo?" in about
    assert "niets over" not in about


def test_what_a_trekker_let_know_reaches_who_stands_in_as_the_words_of_the_party(quick_example: Office) -> None:
    act(quick_example, at(ASKED_ON))
    answer(quick_example, CLAVIS, "Huurbeleid", at("2027-02-26"), stand=Stand.NOT_MINE)
    set_meeting(quick_example, deadline(quick_example, "Voorjaarsoverleg"), date(2027, 4, 22), at("2027-03-10"))

    act(quick_example, at("2027-03-30"))

    [mail] = [one for one in mails(quick_example) if "secretariaat" in str(one["To"]) and "30 Mar" in str(one["Date"])]
    assert "Clavis liet op 26 februari weten: niet voor mij." in text_of(mail)
