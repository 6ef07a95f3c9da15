"""Answering a mail without logging in: rule B8 in full, and C13 for its forms."""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import text
from sqlmodel import Session, SQLModel, select
from starlette.testclient import TestClient

from cycle.actions.deadlines.deciding.closing import settle
from cycle.actions.mails.rehearsal.rehearsing import rehearse
from cycle.actions.office.answer_links import ANSWER, CORRECT, FORM, Correction, correction_url
from cycle.actions.office.office import Office
from cycle.actions.office.sentforms import new_key
from cycle.domain.model import State
from cycle.store import answers
from cycle.store.answers import Given
from cycle.store.tables import AnswerRow, DeadlineParty, DeadlineRow, Membership, Message, PartyRow, Person
from cycle.web.app import create_app
from cycle.web.formkeys import FIELD
from tests.actions.mailbox import act, at, mails, text_of
from tests.conftest import own_signer

from .conftest import HTML, OURS, Clock, hidden_of

ASKED_ON = "2027-02-25"
"""Five weeks before the spring meeting: everybody is asked about all their agreements."""
CLAVIS, WZV, ZORG = "strategie@clavis.example", "beleid@woongoed.example", "zorg@terneuzen.example"


@pytest.fixture
def clock() -> Clock:
    made = Clock()
    made.at = at(ASKED_ON, 10)
    return made


@pytest.fixture
def asked(engines: Office) -> Office:
    """An office of either engine after the mails of the spring round went out."""
    act(engines, at(ASKED_ON))
    return engines


@pytest.fixture
def contents() -> str:
    return "example"


@pytest.fixture
def engines(make_settings: Callable[..., object], database: object) -> Iterator[Office]:
    """The example on SQLite and on PostgreSQL."""
    from cycle.actions.office.office import open_office

    office = open_office(make_settings(database__url=database.url))  # type: ignore[attr-defined,arg-type]
    yield office
    office.database.close()


@pytest.fixture
def client(asked: Office, clock: Clock) -> TestClient:
    return TestClient(create_app(asked, clock), base_url=OURS, follow_redirects=False)


def links_in(office: Office) -> dict[str, list[str]]:
    """The paths of the answer pages in everybody's mails, by address."""
    found: dict[str, list[str]] = {}
    for mail in mails(office):
        part = mail.get_body(("plain",))
        paths = re.findall(r"https?://[^/\s]+(/antwoord/[^\s#]+)", part.get_content() if part else "")
        found.setdefault(mail["To"].addresses[0].addr_spec, []).extend(dict.fromkeys(paths))
    return found


def forms_of(client: TestClient, path: str) -> dict[str, dict[str, str]]:
    """The hidden fields of each row of a page."""
    forms = re.findall(r"<form.+?</form>", client.get(path, headers=HTML).text, re.S)
    found = [hidden_of(form, "rij", "form", FIELD) for form in forms if 'name="rij"' in form]
    return {one["rij"]: one for one in found if one["rij"] != "ronde"}


def row_of(office: Office, title: str, party: str, occurrence: str = "2027") -> str:
    with office.database.reading() as session:
        query = select(DeadlineRow.id).where(DeadlineRow.title == title, DeadlineRow.occurrence == occurrence)
        return f"t{session.exec(query).one()}-{party}"


def send(client: TestClient, path: str, row: str, **fields: str):
    return client.post(path, data=forms_of(client, path)[row] | fields, headers=HTML)


def given(office: Office, row: str) -> list[Given]:
    """All that was answered about a row, newest first."""
    deadline, _, party = row[1:].partition("-")
    with office.database.reading() as session:
        return answers.history(session, [int(deadline)]).get((int(deadline), party), [])


def part_of(office: Office, row: str) -> DeadlineParty:
    deadline, _, party = row[1:].partition("-")
    with office.database.reading() as session:
        query = select(DeadlineParty).join(PartyRow).where(DeadlineParty.deadline_id == int(deadline))
        return session.exec(query.where(PartyRow.slug == party, DeadlineParty.part == "lead")).one()


