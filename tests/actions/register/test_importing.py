"""Import: the real documents and the example, once and again; nothing is half written and nobody is mailed."""

import shutil
from pathlib import Path

import pytest
from sqlmodel import func, select

from cycle.actions.deadlines.deciding.closing import settle
from cycle.actions.office.office import Office
from cycle.actions.office.publishing import set_public
from cycle.actions.register.reading_in.importing import Differences, import_files, import_folder
from cycle.domain.model import State
from cycle.errors import Refused, SettingsError, Unreadable
from cycle.store.tables import AgreementRow, Covenant, DeadlineRow, Message, Person
from cycle.web.desk.read_in import read_in_of
from tests.actions.mailbox import at
from tests.actions.mails.test_reminding import deadline
from tests.conftest import EXAMPLE, NOVEMBER, SEEDS
from tests.decided import decided

needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason="the real agreement documents are not here")


def count(office: Office, table: type) -> int:
    with office.database.reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def folder_with(tmp_path: Path, *changes: str) -> Path:
    """The example folder with words of its covenant.toml replaced."""
    folder = tmp_path / "covenant"
    shutil.copytree(EXAMPLE, folder)
    text = (folder / "covenant.toml").read_text(encoding="utf-8")
    for change in changes:
        old, new = change.split("=>")
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "covenant.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_example_is_loaded_once_and_mails_nobody(office: Office) -> None:
    first = import_folder(office, EXAMPLE, NOVEMBER)
    again = import_folder(office, EXAMPLE, NOVEMBER)

    assert (len(first.differences.new), first.covenant_changed) == (55, True)
    assert (again.differences.any, again.covenant_changed, again.upkeep and again.upkeep.new) == (False, False, 0)
    assert (count(office, AgreementRow), count(office, Person), count(office, Message)) == (55, 21, 0)


def public_page(office: Office) -> tuple[bool, list[tuple[str, str]]]:
    """Whether it is on, and what the logbook says of it."""
    with office.database.reading() as session:
        said = [(one.verb, one.by) for one in decided(session)]
        is_on = session.exec(select(Covenant.is_public)).one()
    return is_on, [(verb, by) for verb, by in said if "openbare pagina" in verb]


def test_a_covenant_file_that_asks_for_it_makes_the_first_import_switch_the_public_page_on(office: Office) -> None:
    import_folder(office, EXAMPLE, NOVEMBER, by="beheer@terneuzen.example")

    assert public_page(office) == (True, [("openbare pagina aangezet", "beheer@terneuzen.example")])


def test_without_a_word_about_it_the_public_page_is_off(office: Office, tmp_path: Path) -> None:
    import_folder(office, folder_with(tmp_path, "public_page = true=>"), NOVEMBER)

    assert public_page(office) == (False, [])


@pytest.mark.parametrize(("in_the_file", "at_the_desk"), [(True, False), (False, True)])
def test_reading_a_folder_in_again_keeps_what_the_secretariat_switched(
    office: Office, tmp_path: Path, in_the_file: bool, at_the_desk: bool
) -> None:
    folder = folder_with(tmp_path, f"public_page = true=>public_page = {str(in_the_file).lower()}")
    import_folder(office, folder, NOVEMBER)
    set_public(office, "terneuzen", at_the_desk, NOVEMBER, by="secretariaat@terneuzen.example")
    before = public_page(office)

    report = import_folder(office, folder, NOVEMBER)

    assert (before[0], public_page(office), report.covenant_changed) == (at_the_desk, before, False)


@needs_seeds
def test_both_text_forms_give_the_same_register(office: Office) -> None:
    import_folder(office, EXAMPLE, NOVEMBER)
    first, second = sorted(SEEDS.glob("*.txt"))

    reports = [import_files(office, [file], None, NOVEMBER, check=True).as_json() for file in (first, second)]
    both = import_files(office, [first, second], None, NOVEMBER)
    again = import_files(office, [first], None, NOVEMBER)

    assert [[len(report["documents"][0][part]) for part in ("agreements", "agenda")] for report in reports] == [
        [55, 54],
        [55, 54],
    ]
    rows = [
        [
            (row["number"], row["topic"], row["trekker"], row["date_phrase"], row["leads"])
            for part in PARTS
            for row in report["documents"][0][part]
        ]
        for report in reports
    ]
    assert rows[0] == rows[1]
    assert (len(both.differences.changed), again.differences.any) == (55, False)
    assert count(office, Message) == 0


PARTS = ("agreements", "agenda")


@needs_seeds
def test_the_real_documents_ask_few_questions_of_a_table_that_knows_nothing(
    quick_office: Office, tmp_path: Path
) -> None:
    """One answer serves all rows that ask the same. Sixty rows of our own are counted in `test_sixty_rows`."""
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "map", ignore=shutil.ignore_patterns("agreements.csv")))
    import_folder(quick_office, folder, NOVEMBER)
    asked = []
    for file in sorted(SEEDS.glob("*.txt")):
        report = import_files(quick_office, [file], None, NOVEMBER, check=True)
        shown = read_in_of(report, {}, None, {})
        asked.append(len(shown.asked) + len(shown.questions))

    assert max(asked) <= MOST_QUESTIONS


MOST_QUESTIONS = 20


