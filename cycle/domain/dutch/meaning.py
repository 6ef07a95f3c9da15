"""What a period with its limit words means: window, last day, and who might read it otherwise (design section 4)."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

from cycle.domain.dutch.clauses import Dated, is_past
from cycle.domain.dutch.delays import none
from cycle.domain.dutch.scope import Scope
from cycle.domain.dutch.spans import DAY, Days, Grain, years_later
from cycle.domain.dutch.vocabulary import FINISHED, SOFT, STARTS, Limit
from cycle.domain.dutch.when import Join, Period, When, days_of, stretches_of
from cycle.domain.model import Reading, ReadingKind
from cycle.domain.words import day_words

FAR_YEARS = 15
FAR_YEAR = "het jaar ligt ver weg"
ABOUT_PERIOD = "het kan ook de periode zijn waar het over gaat"
STATE = "het kan al zo zijn"


def meaning(scope: Scope, clause: Dated) -> Reading:
    """The reading of one dated clause by itself."""
    words = scope.text.between(clause.start, clause.end)
    if not clause.when.periods:
        return none(f"{words}: deze dag staat niet op de kalender")
    if clause.event:
        reading = of_event(clause, words)
    else:
        limit, doubt = settled(clause.limits)
        once_only: tuple[Reading, ...] = ()
        if limit is Limit.IN and goes_on(scope, clause):
            limit, doubt, once_only = Limit.FROM, "een einde staat er niet bij", (within(clause, words),)
        reading = doubted(BY_LIMIT[limit](clause, words), doubt)
        reading = replace(reading, others=(*reading.others, *once_only)[:2])
        if scope.text.mark(clause.start - 1) == "<" and reading.due and clause.when.first.grain is Grain.DAY:
            reading = doubted(reading, "“<” kan de dag ervoor zijn", (None, reading.due - DAY))
    for doubt in doubts_about(scope, clause):
        reading = doubted(reading, doubt)
    return passed(scope, clause, reading)


def goes_on(scope: Scope, clause: Dated) -> bool:
    """ "2025 en verder", "2025 e.v.", "2025+": from then on."""
    text = scope.text
    tail = text.word(clause.end), text.word(clause.end + 1)
    return tail[0] in ("ev", "evt") or tail in TAILS or text.mark(clause.end) == "+"


TAILS = frozenset({("en", "verder"), ("en", "volgende"), ("en", "later"), ("en", "daarna"), ("of", "later")})


def settled(limits: tuple[Limit, ...]) -> tuple[Limit, str]:
    """One limit out of several: "uiterlijk per" is uiterlijk, "uiterlijk voor" is strict and a doubt."""
    strong = [limit for limit in limits if limit is not Limit.IN]
    if not strong:
        return Limit.IN, ""
    if Limit.EARLIEST in strong or Limit.AROUND in strong:
        return (Limit.EARLIEST if Limit.EARLIEST in strong else Limit.AROUND), ""
    kinds = set(strong)
    if Limit.BY in kinds:
        if Limit.BEFORE in kinds or strong == [Limit.BY, Limit.UNTIL]:
            return Limit.BEFORE, "“uiterlijk” en “voor” spreken elkaar tegen"
        return Limit.BY, ""
    return strong[0], "" if len(kinds) == 1 else "er staan verschillende grenswoorden"


def within(clause: Dated, words: str) -> Reading:
    """In, during, or without a limit word: the period is the window, its last day the due date."""
    chain = clause.when
    if clause.period and chain.years_only and len(chain.periods) > 1:
        return of_norm(chain, words)
    if len(chain.periods) == 1:
        return alone(chain.first, words)
    if chain.is_range:
        return of_range(clause, words)
    if Join.OR in chain.joins and not touching(chain.periods):
        each = tuple(alone(period, words) for period in chain.periods[:2])
        return replace(doubted(whole(chain, words), "er staan twee mogelijkheden"), others=each)
    if Join.OR in chain.joins:
        return doubted(whole(chain, words), "er staan twee mogelijkheden")
    return of_chain(chain, words)


def alone(period: Period, words: str) -> Reading:
    """One period; a rule like "laatste donderdag van november" without a year returns each year."""
    bare = period.grain is Grain.DAY and not period.item.edge
    if bare:
        reading = Reading(ReadingKind.ONCE, f"{words}: de laatste dag is {day_words(period.end)}", due=period.end)
    else:
        reading = once(words, period.start, period.end)
    if period.item.rule and not period.given:
        reason = f"{words}: elk jaar, voor het eerst op {day_words(period.end)}"
        reading = replace(reading, kind=ReadingKind.YEARLY, reason=reason, per_year=1)
    return with_rivals(reading, period)


def of_norm(chain: When, words: str) -> Reading:
    """ "in de periode 2022-2025": a norm that holds all along, or something to finish in it."""
    start, end = days_of(chain)
    rival = once(words, start, end)
    reason = f"{words}: dit geldt die hele periode, of het moet aan het eind klaar zijn"
    return Reading(ReadingKind.NONE, reason, start, doubtful=True, others=(rival,))


def of_range(clause: Dated, words: str) -> Reading:
    """From A to B: once, due B, but a term when it holds that long."""
    chain = clause.when
    start, end = days_of(chain)
    if end < start or chain.last.end < chain.first.start:
        return none(f"{words}: het einde ligt voor het begin")
    stretches = stretches_of(chain)
    if len(stretches) > 1 and not touching(stretches) and chain.last.grain is not Grain.YEAR:
        first, *others = (once(words, one.start, one.end) for one in stretches)
        return replace(doubted(first, "er staan meer momenten"), others=tuple(others[:2]))
    if clause.term or covers_years(chain, start, end):
        reason = f"{words}: dit geldt van {day_words(start)} tot en met {day_words(end)}"
        return Reading(ReadingKind.FROM_DATE, reason, start, until=end)
    reading = once(words, start, end)
    is_around = chain.first.grain is Grain.DAY and chain.first.year < chain.last.year and chain.first.item.year is None
    if is_around and (end - start).days > MOST_DAYS_AROUND_NEW_YEAR:
        return perhaps_backwards(reading)
    if chain.years_only:
        return doubted(reading, "het kan één periode zijn of iets van elk jaar")
    if chain.last.grain is Grain.YEAR:
        return doubted(reading, "het kan doorlopen of elk jaar terugkomen")
    if Join.UNTIL in chain.joins and chain.last.grain is not Grain.DAY:
        return doubted(
            reading, "“tot” kan met of zonder de laatste periode zijn", (chain.first.start, chain.last.start - DAY)
        )
    return doubted(reading, chain.first.doubt or chain.last.doubt)


MOST_DAYS_AROUND_NEW_YEAR = 270


def perhaps_backwards(reading: Reading) -> Reading:
    """ "1 mei t/m 1 april 2027": a slip of the pen, or eleven months."""
    reading = doubted(reading, "het einde kan ook voor het begin liggen")
    return replace(reading, others=(Reading(ReadingKind.NONE, "hier hoort geen datum bij"),))


def covers_years(chain: When, start: date, end: date) -> bool:
    """1 January to 31 December some years later, in days: how long an agreement holds."""
    days = all(period.grain is Grain.DAY for period in chain.periods)
    return days and (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and end.year > start.year


def of_chain(chain: When, words: str) -> Reading:
    """A list: each year anew, one window when the parts touch, else the first with the others beside it."""
    periods = chain.periods
    if Join.SLASH in chain.joins and (chain.years_only or not touching(periods)):
        steps = () if chain.years_only else tuple(alone(period, words) for period in periods[:2])
        return replace(doubted(whole(chain, words), "het kan één periode zijn of meer stappen"), others=steps)
    if (chain.repeated or chain.years_only) and consecutive(periods):
        return each_year(chain, words)
    if touching(periods) and not chain.years_only:
        doubt = next((period.doubt for period in periods if period.doubt), "")
        return doubted(whole(chain, words), doubt)
    first = alone(periods[0], words)
    others = tuple(alone(period, words) for period in periods[1:3])
    if not chain.given and periods[0].grain is not Grain.DAY:
        first = replace(first, kind=ReadingKind.YEARLY, per_year=len(periods))
    return replace(doubted(first, "er staan meer momenten"), others=others)


def each_year(chain: When, words: str) -> Reading:
    """ "2022 en 2023": once in each of the years, ending with the last."""
    first, last = chain.first, chain.last
    reason = (
        f"{words}: in elk van deze jaren, voor het eerst van {day_words(first.start)} tot en met {day_words(first.end)}"
    )
    reading = Reading(
        ReadingKind.YEARLY, reason, first.start, first.end, 1, until=max(last.end, date(last.end.year, 12, 31))
    )
    if first.grain is Grain.DAY:
        reading = replace(reading, window_start=None)
    if words.lower().startswith(("heel", "gehele", "geheel", "de hele", "gedurende")):
        reading = doubted(reading, "het kan ook één lange periode zijn", (first.start, last.end))
    if chain.apart and chain.years_only:
        reading = doubted(reading, "het kunnen ook twee aparte stappen zijn")
    return with_rivals(reading, first)


def whole(chain: When, words: str) -> Reading:
    """All parts as one window."""
    start, end = days_of(chain)
    return once(words, start, end)


def touching(periods: tuple[Period, ...]) -> bool:
    """Each part starts on or before the day after the one before it ends."""
    pairs = pairwise(periods)
    return all(left.start <= right.start <= left.end + DAY for left, right in pairs)


def consecutive(periods: tuple[Period, ...]) -> bool:
    """Years that follow one another."""
    return all(right.year == left.year + 1 for left, right in pairwise(periods))


def before(clause: Dated, words: str) -> Reading:
    """Strict: the day before the period starts; but "voor het eind van X" is the last day of X."""
    first = clause.when.first
    if first.item.edge in ("eind", "ultimo"):
        return doubted(Reading(ReadingKind.ONCE, last_day(words, first.end), due=first.end), first.doubt)
    reading = Reading(ReadingKind.ONCE, last_day(words, first.start - DAY), due=first.start - DAY)
    strict = (Limit.BY in clause.limits) and first.grain is Grain.DAY
    if strict:
        rival = Reading(ReadingKind.ONCE, f"{words}: {day_words(first.start)} telt nog mee", due=first.start)
        return replace(reading, others=(rival,), doubtful=True)
    if len(clause.when.periods) > 1:
        return doubted(reading, "er staan meer momenten", (None, clause.when.last.start - DAY))
    if first.item.edge in ("begin", "medio"):
        return doubted(reading, f"“{first.item.edge}” heeft geen vaste dag", (None, first.end))
    if first.grain in (Grain.DAY, Grain.WEEK) or first.item.rule:
        return doubted(reading, first.doubt)
    if first.grain is Grain.SEASON:
        return doubted(reading, first.doubt, *((None, start - DAY) for start, _ in first.rivals))
    if clause.firm:
        return doubted(reading, first.doubt)
    return doubted(reading, "“voor” kan ook “bedoeld voor” zijn", (first.start, first.end))


def by(clause: Dated, words: str) -> Reading:
    """The last day counts; "uiterlijk eind Q2" keeps its own width."""
    last = clause.when.last
    start = last.start if last.item.edge in ("begin", "medio", "eind") and last.grain is Grain.PART else None
    reading = Reading(ReadingKind.ONCE, f"{words}: {day_words(last.end)} telt nog mee", start, last.end)
    if len(clause.when.periods) > 1 and not clause.when.is_range:
        first = clause.when.first
        reading = replace(reading, due=first.end, reason=f"{words}: {day_words(first.end)} telt nog mee")
        reading = doubted(reading, "er staan meer momenten", (None, last.end))
    if last.rivals:
        return doubted(reading, last.doubt, *((start, end) for _, end in last.rivals))
    return doubted(reading, last.doubt)


def until(clause: Dated, words: str) -> Reading:
    """Exclusive for a day; for anything longer people differ."""
    first = clause.when.first
    if clause.when.is_range or first.item.edge in ("eind", "ultimo"):
        return replace(by(clause, words), window_start=None) if not clause.when.is_range else within(clause, words)
    reading = Reading(ReadingKind.ONCE, last_day(words, first.start - DAY), due=first.start - DAY)
    if len(clause.when.periods) > 1:
        return doubted(reading, "er staan meer momenten", (None, clause.when.last.start - DAY))
    if first.grain is Grain.DAY:
        return doubted(reading, first.doubt)
    return doubted(reading, "“tot” kan ook “tot en met” zijn", (None, first.end))


def through(clause: Dated, words: str) -> Reading:
    """Inclusive; in a term it says how long that term holds."""
    reading = replace(by(clause, words), window_start=None)
    if not clause.term:
        return reading
    until_day = clause.when.last.end
    reason = f"{words}: dit geldt tot en met {day_words(until_day)}"
    return Reading(ReadingKind.NONE, reason, doubtful=True, until=until_day, others=(reading,))


def since(clause: Dated, words: str) -> Reading:
    """From a day on, without a last day, unless "tot en met" gives one."""
    chain = clause.when
    reason = f"{words}: dit gaat in op {day_words(chain.first.start)} en heeft geen einddatum"
    reading = Reading(ReadingKind.FROM_DATE, reason, chain.first.start)
    if chain.is_range:
        start, end = days_of(chain)
        reason = f"{words}: dit loopt van {day_words(start)} tot en met {day_words(end)}"
        term = Reading(ReadingKind.FROM_DATE, reason, start, until=end)
        if clause.term or covers_years(chain, start, end):
            return term
        return replace(
            doubted(term, "het kan ook op de laatste dag klaar moeten zijn"), others=(once(words, start, end),)
        )
    if len(chain.periods) > 1:
        return doubted(reading, "er staan meer momenten")
    if chain.first.item.edge in ("medio", "eind", "ultimo"):
        if chain.first.item.edge != "medio" and words.casefold().startswith("per "):
            ended = Reading(ReadingKind.ONCE, last_day(words, chain.first.end), due=chain.first.end)
            reading = replace(reading, others=(ended,))
        return doubted(reading, f"“{chain.first.item.edge}” heeft geen vaste eerste dag")
    rivals = tuple(replace(reading, window_start=start, doubtful=True) for start, _ in chain.first.rivals)
    return replace(doubted(reading, chain.first.doubt), others=rivals)


def after(clause: Dated, words: str) -> Reading:
    """From the day after the period."""
    last = clause.when.last
    day = last.end + DAY
    reading = Reading(ReadingKind.FROM_DATE, f"{words}: dit kan vanaf {day_words(day)} en heeft geen einddatum", day)
    rivals = tuple(replace(reading, window_start=end + DAY, doubtful=True) for _, end in last.rivals)
    doubt = last.doubt or ("er staan meer momenten" if len(clause.when.periods) > 1 else "")
    return replace(doubted(reading, doubt), others=rivals)


def earliest(clause: Dated, words: str) -> Reading:
    """A lower bound: not before that day, and when it must be there nobody says."""
    day = clause.when.first.start
    reason = f"{words}: niet eerder dan {day_words(day)}, een laatste dag staat er niet"
    return Reading(ReadingKind.FROM_DATE, reason, day, doubtful=True)


def around(clause: Dated, words: str) -> Reading:
    """About then: the period, with a doubt."""
    return doubted(within(clause, words), "“rond” laat ruimte")


def towards(clause: Dated, words: str) -> Reading:
    """A vague horizon."""
    return none(f"{words}: dit is een richting, geen termijn")


BY_LIMIT = {
    Limit.IN: within,
    Limit.BEFORE: before,
    Limit.BY: by,
    Limit.UNTIL: until,
    Limit.THROUGH: through,
    Limit.FROM: since,
    Limit.AFTER: after,
    Limit.EARLIEST: earliest,
    Limit.AROUND: around,
    Limit.TOWARDS: towards,
}


def of_event(clause: Dated, words: str) -> Reading:
    """An event in a known month on an unknown day: the safe side of that month, with a doubt."""
    limit, _ = settled(clause.limits)
    doubt = "de dag van de bijeenkomst staat er niet bij"
    if limit is Limit.IN:
        reading = within(clause, words)
        return doubted(reading, doubt) if clause.when.years_only else reading
    if limit is Limit.BEFORE and clause.when.first.grain is Grain.DAY:
        return before(clause, words)
    if limit is Limit.BEFORE:
        due = clause.when.first.start - DAY
        return doubted(Reading(ReadingKind.ONCE, last_day(words, due), due=due), doubt)
    if limit is Limit.AFTER and clause.when.last.grain is not Grain.DAY:
        reading = since(clause, words)
        return doubted(replace(reading, others=()), doubt)
    return doubted(BY_LIMIT[limit](clause, words), doubt)


def doubts_about(scope: Scope, clause: Dated) -> tuple[str, ...]:
    """What around the words makes the reading unsure."""
    text = scope.text
    doubts = [clause.unsure]
    if any(text.word(k) in SOFT for k in range(max(0, clause.start - 2), clause.start)):
        doubts.append("het is een wens of een schatting")
    elif text.word(clause.start - 1) in ("niet", "geen", "nooit", "evenmin"):
        doubts.append("er staat een ontkenning bij")
    if text.word(clause.end) == "jl" or is_past(scope, clause):
        doubts.append("die dag ligt in het verleden")
    arrow = text.mark(clause.start - 1) == ">" and text.mark(clause.start - 2) == "-"
    if (text.mark(clause.start - 1) in SIGNS and not arrow) or text.mark(clause.end) == "?":
        doubts.append("er staat een teken bij dat iets anders kan zeggen")
    if is_stative(scope, clause):
        doubts.append("het kan ook aan het begin al zo zijn")
    windowed = clause.when.first.grain is not Grain.DAY or clause.when.first.item.edge != ""
    if not clause.limits and windowed and text.word(clause.start - 1) in FINISHED:
        doubts.append("het kan ook al klaar zijn")
    if started(scope, clause):
        doubts.append("dit is het begin, een einddatum staat er niet")
    if abs(clause.when.last.year - scope.year) > FAR_YEARS:
        doubts.append(FAR_YEAR)
    if clause.period and not clause.limits and clause.when.is_range:
        doubts.append(ABOUT_PERIOD)
    if text.word(clause.start) == "sinds":
        doubts.append(STATE)
    return tuple(doubt for doubt in doubts if doubt)


SIGNS = frozenset("<>≤≥±~≈")


def is_stative(scope: Scope, clause: Dated) -> bool:
    """ "In 2024 is bekend …": known by the end of that year, or from its start."""
    text = scope.text
    verb = text.word(clause.end) in ("is", "zijn", "was", "waren", "heeft", "hebben")
    return clause.when.years_only and verb and text.word(clause.end + 1) not in ("er", "een", "het", "de")


def started(scope: Scope, clause: Dated) -> bool:
    """ "start Q1 2025": the first day, not the last."""
    text = scope.text
    k = clause.start - 1 - (text.mark(clause.start - 1) == ":")
    return text.word(k) in STARTS and all(limit is Limit.IN for limit in clause.limits)


def passed(scope: Scope, clause: Dated, reading: Reading) -> Reading:
    """A date without a year that lies before the day, or the month, of reading may be next year's."""
    day = scope.day or (scope.on.as_date() if scope.on.month else None)
    if not day or clause.when.given or not reading.due or reading.kind is not ReadingKind.ONCE:
        return reading
    if reading.due >= day or clause.when.first.item.year is not None:
        return reading
    start = reading.window_start and years_later(reading.window_start, 1)
    return doubted(reading, "die dag is al voorbij, het kan volgend jaar zijn", (start, years_later(reading.due, 1)))


