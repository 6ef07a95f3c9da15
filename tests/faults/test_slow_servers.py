"""A mail server that is slow on purpose or by accident holds the connection that it has, and nothing else."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

import pytest

from cycle import clock
from cycle.actions.office.office import Office
from cycle.actions.post.delivery import delivering
from cycle.mail.deliver import Outcome, Pace
from cycle.mail.smtp import Security, SmtpServer, SmtpTransport
from cycle.settings import load_settings
from tests.actions.mailbox import queue, row_of
from tests.faults.test_ending import wait_for
from tests.mail.servers import scripted

SMALL = b"Subject: x\r\n\r\nx\r\n"
STEPS = ("greeting", "ehlo", "mail", "rcpt", "data", "dot")
OUTCOMES = dict.fromkeys(STEPS, Outcome.TEMPORARY) | {
    "greeting": Outcome.UNREACHABLE,
    "ehlo": Outcome.UNREACHABLE,
    "dot": Outcome.UNKNOWN,
}
USUAL = (b"220 hi", b"250 hi", b"250 ok", b"250 ok", b"354 go", b"250 ok")


@contextmanager
def tarpit(at: str) -> Iterator[int]:
    """The port of a server that is well until one answer, of which it drips a sign ten times a second for ever."""
    over = Event()

    def talk(line: socket.socket) -> None:
        words = line.makefile("rb")
        for step, answer in zip(STEPS, USUAL, strict=True):
            while step == at and not over.wait(0.1):
                line.sendall(b"2")
            line.sendall(answer + b"\r\n")
            while step != "dot" and (said := words.readline()) and step == "data" and said != b".\r\n":
                pass

    def serve(listener: socket.socket) -> None:
        with suppress(OSError):
            line, _ = listener.accept()
            with line:
                talk(line)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=serve, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1]
        over.set()


@pytest.mark.parametrize("step", STEPS)
def test_an_answer_that_drips_in_is_given_up_as_soon_as_one_that_does_not_come(step: str) -> None:
    with tarpit(step) as port:
        transport = SmtpTransport(
            SmtpServer("127.0.0.1", port, Security.NONE, timeout_seconds=0.5, final_dot_timeout_seconds=0.5)
        )
        start = time.monotonic()
        answer = transport.deliver(SMALL, envelope_from="wij@x.example", recipient="jij@x.example", key="k")
        took = time.monotonic() - start

    assert answer.outcome is OUTCOMES[step]
    assert 0.4 < took < 5


def test_a_slow_dot_holds_its_own_connection_and_no_other_also_when_the_slice_is_over(
    quick_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "HELD_UP_SECONDS", 0.3)
    monkeypatch.setattr(delivering, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(delivering, "BATCH", 1)
    slow = "persoon2@gemeente.example"
    with scripted(dawdle={f"dot {slow}": 60.0}) as server:
        mail = {"TRANSPORT": "smtp", "HOST": "127.0.0.1", "PORT": str(server.port), "SECURITY": "none"}
        settings = load_settings(
            quick_office.settings.folder / "config.toml",
            {f"CYCLE__MAIL__{key}": value for key, value in mail.items()}
            | {"CYCLE__DATABASE__URL": quick_office.database.url},
        )
        transport, stop = delivering.open_transport(settings), Event()
        pace = Pace(0, time.monotonic, time.sleep)
        *others, held = queue(quick_office, 3, clock.now(), "letter", key_prefix="1")

        def slice_of_work() -> None:
            delivering.deliver_mails(quick_office, transport, pace, clock.now, stop=stop, seconds=2.0)

        at_work = Thread(target=slice_of_work, daemon=True)
        at_work.start()
        try:
            wait_for(lambda: len(server.stored) == 3)  # the slow one too, whose answer does not come
            time.sleep(2.0)  # the slice is over
            later = queue(quick_office, 2, clock.now(), "invite", key_prefix="2")
            wait_for(lambda: {str(row_of(quick_office, one).state) for one in (*others, *later)} == {"sent"})
            assert (at_work.is_alive(), str(row_of(quick_office, held).state)) == (True, "sending")
        finally:
            stop.set()
            transport.abort()
            at_work.join(10)
            server.stop()
        assert not at_work.is_alive()
