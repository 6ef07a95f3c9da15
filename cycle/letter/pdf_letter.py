"""The letter as a PDF. The wording stands in the template, where a secretary may change it; data is never markup.

Equal facts give equal bytes. The PDF is tagged for readers of the blind (PDF/UA-1) and fit to be kept (PDF/A-2a).
"""

import json
from pathlib import Path

from cycle.letter.facts import LetterFacts, logos_of, restored, stored
from cycle.letter.filling import data_of, has_own_head
from cycle.letter.typesetting import only_printable, typeset

TEMPLATE = "uitnodigingsbrief.typ"
"""The name of the shipped template, in the folder `letter` of the templates."""


def render(facts: LetterFacts, template: Path) -> bytes:
    """The letter as a PDF. What typst only warns about is an error too: no letter may go out half right."""
    return typeset(template, json.dumps(data_of(facts, template.parent), sort_keys=True), logos=shown_logos(facts))


def shown_logos(facts: LetterFacts) -> dict[str, bytes]:
    """The pictures over the letter: that of a joint house style (""), else each sender's own by its name."""
    logos = logos_of(facts)
    if has_own_head(facts) and "" in logos:
        return {"": logos[""]}
    return {name: logo for name, logo in logos.items() if name}


def printable(facts: LetterFacts) -> LetterFacts:
    """The facts without signs that cannot be printed: what a register calls something must not stop a letter."""
    return restored(only_printable(stored(facts)), logos_of(facts))
