"""Markdown with pipe tables: a row per line between |, a rule of dashes under the headings."""

import re

from cycle.intake.markup import inline_text
from cycle.intake.raw import Block
from cycle.intake.repairs import without_marks
from cycle.intake.tabbed import grouped


def blocks_of(text: str, file: str) -> list[Block]:
    """The tables and texts of a Markdown document."""
    return grouped(((number, _cells(line), line) for number, line in enumerate(text.split("\n"), 1)), file)


def is_row(line: str) -> bool:
    """Whether a line is a row of a pipe table: it begins with a pipe, or has two."""
    return line.lstrip().startswith("|") or line.count("|") >= 2


def _cells(line: str) -> list[str] | None:
    """The cells of a row; none for the rule under the headings; `None` for a line that is no row."""
    if not is_row(line):
        return None
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    cells = [_plain(cell.replace("\\|", "|")) for cell in _PIPE.split(inner)]
    return [] if all(_RULE.fullmatch(cell.strip()) for cell in cells) else cells


def _plain(cell: str) -> str:
    """A cell without Markdown's marks."""
    return inline_text(without_marks(_LINK.sub(r"\1", cell))).strip()


_PIPE = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r":?-*:?")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
