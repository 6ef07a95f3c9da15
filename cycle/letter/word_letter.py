"""The letter as a Word file, from a template that a secretary may change in Word: the same facts as the PDF.

A template is filled in a sandbox and gets nothing but text, lists of text and yes or no. A field that does not exist
is an error, never an empty place.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cycle.errors import CycleError, Refused
from cycle.letter.facts import LetterFacts, data_of
from cycle.resources import HOW_TO_INSTALL

WORD_TEMPLATE = "uitnodigingsbrief.docx"
"""The name of the shipped template, in the folder `letter` of the templates."""

NOT_HERE = ("Voor Word ontbreekt docxtpl.", f"{HOW_TO_INSTALL}; of kies PDF.")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold


def render_word(facts: LetterFacts, template: Path, texts: Path) -> bytes:
    """The letter as DOCX; `texts` is the folder of the standard texts.

    Raises Refused where docxtpl is not installed, CycleError for a template that cannot be filled in.
    """
    try:
        from docxtpl import DocxTemplate  # noqa: PLC0415 - an optional package
    except ModuleNotFoundError:
        raise Refused(*NOT_HERE) from None
    from jinja2 import StrictUndefined, TemplateError  # noqa: PLC0415 - goes with docxtpl
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    if not template.is_file():
        raise CycleError(f"Het sjabloon van de brief ontbreekt: {template}.", "Zet het bestand terug.")
    jinja = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    content = io.BytesIO()
    try:
        document = DocxTemplate(template)
        document.render(_plain(_context(facts, texts)), jinja_env=jinja, autoescape=True)
        document.save(content)
    except TemplateError as error:
        raise CycleError(f"Het sjabloon {template.name} klopt niet: {error}.", "Kijk het na in Word.") from None
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise CycleError(f"{template.name} is geen Word-bestand: {error}.", "Sla het opnieuw op als .docx.") from None
    return content.getvalue()


def _context(facts: LetterFacts, texts: Path) -> Mapping[str, Any]:
    """As for the PDF, with the blocks by their place."""
    data = data_of(facts, texts)
    return data | {"block": {one["place"]: one for one in data["blocks"]}, "year": str(facts.year)}


def _plain(value: Any) -> Any:
    """Text, lists and tables of text, and nothing else."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, bool) else printable(str(value))


def printable(words: str) -> str:
    """Without the signs that a Word file cannot hold."""
    return _CONTROL.sub("", words)
