"""A letter too heavy for mail: a link of sixty days to exactly the files that were frozen, for who got the mail."""

import re
from hashlib import sha256

from sqlmodel import select

from cycle.actions.letters import approve, send
from cycle.actions.letters.content import letter_rows
from cycle.actions.letters.dispatch.behind_link import MOST_ATTACHED, ROOM
from cycle.store import letters
from cycle.store.tables import Letter, LetterFile
from tests.actions.mailbox import at, deliver, mails

MARCH, BY = at("2027-03-02"), "secretariaat@terneuzen.example"
HEAVY = b"%PDF-1.7\n" + b"x" * MOST_ATTACHED


def test_what_is_too_heavy_stays_behind_a_link_with_the_bytes_that_were_frozen(office, client, clock):
    clock.at = MARCH
    approve(office, "terneuzen", 2027, MARCH, by=BY)
    with office.database.writing() as session:
        letter = session.exec(select(Letter)).one()
        heavy = LetterFile(
            letter_id=letter.id, kind=letter_rows.ENCLOSURE, name="Kaart & plan.pdf", content=HEAVY, added_at=MARCH
        )
        session.add(heavy)
    send(office, "terneuzen", 2027, MARCH, by=BY)
    deliver(office, MARCH)

    sent = [mail for mail in mails(office) if str(mail["Subject"]).startswith("Uitnodiging")]
    texts = [mail.get_body(("plain",)).get_content() for mail in sent]
    links = [re.search(rf"{ROOM}/\S+", text)[0] for text in texts]
    assert (len(sent), [list(mail.iter_attachments()) for mail in sent], len(set(links))) == (3, [[]] * 3, 3)
    assert all(re.search(r"te groot voor een mail \(samen 5,\d MB\)", " ".join(text.split())) for text in texts)
    assert all("- Kaart & plan.pdf (5,0 MB)" in text for text in texts)

    page = client.get(links[0])
    assert (page.status_code, page.headers["cache-control"]) == (200, "private, no-store")
    with office.database.reading() as session:
        letter = session.exec(select(Letter)).one()
        kept = {one.name: one.content for one in letters.files(session, letter, letter_rows.ENCLOSURE)}
        kept["Uitnodigingsbrief 2027.pdf"] = letters.files(session, letter, letter_rows.FINAL)[0].content
    paths = re.findall(rf'href="[^"]*({ROOM}/[^"]+)"', page.text)
    fetched = [client.get(path) for path in paths]
    assert sorted(sha256(one.content).hexdigest() for one in fetched) == sorted(
        sha256(content).hexdigest() for content in kept.values()
    )
    assert {one.headers["content-disposition"].partition(";")[0] for one in fetched} == {"attachment"}
    assert {one.headers["cache-control"] for one in fetched} == {"private, no-store"}

    assert client.get(f"{links[0]}/anders.pdf").status_code == 404
    assert client.get(links[0][:-1] + ("A" if links[0][-1] != "A" else "B")).status_code == 404
    clock.at = at("2027-06-02")
    assert client.get(links[0]).status_code == 410
