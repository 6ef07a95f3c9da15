"""A covenant as a folder: written, read in elsewhere and written again it is the same to the byte; read in at home it
changes nothing."""

import io
import os
import tomllib
import zipfile
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import col, select

from cycle.actions.letters.style.house_style import HouseStyle, save_house_style, styles_by_party
from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.office import Office
from cycle.actions.people.seats.memberships import Wish, add_person, add_seat
from cycle.actions.people.seats.parties import change_group, change_party
from cycle.actions.people.seats.sitting import BodyWish, add_body, change_body
from cycle.actions.register.folders.column_naming import keep_said, kept_columns
from cycle.actions.register.reading_in.importing import import_files, import_folder
from cycle.actions.register.writing_out.folder_exporting import export_folder, folder_zip
from cycle.actions.settling.deciding import confirm_reading, set_reading
from cycle.domain.model import PartyKind, Role
from cycle.errors import Refused, SettingsError, Unreadable
from cycle.store import covenants, letters, seats, standing_bodies
from cycle.store.ids import id_of
from cycle.store.tables import AgreementRow, Body, BodyMember, Membership, PartyRow, Person
from tests.actions.mailbox import at
from tests.actions.register.test_importing import folder_with
from tests.actions.settling.test_settling_doubt import doubt, with_agenda
from tests.conftest import EXAMPLE

NOW = at("2026-11-23")
BY = "secretariaat@terneuzen.example"
FILES = ("agreements.csv", "covenant.toml")
OWN_STEPS = {
    "werkgroep": {
        "ladder": [{"weeks": -6, "to": "leads", "what": "fix-date"}, {"days": -2}],
        "valid_from": "2027-01-01",
    },
    "eigen overleg": {"title": 'Met "de" wijk \\ dorp', "kind": "meeting", "by": "1 mei", "leads": ["zorg"]},
}


STYLES = {
    "": HouseStyle(accent="#7a1f3d", reference="PA-{jaar}-{nummer}", reply_to='"De" Brief <brief@clavis.example>'),
    "clavis": HouseStyle(
        ("Kerkstraat 1", "4531 AB Terneuzen"),
        ("Postbus 12",),
        *("0115 63 63 63", "www.clavis.example", "#17375e", "Terneuzen", "C/{jaar}", "J. Jansen", "adviseur"),
        *("0115 11 11 11", "jansen@clavis.example", "brief@clavis.example", "Clavis wonen", "Het bestuur", "mevr. X"),
        *("voorzitter", "Geacht bestuur", 'A. "Ad" de Boer', "bestuurder"),
    ),
    "wzv": HouseStyle(web="woongoed.example"),
    "gemeente": HouseStyle(salutation="Geacht college"),
}
"""That of a joint letter, one with all there is, one with a logo, and one of an addressee."""


def spotted(party: str) -> bytes:
    """A logo with something to see, which a second drawing would not leave as it is."""
    picture = Image.effect_noise((1400, 330), 60).convert("RGB")
    content = io.BytesIO()
    picture.save(content, "PNG")
    return content.getvalue()


