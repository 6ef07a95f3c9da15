"""Which steps of the year the documents name, from which agreement, and when by their own words."""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

from cycle.domain.model import Reading
from cycle.domain.words import MONTHS, joined
from cycle.domain.year_steps import PARTS, Every
from cycle.intake.document import DocumentRow, Phrase, ReadDocument
from cycle.intake.founding.draft import DraftQuestion, StepDraft
from cycle.intake.founding.several_a_year import Dealt, dealt, own_step, prose_rows, times_of
from cycle.intake.promised import sentences_of
from cycle.settings import StepSettings

Moment = dict[str, object]
"""The keys of a step that say when: `before`, `by`, `window` or `every`."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A sentence of a row that names a step, and what it says of when."""

    row: DocumentRow
    is_topic: bool
    phrases: tuple[Phrase, ...]

    @property
    def weight(self) -> int:
        """How much it says of the step: its moment, its name as a topic, or only its name."""
        return 2 * bool(self.phrases) + self.is_topic


def steps_in(
    documents: Sequence[ReadDocument],
    on_offer: Mapping[str, StepSettings],
    words: Mapping[str, Sequence[str]],
    needs: Mapping[str, Sequence[str]],
    leads_of: Callable[[StepSettings], tuple[str, ...]] = lambda _usual: (),
    called: Mapping[str, str] = MappingProxyType({}),
) -> tuple[tuple[StepDraft, ...], tuple[DraftQuestion, ...]]:
    """The steps that are named, in the order of `on_offer`, with those that they need, and what is in doubt.

    `leads_of` says which parties (slugs) lead a step of the library at this table, `called` what parties are called.
    """
    mentions = _mentions(documents, {name: _pattern(words[name]) for name in words if name in on_offer})
    shared = {name: [one for one in words if one != name and set(words[one]) & set(words[name])] for name in words}
    drafts: dict[str, StepDraft] = {}
    own: list[StepDraft] = []
    questions: list[DraftQuestion] = []
    for name, mine in mentions.items():
        others = [other for other in shared[name] if other in on_offer]
        times_dealt = dealt(_said(mine), (name, *others), on_offer)
        step = _step(name, on_offer[name], mine, [on_offer[other] for other in others], times_dealt)
        if times_dealt and times_dealt.of_step[name] == min(
            times_dealt.of_step.values(), key=lambda one: one.due or date.max
        ):
            own += [own_step(reading, name, on_offer[name], times_dealt) for reading in times_dealt.between]
        leads = _other_leads(mine, leads_of(on_offer[name]))
        drafts[name] = replace(step, leads=leads)
        if leads:
            told, usually = (joined([called.get(one, one) for one in who]) for who in (leads, leads_of(on_offer[name])))
            verb = "trekt" if len(leads) == 1 else "trekken"
            what = f"{step.title}: volgens de tekst {verb} {told}, gewoonlijk {usually}."
            questions.append(DraftQuestion(f"steps.{name}", what, _AS_TEXT_SAYS, step.place))
        if step.moment and not _is_a_day_earlier(dict(step.moment), on_offer[name]):
            usual = when_words(on_offer[name], on_offer)
            what = f"{step.title}: de tekst zegt “{step.said}”, gewoonlijk is het {usual}."
            questions.append(
                DraftQuestion(f"steps.{name}", what, "Het moment uit de tekst geldt, tenzij u anders zegt.", step.place)
            )
        questions += _of_frequency(step, on_offer[name], mine)
    for name in [needed for one in drafts for needed in needs.get(one, ())]:
        drafts.setdefault(name, StepDraft(name, on_offer[name].title))
    return (*(drafts[name] for name in on_offer if name in drafts), *own), tuple(questions)


def _said(mentions: Sequence[Mention]) -> Iterator[tuple[DocumentRow, Phrase]]:
    return ((mention.row, phrase) for mention in mentions for phrase in mention.phrases)


def _of_frequency(step: StepDraft, usual: StepSettings, mentions: Sequence[Mention]) -> Iterator[DraftQuestion]:
    """How often a text wants a meeting, where a step cannot say that, or the year has fewer of them."""
    often = [(phrase, phrase.reading.per_year) for _row, phrase in _said(mentions) if not phrase.reading.others]
    rare = next((phrase for phrase, times in often if _is_more(phrase, times) and usual.window), None)
    if rare and not step.moment:
        what = f"{step.title}: de tekst zegt “{rare.text}” en niet in welke maanden; dit is er één van."
        yield DraftQuestion(
            f"steps.{step.name}", what, "Kruis meer bijeenkomsten aan, of zet er straks bij.", step.place
        )
    every = dict(step.moment).get("every")
    odd = next((phrase for phrase, times in often if times and times not in PARTS.values()), None)
    if odd and every and odd.text == step.said:
        nearest = _EVERY_WORDS[Every(str(every))]
        what = f"{step.title}: “{odd.text}” kan een stap niet zeggen; het dichtst daarbij is {nearest}."
        yield DraftQuestion(f"steps.{step.name}", what, _CHANGE_LATER, step.place)


