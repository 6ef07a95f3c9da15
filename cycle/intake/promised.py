"""What the sentences under one number promise: things to do, each with who leads and whether it names a time."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from cycle.domain.dutch import Reference, find
from cycle.domain.model import Conventions, Reading
from cycle.intake.leads import Names
from cycle.intake.raw import RawText
from cycle.intake.subjects import begins_with_party, subject_of


@dataclass(slots=True)
class Promised:
    """One thing to do: its text and place, who leads as written, and the date that stands behind a label.

    `instead_of` is who leads behind the label, where the text itself says that somebody else does this.
    """

    text: str = ""
    place: str = ""
    trekker: str = ""
    date: str = ""
    has_time: bool = False
    instead_of: str = ""


def promised_in(texts: Sequence[RawText], names: Names, trekker: str) -> tuple[tuple[Promised, ...], str]:
    """The things to do in some texts, and the topic that a label gives; `trekker` leads where no text says who."""
    labels = _Labels()
    rows: list[Promised] = []
    for text in texts:
        for sentence in sentences_of(labels.take_from(text.text)):
            _add(Promised(sentence, text.place), rows, names, anew=text.bullet)
    lead = labels.said["trekker"] or next((row.trekker for row in rows if row.trekker), "") or trekker
    for row in rows:
        if len(rows) > 1 and row.has_time and _does_another(row.trekker, labels.said["trekker"], names):
            row.instead_of = labels.said["trekker"]
        else:
            row.trekker = labels.said["trekker"] or row.trekker or lead
    rows = rows or ([Promised(trekker=lead)] if any(labels.said.values()) else [])
    if rows:
        rows[0].date = labels.said["date"]
    return tuple(rows), labels.said["topic"]


def with_values(texts: Sequence[RawText]) -> Iterator[RawText]:
    """The texts, each label that stands by itself together with what it says on the next line ("Trekker", "Clavis")."""
    label: RawText | None = None
    for text in texts:
        if label is None and is_label(text.text):
            label = text
            continue
        yield replace(text, text=f"{label.text.rstrip(' :')}: {text.text}", place=label.place) if label else text
        label = None
    if label is not None:
        yield label


def sentences_of(words: str) -> list[str]:
    """The sentences of a text, none of them empty."""
    return [sentence.strip() for sentence in _SENTENCE_END.split(words) if sentence.strip()]


def has_time(sentence: str) -> bool:
    """Whether a sentence holds a deadline phrase that names a time."""
    readings = _readings(sentence) if _MAYBE_TIME.search(sentence) else ()
    return any(reading.due or reading.window_start or reading.doubtful for reading in readings)


def names_a_day(sentence: str) -> bool:
    """Whether a sentence holds a deadline phrase that ends on a day, or so long after something of which it hangs."""
    readings = _readings(sentence) if _MAYBE_TIME.search(sentence) else ()
    return any(one.due or one.rule for reading in readings for one in (reading, *reading.others))


def has_label(words: str) -> bool:
    """Whether a text holds a label as "Trekker:" or "Termijn:"."""
    return any(_meaning(label.group(1)) in ("trekker", "date") for label in _LABEL.finditer(words))


def is_label(cell: str) -> bool:
    """Whether a cell of a form is a label and nothing else."""
    return bool(_meaning(cell.strip(" :")))


def begins_with_label(words: str) -> bool:
    """Whether a line begins with a label."""
    return _LABEL.match(words) is not None


def is_title(words: str, names: Names, *, heading: bool) -> bool:
    """Whether words are a heading rather than a sentence: few, without a full stop, a time or somebody who acts."""
    if not words or words.endswith((".", ";", ":", "!", "?")) or len(words) > _LONGEST_TITLE:
        return False
    if has_time(words) and not heading:
        return False
    return heading or not begins_with_party(words, names, words_after=_FEWEST_WORDS)


def _add(said: Promised, rows: list[Promised], names: Names, *, anew: bool) -> None:
    """A sentence goes on with the thing to do before it, or begins another: who and when are said anew."""
    said.trekker, said.has_time = subject_of(said.text, names), has_time(said.text)
    who, when = said.trekker, said.has_time
    last = rows[-1] if rows else None
    another = last is not None and (who or when) and (anew or (last.has_time and when and last.trekker != who != ""))
    if last is None or another:
        rows.append(said)
        return
    if who and (not last.trekker or (when and not last.has_time)):
        last.trekker = who
    last.text = f"{last.text} {said.text}"
    last.has_time = last.has_time or when


def _does_another(subject: str, labelled: str, names: Names) -> bool:
    """Whether a text names others as those who do it than stand behind the label, both of them known."""
    does, leads = (set(names.resolve(words)[0]) for words in (subject, labelled))
    return bool(does and leads) and not does & leads


@dataclass(slots=True)
class _Labels:
    """What stood behind the labels of an agreement; the first of each kind counts."""

    said: dict[str, str] = field(default_factory=lambda: {"trekker": "", "date": "", "topic": ""})

    def take_from(self, words: str) -> str:
        """Take the labels with what they say out of a text; the rest is returned."""
        pieces: list[str] = []
        for label, said in _labelled(words):
            meaning = _meaning(label)
            if meaning not in self.said or self.said[meaning]:
                pieces.append(said if meaning in ("", "text") else f"{label}: {said}")
                continue
            value, rest = _first_sentence(said)
            self.said[meaning] = value
            pieces.append(rest)
        return " ".join(filter(None, pieces))


def _labelled(words: str) -> Iterator[tuple[str, str]]:
    """A text as pieces behind labels; what stands before the first has none."""
    labels = [label for label in _LABEL.finditer(words) if _meaning(label.group(1))]
    ends = [*(label.start() for label in labels), len(words)]
    yield "", _between(words[: ends[0]])
    for label, end in zip(labels, ends[1:], strict=True):
        yield label.group(1), _between(words[label.end() : end])


def _between(words: str) -> str:
    """What stands between labels, without the signs that set them apart; a bracket opened in it stays closed."""
    said = words.strip(_BETWEEN)
    return f"{said})" if said.count("(") > said.count(")") and words.rstrip().endswith(")") else said


def _first_sentence(words: str) -> tuple[str, str]:
    end = _VALUE_END.search(words)
    value, rest = (words[: end.start()], words[end.end() :]) if end else (words, "")
    return value.strip(" .;"), rest.strip()


def _meaning(label: str) -> str:
    return _LABELS.get(label.casefold(), "")


@lru_cache(maxsize=1024)
def _readings(sentence: str) -> tuple[Reading, ...]:
    return tuple(found.reading for found in find(sentence, _ANY_YEAR, _CONVENTIONS))


_ANY_YEAR, _CONVENTIONS = Reference(2000), Conventions()
_LONGEST_TITLE = 90
_FEWEST_WORDS = 2
_BETWEEN = " \t\n|()[]–—-•"
_SENTENCE_END = re.compile(r"(?<=[.!?;])(?<!\b\w\.)\s+(?=[A-ZÀ-Ý“\"'(])")
_VALUE_END = re.compile(r"(?<!\.\w)(?<!\bca)\.\s+(?=[A-ZÀ-Ý])|\n")
_MAYBE_TIME = re.compile(
    r"(?:19|20)\d\d|['’]\d\d|\d[-/]\d|\bq[1-4]|\b(?:jan|feb|mrt|apr|aug|sept?|okt|nov|dec|wk)\b|jaar|kwarta|maand|week"
    r"|weken|dag|zomer|winter|lente|herfst|vakantie|reces|pasen|pinkster|januari|februari|maart|april|\bmei\b|jun|jul"
    r"|augustus|september|oktober|november|december|v[óo]ór|uiterlijk|\bna\b|zodra|periodiek",
    re.I,
)
_LABELS = {
    **dict.fromkeys(
        (
            *("trekker", "trekkers", "kartrekker", "trekkende partij", "verantwoordelijk", "verantwoordelijke", "wie"),
            *("verantwoordelijke partij", "actiehouder", "eigenaar", "uitvoerder", "uitvoering door", "door wie"),
        ),
        "trekker",
    ),
    **dict.fromkeys(
        (
            *(
                "termijn",
                "deadline",
                "datum",
                "planning",
                "wanneer",
                "gereed",
                "oplevering",
                "einddatum",
                "streefdatum",
            ),
            *("uiterste datum", "uiterlijk", "tijdpad", "klaar", "wanneer klaar", "mijlpaal"),
        ),
        "date",
    ),
    **dict.fromkeys(("onderwerp", "thema", "titel"), "topic"),
    **dict.fromkeys(("afspraak", "actie", "omschrijving", "wat", "inhoud", "maatregel"), "text"),
    **dict.fromkeys(
        (
            *(
                "status",
                "stand van zaken",
                "resultaat",
                "toelichting",
                "doel",
                "budget",
                "kosten",
                "betrokken",
                "partners",
            ),
            *("betrokkenen", "betrokken partijen", "samen met", "monitoring", "indicator", "prioriteit", "opmerking"),
            *("opmerkingen", "kader", "bijzonderheden", "middelen"),
        ),
        "other",
    ),
}
_LABEL = re.compile(
    rf"(?<!\w)({'|'.join(sorted(map(re.escape, _LABELS), key=len, reverse=True))})(?:\(s\)|s)?\s*:\s*", re.I
)
