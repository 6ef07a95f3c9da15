"""Nieuw convenant at the desk: who may, what a document fills in, what is kept of what was typed, and how it begins."""

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.office import Office
from cycle.actions.register.reading_in.uploads import FOLDER, clean_uploads
from cycle.domain.model import PartyKind, Role
from cycle.store import covenants
from cycle.store.tables import AgreementRow, Covenant, DeadlineRow, Message
from cycle.web.app import create_app
from cycle.web.formkeys import FIELD
from tests.intake.founding.test_table_drafts import NUMBERED
from tests.web.conftest import HTML, NOW, OURS, Clock, office_at

from .conftest import SECRETARY, TREKKER, Desk, signed, words_of
from .test_desk_reading_in import zipped
from .test_sent_twice import flash, posts
from .test_signing_in import Browser, links, press
from .test_the_walk import dump

FOUNDER = "wonen@bergen.example"
DOCUMENT = [("bestanden", ("afspraken.md", NUMBERED.encode(), "text/plain"))]


@pytest.fixture
def office(desk_template: Path, tmp_path: Path) -> Iterator[Office]:
    """The desk of the other tests, whose operator named an organisation and one person."""
    url = f"sqlite:///{shutil.copy(desk_template, tmp_path / 'desk.db')}"
    made = office_at(url, CYCLE__SIGNIN__FOUNDERS=f'["@Bergen.example", "{SECRETARY}"]')
    yield made
    made.database.close()


@pytest.fixture
def desk(office: Office, clock: Clock) -> Desk:
    """The browser of a founder who sits at no table yet."""
    return signed(Desk(create_app(office, clock), base_url=OURS, follow_redirects=False), office, FOUNDER, clock)


def uploaded(desk: Desk) -> str:
    """The page of a draft out of the document."""
    answer = desk.submit("/nieuw", files=DOCUMENT)
    assert answer.status_code == 303, words_of(answer.text)
    return str(answer.headers["location"])


def fields_of(html: str) -> dict[str, Any]:
    """What a browser would send of a draft's form as it stands."""
    form = html.split('aria-label="Ontwerp"')[1].split("</form>")[0]
    typed = re.findall(r'<input id="veld-[^"]+" name="([^"]+)"[^>]* value="([^"]*)"', form)
    fields: dict[str, Any] = {name: unescape(value) for name, value in typed}
    for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        fields[name] = "".join(re.findall(r'value="([^"]*)" selected', options))
    return fields | {"stap": re.findall(r'name="stap" value="([^"]+)" checked', form)}


def slugs(office: Office) -> list[str]:
    with office.database.reading() as session:
        return sorted(session.exec(select(Covenant.slug)))


def test_a_founder_without_any_table_signs_in_by_a_mailed_link_and_comes_to_the_new_covenant(
    office: Office, clock: Clock
) -> None:
    browser = Browser(create_app(office, clock), base_url=OURS, follow_redirects=False)
    browser.ask(FOUNDER)
    [link] = links(office)
    press(browser, link)
    begins = browser.get("/bureau", headers=HTML)

    assert (begins.status_code, begins.headers["location"]) == (303, "/nieuw")
    assert "Nieuw convenant" in words_of(browser.page("/nieuw"))
    assert browser.get("/mij", headers=HTML).headers["location"] == "/nieuw"
    before = len(links(office))
    Browser(browser.app, base_url=OURS, follow_redirects=False).ask("wie@anders.example")
    assert len(links(office)) == before


def test_only_founders_see_the_way_to_a_new_covenant_and_others_hear_who_begins_one(
    office: Office, clock: Clock
) -> None:
    app = create_app(office, clock)
    trekker, secretary = (
        signed(Desk(app, base_url=OURS, follow_redirects=False), office, email, clock) for email in (TREKKER, SECRETARY)
    )
    refused = trekker.get("/nieuw", headers=HTML)

    assert refused.status_code == 403
    assert "cycle new" in words_of(refused.text)
    assert "Nieuw convenant" not in trekker.page("/mij")
    assert 'href="/nieuw"' in secretary.page("/c/terneuzen/jaar")
    assert trekker.submit("/nieuw", {"zonder": "ja"}).status_code == 403


