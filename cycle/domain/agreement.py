"""A numbered agreement with its readings, as the year needs it."""

from dataclasses import dataclass, replace
from datetime import date

from cycle.domain.action_titles import called, told_apart
from cycle.domain.model import AgreementKey, Reading


@dataclass(frozen=True, slots=True)
class AgreementReading:
    """A reading with the place it has in the register: `slot` is its lasting name within its action, `ref` the one that
    a document knows it by, unique within the covenant.

    `is_former` marks a phrase of an older agenda than the newest; `after` is the day up to which that older agenda
    still gives the occurrences.
    """

    ref: str
    phrase: str
    reading: Reading
    from_agenda: bool = False
    source: str = ""
    is_former: bool = False
    after: date | None = None
    slot: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """A numbered agreement as the year needs it; `leads` are those of the agenda where it names any.

    `id` and `action` are 0 for one that the register does not hold. `framework` is its text there, where `text` is that
    of the agenda. `actions` are the further ones under its number, each with its own words, leads and readings. With a
    reason in `standing` no round asks about it.
    """

    number: str
    theme: str
    topic: str
    text: str
    leads: tuple[str, ...]
    readings: tuple[AgreementReading, ...] = ()
    via: str = ""
    id: int = 0
    action: int = 0
    framework: str = ""
    actions: tuple["Agreement", ...] = ()
    standing: str = ""

    @property
    def tasks(self) -> tuple["Agreement", ...]:
        """All that is to be done under this number: what the agreement itself asks, and its further actions, each
        called as nothing else there."""
        if not self.actions:
            return (self,)
        titles = told_apart([self, *self.actions])
        return tuple(replace(one, topic=title) for one, title in zip((self, *self.actions), titles, strict=True))

    @property
    def title(self) -> str:
        """What people read: its topic, and where it has none its first words."""
        return called(self.topic, self.text or self.framework)

    @property
    def key(self) -> AgreementKey:
        """How whoever is named for it names it."""
        return self.id or self.number
