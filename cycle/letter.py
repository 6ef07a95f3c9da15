"""The corporations' joint invitation letter (agreement 5.9) as a PDF: facts in, bytes out.

The wording stands in the template, `templates/letter/uitnodigingsbrief.typ`, where a secretary may change it; this
module only hands over the facts, as data that typst never reads as markup. Equal facts give equal bytes. The PDF is
tagged for readers of the blind (PDF/UA-1) and fit to be kept (PDF/A-2a).
"""

import json
import re
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from cycle.domain.words import day_words, joined
from cycle.errors import CycleError

TEMPLATE = "uitnodigingsbrief.typ"
"""The name of the shipped template, in the folder `letter` of the templates."""

_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')  # typst's words for a character without a shape


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
class Item:
    """One agreement in the overview for the evaluation; all in words, `when_words` may be empty."""

    number: str
    topic: str
    state_words: str
    when_words: str = ""


@dataclass(frozen=True, slots=True)
class Step:
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
    `source_note` says where this way of working was agreed.
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
    open_items: tuple[Item, ...] = ()
    steps: tuple[Step, ...] = ()
    reply_to: str = ""
    phone: str = ""
    signature: str = ""
    source_note: str = ""

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


def render(facts: LetterFacts, template: Path) -> bytes:
    """The letter as a PDF. What typst only warns about is an error too: no letter may go out half right."""
    import typst  # noqa: PLC0415 - typst is 80 MB, only the letter needs it

    if not template.is_file():
        raise CycleError(
            f"Het sjabloon van de brief ontbreekt: {template}.", "Zet het bestand terug en probeer opnieuw."
        )
    try:
        pdf, warnings = typst.compile_with_warnings(
            template,
            root=template.parent,
            format="pdf",
            ignore_system_fonts=True,  # so that every machine makes the same bytes
            sys_inputs={"data": json.dumps(_data(facts), sort_keys=True)},
            pdf_standards=["ua-1", "a-2a"],
        )
    except typst.TypstError as error:
        raise _unprintable(error.message, error.hints) from None
    if warnings:
        raise _unprintable(warnings[0].message, warnings[0].hints)
    assert isinstance(pdf, bytes)
    return pdf


def _data(facts: LetterFacts) -> dict[str, object]:
    """The facts as the template reads them, with the words that Python makes better than typst."""
    return asdict(facts) | {
        "municipality": facts.municipality.removeprefix("Gemeente ").removeprefix("gemeente "),
        "letter_date": [facts.letter_date.year, facts.letter_date.month, facts.letter_date.day],
        "letter_date_words": day_words(facts.letter_date),
        "sender_words": joined([sender.name for sender in facts.senders]),
        "agenda_words": _years_words(*facts.agenda_years),
    }


def _years_words(first: int, last: int) -> str:
    """ "2028", "2028 en 2029" or "2028 tot en met 2030" """
    if first == last:
        return f"{first}"
    return f"{first} en {last}" if last == first + 1 else f"{first} tot en met {last}"


def _unprintable(message: str, hints: list[str]) -> CycleError:
    if text := _NO_GLYPH.search(message):
        return CycleError(
            f"De brief bevat tekens die de letter van de brief niet kent: {text[1]}.",
            "Schrijf de naam of het onderwerp zonder die tekens.",
        )
    return CycleError(f"De brief kan niet worden gemaakt: {message}.", "\n".join(hints) or "Kijk het sjabloon na.")
