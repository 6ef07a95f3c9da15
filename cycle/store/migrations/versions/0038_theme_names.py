"""theme_names: what the themes of a term are called. Of the themes of before nobody gave a name."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    op.create_table(
        "theme_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("covenant_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["covenant_id"], ["covenant.id"], name=op.f("fk_theme_name_covenant_id_covenant")),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_theme_name_term_id_term")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_name")),
        sa.UniqueConstraint("term_id", "theme", name=op.f("uq_theme_name_term_id_theme")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_theme_name_covenant_id"), "theme_name", ["covenant_id"])


def downgrade() -> None:
    op.drop_table("theme_name")
