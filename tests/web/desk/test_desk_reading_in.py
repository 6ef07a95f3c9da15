"""Inlezen at the desk: what differs and what is doubtful is seen first; nothing is written before somebody confirms."""

import io
import re
import stat
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from cycle.actions.deadlines.deciding.particulars import Particulars, change_particulars, particulars_of
from cycle.actions.office.office import Office
from cycle.actions.register.reading_in.uploads import FOLDER, clean_uploads, keep_uploads, safe_name, uploads
from cycle.actions.register.writing_out.exporting import export_register
from cycle.actions.register.writing_out.folder_exporting import export_folder
from cycle.errors import NotFound
from cycle.intake import limits
from cycle.store import figures
from cycle.store.tables import AgreementRow, ColumnWord, Covenant, Document, Figure, Message, ReadingRow
from cycle.web.desk import reading_in
from tests.conftest import SEEDS
from tests.web.conftest import HTML, NOW

from .conftest import TREKKER, Desk, words_of

ROOM = "/c/terneuzen/inlezen"
OLD = "In samenhang sturen op gebiedsontwikkeling"


@pytest.fixture
def changed(office: Office, tmp_path: Path) -> bytes:
    """The register as a table, in which one topic has another name."""
    file = tmp_path / "register.csv"
    export_register(office, "terneuzen", file)
    text = file.read_text(encoding="utf-8-sig")
    assert f";{OLD};" in text
    return text.replace(f";{OLD};", ";Bouw- en slooptafel;").encode()


def send(desk: Desk, *files: tuple[str, bytes]):
    return desk.submit(ROOM, files=[("bestanden", (name, content, "text/plain")) for name, content in files])


def topics(office: Office) -> list[str]:
    with office.database.reading() as session:
        return list(session.exec(select(AgreementRow.topic).order_by(col(AgreementRow.position))))


def version_of(html: str) -> str:
    return html.split('name="version" value="')[1].split('"')[0]


def test_an_upload_is_shown_first_and_written_when_it_is_confirmed(office, desk, changed):
    before = topics(office)
    answer = send(desk, ("register.csv", changed))
    path = answer.headers["location"]
    page = desk.page(path)

    assert answer.status_code == 303
    assert f"onderwerp: {OLD} wordt Bouw- en slooptafel" in words_of(page)
    assert topics(office) == before
    form = {"version": version_of(page), "overnemen": "1.1.3"}
    done = desk.submit(f"{path}/bewaren", form)
    assert (done.status_code, done.headers["location"]) == (303, "/c/terneuzen/termijnen/afhandelen")
    assert "Bouw- en slooptafel" in topics(office)
    with office.database.reading() as session:
        assert session.exec(select(Document.file)).all() == ["register.csv"]
        assert session.exec(select(func.count()).select_from(Message)).one() == 0
    assert not list(office.settings.path(FOLDER).glob("*/*"))
    assert "register.csv" in desk.page(ROOM)


def test_the_upload_is_readable_by_the_service_alone_and_gone_after_a_day(office, desk, changed):
    path = send(desk, ("register.csv", changed)).headers["location"]
    [file] = office.settings.path(FOLDER).glob("*/*/*/*")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert clean_uploads(office.settings, NOW + timedelta(hours=23)) == 0
    assert clean_uploads(office.settings, NOW + timedelta(hours=25)) == 1
    assert desk.get(path, headers=HTML).status_code == 404


