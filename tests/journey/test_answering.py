"""From the mail to the page to the answer, and back into the next mail: preview equals reality all the way."""

import re
from datetime import date

import pytest
from starlette.testclient import TestClient

from cycle.actions.office.office import Office
from cycle.web.app import create_app
from tests.actions.mailbox import at, mails
from tests.journey.test_preview_equals_reality import happened, live, rehearsed

CLAVIS = "strategie@clavis.example"
HTML = {"accept": "text/html"}


def newest_text(office: Office, email: str) -> str:
    part = [mail for mail in mails(office) if email in str(mail["To"])][-1].get_body(("plain",))
    return part.get_content() if part else ""


@pytest.mark.slow
def test_what_is_answered_is_no_longer_asked_and_the_rest_of_the_year_is_as_rehearsed(example: Office) -> None:
    live(example, date(2027, 2, 25), date(2027, 2, 25))
    text = newest_text(example, CLAVIS)
    path = re.search(r"https?://[^/\s]+(/antwoord/[^\s#]+)", text)[1]  # type: ignore[index]
    now = at("2027-02-25", 16)
    client = TestClient(create_app(example, lambda: now), base_url=example.settings.web.base_url)

    def answer(title: str, **fields: str) -> str:
        section = next(one for one in client.get(path, headers=HTML).text.split("<section ") if f" {title}</h2>" in one)
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', section))
        reply = client.post(path, data=hidden | fields, headers=HTML)
        assert (reply.status_code, f"Bewaard: {title}" in reply.text) == (200, True)
        return hidden["rij"]

    done = answer("Uitnodigingsbrief", stand="gereed")
    later = answer("Huurbeleid", stand="groen", later="2027-03-10")
    first, last = date(2027, 2, 26), date(2027, 12, 31) if example.database.is_sqlite else date(2027, 4, 30)
    _mails, expected = rehearsed(example, first, last, now)

    live(example, first, last)

    assert happened(example, first)[1] == expected
    number_of = {mark: int(mark[1:].partition("-")[0]) for mark in (done, later)}
    to_clavis = [(day, rung) for day, to, line, rung in expected if to == CLAVIS and line == number_of[later]]
    assert [line for line in expected if line[2] == number_of[done]] == []
    assert to_clavis[0] == ("2027-03-10", "-22")
    assert "Uitnodigingsbrief" not in newest_text(example, CLAVIS)
