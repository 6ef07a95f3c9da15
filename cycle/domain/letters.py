"""Letters as people see them: how one is greeted, which colour can be read, what its reference is, who agreed how."""

import re
from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum

from cycle.domain.model import PartyKind
from cycle.domain.words import day_words
from cycle.errors import Refused

LEAST_CONTRAST = 4.5
"""What small text needs on its ground (WCAG 2.2, 1.4.3)."""
LONG_AGO_DAYS, DAYS_IN_A_YEAR = 31, 366
MOST_NUMBER = 9999
MOST_LINE, MOST_ADDRESS_LINES = 160, 6
"""How many signs a line of a house style may have, and how many lines an address."""
JOINT, TOGETHER = "", "gezamenlijk"
"""The house style of a joint letter is that of no party; and how people call it."""

SEVERAL = {
    "Geacht bestuur": "Geachte besturen",
    "Geacht college": "Geachte colleges",
    "Geachte lezer": "Geachte lezers",
}
"""How several who are greeted alike are greeted at once."""

BESIDE = {"bod": "Brief bij het bod", "toezending": "Brief bij de afspraken"}
"""What a letter is called that something else goes along with, by its kind."""

_BEFORE_A_SURNAME = re.compile(r"(?:-?[A-Z][a-z]{0,2}\.)+|[A-Z]|(?:[Pp]rof|[Dd]rs|[Ii]r|[Dd]r|[Mm]r|[Ii]ng)\.")
"""Initials ("A.-M.", "Chr.") and titles, which a salutation leaves out."""


class Way(StrEnum):
    """By which way a sender said that a letter may go."""

    LINK = "link"
    DESK = "desk"
    PAPER = "paper"
    NOTED = "noted"

    @property
    def is_own_act(self) -> bool:
        """Whether the director did it, and nobody else in their name."""
        return self in (Way.LINK, Way.DESK)


def colour_of(text: str) -> str | None:
    """ "#17375e" for "17375E" or "#17375e"; None for what is no colour."""
    match = re.fullmatch(r"#?([0-9a-f]{6})", text.strip().lower())
    return f"#{match[1]}" if match else None


def look_at_colour(text: str) -> str:
    """The colour that somebody gives for a letter, as we keep it; "" for none.

    Raises Refused for what is no colour, and for one that cannot be read on white paper.
    """
    if not text:
        return ""
    colour = colour_of(text)
    if colour is None:
        raise Refused("Dit is geen kleur.", "Schrijf hem als #17375e.")
    if contrast_on_white(colour) < LEAST_CONTRAST:
        contrast = f"{contrast_on_white(colour):.1f}".replace(".", ",")
        what = f"Deze kleur is op wit papier te licht om te lezen ({contrast}; nodig is 4,5)."
        raise Refused(what, f"Neem bijvoorbeeld {readable(colour)}.")
    return colour


def look_at_pattern(text: str) -> str:
    """The pattern that somebody gives for references. Raises Refused for one that names other fields."""
    if re.search(r"[{}]", re.sub(r"\{(jaar|nummer)\}", "", text)):
        raise Refused("Het kenmerk kent alleen {jaar} en {nummer}.", "Schrijf bijvoorbeeld PA-{jaar}-{nummer}.")
    return text


