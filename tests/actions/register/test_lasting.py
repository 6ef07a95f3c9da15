"""An action is itself: another number, other words, another frequency lose nothing that people did (law L3)."""

import csv
from datetime import date
from pathlib import Path
from random import Random

import pytest
from sqlmodel import col, select

from cycle.actions.deadlines.deciding.closing import settle
from cycle.actions.deadlines.upkeep.year_upkeep import keep_year
from cycle.actions.mails.rehearsal.rehearsing import rehearse_year
from cycle.actions.office.office import Office
from cycle.actions.register.reading_in.importing import import_files, import_folder
from cycle.actions.register.writing_out.exporting import export_register
from cycle.domain.model import ReadingKind, State
from cycle.store.seats import keys_of
from cycle.store.tables import ActionSource, AgreementRow, DeadlineRow, Membership, ReadingRow
from tests.conftest import EXAMPLE, NOVEMBER
from tests.lasting_names import agreement_id, with_ref

BY = "secretariaat@terneuzen.example"


def renumber(office: Office, **numbers: str) -> None:
    """Gives agreements other numbers: 1_1_4="1.1.5"."""
    with office.database.writing() as session:
        wanted = {old.replace("_", "."): new for old, new in numbers.items()}
        rows = session.exec(select(AgreementRow).where(col(AgreementRow.number).in_(list(wanted)))).all()
        becomes = {row.id: wanted[row.number] for row in rows}
        for row in rows:  # on their way nobody has the number of another
            row.number = f"weg {row.id}"
        session.flush()
        for row in rows:
            row.number = becomes[row.id]


def mails_of(office: Office, year: int) -> list[tuple[object, ...]]:
    """Who is mailed when, about which deadlines."""
    return [
        (mail.digest.on, mail.to.email, tuple(sorted(line.deadline for line in mail.digest.reminders)))
        for mail in rehearse_year(office, year, NOVEMBER)
    ]


def test_another_number_changes_nobodys_mails(example: Office) -> None:
    keep_year(example, NOVEMBER)
    before = mails_of(example, 2027)

    renumber(example, **{"5_9": "5.10", "1_1_4": "1.1.5", "1_1_5": "1.1.4", "5_10": "5.9"})
    keep_year(example, NOVEMBER)

    assert (len(before) > 20, mails_of(example, 2027)) == (True, before)


@pytest.mark.parametrize("seed", [0, 1])
def test_a_document_with_other_numbers_changes_nobodys_mails(quick_example: Office, tmp_path: Path, seed: int) -> None:
    """Numbers shift in a new document: some rows up, some down, some to a number that nobody had."""
    keep_year(quick_example, NOVEMBER)
    before, register = mails_of(quick_example, 2027), tmp_path / "register.csv"
    export_register(quick_example, None, register)
    other = renumbered(register, Random(seed))

    report = import_files(quick_example, [register], None, NOVEMBER, yes=True)

    renamed = {one.old: one.new for one in report.differences.renumbered}
    assert (len(other) > 4, renamed, report.differences.new, report.differences.questions) == (True, other, (), ())
    assert mails_of(quick_example, 2027) == before


def renumbered(register: Path, dice: Random) -> dict[str, str]:
    """Gives some rows of a register the numbers of others, within their theme; says which got which."""
    with register.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file, delimiter=";")
    number, agenda_number = head.index("nummer"), head.index("agenda_nummer")
    theme = dice.choice(["1.1.", "2.", "4."])
    mine = [row for row in rows if row[number].startswith(theme)]
    wanted = [*(row[number] for row in mine[1:]), f"{theme}99"] if dice.random() < 0.5 else []
    wanted = wanted or dice.sample([row[number] for row in mine], len(mine))
    other = {row[number]: new for row, new in zip(mine, wanted, strict=True)}
    for row in mine:
        row[agenda_number] = other.get(row[agenda_number], row[agenda_number])
        row[number] = other[row[number]]
    with register.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([head, *rows])
    return {old: new for old, new in other.items() if old != new}


