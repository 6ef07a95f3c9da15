"""For how long a document says that it holds (in days, in years, as so many years from a day), and when it was signed.

What it says of former agreements, of what must happen before a day, or of what may yet be lengthened says nothing here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from cycle.domain.words import MONTHS
from cycle.intake.promised import sentences_of

Term = tuple[date, date]


def term_in(texts: Sequence[str], title: str) -> Term | None:
    """The first and last day for which a document holds, None where it does not say; its title helps out."""
    sentences = (_LENGTHENED.sub("", one) for words in texts for one in sentences_of(words))
    said = [one for one in sentences if _HOLDS.search(one) and not _OTHER.search(one)]
    whole = (term for words in said for read in (_from_day_to_day, _so_long_from) if (term := read(words)))
    if term := next(whole, None):
        return term
    start = next((day for words in said if (day := _behind(_BEGINS, words))), None)
    end = next((day for words in said if (day := _last_day(words))), None)
    years = next((years for words in said if (years := _years(words, alone=False))), None) or _years(title, alone=True)
    if start is None and end is None:
        length = next((length for words in said if (length := _length(words))), None)
        return _lasting(years[0], length) if years and length else years
    start, end = start or (years[0] if years else None), end or (years[1] if years else None)
    return (start, end) if start and end and start < end else years


def is_open_ended(texts: Iterable[str]) -> bool:
    """Whether a document says that it holds until somebody ends it."""
    return any(_OPEN_ENDED.search(words) for words in texts)


def signed_in(texts: Sequence[str]) -> date | None:
    """The day of signing: behind "getekend te …", else behind a place or "Datum:", else a line that is only a date."""
    sentences = [one for words in texts for one in sentences_of(_ABBREVIATED.sub("", words))]
    said = [one for one in sentences if _SIGNED.search(one) and not _OTHER.search(one)]
    by_hand = [one for one in said if _BY_HAND.search(one)]  # signed goes before adopted by a council
    told = (day for one in (*by_hand, *said) for day in _days_by_the_verb(one))
    labelled = (day for words in texts if (day := _behind_label(words)))
    placed = (
        day for words in texts if (match := _PLACE_AND_DAY.search(words)) and (day := _day(*match.group(1, 2, 3)))
    )
    alone = (day for words in texts if (match := _DATE.fullmatch(words)) and (day := _day(*match.group(1, 2, 3))))
    return next((day for days in (told, labelled, placed, alone) for day in days), None)


def _days_by_the_verb(words: str) -> Iterator[date]:
    """The days behind the word that says it was signed, then those before it; not what must be done before a day."""
    verb = _BY_HAND.search(words) or _SIGNED.search(words)
    dates = [found for found in _DATE.finditer(words) if not _DUE.search(words[: found.start()])]
    for day_named in sorted(dates, key=lambda one: verb is not None and one.start() < verb.start()):
        if day := _day(*day_named.group(1, 2, 3)):
            yield day


def _behind_label(words: str) -> date | None:
    """The last of the days behind "Datum:", as each who signs writes one."""
    days = [day for match in _LABELLED.finditer(words) if (day := _day(*match.group(1, 2, 3)))]
    return max(days, default=None)


def _from_day_to_day(words: str) -> Term | None:
    match = _RANGE.search(words)
    start, end = (_day(*match.group(1, 2, 3)), _day(*match.group(5, 6, 7))) if match else (None, None)
    if match is None or start is None or end is None:
        return None
    end = _up_to(end) if match.group(4).casefold() == "tot" else end
    return (start, end) if start < end else None


def _so_long_from(words: str) -> Term | None:
    start, length = _behind(_BEGINS, words), _length(words)
    return _lasting(start, length) if start and length else None


def _lasting(start: date, months: int) -> Term:
    """So many months from a day on."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return start, date(year, month + 1, min(start.day, 28)) - timedelta(days=1)


def _length(words: str) -> int | None:
    """How many months a term is said to last."""
    match = _LASTING.search(words)
    if match is None:
        return None
    number = int(match.group(1)) if match.group(1).isdigit() else _NUMBERS[match.group(1).casefold()]
    return number * (12 if match.group(2).startswith("ja") else 1)


def _last_day(words: str) -> date | None:
    if day := _behind(_ENDS, words):
        return day
    day = _behind(_UP_TO, words)
    return _up_to(day) if day else None


def _up_to(day: date) -> date:
    """ "tot 1 juli" is up to it, "tot 31 juli" is with it."""
    return day - timedelta(days=1) if day.day == 1 else day


def _behind(pattern: re.Pattern[str], words: str) -> date | None:
    match = pattern.search(words)
    return _day(*match.group(1, 2, 3)) if match else None


