"""letters_and_meetings: drafts, approvals and files of a letter, letters per sender, and what a meeting decided."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("letter") as batch:
        batch.add_column(sa.Column("sender", sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("outside_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("outside_by", sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("outside_note", sa.String(), nullable=False, server_default=""))
        batch.drop_constraint(op.f("uq_letter_covenant_id_year"), type_="unique")
        batch.create_unique_constraint(op.f("uq_letter_covenant_id_year_sender"), ["covenant_id", "year", "sender"])
    with op.batch_alter_table("letter") as batch:
        for name in ("sender", "outside_by", "outside_note"):
            batch.alter_column(name, server_default=None)
    op.create_table(
        "letter_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("covenant_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("blocks", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["covenant_id"], ["covenant.id"], name=op.f("fk_letter_draft_covenant_id_covenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_draft")),
        sa.UniqueConstraint("covenant_id", "year", "sender", name=op.f("uq_letter_draft_covenant_id_year_sender")),
    )
    op.create_table(
        "letter_approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_letter_approval_letter_id_letter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_approval")),
        sa.UniqueConstraint("letter_id", "party", name=op.f("uq_letter_approval_letter_id_party")),
    )
    op.create_table(
        "letter_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_letter_file_letter_id_letter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_file")),
        sa.UniqueConstraint("letter_id", "kind", "name", name=op.f("uq_letter_file_letter_id_kind_name")),
    )
    op.create_table(
        "meeting_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("covenant_id", sa.Integer(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("effect", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("old_day", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("undone_by", sa.String(), nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["covenant_id"], ["covenant.id"], name=op.f("fk_meeting_decision_covenant_id_covenant")),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadline.id"], name=op.f("fk_meeting_decision_deadline_id_deadline")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_meeting_decision_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(["about_id"], ["deadline.id"], name=op.f("fk_meeting_decision_about_id_deadline")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_decision")),
        sa.UniqueConstraint("deadline_id", "number", name=op.f("uq_meeting_decision_deadline_id_number")),
    )
    with op.batch_alter_table("meeting_decision") as batch:
        for name in ("covenant_id", "agreement_id", "about_id"):
            batch.create_index(op.f(f"ix_meeting_decision_{name}"), [name], unique=False)


def downgrade() -> None:
    for name in ("meeting_decision", "letter_file", "letter_approval", "letter_draft"):
        op.drop_table(name)
    with op.batch_alter_table("letter") as batch:
        batch.drop_constraint(op.f("uq_letter_covenant_id_year_sender"), type_="unique")
        batch.create_unique_constraint(op.f("uq_letter_covenant_id_year"), ["covenant_id", "year"])
        for name in ("outside_note", "outside_by", "outside_on", "sender"):
            batch.drop_column(name)
