"""What somebody wrote back to a mail of ours: to which, and their own words, without quotations and links.

Replies come from any program, so nothing here fails; what is left is words for a person to read. What a machine wrote
(RFC 3834) is known as that. Links go because those that were quoted open pages of the one who got them.
"""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from html.parser import HTMLParser

from cycle.domain.text import clean_line, clean_lines
from cycle.mail.bounces import is_automatic

MOST_WORDS = 4000
"""Signs of a reply that are kept; a longer one is read in the mailbox."""

_ID = re.compile(r"<[^<>\s@]+@[^<>\s@]+>")
_LINK = re.compile(r"<?\b(?:https?://|www\.)\S+>?|<mailto:[^>\s]*>", re.IGNORECASE)
_QUOTE_BEGINS = re.compile(
    r"""^\s*(?:
        -{2,}\s*(?:oorspronkelijk\ bericht|original\ message|doorgestuurd\ bericht|forwarded\ message)\s*-{2,}
        | _{8,}
        | (?:op|on)\ .{2,200}\ (?:schreef|wrote|het\ volgende\ geschreven)\b.{0,120}:\s*$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_HEAD = re.compile(r"^\s*\*?(?:van|from)\*?:\s", re.IGNORECASE)
_HEAD_GOES_ON = re.compile(r"^\s*\*?(?:verzonden|sent|datum|date|aan|to|onderwerp|subject)\*?:\s", re.IGNORECASE)
_BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "blockquote"})


@dataclass(frozen=True, slots=True)
class WrittenBack:
    """One mail from the mailbox for replies. `about` are the Message-IDs that it answers, the nearest first."""

    mail_id: str
    about: tuple[str, ...]
    sender: str
    words: str
    is_automatic: bool


def answers_of(raw: bytes) -> tuple[str, ...]:
    """The Message-IDs that a mail answers, of its head alone: what it replies to, then the thread from its end."""
    head = message_from_bytes(raw, policy=policy.compat32)
    nearest = _ID.findall(str(head.get("In-Reply-To", "")))
    return tuple(dict.fromkeys([*nearest, *reversed(_ID.findall(str(head.get("References", ""))))]))


def read_written_back(raw: bytes) -> WrittenBack:
    """What a whole mail says. Without a Message-ID of its own it is known by what it answers and its date."""
    mail = message_from_bytes(raw, policy=policy.compat32)
    about = answers_of(raw)
    own = _ID.search(str(mail.get("Message-ID", "")))
    return WrittenBack(
        own[0] if own else f"{about[:1]} {mail.get('Date', '')}",
        about,
        parseaddr(_decoded(str(mail.get("From", ""))))[1].lower()[:254],
        own_words(_text_of(mail)),
        is_automatic(mail),
    )


def own_words(text: str) -> str:
    """The words without what was quoted, the signature and links; at most MOST_WORDS signs."""
    lines = clean_lines(text).splitlines()
    mine: list[str] = []
    for number, line in enumerate(lines):
        if line.rstrip() == "--" or _begins_quote(lines, number):
            break
        if not line.lstrip().startswith(">"):
            mine.append(_LINK.sub("", line).rstrip())
    words = re.sub(r"\n{3,}", "\n\n", "\n".join(mine)).strip()
    return words if len(words) <= MOST_WORDS else f"{words[:MOST_WORDS].rstrip()}…"


def _begins_quote(lines: list[str], number: int) -> bool:
    """Whether what was answered stands from here on. A line that says who wrote it may be broken in two."""
    line, after = lines[number], "".join(lines[number + 1 : number + 2])
    if _QUOTE_BEGINS.match(line) or (
        re.match(r"^\s*(?:op|on)\s", line, re.IGNORECASE) and _QUOTE_BEGINS.match(f"{line} {after}")
    ):
        return True
    return bool(_HEAD.match(line)) and any(_HEAD_GOES_ON.match(one) for one in lines[number + 1 : number + 4])


def _text_of(mail: Message) -> str:
    """The plain text, else the text of the HTML, else nothing. Attachments are no words."""
    parts = [one for one in mail.walk() if one.get_content_disposition() != "attachment"]
    for kind, made in (("text/plain", str), ("text/html", _plain)):
        for part in parts:
            if part.get_content_type() == kind and (text := _payload(part)).strip():
                return made(text)
    return ""


def _payload(part: Message) -> str:
    raw = part.get_payload(decode=True)
    content = raw if isinstance(raw, bytes) else b""
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _decoded(text: str) -> str:
    try:
        return clean_line(str(make_header(decode_header(text))))
    except (ValueError, LookupError):
        return clean_line(text)


def _plain(html: str) -> str:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.told)


class _Reader(HTMLParser):
    """The words of a page, a line for each block; what stands in a quotation begins with a mark."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        self._hidden, self._quoted = 0, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("style", "script", "head", "title")
        self._quoted += tag == "blockquote"
        if tag in _BLOCKS:
            self.told.append("\n> " if self._quoted else "\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "script", "head", "title") and self._hidden > 0
        self._quoted -= tag == "blockquote" and self._quoted > 0
        if tag in _BLOCKS:
            self.told.append("\n> " if self._quoted else "\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.told.append(" ".join(data.split("\n")))
