"""Text into tokens: spelling is made even here, so that the grammar sees one form of each word.

Case, accents, dashes, quotes, non-breaking spaces and markup go; the place in the source stays. Every pattern is
bounded, so that time grows with the length of the text and nothing else.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache

from cycle.domain.dutch.slips import PLACES, mended, slips
from cycle.domain.words import MONTHS


class TokenKind(Enum):
    """What a token is."""

    WORD = auto()
    NUMBER = auto()
    SHORT_YEAR = auto()  # '25
    DATE = auto()  # 1-4-2027 or 2027-04-01
    FIGURE = auto()  # 1.061, 30%, 1.1.3, 12.00: never a date
    GARBLED = auto()  # 2O25: digits and letters mixed up by OCR
    MARK = auto()  # one sign of punctuation
    BREAK = auto()  # a tab, an empty line, a tag, a bullet
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of the source: `text` is its even form, `start` and `end` its place."""

    kind: TokenKind
    text: str
    start: int
    end: int
    glued: bool = False  # no space before it
    fresh: bool = False  # first on its line
    accented: bool = False


SKIP = 5  # no phrase has more small words in a row; a bound keeps reading linear
END = Token(TokenKind.END, "", 0, 0)

PATTERN = re.compile(
    r"""
      (?P<inline></?(?:b|i|u|em|strong|span|sup|sub|a|font|mark)(?:[ ][^<>]{0,200})?>)
    | (?P<break>\t[ \t\n]* | \n[ ]*\n[ \n]* | <[^<>]{0,200}> | [•▪●|] )
    | (?P<space>(?:[ \n\r\f\v]|&nbsp;)+)
    | (?P<date>(?<![0-9./-])
        (?: (?:19|20)[0-9]{2}(?P<first>[-/.])[0-9]{1,2}(?P=first)[0-9]{1,2}
          | [0-9]{1,2}[ ]?(?P<sep>[-/.])[ ]?[0-9]{1,2}[ ]?(?P=sep)[ ]?'?(?:[0-9]{4}|[0-9]{2}) )
        (?![0-9]) (?![./-][0-9]) )
    | (?P<garbled>(?<![0-9a-z])(?:
          (?=[0-9o]{0,2}o) [0-9o]{1,2}[-/.][0-9o]{1,2}[-/.][0-9o]{4}
        | (?=[0-9]{1,2}[-/.][0-9]?o) [0-9]{1,2}[-/.][0-9o]{1,2}[-/.][0-9o]{4}
        | (?=[0-9]{0,3}[oilzsb]) (?:2[0o][0-9oilzsb]{2} | [ilz]0[0-9]{2})
        ) (?![0-9a-z]) )
    | (?P<year>(?:19|20)[0-9]{2}(?=,(?:19|20)[0-9]{2}(?![0-9])))
    | (?P<figure>[0-9]{1,12}(?:[.,][0-9]{1,12}){1,6}(?:[ ]?%)? | [0-9]{1,12}[ ]?%)
    | (?P<short>'[ ]?[0-9]{2}(?![0-9a-z]))
    | (?P<number>[0-9]{1,12})
    | (?P<abbreviation>(?<![a-z])(?: t[ ]?/[ ]?m | p[ ]?/[ ]?[jkm] | n[ ]?/[ ]?a | e[ ]?[/&][ ]?o
        | [a-z](?:[.][ ]?[a-z](?![a-z0-9])){1,4}[.]? )(?![a-z]))
    | (?P<word>[a-z]+)
    | (?P<noise>[*_"'^=#`\\])
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)

KINDS = {
    "break": TokenKind.BREAK,
    "date": TokenKind.DATE,
    "garbled": TokenKind.GARBLED,
    "year": TokenKind.NUMBER,
    "figure": TokenKind.FIGURE,
    "short": TokenKind.SHORT_YEAR,
    "number": TokenKind.NUMBER,
    "abbreviation": TokenKind.WORD,
    "word": TokenKind.WORD,
    "mark": TokenKind.MARK,
}
DASHES = dict.fromkeys("‐‑‒–—―−­", "-") | {"\u00ad": ""}
QUOTES = dict.fromkeys("‘’‚‛´`′ʼ", "'") | dict.fromkeys("“”„«»″", '"')
INVISIBLE = dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff", "")
FOLDED = DASHES | QUOTES | INVISIBLE


def with_numerals(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The same, with the "één" of "één juni" as the number that it is; without its accents it is an article."""
    return (
        tuple(
            replace(token, kind=TokenKind.NUMBER, text="1", accented=False)
            if token.accented and token.text == "een" and after.text in MONTHS
            else token
            for token, after in zip(tokens, (*tokens[1:], END), strict=True)
        )
        if any(token.accented for token in tokens)
        else tokens
    )


class SourceText:
    """The tokens of one source, with questions that never fall off its end."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = with_numerals(tokenise(source))
        self.length = len(self.tokens)
        self.words = [token.text if token.kind is TokenKind.WORD else "" for token in self.tokens]
        self.slips = self.mend()
        self.numbers = {i: int(token.text) for i, token in enumerate(self.tokens) if token.kind is TokenKind.NUMBER}

    def mend(self) -> frozenset[int]:
        """The places of words with a typing error, which from now on are the words that were meant."""
        wrong = slips()
        mended_at = []
        for i, word in enumerate(self.words):
            if word not in wrong:
                continue
            before, after = self.at(i - 1), self.at(i + 1)
            is_day = before.kind is TokenKind.NUMBER and len(before.text) < 3
            beside = is_day or after.kind in (TokenKind.NUMBER, TokenKind.SHORT_YEAR)
            if meant := mended(word, beside, self.word(i - 1) in PLACES):
                self.words[i] = meant
                mended_at.append(i)
        return frozenset(mended_at)

    def at(self, i: int) -> Token:
        """The token there, or END outside the text."""
        return self.tokens[i] if 0 <= i < self.length else END

    def word(self, i: int) -> str:
        """The word there, or nothing."""
        return self.words[i] if 0 <= i < self.length else ""

    def number(self, i: int) -> int | None:
        """The digits there, or None."""
        return self.numbers.get(i)

    def mark(self, i: int) -> str:
        """The sign of punctuation there, or nothing."""
        token = self.at(i)
        return token.text if token.kind is TokenKind.MARK else ""

    def skip(self, i: int, words: frozenset[str]) -> int:
        """The place after a few of those words."""
        for _ in range(SKIP):
            if self.word(i) not in words:
                break
            i += 1
        return i

    def between(self, i: int, j: int) -> str:
        """The source from token i up to j, on one line."""
        if i >= j:
            return ""
        return " ".join(self.source[self.at(i).start : self.at(j - 1).end].split())


def tokenise(source: str) -> tuple[Token, ...]:
    """Cut the source into tokens; spaces and quotes leave none."""
    even, places = evened(source)
    tokens: list[Token] = []
    glued = fresh = False
    for match in PATTERN.finditer(even):
        group = match.lastgroup or ""
        if group in ("space", "noise", "inline"):
            glued = glued and group != "space"
            fresh = fresh or "\n" in match.group()
            continue
        start, end = places[match.start()], places[match.end()]
        accented = group == "word" and not source[start:end].isascii()
        text = squeezed(match.group(), group)
        tokens.append(Token(KINDS[group], text, start, end, glued, fresh, accented))
        glued, fresh = True, False
    return tuple(tokens)


def squeezed(text: str, group: str) -> str:
    """One form for t/m, z.s.m. and dates with loose spaces."""
    if group == "abbreviation":
        return ABBREVIATED.get(letters := re.sub("[^a-z]", "", text), letters)
    if group in ("date", "short"):
        return text.replace(" ", "").replace("'", "")
    return text


ABBREVIATED = {"tm": "t/m", "tem": "t/m", "na": "nvt", "eo": "en"}


def evened(source: str) -> tuple[str, range | list[int]]:
    """Lower case without accents, and for each place in it the place in the source."""
    if source.isascii():
        return source.lower(), range(len(source) + 1)
    pieces: list[str] = []
    places: list[int] = []
    done = 0
    for match in FOREIGN.finditer(source):
        pieces += source[done : match.start()].lower(), folded(source, match.start())
        places += range(done, match.start())
        places += [match.start()] * len(pieces[-1])
        done = match.end()
    pieces.append(source[done:].lower())
    places += range(done, len(source) + 1)
    return "".join(pieces), places


def folded(source: str, i: int) -> str:
    """One foreign sign; a loose acute is an accent that a scanner set apart, unless figures follow ("´25")."""
    if source[i] == "´" and not source[i + 1 : i + 2].isdigit():
        return ""
    return fold(source[i])


FOREIGN = re.compile(r"[^\x00-\x7f]")


@lru_cache(maxsize=4096)
def fold(sign: str) -> str:
    """One sign in its even form; a combining accent becomes nothing."""
    if sign in FOLDED:
        return FOLDED[sign]
    parts = unicodedata.normalize("NFKD", sign)
    bare = "".join(FOLDED.get(part, part) for part in parts if not unicodedata.combining(part))
    return " " if bare.isspace() and bare not in "\n\t" else bare.lower()
