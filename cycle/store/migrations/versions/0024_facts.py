"""facts: what was decided, and from now on each change with what it was before, in a chain that shows what is missing.

What was decided before comes along as it was written, with places below zero; the chain begins behind it and seals it
(`Database.migrate`).
"""

import json
from datetime import UTC
from hashlib import sha256
from secrets import token_hex

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

AT_ONCE = 1000
VIA = ", via "
SUBJECTS = {
    "termijn": "deadline",
    "persoon": "person",
    "lezing": "reading",
    "bericht": "message",
    "afspraak": "agreement",
    "convenant": "covenant",
    "partij": "party",
    "groep": "group",
    "uitnodigingsbrief": "letter",
}
NUMBERED = {"deadline", "person", "reading", "message"}


def upgrade() -> None:
    op.create_table(
        "actor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_actor_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actor")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_actor_name_via", "actor", ["name", "via"])
    op.create_index(op.f("ix_actor_person_id"), "actor", ["person_id"])
    op.create_table(
        "fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("covenant_id", sa.Integer(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("old", sa.String(), nullable=False),
        sa.Column("new", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["covenant_id"], ["covenant.id"], name=op.f("fk_fact_covenant_id_covenant")),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_fact_actor_id_actor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
        sa.UniqueConstraint("covenant_id", "seq", name=op.f("uq_fact_covenant_id_seq")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "fact_head",
        sa.Column("covenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("covenant_id", name=op.f("pk_fact_head")),
    )
    _bring_along(op.get_bind())
    op.create_index(op.f("ix_fact_actor_id"), "fact", ["actor_id"])
    op.create_index("ix_fact_covenant_id_subject_subject_id_id", "fact", ["covenant_id", "subject", "subject_id", "id"])
    _index_some("ix_fact_seq_of_none", ["seq"], "covenant_id IS NULL", unique=True)
    _index_some("ix_fact_said", ["covenant_id", "id"], "about IS NOT NULL")
    _index_some("ix_fact_said_about", ["covenant_id", "about", "id"], "about IS NOT NULL")
    op.drop_table("decision")


def _index_some(name: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    op.create_index(name, "fact", columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _bring_along(database: sa.Connection) -> None:
    """Each decision under its own number."""
    decision = sa.table(
        "decision",
        *map(sa.column, ("id", "covenant_id", "by", "verb", "about", "detail")),
        sa.column("at", sa.DateTime(timezone=True)),
    )
    fact = sa.table(
        "fact",
        *map(
            sa.column,
            (
                "id",
                "covenant_id",
                "seq",
                "actor_id",
                "verb",
                "subject",
                "subject_id",
                "about",
                "text",
                "old",
                "new",
                "salt",
                "digest",
                "hash",
            ),
        ),
        sa.column("at", sa.DateTime(timezone=True)),
    )
    actors = _actors(database)
    left = dict(
        database.execute(sa.select(decision.c.covenant_id, sa.func.count()).group_by(decision.c.covenant_id)).all()
    )
    rows, last = [], 0
    while chunk := database.execute(
        sa.select(decision).where(decision.c.id > last).order_by(decision.c.id).limit(AT_ONCE)
    ).all():
        for row in chunk:
            rows.append(_fact(row, actors[row.by], -left[row.covenant_id]))
            left[row.covenant_id] -= 1
        database.execute(sa.insert(fact), rows)
        rows, last = [], chunk[-1].id
    _go_on_behind(database)


def _actors(database: sa.Connection) -> dict[str, int]:
    """Everybody who decided something, by what they were called then."""
    actor = sa.table("actor", *map(sa.column, ("id", "kind", "person_id", "name", "via")))
    people = dict(
        database.execute(sa.text("SELECT email, min(id) FROM person GROUP BY email HAVING count(*) = 1")).all()
    )
    names = sorted(database.execute(sa.text('SELECT DISTINCT "by" FROM decision')).scalars())
    for by in names:
        name, _, via = by.partition(VIA)
        kind = "clock" if name in ("klok", "cycle") else "link" if via.startswith("link in mail van ") else ""
        kind = kind or ("operator" if via == "de opdrachtregel" else "person")
        values = {"kind": kind, "person_id": people.get(name), "name": name, "via": via}
        database.execute(sa.insert(actor).values(values))
    known = database.execute(sa.select(actor.c.name, actor.c.via, actor.c.id)).all()
    by_words = {(name, via): number for name, via, number in known}
    return {by: by_words[by.partition(VIA)[0], by.partition(VIA)[2]] for by in names}


def _fact(row: sa.Row, actor: int, seq: int) -> dict[str, object]:
    word, _, name = row.about.partition(" ")
    subject = SUBJECTS.get(word, word)
    number = int(name) if subject in NUMBERED and name.isdecimal() and len(name) < 10 else 0
    salt = token_hex(16)
    return {
        "id": row.id,
        "covenant_id": row.covenant_id,
        "seq": seq,
        "at": row.at.replace(tzinfo=row.at.tzinfo or UTC),
        "actor_id": actor,
        "verb": row.verb,
        "subject": subject,
        "subject_id": row.covenant_id or 0 if subject == "covenant" else number,
        "about": row.about,
        "text": row.detail,
        "old": "",
        "new": "",
        "salt": salt,
        "digest": _sha([salt, row.detail, "", ""]),
        "hash": "",
    }


def _sha(parts: list[str]) -> str:
    return sha256(json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _go_on_behind(database: sa.Connection) -> None:
    """A decision that is gone gets no namesake."""
    if database.dialect.name == "sqlite":
        given = database.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'decision'").scalar() or 0
        database.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = 'fact'")
        database.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES ('fact', ?)", (given,))
        return
    database.exec_driver_sql(
        "SELECT setval(pg_get_serial_sequence('fact', 'id'), nextval(pg_get_serial_sequence('decision', 'id')), false)"
    )


def downgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("covenant_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["covenant_id"], ["covenant.id"], name=op.f("fk_decision_covenant_id_covenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sqlite_autoincrement=True,
    )
    op.execute(
        'INSERT INTO decision (id, covenant_id, at, "by", verb, about, detail) '
        "SELECT fact.id, covenant_id, at, name || CASE via WHEN '' THEN '' ELSE ', via ' || via END, verb, about, text "
        "FROM fact JOIN actor ON actor.id = actor_id WHERE about IS NOT NULL"
    )
    op.create_index(op.f("ix_decision_covenant_id"), "decision", ["covenant_id"])
    op.create_index("ix_decision_covenant_id_id", "decision", ["covenant_id", "id"])
    for table in ("fact_head", "fact", "actor"):
        op.drop_table(table)
