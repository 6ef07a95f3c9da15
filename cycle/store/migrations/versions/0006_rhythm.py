"""rhythm: when each person wants mail, and whom they named for the days that they are away."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "rhythm",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("send_hour", sa.Time(), nullable=True),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("per_week", sa.Integer(), nullable=True),
        sa.Column("overview", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_rhythm_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_rhythm")),
    )
    with op.batch_alter_table("absence") as batch:
        batch.add_column(sa.Column("deputy_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_absence_deputy_id_person"), "person", ["deputy_id"], ["id"])
        batch.create_index(op.f("ix_absence_deputy_id"), ["deputy_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("absence") as batch:
        batch.drop_index(op.f("ix_absence_deputy_id"))
        batch.drop_constraint(op.f("fk_absence_deputy_id_person"), type_="foreignkey")
        batch.drop_column("deputy_id")
    op.drop_table("rhythm")
