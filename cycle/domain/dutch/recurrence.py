"""What comes back: a frequency with the dates beside it, read as its first occurrence."""

from dataclasses import replace
from datetime import date

from cycle.domain.dutch import frequency
from cycle.domain.dutch.clauses import Dated, clauses, is_past
from cycle.domain.dutch.delays import Delay
from cycle.domain.dutch.frequency import Often, first_round
from cycle.domain.dutch.meaning import alone, doubted, meaning
from cycle.domain.dutch.meeting_names import season_meeting
from cycle.domain.dutch.moment import Reference
from cycle.domain.dutch.scope import Scope
from cycle.domain.dutch.spans import DAY, Grain, years_later
from cycle.domain.dutch.vocabulary import Limit, terms
from cycle.domain.dutch.when import Period
from cycle.domain.model import Reading, ReadingKind
from cycle.domain.words import day_words


def resettled(scope: Scope, outer: Dated, inner: Dated) -> Reading | None:
    """The inner date read again in the year of the outer one, when it names none itself."""
    if inner.when.given or not outer.when.periods:
        return None
    year = outer.when.first.year
    again = Scope(scope.text, Reference(year), scope.conventions)
    settled = next((clause for clause in clauses(again) if clause.start == inner.start), None)
    return meaning(again, settled) if isinstance(settled, Dated) else None


def repeating(scope: Scope, oftens: list[Often], dates: list[Dated], terms: list[Delay]) -> Reading:
    """A frequency, with the first occurrence that the dates beside it give."""
    beat = oftens[0]
    excepted = [clause for clause in dates if is_excepted(scope, clause)]
    if excepted:
        rest = [clause for clause in dates if clause not in excepted]
        return but_not(scope, repeating(scope, oftens, rest, terms), excepted[0])
    doubt = "" if all(other.per_year == beat.per_year for other in oftens) else "er staan twee frequenties"
    if terms and terms[0].reading.due:
        reading = replace(terms[0].reading, kind=ReadingKind.YEARLY, per_year=frequency.tidy(beat.per_year))
        return doubted(reading, doubt)
    if terms:
        doubt = doubt or "een deel van de tekst is niet te lezen"
    readable = [clause for clause in dates if clause.when.periods]
    if len(readable) < len(dates):
        doubt = doubt or "een van de dagen staat niet op de kalender"
    if readable and separate(scope, beat, readable[0]):
        return one_then_yearly(scope, beat, readable)
    return doubted(rhythm(scope, beat, readable), doubt)


def is_excepted(scope: Scope, clause: Dated) -> bool:
    """ "behalve 2028", "m.u.v. juli", "niet in 2027": what stands behind it is when it does not come back."""
    before = {scope.text.word(i) for i in range(clause.start - 3, clause.start)}
    return bool(EXCEPTIONS & before)


EXCEPTIONS = terms("behalve uitgezonderd muv uitzondering niet")


def but_not(scope: Scope, reading: Reading, clause: Dated) -> Reading:
    """The rhythm with a doubt; where its first time is the one that is excepted, the next beside it."""
    doubt = f"er staat een uitzondering bij (“{scope.text.between(clause.start, clause.end)}”)"
    if not clause.when.periods or reading.due is None or clause.when.first.year != reading.due.year:
        return doubted(reading, doubt)
    start = reading.window_start and years_later(reading.window_start, 1)
    return doubted(reading, doubt, (start, years_later(reading.due, 1)))


def separate(scope: Scope, beat: Often, first: Dated) -> bool:
    """ "in 2023 opstellen, daarna jaarlijks evalueren": two deadlines."""
    words = [scope.text.word(i) for i in range(first.end, beat.start)]
    return first.end <= beat.start and bool(
        {"daarna", "vervolgens", "erna", "nadien", "opstellen", "gereed"}.intersection(words)
    )


def one_then_yearly(scope: Scope, beat: Often, dates: list[Dated]) -> Reading:
    """The first deadline, with the rhythm that follows beside it."""
    first = meaning(scope, dates[0])
    others: tuple[Reading, ...] = (rhythm(scope, beat, dates[1:]),)
    if len(dates) == 1 and beat.per_year <= 1 and first.due:  # "op 1 mei 2027 en daarna jaarlijks": each first of May
        others = (replace(rhythm(scope, beat, dates), doubtful=False, others=()), *others)
    if first.kind is ReadingKind.FROM_DATE and dates[0].when.given:
        others = (alone(dates[0].when.first, scope.text.between(dates[0].start, dates[0].end)), *others)
    return replace(doubted(first, "daarna komt het terug"), others=others)


def rhythm(scope: Scope, beat: Often, dates: list[Dated]) -> Reading:
    """The first occurrence of a frequency: the dates beside it, else the first equal part of the year."""
    per_year = frequency.tidy(beat.per_year)
    words = scope.text.between(beat.start, beat.end)
    meeting = None if dates or scope.searching or beat.per_year > 2 else season_meeting(scope)
    if meeting and meeting.kind is ReadingKind.YEARLY:
        return replace(meeting, per_year=per_year)
    if not dates:
        start, due = first_round(beat, scope.year)
        reason = f"{words}: {rate_words(per_year)}, voor het eerst van {day_words(start)} tot en met {day_words(due)}"
        return doubted(Reading(ReadingKind.YEARLY, reason, start, due, per_year), beat.doubt)
    return anchored(scope, beat, dates, per_year, words)


