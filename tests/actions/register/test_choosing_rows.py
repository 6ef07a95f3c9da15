"""Whatever somebody chooses of a reading-in: what is not chosen stays exactly as it is, what is chosen is as shown."""

import random
from collections import defaultdict
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel, col, select

from cycle.actions.answers.answering.behalf import answer_for
from cycle.actions.deadlines.deciding.closing import move, settle
from cycle.actions.deadlines.meeting.meetings import Effect, Resolved, decide
from cycle.actions.office.office import Office
from cycle.actions.register.reading_in.importing import ImportReport, import_files
from cycle.domain.answering import Stand
from cycle.domain.model import State
from cycle.domain.progress_questions import QUESTION
from cycle.errors import Refused
from cycle.store import deadlines
from cycle.store.tables import (
    ActionRow,
    AgreementRow,
    AnswerRow,
    DeadlineParty,
    DeadlineRow,
    MeetingDecision,
    ReadingRow,
)
from tests.conftest import NOVEMBER

BY = "secretariaat@terneuzen.example"
HEAD = ("Nr.", "Onderwerp", "Afspraak", "Trekker", "Datum")
WORK = (
    ("Galerijen", "Corporaties lopen alle galerijen na op losse tegels.", "Clavis", "mei 2027"),
    ("Winkels", "Eigenaren van lege winkels krijgen bezoek van een makelaar.", "Gemeente", "juni 2027"),
    ("Bomen", "In elke straat zonder groen komen drie jonge bomen.", "Gemeente", "najaar 2027"),
    ("Liften", "Kapotte liften rijden binnen een dag weer.", "Clavis", "1 juli 2027"),
    ("Ouderen", "Wie ouder is dan tachtig krijgt hulp bij verhuizen.", "WZV", "eind 2027"),
    ("Zonnepanelen", "Op daken naar het zuiden liggen panelen.", "WZV", "september 2027"),
)
INSERTED = ("Fietsen", "Bij de flats staan overdekte rekken voor fietsen.", "Gemeente", "augustus 2027")
Kept = dict[int, Any]
"""All that is kept of each agreement, by its id; not its place in the list, which follows from its number."""


def sheet(rows: Collection[tuple[str, ...]]) -> str:
    return "\n".join(";".join((f"19.{number}", *row)) for number, row in enumerate(rows, 1))


def before_and_after() -> tuple[str, str]:
    """A sheet and the next one: a row in the middle, another day in one, other words in one."""
    longer = ("Zonnepanelen", f"{WORK[5][1]} Nu.", "WZV", "september 2027")
    changed = (*WORK[:2], INSERTED, (*WORK[2][:3], "mei 2028"), *WORK[3:5], longer)
    head = ";".join(HEAD)
    return f"{head}\n{sheet(WORK)}", f"{head}\n{sheet(changed)}"


def kept(office: Office) -> Kept:
    with office.database.reading() as session:
        agreements = {row.id or 0: said(row) for row in session.exec(select(AgreementRow))}
        more: dict[int, list[Any]] = {key: [] for key in agreements}
        for table in (ActionRow, ReadingRow):
            for row in session.exec(select(table).order_by(table.id)):
                if row.agreement_id in more:
                    more[row.agreement_id].append(said(row))
    return {key: (row, more[key]) for key, row in agreements.items()}


def people_did(office: Office) -> dict[int, dict[int, tuple[Any, ...]]]:
    """What people did to the deadlines of each agreement, by id: settled, moved, answered, decided."""
    with office.database.reading() as session:
        rows = session.exec(select(DeadlineRow).order_by(col(DeadlineRow.id))).all()
        did: dict[int, dict[int, tuple[Any, ...]]] = defaultdict(dict)
        for row in rows:
            parts = session.exec(select(DeadlineParty).where(DeadlineParty.deadline_id == row.id)).all()
            answers = session.exec(select(AnswerRow).where(AnswerRow.deadline_id == row.id)).all()
            decisions = session.exec(select(MeetingDecision).where(MeetingDecision.about_id == row.id)).all()
            did[row.agreement_id or 0][row.id or 0] = (
                row.uid,
                row.moved_from and row.due,
                sorted((one.party_id, one.state, one.light, one.settled_by) for one in parts if one.part == "lead"),
                [said(one) for one in answers],
                [said(one) for one in decisions],
            )
        return did