def everything(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    return {
        table.name: [tuple(row) for row in session.connection().execute(text(f'SELECT * FROM "{table.name}"'))]
        for table in SQLModel.metadata.sorted_tables
    }


def test_b8_looking_at_every_link_of_every_mail_twice_changes_nothing(asked, client):
    with asked.database.reading() as session:
        before = everything(session)
    paths = {
        path
        for mail in mails(asked)
        for path in re.findall(r"https?://127\.0\.0\.1:8700(/[^\s#]*)", mail.get_body(("plain",)).get_content())
    }

    codes = Counter(
        ask(path, headers=HTML).status_code for path in sorted(paths) for ask in (client.get, client.head, client.get)
    )

    with asked.database.reading() as session:
        assert everything(session) == before
    assert codes == {200: 3 * len(paths)}
    assert len(paths) >= 2 * len(mails(asked)) == 22


def test_b8_a_link_shows_the_rows_of_its_own_mail_and_no_others(asked, client):
    paths = links_in(asked)
    shown = {to: set(forms_of(client, path)) for to, [path] in paths.items()}

    with asked.database.reading() as session:
        query = text("SELECT m.key, r.deadline_id, r.party FROM reminder r JOIN message m ON m.id = r.message_id")
        rows = list(session.connection().execute(query))
        people = {person.id: person.email for person in session.exec(select(Person))}
    expected: dict[str, set[str]] = {}
    for key, deadline, party in rows:
        expected.setdefault(people[int(key.split(":")[1])], set()).add(f"t{deadline}-{party}")
    assert shown == expected
    assert len(shown[CLAVIS]) == 15


def test_b8_each_button_of_a_mail_leads_to_its_own_row_and_that_of_a_round_to_the_whole(asked, client):
    [mail] = [mail for mail in mails(asked) if CLAVIS in str(mail["To"])]
    marks = re.findall(r"/antwoord/[^\s#]+#(\S+)", mail.get_body(("plain",)).get_content())

    page = client.get(links_in(asked)[CLAVIS][0], headers=HTML).text

    assert marks
    assert set(marks) < set(re.findall(r'<section class="card answer" id="([^"]+)"', page))
    assert mail.get_body(("plain",)).get_content().count("/antwoord/") == len(marks) + 1


def test_b8_an_answer_is_kept_with_time_and_name_and_shown(asked, client):
    [path] = links_in(asked)[CLAVIS]
    row = row_of(asked, "Vrije toewijzingsruimte", "clavis")

    page = send(
        client, path, row, stand="oranje", zin="Wacht op\r\nde  aannemer", datum="1 mei 2027", gevaar="ja", naam="Jan"
    ).text

    [one] = given(asked, row)
    assert (one.stand, one.sentence, str(one.next_on), one.at_risk, one.not_before) == (
        "oranje",
        "Wacht op de aannemer",
        "2027-05-01",
        True,
        None,
    )
    assert (one.by, one.at, one.about) == (
        "Jan, Afdeling Strategie",
        at(ASKED_ON, 10),
        f"digest:{one.person_id}:{ASKED_ON}",
    )
    assert (part_of(asked, row).light, part_of(asked, row).state) == ("oranje", "open")
    words = " ".join(re.sub(r"<[^>]+>", " ", unescape(page)).split())
    assert "Bewaard: Vrije toewijzingsruimte oranje “Wacht op de aannemer”, volgende stap 1 mei 2027" in words
    assert "Laatste bericht, vandaag om 10.00 uur, van Jan, Afdeling Strategie" in words


def test_b8_an_answer_is_corrected_by_answering_again_and_none_is_lost(asked, client, clock):
    [path] = links_in(asked)[CLAVIS]
    row = row_of(asked, "Vrije toewijzingsruimte", "clavis")
    for minute, stand in enumerate(("groen", "rood", "groen")):
        clock.at = at(ASKED_ON, 10, minute)
        assert send(client, path, row, stand=stand).status_code == 200

    assert [(one.stand, one.at) for one in given(asked, row)] == [
        ("groen", at(ASKED_ON, 10, 2)),
        ("rood", at(ASKED_ON, 10, 1)),
        ("groen", at(ASKED_ON, 10, 0)),
    ]
    assert part_of(asked, row).light == "groen"


def test_b8_done_settles_for_this_lead_alone_is_confirmed_by_mail_and_can_be_undone_there(asked, client, clock):
    [path] = links_in(asked)[CLAVIS]
    row = row_of(asked, "Vrije toewijzingsruimte", "clavis")

    page = send(client, path, row, stand="gereed", naam="Jan").text

    assert "U krijgt hierover ook een korte mail" in page
    by = f"{CLAVIS}, via link in mail van 25 februari 2027"
    assert (part_of(asked, row).state, part_of(asked, row).settled_by) == ("done", by)
    assert part_of(asked, row.replace("clavis", "wzv")).state == "open"
    act(asked, at(ASKED_ON, 11))
    mail = mails(asked)[-1]
    assert (mail["To"].addresses[0].addr_spec, str(mail["Subject"])) == (
        CLAVIS,
        "Bewaard bij Vrije toewijzingsruimte: gereed",
    )
    assert "Ingevuld door: Jan" in text_of(mail)
    correction = links_in(asked)[CLAVIS][-1]
    clock.at = at("2027-03-10")
    assert set(forms_of(client, correction)) == {row}
    assert send(client, correction, row, stand="weer open").status_code == 200
    assert part_of(asked, row).state == "open"
    assert [one.stand for one in given(asked, row)] == ["weer open", "gereed"]


def test_b8_a_mere_colour_is_not_confirmed_by_mail(asked, client):
    [path] = links_in(asked)[CLAVIS]
    before = len(mails(asked))

    page = send(client, path, row_of(asked, "Vrije toewijzingsruimte", "clavis"), stand="rood").text
    act(asked, at(ASKED_ON, 11))

    assert "korte mail" not in page
    assert len(mails(asked)) == before


def test_b8_not_mine_goes_to_the_secretariat_and_from_then_on_so_do_its_reminders(asked, client):
    [path] = links_in(asked)[CLAVIS]
    row = row_of(asked, "Vrije toewijzingsruimte", "clavis")
    deadline = int(row[1:].partition("-")[0])

    send(client, path, row, stand="niet voor mij", zin="Dit doet Vastgoed")

    with asked.database.reading() as session:
        [loud] = answers.answers_for_office(session, 1, at(ASKED_ON))
    assert (loud.number, loud.title, loud.answer.stand, loud.answer.sentence) == (
        "1.1.12",
        "Vrije toewijzingsruimte",
        "niet voor mij",
        "Dit doet Vastgoed",
    )
    later = rehearse(asked, at("2027-02-26").date(), at("2027-12-31").date(), at("2027-02-26"))
    told = {
        (mail.to.email, line.reason) for mail in later for line in mail.digest.reminders if line.deadline == deadline
    }
    assert {one for one in told if one[0] != WZV} == {("secretariaat@terneuzen.example", "niet voor mij")}


def test_b8_what_the_secretariat_must_see_is_read_newest_first(asked, client, clock):
    [path] = links_in(asked)[CLAVIS]
    for minute, (title, fields) in enumerate(
        [
            ("Vrije toewijzingsruimte", {"stand": "groen"}),
            ("Uitnodigingsbrief", {"stand": "rood"}),
            ("Vrije toewijzingsruimte", {"stand": "oranje", "gevaar": "ja"}),
        ]
    ):
        clock.at = at(ASKED_ON, 10, minute)
        assert send(client, path, row_of(asked, title, "clavis"), **fields).status_code == 200

    with asked.database.reading() as session:
        seen = [one.title for one in answers.answers_for_office(session, 1, at(ASKED_ON))]
        later = answers.answers_for_office(session, 1, at(ASKED_ON, 12))
    assert (seen, later) == (["Vrije toewijzingsruimte", "Uitnodigingsbrief"], [])


def test_b8_later_puts_the_reminders_off_until_the_chosen_day(asked, client):
    [path] = links_in(asked)[CLAVIS]
    row = row_of(asked, "Uitnodigingsbrief", "clavis")
    deadline = int(row[1:].partition("-")[0])
    page = client.get(path, headers=HTML).text
    offered = re.findall(r'<option value="(2027[^"]+)">', page.split(f'id="{row}"')[1].split("</form>")[0])

    assert send(client, path, row, later="2027-03-22").status_code == 200

    def told() -> list[tuple[str, str, str]]:
        mailed = rehearse(asked, at("2027-02-26").date(), at("2027-04-02").date(), at("2027-02-26"))
        return [
            (str(mail.digest.on), line.party, line.rung)
            for mail in mailed
            for line in mail.digest.reminders
            if line.deadline == deadline
        ]

    assert (offered[0], offered[-1]) == ("2027-02-26", "2027-03-24")
    assert [(day, rung) for day, party, rung in told() if party == "clavis"] == [
        ("2027-03-22", "-9"),
        ("2027-03-31", "0"),
    ]
    assert [(day, rung) for day, party, rung in told() if party == "wzv"] == [
        ("2027-03-03", "-28"),
        ("2027-03-17", "-14"),
        ("2027-03-24", "-7"),
        ("2027-03-31", "0"),
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"stand": "oranje", "datum": "31-2-2027"}, "Deze datum kennen wij niet"),
        ({"stand": "oranje", "datum": "1-1-2027"}, "is al geweest"),
        ({"stand": "oranje", "datum": "1-1-2077"}, "Kies een dag in de komende 5 jaar"),
        ({"stand": "oranje", "zin": "é" * 301}, "dit zijn er 301"),
        ({"stand": "oranje", "naam": "n" * 61}, "Houd uw naam bij 60 tekens"),
        ({"stand": "paars"}, "Kies een van de mogelijkheden"),
        ({"stand": "weer open"}, "Kies een van de mogelijkheden"),
        ({"stand": "groen", "later": "2027-06-01"}, "Kies een dag uit de lijst"),
        ({"stand": "oranje", "link": "mailto:jan@clavis.example"}, "Dit adres kennen wij niet"),
        ({"stand": "oranje", "collega": "Mo"}, "Kies ook “niet voor mij”"),
        ({}, "Kies hoe het staat"),
        ({"zin": " \r\n "}, "Kies hoe het staat"),
    ],
)
def test_what_is_typed_wrong_stays_and_is_named_at_its_field(quick_asked, quick_client, fields, words):
    [path] = links_in(quick_asked)[CLAVIS]
    row = row_of(quick_asked, "Vrije toewijzingsruimte", "clavis")

    answer = send(quick_client, path, row, **fields)

    section = unescape(answer.text.split(f'id="{row}"')[1].split("</section>")[0])
    assert (answer.status_code, given(quick_asked, row)) == (422, [])
    assert re.search(rf'class="wrong"[^>]*>[^<]*{words}', section)
    assert 'aria-invalid="true"' in section
    for name in ("datum", "naam"):
        assert f'value="{fields.get(name, "")}"' in section
    if fields.get("stand") == "oranje":
        assert re.search('value="oranje" checked', section)


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({}, {}),
        ({"form": ""}, {}),
        ({"form": "1.2.3"}, {}),
        ("of another row", {}),
        ("of another person", {}),
        ("of another purpose", {}),
        (None, {"sec-fetch-site": "cross-site"}),
        (None, {"sec-fetch-site": "same-site"}),
        (None, {"origin": "https://evil.example"}),
    ],
)
def test_c13_a_form_of_elsewhere_keeps_nothing(quick_asked, quick_client, fields, headers):
    [path], [other] = links_in(quick_asked)[CLAVIS], links_in(quick_asked)[WZV]
    row = row_of(quick_asked, "Vrije toewijzingsruimte", "clavis")
    mine, theirs = forms_of(quick_client, path), forms_of(quick_client, other)
    signer = own_signer(quick_asked, int(path[10:].split("-")[0]))
    forms = {
        "of another row": next(form for mark, form in mine.items() if mark != row) | {"rij": row},
        "of another person": theirs[row.replace("clavis", "wzv")] | {"rij": row},
        "of another purpose": {"rij": row, "form": signer.sign("formulier", f"{path[10:]}/{row}", at(ASKED_ON).date())},
    }
    data = mine[row] if fields is None else forms[fields] if isinstance(fields, str) else {"rij": row} | fields

    answer = quick_client.post(path, data=data | {"stand": "gereed"}, headers=HTML | headers)

    assert (answer.status_code, given(quick_asked, row), part_of(quick_asked, row).state) == (409, [], "open")


