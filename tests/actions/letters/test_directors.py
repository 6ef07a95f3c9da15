"""Directors approve a letter themselves: asked by mail, of these bytes, or sent back; and what becomes of a change."""

from hashlib import sha256
from io import BytesIO

import pytest
from sqlmodel import select

from cycle.actions.letters import approve, save_texts, send, state_of, withdraw
from cycle.actions.letters.directors import ROOM, ask_directors, decide, open_letter
from cycle.actions.letters.letter_approval import upload_own
from cycle.actions.office.office import Office
from cycle.domain.letters import Way
from cycle.errors import NotFound, Refused
from cycle.store.tables import LetterFile
from tests.actions.letters.test_letter_desk import pdf_with, texts
from tests.actions.letters.test_letters import words_of
from tests.actions.mailbox import at, deliver, mails

MARCH, BY = at("2027-03-02"), "secretariaat@terneuzen.example"


def asked(office: Office) -> dict[str, str]:
    """The link that each director got, by address."""
    deliver(office, MARCH)
    links = {}
    for mail in mails(office):
        text = mail.get_body(("plain",)).get_content()
        if f"{ROOM}/" in text:
            links[str(mail["To"]).rpartition("<")[2].rstrip(">")] = text.partition(f"{ROOM}/")[2].split()[0]
    return links


def say(office: Office, signed: str, *, agrees: bool, remark: str = "", digest: str = ""):
    seen, _day = open_letter(office, signed, MARCH)
    return decide(
        office, signed, MARCH, by=seen.email, way=Way.LINK, digest=digest or seen.digest, agrees=agrees, remark=remark
    )


def test_each_director_reads_the_frozen_letter_and_approves_it_by_their_own_link(example: Office) -> None:
    told = ask_directors(example, None, 2027, MARCH, by=BY)
    links = asked(example)
    assert sorted(links) == sorted(address for _name, address in told)

    for signed in links.values():
        seen, _day = open_letter(example, signed, MARCH)
        assert seen.digest == sha256(seen.content).hexdigest()
        assert "akkoord gegeven" not in words_of(seen.content)
        with pytest.raises(Refused, match="intussen een andere"):
            say(example, signed, agrees=True, digest="0" * 64)
        assert list(say(example, signed, agrees=True).open_parties) == []

    state = state_of(example, None, 2027)
    assert {one.way for one in state.approvals} == {Way.LINK}
    assert {one.digest for one in state.approvals} == {seen.digest}
    send(example, None, 2027, MARCH, by=BY)
    with example.database.reading() as session:
        kept = {one.kind: one.content for one in session.exec(select(LetterFile))}
    assert kept["definitief"].startswith(b"%PDF-")
    with pytest.raises(Refused, match="al verstuurd"):
        say(example, next(iter(links.values())), agrees=False, remark="Toch niet.")


def test_a_letter_that_is_sent_back_waits_and_is_asked_anew_with_what_changed(example: Office) -> None:
    ask_directors(example, None, 2027, MARCH, by=BY)
    first, second = asked(example).values()
    say(example, first, agrees=True)
    with pytest.raises(Refused, match="wat er anders moet"):
        say(example, second, agrees=False)
    say(example, second, agrees=False, remark="De opening klopt niet.")

    back = [one for one in state_of(example, None, 2027).approvals if one.sent_back_at]
    assert [(one.at, one.remark) for one in back] == [(None, "De opening klopt niet.")]
    with pytest.raises(Refused, match="nog niet goedgekeurd"):
        send(example, None, 2027, MARCH, by=BY)

    withdraw(example, None, 2027, MARCH, by=BY)
    with pytest.raises(NotFound, match="wordt aangepast"):
        open_letter(example, first, MARCH)
    save_texts(example, None, 2027, texts(example, opening="Wij nodigen u uit."), MARCH, by=BY)
    later = at("2027-03-03")
    ask_directors(example, None, 2027, later, by=BY)
    deliver(example, later)
    again = [mail.get_body(("plain",)).get_content() for mail in mails(example)]
    signed = [text.partition(f"{ROOM}/")[2].split()[0] for text in again if f"{ROOM}/" in text][-1]
    changes = open_letter(example, signed, later)[0].changes
    assert [(what, new) for what, _old, new in changes if what == "Opening"] == [("Opening", "Wij nodigen u uit.")]


def test_what_the_secretariat_writes_down_is_never_the_directors_own_act(example: Office) -> None:
    approve(example, None, 2027, MARCH, by=BY, party="clavis", name="D. Directeur", scan=("akkoord.pdf", pdf_with()))
    approve(example, None, 2027, MARCH, by="directie@clavis.example, via de opdrachtregel", party="wzv")

    said = state_of(example, None, 2027).approvals
    assert {one.party: (one.way, one.noted_by, Way(one.way).is_own_act) for one in said} == {
        "clavis": (Way.PAPER, BY, False),
        "wzv": (Way.NOTED, "directie@clavis.example, via de opdrachtregel", False),
    }


def test_a_file_that_was_finished_in_word_is_the_letter_itself(example: Office) -> None:
    own = pdf_with()
    upload_own(example, None, 2027, "Brief def.pdf", own, MARCH, by=BY)
    ask_directors(example, None, 2027, MARCH, by=BY)
    for signed in asked(example).values():
        seen, _day = open_letter(example, signed, MARCH)
        assert (seen.file_name, seen.content) == ("Uitnodigingsbrief 2027.pdf", own)
        say(example, signed, agrees=True)
    send(example, None, 2027, MARCH, by=BY)
    deliver(example, MARCH)
    sent = [list(mail.iter_attachments()) for mail in mails(example)]
    assert {parts[0].get_content() for parts in sent if parts} == {own}
    with pytest.raises(Refused, match="ligt al vast"):
        upload_own(example, None, 2027, "Brief.pdf", BytesIO(own).read(), MARCH, by=BY)
