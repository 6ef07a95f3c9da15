"""actions: a thing to do is itself, whatever number, words or day it has; nothing names an agreement by its number.

What the rows of before say is kept: a step, an agreement with its readings, or a decision becomes an action; a reading
gets a slot; a deadline points at both. Where settings name what a step stands for (its source), upkeep adds the rest.
"""

from collections import defaultdict
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

UNDATED = "undated"
IDS_ONCE = {"sqlite_autoincrement": True}
"""SQLite makes these tables anew, and still gives no id out twice."""


def upgrade() -> None:
    _make_tables()
    for table, column in (
        ("reading", sa.Column("action_id", sa.Integer(), nullable=True)),
        ("reading", sa.Column("slot", sa.String(), nullable=False, server_default="")),
        ("reading", sa.Column("rule", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))),
        ("deadline", sa.Column("action_id", sa.Integer(), nullable=True)),
        ("deadline", sa.Column("slot", sa.String(), nullable=False, server_default="")),
        ("membership", sa.Column("awaited", sa.JSON(), nullable=False, server_default=sa.text("'[]'"))),
    ):
        op.add_column(table, column)
    _Rows(op.get_bind()).move()
    counters = _counters()
    _drop_old_names()
    _go_on_behind(counters)


def _make_tables() -> None:
    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("covenant_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("step_name", sa.String(), nullable=True),
        sa.Column("uid", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["covenant_id"], ["covenant.id"], name=op.f("fk_action_covenant_id_covenant")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_action_agreement_id_agreement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        sa.UniqueConstraint("covenant_id", "step_name", name=op.f("uq_action_covenant_id_step_name")),
        sa.UniqueConstraint("uid", name=op.f("uq_action_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_action_agreement_id"), "action", ["agreement_id"])
    op.create_table(
        "action_source",
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("named_as", sa.String(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_source_action_id_action")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_action_source_agreement_id_agreement")
        ),
        sa.PrimaryKeyConstraint("action_id", "named_as", name=op.f("pk_action_source")),
    )
    op.create_index(op.f("ix_action_source_agreement_id"), "action_source", ["agreement_id"])
    op.create_table(
        "membership_agreement",
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_membership_agreement_membership_id_membership")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_membership_agreement_agreement_id_agreement")
        ),
        sa.PrimaryKeyConstraint("membership_id", "agreement_id", name=op.f("pk_membership_agreement")),
    )
    op.create_index(op.f("ix_membership_agreement_agreement_id"), "membership_agreement", ["agreement_id"])


def _counters() -> dict[str, int]:
    """The last id that SQLite gave out in each table; a table that is made anew forgets it."""
    if op.get_bind().dialect.name != "sqlite":
        return {}
    return {name: seq for name, seq in op.get_bind().exec_driver_sql("SELECT name, seq FROM sqlite_sequence")}


def _go_on_behind(counters: dict[str, int]) -> None:
    for name, seq in counters.items():
        op.get_bind().execute(
            sa.text("UPDATE sqlite_sequence SET seq = max(seq, :seq) WHERE name = :name"), {"name": name, "seq": seq}
        )
        op.get_bind().execute(
            sa.text(
                "INSERT INTO sqlite_sequence (name, seq) SELECT :name, :seq "
                "WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = :name)"
            ),
            {"name": name, "seq": seq},
        )


