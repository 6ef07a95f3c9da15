"""Keeping the year brings back what it took away itself; what people dropped or settled stays as they left it."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlmodel import col, select

from cycle.actions.deadlines.deciding.closing import move, settle
from cycle.actions.deadlines.upkeep.year_upkeep import keep_year
from cycle.actions.mails.rehearsal.rehearsing import rehearse_year
from cycle.actions.office.office import Office
from cycle.actions.register.reading_in.importing import import_folder
from cycle.actions.settling.bulk import Decided, Verb, carry_out
from cycle.actions.settling.deciding import set_reading
from cycle.domain.model import State
from cycle.store.tables import AgreementRow, AnswerRow, DeadlineParty, DeadlineRow, Person, ReadingRow
from tests.actions.mailbox import at
from tests.conftest import EXAMPLE
from tests.decided import decided

NOW, LATER, DECEMBER = at("2026-11-23"), at("2026-11-23", 10), at("2026-12-07")
SECRETARY = "secretariaat@terneuzen.example"
YEARS = ["2026", "2027", "2028"]


@dataclass(frozen=True)
class Seen:
    """What of one deadline must stay or come back."""

    id: int
    uid: str
    state: str
    due: date | None
    invented: bool


def yearly(office: Office) -> dict[str, DeadlineRow]:
    """The deadlines of 1.1.12, "jaarlijks", by year."""
    with office.database.reading() as session:
        query = select(DeadlineRow).where(DeadlineRow.number == "1.1.12", col(DeadlineRow.occurrence).in_(YEARS))
        return {row.occurrence: row for row in session.exec(query.order_by(col(DeadlineRow.occurrence)))}


def seen(office: Office) -> dict[str, Seen]:
    return {year: Seen(row.id or 0, row.uid, row.state, row.due, row.invented) for year, row in yearly(office).items()}


def states(office: Office) -> list[str]:
    return [row.state for row in yearly(office).values()]


def reading(office: Office, *, of_agenda: bool = False) -> int:
    with office.database.reading() as session:
        mine = select(ReadingRow.id).join(AgreementRow).where(AgreementRow.number == "1.1.12")
        return session.exec(mine.where(ReadingRow.from_agenda == of_agenda)).one() or 0


def take_away(office: Office) -> None:
    set_reading(office, reading(office), "geen", NOW, by=SECRETARY)


def bring_back(office: Office) -> None:
    set_reading(office, reading(office), "jaarlijks", LATER, by=SECRETARY)


def noted(office: Office, row: DeadlineRow) -> list[tuple[str, str]]:
    with office.database.reading() as session:
        return [(one.by, one.verb) for one in decided(session, f"termijn {row.id}")]


def leads(office: Office, deadline: int) -> list[tuple[str, str]]:
    with office.database.reading() as session:
        query = select(DeadlineParty).where(DeadlineParty.deadline_id == deadline, DeadlineParty.part == "lead")
        return [(one.state, one.note) for one in session.exec(query.order_by(col(DeadlineParty.position)))]


def with_register(tmp_path: Path, old: str, new: str, name: str) -> Path:
    """The example's folder with another line in its register."""
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / name))
    text = (folder / "agreements.csv").read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / "agreements.csv").write_text(text.replace(old, new), encoding="utf-8")
    return folder


def answered(office: Office, deadline: DeadlineRow) -> None:
    """Somebody let know how it stands."""
    with office.database.writing() as session:
        person = session.exec(select(Person)).first()
        assert person is not None
        session.add(
            AnswerRow(
                covenant_id=deadline.covenant_id,
                deadline_id=deadline.id or 0,
                party="wzv",
                person_id=person.id or 0,
                stand="groen",
                sentence="Loopt.",
                at=NOW,
            )
        )


