"""Text made clean at the door: what people type or send, without signs that a later room cannot take.

A database refuses NUL, a file refuses half characters, a Word file most control characters; marks that turn text around
mislead the eye in a mail. Nobody types them on purpose, so they are taken out and not complained of.
"""

import re
from typing import Any

_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# controls but for tab and line feed; halves of characters; what Unicode keeps for itself; a stray byte order mark
_UNUSABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean_lines(text: str) -> str:
    """Text of several lines: with line feeds only, without signs that nothing can show, no space around it."""
    return _TURNING.sub("", _UNUSABLE.sub("", _ENDS.sub("\n", text))).strip()


def clean_line(text: str) -> str:
    """The same on one line: a break or a tab is a space."""
    return clean_lines(text).replace("\n", " ").replace("\t", " ").strip()


def number_in(text: str, digits: int = 9) -> int | None:
    """The whole number that a text is, written in at most so many plain digits; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None


def natural(number: str) -> list[tuple[bool, int, str]]:
    """How numbers are put in the order in which people count: 1.1.4, 1.1.5, … 4.9, 4.10; what is a word comes last."""
    pieces = [piece for piece in re.split(r"(\d+)|[.\s]+", number.casefold()) if piece]
    return [(not piece.isdecimal(), int(piece) if piece.isdecimal() else 0, piece) for piece in pieces]


def is_clean(text: str) -> bool:
    """Whether there is nothing to take out of one line."""
    return not (_UNUSABLE.search(text) or _TURNING.search(text) or _ENDS.search(text) or "\n" in text or "\t" in text)


def clean_data(value: Any) -> Any:
    """All texts in lists and tables, keys too; what is no text stays as it is."""
    if isinstance(value, str):
        return clean_lines(value)
    if isinstance(value, dict):
        return {clean_data(key): clean_data(one) for key, one in value.items()}
    return [clean_data(one) for one in value] if isinstance(value, list) else value
