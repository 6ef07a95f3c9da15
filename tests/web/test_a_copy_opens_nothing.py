"""Whoever has a copy of the database has no key to the running service."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlmodel import select
from starlette.testclient import TestClient

from cycle.actions.feeds import new_link
from cycle.actions.mails.morning.welcoming import welcome
from cycle.actions.office.mailed import blank_old_links, renew_links
from cycle.actions.office.office import Office
from cycle.actions.people.rhythms.rhythm import pause, rhythm_page_url
from cycle.actions.post.delivery.delivering import deliver_mails, open_pace
from cycle.actions.post.halts import outbox_decisions
from cycle.actions.service.watch.clock_work import keep_round
from cycle.actions.signin import signing_in
from cycle.actions.signin.asking import From
from cycle.actions.signin.codes import ask_code
from cycle.actions.signin.signing_in import code_of
from cycle.mail.compose import Address, compose
from cycle.mail.deliver import Answer, Outcome
from cycle.mail.fields import Rendered
from cycle.store.outbox.labels import SENT
from cycle.store.tables import Message, Person
from cycle.web.app import create_app
from tests.actions.mailbox import ScriptedWay, act, at, deliver, mails

from .conftest import HTML, Clock
from .test_web_answer import CLAVIS, links_in, row_of, send

WHO, OFFICE = "strategie@clavis.example", "secretariaat@terneuzen.example"
LINK = re.compile(r"/(?:antwoord|agenda|ritme|overzicht|aanmelden|k)/[^\s\"'<>#)]+")
FAULTY = Answer(Outcome.RECIPIENT, "550 5.2.1 mailbox unavailable")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(quick_example: Office, clock: Clock) -> TestClient:
    return TestClient(create_app(quick_example, clock), base_url="http://127.0.0.1:8700", follow_redirects=False)


def person(office: Office, email: str) -> int:
    with office.database.reading() as session:
        return session.exec(select(Person.id).where(Person.email == email)).first() or 0


def copied(office: Office, file: Path) -> list[str]:
    """Every link in every column of every row of a copy, also where a line of a mail breaks within it."""
    source = str(make_url(office.database.url).database)
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("VACUUM INTO ?", (str(file),))
    found = set()
    with closing(sqlite3.connect(file)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            for row in connection.execute(f'SELECT * FROM "{name}"'):
                found.update(link for value in row for link in _links_of(value))
    return sorted(found)


def _links_of(value: object) -> Iterator[str]:
    words = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    yield from LINK.findall(re.sub(r"=\r?\n", "", words).replace("=2E", "."))


def test_after_a_busy_month_no_link_out_of_a_copy_of_the_database_answers_200(
    quick_example: Office, client: TestClient, clock: Clock, tmp_path: Path
) -> None:
    office, sent = quick_example, 0
    welcome(office, WHO, at("2027-02-19"))
    new_link(office, WHO, at("2027-02-19"), name="Outlook")
    for day in range(28):
        now = at((date(2027, 2, 20) + timedelta(day)).isoformat())
        clock.at = now
        keep_round(office, now)
        sent += act(office, now)[1].sent
        if now.date() == date(2027, 2, 26):
            [path] = links_in(office)[CLAVIS][-1:]
            assert client.get(path, headers=HTML).status_code == 200
            send(client, path, row_of(office, "Vrije toewijzingsruimte", "clavis"), stand="gereed")
            pause(office, person(office, WHO), date(2027, 3, 15), date(2027, 3, 19), now)
    signing_in.ask(office, OFFICE, clock.at, browser="b", asked_from=From("n"))
    ask_code(office, person(office, WHO), clock.at, browser="b", asked_from=From())
    deliver(office, clock.at)

    kinds = {kind for kind in ("digest", "welcome", "confirmation", "rhythm", "signin") if _went(office, kind)}
    links = copied(office, tmp_path / "copy.db")
    mailed = {link for mail in mails(office) for link in _links_of(mail.as_bytes())}
    alive = [link for link in mailed if client.get(link).status_code == 200]
    assert (sent > 20, len(links) > 20, len(alive) > 20) == (True, True, True)
    assert kinds == {"digest", "welcome", "confirmation", "rhythm", "signin"}
    assert [link for link in links if client.get(link, headers=HTML).status_code == 200] == []
    with office.database.reading() as session:
        assert session.exec(select(Message.id).where(Message.body_sha256 == "", Message.state == "sent")).all() == []


def _went(office: Office, kind: str) -> bool:
    with office.database.reading() as session:
        return session.exec(select(Message.id).where(Message.kind == kind, Message.state == "sent")).first() is not None


def live_links(office: Office, client: TestClient) -> list[str]:
    with office.database.reading() as session:
        bodies = session.exec(select(Message.body).where(Message.kind != "digest")).all()
    return [link for body in bodies for link in _links_of(body) if client.get(link).status_code == 200]


def test_a_mail_keeps_its_links_until_it_is_over_and_gets_fresh_ones_when_it_is_offered_again(
    quick_example: Office, client: TestClient, clock: Clock
) -> None:
    office, clock.at = quick_example, at("2027-02-22")
    welcome(office, WHO, clock.at)
    answers = [Answer(Outcome.TEMPORARY, "451 4.7.1 try again"), FAULTY]
    found = []
    for minute, answer in enumerate(answers):
        way, now = ScriptedWay(answer), at("2027-02-22", 9, minute * 5)
        deliver_mails(office, way, open_pace(office.settings), lambda now=now: now)  # type: ignore[misc]
        found.append(len(live_links(office, client)))
    with office.database.reading() as session:
        [number] = session.exec(select(Message.id).where(Message.kind == "welcome", Message.state == "failed")).all()
    outbox_decisions.retry(office, number or 0, clock.at)

    assert [bool(one) for one in (*found, len(live_links(office, client)))] == [True, False, True]
    outbox_decisions.discard(office, number or 0, clock.at)
    assert live_links(office, client) == []


def test_a_mail_that_waits_while_all_links_are_made_invalid_leaves_with_links_that_work(
    quick_example: Office, client: TestClient, clock: Clock
) -> None:
    office, clock.at = quick_example, at("2027-02-22")
    welcome(office, WHO, clock.at)
    before = live_links(office, client)

    renew_links(office, person(office, WHO), clock.at, by=OFFICE)
    after = live_links(office, client)

    assert (len(before) > 0, len(after)) == (True, len(before))
    assert [client.get(link).status_code for link in before] == [404] * len(before)


def test_a_mail_to_an_address_of_before_gets_no_fresh_links(quick_example: Office, client: TestClient, clock) -> None:
    from cycle.errors import Refused

    office, clock.at = quick_example, at("2027-02-22")
    welcome(office, WHO, clock.at)
    deliver_mails(office, ScriptedWay(FAULTY), open_pace(office.settings), lambda: clock.at)
    with office.database.writing() as session:
        row = session.exec(select(Message).where(Message.kind == "welcome")).one()
        session.get_one(Person, row.person_id).email = "nieuw@clavis.example"

    with pytest.raises(Refused, match="het adres is niet meer van deze persoon"):
        outbox_decisions.retry(office, row.id or 0, clock.at)
    assert live_links(office, client) == []


def test_the_files_of_the_database_hold_no_way_to_sign_in_while_the_mail_waits_or_after_it_left(
    quick_example: Office, client: TestClient, clock: Clock
) -> None:
    office, clock.at = quick_example, at("2027-02-22")
    signing_in.ask(office, OFFICE, clock.at, browser="b", asked_from=From("n"))
    waiting = everything_on_disk(office)
    deliver(office, clock.at)
    [mail] = [one for one in mails(office) if one["To"] and OFFICE in one["To"]]
    [link] = {found for found in _links_of(mail.as_bytes()) if found.startswith("/aanmelden/")}
    secret = link.rpartition("/")[2].encode()

    assert client.get(link, headers=HTML).status_code == 200
    assert [secret[16:] in files for files in (waiting, everything_on_disk(office))] == [False, False]
    assert [code_of(office, "b").encode() in files for files in (waiting, everything_on_disk(office))] == [False, False]


def test_without_our_key_nobody_works_out_the_code_that_a_browser_shows(quick_example: Office, tmp_path: Path) -> None:
    """A copy of the database holds the hash of that browser's secret."""
    office = quick_example
    before = code_of(office, "b")
    office.settings.path("var/secret").write_text(f"{'0' * 64}\n", encoding="ascii")

    assert code_of(office, "b") != before