def test_two_secretaries_do_not_clobber_each_other(office, desk, sign_in, changed):
    path = send(desk, ("register.csv", changed)).headers["location"]
    page = desk.page(path)
    second = sign_in("secretariaat@terneuzen.example")
    other = changed.replace(b"Bouw- en slooptafel", b"Tafel van bouwen")
    theirs = send(second, ("ander.csv", other)).headers["location"]
    second.submit(f"{theirs}/bewaren", {"version": version_of(second.page(theirs)), "overnemen": "1.1.3"})

    answer = desk.submit(f"{path}/bewaren", {"version": version_of(page), "overnemen": "1.1.3"})
    assert answer.status_code == 409
    assert "Iemand anders heeft dit intussen gewijzigd." in answer.text
    assert "ander.csv: 1 afspraken" in answer.text
    assert "Tafel van bouwen wordt Bouw- en slooptafel" in words_of(answer.text)
    again = desk.submit(f"{path}/bewaren", {"version": version_of(answer.text), "overnemen": "1.1.3"})
    assert again.status_code == 303
    assert "Bouw- en slooptafel" in topics(office)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "Kies een of meer bestanden."),
        ([("leeg.txt", b"")], "leeg.txt is leeg."),
        ([("virus.exe", b"MZ\0\0\0")], "virus.exe is van een onbekend soort."),
        ([("nep.pdf", b"%PDF-1.7\nniets")], "nep.pdf"),
        ([("oud.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600)], "oud.doc is een oud Word-bestand."),
    ],
)
def test_c14_what_cannot_be_read_says_so_by_the_field(office, desk, files, said):
    answer = send(desk, *files)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'id="veld-bestanden-fout"' in answer.text
    assert not list(office.settings.path(FOLDER).glob("*/*"))


def test_nothing_of_which_the_tick_was_taken_away_is_written(office, desk, changed):
    path = send(desk, ("register.csv", changed)).headers["location"]
    page = desk.page(path)
    of_themselves = re.findall(r'name="vanzelf" value="([^"]+)"', page)
    answer = desk.submit(f"{path}/bewaren", {"version": version_of(page), "vanzelf": of_themselves})
    assert (of_themselves, answer.status_code, "Bouw- en slooptafel" in topics(office)) == (["1.1.3"], 422, False)


def test_an_upload_can_be_thrown_away(office, desk, changed):
    path = send(desk, ("register.csv", changed)).headers["location"]
    assert desk.submit(f"{path}/weg", {}).status_code == 303
    assert desk.get(path, headers=HTML).status_code == 404


def test_an_upload_of_another_covenant_is_not_here(office, changed):
    token = keep_uploads(office.settings, 1, [("a.csv", changed)], NOW)
    assert [file.name for file in uploads(office.settings, 1, token)] == ["a.csv"]
    for covenant, name in ((2, token), (1, "x"), (1, "../1"), (1, "0" * 32)):
        with pytest.raises(NotFound):
            uploads(office.settings, covenant, name)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\x\brief.docx", "brief.docx"),
        ("a<b>.pdf", "a_b_.pdf"),
        ("..", "bestand"),
    ],
)
def test_a_name_is_a_name_and_no_path(name, safe):
    assert safe_name(name) == safe


def test_only_the_secretariat_reads_documents_in(sign_in):
    assert sign_in(TREKKER).get(ROOM, headers=HTML).status_code == 403


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the real agreement documents are not here")
def test_the_real_documents_show_their_doubts_with_both_readings(office, desk):
    files = [(file.name, file.read_bytes()) for file in sorted(SEEDS.glob("*.txt"))]
    page = words_of(desk.page(send(desk, *files).headers["location"]))
    assert "55 afspraken, 54 agendarijen" in page
    assert "Twijfel: hier beslist u straks over" in page
    assert "najaar 2022" in page


def test_a_document_is_read_once_and_kept_for_each_further_look(office, desk, changed, monkeypatch):
    answer = send(desk, ("register.csv", changed))
    path = answer.headers["location"]
    [kept] = office.settings.path(FOLDER).glob("*/*/*.json")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    monkeypatch.setattr(limits, "OTHER_CHILD_SECONDS", 0.0001)  # whoever reads now is refused

    page = desk.page(path)
    done = desk.submit(f"{path}/bewaren", {"version": version_of(page), "overnemen": "1.1.3"})

    assert f"onderwerp: {OLD} wordt Bouw- en slooptafel" in words_of(page)
    assert (done.status_code, kept.exists()) == (303, False)
    assert send(desk, ("register.csv", changed)).status_code == 422


