"""A lead's part in a deadline settled and taken back: what stood there before is kept with it, so an undo is whole.

Whoever changes a part calls `deadlines.follow_parts` after it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from cycle.domain.model import State
from cycle.store.tables import DeadlineParty


def settle_part(part: DeadlineParty, state: State, now: datetime, by: str, note_text: str = "", act: str = "") -> None:
    """Done or dropped. `act` names a decision that can be taken back on its own, such as one of a meeting."""
    note = note_text or part.note
    part.before = {
        "state": part.state,
        "settled_at": part.settled_at.isoformat() if part.settled_at else None,
        "settled_by": part.settled_by,
        "note": part.note,
        "before": part.before,
        "act": act,
        "noted": note,
    }
    part.state, part.settled_at, part.settled_by, part.note = state, now, by, note


def step_back(part: DeadlineParty) -> None:
    """As it was before the last decision about it; open when an older version did not keep that.

    A sentence that somebody gave since stays.
    """
    was: dict[str, Any] = part.before or {"state": State.OPEN, "settled_at": None, "settled_by": "", "before": {}}
    if part.note == was.get("noted"):
        part.note = was["note"]
    part.state, part.settled_by, part.before = was["state"], was["settled_by"], was["before"]
    part.settled_at = datetime.fromisoformat(was["settled_at"]) if was["settled_at"] else None


def open_part(part: DeadlineParty, note_text: str = "") -> None:
    """Open, as it was when it was open before; `note_text` is why."""
    while part.state != State.OPEN:
        step_back(part)
    part.note = note_text or part.note


def newest(parts: Sequence[DeadlineParty]) -> list[DeadlineParty]:
    """Those of some settled parts that were settled last, together."""
    at = {id(part): part.settled_at or datetime.min.replace(tzinfo=UTC) for part in parts}
    return [part for part in parts if at[id(part)] == max(at.values())]


def settled_in(part: DeadlineParty, act: str) -> bool:
    """Whether the last decision about a part was this one."""
    return bool(act) and part.before.get("act") == act
