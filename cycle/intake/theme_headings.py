"""How the themes of the agreements are called: the headings of the chapters in which agreements stand.

A heading counts when the first agreement below it is of its number, and no other heading stands between: a list of
themes, of parties or of what a document holds names nothing. A heading that is cut off, or that says something else in
another place, leaves its theme without a name: rather none than a wrong one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cycle.domain.theme_words import MOST_THEME_NAME
from cycle.errors import Fault
from cycle.intake.document import ThemeRead

TO_NAME = "Geef het zelf een naam bij Gegevens, Namen van thema's."


@dataclass(slots=True)
class ThemeHeadings:
    """Walks along with the reader: what was the last heading of a chapter, and which themes are called how."""

    names: list[ThemeRead] = field(default_factory=list)
    last: ThemeRead | None = None
    is_fresh: bool = False

    def pass_words(self, words: str, place: str, *, heading: bool, bullet: bool = False) -> None:
        """A paragraph, or a heading: that of another chapter takes the place of the last; what a heading goes on in
        makes it one that is cut off."""
        if self.is_fresh and words[:1].islower():
            self.last = None
        read = None if bullet else theme_in(words, place, heading=heading)
        self.is_fresh = read is not None
        self.last = read or self.last

    def pass_agreement(self, theme: str) -> None:
        """The first agreement below a heading says whether that is of its chapter."""
        if self.last is not None and self.last.theme == theme:
            self.names.append(self.last)
        self.last, self.is_fresh = None, False


def theme_in(words: str, place: str, *, heading: bool) -> ThemeRead | None:
    """The theme that a heading names ("2 – Duurzaamheid", "Thema 2: Duurzaamheid", "2. Duurzaamheid"), if it does.

    A line that is not known as a heading needs more than a number before its words.
    """
    match = _NAMED.match(words) or ((_NUMBERED if heading else _SHORT).match(words))
    if match is None:
        return None
    theme, name = match.group("theme"), match.group("name").strip()
    is_cut_off = name.endswith((".", ":", ",", ";", "-")) or name.split()[-1] in _GOES_ON
    if is_cut_off or len(name) > MOST_THEME_NAME or len(name.split()) > _MOST_WORDS or name.casefold() in _NO_THEME:
        return None
    return ThemeRead(str(int(theme)), name, place)


def names_agreed(names: Sequence[ThemeRead]) -> tuple[tuple[ThemeRead, ...], tuple[Fault, ...]]:
    """Each theme with its name, where all headings give it the same; and a line for each that they call differently."""
    by_theme: dict[str, list[ThemeRead]] = {}
    for name in names:
        by_theme.setdefault(name.theme, []).append(name)
    unclear = {theme: read for theme, read in by_theme.items() if len({_plain(one.name) for one in read}) > 1}
    agreed = tuple(read[0] for theme, read in by_theme.items() if theme not in unclear)
    return agreed, tuple(_differs(read) for read in unclear.values())


def _differs(read: Sequence[ThemeRead]) -> Fault:
    names = " en ".join(f"“{name}”" for name in dict.fromkeys(one.name for one in read))
    return Fault(read[0].source, f"Thema {read[0].theme} heet op meer dan één manier: {names}.", TO_NAME)


def _plain(name: str) -> str:
    return re.sub(r"\W+", " ", name.casefold()).strip()


_NAMED = re.compile(r"(?:Hoofdstuk|Thema|HOOFDSTUK|THEMA)\s+(?P<theme>\d{1,2})(?:\s*[:.–—-]\s*|\s+)(?P<name>[A-Z].*)$")
_NUMBERED = re.compile(r"(?P<theme>\d{1,2})(?:\s*[–—-]\s*|\s*[:.)]\s*|\s+)(?P<name>[A-Z].*)$")
_SHORT = re.compile(r"(?P<theme>\d{1,2})\s*[–—-]\s*(?P<name>[A-Z].*)$")
_MOST_WORDS = 9
_GOES_ON = ("de", "het", "een", "en", "of", "van", "in", "op", "met", "voor", "aan", "te", "bij", "door", "om")
_NO_THEME = (
    *("inleiding", "voorwoord", "leeswijzer", "samenvatting", "aanleiding", "begrippen", "begrippenlijst", "proces"),
    *("ondertekening", "bijlage", "bijlagen", "inhoud", "inhoudsopgave", "overzicht", "partijen"),
    *("afspraken", "prestatieafspraken"),
)
