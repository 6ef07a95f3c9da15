"""`cycle serve`, `work` and `send`: the processes that run, and one round by hand."""

import logging
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from cycle.cli import desk, shown
from cycle.cli.console import say
from cycle.cli.ending import Ending
from cycle.cli.logs import is_json, open_log, tell
from cycle.errors import CycleError, Refused, reason_of

if TYPE_CHECKING:
    from cycle.actions.office.office import Office
    from cycle.actions.post.delivery.delivering import Delivered
    from cycle.settings import Settings

log = logging.getLogger(__name__)

LONGEST_PAUSE = 60  # seconds between two rounds of delivery while they fail
PAGES_SECONDS = 20  # for the pages that are being answered when the end comes


def serve(*, example: bool, port: int | None = None) -> None:
    """Runs pages, feeds and the clock until Ctrl-C or SIGTERM. The pages open first; no mail server keeps them shut.

    `port` goes before the settings, as the variable of the environment does.
    Raises CycleError when the port is taken, DatabaseMismatch when the tables are not those of this program.
    """
    with Ending() as ending:
        from cycle.settings import load_settings

        if port is not None:
            os.environ["CYCLE__WEB__PORT"] = str(port)
        settings = load_settings()
        open_log(settings.watch.log)
        listener = _listen(settings)
        if example and not shown.is_ready(settings):
            shown.beside(shown.READY, ending)
        if not ending.asked.is_set():
            _serve(desk.checked_office(), listener, ending, example=example)
    tell("Gestopt.")


def work() -> None:
    """Delivers what is in the outbox, in rounds, until Ctrl-C or SIGTERM."""
    with Ending() as ending:
        from cycle.actions.post.delivery.delivering import open_pace, open_transport
        from cycle.actions.post.delivery.restored import begin_sending
        from cycle.actions.post.halts.clock_check import is_believed
        from cycle.actions.service.watch.clock_work import STOP_SECONDS, deliver_round
        from cycle.settings import load_settings

        open_log(load_settings().watch.log)
        office, stop = desk.checked_office(), ending.asked
        transport, pace = open_transport(office.settings), open_pace(office.settings, stop.wait)
        ending.when_asked(transport.abort, after=STOP_SECONDS)
        tell("Bezorgen loopt. Stop met Ctrl-C.")
        failures, has_begun = 0, False
        while not stop.is_set():
            try:
                if not has_begun:
                    begin_sending(office, desk.now())
                    is_believed(office, desk.now())
                    has_begun = True
                deliver_round(office, transport, pace, desk.now, stop)
                failures = 0
            except Exception as error:  # a database that is away comes back; an error may hold names
                failures += 1
                log.error("a round of delivery failed: %s", type(error).__name__)
            stop.wait(min(5 * 2 ** max(failures - 1, 0), LONGEST_PAUSE))
        transport.close()
    tell("Gestopt.")


def send_once(on: date | None, *, yes: bool) -> None:
    """What the clock does each minute, once; `on` another day acts as at that day's send hour.

    Raises Refused for another day with a real mail server, unless `yes`.
    """
    with Ending() as ending:
        _send(on, ending, yes=yes)


def _send(on: date | None, ending: Ending, *, yes: bool) -> None:
    """The same; asked to end while it plans, it plans to the end and delivers nothing."""
    from cycle.actions.post.delivery.restored import begin_sending
    from cycle.actions.service.watch.clock_work import send_round
    from cycle.domain.days import MAILED
    from cycle.domain.workdays import moment

    office, now = desk.checked_office(), desk.now()
    settings = office.settings
    today = settings.local_day(now)
    MAILED.around(today).refuse(on)
    if on not in (None, today) and settings.mail.transport == "smtp" and not yes:
        raise Refused("Op een andere dag versturen gaat met een echte mailserver niet vanzelf.", "Zet er --yes bij.")
    at = moment(on, settings.mail.send_hour, settings.zone) if on else now
    begin_sending(office, now)
    planned = send_round(office, at, now, ignore_hours=on is not None)
    delivered = _deliver(office, desk.now, ending, ignore_hours=on is not None)
    if not planned.mails and on is None and not settings.mail_hours.is_open(now):
        say(f"Nu gaat er geen herinnering uit: dat gebeurt op werkdagen vanaf {settings.mail.send_hour:%H.%M} uur.")
    mails = "1 mail" if planned.mails == 1 else f"{planned.mails} mails"
    lines = "1 regel" if planned.lines == 1 else f"{planned.lines} regels"
    say(f"{mails} gepland met {lines}; {delivered.sent} verstuurd.")
    if delivered.answers:
        raise CycleError(f"Niet alles ging weg: {delivered.answers[-1]}", "Kijk met: cycle outbox")
    desk.refuse_when_paused(office)


