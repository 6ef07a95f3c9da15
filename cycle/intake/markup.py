"""HTML: inline in a cell of text, or a whole page with tables. Nothing is fetched and nothing is run.

Struck out and hidden text is left out; of a page it is named, in a cell it is marked as Markdown does ("~~…~~").
"""

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path

from cycle.intake.encoding import decoded
from cycle.intake.raw import Block, RawAside, RawLine, RawTable, RawText
from cycle.intake.unread import Unread
from cycle.intake.word_numbers import in_form


def inline_text(cell: str) -> str:
    """The text of a cell that may hold tags and entities; list items get a bullet if they have none."""
    if "<" not in cell and "&" not in cell:
        return cell
    if len(cell) > _LONGEST_MARKUP:
        return _TAG.sub(" ", cell)
    reader = _Inline()
    reader.feed(cell)
    reader.close()
    return "".join(reader.pieces).strip()


def read(path: Path, file: str) -> list[Block]:
    """The tables and texts of an HTML page. Broken HTML is read as far as it makes sense."""
    page = _Page(file)
    page.feed(decoded(path.read_bytes()))
    page.close()
    page.finish()
    return [*page.blocks, *page.unread.notes()]


class _LeftOut:
    """Which open tags keep their words from being read: struck out ("struck") or not shown ("hidden", "none")."""

    def __init__(self) -> None:
        self._open: list[tuple[str, str]] = []

    @property
    def kind(self) -> str:
        """The kind that holds now, "" while words are read; what is not shown need not be struck out."""
        return next((kind for _, kind in self._open if kind != "struck"), self._open[-1][1] if self._open else "")

    def begin(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens; the same tag again inside of one that is left out is counted with it."""
        if tag in _ENDS_BY_ITSELF:
            self.end(tag)
        kind = _kind_of(tag, attrs)
        inside = bool(self._open) and tag == self._open[-1][0]
        if tag not in _VOID and (kind or inside):
            self._open.append((tag, kind or self._open[-1][1]))

    def end(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._open.pop()

    def end_of_cell(self) -> None:
        """Words that were struck out in one cell say nothing about the next."""
        while self._open and self._open[-1][1] == "struck":
            self._open.pop()


def _kind_of(tag: str, attrs: list[tuple[str, str | None]]) -> str:
    if tag in _HIDDEN:
        return "none"
    style = next((value or "" for name, value in attrs if name == "style"), "").casefold().replace(" ", "")
    if any(name == "hidden" for name, _ in attrs) or "display:none" in style or "visibility:hidden" in style:
        return "hidden"
    return "struck" if tag in _STRUCK or "line-through" in style else ""


class _Inline(HTMLParser):
    """Keeps the words, turns breaks into line ends and drops scripts and styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.left_out = _LeftOut()
        self.item = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.left_out.begin(tag, attrs)
        if tag in _BREAKING:
            self.pieces.append("\n")
        self.item = self.item or tag == "li"

    def handle_endtag(self, tag: str) -> None:
        self.left_out.end(tag)
        if tag in _BREAKING:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if self.left_out.kind:
            self.pieces.append(f"~~{data}~~" if self.left_out.kind == "struck" and data.strip() else "")
            return
        if self.item and data.strip():
            data = data.lstrip()
            self.pieces.append("" if _BULLET.match(data) else "• ")
            self.item = False
        self.pieces.append(data)


@dataclass(slots=True)
class _OpenTable:
    """A table while it is read; `spans` are cells that hang down, per column; `colspan` is 0 while no cell is open."""

    rows: list[RawLine] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    spans: dict[int, tuple[int, str]] = field(default_factory=dict)
    colspan: int = 0
    rowspan: int = 1


@dataclass(slots=True)
class _OpenList:
    """A list while it is read: the form of its numbers ("" for marks), and the last number."""

    form: str
    last: int

    def label(self) -> str:
        """What a browser prints before an item."""
        return f"{in_form(self.last, self.form)}. " if self.form else ""


class _Page(HTMLParser):
    """Reads a page into blocks; a table inside a cell is read as words of that cell."""

    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=True)
        self.file = file
        self.blocks: list[Block] = []
        self.words: list[str] = []
        self.table: _OpenTable | None = None
        self.depth = 0
        self.left_out = _LeftOut()
        self.unread = Unread()
        self.lists: list[_OpenList] = []
        self.block_tag = ""
        self.term: RawText | None = None
        self.beside = ""
        self.tables = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.left_out.begin(tag, attrs)
        self._count(tag, dict(attrs))
        if tag in _BESIDE and not self.beside and self.table is None:
            self._end_terms()
            self.beside = tag
        if tag == "table":
            self._open_table()
        elif self.table is not None and self.depth == 1 and tag in ("tr", "td", "th"):
            self._open_part(self.table, tag, dict(attrs))
        elif tag in _BREAKING:
            self._break(tag)
        if tag == "li" and self.lists and not self.left_out.kind:
            self.words.append(self.lists[-1].label())

    def _count(self, tag: str, attrs: dict[str, str | None]) -> None:
        """The lists that are open, each with how far its numbers are."""
        if tag in ("ol", "ul"):
            first = attrs.get("start") or ""
            last = int(first) - 1 if first.isdecimal() and len(first) < _LONGEST_START else 0
            self.lists.append(
                _OpenList(_LIST_FORMS.get(attrs.get("type") or "1", "decimal") if tag == "ol" else "", last)
            )
        elif tag == "li" and self.lists:
            self.lists[-1].last += 1

    def handle_endtag(self, tag: str) -> None:
        self.left_out.end(tag)
        if tag in ("ol", "ul") and self.lists:
            self.lists.pop()
        if tag == self.beside and self.table is None:
            self._end_terms()
            self.beside = ""
        if tag == "table":
            self._close_table()
        elif self.table is not None and self.depth == 1 and tag in ("td", "th"):
            self._close_cell()
        elif self.table is not None and self.depth == 1 and tag == "tr":
            self._close_row()
        elif tag == "dl" and self.table is None:
            self._end_terms()
        elif tag in _BREAKING:
            self._break("")

    def handle_data(self, data: str) -> None:
        kind = self.left_out.kind
        if not kind:
            self.words.append(data)
        elif kind != "none":
            self.words.append(self.unread.struck(data) if kind == "struck" else self.unread.hidden(data))

    def finish(self) -> None:
        """Whatever was left open at the end of the page is closed."""
        while self.table is not None:
            self._close_table()
        self._end_terms()

    def _open_table(self) -> None:
        self.depth += 1
        if self.depth == 1:
            self._end_terms()
            self.table = _OpenTable()
            self.tables += 1

    def _close_table(self) -> None:
        self.depth = max(0, self.depth - 1)
        if self.depth or self.table is None:
            return
        self._close_row()
        self.left_out.end_of_cell()
        if self.table.rows:
            self.blocks.append(RawTable(tuple(self.table.rows)))
        self.table = None
        self.words.clear()

    def _open_part(self, table: _OpenTable, tag: str, attrs: dict[str, str | None]) -> None:
        if tag == "tr":
            self._close_row()
            return
        self._close_cell()
        self.words.clear()
        table.colspan, table.rowspan = _span(attrs.get("colspan")), _span(attrs.get("rowspan"))

    def _close_cell(self) -> None:
        table = self.table
        if table is None or not table.colspan:
            return
        words = "".join(self.words).strip()
        self.words.clear()
        self.unread.gap()
        self.left_out.end_of_cell()
        self._fill_spanned(table)
        if table.rowspan > 1:
            table.spans[len(table.cells)] = (table.rowspan - 1, words)
        table.cells += [words] + [""] * (table.colspan - 1)
        table.colspan = 0

    def _fill_spanned(self, table: _OpenTable) -> None:
        """Cells that hang down from a row above come first; their words hold for this row too."""
        while len(table.cells) in table.spans:
            left, words = table.spans.pop(len(table.cells))
            if left > 1:
                table.spans[len(table.cells)] = (left - 1, words)
            table.cells.append(words)

    def _close_row(self) -> None:
        table = self.table
        if table is None:
            return
        self._close_cell()
        if table.cells:
            self._fill_spanned(table)
            place = f"{self.file}, tabel {self.tables}, rij {len(table.rows) + 1}"
            self.unread.close(place)
            table.rows.append(RawLine(tuple(table.cells), place))
        table.cells = []

    def _break(self, tag: str) -> None:
        """The end of a paragraph, heading or item; inside a table it is only a line end."""
        if self.table is not None:
            self.words.append("\n")
            return
        words = " ".join("".join(self.words).split())
        self.words.clear()
        place = f"{self.file}, regel {self.getpos()[0]}"
        self.unread.close(place)
        if words:
            heading = self.block_tag in _HEADINGS
            self._add(RawText(words.lstrip("•§ "), place, heading, self.block_tag == "li"))
        self.block_tag = tag

    def _add(self, text: RawText) -> None:
        """A term of a list of terms waits for what is said of it, as a label does ("Trekker: Gemeente")."""
        term, self.term = self.term, None
        if self.beside:
            self.blocks.append(RawAside(text.text, text.place, _BESIDE[self.beside]))
        elif self.block_tag == "dt":
            self.blocks += [term] if term else []
            self.term = text
        elif term:
            self.blocks.append(replace(text, text=f"{term.text.rstrip(' :')}: {text.text}", place=term.place))
        else:
            self.blocks.append(text)

    def _end_terms(self) -> None:
        """A term of which nothing is said stands by itself."""
        self._break("")
        self.blocks += [self.term] if self.term else []
        self.term = None


def _span(value: str | None) -> int:
    """A span as written, within reason: a page may ask for a million columns."""
    return min(int(value[:4]), _WIDEST_SPAN) or 1 if value and value.isdecimal() else 1


_WIDEST_SPAN = 50
# beyond this the parser, which takes quadratic time on hostile input, is left out
_LONGEST_MARKUP = 20_000
_TAG = re.compile(r"<[^<>]*>")
_HIDDEN = frozenset(["script", "style", "template", "head"])
_LONGEST_START = 6
_LIST_FORMS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_STRUCK = frozenset(["del", "s", "strike"])
_VOID = frozenset(["br", "hr", "img", "input", "meta", "link", "wbr", "col", "area", "base", "embed", "source"])
_ENDS_BY_ITSELF = frozenset(["p", "li", "td", "th", "tr", "dd", "dt", "option"])
# what goes with the page and not with what it says
_BESIDE = {"nav": "menu van de pagina", "footer": "voet van de pagina"}
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_BREAKING = _HEADINGS | {"p", "br", "li", "ul", "ol", "div", "section", "tr", "blockquote", "title", "dd", "dt", "dl"}
_BULLET = re.compile(r"[-*•§▪◦●]")
