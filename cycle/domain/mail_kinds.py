"""The kinds of mail: one table. A new kind is a row here, its templates, a sample, and its tests.

What a kind is called, when it may leave, what becomes of one of which nobody knows whether it arrived, and whether the
clock makes it anew: whoever asks, asks here.
"""

from dataclasses import dataclass
from enum import StrEnum


class AfterUnknown(StrEnum):
    """What happens to a mail that may have arrived (RFC 5321, 4.2.5: no answer after the final dot)."""

    AGAIN = "again"
    """It goes again with the same Message-ID, a few times at most for a reminder; a double is no harm."""
    ASK = "ask"
    """A person decides."""
    GIVE_UP = "give up"
    """Its time is over before anybody could decide."""


@dataclass(frozen=True, slots=True)
class MailKind:
    """One kind of mail.

    `name` is kept with each message, `words` is what people read. `templates` are the names under `templates/email/`:
    most kinds have one, of their own name. `keeps_hours` is for what leaves in mail hours only (rule B12),
    `is_never_paused` for what says that sending stands still, or lets somebody in to look at it. `is_planned` says that
    the clock makes it anew when one could not be made.
    """

    name: str
    words: str
    templates: tuple[str, ...]
    after_unknown: AfterUnknown = AfterUnknown.ASK
    keeps_hours: bool = False
    is_never_paused: bool = False
    is_planned: bool = False


DIGEST = MailKind(
    "digest",
    "herinnering",
    ("digest",),
    AfterUnknown.AGAIN,
    keeps_hours=True,
    is_planned=True,
)
LETTER = MailKind("letter", "uitnodigingsbrief", ("letter",))
FOLLOW_UP = MailKind("followup", "bericht na een brief", ("followup",))
APPROVAL = MailKind("approval", "verzoek om akkoord", ("approval",))
WELCOME = MailKind("welcome", "welkomstmail", ("welcome",))
RHYTHM = MailKind("rhythm", "bevestiging van afwezigheid", ("rhythm",))
CONFIRMATION = MailKind("confirmation", "bevestiging van een antwoord", ("confirmation",))
SIGN_IN = MailKind("signin", "aanmeldlink", ("signin", "code"), AfterUnknown.GIVE_UP, is_never_paused=True)
ALARM = MailKind("alarm", "melding", ("alarm",), AfterUnknown.AGAIN, is_never_paused=True)
DAILY = MailKind("daily", "dagbericht", ("daily",), is_planned=True)

KINDS = {
    kind.name: kind
    for kind in (DIGEST, LETTER, FOLLOW_UP, APPROVAL, WELCOME, RHYTHM, CONFIRMATION, SIGN_IN, ALARM, DAILY)
}


def kind_words(name: str) -> str:
    """What people call a kind of mail; its own name for one that is in no table any more."""
    return KINDS[name].words if name in KINDS else name
