"""What is wrong in a TOML file, as Dutch sentences with a hint and a place."""

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import AliasChoices, BaseModel

from cycle.errors import Fault
from cycle.settings.plain_values import shown


def fault_of(
    error: dict[str, Any], model: type[BaseModel], name: str, text: str, named: Mapping[tuple[str, ...], str]
) -> Fault:
    """One pydantic error as a Dutch sentence with a hint and its place: a line, or the name in `named` of the key."""
    path = tuple(str(part) for part in error["loc"])
    what, hint = _sentence(error, path, model)
    elsewhere = next((given for key, given in named.items() if key == path[: len(key)]), None)
    return Fault(elsewhere or place_of(name, text, path), what, hint)


def _sentence(error: dict[str, Any], path: tuple[str, ...], model: type[BaseModel]) -> tuple[str, str]:
    kind = error["type"]
    key = next((part for part in reversed(path) if not part.isdigit()), "")
    context = error.get("ctx", {})
    if kind == "value_error":
        what, _, hint = str(context["error"]).partition("|")
        return what, hint
    if kind == "extra_forbidden":
        return _unknown_key(key, _model_at(path[:-1], model))
    if kind == "missing" and path[-1].isdigit():
        return f"In {key!r} ontbreekt iets.", "Hier horen er twee: van, en tot en met."
    if kind == "missing":
        also = "".join(f" of {name}" for name in names_of_field(_model_at(path[:-1], model), key)[1:])
        return f"De sleutel {key!r} ontbreekt.", f"Vul hem in{also and f', als {key}{also}'}; {_EXAMPLE}."
    if kind in ("literal_error", "enum"):
        return f"De waarde van {key!r} kan niet.", f"Kies uit: {context['expected'].replace(' or ', ', ')}."
    return f"De waarde van {key!r} klopt niet.", _HINTS.get(kind, "Vergelijk met de meegeleverde config.toml.")


_EXAMPLE = "config.toml in het pakket heeft een voorbeeld"
_HINTS = {
    "int_type": "Hier hoort een geheel getal.",
    "int_parsing": "Hier hoort een geheel getal.",
    "string_type": "Hier hoort tekst tussen aanhalingstekens.",
    "string_too_short": "Deze tekst mag niet leeg zijn.",
    "bool_type": "Hier hoort true of false.",
    "bool_parsing": "Hier hoort true of false.",
    "tuple_type": "Hier hoort een lijst tussen rechte haken.",
    "dict_type": "Hier hoort een tabel met sleutels.",
    "date_type": "Hier hoort een datum, zoals 2027-05-07.",
    "date_from_datetime_parsing": "Hier hoort een datum, zoals 2027-05-07.",
    "date_from_datetime_inexact": "Hier hoort een datum zonder tijd, zoals 2027-05-07.",
    "greater_than_equal": "Het getal is te klein.",
    "less_than_equal": "Het getal is te groot.",
    "too_short": "Er ontbreekt iets in deze lijst.",
    "too_long": "Er staat te veel in deze lijst.",
}


def _unknown_key(key: str, part: Any) -> tuple[str, str]:
    """What is wrong with a key that was not taken; one that has two names stands there twice."""
    for name in getattr(part, "model_fields", {}):
        names = names_of_field(part, name)
        if key in names:
            return f"De sleutel {key!r} staat er dubbel.", f"Laat er één staan: {' of '.join(names)}."
    known = (one for name in getattr(part, "model_fields", {}) for one in names_of_field(part, name))
    return f"De sleutel {shown(key)} is onbekend.", did_you_mean(key, tuple(known))


def names_of_field(part: Any, name: str) -> tuple[str, ...]:
    """What a key may be called: by its own name first."""
    field = getattr(part, "model_fields", {}).get(name)
    also = getattr(field, "validation_alias", None)
    return tuple(str(one) for one in also.choices) if isinstance(also, AliasChoices) else (name,)


def _model_at(path: tuple[str, ...], model: type[BaseModel]) -> Any:
    """The part of the settings at the end of a path, whatever its keys are called there."""
    part: Any = model
    for key in path:
        fields = getattr(part, "model_fields", {})
        name = next((one for one in fields if key in names_of_field(part, one)), None)
        part = _model_inside(fields[name].annotation) if name else part
    return part


def _model_inside(annotation: Any) -> Any:
    """The model that a field holds, also inside a list, a table or an optional."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_inside(one) for one in getattr(annotation, "__args__", ()))
    return next((one for one in inner if one is not None), None)


def did_you_mean(word: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"Bedoelt u {near[0]!r}?" if near else f"Bekend zijn: {', '.join(known)}." if known else "Haal hem weg."


def toml_fault(name: str, message: str) -> Fault:
    """What the TOML reader said, with the line where it stopped."""
    match = re.search(r"\(at line (\d+), column (\d+)\)", message)
    where = f"regel {match[1]}, teken {match[2]}" if match else "het eind van het bestand"
    hint = "Mist daar een aanhalingsteken, haak of is-teken, of staat er iets dubbel?"
    return Fault(f"{name}, {where}", "Dit is geen geldige TOML.", hint)


def place_of(name: str, text: str, path: tuple[str, ...], own_names: Mapping[str, str] | None = None) -> str:
    """ "config.toml, regel 41, steps.werkgroep.by": the line of the deepest table or key on that path.

    `own_names` gives the name of each key that a file may call otherwise; the place then says it as the file does.
    """
    own = own_names or {}
    near = [
        (len(found), -number, found)
        for number, found in _paths(text)
        if tuple(own.get(part, part) for part in found) == path[: len(found)]
    ]
    depth, number, written = max(near, default=(0, 0, ()))
    line = f", regel {-number}" if near else ""
    return f"{name}{line}{', ' if path else ''}{'.'.join((*written, *path[depth:]))}"


def _paths(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each table and key of a TOML text with its line; the rows of an array of tables are counted from 0."""
    table: tuple[str, ...] = ()
    rows: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if header := re.match(r"\s*(\[\[?)([^\]]+)\]", line):
            table = tuple(part.strip().strip('"') for part in header[2].split("."))
            if header[1] == "[[":
                rows[header[2]] = rows.get(header[2], -1) + 1
                table = (*table, str(rows[header[2]]))
            yield number, table
        elif key := re.match(r'\s*"?([\w-]+)"?\s*=', line):
            yield number, (*table, key[1])
