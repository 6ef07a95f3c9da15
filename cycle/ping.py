"""The sign of life outward (rule C9): somebody else notices when it stops coming, which we could not tell ourselves.

One GET of an address of a monitoring service. Nothing about mails or people goes along, and no redirect is followed.
"""

import urllib.error
import urllib.request
from typing import Any

TIMEOUT_SECONDS = 10


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is not what the operator asked for."""

    def redirect_request(self, *_: Any) -> None:
        return None


def ping(url: str) -> str:
    """Calls the address; says in one word what went wrong, or nothing."""
    request = urllib.request.Request(url, headers={"User-Agent": "cycle"})
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=TIMEOUT_SECONDS):
            return ""
    except urllib.error.HTTPError as error:
        with error:
            return str(error.code)
    except OSError as error:
        return type(error).__name__
