"""which agenda an agreement's action and its readings stand in."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("agenda_number", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("agenda_year", sa.Integer(), nullable=True))
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.add_column(sa.Column("agenda_year", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.drop_column("agenda_year")
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_column("agenda_year")
        batch_op.drop_column("agenda_number")
