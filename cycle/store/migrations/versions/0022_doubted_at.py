"""doubted at: when a mail was last tried of which nobody knows whether it arrived, so that its reader gets no other
reminder on that day."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("message", sa.Column("doubted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_message_doubted_at", "message", ["doubted_at"])


def downgrade() -> None:
    op.drop_index("ix_message_doubted_at", "message")
    with op.batch_alter_table("message") as batch:
        batch.drop_column("doubted_at")
