"""Logging in to a mail server with a token instead of a password: XOAUTH2 with client credentials (rule B11).

Microsoft 365 takes no passwords any more; an application gets a token for itself (RFC 6749 section 4.4) and shows it
with AUTH XOAUTH2. The token lives in memory only and is renewed before it ends. A 535 brings one new token and one more
try; then it is our account that is refused. Nothing here is written to a log: a token is a password.
"""

import json
import smtplib
import urllib.error
import urllib.parse
import urllib.request
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any

from cycle.errors import CycleError
from cycle.mail.headers import clean

SCOPE = "https://outlook.office365.com/.default"
MICROSOFT = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
EARLY_SECONDS = 300  # a token that ends within five minutes is not shown any more
TIMEOUT_SECONDS = 20
ANSWER_BYTES = 1 << 16
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Client:
    """Who we are to the token service."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = SCOPE


class TokenRefused(smtplib.SMTPAuthenticationError):
    """The token service does not know us, or not with this secret: our trouble, as a refused password is."""


class Tokens:
    """The one token of a client, shared by all connections.

    Raises CycleError for a token service that is reached without encryption.
    """

    def __init__(self, client: Client, now: Callable[[], float] = monotonic) -> None:
        parts = urllib.parse.urlsplit(client.token_url)
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            what = "Het geheim zou onversleuteld naar de tokendienst gaan."
            raise CycleError(what, "Begin mail.token_url met https.")
        self._client, self._now = client, now
        self._lock = Lock()
        self._token, self._ends = "", 0.0

    def current(self, refused: str = "") -> str:
        """A token that is still good; `refused` is one that a server just refused.

        Raises TokenRefused, or OSError when the service cannot be reached.
        """
        with self._lock:
            if not self._token or self._token == refused or self._now() >= self._ends:
                self._token, seconds = _ask(self._client)
                self._ends = self._now() + max(seconds - EARLY_SECONDS, seconds / 2)
            return self._token


@dataclass(slots=True)
class Xoauth2:
    """Shows a token where `Password` shows a password."""

    user: str
    tokens: Tokens
    _refusals: int = 0

    def login(self, connection: smtplib.SMTP) -> None:
        """Raises SMTPAuthenticationError after a second token was refused too."""
        connection.ehlo_or_helo_if_needed()
        if "XOAUTH2" not in connection.esmtp_features.get("auth", "").upper():
            raise smtplib.SMTPNotSupportedError("the server does not offer XOAUTH2")
        token = self.tokens.current()
        code, text = self._show(connection, token)
        if code == 535 and not self._refusals:
            self._refusals = 1  # kept over a connection that the server ends after its refusal
            code, text = self._show(connection, self.tokens.current(refused=token))
        if code != 235:
            raise smtplib.SMTPAuthenticationError(code, text)
        self._refusals = 0

    def _show(self, connection: smtplib.SMTP, token: str) -> tuple[int, bytes]:
        """A refusal comes as a challenge with the reason; an empty line asks for the real answer."""
        code, text = connection.docmd("AUTH", f"XOAUTH2 {b64encode(first_words(self.user, token)).decode('ascii')}")
        return connection.docmd("") if code == 334 else (code, text)


def first_words(user: str, token: str) -> bytes:
    """https://learn.microsoft.com/exchange/client-developer/legacy-protocols/ (SASL XOAUTH2)"""
    return f"user={user}\x01auth=Bearer {token}\x01\x01".encode()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A secret is not carried on to another address."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _ask(client: Client) -> tuple[str, float]:
    """A new token and the seconds it lasts."""
    words = {
        "grant_type": "client_credentials",
        "client_id": client.client_id,
        "client_secret": client.client_secret,
        "scope": client.scope,
    }
    request = urllib.request.Request(client.token_url, urllib.parse.urlencode(words).encode())
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=TIMEOUT_SECONDS) as response:
            answer = _object(response.read(ANSWER_BYTES))
    except urllib.error.HTTPError as error:
        with error:
            reason = str(_object(error.read(ANSWER_BYTES)).get("error_description") or error.reason)
        if error.code in (429, *range(500, 600)):
            raise OSError(f"de tokendienst antwoordt {error.code}") from None
        raise TokenRefused(535, f"5.7.3 de tokendienst weigert ons: {clean(reason)[:300]}") from None
    token = answer.get("access_token")
    if not isinstance(token, str) or not token:
        raise OSError("de tokendienst gaf geen token")
    return token, _seconds(answer.get("expires_in"))


def _object(data: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(data)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _seconds(value: object) -> float:
    """How long a token lasts: a number, by some services written as text; an hour when nothing is said."""
    try:
        return float(value) if isinstance(value, int | float | str) else 3600.0
    except ValueError:
        return 3600.0
