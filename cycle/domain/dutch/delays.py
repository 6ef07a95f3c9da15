"""Terms counted from a moment: "binnen zes weken na …", "in de komende 8 maanden", "vier weken voor 1 juli".

The moment is a date in the text, the end of a year or quarter, or the reference when it is known to the day.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from cycle.domain.dutch import spans
from cycle.domain.dutch.frequency import tidy
from cycle.domain.dutch.hanging import Happening, event_at, hung
from cycle.domain.dutch.scope import Scope, count_at
from cycle.domain.dutch.spans import DAY, Grain
from cycle.domain.dutch.vocabulary import DURATION_WORDS, DURATIONS, Lexicon
from cycle.domain.dutch.when import Period, When, when
from cycle.domain.model import Reading, ReadingKind
from cycle.domain.rules import SIGNING, Relative
from cycle.domain.words import day_words


@dataclass(frozen=True, slots=True)
class Delay:
    """A reading that is complete in itself; `leans` on an event that the text names and no calendar knows.

    `length` is counted from `anchor`, before it where `sign` is -1; `rounds` is how many such parts a year has.
    """

    start: int
    end: int
    reading: Reading
    leans: bool = False
    length: "Length | None" = None
    anchor: Period | None = None
    sign: int = 1
    rounds: int = 1


@dataclass(frozen=True, slots=True)
class Length:
    """So many days, weeks, months, …"""

    number: int
    unit: str

    def __str__(self) -> str:
        singular, many = DURATION_WORDS[self.unit]
        return f"{self.number} {singular if self.number == 1 else many}"

    def after(self, day: date, sign: int = 1) -> date:
        """That much later, or with -1 earlier."""
        number = sign * self.number
        if self.unit == "workday":
            return workdays_later(day, number)
        if self.unit in ("day", "week"):
            return day + timedelta(days=number * (7 if self.unit == "week" else 1))
        if self.unit == "hour":
            return day + timedelta(days=sign * ((self.number + 23) // 24))
        return spans.months_later(day, number * MONTHS_IN[self.unit])


def workdays_later(day: date, number: int) -> date:
    """Weekends are skipped; holidays are not, so this stays a doubt."""
    step = DAY if number > 0 else -DAY
    for _ in range(abs(number)):
        day += step
        while day.weekday() > 4:
            day += step
    return day


HEADS = Lexicon(
    {
        "binnen|uiterlijk binnen|in|maximaal|hooguit|hoogstens|uiterlijk|niet later dan|gedurende|tijdens"
        "|op uiterlijk": "within",
        "binnen de|binnen een termijn van|binnen een periode van|in een periode van|in een tijdsbestek van": "within",
        "in de komende|de komende|komende|binnen de komende|gedurende de komende|in de eerstvolgende|de eerstvolgende"
        "|in de aankomende|de aankomende|aankomende|in de volgende|de volgende|over de komende": "coming",
        "over|over ongeveer|over circa|over maximaal": "over",
        "ten minste|tenminste|minimaal|minstens|niet eerder dan|op zijn vroegst|ten vroegste|pas": "least",
    }
)
WHOLES = {
    "jaar": "year",
    "kalenderjaar": "year",
    "begrotingsjaar": "year",
    "boekjaar": "year",
    "verslagjaar": "year",
    "dienstjaar": "year",
    "kwartaal": "quarter",
    "maand": "month",
    "halfjaar": "half",
}
ROUNDS = {"year": 1, "half": 2, "quarter": 4, "month": 12}


def delay(scope: Scope, i: int) -> Delay | None:
    """The term counted from a moment that starts at token i."""
    head = HEADS.match(scope.text, i)
    kind, j = head or ("", i)
    if scope.text.word(i) == "voor":
        return None
    counted = length_at(scope, j)
    if not counted:
        return None
    length, after = counted
    if scope.text.word(after) in ("na", "nadat", "vanaf", "volgend"):
        return counted_after(scope, i, kind, length, after + 1)
    if scope.text.word(after) in ("voor", "voorafgaand", "voordat", "eerder", "vooraf"):
        return counted_before(scope, i, kind, length, after + 1)
    return from_now(scope, i, kind, length, after) if kind in ("within", "coming", "over") else None


def length_at(scope: Scope, i: int) -> tuple[Length, int] | None:
    """ "zes weken", "8 maanden", "een half jaar", "anderhalf jaar"."""
    text = scope.text
    j = i + 1 if text.word(i) in ("een", "het") and text.word(i + 1) == "half" else i
    if text.word(j) == "half" and text.word(j + 1) == "jaar":
        return Length(6, "month"), j + 2
    if text.word(j) == "anderhalf" and text.word(j + 1) == "jaar":
        return Length(18, "month"), j + 2
    if text.word(i) in ("komende", "aankomende") and text.word(i + 1) in ("half", "halfjaar"):
        return None
    count = count_at(scope, i)
    unit = DURATIONS.get(text.word(count[1])) if count else None
    if not count or not unit:
        return None
    return Length(count[0], unit), count[1] + 1


def counted_after(scope: Scope, i: int, kind: str, length: Length, j: int) -> Delay | None:
    """So long after a date, after the end of a year, or after an event."""
    if whole := whole_at(scope, j):
        return after_whole(scope, i, length, *whole)
    anchor = anchor_at(scope, j) or day_of_event(scope, j)
    if anchor:
        last = max(anchor.periods, key=lambda period: period.end)
        return Delay(i, anchor.end, after_day(kind, length, last.end), length=length, anchor=last)
    event = event_at(scope, j, is_counted=True)
    if event and not is_counted_from_here(scope, event):
        return Delay(i, event.end, hung_on(scope, i, kind, length, event), True)
    if not scope.day:
        return Delay(i, j, none(f"{length} na een moment waarvan de datum niet bekend is"), True)
    reading = after_day(kind, length, scope.day)
    if event is None or event.name != SIGNING:
        return Delay(i, event.end if event else j, reading, True)
    link = "en" if ", maar " in reading.reason else "maar"
    signed = f"{reading.reason}, {link} het hangt af van {event.words}"
    rule = relative_to(event, kind, length, 1)
    return Delay(i, event.end, replace(reading, doubtful=True, rule=rule, reason=signed), True)


FROM_HERE = ("vandaag", "heden", "nu", "ontvangst", "verstrekk", "dagtekening")


def is_counted_from_here(scope: Scope, event: Happening) -> bool:
    """The day of reading is the day of the event: "na ontvangst", and signing where that day is known."""
    if event.name == SIGNING:
        return scope.day is not None
    return scope.day is not None and not event.is_known and event.name.startswith(FROM_HERE)


def hung_on(scope: Scope, i: int, kind: str, length: Length, event: Happening, sign: int = 1) -> Reading:
    """So long after an event of which the covenant knows the day, or nobody yet."""
    reading = hung(scope.text.between(i, event.end), event, relative_to(event, kind, length, sign))
    if not scope.day or sign < 0:
        return reading
    return replace(reading, others=(after_day(kind, length, scope.day),))


def relative_to(event: Happening, kind: str, length: Length, sign: int) -> Relative | None:
    """The rule of it; none for what is no more than a first day, or counts in working days."""
    if (kind == "least" and sign > 0) or length.unit in ("workday", "hour"):
        return None
    number = sign * length.number
    if length.unit in ("day", "week"):
        return Relative((event.name,), number * (7 if length.unit == "week" else 1), year=event.year)
    return Relative((event.name,), 0, number * MONTHS_IN[length.unit], event.year)


MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def anchor_at(scope: Scope, j: int) -> When | None:
    """The date from which is counted."""
    when_said = when(scope, scope.text.skip(j, frozenset({"de", "het", "afloop", "van", "einde", "eind"})))
    return when_said if when_said and when_said.periods else None


def day_of_event(scope: Scope, j: int) -> When | None:
    """The day of an event that stands right behind its name: "de raadsvergadering van 17 juni 2027"."""
    event = event_at(scope, scope.text.skip(j, frozenset({"aan"})), is_counted=True)
    if event is None or scope.text.word(event.end) not in ("van", "op"):
        return None
    day = when(scope, event.end + 1)
    is_day = day is not None and len(day.periods) == 1 and day.first.grain is Grain.DAY
    return day if is_day else None


def after_day(kind: str, length: Length, day: date) -> Reading:
    """From the day after, the last day counting; "ten minste" gives only the first possible day."""
    due = length.after(day)
    if kind == "least":
        return Reading(
            ReadingKind.ONCE, f"ten minste {length}: niet eerder dan {day_words(due)}", due=due, doubtful=True
        )
    reason = f"{length} na {day_words(day)}: de laatste dag is {day_words(due)}"
    if not kind:
        return Reading(ReadingKind.ONCE, reason + ", maar het kan ook ongeveer die dag zijn", due=due, doubtful=True)
    return Reading(ReadingKind.ONCE, reason, day + DAY, due, doubtful=length.unit == "workday")


def whole_at(scope: Scope, i: int) -> tuple[str, int] | None:
    """ "(na) afloop van het begrotingsjaar": the kind of year, and the place after it; not "van het jaar 2026"."""
    text = scope.text
    j = i
    if text.word(j) in ("afloop", "einde", "eind", "sluiting", "verstrijken", "afsluiting", "ommekomst"):
        j += 1
    j = text.skip(j, frozenset({"van", "het", "de", "elk", "ieder", "elke", "iedere", "een"}))
    unit = WHOLES.get(text.word(j))
    following = text.number(j + 1)
    return (unit, j + 1) if unit and j > i and (following is None or following < 1950) else None


def after_whole(scope: Scope, i: int, length: Length, unit: str, end: int) -> Delay:
    """Each year (quarter, month) anew; the first in or after the reference year."""
    per_year = tidy(ROUNDS[unit])
    day = spans.months(scope.year, 1, 12 // ROUNDS[unit])[1]
    due = length.after(day)
    reason = f"elk jaar {length} na {day_words(day)}: de laatste dag is {day_words(due)}"
    reading = Reading(ReadingKind.YEARLY, reason, day + DAY, due, per_year, length.unit == "workday")
    whole = Period(day, day, spans.month_end_item(day.month), scope.year, False)
    return Delay(i, end, reading, length=length, anchor=whole, rounds=ROUNDS[unit])


def counted_before(scope: Scope, i: int, kind: str, length: Length, j: int) -> Delay | None:
    """So long before a date; before an event there is no date to give."""
    anchor = when(scope, scope.text.skip(j, frozenset({"aan", "de", "het"}))) or day_of_event(scope, j)
    if not anchor or not anchor.periods:
        if kind in ("coming", "over"):
            return None
        if event := event_at(scope, scope.text.skip(j, frozenset({"aan"})), is_counted=True):
            return Delay(i, event.end, hung_on(scope, i, kind, length, event, -1), True)
        return Delay(i, j, none(f"{length} voor een moment waarvan de datum niet bekend is"), True)
    start = anchor.first.start
    due = length.after(start, -1)
    doubtful = length.unit == "workday" or bool(anchor.first.doubt) or start != anchor.last.end
    reason = f"{length} voor {day_words(start)}: de laatste dag is {day_words(due)}"
    reading = Reading(ReadingKind.ONCE, reason, due=due, doubtful=doubtful)
    return Delay(i, anchor.end, reading, length=length, anchor=anchor.first, sign=-1)


LATER = frozenset({"daarna", "erna", "nadien", "hierna", "later"})


def from_now(scope: Scope, i: int, kind: str, length: Length, end: int) -> Delay | None:
    """Counted from the day of reading, which must be known to the day."""
    if scope.text.word(end) in LATER:
        return Delay(i, end + 1, none(f"{length} na een moment waarvan de datum niet bekend is"), True)
    if not scope.day:
        return Delay(i, end, none(f"{length}, maar vanaf welke dag staat er niet"))
    due = length.after(scope.day)
    if kind == "over":
        reason = f"over {length}: ongeveer {day_words(due)}"
        return Delay(i, end, Reading(ReadingKind.ONCE, reason, due=due, doubtful=True))
    reason = f"{length} vanaf {day_words(scope.day)}: de laatste dag is {day_words(due)}"
    return Delay(i, end, Reading(ReadingKind.ONCE, reason, scope.day, due, doubtful=length.unit == "workday"))


def none(reason: str) -> Reading:
    """No date, and someone must give one."""
    return Reading(ReadingKind.NONE, reason, doubtful=True)
