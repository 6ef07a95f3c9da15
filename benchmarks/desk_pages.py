"""Promise: a page of the desk takes at most five times an empty one, with a whole country in the database: 342
covenants with 20,000 agreements and 40,000 deadlines, and the ledger of years.

The floor is an empty page in the same frame: the same process, guards, sign-in and menu, and nothing in it. The pages
are those in the menu of a secretary and the start of a new table. What a page takes beside bare FastAPI with a page of
one line, which reads no database and asks nobody who they are, is told too; and the first sight of it after something
changed.
"""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import update
from starlette.responses import HTMLResponse, Response

from benchmarks.engines import free_port, sqlite
from benchmarks.feed_http import PATIENCE, load
from benchmarks.measure import Figure, Outcome, Skipped, main
from benchmarks.world import (
    NOW,
    OPEN,
    child_environment,
    country,
    settings_folder,
    with_agreements,
    with_ledger,
    with_letter,
)
from cycle.actions.office.office import Office, open_office
from cycle.settings import load_settings
from cycle.store.database import Database
from cycle.store.tables import Covenant
from cycle.store.touching import UNSEEN

LIMIT = 5.0
REQUESTS, ROUNDS, FIRST_SIGHTS = 30, 5, 15
COVENANT, SECRETARY = "gemeente-001", "persoon1@gemeente.example"
FOUNDERS = {"CYCLE__SIGNIN__FOUNDERS": '["@gemeente.example"]'}
LINE = "<!DOCTYPE html><html lang='nl'><head><title>{{ title }}</title></head><body><main></main></body></html>"
EMPTY = (
    """{% extends "desk/_desk.html" %}{% block title %}Leeg{% endblock %}{% block main %}<h1>Leeg</h1>{% endblock %}"""
)
EMPTY_PATH, NEW_TABLE = f"/c/{COVENANT}/leeg", "/nieuw"


def run() -> Iterator[Outcome]:
    """Each page of the menu, by turns with the empty one."""
    with sqlite() as engine, TemporaryDirectory(prefix="cycle-bench-") as name, ExitStack() as stack:
        world = with_letter(with_ledger(with_agreements(country(engine))))
        world.close()
        folder = Path(name)
        settings_folder(folder)
        cookie, paths = sign_in(folder, world.url)
        bare = stack.enter_context(_served("bare", folder, world.url, "/"))
        desk = stack.enter_context(_served("desk", folder, world.url, "/healthz"))
        asked = {path: (desk, _request(path, cookie)) for path in (EMPTY_PATH, *paths)}
        outside, empty = _by_turns((bare, _request("/", "")), asked[EMPTY_PATH])
        yield Figure("an empty page of the desk beside bare FastAPI", empty, None, outside)
        for path in paths:
            try:
                outside, empty, page = _by_turns((bare, _request("/", "")), asked[EMPTY_PATH], asked[path])
            except RuntimeError as error:
                yield Skipped(f"page {path}", str(error).split("\r\n", 1)[0])
                continue
            yield Figure(f"page {path}, {OPEN} agreements, beside an empty page of the desk", page, LIMIT, empty)
            yield Figure(f"page {path} beside bare FastAPI", page, None, outside)
            yield Figure(f"page {path}, first sight after a change", _first_sight(world.url, *asked[path]))


def _by_turns(*asked: tuple[int, bytes]) -> list[float]:
    """Milliseconds per request of each, one request at a time, over rounds in which all have their turn."""
    times: list[list[float]] = [[] for _ in asked]
    for number in range(ROUNDS + 1):
        for place, (port, request) in enumerate(asked):
            spent = asyncio.run(load(port, request, 1, REQUESTS))
            if number:
                times[place].append(statistics.median(spent))
    return [statistics.median(several) for several in times]


def _first_sight(url: str, port: int, request: bytes) -> float:
    """Milliseconds of a page of which nothing is kept any more."""
    database, times = Database(url), []
    for _ in range(FIRST_SIGHTS):
        with database.writing() as session:
            session.connection().execute(update(Covenant).values(stamp=token_hex(8)), execution_options=UNSEEN)
        times += asyncio.run(load(port, request, 1, 1))
    database.close()
    return statistics.median(times)


def _request(path: str, cookie: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:8700\r\nAccept: text/html\r\nCookie: {cookie}\r\n\r\n".encode()


def sign_in(folder: Path, url: str) -> tuple[str, list[str]]:
    """The cookie of a secretary who is signed in, the pages of their menu, and where a table begins."""
    from cycle.actions.office.signing import open_signer
    from cycle.actions.signin.signing_in import begin
    from cycle.domain.model import Role
    from cycle.web import cookies, desk

    office, answer = office_in(folder, url), Response()
    session = begin(office, SECRETARY, NOW, how="benchmark")
    assert session is not None
    value = cookies.session_value(open_signer(office.settings), session.token, NOW)
    cookies.put(answer, office.settings, cookies.SESSION, value)
    office.database.close()
    entries = [one.in_covenant(COVENANT).url for one in desk.MENU if Role.SECRETARIAT in one.roles]
    return answer.headers["set-cookie"].partition(";")[0], [*entries, NEW_TABLE]


def office_in(folder: Path, url: str) -> Office:
    return open_office(load_settings(folder / "config.toml", {"CYCLE__DATABASE__URL": url, **FOUNDERS}))


@contextmanager
def _served(what: str, folder: Path, url: str, path: str) -> Iterator[int]:
    """A process that serves, until the block ends; its port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.desk_pages", what, str(folder), url, str(port)],
        env=child_environment(),
        stderr=subprocess.PIPE,
    )
    try:
        _wait(port, path, process)
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def _wait(port: int, path: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            asyncio.run(load(port, _request(path, ""), 1, 1))
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nobody answers: {process.communicate()[1].decode()[-2000:]}")


def _serve(what: str, folder: Path, url: str, port: int) -> None:
    """One process: the floor or the product, under the same options."""
    import uvicorn

    app = _bare() if what == "bare" else _desk(folder, url)
    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, log_level="warning", server_header=False)


def _bare() -> Any:
    """The framework with a page that has nothing in it."""
    from fastapi import FastAPI
    from jinja2 import Environment

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    template = Environment(autoescape=True).from_string(LINE)

    @app.get("/")
    def line() -> HTMLResponse:
        return HTMLResponse(template.render(title="leeg"))

    return app


def _desk(folder: Path, url: str) -> Any:
    """The application as `serve` makes it, with one more page at the desk: an empty one."""
    from cycle.web.app import ROUTES, create_app
    from cycle.web.desk.visiting import AtDesk, desk_router

    template = folder / "templates" / "web" / "desk" / "empty.html"
    template.parent.mkdir(parents=True)
    template.write_text(EMPTY, encoding="utf-8")
    router = desk_router()

    @router.get("/leeg")
    def empty(at: AtDesk) -> Response:
        return at.page("desk/empty")

    ROUTES.extend(router.routes)
    return create_app(office_in(folder, url), lambda: NOW)


if __name__ == "__main__":
    if len(sys.argv) == 5:
        _serve(sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
    else:
        main(run)
