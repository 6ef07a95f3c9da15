"""What a message bears: its kind and its state, and what follows from the kind."""

from cycle.domain import mail_kinds
from cycle.domain.mail_kinds import KINDS
from cycle.domain.model import MailState

DIGEST, LETTER, ALARM, SIGN_IN, DAILY = (
    kind.name for kind in (mail_kinds.DIGEST, mail_kinds.LETTER, mail_kinds.ALARM, mail_kinds.SIGN_IN, mail_kinds.DAILY)
)
FOLLOW_UP = mail_kinds.FOLLOW_UP.name
DRAFT, QUEUED, SENDING, SENT, FAILED, HELD, REPLACED, DISCARDED = MailState

KEEPS_HOURS = tuple(name for name, kind in KINDS.items() if kind.keeps_hours)
"""Kinds that leave in mail hours only; letters, invitations and alarms may go at any time (rule B12)."""

NEVER_PAUSED = tuple(name for name, kind in KINDS.items() if kind.is_never_paused)
"""What says that sending stands still, and what lets somebody in to look at it."""

PLANNED_KINDS = tuple(name for name, kind in KINDS.items() if kind.is_planned)
"""Kinds that the clock makes anew when one of them could not be made."""
