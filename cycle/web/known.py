"""A browser in which somebody was signed in before says so when it asks for a mail: in a cookie that lasts long."""

from starlette.requests import Request
from starlette.responses import Response

from cycle.actions.office.signing import open_signer
from cycle.actions.signin.asking import From
from cycle.actions.signin.known_browsers import KNOWN_DAYS, known_as, remembered
from cycle.web import cookies
from cycle.web.door import Door
from cycle.web.peers import network_of

DAY_SECONDS = 24 * 3600


def asked_from_of(request: Request, door: Door) -> From:
    """Where a request comes from, as it counts for the limits."""
    return From(network_of(request), cookies.get(request, door.office.settings, cookies.KNOWN))


def is_known(request: Request, door: Door, email: str) -> bool:
    """Whether this browser says already that this address is its user's."""
    settings = door.office.settings
    value, today = cookies.get(request, settings, cookies.KNOWN), settings.local_day(door.now())
    return bool(known_as(open_signer(settings), value, email, today))


def remember(answer: Response, request: Request, door: Door, email: str) -> None:
    """Lets the browser know that this address was shown to be its user's."""
    settings = door.office.settings
    value = cookies.get(request, settings, cookies.KNOWN)
    today = settings.local_day(door.now())
    value = remembered(open_signer(settings), value, email, today)
    cookies.put(answer, settings, cookies.KNOWN, value, seconds=KNOWN_DAYS * DAY_SECONDS)