def test_from_a_document_to_a_held_table_of_which_the_founder_is_the_secretariat(office: Office, desk: Desk) -> None:
    path = uploaded(desk)
    page = desk.page(path)
    fields = fields_of(page)
    before = slugs(office)
    assert (fields["naam"], fields["korte-naam"], fields["getekend"]) == (
        "Prestatieafspraken Bergen op Zoom",
        "bergen-op-zoom",
        "2026-02-12",
    )
    assert "gewoonlijk is het" in words_of(page)
    changes = {
        "naam": "Woonafspraken Bergen",
        "korte-naam": "bergen",
        "wie": "Team Wonen",
        "tot": "31-12-2030",
        "loopt-door": "nee",
        "partij-weg-5": "ja",
        "partij-naam-6": "Zorggroep Scheldezoom",
        "partij-soort-6": "care",
        "partij-ook-6": "Scheldezoom; de zorggroep",
        "stap": [*fields["stap"], "zorgtafel"],
    }
    once = desk.submit(f"{path}/begin", form := fields | changes | {FIELD: desk.new_key()})
    again = desk.submit(f"{path}/begin", form)

    assert (once.status_code, once.headers["location"]) == (303, "/c/bergen/jaar"), words_of(once.text)[:1500]
    assert (again.status_code, again.headers["location"]) == (303, "/c/bergen/jaar")
    assert slugs(office) == sorted([*before, "bergen"])
    with office.database.reading() as session:
        view = view_of(session, office.settings, "bergen")
        term = covenants.running_term(session, view.id)
        parties = {one.slug: (one.name, one.kind) for one in covenants.party_rows(session, view.id)}
        assert session.exec(select(Message)).all() == []
    assert (view.row.name, view.row.released_at) == ("Woonafspraken Bergen", None)
    assert term is not None
    assert (term.start, term.end, term.renews) == (date(2026, 1, 1), date(2030, 12, 31), False)
    assert [(one.name, one.email, one.role) for one in view.members] == [("Team Wonen", FOUNDER, Role.SECRETARIAT)]
    assert parties["zorggroep-scheldezoom"] == ("Zorggroep Scheldezoom", PartyKind.CARE)
    assert len(parties) == 5
    assert {*fields["stap"], "zorgtafel"} == set(view.settings.steps)
    assert not list(office.settings.path(FOLDER).glob("*/*"))
    assert "Woonafspraken Bergen" in desk.page("/c/bergen/jaar")


def test_a_fault_keeps_every_word_and_begins_nothing(office: Office, desk: Desk) -> None:
    path = uploaded(desk)
    right, before = fields_of(desk.page(path)), slugs(office)
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"naam": ""}, "Hoe heten deze afspraken?"),
        ({"korte-naam": "Bergen op Zoom"}, "Gebruik kleine letters, cijfers en streepjes"),
        ({"korte-naam": "terneuzen"}, "Het convenant terneuzen bestaat al."),
        ({"tot": "31-2-2030"}, "Dit is geen datum."),
        ({"van": "1-1-2030", "tot": "1-1-2029"}, "De looptijd eindigt voor hij begint."),
        ({"tot": ""}, "Vul begin en einde allebei in"),
        ({"getekend": "1-1-0001"}, "1 januari 1"),
        ({"partij-naam-6": "Dorpsraad", "partij-soort-6": ""}, "Wat voor partij is Dorpsraad?"),
        ({"stap": ["bod-rvc"]}, "kruis ook Bod van de corporaties aan"),
        ({f"partij-weg-{row}": "ja" for row in range(1, 7)}, "Noem ten minste één partij"),
        ({"wie": ""}, "Wie is het secretariaat?"),
        ({"partij-naam-1": "x" * 900}, "Dit is te lang"),
    )
    for change, sentence in wrong:
        sent = right | {"partij-naam-6": "Zó’n <b>", "partij-soort-6": "care"} | change
        answer = desk.submit(f"{path}/begin", sent)
        assert (answer.status_code, sentence in words_of(answer.text)) == (422, True), change
        kept = fields_of(answer.text)
        assert {name: kept[name] for name in sent if name in kept} == {
            name: value for name, value in sent.items() if name in kept
        }
    assert slugs(office) == before


