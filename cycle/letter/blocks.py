"""The texts of the letter: blocks with a lasting place, each some paragraphs of plain text.

The standard texts stand in `teksten.toml` beside the templates; a secretary may change them there for every letter, or
at the desk for the letter of one year.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cycle.domain.text import clean_lines
from cycle.errors import CycleError
from cycle.resources import shipped

TEXTS = "teksten.toml"
MOST_SIGNS = 4000
"""So long may one block be."""


@dataclass(frozen=True, slots=True)
class Block:
    """One text of the letter. `place` says which; a block without paragraphs is left out, heading and all."""

    place: str
    title: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """The paragraphs as people type them, with an empty line between."""
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class TextPlace:
    """A place in the letter for a text: what people call it, and when the text stands where."""

    name: str
    label: str
    hint: str


def places(folder: Path) -> tuple[TextPlace, ...]:
    """The places of the letter in their order, for the form in which the texts are changed."""
    return tuple(TextPlace(name, one["naam"], one.get("uitleg", "")) for name, one in _texts(folder).items())


def standard_blocks(fields: Mapping[str, str], folder: Path, own: Mapping[str, str]) -> tuple[Block, ...]:
    """The blocks with their fields filled in; `own` texts (by place) are taken as they are.

    Raises CycleError for a text that names an unknown field.
    """
    return tuple(
        Block(
            name,
            _filled(one.get("kop", ""), fields),
            paragraphs(own[name] if name in own else _filled(one.get("tekst", ""), fields)),
        )
        for name, one in _texts(folder).items()
    )


def paragraphs(text: str) -> tuple[str, ...]:
    """Plain text as paragraphs: an empty line parts them, a line break within one is a space."""
    parts = re.split(r"\n\s*\n", clean_lines(text))
    return tuple(words for words in (" ".join(part.split()) for part in parts) if words)


def _texts(folder: Path) -> dict[str, dict[str, str]]:
    own = folder / TEXTS
    file = own if own.is_file() else shipped("templates", "letter", TEXTS)
    try:
        texts: dict[str, dict[str, str]] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CycleError(f"De teksten van de brief zijn niet te lezen: {error}.", f"Kijk {file} na.") from None
    return texts


def _filled(text: str, fields: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] not in fields:
            hint = f"Bekend zijn: {', '.join(fields)}."
            raise CycleError(f"De teksten van de brief noemen een onbekend veld: {{{match[1]}}}.", hint)
        return fields[match[1]]

    return re.sub(r"\{(\w+)\}", value, text)
