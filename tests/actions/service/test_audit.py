"""What was written down is held beside what the journal and the operator's mail know of it."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.post.delivery.restored import FILE, sent_journal
from cycle.actions.service.watch.audit import seal_of_today, verify, write_heads
from cycle.actions.service.watch.clock_work import keep_round
from cycle.actions.service.watch.watching import put_daily
from cycle.domain.model import ChainFault
from cycle.store import guards
from cycle.store.journal import SentJournal
from tests.actions.mailbox import at, deliver, mails, text_of
from tests.actions.service.test_watching import with_settings
from tests.store.test_chains import place, work_out_anew

MONDAY, TUESDAY, WEDNESDAY = at("2027-02-08"), at("2027-02-09"), at("2027-02-10")
BY = "secretariaat@terneuzen.example"


@pytest.fixture
def known(example: Office) -> Office:
    """The example after two days on which something was done, and heads were written down."""
    for now in (MONDAY, TUESDAY):
        say(example, now)
        keep_round(example, now)
    return example


def say(office: Office, now: object) -> None:
    with office.database.writing() as session:
        note(session, now, BY, "gezegd", "register", f"op {now}", 1)  # type: ignore[arg-type]


def breaks(office: Office) -> list[tuple[str, str, int]]:
    audit = verify(office, WEDNESDAY)
    return [(one.slug, one.broken.fault, one.broken.seq) for one in audit.chains if one.broken]


def force(office: Office, *statements: str) -> None:
    with office.database.engine.begin() as connection:
        guards.take_away(connection)
        for statement in statements:
            connection.execute(text(statement))
        guards.lay(connection)


def last_place(office: Office) -> int:
    return sent_journal(office).heads()[-1].seq


def test_heads_are_written_down_each_day_and_a_chain_that_is_whole_agrees_with_them(known: Office) -> None:
    heads = sent_journal(known).heads()
    write_heads(known, WEDNESDAY)

    audit = verify(known, WEDNESDAY)
    assert (audit.is_whole, [one.slug for one in audit.chains]) == (True, ["", "terneuzen"])
    assert [(day.isoformat(), len(seal)) for day, seal in audit.seals] == [("2027-02-08", 16), ("2027-02-09", 16)]
    assert len({seal for _day, seal in audit.seals}) == 2
    assert sent_journal(known).heads() == heads, "nothing happened on Wednesday"
    assert {head.covenant_id for head in heads} == {0, 1}


def test_a_chain_that_is_cut_short_or_worked_out_anew_is_found(known: Office) -> None:
    last = last_place(known)
    row, before = place(known.database, 1, last), place(known.database, 1, last - 1)
    force(known, f"UPDATE fact SET text = 'nooit gezegd' WHERE id = {row.id}")
    assert breaks(known) == [("terneuzen", ChainFault.CHANGED, last)]
    work_out_anew(known.database, 1)
    assert breaks(known) == [("terneuzen", ChainFault.OTHER, last)]
    force(
        known,
        f"DELETE FROM fact WHERE id = {row.id}",
        f"UPDATE fact_head SET seq = {last - 1}, hash = '{before.hash}' WHERE covenant_id = 1",
    )
    assert breaks(known) == [("terneuzen", ChainFault.CUT, last)]
    say(known, WEDNESDAY)
    assert breaks(known) == [("terneuzen", ChainFault.OTHER, last)]


def test_a_journal_that_is_rewritten_with_the_chain_gives_other_seals_than_the_mails_had(known: Office) -> None:
    before = verify(known, WEDNESDAY).seals
    first = sent_journal(known).heads()[-3].seq
    force(known, f"UPDATE fact SET text = 'nooit gezegd' WHERE id = {place(known.database, 1, first).id}")
    work_out_anew(known.database, 1)
    file = known.settings.path(FILE)
    file.unlink()
    for now in (MONDAY, TUESDAY):
        write_heads(known, now)

    audit = verify(known, WEDNESDAY)
    assert audit.is_whole
    assert before[-1] not in audit.seals


def test_the_operators_mail_bears_the_seal_that_the_audit_tells(known: Office, tmp_path: Path) -> None:
    told = with_settings(known, "mail", operator="beheer@cycle.example")
    seal = seal_of_today(told, TUESDAY)
    assert put_daily(told, (), TUESDAY)
    deliver(told, TUESDAY)

    [mail] = [one for one in mails(told) if one["To"].endswith("<beheer@cycle.example>")]
    assert f"Zegel van alles wat is vastgelegd: {seal} Bewaar deze mail." in text_of(mail)
    assert (verify(told, WEDNESDAY).seals[-1][1], len(seal)) == (seal, 16)


def test_the_journal_forgets_old_heads_but_the_newest_of_each_chain(known: Office) -> None:
    journal = sent_journal(known)
    seals = verify(known, WEDNESDAY).seals
    kept = [head for head in journal.heads() if head.at == TUESDAY]
    journal.prune(WEDNESDAY + timedelta(hours=1))

    assert {head.covenant_id for head in journal.heads()} == {0, 1}
    assert [head for head in journal.heads() if head.covenant_id == 1] == [kept[-1]]
    assert verify(known, WEDNESDAY).seals[-1] == seals[-1]
    assert SentJournal(known.settings.path(FILE), "another").heads() == []
