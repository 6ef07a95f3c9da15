"""What needed the covenant folder until now: ladders, how documents are read, and groups, each at the desk."""

import re
from datetime import date
from pathlib import Path
from shutil import copytree

from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.office import Office
from cycle.actions.register.folders.column_naming import kept_columns
from cycle.actions.register.reading_in.importing import import_folder
from cycle.actions.register.writing_out.folder_exporting import export_folder
from cycle.domain.dutch import read
from cycle.store import covenants
from cycle.store.database import Session
from tests.web.conftest import NOW, make_office

from .conftest import Desk, words_of

HERE = "/c/terneuzen"
SURE = {"zeker": "ja"}


def settings_of(office: Office):  # type: ignore[no-untyped-def]
    with office.database.reading() as session:
        return view_of(session, office.settings, "terneuzen").settings


def filled(page: str, path: str) -> dict[str, str]:
    """What a browser would send of the form of this address."""
    from .test_desk_steps import fields_of

    at = page.index(f'action="{HERE}/{path}"')
    form = page[at:].replace(f'action="{HERE}/{path}', 'action="/c/terneuzen/jaar/stappen', 1)
    return {name: values[0] for name, values in fields_of(form).items()}


def test_when_a_kind_of_step_is_told_is_changed_after_it_was_shown_what_changes(office: Office, desk: Desk) -> None:
    path = "jaar/herinneringen"
    form = filled(desk.page(f"{HERE}/{path}"), path)
    same = words_of(desk.submit(f"{HERE}/{path}", form).text)
    wish = form | {"ladder-letter": "3 weken ervoor: trekkers, herinnering"}
    shown = desk.submit(f"{HERE}/{path}", wish)
    before = settings_of(office).ladders
    done = desk.submit(f"{HERE}/{path}", wish | SURE)
    wrong = desk.submit(f"{HERE}/{path}", form | {"ladder-letter": "zomaar een keer"})

    assert "Er verandert niets: zo stond het al." in same
    assert "herinneringen voor brief:" in words_of(shown.text)
    assert (shown.status_code, before) == (200, office.settings.ladders)
    assert done.status_code == 303
    assert [(rung.weeks, rung.to) for rung in settings_of(office).ladders.letter] == [(-3, "leads")]
    assert settings_of(office).ladders.meeting == office.settings.ladders.meeting
    assert (wrong.status_code, "zomaar een keer" in wrong.text) == (422, True)


def test_words_of_time_and_columns_are_read_as_the_table_says(office: Office, desk: Desk) -> None:
    path = "gegevens/lezen"
    form = filled(desk.page(f"{HERE}/{path}"), path)
    desk.submit(f"{HERE}/{path}", form | {"najaar-van": "10", "najaar-tot": "10"} | SURE)
    column = {"nieuwe-kolom": "Oplevering", "nieuwe-betekenis": "termijn"}
    desk.submit(f"{HERE}/{path}/kolommen", column)
    half = desk.submit(f"{HERE}/{path}/kolommen", {"nieuwe-kolom": "Prioriteit"})
    reading = read("najaar 2027", date(2026, 11, 1), settings_of(office).reading.conventions())

    assert (reading.window_start, reading.due) == (date(2027, 10, 1), date(2027, 10, 31))
    assert (half.status_code, "Prioriteit" in half.text) == (422, True)
    with office.database.reading() as session:
        assert kept_columns(session, 1) == {"oplevering": "date"}
    desk.submit(f"{HERE}/{path}/kolommen", {"kolom": "oplevering", "betekenis": ""})
    with office.database.reading() as session:
        assert kept_columns(session, 1) == {}


def groups(session: Session) -> dict[str, tuple[list[str], list[str]]]:
    return {row.slug: (list(row.members), list(row.aliases)) for row in covenants.group_rows(session, 1)}


