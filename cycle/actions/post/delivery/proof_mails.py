"""Proof per deadline: why each line was told, when it was planned and sent, and what the mail server said (rule C10).

Nothing is tracked: whether somebody opened a mail is not known here, and not asked.
"""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.office import Office
from cycle.domain.model import MailState
from cycle.errors import NotFound
from cycle.sheets import Column, Sheet, write_sheets
from cycle.store import ledger
from cycle.store.database import Session
from cycle.store.ledger import Proof
from cycle.store.tables import DeadlineRow
from cycle.words import MAIL_STATES

HEADS = (
    ("termijn", 9),
    ("nummer", 9),
    ("titel", 36),
    ("uiterste dag", 13),
    ("partij", 14),
    ("persoon", 24),
    ("adres", 30),
    ("trede", 10),
    ("waarom", 16),
    ("geteld vanaf", 13),
    ("dag", 12),
    ("gepland", 18),
    ("mail", 8),
    ("Message-ID", 40),
    ("stand", 10),
    ("eerste poging", 18),
    ("verstuurd", 18),
    ("pogingen", 9),
    ("antwoord van de mailserver", 50),
    ("teruggekomen", 18),
    ("afgemeld", 18),
    ("afgemeld door", 24),
)


def proof(
    session: Session,
    office: Office,
    covenant: str | None,
    *,
    deadline: int | None = None,
    first: date | None = None,
    last: date | None = None,
) -> list[Proof]:
    """The proof of a covenant, or of one of its deadlines.

    Raises NotFound for a deadline that is not there.
    """
    view = view_of(session, office.settings, covenant)
    if deadline is not None:
        row = session.get(DeadlineRow, deadline) if 0 < deadline < 2**31 else None
        if row is None or row.covenant_id != view.id:
            raise NotFound(f"Termijn {deadline} bestaat niet.", "Kijk met: cycle plan JAAR")
    return list(ledger.proofs(session, view.id, deadline=deadline, first=first, last=last))


def proof_as_json(line: Proof) -> dict[str, Any]:
    """One line, with dates and moments as ISO text."""
    fields = {name: value for name, value in line._asdict().items() if name != "covenant"}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in fields.items()}


def write_proof(lines: list[Proof], file: Path, zone: ZoneInfo) -> None:
    """The proof as CSV or XLSX, moments in local time.

    Raises Refused for another kind of file, CycleError when it cannot be written.
    """
    rows = [[_cell(value, zone) for value in one[1:]] for one in lines]
    write_sheets(file, [Sheet("Bewijs", tuple(Column(name, width) for name, width in HEADS), rows)])


def _cell(value: object, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, MailState):
        return MAIL_STATES[value]
    return "" if value is None else str(value)