def _drop_old_names() -> None:
    with op.batch_alter_table("reading", table_kwargs=IDS_ONCE) as batch:
        batch.alter_column("action_id", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("slot", existing_type=sa.String(), server_default=None)
        batch.alter_column("rule", existing_type=sa.JSON(), server_default=None)
        batch.drop_constraint(op.f("uq_reading_agreement_id_ref"), type_="unique")
        batch.create_unique_constraint(op.f("uq_reading_action_id_slot"), ["action_id", "slot"])
        batch.create_foreign_key(op.f("fk_reading_action_id_action"), "action", ["action_id"], ["id"])
        batch.create_index(op.f("ix_reading_agreement_id"), ["agreement_id"])
    with op.batch_alter_table("deadline", table_kwargs=IDS_ONCE) as batch:
        batch.alter_column("action_id", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("slot", existing_type=sa.String(), server_default=None)
        batch.drop_constraint(op.f("uq_deadline_covenant_id_origin_origin_ref_occurrence"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_deadline_action_id_slot_occurrence"), ["action_id", "slot", "occurrence"]
        )
        batch.create_foreign_key(op.f("fk_deadline_action_id_action"), "action", ["action_id"], ["id"])
        batch.create_index(op.f("ix_deadline_covenant_id"), ["covenant_id"])
        batch.drop_column("origin_ref")
    with op.batch_alter_table("membership", table_kwargs=IDS_ONCE) as batch:
        batch.alter_column("awaited", existing_type=sa.JSON(), server_default=None)
        batch.drop_column("agreements")


class _Rows:
    """The rows of before, by what is now known of them."""

    def __init__(self, database: sa.Connection) -> None:
        self.database = database
        found = sa.MetaData()
        found.reflect(database)
        self.tables = found.tables
        rows = self._rows("agreement", "id", "covenant_id", "number")
        self.agreements = {(row.covenant_id, row.number): row.id for row in rows}
        self.covenants = {row.id: row.covenant_id for row in rows}
        self.actions: dict[tuple[int, str, str], int] = {}
        self.slots: dict[int, dict[str, str]] = defaultdict(dict)

    def move(self) -> None:
        self._move_readings()
        self._move_deadlines()
        self._move_seats()
        self._move_handovers()

    def _move_readings(self) -> None:
        """Each agreement is an action, with or without readings."""
        numbers = {agreement: number for (_covenant, number), agreement in self.agreements.items()}
        for (covenant, number), agreement in self.agreements.items():
            self._action(covenant, "agreement", number, agreement)
        for row in self._rows("reading", "id", "agreement_id", "ref"):
            covenant = self.covenants[row.agreement_id]
            action = self._action(covenant, "agreement", numbers[row.agreement_id], row.agreement_id)
            self._set("reading", row.id, action_id=action, slot=self._slot(action, row.ref))

    def _move_deadlines(self) -> None:
        columns = ("id", "covenant_id", "agreement_id", "origin", "origin_ref", "uid", "agreements")
        for row in self._rows("deadline", *columns):
            action, slot = self._place_of(row)
            self._set(
                "deadline", row.id, action_id=action, slot=slot, agreements=self._keys(row.covenant_id, row.agreements)
            )
            if row.origin == "step":
                self._add_sources(action, row)

    def _place_of(self, row: Any) -> tuple[int, str]:
        """The action of a deadline, and the slot of its reading, which may be gone."""
        if row.origin == "step":
            return self._action(row.covenant_id, "step", row.origin_ref, None), ""
        if row.origin == "meeting":
            return self._action(row.covenant_id, "meeting", row.uid, row.agreement_id), ""
        number, _colon, ref = row.origin_ref.partition(":")
        agreement = row.agreement_id or self.agreements.get((row.covenant_id, number))
        action = self._action(row.covenant_id, "agreement", number, agreement)
        return action, UNDATED if ref == UNDATED else self._slot(action, ref)

    def _action(self, covenant: int, origin: str, name: str, agreement: int | None) -> int:
        key = (covenant, origin, name)
        if key not in self.actions:
            step = name if origin == "step" else None
            values = {"covenant_id": covenant, "agreement_id": agreement, "origin": origin, "step_name": step}
            added = self.database.execute(sa.insert(self.tables["action"]).values(uid=uuid4().hex, **values))
            self.actions[key] = int(added.inserted_primary_key[0])
        return self.actions[key]

    def _slot(self, action: int, ref: str) -> str:
        known = self.slots[action]
        return known.setdefault(ref, str(len(known) + 1))

    def _add_sources(self, action: int, row: Any) -> None:
        table = self.tables["action_source"]
        known = set(self.database.scalars(sa.select(table.c.named_as).where(table.c.action_id == action)))
        for number in dict.fromkeys(row.agreements):
            agreement = self.agreements.get((row.covenant_id, number))
            if agreement is not None and number not in known:
                values = {"action_id": action, "named_as": number, "agreement_id": agreement}
                self.database.execute(sa.insert(table).values(values))

    def _move_seats(self) -> None:
        table = self.tables["membership_agreement"]
        for row in self._seats():
            keys = self._keys(row.covenant_id, row.agreements)
            self._set("membership", row.id, awaited=[key for key in keys if isinstance(key, str)])
            for agreement in dict.fromkeys(key for key in keys if isinstance(key, int)):
                self.database.execute(sa.insert(table).values(membership_id=row.id, agreement_id=agreement))

    def _seats(self) -> Any:
        seat, party = self.tables["membership"], self.tables["party"]
        query = sa.select(seat.c.id, seat.c.agreements, party.c.covenant_id)
        return self.database.execute(query.join(party, party.c.id == seat.c.party_id).order_by(seat.c.id)).all()

    def _move_handovers(self) -> None:
        """What an undo compares and takes back."""
        for row in self._rows("handover", "id", "covenant_id", "changes"):
            changes = row.changes
            for seat in changes.get("merged", []):
                seat["agreements"] = self._keys(row.covenant_id, seat["agreements"])
            for seat in changes.get("made", []):
                since, until, numbers, themes = seat["is"]
                keys = self._keys(row.covenant_id, [number for number in numbers.split(",") if number])
                seat["is"] = [since, until, ",".join(sorted(map(str, keys))), themes]
            self._set("handover", row.id, changes=changes)

    def _keys(self, covenant: int, numbers: list[str]) -> list[int | str]:
        """Agreements by id; by number for as long as the register does not hold them."""
        return [self.agreements.get((covenant, number), number) for number in numbers]

    def _rows(self, table: str, *names: str) -> Any:
        columns = self.tables[table].c
        return self.database.execute(sa.select(*(columns[name] for name in names)).order_by(columns.id)).all()

    def _set(self, table: str, number: int, **values: Any) -> None:
        row = self.tables[table]
        self.database.execute(sa.update(row).where(row.c.id == number).values(values))
