"""Which standing tables of people the year has: the bodies that meet, and which parties come to them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cycle.domain.model import LadderKind
from cycle.domain.term import TERM_STEPS
from cycle.domain.year_steps import Step

HELD = frozenset({LadderKind.MEETING, LadderKind.YEARLY})
"""The kinds of step that are held as a meeting."""


BOARD = "bestuurlijk"
"""How the name of a body begins to which the directors of its parties come, unless its people were named."""


@dataclass(frozen=True, slots=True)
class Table:
    """A body: how it is called, and the parties that come, in their order."""

    name: str
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StandingBodies:
    """The bodies of a covenant by their slug, and which of them meets at which step of the year."""

    tables: Mapping[str, Table] = field(default_factory=dict)
    of_steps: Mapping[str, str] = field(default_factory=dict)

    def has(self, wanted: "StandingBodies") -> bool:
        """Whether all that the year wants is there as it wants it; there may be more, of years before."""
        tables, steps = self.tables.items(), self.of_steps.items()
        is_free = not any(name in TERM_STEPS for name in self.of_steps)  # of before these were no meetings
        return wanted.tables.items() <= tables and wanted.of_steps.items() <= steps and is_free


def bodies_of(steps: Iterable[Step]) -> StandingBodies:
    """The bodies of a year. Steps that name the same body meet as one: who comes to either of them sits there."""
    tables: dict[str, Table] = {}
    of_steps: dict[str, str] = {}
    for step in steps:
        if is_held(step):
            slug = of_steps[step.name] = body_slug(step.body) or step.name
            coming = (*(tables[slug].parties if slug in tables else ()), *step.leads, *step.participants)
            tables[slug] = Table(step.body or step.title, tuple(dict.fromkeys(coming)))
    return StandingBodies(tables, of_steps)


def is_held(step: Step) -> bool:
    """Whether people come together for a step. Whether the agreements go on comes up at a meeting, and is none."""
    return step.kind in HELD and step.name not in TERM_STEPS


def body_slug(name: str) -> str:
    """How a body of this name is known within its covenant."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
