"""ids_once: no row gets the id of one that is gone, and days away have a name of their own for the mails about them."""

import json
import re
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"


def upgrade() -> None:
    with op.batch_alter_table("absence") as batch:
        batch.add_column(sa.Column("uid", sa.String(), nullable=True))
    database = op.get_bind()
    for number in database.scalars(sa.text("SELECT id FROM absence")).all():
        database.execute(sa.text("UPDATE absence SET uid = :uid WHERE id = :id"), {"uid": uuid4().hex, "id": number})
    with op.batch_alter_table("absence") as batch:
        batch.alter_column("uid", existing_type=sa.String(), nullable=False)
        batch.create_unique_constraint(op.f("uq_absence_uid"), ["uid"])
    if database.dialect.name == "sqlite":  # PostgreSQL never gives an id out twice
        _give_ids_once(database)
        _go_on_behind(database, "membership", _seats_in_handovers(database))
        _go_on_behind(database, "reading", _numbers_after("lezing ", database))


def _give_ids_once(database: sa.Connection) -> None:
    """Makes each table whose ids SQLite gives out anew, with AUTOINCREMENT. Batch mode would take ten times as long."""
    tables = database.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all()
    for name, made in tables:
        key = re.compile(rf",\s*CONSTRAINT pk_{name} PRIMARY KEY \(id\)")
        if not key.search(made) or name in ("installation", "outbox_pause"):  # theirs are fixed
            continue
        along = database.exec_driver_sql(
            f"SELECT sql FROM sqlite_master WHERE tbl_name = '{name}' AND type <> 'table' AND sql IS NOT NULL"
        ).scalars().all()
        made = re.sub(r"\(\s*id INTEGER NOT NULL", r"\g<0> PRIMARY KEY AUTOINCREMENT", key.sub("", made), count=1)
        database.exec_driver_sql(re.sub(rf'^CREATE TABLE "?{name}"?', f'CREATE TABLE "once_{name}"', made))
        database.exec_driver_sql(f'INSERT INTO "once_{name}" SELECT * FROM "{name}"')
        database.exec_driver_sql(f'DROP TABLE "{name}"')
        database.exec_driver_sql(f'ALTER TABLE "once_{name}" RENAME TO "{name}"')
        for one in along:
            database.exec_driver_sql(one)


def _go_on_behind(database: sa.Connection, table: str, named: list[int]) -> None:
    """Whoever is gone already, and still named somewhere, gets no namesake either."""
    most = max(named, default=0)
    database.exec_driver_sql(f"UPDATE sqlite_sequence SET seq = max(seq, {most}) WHERE name = '{table}'")
    database.exec_driver_sql(
        f"INSERT INTO sqlite_sequence (name, seq) SELECT '{table}', {most} "
        f"WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = '{table}')"
    )


def _seats_in_handovers(database: sa.Connection) -> list[int]:
    changes = [json.loads(one) for one in database.exec_driver_sql("SELECT changes FROM handover").scalars()]
    return [int(seat["seat"]) for one in changes for seats in one.values() for seat in seats]


def _numbers_after(word: str, database: sa.Connection) -> list[int]:
    about = database.exec_driver_sql("SELECT about FROM decision").scalars()
    return [int(one.removeprefix(word)) for one in about if re.fullmatch(rf"{word}\d{{1,9}}", one)]


def downgrade() -> None:
    with op.batch_alter_table("absence") as batch:
        batch.drop_constraint(op.f("uq_absence_uid"), type_="unique")
        batch.drop_column("uid")
