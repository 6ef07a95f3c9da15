"""What a format leaves out on purpose, by place, so that it is said: struck out and hidden text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from cycle.intake.raw import Block, RawAside, RawLine, RawNote, RawText


@dataclass(slots=True)
class Unread:
    """Gathers what was left out since the last place was closed."""

    _struck: list[str] = field(default_factory=list)
    _hidden: list[str] = field(default_factory=list)
    _notes: list[RawNote] = field(default_factory=list)

    def struck(self, words: str) -> str:
        """Keep struck out words apart; nothing is left of them in the text."""
        self._struck.append(words)
        return ""

    def hidden(self, words: str) -> str:
        """Keep hidden words apart; nothing is left of them in the text."""
        self._hidden.append(words)
        return ""

    def gap(self) -> None:
        """What is left out from here on is no longer the same word."""
        for pieces in (self._struck, self._hidden):
            pieces.append(" ")

    def close(self, place: str) -> None:
        """All that was left out since the last time stood in this place."""
        for pieces, what, hint in ((self._struck, STRUCK, STRUCK_HINT), (self._hidden, HIDDEN, HIDDEN_HINT)):
            words = " ".join("".join(pieces).split())
            pieces.clear()
            if words:
                self._notes.append(RawNote(place, what.format(clipped(words)), hint))

    def notes(self) -> Iterator[RawNote]:
        """What was left out, in reading order."""
        yield from self._notes


def without_struck(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a text without what is struck out in it as Markdown does ("~~…~~"), which is named at the end."""
    unread = Unread()
    read = [_without_struck(block, unread) for block in blocks]
    return [*read, *unread.notes()]


def _without_struck(block: Block, unread: Unread) -> Block:
    def left_of(words: str) -> str:
        left = _STRUCK.sub(lambda match: unread.struck(match.group(1)), words)
        unread.gap()
        return left if left == words else left.strip()

    if isinstance(block, RawText):
        text = left_of(block.text)
        unread.close(block.place)
        return replace(block, text=text)
    if isinstance(block, RawNote | RawAside):
        return block
    lines: list[RawLine] = []
    for line in block.lines:
        lines.append(RawLine(tuple(map(left_of, line.cells)), line.place))
        unread.close(line.place)
    return replace(block, lines=tuple(lines))


def changes_note(file: str, put_in: int, taken_out: int) -> Iterator[RawNote]:
    """That a document holds tracked changes, if it does; they are read as accepted."""
    if put_in or taken_out:
        yield RawNote(
            file,
            f"Er staan bijgehouden wijzigingen in ({put_in} ingevoegd, {taken_out} verwijderd);"
            " gelezen alsof ze zijn aanvaard.",
            "Klopt dat niet, aanvaard of weiger ze dan zelf en lees het bestand opnieuw.",
        )


def clipped(words: str) -> str:
    """The words, or their beginning where they are long."""
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"


STRUCK = "Doorgestreepte tekst is niet gelezen: “{}”."
STRUCK_HINT = "Geldt deze tekst toch, haal dan de streep weg en lees het bestand opnieuw."
HIDDEN = "Verborgen tekst is niet gelezen: “{}”."
HIDDEN_HINT = "Hoort deze tekst erbij, maak die dan zichtbaar en lees het bestand opnieuw."
_LONGEST = 120
_STRUCK = re.compile(r"~~(?=\S)(.{1,2000}?)~~", re.S)
