"""indicators and figures in tables of their own, and an agreement belongs to a term of its covenant.

No version before kept a figure. What was agreed so far was agreed in the first term, which a covenant has from now on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

IDS_ONCE = {"sqlite_autoincrement": True}


def upgrade() -> None:
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("covenant_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=True),
        sa.Column("dims", sa.JSON(), nullable=False),
        sa.Column("baseline", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["covenant_id"], ["covenant.id"], name=op.f("fk_indicator_covenant_id_covenant")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_indicator_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["giver_id"], ["party.id"], name=op.f("fk_indicator_giver_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("covenant_id", "key", name=op.f("uq_indicator_covenant_id_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_indicator_agreement_id"), "indicator", ["agreement_id"])
    op.create_index(op.f("ix_indicator_giver_id"), "indicator", ["giver_id"])
    op.create_table(
        "figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"], name=op.f("fk_figure_indicator_id_indicator")),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_figure_actor_id_actor")),
        sa.ForeignKeyConstraint(["replaces_id"], ["figure.id"], name=op.f("fk_figure_replaces_id_figure")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_figure_replaces_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_figure_indicator_id"), "figure", ["indicator_id"])
    op.create_index(op.f("ix_figure_actor_id"), "figure", ["actor_id"])
    _give_terms()
    with op.batch_alter_table("agreement", table_kwargs=IDS_ONCE) as batch:
        batch.alter_column("term_id", existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key(op.f("fk_agreement_term_id_term"), "term", ["term_id"], ["id"])
        batch.drop_constraint(op.f("uq_agreement_covenant_id_number"), type_="unique")
        batch.create_unique_constraint(op.f("uq_agreement_term_id_number"), ["term_id", "number"])
        batch.create_index(op.f("ix_agreement_covenant_id_number"), ["covenant_id", "number"])


def _give_terms() -> None:
    op.execute(
        "INSERT INTO term (covenant_id, renews) SELECT id, TRUE FROM covenant "
        "WHERE id NOT IN (SELECT covenant_id FROM term) ORDER BY id"
    )
    op.add_column("agreement", sa.Column("term_id", sa.Integer(), nullable=True))
    first = "SELECT id FROM term WHERE term.covenant_id = agreement.covenant_id ORDER BY start IS NOT NULL, start, id"
    op.execute(f"UPDATE agreement SET term_id = ({first} LIMIT 1)")


def downgrade() -> None:
    with op.batch_alter_table("agreement", table_kwargs=IDS_ONCE) as batch:
        batch.drop_index(op.f("ix_agreement_covenant_id_number"))
        batch.drop_constraint(op.f("uq_agreement_term_id_number"), type_="unique")
        batch.drop_constraint(op.f("fk_agreement_term_id_term"), type_="foreignkey")
        batch.create_unique_constraint(op.f("uq_agreement_covenant_id_number"), ["covenant_id", "number"])
        batch.drop_column("term_id")
    for table in ("figure", "indicator"):
        op.drop_table(table)
