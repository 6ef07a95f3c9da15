"""Strange signs in documents, a covenant's file, a database of before, and on the command line: on either engine."""

import os
import shutil

from sqlmodel import select

from cycle.actions.letters import preview, word_file
from cycle.actions.office.office import Office
from cycle.actions.register.reading_in.importing import import_files, import_folder
from cycle.store.tables import AgreementRow, Covenant, DeadlineRow, LetterDraft, Person, ReadingRow
from tests.actions.mailbox import at
from tests.conftest import EXAMPLE, NOVEMBER

MARCH = at("2027-03-02")


def test_cells_of_a_document_come_in_clean(example: Office, tmp_path) -> None:
    file = tmp_path / os.fsdecode(b"lijst\xff\x07.csv")
    file.write_text(
        "nummer;thema;onderwerp;afspraak;trekker;termijnen\n"
        "9.1\x07;9;Proef \u202ea\x01 🏠;Doe dit\x0b vóór 1 mei 2027.;Clavis;voor 1 mei\x1b 2027\n",
        encoding="utf-8",
    )
    import_files(example, [file], None, MARCH)

    with example.database.reading() as session:
        row = session.exec(select(AgreementRow).where(AgreementRow.number == "9.1")).one()
        readings = session.exec(select(ReadingRow.phrase).where(ReadingRow.agreement_id == row.id)).all()
    assert (row.number, row.topic, row.text) == ("9.1", "Proef a 🏠", "Doe dit\n vóór 1 mei 2027.")
    assert readings == ["voor 1 mei 2027"]


def test_names_in_a_covenant_come_in_clean(office: Office, tmp_path) -> None:
    folder = tmp_path / "convenant"
    shutil.copytree(EXAMPLE, folder)
    text = (folder / "covenant.toml").read_text(encoding="utf-8")
    old = next(line for line in text.splitlines() if line.startswith("name = "))
    (folder / "covenant.toml").write_text(text.replace(old, 'name = "Ter\\u0000neu\\u202Ezen"', 1), encoding="utf-8")
    import_folder(office, folder, NOVEMBER)

    with office.database.reading() as session:
        assert session.exec(select(Covenant.name)).one() == "Terneuzen"


def test_a_letter_is_made_whatever_a_register_or_an_earlier_version_kept(quick_example: Office) -> None:
    with quick_example.database.writing() as session:
        for row in session.exec(select(DeadlineRow)):
            row.title = f"{row.title} 🏠\x07"
            session.add(row)
        for person in session.exec(select(Person)):
            person.name = f"{person.name} 🎉"
            session.add(person)
        texts = {"opening": "Welkom\x07 \u202eallen."}
        session.add(LetterDraft(covenant_id=1, year=2027, blocks=texts, changed_by="a@b.example", changed_at=MARCH))

    assert preview(quick_example, None, 2027, MARCH).pdf.startswith(b"%PDF-")
    assert word_file(quick_example, None, 2027, MARCH).startswith(b"PK")
