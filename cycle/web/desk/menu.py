"""The menu of the desk: an entry for each room, in the order in which `cycle.web.desk` lists them."""

from dataclasses import dataclass, replace

from cycle.domain.model import Role

ALL = frozenset({Role.SECRETARIAT, Role.DIRECTOR, Role.TREKKER, Role.READER})
READERS = frozenset({Role.SECRETARIAT, Role.DIRECTOR, Role.READER})
BOARD = frozenset({Role.SECRETARIAT, Role.DIRECTOR})
SECRETARIAT = frozenset({Role.SECRETARIAT})


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A room in the menu: its words, its path within a covenant ("jaar"), and the roles that may open it."""

    words: str
    path: str
    roles: frozenset[Role]
    url: str = ""

    def in_covenant(self, slug: str) -> "MenuEntry":
        """This entry with its path in a covenant."""
        return replace(self, url=f"/c/{slug}/{self.path}")


MENU: list[MenuEntry] = []
