"""handovers: somebody leaves, and who takes over may have a seat in the same role already."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"

OLD, NEW = "uq_membership_person_id_party_id_role", "uq_membership_person_id_party_id_role_since"


def upgrade() -> None:
    with op.batch_alter_table("membership") as batch:
        batch.drop_constraint(op.f(OLD), type_="unique")
        batch.create_unique_constraint(op.f(NEW), ["person_id", "party_id", "role", "since"])
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("covenant_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["covenant_id"], ["covenant.id"], name=op.f("fk_handover_covenant_id_covenant")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_handover_person_id_person")),
        sa.ForeignKeyConstraint(["successor_id"], ["person.id"], name=op.f("fk_handover_successor_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    with op.batch_alter_table("handover") as batch:
        for column in ("covenant_id", "person_id", "successor_id"):
            batch.create_index(op.f(f"ix_handover_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("handover")
    with op.batch_alter_table("membership") as batch:
        batch.drop_constraint(op.f(NEW), type_="unique")
        batch.create_unique_constraint(op.f(OLD), ["person_id", "party_id", "role"])