def look_at_address_lines(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The lines that somebody gives as an address. Raises Refused for more or longer ones than fit over a letter."""
    if len(lines) > MOST_ADDRESS_LINES:
        raise Refused(f"Een adres heeft hoogstens {MOST_ADDRESS_LINES} regels.", "Haal een regel weg.")
    if any(len(line) > MOST_LINE for line in lines):
        raise Refused(
            f"Een regel van een adres heeft hoogstens {MOST_LINE} tekens.", "Zet een deel op een eigen regel."
        )
    return lines


def contrast_on_white(colour: str) -> float:
    """From 1 (white itself) to 21 (black): as WCAG 2.2 counts it."""
    shares = [_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5)]
    luminance = 0.2126 * shares[0] + 0.7152 * shares[1] + 0.0722 * shares[2]
    return 1.05 / (luminance + 0.05)


def readable(colour: str) -> str:
    """The colour, or the nearest darker one of its kind that can be read on white."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    for step in range(256):
        share = 1 - step / 255
        darker = f"#{round(red * share):02x}{round(green * share):02x}{round(blue * share):02x}"
        if contrast_on_white(darker) >= LEAST_CONTRAST:
            return darker
    return "#000000"


def reference_of(pattern: str, year: int, taken: Collection[str]) -> str:
    """ "PA-2027-003" for "PA-{jaar}-{nummer}": the first number that no other letter has; none without a pattern."""
    filled = pattern.replace("{jaar}", str(year))
    if "{nummer}" not in filled:
        return filled
    numbered = (filled.replace("{nummer}", f"{number:03}") for number in range(1, MOST_NUMBER))
    return next(one for one in numbered if one not in taken)


def body_of(kind: PartyKind) -> str:
    """To whom within a party a letter is when nobody said so."""
    return "College van burgemeester en wethouders" if kind is PartyKind.MUNICIPALITY else "Het bestuur"


def salutation_of(kind: PartyKind, body: str, name: str) -> str:
    """How a letter greets a party: by name where that tells how ("mevrouw De Boer"), else by its board; neutral and
    right where nothing is known."""
    if titled := re.match(r"(?i)(mevrouw|mevr\.|mw\.|de heer|dhr\.|heer)\s+(.+)", name):
        return f"Geachte {'mevrouw' if titled[1].lower().startswith('m') else 'heer'} {_surname(titled[2])}"
    if name:
        return f"Geachte {name}"
    words = body.casefold()
    if "college" in words or (not body and kind is PartyKind.MUNICIPALITY):
        return "Geacht college"
    if "bestuur" in words or not body:
        return "Geacht bestuur"
    return "Geachte lezer"


def greeting(salutations: Iterable[str]) -> str:
    """All addressees greeted in one line, each once: "Geacht college, geacht bestuur,"; of several boards "geachte
    besturen"."""
    given = [one.strip().rstrip(",") for one in salutations if one.strip()] or ["Geachte lezer"]
    parts = [SEVERAL.get(one, one) if given.count(one) > 1 else one for one in dict.fromkeys(given)]
    return ", ".join([parts[0], *(one[:1].lower() + one[1:] for one in parts[1:])]) + ","


def kind_word(step: str, title: str) -> str:
    """Which kind of letter a step asks, by its name in the library, else by its title: a value of `LetterKind`."""
    words = f"{step} {title}".casefold()
    for sign, kind in (("uitnodig", "uitnodiging"), ("verzonden", "toezending"), ("ondertekend", "toezending")):
        if sign in words:
            return kind
    return "bod" if re.search(r"\bbod\b", words) else "brief"


def called(step: str, year: int) -> str:
    """As people call the letter of a step: "Uitnodigingsbrief 2027"; of a bod it is the letter, and not the bod itself:
    "Brief bij het bod 2027"."""
    name = BESIDE.get(kind_word(step, "")) or (step or "uitnodigingsbrief").replace("-", " ").capitalize()
    return f"{name} {year}"


def asks_before_sending(year: int, today: date, *, due: date | None, agreed: str) -> tuple[str, ...]:
    """What looks strange about sending a letter of a year now, as questions; nothing is refused for it. `due` is the
    last day on which it is in time, `agreed` that in words ("vóór 1 april (uiterlijk woensdag 31 maart 2027)")."""
    if today.year < year:
        return (f"Deze brief is van {year}, en het is nu {today.year}. Toch nu versturen?",)
    if today.year > year:
        return (f"Deze brief is van {year}; dat jaar is voorbij. Toch versturen?",)
    if due is not None and today > due:
        return (f"Afgesproken is: versturen {agreed}. Dat is voorbij. Toch versturen?",)
    return ()


def asks_about_date(on_letter: date, today: date) -> tuple[str, ...]:
    """The same about the date that stands on it: one to come, or one of more than a month ago."""
    if on_letter > today:
        return (f"Op de brief staat {day_words(on_letter)}. Die dag is nog niet geweest. Toch nu versturen?",)
    if (today - on_letter).days > LONG_AGO_DAYS:
        days = (today - on_letter).days
        return (f"Op de brief staat {day_words(on_letter)}. Dat is {days} dagen geleden. Toch zo versturen?",)
    return ()


def strange_day_of_sending(year: int, day: date, today: date) -> str:
    """What looks strange about a day on which a letter of a year is said to have been sent; "" for an ordinary one."""
    if day > today:
        return f"{day_words(day)} is nog niet geweest."
    if day.year < year:
        return f"{day_words(day)} ligt vóór {year}, het jaar van de brief."
    return f"{day_words(day)} is meer dan een jaar geleden." if (today - day).days > DAYS_IN_A_YEAR else ""


def _surname(name: str) -> str:
    """ "De Boer" for "A.B. de Boer": without initials, and with a capital, as after "mevrouw"."""
    words = [one for one in name.split() if not _BEFORE_A_SURNAME.fullmatch(one)]
    left = " ".join(words or name.split())
    return left[:1].upper() + left[1:]


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
