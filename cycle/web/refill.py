"""A form of a finished page filled with what was typed before, as a browser would have it when its user had typed that.

Like the keys of forms it works on the finished page, so that it needs nothing of the template: fields are recognised by
their names. What is put there by the page itself stays: the token of the session and the key of the form.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape, unescape

from cycle.web.formkeys import FIELD
from cycle.web.once import AGAIN, PAGE, VERSIONS

OF_THE_PAGE = frozenset({"form", FIELD, "zeker", AGAIN, PAGE})
"""Fields that the page fills in for the act itself: they are never given back."""

Fields = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Filled:
    """A page with its form filled: whether a reader sees words of theirs in it, and those that found no place in it."""

    html: str
    is_seen: bool
    left_over: tuple[tuple[str, str], ...]


def fill(html: str, address: str, fields: Fields) -> Filled | None:
    """The page with its form for this address filled; None when it has no such form."""
    typed = [(name, value) for name, value in fields if name not in OF_THE_PAGE]
    for came in _FORM.finditer(html):
        if _is_for(came[0], address, typed):
            filling = _Filling(typed)
            form = _FIELDS.sub(filling.field, came[0])
            html = html[: came.start()] + form + html[came.end() :]
            return Filled(_unfolded(html, came.start()), filling.is_seen, filling.left_over())
    return None


def words_of(fields: Fields) -> tuple[tuple[str, str], ...]:
    """The fields that hold words of a person, for a page without the form."""
    return tuple((name, value) for name, value in fields if value and name not in OF_THE_PAGE and not _is_version(name))


class _Filling:
    """One form being filled: each field takes the next value under its name."""

    def __init__(self, typed: Fields) -> None:
        self._values: dict[str, list[str]] = defaultdict(list)
        for name, value in typed:
            self._values[name].append(value)
        self._known: set[str] = set()
        self._boxes: dict[str, set[str]] = defaultdict(set)
        self._unplaced: list[tuple[str, str]] = []
        self.is_seen = False

    def field(self, match: re.Match[str]) -> str:
        kind, attributes = (match["tag"] or "input").lower(), match["within"] or match["input"] or ""
        name = _attribute(attributes, "name")
        self._known.add(name)
        if not name or name in OF_THE_PAGE or kind == "button":
            return match[0]
        if kind == "textarea":
            return f"<textarea{attributes}>\n{escape(self._next(name))}</textarea>"
        return self._select(match[0], name) if kind == "select" else self._input(attributes, name)

    def left_over(self) -> tuple[tuple[str, str], ...]:
        """What was typed and stands nowhere in the form."""
        strange = [
            (name, value)
            for name, values in self._values.items()
            for value in values
            if name not in self._known or (name in self._boxes and value not in self._boxes[name])
        ]
        return words_of([*self._unplaced, *strange])

    def _input(self, attributes: str, name: str) -> str:
        kind = _attribute(attributes, "type").lower() or "text"
        if kind in ("file", "submit", "image", "reset", "button"):
            return f"<input{attributes}>"
        if kind in ("checkbox", "radio"):
            own = _attribute(attributes, "value") or "on"
            self._boxes[name].add(own)
            is_chosen = own in self._values[name]
            self.is_seen |= is_chosen
            return f"<input{_without(attributes, 'checked')}{' checked' if is_chosen else ''}>"
        if kind == "hidden" and not self._values[name]:
            return f"<input{attributes}>"
        value = self._next(name, is_seen=kind != "hidden")
        return f'<input{_without(attributes, "value")} value="{escape(value)}">'

    def _select(self, tag: str, name: str) -> str:
        wanted, options = self._next(name), [_attribute(one, "value") for one in _OPTION.findall(tag)]
        if wanted not in options:
            self._unplaced.append((name, wanted))
            return tag

        def option(match: re.Match[str]) -> str:
            is_it = _attribute(match[1], "value") == wanted
            return f"<option{_without(match[1], 'selected')}{' selected' if is_it else ''}>"

        return _OPTION.sub(option, tag)

    def _next(self, name: str, *, is_seen: bool = True) -> str:
        value = self._values[name].pop(0) if self._values[name] else ""
        self.is_seen |= is_seen and bool(value)
        return value


def _is_for(form: str, address: str, typed: Fields) -> bool:
    """Whether this is the form that was sent: of several for one address, one whose hidden fields say nothing else."""
    tag = form[: form.index(">") + 1]
    if _attribute(tag, "action") != address:
        return False
    values: dict[str, list[str]] = defaultdict(list)
    for name, value in typed:
        values[name].append(value)
    hidden = [(_attribute(one, "name"), _attribute(one, "value")) for one in _HIDDEN.findall(form)]
    told = [(name, value) for name, value in hidden if name not in OF_THE_PAGE and not _is_version(name)]
    return all(name not in values or value in values[name] for name, value in told)


def _unfolded(html: str, at: int) -> str:
    """The page with the fold open in which this place lies."""
    begin = html.rfind("<details", 0, at)
    if begin < 0 or 0 <= html.find("</details>", begin) < at or html.startswith("<details open", begin):
        return html
    return f"{html[: begin + len('<details')]} open{html[begin + len('<details') :]}"


def _is_version(name: str) -> bool:
    """What a page showed when it was made. It goes back as it was, so that what others did meanwhile is noticed."""
    return name == "version" or name.startswith(VERSIONS)


def _attribute(attributes: str, name: str) -> str:
    match = re.search(rf'(?<![\w-]){name}="([^"]*)"', attributes, re.IGNORECASE)
    return unescape(match[1]) if match else ""


def _without(attributes: str, name: str) -> str:
    return re.sub(rf'\s{name}(="[^"]*")?(?=[\s/]|$)', "", attributes, flags=re.IGNORECASE).rstrip("/ ")


_FORM = re.compile(r'<form\b[^>]*\smethod="post"[^>]*>.*?</form>', re.IGNORECASE | re.DOTALL)
_HIDDEN = re.compile(r'<input\b[^>]*\stype="hidden"[^>]*>', re.IGNORECASE)
_OPTION = re.compile(r"<option\b([^>]*)>", re.IGNORECASE)
_FIELDS = re.compile(
    r"<(?P<tag>textarea|select|button)\b(?P<within>[^>]*)>.*?</(?P=tag)>|<input\b(?P<input>[^>]*)>", re.I | re.S
)
