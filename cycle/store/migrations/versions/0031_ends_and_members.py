"""ends and members: when a covenant was put away and by whom, a party's last day, and bodies whose people are named one
by one. Until now nothing ended, and who sat at a body followed from the seats alone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.add_column("covenant", sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("covenant", sa.Column("archived_by", sa.String(), nullable=False, server_default=""))
    op.add_column("party", sa.Column("until", sa.Date(), nullable=True))
    op.add_column("body", sa.Column("is_named", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("body") as batch:
        batch.drop_column("is_named")
    op.drop_column("party", "until")
    op.drop_column("covenant", "archived_by")
    op.drop_column("covenant", "archived_at")