def test_c13_a_form_is_good_for_a_week(quick_asked, quick_client, clock):
    [path] = links_in(quick_asked)[CLAVIS]
    row = row_of(quick_asked, "Vrije toewijzingsruimte", "clavis")
    form = forms_of(quick_client, path)[row]

    clock.at = at("2027-03-05")
    late = quick_client.post(path, data=form | {"stand": "groen"}, headers=HTML)

    assert (late.status_code, given(quick_asked, row)) == (409, [])
    assert send(quick_client, path, row, stand="groen").status_code == 200


def test_b8_a_row_of_another_mail_is_not_answered_by_this_link(quick_asked, quick_client):
    [path] = links_in(quick_asked)[CLAVIS]
    strange = row_of(quick_asked, "Zorgtafel", "gemeente")
    signed = own_signer(quick_asked, int(path[10:].split("-")[0])).sign(
        FORM, f"{path[10:]}/{strange}", at(ASKED_ON).date()
    )

    answer = quick_client.post(path, data={"rij": strange, "form": signed, "stand": "gereed"}, headers=HTML)

    assert (answer.status_code, given(quick_asked, strange)) == (404, [])


def test_b8_no_link_opens_but_the_one_that_was_sent(quick_asked, quick_client):
    [path], [other] = links_in(quick_asked)[CLAVIS], links_in(quick_asked)[ZORG]
    signed, foreign = path.rpartition("/")[2], other.rpartition("/")[2]
    subject, issued, seal = signed.split(".")
    person, day = subject.split("-")
    sign = own_signer(quick_asked, int(person)).sign
    today = at(ASKED_ON).date()
    forged = [
        f"{foreign.split('.')[0]}.{issued}.{seal}",
        f"{subject}.{int(issued) + 1}.{seal}",
        f"{signed}x",
        signed[:-1],
        f"{subject}.{issued}.voorbeeld------------------",
        f"{person}-{int(day) + 1}.{issued}.{seal}",
        "x",
        "x.y.z",
        sign("agendapagina", subject, today),
        sign(FORM, subject, today),
        sign(CORRECT, f"{person}-1-clavis", today),
        sign(ANSWER, f"{person}-{int(day) - 1}", today),
    ]

    codes = {one: quick_client.get(f"/antwoord/{one}", headers=HTML).status_code for one in forged}

    assert set(codes.values()) == {404}, codes


