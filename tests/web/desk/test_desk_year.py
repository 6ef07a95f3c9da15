"""Het jaar at the desk: the wheel and its table, what waits, what goes out, and the release."""

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
from sqlmodel import col, select

from cycle.actions.deadlines.deciding import closing
from cycle.actions.deadlines.upkeep.year_upkeep import keep_year
from cycle.actions.mails.rehearsal.rehearsing import rehearse
from cycle.domain.model import State
from cycle.store.tables import Covenant, Message, Person
from cycle.web.desk.wheel import LANES, wheel
from cycle.web.year import StandShown, YearLine
from tests.decided import decided
from tests.web.conftest import HTML, NOW, beat, find

from .conftest import DIRECTOR, SECRETARY, TREKKER, queries, words_of

MAY = datetime(2027, 5, 10, 9, 0, tzinfo=UTC)
YEAR = date(2027, 1, 1)


def hold(office) -> None:
    with office.database.writing() as session:
        row = session.exec(select(Covenant).where(Covenant.slug == "terneuzen")).one()
        row.released_at = None
        session.add(row)


def table(html: str) -> list[str]:
    """The rows of the first table, in words."""
    return [words_of(row) for row in re.findall(r"<tr role=\"row\">\s*<td.+?</tr>", html.split("</table>")[0], re.S)]


def test_the_wheel_and_the_table_say_the_same(office, sign_in, clock):
    clock.at = MAY
    keep_year(office, MAY)
    closing.settle(office, find(office, "Uitnodigingsbrief", YEAR), State.DONE, MAY)
    html = sign_in(SECRETARY).page("/c/terneuzen/jaar")
    on_wheel = re.findall(r'<g class="spot is-(\w+)" .*?<text y="4">(\d+)</text>', html, re.S)
    rows = table(html)

    assert [number for _, number in on_wheel] == [str(number) for number in range(1, len(rows) + 1)]
    assert rows[1] == (
        "Nummer 2 vóór 1 april (uiterlijk woensdag 31 maart 2027) Uitnodigingsbrief afspraak 5.9 "
        "Clavis en Woongoed Zeeuws-Vlaanderen gedaan"
    )
    words = {"done": "gedaan", "passed": "nog niet afgemeld", "open": "open"}
    assert [row.endswith(words[shape]) for (shape, _), row in zip(on_wheel, rows, strict=True)] == [True] * len(rows)
    assert f"1 van {len(rows)} gedaan" in html


def line(day: date) -> YearLine:
    return YearLine(1, "", "", "", "", (), StandShown("open", "open"), day)


def test_marks_on_one_day_stand_apart():
    marks = wheel([line(date(2027, 3, 31))] * 4 + [line(date(2027, 4, 2))], 2027, date(2027, 5, 1)).marks
    places = [(mark.at.x, mark.at.y) for mark in marks[:4]]

    assert len(set(places)) == len(LANES) == 4
    assert [mark.number for mark in marks] == [1, 2, 3, 4, 5]


def test_january_is_at_the_top_and_the_year_goes_with_the_clock():
    first, april, july, october = wheel(
        [line(date(2027, month, 1)) for month in (1, 4, 7, 10)], 2027, date(2027, 5, 1)
    ).marks

    assert (first.at.y < 100, april.at.x > 300, july.at.y > 300, october.at.x < 100) == (True,) * 4
    assert wheel([], 2028, date(2027, 5, 1)).today is None


def test_what_waits_is_the_secretariats_alone(office, desk, sign_in):
    with office.database.writing() as session:
        person = session.exec(select(Person).where(Person.email == TREKKER)).one()
        person.undeliverable_since = NOW
        session.add(person)
    secretary, director, trekker = (
        words_of(one.page("/c/terneuzen/jaar")) for one in (desk, sign_in(DIRECTOR), sign_in(TREKKER))
    )

    assert "data die op meer manieren te lezen zijn" in secretary
    assert "1 mailadres dat niet werkt: Afdeling Strategie" in secretary
    assert "Deze week gaat uit" in secretary
    for words in (director, trekker):
        found = [part in words for part in ("Wat op u wacht", "Deze week", "In de loop van het jaar")]
        assert found == [False, False, True]


def test_this_week_is_what_the_planner_says(office, sign_in, clock):
    clock.at = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
    keep_year(office, clock.at)
    mails = rehearse(office, clock.at.date(), date(2027, 2, 7), clock.at, covenant="terneuzen")
    words = words_of(sign_in(SECRETARY).page("/c/terneuzen/jaar"))
    counts = [int(count) for count in re.findall(r"2027 (\d+) mails? aan", words)]

    assert sum(counts) == len(mails) > 0
    assert words.count("als er nieuws is het weekoverzicht aan Secretariaat") == 1


