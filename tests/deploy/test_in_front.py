"""nginx and Caddy before cycle, with the samples of `deploy/`: what the world sees, and what no log keeps.

Each runs for real, on loopback, with a certificate of our own; only places and ports are put in the place of those of a
server. Where neither is installed their tests skip; `.ci/run` installs both.
"""

import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from sqlmodel import col, select

from cycle.actions.feeds import new_link
from cycle.actions.office.office import Office, open_office
from cycle.actions.office.signing import open_signer
from cycle.clock import now
from cycle.settings import load_settings
from cycle.store.tables import SignIn
from cycle.web.formkeys import FIELD
from tests.cli.test_commands import free_port
from tests.conftest import ROOT
from tests.mail.servers import self_signed
from tests.web.conftest import HTML, hidden_of

NAME = "afspraken.gemeente.example"
SECRETARY, PERSON = "secretariaat@terneuzen.example", "wonen@terneuzen.example"
VISITOR = "127.0.0.5"
PATIENCE = 60.0  # on a busy machine
ALLOWED, TOO_MUCH = 10 * 1024 * 1024 + 2_000, 11_000_000
YEAR = "max-age=31536000"

pytestmark = pytest.mark.slow


@dataclass
class Front:
    """A web server before a `cycle serve`, and the folder with all that both write."""

    folder: Path
    http: int
    https: int
    serving: subprocess.Popen[bytes]
    feed: str
    trust: ssl.SSLContext = field(repr=False)

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | Iterator[bytes] | None = None,
        secure: bool = True,
        visitor: str = VISITOR,
        **headers: str,
    ) -> tuple[HTTPResponse, str]:
        """One request of a visitor, by our name; its answer and the words of it."""
        kind = HTTPSConnection(NAME, timeout=PATIENCE, context=self.trust) if secure else HTTPConnection(NAME)
        port = self.https if secure else self.http
        kind._create_connection = lambda *_: socket.create_connection(  # type: ignore[attr-defined]
            ("127.0.0.1", port), PATIENCE, (visitor, 0)
        )
        kind.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = kind.getresponse()
        return answer, answer.read().decode("utf-8", "replace")

    @property
    def office(self) -> Office:
        """What the serving process works on."""
        return open_office(load_settings(ROOT / "config.toml", of_the_service(0)).in_folder(self.folder))

    def logs(self) -> str:
        """All that was written down anywhere but in the database, the mails and the calendars."""
        files = [file for file in (self.folder / "log").rglob("*") if file.is_file()]
        return "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files)


def of_the_service(port: int) -> dict[str, str]:
    """The settings of the service behind."""
    return {"CYCLE__WEB__BASE_URL": f"https://{NAME}", "CYCLE__WEB__PORT": str(port or 8700)}


def replaced(sample: str, **places: str) -> str:
    """A sample with places of a test in it; each must stand in the sample."""
    text = (ROOT / "deploy" / sample).read_text(encoding="utf-8")
    for there, here in places.items():
        assert there in text, there
        text = text.replace(there, here)
    return text


