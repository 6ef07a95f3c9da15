"""Export and back: the same register, in both formats, whatever the texts are; and never a formula."""

import csv
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlmodel import select

from cycle.actions.answers.rounds.asked_list import mark_standing
from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.office import Office
from cycle.actions.register.reading_in.importing import import_files, import_folder
from cycle.actions.register.writing_out.exporting import export_register
from cycle.actions.register.writing_out.folder_exporting import export_folder
from cycle.actions.settling.deciding import confirm_reading, set_reading
from cycle.errors import CycleError, Refused
from cycle.intake.register_table import joined_phrases, split_phrases
from cycle.sheets import Column, Sheet, write_sheets
from cycle.store import register
from cycle.store.tables import AgreementRow, DeadlineRow
from tests.actions.mailbox import at
from tests.actions.register.test_importing import folder_with, needs_seeds
from tests.actions.settling.test_settling_doubt import doubt, with_agenda
from tests.conftest import EXAMPLE, SEEDS
from tests.lasting_names import with_ref

NOW = at("2026-11-23")
NASTY = (
    '=HYPERLINK("http://evil")',
    "+31 6",
    "-1",
    "@SUM(A1)",
    "'=al veilig",
    "''-twee",
    "#N/A",
    "_x0041_",
    "1.10",
    "TRUE",
    "regel 1\nregel 2",
    "a;b\"c'd",
    "'groen voor grijs'",
    "é’–😀",
    "<b>&amp;</b>",
    "a | b \\ c",
    "\ttab\r\nwagen",
)


def content(office: Office) -> list[object]:
    """The register without the numbers that a database gives."""
    with office.database.reading() as session:
        here = view_of(session, office.settings, None)
        rows = register.agreement_rows(session, here.id)
        numbers = {row.id: row.number for row in rows}
        own = {"id", "covenant_id", "agreement_id", "action_id", "slot", "position"}
        return [row.model_dump(exclude=own) for row in rows] + [
            {"number": numbers[one.agreement_id]} | one.model_dump(exclude=own)
            for one in sorted(register.reading_rows(session, here.id), key=lambda one: (one.agreement_id, one.ref))
        ]


def make_nasty(office: Office) -> None:
    with office.database.writing() as session:
        for row, text in zip(session.exec(select(AgreementRow).order_by(AgreementRow.number)), NASTY, strict=False):
            row.text = row.agenda_text = row.topic = row.agenda_topic = text.replace("\r\n", "\n").strip()
            session.add(row)


@pytest.mark.parametrize("name", ["register.csv", "register.xlsx"])
def test_export_and_import_give_no_difference_and_restore_an_empty_register(
    quick_office: Office, tmp_path: Path, name: str
) -> None:
    import_folder(quick_office, EXAMPLE, NOW)
    line = "| 2.1 | Warmtenet businesscase | Reken verder | Gemeente | eind 2027 |"
    import_files(quick_office, [with_agenda(quick_office, tmp_path, line, year=2026)], None, NOW)
    confirm_reading(quick_office, doubt(quick_office, "in de periode 2022-2025"), NOW, by="a@b.example", choice=2)
    set_reading(quick_office, doubt(quick_office, "periodiek"), "2027-05-14", NOW, by="a@b.example")
    make_nasty(quick_office)
    before = content(quick_office)

    count = export_register(quick_office, None, tmp_path / name)
    report = import_files(quick_office, [tmp_path / name], None, NOW, yes=True)

    assert (count, len(report.differences.unchanged), report.differences.changes) == (55, 55, ())
    assert (report.differences.gone, report.problems, content(quick_office)) == ((), (), before)

    with quick_office.database.writing() as session:
        for table in (DeadlineRow, AgreementRow):
            forget(session, table)
    again = import_files(quick_office, [tmp_path / name], None, NOW)
    assert (len(again.differences.new), content(quick_office)) == (55, before)


def forget(session: object, table: type) -> None:
    """Empties the register with all that hangs on it."""
    names = "deadline_party deadline reading membership_agreement action_source action agreement"
    for name in names.split():
        session.connection().exec_driver_sql(f"DELETE FROM {name}")  # type: ignore[attr-defined]


