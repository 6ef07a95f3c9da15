"""A logo as somebody uploads it, made a PNG of a normal size: read in the metered child, drawn by typst.

What it may be is looked at first: a picture that is too large to unpack, or a drawing with a script, with something
from elsewhere in it or with entities that grow, is refused with a sentence.
"""

import base64
import re
import struct
from pathlib import Path
from typing import Any

from cycle.errors import Unreadable
from cycle.intake.limits import MEGABYTE, OTHER_CHILD_SECONDS, ask_child
from cycle.private import write_file

MOST_LOGO_BYTES = 2 * MEGABYTE
MOST_PIXELS = 25_000_000
LEAST_SIDE_PX = 16
"""A picture that is smaller on a side is no logo: on paper it would be a blot."""
WIDTH_PX, HEIGHT_PX = 1000, 500
"""A logo of ours fits in here: on paper 7 by 3.5 cm at 360 dots an inch."""
PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"

_PAGE = """#set page(width: auto, height: auto, margin: 0pt, fill: {paper})
#set document(title: "logo")
#let logo = image("{file}", {side}: {points}pt)
{shown}
"""
_LOGO, _NOTHING = "#logo", "#hide(logo)"
_NOT_IN_A_DRAWING = (
    (r"<!ENTITY|<!DOCTYPE[^>]*\[", "entiteiten"),
    (r"<\s*(?:\w+:)?script|\bon[a-z]+\s*=|javascript:", "een script"),
    (r"<\s*(?:\w+:)?(?:foreignObject|iframe|use\b[^>]*href\s*=\s*[\"'](?!#))", "iets van buiten"),
    (r"(?:xlink:)?href\s*=\s*[\"']\s*(?!#|data:image/(?:png|jpeg);)|url\(\s*[\"']?\s*(?!#)|@import", "iets van buiten"),
)
_FRAMES = (*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0))  # where JPEG says its size


def logo_png(path: Path) -> bytes:
    """The logo as a PNG of ours, made in the child.

    Raises Unreadable for what is no picture, is too large, or holds what a logo should not.
    """
    if path.stat().st_size > MOST_LOGO_BYTES:
        raise Unreadable(
            f"{path.name} is groter dan 2 MB.", "Bewaar het logo kleiner, bijvoorbeeld 1000 beeldpunten breed."
        )
    return base64.b64decode(ask_child("logo", path, OTHER_CHILD_SECONDS)["png"])


def draw_here(path: Path) -> str:
    """The same in the child itself, as text."""
    import typst  # noqa: PLC0415 - typst is 80 MB

    content = path.read_bytes()
    suffix = _suffix_of(content, path.name)
    width, height = _drawing_size(content, path.name) if suffix == "svg" else _picture_size(content, path.name)
    if width * height > MOST_PIXELS and suffix != "svg":
        raise Unreadable(f"{path.name} heeft te veel beeldpunten.", "Bewaar het logo kleiner, bijvoorbeeld 1000 breed.")
    if min(width, height) < LEAST_SIDE_PX and suffix != "svg":
        what = f"{path.name} is te klein voor een logo: {int(width)} bij {int(height)} beeldpunten."
        raise Unreadable(what, "Neem het logo groter, bijvoorbeeld 1000 beeldpunten breed.")
    is_wide = width / WIDTH_PX >= height / HEIGHT_PX
    side, points = ("width", WIDTH_PX) if is_wide else ("height", HEIGHT_PX)
    named, page = path.with_name(f"logo-drawn.{suffix}"), path.with_name("logo-page.typ")
    write_file(named, content)

    def drawn(paper: str, shown: str) -> bytes:
        words = _PAGE.format(file=named.name, side=side, points=points, paper=paper, shown=shown)
        write_file(page, words.encode())
        made: Any = typst.compile(page, root=page.parent, format="png", ppi=72, ignore_system_fonts=True)
        return bytes(made if isinstance(made, bytes) else made[0])

    try:
        if drawn("white", _LOGO) == drawn("white", _NOTHING):
            hint = "Kies een logo met een kleur die op wit papier te zien is."
            raise Unreadable(f"Op {path.name} is op wit papier niets te zien.", hint)
        logo = content if _is_drawn(content) else drawn("none", _LOGO)
    except typst.TypstError:
        raise _no_picture(path.name) from None
    return base64.b64encode(logo).decode("ascii")


def _is_drawn(content: bytes) -> bool:
    """Whether a picture is already one of ours: of that size, and with nothing in it beside the picture.

    Then it stays as it is to the byte, so that a logo can go out in a covenant folder and come back in it.
    """
    kinds, at = [], len(PNG)
    while content.startswith(PNG) and at + 12 <= len(content):
        [length] = struct.unpack(">I", content[at : at + 4])
        kinds.append(content[at + 4 : at + 8])
        at += 12 + length
    if at != len(content) or kinds != [b"IHDR", *[b"IDAT"] * (len(kinds) - 2), b"IEND"]:
        return False
    width, height = _picture_size(content, "")
    return width <= WIDTH_PX and height <= HEIGHT_PX and (width == WIDTH_PX or height == HEIGHT_PX)


def _suffix_of(content: bytes, name: str) -> str:
    if content.startswith(PNG):
        return "png"
    if content.startswith(JPEG):
        return "jpg"
    if b"<svg" in content[:4096] or b":svg" in content[:4096]:
        return "svg"
    raise _no_picture(name)


def _picture_size(content: bytes, name: str) -> tuple[float, float]:
    size = struct.unpack(">II", content[16:24]) if content.startswith(PNG) else _jpeg_size(content, name)
    if not all(size):
        raise _no_picture(name)
    return size


def _jpeg_size(content: bytes, name: str) -> tuple[int, int]:
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        if content[at + 1] in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    raise _no_picture(name)


def _drawing_size(content: bytes, name: str) -> tuple[float, float]:
    """How wide and high a drawing is beside itself. Raises Unreadable for one that may not be kept."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _no_picture(name) from None
    for pattern, what in _NOT_IN_A_DRAWING:
        if re.search(pattern, text, re.IGNORECASE):
            hint = "Bewaar het logo als gewone tekening (SVG), of als PNG."
            raise Unreadable(f"{name} bevat {what} en kan zo niet als logo dienen.", hint)
    head = re.search(r"<(?:\w+:)?svg\b[^>]*>", text)
    box = (
        re.search(r'viewBox\s*=\s*["\']\s*[-\d.e]+[ ,]+[-\d.e]+[ ,]+([\d.e]+)[ ,]+([\d.e]+)', head[0]) if head else None
    )
    sides = (
        box.groups()
        if box
        else [
            found[1] if head and (found := re.search(rf'\b{side}\s*=\s*["\']([\d.]+)', head[0])) else "0"
            for side in ("width", "height")
        ]
    )
    width, height = (float(side) for side in sides)
    if not width or not height:
        raise Unreadable(f"{name} zegt niet hoe groot het is.", "Bewaar het logo met een maat, of als PNG.")
    return width, height


def _no_picture(name: str) -> Unreadable:
    return Unreadable(f"{name} is geen logo dat wij kunnen lezen.", "Kies een PNG, JPEG of SVG.")
