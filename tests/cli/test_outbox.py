"""`cycle outbox` and `cycle bounces` as people and programs use them (design section 5)."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_commands import Run, as_json, example_run, run

__all__ = ["example_run", "run"]  # fixtures


@pytest.fixture
def waiting(example_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Three digests that nobody could take: the folder for mail is a file."""
    (tmp_path / "var/mail").write_text("a file where a folder should be", encoding="utf-8")
    assert example_run("send", "--on", "2027-02-03")[0] == 1
    (tmp_path / "var/mail").unlink()
    data = as_json(example_run("outbox", "--json"))
    assert data["paused"]
    return [one for one in data["messages"] if one["kind"] == "digest"]


def test_b12_each_message_can_be_shown_held_offered_again_and_put_aside(
    example_run: Run, waiting: list[dict[str, Any]]
) -> None:
    first, second = waiting[0]["id"], waiting[1]["id"]
    shown = as_json(example_run("outbox", "show", first, "--json"))
    assert shown["raw"].startswith("Date: ")
    assert dict(shown["headers"])["Message-ID"] == shown["message_id"]
    assert "Beste Afdeling" in shown["text"]
    for words, answer in (
        (("hold", first), "Het bericht blijft liggen"),
        (("hold", first), "Dit bericht werd al vastgehouden."),
        (("discard", second), "Het bericht is weggelegd"),
        (("retry", first), "Het bericht gaat bij de volgende ronde opnieuw uit."),
        (("resume",), "De verzending loopt weer."),
        (("resume",), "De verzending liep al."),
    ):
        code, out, err = example_run("outbox", *words, "--as", "secretariaat@terneuzen.example")
        assert (code, out.startswith(answer), err) == (0, True, ""), (words, out)
    states = {one["id"]: one["state"] for one in as_json(example_run("outbox", "--json"))["messages"]}
    assert (states[first], states[second]) == ("queued", "discarded")


def test_mails_of_one_state_are_listed_by_its_word_or_by_that_of_json(
    example_run: Run, waiting: list[dict[str, Any]]
) -> None:
    example_run("outbox", "hold", waiting[0]["id"])

    for word in ("vastgehouden", "held"):
        listed = as_json(example_run("outbox", "--state", word, "--json"))["messages"]
        assert [one["id"] for one in listed] == [waiting[0]["id"]]
    code, _out, err = example_run("outbox", "--state", "weg")
    assert (code, err.splitlines()[0]) == (1, "Fout: Een mail staat nooit op 'weg'.")


def test_b12_what_is_put_aside_is_refused_with_what_to_do(example_run: Run, waiting: list[dict[str, Any]]) -> None:
    example_run("outbox", "discard", waiting[0]["id"])

    code, out, err = example_run("outbox", "retry", waiting[0]["id"])
    assert (code, out) == (1, "")
    assert err.startswith("Fout: Dit bericht staat op “weggelegd”.")
    assert example_run("outbox", "show", 404)[0] == 1


def test_c8_a_pause_is_said_by_send_itself(example_run: Run, waiting: list[dict[str, Any]]) -> None:
    code, _out, err = example_run("send", "--on", "2027-02-03")

    assert (code, err.startswith("Fout: De verzending staat stil:"), "outbox resume" in err) == (1, True, True)


def test_b13_bounces_says_what_it_read(example_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = {"read": 0, "failures": 0, "delays": 0, "unknown": 0}
    assert as_json(example_run("bounces", "--json")) == nothing
    monkeypatch.setenv("CYCLE__MAIL__BOUNCES", "var/terug")
    code, _out, err = example_run("bounces")
    assert (code, err.startswith("Fout: De map")) == (1, True)
    (tmp_path / "var/terug/new").mkdir(parents=True)
    (tmp_path / "var/terug/new/1").write_text("Subject: hallo\n\nhallo\n", encoding="utf-8")
    assert as_json(example_run("bounces", "--json")) == nothing | {"read": 1, "unknown": 1}


def test_replies_says_what_it_read(example_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = {"ours": 0, "new": 0, "automatic": 0}
    assert as_json(example_run("replies", "--json")) == nothing
    monkeypatch.setenv("CYCLE__MAIL__REPLIES", "var/antwoord")
    code, _out, err = example_run("replies")
    assert (code, err.startswith("Fout: De map"), "mail.replies" in err) == (1, True, True)
    (tmp_path / "var/antwoord/new").mkdir(parents=True)
    (tmp_path / "var/antwoord/new/1").write_text("Subject: hallo\n\nhallo\n", encoding="utf-8")
    assert as_json(example_run("replies", "--json")) == nothing


def test_b13_an_address_that_works_again_is_said_by_its_address(example_run: Run) -> None:
    code, out, _err = example_run("outbox", "reachable", "wonen@terneuzen.example")
    assert (code, out) == (0, "Dit adres kreeg al post.\n")
    assert example_run("outbox", "reachable", "niemand@terneuzen.example")[0] == 1
