"""The draft of a covenant: what its documents say, and what a person is asked before anything is kept."""

from dataclasses import dataclass
from datetime import date

from cycle.domain.model import PartyKind


@dataclass(frozen=True, slots=True)
class DraftQuestion:
    """Something that the documents leave in doubt, about one field or thing of the draft."""

    about: str
    what: str
    hint: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class PartyDraft:
    """A party as the documents name it; `place` is where it was first seen."""

    slug: str
    name: str
    kind: PartyKind
    aliases: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """A name for several parties."""

    slug: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepDraft:
    """A step of the year that the documents name. `source` are the agreements that name it, `moment` the keys of its
    own moment where the text gives another than the library's, `said` the words that do; `leads` are the parties that
    lead it by the text (slugs), where those are others than the library's; `like` is the step on offer after which one
    of its own is made."""

    name: str
    title: str
    source: tuple[str, ...] = ()
    moment: tuple[tuple[str, object], ...] = ()
    said: str = ""
    place: str = ""
    leads: tuple[str, ...] = ()
    like: str = ""


@dataclass(frozen=True, slots=True)
class CovenantDraft:
    """A whole table, as far as its documents say; None and "" stand for what they do not."""

    slug: str
    name: str
    municipality: str
    signed_on: date | None
    term_start: date | None
    term_end: date | None
    renews: bool | None
    parties: tuple[PartyDraft, ...]
    groups: tuple[GroupDraft, ...]
    steps: tuple[StepDraft, ...] = ()
    questions: tuple[DraftQuestion, ...] = ()