def once(words: str, start: date, end: date) -> Reading:
    """A window."""
    if start == end:
        return Reading(ReadingKind.ONCE, f"{words}: op {day_words(end)}", start, end)
    return Reading(ReadingKind.ONCE, f"{words}: van {day_words(start)} tot en met {day_words(end)}", start, end)


def last_day(words: str, day: date) -> str:
    """The sentence for "voor"."""
    return f"{words}: de laatste dag is {day_words(day)}"


def with_rivals(reading: Reading, period: Period) -> Reading:
    """The doubt of the period and the other days that people may have in mind."""
    return doubted(reading, period.doubt, *period.rivals)


def doubted(reading: Reading, doubt: str, *rivals: Days | tuple[date | None, date]) -> Reading:
    """The reading with a doubt added to its sentence, and other days beside it; nothing changes without a doubt."""
    if not doubt:
        return reading
    link = "en" if ", maar " in reading.reason else "maar"
    reason = reading.reason if doubt in reading.reason else f"{reading.reason}, {link} {doubt}"
    others = [*reading.others]
    for start, end in rivals:
        days = (
            f"tot en met {day_words(end)}" if start is None else f"van {day_words(start)} tot en met {day_words(end)}"
        )
        rival = replace(reading, window_start=start, due=end, reason=days, others=(), doubtful=False, rule=None)
        if start is None or start <= end:
            others.append(rival)
    return replace(reading, reason=reason, doubtful=True, others=tuple(others[:2]))
