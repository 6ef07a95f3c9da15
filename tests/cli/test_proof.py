"""`cycle proof` and the test mail of `cycle doctor`."""

from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from cycle.actions.service.watch.health import login_findings
from cycle.settings.service_sections import MailSettings
from tests.cli.test_commands import Run, as_json, example_run, run

__all__ = ["example_run", "run"]  # fixtures


def test_c10_proof_lists_writes_and_refuses(example_run: Run, tmp_path: Path) -> None:
    assert as_json(example_run("proof", "--json")) == {"reminders": []}
    assert example_run("send", "--on", "2027-02-03")[0] == 0

    found = as_json(example_run("proof", "--json"))["reminders"]
    assert {one["state"] for one in found} == {"sent"}
    only = as_json(example_run("proof", found[0]["deadline"], "--from", "2027-02-03", "--to", "2027-02-03", "--json"))
    assert {one["deadline"] for one in only["reminders"]} == {found[0]["deadline"]}

    code, out, _err = example_run("proof", "--write", tmp_path / "bewijs.csv")
    assert (code, out) == (0, f"{len(found)} regels staan in {tmp_path / 'bewijs.csv'}.\n")
    assert (tmp_path / "bewijs.csv").read_text(encoding="utf-8-sig").count("\n") == len(found) + 1
    assert example_run("proof", "999999")[0] == 1


def test_b11_doctor_sends_a_test_mail_and_shows_the_answer(example_run: Run, tmp_path: Path) -> None:
    _code, out, _err = example_run("doctor", "--mail", "an@gemeente.example")

    [line] = [line for line in out.splitlines() if "proefmail" in line]
    assert line == f"goed  proefmail: bewaard in {tmp_path}/var/mail/new"
    [file] = (tmp_path / "var/mail/new").iterdir()
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (str(mail["To"]), str(mail["Subject"])) == (
        "beheerder <an@gemeente.example>",
        "Let op: Dit is een proefmail",
    )


@pytest.mark.parametrize(
    ("host", "auth", "is_told"),
    [
        ("smtp.office365.com", "password", True),
        ("SMTP-mail.outlook.com", "password", True),
        ("smtp.office365.com", "xoauth2", False),
        ("smtp.gemeente.example", "password", False),
    ],
)
def test_b11_who_still_uses_a_password_with_microsoft_hears_it(host: str, auth: str, *, is_told: bool) -> None:
    values: dict[str, Any] = {"transport": "smtp", "host": host, "auth": auth, "sender": "a@b.example"}
    if auth == "xoauth2":
        values |= {"user": "a@b.example", "tenant": "t", "client_id": "c", "client_secret": "s"}
    [*found] = login_findings(MailSettings(**values))
    assert [one.name for one in found] == ["aanmelden"] * is_told
