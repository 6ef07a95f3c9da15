"""Mail servers on loopback: one that behaves (aiosmtpd), one that fails exactly where it is told to."""

import datetime as dt
import ipaddress
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

CLOSE = "close"  # drop the connection without a word
HANG = "hang"  # say nothing until the client gives up
ACCEPTED = "250 2.0.0 Ok: queued as A1"

USUAL = {
    "greeting": "220 mail.example ESMTP",
    "ehlo": "250-mail.example\r\n250 SIZE 10000000",
    "mail": "250 2.1.0 Ok",
    "rcpt": "250 2.1.5 Ok",
    "data": "354 go ahead",
    "dot": ACCEPTED,
    "rset": "250 2.0.0 Ok",
    "noop": "250 2.0.0 Ok",
    "quit": "221 2.0.0 Bye",
}


@dataclass
class ScriptedServer:
    """Answers as the script says. A list gives one answer after another, the last one for ever.

    `cut_body` closes the line after so many bytes of the message. `stored` are the messages whose dot arrived.
    `dawdle` is how many seconds it takes over an answer, to all or ("dot ADDRESS") to one recipient. `special` is what
    some recipients get instead, by address and verb.
    """

    script: Mapping[str, str | list[str]]
    cut_body: int = 0
    dawdle: Mapping[str, float] = field(default_factory=dict)
    special: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    port: int = 0
    connections: int = 0
    commands: list[str] = field(default_factory=list)
    stored: list[bytes] = field(default_factory=list)
    _over: Event = field(default_factory=Event)
    _turn: dict[str, int] = field(default_factory=dict)

    def serve(self, listener: socket.socket) -> None:
        threads = []
        while not self._over.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            threads.append(Thread(target=self._talk, args=(connection,)))
            threads[-1].start()
        for thread in threads:
            thread.join()

    def stop(self) -> None:
        self._over.set()

    def _talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines, suppress(OSError):
            to = ""
            if self._say(connection, "greeting"):
                for line in lines:
                    verb = (line.split() or [b""])[0].decode().lower()
                    self.commands.append(line.decode().strip())
                    to = line.decode().partition("<")[2].partition(">")[0] if verb == "rcpt" else to
                    if not self._say(connection, verb, to):
                        break
                    if verb == "quit":
                        break
                    is_body_next = verb == "data" and self._sent[verb].startswith("354")
                    if is_body_next and not self._take_body(connection, lines, to):
                        break

    @property
    def _sent(self) -> dict[str, str]:
        return {verb: self._answer(verb, self._turn.get(verb, 1) - 1) for verb in self._turn}

    def _take_body(self, connection: socket.socket, lines, to: str) -> bool:  # type: ignore[no-untyped-def]
        if self.cut_body:
            lines.read(self.cut_body)
            # reset rather than a polite end: the client is still writing
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            return False
        body = b""
        for line in lines:
            if line == b".\r\n":
                self.stored.append(body)
                return self._say(connection, "dot", to)
            body += line
        return False

    def _answer(self, verb: str, turn: int) -> str:
        answer = self.script.get(verb, USUAL.get(verb, "502 5.5.1 not known"))
        return answer if isinstance(answer, str) else answer[min(turn, len(answer) - 1)]

    def _say(self, connection: socket.socket, verb: str, to: str = "") -> bool:
        turn = self._turn.get(verb, 0)
        self._turn[verb] = turn + 1
        answer = self.special.get(to, {}).get(verb) or self._answer(verb, turn)
        self._over.wait(self.dawdle.get(f"{verb} {to}", self.dawdle.get(verb, 0.0)))
        if answer == HANG:
            self._over.wait(5)
        if answer in (CLOSE, HANG):
            return False
        connection.sendall(answer.encode() + b"\r\n")
        return True


@contextmanager
def scripted(
    script: Mapping[str, str | list[str]] | None = None,
    *,
    cut_body: int = 0,
    dawdle: Mapping[str, float] | None = None,
    special: Mapping[str, Mapping[str, str]] | None = None,
) -> Iterator[ScriptedServer]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        port = listener.getsockname()[1]
        server = ScriptedServer(script or {}, cut_body, dawdle or {}, special or {}, port=port)
        thread = Thread(target=server.serve, args=(listener,))
        thread.start()
        try:
            yield server
        finally:
            server.stop()
            thread.join()


@dataclass
class Received:
    """What one message was, and who it was for."""

    sender: str
    recipients: list[str]
    raw: bytes
    encrypted: bool


class Mailbox:
    """An aiosmtpd handler that keeps what it gets."""

    def __init__(self) -> None:
        self.received: list[Received] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # type: ignore[no-untyped-def]
        message = Received(envelope.mail_from, envelope.rcpt_tos, envelope.original_content, session.ssl is not None)
        self.received.append(message)
        return ACCEPTED


SECRETS = (LoginPassword(b"cycle", b"geheim"), LoginPassword(b"cycle", "geheim–é".encode()))


def only_geheim(server, session, envelope, mechanism, auth_data) -> AuthResult:  # type: ignore[no-untyped-def]
    right = isinstance(auth_data, LoginPassword) and auth_data in SECRETS
    return AuthResult(success=right, handled=False)


@contextmanager
def real_server(**options) -> Iterator[tuple[Mailbox, int]]:  # type: ignore[no-untyped-def]
    mailbox = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield mailbox, port
    finally:
        controller.stop()


@dataclass(frozen=True)
class Certificate:
    """A certificate of our own making for `name`, and the two sides' contexts."""

    server: ssl.SSLContext
    client: ssl.SSLContext


def self_signed(folder: Path, name: str = "127.0.0.1") -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "proef")])
    other: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([other]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / f"{name}.pem"
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(*form))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return Certificate(server, ssl.create_default_context(cafile=str(pem)))
