"""Whether a picture or a mail that somebody uploads is a whole one, by how its bytes are put together (rule C14).

Nothing is unpacked or drawn: this only tells a scan from a few bytes that begin like one.
"""

import struct
import zlib
from email import message_from_bytes

_PNG, _JPEG, _OUTLOOK = b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SCAN, _END = 0xDA, b"\xff\xd9"
LEAST_OUTLOOK_BYTES = 1536  # its head, one sector that tells where the others are, and one that lists what is in it
MOST_HEAD_BYTES = 256 * 1024


def is_whole_png(content: bytes) -> bool:
    """Whether all parts of a PNG are there, each as it was written: its size, its dots and its end."""
    kinds, at = [], len(_PNG)
    while content.startswith(_PNG) and at + 12 <= len(content):
        [length] = struct.unpack(">I", content[at : at + 4])
        kind, written = content[at + 4 : at + 8], content[at + 8 + length : at + 12 + length]
        if written != struct.pack(">I", zlib.crc32(content[at + 4 : at + 8 + length])):
            return False
        kinds.append(kind)
        at += 12 + length
        if kind == b"IEND":
            break
    return kinds[:1] == [b"IHDR"] and b"IDAT" in kinds and kinds[-1] == b"IEND"


def is_whole_jpeg(content: bytes) -> bool:
    """Whether the parts of a JPEG lead to its dots, and those to an end."""
    at = len(_JPEG)
    while content.startswith(_JPEG) and at + 4 <= len(content) and content[at] == 0xFF:
        if content[at + 1] == _SCAN:
            return content.find(_END, at) > at
        at += 1 if content[at + 1] == 0xFF else 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    return False


def is_mail(content: bytes) -> bool:
    """Whether a file begins as a mail does: with who sent it."""
    return message_from_bytes(content[:MOST_HEAD_BYTES])["From"] is not None


def is_outlook_mail(content: bytes) -> bool:
    """Whether a file may be a mail that Outlook wrote: it has such a file's mark, and room for what each has."""
    return content.startswith(_OUTLOOK) and len(content) >= LEAST_OUTLOOK_BYTES
