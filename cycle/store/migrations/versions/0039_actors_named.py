"""actors_named: whether a fact says who an actor is. Of those of before the migration itself says it, as they are."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    op.add_column("actor", sa.Column("is_named", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("actor", "is_named")