def test_a_draft_is_left_and_taken_up_again_by_its_founder_alone_for_two_weeks(
    office: Office, desk: Desk, clock: Clock
) -> None:
    path = uploaded(desk)
    left = desk.submit(f"{path}/later", fields_of(desk.page(path)) | {"naam": "Halve afspraken", "tot": "ooit"})

    assert (left.status_code, left.headers["location"]) == (303, path)
    assert fields_of(desk.page(path))["tot"] == "ooit"
    assert "Halve afspraken afspraken.md" in words_of(desk.page("/nieuw"))
    other = signed(Desk(create_app(office, clock), base_url=OURS, follow_redirects=False), office, SECRETARY, clock)
    assert other.get(path, headers=HTML).status_code == 404
    assert "Halve afspraken" not in other.page("/nieuw")
    assert other.submit(f"{path}/weg").status_code == 404
    assert clean_uploads(office.settings, NOW + timedelta(days=13)) == 0
    assert clean_uploads(office.settings, NOW + timedelta(days=15)) == 1
    assert desk.get(path, headers=HTML).status_code == 404


def test_a_table_begins_without_any_document_and_a_draft_can_be_thrown_away(office: Office, desk: Desk) -> None:
    nothing = desk.submit("/nieuw")
    empty = desk.submit("/nieuw", {"zonder": "ja"}).headers["location"]
    fields = fields_of(desk.page(empty)) | {"naam": "Afspraken", "korte-naam": "leeg", "partij-naam-1": "Gemeente Leeg"}
    begun = desk.submit(
        f"{empty}/begin", fields | {"partij-soort-1": "municipality", "stap": ["voorjaarsoverleg", "werkgroep"]}
    )
    thrown = uploaded(desk)

    assert (nothing.status_code, "begin zonder document" in nothing.text) == (422, True)
    assert (begun.status_code, begun.headers.get("location")) == (303, "/c/leeg/jaar"), words_of(begun.text)[:900]
    assert desk.submit(f"{thrown}/weg").headers["location"] == "/nieuw"
    assert desk.get(thrown, headers=HTML).status_code == 404
    assert desk.submit("/nieuw", files=[("bestanden", ("x.md", b"", "text/plain"))]).status_code == 422


def test_every_form_of_a_founder_sent_twice_does_it_once_and_shows_the_same(office: Office, desk: Desk) -> None:
    first, second = uploaded(desk), desk.submit("/nieuw", {"zonder": "ja"}).headers["location"]
    typed = fields_of(desk.page(first))
    walk: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("/nieuw", "/nieuw", {"zonder": "ja", "nogmaals": "ja"}),
        ("/nieuw/{token}/later", f"{first}/later", typed),
        ("/nieuw/{token}/begin", f"{first}/begin", typed),
        ("/nieuw/{token}/weg", f"{second}/weg", {}),
    )
    for route, path, fields in walk:
        form = fields | {FIELD: desk.new_key()}
        once = desk.submit(path, form)
        between = dump(office), sorted(office.settings.path(FOLDER).rglob("*"))
        again = desk.submit(path, form)
        assert (once.status_code, again.status_code) == (303, 303), route
        assert (again.headers["location"], flash(again)) == (once.headers["location"], flash(once)), route
        assert (dump(office), sorted(office.settings.path(FOLDER).rglob("*"))) == between, route
    assert {route for route, _path, _fields in walk} == {path for path in posts() if path.startswith("/nieuw")}


def test_strange_signs_in_every_field_are_never_a_fault_of_ours(office: Office, desk: Desk) -> None:
    path = uploaded(desk)
    typed = fields_of(desk.page(path))
    for signs in ("a\x00\x07b", "\u202eb\u2066", "🏠👨‍👩‍👧 Ж", "%_\\'\"<b>{{ x }}", "a\r\nBcc: b@c.example", "١٢٣"):
        for name in typed:
            for way in ("later", "begin"):
                wrong = typed | {name: signs, "korte-naam": f"{signs} X" if name == "korte-naam" else "terneuzen"}
                assert desk.submit(f"{path}/{way}", wrong).status_code in (303, 422), (name, signs)
        assert desk.get(path, headers=HTML).status_code == 200
    assert slugs(office) == ["hulst", "terneuzen"]


def test_who_founds_may_take_the_usual_moment_over_that_of_the_text(office: Office, desk: Desk) -> None:
    path = uploaded(desk)
    page = desk.page(path)
    fields = fields_of(page)
    assert {name: value for name, value in fields.items() if name.startswith("moment-")} == {
        "moment-bod": "tekst",
        "moment-huuradvies": "tekst",
        "moment-najaarsoverleg": "tekst",
        "moment-voorjaarsoverleg": "tekst",
        "moment-werkgroep": "tekst",
    }
    begun = desk.submit(f"{path}/begin", fields | {"moment-bod": "gewoonlijk", "moment-werkgroep": "gewoonlijk"})

    assert begun.status_code == 303, words_of(begun.text)[:900]
    with office.database.reading() as session:
        steps = view_of(session, office.settings, "bergen-op-zoom").settings.steps
    assert (steps["bod"].by, steps["werkgroep"].every) == ((7, 1), None)
    assert (steps["voorjaarsoverleg"].window, steps["huuradvies"].before) == (((5, 1), (5, 31)), (3, 15))


