"""arrived or not: what a server may have taken, what it refused, and what a mail that did not arrive gives free."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"

MOMENT = sa.DateTime(timezone=True)
OLD_NAME = "uq_reminder_deadline_id_party_person_id_rung_counted_from"
NAMED = ["deadline_id", "party", "person_id", "rung", "counted_from"]


def upgrade() -> None:
    with op.batch_alter_table("message") as batch:
        batch.add_column(sa.Column("tries_in_doubt", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("in_hand", sa.Boolean(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("is_outdated", sa.Boolean(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("refused_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("refused_as", sa.String(), nullable=False, server_default=""))
        batch.create_index("ix_message_refused_at", ["refused_at"], unique=False)
    op.execute("UPDATE message SET in_hand = (state = 'sending')")  # a sender of before this version may have offered it
    with op.batch_alter_table("reminder") as batch:
        batch.add_column(sa.Column("failed_in", sa.Integer(), nullable=False, server_default="0"))
        batch.drop_constraint(OLD_NAME, type_="unique")
        batch.create_unique_constraint("uq_reminder_told", [*NAMED, "failed_in"])


def downgrade() -> None:
    op.execute("DELETE FROM reminder WHERE failed_in != 0")
    with op.batch_alter_table("reminder") as batch:
        batch.drop_constraint("uq_reminder_told", type_="unique")
        batch.create_unique_constraint(OLD_NAME, NAMED)
        batch.drop_column("failed_in")
    with op.batch_alter_table("message") as batch:
        batch.drop_index("ix_message_refused_at")
        for name in ("refused_as", "refused_at", "is_outdated", "in_hand", "tries_in_doubt"):
            batch.drop_column(name)