@needs_seeds
def test_what_people_did_survives_a_new_document(example: Office) -> None:
    row = deadline(example, "Vrije toewijzingsruimte", "2027")
    settle(example, row, State.DONE, at("2027-01-04"), party="clavis")
    settle(example, row, State.DONE, at("2027-01-05"), party="wzv")
    with example.database.reading() as session:
        before = session.exec(select(DeadlineRow.uid, DeadlineRow.state).where(DeadlineRow.id == row)).one()

    import_files(example, [sorted(SEEDS.glob("*.txt"))[0]], None, at("2027-01-06"))

    with example.database.reading() as session:
        assert session.exec(select(DeadlineRow.uid, DeadlineRow.state).where(DeadlineRow.id == row)).one() == before


def test_a_check_writes_nothing(office: Office) -> None:
    report = import_folder(office, EXAMPLE, NOVEMBER, check=True)

    assert report.differences == Differences(new=tuple(report.differences.new))
    assert (count(office, Covenant), count(office, AgreementRow)) == (0, 0)


@pytest.mark.parametrize(
    ("change", "what", "hint"),
    [
        ('email = "zorg@terneuzen.example"\n=>', "De sleutel 'email' ontbreekt.", "Vul hem in"),
        ('email = "zorg@terneuzen.example"=>email = "zorg"', "'zorg' is geen mailadres.", "Schrijf bijvoorbeeld"),
        ('party = "gemeente"=>party = "gemente"', "hoort bij de onbekende partij 'gemente'.", "Bekend zijn: gemeente,"),
        ('roles = ["director"]=>roles = ["baas"]', "'baas' is geen rol.", "Kies uit: trekker, contactpersoon,"),
        ("term_end = 2025-12-31=>term_end = 2021-12-31", "De looptijd eindigt voor hij begint.", "Draai term_start"),
        ('members = ["clavis", "wzv"]=>members = ["clavis", "wzz"]', "noemt de onbekende partij 'wzz'.", "Bekend zijn"),
        ("renews = true=>renewz = true", "De sleutel 'renewz' is onbekend.", "Bedoelt u 'renews'?"),
    ],
)
def test_a_faulty_covenant_gets_a_sentence_and_nothing_is_written(
    quick_office: Office, tmp_path: Path, change: str, what: str, hint: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        import_folder(quick_office, folder_with(tmp_path, change), NOVEMBER)

    assert [(what in fault.what, hint in fault.hint) for fault in refused.value.faults] == [(True, True)]
    assert all(fault.place.startswith("covenant.toml") for fault in refused.value.faults)
    assert count(quick_office, Covenant) == 0


def test_a_step_of_the_covenant_with_an_unknown_lead_is_refused(quick_office: Office, tmp_path: Path) -> None:
    folder = folder_with(tmp_path, '[steps.wijkschouw]=>[steps.wijkschouw]\nleads = ["provincie"]')

    with pytest.raises(Refused) as refused:
        import_folder(quick_office, folder, NOVEMBER)

    assert refused.value.what == "Een stap noemt een onbekende partij (wijkschouw: provincie)."
    assert count(quick_office, Covenant) == 0


def test_a_covenant_can_have_a_step_at_another_moment(quick_office: Office, tmp_path: Path) -> None:
    folder = folder_with(tmp_path, '[steps.uitnodigingsbrief]=>[steps.uitnodigingsbrief]\nby = "15 maart"')
    import_folder(quick_office, folder, NOVEMBER)

    with quick_office.database.reading() as session:
        query = select(DeadlineRow.due).where(
            DeadlineRow.title == "Uitnodigingsbrief", DeadlineRow.occurrence == "2027"
        )
        assert str(session.exec(query).one()) == "2027-03-15"


def test_a_row_that_cannot_be_read_is_reported_and_the_rest_goes_on(quick_office: Office, tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    register = folder / "agreements.csv"
    lines = register.read_text(encoding="utf-8").split("\n")
    lines[3] = lines[3].replace(";Gemeente;", ";Provincie Zeeland;", 1)
    lines[5] = ";" + lines[5].split(";", 1)[1]
    register.write_text("\n".join(lines), encoding="utf-8")

    report = import_folder(quick_office, folder, NOVEMBER)

    assert [(problem.place, problem.what.split(".")[0]) for problem in report.problems] == [
        ("agreements.csv, regel 4", report.problems[0].what.split(".")[0]),
        ("agreements.csv, regel 6", "Deze rij heeft geen nummer"),
    ]
    assert "Provincie Zeeland" in report.problems[0].what
    assert count(quick_office, AgreementRow) == 54


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"alleen maar tekst zonder tabel"])
def test_a_document_that_says_nothing_gets_a_sentence(quick_example: Office, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "leeg.txt"
    file.write_bytes(content)
    before = count(quick_example, DeadlineRow)

    said = said_of(quick_example, file)

    assert said
    assert count(quick_example, DeadlineRow) == before


def said_of(office: Office, file: Path) -> str:
    """What an import says of a file, in its problems or by refusing it."""
    try:
        return " ".join(str(problem) for problem in import_files(office, [file], None, NOVEMBER).problems)
    except Unreadable as refused:
        return f"{refused.what} {refused.hint}"


def test_a_document_that_is_not_there_gets_a_sentence(quick_example: Office, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="bestaat niet"):
        import_files(quick_example, [tmp_path / "weg.docx"], None, NOVEMBER)