def test_what_was_read_stands_on_the_page_of_the_draft_and_a_file_that_is_given_twice_counts_once(desk: Desk) -> None:
    twice = [*DOCUMENT, ("bestanden", ("kopie.md", NUMBERED.encode(), "text/plain"))]
    page = words_of(desk.page(str(desk.submit("/nieuw", files=twice).headers["location"])))

    assert "Samen genoemd: corporaties (Stichting Stadlander, Woonstichting De Zes Kernen)" in page
    assert "Wat er gelezen is in afspraken.md" in page
    assert "1.2 Er komt een monitor betaalbaarheid" in page
    assert "kopie.md" not in page


def test_meetings_that_only_the_text_has_come_along_with_all_that_a_meeting_has(office: Office, desk: Desk) -> None:
    text = (
        "# Convenant Goes\n\nGemeente Goes, RWS Wonen en HBV Goes maken afspraken.\n\n1.1 De gemeente levert grond.\n\n"
    )
    text += "Partijen komen drie keer per jaar bijeen: in maart, juni en november.\n"
    path = str(
        desk.submit("/nieuw", files=[("bestanden", ("goes.md", text.encode(), "text/plain"))]).headers["location"]
    )
    fields = fields_of(desk.page(path))
    begun = desk.submit(f"{path}/begin", fields)

    assert "overleg-juni" in fields["stap"]
    assert begun.status_code == 303, words_of(begun.text)[:900]
    with office.database.reading() as session:
        step = view_of(session, office.settings, "goes").settings.steps["overleg-juni"]
    assert (step.title, step.window, step.body) == (
        "Bestuurlijk overleg in juni",
        ((6, 1), (6, 30)),
        "Bestuurlijk overleg",
    )


def test_a_zip_founds_as_the_documents_in_it_do_and_an_odd_one_is_said(office: Office, desk: Desk) -> None:
    packed = zipped({"stukken/afspraken.md": NUMBERED.encode(), "stukken/leeg.md": b"Niets."}, "__MACOSX/._x.md")
    path = desk.submit("/nieuw", files=[("bestanden", ("stukken.ZIP", packed, "application/zip"))]).headers["location"]
    page = words_of(desk.page(path))
    refused = desk.submit("/nieuw", files=[("bestanden", ("fout.zip", b"PK no zip", "application/zip"))])

    assert re.findall(r"\S+\.md: 0 afspraken, \d+ acties", page) == [
        "afspraken.md: 0 afspraken, 2 acties",
        "leeg.md: 0 afspraken, 0 acties",
    ]
    assert (refused.status_code, "fout.zip is beschadigd of op slot." in words_of(refused.text)) == (422, True)
    assert len([*office.settings.path(FOLDER).glob("*/*/ontwerp.json")]) == 1


def test_the_zip_of_a_covenant_founds_the_same_table_elsewhere_with_its_founder_in_the_secretariat(
    office: Office, desk: Desk, clock: Clock, tmp_path: Path
) -> None:
    keeper = signed(Desk(desk.app, base_url=OURS, follow_redirects=False), office, SECRETARY, clock)
    packed = keeper.get("/c/terneuzen/alles.zip").content
    here = desk.submit("/nieuw", files=[("bestanden", ("terneuzen.zip", packed, "application/zip"))])
    other = elsewhere(packed)
    path = desk.submit("/nieuw", files=[("bestanden", ("elders.zip", other, "application/zip"))]).headers["location"]
    page = words_of(desk.page(path))
    nameless = desk.submit(f"{path}/begin", {"wie": ""})
    before = slugs(office)
    begun = desk.submit(f"{path}/begin", {"wie": "Team Wonen"})
    again = desk.get(path, headers=HTML)

    assert (here.status_code, "Het convenant terneuzen is hier al." in words_of(here.text)) == (422, True)
    assert ("Korte naam: elders" in page, "Partijen (5)" in page) == (True, True)
    assert (nameless.status_code, before) == (422, ["hulst", "terneuzen"])
    assert (begun.status_code, begun.headers["location"], slugs(office)) == (
        303,
        "/c/elders/jaar",
        ["elders", "hulst", "terneuzen"],
    )
    assert again.status_code == 404
    with office.database.reading() as session:
        one, two = (view_of(session, office.settings, slug) for slug in ("terneuzen", "elders"))
        extra = {(m.email, m.role) for m in two.members} - {(m.email, m.role) for m in one.members}
        assert extra == {(FOUNDER, Role.SECRETARIAT)}
        assert {(m.email, m.role) for m in one.members} <= {(m.email, m.role) for m in two.members}
        assert two.row.released_at is None
    assert agreements_of(office, "elders") == agreements_of(office, "terneuzen") != []


