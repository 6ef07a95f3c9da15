"""feed_links: what a link shows, the version of its feed, who fetched it; a meeting that was called off."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("feed_link") as batch:
        batch.add_column(sa.Column("covenant_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("scope", sa.String(), nullable=False, server_default="mine"))
        batch.add_column(sa.Column("banners", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("alarm_days", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("version", sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("leaked", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.create_index(op.f("ix_feed_link_covenant_id"), ["covenant_id"], unique=False)
        batch.create_foreign_key(op.f("fk_feed_link_covenant_id_covenant"), "covenant", ["covenant_id"], ["id"])
    op.create_table(
        "feed_fetch",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fetches", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["feed_link.id"], name=op.f("fk_feed_fetch_link_id_feed_link")),
        sa.PrimaryKeyConstraint("link_id", "client", name=op.f("pk_feed_fetch")),
    )
    with op.batch_alter_table("deadline") as batch:
        batch.add_column(sa.Column("cancelled_meeting", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))


def downgrade() -> None:
    with op.batch_alter_table("deadline") as batch:
        batch.drop_column("cancelled_meeting")
    op.drop_table("feed_fetch")
    with op.batch_alter_table("feed_link") as batch:
        batch.drop_constraint(op.f("fk_feed_link_covenant_id_covenant"), type_="foreignkey")
        batch.drop_index(op.f("ix_feed_link_covenant_id"))
        for name in ("leaked", "version", "alarm_days", "banners", "scope", "covenant_id"):
            batch.drop_column(name)
