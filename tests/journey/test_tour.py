"""The whole main job, as the README tells it: from the two documents to mails, a feed and the letter of 2027."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from freezegun import freeze_time
from icalendar import Calendar

from tests.actions.mailbox import at
from tests.cli.test_commands import Run, as_json, run  # noqa: F401 - `run` is a fixture
from tests.conftest import EXAMPLE, SEEDS


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the real agreement documents are not here")
def test_from_the_documents_to_the_mails_the_feed_and_the_letter(run: Run, tmp_path: Path) -> None:  # noqa: F811
    documents = sorted(SEEDS.glob("*.txt"))
    with freeze_time(at("2026-11-23"), real_asyncio=True):
        assert run("migrate")[0] == 0
        assert run("import", EXAMPLE)[0] == 0
        checked = as_json(run("import", *documents, "--check", "--json"))
        assert run("import", *documents)[0] == 0
        assert run("import", *documents)[1].endswith("Er is niets veranderd.\n")
        assert run("release", "--as", "secretariaat@terneuzen.example")[0] == 0
        rehearsed = as_json(run("rehearse", 2027, "--write", tmp_path / "mails", "--json"))["mails"]
    assert [(len(one["agreements"]), len(one["agenda"])) for one in checked["documents"]] == [(55, 54), (55, 54)]
    assert Counter(mail["to"] for mail in rehearsed)["strategie@clavis.example"] == 16

    letter, spring = ids_of(run, "Uitnodigingsbrief", "Voorjaarsoverleg")
    with freeze_time(at("2027-01-12"), real_asyncio=True):
        planned = run("meeting", "set", spring, "2027-04-22", "--at", "14:00")
    assert planned[:2] == (0, "Voorjaarsoverleg: gepland op donderdag 22 april 2027.\n")
    with freeze_time(at("2027-03-01"), real_asyncio=True):
        run("letter", 2027, "preview")
        run("letter", 2027, "approve", "--as", "directie@clavis.example")
        run("letter", 2027, "approve", "--as", "directie@woongoed.example")
        sent = run("letter", 2027, "send")
    assert sent[0] == 0
    assert len(re.findall("verstuurd op 1 maart 2027", sent[1])) == 3
    assert state_of(run, letter) == "done"

    new = tmp_path / "var/mail/new"
    before = set(new.iterdir())
    for day in ("2027-03-22", "2027-03-23", "2027-03-24", "2027-03-25"):
        with freeze_time(at(day), real_asyncio=True):
            assert run("send")[0] == 0
    week = [file for file in new.iterdir() if file not in before]
    assert len(week) > 4
    assert not [file for file in week if b"Uitnodigingsbrief" in file.read_bytes()]

    with freeze_time(at("2027-03-26"), real_asyncio=True):
        feed = Calendar.from_ical(run("feed", "show", "strategie@clavis.example")[1])
    found = {str(event["SUMMARY"]): event.decoded("DTSTART") for event in feed.walk("VEVENT")}
    assert found["Gedaan: 5.9 Uitnodigingsbrief"] == date(2027, 3, 31)
    assert found["5.1 Voorjaarsoverleg"] == at("2027-04-22", 14)


def ids_of(run: Run, *titles: str) -> list[int]:  # noqa: F811
    items = json.loads(run("plan", 2027, "--json")[1])["items"]
    return [next(item["id"] for item in items if item["title"] == title) for title in titles]


def state_of(run: Run, deadline: int) -> str:  # noqa: F811
    items = json.loads(run("plan", 2027, "--json")[1])["items"]
    return str(next(item["state"] for item in items if item["id"] == deadline))