def test_a_reading_that_is_set_back_brings_its_years_back_with_all_that_people_did(example: Office) -> None:
    moved, done, answered_row = yearly(example).values()
    move(example, moved.id or 0, date(2026, 12, 15), NOW)
    settle(example, done.id or 0, State.DONE, NOW, by="wonen@wzv.example", party="wzv", note_text="Gemeld.")
    answered(example, answered_row)
    before, numbers = seen(example), {year: row.sequence for year, row in yearly(example).items()}

    take_away(example)
    away = states(example), {year: row.next_moment for year, row in yearly(example).items()}
    bring_back(example)

    rows = yearly(example)
    assert away == (["dropped"] * 3, dict.fromkeys(YEARS))
    assert seen(example) == before
    assert {year: row.sequence - numbers[year] >= 2 for year, row in rows.items()} == dict.fromkeys(YEARS, True)
    assert {row.known_since for row in rows.values()} == {date(2026, 11, 23)}
    assert leads(example, done.id or 0) == [("open", ""), ("done", "Gemeld.")]
    for row in rows.values():
        assert noted(example, row)[-2:] == [("klok", "niet meer gevraagd"), ("klok", "weer gevraagd")]
    with example.database.reading() as session:
        assert session.exec(select(AnswerRow.sentence).where(AnswerRow.deadline_id == answered_row.id)).all() == [
            "Loopt."
        ]


def test_a_phrase_that_a_reimport_lost_comes_back_with_the_next_one(example: Office, tmp_path: Path) -> None:
    before = seen(example)
    lost = with_register(tmp_path, "Corporaties;jaarlijks;1.1.12", "Corporaties;;1.1.12", "zonder")

    taken = import_folder(example, lost, NOW).upkeep
    away = states(example)
    back = import_folder(example, EXAMPLE, LATER).upkeep

    assert taken is not None
    assert back is not None
    assert (taken.dropped, taken.back, back.dropped, back.back) == (3, 0, 0, 3)
    assert (away, seen(example)) == (["dropped"] * 3, before)


def test_what_people_dropped_or_did_stays_so_when_it_is_asked_again(example: Office) -> None:
    first, second, third = yearly(example).values()
    settle(example, first.id or 0, State.DROPPED, NOW, by=SECRETARY)
    for party in ("clavis", "wzv"):
        settle(example, second.id or 0, State.DONE, NOW, by=SECRETARY, party=party)
    take_away(example)
    settle(example, third.id or 0, State.DROPPED, NOW, by=SECRETARY)  # it was taken away, and now a person says so
    bring_back(example)
    keep_year(example, LATER)

    assert states(example) == ["dropped", "done", "dropped"]
    assert [row.asked for row in yearly(example).values()] == ["yes"] * 3


def test_what_was_taken_away_can_be_opened_on_purpose_and_then_stays(example: Office) -> None:
    take_away(example)
    ids = [row.id or 0 for row in yearly(example).values()]
    outcome = carry_out(example, 1, dict.fromkeys(ids, ""), Decided(Verb.REOPEN), NOW, by=SECRETARY)
    keep_year(example, LATER)
    opened = states(example)
    bring_back(example)

    assert (outcome.faults, opened, states(example)) == ((), ["open"] * 3, ["open"] * 3)
    assert {row.known_since for row in yearly(example).values()} == {date(2026, 11, 23)}


def test_no_rung_counts_from_before_it_was_brought_back(quick_example: Office) -> None:
    which = reading(quick_example, of_agenda=True)
    set_reading(quick_example, which, "2026-12-18", NOW, by=SECRETARY)
    rungs = told(quick_example)
    set_reading(quick_example, which, "geen", NOW, by=SECRETARY)
    set_reading(quick_example, which, "2026-12-18", DECEMBER, by=SECRETARY)

    assert [rung for on, rung, _missed in rungs if on < date(2026, 12, 7)] == ["new", "new", "-14", "-14"]
    back = [(date(2026, 12, 7), "back", ())] * 2
    assert told(quick_example) == [*back, *(line for line in rungs if line[0] >= date(2026, 12, 7))]


