"""Read again, an agreement is found by what it says, whatever number it bears; what is not sure is asked (law L3)."""

from pathlib import Path

import pytest
from sqlmodel import select

from cycle.actions.deadlines.deciding.closing import move, settle
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.register.matching.comparing import Renumbered
from cycle.actions.register.reading_in.importing import ImportReport, import_files
from cycle.domain.days import parse_day
from cycle.domain.model import State
from cycle.domain.progress_questions import QUESTION
from cycle.errors import NotFound
from cycle.store.happened import changes_of
from cycle.store.register import agreement_rows
from cycle.store.tables import AgreementRow, DeadlineRow
from tests.conftest import NOVEMBER
from tests.lasting_names import agreement_id

BY = "secretariaat@terneuzen.example"
PLAN = "Wijkplan Noord;De gemeente stelt het wijkplan voor de wijk Noord vast vóór 1 mei 2027.;Gemeente"
CHECK = "Veiligheid;Corporaties lopen alle galerijen na op losse tegels, uiterlijk 1 juni 2027.;Corporaties"
BUY_BACK = "Terugkoop;Clavis koopt in Axel veertien verkochte huizen terug, uiterlijk 1 juli 2027.;Clavis"
GREEN = "Tuinen;WZV ruimt verwilderde achtertuinen op en rekent de kosten door, vóór 1 september 2027.;WZV"
NEW = "Bemiddeling;Gemeente huurt een bemiddelaar in voor burenruzies, uiterlijk 1 oktober 2027.;Gemeente"


def lines(*rows: str, first: int = 1) -> list[str]:
    return [f"9.{number};{row}" for number, row in enumerate(rows, first)]


def read(office: Office, folder: Path, *rows: str, **how: object) -> ImportReport:
    file = folder / "afspraken.csv"
    file.write_text("\n".join(("Nr.;Onderwerp;Afspraak;Trekker", *rows)), encoding="utf-8")
    return import_files(office, [file], None, NOVEMBER, by=BY, **how)  # type: ignore[arg-type]


def numbers(office: Office) -> dict[str, int]:
    """The agreements of theme 9 by number."""
    with office.database.reading() as session:
        rows = session.exec(select(AgreementRow)).all()
        return {row.number: row.id or 0 for row in rows if row.number.startswith("9.")}


def deadline(office: Office, topic: str) -> DeadlineRow:
    with office.database.reading() as session:
        dated = DeadlineRow.title == topic, DeadlineRow.asked == "yes", DeadlineRow.occurrence != QUESTION
        return session.exec(select(DeadlineRow).where(*dated)).one()


def test_one_agreement_that_is_put_in_between_moves_no_decision(example: Office, tmp_path: Path) -> None:
    read(example, tmp_path, *lines(PLAN, CHECK, BUY_BACK, GREEN))
    before, done, moved = numbers(example), deadline(example, "Terugkoop"), deadline(example, "Tuinen")
    settle(example, done.id or 0, State.DONE, NOVEMBER, by=BY)
    move(example, moved.id or 0, parse_day("2027-09-15"), NOVEMBER, by=BY)  # type: ignore[arg-type]

    report = read(example, tmp_path, *lines(PLAN, NEW, CHECK, BUY_BACK, GREEN))

    found = report.differences
    assert (found.new, found.changes, found.questions) == (("9.2",), (), ())
    assert found.renumbered == (
        Renumbered("9.2", "9.3", "Veiligheid"),
        Renumbered("9.3", "9.4", "Terugkoop"),
        Renumbered("9.4", "9.5", "Tuinen"),
    )
    after = numbers(example)
    assert [after[number] for number in ("9.1", "9.3", "9.4", "9.5")] == list(before.values())
    again = deadline(example, "Terugkoop")
    assert (again.id, again.uid, again.number, again.state) == (done.id, done.uid, "9.4", "done")
    assert (deadline(example, "Tuinen").id, deadline(example, "Tuinen").due) == (moved.id, parse_day("2027-09-15"))
    assert not read(example, tmp_path, *lines(PLAN, NEW, CHECK, BUY_BACK, GREEN)).differences.any


