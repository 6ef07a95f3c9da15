"""How much of a request is read, and how long a connection may do nothing: with a real server and real sockets."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
import uvicorn

from cycle.actions.office.office import Office
from cycle.web import bodies
from cycle.web.app import create_app
from cycle.web.bodies import FILE_BYTES, FORM_BYTES, OPEN_BYTES
from cycle.web.connections import LIMITS, LimitedProtocol
from tests.web.conftest import NOW, ROOT

SOON = 0.6  # seconds, in place of those of a real server
MEGABYTE = 1024 * 1024
TOO_LARGE = "Dit is te groot om te versturen"
PATHS = ("/aanmelden", "/agenda/abc", "/ritme/abc", "/antwoord/abc", "/c/terneuzen/inlezen", "/nergens")


class Hasty(LimitedProtocol):
    """The same protocol for somebody with less time."""

    head_seconds, write_seconds, most_connections = SOON, SOON, 20


@pytest.fixture
def port(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server that loses its patience soon."""
    for name in ("CHUNK_SECONDS", "DRAIN_SECONDS"):
        monkeypatch.setattr(bodies, name, SOON)
    monkeypatch.setattr(bodies, "OPEN_SECONDS", 2 * SOON)
    app = create_app(office, lambda: NOW)
    config = uvicorn.Config(app, access_log=False, log_level="error", http=Hasty, **LIMITS)
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(10)


def said_by(port: int, *pieces: bytes, pause: float = 0.0, timeout: float = 10) -> tuple[str, float]:
    """What comes back for these bytes until the server ends the connection, and after how many seconds."""
    began = time.monotonic()
    with closing(socket.create_connection(("127.0.0.1", port), timeout)) as sock:
        answer = b""
        try:
            for piece in pieces:
                sock.sendall(piece)
                time.sleep(pause)
            while more := sock.recv(65536):
                answer += more
        except (ConnectionResetError, BrokenPipeError):
            pass
    return answer.decode("utf-8", "replace"), time.monotonic() - began


def head(path: str, *lines: str, method: str = "POST") -> bytes:
    first = (f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/x-www-form-urlencoded")
    return ("\r\n".join([*first, *lines]) + "\r\n\r\n").encode()


@pytest.mark.parametrize("path", PATHS)
def test_a_form_that_says_that_it_is_too_large_is_not_read(port: int, path: str) -> None:
    answer, _ = said_by(port, head(path, f"Content-Length: {300 * MEGABYTE}"))
    assert (answer.split(" ", 2)[1], TOO_LARGE in answer) == ("413", True)


@pytest.mark.parametrize("path", ["/aanmelden", "/ritme/abc", "/antwoord/abc"])
def test_a_form_that_does_not_say_its_size_is_broken_off_where_it_is_too_large(port: int, path: str) -> None:
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    answer, _ = said_by(port, head(path, "Transfer-Encoding: chunked"), *[chunk] * 6, b"0\r\n\r\n")
    assert (answer.split(" ", 2)[1], TOO_LARGE in answer) == ("413", True)


def test_what_is_a_little_too_large_is_read_away_so_that_a_browser_shows_the_answer(port: int) -> None:
    size = OPEN_BYTES + 1
    answer, _ = said_by(port, head("/aanmelden", f"Content-Length: {size}"), b"a" * size)
    assert (answer.split(" ", 2)[1], "Stuur minder tekst tegelijk." in answer) == ("413", True)


def test_an_ordinary_form_is_answered_as_ever(port: int) -> None:
    answer, _ = said_by(port, head("/aanmelden", "Content-Length: 7", "Connection: close"), b"adres=x")
    assert answer.split(" ", 2)[1] == "403"  # without the cookie of a browser
    assert said_by(port, head("/healthz", "Connection: close", method="GET"))[0].split(" ", 2)[1] == "200"


def test_a_head_that_comes_a_letter_at_a_time_ends(port: int) -> None:
    answer, seconds = said_by(port, *[bytes([one]) for one in head("/aanmelden")[:60]], pause=SOON / 8)
    assert answer == ""
    assert seconds < 60 * SOON / 8 + SOON  # the writer was stopped, or the reader at once after it


def test_nothing_at_all_ends(port: int) -> None:
    answer, seconds = said_by(port)
    assert (answer, SOON * 0.8 < seconds < SOON * 6) == ("", True)


def test_a_body_that_stops_halfway_is_told_and_ends(port: int) -> None:
    answer, seconds = said_by(port, head("/aanmelden", "Content-Length: 100"), b"adres=")
    assert (answer.split(" ", 2)[1], "Het versturen duurde te lang." in answer) == ("408", True)
    assert seconds < SOON * 6


def test_a_body_that_comes_a_letter_at_a_time_ends(port: int) -> None:
    answer, _ = said_by(port, head("/aanmelden", "Content-Length: 100"), *[b"a"] * 30, pause=SOON / 6)
    assert answer.startswith("HTTP/1.1 408") or answer == ""  # the answer may be lost to a writer that goes on


def test_many_that_say_nothing_keep_nobody_out(port: int) -> None:
    idle = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(60)]
    try:
        answer, _ = said_by(port, head("/healthz", "Connection: close", method="GET"))
        assert answer.split(" ", 2)[1] == "200"
        time.sleep(SOON * 2)
        assert [one.recv(1) for one in idle if not is_reset(one)] == [b""] * sum(not is_reset(one) for one in idle)
    finally:
        for one in idle:
            one.close()