def test_b8_a_link_in_a_rehearsed_mail_opens_nothing(quick_asked, quick_client):
    [mail, *_more] = rehearse(quick_asked, at("2027-03-03").date(), at("2027-03-03").date(), at("2027-02-26"))
    act(quick_asked, at("2027-03-03"))
    [path] = re.findall(rb"127.0.0.1:8700(/antwoord/[^\s#]+)", mail.message.body.replace(b"=\r\n", b""))[:1]

    assert path.endswith(b".voorbeeld" + 18 * b"-")
    assert quick_client.get(path.decode().replace("=2E", "."), headers=HTML).status_code == 404


def test_b8_a_link_ends_after_sixty_days_and_says_so(quick_asked, quick_client, clock):
    [path] = links_in(quick_asked)[CLAVIS]
    codes = []
    for days in (60, 61):
        clock.at = at(ASKED_ON) + timedelta(days)
        codes.append(quick_client.get(path, headers=HTML).status_code)

    assert codes == [200, 410]
    assert "ouder dan 60 dagen" in quick_client.get(path, headers=HTML).text


def test_b8_a_link_ends_when_all_its_rows_are_settled(quick_asked, quick_client):
    [path] = links_in(quick_asked)[ZORG]
    rows = list(forms_of(quick_client, path))
    last = [send(quick_client, path, row, stand="gereed") for row in rows][-1]

    after = quick_client.get(path, headers=HTML)

    assert (len(rows), last.status_code, after.status_code) == (5, 200, 410)
    assert "Alles op deze pagina is nu afgemeld" in last.text
    assert "<form" not in last.text
    assert "Alles uit deze mail is afgemeld" in after.text


