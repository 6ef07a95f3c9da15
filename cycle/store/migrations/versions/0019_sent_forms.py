"""sent forms: which form was carried out, so that sending it again does nothing and shows what it did."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "sent_form",
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("is_over", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_sent_form")),
    )
    with op.batch_alter_table("sent_form") as batch:
        batch.create_index(op.f("ix_sent_form_at"), ["at"], unique=False)


def downgrade() -> None:
    op.drop_table("sent_form")
