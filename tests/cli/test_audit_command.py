"""`cycle audit verify`, as an operator runs it."""

from pathlib import Path

from sqlalchemy import text

from cycle.cli.auditing import WAY_ON
from cycle.store import guards
from cycle.store.database import Database
from tests.cli.test_commands import Run, as_json, example_run, run

__all__ = ["example_run", "run"]  # fixtures


def test_an_audit_tells_each_chain_and_refuses_a_broken_one(example_run: Run, tmp_path: Path) -> None:
    whole = as_json(example_run("audit", "verify", "--json"))
    [none, terneuzen] = whole["chains"]
    assert whole == {"whole": True, "chains": [none, terneuzen], "seals": []}
    assert (none["covenant"], terneuzen) == (
        None,
        {"covenant": "terneuzen", "facts": terneuzen["facts"], "erased": 0, "broken": None},
    )
    code, out, err = example_run("audit", "verify")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        f"buiten de convenanten: klopt ({none['facts']} feiten).",
        f"terneuzen: klopt ({terneuzen['facts']} feiten).",
    ]

    [file] = tmp_path.glob("**/*.db")
    database = Database(f"sqlite:///{file}")
    with database.engine.begin() as connection:
        guards.take_away(connection)
        connection.execute(text("UPDATE fact SET verb = 'anders' WHERE covenant_id = 1 AND seq = 12"))
        guards.lay(connection)
    database.close()

    code, out, err = example_run("audit", "verify")
    assert (code, err) == (1, "")
    assert out.splitlines()[1].startswith("terneuzen: KLOPT NIET bij feit 12, ")
    assert out.splitlines()[1].endswith(" uur: dit is gewijzigd nadat het was vastgelegd.")
    assert out.splitlines()[2:] == ["", *WAY_ON]
    code, out, err = example_run("audit", "verify", "--json")
    assert (code, '"place": 12' in out, '"whole": false' in out) == (1, True, True)
