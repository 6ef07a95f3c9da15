"""What may be done with a covenant that was put away: read it, and take it up again."""

from cycle.errors import Refused
from cycle.store.database import Session
from cycle.store.tables import Covenant

ARCHIVED = ("Deze afspraken zijn gearchiveerd: er verandert niets meer.", "Het secretariaat kan ze weer oppakken.")


def refuse_archived(session: Session, covenant_id: int) -> None:
    """Raises Refused for a covenant that was put away."""
    if session.get_one(Covenant, covenant_id).archived_at is not None:
        raise Refused(*ARCHIVED)
