"""Each form of a page that changes something bears a key of its own, put there when the page is made.

It is put into the finished page, so that no template can forget it, not one that a municipality made itself either. A
form that comes back because something in it was wrong keeps its key: it is still the same one.
"""

import re
from collections.abc import Callable
from html import unescape

from cycle.store.sentforms import FormInHand

FIELD = "sleutel"


def with_keys(html: str, new_key: Callable[[], str], came: FormInHand | None = None) -> str:
    """The page with a key in each form that is posted; `came` is the form that this page answers, if it answers one."""
    keys = [came.key] if came is not None and came.key and not came.is_taken else []

    def hidden(match: re.Match[str]) -> str:
        is_back = bool(keys) and came is not None and _action(match[0]) == came.address
        return f'{match[0]}<input type="hidden" name="{FIELD}" value="{keys.pop() if is_back else new_key()}">'

    return _POSTED.sub(hidden, html)


def _action(tag: str) -> str:
    match = _ACTION.search(tag)
    return unescape(match[1]) if match else ""


_POSTED = re.compile(r'<form\b[^>]*\smethod="post"[^>]*>', re.IGNORECASE)
_ACTION = re.compile(r'\saction="([^"]*)"')
