"""Signing in with the account of one's own organisation: OpenID Connect, code flow with PKCE, state and nonce (C13).

The service says which mail address is theirs and that it was verified; who may do what still comes from the
memberships here. What must survive the trip lies in a sealed cookie of this browser; nothing is written before it ends.
"""

import hmac
import importlib.util
import json
import logging
import secrets
import urllib.request
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cycle.actions.office.signing import open_signer
from cycle.actions.signin import signing_in
from cycle.domain.text import clean_line
from cycle.errors import CycleError, Forbidden, NotFound
from cycle.resources import HOW_TO_INSTALL
from cycle.settings.service_sections import OidcSettings
from cycle.web import cookies
from cycle.web.desk.visiting import NOT_HERE
from cycle.web.door import AtDoor, Door
from cycle.web.once import PRIVATE
from cycle.web.signin import old_token, own_path, welcome

log = logging.getLogger(__name__)
router = APIRouter(prefix="/aanmelden/oidc")

TRIP_SECONDS = 600
TIMEOUT_SECONDS = 10
ANSWER_BYTES = 200_000
LEEWAY_SECONDS = 60
ALGORITHMS = ("RS256", "PS256", "ES256")
FAILED = ("Aanmelden via uw organisatie is niet gelukt.", "Probeer het opnieuw, of vraag een link per mail aan.")
UNKNOWN = ("Met dit account zit u nergens aan tafel.", "Vraag het secretariaat, of meld u aan met een link per mail.")


@dataclass(frozen=True, slots=True)
class Trip:
    """What this browser keeps while somebody is at the other service."""

    state: str
    nonce: str
    verifier: str
    goes_to: str


@router.api_route("", methods=["GET", "HEAD"])
def leave(door: AtDoor, naar: str = "") -> Response:
    """Sends the browser to the organisation's sign-in page. Raises NotFound where there is none."""
    from authlib.oauth2.rfc7636 import create_s256_code_challenge  # noqa: PLC0415 - an optional extra

    settings = door.office.settings
    issuer = _configured(door)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    trip = Trip(state, nonce, verifier, own_path(settings, naar))
    question = {
        "response_type": "code",
        "client_id": issuer.client_id,
        "redirect_uri": _back(door),
        "scope": "openid email",
        "state": trip.state,
        "nonce": trip.nonce,
        "code_challenge_method": "S256",
        "code_challenge": create_s256_code_challenge(trip.verifier),
    }
    address = _text(_discovered(issuer), "authorization_endpoint")
    answer = RedirectResponse(f"{address}?{urlencode(question)}", HTTPStatus.SEE_OTHER, PRIVATE)
    cookies.put(answer, settings, cookies.OIDC, _sealed(door, trip), seconds=TRIP_SECONDS)
    return answer


@router.api_route("/terug", methods=["GET"])
def come_back(door: AtDoor, request: Request, code: str = "", state: str = "") -> Response:
    """Signs in whoever the service vouches for. Raises Forbidden for a trip that did not begin in this browser."""
    issuer, now = _configured(door), door.now()
    trip = _unsealed(door, cookies.get(request, door.office.settings, cookies.OIDC))
    if trip is None or not code or not hmac.compare_digest(trip.state.encode(), state.encode("utf-8", "replace")):
        raise Forbidden(*FAILED)
    email = _email(_claims(door, issuer, code, trip))
    signed_in = signing_in.begin(door.office, email, now, ends=old_token(door, request, now), how="oidc")
    if signed_in is None:
        raise Forbidden(*UNKNOWN)
    answer = welcome(door, request, signing_in.SignedIn(signed_in.token, email, trip.goes_to), now)
    cookies.put(answer, door.office.settings, cookies.OIDC, "")
    return answer


