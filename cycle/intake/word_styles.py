"""What Word's styles say about a paragraph or a run: its list, and whether its text is struck out or hidden."""

from collections.abc import Iterator
from typing import Any

SPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def tag(name: str) -> str:
    """The full name of one of Word's elements."""
    return f"{SPACE}{name}"


def value(element: Any, name: str) -> str | None:
    """The value of a child element with this name, `None` if there is none."""
    child = element.find(tag(name)) if element is not None else None
    return None if child is None else str(child.get(tag("val"), ""))


class Styles:
    """The styles of a document by their id, each with those that it is based on."""

    def __init__(self, root: Any | None) -> None:
        styles = [] if root is None else root.findall(tag("style"))
        self._by_id = {str(style.get(tag("styleId"), "")): style for style in styles}
        self._known: dict[tuple[str, str], bool] = {}

    def name(self, paragraph: Any) -> str:
        """The style of a paragraph in small letters: its id and its name, which Word translates."""
        style_id = value(paragraph.find(tag("pPr")), "pStyle") or ""
        name = value(self._by_id.get(style_id), "name") or ""
        return f"{style_id} {name}".casefold().strip()

    def chain(self, style_id: str) -> Iterator[tuple[str, Any]]:
        """A style and those below it, with their ids."""
        for _ in range(_DEEPEST):
            style = self._by_id.get(style_id)
            if style is None:
                return
            yield style_id, style
            style_id = value(style, "basedOn") or ""

    def is_set(self, run_look: Any | None, paragraph: Any, *names: str) -> bool:
        """Whether one of these looks ("strike", "vanish") holds for a run: by itself, by its style or its paragraph."""
        return any(self._one_is_set(run_look, paragraph, name) for name in names)

    def _one_is_set(self, run_look: Any | None, paragraph: Any, name: str) -> bool:
        own = _switch(run_look, name)
        if own is not None:
            return own
        of_run = value(run_look, "rStyle")
        of_paragraph = value(paragraph.find(tag("pPr")), "pStyle")
        return any(style and self._style_is_set(style, name) for style in (of_run, of_paragraph))

    def _style_is_set(self, style_id: str, name: str) -> bool:
        key = (style_id, name)
        if key not in self._known:
            switches = (_switch(style.find(tag("rPr")), name) for _, style in self.chain(style_id))
            self._known[key] = next((switch for switch in switches if switch is not None), False)
        return self._known[key]


def _switch(look: Any | None, name: str) -> bool | None:
    written = value(look, name)
    return None if written is None else written.casefold() not in ("0", "false", "off", "none")


_DEEPEST = 12