def test_a_table_of_sixty_thousand_rows_is_refused_with_a_sentence(desk):
    rows = "".join(f"1.{one};Iets;Gemeente;voor 1 april 2027\n" for one in range(60_000))
    answer = send(desk, ("groot.csv", f"Nummer;Afspraak;Trekker;Datum\n{rows}".encode()))
    assert (answer.status_code, "groot.csv heeft meer dan 10.000 rijen." in answer.text) == (422, True)


HEAD = "Nr.;Onderwerp;Actie;Trekker;Datum"


def table(*rows: str) -> bytes:
    return "\n".join((HEAD, *rows)).encode()


def test_rows_stand_in_the_order_in_which_people_count_with_their_whole_text(desk):
    rows = [f"9.{number};Onderwerp {number};Doe werk {number} in de wijk.;Gemeente;mei 2027" for number in (10, 9, 2)]
    page = desk.page(send(desk, ("acties.csv", table(*rows))).headers["location"])

    words = words_of(page)
    asked = "Gemeente Terneuzen, “mei 2027”: uiterlijk 31 mei 2027"
    places = [words.index(f"Doe werk {number} in de wijk. {asked}") for number in (2, 9, 10)]
    assert places == sorted(places)


def test_numbers_that_change_stand_in_the_order_in_which_people_count(desk):
    head = "Nr.;Onderwerp;Afspraak;Trekker"
    works = ("losse tegels op galerijen", "een makelaar voor winkels", "bomen in straten", "kapotte liften")

    def page_of(first: int) -> tuple[str, str]:
        rows = [
            f"9.{number};Onderwerp {work};Wij doen wat aan {work}.;Clavis" for number, work in enumerate(works, first)
        ]
        path = send(desk, ("afspraken.csv", "\n".join((head, *rows)).encode())).headers["location"]
        return path, desk.page(path)

    path, page = page_of(7)
    desk.submit(f"{path}/bewaren", {"version": version_of(page)})

    words = words_of(page_of(8)[1])
    assert re.findall(r"hernummerd: 9\.\d+ → 9\.(\d+)", words) == ["8", "9", "10", "11"]


def test_a_document_with_figures_alone_is_kept_and_other_figures_only_where_that_is_ticked(office, desk):
    if not SEEDS.is_dir():
        pytest.skip("the documents of the example are not in this copy")
    [document] = [file for file in sorted(SEEDS.glob("*.txt")) if "Beginstand per 1-1" in file.read_text("utf-8")]
    path = send(desk, ("voorraad.txt", document.read_bytes())).headers["location"]
    page = desk.page(path)
    with office.database.reading() as session:
        before = len(figures.standing(session, 1))
    done = desk.submit(f"{path}/bewaren", {"version": version_of(page), "vanzelf": every_box_in(page)})
    with office.database.writing() as session:
        after = len(figures.standing(session, 1))
        kept = session.exec(select(Figure).order_by(col(Figure.id).desc())).first()
        amount = kept.amount
        session.add(Figure(**kept.model_dump(exclude={"id", "amount"}), amount=amount + 1))
    path = send(desk, ("voorraad.txt", document.read_bytes())).headers["location"]
    page = desk.page(path)
    form = {"version": version_of(page), "vanzelf": every_box_in(page)}
    unticked = desk.submit(f"{path}/bewaren", form)
    ticked = desk.submit(f"{path}/bewaren", {**form, "cijfers": "ja"})
    with office.database.reading() as session:
        newest = session.exec(select(Figure).order_by(col(Figure.id).desc())).first()

    assert (done.status_code, after - before > 0) == (303, True)
    assert "Neem de andere cijfers over" in words_of(page)
    assert "--yes" not in page
    assert (unticked.status_code, ticked.status_code) == (422, 303)
    assert newest.amount == amount


def every_box_in(page: str) -> list[str]:
    """All that is ticked of itself, so that without a tick none of it is taken."""
    return re.findall(r'name="vanzelf" value="([^"]+)"', page)


