"""Who left is erased: nothing that is kept tells who they were, all that was done stays, and the chains still hold."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import SQLModel, col, select

from cycle.actions.answers.answering.behalf import answer_for
from cycle.actions.deadlines.deciding.closing import move, settle
from cycle.actions.office.logbook import act as logged
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.people.departure.erasing import erase_person
from cycle.actions.people.departure.leaving import Successor, hand_over
from cycle.actions.people.rhythms.rhythm import end_pause, pause
from cycle.actions.people.seats.memberships import Wish, add_person
from cycle.actions.people.seats.persons import change_person
from cycle.actions.register.writing_out.folder_exporting import export_folder
from cycle.domain.answering import Stand
from cycle.domain.model import Role, State
from cycle.domain.undated import UNDATED
from cycle.errors import Refused
from cycle.store import chains
from cycle.store.tables import Absence, AnswerFile, AnswerRow, DeadlineRow, Fact, MailReply, Message, Person
from tests.actions.mailbox import act, at

NOW = at("2027-03-01")
BY = "secretariaat@terneuzen.example"
FIRST_NAME, NAME = "Willemijn Zonder", "Willemijn Zonderländ"
FIRST, EMAIL = "wz@clavis.example", "w.zonderland@clavis.example"


def texts_of(office: Office) -> dict[str, str]:
    """All that every table holds, as text and as bytes, by table."""
    held = {}
    with office.database.reading() as session:
        for table in SQLModel.metadata.sorted_tables:
            rows = session.connection().execute(table.select()).mappings().all()
            held[table.name] = json.dumps(
                [{name: _plain(row[name]) for name in row} for row in rows], ensure_ascii=False
            )
    return held


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, dict | list) else str(value)


def naming(held: dict[str, str]) -> set[str]:
    words = [word.lower() for word in (FIRST, EMAIL, NAME, FIRST_NAME)]
    return {name for name, text in held.items() if any(word in text.lower() for word in words)}


@pytest.fixture
def gone(example: Office) -> tuple[Office, int]:
    """Somebody who came, was called otherwise, did and said things, was written to, and left."""
    wish = Wish("clavis", Role.TREKKER, None, None, ("2.8",), ())
    person, _settled = add_person(example, 1, FIRST_NAME, FIRST, wish, NOW, by=BY)
    change_person(example, 1, person, NAME, EMAIL, NOW, by=BY)
    with example.database.reading() as session:
        dated = DeadlineRow.number == "2.8", DeadlineRow.slot != UNDATED
        row = session.exec(select(DeadlineRow).where(*dated)).one()
    move(example, row.id or 0, date(2027, 4, 1), NOW, by=EMAIL, reason=f"zegt {NAME}")
    answer_for(example, row.id or 0, "clavis", Stand.GREEN, f"Vraag het {NAME}.", NAME, NOW, by=BY)
    settle(example, row.id or 0, State.DONE, NOW, by=EMAIL, party="clavis", note_text=f"gebeld met {EMAIL}")
    for day in ("2027-03-02", "2027-03-04"):
        act(example, at(day))
    with example.database.writing() as session:
        logged(session, NOW, EMAIL)
        given = session.exec(select(AnswerRow.id).where(AnswerRow.person_id == person)).one()
        session.add(AnswerFile(answer_id=given or 0, name=f"plan van {NAME}.txt", content=NAME.encode()))
        about = session.exec(select(Message.id)).first()
        words = f"Groet, {NAME}"
        session.add(
            MailReply(message_id=about or 0, person_id=person, mail_id="<a@b>", sender=EMAIL, words=words, read_at=NOW)
        )
    with example.database.reading() as session:
        to = session.exec(select(Person.id).where(Person.email == "strategie@clavis.example")).one()
    hand_over(example, 1, person, Successor(to), date(2027, 3, 5), at("2027-03-04"), by=BY)
    return example, person


def test_whoever_is_erased_is_named_in_no_table_and_no_export_and_the_chains_hold(
    gone: tuple[Office, int], tmp_path: Path
) -> None:
    office, person = gone
    told = {"person", "actor", "fact", "answer", "deadline_party", "answer_file", "mail_reply"}
    assert naming(texts_of(office)) >= told

    erase_person(office, person, NOW + timedelta(days=30), by=BY)

    assert naming(texts_of(office)) == set()
    export_folder(office, None, tmp_path / "uit")
    written = "".join(file.read_text(errors="replace") for file in (tmp_path / "uit").rglob("*") if file.is_file())
    assert [word for word in (FIRST, EMAIL, NAME, FIRST_NAME) if word in written] == []
    with office.database.reading() as session:
        walked = chains.walk(session)
        row = session.get_one(Person, person)
    assert [one.broken for one in walked] == [None, None]
    assert min(one.erased for one in walked) > 0
    assert (row.name, row.email) == (f"gewist {person}", f"gewist-{person}@cycle.invalid")


def test_what_was_done_stays_and_others_keep_their_names(gone: tuple[Office, int]) -> None:
    office, person = gone
    before = texts_of(office)
    erase_person(office, person, NOW + timedelta(days=30), by=BY)

    after = texts_of(office)
    for table in ("agreement", "reading", "action", "deadline", "party", "membership", "meeting", "term"):
        assert (table, after[table]) == (table, before[table])
    with office.database.reading() as session:
        names = {one.email: one.name for one in session.exec(select(Person))}
    assert names[BY] == "Secretariaat prestatieafspraken"
    assert '"gebeld met gewist"' in after["deadline_party"]


def test_the_days_away_of_whoever_is_erased_go_and_those_of_others_stay(gone: tuple[Office, int]) -> None:
    """Facts know days away by a number of their own, which may be the number of somebody."""
    office, person = gone
    others = add_person(office, 1, "An Ander", "an@shb.example", Wish("shb", Role.TREKKER), NOW, by=BY)[0]
    with office.database.writing() as session:
        logged(session, NOW, BY)
        days = {"first": date(2027, 8, 2), "last": date(2027, 8, 6)}
        session.add(Absence(id=person, person_id=others, **days))
    pause(office, person, date(2027, 3, 5), date(2027, 3, 5), at("2027-03-04"), by=BY)
    theirs = absences_told(office)[-1][0]
    end_pause(office, person, theirs, at("2027-03-04"), by=BY)
    assert [(number, bool(told)) for number, told in absences_told(office)] == [
        (person, True),
        (theirs, True),
        (theirs, True),
    ]

    erase_person(office, person, NOW + timedelta(days=30), by=BY)

    assert [(number, bool(told)) for number, told in absences_told(office)] == [
        (person, True),
        (theirs, False),
        (theirs, False),
    ]


def absences_told(office: Office) -> list[tuple[int, str]]:
    """What facts tell of days away: by their number, the oldest first."""
    with office.database.reading() as session:
        rows = session.exec(select(Fact).where(Fact.subject == "absence").order_by(col(Fact.id))).all()
        return [(row.subject_id, row.old + row.new) for row in rows]


def test_who_still_has_a_seat_is_not_erased(quick_example: Office) -> None:
    with quick_example.database.reading() as session:
        person = session.exec(select(Person.id).where(Person.email == BY)).one()

    with pytest.raises(Refused) as refused:
        erase_person(quick_example, person or 0, NOW)

    assert refused.value.what == "Secretariaat prestatieafspraken heeft nog een plaats aan tafel."


def test_a_name_of_one_word_or_of_others_is_left_where_it_may_be_something_else(quick_example: Office) -> None:
    """ "Mei" is a month, and two people are called An de Wit."""
    with quick_example.database.writing() as session:
        session.add(mei := Person(name="Mei", email="mei@weg.example"))
        session.add(other := Person(name="An de Wit", email="an1@weg.example"))
        session.add(Person(name="An de Wit", email="an2@weg.example"))
        session.flush()
        note(session, NOW, BY, "gezegd", "register", "Mei 2027, volgens An de Wit (an1@weg.example)", 1)
        one, two = mei.id or 0, other.id or 0
    for person in (one, two):
        erase_person(quick_example, person, NOW, by=BY)

    held = texts_of(quick_example)
    assert ("mei@weg.example" in str(held), "an1@weg.example" in str(held)) == (False, False)
    assert [name for name in ("An de Wit", "an2@weg.example") if name not in held["person"]] == []
