"""own sources: which agreements a step comes from is said by each covenant, no longer by the default steps.

A covenant of before keeps what its steps stood for: the agreements that are linked to them, by the numbers that named
them. The newest facts that were said in words get an index, which every round of the clock asks for.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

COVENANT = sa.table("covenant", sa.column("id", sa.Integer), sa.column("overrides", sa.JSON))
LINKED = sa.text(
    "SELECT action.covenant_id, action.step_name, action_source.named_as FROM action_source "
    "JOIN action ON action.id = action_source.action_id WHERE action.step_name IS NOT NULL "
    "ORDER BY action.covenant_id, action.step_name, action_source.agreement_id"
)
SAID = "about IS NOT NULL"


def upgrade() -> None:
    op.create_index("ix_fact_newest_said", "fact", ["id"], sqlite_where=sa.text(SAID), postgresql_where=sa.text(SAID))
    connection = op.get_bind()
    sources: dict[int, dict[str, list[str]]] = {}
    for covenant_id, step, number in connection.execute(LINKED).all():
        sources.setdefault(covenant_id, {}).setdefault(step, []).append(number)
    for covenant_id, overrides in connection.execute(sa.select(COVENANT.c.id, COVENANT.c.overrides)).all():
        own = dict(overrides or {})
        steps = dict(own.get("steps") or {})
        for step, numbers in sources.get(covenant_id, {}).items():
            steps[step] = {"source": numbers} | steps.get(step, {})
        if steps and steps != own.get("steps"):
            changed = sa.update(COVENANT).where(COVENANT.c.id == covenant_id)
            connection.execute(changed.values(overrides=own | {"steps": steps}))


def downgrade() -> None:
    """The steps keep naming their agreements, as they may in every version."""
    op.drop_index("ix_fact_newest_said", "fact")
