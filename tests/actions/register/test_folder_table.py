"""A covenant folder that is read in again beside the people, parties and particulars as they are at the table."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from cycle.actions.deadlines.deciding.particulars import change_particulars, particulars_of
from cycle.actions.office.covenant_view import view_of
from cycle.actions.people.seats import memberships
from cycle.actions.people.seats.memberships import Wish
from cycle.actions.register.folders.folder_content import covenant_of
from cycle.actions.register.reading_in.importing import import_folder
from cycle.actions.register.writing_out.folder_exporting import export_folder
from cycle.cli.importing import outcome
from cycle.domain.model import Role
from cycle.intake.covenant import CovenantFile
from cycle.store.tables import Covenant
from tests.conftest import EXAMPLE
from tests.conftest import NOVEMBER as NOW

BY = "secretariaat@terneuzen.example"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the folder of the example, to be changed."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "terneuzen"))


def kept(office) -> CovenantFile:
    with office.database.reading() as session:
        return covenant_of(session, view_of(session, office.settings, "terneuzen"))


def change_at_the_desk(office) -> None:
    """Somebody more, an address, an hour and a region that the folder does not know."""
    wish = Wish("clavis", Role.TREKKER, agreements=("1.1.1",))
    memberships.add_person(office, 1, "Nieuwe Trekker", "nieuw@clavis.example", wish, NOW, by=BY)
    with office.database.reading() as session:
        was = particulars_of(session.get_one(Covenant, 1))
    change_particulars(
        office, 1, replace(was, phone="0115 - 11 11 11", send_hour="10:30", school_region="midden"), NOW, by=BY
    )


def test_what_the_table_has_otherwise_or_more_stays_and_the_report_names_each(quick_example, folder):
    change_at_the_desk(quick_example)
    before = kept(quick_example)
    trial = import_folder(quick_example, folder, NOW, check=True)
    report = import_folder(quick_example, folder, NOW)

    assert kept(quick_example) == before
    assert (report.covenant_changed, trial.table) == (False, report.table)
    assert [(one.name, one.title, one.desk, one.folder, one.waits) for one in report.table] == [
        ("school_region", "Schoolvakanties", "midden", "zuid", True),
        ("send_hour", "Uur van de mail", "10:30", "staat er niet in", True),
        ("mail.phone", "Telefoon", "0115 - 11 11 11", "0115 - 00 00 00", True),
        (
            "people.nieuw@clavis.example",
            "Nieuwe Trekker <nieuw@clavis.example> (clavis)",
            "trekker, afspraken 1.1.1",
            "staat er niet in",
            True,
        ),
    ]
    assert outcome(report, check=False) == "4 gegevens van de tafel bleven zo: neem de map over met --yes."


def test_the_folder_counts_once_somebody_says_so(quick_example, folder):
    as_the_folder = kept(quick_example)
    change_at_the_desk(quick_example)
    report = import_folder(quick_example, folder, NOW, yes=True)

    assert kept(quick_example) == as_the_folder
    assert [one.waits for one in report.table] == [False] * 4
    assert import_folder(quick_example, folder, NOW).table == ()


def test_what_only_the_folder_has_is_taken_over_beside_what_stays(quick_example, folder):
    change_at_the_desk(quick_example)
    file = folder / "covenant.toml"
    more = '[[people]]\nname = "Uit De Map"\nemail = "map@wzv.example"\nparty = "wzv"\nroles = ["lezer"]\n'
    file.write_text(f"{file.read_text()}\n{more}")
    report = import_folder(quick_example, folder, NOW)
    people = {(one.name, one.party) for one in kept(quick_example).people}

    assert report.covenant_changed
    assert {("Uit De Map", "wzv"), ("Nieuwe Trekker", "clavis")} <= people


def test_a_folder_that_was_just_written_differs_in_nothing(quick_example, tmp_path):
    change_at_the_desk(quick_example)
    export_folder(quick_example, "terneuzen", tmp_path / "map")
    report = import_folder(quick_example, tmp_path / "map", NOW)

    assert (report.table, report.covenant_changed) == ((), False)


def test_of_what_differs_only_what_is_taken_over_is_as_the_folder_has_it(quick_example, folder):
    as_the_folder = kept(quick_example)
    change_at_the_desk(quick_example)
    at_the_desk = kept(quick_example)
    taken = ["people.nieuw@clavis.example", "school_region"]
    report = import_folder(quick_example, folder, NOW, take_over=taken)

    assert {one.name: one.waits for one in report.table} == {
        "school_region": False,
        "send_hour": True,
        "mail.phone": True,
        "people.nieuw@clavis.example": False,
    }
    own = {"send_hour": at_the_desk.send_hour, "mail": at_the_desk.mail}
    assert kept(quick_example) == as_the_folder.model_copy(update=own)
    assert [one.name for one in import_folder(quick_example, folder, NOW).table] == ["send_hour", "mail.phone"]
