"""A process that has everything loaded and forks one sender after another, each to be killed at a given step.

It reads one line of JSON per sender: database, folder, port, moment, and the number of the step to die at (0: never).
It answers with one line: how the sender ended, how many steps there were, and the step it died at. A step is every
statement, commit, byte to or from the server and line of the journal, before and after it happens; `open` says that the
final dot went out and the answer was not yet committed: the only stretch in which a double is allowed (rule C3).
"""

import gc
import json
import os
import signal
import smtplib
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import configure_mappers

from cycle.actions.mails.morning.reminding import plan_mails
from cycle.actions.office.office import open_office
from cycle.actions.post.delivery.delivering import deliver_mails, open_transport
from cycle.actions.service.watch.clock_work import deliver_round  # noqa: F401 - so that it is loaded before the fork
from cycle.mail.deliver import Pace
from cycle.settings import load_settings
from cycle.store import journal


class Steps:
    """Counts, and ends this process without a word at the step that was asked for."""

    def __init__(self, die_at: int, report: int) -> None:
        self._die_at, self._report = die_at, report
        self.number, self.is_open = 0, False

    def pass_by(self, name: str) -> None:
        self.number += 1
        if self.number == self._die_at:
            os.write(self._report, json.dumps({"at": name, "open": self.is_open}).encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def around(
        self, owner: Any, name: str, label: Callable[..., str], after: Callable[..., None] | None = None
    ) -> None:
        """Puts a step before and after each call of a method."""
        original = getattr(owner, name)

        def counted(*arguments: Any, **named: Any) -> Any:
            words = label(*arguments)
            self.pass_by(f"before {words}")
            answer = original(*arguments, **named)
            if after:
                after(*arguments)
            self.pass_by(f"after {words}")
            return answer

        setattr(owner, name, counted)


def watch(steps: Steps, dialect: Any) -> None:
    def sent(_connection: Any, text: Any) -> None:
        steps.is_open = steps.is_open or text == b".\r\n"

    def committed(_connection: Any) -> None:
        steps.is_open = False

    steps.around(smtplib.SMTP, "send", lambda _self, text: f"send {text[:12]!r}", sent)
    steps.around(smtplib.SMTP, "getreply", lambda _self: "reply")
    steps.around(smtplib.SMTP, "connect", lambda *_: "connect")
    steps.around(dialect, "do_execute", lambda _cursor, statement, *_: statement[:30])
    steps.around(dialect, "do_commit", lambda _connection: "commit", committed)
    steps.around(journal.SentJournal, "add", lambda *_: "journal")
    steps.around(journal.SentJournal, "sync", lambda _self: "journal sync")


def send(order: dict[str, Any], report: int) -> None:
    """One sender: the plan of a minute and its delivery."""
    mail = {
        "TRANSPORT": "smtp",
        "HOST": "127.0.0.1",
        "PORT": str(order["port"]),
        "SECURITY": "none",
        "CONNECTIONS": "1",
    }
    environ = {f"CYCLE__MAIL__{name}": value for name, value in mail.items()}
    settings = load_settings(Path(order["folder"]) / "config.toml", environ | {"CYCLE__DATABASE__URL": order["url"]})
    office = open_office(settings)
    now = datetime.fromisoformat(order["now"])
    steps = Steps(order["die_at"], report)
    watch(steps, office.database.engine.dialect)
    if office.database._reader.dialect is not office.database.engine.dialect:
        watch(steps, office.database._reader.dialect)
    plan_mails(office, now)
    transport = open_transport(settings)
    deliver_mails(office, transport, Pace(0, time.monotonic, time.sleep), lambda: now)
    transport.close()
    os.write(report, json.dumps({"at": "end", "steps": steps.number}).encode())
    os._exit(0)


def main() -> None:
    configure_mappers()  # once, and not by each of them
    gc.freeze()  # what is loaded stays: to go through it would copy all its memory
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                send(json.loads(line), writing)
            finally:
                import traceback

                traceback.print_exc()
                os._exit(9)
        os.close(writing)
        _pid, status = os.waitpid(child, 0)
        told = os.read(reading, 10_000)
        os.close(reading)
        print(json.dumps({"code": os.waitstatus_to_exitcode(status), **json.loads(told or b"{}")}), flush=True)


if __name__ == "__main__":
    main()
