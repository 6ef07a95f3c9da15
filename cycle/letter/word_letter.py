"""The letter as a Word file, from a template that a secretary may change in Word: the same facts as the PDF.

A template is filled in a sandbox and gets nothing but text, words with their look, lists of them and the logos. A field
that does not exist is an error, never an empty place.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from cycle.errors import CycleError, Refused
from cycle.letter.facts import ACCENT, LetterFacts
from cycle.letter.filling import beside, data_of
from cycle.letter.pdf_letter import shown_logos
from cycle.resources import HOW_TO_INSTALL

WORD_TEMPLATE = "uitnodigingsbrief.docx"
"""The name of the shipped template, in the folder `letter` of the templates."""

GREY = "595959"
TABLE_HEAD = "Tabelkop"
"""The style of the words over the columns of a table."""
NUMBERED, BELOW = ("List Number", "List Number 2"), ("List Number 2", "List Bullet 2")
"""The styles of points with a number, and of those under another point."""
NOT_HERE = ("Voor Word ontbreekt docxtpl.", f"{HOW_TO_INSTALL}; of kies PDF.")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold


def render_word(facts: LetterFacts, template: Path, texts: Path) -> bytes:
    """The letter as DOCX; `texts` is the folder of the standard texts.

    Raises Refused where docxtpl is not installed, CycleError for a template that cannot be filled in.
    """
    try:
        from docxtpl import DocxTemplate  # noqa: PLC0415 - an optional package
    except ModuleNotFoundError:
        raise Refused(*NOT_HERE) from None
    from jinja2 import StrictUndefined, TemplateError  # noqa: PLC0415 - goes with docxtpl
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    if not template.is_file():
        raise CycleError(f"Het sjabloon van de brief ontbreekt: {template}.", "Zet het bestand terug.")
    jinja = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    content = io.BytesIO()
    try:
        document = DocxTemplate(template)
        document.init_docx()
        data = _plain(data_of(facts, texts))
        document.render(_context(document, data, shown_logos(facts)), jinja_env=jinja, autoescape=True)
        _finish(document.docx, data, shown_logos(facts))
        document.save(content)
    except TemplateError as error:
        raise CycleError(f"Het sjabloon {template.name} klopt niet: {error}.", "Kijk het na in Word.") from None
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise CycleError(f"{template.name} is geen Word-bestand: {error}.", "Sla het opnieuw op als .docx.") from None
    return content.getvalue()


def printable(words: str) -> str:
    """Without the signs that a Word file cannot hold."""
    return _CONTROL.sub("", words)


def _context(document: Any, data: Mapping[str, Any], logos: Mapping[str, bytes]) -> dict[str, Any]:
    """As for the PDF, with words that have a look, and with what stands side by side in twos."""
    annexes, copies = data["annexes"], data["copies"]
    heads = [_head(document, *one) for one in _heads(data, logos)]
    return {
        **data,
        "heads": _in_twos(heads),
        "head_rows": _in_rows(heads),
        "address": _rich(line for lines in data["addressees"] for line in (*lines, "")),
        "front_address": _rich(line for lines in data["front"] for line in (*lines, "")),
        "particulars": _particulars(data),
        "date": _labelled("Datum", [data["date_words"]]),
        "mark": _labelled("Ons kenmerk", [data["reference"]]),
        "contact_lines": _labelled("Contactpersoon", data["contact"]),
        "sections": [_section(document, one, data["accent"]) for one in data["sections"]],
        "names": _in_twos([_signer(one, "\n\n\n") for one in data["signatories"]]),
        "name_rows": _in_rows([_signer(one) for one in data["signatories"]], least=2),
        "annex_line": f"{'Bijlage' if len(annexes) == 1 else 'Bijlagen'}: {', '.join(annexes)}" if annexes else "",
        "copy_line": f"Kopie aan: {'; '.join(copies)}" if copies else "",
        "annexes_said": _said("Bijlage:" if len(annexes) == 1 else "Bijlagen:", ", ".join(annexes)),
        "copies_said": _said("Kopie aan:", "; ".join(copies)),
        "footer": "".join(f"{one} · " for one in (data["reference"], data["source_note"]) if one),
        "foot": " · ".join(one for one in (data["reference"], data["source_note"]) if one),
        "calendar": {
            **data["calendar"],
            "sections": [_section(document, {**data["calendar"], "title": ""}, data["accent"])],
        },
        "standing": {
            "title": data["standing"]["title"],
            "sections": [_section(document, {**data["standing"], "title": ""}, data["accent"])],
            "rows": _standing(data["standing"]["themes"]),
        },
    }


def _heads(data: Mapping[str, Any], logos: Mapping[str, bytes]) -> list[tuple[str, bytes, str, int]]:
    """What stands over the letter: a name and its logo, if it has one, the colour of the name, and among how many."""
    names = [one["name"] for one in data["senders"]]
    if "" in logos:
        return [(" en ".join(names), logos[""], data["accent"], 1)]
    return [(name, logos.get(name, b""), data["accent"], len(names)) for name in names]


def _head(document: Any, name: str, logo: bytes, accent: str, among: int) -> Any:
    """A picture or a name, where the template takes both: a picture ends the run it stands in, so the name does too."""
    from docx.shared import Cm  # noqa: PLC0415
    from docxtpl import InlineImage, RichText  # noqa: PLC0415

    if logo:
        return InlineImage(document, io.BytesIO(logo), height=Cm(_height_cm(logo, among)))
    rich, size = RichText(), 22 if among > 2 or len(name) > 40 else 30  # in half points
    rich.add(name, bold=True, size=size, color=accent.lstrip("#"))
    rich.xml = f'</w:t></w:r>{rich.xml}<w:r><w:t xml:space="preserve">'
    return rich


def _height_cm(logo: bytes, among: int) -> float:
    """How high a logo is, so that it fits beside the others and is no wider than half of the page."""
    from docx.image.image import Image  # noqa: PLC0415

    picture, room_cm = Image.from_blob(logo), min(7.4, 14.7 / beside(among))
    return min(1.6, room_cm * picture.px_height / picture.px_width)


def _particulars(data: Mapping[str, Any]) -> Any:
    names = " en ".join(one["name"] for one in data["senders"])
    blocks = [{"name": names, "details": data["head"]["details"]}] if data["head"]["details"] else data["senders"]
    rich = _rich([])
    for number, block in enumerate(one for one in blocks if one["details"]):
        rich.add(("\n\n" if number else "") + block["name"], bold=True)
        rich.add("".join(f"\n{line}" for line in block["details"]))
    return rich


def _signer(signatory: Mapping[str, str], room: str = "") -> Any:
    """The name under the letter; `room` is that for a signature, where the template leaves none itself."""
    rich = _rich([room])
    rich.add(signatory["organisation"], bold=True)
    rich.add("".join(f"\n{line}" for line in (signatory["name"], signatory["function"]) if line))
    if signatory["approval"]:
        rich.add(f"\n{signatory['approval']}", color=GREY)
    return rich


def _labelled(label: str, lines: Sequence[str]) -> Any:
    said = [line for line in lines if line]
    rich = _rich([])
    if said:
        rich.add(label, color=GREY)
        rich.add("".join(f"\n{line}" for line in said))
    return rich


def _said(label: str, words: str) -> Any:
    rich = _rich([])
    rich.add(f"{label} ", color=GREY, size=18)
    rich.add(words)
    return rich


def _section(document: Any, section: Mapping[str, Any], accent: str) -> dict[str, Any]:
    parts = [
        {"kind": one["kind"], "level": one["level"], "rich": _pieces(document, one["pieces"], accent)}
        for one in section["parts"]
    ]
    return {"title": section["title"], "parts": parts}


def _pieces(document: Any, pieces: Iterable[Mapping[str, Any]], accent: str) -> Any:
    rich = _rich([])
    for piece in pieces:
        link = document.build_url_id(piece["link"]) if piece["link"] else None
        look = {"bold": piece["bold"], "italic": piece["italic"]}
        look |= {"url_id": link, "underline": True, "color": accent.lstrip("#")} if link else {}
        rich.add(piece["text"], **look)
    return rich


def _standing(themes: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of the overview, with the name of each theme in a row of its own."""
    rows = []
    for theme in themes:
        if theme["name"]:
            head = _rich([])
            head.add(theme["name"], bold=True)
            empty = {"number": "", "topic": head, "leads": "", "lines": _rich([]), "light": _rich([])}
            rows.append(empty | {"theme": theme["name"]})
        for row in theme["rows"]:
            light = _rich([row["light"] or "–"])
            if row["said"]:
                light.add(f"\n{row['said']}", color=GREY)
            words = {"topic": _rich([row["topic"] or "–"]), "lines": _rich(row["lines"]), "light": light}
            rows.append({"number": row["number"], "leads": row["leads"] or "–", "theme": ""} | words)
    return rows


