"""takings_away: what keeping the year took away is known from what people dropped, and what a decision replaced.

Old rows: a deadline that upkeep dropped still has a lead with it open; without leads nobody's last word in the logbook
is "vervallen". A move that a meeting took back left the old day as if somebody had chosen it: upkeep fills that in.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("deadline", sa.Column("asked", sa.String(), nullable=False, server_default="yes"))
    op.add_column("deadline", sa.Column("known_since", sa.Date(), nullable=True))
    op.add_column("deadline_party", sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))
    for table in ("deadline_party", "meeting_decision"):
        op.add_column(table, sa.Column("before", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
    op.execute(TAKEN_FROM_LEADS)
    op.execute(TAKEN_WITHOUT_LEADS)
    op.execute(MOVED_BACK)


def downgrade() -> None:
    for table, name in (
        ("meeting_decision", "before"), ("deadline_party", "before"), ("deadline_party", "taken_at"),
        ("deadline", "known_since"), ("deadline", "asked"),
    ):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(name)


TAKEN_FROM_LEADS = """
UPDATE deadline SET asked = 'taken'
WHERE state = 'dropped' AND origin <> 'meeting' AND id IN (
    SELECT deadline_id FROM deadline_party WHERE part = 'lead' AND state = 'open'
)
"""

TAKEN_WITHOUT_LEADS = """
UPDATE deadline SET asked = 'taken'
WHERE state = 'dropped' AND origin <> 'meeting'
AND id NOT IN (SELECT deadline_id FROM deadline_party WHERE part = 'lead')
AND 'termijn ' || CAST(id AS VARCHAR) NOT IN (
    SELECT about FROM decision WHERE verb = 'vervallen' AND id IN (
        SELECT MAX(id) FROM decision WHERE verb IN ('gedaan', 'vervallen', 'weer open') GROUP BY about
    )
)
"""

MOVED_BACK = """
UPDATE deadline SET moved_from = NULL
WHERE state = 'open' AND moved_from = due AND EXISTS (
    SELECT 1 FROM meeting_decision
    WHERE about_id = deadline.id AND effect = 'verplaatsen' AND undone_at IS NOT NULL AND old_day = deadline.due
)
"""
