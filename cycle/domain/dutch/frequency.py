"""How often something comes back: "jaarlijks", "2x per kwartaal", "eens in de vier jaar", "om de twee jaar"."""

from dataclasses import dataclass
from datetime import date, timedelta

from cycle.domain.dutch import spans
from cycle.domain.dutch.scope import Scope, count_at, year_at
from cycle.domain.dutch.tokens import TokenKind
from cycle.domain.dutch.vocabulary import DURATIONS, NUMBER, SEASONS, TIMES, WEEKDAY, YEARLY_FACTS, Lexicon, terms


@dataclass(frozen=True, slots=True)
class Often:
    """`per_year` times a year; a doubt where the places in the year are anybody's guess."""

    start: int
    end: int
    per_year: float
    doubt: str = ""
    rivals: tuple[float, ...] = ()
    parity: int | None = None  # "in oneven jaren": 1, in even ones 0


# once in each of so many months
EVERY = {"year": 12, "half": 6, "quarter": 3, "month": 1}
PER_YEAR = {"week": 52.0, "day": 365.0, "workday": 260.0}
ADVERBS = {
    "jaarlijks": 1.0,
    "halfjaarlijks": 2.0,
    "maandelijks": 12.0,
    "wekelijks": 52.0,
    "kwartaalsgewijs": 4.0,
    "kwartaallijks": 4.0,
    "kwartaalgewijs": 4.0,
}
MULTIPLES = {"twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "tien": 10, "acht": 8}
WORDS_OF = {number: word for word, number in MULTIPLES.items()}
MEETINGS = terms(
    """
    overleg overleggen rapportage rapportages gesprek gesprekken bijeenkomst vergadering evaluatie monitor update
    schouw voortgangsrapportage
    """
)
MEETING_STEMS = {"halfjaar": 2.0, "kwartaal": 4.0, "maand": 12.0, "jaar": 1.0, "week": 52.0}
FIXED = Lexicon(
    {
        "op jaarbasis|per kalenderjaar|elk kalenderjaar|ieder kalenderjaar"
        "|per begrotingsjaar|elk begrotingsjaar|per jaarschijf|elk boekjaar|ieder boekjaar|per boekjaar|pj|alle jaren"
        "|per jr|in elk jaar|in ieder jaar|van elk jaar|van ieder jaar|telkenjare|jaar op jaar"
        "|gedurende elk jaar|van elk kalenderjaar|van ieder kalenderjaar": 1.0,
        "om het jaar": 0.5,
        "om het half jaar|om het halfjaar": 2.0,
        "pk|op kwartaalbasis|per kwartaaleinde|elk kwartaaleinde|ieder kwartaaleinde": 4.0,
        "op maandbasis|per maandeinde|elk maandeinde|ieder maandeinde": 12.0,
        "op weekbasis": 52.0,
    }
)
PARITY = Lexicon(
    {
        "elk oneven jaar|ieder oneven jaar|in oneven jaren|in de oneven jaren|oneven jaren|alle oneven jaren": 1,
        "elk even jaar|ieder even jaar|in even jaren|in de even jaren|even jaren|alle even jaren": 0,
    }
)
EACH = frozenset({"elk", "elke", "ieder", "iedere", "per", "alle", "in"})
TIMES_WORDS = frozenset({"keer", "maal", "x", "keren", "malen"})
GUESS = "het staat er niet bij wanneer in het jaar"


def often(scope: Scope, i: int) -> Often | None:
    """The frequency that starts at token i."""
    return adverb(scope, i) or times_per(scope, i) or fixed(scope, i) or each(scope, i) or meeting(scope, i)


def adverb(scope: Scope, i: int) -> Often | None:
    """jaarlijks, tweejaarlijks (every two years), driemaandelijks; "de jaarlijkse …" may be a fact of itself."""
    word, end = whole_word(scope, i)
    adjective = word.endswith("lijkse")
    stem = word.removesuffix("e") if adjective else word
    rate = ADVERBS.get(stem) or compound(stem)
    if rate is None:
        return None
    fact = adjective and scope.text.word(i - 1) in ("de", "het")
    doubt = "dit kan ook iets zijn dat vanzelf terugkomt" if fact else ""
    if rate > 12 or (rate > 1 and 12 % rate):
        doubt = doubt or "de dag staat er niet bij"
    return Often(i, end, rate, doubt)


def whole_word(scope: Scope, i: int) -> tuple[str, int]:
    """One word, also where it is written apart: "twee-jaarlijks", "2-jaarlijks", "half jaarlijks"."""
    text = scope.text
    count = count_at(scope, i)
    j = i + 1 + (text.mark(i + 1) == "-")
    if text.word(j).startswith(("jaarlijks", "maandelijks", "wekelijks")):
        first = WORDS_OF.get(count[0], "") if count else text.word(i)
        if first == "half" or first in MULTIPLES:
            return first + text.word(j), j + 1
    return text.word(i), i + 1


def is_yearly_fact(scope: Scope, i: int) -> bool:
    """ "de jaarlijkse huurverhoging", "de jaarlijkse MG-circulaire": it happens by itself and asks nothing."""
    text = scope.text
    if not text.word(i).endswith("jaarlijkse"):
        return False
    return any(text.word(k).endswith(YEARLY_FACTS) for k in range(i + 1, i + 4) if text.word(k))


def compound(word: str) -> float | None:
    """tweejaarlijks, driemaandelijks, zeswekelijks."""
    for multiple, number in MULTIPLES.items():
        rest = word.removeprefix(multiple)
        if rest != word and rest in ("jaarlijks", "maandelijks", "wekelijks"):
            return tidy({"jaarlijks": 1, "maandelijks": 12, "wekelijks": 52}[rest] / number)
    return None


def times_per(scope: Scope, i: int) -> Often | None:
    """ "tweemaal per jaar", "1 x per kwartaal", "2 à 3 keer per jaar", "eens in de vier jaar", "1x/jaar"."""
    times = times_at(scope, i)
    if not times:
        return None
    low, high, j = times
    every = every_at(scope, j)
    if not every and low > 1 and scope.text.word(j) == "in" and year_at(scope, j + 1):
        return Often(i, j, float(low), GUESS)
    if not every:
        return None
    months, rate, after = every
    per_year = tidy(low * rate)
    if high > low:
        return Often(i, after, per_year, "het aantal keren ligt niet vast", (tidy(high * rate),))
    divides = low == 1 and (months >= 1)
    return Often(i, after, per_year, "" if divides else GUESS)


def times_at(scope: Scope, i: int) -> tuple[int, int, int] | None:
    """How many times, at least and at most, and the place after it."""
    text = scope.text
    if text.word(i) in TIMES:
        return TIMES[text.word(i)], TIMES[text.word(i)], i + 1
    first = count_at(scope, i)
    if not first:
        return None
    low, j = first
    high = low
    if text.word(j) in ("a", "of", "tot") or text.mark(j) in ("-", "/"):
        second = count_at(scope, j + 1)
        if second and second[0] > low:
            high, j = second
    return (low, high, j + 1) if text.word(j) in TIMES_WORDS else None


def every_at(scope: Scope, i: int) -> tuple[float, float, int] | None:
    """ "per jaar", "in de twee jaar", "/kwartaal": months in one round, rounds in a year, the place after it."""
    text = scope.text
    if text.word(i) in ("pj", "pk", "pm"):
        rate = {"pj": 1.0, "pk": 4.0, "pm": 12.0}[text.word(i)]
        return 12 / rate, rate, i + 1
    if text.mark(i) == "/" or text.word(i) in EACH or (text.word(i) == "om" and text.word(i + 1) == "de"):
        j = i + 1
    else:
        return None
    j = text.skip(j, frozenset({"de", "het", "elke", "elk"}))
    return round_at(scope, j)


def round_at(scope: Scope, i: int) -> tuple[float, float, int] | None:
    """ "twee jaar", "half jaar", "kwartaal": one round."""
    text = scope.text
    count = count_at(scope, i) if text.word(i) not in DURATIONS else None
    number, j = count or (1, i)
    if text.word(j) == "half" and text.word(j + 1) == "jaar":
        return 6.0 * number, 2 / number, j + 2
    unit = "year" if text.word(j) in ("kalenderjaar", "jr", "begrotingsjaar") else DURATIONS.get(text.word(j), "")
    if unit in EVERY:
        return float(EVERY[unit] * number), 12 / (EVERY[unit] * number), j + 1
    if unit in PER_YEAR:
        return 0.0, PER_YEAR[unit] / number, j + 1
    return None


def fixed(scope: Scope, i: int) -> Often | None:
    """Phrases that need no grammar."""
    if years := PARITY.match(scope.text, i):
        return Often(i, years[1], 0.5, parity=years[0])
    fixed_words = FIXED.match(scope.text, i)
    return Often(i, fixed_words[1], fixed_words[0]) if fixed_words else None


def each(scope: Scope, i: int) -> Often | None:
    """ "elk jaar", "per kwartaal", "iedere drie maanden", "om de twee jaar", "elk voorjaar"."""
    text = scope.text
    word = text.word(i)
    if word == "om" and text.word(i + 1) == "de":
        start = i + 2
    elif word in EACH and word != "in":
        start = i + 1
    else:
        return None
    if word != "per" and word != "om" and text.word(start) in SEASONS:
        return Often(i, start, 1.0)
    if word not in ("per", "om") and text.word(start) in WEEKDAY and len(text.word(start)) > 2:
        return Often(i, start + 1, 52, "de week staat er niet bij")
    round_said = round_at(scope, start)
    if not round_said or (word == "om" and not count_at(scope, start)):
        return None
    months, rate, after = round_said
    if word == "per" and is_price(scope, i):
        return None
    counted = rate_of_things(scope, i) if word == "per" else ""
    return Often(i, after, tidy(rate), counted or ("" if months >= 1 else "de dag staat er niet bij"))


def is_price(scope: Scope, i: int) -> bool:
    """ "€ 879,66 per maand"."""
    return any(scope.text.mark(k) == "€" or scope.text.word(k) in ("euro", "eur") for k in range(i - 3, i))


def rate_of_things(scope: Scope, i: int) -> str:
    """ "80 woningen per jaar" is a norm, not a moment."""
    text = scope.text
    figures = (TokenKind.NUMBER, TokenKind.FIGURE)
    counted = any(text.at(k).kind in figures for k in range(i - 3, i) if k >= 0)
    return PER_YEAR_COUNT if counted else ""


PER_YEAR_COUNT = "dit is een aantal per jaar, geen moment"


def meeting(scope: Scope, i: int) -> Often | None:
    """ "kwartaaloverleg" says how often it is held."""
    word = scope.text.word(i)
    for stem, rate in MEETING_STEMS.items():
        rest = word.removeprefix(stem)
        if rest != word and rest in MEETINGS:
            return Often(i, i + 1, rate, "" if rate in (2.0, 4.0, 12.0, 1.0) else "de dag staat er niet bij")
    return None


def tidy(rate: float) -> float:
    """Whole where it is whole, else three decimals."""
    return int(rate) if abs(rate - round(rate)) < 1e-9 else round(rate, 3)


def first_round(beat: Often, year: int) -> spans.Days:
    """The first of the equal parts of the year (or of the years, when it comes less than once a year)."""
    per_year = beat.per_year
    if beat.parity is not None:
        per_year, year = 1.0, year + (year % 2 != beat.parity)
    start = date(year, 1, 1)
    if per_year <= 1:
        return start, date(year + max(1, round(1 / per_year)) - 1, 12, 31)
    if 12 % per_year == 0:
        return spans.months(year, 1, round(12 / per_year))
    return start, start + timedelta(days=max(1, int(365 / per_year))) - spans.DAY


STARTERS = (
    frozenset(ADVERBS)
    | frozenset(MULTIPLES)
    | {"half"}
    | frozenset(TIMES)
    | frozenset(NUMBER)
    | EACH
    | {"om", "even", "oneven"}
)
