"""Of which tables and columns facts are kept: each, unless it is named here with the reason why not."""

from collections.abc import Mapping

from sqlalchemy import Table
from sqlmodel import SQLModel

from cycle.store.tables import (
    Actor,
    Beat,
    Covenant,
    DeadlineRow,
    DeskSession,
    Fact,
    FactHead,
    FeedFetch,
    FeedLink,
    Installation,
    LetterDraft,
    LetterheadRow,
    MailReply,
    Message,
    MessageCovenant,
    OutboxPause,
    Person,
    ReminderRow,
    RhythmRow,
    SentForm,
    SignIn,
    SnapshotLine,
    TypedForm,
)

_OF_MAIL = "mails are their own ledger, and not in the chain"
_OF_VISITS = "of browsers and their forms, and soon forgotten"
_OF_SERVICE = "of the service, and no history of anything"
_ITS_MOMENT = "the moment of the fact itself"
_OF_FACTS = "it is what facts are kept in"

NOT_TOLD: Mapping[type[SQLModel], str] = {
    Message: _OF_MAIL,
    MessageCovenant: _OF_MAIL,
    MailReply: "what people write by mail is theirs until somebody takes it over as an answer, which is a fact",
    ReminderRow: _OF_MAIL,
    FeedLink: "keys of calendars, of which the acts themselves say what became of them",
    FeedFetch: "a note beside a link",
    SignIn: _OF_VISITS,
    DeskSession: _OF_VISITS,
    SentForm: _OF_VISITS,
    TypedForm: _OF_VISITS,
    Beat: _OF_SERVICE,
    OutboxPause: _OF_SERVICE,
    Installation: _OF_SERVICE,
    SnapshotLine: "a copy of answers, made once with its snapshot and never changed",
    Actor: _OF_FACTS,
    Fact: _OF_FACTS,
    FactHead: _OF_FACTS,
}
"""Tables whose rows are no facts, and why."""

NOT_TOLD_OF: Mapping[type[SQLModel], Mapping[str, str]] = {
    Covenant: {"stamp": "it follows from every other write"},
    Person: {
        "hard_bounces": _OF_MAIL,
        "undeliverable_since": _OF_MAIL,
        "seal_mark": "a secret that opens the links of a person",
        "mark_renewed_at": "it goes with the secret; the act itself says that links ended",
    },
    DeadlineRow: {
        "next_moment": "worked out by the planner",
        "changed_at": _ITS_MOMENT,
    },
    RhythmRow: {"changed_at": _ITS_MOMENT},
    LetterDraft: {"changed_at": _ITS_MOMENT},
    LetterheadRow: {"changed_at": _ITS_MOMENT},
}
"""Columns that are no facts, and why."""

SUBJECTS = {"deadline_party": "part", "party_group": "group"}
"""What a row of a table is called among facts; any other by the name of its table."""

_UNTOLD_TABLES = frozenset(str(kind.__tablename__) for kind in NOT_TOLD)
_UNTOLD_COLUMNS = {str(kind.__tablename__): frozenset(columns) for kind, columns in NOT_TOLD_OF.items()}


def told_columns(table: Table) -> frozenset[str]:
    """The columns of a table of which facts are kept."""
    if table.name in _UNTOLD_TABLES:
        return frozenset()
    return frozenset(table.columns.keys()) - _UNTOLD_COLUMNS.get(table.name, frozenset())