def days_asked(office: Office) -> dict[int, list[tuple[Any, ...]]]:
    """What is asked of people under each agreement: the words, the days, and of whom."""
    with office.database.reading() as session:
        documented = select(DeadlineRow).where(DeadlineRow.occurrence != QUESTION)  # the rounds' own follow from these
        rows = session.exec(documented.order_by(col(DeadlineRow.id))).all()
        asked: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for row in rows:
            asked[row.agreement_id or 0].append((row.id, row.title, row.todo, row.due, row.state, row.asked))
        return asked


def act_on_each(office: Office, numbers: Collection[str]) -> None:
    """One agreement is done, one is moved, one answered, one decided about, and so on."""
    with office.database.reading() as session:
        wanted = col(DeadlineRow.number).in_(numbers), DeadlineRow.state == "open", DeadlineRow.origin == "agreement"
        rows = session.exec(select(DeadlineRow).where(*wanted).order_by(col(DeadlineRow.id))).all()
        leads = {row.id: deadlines.parts(session, deadlines.with_ids([row.id or 0]))[row.id or 0] for row in rows}
        meeting = session.exec(select(DeadlineRow.id).where(DeadlineRow.kind == "meeting")).first() or 0
    for place, row in enumerate(rows):
        key, later = row.id or 0, date(2028, 3, 1)
        if place % 4 == 0:
            settle(office, key, State.DONE, NOVEMBER, by=BY)
        elif place % 4 == 1:
            move(office, key, later, NOVEMBER, by=BY)
        elif place % 4 == 2:
            answer_for(office, key, leads[key][0].party, Stand.ORANGE, "Loopt.", "Jan", NOVEMBER, by=BY)
        else:
            decide(
                office, meeting, Resolved(row.agreement_id or 0, "Besloten.", Effect.MOVE, key, later), NOVEMBER, by=BY
            )


def said(row: SQLModel) -> dict[str, Any]:
    """What a row says; that it stands elsewhere in the same text is no change."""
    return {
        name: value for name, value in row.model_dump().items() if name not in ("position", "source", "agenda_source")
    }


def without_number(fields: dict[str, Any]) -> dict[str, Any]:
    """All but the number, and that of the agenda where it is the same."""
    is_same = fields["agenda_number"] == fields["number"]
    return {**fields, "number": "", "agenda_number": "" if is_same else fields["agenda_number"]}


def read(office: Office, file: Path, text: str, **choice: Any) -> ImportReport:
    file.write_text(text, encoding="utf-8")
    return import_files(office, [file], "terneuzen", NOVEMBER, **choice)


def test_any_choice_does_what_is_chosen_and_nothing_else(quick_example: Office, tmp_path: Path) -> None:
    """One choice after another, each of what is still different; at last there is nothing more to choose."""
    first, second = before_and_after()
    file, dice = tmp_path / "acties.csv", random.Random(19)
    read(quick_example, file, first, yes=True)
    act_on_each(quick_example, [f"19.{number}" for number in range(1, 7)])
    for _ in range(4):
        shown = read(quick_example, file, second, check=True)
        differences = shown.differences
        boxes = [*differences.new, *differences.changed]
        numbers = [one.new for one in differences.renumbered]
        only = {number for number in boxes if dice.random() < 0.4}
        renumber = {number for number in numbers if dice.random() < 0.6}
        before, asked, did = kept(quick_example), days_asked(quick_example), people_did(quick_example)
        try:
            read(quick_example, file, second, only=only, renumber=renumber)
        except Refused:
            assert (kept(quick_example), people_did(quick_example)) == (before, did)
            continue
        assert_as_chosen(before, kept(quick_example), shown, only, renumber)
        assert_nothing_done_is_lost(did, people_did(quick_example))
        assert_only_chosen_is_asked_otherwise(asked, days_asked(quick_example), shown, only)
    last = read(quick_example, file, second, yes=True)
    assert not last.differences.questions
    again = read(quick_example, file, second, check=True).differences
    assert (again.new, again.changed, again.renumbered) == ((), (), ())


