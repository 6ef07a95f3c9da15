"""One thing has one word, in every listing and in every file that a command writes."""

from pathlib import Path

from cycle.actions.office.office import open_office
from cycle.domain.model import Role
from cycle.settings import load_settings
from cycle.store.tables import Message
from cycle.words import MAIL_STATES, ROLES
from tests.cli.test_commands import Run, as_json, example_run, run

__all__ = ["example_run", "run"]  # fixtures


def test_the_state_of_a_mail(example_run: Run, tmp_path: Path) -> None:
    assert example_run("send", "--on", "2027-02-03")[0] == 0
    number = as_json(example_run("proof", "--json"))["reminders"][0]["message"]
    office = open_office(load_settings())
    for state, words in MAIL_STATES.items():
        with office.database.writing() as session:
            session.get_one(Message, number).state = state
        assert example_run("proof", "--write", tmp_path / "bewijs.csv")[0] == 0
        written = (tmp_path / "bewijs.csv").read_text(encoding="utf-8-sig")
        for told in (example_run("outbox")[1], example_run("proof")[1], written):
            assert (words in told, state.value in told) == (True, False), told
    office.database.close()


def test_roles(example_run: Run) -> None:
    listed = example_run("people")[1]

    assert ROLES[Role.SECRETARIAT] in listed
    assert [str(role) for role in (Role.SECRETARIAT, Role.DIRECTOR, Role.DEPUTY) if f" {role}" in listed] == []
