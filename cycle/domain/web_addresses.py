"""Whether an address that somebody gives is one of a page that a browser opens: the one place of it, for all doors."""

from urllib.parse import urlsplit

from cycle.domain.text import clean_line
from cycle.errors import Refused

MOST = 500
EXAMPLE = "https://www.voorbeeld.nl/plan"
OF_A_MEETING = "https://vergaderen.voorbeeld.nl/overleg"


def look_at_web_address(typed: str, example: str = EXAMPLE) -> str:
    """The address of a page as it was typed, complete with how it is opened; "" for nothing typed.

    Raises Refused for what no browser opens (other kinds of address, spaces, a name without a dot), for one that gives
    a name of a user away, and for one that is longer than any page needs.
    """
    address = _web_address(clean_line(typed))
    if address is None:
        raise Refused("Dit adres kennen wij niet.", f"Plak het adres van de pagina, zoals {example}.")
    if len(address) > MOST:
        raise Refused("Dit adres is te lang.", f"Houd het adres bij {MOST} tekens.")
    return address


def _web_address(typed: str) -> str | None:
    text = typed.strip()
    if not text:
        return ""
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return None
    is_fit = parts.scheme.lower() in ("http", "https") and "." in host.strip(".") and "@" not in parts.netloc
    return address if is_fit and not any(sign.isspace() or sign in '<>\\"' for sign in address) else None
