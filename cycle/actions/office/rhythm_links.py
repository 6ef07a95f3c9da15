"""The signed addresses in the foot of a reminder: the page of somebody's own rhythm, and the end of the overview.

`signer` is that of the person (`Signer.of`).
"""

from datetime import date

from cycle.actions.office.mailed import OVERVIEW, RHYTHM
from cycle.actions.office.signing import Signer
from cycle.settings import Settings

RHYTHM_FORM = "ritmeformulier"


def rhythm_url(settings: Settings, signer: Signer, person: int, today: date) -> str:
    """Where this person chooses when mail comes."""
    return f"{settings.web.base_url}/ritme/{signer.sign(RHYTHM, str(person), today)}"


def stop_url(settings: Settings, signer: Signer, person: int, today: date) -> str:
    """Where this person stops the weekly overview, and nothing else (rule B6)."""
    return f"{settings.web.base_url}/overzicht/{signer.sign(OVERVIEW, str(person), today)}"
