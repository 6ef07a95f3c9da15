"""meetings_online: the address by which people join a meeting from elsewhere. Of those of before nobody gave one."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    op.add_column("meeting", sa.Column("online", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("meeting", "online")
