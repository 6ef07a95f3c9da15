"""Lines of print, and the paragraphs of running text that they make: headings, items of lists, sentences.

Markdown's marks are left out, and a box that was ticked is told, because nothing else says that a thing is done.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cycle.intake import outside
from cycle.intake.paragraph_numbers import numbered_start
from cycle.intake.promised import begins_with_label
from cycle.intake.raw import RawNote, RawText
from cycle.intake.repairs import join_wrapped, without_marks
from cycle.intake.unread import clipped


@dataclass(frozen=True, slots=True)
class Printed:
    """One line of print; `new_page` where a page begins."""

    text: str
    line: int
    place: str
    new_page: bool = False

    @property
    def empty(self) -> bool:
        return not self.text.strip()


def paragraphs_of(lines: Sequence[Printed]) -> list[RawText]:
    """Running text: items of lists and headings apart, a sentence that an empty line interrupts in one piece."""
    paragraphs: list[list[Printed]] = []
    gap = True
    for line in lines:
        if line.empty:
            gap = True
            continue
        if not paragraphs or _begins_paragraph(line, paragraphs[-1], gap=gap):
            paragraphs.append([])
        paragraphs[-1].append(line)
        gap = False
    return [_text(paragraph) for paragraph in paragraphs]


def notes_on_ticks(lines: Sequence[Printed]) -> Iterator[RawNote]:
    """What is ticked off in a list ("- [x] …") is read as the rest of it, and that is said."""
    for line in lines:
        ticked = _TICKED.match(line.text)
        if ticked:
            words = without_marks(line.text[ticked.end() :])
            yield RawNote(line.place, f"“{clipped(words)}” is afgevinkt; gelezen zoals de andere.", _SETTLE)


def _begins_paragraph(line: Printed, before: Sequence[Printed], *, gap: bool) -> bool:
    words = line.text.strip()
    bullet = _BULLET.match(words)
    words = without_marks(words)
    if _ends_as_title(before) and words[:1].isupper():
        return True
    if (
        bullet
        or numbered_start(words)
        or begins_with_label(words)
        or _is_heading(words)
        or _is_heading(before[-1].text.strip())
    ):
        return True
    interrupted = words[:1].islower() and not before[-1].text.rstrip().endswith((".", ":", ";", "?"))
    return (gap or line.new_page) and not interrupted


def _ends_as_title(before: Sequence[Printed]) -> bool:
    """Whether the line above is a number with a few words behind it, as a heading above its text is."""
    start = numbered_start(without_marks(before[0].text)) if len(before) == 1 else None
    if start is not None and not start.rest:
        return start.kind == "word"
    if start is None or len(start.rest) > _LONGEST_NUMBERED_TITLE:
        return False
    return start.rest[-1].isalpha() and start.rest.split()[-1] not in _GOES_ON


def _is_heading(words: str) -> bool:
    return bool(
        _MARKED.match(words)
        or _NAMED_CHAPTER.match(words)
        or CHAPTER_DASH.match(words)
        or outside.is_appendix(words)
        or outside.agenda_heading(words, heading=False) is not None
        or outside.cycle_heading(words, "", bullet=False)
        or outside.is_signature(words)
    )


def _text(lines: Sequence[Printed]) -> RawText:
    words = join_wrapped(line.text for line in lines)
    bullet = _BULLET.match(words)
    text = without_marks(words[bullet.end() :] if bullet else _MARKED.sub("", words))
    return RawText(text, lines[0].place, len(lines) == 1 and _is_heading(words), bullet is not None)


CHAPTER_DASH = re.compile(r"(?:(?:hoofdstuk|thema)\s+)?\d{1,2}\s*[–—-]\s+[A-Z]", re.I)
_NAMED_CHAPTER = re.compile(r"(?:Hoofdstuk|Thema|Paragraaf)\s+\d{1,2}\b(?![^.]*\.\s*$)")
_LONGEST_NUMBERED_TITLE = 60
_GOES_ON = frozenset(
    ["de", "het", "een", "en", "of", "van", "in", "op", "met", "voor", "aan", "te", "bij", "door", "om"]
)
_MARKED = re.compile(r"#{1,6}\s+")
_BULLET = re.compile(r"[-*+•§▪◦●]\s+(?:\[[ xX✓]?\]\s*|[☐☑☒]\s*)?|[☐☑☒]\s+")
_TICKED = re.compile(r"\s*(?:[-*+]\s+)?(?:\[[xX✓]\]|[☑☒])\s*")
_SETTLE = "Is het klaar, meld het dan af nadat het is ingelezen."