def _rich(lines: Iterable[str]) -> Any:
    from docxtpl import RichText  # noqa: PLC0415

    rich = RichText()
    rich.add("\n".join(lines).rstrip("\n"))
    return rich


def _in_twos(things: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {"left": left, "right": right} for left, right in zip_longest(things[::2], things[1::2], fillvalue=_rich([]))
    ]


def _in_rows(things: Sequence[Any], least: int = 1) -> list[list[Any]]:
    """Side by side, as many as go in a row; the last row has empty places ("")."""
    width = max(least, beside(len(things)))
    rows = [list(things[at : at + width]) for at in range(0, len(things), width)]
    return [[*row, *[""] * (width - len(row))] for row in rows]


def _plain(value: Any) -> Any:
    """Text, lists and tables of text, yes or no, and nothing else."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, bool) else printable(str(value))


def _finish(word: Any, data: Mapping[str, Any], logos: Mapping[str, bytes]) -> None:
    """What a template cannot say: its title, the colour of the headings, what the logos show, where numbers begin."""
    word.core_properties.title = data["title"]
    _colour(word, data["accent"])
    pictures = [f"Logo van {name}" for name, logo, _accent, _among in _heads(data, logos) if logo]
    for shape, words in zip(word.element.body.iter(_qn("wp:docPr")), pictures, strict=False):
        shape.set("descr", words)
        shape.set("name", words)
    for picture in word.element.body.iter(_qn("wp:inline")):
        for side in ("distT", "distB", "distL", "distR"):  # LibreOffice takes 3 mm where nothing is said
            picture.set(side, "0")
    _begin_lists(word)
    for table in word.tables:
        _fit_columns(table)


def _fit_columns(table: Any) -> None:
    """Each cell is as wide as its column: cells that were set side by side kept the width of the template, which Word
    goes by and LibreOffice does not."""
    widths = [one.w for one in table._tbl.tblGrid.gridCol_lst]
    for row in table._tbl.tr_lst:
        at = 0
        for cell in row.tc_lst:
            across = widths[at : at + cell.grid_span]
            at += cell.grid_span
            if across and None not in across:
                cell.width = sum(across)


def _colour(word: Any, accent: str) -> None:
    """The headings and the line over the letter get its colour, where the template left them in ours."""
    from docx.shared import RGBColor  # noqa: PLC0415

    ours, colour = (one.lstrip("#").upper() for one in (ACCENT, accent))
    for style in (one for one in word.styles if one.name in ("Heading 1", "Heading 2", TABLE_HEAD)):
        if str(style.font.color.rgb) == ours:
            style.font.color.rgb = RGBColor.from_string(colour)
    for line in word.element.body.iter(_qn("w:bottom")):
        if line.get(_qn("w:color")) == ours:
            line.set(_qn("w:color"), colour)


def _begin_lists(word: Any) -> None:
    """Each list with numbers begins at one again; one goes on after the points that stand under one of its own."""
    numbering, before = dict[str, int | None](), ""
    for paragraph in word.paragraphs:
        name = paragraph.style.name if paragraph.style is not None else ""
        if name in NUMBERED:
            if before != name and not (name == NUMBERED[0] and before in BELOW and name in numbering):
                numbering[name] = _new_numbers(word, paragraph.style)
            if (number := numbering[name]) is not None:
                paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = number
        elif name not in BELOW:
            numbering.clear()
        before = name


def _new_numbers(word: Any, style: Any) -> int | None:
    """A list like that of a style, which begins at one."""
    own = style.element.find(f".//{_qn('w:numId')}")
    if own is None:
        return None
    numbers = word.part.numbering_part.element
    known = [one for one in numbers.num_lst if one.numId == int(own.val)]
    if not known:
        return None
    fresh = numbers.add_num(known[0].abstractNumId.val)
    fresh.add_lvlOverride(0).add_startOverride(1)
    return int(fresh.numId)


def _qn(name: str) -> str:
    from docx.oxml.ns import qn  # noqa: PLC0415

    return str(qn(name))
