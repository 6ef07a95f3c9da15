"""What themes are called: from a folder, at the desk, back into a folder; and what says so (issue 16)."""

from pathlib import Path

import pytest
from icalendar import Calendar
from sqlmodel import col, select

from cycle.actions.feeds import feed_of_address
from cycle.actions.letters.agenda import enclosures_of
from cycle.actions.letters.agreements_standing import standing_rows
from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.office import Office
from cycle.actions.office.versions import version_of
from cycle.actions.register.folder_exporting import export_folder
from cycle.actions.register.importing import import_folder
from cycle.actions.register.theme_naming import ThemeLine, name_themes, theme_lines
from cycle.domain.theme_words import MOST_THEME_NAME, theme_choices, theme_words
from cycle.errors import Changed, NotFound, Refused, SettingsError
from cycle.store import covenants, theme_names
from cycle.store.tables import Actor, AgreementRow, Fact
from tests.actions.mailbox import at
from tests.actions.register.test_importing import folder_with

NOW = at("2026-11-23")
BY = "secretariaat@terneuzen.example"
LEAD = "strategie@clavis.example"
NAMED = ["Beschikbaarheid en betaalbaarheid", "Duurzaamheid", "Maatschappelijke opgaven; wonen en zorg"]
NAMED += ["Vitale en leefbare wijken", "Organisatie en samenwerking"]


def covenant_id(office: Office) -> int:
    with office.database.reading() as session:
        return covenants.covenants(session)[0].id or 0


def names(office: Office) -> dict[str, str]:
    with office.database.reading() as session:
        return theme_names.of_covenant(session, covenant_id(office))


def told(office: Office) -> tuple[set[str], set[str], set[str]]:
    """The themes as the letter, the agenda that goes along, and a calendar call them."""
    with office.database.reading() as session:
        view = view_of(session, office.settings, None)
        standing = {row.theme for row in standing_rows(session, view, 2027, view.local_day(NOW))}
        agenda = {row.theme for row in enclosures_of(session, view, 2027, view.local_day(NOW))}
    events = Calendar.from_ical(feed_of_address(office, LEAD, NOW)).walk("VEVENT")
    return standing, agenda, {str(word) for one in events for word in one["CATEGORIES"].cats if "Thema" in word}


def test_a_theme_is_called_by_its_number_its_name_or_both() -> None:
    called = {"1": "Wonen", "Zorg": "Wonen en zorg"}
    assert [theme_words(one, called) for one in ("1", "2", "1.2", "Zorg", "Energie", "")] == [
        *("Thema 1: Wonen", "Thema 2", "Thema 1.2", "Wonen en zorg", "Energie", "")
    ]
    assert theme_choices(["10", "2"], called) == [("2", "Thema 2"), ("10", "Thema 10")]


def test_letter_agenda_and_calendar_call_a_theme_the_same_and_without_names_as_before(quick_example: Office) -> None:
    called = {f"Thema {number}: {name}" for number, name in enumerate(NAMED, 1)}
    standing, agenda, calendar = told(quick_example)
    cleared = name_themes(quick_example, covenant_id(quick_example), dict.fromkeys("12345", ""), NOW, BY)

    assert (standing, agenda) == (called, called)
    assert calendar == {"Thema 5: Organisatie en samenwerking"}
    assert cleared
    numbered = {f"Thema {number}" for number in range(1, 6)}
    assert told(quick_example) == (numbered, numbered, {"Thema 5"})


def test_every_theme_of_an_agreement_can_be_named_and_who_did_it_is_kept(quick_example: Office) -> None:
    mine = covenant_id(quick_example)
    with quick_example.database.reading() as session:
        agreed = set(session.exec(select(AgreementRow.theme)))
        lines = theme_lines(session, mine)
        version = version_of(NOW, *theme_names.rows_of_covenant(session, mine))
    changed = name_themes(quick_example, mine, {"1": " Wonen ", "2": "Duurzaamheid"}, NOW, BY, version)
    again = name_themes(quick_example, mine, {"1": "Wonen"}, NOW, BY)

    assert lines == [ThemeLine(str(number), name, "") for number, name in enumerate(NAMED, 1)]
    assert {line.theme for line in lines} == agreed
    assert (changed, again, names(quick_example)["1"]) == (True, False, "Wonen")
    with pytest.raises(Changed) as other:
        name_themes(quick_example, mine, {"1": "Bouwen"}, NOW, BY, version)
    assert other.value.lines == (f"{BY}: thema's benoemd (1 is “Wonen”)",)
    with pytest.raises(NotFound, match="Geen afspraak hoort bij thema 9"):
        name_themes(quick_example, mine, {"9": "Bouwen"}, NOW, BY)
    with pytest.raises(Refused, match="te lang"):
        name_themes(quick_example, mine, {"1": "W" * (MOST_THEME_NAME + 1)}, NOW, BY)
    with quick_example.database.reading() as session:
        facts = select(Fact.old, Fact.new, Actor.name).join(Actor).where(Fact.subject == "theme_name")
        newest = session.exec(facts.order_by(col(Fact.seq).desc())).first()
    assert newest == (f'{{"name":"{NAMED[0]}"}}', '{"name":"Wonen"}', BY)


def test_a_folder_takes_names_along_and_overwrites_none_unasked(quick_example: Office, tmp_path: Path) -> None:
    mine = covenant_id(quick_example)
    name_themes(quick_example, mine, {"2": 'Zuinig "en" warm', "4": ""}, NOW, BY)
    export_folder(quick_example, None, tmp_path / "uit")
    same = import_folder(quick_example, tmp_path / "uit", NOW)
    other = import_folder(quick_example, folder_with(tmp_path), NOW, by=BY)
    left = names(quick_example)
    taken = import_folder(quick_example, tmp_path / "covenant", NOW, by=BY, yes=True)

    assert (same.covenant_changed, same.themes, same.themes_waiting) == (False, (), ())
    assert [one.what for one in other.themes_waiting] == ['Thema 2 heet “Zuinig "en" warm” en hier “Duurzaamheid”.']
    assert [one for one in other.problems if one in other.themes_waiting] == list(other.themes_waiting)
    assert left == dict(zip("12345", NAMED, strict=True)) | {"2": 'Zuinig "en" warm'}
    assert (taken.covenant_changed, taken.themes_waiting) == (True, ())
    assert names(quick_example) == dict(zip("12345", NAMED, strict=True))


def test_a_name_in_a_folder_that_fits_on_no_line_is_refused_at_its_place(quick_office: Office, tmp_path: Path) -> None:
    folder = folder_with(tmp_path, f'2 = "Duurzaamheid"=>2 = "{"D" * 81}"')
    with pytest.raises(SettingsError) as refused:
        import_folder(quick_office, folder, NOW)
    [fault] = refused.value.faults
    assert (fault.place, "te lang" in fault.what) == ("covenant.toml, regel 215, themanamen.2", True)
