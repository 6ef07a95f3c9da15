"""The command line as people and scripts meet it: stable JSON, exit codes, and a sentence for every refusal."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cycle import clock
from cycle.cli import main
from tests.conftest import EXAMPLE, ROOT

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs one command in a folder of its own; gives exit code, stdout and stderr."""
    (tmp_path / "config.toml").write_text((ROOT / "config.toml").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run_command(*words: object) -> tuple[int, str, str]:
        capfd.readouterr()
        try:
            main([str(word) for word in words])
        except SystemExit as stopped:
            code = stopped.code
        else:
            code = 0
        output = capfd.readouterr()
        assert "Traceback" not in output.out + output.err
        return (code if isinstance(code, int) else 1 if code else 0), output.out, output.err

    return run_command


@pytest.fixture
def example_run(example_folder: Path, run: Run, tmp_path: Path) -> Run:
    """The same with the example covenant in it, released."""
    shutil.copytree(example_folder, tmp_path, dirs_exist_ok=True)
    return run


def as_json(output: tuple[int, str, str]) -> Any:
    code, out, err = output
    assert (code, err) == (0, "")
    return json.loads(out)


def test_read_prints_the_stable_shape_without_a_database(run: Run, tmp_path: Path) -> None:
    data = as_json(run("read", "Voor 1 april", "--on", "2027", "--json"))

    assert data == {
        "phrase": "Voor 1 april",
        "on": "2027",
        "kind": "once",
        "window_start": None,
        "due": "2027-03-31",
        "per_year": None,
        "doubtful": False,
        "readings": [
            {"kind": "once", "window_start": None, "due": "2027-03-31", "per_year": None, "reason": data["reason"]}
        ],
        "reason": "Voor 1 april: de laatste dag is 31 maart 2027",
    }
    assert not (tmp_path / "var").exists()


def test_read_says_how_a_phrase_comes_round(run):
    status, out, _err = run("read", "halfjaarlijks", "--on", "2027")

    assert (status, out.splitlines()[-1]) == (0, "  komt terug: elk half jaar")
    assert "komt terug" not in run("read", "najaar 2027")[1]


def test_read_of_a_file_prints_a_list(run: Run, tmp_path: Path) -> None:
    (tmp_path / "zinnen.tsv").write_text("najaar 2022\t2022\nuiterlijk 1 juli\t2027-01\n", encoding="utf-8")

    data = as_json(run("read", "--file", "zinnen.tsv", "--json"))

    assert [(one["phrase"], one["on"], one["due"]) for one in data] == [
        ("najaar 2022", "2022", "2022-11-30"),
        ("uiterlijk 1 juli", "2027-01", "2027-07-01"),
    ]


def test_plan_prints_the_stable_shape(example_run: Run) -> None:
    data = as_json(example_run("plan", 2027, "--json"))

    letter = next(item for item in data["items"] if item["title"] == "Uitnodigingsbrief")
    assert (data["year"], len(data["items"])) == (2027, 20)
    assert letter == {
        "id": letter["id"],
        "title": "Uitnodigingsbrief",
        "origin": "step",
        "number": "5.9",
        "window_start": None,
        "due": "2027-03-31",
        "shown": "2027-03-31",
        "leads": ["clavis", "wzv"],
        "participants": ["gemeente", "bewonersraad", "shb"],
        "via": "",
        "state": "open",
        "light": "geen bericht",
        "source": "afspraak 5.9",
    }
    assert isinstance(letter["id"], int)


def test_a_year_beyond_the_kept_ones_has_no_ids(example_run: Run) -> None:
    items = as_json(example_run("plan", 2035, "--json"))["items"]

    assert ({item["id"] for item in items}, len(items)) == ({None}, 20)


def test_rehearse_prints_the_stable_shape_and_writes_files_to_read(example_run: Run, tmp_path: Path) -> None:
    data = as_json(example_run("rehearse", 2027, "--json", "--write", tmp_path / "mails"))

    first = next(mail for mail in data["mails"] if mail["to"] == "strategie@clavis.example")
    assert first == {
        "date": "2027-02-03",
        "time": "08:30",
        "to": "strategie@clavis.example",
        "kind": "digest",
        "subject": "Uitnodigingsbrief 2027 (afspraak 5.9): nog 8 weken",
        "items": [
            {
                "deadline": first["items"][0]["deadline"],
                "number": "5.9",
                "title": "Uitnodigingsbrief",
                "rung": -56,
                "due": "2027-03-31",
            }
        ],
    }
    assert len(list((tmp_path / "mails").glob("2027-*.html"))) == len(data["mails"])
    assert f"Dit zijn {len(data['mails'])} mails" in (tmp_path / "mails" / "index.html").read_text(encoding="utf-8")


def test_rehearse_for_one_person_shows_only_their_mails(example_run: Run) -> None:
    data = as_json(example_run("rehearse", 2027, "--person", "bestuur@shb.example", "--json"))

    assert {mail["to"] for mail in data["mails"]} == {"bestuur@shb.example"}
    assert [mail["date"] for mail in data["mails"]] == ["2027-03-04", "2027-06-03", "2027-09-03"]


def test_send_on_a_day_puts_that_day_on_the_mail_and_sends_nothing_twice(example_run: Run, tmp_path: Path) -> None:
    before = clock.now().isoformat()
    code, out, _err = example_run("send", "--on", "2027-02-03")
    again = example_run("send", "--on", "2027-02-03")

    assert (code, out) == (0, "3 mails gepland met 4 regels; 3 verstuurd.\n")
    assert again[:2] == (0, "0 mails gepland met 0 regels; 0 verstuurd.\n")
    data = as_json(example_run("outbox", "--json"))
    assert (data["paused"], {one["state"] for one in data["messages"]}) == (None, {"sent"})
    moments = [one[name] for one in data["messages"] for name in ("created_at", "sent_at")]
    assert before < min(moments) <= max(moments) < clock.now().isoformat()  # it was made and sent when it was
    assert {one["key"].split(":")[2] for one in data["messages"]} == {"2027-02-03"}
    assert sorted(data["messages"][0]) == sorted(OUTBOX)
    files = list((tmp_path / "var/mail/new").iterdir())
    assert [b"Date: Wed, 03 Feb 2027 08:30:00 +0100" in file.read_bytes() for file in files] == [True] * 3


OUTBOX = (
    "id",
    "key",
    "kind",
    "to",
    "subject",
    "state",
    "message_id",
    "attempts",
    "created_at",
    "sent_at",
    "last_answer",
)


def test_with_a_real_mail_server_another_day_needs_a_yes(example_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CYCLE__MAIL__TRANSPORT", "smtp")

    code, _out, err = example_run("send", "--on", "2027-02-03")

    assert (code, "Zet er --yes bij." in err) == (1, True)


def test_people_prints_the_stable_shape(example_run: Run) -> None:
    people = as_json(example_run("people", "--json"))["people"]

    assert len(people) == 21
    assert {
        "name": "Secretariaat prestatieafspraken",
        "email": "secretariaat@terneuzen.example",
        "parties": ["gemeente"],
        "roles": ["secretariat", "deputy"],
        "covenants": ["terneuzen"],
    } in people


def test_a_feed_link_stands_alone_on_a_line(example_run: Run) -> None:
    code, out, _err = example_run("feed", "url", "strategie@clavis.example", "--name", "telefoon")

    assert code == 0
    assert out.startswith("http://127.0.0.1:8700/k/")
    assert out.endswith("/termijnen.ics\n")
    assert out.count("\n") == 1
    assert example_run("feed", "show", "strategie@clavis.example")[1].startswith("BEGIN:VCALENDAR")
    assert example_run("feed", "revoke", "strategie@clavis.example")[1] == "1 koppelingen ingetrokken.\n"


def test_a_command_whose_goal_is_reached_says_so(example_run: Run) -> None:
    letter = next(
        item["id"] for item in as_json(example_run("plan", 2027, "--json"))["items"] if item["number"] == "5.9"
    )

    assert example_run("release")[:2] == (0, "Prestatieafspraken Terneuzen: was al vrijgegeven.\n")
    assert example_run("migrate")[0] == 0
    assert example_run("done", letter)[1] == "Uitnodigingsbrief: gedaan voor clavis en wzv.\n"
    assert example_run("done", letter)[:2] == (0, "Uitnodigingsbrief: was al gedaan.\n")
    assert example_run("import", EXAMPLE)[1].endswith("Er is niets veranderd.\n")


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("done", 999), "Termijn 999 bestaat niet."),
        (("drop", 0), "Termijn 0 bestaat niet."),
        (("move", 999, "2027-05-01"), "Termijn 999 bestaat niet."),
        (("meeting", "set", 999, "2027-05-01"), "Termijn 999 bestaat niet."),
        (("feed", "url", "wie@nergens.example"), "Niemand heeft het adres 'wie@nergens.example'."),
        (("rehearse", 2020), "Het jaar 2020 is voorbij."),
        (("rehearse", 2027, "--person", "x@y.example"), "Niemand heeft het adres 'x@y.example'."),
        (("people", "--covenant", "elders"), "Het convenant 'elders' bestaat niet."),
        (("plan", 2027, "--covenant", "elders"), "Het convenant 'elders' bestaat niet."),
        (("letter", 2027, "send"), "De brief van 2027 is nog niet goedgekeurd."),
        (("letter", 2027, "approve"), "Een brief goedkeuren gaat op naam."),
        (("outbox", "show", 12345), "Bericht 12345 bestaat niet."),
        (("import", "weg.docx"), "weg.docx bestaat niet."),
        (("read", "najaar", "--on", "ooit"), "'ooit'"),
        (("import", EXAMPLE, "weg.docx"), "Een map en bestanden samen kan niet."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_a_hint(
    example_run: Run, words: tuple[object, ...], what: str
) -> None:
    code, out, err = example_run(*words)

    assert (code, out) == (1, "")
    assert err.startswith("Fout: ")
    assert what.strip("'") in err
    assert len(err.strip().split("\n")) >= 2


@pytest.mark.parametrize(
    "words",
    [
        ("plan",),
        ("plan", "morgen"),
        ("bestaat-niet",),
        ("letter", 2027, "verbrand"),
        ("send", "--on", "31-02-2027"),
        ("move", 1, "2027-02-31"),
        ("meeting", "set", 1, "2027-04-22", "--at", "25:00"),
    ],
)
def test_wrong_usage_is_exit_code_2(run: Run, words: tuple[object, ...]) -> None:
    assert run(*words)[0] == 2


def test_a_database_without_tables_says_what_to_do(run: Run) -> None:
    assert run("plan", 2027) == (1, "", "Fout: De database is nog leeg.\nDraai eerst: cycle migrate\n")


def test_broken_settings_give_all_faults_at_once(run: Run, tmp_path: Path) -> None:
    text = (tmp_path / "config.toml").read_text(encoding="utf-8")
    text = text.replace("port = 8700", "port = 0").replace('before = "1 april"', 'before = "31 februari"')
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")

    code, _out, err = run("plan", 2027)

    assert (code, err.split("\n")[0]) == (1, "Fout: De instellingen kloppen niet: 2 fouten.")
    assert "web.port" in err
    assert "'31 februari' bestaat niet." in err


def test_settings_that_are_no_toml_name_the_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[web]\nbase_url = x\n", encoding="utf-8")

    code, _out, err = run("plan", 2027)

    assert (code, "config.toml, regel 2" in err, "Dit is geen geldige TOML." in err) == (1, True, True)


def test_a_folder_for_mail_that_cannot_be_written_loses_nothing(example_run: Run, tmp_path: Path) -> None:
    (tmp_path / "var/mail").parent.mkdir(exist_ok=True)
    (tmp_path / "var/mail").write_text("a file where a folder should be", encoding="utf-8")

    code, _out, err = example_run("send", "--on", "2027-02-03")

    states = {one["state"] for one in as_json(example_run("outbox", "--json"))["messages"]}
    assert (code, err.startswith("Fout: Niet alles ging weg:"), states <= {"queued"}) == (1, True, True)


def test_doctor_names_every_thing_it_looked_at(example_run: Run) -> None:
    code, out, _err = example_run("doctor", "--json")

    findings = {one["name"]: one["ok"] for one in json.loads(out)["findings"]}
    assert findings == {
        "mailteksten": True,
        "database": True,
        "bestanden": True,
        "sleutel": True,
        "bestand van de database": True,
        "plannen": False,
        "bezorgen": False,
        "bijhouden": True,
        "wachtrij": True,
        "uitgestelde mail": True,
        "mail onderweg": True,
        "onzekere mail": True,
        "vastgehouden mail": True,
        "verzending": True,
        "schrijven": True,
        "verzendjournaal": True,
        "gegevens": True,
        "instellingen": True,
        "ruimte": True,
        "mailserver": True,
        "niet bezorgde mails": True,
        "antwoorden": True,
        "adressen": True,
        "akkoord": True,
        "convenant terneuzen": True,
    }
    assert code == 1  # the clock does not run here, and that is a fault


def cycle(*words: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CYCLE_")}
    return subprocess.run(
        [sys.executable, "-m", "cycle", *words],
        cwd=folder,
        env=clean | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_port_in_use_is_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = cycle("serve", "--example", "--port", port, folder=tmp_path, CYCLE__WEB__PORT=str(free_port()))

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(
        f"Fout: Poort {port} op 127.0.0.1 is niet te gebruiken: een ander programma gebruikt haar al.\n"
    )


def test_serve_refuses_a_database_that_was_not_migrated(tmp_path: Path) -> None:
    done = cycle("serve", folder=tmp_path, CYCLE__WEB__PORT="0" + str(free_port()))

    assert (done.returncode, done.stderr.split("\n")[0]) == (1, "Fout: De database is nog leeg.")


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "cycle", "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.split("\n")}
    heavy = {"sqlalchemy", "sqlmodel", "fastapi", "apscheduler", "icalendar", "jinja2", "pydantic", "typst"}
    assert loaded & heavy == set()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_strange_signs_in_an_argument_are_left_out(example_run: Run) -> None:
    note = "Gedaan\x07 \udcff\u202een klaar"  # a half character is what Python makes of a byte that is no UTF-8
    plan = as_json(example_run("plan", "2027", "--json"))["items"]
    which = next(one["id"] for one in plan if one["title"] == "Uitnodigingsbrief")
    done = example_run("done", which, "--note", note, "--as", "secretariaat@terneuzen.example")

    assert (done[0], "klaar" in note) == (0, True)
    assert example_run("read", note)[0] == 0


def test_meetings_are_listed_and_shown_in_the_stable_shape(example_run: Run) -> None:
    listed = as_json(example_run("meeting", "list", "--year", 2027, "--json"))["meetings"]
    spring = next(one for one in listed if one["title"] == "Voorjaarsoverleg")
    hours = ("--at", "14:00", "--until", "15:30")
    joining = ("--place", "Stadhuis", "--online", "https://vergader.example/3")
    example_run("meeting", "set", spring["id"], "2027-04-22", *hours, *joining)

    shown = as_json(example_run("meeting", "show", spring["id"], "--json"))

    assert {key: spring[key] for key in ("day", "start", "end", "place", "online", "state")} == {
        "day": None,
        "start": None,
        "end": None,
        "place": None,
        "online": None,
        "state": "open",
    }
    assert shown == {
        "id": spring["id"],
        "body": "Bestuurlijk overleg",
        "title": "Voorjaarsoverleg",
        "day": "2027-04-22",
        "start": "14:00",
        "end": "15:30",
        "place": "Stadhuis",
        "online": "https://vergader.example/3",
        "state": "planned",
        "members": spring["members"],
        **dict.fromkeys(("invited", "accepted", "declined", "tentative", "silent")),
    }
    assert len(spring["members"]) > 5
    assert "Waar: Stadhuis\nOnline: https://vergader.example/3\n" in example_run("meeting", "show", spring["id"])[1]
    code, _out, err = example_run("meeting", "show", 1)
    assert (code, err) == (1, "Fout: Overleg 1 bestaat niet.\nKijk met: cycle meeting list\n")
