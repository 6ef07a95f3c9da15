"""meetings and terms: who meets, when and where, and how long a covenant holds, in tables of their own.

What was planned or called off comes along, at a body named after its step; keeping the year says which parties come, and
seats their people (`cycle migrate` does so, since the steps are in the settings).
"""

from datetime import UTC, date, datetime, time

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

IDS_ONCE = {"sqlite_autoincrement": True}
TERM = ("term_start", "term_end", "renews")
HELD = ("meeting_day", "meeting_start", "meeting_end", "meeting_place", "cancelled_meeting")


def upgrade() -> None:
    op.create_table(
        "body",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("covenant_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("parties", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["covenant_id"], ["covenant.id"], name=op.f("fk_body_covenant_id_covenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
        sa.UniqueConstraint("covenant_id", "slug", name=op.f("uq_body_covenant_id_slug")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "body_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_body_member_body_id_body")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_body_member_person_id_person")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_body_member_party_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_member")),
        sa.UniqueConstraint(
            "body_id", "person_id", "party_id", "since", name=op.f("uq_body_member_body_id_person_id_party_id_since")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_body_member_person_id"), "body_member", ["person_id"])
    op.create_index(op.f("ix_body_member_party_id"), "body_member", ["party_id"])
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("covenant_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("start", sa.Time(), nullable=True),
        sa.Column("end", sa.Time(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["covenant_id"], ["covenant.id"], name=op.f("fk_meeting_covenant_id_covenant")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_meeting_body_id_body")),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadline.id"], name=op.f("fk_meeting_deadline_id_deadline")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("deadline_id", name=op.f("uq_meeting_deadline_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_meeting_covenant_id"), "meeting", ["covenant_id"])
    op.create_index(op.f("ix_meeting_body_id"), "meeting", ["body_id"])
    op.create_index(op.f("ix_meeting_day"), "meeting", ["day"])
    with op.batch_alter_table("action", table_kwargs=IDS_ONCE) as batch:
        batch.add_column(sa.Column("body_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_action_body_id_body"), "body", ["body_id"], ["id"])
        batch.create_index(op.f("ix_action_body_id"), ["body_id"])
    op.create_table(
        "term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("covenant_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("end", sa.Date(), nullable=True),
        sa.Column("renews", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["covenant_id"], ["covenant.id"], name=op.f("fk_term_covenant_id_covenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
        sa.UniqueConstraint("covenant_id", "start", name=op.f("uq_term_covenant_id_start")),
        sqlite_autoincrement=True,
    )
    _bring_along(op.get_bind())
    op.execute(
        'INSERT INTO term (covenant_id, start, "end", renews) '
        "SELECT id, term_start, term_end, renews FROM covenant ORDER BY id"
    )
    with op.batch_alter_table("covenant", table_kwargs=IDS_ONCE) as batch:
        for name in TERM:
            batch.drop_column(name)
    with op.batch_alter_table("deadline", table_kwargs=IDS_ONCE) as batch:
        for name in HELD:
            batch.drop_column(name)


def _bring_along(database: sa.Connection) -> None:
    """A planned meeting as it was; else the one that was called off."""
    days = [sa.column("meeting_day", sa.Date()), sa.column("cancelled_meeting", sa.JSON())]
    times = [sa.column(name, sa.Time()) for name in ("meeting_start", "meeting_end")]
    names = map(sa.column, ("id", "covenant_id", "action_id", "title", "meeting_place"))
    deadline = sa.table("deadline", *names, *days, *times)
    action = sa.table("action", *map(sa.column, ("id", "step_name", "uid", "body_id")))
    held = sa.select(deadline, action.c.step_name, action.c.uid).join(action, action.c.id == deadline.c.action_id)
    bodies: dict[int, int] = {}
    for row in database.execute(held.order_by(deadline.c.id)).all():
        meeting = _meeting_of(row)
        if meeting is None:
            continue
        if row.action_id not in bodies:
            bodies[row.action_id] = _body_of(database, row)
            database.execute(
                sa.update(action).where(action.c.id == row.action_id).values(body_id=bodies[row.action_id])
            )
        about = {"covenant_id": row.covenant_id, "deadline_id": row.id, "body_id": bodies[row.action_id]}
        database.execute(sa.insert(MEETING).values(**about, **meeting))


MEETING = sa.table(
    "meeting",
    *map(sa.column, ("covenant_id", "body_id", "deadline_id", "state", "place")),
    sa.column("day", sa.Date()),
    sa.column("start", sa.Time()),
    sa.column("end", sa.Time()),
    sa.column("called_off_at", sa.DateTime(timezone=True)),
)


def _meeting_of(row: sa.Row) -> dict[str, object] | None:
    if row.meeting_day is not None:
        place = {"day": row.meeting_day, "start": row.meeting_start, "end": row.meeting_end, "place": row.meeting_place}
        return {"state": "planned", **place, "called_off_at": None}
    off = row.cancelled_meeting
    if not off:
        return None
    start, end = (time.fromisoformat(off[name]) if off[name] else None for name in ("start", "end"))
    place = {"day": date.fromisoformat(off["day"]), "start": start, "end": end, "place": off["place"]}
    return {"state": "cancelled", **place, "called_off_at": datetime.fromisoformat(off["at"]).astimezone(UTC)}


def _body_of(database: sa.Connection, row: sa.Row) -> int:
    """The body that meets at a step, by the name of that step until keeping the year knows better."""
    body = sa.table("body", *map(sa.column, ("id", "covenant_id", "slug", "name")), sa.column("parties", sa.JSON()))
    slug = row.step_name or row.uid
    values = {"covenant_id": row.covenant_id, "slug": slug, "name": row.title, "parties": []}
    database.execute(sa.insert(body).values(**values))
    asked = sa.select(body.c.id).where(body.c.covenant_id == row.covenant_id, body.c.slug == slug)
    return database.execute(asked).scalar_one()


def downgrade() -> None:
    with op.batch_alter_table("deadline", table_kwargs=IDS_ONCE) as batch:
        batch.add_column(sa.Column("meeting_day", sa.Date(), nullable=True))
        batch.add_column(sa.Column("meeting_start", sa.Time(), nullable=True))
        batch.add_column(sa.Column("meeting_end", sa.Time(), nullable=True))
        batch.add_column(sa.Column("meeting_place", sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("cancelled_meeting", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("covenant", table_kwargs=IDS_ONCE) as batch:
        batch.add_column(sa.Column("term_start", sa.Date(), nullable=True))
        batch.add_column(sa.Column("term_end", sa.Date(), nullable=True))
        batch.add_column(sa.Column("renews", sa.Boolean(), nullable=False, server_default=sa.true()))
    for name, value in (("term_start", "start"), ("term_end", '"end"'), ("renews", "renews")):
        newest = f"SELECT {value} FROM term WHERE covenant_id = covenant.id ORDER BY start DESC LIMIT 1"
        op.execute(
            f"UPDATE covenant SET {name} = ({newest}) WHERE EXISTS (SELECT 1 FROM term WHERE covenant_id = covenant.id)"
        )
    op.drop_table("term")
    _put_back(op.get_bind())
    with op.batch_alter_table("action", table_kwargs=IDS_ONCE) as batch:
        batch.drop_index(op.f("ix_action_body_id"))
        batch.drop_constraint(op.f("fk_action_body_id_body"), type_="foreignkey")
        batch.drop_column("body_id")
    for table in ("meeting", "body_member", "body"):
        op.drop_table(table)


def _put_back(database: sa.Connection) -> None:
    deadline = sa.table(
        "deadline",
        *map(sa.column, ("id", "meeting_place")),
        sa.column("meeting_day", sa.Date()),
        sa.column("meeting_start", sa.Time()),
        sa.column("meeting_end", sa.Time()),
        sa.column("cancelled_meeting", sa.JSON()),
    )
    for row in database.execute(sa.select(MEETING)).all():
        if row.state == "planned":
            values = {"meeting_day": row.day, "meeting_start": row.start, "meeting_end": row.end}
            values["meeting_place"] = row.place
        else:
            start, end = (hour.isoformat() if hour else None for hour in (row.start, row.end))
            off = {"day": row.day.isoformat(), "start": start, "end": end, "place": row.place}
            values = {"cancelled_meeting": off | {"at": row.called_off_at.replace(tzinfo=UTC).isoformat()}}
        database.execute(sa.update(deadline).where(deadline.c.id == row.deadline_id).values(**values))
