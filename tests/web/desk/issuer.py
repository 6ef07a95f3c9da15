"""A small OpenID Connect provider on loopback: discovery, keys, and a token endpoint that checks PKCE."""

import json
import threading
from base64 import urlsafe_b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey


class Issuer:
    """One provider. `consent` plays the person at its page; `claims` change what its tokens say."""

    def __init__(self, client_id: str, client_secret: str, now: int) -> None:
        self.client_id, self.client_secret, self.now = client_id, client_secret, now
        self.key = RSAKey.generate_key(2048, parameters={"kid": "een"})
        self.signs_with = self.key
        self.claims: dict[str, Any] = {"email_verified": True}
        self.codes: dict[str, dict[str, str]] = {}
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(200, issuer.known(self.path))

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
                given = issuer.exchange({name: values[0] for name, values in form.items()})
                self._answer(200 if given else 400, given or {"error": "invalid_grant"})

            def _answer(self, status: int, found: dict[str, Any]) -> None:
                body = json.dumps(found).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def known(self, path: str) -> dict[str, Any]:
        if path == "/jwks":
            return KeySet([self.key]).as_dict(private=False)
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
        }

    def consent(self, location: str, email: str) -> tuple[str, str]:
        """Somebody signs in at the address that the browser was sent to: the code and the state that come back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        code = f"code{len(self.codes)}"
        self.codes[code] = asked | {"email": email}
        return code, asked["state"]

    def exchange(self, form: dict[str, str]) -> dict[str, Any] | None:
        """A token for a code, once, for whoever has the verifier of its challenge."""
        asked = self.codes.pop(form.get("code", ""), None)
        digest = sha256(form.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
        is_ours = (form["client_id"], form["client_secret"]) == (self.client_id, self.client_secret)
        if asked is None or not is_ours or challenge != asked["code_challenge"]:
            return None
        if form["redirect_uri"] != asked["redirect_uri"]:
            return None
        claims = {
            "iss": self.url,
            "sub": "1",
            "aud": self.client_id,
            "exp": self.now + 300,
            "iat": self.now,
            "nonce": asked["nonce"],
            "email": asked["email"],
        } | self.claims
        token = jwt.encode({"alg": "RS256", "kid": "een"}, claims, self.signs_with)
        return {"access_token": "x", "token_type": "Bearer", "id_token": token}