def rate_words(per_year: float) -> str:
    """How often, in words."""
    if per_year >= 1:
        counted = f"{per_year:g}" if per_year == round(per_year) else f"ongeveer {round(per_year)}"
        return "elk jaar" if per_year == 1 else f"{counted} keer per jaar"
    return f"eens in de {round(1 / per_year)} jaar"


def anchored(scope: Scope, beat: Often, dates: list[Dated], per_year: float, words: str) -> Reading:
    """A frequency with dates: a window, a last day, a first or a last year."""
    plain = [as_first(scope, replace(clause, unsure="")) for clause in dates if not is_past(scope, clause)]
    if not plain:
        return rhythm(scope, beat, [])
    readings = [meaning(replace(scope, on=Reference(scope.year)), clause) for clause in plain]
    frames = [clause for clause in plain if clause.when.years_only]
    fine = [(clause, reading) for clause, reading in zip(plain, readings, strict=True) if clause not in frames]
    until = next(
        (
            reading.until or last_year(clause)
            for clause, reading in zip(plain, readings, strict=True)
            if clause in frames
        ),
        None,
    )
    year = frames[0].when.first.year if frames and Limit.THROUGH not in frames[0].limits else scope.year
    if not fine:
        is_first = beat.per_year < 1 and any(
            "eerst" in scope.text.word(i) or "beginn" in scope.text.word(i)
            for i in range(frames[0].start, frames[0].end)
        )
        return framed(beat, frames, per_year, words, year, until, is_first=is_first)
    if frames and Limit.THROUGH not in frames[0].limits:
        again = Scope(scope.text, Reference(year), scope.conventions)
        fine = [(clause, resettled(scope, frames[0], clause) or meaning(again, clause)) for clause, _ in fine]
    reading = from_dates(beat, fine, per_year, words, until)
    is_first_said = bool(frames) or any(clause.when.given for clause, _ in fine)
    return reading if beat.per_year >= 1 or is_first_said else of_unsaid_first_year(reading)


def as_first(scope: Scope, clause: Dated) -> Dated:
    """ "voor het eerst op 1 april 2028" is the first day itself, and no beginning of a stretch."""
    says_first = any("eerst" in scope.text.word(i) for i in range(clause.start, clause.end))
    is_plain = (
        says_first and clause.when.given and not clause.when.years_only and set(clause.limits) <= {Limit.FROM, Limit.IN}
    )
    return replace(clause, limits=()) if is_plain else clause


def of_unsaid_first_year(reading: Reading) -> Reading:
    """ "tweejaarlijks in mei": it may as well begin a year later."""
    start = reading.window_start and years_later(reading.window_start, 1)
    later = () if reading.due is None else ((start, years_later(reading.due, 1)),)
    return doubted(reading, "in welk jaar het begint, staat er niet", *later)


def last_year(clause: Dated) -> date | None:
    """ "jaarlijks tot en met 2025", "2023-2025"."""
    chain = clause.when
    if Limit.THROUGH in clause.limits or chain.is_range:
        return chain.last.end
    return None


def framed(
    beat: Often, frames: list[Dated], per_year: float, words: str, year: int, until: date | None, *, is_first: bool
) -> Reading:
    """Only years stand beside the frequency: they say in which years, or (`is_first`) in which for the first time."""
    start, due = first_round(replace(beat, per_year=1.0) if is_first else beat, year)
    reason = f"{words}: {rate_words(per_year)}, voor het eerst van {day_words(start)} tot en met {day_words(due)}"
    reading = Reading(ReadingKind.YEARLY, reason, start, due, per_year, until=until)
    limits = frames[0].limits
    odd = Limit.BEFORE in limits or Limit.UNTIL in limits or Limit.AFTER in limits
    is_one_period = (
        len(frames[0].when.periods) == 1 and all(limit is Limit.IN for limit in limits) and beat.per_year > 1
    )
    if is_one_period:
        reading = replace(reading, until=frames[0].when.last.end)
    return doubted(doubted(reading, beat.doubt), "het is niet zeker voor welke jaren" if odd else "")


