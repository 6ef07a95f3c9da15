"""The texts of a letter: blocks in an order, each a heading and a text with a little markup and with fields.

The standard texts of each kind of letter stand in `teksten.toml` beside the templates; a secretary may change them
there for every letter, or at the desk for one. Between braces stand fields: a line with a field that has no value yet
falls out, so that no letter says "op ." of a day that nobody knows.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cycle.domain.text import clean_lines
from cycle.errors import CycleError
from cycle.letter.letter_markup import TextPart, escaped, parts_of
from cycle.resources import shipped

TEXTS = "teksten.toml"
MOST_SIGNS = 4000
"""So long may one block be."""
MOST_BLOCKS = 40
SUBJECT, GREETING, MAIL, CALENDAR, STANDING = "onderwerp", "aanhef", "mail", "kalender", "stand"
"""Places with a part of their own: over the letter, in the mail that carries it, and over its two annexes."""
APART = frozenset({SUBJECT, MAIL, CALENDAR, STANDING})
OTHER = "brief"
"""The kind whose texts a letter has of which nothing is known."""
OWN = "eigen"
"""How the place of a block that somebody added begins."""

_FIELD = re.compile(r"\{([a-z_]+)\}")
_POINT = re.compile(r"\s*([-*+]|\d+[.)])\s")


@dataclass(frozen=True, slots=True)
class Block:
    """One text of the letter with its fields filled in. `place` says which; one without text is left out, with its
    heading."""

    place: str
    title: str
    text: str

    @property
    def parts(self) -> tuple[TextPart, ...]:
        """Its paragraphs and lists."""
        return parts_of(self.text)


@dataclass(frozen=True, slots=True)
class Written:
    """One text as somebody typed it, with fields between braces; with `is_own` it is not the standard text."""

    place: str
    title: str
    text: str
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class TextPlace:
    """A place in the letter for a text: what people call it, and when the text stands where."""

    name: str
    label: str
    hint: str


def places(kind: str, folder: Path) -> tuple[TextPlace, ...]:
    """The places of a kind of letter in their order, for the form in which the texts are changed."""
    return tuple(TextPlace(name, one["naam"], one.get("uitleg", "")) for name, one in _texts(kind, folder).items())


def standard_texts(kind: str, folder: Path) -> tuple[Written, ...]:
    """The texts that a kind of letter begins with, from a folder of templates.

    Raises CycleError for a file that cannot be read.
    """
    return tuple(
        Written(name, one.get("kop", ""), clean_lines(one.get("tekst", "")))
        for name, one in _texts(kind, folder).items()
    )


def texts_from(data: Any, standard: Sequence[Written]) -> tuple[Written, ...]:
    """The texts of a draft as they were kept: each with its words, or only its place where it is the standard text.

    A draft of an older version has only what was changed, by its place. A standard text that came since has its place.
    """
    by_place = {one.place: one for one in standard}
    if not isinstance(data, list):
        own = {one.place: data[one.place] for one in standard if one.place in (data or {})}
        return tuple(Written(one.place, one.title, own.get(one.place, one.text), one.place in own) for one in standard)
    texts = [
        Written(one["place"], one["title"], one["text"], True) if "text" in one else by_place[one["place"]]
        for one in data
        if "text" in one or one["place"] in by_place
    ]
    known = {one.place for one in texts}
    for number, text in enumerate(standard):
        if text.place not in known:
            texts.insert(number, text)
    return tuple(texts)


def as_kept(texts: Iterable[Written], standard: Sequence[Written]) -> list[dict[str, str]]:
    """Texts as a draft keeps them: each with its words, or only its place where it is the standard text."""
    by_place = {one.place: one for one in standard}
    data = []
    for text in texts:
        known = by_place.get(text.place)
        is_standard = known is not None and (known.title, known.text) == (text.title, text.text)
        data.append({"place": text.place} | ({} if is_standard else {"title": text.title, "text": text.text}))
    return data


def filled(texts: Iterable[Written], fields: Mapping[str, str]) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The texts with their fields, and the lines that fell out because a field of them is empty.

    What stands between braces and is no field stays as it is typed: `unknown_fields` tells of it.
    """
    blocks, fallen = [], list[str]()
    for written in texts:
        lines = [_line(line, fields, fallen) for line in written.text.split("\n")]
        text = "\n".join(line for line in lines if line is not None)
        blocks.append(Block(written.place, _heading(written.title, fields), re.sub(r"\n{3,}", "\n\n", text).strip()))
    return tuple(blocks), tuple(fallen)


def unknown_fields(text: str, fields: Iterable[str]) -> list[str]:
    """What stands between braces and is no field."""
    return [name for name in dict.fromkeys(_FIELD.findall(text)) if name not in fields]


def kept_block(data: Mapping[str, Any]) -> Block:
    """A block of a letter that was kept; one of an older version has paragraphs without any markup."""
    if "text" in data:
        return Block(data["place"], data["title"], data["text"])
    return Block(data["place"], data["title"], "\n\n".join(escaped(one) for one in data["paragraphs"]))


def _line(line: str, fields: Mapping[str, str], fallen: list[str]) -> str | None:
    """A line with its fields; None for one that falls out."""
    if any(fields.get(name) == "" for name in _FIELD.findall(line)):
        fallen.append(line.strip())
        return None
    return _FIELD.sub(lambda field: fields.get(field[1], field[0]), line)


def _heading(title: str, fields: Mapping[str, str]) -> str:
    return "".join(piece.text for part in parts_of(_line(title, fields, []) or "") for piece in part.pieces)


def _texts(kind: str, folder: Path) -> dict[str, dict[str, str]]:
    """The texts of a kind: from the folder's own file, else from the one that came along."""
    own = folder / TEXTS
    came = shipped("templates", "letter", TEXTS)
    for file in (own, came):
        texts = _read(file) if file.is_file() else {}
        if kind in texts:
            return texts[kind]
    return _read(came)[OTHER]


def _read(file: Path) -> dict[str, dict[str, dict[str, str]]]:
    try:
        texts: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CycleError(f"De teksten van de brief zijn niet te lezen: {error}.", f"Kijk {file} na.") from None
    if any("tekst" in one for one in texts.values() if isinstance(one, dict)):
        raise CycleError(
            f"{file} heeft nog de oude vorm: de teksten staan er niet per soort brief.",
            "Zet voor elke naam het soort brief, zoals [uitnodiging.opening]; docs/upgrading.md zegt hoe.",
        )
    return texts