def deliver_now(office: "Office", now: Callable[[], datetime]) -> "Delivered":
    """One slice of delivery by hand. Ctrl-C and SIGTERM end it after the mail in hand; the rest waits."""
    with Ending() as ending:
        return _deliver(office, now, ending, ignore_hours=False)


def _deliver(office: "Office", now: Callable[[], datetime], ending: Ending, *, ignore_hours: bool) -> "Delivered":
    from cycle.actions.post.delivery.delivering import open_pace, open_transport
    from cycle.actions.service.watch.clock_work import STOP_SECONDS, deliver

    stop, transport = ending.asked, open_transport(office.settings)
    ending.when_asked(transport.abort, after=STOP_SECONDS)
    try:
        pace = open_pace(office.settings, stop.wait)
        return deliver(office, transport, pace, now, stop=stop, ignore_hours=ignore_hours)
    finally:
        transport.close()


def _listen(settings: "Settings") -> socket.socket:
    """The port, taken before anything else is done."""
    family = socket.AF_INET6 if ":" in settings.web.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.web.host, settings.web.port))
    except OSError as error:
        listener.close()
        raise CycleError(
            f"Poort {settings.web.port} op {settings.web.host} is niet te gebruiken: {reason_of(error)}.",
            "Stop het andere programma, of kies een andere poort met --port of CYCLE__WEB__PORT.",
        ) from None
    return listener


def _serve(office: "Office", listener: socket.socket, ending: Ending, *, example: bool) -> None:
    """The pages, and the clock as soon as they are open."""
    from cycle.clock import now
    from cycle.scheduler import Metronome
    from cycle.web.app import create_app

    metronome = Metronome(office, now)
    ending.when_asked(metronome.halt)

    def opened() -> None:
        metronome.start()
        _announce(office, example=example)
        if example:
            metronome.once("rehearsal", lambda: shown.beside(shown.REHEARSED, ending))

    app = create_app(office, now, on_stop=metronome.stop, on_mail=metronome.wake)
    try:
        _run(app, listener, ending, opened)
    finally:
        metronome.stop()
        office.database.close()


def _run(app: Any, listener: socket.socket, ending: Ending, opened: Callable[[], None]) -> None:
    """uvicorn until the process is asked to end; `opened` is called when it answers."""
    import uvicorn
    from uvicorn.config import LOGGING_CONFIG

    from cycle.web.connections import LIMITS, LimitedProtocol

    class Server(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield  # its own handlers would die of the signal again afterwards, which looks like a failure

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            opened()

        def end(self) -> None:
            self.should_exit = True

    config = uvicorn.Config(
        app,
        access_log=False,
        log_level="warning",
        log_config=None if is_json() else LOGGING_CONFIG,
        server_header=False,
        timeout_graceful_shutdown=PAGES_SECONDS,
        http=LimitedProtocol,
        ws="none",  # we have none, and uvicorn would tell the operator to install some
        **LIMITS,
    )
    server = Server(config)
    ending.when_asked(server.end)
    server.run(sockets=[listener])


def _announce(office: "Office", *, example: bool) -> None:
    """Where everything stands."""
    settings = office.settings
    tell(f"Pagina's:       {settings.web.base_url}/")
    if settings.mail.transport == "maildir":
        tell(f"Mails:          {settings.path(settings.mail.folder)}")
    if example:
        tell(f"Aanmelden:      {settings.web.base_url}/aanmelden met {shown.SECRETARY}; de link komt in de mails")
        tell(f"Agenda:         het adres van de voorbeeldagenda staat in {shown.link_file(settings)}")
    tell("Stop met Ctrl-C.")
