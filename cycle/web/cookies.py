"""The cookies of a browser: which one asked to sign in, who is signed in, that a code was typed, what was just done,
who was signed in before, and the key to what was typed as a session ended.

With https they bear the prefix that a browser only accepts from the very host (rule C13). A session that nobody used
for an hour is over: the cookie says when it was last used, under a seal, so that looking changes nothing here.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from cycle.actions.office.signing import Signer
from cycle.settings import Settings
from cycle.settings.service_sections import LOOPBACK

SESSION, BROWSER, FLASH, OIDC = "cycle", "cycle-browser", "cycle-gedaan", "cycle-oidc"
PROOF, KNOWN, TYPED = "cycle-code", "cycle-bekend", "cycle-getypt"
RENEWED_AFTER = timedelta(minutes=5)
MOST_WORDS = 600  # a cookie holds four thousand characters


def is_safe_place(settings: Settings) -> bool:
    """Whether a browser keeps our cookies here: over https, or on this machine itself."""
    address = urlsplit(settings.web.base_url)
    return address.scheme == "https" or address.hostname in LOOPBACK


def get(request: Request, settings: Settings, name: str) -> str:
    """A cookie of ours, or nothing."""
    return request.cookies.get(_full(settings, name), "")


def put(response: Response, settings: Settings, name: str, value: str, *, seconds: int | None = None) -> None:
    """A cookie for as long as the browser is open, or for some seconds; an empty value takes it away."""
    response.set_cookie(
        _full(settings, name),
        value,
        path="/",
        httponly=True,
        samesite="lax",
        secure=_is_https(settings),
        max_age=seconds if value else 0,
    )


def session_value(signer: Signer, token: str, now: datetime) -> str:
    """The cookie of a session that is used at this moment."""
    text = f"{token}.{int(now.timestamp())}"
    return f"{text}.{signer.seal('sessie', text)}"


def session_token(signer: Signer, value: str, now: datetime, idle_minutes: int) -> tuple[str, bool]:
    """The secret in a session's cookie and whether to renew it; nothing for one that is over or was made up."""
    token, used = _session(signer, value)
    idle = now.timestamp() - used
    return (token, idle > RENEWED_AFTER.total_seconds()) if token and idle <= idle_minutes * 60 else ("", False)


def ended_session(signer: Signer, value: str) -> str:
    """The secret in a session's cookie, also of one that is over: it tells whose it was, and opens nothing."""
    return _session(signer, value)[0]


def _session(signer: Signer, value: str) -> tuple[str, int]:
    """The secret in it, and when it was last used; nothing for one that was made up."""
    text, _, seal = value.rpartition(".")
    token, _, used = text.rpartition(".")
    is_ours = used.isascii() and used.isdecimal() and len(used) < 12 and signer.is_sealed("sessie", text, seal)
    return (token, int(used)) if is_ours else ("", 0)


def form_token(secret: str) -> str:
    """What a form must bear: only whoever can read this browser's cookie can make it."""
    return hmac.new(secret.encode("utf-8", "replace"), b"formulier", sha256).hexdigest()


def is_form_of(secret: str, token: str) -> bool:
    """Whether a form came from a page of this browser."""
    return bool(secret) and hmac.compare_digest(form_token(secret).encode(), token.encode("utf-8", "replace"))


def flash_value(secret: str, words: str) -> str:
    """Words to show on the next page; nobody else can put any there."""
    text = urlsafe_b64encode(words[:MOST_WORDS].encode()).decode("ascii")
    return f"{text}.{_flash_seal(secret, text)}"


def flash_words(secret: str, value: str) -> str:
    """The words in it, or nothing when they are not ours."""
    text, _, seal = value.partition(".")
    if not text or not hmac.compare_digest(_flash_seal(secret, text).encode(), seal.encode("utf-8", "replace")):
        return ""
    return urlsafe_b64decode(text).decode()


def _flash_seal(secret: str, text: str) -> str:
    return hmac.new(secret.encode("utf-8", "replace"), f"gedaan {text}".encode(), sha256).hexdigest()


def _full(settings: Settings, name: str) -> str:
    return f"__Host-{name}" if _is_https(settings) else name


def _is_https(settings: Settings) -> bool:
    """Plain only where no other machine can listen."""
    address = urlsplit(settings.web.base_url)
    return address.scheme == "https" or address.hostname not in LOOPBACK
