"""delivery: bounces, the first try, and who was told of a failure or a pause."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_tried_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("bounced_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("reported_at", MOMENT, nullable=True))
    with op.batch_alter_table("outbox_pause", schema=None) as batch_op:
        batch_op.add_column(sa.Column("alarmed_at", MOMENT, nullable=True))
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hard_bounces", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("undeliverable_since", MOMENT, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("undeliverable_since")
        batch_op.drop_column("hard_bounces")
    with op.batch_alter_table("outbox_pause", schema=None) as batch_op:
        batch_op.drop_column("alarmed_at")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_column("reported_at")
        batch_op.drop_column("bounced_at")
        batch_op.drop_column("first_tried_at")
