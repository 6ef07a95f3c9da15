"""The pages of a PDF as a reader sees them: without what is struck out and without what comes back on every page.

A page of which the text runs in two columns is read column by column.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cycle.intake.raw import RawAside, RawNote
from cycle.intake.repairs import is_page_number
from cycle.intake.unread import STRUCK, STRUCK_HINT, clipped


@dataclass(frozen=True, slots=True)
class Pages:
    """What is read of a PDF, and what was left out of it."""

    pages: Sequence[Any]
    doc: Any
    left_out: tuple[RawNote | RawAside, ...] = ()


def pages_as_seen(pdf: Any, file: str) -> Pages:
    """The pages without struck out words, running heads and feet, and page numbers."""
    edges = [_edges(page) for page in pdf.pages]
    on_pages = Counter(key for lines in edges for key in {_key(line) for line in lines})
    left_out: list[RawNote | RawAside] = []
    pages: list[Any] = []
    told: set[tuple[str, int]] = set()
    for page, lines in zip(pdf.pages, edges, strict=True):
        place = f"{file}, bladzijde {page.page_number}"
        running = [line for line in lines if is_page_number(line.text) or on_pages[_key(line)] > 1]
        first = [line for line in running if not is_page_number(line.text) and _key(line) not in told]
        told.update(map(_key, first))
        # a head is read once, because it may be the only title; a foot would stand in the middle of a sentence
        left_out += [RawAside(line.text, place, _FOOT) for line in first if line.top > page.height / 2]
        running = [line for line in running if line not in first or line.top > page.height / 2]
        strokes, struck = _struck(page)
        left_out += [RawNote(place, STRUCK.format(clipped(words)), STRUCK_HINT) for words in _texts(struck)]
        gone = {id(thing) for thing in (*strokes, *struck, *(char for line in running for char in line.chars))}
        pages.append(page.filter(lambda thing, gone=gone: id(thing) not in gone) if gone else page)
    return Pages(pages, pdf.doc, tuple(left_out))


# --- what comes back on every page -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Edge:
    """A line of print in the margin above or below the text."""

    text: str
    top: float
    chars: tuple[Any, ...]


def _edges(page: Any) -> list[_Edge]:
    margin = _margin(page)
    chars = [char for char in page.chars if char["bottom"] <= margin or char["top"] >= page.height - margin]
    return [_Edge(_text(line), line[0]["top"], tuple(line)) for line in _lines(chars)]


def _margin(page: Any) -> float:
    """How far heads and feet reach into a page; on a small one farther."""
    height = float(page.height)
    return max(height * _MARGIN, min(_HEAD, height / 6))


def _key(edge: _Edge) -> tuple[str, int]:
    """What is the same on another page: the words without their figures, at the same height."""
    return _DIGITS.sub("#", edge.text), round(edge.top / _SAME_HEIGHT)


def _lines(chars: Iterable[Any]) -> Iterator[list[Any]]:
    """The characters line by line, each line with words in it."""
    lines: list[list[Any]] = []
    for char in sorted(chars, key=lambda char: char["bottom"]):
        if lines and char["bottom"] - lines[-1][0]["bottom"] <= _SLACK:
            lines[-1].append(char)
        else:
            lines.append([char])
    return (sorted(line, key=lambda char: char["x0"]) for line in lines if any(char["text"].strip() for char in line))


def _text(chars: Sequence[Any]) -> str:
    """A line as words; a wide gap is a space, whether a sign stands for it or not."""
    words, end = "", chars[0]["x0"]
    for char in chars:
        gap = char["x0"] - end > _GAP * (char["bottom"] - char["top"])
        words += f" {char['text']}" if gap else char["text"]
        end = char["x1"]
    return " ".join(words.split())


# --- what is struck out ----------------------------------------------------------------------------------------------


def _struck(page: Any) -> tuple[list[Any], list[Any]]:
    """The strokes that run through the middle of words, and the characters under them."""
    strokes = sorted((line for line in (*page.lines, *page.rects, *page.curves) if _is_stroke(line)), key=_height)
    heights = list(map(_height, strokes))
    through: dict[int, Any] = {}
    struck: list[Any] = []
    for (top, bottom), chars in _by_height(page.chars) if strokes else ():
        begin = bisect_left(heights, top + (bottom - top) * _HIGHEST)
        end = bisect_right(heights, top + (bottom - top) * _LOWEST)
        for line in strokes[begin:end]:
            under = [char for char in chars if line["x0"] - 1 <= (char["x0"] + char["x1"]) / 2 <= line["x1"] + 1]
            if any(char["text"].strip() for char in under):
                through[id(line)] = line
                struck += under
    return list(through.values()), struck


def _by_height(chars: Iterable[Any]) -> Iterable[tuple[tuple[float, float], list[Any]]]:
    lines: dict[tuple[float, float], list[Any]] = defaultdict(list)
    for char in chars:
        lines[char["top"], char["bottom"]].append(char)
    return lines.items()


def _height(line: Any) -> float:
    return float(line["top"] + line["bottom"]) / 2


def _is_stroke(line: Any) -> bool:
    return bool(line["bottom"] - line["top"] <= _THICKEST and line["x1"] - line["x0"] >= _SHORTEST)


def _texts(chars: Sequence[Any]) -> Iterator[str]:
    return map(_text, _lines(chars))


# --- two columns of text ---------------------------------------------------------------------------------------------


def text_of(page: Any) -> str:
    """The text of a page, of one in two columns the left one before the right one."""
    words = page.extract_words() if _may_have_columns(page) else []
    gutter = _gutter(words, page.width)
    if gutter is None:
        return page.extract_text() or ""
    margin = _margin(page)
    above = [word for word in words if word["bottom"] <= margin]
    below = [word for word in words if word["top"] >= page.height - margin]
    inside = [word for word in words if margin < word["bottom"] and word["top"] < page.height - margin]
    return "\n".join((*_printed(above), *_by_column(inside, gutter), *_printed(below)))


def _by_column(words: Sequence[Any], gutter: float) -> Iterator[str]:
    """The lines of the left column and then of the right one, anew below each line that runs over both."""
    sides: tuple[list[Any], list[Any]] = ([], [])
    for line in _lines(words):
        left = [word for word in line if word["x1"] <= gutter]
        right = [word for word in line if word["x0"] >= gutter]
        is_across = len(left) + len(right) < len(line)
        if is_across or (left and right and right[0]["x0"] - left[-1]["x1"] < _NARROWEST):
            yield from (*_printed(sides[0]), *_printed(sides[1]), *_printed(line))
            sides = ([], [])
        else:
            sides[0].extend(left)
            sides[1].extend(right)
    yield from (*_printed(sides[0]), *_printed(sides[1]))


def _printed(words: Sequence[Any]) -> list[str]:
    return [" ".join(word["text"] for word in line) for line in _lines(words)]


def _may_have_columns(page: Any) -> bool:
    """Whether hardly a letter stands somewhere in the middle of a page; the words are looked at only then."""
    covered: Counter[int] = Counter()
    first, last = page.width * _MIDDLE[0], page.width * _MIDDLE[1]
    for char in page.chars:
        if first < char["x1"] and char["x0"] < last and char["text"].strip():
            covered.update(range(int(char["x0"] // _STEP), int(char["x1"] // _STEP) + 1))
    lines = len({round(char["bottom"]) for char in page.chars})
    places = range(int(first // _STEP) + 1, int(last // _STEP))
    fewest: int = min((covered[place] for place in places), default=lines)
    return fewest <= lines * _RARELY


def _gutter(words: Sequence[Any], width: float) -> float | None:
    """The middle of the white between two columns of sentences, `None` where the text runs over the whole page."""
    if len(words) < _FEWEST_WORDS:
        return None
    places = range(int(width * _MIDDLE[0]), int(width * _MIDDLE[1]), _STEP)
    crossed = {place: sum(1 for word in words if word["x0"] - 2 < place < word["x1"] + 2) for place in places}
    gutter = min(places, key=lambda place: (crossed[place], abs(place - width / 2)))
    if crossed[gutter] > len(words) * _FEW:
        return None
    left = list(_lines(word for word in words if word["x1"] <= gutter))
    right = list(_lines(word for word in words if word["x0"] >= gutter))
    sides = [sum(map(len, side)) / len(side) if side else 0.0 for side in (left, right)]
    are_even = min(len(left), len(right)) * 4 >= max(len(left), len(right))
    return float(gutter) if are_even and min(sides) >= _WORDS_IN_A_LINE else None


_FOOT = "voet van de bladzijde"
_MARGIN, _HEAD, _SAME_HEIGHT = 0.09, 50.0, 4
_DIGITS = re.compile(r"\d+")
_SLACK, _GAP, _NARROWEST = 3.0, 0.2, 8.0
_THICKEST, _SHORTEST = 2.0, 3.0
_HIGHEST, _LOWEST = 0.3, 0.75
_MIDDLE, _STEP, _RARELY = (0.3, 0.7), 2, 0.2
_FEWEST_WORDS, _WORDS_IN_A_LINE, _FEW = 60, 4.0, 0.01