HANDED = {
    "several actions under one number": (
        "7.1;Programma;Maak een concept.;Gemeente;Q1 2027",
        ";;Bespreek het concept met huurders.;Corporaties;Q2 2027",
        "7.2;Zorg;Maak een plan.;WZV;eind 2027",
    ),
    "an agenda beside the framework": (
        "5.4;Investeringen;Lever de nieuwe investeringscapaciteit aan.;Corporaties;uiterlijk 15 november 2027",
        "4.2;Wijkschouw;Lever het verslag van de wijkschouw op.;Gemeente;juni 2027",
    ),
    "two actions on one day": (
        "7.1;Programma;Maak een concept.;Gemeente;Q2 2027",
        ";;Lever de cijfers van de wachttijd.;Corporaties;Q2 2027",
    ),
}


@pytest.mark.parametrize("kind", HANDED)
def test_a_choice_on_each_kind_of_sheet_does_what_is_chosen(quick_example: Office, tmp_path: Path, kind: str) -> None:
    text = "\n".join(("Nr.;Onderwerp;Actie;Trekker;Datum", *HANDED[kind]))
    file = tmp_path / "acties.csv"
    for said_now in (text, text.replace("2027", "2028")):
        shown = read(quick_example, file, said_now, check=True)
        boxes = [*shown.differences.new, *shown.differences.changed]
        act_on_each(quick_example, boxes)
        before, asked, did = kept(quick_example), days_asked(quick_example), people_did(quick_example)
        for only in (set(), set(boxes[1:]), set(boxes)):
            read(quick_example, file, said_now, only=only, renumber=set())
            assert_as_chosen(before, kept(quick_example), shown, only, set())
            assert_nothing_done_is_lost(did, people_did(quick_example))
            assert_only_chosen_is_asked_otherwise(asked, days_asked(quick_example), shown, only)


def assert_nothing_done_is_lost(before: dict[int, Any], after: dict[int, Any]) -> None:
    """What somebody did is still there, and by the same name, whatever was chosen."""
    assert {key: {one: after[key].get(one) for one in did} for key, did in before.items()} == before


def assert_only_chosen_is_asked_otherwise(
    before: dict[int, Any], after: dict[int, Any], shown: ImportReport, only: Collection[str]
) -> None:
    chosen = {pair.row.id for pair in shown.read.entries if pair.row is not None and pair.entry.number in only}
    assert {key: after[key] for key in before if key not in chosen} == {
        key: asked for key, asked in before.items() if key not in chosen
    }


def assert_as_chosen(
    before: Kept, after: Kept, shown: ImportReport, only: Collection[str], renumber: Collection[str]
) -> None:
    """Both sides counted: each agreement is as it was, or as it was chosen to be."""
    expected_new = set(shown.differences.new) & set(only)
    numbers = {after[key][0]["number"] for key in after.keys() - before.keys()}
    assert numbers == expected_new
    pairs = {pair.row.id: pair for pair in shown.read.entries if pair.row is not None and pair.question is None}
    for key, (row, more) in before.items():
        now, now_more = after[key]
        pair = pairs.get(key)
        read_as = pair.entry.number if pair else ""
        number = read_as if read_as in renumber else row["number"]
        if pair is None and row["number"] in expected_new | set(renumber):
            number = f"{row['number']} (oud)"  # the page says so beside the one that takes its number
        assert now["number"] == number
        if read_as not in only:
            assert (without_number(now), now_more) == (without_number(row), more)
        elif pair is not None and pair.entry.source:
            assert (now["topic"], now["text"]) == (pair.entry.topic, pair.entry.text)
