"""covenant.toml as we write it: what `read_covenant` reads back as the same covenant, in Dutch words."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from cycle.intake.covenant import CovenantFile
from cycle.intake.covenant_words import KINDS, ROLES, dutch_key

HEAD = "# Geschreven door cycle export; cycle import leest deze map weer in. Alle sleutels: docs/operations.md"
PARTS = ("mail", "parties", "groups", "people", "bodies", "house_styles")
"""What is a table of its own in the file, or several."""
OWN_TABLES = ("steps", "ladders", "reading", "letter", "columns", "theme_names")
"""What is named as in config.toml, or as in a document: our words for keys are not theirs."""


_WORDS: dict[str, str] = {str(member): words[0] for table in (KINDS, ROLES) for member, words in table.items()}


def covenant_text(covenant: CovenantFile) -> str:
    """The file of a covenant; the same covenant always gives the same text."""
    return "\n".join([HEAD, "", *_lines(covenant), ""])


def _lines(covenant: CovenantFile) -> Iterator[str]:
    plain = {name for name in CovenantFile.model_fields if name not in PARTS}
    yield from _keys(covenant, plain - set(OWN_TABLES))
    if mail := list(_keys(covenant.mail)):
        yield from ("", f"[{dutch_key('mail')}]", *mail)
    for party in covenant.parties:
        yield from ("", f"[[{dutch_key('parties')}]]", *_keys(party))
    for slug, group in covenant.groups.items():
        yield from ("", f"[{dutch_key('groups')}.{_key(slug)}]", *_keys(group))
    for person in covenant.people:
        yield from ("", f"[[{dutch_key('people')}]]", *_keys(person))
    for slug, body in covenant.bodies.items():
        yield from ("", f"[{dutch_key('bodies')}.{_key(slug)}]", *_keys(body))
    for slug, style in covenant.house_styles.items():
        yield from ("", f"[{dutch_key('house_styles')}.{_key(slug)}]", *_keys(style))
    for name, step in covenant.steps.items():
        yield from ("", f"[{dutch_key('steps')}.{_key(name)}]", *_own_keys(step))
    for section in ("ladders", "reading", "letter", "columns", "theme_names"):
        if own := getattr(covenant, section):
            yield from ("", f"[{dutch_key(section)}]", *_own_keys(own))


def _keys(part: BaseModel, names: set[str] | None = None) -> Iterator[str]:
    """The keys of a part that say something: not those that are as they would be without."""
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        if (names is None or name in names) and (field.is_required() or value != field.get_default()):
            yield f"{dutch_key(name)} = {_value(value)}"


def _own_keys(table: Mapping[str, Any]) -> Iterator[str]:
    return (f"{_key(name)} = {_value(value)}" for name, value in table.items() if value is not None)


def _value(value: Any) -> str:
    """A value as TOML has it."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(_own_keys(value))} }}" if value else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(one) for one in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, StrEnum):
        value = _WORDS[value]
    return _text(value) if isinstance(value, str) else value.isoformat() if isinstance(value, date) else str(value)


def _text(text: str) -> str:
    """Between quotes. TOML escapes as JSON does, and wants it of DEL too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    is_bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if is_bare else _text(name)
