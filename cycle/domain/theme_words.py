"""What a theme of the agreements is called: one place, so that letter, page and calendar say the same."""

from collections.abc import Iterable, Mapping

from cycle.domain.text import natural
from cycle.errors import Refused

MOST_THEME_NAME = 80
"""So long may the name of a theme be: it stands on one line of a table, and in a list to choose from."""

ThemeNames = Mapping[str, str]
"""The names of themes that are known, by what agreements have as their theme ("1")."""


def theme_words(theme: str, names: ThemeNames) -> str:
    """ "Thema 1: Wonen en zorg", or "Thema 1" where no name is known; one in words is called as it is, or by its name.

    Empty for what has no theme.
    """
    name = names.get(theme, "")
    if theme.strip(".").replace(".", "").isdecimal():
        return f"Thema {theme}: {name}" if name else f"Thema {theme}"
    return name or theme


def theme_choices(themes: Iterable[str], names: ThemeNames) -> list[tuple[str, str]]:
    """Themes with what they are called, to choose from, in the order in which people count."""
    return [(one, theme_words(one, names)) for one in sorted(themes, key=natural)]


def look_at_theme_name(name: str) -> str:
    """The name as it is kept. Raises Refused for one that is longer than a line of a table."""
    if "\n" in name or len(name) > MOST_THEME_NAME:
        raise Refused(
            f"De naam “{name[:40]}…” van een thema is te lang.",
            f"Gebruik één regel van hoogstens {MOST_THEME_NAME} tekens.",
        )
    return name
