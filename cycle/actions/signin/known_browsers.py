"""Browsers in which somebody was signed in before: they are not counted with strangers when they ask for a mail.

The cookie says it under a seal, for each address by itself. It names no address and opens nothing: only who knows an
address can ask whether the cookie is of that one.
"""

import secrets
from collections.abc import Iterator
from datetime import date

from cycle.actions.office.signing import Signer

KNOWN_DAYS = 400  # no browser keeps a cookie longer
MOST_ADDRESSES = 4  # of those who share a browser
PURPOSE = "bekende browser"
NAME_BYTES = 9
BETWEEN = "~"


def known_as(signer: Signer, value: str, email: str, today: date) -> str:
    """The name that this browser got when this address was signed in in it; nothing for a stranger.

    It looks at each entry, whose address it may be: what it takes says nothing of the address.
    """
    names = [name for name, day, seal in _entries(value) if _is_of(signer, email, name, day, seal, today)]
    return names[0] if names else ""


def remembered(signer: Signer, value: str, email: str, today: date) -> str:
    """The cookie of a browser in which this address has just been signed in, and the others that it knew."""
    name = known_as(signer, value, email, today) or secrets.token_urlsafe(NAME_BYTES)
    others = [one for one in _entries(value) if not _is_of(signer, email, *one, today)][: MOST_ADDRESSES - 1]
    day = str(today.toordinal())
    mine = (name, day, signer.seal(PURPOSE, _sealed(email, name, day)))
    return BETWEEN.join(".".join(one) for one in (mine, *others))


def _entries(value: str) -> Iterator[tuple[str, str, str]]:
    for entry in value.split(BETWEEN)[:MOST_ADDRESSES]:
        name, _, rest = entry.partition(".")
        day, _, seal = rest.partition(".")
        if name and seal and len(entry) < 100 and day.isascii() and day.isdecimal() and len(day) < 8:
            yield name, day, seal


def _is_of(signer: Signer, email: str, name: str, day: str, seal: str, today: date) -> bool:
    is_ours = signer.is_sealed(PURPOSE, _sealed(email, name, day), seal)
    return is_ours and -1 <= today.toordinal() - int(day) <= KNOWN_DAYS


def _sealed(email: str, name: str, day: str) -> str:
    return f"{name} {day} {email}"
