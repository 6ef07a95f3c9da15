"""Two people, one thing: whoever saves second is told what the first one did, and nothing is lost.

A page puts `version_of` the rows it shows into its form, with the moment at which they were read. The action that
saves compares it in its own transaction, with the rows locked.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

from cycle.errors import Changed
from cycle.store import decisions
from cycle.store.database import Session
from cycle.store.decisions import Decision
from cycle.store.seats import keys_of
from cycle.store.tables import DeadlineRow, Membership, Row
from cycle.store.touching import NOT_CONTENT

SHOWN = 5


def version_of(now: datetime, *rows: Row) -> str:
    """What these rows hold, and when they were read: for the form field `version`."""
    return f"{_content(rows)}.{int(now.timestamp())}"


def refuse_changed(session: Session, version: str, about: str, covenant_id: int | None, *rows: Row) -> None:
    """Lets a change through when the rows are still as the page showed them; an empty version asks nothing.

    `about` is what the logbook calls it ("termijn 12"). Call it with the rows locked. Raises Changed with what others
    did since.
    """
    seen, _, read_at = version.partition(".")
    if not version or seen == _content(rows):
        return
    since = datetime.fromtimestamp(int(read_at), UTC) if read_at.isdecimal() and len(read_at) < 12 else None
    did = decisions.newest_about(session, about, covenant_id, since=since, limit=SHOWN)
    lines = tuple(decision_words(row) for row in did)
    raise Changed(
        "Iemand anders heeft dit intussen gewijzigd.",
        "Wat u invulde staat er nog. Kijk wat er anders is, en bewaar opnieuw als het zo goed is.",
        lines,
    )


def decision_words(row: Decision) -> str:
    """ "wonen@gemeente.nl: verplaatst (van 2027-03-01 naar 2027-04-01)" """
    return f"{row.by}: {row.verb}" + (f" ({row.detail})" if row.detail.strip() else "")


def _content(rows: Sequence[Row]) -> str:
    values = [
        sorted((key, repr(value)) for key, value in row.model_dump(exclude=set(NOT_CONTENT)).items()) for row in rows
    ]
    values += [[("named for", repr(keys_of(row)))] for row in rows if isinstance(row, Membership)]
    meetings = [row.meeting for row in rows if isinstance(row, DeadlineRow) and row.meeting is not None]
    values += [sorted((key, repr(value)) for key, value in row.model_dump().items()) for row in meetings]
    return sha256(repr(values).encode()).hexdigest()[:16]
