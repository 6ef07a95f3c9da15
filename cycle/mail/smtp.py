"""Messages to a mail server, step by step, so that after a failure we know how far we came.

The commands are sent one by one, because `smtplib.sendmail` raises the same error for a connection lost inside DATA
(nothing was accepted) and for one lost after the final dot (perhaps it was). TLS is all or nothing: no STARTTLS on
offer means no mail. Answers are classed by rule B12; one recipient per message. Nothing here retries a message that
may have been accepted, or decides what the queue does.
"""

import re
import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from time import monotonic
from typing import Protocol

from cycle.domain.mail_addresses import ascii_address
from cycle.errors import CycleError
from cycle.mail.deliver import Answer, Outcome, Pace
from cycle.mail.server_answers import SmtpStep, classify, failure
from cycle.mail.whole_replies import Smtp, SmtpSsl

GOODBYE_SECONDS = 2.0
BLOCK_BYTES = 1 << 16  # each block has the time-out to itself

_BARE_LINE_END = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_LINE_START_DOT = re.compile(rb"^\.", re.MULTILINE)
_MESSAGE_ID = re.compile(rb"^message-id:\s*<([!-;=?-~]+)>", re.IGNORECASE | re.MULTILINE)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Security(StrEnum):
    """How the line is protected. There is no "if possible"."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class Credentials(Protocol):
    """How we make ourselves known; XOAUTH2 can stand beside `Password`."""

    def login(self, connection: smtplib.SMTP) -> None: ...


@dataclass(frozen=True, slots=True)
class Password:
    """A user name and a password, by the strongest method that the server offers.

    smtplib stumbles over an accent in either; PLAIN is then the one method that says how to write it (RFC 4616).
    """

    user: str
    password: str = field(repr=False)

    def login(self, connection: smtplib.SMTP) -> None:
        if f"{self.user}{self.password}".isascii():
            connection.login(self.user, self.password)
            return
        words = b64encode(f"\0{self.user}\0{self.password}".encode()).decode("ascii")
        code, text = connection.docmd("AUTH", f"PLAIN {words}")
        if code != 235:
            raise smtplib.SMTPAuthenticationError(code, text)


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where to hand over, and how long to wait for a whole answer: per step, and to the final dot.

    The ten minutes are RFC 5321 4.5.3.2.6; impatience there doubles mail (RFC 1047). A line idle for `idle_seconds` is
    tried with NOOP before a message is trusted to it. A body that trickles for `body_seconds` is given up, for a lease
    lasts only so long.
    """

    host: str
    port: int
    security: str = Security.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    helo: str = ""
    timeout_seconds: float = 20
    final_dot_timeout_seconds: float = 600
    idle_seconds: float = 5
    body_seconds: float = 120


