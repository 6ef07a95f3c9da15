"""public pages: off until the secretariat switches one on. typed forms: what was typed as a session ended, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("covenant", sa.Column("is_public", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "typed_form",
        sa.Column("browser_hash", sa.String(), nullable=False),
        sa.Column("place_hash", sa.String(), nullable=False),
        sa.Column("reader_hash", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("browser_hash", "place_hash", name=op.f("pk_typed_form")),
    )
    with op.batch_alter_table("typed_form") as batch:
        batch.create_index(op.f("ix_typed_form_at"), ["at"], unique=False)


def downgrade() -> None:
    op.drop_table("typed_form")
    with op.batch_alter_table("covenant") as batch:
        batch.drop_column("is_public")