@needs_seeds
@pytest.mark.parametrize("name", ["register.csv", "register.xlsx"])
def test_a_register_from_the_real_documents_comes_back_the_same(example: Office, tmp_path: Path, name: str) -> None:
    import_files(example, sorted(SEEDS.glob("*.txt")), None, NOW)

    export_register(example, None, tmp_path / name)
    report = import_files(example, [tmp_path / name], None, NOW)

    assert (len(report.differences.unchanged), report.differences.changes, report.problems) == (55, (), ())


def test_no_cell_of_an_export_is_a_formula(quick_example: Office, tmp_path: Path) -> None:
    make_nasty(quick_example)
    for name in ("register.csv", "register.xlsx"):
        export_register(quick_example, None, tmp_path / name)

    book = openpyxl.load_workbook(tmp_path / "register.xlsx")
    with (tmp_path / "register.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file, delimiter=";") for cell in row]

    assert {cell.data_type for page in book for row in page for cell in row} <= {"s", "n"}
    assert {cell.value for row in book["Register"] for cell in row if cell.data_type == "n"} == {None}
    assert [cell for cell in cells if cell[:1] in tuple("=+-@\t\r") and cell] == []


def test_an_older_table_without_the_new_columns_still_comes_in(quick_office: Office, tmp_path: Path) -> None:
    report = import_folder(quick_office, folder_with(tmp_path), NOW)

    assert (len(report.differences.new), report.problems) == (55, ())


def test_a_damaged_column_is_a_fault_and_the_words_count(quick_example: Office, tmp_path: Path) -> None:
    set_reading(quick_example, doubt(quick_example, "najaar 2022"), "2027-05-14", NOW, by="a@b.example")
    export_register(quick_example, None, tmp_path / "register.csv")
    text = (tmp_path / "register.csv").read_text(encoding="utf-8")
    (tmp_path / "register.csv").write_text(text.replace('"{""', '"{"', 1), encoding="utf-8")

    report = import_files(quick_example, [tmp_path / "register.csv"], None, NOW)

    assert [fault.what for fault in report.problems] == ["De kolom lezingen is beschadigd."]


@pytest.mark.parametrize("phrases", [["a"], ["a", "b"], ["a | b", "c\\"], ["\\|", "x"], []])
def test_phrases_in_one_cell_come_apart_as_they_went_in(phrases: list[str]) -> None:
    assert split_phrases(joined_phrases(phrases)) == phrases


def test_a_file_of_another_kind_or_in_no_folder_is_a_sentence(quick_example: Office, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="geen CSV of XLSX"):
        export_register(quick_example, None, tmp_path / "register.ods")
    with pytest.raises(CycleError, match="niet te schrijven"):
        export_register(quick_example, None, tmp_path / "weg" / "register.csv")


def test_a_text_that_excel_would_cut_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="te lang voor Excel"):
        write_sheets(tmp_path / "x.xlsx", [Sheet("x", (Column("a"),), [("x" * 40_000,)])])


def test_dates_are_read_from_the_first_year_of_the_agenda(quick_example: Office, tmp_path: Path) -> None:
    file = tmp_path / "agenda.csv"
    file.write_text(
        "nummer;thema;onderwerp;afspraak;trekker;termijnen;agenda_nummer;agenda_trekker;agenda_datum;agenda_termijnen;"
        "agenda_jaar\n2.1;2;Warmtenet businesscase;Reken uit of het warmtenet uit kan.;Gemeente;;2.1;Gemeente;"
        "uiterlijk 1 juli;;2027\n",
        encoding="utf-8",
    )

    import_files(quick_example, [file], None, NOW)

    with quick_example.database.reading() as session:
        assert [row.due for row in with_ref(session, "2.1:agenda:uiterlijk-1-juli")] == [date(2027, 7, 1)]


def test_why_no_round_asks_about_an_agreement_goes_along(example: Office, office: Office, tmp_path: Path) -> None:
    with example.database.reading() as session:
        [one] = [row.id for row in register.agreement_rows(session, 1) if row.number == "5.7"]
    mark_standing(example, one or 0, "geldt voor de hele periode", NOW, by="secretariaat@terneuzen.example")
    export_folder(example, None, tmp_path / "folder")
    import_folder(office, tmp_path / "folder", NOW)

    with office.database.reading() as session:
        said = {row.number: row.standing for row in register.agreement_rows(session, 1) if row.standing}
    assert said == {"5.7": "geldt voor de hele periode"}
