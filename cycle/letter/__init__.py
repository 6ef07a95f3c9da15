"""The corporations' invitation letter (agreement 5.9): facts in, bytes out, as PDF or as Word.

The wording stands in `templates/letter/`, where a secretary may change it: the texts, and a template for each form.
"""

from cycle.letter.facts import (
    Addressee,
    ContactPerson,
    LetterFacts,
    Letterhead,
    LetterKind,
    LetterStep,
    Sender,
    Signatory,
)
from cycle.letter.pdf_letter import TEMPLATE, printable, render
from cycle.letter.typesetting import unprintable

__all__ = [
    "TEMPLATE",
    "Addressee",
    "ContactPerson",
    "LetterFacts",
    "LetterKind",
    "LetterStep",
    "Letterhead",
    "Sender",
    "Signatory",
    "printable",
    "render",
    "unprintable",
]
