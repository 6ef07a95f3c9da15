"""answers: points for an agenda, a meeting that is proposed, a colleague, a link or a file with what somebody lets know;
and why an agreement is not asked about in the rounds. Until now every agreement was, and an answer was a sentence.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.add_column("agreement", sa.Column("standing", sa.String(), nullable=False, server_default=""))
    for name in ("points", "colleague", "place", "link"):
        op.add_column("answer", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("answer", sa.Column("start", sa.Time(), nullable=True))
    op.create_table(
        "answer_file",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_answer_file_answer_id_answer")),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_answer_file")),
    )


def downgrade() -> None:
    op.drop_table("answer_file")
    for name in ("start", "link", "place", "colleague", "points"):
        op.drop_column("answer", name)
    op.drop_column("agreement", "standing")
