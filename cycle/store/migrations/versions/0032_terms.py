"""terms: which framework agreement holds, waits or is over, what became of its agreements in the next one, and what a
person said of its open actions. Until now one term was at work: the newest one that anything was agreed in.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.add_column("term", sa.Column("state", sa.String(), nullable=False, server_default="running"))
    has_agreements = "EXISTS (SELECT 1 FROM agreement WHERE agreement.term_id = mine.id)"
    order = f"ORDER BY {has_agreements} DESC, mine.start IS NOT NULL DESC, mine.start DESC, mine.id DESC LIMIT 1"
    at_work = f"SELECT id FROM term AS mine WHERE mine.covenant_id = term.covenant_id {order}"
    op.execute(f"UPDATE term SET state = 'past' WHERE id <> ({at_work})")
    op.create_table(
        "agreement_succession",
        sa.Column("old_id", sa.Integer(), nullable=False),
        sa.Column("new_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["old_id"], ["agreement.id"], name=op.f("fk_agreement_succession_old_id_agreement")),
        sa.ForeignKeyConstraint(["new_id"], ["agreement.id"], name=op.f("fk_agreement_succession_new_id_agreement")),
        sa.PrimaryKeyConstraint("old_id", "new_id", name=op.f("pk_agreement_succession")),
    )
    op.create_index(op.f("ix_agreement_succession_new_id"), "agreement_succession", ["new_id"])
    op.create_table(
        "action_succession",
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_action_succession_term_id_term")),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_succession_action_id_action")),
        sa.PrimaryKeyConstraint("term_id", "action_id", "slot", name=op.f("pk_action_succession")),
    )
    op.create_index(op.f("ix_action_succession_action_id"), "action_succession", ["action_id"])


def downgrade() -> None:
    op.drop_table("action_succession")
    op.drop_table("agreement_succession")
    op.drop_column("term", "state")
