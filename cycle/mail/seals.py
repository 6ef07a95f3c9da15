"""Seals in the bytes of a mail: blanked once it is over, and set anew when it is offered again.

A link of ours is a room, a subject, a day and a seal: `/agenda/12.739676.…`; one to sign in is a room and a secret.
Only what makes it open something is blanked, sign by sign, so that all else stays as it was sent: the same length, the
same lines. In quoted-printable a soft line break may stand between any two signs (RFC 2045, 6.7). The rooms are words
that no attachment in base64 holds by chance; the secret of a calendar is in no mail.
"""

import re
from collections.abc import Callable, Iterable
from hashlib import sha256

BLANK = f"{'vervallen':-<27}"
"""What stands in place of a seal, as long as one."""

LEFT_OUT = "vervallen-"

BREAK = rb"(?:=\r?\n)?"
SIGN = rb"[A-Za-z0-9_-]"

Sealing = Callable[[str, str], str]
"""Gives the day and the seal ("739676.…") for a room and a subject."""


def blanked(raw: bytes) -> bytes:
    """These bytes without anything that opens a page of ours."""
    raw = _LINK.sub(lambda found: found["before"] + _written(found["seal"], BLANK), raw)
    return _SECRET.sub(lambda found: found["before"] + _written(found["seal"], BLANK), raw)


def with_secret(raw: bytes, secret: str) -> bytes:
    """A mail to sign in with its secret, where that was left out when it was made."""

    def filled(match: re.Match[bytes]) -> bytes:
        is_left_out = _plain(match["seal"]).startswith(LEFT_OUT)
        return match["before"] + _written(match["seal"], secret) if is_left_out else match[0]

    return _SECRET.sub(filled, raw)


def left_out(length: int) -> str:
    """What stands in place of a secret of this length until the mail leaves."""
    return f"{LEFT_OUT:-<{length}}"


def over(raw: bytes) -> dict[str, bytes | str]:
    """What is kept of a mail that is over: its bytes without seals, and the hash of those that went."""
    return {"body": blanked(raw), "body_sha256": sha256(raw).hexdigest()} if raw else {}


def is_blanked(raw: bytes) -> bool:
    """Whether it has links of which the seals are gone."""
    return any(_plain(found["seal"]) == BLANK for found in _LINK.finditer(raw))


def sealed_again(raw: bytes, sealing: Sealing) -> bytes:
    """The same mail with fresh seals where they were blanked."""

    def again(match: re.Match[bytes]) -> bytes:
        if _plain(match["seal"]) != BLANK:
            return match[0]
        day, _, seal = sealing(_plain(match["room"]), _plain(match["subject"])).partition(".")
        before = match["before"][: -len(match["day"])]
        return before + _written(match["day"], f"{day}.") + _written(match["seal"], seal)

    return _LINK.sub(again, raw)


def _written(old: bytes, new: str) -> bytes:
    """New signs in place of the old ones, one for one and over again; line breaks stay where they were."""
    if b"=" not in old:
        return (new * (1 + len(old) // len(new)))[: len(old)].encode("ascii")
    signs = iter(new * (1 + len(old) // len(new)))
    return re.sub(rb"[A-Za-z0-9_.-]", lambda _found: next(signs).encode("ascii"), old)


def _plain(part: bytes) -> str:
    return re.sub(rb"=\r?\n", b"", part).decode("ascii")


def _room(names: Iterable[str]) -> bytes:
    """`/agenda/`, or another of these."""
    words = b"|".join(BREAK.join(re.escape(sign).encode("ascii") for sign in name) for name in names)
    return b"/" + BREAK + b"(?P<room>" + words + b")" + BREAK + b"/" + BREAK


_LINK = re.compile(
    rb"(?P<before>"
    + _room(("antwoord", "agenda", "ritme", "overzicht", "akkoord", "briefstukken"))
    + rb"(?P<subject>(?:"
    + SIGN
    + BREAK
    + rb"){1,200}?)\."
    + BREAK
    + rb"(?P<day>(?:\d"
    + BREAK
    + rb"){5,7}\."
    + BREAK
    + rb"))(?P<seal>"
    + SIGN
    + rb"(?:"
    + BREAK
    + SIGN
    + rb"){"
    + str(len(BLANK) - 1).encode()
    + rb"})"
)
_SECRET = re.compile(
    rb"(?P<before>" + _room(("aanmelden",)) + rb")(?P<seal>" + SIGN + rb"(?:" + BREAK + SIGN + rb"){19,})"
)