def test_other_words_under_the_same_number_are_a_change_and_in_a_shifted_block_too(
    quick_example: Office, tmp_path: Path
) -> None:
    office = quick_example
    read(office, tmp_path, *lines(PLAN, CHECK, BUY_BACK, GREEN))
    before = numbers(office)
    changed = BUY_BACK.replace("veertien", "twaalf")

    report = read(office, tmp_path, *lines(NEW, PLAN, CHECK, changed, GREEN), yes=True)

    assert (report.differences.new, report.differences.changed) == (("9.1",), ("9.4",))
    assert [numbers(office)[number] for number in ("9.2", "9.3", "9.4", "9.5")] == list(before.values())


def test_one_that_is_gone_gives_its_number_up_and_stays(quick_example: Office, tmp_path: Path) -> None:
    office = quick_example
    read(office, tmp_path, *lines(PLAN, CHECK, BUY_BACK, GREEN))
    before = numbers(office)

    report = read(office, tmp_path, *lines(PLAN, BUY_BACK, GREEN))

    assert "9.2" in report.differences.gone
    assert [numbers(office)[number] for number in ("9.1", "9.2 (oud)", "9.2", "9.3")] == list(before.values())
    back = read(office, tmp_path, *lines(PLAN, CHECK, BUY_BACK, GREEN))
    assert (numbers(office), len(back.differences.renumbered)) == (before, 3)


def test_what_is_split_or_joined_is_named_and_decisions_stay_where_they_were(
    quick_example: Office, tmp_path: Path
) -> None:
    office = quick_example
    both = "De gemeente meet elk trapportaal in Axel op. Clavis plaatst daarna de beugels bij ouderen."
    whole = f"Wonen en zorg;{both};Clavis"
    part = "Meten;De gemeente meet elk trapportaal in Axel op.;Gemeente"
    rest = "Wonen en zorg;Clavis plaatst daarna de beugels bij ouderen.;Clavis"
    read(office, tmp_path, *lines(PLAN, whole))
    before = numbers(office)

    split = read(office, tmp_path, *lines(PLAN, rest, part), yes=True)
    joined = read(office, tmp_path, *lines(PLAN, whole), yes=True)

    assert split.differences.split == (("9.2", "9.3"),)
    assert joined.differences.joined == (("9.3", "9.2"),)
    assert numbers(office) == before | {"9.3": numbers(office)["9.3"]}


def test_what_is_not_sure_is_asked_and_nothing_of_it_changes_until_somebody_says(
    quick_example: Office, tmp_path: Path
) -> None:
    office = quick_example
    read(office, tmp_path, *lines(PLAN, CHECK))
    before = numbers(office)
    unlike = "9.2;Leegstand;Eigenaren van lege winkels krijgen bezoek van een makelaar.;Gemeente"

    asked = read(office, tmp_path, f"9.1;{PLAN}", unlike, yes=True)

    [question] = asked.differences.questions
    assert (question.number, question.topic, question.known, question.known_topic) == (
        "9.2",
        "Leegstand",
        "9.2",
        "Veiligheid",
    )
    assert (numbers(office), deadline(office, "Veiligheid").state) == (before, "open")

    read(office, tmp_path, f"9.1;{PLAN}", unlike, yes=True, answers={"9.2": ""})

    assert numbers(office)["9.2 (oud)"] == before["9.2"]
    assert len(numbers(office)) == 3


def test_an_answer_that_it_is_the_same_gives_it_the_new_words_and_keeps_what_was_done(
    quick_example: Office, tmp_path: Path
) -> None:
    office = quick_example
    read(office, tmp_path, *lines(PLAN, CHECK))
    before = numbers(office)
    unlike = "9.2;Leegstand;Eigenaren van lege winkels krijgen bezoek van een makelaar.;Gemeente"

    report = read(office, tmp_path, f"9.1;{PLAN}", unlike, yes=True, answers={"9.2": "9.2"})

    assert (report.differences.questions, report.differences.changed, numbers(office)) == ((), ("9.2",), before)


