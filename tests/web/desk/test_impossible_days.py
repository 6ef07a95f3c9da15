"""Days that cannot be (0001, 0027, 9999): kept already, they break no page, feed or mail and can be mended at the desk;
typed anew, every door refuses them with a sentence by the field."""

import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from cycle.actions.deadlines.upkeep.listing import plan as plan_of
from cycle.actions.deadlines.upkeep.year_upkeep import keep_year
from cycle.actions.feeds import FeedScope, feed_of_address
from cycle.actions.mails.morning.reminding import plan_mails
from cycle.actions.mails.rehearsal.rehearsing import rehearse_year
from cycle.actions.office.office import Office
from cycle.actions.service.watch.health import examine
from cycle.store.tables import Absence, DeadlineRow, Membership, Person
from tests.actions.mailbox import at
from tests.lasting_names import numbered
from tests.web.conftest import HTML, find

from .conftest import SECRETARY, TREKKER, Desk, words_of
from .test_desk_downloads import walk
from .test_desk_people import person

HERE = "/c/terneuzen"
JANUARY = datetime(2027, 1, 5, 10, 0, tzinfo=UTC)
FIRST, LAST = "0001-01-01", "9999-12-31"
IMPOSSIBLE = [FIRST, "0027-03-31", LAST]


@pytest.fixture(autouse=True)
def _in_january(clock) -> None:
    clock.at = JANUARY


HELD = (
    'INSERT INTO meeting (covenant_id, body_id, deadline_id, state, day, start, "end", place, called_off_at)'
    " SELECT deadline.covenant_id, body_id, deadline.id"
)
OF = "FROM deadline JOIN action ON action.id = action_id WHERE title ="


def keep_everywhere(office: Office, day: str) -> None:
    """Such a day in each column of days that people fill, as it was possible before."""
    other = f'[{{"kind": "once", "window_start": "{day}", "due": "{day}", "per_year": null, "reason": "x"}}]'
    statements = [
        "UPDATE deadline SET due = :day WHERE title = 'Uitnodigingsbrief' AND occurrence = '2027'",
        "UPDATE deadline SET due = :day, moved_from = :day, state = 'done' WHERE title = 'Uitnodigingsbrief'"
        " AND occurrence = '2026'",
        "UPDATE deadline SET window_start = :day, due = :day, doubtful = true WHERE id IN"
        " (SELECT id FROM deadline WHERE origin = 'agreement' AND state = 'open' ORDER BY id LIMIT 2)",
        "UPDATE deadline SET due = :day, moved_from = :day WHERE id IN"
        " (SELECT id FROM deadline WHERE origin = 'agreement' AND state = 'open' ORDER BY id DESC LIMIT 2)",
        f"{HELD}, 'planned', :day, NULL, NULL, '', NULL {OF} 'Voorjaarsoverleg' AND occurrence = '2027'",
        "UPDATE deadline SET sequence = 2 WHERE title = 'Najaarsoverleg' AND occurrence = '2027'",
        f"{HELD}, 'cancelled', :day, NULL, '10:00:00', '', '2027-01-04 10:00:00' {OF} 'Najaarsoverleg'"
        " AND occurrence = '2027'",
        f"UPDATE reading SET due = :day, window_start = :day, until = :day, others = '{other}' WHERE id % 5 = 0",
        "UPDATE covenant SET signed_on = :day WHERE slug = 'terneuzen'",
        'UPDATE term SET start = :day, "end" = :day',
        f"UPDATE membership SET {'until' if day > '2' else 'since'} = :day WHERE role <> 'contact'",
    ]
    with office.database.writing() as session:
        for statement in statements:
            session.connection().execute(text(statement.replace(":day", f"'{day}'").replace(":", "\\:")))
        who = session.exec(select(Person).where(Person.email == TREKKER)).one()
        days = sorted([date.fromisoformat(day), date(2027, 1, 4)])
        session.add(Absence(person_id=who.id or 0, first=days[0], last=days[1]))
        dead = session.exec(select(Person).where(Person.email == "bestuur@shb.example")).one()
        dead.undeliverable_since = JANUARY
        session.add(dead)


