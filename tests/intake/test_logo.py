"""A logo: what is taken becomes a PNG of a normal size, and what could do harm is refused with a sentence."""

import struct
import zlib
from pathlib import Path

import pytest

from cycle.errors import Unreadable
from cycle.intake.logo import HEIGHT_PX, WIDTH_PX, logo_png

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50">'
    '<rect width="200" height="50" fill="#17375e"/>{inside}</svg>'
)


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(rows or b"".join(b"\0" + b"\x17\x37\x5e" * width for _row in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def size_of(content: bytes) -> tuple[int, int]:
    assert content.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def made(folder: Path, name: str, content: bytes) -> bytes:
    (folder / name).write_bytes(content)
    return logo_png(folder / name)


def test_a_drawing_and_a_picture_become_a_png_that_fits_on_paper(tmp_path):
    assert size_of(made(tmp_path, "a.svg", DRAWING.format(inside="").encode())) == (WIDTH_PX, WIDTH_PX // 4)
    assert size_of(made(tmp_path, "b.png", png(40, 80))) == (HEIGHT_PX // 2, HEIGHT_PX)


def test_one_of_ours_comes_back_as_it_went_out(tmp_path):
    spotted = b"".join(b"\0" + bytes((x * y * 7) % 256 for x in range(1200) for _c in "rgb") for y in range(280))
    drawn = made(tmp_path, "a.png", png(1200, 280, spotted))
    assert made(tmp_path, "b.png", drawn) == drawn
    with_more = drawn.replace(
        drawn[-12:], struct.pack(">I", 4) + b"tEXt" + b"naam" + struct.pack(">I", 0) + drawn[-12:]
    )
    assert b"tEXt" not in made(tmp_path, "c.png", with_more)


REFUSED = {
    "script.svg": (DRAWING.format(inside="<script>alert(1)</script>").encode(), "een script"),
    "knop.svg": (DRAWING.format(inside='<rect onclick="x()"/>').encode(), "een script"),
    "buiten.svg": (DRAWING.format(inside='<image href="file:///etc/passwd"/>').encode(), "iets van buiten"),
    "lach.svg": (b'<!DOCTYPE svg [<!ENTITY a "aaa">]>' + DRAWING.format(inside="&a;").encode(), "entiteiten"),
    "maatloos.svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>', "zegt niet hoe groot"),
    "bom.png": (png(60_000, 60_000, rows=bytes(1000)), "te veel beeldpunten"),
    "kapot.png": (png(40, 40)[:60], "geen logo dat wij kunnen lezen"),
    "half.jpg": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "geen logo dat wij kunnen lezen"),
    "brief.pdf": (b"%PDF-1.7", "geen logo dat wij kunnen lezen"),
    "punt.png": (png(1, 1), "te klein voor een logo: 1 bij 1 beeldpunten"),
    "streep.png": (png(400, 3), "te klein voor een logo: 400 bij 3 beeldpunten"),
    "leeg.svg": (b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50"></svg>', "niets te zien"),
    "buiten-beeld.svg": (DRAWING.replace("<rect", '<rect x="900"').format(inside="").encode(), "niets te zien"),
    "wit.png": (png(40, 20, rows=(b"\0" + b"\xff" * 120) * 20), "Op wit.png is op wit papier niets te zien"),
    "wit.svg": (DRAWING.replace("#17375e", "#fff").format(inside="").encode(), "niets te zien"),
    "groot.png": (png(10, 10) + bytes(3_000_000), "groter dan 2 MB"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_c14_what_could_do_harm_or_is_no_logo_is_refused_with_a_sentence(tmp_path, name):
    content, words = REFUSED[name]
    with pytest.raises(Unreadable) as refused:
        made(tmp_path, name, content)
    assert words in refused.value.what
    assert refused.value.hint


def test_a_drawing_that_takes_too_long_is_refused_with_what_to_do_about_a_logo(tmp_path, monkeypatch):
    monkeypatch.setattr("cycle.intake.logo.OTHER_CHILD_SECONDS", 1)
    slow = '<filter id="f"><feGaussianBlur stdDeviation="9999"/></filter>' + (
        '<rect width="200" height="50" filter="url(#f)"/>' * 400
    )
    with pytest.raises(Unreadable) as refused:
        made(tmp_path, "traag.svg", DRAWING.format(inside=slow).encode())
    assert (refused.value.what, refused.value.hint) == (
        "traag.svg lezen duurde langer dan 1 seconden.",
        "Bewaar het logo als PNG, of maak de tekening eenvoudiger.",
    )
