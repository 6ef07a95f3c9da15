"""seal_marks: every seal covers a mark of its person, and what is over holds no seal; answers say by which mail they came.

Links of before have seals without a mark. They open for sixty days more, counted from `installation.marked_since`, and
only while the mark of their person never was another one.
"""

from datetime import UTC, datetime
from secrets import token_hex

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("person", sa.Column("seal_mark", sa.String(), nullable=False, server_default=""))
    op.add_column("person", sa.Column("mark_renewed_at", MOMENT, nullable=True))
    op.add_column("message", sa.Column("body_sha256", sa.String(), nullable=False, server_default=""))
    op.add_column("answer", sa.Column("mailed_on", sa.Date(), nullable=True))
    op.add_column("installation", sa.Column("marked_since", MOMENT, nullable=True))
    database = op.get_bind()
    person = sa.table("person", sa.column("id"), sa.column("seal_mark"))
    for number in database.scalars(sa.select(person.c.id)).all():
        database.execute(sa.update(person).where(person.c.id == number).values(seal_mark=token_hex(8)))
    now = datetime.now(tz=UTC)
    if database.dialect.name == "sqlite":  # which keeps moments in UTC, without a zone
        now = now.replace(tzinfo=None)
    database.execute(sa.update(sa.table("installation", sa.column("marked_since", MOMENT))).values(marked_since=now))


def downgrade() -> None:
    for table, name in (
        ("installation", "marked_since"), ("answer", "mailed_on"), ("message", "body_sha256"),
        ("person", "mark_renewed_at"), ("person", "seal_mark"),
    ):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(name)
