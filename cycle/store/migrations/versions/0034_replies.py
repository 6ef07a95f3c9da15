"""replies: what people write back to mails of ours; and which sentences of answers may go to the parties.

Until now replies were read in a mail program alone, and every sentence was for the secretariat: so it stays.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.add_column("answer", sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("answer", sa.Column("released_by", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "mail_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("mail_id", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=False, server_default=""),
        sa.Column("came_of", sa.String(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_mail_reply_message_id_message")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_reply_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_reply")),
        sa.UniqueConstraint("mail_id", name=op.f("uq_mail_reply_mail_id")),
        sqlite_autoincrement=True,
    )
    for name in ("message_id", "person_id", "settled_at"):
        op.create_index(op.f(f"ix_mail_reply_{name}"), "mail_reply", [name])


def downgrade() -> None:
    op.drop_table("mail_reply")
    op.drop_column("answer", "released_by")
    op.drop_column("answer", "released_at")
