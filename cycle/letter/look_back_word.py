"""What came of each agreement of a term, as a Word file from which the next framework is written."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cycle.letter.word_letter import printable

CHOICES = ("Houden", "Wijzigen", "Stoppen")


@dataclass(frozen=True, slots=True)
class ActionLookedBack:
    """One thing that was to be done: when, how it stands, and the last that somebody said of it."""

    title: str
    when: str
    stands: str
    last_words: str


@dataclass(frozen=True, slots=True)
class AgreementLookedBack:
    """One agreement with its text, who leads it, what came of it, and its figures in lines."""

    number: str
    topic: str
    text: str
    leads: str
    actions: tuple[ActionLookedBack, ...]
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LookBack:
    """All that the file says."""

    title: str
    about: str
    agreements: tuple[AgreementLookedBack, ...]


def render_look_back(facts: LookBack) -> bytes:
    """The file as DOCX."""
    from docx import Document  # noqa: PLC0415 - only who asks for it waits for it

    document = Document()
    document.core_properties.title = printable(facts.title)
    document.core_properties.language = "nl-NL"
    document.add_heading(printable(facts.title), 0)
    document.add_paragraph(printable(facts.about))
    for agreement in facts.agreements:
        _add_agreement(document, agreement)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _add_agreement(word: Any, agreement: AgreementLookedBack) -> None:
    word.add_heading(printable(f"{agreement.number} {agreement.topic}".strip()), 1)
    if agreement.text:
        word.add_paragraph(printable(agreement.text))
    word.add_paragraph(printable(f"Trekker: {agreement.leads}"))
    word.add_heading("Wat ervan kwam", 2)
    if agreement.actions:
        rows = [(one.title, one.when, one.stands, one.last_words) for one in agreement.actions]
        _add_table(word, ("Actie", "Wanneer", "Stand", "Laatste bericht"), rows)
    else:
        word.add_paragraph("Er stonden geen acties bij deze afspraak.")
    for line in agreement.figures:
        word.add_paragraph(printable(line), style="List Bullet")
    word.add_heading("Hoe verder", 2)
    word.add_paragraph("   ".join(f"☐ {choice}" for choice in CHOICES))
    _add_table(word, ("Waarom", "Nieuwe tekst"), [("", "")])


def _add_table(word: Any, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = word.add_table(rows=1, cols=len(head), style="Table Grid")
    for cells, words in ((table.rows[0].cells, head), *((table.add_row().cells, row) for row in rows)):
        for cell, text in zip(cells, words, strict=True):
            cell.text = printable(text)