def test_the_same_question_is_asked_once_with_every_sentence_that_asks_it(desk):
    rows = [f"9.{number};Onderwerp {number};Zin nummer {number}.;Gemeente;najaar 2027" for number in (1, 2, 3)]
    page = desk.page(send(desk, ("acties.csv", table(*rows))).headers["location"])

    words = words_of(page)
    assert "hier beslist u straks over (1)" in words
    assert [f"“Zin nummer {number}.”" in words for number in (1, 2, 3)] == [True] * 3


def test_all_or_nothing_is_ticked_at_once_and_what_is_not_ticked_is_not_written(office, desk):
    rows = ("9.1;Een;Doe een.;Gemeente;mei 2027", "9.2;Twee;Doe twee.;Gemeente;mei 2027")
    path = send(desk, ("acties.csv", table(*rows))).headers["location"]
    page = desk.page(path)
    of_themselves = {"version": version_of(page), "vanzelf": ["9.1", "9.2"]}
    boxes = [page.count(" checked>")]
    for choice in ("niets", "alles"):
        answer = desk.submit(f"{path}/kiezen", {**of_themselves, "kies": choice, "overnemen": ["9.1"]})
        boxes.append(answer.text.count(" checked>"))

    desk.submit(f"{path}/bewaren", {"version": version_of(page), "vanzelf": ["9.1", "9.2"], "overnemen": ["9.2"]})

    assert boxes == [2, 0, 2]
    assert ("Een" in topics(office), "Twee" in topics(office)) == (False, True)


def test_what_is_not_sure_to_be_the_same_is_asked_and_written_as_it_was_answered(office, desk):
    was = "9.1;Veiligheid;Corporaties lopen alle galerijen na op losse tegels.;Clavis"
    other = "9.1;Leegstand;Eigenaren van winkels krijgen bezoek van een makelaar.;Gemeente"
    head = "Nr.;Onderwerp;Afspraak;Trekker\n"
    first = send(desk, ("afspraken.csv", (head + was).encode())).headers["location"]
    desk.submit(f"{first}/bewaren", {"version": version_of(desk.page(first))})
    path = send(desk, ("afspraken.csv", (head + other).encode())).headers["location"]
    page = desk.page(path)
    nothing = desk.submit(f"{path}/bewaren", {"version": version_of(page)})
    before = topics(office)

    done = desk.submit(f"{path}/bewaren", {"version": version_of(page), "vraag-9.1": "nieuw"})

    assert "Is dit dezelfde afspraak? (1)" in words_of(page)
    assert "galerijen na op losse tegels" in page
    assert (nothing.status_code, "Leegstand" in before) == (422, False)
    assert (done.status_code, {"Veiligheid", "Leegstand"} <= set(topics(office))) == (303, True)


def test_one_answer_settles_every_row_that_asks_the_same(office, desk):
    rows = [f"9.{number};Onderwerp {number};Zin nummer {number}.;Gemeente;najaar 2027" for number in (10, 2, 3)]
    path = send(desk, ("acties.csv", table(*rows))).headers["location"]
    desk.submit(f"{path}/bewaren", {"version": version_of(desk.page(path))})
    page = desk.page("/c/terneuzen/termijnen/afhandelen")
    [first] = re.findall(r'id="zin-(\d+)">9\.2', page)
    others = re.findall(rf'name="ook-{first}" value="(\d+)"', page)
    versions = {
        f"versie-{one}": re.findall(rf'name="versie-{one}" value="([^"]*)"', page)[0] for one in (first, *others)
    }

    done = desk.submit("/c/terneuzen/termijnen/twijfel", {f"lezing-{first}": "1", f"ook-{first}": others, **versions})

    assert (len(others), done.status_code) == (2, 303)
    assert "Zin nummer 10." in page
    after = desk.page("/c/terneuzen/termijnen/afhandelen")
    assert "Zin nummer" not in after