@pytest.mark.parametrize(
    ("office", "day"),
    [*(("sqlite", day) for day in IMPOSSIBLE), *(("postgresql", day) for day in (FIRST, LAST))],
    indirect=["office"],
)
def test_what_is_kept_already_breaks_no_page_feed_or_mail(office: Office, sign_in, day):
    """On PostgreSQL with the two ends, beyond which it goes on and Python does not."""
    desk, trekker = sign_in(SECRETARY), sign_in(TREKKER)
    keep_everywhere(office, day)

    keep_year(office, JANUARY)
    plan_mails(office, at("2027-01-04"))
    plan_mails(office, at("2027-02-03"))
    rehearse_year(office, 2027, JANUARY)
    examine(office, JANUARY)
    with office.database.reading() as session:
        for year in (2026, 2027, 2028):
            plan_of(session, office.settings, "terneuzen", year, JANUARY.date())
    people = {"strategie@clavis.example", SECRETARY, "bestuur@shb.example", "wethouder@terneuzen.example"}
    feeds = [feed_of_address(office, who, JANUARY, scope) for who in people for scope in FeedScope]
    pages = walk(desk, f"{HERE}/jaar", HERE, few=2, files=1) | walk(trekker, "/mij", few=2, files=1)
    for words in ("stand=alles", "stand=nog-niet-afgemeld", "stand=twijfel", "zoek=brief", "tot=2027-12-31"):
        desk.page(f"{HERE}/termijnen?{words}")

    assert all(feed.startswith(b"BEGIN:VCALENDAR") for feed in feeds)
    assert len(pages) > 40


@pytest.mark.parametrize("day", IMPOSSIBLE)
def test_what_is_kept_already_can_be_mended_at_the_desk(office: Office, desk: Desk, day):
    letter, spring = (find(office, title, date(2027, 1, 1)) for title in ("Uitnodigingsbrief", "Voorjaarsoverleg"))
    who = person(office, TREKKER)
    keep_everywhere(office, day)
    with office.database.reading() as session:
        seat = session.exec(select(Membership).where(Membership.person_id == who, Membership.role == "trekker")).one()
        absence = session.exec(select(Absence)).one()

    done = [
        desk.submit(f"{HERE}/termijnen/{letter}/verplaatsen", {"dag": "31-3-2027", "reden": "Een tikfout."}),
        desk.submit(f"{HERE}/overleggen/{spring}/plannen", {"dag": "13-4-2027"}),
        desk.submit(f"{HERE}/mensen/plaatsen/{seat.id}", {"vanaf": "1-1-2026", "tot": "", "themas": "1"}),
        desk.submit(f"{HERE}/mensen/{who}/afwezig/{absence.id}/weg", {"zeker": "ja"}),
    ]

    assert [words_of(answer.text) for answer in done if answer.status_code != 303] == []
    with office.database.reading() as session:
        rows = {
            row.id: row for row in session.exec(select(DeadlineRow).where(col(DeadlineRow.id).in_([letter, spring])))
        }
        mended = session.get_one(Membership, seat.id)
        assert (rows[letter].due, rows[spring].meeting_day) == (date(2027, 3, 31), date(2027, 4, 13))
        assert (mended.since, mended.until, session.exec(select(Absence)).all()) == (date(2026, 1, 1), None, [])


MISTYPED = ["1-1-0001", "31-3-0027", "2999-01-01", "31-12-9999"]
CANNOT_BE = "kan niet kloppen. Kies een dag van"
ON_ONE_ENGINE = pytest.mark.parametrize("office", ["sqlite"], indirect=True)
"""Such a day is refused where the form is read, before a database hears of it."""