def test_many_whose_body_does_not_end_keep_nobody_out(port: int) -> None:
    slow = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(60)]
    try:
        for one in slow:
            with suppress(ConnectionError):
                one.sendall(head("/aanmelden", "Content-Length: 100000") + b"a")
        answers = [said_by(port, head("/healthz", "Connection: close", method="GET"))[0] for _ in range(3)]
        assert [answer.split(" ", 2)[1] for answer in answers] == ["200"] * 3
    finally:
        for one in slow:
            one.close()


def is_reset(sock: socket.socket) -> bool:
    try:
        return sock.recv(1, socket.MSG_PEEK) == b"" and False
    except ConnectionResetError:
        return True


@pytest.mark.parametrize(
    ("path", "is_signed_in", "most"),
    [
        ("/c/terneuzen/inlezen", True, FILE_BYTES),
        ("/c/terneuzen/uitnodigingsbrief/2027/getekend", True, FILE_BYTES),
        ("/c/terneuzen/uitnodigingsbrief/2027/elders", True, FILE_BYTES),
        ("/c/terneuzen/geen/formulier", True, OPEN_BYTES),
        ("/c/terneuzen/vrijgeven", True, FORM_BYTES),
        ("/aanmelden", True, OPEN_BYTES),
        ("/c/terneuzen/inlezen", False, OPEN_BYTES),
        ("/c/terneuzen/vrijgeven", False, OPEN_BYTES),
    ],
)
def test_only_a_form_with_a_file_of_who_is_signed_in_may_be_as_large_as_a_file(
    path: str, is_signed_in: bool, most: int
) -> None:
    import anyio

    from cycle.web.app import ROUTES

    guard = bodies.Bodies(lambda *_: None, ROUTES, lambda _request: is_signed_in)  # type: ignore[arg-type,return-value]
    scope = {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b""}

    async def most_of() -> int:
        try:
            return await guard._most(scope, OPEN_BYTES + 1)
        except bodies.SignedOut:
            return OPEN_BYTES

    assert anyio.run(most_of) == most


def serve(folder: Path, port: int) -> subprocess.Popen[bytes]:
    shutil.copy(ROOT / "config.toml", folder / "config.toml")
    environment = {**os.environ, "CYCLE__WEB__PORT": str(port), "CYCLE__WEB__BASE_URL": f"http://127.0.0.1:{port}"}
    command = [sys.executable, "-m", "cycle"]
    subprocess.run([*command, "migrate"], cwd=folder, env=environment, check=True, capture_output=True)
    return subprocess.Popen(
        [*command, "serve"], cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.1)


def answers(port: int) -> bool:
    try:
        return said_by(port, head("/healthz", "Connection: close", method="GET"))[0].startswith("HTTP/1.1 200")
    except OSError:
        return False


def highest_memory(process: int) -> int:
    """The most that a process held so far, in bytes."""
    [line] = [one for one in Path(f"/proc/{process}/status").read_text().splitlines() if one.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="tells no memory of a process")
def test_uploads_of_strangers_take_no_memory_of_the_service(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    service = serve(tmp_path, port)
    try:
        until(lambda: answers(port))
        before = highest_memory(service.pid)
        threads = [threading.Thread(target=upload, args=(port, size)) for size in (20, 20, 20, 100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert answers(port)
        assert highest_memory(service.pid) - before < 60 * MEGABYTE
    finally:
        service.terminate()
        service.wait(30)


def upload(port: int, megabytes: int) -> None:
    lines = f"Content-Length: {megabytes * MEGABYTE}", "Content-Type: multipart/form-data; boundary=x"
    begin = b'--x\r\nContent-Disposition: form-data; name="bestanden"; filename="a.csv"\r\n\r\n'
    said_by(port, head("/aanmelden", *lines), begin, *[b"a" * MEGABYTE] * (megabytes - 1))
