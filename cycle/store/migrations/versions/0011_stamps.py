"""stamps: when what is kept about a covenant changed; the mails of a day by index."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    with op.batch_alter_table("covenant") as batch:
        batch.add_column(sa.Column("stamp", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("message") as batch:
        batch.create_index("ix_message_on", ["on"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("message") as batch:
        batch.drop_index("ix_message_on")
    with op.batch_alter_table("covenant") as batch:
        batch.drop_column("stamp")