def test_a_step_stands_for_the_same_agreement_whatever_it_is_called(example: Office) -> None:
    keep_year(example, NOVEMBER)
    with example.database.reading() as session:
        letter = agreement_id(session, "5.9")

    renumber(example, **{"5_9": "6.1"})
    keep_year(example, NOVEMBER)

    with example.database.reading() as session:
        [source] = session.exec(select(ActionSource).where(ActionSource.named_as == "5.9")).all()
        rows = session.exec(select(DeadlineRow).where(DeadlineRow.title == "Uitnodigingsbrief")).all()
    assert source.agreement_id == letter
    assert {(row.number, tuple(row.agreements), row.theme) for row in rows} == {("6.1", (letter,), "5")}


def test_a_reading_that_comes_back_each_year_keeps_what_was_done_in_the_year_it_was_once(example: Office) -> None:
    row = reading(example, "2.1", "2022")
    change(example, row, due=date(2027, 5, 14), window_start=None)
    keep_year(example, NOVEMBER)
    [was] = rows_of(example, row)
    settle(example, was.id or 0, State.DONE, NOVEMBER, by=BY)
    change(example, row, kind=ReadingKind.YEARLY, per_year=1.0)
    keep_year(example, NOVEMBER)
    yearly = rows_of(example, row)

    change(example, row, kind=ReadingKind.ONCE, per_year=None)
    keep_year(example, NOVEMBER)
    [once, *taken] = rows_of(example, row)

    assert [(one.id == was.id, one.occurrence, one.state) for one in yearly] == [
        (True, "2027", "done"),
        (False, "2028", "open"),
    ]
    assert (once.id, once.uid, once.occurrence, once.state) == (was.id, was.uid, "once", "done")
    assert {one.state for one in taken} <= {"dropped"}


@pytest.mark.parametrize("words", ["eind 2022", "uiterlijk 31 december 2022", "voor 1 januari 2023"])
def test_what_is_done_stays_done_when_the_same_day_is_said_in_other_words(
    example: Office, tmp_path: Path, words: str
) -> None:
    [was] = rows_of(example, reading(example, "2.1", "2022"))
    settle(example, was.id or 0, State.DONE, NOVEMBER, by=BY)

    import_files(example, [agenda(tmp_path, words)], None, NOVEMBER, yes=True)

    [now] = rows_of(example, reading(example, "2.1", words))
    assert (now.id, now.uid, now.state) == (was.id, was.uid, "done")


def test_a_day_that_a_document_corrects_and_gives_back_is_the_same_deadline_all_along(
    example: Office, tmp_path: Path
) -> None:
    [was] = rows_of(example, reading(example, "2.1", "2022"))
    import_files(example, [agenda(tmp_path, "uiterlijk 1 mei 2027")], None, NOVEMBER, yes=True)
    [other] = rows_of(example, reading(example, "2.1", "uiterlijk 1 mei 2027"))

    import_files(example, [agenda(tmp_path, "2022")], None, NOVEMBER, yes=True)

    [back] = rows_of(example, reading(example, "2.1", "2022"))
    assert (other.id, other.due, back.id, back.uid) == (was.id, date(2027, 5, 1), was.id, was.uid)


def test_who_is_named_for_what_the_register_does_not_hold_yet_is_named_once_it_does(
    office: Office, tmp_path: Path
) -> None:
    folder = tmp_path / "terneuzen"
    folder.mkdir()
    (folder / "covenant.toml").write_bytes((EXAMPLE / "covenant.toml").read_bytes())
    import_folder(office, folder, NOVEMBER)
    awaited = {number for seat in seats(office) for number in seat.awaited}

    import_folder(office, EXAMPLE, NOVEMBER)

    with office.database.reading() as session:
        ids = {agreement_id(session, number) for number in awaited}
    named = {key for seat in seats(office) for key in keys_of(seat)}
    assert (bool(awaited), named, {*()}) == (True, ids, {n for seat in seats(office) for n in seat.awaited})


