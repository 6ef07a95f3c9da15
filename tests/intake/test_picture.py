"""A scan or a mail that somebody uploads is whole: as programs write it, and not a few bytes that begin like it."""

from io import BytesIO

import pytest
from PIL import Image

from cycle.intake.picture import LEAST_OUTLOOK_BYTES, is_mail, is_outlook_mail, is_whole_jpeg, is_whole_png

OUTLOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def drawn(kind: str, **how: object) -> bytes:
    content = BytesIO()
    Image.effect_noise((300, 200), 60).convert("RGB").save(content, kind, **how)
    return content.getvalue()


@pytest.mark.parametrize(
    ("is_whole", "content"),
    [
        (is_whole_png, drawn("PNG")),
        (is_whole_jpeg, drawn("JPEG")),
        (is_whole_jpeg, drawn("JPEG", progressive=True, quality=95)),
    ],
)
def test_a_picture_is_whole_until_something_of_it_is_missing(is_whole, content: bytes) -> None:
    assert is_whole(content)
    assert is_whole(content + b"what a telephone puts behind it")
    cuts = [0, 4, 8, 10, 30, len(content) // 2, len(content) - 2]
    assert [cut for cut in cuts if is_whole(content[:cut])] == []
    assert [other for other in (is_whole_png, is_whole_jpeg) if other(content)] == [is_whole]


def test_a_png_whose_bytes_became_others_is_not_whole() -> None:
    content = bytearray(drawn("PNG"))
    content[len(content) // 2] ^= 1
    assert not is_whole_png(bytes(content))


def test_a_mail_says_who_sent_it() -> None:
    assert is_mail(b"Received: by x\r\nFrom: a@b.example\r\n\r\nVerstuurd.")
    assert [content for content in (b"", b"acht b..", b"\r\n\r\nFrom: a@b.example") if is_mail(content)] == []
    assert is_outlook_mail(OUTLOOK + bytes(LEAST_OUTLOOK_BYTES))
    assert [content for content in (OUTLOOK, b"x" * LEAST_OUTLOOK_BYTES) if is_outlook_mail(content)] == []