def files_in(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def live_a_while(office: Office, folder: Path) -> None:
    """All that a folder speaks of becomes another than it was, at the desk and by a newer agenda."""
    lines = (
        "| 2.1 | Warmtenet businesscase | Reken verder | Gemeente | eind 2027 |",
        "| 2.1 | Warmtenet businesscase | Vertel het de wijk | Clavis, WZV | Q2 2027 |",
        "| | Zonder nummer | Bel de wijk | SHB | mei 2027 |",
    )
    import_files(office, [with_agenda(office, folder, *lines, year=2026)], None, NOW, yes=True)
    confirm_reading(office, doubt(office, "in de periode 2022-2025"), NOW, by=BY, choice=2)
    set_reading(office, doubt(office, "periodiek"), "2027-05-14", NOW, by=BY)
    with office.database.writing() as session:
        row = covenants.covenant(session, None)
        key = id_of(row)
        keep_said(session, key, {"Oplevering": "termijn", 'Wie "trekt" er = ?': "trekker", "Proza": "niet gebruikt"})
        row.overrides = {
            "steps": {**row.overrides["steps"], **OWN_STEPS},
            "approval": "ja",
            "reading": {"eind": [11, 12]},
        }
        row.is_public, row.phone = False, ""
        session.add(PartyRow(covenant_id=key, slug="zorg", name="ZorgSaam", kind=PartyKind.CARE, position=9))
        went = {"slug": "oud", "name": "Woonkern", "kind": PartyKind.CORPORATION, "until": date(2026, 6, 30)}
        session.add(PartyRow(covenant_id=key, position=10, **went))
        moved = session.exec(select(AgreementRow).where(AgreementRow.number == "4.2")).one()
        moved.number = "4.20"  # the step that stands for it is still known by the old number
        clavis = session.exec(select(PartyRow).where(PartyRow.slug == "clavis")).one()
    change_party(office, key, id_of(clavis), "Clavis Wonen", ["Woningcorporatie Clavis"], NOW, by=BY)
    change_group(office, key, "corporaties", ["wzv"], ["Corporaties"], NOW, by=BY)
    trekker = Wish("zorg", Role.TREKKER, date(2027, 6, 1), None, ("2.1",), ("3",))
    person, _ = add_person(office, key, "Zoë\tZorg", "zoe@zorg.example", trekker, NOW, by=BY)
    with office.database.reading() as session:
        bodies = {row.slug: id_of(row) for row in standing_bodies.bodies(session, key)}
        director = session.exec(select(Person.id).where(Person.email == "directie@clavis.example")).one()
    change_body(office, key, bodies["werkgroep"], BodyWish("Ambtelijke werkgroep", (director,)), NOW, by=BY)
    add_body(office, key, BodyWish("Kerntafel Zuid", (director,)), NOW, by=BY)
    for party, style in STYLES.items():
        logo = (f"{party}.png", spotted(party)) if style.web else None
        save_house_style(office, None, party, style, NOW, by=BY, logo=logo)
    add_seat(office, key, person, Wish("zorg", Role.CONTACT, date(2027, 6, 1), None), NOW, by=BY)
    past = Wish("zorg", Role.TREKKER, date(2026, 1, 1), date(2026, 12, 31), ("1.1.4",))
    add_seat(office, key, person, past, NOW, by=BY)  # was here before, and comes back
    with office.database.writing() as session:
        seat = next(one for one in session.exec(select(Membership)) if one.themes == ["3"] and one.since)
        seat.awaited = ["9.9"]  # a number that the register does not hold yet


def test_written_and_read_in_elsewhere_it_is_the_same_covenant_and_at_home_it_changes_nothing(
    quick_example: Office, office: Office, tmp_path: Path
) -> None:
    live_a_while(quick_example, tmp_path)
    first, second, third = (tmp_path / name for name in ("first", "second", "third"))
    leads = leads_of(quick_example)
    written = export_folder(quick_example, None, first)
    renumbered = import_folder(quick_example, first, NOW)  # a step names its agreement by today's number

    at_home = import_folder(quick_example, first, NOW)
    elsewhere = import_folder(office, first, NOW)
    export_folder(office, None, second)
    export_folder(quick_example, None, third)

    assert (written.slug, written.agreements, written.people) == ("terneuzen", 56, 22)
    assert (renumbered.differences.any, renumbered.covenant_changed) == (False, True)
    assert (at_home.differences.any, at_home.differences.changes, at_home.covenant_changed) == (False, (), False)
    assert (elsewhere.problems, len(elsewhere.differences.new)) == ((), 56)
    assert files_in(first) == files_in(second) == files_in(third)
    assert columns_of(office) == columns_of(quick_example)
    assert len(columns_of(office)) == 3
    assert seats_of(office) == seats_of(quick_example)
    assert styles_of(office) == styles_of(quick_example)
    assert [name for name in files_in(first) if name.startswith("logo")] == ["logo-clavis.png", "logo-wzv.png"]
    assert leads == leads_of(office) == leads_of(quick_example)
    assert leads["1.1.1"][0] == ["clavis", "wzv", "gemeente"]  # who led before "Corporaties" came to mean one of them


def test_whoever_changed_party_sits_at_a_body_for_the_same_party_when_the_folder_is_read_in_again(
    quick_example: Office, office: Office, tmp_path: Path
) -> None:
    now = at("2027-01-04")
    before = Wish("clavis", Role.TREKKER, None, date(2027, 1, 2))
    person, _ = add_person(quick_example, 1, "Twee", "twee@wzv.example", before, now, by=BY)
    add_seat(quick_example, 1, person, Wish("wzv", Role.TREKKER, date(2027, 1, 3), None), now, by=BY)
    with quick_example.database.reading() as session:
        table = next(row for row in standing_bodies.bodies(session, 1) if row.slug == "bouwtafel")
    change_body(quick_example, 1, id_of(table), BodyWish("Bouwtafel", (person,)), now, by=BY)
    export_folder(quick_example, None, tmp_path / "uit")
    at_home = import_folder(quick_example, tmp_path / "uit", now)
    import_folder(office, tmp_path / "uit", now)
    export_folder(office, None, tmp_path / "elders")

    assert at_home.covenant_changed is False
    assert sitting(quick_example) == sitting(office) == [("bouwtafel", "twee@wzv.example", "wzv", None)]
    assert files_in(tmp_path / "elders") == files_in(tmp_path / "uit")


def sitting(office: Office) -> list[tuple[str, str, str, date | None]]:
    """Who was named for which body, for which party and until when."""
    with office.database.reading() as session:
        query = select(Body.slug, Person.email, PartyRow.slug, BodyMember.until).select_from(BodyMember)
        query = query.join(Body).join(Person).join(PartyRow, col(PartyRow.id) == BodyMember.party_id)
        return [tuple(row) for row in session.exec(query.where(col(Body.is_named)))]


def styles_of(office: Office) -> dict[str, HouseStyle]:
    """The house styles as they are kept; each part of that of Clavis says something."""
    with office.database.reading() as session:
        kept = styles_by_party(letters.letterheads(session, id_of(covenants.covenant(session, None))))
    assert {party: replace(style, logo=b"") for party, style in kept.items()} == STYLES
    assert all(getattr(kept["clavis"], one.name) for one in fields(HouseStyle))
    return kept


def leads_of(office: Office) -> dict[str, tuple[list[str], list[str]]]:
    with office.database.reading() as session:
        return {row.number: (row.leads, row.agenda_leads) for row in session.exec(select(AgreementRow))}


def columns_of(office: Office) -> dict[str, str]:
    with office.database.reading() as session:
        return kept_columns(session, id_of(covenants.covenant(session, None)))


def seats_of(office: Office) -> list[tuple[object, ...]]:
    with office.database.reading() as session:
        rows = seats.seats(session, view_of(session, office.settings, None).id)
        return sorted(
            (row.party.slug, row.person.name, row.seat.role, str(row.seat.since), str(row.seat.until), row.numbers)
            for row in rows
        )


def test_the_example_comes_out_as_it_went_in(quick_office: Office, tmp_path: Path) -> None:
    import_folder(quick_office, EXAMPLE, NOW)

    export_folder(quick_office, None, tmp_path / "map")

    data = tomllib.loads((tmp_path / "map" / "covenant.toml").read_text(encoding="utf-8"))
    assert (data["naam"], data["post"]["telefoon"], data["openbare_pagina"]) == (
        "Prestatieafspraken Terneuzen",
        "0115 - 00 00 00",
        True,
    )
    assert data["partijen"][1] == {
        "korte_naam": "clavis",
        "naam": "Clavis",
        "soort": "corporatie",
        "andere_namen": ["Woningcorporatie Clavis"],
    }
    assert data["mensen"][3] == {
        "naam": "Secretariaat prestatieafspraken",
        "adres": "secretariaat@terneuzen.example",
        "partij": "gemeente",
        "rollen": ["secretariaat", "vervanger"],
    }
    assert data["stappen"]["najaarsoverleg"] == {"source": ["5.1", "5.4"]}


def test_seats_of_somebody_who_left_and_came_back_stay_apart_whichever_comes_first_in_the_file(
    quick_office: Office, tmp_path: Path
) -> None:
    before = '[[people]]\nname = "Team Wonen"\nemail = "wonen@terneuzen.example"\nparty = "gemeente"\n'
    before += 'roles = ["trekker"]\nsince = 2020-01-01\nuntil = 2021-12-31\n\n'
    folder = folder_with(tmp_path)
    text = (folder / "covenant.toml").read_text(encoding="utf-8")
    first, last = text.index("[[people]]"), text.index("# --- Clavis")
    reports = []
    for place in (last, first):
        (folder / "covenant.toml").write_text(text[:place] + before + text[place:], encoding="utf-8")
        reports.append((import_folder(quick_office, folder, NOW).covenant_changed, seats_of(quick_office)))

    assert reports == [(True, reports[0][1]), (False, reports[0][1])]


def test_a_covenant_without_a_register_is_one_file(quick_office: Office, tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    (folder / "agreements.csv").unlink()
    import_folder(quick_office, folder, NOW)

    export_folder(quick_office, None, tmp_path / "map")

    assert list(files_in(tmp_path / "map")) == ["covenant.toml"]


def test_a_folder_is_for_its_owner_alone_and_one_with_something_in_it_is_only_written_into_on_purpose(
    quick_example: Office, tmp_path: Path
) -> None:
    folder = tmp_path / "nieuw" / "map"
    folder.parent.mkdir()
    os.chmod(folder.parent, 0o755)
    export_folder(quick_example, None, folder)
    rights = [oct(path.stat().st_mode & 0o777) for path in (folder, *(folder / name for name in FILES))]
    (folder / "covenant.toml").write_text("mijn eigen", encoding="utf-8")
    (folder / "aantekening.txt").write_text("blijft", encoding="utf-8")

    with pytest.raises(Refused) as refused:
        export_folder(quick_example, None, folder)
    kept = (folder / "covenant.toml").read_text(encoding="utf-8")
    export_folder(quick_example, None, folder, yes=True)

    assert rights == ["0o700", "0o600", "0o600"]
    assert (refused.value.what, refused.value.hint) == (
        f"De map {folder} is niet leeg.",
        "Kies een andere map, of geef --yes om covenant.toml en agreements.csv daarin te vervangen.",
    )
    assert (kept, (folder / "aantekening.txt").read_text(encoding="utf-8")) == ("mijn eigen", "blijft")
    assert (folder / "covenant.toml").read_text(encoding="utf-8") != "mijn eigen"


def test_the_zip_holds_the_folder_and_is_the_same_each_time(quick_example: Office, tmp_path: Path) -> None:
    export_folder(quick_example, None, tmp_path / "map")

    packed = folder_zip(quick_example, "terneuzen")

    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    assert inside == {f"terneuzen/{name}": content for name, content in files_in(tmp_path / "map").items()}
    assert folder_zip(quick_example, "terneuzen") == packed


def test_a_house_style_that_cannot_be_keeps_all_of_the_folder_out_and_says_why(
    quick_office: Office, tmp_path: Path
) -> None:
    folder = folder_with(tmp_path)
    text = (folder / "covenant.toml").read_text(encoding="utf-8")
    (folder / "los.png").write_bytes(b"%PDF-1.7")

    def refused(style: str, kind: type[Exception]) -> list[str]:
        (folder / "covenant.toml").write_text(f"{text}\n{style}\n", encoding="utf-8")
        with pytest.raises(kind) as error:
            import_folder(quick_office, folder, NOW)
        return [str(fault) for fault in getattr(error.value, "faults", [error.value.what])]

    wrong = refused(
        '[huisstijl.clavis]\nkleur = "#ffffff"\nkenmerk = "{dag}"\nbeeldmerk = "../x.png"\n'
        f'contactmail = "geen adres"\npostadres = {["a"] * 7}\nplaats = "{"x" * 161}"',
        SettingsError,
    )
    assert [line.partition(": ")[0].rpartition(", ")[2] for line in wrong] == [
        *("huisstijl.clavis.postadres", "huisstijl.clavis.kleur", "huisstijl.clavis.plaats"),
        *("huisstijl.clavis.beeldmerk", "huisstijl.clavis.kenmerk", "huisstijl.clavis.contactmail"),
    ]
    assert refused("[huisstijl.nergens]\nplaats = 'Hulst'", SettingsError)[0].endswith(
        "De huisstijl 'nergens' is van een onbekende partij. "
        "Bekend zijn: gemeente, clavis, wzv, bewonersraad, shb, gezamenlijk."
    )
    assert refused("[huisstijl.clavis]\nbeeldmerk = 'weg.png'", SettingsError) == [
        "covenant.toml: Het logo weg.png staat er niet naast. Zet het bestand in de map, of haal de regel weg."
    ]
    assert refused("[huisstijl.gezamenlijk]\nlogo = 'los.png'", Unreadable) == [
        "los.png is geen logo dat wij kunnen lezen."
    ]
    party = '[[parties]]\nslug = "gezamenlijk"\nname = "Samen"\nkind = "partner"\n'
    assert refused(f"{party}[huisstijl.gezamenlijk]\nplaats = 'Hulst'", SettingsError)[0].endswith(
        "De huisstijl 'gezamenlijk' kan die van de partij zijn, en die van een brief van allen samen. "
        "Geef de partij een andere korte naam."
    )
    with quick_office.database.reading() as session:
        assert covenants.with_slug(session, "terneuzen") is None
