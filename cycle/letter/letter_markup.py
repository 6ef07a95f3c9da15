"""The little markup that texts of a letter may have: paragraphs, lists, bold, italic and links; all else stays text.

A text is typed once; the PDF, the Word file, the mail and the preview are each made of the parts that are read here.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

LEVELS, INDENT = 2, "   "
"""How many lists may stand one within another, and how far the inner one stands in where nothing else shows it."""
_SAFE_LINK = re.compile(r"(https?://|mailto:|tel:)", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]]*[^\s<>()\[\].,;:!?]")
_READER = MarkdownIt("zero").enable(
    ["list", "emphasis", "balance_pairs", "fragments_join", "link", "newline", "escape"]
)


class TextKind(StrEnum):
    """What a part of a text is: an ordinary paragraph, or a point of a list with dots or with numbers."""

    PARAGRAPH = "alinea"
    DOT = "punt"
    NUMBER = "nummer"


@dataclass(frozen=True, slots=True)
class SameLook:
    """Words that look the same. `link` is a web, mail or phone address; a line break is a piece: a newline."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class TextPart:
    """A paragraph or a point of a list; with `starts` a list begins here, and its numbers at one. A point of `level` 1
    stands under the point before it; deeper than that there is nothing."""

    kind: TextKind
    pieces: tuple[SameLook, ...]
    starts: bool = False
    level: int = 0

    @property
    def text(self) -> str:
        """Its words without any look; a link that is called otherwise has its address behind it."""
        return "".join(_plain(piece) for piece in self.pieces)


def parts_of(text: str) -> tuple[TextPart, ...]:
    """The paragraphs and points of a text, in their order."""
    parts: list[TextPart] = []
    lists: list[TextKind] = []
    starts, in_point, is_under = False, False, False
    for token in _READER.parse(text):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(TextKind.DOT if token.type.startswith("bullet") else TextKind.NUMBER)
            starts, is_under = len(lists) <= LEVELS, is_under and len(lists) > 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open":
            in_point = True
        elif token.type == "inline":
            is_point, depth = bool(lists) and in_point, min(len(lists), LEVELS)
            kind, level = (lists[depth - 1], int(depth > 1 and is_under)) if is_point else (TextKind.PARAGRAPH, 0)
            parts.append(TextPart(kind, tuple(_pieces(token.children or ())), starts and is_point, level))
            starts, in_point, is_under = False, False, is_point
    return tuple(part for part in parts if part.text.strip())


def as_groups(parts: Iterable[TextPart]) -> list[dict[str, Any]]:
    """The parts for a template: paragraphs one by one, the points of a list together; each is a list of pieces, with
    the groups of points `below` it at its place in there."""
    groups: list[dict[str, Any]] = []
    for part in parts:
        among = groups[-1]["below"][-1] if part.level else groups
        is_next = part.kind != TextKind.PARAGRAPH and not part.starts and among and among[-1]["kind"] == part.kind
        if not is_next:
            among.append({"kind": str(part.kind), "points": [], "below": []})
        among[-1]["points"].append([asdict(piece) for piece in part.pieces])
        among[-1]["below"].append([])
    return groups


def plain_text(parts: Iterable[TextPart]) -> str:
    """The parts as people read them in a mail without looks."""
    lines, numbers = list[str](), [0] * LEVELS
    for part in parts:
        numbers[part.level] = 1 if part.starts else numbers[part.level] + 1
        sign = {TextKind.DOT: "- ", TextKind.NUMBER: f"{numbers[part.level]}. ", TextKind.PARAGRAPH: ""}[part.kind]
        is_next = part.kind != TextKind.PARAGRAPH and (part.level or not part.starts)
        lines.append(("" if is_next or not lines else "\n") + part.level * INDENT + sign + part.text)
    return "\n".join(lines)


def escaped(text: str) -> str:
    """A text in which nothing is taken for markup."""
    inline = re.sub(r"([\\*_\[\]])", r"\\\1", text)
    return re.sub(r"^(\s*\d*)([-+.)])", r"\1\\\2", inline)


def linked(text: str) -> str:
    """The same, but what is a web address can be clicked."""
    done, end = "", 0
    for address in _ADDRESS.finditer(text):
        done += f"{escaped(text[end : address.start()])}[{escaped(address[0])}]({address[0]})"
        end = address.end()
    return done + escaped(text[end:])


def _pieces(tokens: Sequence[Token]) -> Iterable[SameLook]:
    look = SameLook("")
    for token in tokens:
        if token.type in ("text", "text_special", "softbreak", "hardbreak"):
            words = {"softbreak": " ", "hardbreak": "\n"}.get(token.type, token.content)
            if words:
                yield replace(look, text=words)
        elif token.type.startswith("strong"):
            look = replace(look, bold=token.nesting > 0)
        elif token.type.startswith("em"):
            look = replace(look, italic=token.nesting > 0)
        elif token.type.startswith("link"):
            look = replace(look, link=_safe(str(token.attrGet("href") or "")) if token.nesting > 0 else "")


def _safe(address: str) -> str:
    return address if _SAFE_LINK.match(address) else ""


def _plain(piece: SameLook) -> str:
    address = piece.link.removeprefix("mailto:").removeprefix("tel:")
    return f"{piece.text} ({address})" if address and address != piece.text else piece.text
