"""Voortgang at the desk: who answered, an answer for somebody else, the light per theme, and a kept stand."""

from datetime import UTC, datetime
from io import BytesIO

import openpyxl
import pytest
from sqlmodel import col, func, select

from cycle.actions.answers.rounds.themes import theme_lights
from cycle.actions.letters.content.looking_back import look_back, term_of
from cycle.actions.office.covenant_view import view_of
from cycle.domain.model import Light
from cycle.store.tables import AnswerFile, AnswerRow, Message, ReminderRow, SnapshotLine
from tests.actions.mailbox import act, at
from tests.web.conftest import HTML

from .conftest import DIRECTOR, words_of

ROOM = "/c/terneuzen/voortgang"


@pytest.fixture
def asked(office, clock) -> tuple[int, str]:
    """A day on which the spring round has asked everybody; one line of it."""
    for day in ("2027-02-24", "2027-02-25"):
        act(office, at(day))
    clock.at = datetime(2027, 3, 2, 10, 0, tzinfo=UTC)
    with office.database.reading() as session:
        query = select(ReminderRow).where(ReminderRow.rung == "ask", ReminderRow.reason == "trekker")
        row = session.exec(query.order_by(col(ReminderRow.id))).first()
        return row.deadline_id, row.party


def test_before_the_round_nobody_was_asked(desk):
    assert "Er is nog niemand gevraagd." in words_of(desk.page(ROOM))


def test_who_answered_and_an_answer_for_somebody_else(office, asked, desk):
    deadline, party = asked
    before = words_of(desk.page(ROOM))
    assert "0 van" in before
    assert "geen bericht" in before
    with office.database.reading() as session:
        mails = session.exec(select(func.count()).select_from(Message)).one()
    path = f"{ROOM}/antwoord/{deadline}/{party}"
    wrong = desk.submit(path, {"stand": "oranje", "toelichting": "We wachten op cijfers."})
    right = desk.submit(path, {"stand": "oranje", "toelichting": "We wachten op cijfers.", "naam": "Jan"})

    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "Vul in wie dit liet weten." in wrong.text
    assert "We wachten op cijfers." in wrong.text
    page = words_of(desk.page(ROOM))
    assert "het antwoord van Jan is bewaard" in page
    assert "Jan (opgeschreven door secretariaat@terneuzen.example)" in page
    assert "1 oranje" in page
    with office.database.reading() as session:
        assert session.exec(select(func.count()).select_from(Message)).one() == mails
        assert session.exec(select(AnswerRow.stand)).all() == ["oranje"]


def test_a_stand_is_kept_once_and_goes_out_as_a_workbook(asked, desk, sign_in, clock):
    deadline, party = asked
    late = desk.submit(f"{ROOM}/bewaren", {"peildatum": "1-4-2027"})
    first = desk.submit(f"{ROOM}/bewaren", {"peildatum": "2-3-2027"})
    assert (late.status_code, first.status_code) == (422, 303)
    assert "moet nog komen" in late.text
    book = desk.get(f"{ROOM}/2027-03-02.xlsx", headers=HTML)
    pages = openpyxl.load_workbook(BytesIO(book.content)).sheetnames
    assert pages == ["Voortgang", "Wie antwoordde", "Over deze lijst"]
    assert sign_in(DIRECTOR).get(f"{ROOM}/2027-03-02.xlsx").status_code == 200
    assert desk.get(f"{ROOM}/2027-03-01.xlsx", headers=HTML).status_code == 404

    clock.at = datetime(2027, 3, 3, 10, 0, tzinfo=UTC)
    later = sign_in("secretariaat@terneuzen.example")
    later.submit(f"{ROOM}/antwoord/{deadline}/{party}", {"stand": "rood", "naam": "Jan"})
    page = words_of(later.page(ROOM))
    assert "was geen bericht" in page
    assert "gelijk" in page


def test_what_is_done_is_green_and_a_theme_is_as_bad_as_its_worst_row():
    class Row:
        def __init__(self, deadline, state, light):
            self.deadline, self.state, self.light = deadline, state, light

    kept = [
        SnapshotLine(
            snapshot_id=1, position=0, deadline_id=1, title="", party="x", asked_on=None, state="open", light="oranje"
        )
    ]
    rows = [Row(1, "open", "rood"), Row(2, "gereed", "geen bericht"), Row(3, "open", "geen bericht")]
    one, two, three = theme_lights(rows, kept, {1: "1", 2: "2", 3: "3"})

    assert [(line.light, line.change) for line in (one, two, three)] == [
        (Light.RED, "was oranje"),
        (Light.GREEN, "nieuw"),
        (Light.GREY, "nieuw"),
    ]


@pytest.mark.parametrize("path", ["antwoord/1/niemand", "antwoord/x/clavis", "antwoord/999999/clavis", "gisteren.xlsx"])
def test_what_is_not_there_is_404(desk, path):
    assert desk.get(f"{ROOM}/{path}", headers=HTML).status_code == 404


def test_words_and_files_are_for_the_secretariat_until_it_lets_them_go_line_by_line(office, asked, desk, sign_in):
    deadline, party = asked
    with office.database.writing() as session:
        session.add(answer_about(deadline, party, "De aannemer is failliet."))
        session.flush()
        session.add(AnswerFile(answer_id=1, name="plan.pdf", content=b"%PDF-1.7"))
        session.add(answer_about(deadline, "wzv", "Wij wachten nog."))
    director, path = sign_in(DIRECTOR), f"{ROOM}/zinnen"

    def seen() -> tuple[list[bool], list[str], int]:
        """What a director reads on three pages, what the look back says, and whether the file is there."""
        pages = (ROOM, f"/c/terneuzen/termijnen/{deadline}", "/c/terneuzen/jaar")
        shown = ["De aannemer is failliet." in words_of(director.page(one)) for one in pages]
        with office.database.reading() as session:
            view = view_of(session, office.settings, "terneuzen")
            told = look_back(session, view, term_of(session, view, None), at("2027-03-02").date())
        said = [action.last_words for row in told.agreements for action in row.actions if action.last_words]
        return shown, said, director.get("/c/terneuzen/antwoorden/1/bestand", headers=HTML).status_code

    mine = words_of(desk.page(path))
    assert ("De aannemer is failliet." in mine, "Wij wachten nog." in mine) == (True, True)
    assert seen() == ([False, False, False], [], 404)
    assert director.get(path, headers=HTML).status_code == 403

    done = desk.submit(path, {"getoond": ["1", "2"], "mag": ["1"]})

    assert "1 regel mag nu naar de partijen" in words_of(desk.page(done.headers["location"]))
    shown, said, status = seen()
    assert (shown[:2], status) == ([True, True], 200)
    assert [("failliet" in one, "wachten" in one) for one in said] == [(True, False)]
    desk.submit(path, {"getoond": ["1", "2"], "mag": ["2"]})
    with office.database.reading() as session:
        assert [bool(one) for one in session.exec(select(AnswerRow.released_at).order_by(AnswerRow.id))] == [
            False,
            True,
        ]


def answer_about(deadline: int, party: str, sentence: str) -> AnswerRow:
    return AnswerRow(
        covenant_id=1,
        deadline_id=deadline,
        party=party,
        person_id=1,
        stand="oranje",
        sentence=sentence,
        at=datetime(2027, 3, 2, 9, 0, tzinfo=UTC),
    )
