"""The headers that every answer carries (rule C16)."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "Content-Security-Policy"
ALWAYS = {
    POLICY: (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",  # the tokens of feeds stand in paths
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex",
}
HSTS = {"Strict-Transport-Security": "max-age=31536000"}  # a year; other names of the domain are not ours to bind


class SecureHeaders:
    """Puts the headers on whatever answers inside."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self._headers = ALWAYS | HSTS if https else ALWAYS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                own = headers.get(POLICY)  # a page with a frame, and a mail in it, have their own
                headers.update(self._headers)
                headers[POLICY] = own or ALWAYS[POLICY]
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
