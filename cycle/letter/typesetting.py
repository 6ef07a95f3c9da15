"""Typst at work: a template and its data become a PDF, tagged (PDF/UA-1) and fit to be kept (PDF/A-2a)."""

import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cycle.domain.text import clean_line
from cycle.errors import CycleError
from cycle.private import write_file

_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')  # typst's words for a character without a shape

_ALWAYS = re.compile("[\\s -~\u00a1-\u017f\u2010-\u2026\u20ac]")  # every type of ours has these
_PROBE = '#set document(title: "x")\n#set text(lang: "nl", region: "NL", font: "Libertinus Serif")\n#sys.inputs.data'


def typeset(template: Path, data: str, logos: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF, with pictures by their name. What typst only warns about is an error too: nothing may go out half right.

    Equal data give equal bytes. Raises CycleError with what a template does wrong, or which sign has no shape.
    """
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
            sys_inputs={"data": data, "logos": json.dumps({name: list(logo) for name, logo in (logos or {}).items()})},
            pdf_standards=["ua-1", "a-2a"],
        )
    except typst.TypstError as error:
        raise _unprintable(error.message, error.hints) from None
    if warnings:
        raise _unprintable(warnings[0].message, warnings[0].hints)
    assert isinstance(pdf, bytes)
    return pdf


def only_printable(data: Any) -> Any:
    """Texts, lists and tables of text without the signs that cannot be printed, and clean."""
    clean = _without(data, "")
    return _without(clean, unprintable(json.dumps(clean, ensure_ascii=False)))


def _without(value: Any, signs: str) -> Any:
    """All texts without these signs, and clean."""
    if isinstance(value, str):
        return clean_line(value.translate(dict.fromkeys(map(ord, signs))))
    if isinstance(value, dict):
        return {key: _without(one, signs) for key, one in value.items()}
    return [_without(one, signs) for one in value] if isinstance(value, list | tuple) else value


def unprintable(text: str) -> str:
    """The signs of a text, each once, that no letter type of ours has a shape for; none in a text that can be printed.

    A letter with such a sign cannot be made, so whoever types one is told at once.
    """
    import typst  # noqa: PLC0415 - typst is 80 MB, only the letter needs it

    left, strange_signs = sorted({sign for sign in text if not _ALWAYS.match(sign)}), ""
    while left:
        try:
            with tempfile.TemporaryDirectory(prefix="cycle-") as folder:
                probe = Path(folder) / "probe.typ"
                write_file(probe, _PROBE.encode())
                words = {"data": " ".join(left)}
                typst.compile(probe, format="pdf", ignore_system_fonts=True, sys_inputs=words, pdf_standards=["a-2a"])
            return strange_signs
        except typst.TypstError as error:
            named = _NO_GLYPH.search(error.message)
            strange = [sign for sign in left if named and sign in _as_written(named[1])] or left
            strange_signs, left = strange_signs + "".join(strange), [sign for sign in left if sign not in strange]
    return strange_signs


def _as_written(quoted: str) -> str:
    """What typst quotes: a sign without a shape may stand there as its number."""
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), quoted)


def _unprintable(message: str, hints: list[str]) -> CycleError:
    if text := _NO_GLYPH.search(message):
        return CycleError(
            f"De brief bevat tekens die de letter van de brief niet kent: {text[1]}.",
            "Schrijf de naam of het onderwerp zonder die tekens.",
        )
    return CycleError(f"De brief kan niet worden gemaakt: {message}.", "\n".join(hints) or "Kijk het sjabloon na.")