def _is_more(phrase: Phrase, times: float | None) -> bool:
    """Whether "drie keer per jaar" is more than the seasons; "per kwartaal" is said of another meeting."""
    return times is not None and times > _MOST_SEASONS and re.search(r"keer|maal", phrase.text) is not None


def _is_a_day_earlier(moment: Moment, usual: StepSettings) -> bool:
    """Whether a text says "voor 1 juli" where "uiterlijk 1 juli" is usual: the text's own, and nothing to ask."""
    return usual.by is not None and moment.get("before") == usual.by


def _other_leads(mentions: Sequence[Mention], usual: Sequence[str]) -> tuple[str, ...]:
    """Who leads by the text, where that is nobody of those who usually do."""
    best = max(mention.weight for mention in mentions)
    said = {mention.row.leads for mention in mentions if mention.weight == best and mention.row.leads}
    leads = said.pop() if len(said) == 1 else ()
    return leads if usual and not set(leads) & set(usual) else ()


def when_words(step: StepSettings, steps: Mapping[str, StepSettings]) -> str:
    """The moment of a step in words; `steps` are all on offer, by name."""
    if step.before:
        return f"vóór {_day_words(step.before)}"
    if step.by:
        return f"uiterlijk {_day_words(step.by)}"
    if step.window:
        return f"tussen {_day_words(step.window[0])} en {_day_words(step.window[1])}"
    if step.every:
        return _EVERY_WORDS[step.every]
    titles = [steps[name].title if name in steps else name for name in step.relative_to]
    return f"{step.weeks_before} {'week' if step.weeks_before == 1 else 'weken'} voor {' of '.join(titles)}"


def _mentions(documents: Iterable[ReadDocument], patterns: Mapping[str, re.Pattern[str]]) -> dict[str, list[Mention]]:
    """Where each step is named. What an agreement says that it replaces is named nowhere under its number."""
    rows = [row for one in documents for row in (*one.agreements, *one.unnumbered, *one.agenda)]
    rows += [row for one in documents for row in prose_rows(one)]
    rows = [replace(row, leads=()) if _leads_another(row, rows) else row for row in rows]
    mentions: dict[str, list[Mention]] = {}
    for name, pattern in patterns.items():
        denied = {row.number for row in rows if row.number and _is_denied(row.text, pattern)}
        mine = [mention for row in rows if row.number not in denied for mention in _mentioned_in(row, pattern)]
        mine = [one for one in mine if one.phrases or one.row.number or one.row.topic or one.row.date_phrase]
        if mine:
            mentions[name] = mine
    return mentions


def _leads_another(row: DocumentRow, rows: Iterable[DocumentRow]) -> bool:
    """Whether a row has its lead of the sentence beside it under its number: there it stands, and here it does not."""
    if not row.number or not row.trekker or row.trekker in row.text:
        return False
    return any(row.trekker in one.text for one in rows if one.number == row.number and one is not row)


def _mentioned_in(row: DocumentRow, pattern: re.Pattern[str]) -> Iterator[Mention]:
    is_topic = pattern.search(row.topic) is not None
    said, telling = sentences_of(row.text), [phrase for phrase in row.phrases if _says_when(phrase.reading)]
    sentences = [one for one in said if pattern.search(one) and not _is_denied(one, pattern)]
    for sentence in sentences:
        is_about_all = len(said) == 1  # then the date cell beside it speaks of this sentence
        phrases = [one for one in telling if one.text in sentence or (is_about_all and one.text not in row.text)]
        yield Mention(row, is_topic, tuple(phrases))
    if is_topic and not sentences:
        yield Mention(row, True, tuple(telling))


def _is_denied(text: str, pattern: re.Pattern[str]) -> bool:
    return any(_DENIED.search(text[: match.start()]) for match in pattern.finditer(text))


