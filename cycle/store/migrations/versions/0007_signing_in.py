"""signing_in: links to sign in, the browsers that are signed in, and which covenants a mail is about."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("browser_hash", sa.String(), nullable=False),
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.Column("network_hash", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("goes_to", sa.String(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("spent_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    with op.batch_alter_table("sign_in") as batch:
        batch.create_index("ix_sign_in_address_hash_asked_at", ["address_hash", "asked_at"], unique=False)
        batch.create_index("ix_sign_in_network_hash_asked_at", ["network_hash", "asked_at"], unique=False)
    op.create_table(
        "desk_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_desk_session_token_hash")),
    )
    with op.batch_alter_table("desk_session") as batch:
        batch.create_index(op.f("ix_desk_session_email"), ["email"], unique=False)
        batch.create_index(op.f("ix_desk_session_began_at"), ["began_at"], unique=False)
    op.create_table(
        "message_covenant",
        sa.Column("covenant_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["covenant_id"], ["covenant.id"], name=op.f("fk_message_covenant_covenant_id_covenant")
        ),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_message_covenant_message_id_message")),
        sa.PrimaryKeyConstraint("covenant_id", "message_id", name=op.f("pk_message_covenant")),
    )
    with op.batch_alter_table("message_covenant") as batch:
        batch.create_index(op.f("ix_message_covenant_message_id"), ["message_id"], unique=False)
    op.execute(
        "INSERT INTO message_covenant (message_id, covenant_id) "
        "SELECT id, covenant_id FROM message WHERE covenant_id IS NOT NULL "
        "UNION SELECT r.message_id, d.covenant_id FROM reminder r JOIN deadline d ON d.id = r.deadline_id"
    )
    with op.batch_alter_table("decision") as batch:
        batch.create_index("ix_decision_covenant_id_id", ["covenant_id", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("decision") as batch:
        batch.drop_index("ix_decision_covenant_id_id")
    op.drop_table("message_covenant")
    op.drop_table("desk_session")
    op.drop_table("sign_in")
