"""One file in the metered child process: who it names, when it was signed, for how long it holds."""

from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from cycle.domain.text import clean_line
from cycle.intake import limits
from cycle.intake.encoding import decoded
from cycle.intake.formats import blocks_of, kind_of
from cycle.intake.founding.sightings import Seen, seen_in
from cycle.intake.leads import names_of


def look(path: Path) -> Seen:
    """What a file of any known format says of the table that made it.

    Raises Unreadable.
    """
    seconds = limits.seconds_for(kind_of(path)) + limits.OTHER_CHILD_SECONDS
    return _answers().validate_python(limits.ask_child("seen", path, seconds)["seen"])


def look_here(path: Path) -> bytes:
    """The same in this process, as JSON: for the child."""
    return _answers().dump_json(seen_in(blocks_of(path, names_of((), ())), clean_line(path.name), _printed(path)))


def _printed(path: Path) -> list[tuple[str, str]]:
    """The lines of a text as they stand, with their place; none of other formats, of which the blocks say all."""
    if kind_of(path):
        return []
    lines = decoded(limits.read_within_size(path)).splitlines()
    return [(clean_line(line), f"{clean_line(path.name)}, regel {number}") for number, line in enumerate(lines, 1)]


@cache
def _answers() -> TypeAdapter[Seen]:
    return TypeAdapter(Seen)
