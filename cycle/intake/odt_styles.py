"""What the styles of an ODT say: which text is struck out or hidden, and how its lists and headings are numbered."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cycle.intake.word_numbers import Label, in_form


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    prefix: str
    suffix: str
    shown: int
    start: int
    bullet: bool


class OdtStyles:
    """The styles of a document, those of its text and those it shares."""

    def __init__(self, *parts: Any) -> None:
        self._looks: dict[str, dict[str, bool]] = {}
        self._parents: dict[str, str] = {}
        self._lists: dict[str, dict[int, _Level]] = {}
        self.headings: dict[int, _Level] = {}
        for part in parts:
            self._take(part)

    def is_struck(self, name: str) -> bool:
        return self._is(name, "struck")

    def is_hidden(self, name: str) -> bool:
        return self._is(name, "hidden")

    def levels(self, name: str) -> dict[int, _Level]:
        """How each level of a list of this style is numbered."""
        return self._lists.get(name, {})

    def base(self, name: str) -> str:
        """A style and those that it is built on, as one text in small letters, to see whether it is a heading."""
        return " ".join(self._chain(name)).casefold()

    def _is(self, name: str, look: str) -> bool:
        said = (self._looks[style][look] for style in self._chain(name) if look in self._looks.get(style, {}))
        return next(said, False)

    def _chain(self, name: str) -> Iterator[str]:
        for _ in range(_DEEPEST):
            if not name:
                return
            yield name
            name = self._parents.get(name, "")

    def _take(self, part: Any) -> None:
        for style in descendants(part, "style:style"):
            name = attribute(style, "style:name")
            self._parents[name] = attribute(style, "style:parent-style-name")
            self._looks[name] = _look(style)
        for style in descendants(part, "text:list-style"):
            self._lists[attribute(style, "style:name")] = dict(_levels(style))
        for outline in descendants(part, "text:outline-style"):
            self.headings = dict(_levels(outline))


@dataclass(slots=True)
class Counting:
    """How far each kind of list is, by level; a list of its own begins anew unless it says that it goes on."""

    counted: dict[str, dict[int, int]] = field(default_factory=dict)

    def begin(self, style: str) -> None:
        self.counted[style] = {}

    def label(self, style: str, levels: dict[int, _Level], level: int, start: int | None = None) -> Label:
        """What is printed before the next item of this level."""
        look = levels.get(level)
        numbers = self.counted.setdefault(style, {})
        if look is None or look.bullet:
            return Label(bullet=look is not None)
        before = numbers.get(level, look.start - 1)
        numbers[level] = before + 1 if start is None else start
        for deeper in [other for other in numbers if other > level]:
            del numbers[deeper]
        if not look.form:
            return Label()
        first = max(level - look.shown + 1, 1)
        shown = (_printed(levels, numbers, place) for place in range(first, level + 1))
        return Label(f"{look.prefix}{'.'.join(filter(None, shown))}{look.suffix}".strip())


def _printed(levels: dict[int, _Level], numbers: dict[int, int], place: int) -> str:
    look = levels.get(place)
    return in_form(numbers.get(place, look.start), _FORMS.get(look.form, "none")) if look else ""


def descendants(element: Any, tag: str) -> Iterator[Any]:
    """All elements of this name below an element."""
    for child in element.children:
        if child.tag == tag:
            yield child
        yield from descendants(child, tag)


def attribute(element: Any, name: str) -> str:
    """An attribute as written, "" if it is absent."""
    return str(element.get_attribute_string(name) or "")


def whole(element: Any, name: str, otherwise: int) -> int:
    """A whole number in an attribute."""
    written = attribute(element, name)
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 6 else otherwise


def _look(style: Any) -> dict[str, bool]:
    said: dict[str, bool] = {}
    for text in descendants(style, "style:text-properties"):
        line, display = attribute(text, "style:text-line-through-style"), attribute(text, "text:display")
        said |= {"struck": line != "none"} if line else {}
        said |= {"hidden": display == "none"} if display else {}
    return said


def _levels(style: Any) -> Iterator[tuple[int, _Level]]:
    for level in style.children:
        yield (
            whole(level, "text:level", 1),
            _Level(
                form=attribute(level, "style:num-format"),
                prefix=attribute(level, "style:num-prefix"),
                suffix=attribute(level, "style:num-suffix"),
                shown=whole(level, "text:display-levels", 1),
                start=whole(level, "text:start-value", 1),
                bullet=level.tag == "text:list-level-style-bullet",
            ),
        )


_DEEPEST = 12
_FORMS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
