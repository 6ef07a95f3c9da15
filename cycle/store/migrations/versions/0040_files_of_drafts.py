"""files_of_drafts: what somebody adds to a letter before it is frozen. Of the letters of before nobody had added any."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.create_table(
        "letter_draft_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["letter_draft.id"], name=op.f("fk_letter_draft_file_draft_id_letter_draft")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_draft_file")),
        sa.UniqueConstraint("draft_id", "name", name=op.f("uq_letter_draft_file_draft_id_name")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("letter_draft_file")
