"""The ways out that the settings name: a folder, or a mail server by one or more connections."""

import time
from collections.abc import Callable, Sequence

from cycle.mail.deliver import Answer, Pace, Pool, Transport
from cycle.mail.maildir import MaildirTransport
from cycle.mail.oauth import MICROSOFT, Client, Tokens, Xoauth2
from cycle.mail.smtp import Security, SmtpServer, SmtpTransport
from cycle.settings import Settings


class AllowedOnly:
    """Outside production only allow-listed addresses are mailed; what is for others becomes a file (rule C6)."""

    def __init__(self, out: Transport, files: Transport, allowed: Sequence[str]) -> None:
        self._out, self._files = out, files
        self._allowed = tuple(one.lower() for one in allowed)

    @property
    def connections(self) -> int:
        """The mail server's."""
        return self._out.connections

    def deliver(self, raw: bytes, *, envelope_from: str, recipient: str, key: str) -> Answer:
        """By mail to who is allowed: an address, or a domain written as "@gemeente.nl"."""
        address = recipient.lower()
        is_allowed = any(address == one or (one[:1] == "@" and address.endswith(one)) for one in self._allowed)
        way = self._out if is_allowed else self._files
        return way.deliver(raw, envelope_from=envelope_from, recipient=recipient, key=key)

    def check(self) -> Answer:
        """The mail server's own."""
        return self._out.check()

    def close(self) -> None:
        """Both ways."""
        self._out.close()
        self._files.close()

    def abort(self) -> None:
        """The mail server's."""
        self._out.abort()


def open_transport(settings: Settings) -> Transport:
    """The way out that the settings name."""
    if settings.mail.transport == "maildir":
        return open_files(settings)
    out = _connections(settings)
    if settings.environment == "production":
        return out
    return AllowedOnly(out, open_files(settings), settings.mail.allow_list)


def open_files(settings: Settings) -> MaildirTransport:
    """The folder that anyone can open."""
    return MaildirTransport(settings.path(settings.mail.folder))


def open_pace(settings: Settings, sleep: Callable[[float], object] = time.sleep) -> Pace:
    """The rate at which a mail server takes our mail; a folder has none. Who may be asked to stop hands in a `sleep`
    that ends when they are."""
    per_minute = settings.mail.per_minute if settings.mail.transport == "smtp" else 0
    return Pace(per_minute, time.monotonic, sleep)


def open_tokens(settings: Settings) -> Tokens | None:
    """Our token, where we log in with one."""
    mail = settings.mail
    if mail.auth != "xoauth2":
        return None
    address = mail.token_url or MICROSOFT.format(tenant=mail.tenant)
    return Tokens(Client(address, mail.client_id, mail.client_secret))


def _connections(settings: Settings) -> Pool:
    """All connections show the same token."""
    mail = settings.mail
    tokens = open_tokens(settings)
    password = "" if tokens else mail.password
    server = SmtpServer(mail.host, mail.port, Security(mail.security), mail.user, password)
    return Pool(
        [
            SmtpTransport(server, credentials=Xoauth2(mail.user, tokens) if tokens else None)
            for _ in range(mail.connections)
        ]
    )
