"""An agreement asks as many things as its rows say, each with its own words, leads, day and identity (law L3)."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import col, select

from cycle.actions.deadlines.deciding.closing import settle
from cycle.actions.office.office import Office
from cycle.actions.register.reading_in.importing import ImportReport, import_files
from cycle.actions.register.writing_out.exporting import export_register
from cycle.domain.model import State
from cycle.store.tables import ActionRow, AgreementRow, DeadlineRow, ReadingRow
from tests.conftest import NOVEMBER

HEAD = "Nr.;Onderwerp;Actie;Trekker;Datum"
FIRST = "7.1;Programma;Maak een concept.;Gemeente;Q1 2027"
SECOND = "7.1;Programma;Bespreek het concept met de huurders.;Clavis;Q2 2027"
THIRD = "7.1;Programma;Lever de cijfers van de wachttijd.;WZV;Q2 2027"
BY = "secretariaat@terneuzen.example"


def read(office: Office, folder: Path, *lines: str, name: str = "acties.csv", **how: object) -> ImportReport:
    file = folder / name
    file.write_text("\n".join((HEAD, *lines)), encoding="utf-8")
    return import_files(office, [file], None, NOVEMBER, by=BY, **how)  # type: ignore[arg-type]


def actions_of(office: Office, number: str) -> list[tuple[int, str, list[str]]]:
    with office.database.reading() as session:
        query = select(ActionRow).join(AgreementRow, col(ActionRow.agreement_id) == AgreementRow.id)
        rows = session.exec(query.where(AgreementRow.number == number).order_by(col(ActionRow.position)))
        return [(row.position, row.text, row.leads) for row in rows]


def deadlines_of(office: Office, number: str) -> dict[str, tuple[int, date | None, str]]:
    """The deadlines under a number by what is to be done: id, day and state."""
    with office.database.reading() as session:
        rows = session.exec(select(DeadlineRow).where(DeadlineRow.number == number, DeadlineRow.asked == "yes"))
        return {row.todo: (row.id or 0, row.due, row.state) for row in rows}


def titles_of(office: Office, number: str) -> list[str]:
    with office.database.reading() as session:
        rows = session.exec(select(DeadlineRow).where(DeadlineRow.number == number).order_by(col(DeadlineRow.id)))
        return [row.title for row in rows]


def test_each_row_under_a_number_is_an_action_with_its_own_words_leads_and_day(example: Office, tmp_path: Path) -> None:
    report = read(example, tmp_path, FIRST, SECOND, THIRD)

    assert report.differences.new == ("7.1",)
    assert [(one["due"], one["leads"], one["text"]) for one in report.asks] == [
        ("2027-03-31", ["gemeente"], "Maak een concept."),
        ("2027-06-30", ["clavis"], "Bespreek het concept met de huurders."),
        ("2027-06-30", ["wzv"], "Lever de cijfers van de wachttijd."),
    ]
    assert actions_of(example, "7.1") == [
        (0, "", []),
        (1, "Bespreek het concept met de huurders.", ["clavis"]),
        (2, "Lever de cijfers van de wachttijd.", ["wzv"]),
    ]
    assert {todo: due for todo, (_, due, _) in deadlines_of(example, "7.1").items()} == {
        "Maak een concept.": date(2027, 3, 31),
        "Bespreek het concept met de huurders.": date(2027, 6, 30),
        "Lever de cijfers van de wachttijd.": date(2027, 6, 30),
    }
    assert titles_of(example, "7.1") == [
        "Programma: Maak een concept.",
        "Programma: Bespreek het concept met de huurders.",
        "Programma: Lever de cijfers van de wachttijd.",
    ]


@pytest.mark.parametrize(
    "again",
    [
        (FIRST, SECOND, THIRD),
        (THIRD, FIRST, SECOND),  # in another order
        (FIRST, "7.1;Programma;Vraag de raad om geld.;Gemeente;mei 2027", SECOND, THIRD),  # with one between
        ("7.1;Programma;Vraag de raad om geld.;Gemeente;mei 2027", FIRST, SECOND, THIRD),  # with one before
        (FIRST, SECOND.replace("de huurders", "alle huurders"), THIRD),  # with other words
        (FIRST, SECOND),  # without one
        (SECOND, THIRD),  # without the first
    ],
)
def test_what_was_done_to_an_action_stays_with_it_however_its_rows_are_read_again(
    quick_example: Office, tmp_path: Path, again: tuple[str, ...]
) -> None:
    office = quick_example
    read(office, tmp_path, FIRST, SECOND, THIRD)
    was = deadlines_of(office, "7.1")
    settle(office, was["Bespreek het concept met de huurders."][0], State.DONE, NOVEMBER, by=BY)

    read(office, tmp_path, *again, yes=True)

    becomes = deadlines_of(office, "7.1")
    texts = {line.split(";")[2] for line in again}
    [done] = [one for todo, one in becomes.items() if todo.startswith("Bespreek het concept")]
    assert (done[0], done[2]) == (was["Bespreek het concept met de huurders."][0], "done")
    assert {todo for todo, (_, _, state) in becomes.items() if state == "open"} == {
        text for text in texts if not text.startswith("Bespreek")
    }
    same = texts & was.keys()
    assert {todo: becomes[todo][0] for todo in same} == {todo: was[todo][0] for todo in same}


def test_the_same_rows_again_change_nothing_and_say_so(example: Office, tmp_path: Path) -> None:
    read(example, tmp_path, FIRST, SECOND, THIRD)
    again = read(example, tmp_path, FIRST, SECOND, THIRD)

    assert (again.differences.any, again.differences.unchanged) == (False, ("7.1",))


def test_what_differs_in_an_action_is_told_and_waits_for_a_yes(quick_example: Office, tmp_path: Path) -> None:
    office = quick_example
    read(office, tmp_path, FIRST, SECOND, THIRD)
    held = read(office, tmp_path, FIRST, SECOND.replace("Clavis", "Gemeente"))
    before = deadlines_of(office, "7.1")

    assert (held.differences.waiting, len(before)) == (("7.1",), 3)
    assert list(held.differences.changes[0].what) == [
        (
            "actie",
            "Bespreek het concept met de huurders.; Clavis; Q2 2027",
            "Bespreek het concept met de huurders.; Gemeente; Q2 2027",
        ),
        ("actie weg", "Lever de cijfers van de wachttijd.; WZV; Q2 2027", ""),
    ]


def test_a_row_without_a_number_has_a_lasting_name_and_is_found_again_by_its_words(
    quick_example: Office, tmp_path: Path
) -> None:
    office, head = quick_example, "Actie;Trekker;Planning"
    lines = ("Maak een plan voor senioren.;Gemeente;Q2 2027", "Lever een overzicht.;Clavis;uiterlijk 1 mei 2027")
    file = tmp_path / "acties.csv"

    def again(*rows: str) -> ImportReport:
        file.write_text("\n".join((head, *rows)), encoding="utf-8")
        return import_files(office, [file], None, NOVEMBER, by=BY, yes=True)

    first = again(*lines)
    was = {name: deadlines_of(office, name) for name in ("z.n. 1", "z.n. 2")}
    turned = again("Bezoek de kern Axel.;Gemeente;mei 2027", *reversed(lines))

    assert (first.differences.new, turned.differences.new) == (("z.n. 1", "z.n. 2"), ("z.n. 3",))
    assert turned.differences.unchanged == ("z.n. 2", "z.n. 1")
    assert {name: deadlines_of(office, name) for name in was} == was
    assert titles_of(office, "z.n. 1") == ["Maak een plan voor senioren."]


def test_an_export_brings_every_action_back(quick_example: Office, tmp_path: Path) -> None:
    office = quick_example
    read(office, tmp_path, FIRST, SECOND, THIRD)
    export_register(office, None, tmp_path / "register.csv")

    again = import_files(office, [tmp_path / "register.csv"], None, NOVEMBER, by=BY)

    assert (again.problems, again.differences.changes, again.differences.new) == ((), (), ())
    with office.database.reading() as session:
        refs = session.exec(select(ReadingRow.ref).where(col(ReadingRow.ref).contains("~"))).all()
    assert sorted(refs) == ["agenda:q2-2027~1", "agenda:q2-2027~2"]
