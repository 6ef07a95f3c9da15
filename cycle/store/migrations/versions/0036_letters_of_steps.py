"""letters_of_steps: a letter belongs to a step of the year, so there may be several a year; house styles of parties;
what a letter says besides its texts; and of an approval by which way it came, about which bytes.

A letter of before was that of the first step of kind letter in its year. Of an approval of before nobody looked at the
bytes, and it was written down by the secretariat.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

MOMENT = sa.DateTime(timezone=True)
OF_STEP = ("letter", "letter_draft")
TEXTS = {
    "letter": ("step", "told_meeting"),
    "letter_draft": ("step",),
    "letter_approval": ("way", "digest", "remark", "noted_by"),
}
LETTERHEAD = (
    "party",
    "phone",
    "web",
    "accent",
    "place",
    "reference",
    "contact_name",
    "contact_function",
    "contact_phone",
    "contact_email",
    "reply_to",
    "display_name",
    "body",
    "attention",
    "function",
    "salutation",
    "signatory",
    "signs_as",
    "changed_by",
)
FIRST_STEP = """
    SELECT action.step_name FROM deadline JOIN action ON action.id = deadline.action_id
    WHERE deadline.covenant_id = {table}.covenant_id AND deadline.kind = 'letter' AND action.step_name IS NOT NULL
    AND CAST(SUBSTR(CAST(deadline.due AS VARCHAR(10)), 1, 4) AS INTEGER) = {table}.year
    ORDER BY deadline.due, deadline.number, deadline.id LIMIT 1
"""


def upgrade() -> None:
    for table, names in TEXTS.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.String(), nullable=False, server_default=""))
    for name in ("details", "before"):
        op.add_column("letter_draft", sa.Column(name, sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("letter_approval", sa.Column("is_sent_back", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("letter_addressee", sa.Column("is_copy", sa.Boolean(), nullable=False, server_default=sa.false()))
    for table in OF_STEP:
        op.execute(f"UPDATE {table} SET step = COALESCE(({FIRST_STEP.format(table=table)}), '')")
        _unique(table, ["covenant_id", "year", "sender"], ["covenant_id", "year", "step", "sender"])
    _unique("letter_addressee", ["letter_id", "party"], ["letter_id", "party", "person_id"])
    _make_letterhead()
    op.create_table(
        "letter_ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_letter_ask_letter_id_letter")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_letter_ask_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_ask")),
        sa.UniqueConstraint("letter_id", "party", "person_id", name=op.f("uq_letter_ask_letter_id_party_person_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_letter_ask_person_id"), "letter_ask", ["person_id"])


def _make_letterhead() -> None:
    texts = [sa.Column(name, sa.String(), nullable=False) for name in LETTERHEAD]
    op.create_table(
        "letterhead",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("covenant_id", sa.Integer(), nullable=False),
        *texts,
        sa.Column("visiting", sa.JSON(), nullable=False),
        sa.Column("postal", sa.JSON(), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["covenant_id"], ["covenant.id"], name=op.f("fk_letterhead_covenant_id_covenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letterhead")),
        sa.UniqueConstraint("covenant_id", "party", name=op.f("uq_letterhead_covenant_id_party")),
        sqlite_autoincrement=True,
    )


def _unique(table: str, old: list[str], new: list[str]) -> None:
    """Another set of columns that no two rows share."""
    kwargs: dict[str, Any] = {"table_kwargs": {"sqlite_autoincrement": True}}
    with op.batch_alter_table(table, **kwargs) as batch:
        batch.drop_constraint(op.f(f"uq_{table}_{'_'.join(old)}"), type_="unique")
        batch.create_unique_constraint(op.f(f"uq_{table}_{'_'.join(new)}"), new)


def downgrade() -> None:
    op.drop_table("letter_ask")
    op.drop_table("letterhead")
    op.execute("DELETE FROM letter_addressee WHERE is_copy")
    _unique("letter_addressee", ["letter_id", "party", "person_id"], ["letter_id", "party"])
    for table in OF_STEP:
        _unique(table, ["covenant_id", "year", "step", "sender"], ["covenant_id", "year", "sender"])
    op.drop_column("letter_addressee", "is_copy")
    op.drop_column("letter_approval", "is_sent_back")
    for name in ("before", "details"):
        op.drop_column("letter_draft", name)
    for table, names in TEXTS.items():
        for name in reversed(names):
            op.drop_column(table, name)