def test_a_new_group_can_be_chosen_at_a_step_and_all_of_it_goes_with_the_folder(
    office: Office, desk: Desk, tmp_path: Path
) -> None:
    taken = desk.submit(f"{HERE}/mensen/groepen/nieuw", {"naam": "Clavis", "leden": ["shb"]})
    nobody = desk.submit(f"{HERE}/mensen/groepen/nieuw", {"naam": "Wijkpartijen"})
    made = {"naam": "Wijkpartijen Zuid", "leden": ["clavis", "shb"], "andere": "de wijkpartijen"}
    done = desk.submit(f"{HERE}/mensen/groepen/nieuw", made)
    assert [one.status_code for one in (taken, nobody, done)] == [422, 422, 303]
    assert "is al een naam van" in words_of(taken.text)
    assert "Wijkpartijen" in nobody.text
    assert "wijkpartijen-zuid" in desk.page(f"{HERE}/jaar/stappen/nieuw")
    desk.submit(f"{HERE}/jaar/herinneringen", {"ladder-letter": "3 weken ervoor: trekkers"} | SURE)
    with office.database.reading() as session:
        assert groups(session)["wijkpartijen-zuid"] == (["clavis", "shb"], ["Wijkpartijen Zuid", "de wijkpartijen"])
        here = groups(session)

    export_folder(office, "terneuzen", tmp_path / "out")
    again = make_office(tmp_path / "again.db")
    import_folder(again, tmp_path / "out", NOW)
    with again.database.reading() as session:
        assert groups(session) == here
    assert settings_of(again).ladders == settings_of(office).ladders
    again.database.close()


def test_a_folder_that_is_read_in_again_undoes_no_habit_by_itself(office: Office, desk: Desk, tmp_path: Path) -> None:
    example = copytree(Path(__file__).parents[3] / "examples" / "terneuzen", tmp_path / "folder")
    desk.submit(f"{HERE}/jaar/herinneringen", {"ladder-letter": "3 weken ervoor: trekkers"} | SURE)
    own = settings_of(office).ladders
    report = import_folder(office, example, NOW)

    assert ([one.name for one in report.steps], settings_of(office).ladders) == (["ladders"], own)
    import_folder(office, example, NOW, yes=True)
    assert settings_of(office).ladders == office.settings.ladders


def test_a_theme_is_named_at_the_desk_and_called_so_in_every_list(office: Office, desk: Desk) -> None:
    path = f"{HERE}/gegevens/themas"
    shown = desk.page(path)
    version = re.findall(r'name="version" value="([^"]+)"', shown)[0]
    form = {
        "version": version,
        "thema": list("12345"),
        "naam-1": "Wonen & bouwen",
        "naam-2": "Duurzaamheid",
        "naam-3": "",
    }
    form |= {"naam-4": "Vitale en leefbare wijken", "naam-5": "Organisatie en samenwerking"}
    too_long = desk.submit(path, form | {"naam-3": "W" * 81})
    done = desk.submit(path, form)
    late = desk.submit(path, form | {"naam-2": "Warmte"})
    [agreement] = re.findall(r'href="[^"]*/afspraken/(\d+)">Omvang', desk.page(f"{HERE}/afspraken"))

    assert [f'value="{one}"' in shown for one in ("Duurzaamheid", "Vitale en leefbare wijken")] == [True, True]
    assert (too_long.status_code, "W" * 81 in too_long.text) == (422, True)
    assert (done.status_code, done.headers["location"]) == (303, path)
    assert (late.status_code, "Iemand anders heeft dit intussen gewijzigd." in late.text) == (409, True)
    for page in ("afspraken", "termijnen", "mensen/wie", f"afspraken/{agreement}"):
        assert "Thema 1: Wonen &amp; bouwen" in desk.page(f"{HERE}/{page}"), page
    asked = words_of(desk.page(f"{HERE}/afspraken/{agreement}/mail/gemeente"))
    assert "heel thema 1 (Wonen &amp; bouwen)" in asked
    assert "Thema 3" in words_of(desk.page(f"{HERE}/afspraken"))
    assert "thema&#39;s benoemd" in words_of(desk.page(f"{HERE}/logboek"))
