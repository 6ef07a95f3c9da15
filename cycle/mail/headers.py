"""How words become mail headers, so that they arrive as written.

The standard library's policies write encoded-words over 75 characters, lose spaces between them, and put them in
headers where they are not allowed (rules B2 and B3, python/cpython 100991). These few functions do the four forms that
we need: free text, a mailbox, a file name, and what must stay plain. Every function returns complete lines with CRLF;
none is over 998 characters, and none over 78 where a space allows.
"""

import re
from binascii import b2a_base64
from collections.abc import Callable, Iterator
from urllib.parse import quote

from cycle.domain.mail_addresses import ascii_address

LINE = 78  # RFC 5322 2.1.1
ENCODED_LINE = 76  # RFC 2047 section 2: lines that hold an encoded-word
ENCODED_WORD = 75  # RFC 2047 section 2
FRAME = len("=?utf-8?q??=")

# control characters, line and paragraph separators, and the marks that turn text around to mislead the eye (rule B4)
_UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_TOKEN = re.compile(r" *[^ ]+")
_PLAIN_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
# RFC 2047 section 5 (3): the characters that may stand for themselves in a name too
_LITERAL = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_Q = tuple(chr(byte) if byte in _LITERAL else "_" if byte == 32 else f"={byte:02X}" for byte in range(256))


def clean(text: str) -> str:
    """One line without control characters: a title with a line break must not stop the sender (rule B4)."""
    text = _UNWANTED.sub(" ", text).strip()
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def unstructured(name: str, value: str) -> str:
    """Free text such as Subject: plain and folded at spaces if it can be, encoded-words if not."""
    value = clean(value)
    if _can_stay_plain(value):
        return _fold(f"{name}: {value}")
    words = encoded_words(value, used=len(name) + 2)
    return f"{name}: " + "\r\n ".join(words) + "\r\n"


def mailbox(name: str, email: str, display_name: str = "") -> str:
    """One person's address with their name: From, To, Reply-To."""
    address = ascii_address(email)
    phrase = clean(display_name)
    if not phrase:
        return f"{name}: {address}\r\n"
    if _can_stay_plain(phrase) and "  " not in phrase:
        return _fold(f"{name}: {_quoted(phrase)} <{address}>")
    words = encoded_words(phrase, used=len(name) + 2)
    lines = f"{name}: " + "\r\n ".join(words)
    used = len(lines) - lines.rfind("\n") - 1
    gap = " " if used + len(address) + 3 <= ENCODED_LINE else "\r\n "
    return f"{lines}{gap}<{address}>\r\n"


def structured(name: str, value: str) -> str:
    """What has a grammar of its own (Message-ID, References, List-*): ASCII, on one line, never an encoded-word."""
    if not value.isascii() or _UNWANTED.search(value):
        raise ValueError(f"{name} may hold printable ASCII only")
    return f"{name}: {value}\r\n"


def with_file_name(name: str, value: str, file_name: str) -> str:
    """A header with a file name: quoted if short and ASCII, else in the segments of RFC 2231."""
    file_name = clean(file_name).replace("/", "-").replace("\\", "-")
    if file_name.isascii() and len(file_name) <= 60 and '"' not in file_name:
        return f'{name}: {value};\r\n filename="{file_name}"\r\n'
    segments = list(_segments(file_name, LINE - len("filename") - len("utf-8''") - 8))
    if len(segments) == 1:
        return f"{name}: {value};\r\n filename*=utf-8''{segments[0]}\r\n"
    segments[0] = f"utf-8''{segments[0]}"
    lines = (f" filename*{index}*={segment}" for index, segment in enumerate(segments))
    return f"{name}: {value};\r\n" + ";\r\n".join(lines) + "\r\n"


def encoded_words(text: str, *, used: int) -> list[str]:
    """RFC 2047 words, one a line; `used` counts what already stands on the first line.

    The whole text is encoded, spaces too, because white space between two words is not part of the text. The shorter
    of Q and B wins, Q when equal, for filters distrust needless base64.
    """
    raw = text.encode()
    q_size = sum(map(len, map(_Q.__getitem__, raw)))
    if q_size <= 4 * ((len(raw) + 2) // 3):
        first, later = _rooms(used)
        return [f"=?utf-8?q?{_q(part)}?=" for part in _parts(text, _q_size, first, later)]
    first, later = (room // 4 * 3 for room in _rooms(used))
    return [f"=?utf-8?b?{_b(part)}?=" for part in _parts(text, len, first, later)]


def _rooms(used: int) -> tuple[int, int]:
    return min(ENCODED_WORD, ENCODED_LINE - used) - FRAME, ENCODED_WORD - FRAME


def _parts(text: str, size_of: Callable[[bytes], int], room: int, later: int) -> Iterator[bytes]:
    """Split between characters, never inside one (RFC 2047 section 5)."""
    part, size = b"", 0
    for character in text:
        raw = character.encode()
        more = size_of(raw)
        if size + more > room:
            yield part
            part, size, room = b"", 0, later
        part += raw
        size += more
    yield part


def _q(raw: bytes) -> str:
    return "".join(map(_Q.__getitem__, raw))


def _q_size(raw: bytes) -> int:
    return len(_q(raw))


def _b(raw: bytes) -> str:
    return b2a_base64(raw, newline=False).decode("ascii")


def _can_stay_plain(value: str) -> bool:
    """ASCII that can be folded, and that no reader takes for an encoded-word."""
    return value.isascii() and "=?" not in value and all(len(t) < LINE - 20 for t in _TOKEN.findall(value))


def _fold(line: str) -> str:
    """Break before a space, so that unfolding gives the same text back."""
    if len(line) <= LINE:
        return f"{line}\r\n"
    name, _, value = line.partition(": ")
    lines = [f"{name}:"]
    for token in _TOKEN.findall(f" {value}"):
        # the first word stays beside the name: some readers take an empty first line for an empty header
        if len(lines[-1]) + len(token) > LINE and len(lines[-1]) > len(name) + 1:
            lines.append(token)
        else:
            lines[-1] += token
    return "\r\n".join(lines) + "\r\n"


def _quoted(phrase: str) -> str:
    if _PLAIN_PHRASE.fullmatch(phrase):
        return phrase
    return '"' + phrase.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _segments(text: str, room: int) -> Iterator[str]:
    segment = ""
    for character in text:
        encoded = quote(character, safe="")
        if len(segment) + len(encoded) > room:
            yield segment
            segment = ""
        segment += encoded
    yield segment
