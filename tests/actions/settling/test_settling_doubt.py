"""What the secretariat settles: doubtful phrases, what was due before go-live, and the list to fill in."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlmodel import col, select

from cycle.actions.deadlines.deciding.closing import move, settle
from cycle.actions.deadlines.upkeep.year_upkeep import keep_year
from cycle.actions.mails.rehearsal.rehearsing import rehearse_year
from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.office import Office
from cycle.actions.register.reading_in.importing import import_files, import_folder
from cycle.actions.settling.deciding import carry, confirm_reading, set_reading
from cycle.actions.settling.decision_sheet import COLUMNS, read_settle_list, write_settle_list
from cycle.actions.settling.to_decide import BEFORE_LIVE, Unsettled, unsettled
from cycle.domain.model import State
from cycle.domain.status import state_words
from cycle.errors import NotFound, Refused
from cycle.store.tables import DeadlineRow, ReadingRow
from tests.actions.mailbox import at
from tests.conftest import EXAMPLE
from tests.decided import decided
from tests.lasting_names import with_ref

NOW = at("2026-11-23")
SECRETARY = "secretariaat@terneuzen.example"


def found(office: Office) -> Unsettled:
    with office.database.reading() as session:
        return unsettled(session, view_of(session, office.settings, None))


def doubt(office: Office, phrase: str) -> int:
    return next(one.id for one in found(office).doubts if one.phrase == phrase)


def reading(office: Office, reading_id: int) -> ReadingRow:
    with office.database.reading() as session:
        return session.exec(select(ReadingRow).where(ReadingRow.id == reading_id)).one()


def deadline_of(office: Office, ref: str) -> DeadlineRow:
    with office.database.reading() as session:
        [row] = with_ref(session, ref)
        return row


def with_agenda(office: Office, tmp_path: Path, *lines: str, name: str = "agenda.md", year: int = 2022) -> Path:
    """A document with only an agenda, in the form of a Markdown table."""
    file = tmp_path / name
    head = [f"# Uitvoeringsagenda {year}-{year + 1}", "", "| Nr. | Onderwerp | Actie | Trekker | Planning |"]
    file.write_text("\n".join([*head, "|---|---|---|---|---|", *lines, ""]), encoding="utf-8")
    return file


def test_the_list_has_every_doubt_with_its_readings_and_place_and_what_was_due_before_go_live(example: Office) -> None:
    listed = found(example)

    assert [one.as_json() for one in listed.doubts if one.number == "1.1.2"] == [
        {
            "id": doubt(example, "najaar 2022"),
            "number": "1.1.2",
            "phrase": "najaar 2022",
            "topic": "Gezamenlijk inzicht in ontwikkelingen woningmarkt",
            "leads": ["clavis", "wzv"],
            "readings": listed.doubts[1].as_json()["readings"],
            "reason": listed.doubts[1].readings[0].reason,
            "text": "Volg samen de cijfers over verhuur en wachttijd.",
            "source": "agreements.csv, regel 3",
        }
    ]
    assert [one.due for one in listed.doubts[1].readings] == [date(2022, 11, 30), date(2022, 12, 20)]
    assert {one.why for one in listed.actions} == {BEFORE_LIVE}
    assert all(one.due and one.due < date(2026, 11, 1) for one in listed.actions)
    assert "5.3" not in {one.number for one in listed.doubts}  # the framework's own day decides


def test_a_confirmed_reading_is_certain_keeps_name_and_time_and_its_deadline_follows(example: Office) -> None:
    which = doubt(example, "najaar 2022")

    done = confirm_reading(example, which, NOW, by=SECRETARY, choice=2)
    again = confirm_reading(example, which, NOW, by=SECRETARY, choice=2)

    row, deadline = reading(example, which), deadline_of(example, "1.1.2:agenda:najaar-2022")
    assert (done.changed, done.words) == (True, "bevestigd: 21 september tot en met 20 december 2022")
    assert (again.changed, again.words) == (False, "was al bevestigd: 21 september tot en met 20 december 2022")
    assert (row.doubtful, row.confirmed_by, row.confirmed_at, row.due) == (False, SECRETARY, NOW, date(2022, 12, 20))
    assert (deadline.doubtful, deadline.due, deadline.state) == (False, date(2022, 12, 20), "open")
    assert which not in {one.id for one in found(example).doubts}
    with example.database.reading() as session:
        noted = [one for one in decided(session) if one.verb == "bevestigd"]
    assert [(one.by, one.at, one.about) for one in noted] == [(SECRETARY, NOW, f"lezing {which}")]


def test_a_reading_survives_another_import_once_it_is_confirmed(example: Office) -> None:
    which = doubt(example, "najaar 2022")
    set_reading(example, which, "2027-05-14", NOW, by=SECRETARY)

    report = import_folder(example, EXAMPLE, NOW)

    assert (report.differences.any, reading(example, which).due) == (False, date(2027, 5, 14))
    assert deadline_of(example, "1.1.2:agenda:najaar-2022").due == date(2027, 5, 14)


@pytest.mark.parametrize(
    ("when", "on", "due"),
    [
        ("2027-03-01", None, date(2027, 3, 1)),
        ("uiterlijk 1 juli", None, date(2022, 7, 1)),
        ("uiterlijk 1 juli", 2027, date(2027, 7, 1)),
        ("mei 2027", None, date(2027, 5, 31)),
        ("geen", None, None),
    ],
)
def test_a_phrase_gets_a_day_or_words_read_from_the_year_of_the_convention(
    quick_example: Office, when: str, on: int | None, due: date | None
) -> None:
    which = doubt(quick_example, "najaar 2022")

    set_reading(quick_example, which, when, NOW, on=on)

    assert (reading(quick_example, which).due, reading(quick_example, which).doubtful) == (due, False)


@pytest.mark.parametrize("when", ["najaar 2027", "zodra het kan", "2027-02-31", ""])
def test_words_that_leave_a_doubt_are_refused_and_nothing_changes(quick_example: Office, when: str) -> None:
    which = doubt(quick_example, "najaar 2022")

    with pytest.raises(Refused):
        set_reading(quick_example, which, when, NOW)

    assert reading(quick_example, which).confirmed_by == ""


def test_a_reading_that_is_not_there_is_a_sentence(quick_example: Office) -> None:
    with pytest.raises(NotFound, match="L999999 bestaat niet"):
        confirm_reading(quick_example, 999_999, NOW)


def test_until_it_is_settled_a_doubt_goes_to_the_secretariat_only_and_is_never_late(
    example: Office, tmp_path: Path
) -> None:
    line = (
        "| 1.1.2 | Gezamenlijk inzicht in ontwikkelingen woningmarkt | Deel de cijfers | Corporaties | voorjaar 2027 |"
    )
    import_files(example, [with_agenda(example, tmp_path, line)], None, NOW)
    row = deadline_of(example, "1.1.2:agenda:voorjaar-2027")
    told = [
        (mail.to.email, line.rung)
        for mail in rehearse_year(example, 2027, NOW)
        for line in mail.digest.reminders
        if line.deadline == row.id
    ]

    assert (row.doubtful, told) == (True, [(SECRETARY, "settle")])
    assert state_words(State.OPEN, row.due, date(2028, 1, 1), doubtful=row.doubtful) == "open"

    set_reading(example, doubt(example, "voorjaar 2027"), "2027-05-31", NOW, by=SECRETARY)
    told = [
        mail.to.email
        for mail in rehearse_year(example, 2027, NOW)
        for line in mail.digest.reminders
        if line.deadline == row.id
    ]
    assert {"strategie@clavis.example", "beleid@woongoed.example"} <= set(told)


def test_a_moved_deadline_stays_certain_when_the_year_is_kept_again(example: Office) -> None:
    row = deadline_of(example, "1.1.2:agenda:najaar-2022")
    move(example, row.id or 0, date(2027, 5, 14), NOW)

    keep_year(example, NOW)

    again = deadline_of(example, "1.1.2:agenda:najaar-2022")
    assert (again.due, again.doubtful, again.kind) == (date(2027, 5, 14), False, "action")


def test_a_carried_action_is_asked_of_its_trekkers_again(example: Office) -> None:
    row = deadline_of(example, "2.1:agenda:2022")

    first = carry(example, row.id or 0, date(2027, 6, 30), NOW, by=SECRETARY)
    again = carry(example, row.id or 0, date(2027, 6, 30), NOW, by=SECRETARY)

    moved = deadline_of(example, "2.1:agenda:2022")
    assert (first.words, again.words) == (
        "doorgeschoven naar woensdag 30 juni 2027",
        "stond al op woensdag 30 juni 2027",
    )
    assert (moved.uid, moved.due, moved.next_moment is not None) == (row.uid, date(2027, 6, 30), True)
    with pytest.raises(Refused, match="al voorbij"):
        carry(example, row.id or 0, date(2026, 1, 1), NOW)


def filled(file: Path, decisions: dict[str, tuple[str, object]]) -> Path:
    """The list with decisions in it, as somebody fills it in with a spreadsheet; by the words of the phrase."""
    book = openpyxl.load_workbook(file)
    page = book["Af te handelen"]
    heads = [cell.value for cell in page[1]]
    for row in page.iter_rows(min_row=2):
        cells = dict(zip(heads, row, strict=True))
        key = f"{cells['nummer'].value} {cells['woorden'].value}"
        if key in decisions:
            cells["besluit"].value, cells["datum"].value = decisions[key]
    book.save(file)
    return file


def test_a_filled_in_list_is_carried_out_with_its_faults_by_row_and_twice_changes_nothing(
    example: Office, tmp_path: Path
) -> None:
    file = tmp_path / "af te handelen.xlsx"
    count = write_settle_list(example, None, file)
    decisions = {
        "1.1.2 najaar 2022": ("lezing 1", None),
        "1.1.6 periodiek": ("vervallen", None),
        "2.2 In 2024 is bekend": ("datum", "mei 2027"),
        "2.1 2022": ("gedaan", None),
        "1.1.9 eind 2022": ("Vervallen", ""),
        "3.8 2022": ("doorschuiven naar", date(2027, 6, 30)),
        "2.8 2023": ("gedaan", None),
        "3.7 2023": ("gedan", None),
        "4.1 2022": ("doorschuiven naar", "2020-01-01"),
        "4.3 2023": ("doorschuiven naar", None),
    }

    first = read_settle_list(example, None, filled(file, decisions), NOW, by=SECRETARY)
    rows = dump(example)
    again = read_settle_list(example, None, file, NOW, by=SECRETARY)

    assert count == len(found(example).doubts) + len(found(example).actions) + 6
    assert [one.changed for one in first.decided].count(True) == len(first.decided) == 9  # 2.8 has three leads
    assert [fault.what for fault in first.faults] == [fault.what for fault in again.faults]
    assert sorted(fault.what for fault in first.faults) == [
        "2020-01-01 is al voorbij.",
        "De kolom datum is leeg.",
        "Het besluit 'gedan' is onbekend.",
    ]
    assert all(fault.place.startswith("af te handelen.xlsx, blad Af te handelen, rij ") for fault in first.faults)
    assert [one.changed for one in again.decided].count(True) == 0
    assert dump(example) == rows
    states = {ref: (deadline_of(example, ref).state, deadline_of(example, ref).due) for ref in STATES}
    assert states == STATES


STATES = {
    "2.1:agenda:2022": ("done", date(2022, 12, 31)),
    "2.8:agenda:2023": ("done", date(2023, 12, 31)),
    "1.1.9:agenda:eind-2022": ("dropped", date(2022, 12, 31)),
    "3.8:agenda:2022": ("open", date(2027, 6, 30)),
    "2.2:raam:in-2024-is-bekend": ("open", date(2027, 5, 31)),
}


def dump(office: Office) -> list[object]:
    """Everything that decisions touch."""
    with office.database.reading() as session:
        rows = session.exec(select(DeadlineRow).order_by(col(DeadlineRow.id))).all()
        readings = session.exec(select(ReadingRow).order_by(col(ReadingRow.id))).all()
        return [*(one.model_dump() for one in (*rows, *readings)), *(one._asdict() for one in decided(session))]


def test_the_list_offers_the_decisions_and_holds_no_formula(quick_example: Office, tmp_path: Path) -> None:
    write_settle_list(quick_example, None, tmp_path / "lijst.xlsx")

    page = openpyxl.load_workbook(tmp_path / "lijst.xlsx")["Af te handelen"]

    [offer] = page.data_validations.dataValidation
    letter = "ABCDEFGHIJKLM"[[column.head for column in COLUMNS].index("besluit")]
    assert offer.formula1 == '"gedaan,vervallen,doorschuiven naar,datum,lezing 1,lezing 2,lezing 3"'
    assert str(offer.sqref) == f"{letter}2:{letter}{page.max_row}"
    assert {cell.data_type for row in page for cell in row} <= {"s", "n"}


def test_what_was_done_meanwhile_is_not_dropped_by_an_old_list(quick_example: Office, tmp_path: Path) -> None:
    write_settle_list(quick_example, None, tmp_path / "lijst.xlsx")
    row = deadline_of(quick_example, "2.1:agenda:2022")
    settle(quick_example, row.id or 0, State.DONE, NOW)

    applied = read_settle_list(
        quick_example, None, filled(tmp_path / "lijst.xlsx", {"2.1 2022": ("vervallen", None)}), NOW
    )

    assert [fault.what for fault in applied.faults] == ["Warmtenet businesscase is al gedaan."]
    assert deadline_of(quick_example, "2.1:agenda:2022").state == "done"