def _years(words: str, *, alone: bool) -> Term | None:
    """The years that are named as a range or a list; one year only where it may stand alone or behind "het jaar"."""
    match = _RANGE_OF_YEARS.search(words)
    if match is None:
        in_words = _LIST_OF_YEARS.search(words) or _ONE_YEAR.search(words)
        named = _ANY_YEAR.findall(in_words.group() if in_words else words if alone else "")
    else:
        named = list(match.group(1, 2))
    first, last = (int(named[0]), int(named[-1])) if named else (1, 0)
    return (date(first, 1, 1), date(last, 12, 31)) if first <= last else None


def _day(day: str, month: str, year: str) -> date | None:
    number = int(month) if month.isdigit() else MONTHS.index(month.casefold()) + 1
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


_NUMBERS = {
    **{"een": 1, "één": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5},
    **{"zes": 6, "zeven": 7, "acht": 8, "negen": 9, "tien": 10},
}
_ONE_DATE = rf"(\d{{1,2}})[ -](\d{{1,2}}|{'|'.join(MONTHS)})[ -]((?:19|20)\d\d)"
_DATE = re.compile(_ONE_DATE, re.I)
_HOLDS = re.compile(
    r"periode|looptijd|geld|duur|\bloopt?\b|lopen|ingang|ingaand|\bingaat\b|\bgaa?t\b[^.]*\bin\b"
    r"|ingegaan|eindig|einddatum|in werking|van kracht"
    r"|betrekking op|gaan over|gaat over|kalenderja|(?:voor|de) (?:de )?jaren|^\s*20\d\d\s*(?:[|,]\s*20\d\d\s*)+$",
    re.I,
)
_OTHER = re.compile(r"\b(?:vorige|eerdere|oude|voorgaande|woonvisie)\b", re.I)
_LENGTHENED = re.compile(r"(?:^|,|\ben\b)[^,]*\bverleng[^,]*", re.I)
_RANGE = re.compile(rf"{_ONE_DATE}\s+(tot en met|t/m|tot|-|–)\s+{_ONE_DATE}", re.I)
_BEGINS = re.compile(
    r"(?:vanaf|ingaande(?: op)?|gaa?t(?: \w+)? in op|ingang(?: van|sdatum)?:?|ingegaan op|in op|in werking op"
    rf"|begint op|start op)\s+{_ONE_DATE}",
    re.I,
)
_ENDS = re.compile(rf"(?:tot en met|t/m|eindig(?:t|en)[^.;]{{0,30}}? op|einddatum:?)\s+{_ONE_DATE}", re.I)
_UP_TO = re.compile(rf"\btot\s+{_ONE_DATE}", re.I)
_LASTING = re.compile(
    rf"(?:periode|duur|looptijd|gel\w+|loopt)[^.;]{{0,40}}?\b(\d{{1,2}}|{'|'.join(_NUMBERS)})\b\s+(jaar|jaren|maanden)",
    re.I,
)
_RANGE_OF_YEARS = re.compile(r"(?<![\d-])(20\d\d)\s*(?:-|–|/|t/m|tot en met|tot)\s*(20\d\d)(?![\d-])")
_LIST_OF_YEARS = re.compile(r"20\d\d(?:\s*(?:,|\||en)\s*20\d\d)+")
_ONE_YEAR = re.compile(r"\b(?:het|dit) (?:kalender)?jaar 20\d\d")
_ANY_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_OPEN_ENDED = re.compile(r"(?:voor )?onbepaalde (?:tijd|duur)", re.I)
_SIGNED = re.compile(r"overeengekomen|onderteken|getekend|vastgesteld\b[^.]{0,50}?\b(?:op|van|:)|aldus|opgemaakt", re.I)
_BY_HAND = re.compile(r"onderteken\w*|getekend|overeengekomen", re.I)
_DUE = re.compile(r"\b(?:voor|vóór|uiterlijk|vanaf|per|tot)(?: op)?\s*(?:\w+dag )?$", re.I)
_LABELLED = re.compile(
    rf"\b(?:datum(?: (?:van )?ondertekening)?|vastgesteld|ondertekend|d\.?d\.?)\s*:?\s+{_ONE_DATE}", re.I
)
_PLACE_AND_DAY = re.compile(
    rf"(?:^|\s)[A-Z][\w'’-]+(?: [\w'’-]+){{0,3}},\s*(?:d\.?\s?d\.?\s*)?{_ONE_DATE}\s*\.?\s*$", re.I
)
_ABBREVIATED = re.compile(r"\bd\.\s?d\.\s*", re.I)
