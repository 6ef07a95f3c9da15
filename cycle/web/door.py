"""What every endpoint needs: the office, the time, and the templates to answer with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from cycle.actions.office.office import Office
from cycle.web.kept import KeptValues
from cycle.web.page_templates import Templates


@dataclass(frozen=True, slots=True)
class Door:
    """One per application. `now` is aware; the rest of the web asks it and no other clock.

    `wake` tells whoever delivers in this process that there is mail that should not wait for the next round.
    """

    office: Office
    now: Callable[[], datetime]
    templates: Templates
    wake: Callable[[], object] = bool
    kept_values: KeptValues = field(default_factory=KeptValues)

    @property
    def base_path(self) -> str:
        """The path below which all our pages lie: mostly nothing."""
        return urlsplit(self.office.settings.web.base_url).path.rstrip("/")


async def door_of(request: Request) -> Door:
    """The door of the application that got this request."""
    door: Door = request.app.state.door
    return door


AtDoor = Annotated[Door, Depends(door_of)]