def agenda(folder: Path, when: str) -> Path:
    """An agenda in which 2.1 is asked then."""
    head = "# Uitvoeringsagenda 2022-2023\n\n| Nr | Onderwerp | Actie | Trekker | Datum |\n|---|---|---|---|---|\n"
    file = folder / f"agenda {when}.md"
    file.write_text(f"{head}| 2.1 | Warmtenet businesscase | Reken het uit | Gemeente | {when} |\n", encoding="utf-8")
    return file


def reading(office: Office, number: str, phrase: str) -> ReadingRow:
    with office.database.reading() as session:
        query = select(ReadingRow).join(AgreementRow).where(AgreementRow.number == number)
        return session.exec(query.where(ReadingRow.phrase == phrase)).one()


def change(office: Office, row: ReadingRow, **values: object) -> None:
    with office.database.writing() as session:
        stored = session.get_one(ReadingRow, row.id)
        for name, value in values.items():
            setattr(stored, name, value)


def rows_of(office: Office, row: ReadingRow) -> list[DeadlineRow]:
    with office.database.reading() as session:
        of_reading = DeadlineRow.action_id == row.action_id, DeadlineRow.slot == row.slot
        return list(session.exec(select(DeadlineRow).where(*of_reading).order_by(col(DeadlineRow.due))))


def seats(office: Office) -> list[Membership]:
    with office.database.reading() as session:
        return list(session.exec(select(Membership)))


def test_the_example_calls_its_deadlines_as_before(example: Office) -> None:
    with example.database.reading() as session:
        assert [row.title for row in with_ref(session, "uitnodigingsbrief")][:1] == ["Uitnodigingsbrief"]
        assert [row.number for row in with_ref(session, "2.1:agenda:2022")] == ["2.1"]


def test_a_corrected_day_moves_the_same_deadline_with_what_people_did(example: Office, tmp_path: Path) -> None:
    file = tmp_path / "acties.csv"
    head = "Nr.;Onderwerp;Actie;Trekker;Datum\n"
    file.write_text(
        f"{head}9.1;Kade;Maak een plan.;Gemeente;1 april 2027\n9.2;Sloop;Sloop.;Clavis;1 mei 2027\n", "utf-8"
    )
    import_files(example, [file], None, NOVEMBER)
    before = asked_under(example, "9.1"), asked_under(example, "9.2")
    settle(example, before[0][0].id or 0, State.DONE, NOVEMBER, by=BY)
    file.write_text(
        f"{head}9.1;Kade;Maak een plan.;Gemeente;15 april 2027\n9.2;Sloop;Sloop.;Clavis;1 juni 2027\n", "utf-8"
    )
    import_files(example, [file], None, NOVEMBER, yes=True)

    [plan], [demolition] = asked_under(example, "9.1"), asked_under(example, "9.2")
    assert (plan.uid, plan.state) == (before[0][0].uid, "done")
    assert (demolition.uid, demolition.due, demolition.state) == (before[1][0].uid, date(2027, 6, 1), "open")
    assert demolition.sequence > before[1][0].sequence


def test_a_doubt_that_reads_the_same_again_is_no_difference(example: Office, tmp_path: Path) -> None:
    file = tmp_path / "acties.csv"
    rows = "9.1;Kade;Plan.;Gemeente;na de zomer 2027\n9.2;Sloop;Sloop.;Clavis;voor de zomer van 2027\n"
    file.write_text(f"Nr.;Onderwerp;Actie;Trekker;Datum\n{rows}", "utf-8")
    import_files(example, [file], None, NOVEMBER)

    assert import_files(example, [file], None, NOVEMBER, check=True).differences.changes == ()


def asked_under(example: Office, number: str) -> list[DeadlineRow]:
    with example.database.reading() as session:
        query = select(DeadlineRow).where(DeadlineRow.number == number, col(DeadlineRow.due).is_not(None))
        return list(session.exec(query))
