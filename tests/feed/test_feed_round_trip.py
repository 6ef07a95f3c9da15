"""Round trip: our feed over HTTP through vdirsyncer into a Radicale server, and on from there into khal's folder.

The three programs are found on the path, or in the folder CALENDAR_TOOLS (the bin of an environment of their own).
Where they are absent the tests skip.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour
from http.client import HTTPConnection
from pathlib import Path

import icalendar
import pytest
from feed_engines import Seen, by_icalendar
from feed_server import PATIENCE, Server
from sqlmodel import select

from cycle.actions.deadlines.deciding import closing
from cycle.actions.deadlines.meeting import planned_meetings
from cycle.actions.feeds import FeedScope, Shows, new_link
from cycle.actions.office.office import Office
from cycle.domain.model import State
from cycle.store.tables import DeadlineRow
from tests.conftest import NOVEMBER
from tests.postgresql_server import free_port

WHO = "wonen@terneuzen.example"
PROGRAMS = ("radicale", "vdirsyncer", "khal")
PATH = os.pathsep.join(filter(None, [os.environ.get("CALENDAR_TOOLS", ""), os.environ.get("PATH", "")]))
pytestmark = pytest.mark.skipif(
    not all(shutil.which(program, path=PATH) for program in PROGRAMS),
    reason="radicale, vdirsyncer and khal are not installed here (on the path, or in the folder CALENDAR_TOOLS)",
)

RADICALE = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = none
[storage]
filesystem_folder = {folder}/radicale
"""
VDIRSYNCER = """
[general]
status_path = "{folder}/status"

[pair feed]
a = "ours"
b = "radicale"
collections = null
conflict_resolution = "a wins"

[storage ours]
type = "http"
url = "{feed}"

[pair on]
a = "radicale"
b = "vdir"
collections = null

[storage radicale]
type = "caldav"
url = "http://127.0.0.1:{port}/wonen/termijnen/"
username = "wonen"
password = "x"

[storage vdir]
type = "filesystem"
path = "{folder}/vdir"
fileext = ".ics"
"""
KHAL = """
[calendars]
[[termijnen]]
path = {folder}/vdir
[locale]
local_timezone = Europe/Amsterdam
default_timezone = Europe/Amsterdam
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
timeformat = %H:%M
[sqlite]
path = {folder}/khal.db
"""


class Chain:
    """The programs in a row, in one folder."""

    def __init__(self, folder: Path, port: int, feed: str) -> None:
        self.folder, self.port = folder, port
        (folder / "vdir").mkdir()
        for name, text in {"vdirsyncer": VDIRSYNCER, "khal": KHAL}.items():
            (folder / name).write_text(text.format(folder=folder, port=port, feed=feed), encoding="utf-8")
        for pair in ("feed", "on"):
            self._run("vdirsyncer", "-c", str(folder / "vdirsyncer"), "discover", pair)

    def sync(self) -> None:
        """Our feed into Radicale, and from there into the folder."""
        self._run("vdirsyncer", "-c", str(self.folder / "vdirsyncer"), "sync", "feed")
        self._run("vdirsyncer", "-c", str(self.folder / "vdirsyncer"), "sync", "on")

    def files(self) -> dict[str, bytes]:
        """What arrived, by file."""
        return {file.name: file.read_bytes() for file in (self.folder / "vdir").glob("*.ics")}

    def seen(self) -> list[Seen]:
        """The events that arrived. vdirsyncer gives what it takes from HTTP a UID of its own, made of the text."""
        return in_order(one for body in self.files().values() for one in by_icalendar(body).values())

    def in_radicale(self) -> int:
        """How many events the server holds."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", "/wonen/termijnen/")
        body = connection.getresponse().read()
        connection.close()
        return len(icalendar.Calendar.from_ical(body).events)

    def listed(self, day: date) -> list[str]:
        """The titles that khal shows on one day."""
        words = ["list", "--json", "title", day.isoformat(), (day + timedelta(1)).isoformat()]
        out = self._run("khal", "-c", str(self.folder / "khal"), *words)
        return [one["title"] for line in out.splitlines() if line.strip() for one in json.loads(line)]

    def _run(self, program: str, *words: str) -> str:
        found = shutil.which(program, path=PATH)
        own = {"HOME": str(self.folder), "PATH": PATH, "TZ": "Europe/Amsterdam"}
        done = subprocess.run(
            [str(found), *words], env=own, cwd=self.folder, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def in_order(seen: Iterable[Seen]) -> list[Seen]:
    return sorted(seen, key=lambda one: (one.summary, str(one.start)))


@pytest.fixture
def radicale(tmp_path: Path) -> Iterator[int]:
    """A Radicale server with one empty calendar; its port."""
    port, config = free_port(), tmp_path / "radicale.ini"
    config.write_text(RADICALE.format(port=port, folder=tmp_path), encoding="utf-8")
    program = str(shutil.which("radicale", path=PATH))
    with (tmp_path / "radicale.log").open("wb") as log:
        process = subprocess.Popen([program, "--config", str(config)], stdout=log, stderr=log)
    try:
        _make_calendar(port)
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _make_calendar(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("MKCALENDAR", "/wonen/termijnen/", headers={"Authorization": "Basic d29uZW46eA=="})
            assert connection.getresponse().status == 201
            return
        except ConnectionRefusedError:
            time.sleep(0.05)
        finally:
            connection.close()
    pytest.fail("Radicale did not answer")


def ids(office: Office, title: str) -> int:
    """The last deadline of this title."""
    with office.database.reading() as session:
        rows = session.exec(select(DeadlineRow).where(DeadlineRow.title == title, DeadlineRow.state == "open")).all()
    return max(rows, key=lambda row: row.due or date.min).id or 0


def test_a1_the_feed_goes_round_by_http_and_caldav_and_stays_the_same(
    quick_example: Office, serve: Callable[[Office], Server], radicale: int, tmp_path: Path
) -> None:
    now, next_year = datetime.now(UTC), datetime.now(UTC).year + 1
    autumn, held_on = ids(quick_example, "Najaarsoverleg"), date(next_year, 10, 26)
    planned_meetings.set_meeting(
        quick_example, autumn, held_on, now, start=hour(14, 30), end=hour(16), place="Stadhuis"
    )
    link = new_link(quick_example, WHO, NOVEMBER, shows=Shows(FeedScope.COVENANT)).url
    server = serve(quick_example)
    chain = Chain(tmp_path, radicale, server.address(link))

    chain.sync()
    feed, arrived = by_icalendar(server.get(link)[1]), chain.files()
    assert len(feed) > 10
    assert (chain.seen(), chain.in_radicale()) == (in_order(feed.values()), len(feed))
    assert any("Najaarsoverleg" in title for title in chain.listed(held_on))

    chain.sync()
    assert chain.files() == arrived, "an unchanged feed is no change"

    spring = ids(quick_example, "Voorjaarsoverleg")
    planned_meetings.set_meeting(
        quick_example, autumn, held_on + timedelta(7), now, start=hour(14, 30), place="Stadhuis"
    )
    closing.settle(quick_example, spring, State.DROPPED, now)
    chain.sync()
    moved = by_icalendar(server.get(link)[1])
    assert (moved != feed, set(moved) == set(feed)) == (True, True)
    assert (chain.seen(), chain.in_radicale()) == (in_order(moved.values()), len(moved))
    assert not any("Najaarsoverleg" in title for title in chain.listed(held_on))
    assert any("Najaarsoverleg" in title for title in chain.listed(held_on + timedelta(7)))
