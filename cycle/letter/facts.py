"""What the invitation letter says: the facts that both templates, for PDF and for Word, are filled with."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from cycle.domain.words import day_words, joined
from cycle.errors import CycleError
from cycle.letter.blocks import Block, standard_blocks
from cycle.letter.standing_rows import StandingRow, kept_rows


@dataclass(frozen=True, slots=True)
class Sender:
    """A corporation that sends the letter: its name, in what role its director signs, and where it is seated.

    `person` is printed above the role if it is known; else the place above the role stays free for a signature only.
    """

    name: str
    role: str = "directeur-bestuurder"
    place: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who gets the letter; mail addresses are not printed. `attention` is a person or a role."""

    organisation: str
    attention: str = ""


@dataclass(frozen=True, slots=True)
class EvaluationItem:
    """One agreement in the overview for the evaluation; all in words, `when_words` may be empty."""

    number: str
    topic: str
    state_words: str
    when_words: str = ""


@dataclass(frozen=True, slots=True)
class LetterStep:
    """A fixed point of the year: what, when and who, in words ("vóór 1 april (uiterlijk woensdag 31 maart)")."""

    title: str
    when_words: str
    who_words: str = ""


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """All that the letter of one year says.

    `year` is the year of sending: the letter looks back on the year before it. `agenda_years` are the first and last
    year of the agenda to come. `spring_meeting` are day, time and place in words, empty while nobody has set them: the
    letter then shows an open place that cannot be missed. `points_by` is the last day for agenda points, in words.
    `source_note` says where this way of working was agreed. `blocks` are the texts; without them the standard ones.
    `enclosures` are the names of what goes along beside the letter.
    """

    covenant_name: str
    municipality: str
    year: int
    senders: tuple[Sender, ...]
    addressees: tuple[Addressee, ...]
    letter_date: date
    agenda_years: tuple[int, int]
    spring_meeting: str = ""
    points_by: str = ""
    open_items: tuple[EvaluationItem, ...] = ()
    steps: tuple[LetterStep, ...] = ()
    reply_to: str = ""
    phone: str = ""
    signature: str = ""
    source_note: str = ""
    blocks: tuple[Block, ...] = ()
    enclosures: tuple[str, ...] = ()
    standing: tuple[StandingRow, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a letter from nobody or to nobody."""
        if not self.senders:
            raise CycleError(
                "De brief heeft geen afzender.", "Noem ten minste één corporatie als trekker van de brief."
            )
        if not self.addressees:
            raise CycleError("De brief heeft geen geadresseerde.", "Noem de gemeente of een huurdersorganisatie.")
        if self.agenda_years[0] > self.agenda_years[1]:
            raise CycleError(
                f"De agenda loopt van {self.agenda_years[0]} terug naar {self.agenda_years[1]}.",
                "Noem eerst het eerste en dan het laatste jaar.",
            )


def with_blocks(facts: LetterFacts, folder: Path, own: Mapping[str, str] | None = None) -> LetterFacts:
    """The facts with their texts: the standard ones of a folder of templates, and over them what somebody wrote.

    Raises CycleError for standard texts that cannot be read or name an unknown field.
    """
    return replace(facts, blocks=standard_blocks(fields_of(facts), folder, own or {}))


def fields_of(facts: LetterFacts) -> dict[str, str]:
    """What a text may name between braces."""
    return {
        "gemeente": bare_municipality(facts.municipality),
        "afzenders": joined([sender.name for sender in facts.senders]),
        "jaar": str(facts.year),
        "vorig_jaar": str(facts.year - 1),
        "agenda": years_words(*facts.agenda_years),
    }


def data_of(facts: LetterFacts, folder: Path) -> dict[str, Any]:
    """The facts as a template reads them, with the words that Python makes better: text, lists and yes or no."""
    filled = facts if facts.blocks else with_blocks(facts, folder)
    return asdict(filled) | {
        "municipality": bare_municipality(facts.municipality),
        "letter_date": [facts.letter_date.year, facts.letter_date.month, facts.letter_date.day],
        "letter_date_words": day_words(facts.letter_date),
        "sender_words": joined([sender.name for sender in facts.senders]),
        "agenda_words": years_words(*facts.agenda_years),
        "last_year": str(facts.year - 1),
    }


def stored(facts: LetterFacts) -> dict[str, Any]:
    """The facts as JSON, to be kept with an approved letter."""
    return asdict(facts) | {"letter_date": facts.letter_date.isoformat()}


def restored(data: Mapping[str, Any]) -> LetterFacts:
    """The facts of a letter that was kept."""
    values = dict(data) | {"letter_date": date.fromisoformat(data["letter_date"])}
    kinds = {"senders": Sender, "addressees": Addressee, "open_items": EvaluationItem, "steps": LetterStep}
    for name, kind in kinds.items():
        values[name] = tuple(kind(**one) for one in data[name])
    values["blocks"] = tuple(Block(one["place"], one["title"], tuple(one["paragraphs"])) for one in data["blocks"])
    values["agenda_years"] = (data["agenda_years"][0], data["agenda_years"][1])
    values["enclosures"] = tuple(data["enclosures"])
    return LetterFacts(**values)


def bare_municipality(name: str) -> str:
    """ "Terneuzen" for "Gemeente Terneuzen" """
    return name.removeprefix("Gemeente ").removeprefix("gemeente ")


def years_words(first: int, last: int) -> str:
    """ "2028", "2028 en 2029" or "2028 tot en met 2030" """
    if first == last:
        return f"{first}"
    return f"{first} en {last}" if last == first + 1 else f"{first} tot en met {last}"