def everything_on_disk(office: Office) -> bytes:
    """The bytes of the database, and of what SQLite keeps beside it: old pages too."""
    file = Path(str(make_url(office.database.url).database))
    return b"".join(part.read_bytes() for part in sorted(file.parent.glob(f"{file.name}*")))


def test_a_link_to_sign_in_that_was_never_sent_goes_when_it_is_too_old(quick_example: Office) -> None:
    office, now = quick_example, at("2027-02-22")
    signing_in.ask(office, OFFICE, now, browser="b", asked_from=From("n"))
    signing_in.forget_sign_ins(office, now + timedelta(minutes=14))
    with office.database.reading() as session:
        waits = session.exec(select(Message.state).where(Message.body != b"")).all()
    signing_in.forget_sign_ins(office, now + timedelta(minutes=16))
    with office.database.reading() as session:
        rows = session.exec(select(Message.state, Message.body)).all()

    assert (waits, rows) == (["queued"], [("failed", b"")])


def test_what_an_older_version_kept_is_blanked_by_the_clock(quick_example: Office, client, clock: Clock) -> None:
    office, clock.at = quick_example, at("2027-02-22")
    url = rhythm_page_url(office, WHO, clock.at)
    raw = compose(
        rendered=Rendered("Oud", url, f"<p>{url}</p>"),
        kind="digest",
        message_id="<old@b.example>",
        date=clock.at,
        sender=Address("a@b.example"),
        to=Address(WHO),
    )
    with office.database.writing() as session:
        session.add(
            Message(
                key="old",
                kind="rhythm",
                to=WHO,
                subject="Oud",
                message_id="<old@b.example>",
                body=raw,
                on=clock.at.date(),
                state=SENT,
                created_at=clock.at,
                sent_at=clock.at,
            )
        )
    before = live_links(office, client)

    assert (len(before), blank_old_links(office), blank_old_links(office)) == (2, 1, 0)
    assert live_links(office, client) == []