HEAT = "2.1;Warmtenet;Clavis maakt de businesscase van het warmtenet.;Clavis;{}"


def agenda_file(folder: Path, name: str, *rows: str) -> Path:
    """A table with a column of dates, of which the rows are those of an agenda."""
    file = folder / name
    file.write_text("\n".join(("Nr.;Onderwerp;Actie;Trekker;Termijn", *rows)), encoding="utf-8")
    return file


def test_a_row_that_is_gone_from_an_agenda_is_named_and_stays_and_nothing_else_is(
    example: Office, tmp_path: Path
) -> None:
    heat, new = HEAT.format("1 mei 2027"), "8.1;Bomen;WZV plant bomen in Sas van Gent.;WZV;1 juni 2027"
    import_files(example, [agenda_file(tmp_path, "een.csv", heat, new)], None, NOVEMBER, by=BY, yes=True)

    report = import_files(example, [agenda_file(tmp_path, "twee.csv", heat)], None, NOVEMBER, by=BY)

    assert report.differences.gone == ("8.1",)
    with example.database.reading() as session:
        assert session.exec(select(AgreementRow.topic).where(AgreementRow.number == "8.1")).one() == "Bomen"


def test_a_row_that_only_an_agenda_of_another_year_has_is_not_gone(quick_example: Office, tmp_path: Path) -> None:
    heat, new = HEAT.format("1 mei 2027"), "8.1;Bomen;WZV plant bomen in Sas van Gent.;WZV;1 juni 2027"
    import_files(quick_example, [agenda_file(tmp_path, "een.csv", heat, new)], None, NOVEMBER, by=BY, yes=True)
    with quick_example.database.writing() as session:
        session.exec(select(AgreementRow).where(AgreementRow.number == "8.1")).one().agenda_year = 2025

    report = import_files(quick_example, [agenda_file(tmp_path, "twee.csv", heat)], None, NOVEMBER, by=BY)

    assert report.differences.gone == ()


@pytest.mark.parametrize("was_read_before", [False, True])
def test_words_that_have_nothing_in_common_are_asked_also_in_an_agenda(
    quick_example: Office, tmp_path: Path, was_read_before: bool
) -> None:
    office = quick_example
    if was_read_before:
        file = agenda_file(tmp_path, "een.csv", HEAT.format("1 mei 2027"))
        import_files(office, [file], None, NOVEMBER, by=BY, yes=True)
    foreign = agenda_file(tmp_path, "twee.csv", "2.1;Sluiskil 17;De gemeente sloopt 17 schuren.;Gemeente;1 mei 2027")

    report = import_files(office, [foreign], None, NOVEMBER, by=BY, yes=True)

    [question] = report.differences.questions
    assert (question.topic, question.known, report.differences.changed) == ("Sluiskil 17", "2.1", ())
    with office.database.reading() as session:
        row = session.exec(select(AgreementRow).where(AgreementRow.number == "2.1")).one()
    assert "Sluiskil" not in f"{row.topic} {row.agenda_topic}"


def test_other_words_of_which_some_were_there_are_a_change_in_an_agenda(quick_example: Office, tmp_path: Path) -> None:
    office = quick_example
    import_files(office, [agenda_file(tmp_path, "een.csv", HEAT.format("1 mei 2027"))], None, NOVEMBER, by=BY, yes=True)
    other = "2.1;Energie in Axel;WZV rekent opnieuw aan het warmtenet.;WZV;1 juni 2027"

    report = import_files(office, [agenda_file(tmp_path, "twee.csv", other)], None, NOVEMBER, by=BY, yes=True)

    assert (report.differences.questions, report.differences.changed) == ((), ("2.1",))


@pytest.mark.parametrize("answers", [{"8.8": "9.1"}, {"9.1": "8.8"}])
def test_an_answer_about_what_is_not_there_is_refused(
    quick_example: Office, tmp_path: Path, answers: dict[str, str]
) -> None:
    read(quick_example, tmp_path, *lines(PLAN))

    with pytest.raises(NotFound) as refused:
        read(quick_example, tmp_path, *lines(PLAN), answers=answers)

    assert refused.value.what == "Er is geen afspraak 8.8."