def test_an_agreement_shows_each_of_its_actions_and_who_gets_its_mail(office, desk):
    rows = ("9.1;Een;Doe een.;Gemeente;mei 2027", "9.1;Een;Doe ook twee.;Clavis;juni 2027")
    path = send(desk, ("acties.csv", table(*rows))).headers["location"]
    desk.submit(f"{path}/bewaren", {"version": version_of(desk.page(path))})
    with office.database.reading() as session:
        number = session.exec(select(AgreementRow.id).where(AgreementRow.number == "9.1")).one()

    words = words_of(desk.page(f"/c/terneuzen/afspraken/{number}"))

    assert "Verdere acties onder 9.1" in words
    assert "Doe ook twee. Clavis juni 2027" in words
    assert words.index("Gemeente Terneuzen", words.index("Wie krijgt de mail")) < words.index(
        "Clavis", words.index("Wie krijgt de mail")
    )


ODD_HEAD = "Nr;Wie;Wat er gebeurt;Vlag;Los"


def odd(*rows: str) -> bytes:
    return "\n".join((ODD_HEAD, *rows)).encode()


def test_choosing_all_or_nothing_forgets_no_answer(desk):
    was = "9.1;Veiligheid;Corporaties lopen alle galerijen na op losse tegels.;Clavis"
    other = "9.1;Leegstand;Eigenaren van winkels krijgen bezoek van een makelaar.;Gemeente"
    head = "Nr.;Onderwerp;Afspraak;Trekker\n"
    first = send(desk, ("afspraken.csv", (head + was).encode())).headers["location"]
    desk.submit(f"{first}/bewaren", {"version": version_of(desk.page(first))})
    path = send(desk, ("afspraken.csv", (head + other).encode())).headers["location"]
    version = version_of(desk.page(path))

    answer = desk.submit(f"{path}/kiezen", {"version": version, "kies": "alles", "vraag-9.1": "nieuw"})

    assert answer.status_code == 200
    assert re.search(r'id="vraag-9.1-nieuw"[^>]* checked', answer.text)


def test_what_a_column_is_is_said_at_the_desk_and_kept_for_the_covenant(office, desk):
    """A date in "Vlag" and one in "Los": the secretary says which counts; the next reading knows it without asking."""
    rows = [f"9.{number};Gemeente;Doe werk {number} in de wijk.;mei 2027;juni 2028" for number in (1, 2, 3)]
    path = send(desk, ("acties.csv", odd(*rows))).headers["location"]
    page = desk.page(path)
    form = {"version": version_of(page), "kolom": ["vlag", "los"], "soort": ["termijn", "niet gebruikt"]}

    again = desk.submit(f"{path}/kolommen", form)
    next_reading = desk.page(send(desk, ("anders.csv", odd(*rows))).headers["location"])
    with office.database.reading() as session:
        kept = session.exec(select(ColumnWord.heading, ColumnWord.meaning).order_by(ColumnWord.heading)).all()

    assert "uiterlijk 30 juni 2028" in words_of(page)
    for shown in (again.text, next_reading):
        words = words_of(shown)
        assert ("uiterlijk 31 mei 2027" in words, "uiterlijk 30 juni 2028" in words) == (True, False)
        assert "termijn door u gezegd" in words
    assert kept == [("los", "niet gebruikt"), ("vlag", "termijn")]
    desk.submit(f"{path}/kolommen", {**form, "soort": ["", ""]})
    assert "uiterlijk 30 juni 2028" in words_of(desk.page(path))


def test_a_number_changes_only_where_that_is_ticked(office, desk):
    """Two agreements change places with a new one; each gets its number by its own tick."""
    head = "Nr.;Onderwerp;Afspraak;Trekker"
    old = ("9.1;Galerijen;Corporaties lopen alle galerijen na op losse tegels.;Clavis",)
    new = ("9.2;Galerijen;Corporaties lopen alle galerijen na op losse tegels.;Clavis",)
    other = "9.1;Makelaar;Eigenaren van winkels krijgen bezoek van een makelaar.;Gemeente"
    first = send(desk, ("afspraken.csv", "\n".join((head, *old)).encode())).headers["location"]
    desk.submit(f"{first}/bewaren", {"version": version_of(desk.page(first))})
    path = send(desk, ("afspraken.csv", "\n".join((head, other, *new)).encode())).headers["location"]
    page = desk.page(path)
    shown = {"version": version_of(page), "vanzelf": re.findall(r'name="vanzelf" value="([^"]+)"', page)}

    both = desk.submit(f"{path}/bewaren", {**shown, "overnemen": ["9.1"]})
    nothing = desk.submit(f"{path}/bewaren", shown)
    before = numbers(office)
    done = desk.submit(f"{path}/bewaren", {**shown, "overnemen": ["nummer 9.2"]})

    assert shown["vanzelf"] == ["9.1", "nummer 9.2"]
    assert (both.status_code, "Het nummer 9.1 is nog van een andere afspraak." in both.text) == (422, True)
    assert (nothing.status_code, before["Galerijen"]) == (422, "9.1")
    assert (done.status_code, numbers(office)["Galerijen"], "Makelaar" in numbers(office)) == (303, "9.2", False)


