"""known since: what is new about a deadline since the day from which it counts, and since when a lead leads it.

Until now the only deadlines with such a day were those that keeping the year had brought back.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.add_column("deadline", sa.Column("news", sa.String(), nullable=False, server_default=""))
    op.add_column("deadline_party", sa.Column("known_since", sa.Date(), nullable=True))
    op.execute("UPDATE deadline SET news = 'back' WHERE known_since IS NOT NULL")


def downgrade() -> None:
    op.drop_column("deadline_party", "known_since")
    op.drop_column("deadline", "news")