def test_release_is_read_first_then_asked_then_done_once(office, sign_in):
    hold(office)
    desk = sign_in(SECRETARY)
    before = desk.page("/c/terneuzen/vrijgeven")
    asked = desk.submit("/c/terneuzen/vrijgeven")
    with office.database.reading() as session:
        still_held = session.exec(select(Covenant.released_at).where(Covenant.slug == "terneuzen")).one()
    done = desk.submit("/c/terneuzen/vrijgeven", {"zeker": "ja"})
    after = desk.page("/c/terneuzen/jaar")

    assert "Eerst lezen, dan vrijgeven" in before
    assert ("kunt u niet ongedaan maken" in words_of(asked.text), "geen mail" in asked.text) == (True, True)
    assert still_held is None
    assert (done.status_code, done.headers["location"]) == (303, "/c/terneuzen/jaar")
    assert "Prestatieafspraken Terneuzen is vrijgegeven" in after
    assert "is vrijgegeven: vanaf nu" not in desk.page("/c/terneuzen/jaar")
    with office.database.reading() as session:
        mine = [one.verb for one in decided(session) if one.by == SECRETARY and one.about != "aanmelden"]
        assert mine == ["vrijgegeven"]
        assert session.exec(select(Message.id).where(Message.kind == "digest")).all() == []


def test_release_says_who_gets_a_mail_at_once(office, clock, sign_in):
    clock.at = datetime(2027, 2, 3, 8, 0, tzinfo=UTC)  # eight weeks before the letter
    hold(office)
    asked = words_of(sign_in(SECRETARY).submit("/c/terneuzen/vrijgeven").text)

    assert "Dit verstuurt 3 mails aan: " in asked
    assert "Afdeling Strategie strategie@clavis.example" in asked


def test_a_held_covenant_is_there_for_its_secretariat_only(office, sign_in):
    desk, trekker = sign_in(SECRETARY), sign_in(TREKKER)
    hold(office)

    assert "Nog niet vrijgegeven" in desk.page("/c/terneuzen/jaar")
    assert trekker.get("/c/terneuzen/jaar", headers=HTML).status_code == 303


@pytest.mark.parametrize("year", ["1999", "2040", "x", "²", "99999"])
def test_a_year_that_is_not_kept_is_404(desk, year):
    assert desk.get(f"/c/terneuzen/jaar?jaar={year}", headers=HTML).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_rows(office, desk, clock):
    """With 1, 3 and 300 deadlines more in the year, while the clock comes round."""
    keep_year(office, NOW)
    beat(office, NOW)
    counted = []
    for wanted in (0, 1, 3, 300):
        copy_deadlines(office, wanted)
        with queries(office) as asked:
            desk.page("/c/terneuzen/jaar")
        counted.append(len(asked))

    assert len(set(counted)) == 1, counted
    assert counted[0] <= 45


def copy_deadlines(office, wanted: int) -> None:
    """So many more deadlines, as copies of one that the year has."""
    from cycle.store.tables import DeadlineParty, DeadlineRow

    with office.database.writing() as session:
        [row] = session.exec(
            select(DeadlineRow).where(DeadlineRow.origin == "step").order_by(col(DeadlineRow.id)).limit(1)
        )
        parts = session.exec(select(DeadlineParty).where(DeadlineParty.deadline_id == row.id)).all()
        for number in range(wanted):
            values = row.model_dump(exclude={"id"}) | {
                "occurrence": f"extra {wanted} {number}",
                "uid": f"u{wanted}-{number}",
                "due": date(2026, 12, 1 + number % 28),
            }
            added = DeadlineRow(**values)
            session.add(added)
            session.flush()
            for part in parts:
                session.add(DeadlineParty(**part.model_dump(exclude={"deadline_id"}), deadline_id=added.id))


def test_what_a_covenant_is_called_and_how_its_mails_go_is_kept_at_the_desk(office, desk):
    page = "/c/terneuzen/gegevens"
    html = desk.page(page)
    first = dict(re.findall(r'<input id="veld-\w+" name="(\w+)" type="text" value="([^"]*)"', html))
    fields = {name: unescape(value) for name, value in first.items()} | {"regio": "zuid", "akkoord": ""}
    same = desk.submit(page, fields)
    wrong = [
        desk.submit(page, fields | change).text
        for change in ({"naam": ""}, {"afzender": "geen adres"}, {"uur": "laat"}, {"uur": "20:00"}, {"regio": "oost"})
    ]
    other = {"naam": "Afspraken Terneuzen", "telefoon": "0115", "akkoord": "ja", "uur": "9.30"}
    done = desk.submit(page, fields | other)
    with office.database.reading() as session:
        row = session.exec(select(Covenant).where(Covenant.slug == "terneuzen")).one()
    habits = {name: row.overrides[name] for name in ("approval", "send_hour", "school_region")}

    assert [one.status_code for one in (same, done)] == [303, 303]
    assert ["Er klopt iets niet" in text for text in wrong] == [True] * 5
    assert (row.name, row.phone) == ("Afspraken Terneuzen", "0115")
    assert habits == {"approval": "ja", "send_hour": "09:30", "school_region": "zuid"}
    assert row.overrides["steps"]
    assert row.sender == "Secretariaat prestatieafspraken Terneuzen <secretariaat@terneuzen.example>"