def nginx(folder: Path, http: int, https: int, behind: int, certificate: Path) -> list[str]:
    """The command of an nginx with the sample, in a main file as a distribution has it."""
    places = {
        "listen 80;": f"listen 127.0.0.1:{http};",
        "listen [::]:80;": "",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{https} ssl http2;",
        "listen [::]:443 ssl http2;": "",
        "/etc/ssl/cycle/fullchain.pem": str(certificate),
        "/etc/ssl/cycle/key.pem": str(certificate),
        "/var/log/cycle": str(folder / "log"),
        "127.0.0.1:8700": f"127.0.0.1:{behind}",
    }
    (folder / "cycle.conf").write_text(replaced("nginx/cycle.conf", **places), encoding="utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    own = "".join(f"{kind}_temp_path {folder}/temp-{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""
    main = f"""{user} worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/log/main.log;
events {{ worker_connections 256; }}
http {{ gzip on; access_log {folder}/log/other.log; {own} include {folder}/cycle.conf; }}
"""
    (folder / "nginx.conf").write_text(main, encoding="utf-8")
    return ["nginx", "-e", str(folder / "log" / "main.log"), "-p", str(folder), "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, http: int, https: int, behind: int, certificate: Path) -> list[str]:
    """The command of a Caddy with the sample; it listens on loopback, and fetches no certificate."""
    own = "".join(
        f"\t{line}\n" for line in ("admin off", f"http_port {http}", f"https_port {https}", "default_bind 127.0.0.1")
    )
    places = {
        "{\n\t# It writes": f"{{\n{own}\t# It writes",
        f"{NAME} {{": f"{NAME} {{\n\ttls {certificate} {certificate}",
        "127.0.0.1:8700": f"127.0.0.1:{behind}",
    }
    (folder / "Caddyfile").write_text(replaced("caddy/Caddyfile", **places), encoding="utf-8")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


SERVERS: dict[str, Callable[[Path, int, int, int, Path], list[str]]] = {"nginx": nginx, "caddy": caddy}


@pytest.fixture(scope="module", params=SERVERS)
def front(request: pytest.FixtureRequest, sqlite_example: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    """One of the two before one `cycle serve`, for all tests of it."""
    if shutil.which(request.param, path=f"{os.environ['PATH']}:/usr/sbin") is None:
        pytest.skip(f"{request.param} is not installed (Debian: {request.param})")
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "var").mkdir()
    (folder / "log").mkdir()
    shutil.copy(sqlite_example, folder / "var" / "cycle.db")
    http, https, behind = free_port(), free_port(), free_port()
    certificate = self_signed(folder, NAME)
    laid = Front(folder, http, https, served(folder, behind), "", certificate.client)
    office = laid.office
    laid.feed = urlsplit(new_link(office, PERSON, now(), name="proef").url).path
    office.database.close()
    command = SERVERS[request.param](folder, http, https, behind, folder / f"{NAME}.pem")
    own = {"HOME": str(folder), "PATH": f"{os.environ['PATH']}:/usr/sbin"}
    with (folder / "log" / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=own, cwd=folder, stdout=log, stderr=log)
    try:
        until_open(https, server)
        until_open(behind, laid.serving)
        yield laid
    finally:
        for process in (server, laid.serving):
            process.send_signal(signal.SIGCONT)
            process.terminate()
            process.wait(PATIENCE)


def served(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """`cycle serve` as its unit runs it: in its own folder, with settings from the environment."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("CYCLE_", "FORWARDED_"))}
    own = {"PYTHONPATH": str(ROOT), **of_the_service(port)}
    with (folder / "log" / "cycle.log").open("wb") as log:
        command = [sys.executable, "-m", "cycle", "serve"]
        return subprocess.Popen(command, cwd=folder, env=clean | own, stdout=log, stderr=log)


def until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    """Waits for a port to answer."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"{process.args} does not answer on {port}")


def test_http_is_sent_on_to_https_under_our_own_name(front: Front) -> None:
    answer, _ = front.ask("/aanmelden?naar=/bureau", secure=False)
    assert (answer.status in (301, 308), answer.headers["Location"]) == (
        True,
        f"https://{NAME}/aanmelden?naar=/bureau",
    )


def refused() -> AbstractContextManager[object]:
    """That the other side says it does not speak that version."""
    return pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION")


@pytest.mark.parametrize("old", ["TLSv1", "TLSv1_1"])
def test_no_old_encryption_is_spoken(front: Front, old: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="deprecated"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion[old]
    with socket.create_connection(("127.0.0.1", front.https)) as plain, refused():
        context.wrap_socket(plain, server_hostname=NAME)


def test_every_answer_says_once_to_stay_with_https(front: Front) -> None:
    asked = {
        "a page": front.ask("/aanmelden"),
        "a page that is not there": front.ask("/nergens"),
        "a feed": front.ask(front.feed),
        "a feed that was never given": front.ask("/k/nooit-gegeven/termijnen.ics"),
        "too much": front.ask("/aanmelden", method="POST", body=b"x" * TOO_MUCH),
    }
    assert {what: answer.headers.get_all("Strict-Transport-Security") for what, (answer, _) in asked.items()} == {
        what: [YEAR] for what in asked
    }


def test_more_than_a_file_of_10_mb_is_refused_in_dutch(front: Front) -> None:
    answer, words = front.ask("/aanmelden", method="POST", body=b"x" * TOO_MUCH)
    assert (answer.status, "Dit is te groot om te versturen" in words) == (413, True)


def test_so_is_a_body_that_does_not_say_how_large_it_is(front: Front) -> None:
    pieces = (b"x" * 65_536 for _ in range(TOO_MUCH // 65_536 + 1))
    try:
        answer, _ = front.ask("/aanmelden", method="POST", body=pieces)
        status = answer.status
    except OSError:  # the line was broken off while it was still being sent
        status = 413
    assert status in (403, 413)


def test_a_file_of_10_mb_in_a_form_gets_through_and_cycle_itself_decides(front: Front) -> None:
    """To who is not signed in it says so, in words of its own."""
    answer, words = front.ask("/c/terneuzen/inlezen", method="POST", body=b"x" * ALLOWED, **HTML)
    assert (answer.status, "te versturen zonder aanmelding" in words) == (413, True)


def test_a_feed_goes_out_as_it_is(front: Front) -> None:
    first, calendar = front.ask(front.feed, Accept_Encoding="gzip, br")
    again, nothing = front.ask(front.feed, If_None_Match=first.headers["ETag"])
    head, _ = front.ask(front.feed, method="HEAD")
    assert (first.status, first.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert (calendar[:15], calendar[-15:]) == ("BEGIN:VCALENDAR", "END:VCALENDAR\r\n")
    assert [first.headers[name] for name in ("Content-Encoding", "Set-Cookie", "Location")] == [None, None, None]
    assert (again.status, nothing) == (304, "")
    assert (head.status, head.headers["Content-Length"]) == (200, str(len(calendar.encode())))


@pytest.mark.parametrize("claimed", ["", "203.0.113.9"])
def test_the_address_of_the_visitor_arrives_and_what_they_claim_does_not(front: Front, claimed: str) -> None:
    visitor = "127.0.0.7" if claimed else "127.0.0.6"
    headers = {"X_Forwarded_For": claimed, "X_Real_IP": claimed, "Forwarded": f"for={claimed}"} if claimed else {}
    asked_for_a_link(front, PERSON, visitor=visitor, **headers)
    office = front.office
    with office.database.reading() as session:
        row = session.exec(select(SignIn).order_by(col(SignIn.id).desc())).first()
    assert row is not None
    assert row.network_hash == open_signer(office.settings).seal("netwerk", visitor)
    office.database.close()


def test_a_name_that_is_not_ours_comes_no_further(front: Front) -> None:
    answer, words = front.ask("/aanmelden", Host="kwaad.example", X_Forwarded_Host=NAME)
    assert (answer.status == 200, "Aanmelden" in words) == (False, False)


def test_readyz_tells_the_world_no_reason(front: Front) -> None:
    _, words = front.ask("/readyz", Host=NAME)
    assert "checks" not in words


def test_somebody_signs_in_at_the_desk_through_it(front: Front) -> None:
    cookies = asked_for_a_link(front, SECRETARY)
    path = link_in_mail(front)
    _, page = front.ask(path, Cookie=cookies, **HTML)
    form = urlencode(hidden_of(page, "form", FIELD)).encode()
    answer, _ = front.ask(path, method="POST", body=form, Cookie=cookies, **FORM)
    signed_in = "; ".join([cookies, *cookies_of(answer)])
    desk, words = front.ask("/bureau", Cookie=signed_in, **HTML)
    while desk.status in (302, 303, 307):
        desk, words = front.ask(urlsplit(desk.headers["Location"]).path, Cookie=signed_in, **HTML)
    assert (answer.status, desk.status, SECRETARY in words or "Afmelden" in words) == (303, 200, True)


FORM = {"Content_Type": "application/x-www-form-urlencoded", "Origin": f"https://{NAME}", **HTML}


def asked_for_a_link(front: Front, address: str, **more: str) -> str:
    """The cookies of a browser that asked for a link to sign in."""
    page, words = front.ask("/aanmelden", **HTML)
    cookies = "; ".join(cookies_of(page))
    form = urlencode({**hidden_of(words, "form", FIELD), "naar": "", "adres": address}).encode()
    answer, said = front.ask("/aanmelden", method="POST", body=form, Cookie=cookies, **FORM, **more)
    assert answer.status == 303, said
    return cookies


def cookies_of(answer: HTTPResponse) -> list[str]:
    """The cookies that an answer sets, as a browser sends them back; all for https alone."""
    given = answer.headers.get_all("Set-Cookie") or []
    read = [morsel for line in given for morsel in SimpleCookie(line).values()]
    assert all(morsel["secure"] for morsel in read)
    return [f"{morsel.key}={morsel.coded_value}" for morsel in read]


def link_in_mail(front: Front) -> str:
    """The path of the link in the mail to the secretariat, once it is there."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for file in (front.folder / "var" / "mail" / "new").glob("*"):
            mail = file.read_text(encoding="utf-8").replace("=\n", "").replace("=3D", "=")
            links = re.findall(rf"https://{NAME}(/aanmelden/[\w.~-]+)", mail)
            if links and SECRETARY in mail.partition("\n\n")[0]:
                return str(links[0])
        time.sleep(0.1)
    raise AssertionError("no mail with a link came")


def test_without_cycle_there_is_a_sentence_and_no_page_and_no_path_in_any_log(front: Front) -> None:
    """The last of them, since nothing answers after it."""
    links = [front.feed, "/antwoord/geheim-in-het-pad", "/aanmelden/geheim-in-het-pad"]
    for link in links:
        front.ask(link)
    front.serving.terminate()
    front.serving.wait(PATIENCE)
    answers = [front.ask(link) for link in links]
    said = [(answer.status, answer.headers["Content-Type"], answer.headers["Retry-After"]) for answer, _ in answers]

    assert said == [(503, "text/plain; charset=utf-8", "300")] * 3
    assert {words.strip() for _, words in answers} == {
        "Deze dienst is even niet bereikbaar. Probeer het over een paar minuten opnieuw."
    }
    token = front.feed.split("/")[2]
    logs = front.logs()
    assert [secret for secret in (token, "geheim-in-het-pad", VISITOR, SECRETARY, PERSON) if secret in logs] == []