def numbers(office: Office) -> dict[str, str]:
    """The number of each agreement, by what it is about."""
    with office.database.reading() as session:
        return dict(session.exec(select(AgreementRow.topic, AgreementRow.number)).all())


def test_a_doubt_that_was_settled_is_not_asked_again_while_the_words_are_the_same(office, desk):
    def read(*rows: str) -> str:
        path = send(desk, ("acties.csv", table(*rows))).headers["location"]
        page = desk.page(path)
        desk.submit(f"{path}/bewaren", {"version": version_of(page), "overnemen": ["9.1"]})
        return words_of(page)

    asked = read("9.1;Een;Zin nummer een.;Gemeente;najaar 2027")
    with office.database.writing() as session:
        row = session.exec(select(ReadingRow).where(ReadingRow.phrase == "najaar 2027")).one()
        row.doubtful, row.others, row.confirmed_by, row.confirmed_at = False, [], "iemand@terneuzen.example", NOW
    same = read("9.1;Een;Zin nummer een, iets anders gezegd.;Gemeente;najaar 2027")
    other = read("9.1;Een;Zin nummer een.;Gemeente;najaar 2028")

    assert ["hier beslist u straks over" in words for words in (asked, same, other)] == [True, False, True]


def test_parties_and_days_that_change_are_said_as_people_say_them(desk):
    first = send(desk, ("acties.csv", table("9.1;Een;Doe een.;Gemeente;mei 2027"))).headers["location"]
    desk.submit(f"{first}/bewaren", {"version": version_of(desk.page(first))})
    page = desk.page(send(desk, ("acties.csv", table("9.1;Een;Doe een.;Clavis;juni 2027"))).headers["location"])

    words = words_of(page)
    assert "Gemeente Terneuzen wordt Clavis" in words
    assert "“mei 2027” (uiterlijk 31 mei 2027) wordt “juni 2027” (uiterlijk 30 juni 2027)" in words


def test_a_file_without_agreements_does_not_say_that_all_is_the_same(desk):
    page = words_of(desk.page(send(desk, ("brief.txt", b"Beste mensen, tot ziens.")).headers["location"]))

    assert ("In deze bestanden zijn geen afspraken gevonden." in page, "Alles is gelijk" in page) == (True, False)


def test_a_page_of_the_desk_that_is_not_there_or_fails_keeps_its_menu(desk, monkeypatch):
    def fail(*_arguments: object, **_more: object) -> None:
        raise ZeroDivisionError

    gone = desk.get(f"{ROOM}/{'0' * 32}", headers=HTML)
    monkeypatch.setattr(reading_in, "uploads", fail)
    failed = desk.get(f"{ROOM}/{'0' * 32}", headers=HTML)

    assert (gone.status_code, "Deze bestanden zijn er niet meer." in gone.text) == (404, True)
    assert (failed.status_code, "Er ging bij ons iets mis." in failed.text) == (500, True)
    nowhere = desk.get("/c/terneuzen/bestaat/niet", headers=HTML)
    assert (nowhere.status_code, "Deze pagina bestaat niet." in nowhere.text) == (404, True)
    for page in (gone, failed, nowhere):
        assert 'aria-label="Menu"' in page.text
        assert page.headers["cache-control"] == desk.get(ROOM, headers=HTML).headers["cache-control"]


