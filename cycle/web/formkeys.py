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
    kept = [came.key] if came is not None and came.key and not came.is_taken else []

    def hidden(found: re.Match[str]) -> str:
        is_back = bool(kept) and came is not None and _action(found[0]) == came.address
        return f'{found[0]}<input type="hidden" name="{FIELD}" value="{kept.pop() if is_back else new_key()}">'

    return _POSTED.sub(hidden, html)


def _action(tag: str) -> str:
    found = _ACTION.search(tag)
    return unescape(found[1]) if found else ""


_POSTED = re.compile(r'<form\b[^>]*\smethod="post"[^>]*>', re.IGNORECASE)
_ACTION = re.compile(r'\saction="([^"]*)"')