def _claims(door: Door, issuer: OidcSettings, code: str, trip: Trip) -> dict[str, Any]:
    """What the service says of them: signed by its key, for us, for this trip, and still fresh. Raises Forbidden."""
    from authlib.oidc.core import CodeIDToken  # noqa: PLC0415 - an optional extra
    from joserfc import jwt  # noqa: PLC0415
    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jwk import KeySet  # noqa: PLC0415

    discovered = _discovered(issuer)
    words = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": _back(door),
        "client_id": issuer.client_id,
        "client_secret": issuer.client_secret,
        "code_verifier": trip.verifier,
    }
    given = _text(_asked(_text(discovered, "token_endpoint"), urlencode(words).encode()), "id_token")
    keys = _asked(_text(discovered, "jwks_uri"))
    wanted = {"iss": issuer.issuer, "aud": issuer.client_id}
    options = {name: {"essential": True, "value": value} for name, value in wanted.items()}
    try:
        token = jwt.decode(given, KeySet.import_key_set(keys), algorithms=list(ALGORITHMS))  # type: ignore[arg-type]
        claims = CodeIDToken(token.claims, token.header, options, {"nonce": trip.nonce, "client_id": issuer.client_id})
        claims.validate(int(door.now().timestamp()), LEEWAY_SECONDS)
    except (JoseError, ValueError) as error:
        log.warning("oidc: the token was refused: %s", type(error).__name__)
        raise Forbidden(*FAILED) from None
    return dict(claims)


def _email(claims: dict[str, Any]) -> str:
    """The verified mail address. Entra says so in `xms_edov`, most others in `email_verified`. Raises Forbidden."""
    email = claims.get("email")
    is_verified = claims.get("email_verified") is True or claims.get("xms_edov") in (True, 1, "1", "true")
    if not isinstance(email, str) or not email or not is_verified:
        raise Forbidden("Uw organisatie bevestigt uw mailadres niet.", "Meld u aan met een link per mail.")
    return clean_line(email).lower()


def _configured(door: Door) -> OidcSettings:
    oidc = door.office.settings.signin.oidc
    if not oidc.issuer:
        raise NotFound(*NOT_HERE)
    if importlib.util.find_spec("authlib") is None:
        raise CycleError("Voor aanmelden via uw organisatie ontbreekt het pakket authlib.", f"{HOW_TO_INSTALL}.")
    return oidc


def _discovered(issuer: OidcSettings) -> dict[str, Any]:
    """The service's own addresses (OpenID Connect Discovery 1.0, section 4). They must come from the issuer itself."""
    discovered = _asked(f"{issuer.issuer.rstrip('/')}/.well-known/openid-configuration")
    if discovered.get("issuer") != issuer.issuer:
        raise CycleError(*FAILED)
    return discovered


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A secret is not carried on to another address."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _asked(url: str, form: bytes | None = None) -> dict[str, Any]:
    """One question to the service. Raises CycleError when it does not answer with what was asked."""
    try:
        with urllib.request.build_opener(_NoRedirect).open(url, form, timeout=TIMEOUT_SECONDS) as response:
            answer = json.loads(response.read(ANSWER_BYTES))
    except (OSError, ValueError) as error:
        log.warning("oidc: the service does not answer as it should: %s", type(error).__name__)
        raise CycleError(*FAILED) from None
    return answer if isinstance(answer, dict) else {}


def _text(answer: dict[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise CycleError(*FAILED)
    return value


def _back(door: Door) -> str:
    """Where the service sends people back to; it has to know this address."""
    return f"{door.office.settings.web.base_url}/aanmelden/oidc/terug"


def _sealed(door: Door, trip: Trip) -> str:
    words = json.dumps([trip.state, trip.nonce, trip.verifier, trip.goes_to, int(door.now().timestamp())])
    text = urlsafe_b64encode(words.encode()).decode("ascii")
    return f"{text}.{open_signer(door.office.settings).seal('oidc', text)}"


def _unsealed(door: Door, value: str) -> Trip | None:
    text, _, seal = value.partition(".")
    if not text or not open_signer(door.office.settings).is_sealed("oidc", text, seal):
        return None
    state, nonce, verifier, goes_to, left_at = json.loads(urlsafe_b64decode(text))
    return Trip(state, nonce, verifier, goes_to) if door.now().timestamp() - left_at <= TRIP_SECONDS else None
