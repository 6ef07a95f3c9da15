"""The mail relay of compose.yaml, with a real Postfix on loopback: what `cycle` hands over arrives at the mail server
of the organisation encrypted, by a server whose certificate is right, with the account that a secret names."""

import os
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.test_commands import free_port
from tests.conftest import ROOT
from tests.mail.servers import Mailbox, only_geheim, real_server, self_signed

RELAY = ROOT / "deploy" / "relay"
MASTER = Path("/etc/postfix/master.cf")
PATIENCE = 40.0  # on a busy machine
SENDER, READER = "prestatieafspraken@gemeente.example", "wonen@terneuzen.example"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("postfix", path=f"{os.environ['PATH']}:/usr/sbin") is None or os.geteuid() != 0,
        reason="Postfix is not installed (Debian: postfix), or this is not root",
    ),
]


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that Postfix' own user can look into, as it cannot into those of the tests."""
    made = Path(tempfile.mkdtemp(prefix="cycle-relay-"))
    made.chmod(0o755)
    before = os.umask(0o022)  # `cycle` itself lets nobody else in, also from within these tests
    yield made
    os.umask(before)
    shutil.rmtree(made, ignore_errors=True)


@contextmanager
def relay(folder: Path, behind: int, trusted: Path) -> Iterator[int]:
    """The relay with main.cf as it is, but for the places and the server behind it; the port that it listens on."""
    port = free_port()
    for place in ("etc", "spool", "data"):
        (folder / place).mkdir()
    shutil.chown(folder / "data", "postfix", "postfix")
    (folder / "login").write_text(f"[localhost]:{behind} cycle:geheim\n")
    (folder / "login").chmod(0o400)
    changes = {
        "[smtp.gemeente.example]:587": f"[localhost]:{behind}",
        "/etc/ssl/certs/ca-certificates.crt": str(trusted),
        "/run/secrets/relay_login": str(folder / "login"),
        "inet_interfaces = all": "inet_interfaces = loopback-only\ninet_protocols = ipv4\nsmtp_host_lookup = native",
    }
    text = (RELAY / "main.cf").read_text(encoding="utf-8")
    for there, here in changes.items():
        assert there in text, there
        text = text.replace(there, here)
    own = f"queue_directory = {folder}/spool\ndata_directory = {folder}/data\n"
    (folder / "etc" / "main.cf").write_text(text + own)
    services = MASTER.read_text(encoding="utf-8").replace("smtp      inet", f"127.0.0.1:{port} inet", 1)
    (folder / "etc" / "master.cf").write_text(services)
    [jail] = [line for line in (RELAY / "Containerfile").read_text().splitlines() if line.startswith("RUN postconf")]
    env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "MAIL_CONFIG": f"{folder}/etc"}
    subprocess.run(["sh", "-c", jail.removeprefix("RUN ")], check=True, env=env)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(["postfix", "start-fg"], env=env, stdout=log, stderr=log)
    try:
        until_open(port, folder / "log")
        yield port
    finally:
        subprocess.run(["postfix", "stop"], env=env, capture_output=True)  # its master has no such parent
        process.wait(PATIENCE)


def until_open(port: int, log: Path) -> None:
    """Waits until somebody greets there."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(log.read_text(errors="replace"))


def hand_over(port: int) -> None:
    """As a sender of `cycle` does within compose: without encryption and without an account."""
    with smtplib.SMTP("127.0.0.1", port, timeout=PATIENCE) as line:
        line.sendmail(SENDER, [READER], f"From: {SENDER}\r\nTo: {READER}\r\nSubject: Proef\r\n\r\nDag.\r\n")


def test_what_cycle_hands_over_arrives_encrypted_with_the_account_of_the_secret(folder: Path) -> None:
    certificate = self_signed(folder, "localhost")
    how = {"tls_context": certificate.server, "require_starttls": True, "auth_required": True}
    server = real_server(**how, authenticator=only_geheim)
    with server as (mailbox, behind), relay(folder, behind, folder / "localhost.pem") as port:
        hand_over(port)
        assert arrived(mailbox) == [(SENDER, [READER], True)], (folder / "log").read_text(errors="replace")


def test_nothing_goes_to_a_server_whose_certificate_nobody_vouches_for(folder: Path) -> None:
    certificate = self_signed(folder, "localhost")
    (folder / "other").mkdir()
    self_signed(folder / "other", "localhost")
    how = {"tls_context": certificate.server, "require_starttls": True}
    with real_server(**how) as (mailbox, behind), relay(folder, behind, folder / "other" / "localhost.pem") as port:
        hand_over(port)
        deadline = time.monotonic() + PATIENCE
        while "status=deferred" not in (folder / "log").read_text(errors="replace") and time.monotonic() < deadline:
            time.sleep(0.1)
        assert "Server certificate not verified" in (folder / "log").read_text(errors="replace")
        assert mailbox.received == []


def arrived(mailbox: Mailbox) -> list[tuple[str, list[str], bool]]:
    """From whom and to whom it is and whether it was encrypted, of all that came, once something came."""
    deadline = time.monotonic() + PATIENCE
    while not mailbox.received and time.monotonic() < deadline:
        time.sleep(0.1)
    return [(mail.sender, mail.recipients, mail.encrypted) for mail in mailbox.received]
