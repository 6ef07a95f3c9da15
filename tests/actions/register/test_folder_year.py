"""A covenant folder that is read in again beside what its secretariat made of the year at the desk."""

import shutil
from pathlib import Path

import pytest

from cycle.actions.deadlines.deciding.steps import AT_DESK, YearWish, change_year
from cycle.actions.register.reading_in.importing import import_folder
from cycle.actions.register.writing_out.folder_exporting import export_folder
from cycle.cli.importing import outcome
from cycle.store import actions as actions_of_steps
from cycle.store.tables import AgreementRow, Covenant
from tests.conftest import EXAMPLE
from tests.conftest import NOVEMBER as NOW
from tests.lasting_names import numbered

WISH = YearWish(
    {
        "uitvoeringsagenda": {"by": "15 juni"},
        "looptijd": {"off": True},
        "kerntafel": {"title": "Kerntafel", "kind": "meeting", "by": "1 mei"},
    },
    ("bod",),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the folder of the example, to be changed."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "terneuzen"))


def overrides(office) -> dict[str, object]:
    with office.database.reading() as session:
        return session.get_one(Covenant, 1).overrides


def test_what_was_changed_at_the_desk_stays_and_the_report_names_it(quick_example, folder):
    change_year(quick_example, 1, WISH, NOW, by="secretariaat@terneuzen.example")
    before = overrides(quick_example)
    trial = import_folder(quick_example, folder, NOW, check=True)
    report = import_folder(quick_example, folder, NOW)

    assert overrides(quick_example) == before
    assert (report.covenant_changed, trial.steps) == (False, report.steps)
    assert [(one.name, one.desk, one.folder, one.waits) for one in report.steps] == [
        ("bod", DESK_BOD, "staat er niet in", True),
        ("kerntafel", "“Kerntafel”, uiterlijk 1 mei, trekkers niemand, deelnemers niemand", "staat er niet in", True),
        ("looptijd", f"{TERM}, uitgezet", TERM, True),
        ("uitvoeringsagenda", AGENDA.format("15 juni"), AGENDA.format("1 juli"), True),
    ]
    assert outcome(report, check=False) == (
        "4 stappen bleven zoals aan het bureau gewijzigd: neem de map over met --yes."
    )


def test_the_folder_counts_once_somebody_says_so(quick_example, folder):
    as_the_folder = overrides(quick_example)
    change_year(quick_example, 1, WISH, NOW)
    report = import_folder(quick_example, folder, NOW, yes=True)

    assert overrides(quick_example) == as_the_folder
    assert [one.waits for one in report.steps] == [False] * 4
    assert import_folder(quick_example, folder, NOW).steps == ()


def test_what_only_the_folder_changes_is_taken_over_beside_what_the_desk_changed(quick_example, folder):
    change_year(quick_example, 1, YearWish({"uitvoeringsagenda": {"by": "15 juni"}}), NOW)
    file = folder / "covenant.toml"
    file.write_text(file.read_text().replace('source = ["4.2"]', 'source = ["4.2"]\nbefore = "1 juni"'))
    report = import_folder(quick_example, folder, NOW)
    own = overrides(quick_example)

    assert [one.name for one in report.steps] == ["uitvoeringsagenda"]
    assert (own["steps"]["wijkschouw"], own[AT_DESK]) == (
        {"source": ["4.2"], "before": "1 juni"},
        ["uitvoeringsagenda"],
    )
    assert own["steps"]["uitvoeringsagenda"] == {"source": ["5.3"], "by": "15 juni"}


def test_a_step_that_is_taken_over_is_as_the_folder_has_it_and_the_other_stays(quick_example, folder):
    before = overrides(quick_example)["steps"]
    wish = {"uitvoeringsagenda": {"by": "15 juni"}, "wijkschouw": {"before": "1 mei"}}
    change_year(quick_example, 1, YearWish(wish), NOW)
    report = import_folder(quick_example, folder, NOW, take_over=["wijkschouw"])
    own = overrides(quick_example)

    assert {one.name: one.waits for one in report.steps} == {"uitvoeringsagenda": True, "wijkschouw": False}
    assert own[AT_DESK] == ["uitvoeringsagenda"]
    assert own["steps"]["wijkschouw"] == before["wijkschouw"]
    assert own["steps"]["uitvoeringsagenda"] == {"source": ["5.3"], "by": "15 juni"}


def test_a_folder_that_says_what_the_desk_says_differs_in_nothing(quick_example, folder):
    change_year(quick_example, 1, YearWish({"uitvoeringsagenda": {"by": "15 juni"}}), NOW)
    file = folder / "covenant.toml"
    file.write_text(file.read_text().replace('source = ["5.3"]', 'source = ["5.3"]\nby = "15 juni"'))
    report = import_folder(quick_example, folder, NOW)

    assert (report.steps, AT_DESK in overrides(quick_example)) == ((), False)


DESK_BOD = (
    "“Bod van de corporaties”, uiterlijk 1 juli, trekkers corporaties, deelnemers gemeente en huurdersorganisaties"
)
TERM = "“Looptijd van de afspraken”, elk jaar, trekkers niemand, deelnemers niemand"
AGENDA = "“Uitvoeringsagenda bijwerken”, uiterlijk {}, trekkers corporaties, deelnemers partijen"


def test_a_folder_ties_a_step_by_its_own_numbers_also_where_another_bore_one_of_them_before(quick_example, tmp_path):
    def tied() -> set[int]:
        with quick_example.database.reading() as session:
            of_step = actions_of_steps.links_of_steps(session, [1])[1]["kerntafel"]
            return set(of_step.sources.values())

    wish = {"title": "Kerntafel", "kind": "meeting", "by": "1 mei", "source": ["2.8", "2.7"]}
    change_year(quick_example, 1, YearWish({"kerntafel": wish}), NOW)
    meant = {numbered(quick_example, "2.8"), numbered(quick_example, "2.7")}
    for number, becomes in (("2.8", "2.99"), ("2.7", "2.8")):
        with quick_example.database.writing() as session:
            session.get_one(AgreementRow, numbered(quick_example, number)).number = becomes
    export_folder(quick_example, None, tmp_path / "uit")
    import_folder(quick_example, tmp_path / "uit", NOW, yes=True)

    assert (tied(), len(meant)) == (meant, 2)
