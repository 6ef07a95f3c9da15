"""Numbers of agreements, and what spreadsheets make of them: 1.10 becomes 1.1, and 2.4 becomes the second of April."""

import re

from cycle.errors import Fault


def restored_number(cell: str, above: str, place: str) -> tuple[str, Fault | None]:
    """The number that was meant in a cell, given the number of the row above, with a fault if it had to be guessed."""
    number = cell.rstrip(".")
    from_date = _number_from_date(number)
    if from_date:
        return from_date, _fault(place, f"Het nummer is een datum geworden ({number}); gelezen als {from_date}.")
    longer = _with_lost_zero(number, above)
    if longer:
        return longer, _fault(place, f"Het nummer {number} volgt op {above}; gelezen als {longer}.")
    return number, None


def plain_number(cell: str, above: str) -> str:
    """A number without the word before it ("Afspraak 4", "#4", "4)"); a letter goes on in the number above it."""
    number = _WORD_BEFORE.sub("", cell).rstrip(")")
    letter = number.rstrip(".")
    if not _LETTER.fullmatch(letter):
        return number
    base = _OWN_LETTER.sub("", above)
    return f"{base}{letter}" if base.rstrip(".-")[-1:].isdecimal() else letter


def number_before(words: str, above: str) -> tuple[str, str]:
    """The number that a text begins with and the rest of the text, ("", text) where none stands there."""
    begins = _BEFORE.match(words)
    if not begins:
        return "", words
    return plain_number(begins.group().strip(" :–-"), above).rstrip("."), words[begins.end() :]


def follows(number: str, above: str) -> bool:
    """Whether a number can be that of the row after `above`; some numbers may be missing in between."""
    if not above:
        return True
    new, old = _parts(number), _parts(above)
    if new[:-1] == old[:-1]:
        return old[-1] < new[-1] <= old[-1] + _MOST_MISSING
    return new > old and new[-1] <= _MOST_MISSING


def comes_next(number: str, above: str) -> bool:
    """Whether a number of several parts is the very next after the one above ("1.3" after "1.2" or "1.2b")."""
    new, old = _parts(number), _parts(above)
    return len(new) == len(old) > 1 and new[:-1] == old[:-1] and new[-1] == old[-1] + 1


def _number_from_date(cell: str) -> str:
    """Excel turns "2.4" into 2 April and "1.1.5" into 1 January 2005; readers give either as "2 april 2026"."""
    match = _DATE.fullmatch(cell.casefold())
    if not match:
        return ""
    day, month, year = match.groups()
    if month[:3] not in _MONTHS:
        return ""
    last = int(year or 0) % 100
    return f"{int(day)}.{_MONTHS.index(month[:3]) + 1}" + (f".{last}" if 0 < last <= 20 else "")


def _with_lost_zero(number: str, above: str) -> str:
    """The tenth, twentieth, … of a row of numbers loses its zero when a spreadsheet takes it for a quantity."""
    head, _, last = above.rpartition(".")
    if head and last.isdecimal() and int(last) % 10 == 9 and number == f"{head}.{(int(last) + 1) // 10}":
        return f"{head}.{int(last) + 1}"
    return ""


def _fault(place: str, what: str) -> Fault:
    return Fault(place, what, "Maak de kolom met nummers op als tekst.")


def _parts(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", number)) or (0,)


# "'t Gilde", "l'escaut", "iDEAL", "3D-model", "€ 40.000", "(vervallen)"
BEGINS_TEXT = re.compile(
    r"[-–—•]?\s*[(\[“\"'‘„«]*(?:[A-ZÀ-Ý]|(?:de|het|een|alle|beide)\b|[a-z]?['‘’][a-zà-ÿ]|[a-z]{1,3}[A-Z]|\d{1,2}[A-Z]|€)"
    r"|[(\[]\s*[a-zà-ÿ]|[-–—]\s*[a-zà-ÿ]"
)
_MOST_MISSING = 5
_WORD_BEFORE = re.compile(r"(?:(?:afspraak|actie|artikel|maatregel|punt|nummer)\s+|nr\.?\s*|#\s*)(?=\w)", re.I)
# a bare figure before words is an amount ("20 woningen"); a sign or a second part makes it a number
_BEFORE = re.compile(
    r"(?:(?:[Aa]fspraak|[Aa]ctie|[Aa]rtikel|[Mm]aatregel|[Pp]unt)\s+[\w.]{1,8}?\s*[:.–-]|#?\d{1,2}(?:\.\d{1,2}){0,3}[a-z]?\s?[.):]"
    rf"|\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}[a-z]?|\d{{1,2}}[a-df-z])\s+(?={BEGINS_TEXT.pattern})"  # not "2e"
)
_LETTER, _OWN_LETTER = re.compile(r"[a-z]"), re.compile(r"[a-z]$")
_DATE = re.compile(r"(\d{1,2})[- ]([a-z]{3,9})\.?(?:[- ](\d{2,4}))?")
_MONTHS = ("jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
