"""Whether mail can go to an address, and how the oldest mail server understands it.

The one place of it: the composer and the sender use it, and every door through which an address comes in asks it first,
so that what cannot be mailed is refused while somebody is there to mend it, and not when the mail fails.
"""

import re

from cycle.domain.text import clean_line
from cycle.errors import CycleError

MOST = 254
"""RFC 5321 4.5.3.1.3: a path is at most 256 octets, the angle brackets included."""
MOST_BEFORE_THE_AT = 64
EXAMPLE = "Schrijf het als naam@domein.nl, zonder spaties."
_DOT_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")


def ascii_address(email: str) -> str:
    """An address as the oldest mail server understands it: the domain in punycode, the rest ASCII (rule B7).

    Raises CycleError with a sentence for a person.
    """
    local, _, domain = email.strip().rpartition("@")
    if not local.isascii():
        raise CycleError(
            f"Het mailadres “{clean_line(email)}” heeft letters met accenten of andere tekens vóór het apenstaartje.",
            "Onze mailserver kan daar niet naartoe sturen. Vraag deze persoon om een ander adres.",
        )
    if not _DOT_ATOM.fullmatch(local) or len(local) > MOST_BEFORE_THE_AT:
        raise _not_an_address(email)
    plain = f"{local}@{ascii_domain(domain, email)}"
    if len(plain) > MOST:
        raise CycleError("Dit mailadres is te lang.", f"Een adres heeft hoogstens {MOST} tekens.")
    return plain


def ascii_domain(domain: str, written: str = "") -> str:
    """A domain in punycode; `written` is what the complaint quotes. Raises CycleError."""
    try:
        plain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        plain = ""
    if not _DOMAIN.fullmatch(plain):
        raise _not_an_address(written or domain)
    return plain.lower()


def look_at_address(email: str) -> None:
    """For an address that somebody gives, alone and without a name: the same, and its domain has a dot.

    Raises CycleError with a sentence for a person.
    """
    if "." not in ascii_address(email).rpartition("@")[2]:
        raise _not_an_address(email)


def _not_an_address(email: str) -> CycleError:
    return CycleError(f"“{clean_line(email)}” is geen mailadres.", EXAMPLE)