def _step(
    name: str,
    usual: StepSettings,
    mentions: Sequence[Mention],
    rivals: Sequence[StepSettings],
    times_dealt: Dealt | None = None,
) -> StepDraft:
    best = max(mention.weight for mention in mentions)
    telling = [mention for mention in mentions if mention.weight == best]
    numbers = dict.fromkeys(mention.row.number for mention in telling if mention.row.number)
    place = telling[0].row.source
    source = tuple(numbers)[:_MOST_SOURCES]
    if times_dealt is not None:
        said = [
            (mention, times_dealt.phrase, times_dealt.of_step[name])
            for mention in telling
            if mention.row == times_dealt.row
        ]
        rivals = ()
    else:
        said = [(one, phrase, reading) for one in telling for phrase in one.phrases for reading in times_of(phrase)]
    for mention, phrase, reading in said:
        if _is_for(reading, usual, rivals) and (moment := _fitting(moment_of(reading, phrase.text), usual)):
            is_usual = _is_usual(moment, usual)
            own = () if is_usual else tuple(moment.items())
            return StepDraft(name, usual.title, source, own, "" if is_usual else phrase.text, mention.row.source)
    return StepDraft(name, usual.title, source, place=place)


def _fitting(moment: Moment, usual: StepSettings) -> Moment:
    """Nothing, for "per kwartaal" of a step that has a season: that is said of another meeting in the same breath."""
    return {} if "every" in moment and not (usual.every or usual.weeks_before) else moment


def moment_of(reading: Reading, words: str) -> Moment:
    """When a phrase says that a step is, in the keys of a step; nothing for what no step can say."""
    if reading.per_year and reading.per_year != 1:
        nearest = min(PARTS, key=lambda every: abs(math.log(PARTS[every] / (reading.per_year or 1))))
        return {"every": nearest} if reading.per_year > 1 else {}
    if reading.due is None:
        return {}
    first = reading.window_start
    if first is not None and first != reading.due:
        return _window(first, reading.due)
    if re.match(r"(?:uiterlijk |jaarlijks )*(?:voor|vóór)\b", words, re.I):
        return {"before": _month_day(reading.due + timedelta(days=1))}
    return {"by": _month_day(reading.due)}


def _window(first: date, last: date) -> Moment:
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return {"every": Every.YEAR}
    return {"window": (_month_day(first), _month_day(last))} if first.year == last.year else {}


def _is_usual(moment: Moment, usual: StepSettings) -> bool:
    """Whether a text says no other moment than the library: the same, as many times a year, or a period before it."""
    if every := moment.get("every"):
        return every in (Every.YEAR, usual.every) or PARTS[Every(str(every))] == len(usual.relative_to)
    window = moment.get("window")
    if isinstance(window, tuple) and (usual.by or usual.window):  # "in het voorjaar" is only less precise than "april"
        first, last = usual.window or (window[0], usual.by)
        return bool(window[0] <= first and (last == window[1] if usual.by else last <= window[1]))
    return all(getattr(usual, key) == value for key, value in moment.items())


def _is_for(reading: Reading, usual: StepSettings, rivals: Sequence[StepSettings]) -> bool:
    """Whether a day is this step's and not that of one that shares its words: that with the nearer usual moment."""
    if reading.due is None or not rivals:
        return True
    mine, theirs = _months_off(reading.due, usual), [_months_off(reading.due, rival) for rival in rivals]
    return mine <= min(theirs)


def _months_off(day: date, usual: StepSettings) -> int:
    at = usual.before or usual.by or (usual.window and usual.window[0])
    return abs(day.month - at[0]) if at else 12


def _says_when(reading: Reading) -> bool:
    """Whether it says when in a year, or how often; a bare year says neither."""
    if reading.per_year:
        return reading.per_year >= 1
    return reading.due is not None and (reading.window_start or reading.due) != date(reading.due.year, 1, 1)


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.I)


def _month_day(day: date) -> tuple[int, int]:
    return day.month, day.day


def _day_words(day: tuple[int, int]) -> str:
    return f"{day[1]} {MONTHS[day[0] - 1]}"


_EVERY_WORDS = {
    Every.YEAR: "eens per jaar",
    Every.HALF_YEAR: "elk half jaar",
    Every.QUARTER: "elk kwartaal",
    Every.MONTH: "elke maand",
}
_DENIED = re.compile(r"\b(?:vervangt|vervangen|vervalt|in plaats van|geen|zonder)\b[^,;]{0,60}$", re.I)
_MOST_SOURCES, _MOST_SEASONS = 3, 2
_CHANGE_LATER = "Verander het straks bij “Het jaar van deze tafel” als dat niet past."
_AS_TEXT_SAYS = "Wat in de tekst staat geldt, tenzij u anders zegt."
