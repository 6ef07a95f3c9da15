"""One table of kinds of mail, one letterbox: what each kind needs is there, and nobody makes a message elsewhere."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from cycle.actions.office.letterbox import Envelope, outgoing
from cycle.actions.office.office import Office
from cycle.domain.mail_kinds import ALARM, KINDS, AfterUnknown, kind_words
from cycle.mail.compose import Address
from cycle.mail.deliver import Answer, Outcome
from cycle.mail.fields import Rendered
from cycle.mail.samples import SAMPLES
from cycle.store.outbox import handing
from cycle.store.outbox.labels import SENDING
from cycle.store.tables import Message
from tests.actions.mailbox import ScriptedWay, at, queue, send
from tests.conftest import ROOT

NOW = at("2027-03-02")
STATES = {AfterUnknown.AGAIN: "queued", AfterUnknown.ASK: "held", AfterUnknown.GIVE_UP: "failed"}
MAKERS = {"cycle/actions/office/letterbox.py", "cycle/actions/office/unmade.py"}


@pytest.fixture
def of_each_kind(office: Office) -> Office:
    """One waiting mail of each kind."""
    for name in KINDS:
        queue(office, 1, NOW, name)
    return office


def states(office: Office) -> dict[str, str]:
    with office.database.reading() as session:
        return {row.kind: row.state for row in session.exec(select(Message)).all()}


def test_every_kind_has_its_templates_and_a_sample_and_none_is_left_over():
    files = {file.name.partition(".")[0] for file in (ROOT / "templates" / "email").glob("[a-z]*.txt")}
    named = [template for kind in KINDS.values() for template in kind.templates]

    assert sorted(named) == sorted(SAMPLES) == sorted(files)
    for template in named:
        endings = {file.name for file in (ROOT / "templates" / "email").glob(f"{template}.*")}
        assert endings == {f"{template}.subject.txt", f"{template}.txt", f"{template}.html"}


def test_every_kind_is_called_something_and_no_two_the_same():
    words = [kind_words(name) for name in KINDS]

    assert len(set(words)) == len(KINDS)
    assert set(words).isdisjoint(KINDS)


def test_a_kind_of_another_version_is_called_by_its_own_name():
    assert kind_words("telegram") == "telegram"


def test_after_an_unknown_outcome_each_kind_does_what_its_table_says(of_each_kind: Office):
    send(of_each_kind, ScriptedWay(*[Answer(Outcome.UNKNOWN, "geen antwoord na de laatste punt")] * len(KINDS)), NOW)

    by_table = {name: STATES[kind.after_unknown] for name, kind in KINDS.items()}
    assert states(of_each_kind) == by_table | {"alarm": "sent"}  # that one was put into the folder at once


def test_after_a_sender_died_with_it_in_hand_each_kind_does_the_same(of_each_kind: Office):
    later = NOW + timedelta(hours=1)
    with of_each_kind.database.writing() as session:
        for row in session.exec(select(Message)).all():
            row.state, row.in_hand, row.lease_owner, row.attempts = SENDING, True, "dood", 1
            row.lease_until = row.first_tried_at = NOW
            session.add(row)
    with of_each_kind.database.writing() as session:
        handing.take_over_lost(session, later)

    assert states(of_each_kind) == {name: STATES[kind.after_unknown] for name, kind in KINDS.items()}


def test_the_key_makes_the_message_id_and_without_an_address_it_is_for_the_folder(quick_office: Office):
    words = Rendered("Let op", "Tekst", "<p>Tekst</p>")
    envelopes = [Envelope("alarm:een", Address("", "beheerder")), Envelope("alarm:twee", Address("", "beheerder"))]
    first, second = (outgoing(quick_office, ALARM, words, envelope, NOW) for envelope in envelopes)
    again = outgoing(quick_office, ALARM, words, envelopes[0], NOW + timedelta(days=1))

    assert (first.message_id == again.message_id, first.message_id == second.message_id) == (True, False)
    assert (first.to, first.on, first.kind, first.key) == ("", NOW.date(), "alarm", "alarm:een")
    assert f"To: beheerder <{first.envelope_from}>".encode() in first.body


def test_nobody_else_makes_a_message():
    makers = set()
    for file in sorted((ROOT / "cycle").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Message":
                makers.add(str(file.relative_to(ROOT)))

    assert makers == MAKERS


def test_no_kind_is_told_apart_by_a_word_that_stands_outside_the_table():
    """A bare "digest" in a comparison would be a second table."""
    found = []
    for file in sorted((ROOT / "cycle").rglob("*.py")):
        if "migrations" in file.parts or file.name in ("mail_kinds.py", "samples.py"):
            continue
        found += [f"{_place(file)}:{node.lineno}" for node in ast.walk(ast.parse(file.read_text())) if _compares(node)]

    assert found == []


def _place(file: Path) -> str:
    return str(file.relative_to(ROOT))


def _compares(node: ast.AST) -> bool:
    """Whether this compares something called `kind` with the name of a kind of mail."""
    if not isinstance(node, ast.Compare):
        return False
    sides = [node.left, *node.comparators]
    is_kind = any(isinstance(side, ast.Attribute) and side.attr == "kind" for side in sides)
    return is_kind and any(isinstance(side, ast.Constant) and side.value in KINDS for side in sides)
