"""further actions: an agreement has as many as it asks, each with words, leads and a day of its own.

What an agreement asked until now is its first one, at place 0, and is still said by its own row.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

WORDS = ("topic", "text", "trekker", "date_phrase", "source")
LAST = ("leads", "from_agenda", "agenda_year", "is_asked", "position")


def upgrade() -> None:
    for name in WORDS:
        op.add_column("action", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("action", sa.Column("leads", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
    op.add_column("action", sa.Column("from_agenda", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("action", sa.Column("agenda_year", sa.Integer(), nullable=True))
    op.add_column("action", sa.Column("is_asked", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("action", sa.Column("position", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    for name in (*WORDS, *LAST):
        op.drop_column("action", name)
