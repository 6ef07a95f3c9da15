"""column words: what a column of a document is, as the secretariat said it, kept for its covenant."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "column_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("covenant_id", sa.Integer(), nullable=False),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("meaning", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["covenant_id"], ["covenant.id"], name=op.f("fk_column_word_covenant_id_covenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_word")),
        sa.UniqueConstraint("covenant_id", "heading", name=op.f("uq_column_word_covenant_id_heading")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("column_word")
