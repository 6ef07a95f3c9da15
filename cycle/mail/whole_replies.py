"""A mail server's answer that must be whole in time. smtplib counts its time-out anew with each byte that comes, so a
server that drips one now and then (a tarpit) would keep a connection for days."""

import io
import smtplib
import socket
from time import monotonic
from typing import Any


class _Until(io.RawIOBase):
    """What a socket receives, until a moment."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.ends = 0.0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        usual, left = self._sock.gettimeout(), self.ends - monotonic()
        if left <= 0:
            raise TimeoutError("the answer did not come to its end in time")
        self._sock.settimeout(left)
        try:
            return self._sock.recv_into(buffer)
        finally:
            self._sock.settimeout(usual)


class _WholeReplies(smtplib.SMTP):
    """An answer, all its lines together, has the time-out that the socket has when it is waited for."""

    _reader: _Until

    def getreply(self) -> tuple[int, bytes]:
        """Raises SMTPServerDisconnected when it takes longer."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
        if self.file is None:
            self._reader = _Until(self.sock)
            self.file = io.BufferedReader(self._reader)
        self._reader.ends = monotonic() + (self.sock.gettimeout() or 0.0)
        return super().getreply()


class Smtp(_WholeReplies):
    """smtplib's client over a plain line, that STARTTLS may make a secure one."""


class SmtpSsl(_WholeReplies, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""
