"""Nothing is answered but by our own name (rule C13): what a request calls us must steer no page, link or proof.

Only monitors may ask `/healthz`, `/readyz` and `/metrics` under any name, and hear no more than whether all is well.
"""

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from cycle.settings import Settings
from cycle.settings.service_sections import LOOPBACK
from cycle.web.error_pages import fault

ANY_NAME = frozenset({"/healthz", "/readyz", "/metrics"})
NOT_OURS = ("Dit is niet ons adres.", "Open de pagina met het adres dat u van ons kreeg.")


class OurHost:
    """Stands before the pages: a request that names another host gets 400 and comes no further."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] not in ANY_NAME and not is_ours(scope, self._settings):
            await fault(Request(scope), HTTPStatus.BAD_REQUEST, *NOT_OURS)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def is_ours(scope: Scope, settings: Settings) -> bool:
    """Whether a request names the host of `web.base_url`; on this machine itself any port will do, and any of its
    names."""
    ours, theirs = urlsplit(settings.web.base_url), _named(scope)
    if theirs.hostname in LOOPBACK and ours.hostname in LOOPBACK:
        return True
    asked, own = (theirs.hostname, theirs.port or _port(ours)), (ours.hostname, ours.port or _port(ours))
    return asked == own


def names_this_machine(scope: Scope) -> bool:
    """Whether a request calls us by a name that only this machine has for itself."""
    return _named(scope).hostname in LOOPBACK


def _named(scope: Scope) -> SplitResult:
    """The host that a request names; none for two of them, or for what is no host and port alone."""
    given: Sequence[str] = Headers(scope=scope).getlist("host")
    try:
        named = urlsplit(f"//{given[0]}" if len(given) == 1 else "")
        _ = named.port  # raises for one that is no number
    except ValueError:
        return urlsplit("")
    return named if named.netloc in given and "@" not in named.netloc else urlsplit("")


def _port(address: SplitResult) -> int:
    return 443 if address.scheme == "https" else 80