def test_b8_what_the_secretariat_settled_is_not_opened_again_by_a_link(quick_asked, quick_client):
    [path] = links_in(quick_asked)[CLAVIS]
    row = row_of(quick_asked, "Vrije toewijzingsruimte", "clavis")
    form = forms_of(quick_client, path)[row]
    settle(quick_asked, int(row[1:].partition("-")[0]), State.DONE, at(ASKED_ON, 11), by="x@y.nl", party="clavis")

    answer = quick_client.post(path, data=form | {"stand": "rood"}, headers=HTML)

    assert (answer.status_code, given(quick_asked, row)) == (422, [])
    assert row not in forms_of(quick_client, path)


def test_b8_who_left_has_no_page_any_more(quick_asked, quick_client):
    [path] = links_in(quick_asked)[CLAVIS]
    with quick_asked.database.writing() as session:
        for seat in session.exec(select(Membership).join(Person).where(Person.email == CLAVIS)):
            seat.until = at("2027-02-24").date()
            session.add(seat)

    assert quick_client.get(path, headers=HTML).status_code == 404


def test_b8_fifty_times_the_same_form_at_once_is_one_answer_and_one_mail(asked, client):
    [path] = links_in(asked)[CLAVIS]
    row = row_of(asked, "Vrije toewijzingsruimte", "clavis")
    form = forms_of(client, path)[row] | {"stand": "gereed"}
    codes: Counter[int] = Counter()
    threads = [
        threading.Thread(target=lambda: codes.update([client.post(path, data=form, headers=HTML).status_code]))
        for _ in range(50)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with asked.database.reading() as session:
        kept = session.exec(select(AnswerRow)).all()
        confirmed = session.exec(select(Message).where(Message.kind == "confirmation")).all()
    assert (len(kept), len(confirmed), codes) == (1, 1, {200: 50})  # who comes second sees that it stood there already


def test_b8_fifty_different_answers_at_once_are_all_kept(asked, client):
    [path] = links_in(asked)[CLAVIS]
    row = row_of(asked, "Vrije toewijzingsruimte", "clavis")
    form = forms_of(client, path)[row] | {"stand": "oranje"}
    keys = [{FIELD: new_key(asked.settings, at(ASKED_ON))} for _ in range(50)]
    forms = [form | key | {"zin": f"zin {number}"} for number, key in enumerate(keys)]
    codes: Counter[int] = Counter()

    def answer(number: int) -> None:
        codes.update([client.post(path, data=forms[number], headers=HTML).status_code])

    threads = [threading.Thread(target=answer, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert codes == {200: 50}
    assert {one.sentence for one in given(asked, row)} == {f"zin {number}" for number in range(50)}


def test_b8_a_page_starts_no_session_and_is_kept_by_nobody(quick_asked, quick_client):
    [path] = links_in(quick_asked)[CLAVIS]
    answer = quick_client.get(path, headers=HTML)

    assert answer.headers["cache-control"] == "private, no-store"
    assert (answer.headers["referrer-policy"], "set-cookie" in answer.headers) == ("no-referrer", False)


def test_what_is_typed_is_never_html(quick_asked, quick_client):
    [path] = links_in(quick_asked)[CLAVIS]
    row = row_of(quick_asked, "Vrije toewijzingsruimte", "clavis")

    page = send(quick_client, path, row, stand="rood", zin="<b>x</b> {{ 7*7 }}", naam="\u202e<i>").text

    assert "&lt;b&gt;x&lt;/b&gt; {{ 7*7 }}" in page
    assert "<b>x" not in page
    assert [one.name for one in given(quick_asked, row)] == ["<i>"]


def test_a_shared_mailbox_is_asked_for_a_name(quick_asked, quick_client, clock):
    clock.at = at("2027-03-04", 10)
    act(quick_asked, at("2027-03-04"))
    path = links_in(quick_asked)["info@bewonersraad.example"][-1]

    page = quick_client.get(path, headers=HTML).text

    assert "Meer mensen lezen deze postbus" in page
    assert set(re.findall(r'name="stand" value="([^"]+)"', page)) == {
        "niet voor mij"
    }  # they take part, and lead nothing


def test_a_meeting_that_is_still_to_come_cannot_be_done(quick_asked, quick_client, clock):
    clock.at = at("2027-03-04", 10)
    act(quick_asked, at("2027-03-04"))
    path = links_in(quick_asked)["wonen@terneuzen.example"][-1]
    row = row_of(quick_asked, "Voorjaarsoverleg", "gemeente")

    page = quick_client.get(path, headers=HTML).text
    refused = send(quick_client, path, row, stand="gereed")
    told = send(quick_client, path, row, datum="22-4-2027")

    assert "Welke datum is het geworden?" in page
    assert (refused.status_code, told.status_code) == (422, 200)
    assert [str(one.next_on) for one in given(quick_asked, row)] == ["2027-04-22"]


@pytest.fixture
def quick_asked(quick_example: Office, clock: Clock) -> Office:
    """The same on SQLite only, for what does not depend on the engine."""
    act(quick_example, at(ASKED_ON))
    return quick_example


@pytest.fixture
def quick_client(quick_asked: Office, clock: Callable[[], datetime]) -> TestClient:
    return TestClient(create_app(quick_asked, clock), base_url=OURS, follow_redirects=False)


def test_a_light_stands_on_the_page_of_the_year_beside_what_is_open_and_per_party_where_they_differ(
    quick_asked, quick_client
):
    [path], [other] = links_in(quick_asked)[CLAVIS], links_in(quick_asked)[WZV]
    row = row_of(quick_asked, "Uitnodigingsbrief", "clavis")

    def stand() -> str:
        page = unescape(quick_client.get("/", headers=HTML).text)
        cells = next(one for one in page.split("<tr ") if "<strong>Uitnodigingsbrief" in one)
        return " ".join(re.sub(r"<[^>]+>", " ", cells.split('class="stand"')[1]).lstrip("> \n").split())

    seen = []
    for where, mark, light in ((path, row, "oranje"), (other, row.replace("clavis", "wzv"), "oranje")):
        send(quick_client, where, mark, stand=light)
        seen.append(stand())

    assert seen == ["Clavis open oranje Woongoed Zeeuws-Vlaanderen open", "open oranje"]


@pytest.mark.parametrize(
    ("typed", "hour"), [("donderdag 22 april", "14.00 uur"), ("22-4", "14u"), ("22 april 2027", "14:00")]
)
def test_a_mail_that_asks_for_a_date_has_a_page_that_does_however_people_write_it(
    quick_asked, quick_client, clock, typed, hour
):
    clock.at = at("2027-03-04", 10)
    with quick_asked.database.reading() as session:
        query = select(Message.key).where(Message.kind == "digest").order_by(Message.id)
        keys = session.exec(query).all()
    assert keys
    act(quick_asked, at("2027-03-04"))
    path = links_in(quick_asked)["wonen@terneuzen.example"][0]
    row = next(
        row
        for row, form in forms_of(quick_client, path).items()
        if "Welke dag stelt u voor?"
        in quick_client.get(path, headers=HTML).text.split(f'id="{row}"')[1].split("</form>")[0]
    )
    page = quick_client.get(path, headers=HTML).text.split(f'id="{row}"')[1].split("</form>")[0]

    kept = send(quick_client, path, row, datum=typed, uur=hour, plaats="Stadhuis")

    assert page.index("Welke dag stelt u voor?") < page.index("Hoe staat het?")
    assert "Stel deze datum voor" in page
    [one] = given(quick_asked, row)
    assert (kept.status_code, str(one.next_on), str(one.start), one.place) == (
        200,
        "2027-04-22",
        "14:00:00",
        "Stadhuis",
    )


def test_a_day_alone_is_read_back_as_a_proposal_too(quick_asked, quick_client, clock):
    clock.at = at("2027-03-04", 10)
    act(quick_asked, at("2027-03-04"))
    path = links_in(quick_asked)["wonen@terneuzen.example"][0]
    row = row_of(quick_asked, "Voorjaarsoverleg", "gemeente")

    kept = send(quick_client, path, row, datum="22 april")

    words = " ".join(re.sub("<[^>]+>", " ", kept.text).split())
    assert "Bewaard: Voorjaarsoverleg voorgesteld: donderdag 22 april 2027" in words


def test_a_member_of_the_body_is_asked_for_points_on_the_page_as_in_the_mail(quick_asked, quick_client, clock):
    clock.at = at("2027-03-04", 10)
    act(quick_asked, at("2027-03-04"))
    path = links_in(quick_asked)["wethouder@terneuzen.example"][-1]
    row = row_of(quick_asked, "Voorjaarsoverleg", "gemeente")

    kept = send(quick_client, path, row, punten="Flexwoningen")

    assert "Uw punten" in quick_client.get(path, headers=HTML).text
    assert (kept.status_code, [one.points for one in given(quick_asked, row)]) == (200, ["Flexwoningen"])


def test_a_tenants_board_that_is_asked_for_points_finds_a_field_for_them(quick_asked, quick_client, clock):
    clock.at = at("2027-03-04", 10)
    act(quick_asked, at("2027-03-04"))
    path = links_in(quick_asked)["info@bewonersraad.example"][-1]
    row = row_of(quick_asked, "Voorjaarsoverleg", "bewonersraad")
    page = quick_client.get(path, headers=HTML).text.split(f'id="{row}"')[1].split("</form>")[0]

    empty = send(quick_client, path, row)
    kept = send(quick_client, path, row, punten="Huurverhoging\r\nOnderhoud")

    assert page.index("Uw punten") < page.index("niet voor mij")
    assert (empty.status_code, "Schrijf wat u op de agenda wilt zetten." in empty.text) == (422, True)
    assert (kept.status_code, [one.points for one in given(quick_asked, row)]) == (200, ["Huurverhoging\nOnderhoud"])


def test_who_takes_part_corrects_no_more_than_they_could_say(quick_asked, quick_client, clock):
    clock.at = at("2027-03-04", 10)
    act(quick_asked, at("2027-03-04"))
    path = links_in(quick_asked)["info@bewonersraad.example"][-1]
    row = row_of(quick_asked, "Voorjaarsoverleg", "bewonersraad")
    send(quick_client, path, row, punten="Huurverhoging")
    with quick_asked.database.reading() as session:
        person, deadline = session.exec(select(AnswerRow.person_id, AnswerRow.deadline_id)).one()
    what = Correction(person or 0, deadline, "bewonersraad")
    signer = own_signer(quick_asked, what.person)
    url = correction_url(quick_asked.settings, signer, what, clock.at.date()).removeprefix(OURS)

    def choices() -> list[str]:
        return re.findall(r'name="stand" value="([^"]+)"', quick_client.get(url, headers=HTML).text)

    while_open = choices()
    settle(quick_asked, deadline, State.DROPPED, at("2027-03-04", 11), by="x@y.nl")
    assert (while_open, choices()) == (["niet voor mij"], [])


def send_file(client: TestClient, path: str, row: str, name: str, content: bytes, **fields: str):
    sent = {"bestand": (name, content, "application/pdf")}
    return client.post(path, data=forms_of(client, path)[row] | fields, files=sent, headers=HTML)


def test_an_answer_bears_a_file_that_its_sender_and_the_secretariat_get_back_as_a_download(asked, client):
    [path] = links_in(asked)[CLAVIS]
    row = row_of(asked, "Vrije toewijzingsruimte", "clavis")
    plan = b"%PDF-1.7 " + b"x" * 400_000  # longer than any form without a file may be

    fields = forms_of(client, path)[row] | {"stand": "oranje", "zin": "Het plan is klaar."}
    sent = [
        client.post(path, data=fields, files={"bestand": (r"C:\map\Plan 2027.pdf", plan)}, headers=HTML) for _ in "ab"
    ]

    [kept] = given(asked, row)
    assert [one.status_code for one in sent] == [200, 200]
    assert (kept.sentence, kept.file, kept.link) == ("Het plan is klaar.", "Plan 2027.pdf", "")
    found, *_ = re.findall(r'href="(/antwoord/[^"]+/bestand/\d+)">Plan 2027.pdf<', sent[0].text)
    back = client.get(found)
    assert (back.content, back.headers["content-type"]) == (plan, "application/pdf")
    assert back.headers["content-disposition"] == "attachment; filename*=UTF-8''Plan%202027.pdf"
    assert "no-store" in back.headers["cache-control"]
    [other] = links_in(asked)[WZV]
    assert client.get(f"{other}/bestand/{kept.id}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("plan.exe", b"MZ", "plan.exe kunnen wij niet aannemen"),
        ("plan.pdf", b"PK no pdf", "plan.pdf kunnen wij niet aannemen"),
        ("leeg.pdf", b"", "leeg.pdf is leeg"),
    ],
)
def test_a_file_that_nobody_reads_is_refused_and_the_words_stay(quick_asked, quick_client, name, content, words):
    [path] = links_in(quick_asked)[CLAVIS]
    row = row_of(quick_asked, "Vrije toewijzingsruimte", "clavis")

    answer = send_file(quick_client, path, row, name, content, stand="oranje", zin="Het plan is klaar.")

    assert (answer.status_code, given(quick_asked, row)) == (422, [])
    assert words in unescape(answer.text)
    assert "Het plan is klaar." in answer.text


def test_a_file_that_is_too_large_or_comes_by_a_link_that_is_not_ours_is_not_read(quick_asked, quick_client):
    [path] = links_in(quick_asked)[CLAVIS]
    fields = {"bestand": ("plan.pdf", b"%PDF-" + b"x" * 12_000_000)}
    large = quick_client.post(path, files=fields, headers=HTML)
    stranger = quick_client.post("/antwoord/nietvanons", files={"bestand": ("p.pdf", b"x" * 400_000)}, headers=HTML)

    assert (large.status_code, stranger.status_code) == (413, 413)
    assert "hoogstens 10 MB" in large.text


def test_a_link_and_a_colleague_are_kept_and_read_back(quick_asked, quick_client):
    [path] = links_in(quick_asked)[CLAVIS]
    row = row_of(quick_asked, "Vrije toewijzingsruimte", "clavis")

    linked = send(quick_client, path, row, stand="oranje", link="clavis.example/plan?a=1&b=2")
    passed_on = send(quick_client, path, row, stand="niet voor mij", collega="Mo de Wit")

    newest, before = given(quick_asked, row)
    assert (before.link, newest.colleague) == ("https://clavis.example/plan?a=1&b=2", "Mo de Wit")
    assert 'href="https://clavis.example/plan?a=1&amp;b=2"' in linked.text
    assert "hoort bij Mo de Wit" in passed_on.text
