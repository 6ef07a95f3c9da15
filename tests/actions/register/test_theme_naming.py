"""What themes are called: from a folder, at the desk, back into a folder; and what says so (issue 16)."""

from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar
from sqlmodel import col, select

from cycle.actions.deadlines.upkeep.year_upkeep import keep_year
from cycle.actions.feeds import feed_of_address
from cycle.actions.letters.content.agenda import enclosures_of
from cycle.actions.letters.content.agreements_standing import standing_rows
from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.office import Office
from cycle.actions.office.versions import version_of
from cycle.actions.register.matching.theme_naming import ThemeLine, name_themes, theme_lines
from cycle.actions.register.reading_in.importing import import_files, import_folder
from cycle.actions.register.reading_in.next_framework import FrameworkWish, keep_framework
from cycle.actions.register.writing_out.folder_exporting import export_folder
from cycle.domain.model import GoesOver
from cycle.domain.term import TermDays
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


# ---- read in a document ------------------------------------------------------------------------------------------


def document(place: Path, first: int, *chapters: str) -> Path:
    """A framework for four years with an agreement under each of its chapters."""
    lines = [f"# Prestatieafspraken {first}-{first + 3}", ""]
    lines += [f"Deze afspraken gelden voor de periode 1 januari {first} tot en met 31 december {first + 3}.", ""]
    for number, chapter in enumerate(chapters, 1):
        lines += [f"## {chapter}", "", "| Nr. | Onderwerp | Afspraak | Trekker |", "|---|---|---|---|"]
        lines += [f"| {number}.1 | Plan {first} | Maak een plan voor {chapter[4:]}. | Gemeente |", ""]
    place.write_text("\n".join(lines), encoding="utf-8")
    return place


@pytest.fixture
def small(quick_office: Office, tmp_path: Path) -> Office:
    """A covenant of which the framework was read, with names of two of its three chapters."""
    (tmp_path / "tafel").mkdir()
    (tmp_path / "tafel" / "covenant.toml").write_text(
        'slug = "heide"\nname = "Heide"\nlive_since = 2026-01-01\nterm_start = 2026-01-01\nterm_end = 2029-12-31\n'
        '[[parties]]\nslug = "gemeente"\nname = "Gemeente Heide"\nkind = "gemeente"\naliases = ["Gemeente"]\n'
    )
    import_folder(quick_office, tmp_path / "tafel", NOW)
    file = document(tmp_path / "nu.md", 2026, "1 – Wonen", "2 – Duurzaamheid", "Overig")
    import_files(quick_office, [file], None, NOW, by=BY)
    return quick_office


def lines_of(office: Office) -> list[ThemeLine]:
    with office.database.reading() as session:
        return theme_lines(session, covenant_id(office))


def test_names_are_read_with_the_document_and_a_later_one_overwrites_none_unasked(
    small: Office, tmp_path: Path
) -> None:
    first = lines_of(small)
    name_themes(small, covenant_id(small), {"3": "Leefbaarheid"}, NOW, BY)
    newer = document(tmp_path / "nieuw.md", 2026, "1 – Bouwen", "2 – Duurzaamheid", "3 – Zorg", "4 – Samenwerking")
    report = import_files(small, [newer], None, NOW, by=BY, only=["4.1"])
    left = lines_of(small)
    again = import_files(small, [newer], None, NOW, by=BY, yes=True)
    none = import_files(small, [newer], None, NOW, by=BY)

    assert first == [
        ThemeLine("1", "Wonen", "nu.md, regel 5"),
        ThemeLine("2", "Duurzaamheid", "nu.md, regel 11"),
        ThemeLine("3", "", ""),
    ]
    assert [one.name for one in report.themes] == ["Samenwerking"]
    assert [one.what for one in report.themes_waiting] == [
        "Thema 1 heet “Wonen” en hier “Bouwen”.",
        "Thema 3 heet “Leefbaarheid” en hier “Zorg”.",
    ]
    assert [line.name for line in left] == ["Wonen", "Duurzaamheid", "Leefbaarheid", "Samenwerking"]
    assert [one.name for one in again.themes] == ["Bouwen", "Zorg"]
    assert lines_of(small)[2] == ThemeLine("3", "Zorg", "nieuw.md, regel 17")
    assert (none.themes, none.themes_waiting, none.upkeep) == ((), (), None)


def test_the_next_framework_brings_its_own_names_on_its_first_day(small: Office, tmp_path: Path) -> None:
    before = lines_of(small)
    term = TermDays(date(2030, 1, 1), date(2033, 12, 31))
    for chapters in (("1 – Zorg", "2 – Energie"), ("1 – Wijken", "Overig")):
        file = document(tmp_path / "straks.md", 2030, *chapters)
        report = import_files(small, [file], None, NOW, by=BY)
        wish = FrameworkWish(term, others=GoesOver.END)
        keep_framework(small, [file], None, report, wish, NOW, by=BY)
    waiting = lines_of(small)
    keep_year(small, at("2030-01-02"))

    assert (report.other_term, waiting) == (term, before)
    assert lines_of(small) == [ThemeLine("1", "Wijken", "straks.md, regel 5"), ThemeLine("2", "", "")]
