"""What hangs on a meeting or another day of the covenant: asked until that day is known, and then it follows it."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from cycle.actions.deadlines.deciding.closing import settle
from cycle.actions.deadlines.meeting.planned_meetings import cancel_meeting, move_meeting, set_meeting
from cycle.actions.deadlines.upkeep.listing import plan
from cycle.actions.deadlines.upkeep.year_upkeep import keep_year
from cycle.actions.mails.rehearsal.rehearsing import rehearse_year
from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.office import Office
from cycle.actions.register.reading_in.importing import import_files
from cycle.actions.settling.deciding import confirm_reading, set_reading
from cycle.actions.settling.to_decide import readings_words, unsettled
from cycle.domain.model import State
from cycle.domain.progress_questions import QUESTION
from cycle.intake.register_table import COLUMNS
from cycle.store.ids import id_of
from cycle.store.register import reading_value
from cycle.store.tables import Covenant, DeadlineRow, ReadingRow, Term
from tests.conftest import NOVEMBER

BY = "secretariaat@terneuzen.example"
TITLE = "Proefding"


def taken_in(office: Office, folder: Path, phrase: str) -> ReadingRow:
    """The reading of one agreement that is asked in these words, as the register keeps it."""
    row = f"9.1;9;{TITLE};{TITLE}.;Gemeente;{phrase};;;;"
    (folder / "proef.csv").write_text("\n".join((";".join(COLUMNS), row)) + "\n", encoding="utf-8")
    import_files(office, [folder / "proef.csv"], None, NOVEMBER, by=BY)
    with office.database.reading() as session:
        return session.exec(select(ReadingRow).where(ReadingRow.phrase == phrase)).one()


def deadlines_of(office: Office) -> dict[str, DeadlineRow]:
    with office.database.reading() as session:
        rows = session.exec(select(DeadlineRow).where(DeadlineRow.title == TITLE))
        return {row.occurrence: row for row in rows if row.occurrence != QUESTION}


def meeting(office: Office, step: str, year: int) -> int:
    with office.database.reading() as session:
        items = plan(session, office.settings, None, year, date(2026, 11, 21))
    [found] = [one.id for one in items if one.title == step and one.origin == "step"]
    assert found is not None
    return found


def asked(office: Office) -> list[str]:
    with office.database.reading() as session:
        waiting = unsettled(session, view_of(session, office.settings, None))
    return [one.readings[0].reason for one in waiting.doubts if one.number == "9.1"]


def days(row: DeadlineRow) -> tuple[date | None, date | None, bool]:
    return row.window_start, row.due, row.doubtful


def test_until_the_meeting_has_a_day_it_is_asked_and_afterwards_it_follows(example: Office, tmp_path: Path) -> None:
    row = taken_in(example, tmp_path, "twee weken na het voorjaarsoverleg")
    spring = meeting(example, "Voorjaarsoverleg", 2027)
    open_days = date(2027, 4, 15), date(2027, 5, 14), True
    before = deadlines_of(example)["2027-voorjaarsoverleg"]

    assert readings_words(reading_value(row)) == "2 weken na voorjaarsoverleg, zodra die dag bekend is"
    assert asked(example) == ["twee weken na het voorjaarsoverleg: hangt af van het voorjaarsoverleg"]
    assert days(before) == open_days

    set_meeting(example, spring, date(2027, 4, 22), NOVEMBER, by=BY)
    set_to = deadlines_of(example)["2027-voorjaarsoverleg"]
    assert (days(set_to), asked(example)) == ((None, date(2027, 5, 6), False), [])

    move_meeting(example, spring, date(2027, 4, 15), NOVEMBER, by=BY)
    moved = deadlines_of(example)["2027-voorjaarsoverleg"]
    assert days(moved) == (None, date(2027, 4, 29), False)

    cancel_meeting(example, spring, NOVEMBER, by=BY)
    called_off = deadlines_of(example)["2027-voorjaarsoverleg"]
    assert (days(called_off), len(asked(example))) == (open_days, 1)

    rows = [before, set_to, moved, called_off]
    assert len({one.uid for one in rows}) == 1
    assert [one.sequence for one in rows] == [0, 1, 2, 3]


def test_the_leads_are_told_of_the_day_that_follows_from_the_meeting(example: Office, tmp_path: Path) -> None:
    taken_in(example, tmp_path, "vier weken vóór het najaarsoverleg")

    def told() -> set[date]:
        mails = rehearse_year(example, 2027, NOVEMBER)
        rows = [mail.rows[line.deadline] for mail in mails for line in mail.digest.reminders]
        return {row.due for row in rows if row.title == TITLE and row.due is not None and not row.doubtful}

    before = told()
    set_meeting(example, meeting(example, "Najaarsoverleg", 2027), date(2027, 10, 14), NOVEMBER, by=BY)

    assert (before, told()) == (set(), {date(2027, 9, 16)})
    assert [(name, row.due) for name, row in deadlines_of(example).items() if not row.doubtful] == [
        ("2027-najaarsoverleg", date(2027, 9, 16))
    ]


def test_what_people_did_stays_when_the_meeting_moves(example: Office, tmp_path: Path) -> None:
    taken_in(example, tmp_path, "twee weken na het voorjaarsoverleg")
    spring = meeting(example, "Voorjaarsoverleg", 2027)
    set_meeting(example, spring, date(2027, 4, 22), NOVEMBER, by=BY)
    settle(example, id_of(deadlines_of(example)["2027-voorjaarsoverleg"]), State.DONE, NOVEMBER, by=BY)

    move_meeting(example, spring, date(2027, 4, 8), NOVEMBER, by=BY)
    cancel_meeting(example, spring, NOVEMBER, by=BY)
    import_files(example, [tmp_path / "proef.csv"], None, NOVEMBER, by=BY, yes=True)

    done = deadlines_of(example)["2027-voorjaarsoverleg"]
    assert (done.state, done.due) == ("done", date(2027, 5, 6))


@pytest.mark.parametrize(
    ("phrase", "fields", "wanted"),
    [
        ("drie maanden na ondertekening", {"signed_on": date(2026, 12, 15)}, {"once": date(2027, 3, 15)}),
        ("uiterlijk een half jaar voor einde looptijd", {"end": date(2027, 12, 31)}, {"once": date(2027, 6, 30)}),
        (
            "binnen 6 weken na inwerkingtreding van het convenant",
            {"start": date(2027, 1, 1)},
            {"once": date(2027, 2, 12)},
        ),
    ],
)
def test_the_days_of_the_covenant_itself_are_known(
    example: Office, tmp_path: Path, phrase: str, fields: dict[str, date], wanted: dict[str, date]
) -> None:
    with example.database.writing() as session:
        covenant, term = session.exec(select(Covenant)).one(), session.exec(select(Term)).one()
        for name, day in fields.items():
            setattr(covenant if name == "signed_on" else term, name, day)
        session.add(term)

    taken_in(example, tmp_path, phrase)

    assert ({name: row.due for name, row in deadlines_of(example).items()}, asked(example)) == (wanted, [])


def test_school_holidays_are_known_where_the_region_is_chosen(example: Office, tmp_path: Path) -> None:
    taken_in(example, tmp_path, "vóór de zomervakantie")
    south = {name: row.due for name, row in deadlines_of(example).items()}
    with example.database.writing() as session:
        covenant = session.exec(select(Covenant)).one()
        covenant.overrides = covenant.overrides | {"school_region": "noord"}
    keep_year(example, NOVEMBER)

    assert south == {"2027-zomervakantie": date(2027, 7, 23), "2028-zomervakantie": date(2028, 7, 21)}
    assert {name: row.due for name, row in deadlines_of(example).items()} == {
        "2027-zomervakantie": date(2027, 7, 9),
        "2028-zomervakantie": date(2028, 7, 14),
    }
    assert asked(example) == []


def test_what_nobody_knows_the_day_of_is_asked_and_gets_the_day_that_a_person_gives(
    example: Office, tmp_path: Path
) -> None:
    row = taken_in(example, tmp_path, "binnen 6 weken na vaststelling van de begroting")
    was = asked(example)

    set_reading(example, id_of(row), "2027-12-20", NOVEMBER, by=BY)

    assert was == ["binnen 6 weken na vaststelling van de begroting: hangt af van vaststelling van de begroting"]
    assert asked(example) == []
    assert {name: row.due for name, row in deadlines_of(example).items() if row.asked == "yes"} == {
        "once": date(2027, 12, 20)
    }


def test_a_person_can_confirm_that_it_hangs_on_the_meeting(example: Office, tmp_path: Path) -> None:
    row = taken_in(example, tmp_path, "binnen 6 weken na het voorjaarsoverleg")

    confirm_reading(example, id_of(row), NOVEMBER, by=BY)
    set_meeting(example, meeting(example, "Voorjaarsoverleg", 2027), date(2027, 4, 1), NOVEMBER, by=BY)

    assert asked(example) == []
    assert days(deadlines_of(example)["2027-voorjaarsoverleg"]) == (None, date(2027, 5, 13), False)