def told(office: Office) -> list[tuple[date, str, tuple[date, ...]]]:
    """What is told about 1.1.12 this year: on which day, at which rung, and what was missed."""
    with office.database.reading() as session:
        ids = set(session.exec(select(DeadlineRow.id).where(DeadlineRow.number == "1.1.12")))
    lines = ((mail.digest.on, line) for mail in rehearse_year(office, 2026, NOW) for line in mail.digest.reminders)
    return sorted((on, line.rung, line.missed) for on, line in lines if line.deadline in ids)


def test_a_lead_that_a_reimport_lost_comes_back_as_it_was(example: Office, tmp_path: Path) -> None:
    """Both did a part: 2.8 is of the municipality and two corporations."""
    row = circularity(example)
    settle(example, row, State.DONE, NOW, by="a@clavis.example", party="clavis", note_text="Proef gedaan.")
    alone = with_register(tmp_path, CIRCULARITY, CIRCULARITY.replace("Gemeente en corporaties", "Gemeente"), "alleen")

    import_folder(example, alone, NOW)
    without = leads(example, row)
    import_folder(example, EXAMPLE, LATER)

    assert without == [("open", "")]
    assert leads(example, row) == [("open", ""), ("done", "Proef gedaan."), ("open", "")]
    assert noted_at(example, row)[-2:] == [
        ("klok", "geen trekker meer", "clavis wzv"),
        ("klok", "weer trekker", "clavis wzv"),
    ]


def test_when_only_who_did_it_still_leads_it_is_done_and_open_again_for_who_comes_back(
    example: Office, tmp_path: Path
) -> None:
    row = circularity(example)
    settle(example, row, State.DONE, NOW, by="wonen@terneuzen.example", party="gemeente")
    alone = with_register(tmp_path, CIRCULARITY, CIRCULARITY.replace("Gemeente en corporaties", "Gemeente"), "alleen")

    import_folder(example, alone, NOW)
    closed = state_of(example, row)
    keep_year(example, NOW)
    import_folder(example, EXAMPLE, LATER)

    assert (closed, state_of(example, row)) == (("done", date(2026, 11, 21)), ("open", date(2026, 11, 23)))
    assert noted_at(example, row)[-4:] == [
        ("klok", "geen trekker meer", "clavis wzv"),
        ("klok", "gedaan", "dat was het al voor wie trekker blijft"),
        ("klok", "weer trekker", "clavis wzv"),
        ("klok", "weer open", ""),
    ]


def test_what_people_settled_without_that_lead_stays_settled_when_it_comes_back(
    example: Office, tmp_path: Path
) -> None:
    row = circularity(example)
    alone = with_register(tmp_path, CIRCULARITY, CIRCULARITY.replace("Gemeente en corporaties", "Gemeente"), "alleen")
    import_folder(example, alone, NOW)
    settle(example, row, State.DROPPED, LATER, by=SECRETARY)

    kept = import_folder(example, EXAMPLE, DECEMBER).upkeep

    assert kept is not None
    assert (kept.back, state_of(example, row)) == (0, ("dropped", date(2026, 11, 21)))


CIRCULARITY = "Gemeente en corporaties;;2.8;Gemeente en corporaties;2023"


def circularity(office: Office) -> int:
    with office.database.reading() as session:
        query = select(DeadlineRow.id).where(DeadlineRow.number == "2.8", col(DeadlineRow.due).is_not(None))
        return session.exec(query).one() or 0


def state_of(office: Office, deadline: int) -> tuple[str, date | None]:
    with office.database.reading() as session:
        row = session.get_one(DeadlineRow, deadline)
        return row.state, row.known_since


def noted_at(office: Office, deadline: int) -> list[tuple[str, str, str]]:
    with office.database.reading() as session:
        return [(one.by, one.verb, one.detail) for one in decided(session, f"termijn {deadline}")]
