"""Text that a program took out of a PDF: cells wrapped over lines, page numbers and running heads left in.

Columns are gone, so a row is known by its number at the beginning of a line, a trekker by being a known name (or by its
place), a topic by standing just above the number. The result is tables with four cells, as from any other format.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from cycle.intake import outside
from cycle.intake.heading_words import heading_meaning
from cycle.intake.leads import Names
from cycle.intake.numbers import BEGINS_TEXT, follows
from cycle.intake.printed import CHAPTER_DASH, Printed, notes_on_ticks, paragraphs_of
from cycle.intake.raw import Block, RawLine, RawTable, RawText
from cycle.intake.repairs import is_page_number, join_wrapped, tidy
from cycle.intake.table_columns import NUMBER, columns_of_heading


@dataclass(slots=True)
class _Row:
    """A row while it is put together: the lines of its topic, and all other lines from the number on."""

    number: str
    topic: list[Printed]
    rest: list[Printed]
    place: str


def blocks_of(text: str, file: str, names: Names) -> list[Block]:
    """The tables and texts of a document whose cells were wrapped."""
    lines = _without_page_furniture(text, file, names)
    blocks: list[Block] = []
    start = 0
    for begin, end in _tables(lines):
        blocks += paragraphs_of(lines[start:begin])
        blocks += _strange_headings(lines[begin:end])
        before, table, left_over = _table(lines[begin + 1 : end], names)
        blocks += paragraphs_of(before)
        blocks += [table] if table.lines else []
        blocks += paragraphs_of(left_over)
        start = end
    return [*blocks, *paragraphs_of(lines[start:]), *notes_on_ticks(lines)]


def _without_page_furniture(text: str, file: str, names: Names) -> list[Printed]:
    """The lines without page numbers and running heads; a page begins at a form feed or a line indented by one."""
    lines = list(_printed_lines(text, file))
    heads = _running_heads(lines, names)
    lines_of_text: list[Printed] = []
    page = False
    for line in lines:
        furniture = is_page_number(line.text) or _head_key(line.text) in heads
        page = page or line.new_page or furniture
        if furniture or line.empty:
            lines_of_text.append(replace(line, text="", new_page=False))
        else:
            lines_of_text.append(replace(line, new_page=page))
            page = False
    return lines_of_text


def _printed_lines(text: str, file: str) -> Iterator[Printed]:
    """The lines with their place; where the text has form feeds, that is the page and the line on it."""
    number, paged = 0, "\f" in text
    for page, words in enumerate(text.split("\f"), 1):
        for on_page, line in enumerate(words.split("\n"), 1):
            number += on_page > 1 or page == 1
            place = f"{file}, bladzijde {page}, regel {on_page}" if paged else f"{file}, regel {number}"
            starts = (on_page == 1 and page > 1) or _PAGE_START.match(line) is not None
            yield Printed(line, number, place, new_page=starts)


def _running_heads(lines: Sequence[Printed], names: Names) -> frozenset[str]:
    """Lines that come back at the edge of at least three pages; a trekker may well stand there as often."""
    filled = [line for line in lines if not line.empty]
    edges: Counter[str] = Counter()
    for before, line, after in zip([None, *filled], filled, [*filled[1:], None], strict=False):
        at_number = any(near and is_page_number(near.text) for near in (before, after))
        at_edge = line.new_page or at_number or (after is not None and after.new_page)
        if at_edge and not _is_table_heading(line.text) and not names.is_lead(tidy(line.text)):
            edges[_head_key(line.text)] += 1
    return frozenset(key for key, count in edges.items() if count >= _FEWEST_HEADS and len(key) > 3)


def _head_key(line: str) -> str:
    return _DIGITS.sub("#", " ".join(line.split()))


def _tables(lines: Sequence[Printed]) -> Iterator[tuple[int, int]]:
    """First and last line of each stretch from a table heading to the next chapter or other end."""
    begin: int | None = None
    for place, line in enumerate(lines):
        if _is_table_heading(line.text):
            begin = place if begin is None else begin
        elif begin is not None and _ends_table(lines, place):
            yield begin, place
            begin = None
    if begin is not None:
        yield begin, len(lines)


def _is_table_heading(line: str) -> bool:
    words = line.replace("/", " ").split()
    if not 3 <= len(words) <= _MOST_HEADING_WORDS or _is_titled(words):
        return False
    columns = columns_of_heading(words)
    return columns is not None and columns.number is not None and columns.text is not None


def _is_titled(words: Sequence[str]) -> bool:
    """Whether a line in the words of headings is a title: "# Prestatieafspraken NAAM", "Nr. 3 Afspraken 2027-2030"."""
    is_marked = words[0] == "#" and any(heading_meaning(word) is None for word in words[1:])
    return is_marked or any(_COUNTED.fullmatch(word) for word in words)


def _ends_table(lines: Sequence[Printed], place: int) -> bool:
    """A chapter, an appendix, the cycle list or the signatures; "1.2 Betaalbaarheid" only above a table heading."""
    words = tidy(lines[place].text)
    if not words:
        return False
    if CHAPTER_DASH.match(words) or outside.is_signature(words) or outside.is_appendix(words):
        return True
    if words.endswith(":") and outside.cycle_heading(words, "", bullet=False):
        return True
    if not outside.chapter_of(words):
        return False
    following = next((line.text for line in islice(lines, place + 1, None) if not line.empty), "")
    return _is_table_heading(following)


def _strange_headings(lines: Sequence[Printed]) -> Iterator[RawText]:
    """Headings with a word that is no heading of a column: the columns are gone, so nothing else says that word."""
    for line in lines:
        words = line.text.replace("/", " ").split()
        if _is_table_heading(line.text) and any(heading_meaning(word) is None for word in words):
            yield RawText(line.text.strip(), line.place)


def _table(lines: Sequence[Printed], names: Names) -> tuple[list[Printed], RawTable, list[Printed]]:
    """The rows between a table heading and its end, with the lines before and after them that belong to none."""
    before, rows = _rows([_heading_as_page_break(line) for line in lines], names)
    if not rows:
        return [], RawTable(()), [line for line in lines if not _is_table_heading(line.text)]
    left_over: list[Printed] = []
    cells = [RawLine(_HEADING, "")]
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        text, trekker, after = _parts(row.rest, names)
        if following is not None:
            following.topic = after + following.topic
        else:
            left_over = after
        topic = join_wrapped(line.text for line in row.topic)
        cells.append(RawLine((topic, row.number, text, trekker), row.place))
    return before, RawTable(tuple(cells)), left_over


def _heading_as_page_break(line: Printed) -> Printed:
    """A heading that is repeated on a new page says nothing more than that."""
    return replace(line, text="", new_page=True) if _is_table_heading(line.text) else line


def _rows(lines: Sequence[Printed], names: Names) -> tuple[list[Printed], list[_Row]]:
    """The lines that stand before the first row, and the rows."""
    before_all: list[Printed] = []
    rows: list[_Row] = []
    loose: list[Printed] = []
    for line in _pages_marked_on_text(lines):
        numbered = _numbered(line.text, rows[-1].number if rows else "", loose)
        if numbered is None:
            loose.append(line)
            continue
        before, number, after = numbered
        topic = [replace(line, text=before)] if before else _take_topic(loose, names)
        (rows[-1].rest if rows else before_all).extend(loose)
        rows.append(_Row(number, topic, [replace(line, text=after, new_page=False)], line.place))
        loose = []
    if rows:
        rows[-1].rest += loose
    return before_all, rows


def _pages_marked_on_text(lines: Sequence[Printed]) -> Iterator[Printed]:
    """A page break on an empty line is carried to the first line with words."""
    page = False
    for line in lines:
        page = page or line.new_page
        yield replace(line, new_page=page and not line.empty)
        page = page and line.empty


def _numbered(text: str, above: str, loose: Sequence[Printed]) -> tuple[str, str, str] | None:
    """A line split at its row number (topic, number, rest), or `None` if no row begins here.

    The number must be able to follow the one above; before it only a topic may stand, not a reference ("afspraak 3.3").
    """
    for word in _WORD.finditer(text):
        if not NUMBER.fullmatch(word.group()) or not follows(word.group().rstrip("."), above):
            continue
        before, after = text[: word.start()].strip(), text[word.end() :]
        lead_in = before or (loose[-1].text.strip() if loose else "")
        goes_on = not before and bool(lead_in) and _goes_on(after.strip())
        too_much = bool(before) and (not before[0].isupper() or len(before) > _WIDEST_TOPIC)
        return None if _REFERS.search(lead_in) or goes_on or too_much else (before, word.group().rstrip("."), after)
    return None


def _goes_on(words: str) -> bool:
    """Whether what stands behind a number goes on with the sentence before it."""
    return words[:1].islower() and BEGINS_TEXT.match(words) is None


def _take_topic(loose: list[Printed], names: Names) -> list[Printed]:
    """Take the block of lines just above a number away from `loose`; nothing if that block is text or a trekker."""
    end = len(loose)
    while end and loose[end - 1].empty:
        end -= 1
    begin = end
    highest = max(0, end - _MOST_TOPIC_LINES)
    while begin > highest and not loose[begin - 1].empty and not (begin < end and loose[begin].new_page):
        begin -= 1
    begin = max((cut for cut in range(begin, end + 1) if _ends_with_lead(loose[begin:cut], names)), default=begin)
    topic = loose[begin:end]
    if not topic or not _is_topic(join_wrapped(line.text for line in topic), loose[:begin], names):
        return []
    del loose[begin:]
    return topic


def _is_topic(block: str, before: Sequence[Printed], names: Names) -> bool:
    """Not a text: those end in a full stop, as a topic may do only where the row above is complete."""
    near = [line for line in before[-_MOST_TOPIC_LINES:] if not line.empty]
    complete = _ends_with_lead(near, names)
    ends_as_text = block.endswith((".", ";")) and not (complete and block[0].isupper())
    return not ends_as_text and len(block) <= _LONGEST_TOPIC


def _ends_with_lead(lines: Sequence[Printed], names: Names) -> bool:
    return bool(lines) and _lead_at_end(lines, names) is not None


def _parts(rest: Sequence[Printed], names: Names) -> tuple[str, str, list[Printed]]:
    """The lines of a row as text, trekker, and what stands after the trekker and so belongs to something else.

    A row that runs over a page has its trekker before the break; its text goes on after it.
    """
    text: list[str] = []
    leads: list[str] = []
    after: list[Printed] = []
    for page in _pages(rest):
        own, lead, after_lead = _split_lead(page, names)
        text += [line.text for line in after] + own
        after = after_lead
        leads += [lead] if lead and lead not in leads else []
    return join_wrapped(text), " ".join(leads), after


def _pages(lines: Sequence[Printed]) -> list[list[Printed]]:
    pages: list[list[Printed]] = [[]]
    for line in lines:
        if line.new_page:
            pages.append([])
        if not line.empty or pages[-1]:
            pages[-1].append(line)
    return [page for page in pages if page]


def _split_lead(lines: Sequence[Printed], names: Names) -> tuple[list[str], str, list[Printed]]:
    """Text, trekker and rest of one stretch of lines: the trekker at the end, or within, or by its shape alone."""
    filled = [line for line in lines if not line.empty]
    for end in (len(filled), *(place for place in range(2, len(filled)) if _stands_apart(filled, place, names))):
        lead = _lead_at_end(filled[max(0, end - _MOST_LEAD_LINES) : end], names)
        if lead:
            text = [line.text for line in filled[: end - lead.lines]]
            return [*text, lead.before], lead.names, filled[end:]
    return _split_stranger(lines) or ([line.text for line in filled], "", [])


@dataclass(frozen=True, slots=True)
class _Lead:
    """A trekker found in the last so many lines, with what stands before it on the first of these."""

    lines: int
    before: str
    names: str


def _lead_at_end(lines: Sequence[Printed], names: Names) -> _Lead | None:
    """The trekker, if the last lines are one, or end in one after a full stop or a gap."""
    counts = range(min(_MOST_LEAD_LINES, len(lines)), 0, -1)
    for count in counts:
        lead = join_wrapped(line.text for line in lines[-count:])
        if names.is_lead(lead):
            return _Lead(count, "", lead)
    for count in counts:
        first, *others = [line.text for line in lines[-count:]]
        for gap in _GAP.finditer(first):
            lead = join_wrapped([first[gap.end() :], *others])
            if names.is_lead(lead):
                return _Lead(count, first[: gap.start()], lead)
    return None


def _stands_apart(lines: Sequence[Printed], place: int, names: Names) -> bool:
    """Whether a cell may end before this line: a gap is there, and the line does not lengthen a trekker."""
    before, following = lines[place - 1], lines[place]
    if following.line - before.line <= 1:
        return False
    return not names.is_lead(join_wrapped([before.text, following.text]))


def _split_stranger(lines: Sequence[Printed]) -> tuple[list[str], str, list[Printed]] | None:
    """A trekker that no name explains: the last block, short, without a full stop, below a text that has one."""
    end = max((place for place, line in enumerate(lines) if not line.empty), default=-1) + 1
    begin = end
    while begin and not lines[begin - 1].empty:
        begin -= 1
    block = join_wrapped(line.text for line in lines[begin:end])
    text = [line.text for line in lines[:begin] if not line.empty]
    short = 0 < len(block) <= _LONGEST_STRANGER and block[0].isupper() and not block.endswith((".", ";", ":"))
    return (text, block, []) if short and text and text[-1].rstrip().endswith((".", ")")) else None


_HEADING = ("Onderwerp", "Nr.", "Afspraak", "Trekker")
_MOST_HEADING_WORDS = 8
_MOST_LEAD_LINES = 4
_FEWEST_HEADS = 3
_MOST_TOPIC_LINES = 12
_WIDEST_TOPIC = 70
_LONGEST_TOPIC = 160
_LONGEST_STRANGER = 60
_WORD = re.compile(r"\S+")
_DIGITS = re.compile(r"\d+")
_GAP = re.compile(r"(?:(?<=[.)?!:;])\s+|(?<!\s)\s{2,})(?=[A-Z])")
_PAGE_START = re.compile(r" \S")
_REFERS = re.compile(r"\b(?:afspra(?:ak|ken)|paragraaf|artikel|bijlage|zie|hoofdstuk|punt|en|of|van|in)\s*\(?$", re.I)
_COUNTED = re.compile(r"\d{1,3}[.:]?|20\d\d[-–]20\d\d|.*,")