def test_what_a_reading_in_did_is_seen_afterwards_and_goes_back_row_by_row(office, desk, changed):
    said = topics(office)
    place = send(desk, ("register.csv", changed)).headers["location"]
    desk.submit(f"{place}/bewaren", {"overnemen": "1.1.3", "version": version_of(desk.get(place).text)})
    assert topics(office) != said

    listed = desk.get(ROOM).text
    done = re.search(r'href="(/c/terneuzen/inlezen/gedaan/\d+)">register.csv: 1 afspraken', listed)
    assert done is not None
    page = desk.get(done[1]).text
    words = words_of(page)
    assert f"onderwerp: {OLD} werd Bouw- en slooptafel" in words
    box = re.search(r'name="rij" value="(\d+)"', page)
    assert box is not None
    nothing = desk.submit(f"{done[1]}/terug", {})
    assert (nothing.status_code, "Kruis minstens één rij aan." in nothing.text) == (422, True)

    back = desk.submit(f"{done[1]}/terug", {"rij": box[1]})

    assert (back.status_code, back.headers["location"]) == (303, done[1])
    words = words_of(desk.get(done[1]).text)
    assert "Teruggezet: 1.1.3. Er is niemand gemaild." in words
    assert "Er is niets dat nu terug kan." in words
    assert topics(office) == said
    assert desk.submit(f"{done[1]}/terug", {"rij": box[1]}).status_code == 303
    assert topics(office) == said
    assert desk.get(f"{ROOM}/gedaan/1").status_code == 404


def folder_of(office: Office, place: Path, *instead: tuple[str, str]) -> list[tuple[str, bytes]]:
    """The files of the table as a folder, with other words in its covenant.toml."""
    export_folder(office, "terneuzen", place)
    files = {file.name: file.read_bytes() for file in place.iterdir()}
    text = files["covenant.toml"].decode()
    for old, new in instead:
        assert old in text
        text = text.replace(old, new)
    return [*(files | {"covenant.toml": text.encode()}).items()]


def test_a_folder_shows_both_sides_and_only_what_is_ticked_is_taken_over(office, desk, tmp_path):
    before = particulars(office)
    change_particulars(office, 1, replace(before, send_hour="11:00"), NOW, by="iemand@terneuzen.example")
    phone = "0115 - 00 00 00", "0115 - 22 22 22"
    files = folder_of(office, tmp_path / "map", phone, ("11:00", "10:30"))
    path = send(desk, *files).headers["location"]
    page = desk.page(path)
    words = words_of(page)

    assert "Aan tafel anders dan in de map (2)" in words
    assert "Uur van de mail 11:00 10:30" in words
    assert "Telefoon 0115 - 00 00 00 0115 - 22 22 22" in words
    form = {"version": version_of(page), "anders": "mail.phone"}
    done = desk.submit(f"{path}/map", form)
    after = particulars(office)

    assert done.status_code == 303
    assert (after.phone, after.send_hour) == ("0115 - 22 22 22", "11:00")


def test_a_folder_of_another_covenant_is_refused_and_one_that_is_the_same_changes_nothing(office, desk, tmp_path):
    faulty = send(desk, ("covenant.toml", b"korte_naam = 3\n"))
    other = folder_of(office, tmp_path / "ander", ('korte_naam = "terneuzen"', 'korte_naam = "hulst"'))
    refused = send(desk, *other)
    path = send(desk, *folder_of(office, tmp_path / "map")).headers["location"]
    page = desk.page(path)
    done = desk.submit(f"{path}/map", {"version": version_of(page)})

    assert (faulty.status_code, "korte_naam" in words_of(faulty.text)) == (422, True)
    assert (refused.status_code, "Deze map is van een ander convenant" in words_of(refused.text)) == (422, True)
    assert "Niets: wat in de map staat over mensen" in words_of(page)
    assert "Alles stond al zo" in desk.page(done.headers["location"])


