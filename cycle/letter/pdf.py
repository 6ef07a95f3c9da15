"""The letter as a PDF. The wording stands in the template, where a secretary may change it; data is never markup.

Equal facts give equal bytes. The PDF is tagged for readers of the blind (PDF/UA-1) and fit to be kept (PDF/A-2a).
"""

import json
import re
from pathlib import Path

from cycle.errors import CycleError
from cycle.letter.facts import LetterFacts, data_of

TEMPLATE = "uitnodigingsbrief.typ"
"""The name of the shipped template, in the folder `letter` of the templates."""

_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')  # typst's words for a character without a shape


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
            sys_inputs={"data": json.dumps(data_of(facts, template.parent), sort_keys=True)},
            pdf_standards=["ua-1", "a-2a"],
        )
    except typst.TypstError as error:
        raise _unprintable(error.message, error.hints) from None
    if warnings:
        raise _unprintable(warnings[0].message, warnings[0].hints)
    assert isinstance(pdf, bytes)
    return pdf


def _unprintable(message: str, hints: list[str]) -> CycleError:
    if text := _NO_GLYPH.search(message):
        return CycleError(
            f"De brief bevat tekens die de letter van de brief niet kent: {text[1]}.",
            "Schrijf de naam of het onderwerp zonder die tekens.",
        )
    return CycleError(f"De brief kan niet worden gemaakt: {message}.", "\n".join(hints) or "Kijk het sjabloon na.")
