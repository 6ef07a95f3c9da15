"""What no key of a settings file may hold, whatever it is for: a yes for a number, signs that nothing shows, a flood.

pydantic takes `true` for 1 and 0 for the first of January 1970; whoever wrote those meant something else.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, get_args

from cycle.domain.text import is_clean

MOST_SIGNS, MOST_MEMBERS, MOST_SHOWN = 2_000, 2_000, 60
WITH_LINES = ("todo", "signature")
"""The keys whose text may have several lines."""


def shown(value: object) -> str:
    """A value as a sentence quotes it: never more of it than tells which one is meant."""
    text = repr(value)
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"


def refuse_unplain(key: str, annotation: Any, value: object) -> None:
    """Raises ValueError("sentence|hint") for a value that is of another kind than its key, or that nobody can read."""
    said = f"De waarde van {key!r} klopt niet."
    kinds = _kinds(annotation)
    if int in kinds and bool not in kinds and isinstance(value, bool | float):
        raise ValueError(f"{said}|Hier hoort een geheel getal.")
    if bool in kinds and isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError(f"{said}|Hier hoort true of false.")
    plain = list(_plain(value))
    if date in kinds and any(isinstance(one, int | float) for one in plain):
        raise ValueError(f"{said}|Hier hoort een datum, zoals 2027-05-07.")
    if isinstance(value, list | tuple) and len(value) > MOST_MEMBERS:
        raise ValueError(
            f"De lijst van {key!r} is te lang.|Hoogstens {MOST_MEMBERS} namen of waarden kunnen hier staan."
        )
    for text in (one for one in plain if isinstance(one, str)):
        _refuse_strange(key, text)


def _refuse_strange(key: str, text: str) -> None:
    if len(text) > MOST_SIGNS:
        raise ValueError(f"De tekst van {key!r} is te lang.|Hoogstens {MOST_SIGNS} tekens kunnen hier staan.")
    if not is_clean(text.replace("\n", " ").replace("\t", " ") if key in WITH_LINES else text):
        raise ValueError(f"In {key!r} staan tekens die niet te zien zijn.|Typ de tekst opnieuw, op één regel.")


def _kinds(annotation: Any) -> set[Any]:
    """The plain kinds that a field is made of, also inside an optional or a list."""
    inner = get_args(annotation)
    return {annotation}.union(*(_kinds(one) for one in inner)) if inner else {annotation}


def _plain(value: object) -> Iterator[object]:
    """A value, or those in a list of values; what is in tables is asked of their own keys."""
    if isinstance(value, list | tuple):
        for member in value:
            yield from _plain(member)
    elif not isinstance(value, dict):
        yield value
