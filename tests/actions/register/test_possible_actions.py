"""What running text seems to ask is offered with its place, and nothing of it is kept until somebody takes it up."""

from datetime import date
from pathlib import Path

import pytest

from cycle.actions.office.office import Office
from cycle.actions.register.reading_in.importing import ImportReport, import_files
from cycle.errors import NotFound
from cycle.store import deadlines, register
from tests.actions.mailbox import at

NOW = at("2026-11-23")
TEXT = """Inleiding

De gemeente maakt vóór 1 juni 2027 een plan voor de stallingen in de wijk.

Partijen waarderen de goede samenwerking.

Clavis levert uiterlijk 1 oktober 2027 een overzicht van de leegstand.
"""


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "brief.txt"
    file.write_text(TEXT, encoding="utf-8")
    return file


def kept(office: Office) -> set[tuple[str, date | None]]:
    """The agreements without a number of their own, each with the days that are asked."""
    with office.database.reading() as session:
        rows = {row.id: row.text for row in register.agreement_rows(session, 1) if row.number.startswith("z.n.")}
        asked = deadlines.rows_of(session, 1)
        return {(rows[row.agreement_id], row.due) for row in asked if row.agreement_id in rows}


def read(office: Office, file: Path, *take: int) -> ImportReport:
    return import_files(office, [file], None, NOW, take=take)


def test_what_running_text_asks_is_offered_and_not_kept(example: Office, text: Path) -> None:
    report = read(example, text)

    [document] = report.documents
    plan = "De gemeente maakt vóór 1 juni 2027 een plan voor de stallingen in de wijk."
    assert [(row.text, row.leads, row.source) for row in document.unnumbered] == [
        (plan, ("gemeente",), "brief.txt, regel 3"),
        ("Clavis levert uiterlijk 1 oktober 2027 een overzicht van de leegstand.", ("clavis",), "brief.txt, regel 7"),
    ]
    assert (report.differences.any, report.asks, kept(example)) == (False, (), set())


def test_one_of_them_is_taken_up_and_stays_the_same_when_the_text_is_read_again(example: Office, text: Path) -> None:
    read(example, text, 2)
    again = read(example, text)

    asked = ("Clavis levert uiterlijk 1 oktober 2027 een overzicht van de leegstand.", date(2027, 10, 1))
    assert (kept(example), again.differences.any) == ({asked}, False)


def test_a_possible_action_that_is_not_there_is_refused_with_how_many_there_are(example: Office, text: Path) -> None:
    with pytest.raises(NotFound) as refused:
        read(example, text, 3)

    assert (refused.value.what, refused.value.hint) == (
        "Er is geen mogelijke actie 3.",
        "Er zijn er 2; kijk met: --check",
    )
    assert kept(example) == set()