def test_a_covenant_folder_with_a_fault_is_said_at_its_line_and_nothing_is_kept(office: Office, desk: Desk) -> None:
    faulty = desk.submit("/nieuw", files=[("bestanden", ("covenant.toml", b'slug = "elders"\n', "text/plain"))])

    assert (faulty.status_code, "In de map klopt iets niet." in words_of(faulty.text)) == (422, True)
    assert "covenant.toml" in words_of(faulty.text)
    assert [*office.settings.path(FOLDER).glob("*/*")] == []


def test_a_folder_that_somebody_began_meanwhile_is_begun_once(office: Office, desk: Desk, clock: Clock) -> None:
    keeper = signed(Desk(desk.app, base_url=OURS, follow_redirects=False), office, SECRETARY, clock)
    other = elsewhere(keeper.get("/c/terneuzen/alles.zip").content)
    paths = [
        one.submit("/nieuw", files=[("bestanden", ("elders.zip", other, "application/zip"))]).headers["location"]
        for one in (desk, keeper)
    ]
    first = desk.submit(f"{paths[0]}/begin", {"wie": "Team Wonen"})
    second = keeper.submit(f"{paths[1]}/begin", {"wie": "Ander Team"})

    assert (first.status_code, second.status_code) == (303, 422)
    assert "Het convenant elders is hier al." in words_of(second.text)


def elsewhere(packed: bytes) -> bytes:
    """The zip of a covenant under another short name."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    place = next(name for name in files if name.endswith("covenant.toml"))
    return zipped(files | {place: files[place].replace(b'"terneuzen"', b'"elders"', 1)})


def agreements_of(office: Office, slug: str) -> list[tuple[str, str]]:
    with office.database.reading() as session:
        view = view_of(session, office.settings, slug)
        rows = session.exec(select(AgreementRow).where(AgreementRow.covenant_id == view.id)).all()
        return sorted((row.number, row.text) for row in rows)


RUNNING = """Woonpact Oostwolde

De gemeente Oostwolde en Wonen aan de Wolde en het Huurdersplatform Oostwolde maken samen afspraken.

Wonen aan de Wolde stelt voor 1 mei 2028 een buurtbeheerder aan. De gemeente onderzoekt voor 1 oktober 2027 of er een
warmtenet kan komen.
"""


def test_what_stands_in_running_text_is_ticked_on_the_draft_and_comes_along(office: Office, desk: Desk) -> None:
    file = [("bestanden", ("pact.txt", RUNNING.encode(), "text/plain"))]
    path = desk.submit("/nieuw", files=file).headers["location"]
    offered = [unescape(one) for one in re.findall(r'name="actie" value="([^"]+)"', desk.page(path))]
    fields = fields_of(desk.page(path)) | {
        "wie": "Team",
        "korte-naam": "oostwolde",
        "actie": [offered[0], "Stond er niet."],
    }
    desk.submit(f"{path}/later", fields)
    kept = re.findall(r'name="actie" value="[^"]+" checked', desk.page(path))
    begun = desk.submit(f"{path}/begin", fields)

    assert offered == [
        "Wonen aan de Wolde stelt voor 1 mei 2028 een buurtbeheerder aan.",
        "De gemeente onderzoekt voor 1 oktober 2027 of er een warmtenet kan komen.",
    ]
    assert len(kept) == 1
    assert "Niet overgenomen, want nu anders gelezen: “Stond er niet.”" in words_of(
        desk.page(begun.headers["location"])
    )
    with office.database.reading() as session:
        view = view_of(session, office.settings, "oostwolde")
        rows = session.exec(select(DeadlineRow.due).where(DeadlineRow.covenant_id == view.id)).all()
    assert date(2028, 4, 30) in rows
    assert date(2027, 9, 30) not in rows