def test_the_zip_of_the_covenant_is_read_as_it_was_downloaded(office, desk, tmp_path):
    downloaded = desk.get("/c/terneuzen/alles.zip").content
    same = desk.page(send(desk, ("terneuzen.zip", downloaded)).headers["location"])
    other = dict(folder_of(office, tmp_path / "map", ("0115 - 00 00 00", "0115 - 22 22 22")))
    path = send(desk, ("terneuzen (1).ZIP", zipped(other, "__MACOSX/._covenant.toml"))).headers["location"]
    page = desk.page(path)
    done = desk.submit(f"{path}/map", {"version": version_of(page), "anders": "mail.phone"})

    assert "Niets: wat in de map staat over mensen" in words_of(same)
    assert "Telefoon 0115 - 00 00 00 0115 - 22 22 22" in words_of(page)
    assert (done.status_code, particulars(office).phone) == (303, "0115 - 22 22 22")


def test_a_document_in_a_zip_is_read_and_every_file_in_it_is_kept(office, desk, changed):
    path = send(desk, ("afspraken.zip", zipped({"register.csv": changed, "tweede.csv": changed}))).headers["location"]
    kept = uploads(office.settings, 1, path.rsplit("/", 1)[1])

    assert [file.name for file in kept] == ["register.csv", "tweede.csv"]


ODD_ZIPS: list[tuple[bytes | dict[str, bytes], str]] = [
    (b"PK no zip", "fout.zip is beschadigd of op slot."),
    ({}, "In fout.zip zit geen bestand."),
    ({"covenant.toml": b" " * 30_000_000}, "fout.zip is verdacht ingepakt."),
    ({"../covenant.toml": b"x"}, "fout.zip is verdacht ingepakt."),
    ({"a/x.csv": b"1", "b/x.csv": b"2"}, "In fout.zip zitten bestanden met dezelfde naam."),
    ({f"{n}.csv": b"1" for n in range(70)}, "In fout.zip zitten te veel bestanden."),
    ({f"{n}.csv": b"1" for n in range(11)}, "Dat zijn te veel bestanden."),
]


def test_a_zip_with_a_password_is_said_and_nothing_is_kept(office, desk):
    locked = bytearray(zipped({"register.csv": b"x"}))
    for head, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # both say that the file is encrypted
        locked[locked.index(head) + flags] |= 1
    answer = send(desk, ("fout.zip", bytes(locked)))

    assert (answer.status_code, "fout.zip is beschadigd of op slot." in answer.text) == (422, True)
    assert "zonder wachtwoord" in answer.text
    assert [*office.settings.path(FOLDER).glob("*/*")] == []


def test_a_zip_that_cannot_be_taken_apart_is_said_and_nothing_is_kept(office, desk):
    for content, said in ODD_ZIPS:
        answer = send(desk, ("fout.zip", content if isinstance(content, bytes) else zipped(content)))

        assert (answer.status_code, said in words_of(answer.text)) == (422, True), said
    assert [*office.settings.path(FOLDER).glob("*/*")] == []


def zipped(files: dict[str, bytes], *added: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        for name in added:
            archive.writestr(name, b"of the computer itself")
    return packed.getvalue()


def test_a_folder_that_was_looked_at_before_somebody_changed_the_table_is_shown_anew(office, desk, tmp_path):
    files = folder_of(office, tmp_path / "map", ("0115 - 00 00 00", "0115 - 22 22 22"))
    path = send(desk, *files).headers["location"]
    seen = version_of(desk.page(path))
    change_particulars(
        office, 1, replace(particulars(office), phone="0115 - 33 33 33"), NOW, by="iemand@terneuzen.example"
    )
    answer = desk.submit(f"{path}/map", {"version": seen, "anders": "mail.phone"})

    assert (answer.status_code, 'value="mail.phone" checked' in answer.text) == (409, True)
    assert "Er is intussen iets veranderd." in words_of(answer.text)
    assert particulars(office).phone == "0115 - 33 33 33"


def particulars(office: Office) -> Particulars:
    with office.database.reading() as session:
        return particulars_of(session.get_one(Covenant, 1))
