"""An address that stands before a server, as a name or a virtual address does: it can fall away, and come to lead to
another server."""

import socket
from contextlib import suppress
from threading import Lock, Thread


class Relay:
    """Passes on what comes to `port` on loopback to the port `target`; to none while that is 0."""

    def __init__(self, target: int) -> None:
        self.target = target
        self._lines: list[socket.socket] = []
        self._lock = Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        """Ends every line that is open."""
        with self._lock:
            lines, self._lines = self._lines, []
        for line in lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def close(self) -> None:
        self._listener.close()
        self.cut()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self.target), timeout=5)
                    far.settimeout(None)
                except OSError:
                    near.close()
                    continue
                with self._lock:
                    self._lines += [near, far]
                for pair in ((near, far), (far, near)):
                    Thread(target=_pass_on, args=pair, daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while words := one.recv(65536):
            other.sendall(words)
    for line in (one, other):
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
