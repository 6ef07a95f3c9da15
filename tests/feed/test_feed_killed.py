"""Rule A7 with a server that dies: no client ever takes part of a calendar for the whole, nor other bytes after."""

import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from feed_server import Server
from sqlmodel import select

from cycle.actions.feeds import FeedScope, Shows, new_link
from cycle.actions.office.office import Office
from cycle.domain.model import Origin
from cycle.store.actions import new_action
from cycle.store.tables import Covenant, DeadlineRow
from tests.conftest import NOVEMBER

WHO = "wonen@terneuzen.example"
BIG = 8_000_000  # bytes
GETS = 20


@pytest.fixture
def link(quick_example: Office) -> str:
    """A link whose calendar is bigger than what the kernel holds for a connection of a dead process."""
    first = datetime.now(UTC).date()
    with quick_example.database.writing() as session:
        covenant = session.exec(select(Covenant.id)).one()
        action = new_action(session, covenant or 0, Origin.MEETING, None)
        session.add_all(
            DeadlineRow(
                covenant_id=covenant or 0,
                action_id=action,
                origin="meeting",
                occurrence=f"extra-{number}",
                title=f"Onderwerp {number}",
                todo="Maak samen een voorstel. " * 70,
                kind="action",
                due=first + timedelta(number % 600),
                uid=f"extra-{number}",
                created_at=NOVEMBER,
                changed_at=NOVEMBER,
            )
            for number in range(4000)
        )
    return new_link(quick_example, WHO, NOVEMBER, shows=Shows(FeedScope.COVENANT)).url


def fetch_slowly(server: Server, link: str, file: Path) -> subprocess.Popen[str]:
    """A client that takes some seconds over a big calendar."""
    command = ["curl", "-s", "--limit-rate", "1M", "-o", str(file), "-w", "%{http_code}", server.address(link)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_a7_a_server_killed_during_twenty_big_fetches_leaves_nobody_with_half_a_calendar(
    quick_example: Office, link: str, serve: Callable[[Office], Server], tmp_path: Path
) -> None:
    server = serve(quick_example)
    status, whole = server.get(link)
    files = [tmp_path / f"{number}.ics" for number in range(GETS)]
    clients = [fetch_slowly(server, link, file) for file in files]
    time.sleep(1)
    server.kill()
    answers = [(client.communicate(timeout=60)[0], client.returncode) for client in clients]

    bodies = [file.read_bytes() if file.exists() else b"" for file in files]
    taken_for_good = [body for body, answer in zip(bodies, answers, strict=True) if answer == ("200", 0)]
    assert (status, len(whole) > BIG) == (200, True)
    assert [body for body in taken_for_good if body != whole] == []
    assert [body for body in bodies if not whole.startswith(body)] == []
    assert any(code != 0 for _status, code in answers), "nobody was cut off: the feed is too small for this test"


def test_a5_another_process_and_a_restart_give_the_same_bytes(
    quick_example: Office, serve: Callable[[Office], Server]
) -> None:
    link = new_link(quick_example, WHO, NOVEMBER).url
    one, other = serve(quick_example), serve(quick_example)
    first = one.get(link)
    one.kill()
    again = serve(quick_example)

    assert (first[0], first[1].endswith(b"END:VCALENDAR\r\n")) == (200, True)
    assert other.get(link) == again.get(link) == first