class _Answered(Exception):
    """The server said no (or something strange); the conversation ends here."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.text)
        self.answer = answer


class SmtpTransport:
    """One connection to one server, kept open between messages. Not for two threads at once.

    `pace` may be shared by several transports. `ssl_context` replaces the default, which checks certificate and name.
    """

    connections = 1

    def __init__(
        self,
        server: SmtpServer,
        *,
        credentials: Credentials | None = None,
        pace: Pace | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server
        self._credentials = credentials or (Password(server.user, server.password) if server.user else None)
        self._pace = pace
        self._security = _known(server.security)
        self._context = ssl_context
        self._connection: smtplib.SMTP | None = None
        self._is_aborted = False
        self._last_used = 0.0
        self._step = SmtpStep.CONNECT
        if self._credentials and self._security is Security.NONE and server.host not in _LOOPBACK:
            raise CycleError(
                f"Het wachtwoord zou onversleuteld naar {server.host} gaan.",
                "Zet de beveiliging van de mailserver op “starttls” of “tls”.",
            )

    def deliver(self, raw: bytes, *, envelope_from: str, recipient: str, key: str) -> Answer:
        """Hand over one message. `key` is for ways out that can see a double themselves; a mail server cannot."""
        if self._pace:
            self._pace.take()
        return self._answered(lambda: self._hand_over(raw, envelope_from, recipient))

    def check(self) -> Answer:
        """Connect, secure the line and log in; nobody gets mail."""
        return self._answered(self._say_hello)

    def close(self) -> None:
        """Say goodbye, and wait a moment for the answer; after this a delivery connects again."""
        connection, self._connection = self._connection, None
        if connection:
            with suppress(smtplib.SMTPException, OSError):
                _socket_of(connection).settimeout(GOODBYE_SECONDS)
                connection.quit()
            connection.close()

    def abort(self) -> None:
        """Break off what another thread is doing here: it gets its answer at once, and nothing is begun any more."""
        self._is_aborted = True
        sock = self._connection.sock if self._connection else None
        if sock is not None:
            with suppress(OSError):  # not the SSL socket's own shutdown, which another thread stumbles over
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    # -- the conversation -------------------------------------------------------------------------------------------

    def _answered(self, conversation: Callable[[], Answer]) -> Answer:
        """Turn every way to fail into an answer; afterwards the line is clean or closed."""
        self._step = SmtpStep.CONNECT
        try:
            answer = conversation()
        except _Answered as refusal:
            answer = refusal.answer
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            self._drop()
            return failure(self._step, error)
        self._last_used = monotonic()
        if not answer.accepted:
            self._reset(answer)
        return answer

    def _hand_over(self, raw: bytes, envelope_from: str, recipient: str) -> Answer:
        sender = _usable(envelope_from, Outcome.SENDER) if envelope_from else ""
        receiver = _usable(recipient, Outcome.RECIPIENT)
        connection = self._at_mail(sender, raw)
        notify = " NOTIFY=FAILURE,DELAY" if connection.has_extn("dsn") else ""
        self._command(connection, SmtpStep.RCPT, f"rcpt TO:<{receiver}>{notify}")
        self._command(connection, SmtpStep.DATA, "data", wanted=354)
        self._send_body(connection, stuffed(raw))
        return self._final_dot(connection)

    def _send_body(self, connection: smtplib.SMTP, body: bytes) -> None:
        self._step = SmtpStep.BODY
        ends = monotonic() + self._server.body_seconds
        for start in range(0, len(body), BLOCK_BYTES):
            if monotonic() > ends:
                raise TimeoutError("the server takes the message too slowly")
            connection.send(body[start : start + BLOCK_BYTES])

    def _at_mail(self, sender: str, raw: bytes) -> smtplib.SMTP:
        """MAIL on the open line; if that line turns out to be dead, once more on a new one (nothing was sent yet)."""
        reused = self._connection is not None
        connection = self._open()
        command = f"mail FROM:<{sender}>{_options(connection, raw)}"
        try:
            self._command(connection, SmtpStep.MAIL, command)
        except smtplib.SMTPServerDisconnected:
            if not reused:
                raise
        except _Answered as refusal:
            if not (reused and refusal.answer.text.startswith("421")):
                raise
        else:
            return connection
        self._drop()
        connection = self._open()
        self._command(connection, SmtpStep.MAIL, command)
        return connection

    def _final_dot(self, connection: smtplib.SMTP) -> Answer:
        """When all of the dot has gone out, the message may be accepted, whatever happens to the line.

        If sending it fails, some of it did not reach our own system's buffer, so the server never sees the end.
        """
        sock = _socket_of(connection)
        sock.settimeout(self._server.final_dot_timeout_seconds)
        connection.send(b".\r\n")
        self._step = SmtpStep.DOT
        code, text = connection.getreply()
        with suppress(OSError):
            sock.settimeout(self._server.timeout_seconds)
        return classify(SmtpStep.DOT, code, text)

    def _say_hello(self) -> Answer:
        connection = self._open()
        code, text = connection.noop()
        return classify(SmtpStep.LOGIN, code, text)

    def _command(self, connection: smtplib.SMTP, step: SmtpStep, command: str, wanted: int = 250) -> None:
        self._step = step
        code, text = connection.docmd(command)
        # 251 is "not here, but I will pass it on" (RFC 5321 3.4)
        if code != wanted and (wanted, code) != (250, 251):
            raise _Answered(classify(step, code, text))

    # -- the line ---------------------------------------------------------------------------------------------------

    def _open(self) -> smtplib.SMTP:
        if self._is_aborted:
            raise OSError("afgebroken")
        idle_seconds = monotonic() - self._last_used
        if self._connection and idle_seconds > self._server.idle_seconds and not self._answers_to("noop"):
            self._drop()
        if self._connection is None:
            self._step = SmtpStep.CONNECT
            self._connection = self._connect()
            self._step = SmtpStep.LOGIN
            self._log_in(self._connection)
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        helo = server.helo or None
        if self._security is Security.TLS:
            connection: smtplib.SMTP = SmtpSsl(
                server.host, server.port, helo, timeout=server.timeout_seconds, context=self._tls()
            )
        else:
            connection = Smtp(server.host, server.port, helo, timeout=server.timeout_seconds)
        self._connection = connection
        # the final dot is a packet of its own; without this it waits 40 ms for the body to be acknowledged
        _socket_of(connection).setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._security is Security.STARTTLS:
            self._start_tls(connection)
        connection.ehlo_or_helo_if_needed()
        return connection

    def _start_tls(self, connection: smtplib.SMTP) -> None:
        connection.ehlo_or_helo_if_needed()
        if not connection.has_extn("starttls"):
            self._drop()
            sentence = (
                f"De mailserver {self._server.host} biedt geen versleuteling (STARTTLS) aan; er is niets verstuurd."
            )
            raise _Answered(Answer(Outcome.UNREACHABLE, sentence))
        connection.starttls(context=self._tls())

    def _tls(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = ssl.create_default_context()
        return self._context

    def _log_in(self, connection: smtplib.SMTP) -> None:
        if self._credentials is None:
            return
        try:
            self._credentials.login(connection)
        except smtplib.SMTPNotSupportedError:
            self._drop()
            sentence = f"De mailserver {self._server.host} laat ons niet inloggen; er is niets verstuurd."
            raise _Answered(Answer(Outcome.SENDER, sentence)) from None

    def _answers_to(self, command: str) -> bool:
        try:
            return self._connection is not None and self._connection.docmd(command)[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def _reset(self, answer: Answer) -> None:
        """After a refusal: the next message starts clean, on this line or on a new one."""
        usable = answer.outcome is not Outcome.UNKNOWN and not answer.text.startswith("421")
        if self._connection and not (usable and self._answers_to("rset")):
            self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            connection.close()


def _options(connection: smtplib.SMTP, raw: bytes) -> str:
    """What MAIL may say beside the sender: the size (RFC 1870), and for reports the headers only, under the Message-ID
    as envelope id (RFC 3461 section 4.4), by which a report is known again.
    """
    options = f" size={len(raw)}" if connection.has_extn("size") else ""
    if connection.has_extn("dsn"):
        match = _MESSAGE_ID.search(raw.partition(b"\r\n\r\n")[0])
        options += " RET=HDRS" + (f" ENVID={xtext(match[1].decode('ascii'))}" if match else "")
    return options


def xtext(text: str) -> str:
    """Printable ASCII with "+" and "=" written as "+2B" and "+3D" (RFC 3461 section 4)."""
    return "".join(char if "!" <= char <= "~" and char not in "+=" else f"+{ord(char):02X}" for char in text)


def stuffed(raw: bytes) -> bytes:
    """The message as DATA wants it: CRLF everywhere, a dot doubled at the start of a line (RFC 5321 4.5.2)."""
    line_ends = raw.count(b"\r\n")
    if not raw.count(b"\n") == raw.count(b"\r") == line_ends:
        raw = _BARE_LINE_END.sub(b"\r\n", raw)
    if b"\n." in raw or raw.startswith(b"."):
        raw = _LINE_START_DOT.sub(b"..", raw)
    return raw if raw.endswith(b"\r\n") else raw + b"\r\n"


def _usable(email: str, outcome: Outcome) -> str:
    try:
        return ascii_address(email)
    except CycleError as error:
        raise _Answered(Answer(outcome, f"{error.what} {error.hint}")) from None


def _known(security: str) -> Security:
    try:
        return Security(security)
    except ValueError:
        choices = ", ".join(Security)
        raise CycleError(f"“{security}” is geen beveiliging van een mailserver.", f"Kies uit: {choices}.") from None


def _socket_of(connection: smtplib.SMTP) -> socket.socket:
    sock = connection.sock
    if sock is None:
        raise smtplib.SMTPServerDisconnected("please run connect() first")
    return sock
