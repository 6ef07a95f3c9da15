"""A TOML file with one value changed into what nobody should write there, and what a fault must then look like."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from cycle.errors import Fault

Keys = tuple[str, ...]

WRONG_KINDS: dict[type, str] = {
    bool: "true",
    int: "7",
    float: "2.5",
    date: "2027-01-01",
    list: "[[7]]",
    dict: "{ x = 7 }",
}
"""A value of each kind, of which only its own can be right."""
STRANGE = {
    str: ('"a\\u0000b"', '"a\\u001b[31mb"', '"a\\rb"', '"\\u202eb"', '"' + "x" * 20_000 + '"'),
    int: (str(10**30), str(-(10**30))),
    float: ("nan", "inf"),
    list: ('["a\\u0000b"]', '["' + "x" * 20_000 + '"]', "[" + ", ".join(['"x"'] * 5_000) + "]", '["x", 7]'),
}
"""Values of the right kind that no file should hold."""


def leaves(data: dict[str, Any], above: Keys = ()) -> Iterator[tuple[Keys, Any]]:
    """Each key that has a value, also in the rows of an array of tables; those of inline tables go with their list."""
    for key, value in data.items():
        if isinstance(value, dict):
            yield from leaves(value, (*above, key))
        elif is_rows(value) and above == ():
            for number, row in enumerate(value):
                yield from leaves(row, (*above, key, str(number)))
        else:
            yield (*above, key), value


def is_rows(value: Any) -> bool:
    """Whether it is written as an array of tables."""
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def without_numbers(path: Keys) -> Keys:
    """The key, whatever row it stands in."""
    return tuple(part for part in path if not part.isdigit())


def mutants(value: Any) -> Iterator[str]:
    """What to write in the place of a value: each other kind, and the strange ones of its own."""
    kind = list if isinstance(value, tuple) else type(value)
    yield from (text for other, text in WRONG_KINDS.items() if other is not kind)
    if kind is not str:
        yield from ('"x"', '""')
    yield from STRANGE.get(kind, ())
    yield "nan"


def mutated(text: str, line: int, key: str, value: str) -> str:
    """The file with this value for the key on that line (from 1); what its old value said on further lines is gone."""
    lines = text.split("\n")
    end = line
    while lines[line - 1].count("[") + "".join(lines[line:end]).count("[") > "".join(lines[line - 1 : end]).count("]"):
        end += 1
    return "\n".join([*lines[: line - 1], f"{key} = {value}", *[""] * (end - line), *lines[end:]])


def unfit(fault: Fault) -> str:
    """What is not as it should be about a fault: one sentence that can be read, a hint, a line."""
    said = str(fault)
    if not re.search(r"regel \d+", fault.place):
        return f"no line: {said[:200]}"
    if not re.fullmatch(r"[^\n]{3,200}[.?:]", fault.what) or not fault.hint:
        return f"no sentence with a hint: {said[:300]!r}"
    return "" if said.isprintable() and len(said) < 600 else f"raw or long: {said[:200]!r}"