def test_what_was_said_of_an_agreement_stays_with_it_under_its_new_number(
    quick_example: Office, tmp_path: Path
) -> None:
    office = quick_example
    read(office, tmp_path, *lines(PLAN, CHECK))
    with office.database.writing() as session:
        note(session, NOVEMBER, BY, "besloten", "afspraak 9.2", "Clavis begint", 1, of=agreement_id(session, "9.2"))

    read(office, tmp_path, *lines(PLAN, NEW, CHECK))

    with office.database.reading() as session:
        rows = {row.number: row for row in session.exec(select(AgreementRow))}
        told = {
            number: [one.text for one in changes_of(session, 1, {"agreement": [rows[number].id or 0]}) if one.about]
            for number in ("9.2", "9.3")
        }
    assert told == {"9.2": [], "9.3": ["Clavis begint"]}


def test_a_new_action_under_a_number_that_the_framework_gives_to_another_stands_beside_it(
    example: Office, tmp_path: Path
) -> None:
    """An agenda that numbers by itself: one row inserted at 4.5 moves the numbers behind it, and no agreement."""
    file, head = tmp_path / "agenda.csv", "Nr.;Onderwerp;Actie;Trekker;Datum\n"
    with example.database.reading() as session:
        rows = [row for row in agreement_rows(session, 1) if row.number.startswith("4.")]
        topics = [(row.id, row.number, row.topic) for row in rows]
    lines = [f"{{}};{topic};Werk {topic.lower()} uit.;Gemeente;1 juni 2027\n" for _id, _number, topic in topics]
    file.write_text(head + "".join(line.format(number) for line, (_, number, _) in zip(lines, topics, strict=True)))
    import_files(example, [file], None, NOVEMBER, yes=True)

    lines.insert(4, "{};Deelmobiliteit;Kies plekken voor deelfietsen.;Gemeente;1 juli 2027\n")
    file.write_text(head + "".join(line.format(f"4.{place}") for place, line in enumerate(lines, 1)))
    for _ in range(2):
        import_files(example, [file], None, NOVEMBER, yes=True)

    with example.database.reading() as session:
        after = {row.id: (row.number, row.topic) for row in agreement_rows(session, 1)}
    assert {key: after[key] for key, _, _ in topics} == {key: (number, topic) for key, number, topic in topics}
    assert ("4.5 (agenda)", "Deelmobiliteit") in after.values()


@pytest.mark.parametrize("is_in_framework", [True, False])
def test_what_is_new_in_an_agenda_retires_nothing_that_it_does_not_replace(
    quick_example: Office, tmp_path: Path, is_in_framework: bool
) -> None:
    """A row of an agenda that only names a number and an action, of which somebody says that it is another."""
    office = quick_example
    old = "7.7;Bomen;Plant bomen in elke straat.;Gemeente;1 mei 2027"
    if is_in_framework:
        read(office, tmp_path, *lines(PLAN))
        old = "9.1;Bomen;Plant bomen in elke straat.;Gemeente;1 mei 2027"
    import_files(office, [agenda_file(tmp_path, "een.csv", old)], None, NOVEMBER, by=BY, yes=True, answers={})
    number = old.partition(";")[0]
    before = rows_of(office)
    partial = agenda_file(tmp_path, "twee.csv", f"{number};Sluiskil;De wethouder opent 17 schuren.;Gemeente;1 mei 2027")

    shown = import_files(office, [partial], None, NOVEMBER, check=True)
    [question] = shown.differences.questions
    for answers in ({question.number: ""}, {}):
        import_files(office, [partial], None, NOVEMBER, by=BY, yes=True, answers=answers)

    assert {key: number for key, number in rows_of(office).items() if key in before} == before
    assert [number for key, number in rows_of(office).items() if key not in before] == [f"{number} (agenda)"]


def rows_of(office: Office) -> dict[int | None, str]:
    with office.database.reading() as session:
        return {row.id: row.number for row in agreement_rows(session, 1)}
