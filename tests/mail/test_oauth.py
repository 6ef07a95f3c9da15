"""XOAUTH2 with client credentials, against a token service and a mail server of our own (rule B11)."""

import json
import smtplib
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs

import pytest

from cycle.errors import CycleError
from cycle.mail.deliver import Answer, Outcome
from cycle.mail.oauth import SCOPE, Client, Tokens, Xoauth2
from cycle.mail.smtp import SmtpServer, SmtpTransport

from .servers import ACCEPTED, CLOSE, scripted

OFFERED = "250-mail.example\r\n250 AUTH LOGIN XOAUTH2"
OK, REFUSED = "235 2.7.0 Accepted", "535 5.7.3 Authentication unsuccessful"


class Service(BaseHTTPRequestHandler):
    """Gives token1, token2 and so on, or what it was told to say."""

    asked: list[dict[str, list[str]]]
    says: tuple[int, dict[str, object]] | None

    def do_POST(self) -> None:
        words = self.rfile.read(int(self.headers["Content-Length"])).decode()
        type(self).asked.append(parse_qs(words))
        given = {"access_token": f"token{len(type(self).asked)}", "expires_in": "3600", "token_type": "Bearer"}
        status, answer = type(self).says or (200, given)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def token_service(
    says: tuple[int, dict[str, object]] | None = None,
) -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    kind = type("OneService", (Service,), {"asked": [], "says": says})
    with HTTPServer(("127.0.0.1", 0), kind) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/token", kind.asked  # type: ignore[attr-defined]
        server.shutdown()
        thread.join()


def transport(port: int, tokens: Tokens) -> SmtpTransport:
    server = SmtpServer("127.0.0.1", port, "none", "wij@gemeente.example", timeout_seconds=1)
    return SmtpTransport(server, credentials=Xoauth2("wij@gemeente.example", tokens))


def deliver(way: SmtpTransport) -> Answer:
    return way.deliver(b"Subject: x\r\n\r\nx\r\n", envelope_from="a@b.example", recipient="c@d.example", key="k")


def shown(commands: list[str]) -> list[str]:
    words = [b64decode(command.split()[2]).decode() for command in commands if command.upper().startswith("AUTH ")]
    return [word.split("Bearer ")[1].strip("\x01") for word in words]


def test_b11_a_token_is_asked_once_and_shown_by_every_connection() -> None:
    with token_service() as (url, asked), scripted({"ehlo": OFFERED, "auth": OK}) as server:
        tokens = Tokens(Client(url, "our-id", "our-secret"))
        ways = [transport(server.port, tokens) for _ in range(2)]
        assert [deliver(way) for way in ways for _ in range(2)] == [Answer(Outcome.ACCEPTED, ACCEPTED)] * 4
        for way in ways:
            way.close()
    assert asked == [
        {
            "grant_type": ["client_credentials"],
            "client_id": ["our-id"],
            "client_secret": ["our-secret"],
            "scope": [SCOPE],
        }
    ]
    assert shown(server.commands) == ["token1", "token1"]
    first = next(command for command in server.commands if command.startswith("AUTH"))
    assert b64decode(first.split()[2]) == b"user=wij@gemeente.example\x01auth=Bearer token1\x01\x01"


def test_b11_a_refused_token_is_renewed_once() -> None:
    with token_service() as (url, asked), scripted({"ehlo": OFFERED, "auth": [REFUSED, OK]}) as server:
        way = transport(server.port, Tokens(Client(url, "id", "secret")))
        assert deliver(way).accepted
        way.close()
    assert (shown(server.commands), len(asked)) == (["token1", "token2"], 2)


def test_b11_a_second_refusal_is_our_trouble_and_ends_the_asking() -> None:
    with token_service() as (url, asked), scripted({"ehlo": OFFERED, "auth": REFUSED}) as server:
        way = transport(server.port, Tokens(Client(url, "id", "secret")))
        assert deliver(way) == Answer(Outcome.SENDER, REFUSED)
        way.close()
    assert (server.stored, len(asked)) == ([], 2)


def test_b11_a_server_that_hangs_up_after_its_refusal_does_not_make_an_endless_round() -> None:
    with token_service() as (url, _asked), scripted({"ehlo": OFFERED, "auth": [REFUSED, CLOSE, REFUSED]}) as server:
        way = transport(server.port, Tokens(Client(url, "id", "secret")))
        outcomes = [deliver(way).outcome for _ in range(2)]
        way.close()
    assert outcomes == [Outcome.UNREACHABLE, Outcome.SENDER]


def test_b11_the_reason_of_a_refusal_comes_after_an_empty_line() -> None:
    script = {"ehlo": OFFERED, "auth": "334 eyJzdGF0dXMiOiI0MDAifQ==", "": REFUSED}
    with token_service() as (url, _asked), scripted(script) as server:
        way = transport(server.port, Tokens(Client(url, "id", "secret")))
        outcome = deliver(way).outcome
        way.close()
    assert outcome in (Outcome.SENDER, Outcome.UNREACHABLE)
    assert server.stored == []


def test_b11_a_token_is_renewed_before_it_ends() -> None:
    clock = [0.0]
    with token_service() as (url, asked):
        tokens = Tokens(Client(url, "id", "secret"), lambda: clock[0])
        found = []
        for seconds in (0, 3000, 3299, 3301, 3400):
            clock[0] = seconds
            found.append(tokens.current())
    assert (found, len(asked)) == (["token1", "token1", "token1", "token2", "token2"], 2)


@pytest.mark.parametrize(
    ("says", "outcome", "words"),
    [
        ((401, {"error_description": "AADSTS7000215: Invalid client secret"}), Outcome.SENDER, "AADSTS7000215"),
        ((400, {"error": "invalid_client"}), Outcome.SENDER, "de tokendienst weigert ons"),
        ((503, {}), Outcome.UNREACHABLE, "de tokendienst antwoordt 503"),
        ((429, {}), Outcome.UNREACHABLE, "de tokendienst antwoordt 429"),
        ((200, {"token": "x"}), Outcome.UNREACHABLE, "gaf geen token"),
        ((302, {}), Outcome.SENDER, "weigert ons"),
    ],
)
def test_b12_a_token_service_that_refuses_is_our_trouble_and_one_that_is_away_is_not(
    says: tuple[int, dict[str, object]], outcome: Outcome, words: str
) -> None:
    with token_service(says) as (url, _asked), scripted({"ehlo": OFFERED}) as server:
        way = transport(server.port, Tokens(Client(url, "id", "secret")))
        answer = deliver(way)
        way.close()
    assert (answer.outcome, words in answer.text, server.stored) == (outcome, True, [])


def test_b11_a_server_that_does_not_offer_xoauth2_gets_no_token() -> None:
    with token_service() as (url, asked), scripted({"ehlo": "250-mail.example\r\n250 AUTH PLAIN"}) as server:
        way = transport(server.port, Tokens(Client(url, "id", "secret")))
        assert deliver(way).outcome is Outcome.SENDER
        way.close()
    assert asked == []


def test_b11_the_secret_only_travels_encrypted_and_is_not_printed() -> None:
    with pytest.raises(CycleError, match="onversleuteld"):
        Tokens(Client("http://login.example/token", "id", "secret"))
    assert "secret" not in repr(Client("https://login.example/token", "id", "secret")).replace("client_secret", "")


def test_a_login_error_is_what_smtplib_knows() -> None:
    with token_service((401, {})) as (url, _asked), pytest.raises(smtplib.SMTPAuthenticationError):
        Tokens(Client(url, "id", "secret")).current()
