"""Databases of earlier versions, with rows in every table: one file of INSERTs for each revision, for both engines.

A new revision needs the file of the one before it. `python -m tests.store.versions` writes it: the rows of the newest
file, brought to that revision. Add by hand what is new in it: rows of its new tables, values in its new columns, some
that nobody left at their default. Rows are small, and people are `.example`. A file that exists is never written again.
"""

import re
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from copy import deepcopy
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Boolean, Connection, MetaData, Table, make_url, select, text

from cycle.domain.words import VIA
from cycle.store.database import Database, revisions
from cycle.store.upgrading import MIGRATIONS, upgrade

FOLDER = Path(__file__).parent
Rows = dict[str, list[dict[str, Any]]]
"""The rows of each table, by its name, in the order of their keys."""


def file_of(revision: str) -> Path:
    """Where the rows of a revision are kept."""
    return FOLDER / f"{revision}.sql"


def load(database: Database, revision: str, rows: str = "") -> None:
    """Makes an empty database one of an earlier version, with all its rows, checked as people's writes are.

    They are those of its file, or others that are given.
    """
    upgrade(database.engine, revision)
    rows = rows or file_of(revision).read_text(encoding="utf-8")
    if database.is_sqlite:
        with closing(sqlite3.connect(str(make_url(database.url).database))) as connection:
            connection.executescript(f"PRAGMA foreign_keys=ON; BEGIN; {rows} COMMIT;")
        return
    address = make_url(database.url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        connection.execute("SET TIME ZONE 'UTC'")
        connection.execute(re.sub(r"X'([0-9A-F]*)'", r"'\\x\1'", rows).encode())
        for table in tables(database):
            if "id" in table.c and pg_sequence(connection, table.name):
                connection.execute(
                    f"SELECT setval('{pg_sequence(connection, table.name)}', max(id)) FROM {table.name}".encode()
                )


def pg_sequence(connection: Any, table: str) -> str | None:
    """What PostgreSQL gives the ids of a table out with."""
    return connection.execute(f"SELECT pg_get_serial_sequence('{table}', 'id')".encode()).fetchone()[0]


def tables(database: Database) -> list[Table]:
    """The tables as they are in the database, a table after those that it points at."""
    found = MetaData()
    with database.engine.connect() as connection:
        found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def rows_of(database: Database, known: list[Table] | None = None) -> Rows:
    """Everything that is kept, as values that are the same on both engines: moments without zone, in UTC."""
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.execute(text("SET LOCAL TIME ZONE 'UTC'"))
        return {table.name: list(_values(connection, table)) for table in known or tables(database)}


def said(rows: Rows, before: Rows) -> Rows:
    """What rows say, in the words of before."""
    rows = with_sources_of_before(rows)
    if "action" in rows:
        rows = in_words_of_before(rows)
    if "meeting" in rows:
        rows = in_columns_of_before(rows)
    known = {f"{numbers_of(before)[row['agreement_id']]}:{row['ref']}" for row in before["reading"]}
    for row in rows["deadline"]:
        is_lost = row["origin"] == "agreement" and row["origin_ref"] not in known
        row["origin_ref"] = row["number"] if is_lost else row["origin_ref"]
    if "fact" in rows:
        rows = without_namings(rows)
        rows["decision"] = decisions_among(rows)
    return {name: as_they_were(rows[name], were) for name, were in before.items()}


def without_namings(rows: Rows) -> Rows:
    """Rows since 0039, where facts at the end of the first chain say who did what is in the others; without those, and
    as if nobody had been named by one yet."""
    facts = [row for row in rows["fact"] if row["subject"] != "actor"]
    last = max((row for row in facts if row["covenant_id"] is None), key=lambda row: int(row["seq"]), default=None)
    heads = [row for row in rows["fact_head"] if row["covenant_id"] != 0]
    if last is not None:
        heads.insert(0, {"covenant_id": 0, "seq": last["seq"], "hash": last["hash"]})
    actors = [row | ({"is_named": False} if "is_named" in row else {}) for row in rows["actor"]]
    return {**rows, "actor": actors, "fact": facts, "fact_head": heads}


def with_sources_of_before(rows: Rows) -> Rows:
    """Rows since 0030, where a covenant says itself which agreements its steps come from."""
    rows = deepcopy(rows)
    for row in rows["covenant"]:
        steps = row["overrides"].pop("steps", {})
        for step in steps.values():
            step.pop("source", None)
        if own := {name: step for name, step in steps.items() if step}:
            row["overrides"]["steps"] = own
    return rows


def in_words_of_before(rows: Rows) -> Rows:
    """Rows since 0023, which name an agreement by more than its number, with the names that they had before."""
    rows, number_of = deepcopy(rows), numbers_of(rows)
    actions = {row["id"]: row for row in rows["action"]}
    refs = {(row["action_id"], row["slot"]): row["ref"] for row in rows["reading"]}
    for row in rows["deadline"]:
        action = actions[row["action_id"]]
        number = number_of.get(action["agreement_id"])
        row["origin_ref"] = action["step_name"] or f"{number}:{refs.get((action['id'], row['slot']))}"
        row["agreements"] = [number_of.get(key, key) for key in row["agreements"]]
    for row in rows["membership"]:
        named = [one for one in rows["membership_agreement"] if one["membership_id"] == row["id"]]
        row["agreements"] = [number_of[one["agreement_id"]] for one in named] + row["awaited"]
    for seat in (seat for row in rows["handover"] for seat in row["changes"]["merged"]):
        seat["agreements"] = [number_of.get(key, key) for key in seat["agreements"]]
    return rows


def in_columns_of_before(rows: Rows) -> Rows:
    """Rows since 0026, with meetings as columns of their deadline, and the term as those of its covenant."""
    rows, meetings = deepcopy(rows), {row["deadline_id"]: row for row in rows["meeting"]}
    terms = {row["covenant_id"]: row for row in rows["term"]}
    for row in rows["deadline"]:
        meeting = meetings.get(row["id"], {})
        held = meeting if meeting.get("state") == "planned" else {}
        row |= {f"meeting_{name}": held.get(name) for name in ("day", "start", "end")}
        row |= {"meeting_place": held.get("place", ""), "cancelled_meeting": {}}
        if meeting.get("state") == "cancelled":
            hours = {name: meeting[name] and meeting[name].isoformat() for name in ("start", "end")}
            place = {"day": meeting["day"].isoformat(), **hours, "place": meeting["place"]}
            row["cancelled_meeting"] = place | {"at": f"{meeting['called_off_at'].isoformat()}+00:00"}
    for row in rows["covenant"]:
        term = terms.get(row["id"], {})
        row |= {"term_start": term.get("start"), "term_end": term.get("end"), "renews": term.get("renews", True)}
    return rows


def numbers_of(rows: Rows) -> dict[int, str]:
    return {row["id"]: row["number"] for row in rows["agreement"]}


def decisions_among(after: Rows) -> list[dict[str, Any]]:
    """The decisions that became facts, as they stood in a table of their own."""
    actors = {row["id"]: row for row in after["actor"]}
    names = ("id", "covenant_id", "at", "verb", "about")
    return [
        {**{name: row[name] for name in names}, "by": by_of(actors[row["actor_id"]]), "detail": row["text"]}
        for row in after["fact"]
        if row["seq"] < 0
    ]


def by_of(actor: dict[str, Any]) -> str:
    return actor["name"] + (VIA + actor["via"] if actor["via"] else "")


def as_they_were(rows: list[dict[str, Any]], before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows without the columns that they did not have yet."""
    return [{name: row[name] for name in before[0]} for row in rows]


def _values(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings():
        yield {
            name: value.replace(tzinfo=None) if isinstance(value, datetime) else value for name, value in row.items()
        }


def written(database: Database, revision: str) -> str:
    """The rows of a SQLite database as INSERTs that both engines take."""
    parts = [f"-- {revision} {fingerprint(revision)}\n"]
    with closing(sqlite3.connect(str(make_url(database.url).database))) as connection:
        for table in tables(database):
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            order = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
            found = connection.execute(f'SELECT {names} FROM "{table.name}" ORDER BY {order}').fetchall()
            rows = ",\n".join(f"({', '.join(map(_literal, row, table.columns))})" for row in found)
            if rows:
                parts.append(f'INSERT INTO "{table.name}" ({names}) VALUES\n{rows};\n')
    return "".join(parts)


def fingerprint(revision: str) -> str:
    """Of the revision itself: once it has a file of rows it is released, and never edited."""
    [file] = (MIGRATIONS / "versions").glob(f"{revision}_*.py")
    return sha256(file.read_bytes()).hexdigest()


def _literal(value: Any, column: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"X'{value.hex().upper()}'"
    if isinstance(column.type, Boolean):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"


def main() -> None:
    """Writes the file that the newest revision needs, from the newest file that there is."""
    known = revisions()
    wanted, older = known[-2], [one for one in known[:-1] if file_of(one).exists()]
    if file_of(wanted).exists():
        sys.exit(f"{file_of(wanted)} is there already.")
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/old.db")
        load(database, older[-1])
        upgrade(database.engine, wanted)
        file_of(wanted).write_text(written(database, wanted), encoding="utf-8")
        empty = [name for name, rows in rows_of(database).items() if not rows]
        database.close()
    print(f"{file_of(wanted)} is written. Tables without rows: {', '.join(empty) or 'none'}.")