@ON_ONE_ENGINE
@pytest.mark.parametrize("day", MISTYPED)
def test_no_form_of_the_desk_takes_such_a_day_and_each_says_so_by_its_field(office: Office, desk: Desk, day):
    letter, spring = (find(office, title, date(2027, 1, 1)) for title in ("Uitnodigingsbrief", "Voorjaarsoverleg"))
    who = person(office, TREKKER)
    with office.database.reading() as session:
        seat = session.exec(select(Membership).where(Membership.person_id == who)).first()
        before = [row.model_dump() for row in session.exec(select(DeadlineRow).order_by(DeadlineRow.id))]
    agreement = str(numbered(office, "5.3"))
    reason, decision = {"reden": "Een proef."}, {"besluit": "Het moet.", "afspraak": agreement, "nieuwe-dag": day}
    forms = {
        f"termijnen/{letter}/verplaatsen": {"dag": day} | reason,
        "termijnen/samen": {"kies": str(letter), "besluit": "verplaatsen", "dag": day} | reason,
        f"overleggen/{spring}/plannen": {"dag": day},
        f"overleggen/{spring}/besluit": decision | {"gevolg": "nieuwe termijn"},
        "mensen/toevoegen": {"naam": "N", "adres": "n@x.example", "partij": "wzv", "rol": "reader", "vanaf": day},
        f"mensen/plaatsen/{seat.id}": {"tot": day},
        f"mensen/{who}/plaats": {"partij": "wzv", "rol": "reader", "tot": day},
        f"mensen/{who}/afwezig": {"vanaf": day, "tot": day},
        f"mensen/{who}/vertrek": {"laatste": day, "opvolger": "niemand"},
        "voortgang/bewaren": {"peildatum": day},
        "uitnodigingsbrief/2027/elders": {"verstuurd-op": day, "bewijs": "Per post."},
    }

    answers = {path: desk.submit(f"{HERE}/{path}", data) for path, data in forms.items()}
    filters = [
        f"termijnen?van={day}",
        f"termijnen?tot={day}",
        f"logboek?van={day}&tot={day}",
        f"post/gepland?tot={day}",
    ]
    filtered = {path: desk.get(f"{HERE}/{path}", headers=HTML) for path in filters}

    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code != 422} == {}
    assert [path for path, answer in answers.items() if CANNOT_BE not in answer.text] == []
    assert [path for path, answer in answers.items() if day not in answer.text] == []  # what was typed stays
    assert {path: answer.status_code for path, answer in filtered.items() if answer.status_code != 200} == {}
    assert [path for path, answer in filtered.items() if CANNOT_BE not in answer.text and "2999" not in day] == []
    with office.database.reading() as session:
        assert [row.model_dump() for row in session.exec(select(DeadlineRow).order_by(DeadlineRow.id))] == before


@ON_ONE_ENGINE
@pytest.mark.parametrize("day", MISTYPED)
def test_a_phrase_is_not_settled_on_such_a_day(office: Office, desk: Desk, day):
    page = desk.page(f"{HERE}/termijnen/afhandelen")
    [first, *_] = re.findall(r'name="lezing-(\d+)"', page)
    answer = desk.submit(f"{HERE}/termijnen/twijfel", {f"lezing-{first}": "anders", f"anders-{first}": day})

    assert (answer.status_code, CANNOT_BE in answer.text) == (422, True)


YEARS = ("0000", "0001", "9999", "10000", "-1", "٢٠٢٧", "2027.0")


def test_a_year_in_an_address_that_cannot_be_is_a_page_and_never_a_fault(desk: Desk):
    paths = [
        "/?jaar={}",
        "/c/terneuzen?jaar={}",
        "/c/terneuzen/jaar?jaar={}",
        "/c/terneuzen/overleggen?jaar={}",
        "/c/terneuzen/uitnodigingsbrief?jaar={}",
        "/c/terneuzen/uitnodigingsbrief/{}/brief.pdf",
        "/c/terneuzen/post/gepland/{}-01-01/1",
        "/c/terneuzen/voortgang/{}-01-01.xlsx",
    ]
    asked = [path.format(year) for path in paths for year in YEARS]
    answers = {path: desk.get(path, headers=HTML).status_code for path in asked}

    assert {path: code for path, code in answers.items() if code not in (200, 404)} == {}
