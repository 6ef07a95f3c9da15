"""Directors approve a letter themselves: asked by mail, of these bytes, or sent back; and what becomes of a change."""

from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO

import pytest
from sqlmodel import select

from cycle.actions.letters import approve, draft_of, preview, save_texts, send, state_of, upload_signed, withdraw
from cycle.actions.letters.approval.directors import (
    ROOM,
    approve_path_of,
    ask_directors,
    decide,
    directors_of,
    open_letter,
    to_be_asked,
)
from cycle.actions.letters.approval.letter_approval import upload_own
from cycle.actions.letters.approval.letter_history import changes_since
from cycle.actions.letters.content import letter_rows
from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.office import Office
from cycle.domain.letters import Way
from cycle.domain.model import Role
from cycle.errors import NotFound, Refused
from cycle.letter import TEMPLATE
from cycle.store.tables import AgreementRow, LetterFile, Membership, PartyRow, Person
from tests.actions.letters.test_letter_desk import pdf_with, texts
from tests.actions.letters.test_letters import words_of
from tests.actions.mailbox import act, at, deliver, mails, text_of

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


def digest_of_list(letter: dict[str, bytes], along: Mapping[str, bytes]) -> str:
    """As `sha256sum` of the list that `sha256sum` makes of all that a director reads."""
    files = letter | {f"bijlage/{name}": content for name, content in along.items()}
    lines = [f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    return sha256("".join(lines).encode()).hexdigest()


def say(office: Office, signed: str, *, agrees: bool, remark: str = "", digest: str = ""):
    seen, _day = open_letter(office, signed, MARCH)
    return decide(
        office, signed, MARCH, by=seen.email, way=Way.LINK, digest=digest or seen.digest, agrees=agrees, remark=remark
    )


def without(words: str, lines: list[str]) -> str:
    for line in lines:
        words = words.replace(f"{line} ", "", 1)
    return words


def test_each_director_reads_the_frozen_letter_and_approves_it_by_their_own_link(example: Office) -> None:
    told = ask_directors(example, None, 2027, MARCH, by=BY)
    links = asked(example)
    assert sorted(links) == sorted(address for _name, address in told)

    for signed in links.values():
        seen, _day = open_letter(example, signed, MARCH)
        assert seen.digest == digest_of_list({"gelezen/Uitnodigingsbrief 2027.pdf": seen.content}, seen.enclosures)
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
    agreed = [f"akkoord gegeven door {one.by} op 2 maart 2027" for one in state.approvals]
    goes = words_of(kept["definitief"])
    assert [line in goes for line in agreed] == [True, True]
    assert not seen.goes_as_read
    assert without(goes, agreed) == words_of(seen.content)
    with pytest.raises(Refused, match="al verstuurd"):
        say(example, next(iter(links.values())), agrees=False, remark="Toch niet.")


def test_the_directors_who_are_promised_a_mail_are_those_who_get_one(quick_example: Office) -> None:
    office, tomorrow = quick_example, at("2027-03-03")
    with office.database.writing() as session:
        both = session.exec(select(Person).where(Person.email == "directie@clavis.example")).one()
        wzv = session.exec(select(PartyRow).where(PartyRow.slug == "wzv")).one()
        session.add(Membership(person_id=both.id, party_id=wzv.id, role=Role.DIRECTOR))
    promised, went = [], []
    for moment in (MARCH, MARCH, tomorrow):
        promised.append(sorted(to_be_asked(office, None, 2027, moment)))
        ask_directors(office, None, 2027, moment, by=BY)
        deliver(office, moment)
        went.append(len([mail for mail in mails(office) if f"{ROOM}/" in mail.get_body(("plain",)).get_content()]))
        if len(went) == 1:
            approve(office, None, 2027, moment, by=BY, party="wzv", name="W. Directeur")

    assert [len(some) for some in promised] == [went[0], went[1] - went[0], went[2] - went[1]] == [3, 0, 1]
    assert promised[2] == [(both.name, "directie@clavis.example")]
    approve(office, None, 2027, tomorrow, by=BY, party="clavis", name="D. Directeur")
    send(office, None, 2027, tomorrow, by=BY)
    assert to_be_asked(office, None, 2027, at("2027-03-04")) == []


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

    act(example, at("2027-03-08"))
    [overview] = [text_of(mail) for mail in mails(example) if "Teruggestuurd door een bestuurder" in text_of(mail)]
    party = {"clavis": "Clavis", "wzv": "Woongoed Zeeuws-Vlaanderen"}[back[0].party]
    line = f"“De opening klopt niet.” ({back[0].by}, 2 maart). Pas de brief aan en vraag opnieuw om akkoord."
    assert f"Uitnodigingsbrief 2027, namens {party}: {line}" in " ".join(overview.split())

    withdraw(example, None, 2027, MARCH, by=BY)
    act(example, at("2027-03-15"))
    assert len([mail for mail in mails(example) if "Teruggestuurd door" in text_of(mail)]) == 1
    with pytest.raises(NotFound, match="wordt aangepast"):
        open_letter(example, first, MARCH)
    save_texts(example, None, 2027, texts(example, opening="Wij nodigen u uit."), MARCH, by=BY)
    later = at("2027-03-16")
    ask_directors(example, None, 2027, later, by=BY)
    deliver(example, later)
    again = [mail.get_body(("plain",)).get_content() for mail in mails(example)]
    signed = [text.partition(f"{ROOM}/")[2].split()[0] for text in again if f"{ROOM}/" in text][-1]
    changes = open_letter(example, signed, later)[0].changes
    assert [(what, new) for what, _old, new in changes if what == "Opening"] == [("Opening", "Wij nodigen u uit.")]


def test_what_a_director_last_decided_on_is_what_the_next_version_is_compared_with(quick_example: Office) -> None:
    """A version on which nobody decided takes no place of one that was: neither its text nor what was said of it."""
    office = quick_example
    standard = {one.place: one.text for one in texts(office)}["opening"]

    def ask_again(opening: str) -> None:
        withdraw(office, None, 2027, MARCH, by=BY)
        save_texts(office, None, 2027, texts(office, opening=opening), MARCH, by=BY)
        ask_directors(office, None, 2027, MARCH, by=BY)

    def opening_of(party: str) -> list[tuple[str, str]]:
        changes = open_letter(office, link_of(office, party), MARCH)[0].changes
        return [(old, new) for what, old, new in changes if what == "Opening"]

    ask_directors(office, None, 2027, MARCH, by=BY)
    say(office, link_of(office, "clavis"), agrees=True)
    say(office, link_of(office, "wzv"), agrees=False, remark="De opening klopt niet.")
    ask_again("Eerste poging.")
    ask_again("Tweede poging.")
    assert opening_of("clavis") == opening_of("wzv")
    assert [(old.startswith(standard[:20]), new) for old, new in opening_of("wzv")] == [(True, "Tweede poging.")]
    say(office, link_of(office, "wzv"), agrees=False, remark="Nog niet.")
    ask_again("Derde poging.")
    assert opening_of("wzv") == [("Tweede poging.", "Derde poging.")]
    assert [(old.startswith(standard[:20]), new) for old, new in opening_of("clavis")] == [(True, "Derde poging.")]
    said = draft_of(office, None, 2027, MARCH).before["said"]
    assert [(one["party"], one["is_sent_back"], one["remark"]) for one in said] == [
        ("clavis", False, ""),
        ("wzv", True, "Nog niet."),
    ]


def test_a_change_is_shown_where_it_is_also_of_a_heading_and_far_in_a_long_text() -> None:
    words = [f"woord-{number}" for number in range(300)]
    far = [*words[:20], "eerst", *words[21:250], *words[251:]]
    piece = {"place": "stand", "title": "Stand van zaken", "text": " ".join(words)}
    [heading] = changes_since({"blocks": [piece]}, {"blocks": [piece | {"title": "Hoe het staat"}]})
    assert heading == ("Kop", "Stand van zaken", "Hoe het staat")
    assert changes_since({"blocks": [piece]}, {"blocks": [piece]}) == ()

    [(what, old, new)] = changes_since({"blocks": [piece]}, {"blocks": [piece | {"text": " ".join(far)}]})
    assert what == "Stand van zaken"
    assert old.split() == ["…", *words[12:29], "…", *words[242:259], "…"]
    assert new.split() == ["…", *words[12:20], "eerst", *words[21:29], "…", *words[242:250], *words[251:259], "…"]


def test_what_is_approved_is_all_that_goes_and_who_is_asked_anew_sees_what_of_it_changed(quick_example: Office) -> None:
    """The draft agenda, a letter that was finished elsewhere, and the signed PDF count as the letter itself does."""
    office = quick_example
    ask_directors(office, None, 2027, MARCH, by=BY)
    first = open_letter(office, link_of(office, "clavis"), MARCH)[0]
    say(office, link_of(office, "clavis"), agrees=True)
    upload_signed(office, None, 2027, "scan.pdf", pdf_with(), MARCH, by=BY)
    late = open_letter(office, link_of(office, "wzv"), MARCH)[0]
    assert (list(late.signed), late.digest != first.digest) == (["uitnodigingsbrief-2027-getekend.pdf"], True)
    with pytest.raises(Refused, match="intussen een andere"):
        say(office, link_of(office, "wzv"), agrees=True, digest=first.digest)

    def changes() -> list[tuple[str, str, str]]:
        ask_directors(office, None, 2027, MARCH, by=BY)
        return list(open_letter(office, link_of(office, "clavis"), MARCH)[0].changes)

    with office.database.writing() as session:
        row = session.exec(select(AgreementRow).where(AgreementRow.number == "5.5")).one()
        row.agenda_topic = "Een ander onderwerp"
        session.add(row)
    withdraw(office, None, 2027, MARCH, by=BY)
    changed = {what: (old, new) for what, old, new in changes()}
    assert sorted(changed) == ["Stand van de afspraken", "Voorzet voor de uitvoeringsagenda"]
    old, new = changed["Voorzet voor de uitvoeringsagenda"]
    assert (old[:5], new[:24], "5.4" in new) == ("5.5; ", "5.5; Een ander onderwerp", False)

    for own in (pdf_with(), pdf_with(lambda pdf: pdf.add_blank_page())):
        withdraw(office, None, 2027, MARCH, by=BY)
        upload_own(office, None, 2027, "Brief.pdf", own, MARCH, by=BY)
        shown = {what: (old, new) for what, old, new in changes()}["Inhoud van toegevoegde bestanden"]
        assert shown[0] != shown[1]
        approve(office, None, 2027, MARCH, by=BY)


def link_of(office: Office, party: str) -> str:
    """What is behind the link to the page on which the directors of a party approve."""
    with office.database.reading() as session:
        people = [one.id for one in directors_of(view_of(session, office.settings, None), party, MARCH.date())]
    return approve_path_of(office, None, people, 2027, MARCH).removeprefix(f"{ROOM}/")


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
        assert (seen.file_name, seen.content, seen.goes_as_read) == ("Uitnodigingsbrief 2027.pdf", own, True)
        say(example, signed, agrees=True)
    send(example, None, 2027, MARCH, by=BY)
    deliver(example, MARCH)
    sent = [list(mail.iter_attachments()) for mail in mails(example)]
    assert {parts[0].get_content() for parts in sent if parts} == {own}
    with pytest.raises(Refused, match="ligt al vast"):
        upload_own(example, None, 2027, "Brief.pdf", BytesIO(own).read(), MARCH, by=BY)


def test_a_letter_goes_as_it_was_read_when_its_template_is_another_by_then(quick_example: Office) -> None:
    """Only what was read may go: then without the lines on who agreed, that the proof has."""
    approve(quick_example, None, 2027, MARCH, by=BY)
    read = preview(quick_example, None, 2027, MARCH).pdf
    own_look = letter_rows.template_file(quick_example, TEMPLATE).read_text(encoding="utf-8")
    folder = quick_example.settings.path("templates/letter")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TEMPLATE).write_text(own_look + "\n#pagebreak()\nNog iets.\n", encoding="utf-8")
    send(quick_example, None, 2027, MARCH, by=BY)
    deliver(quick_example, MARCH)
    went = [next(mail.iter_attachments()).get_content() for mail in mails(quick_example)]
    assert went == [read] * 3
