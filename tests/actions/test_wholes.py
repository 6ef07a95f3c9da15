"""The state of a whole deadline follows from its parts, whatever people, the register and the clock do in any order;
and the facts of it tell all of it."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from cycle.actions.deadlines.deciding.closing import move, release, reopen, settle
from cycle.actions.deadlines.meeting.meetings import Effect, Resolved, decide, undo_decision
from cycle.actions.deadlines.upkeep.year_upkeep import YearChanges, keep_year
from cycle.actions.office.office import Office, open_office
from cycle.actions.people.departure.leaving import Successor, hand_over, undo_hand_over
from cycle.actions.register.reading_in.importing import import_files, import_folder
from cycle.actions.settling.deciding import set_reading
from cycle.domain.model import State
from cycle.domain.progress_questions import QUESTION
from cycle.errors import CycleError
from cycle.settings import load_settings
from cycle.store.chains import walk
from cycle.store.database import Database
from cycle.store.tables import (
    AgreementRow,
    DeadlineParty,
    DeadlineRow,
    Handover,
    MeetingDecision,
    PartyRow,
    Person,
    ReadingRow,
)
from tests.conftest import EXAMPLE, NOVEMBER, ROOT
from tests.folding import differences
from tests.trying import examples

NUMBERS = ("1.1.8", "2.8")
PARTIES = ("gemeente", "clavis", "wzv")


def disagreements(office: Office) -> list[str]:
    """Deadlines whose whole says otherwise than their parts, worked out apart from the code."""
    with office.database.reading() as session:
        rows = session.exec(select(DeadlineRow)).all()
        leads = session.exec(select(DeadlineParty).where(DeadlineParty.part == "lead")).all()
    found = []
    for row in rows:
        states = {part.state for part in leads if part.deadline_id == row.id}
        wanted = "open" if "open" in states else "done" if "done" in states else "dropped" if states else row.state
        wanted = "dropped" if row.asked == "taken" else wanted
        if row.state != wanted or (row.asked == "taken" and "open" not in (states or {"open"})):
            found.append(f"{row.title} {row.occurrence}: {row.state}, but {states}, {row.asked}")
        if row.state != "open" and row.next_moment is not None:
            found.append(f"{row.title} {row.occurrence}: {row.state}, but with a next moment")
    return found


def untold(office: Office) -> dict[tuple[object, ...], object]:
    """Rows that are otherwise than the facts of all that happened tell."""
    with office.database.reading() as session:
        return differences(session)


@dataclass(frozen=True)
class Life:
    """One covenant, to which things happen; what is refused is refused."""

    office: Office

    def settle(self, now: datetime, which: int, state: State, party: str) -> None:
        settle(self.office, self._deadline(which), state, now, party=party)

    def reopen(self, now: datetime, which: int) -> None:
        reopen(self.office, self._deadline(which), now)

    def move(self, now: datetime, which: int, day: date) -> None:
        move(self.office, self._deadline(which), day, now)

    def name_leads(self, now: datetime, number: str, leads: list[str]) -> None:
        """As a document does that names other leads."""
        with self.office.database.writing() as session:
            row = session.exec(select(AgreementRow).where(AgreementRow.number == number)).one()
            row.leads, row.agenda_leads = leads, leads
            session.add(row)
        keep_year(self.office, now)

    def read(self, now: datetime, number: str, words: str) -> None:
        with self.office.database.reading() as session:
            mine = select(ReadingRow.id).join(AgreementRow).where(AgreementRow.number == number)
            which = session.exec(mine.order_by(col(ReadingRow.id))).first() or 0
        set_reading(self.office, which, words, now)

    def decide(self, now: datetime, which: int, effect: Effect, day: date) -> None:
        with self.office.database.reading() as session:
            row = session.get_one(DeadlineRow, self._deadline(which))
            meeting = session.exec(select(DeadlineRow.id).where(DeadlineRow.kind == "meeting")).first() or 0
        decide(
            self.office,
            meeting,
            Resolved(row.agreement_id or 0, "Besloten.", effect, row.id, day),
            now,
            by="x@y.example",
        )

    def undo(self, now: datetime) -> None:
        with self.office.database.reading() as session:
            last = select(MeetingDecision.id).where(col(MeetingDecision.undone_at).is_(None))
            which = session.exec(last.order_by(col(MeetingDecision.id).desc())).first() or 0
        undo_decision(self.office, which, now, by="x@y.example")

    def import_row(self, now: datetime, number: str, words: str, day: str) -> None:
        """A document that says other words, or another day, of one agreement."""
        with TemporaryDirectory() as folder:
            file = Path(folder) / "agenda.csv"
            file.write_text(f"Nr.;Onderwerp;Actie;Trekker;Datum\n{number};Woorden;{words};Gemeente;{day}\n")
            import_files(self.office, [file], None, now, yes=True)

    def leave(self, now: datetime, email: str) -> None:
        with self.office.database.reading() as session:
            people = {person.email: person.id or 0 for person in session.exec(select(Person))}
        hand_over(self.office, 1, people[email], Successor(people["vastgoed@clavis.example"]), now.date(), now, by="x")

    def come_back(self, now: datetime) -> None:
        with self.office.database.reading() as session:
            left = select(Handover.id).where(col(Handover.undone_at).is_(None))
            which = session.exec(left.order_by(col(Handover.id).desc())).first() or 0
        undo_hand_over(self.office, 1, which, now, by="x")

    def _deadline(self, which: int) -> int:
        with self.office.database.reading() as session:
            ids = session.exec(
                select(DeadlineRow.id).where(col(DeadlineRow.number).in_(NUMBERS)).order_by(col(DeadlineRow.id))
            ).all()
        return ids[which % len(ids)] or 0


WORDS, WHEN = ("Maak een plan.", "Voer het plan uit."), ("1 juni 2027", "eind 2027", "")
LEAVERS = ("strategie@clavis.example", "wonen@terneuzen.example")
WHICH, DAYS = st.integers(0, 5), st.dates(date(2027, 1, 1), date(2027, 12, 31))
ACTS = st.one_of(
    st.tuples(st.just("settle"), WHICH, st.sampled_from(State), st.sampled_from(["", *PARTIES])),
    st.tuples(st.just("reopen"), WHICH),
    st.tuples(st.just("move"), WHICH, st.one_of(DAYS, st.just(date(2027, 12, 31)))),
    st.tuples(
        st.just("name_leads"), st.sampled_from(NUMBERS), st.lists(st.sampled_from(PARTIES), unique=True, max_size=3)
    ),
    st.tuples(st.just("read"), st.sampled_from(NUMBERS), st.sampled_from(["geen", "jaarlijks", "eind 2027"])),
    st.tuples(st.just("decide"), WHICH, st.sampled_from([Effect.MOVE, Effect.DROP, Effect.NEW]), DAYS),
    st.tuples(st.just("undo")),
    st.tuples(st.just("import_row"), st.sampled_from(NUMBERS), st.sampled_from(WORDS), st.sampled_from(WHEN)),
    st.tuples(st.just("leave"), st.sampled_from(LEAVERS)),
    st.tuples(st.just("come_back")),
)


@pytest.fixture(scope="module")
def new_life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Life]]:
    """A function that gives the released example as it was at the start."""
    folder = tmp_path_factory.mktemp("wholes")
    shutil.copy(ROOT / "config.toml", folder / "config.toml")
    made = load_settings(folder / "config.toml", {"CYCLE__DATABASE__URL": f"sqlite:///{folder / 'first.db'}"})
    empty = Database(made.database_url)
    empty.migrate()
    empty.close()
    first = open_office(made)
    import_folder(first, EXAMPLE, NOVEMBER)
    release(first, "terneuzen", NOVEMBER)
    first.database.close()
    opened: list[Office] = []

    def begin() -> Life:
        for one in opened:
            one.database.close()
        for old in folder.glob("life.db*"):
            old.unlink()
        file = Path(shutil.copy(folder / "first.db", folder / "life.db"))
        url = f"sqlite:///{file}"
        opened[:] = [open_office(load_settings(folder / "config.toml", {"CYCLE__DATABASE__URL": url}))]
        return Life(opened[0])

    yield begin
    for one in opened:
        one.database.close()


@given(acts=st.lists(ACTS, min_size=3, max_size=9))
@settings(max_examples=examples(6, 100), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whole_and_parts_agree_after_each_act(new_life: Callable[[], Life], acts: list[tuple[object, ...]]) -> None:
    life = new_life()
    for number, (name, *given_with) in enumerate(acts, 1):
        now = NOVEMBER + timedelta(hours=number)
        try:
            getattr(life, str(name))(now, *given_with)
        except CycleError:
            continue
        assert (disagreements(life.office), untold(life.office)) == ([], {})
    keep_year(life.office, NOVEMBER + timedelta(days=1))
    again = keep_year(life.office, NOVEMBER + timedelta(days=1))
    assert (disagreements(life.office), untold(life.office), again) == ([], {}, YearChanges())


@pytest.mark.parametrize("seed", [3])
def test_a_life_with_every_kind_of_act_folds_to_the_rows_on_either_engine(example: Office, seed: int) -> None:
    """Imports, moves, settlings, decisions, leavers and what undoes them, twice each, in an order that is drawn."""
    life, dice, done = Life(example), Random(seed), Counter[str]()
    acts: list[tuple[object, ...]] = [
        *(("settle", which, State.DONE, party) for which in (0, 1) for party in ("gemeente", "clavis")),
        ("reopen", 1),
        ("move", 0, date(2027, 9, 1)),
        ("decide", 0, Effect.MOVE, date(2027, 10, 1)),
        ("decide", 0, Effect.DROP, date(2027, 10, 1)),
        ("undo",),
        ("read", "1.1.8", "jaarlijks"),
        ("name_leads", "2.8", ["clavis"]),
        ("import_row", "2.8", WORDS[0], WHEN[0]),
        ("import_row", "1.1.8", WORDS[1], WHEN[1]),
        ("leave", LEAVERS[0]),
        ("come_back",),
    ] * 2
    dice.shuffle(acts)
    acts += [("decide", 0, Effect.NEW, date(2027, 11, 1)), ("undo",)]
    for number, (name, *given_with) in enumerate(acts, 1):
        with suppress(CycleError):
            getattr(life, str(name))(NOVEMBER + timedelta(hours=number), *given_with)
            done[str(name)] += 1

    assert done.keys() == {str(name) for name, *_rest in acts}
    assert (disagreements(example), untold(example)) == ([], {})
    with example.database.reading() as session:
        assert [one.broken for one in walk(session)] == [None, None]


def test_an_import_that_names_only_who_did_it_leaves_nothing_open_with_nobody(example: Office) -> None:
    life = Life(example)
    with example.database.reading() as session:
        dated = DeadlineRow.number == "2.8", DeadlineRow.occurrence != QUESTION
        row = session.exec(select(DeadlineRow.id).where(*dated)).one() or 0
        parties = {party.slug: party.id for party in session.exec(select(PartyRow))}
    settle(example, row, State.DONE, NOVEMBER, party="gemeente")
    life.name_leads(NOVEMBER, "2.8", ["gemeente"])

    with example.database.reading() as session:
        leads = session.exec(
            select(DeadlineParty).where(DeadlineParty.deadline_id == row, DeadlineParty.part == "lead")
        ).all()
        whole = session.get_one(DeadlineRow, row)
    assert [(part.party_id, part.state) for part in leads] == [(parties["gemeente"], "done")]
    assert (whole.state, whole.next_moment, disagreements(example)) == ("done", None, [])
