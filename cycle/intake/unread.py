"""What a format leaves out on purpose, by place, so that it is said: struck out and hidden text."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from cycle.intake.raw import RawNote


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


def clipped(words: str) -> str:
    """The words, or their beginning where they are long."""
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"


STRUCK = "Doorgestreepte tekst is niet gelezen: “{}”."
STRUCK_HINT = "Geldt deze tekst toch, haal dan de streep weg en lees het bestand opnieuw."
HIDDEN = "Verborgen tekst is niet gelezen: “{}”."
HIDDEN_HINT = "Hoort deze tekst erbij, maak die dan zichtbaar en lees het bestand opnieuw."
_LONGEST = 120