def from_dates(
    beat: Often, fine: list[tuple[Dated, Reading]], per_year: float, words: str, until: date | None
) -> Reading:
    """Days, months or seasons stand beside the frequency: the first gives the window, a last day decides."""
    window = next((reading for _, reading in fine if reading.window_start and reading.due), None)
    limit = next((reading for clause, reading in fine if is_limit(clause) and reading.due), None)
    first = fine[0][1]
    due = limit.due if limit else first.due
    start = window.window_start if window else None
    opening = fine[0][0].when
    if beat.per_year > 1 and len(opening.periods) > 1 and not opening.is_range and not limit:
        start, due = first_part(opening.first)
    if due is None:
        start, due = from_start(fine[0][0])
    if due is None:
        start, due = first_round(beat, fine[0][0].when.first.year)
    if start and start > due:
        start = None
    reason = f"{words}: {rate_words(per_year)}, voor het eerst uiterlijk op {day_words(due)}"
    reading = Reading(ReadingKind.YEARLY, reason, start, due, per_year, until=until or first.until)
    parts = sum(len(clause.when.periods) for clause, _ in fine)
    reading = with_moments(doubted(reading, misfit(beat, fine, parts)), moments(fine))
    if Limit.AFTER in fine[0][0].limits and first.window_start:  # "jaarlijks na de zomer": what is left of the year
        reading = doubted(reading, "het kan ook later in het jaar zijn", (first.window_start, year_end(first)))
    return reading


def year_end(reading: Reading) -> date:
    """The last day of the year in which it begins."""
    assert reading.window_start
    return date(reading.window_start.year, 12, 31)


def with_moments(reading: Reading, days: list[tuple[date | None, date]]) -> Reading:
    """The further moments of the year beside the first: "uiterlijk 1 april en 1 oktober" are two days (L1)."""
    if len(days) < 2 or days[0][1] != reading.due:
        return reading
    first, *further = days
    reading = replace(reading, window_start=first[0]) if first[0] is None else reading
    said = [period_words(*one) for one in further]
    later = tuple(
        replace(
            reading, window_start=start, due=due, others=(), doubtful=False, reason=f"ook {period_words(start, due)}"
        )
        for start, due in further
    )
    reason = f"{reading.reason}; ook {' en '.join(said)}"
    reading = replace(reading, reason=reason, others=later[:2])
    return doubted(reading, "er staan meer dan drie momenten") if len(later) > 2 else reading


def period_words(start: date | None, due: date) -> str:
    """A moment in words."""
    return f"uiterlijk op {day_words(due)}" if start is None else f"van {day_words(start)} tot en met {day_words(due)}"


def moments(fine: list[tuple[Dated, Reading]]) -> list[tuple[date | None, date]]:
    """Each moment that stands beside a frequency, in order; a range is one."""
    days: list[tuple[date | None, date]] = []
    for clause, reading in fine:
        if clause.when.is_range or len(clause.when.periods) == 1:
            days += [(reading.window_start, reading.due)] if reading.due else []
        elif Limit.BEFORE in clause.limits:
            days += [(None, period.start - DAY) for period in clause.when.periods]
        else:
            limited = is_limit(clause)
            days += [(None if limited else first_part(period)[0], period.end) for period in clause.when.periods]
    return sorted(set(days), key=lambda day: day[1]) if len(days) > 1 else days


def first_part(period: Period) -> tuple[date | None, date]:
    """ "halfjaarlijks (april/oktober)": the first of the moments named."""
    return (None if period.grain is Grain.DAY else period.start), period.end


def from_start(clause: Dated) -> tuple[date | None, date | None]:
    """ "vanaf najaar 2023": that autumn; "vanaf 1 mei 2023": the rest of that year; "per 1 juli": that day."""
    first = clause.when.first
    if first.grain is not Grain.DAY:
        return first.start, first.end
    if first.given:
        return first.start, date(first.start.year, 12, 31)
    return None, first.start


def is_limit(clause: Dated) -> bool:
    """It names a last day."""
    return any(limit in (Limit.BEFORE, Limit.BY, Limit.THROUGH) for limit in clause.limits)


def misfit(beat: Often, fine: list[tuple[Dated, Reading]], parts: int) -> str:
    """Why the dates beside a frequency do not settle it."""
    if beat.per_year > 1 and parts < beat.per_year and beat.per_year <= 12:
        return "niet elk moment in het jaar wordt genoemd"
    if beat.per_year > 12:
        return beat.doubt or "de dag staat er niet bij"
    first = fine[0][0]
    if any(limit in (Limit.FROM, Limit.AFTER, Limit.EARLIEST, Limit.AROUND, Limit.UNTIL) for limit in first.limits):
        return "het is niet zeker of dit het begin of de laatste dag is"
    listed = any(len(clause.when.periods) > 1 and not is_limit(clause) for clause, _ in fine)
    if beat.per_year == 1 and listed and not first.when.is_range and fine[0][1].due != first.when.last.end:
        return "er staan meer momenten"
    if Limit.BEFORE in first.limits and (doubt := loose_start(first)):
        return doubt
    return "" if beat.doubt in ("", frequency.GUESS) else beat.doubt


def loose_start(clause: Dated) -> str:
    """ "voor de zomer", "voor juni": why the day before it is not sure."""
    grain = clause.when.first.grain
    if grain is Grain.SEASON:
        return "het begin van het seizoen ligt niet vast"
    whole = grain in (Grain.QUARTER, Grain.MONTH, Grain.HALF)
    return "“voor” kan ook “bedoeld voor” zijn" if whole and not clause.firm else ""
