"""What the SMTP way out makes of every answer (rules B11 and B12)."""

import socket
import ssl
from dataclasses import replace
from pathlib import Path
from threading import Timer
from time import monotonic

import pytest

from cycle.errors import CycleError
from cycle.mail.deliver import Answer, Outcome, Pace
from cycle.mail.smtp import SmtpServer, SmtpStep, SmtpTransport, classify, stuffed, xtext

from .servers import ACCEPTED, CLOSE, HANG, ScriptedServer, only_geheim, real_server, scripted, self_signed

RAW = b"From: a@b.example\r\nMessage-ID: <1@b.example>\r\n\r\nBeste lezer,\r\n.\r\n..punten\r\n"
GONE = "De verbinding met de mailserver viel weg voordat het bericht af was (Connection unexpectedly closed)."
PERHAPS = (
    "De verbinding viel weg na het laatste teken van het bericht; of het is aangenomen, is onbekend "
    "(Connection unexpectedly closed)."
)


def server_at(port: int, **changes) -> SmtpServer:
    server = SmtpServer("127.0.0.1", port, "none", timeout_seconds=0.3, final_dot_timeout_seconds=0.6)
    return replace(server, **changes)


def deliver(transport: SmtpTransport, raw: bytes = RAW, recipient: str = "jan@clavis.example") -> Answer:
    return transport.deliver(raw, envelope_from="b+1@b.example", recipient=recipient, key="digest:1:2027-03-01")


def answer_of(server: ScriptedServer, raw: bytes = RAW) -> Answer:
    transport = SmtpTransport(server_at(server.port))
    try:
        return deliver(transport, raw)
    finally:
        transport.close()


# -- rule B12: every answer in its class ------------------------------------------------------------------------------

B12 = [
    ({}, Outcome.ACCEPTED, "250 2.0.0 Ok: queued as A1"),
    ({"rcpt": "251 2.1.5 forwarded"}, Outcome.ACCEPTED, "250 2.0.0 Ok: queued as A1"),
    ({"rcpt": "550 5.1.1 no such user"}, Outcome.RECIPIENT, "550 5.1.1 no such user"),
    ({"rcpt": "550 no such user"}, Outcome.RECIPIENT, "550 no such user"),
    ({"rcpt": "552 5.2.2 mailbox full"}, Outcome.RECIPIENT, "552 5.2.2 mailbox full"),
    ({"rcpt": "554 5.7.1 relay access denied"}, Outcome.REFUSED, "554 5.7.1 relay access denied"),
    ({"rcpt": "550 5.1.8 sender domain unknown"}, Outcome.REFUSED, "550 5.1.8 sender domain unknown"),
    ({"rcpt": "450 4.2.0 greylisted"}, Outcome.TEMPORARY, "450 4.2.0 greylisted"),
    ({"rcpt": "452 4.2.2 mailbox full"}, Outcome.TEMPORARY, "452 4.2.2 mailbox full"),
    ({"mail": "550 5.1.0 sender refused"}, Outcome.SENDER, "550 5.1.0 sender refused"),
    ({"mail": "530 5.7.57 not authenticated"}, Outcome.SENDER, "530 5.7.57 not authenticated"),
    ({"mail": "552 5.3.4 message too big"}, Outcome.RECIPIENT, "552 5.3.4 message too big"),
    ({"mail": "432 4.3.2 slow down"}, Outcome.TEMPORARY, "432 4.3.2 slow down"),
    ({"mail": "421 4.3.2 shutting down"}, Outcome.TEMPORARY, "421 4.3.2 shutting down"),
    ({"data": "554 5.7.1 policy"}, Outcome.REFUSED, "554 5.7.1 policy"),
    ({"data": "451 4.3.0 later"}, Outcome.TEMPORARY, "451 4.3.0 later"),
    ({"data": "250 strange"}, Outcome.TEMPORARY, "250 strange"),
    ({"dot": "554 5.2.0 our day limit"}, Outcome.REFUSED, "554 5.2.0 our day limit"),
    ({"dot": "554 5.2.2 our mailbox is full"}, Outcome.REFUSED, "554 5.2.2 our mailbox is full"),
    ({"dot": "550 5.7.30 basic auth"}, Outcome.SENDER, "550 5.7.30 basic auth"),
    ({"dot": "554 rejected"}, Outcome.REFUSED, "554 rejected"),
    ({"rcpt": "550 5.7.1 blocked by policy"}, Outcome.REFUSED, "550 5.7.1 blocked by policy"),
    ({"rcpt": "530 5.7.57 not authenticated"}, Outcome.SENDER, "530 5.7.57 not authenticated"),
    ({"dot": "552 5.2.2 mailbox full"}, Outcome.REFUSED, "552 5.2.2 mailbox full"),
    ({"dot": "550 no"}, Outcome.REFUSED, "550 no"),
    ({"dot": "550 5.1.1 no such user"}, Outcome.RECIPIENT, "550 5.1.1 no such user"),
    ({"dot": "554 5.6.0 bad content"}, Outcome.RECIPIENT, "554 5.6.0 bad content"),
    ({"dot": "432 4.3.2 slow down"}, Outcome.TEMPORARY, "432 4.3.2 slow down"),
    ({"dot": "421 4.4.2 closing"}, Outcome.TEMPORARY, "421 4.4.2 closing"),
    ({"greeting": "554 no service"}, Outcome.UNREACHABLE, "554 no service"),
    ({"greeting": "421 too busy"}, Outcome.UNREACHABLE, "421 too busy"),
    ({"mail": CLOSE}, Outcome.TEMPORARY, GONE),
    ({"rcpt": CLOSE}, Outcome.TEMPORARY, GONE),
    ({"data": CLOSE}, Outcome.TEMPORARY, GONE),
    ({"dot": CLOSE}, Outcome.UNKNOWN, PERHAPS),
    ({"dot": "huh?"}, Outcome.UNKNOWN, "De mailserver gaf een onbegrijpelijk antwoord."),
]


@pytest.mark.parametrize(("script", "outcome", "text"), B12, ids=str)
def test_b12_every_answer_falls_in_its_class(script, outcome, text):
    with scripted(script) as server:
        assert answer_of(server) == Answer(outcome, text)


@pytest.mark.parametrize(
    ("step", "outcome"),
    [
        ("greeting", Outcome.UNREACHABLE),
        ("ehlo", Outcome.UNREACHABLE),
        ("mail", Outcome.TEMPORARY),
        ("rcpt", Outcome.TEMPORARY),
        ("data", Outcome.TEMPORARY),
        ("dot", Outcome.UNKNOWN),
    ],
)
def test_b12_silence_is_classed_by_how_far_we_were(step, outcome):
    with scripted({step: HANG}) as server:
        assert answer_of(server).outcome == outcome


def test_b12_a_line_lost_inside_the_message_is_not_unknown():
    with scripted(cut_body=1000) as server:
        answer = answer_of(server, RAW + b"x" * 70 + b"\r\n" * 4_000_000)
        assert (answer.outcome, server.stored) == (Outcome.TEMPORARY, [])


def test_b12_a_line_lost_after_the_dot_is_unknown_and_the_message_may_be_there():
    with scripted({"dot": CLOSE}) as server:
        assert (answer_of(server).outcome, server.stored) == (Outcome.UNKNOWN, [stuffed(RAW)])


def test_b12_the_answer_to_the_final_dot_may_take_longer_than_a_step():
    with scripted({"dot": HANG}) as server:
        transport = SmtpTransport(server_at(server.port, timeout_seconds=0.1, final_dot_timeout_seconds=0.4))
        assert deliver(transport) == Answer(Outcome.UNKNOWN, PERHAPS.replace("closed)", "closed: timed out)"))
        transport.close()


def test_b12_nobody_listening_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    answer = deliver(SmtpTransport(server_at(port)))
    assert answer == Answer(Outcome.UNREACHABLE, "De mailserver is niet te bereiken ([Errno 111] Connection refused).")


def test_b12_no_answer_is_a_certainty_before_the_data_step():
    assert classify(SmtpStep.RCPT, 299, "strange") == Answer(Outcome.TEMPORARY, "299 strange")


# -- the line is kept, and mended -------------------------------------------------------------------------------------


def test_one_connection_serves_many_messages_and_a_refusal_between_them():
    with scripted({"rcpt": ["250 ok", "550 5.1.1 no such user", "250 ok"]}) as server:
        transport = SmtpTransport(server_at(server.port))
        outcomes = [deliver(transport).outcome for _ in range(3)]
        transport.close()
    assert outcomes == [Outcome.ACCEPTED, Outcome.RECIPIENT, Outcome.ACCEPTED]
    assert (server.connections, len(server.stored)) == (1, 2)
    assert [command.split()[0] for command in server.commands] == [
        *("ehlo", "mail", "rcpt", "data"),
        *("mail", "rcpt", "rset"),
        *("mail", "rcpt", "data", "quit"),
    ]


@pytest.mark.parametrize("second", [CLOSE, "421 4.4.2 idle too long"])
def test_a_line_that_died_between_messages_is_opened_again_at_once(second):
    with scripted({"mail": ["250 ok", second, "250 ok"]}) as server:
        transport = SmtpTransport(server_at(server.port))
        answers = [deliver(transport) for _ in range(2)]
        transport.close()
    assert (answers, server.connections) == ([Answer(Outcome.ACCEPTED, ACCEPTED)] * 2, 2)
    assert len(server.stored) == 2


def test_an_idle_line_is_tried_before_it_is_trusted():
    with scripted({"noop": ["250 ok", CLOSE]}) as server:
        transport = SmtpTransport(server_at(server.port, idle_seconds=-1))
        answers = [deliver(transport).outcome for _ in range(3)]
        transport.close()
    assert (answers, server.connections) == ([Outcome.ACCEPTED] * 3, 2)


def test_after_an_unknown_outcome_the_next_message_gets_a_new_line():
    with scripted({"dot": ["huh?", ACCEPTED]}) as server:
        transport = SmtpTransport(server_at(server.port))
        outcomes = [deliver(transport).outcome for _ in range(2)]
        transport.close()
    assert (outcomes, server.connections) == ([Outcome.UNKNOWN, Outcome.ACCEPTED], 2)


def test_closing_twice_and_delivering_after_it_work():
    with scripted() as server:
        transport = SmtpTransport(server_at(server.port))
        transport.close()
        assert deliver(transport).accepted
        transport.close()
        transport.close()
        assert deliver(transport).accepted
        transport.close()


# -- what goes over the line ------------------------------------------------------------------------------------------


def test_a_message_arrives_byte_for_byte_with_one_recipient():
    with real_server() as (mailbox, port):
        transport = SmtpTransport(server_at(port))
        assert deliver(transport) == Answer(Outcome.ACCEPTED, ACCEPTED)
        transport.close()
    (message,) = mailbox.received
    assert (message.sender, message.recipients, message.raw) == ("b+1@b.example", ["jan@clavis.example"], RAW)


def test_bare_line_ends_and_leading_dots_are_mended_for_data():
    assert stuffed(b".a\n..b\rc\r\n.\r\nd") == b"..a\r\n...b\r\nc\r\n..\r\nd\r\n"


def test_b7_a_foreign_domain_goes_as_punycode_and_a_foreign_name_not_at_all():
    with scripted() as server:
        transport = SmtpTransport(server_at(server.port))
        assert deliver(transport, recipient="jan@woningbouw-één.example").accepted
        answer = deliver(transport, recipient="josé@clavis.example")
        transport.close()
    assert "rcpt TO:<jan@xn--woningbouw-n-leba.example>" in server.commands
    assert answer == Answer(
        Outcome.RECIPIENT,
        "Het mailadres “josé@clavis.example” heeft letters met accenten of andere tekens vóór het apenstaartje. "
        "Onze mailserver kan daar niet naartoe sturen. Vraag deze persoon om een ander adres.",
    )
    assert len(server.stored) == 1


@pytest.mark.parametrize("recipient", ["a@b.example>\r\nRCPT TO:<c@d.example", "a b@c.example", "", "geen adres"])
def test_b4_an_address_cannot_carry_a_command(recipient):
    with scripted() as server:
        transport = SmtpTransport(server_at(server.port))
        assert deliver(transport, recipient=recipient).outcome == Outcome.RECIPIENT
        transport.close()
    assert server.stored == []


# -- rule B11: the line is protected or not used ----------------------------------------------------------------------


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_b11_an_encrypted_line_with_a_checked_certificate_carries_mail(tmp_path: Path, security):
    pair = self_signed(tmp_path)
    options = {"tls_context": pair.server} if security == "starttls" else {"ssl_context": pair.server}
    with real_server(**options) as (mailbox, port):
        transport = SmtpTransport(server_at(port, security=security, timeout_seconds=2), ssl_context=pair.client)
        assert [deliver(transport).outcome for _ in range(2)] == [Outcome.ACCEPTED] * 2
        transport.close()
    assert [message.raw for message in mailbox.received] == [RAW, RAW]
    assert [message.encrypted for message in mailbox.received] == [True, True] or security == "tls"


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("name", ["127.0.0.1", "mail.elders.example"])
def test_b11_a_certificate_that_is_unknown_or_for_another_name_carries_nothing(tmp_path: Path, security, name):
    pair = self_signed(tmp_path, name)
    context = ssl.create_default_context() if name == "127.0.0.1" else pair.client
    options = {"tls_context": pair.server} if security == "starttls" else {"ssl_context": pair.server}
    with real_server(**options) as (mailbox, port):
        transport = SmtpTransport(server_at(port, security=security, timeout_seconds=2), ssl_context=context)
        answer = deliver(transport)
        transport.close()
    assert (answer.outcome, mailbox.received) == (Outcome.UNREACHABLE, [])
    assert answer.text.startswith("Het certificaat van de mailserver is niet te vertrouwen")


def test_b11_a_server_without_starttls_gets_no_byte_of_mail():
    with scripted() as server:
        transport = SmtpTransport(server_at(server.port, security="starttls"))
        answer = deliver(transport)
        transport.close()
    sentence = "De mailserver 127.0.0.1 biedt geen versleuteling (STARTTLS) aan; er is niets verstuurd."
    assert answer == Answer(Outcome.UNREACHABLE, sentence)
    assert [command.split()[0] for command in server.commands] == ["ehlo"]


@pytest.mark.parametrize(
    ("password", "outcome"),
    [
        ("geheim", Outcome.ACCEPTED),
        ("geheim–é", Outcome.ACCEPTED),
        ("fout", Outcome.SENDER),
        ("fout–é", Outcome.SENDER),
    ],
)
def test_b12_a_refused_password_is_our_trouble_not_the_recipients(tmp_path: Path, password, outcome):
    pair = self_signed(tmp_path)
    with real_server(tls_context=pair.server, authenticator=only_geheim, auth_required=True) as (mailbox, port):
        server = server_at(port, security="starttls", user="cycle", password=password, timeout_seconds=2)
        transport = SmtpTransport(server, ssl_context=pair.client)
        assert (deliver(transport).outcome, transport.check().outcome) == (outcome, outcome)
        transport.close()
    assert len(mailbox.received) == (1 if outcome is Outcome.ACCEPTED else 0)


def test_b12_a_login_that_must_wait_is_temporary():
    script = {"ehlo": "250-mail.example\r\n250 AUTH PLAIN", "auth": "454 4.7.0 later"}
    with scripted(script) as server:
        transport = SmtpTransport(server_at(server.port, user="cycle", password="geheim"))
        assert deliver(transport) == Answer(Outcome.TEMPORARY, "454 4.7.0 later")
        transport.close()


def test_b12_a_server_without_login_gets_no_mail_when_we_must_log_in():
    with scripted() as server:
        transport = SmtpTransport(server_at(server.port, user="cycle", password="geheim"))
        sentence = "De mailserver 127.0.0.1 laat ons niet inloggen; er is niets verstuurd."
        assert deliver(transport) == Answer(Outcome.SENDER, sentence)
        transport.close()


def test_b11_a_password_never_crosses_an_open_network():
    with pytest.raises(CycleError, match="onversleuteld"):
        SmtpTransport(SmtpServer("mail.example", 25, "none", user="cycle", password="geheim"))


def test_c15_a_password_is_not_printed():
    assert "geheim" not in repr(SmtpServer("mail.example", 587, user="cycle", password="geheim"))


def test_an_unknown_protection_is_refused_rather_than_ignored():
    with pytest.raises(CycleError, match="ssl"):
        SmtpTransport(SmtpServer("mail.example", 465, "ssl"))


def test_a_check_mails_nobody():
    with scripted() as server:
        transport = SmtpTransport(server_at(server.port))
        assert transport.check() == Answer(Outcome.ACCEPTED, "250 2.0.0 Ok")
        transport.close()
    assert [command.split()[0] for command in server.commands] == ["ehlo", "noop", "quit"]


# -- rule B12: the pace -----------------------------------------------------------------------------------------------


class Clock:
    """Seconds that pass only by sleeping."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


def test_b12_no_minute_holds_more_than_thirty_messages():
    clock = Clock()
    pace = Pace(25, clock.now, clock.sleep)
    moments = []
    for _ in range(200):
        pace.take()
        moments.append(round(clock.seconds, 6))
    in_a_minute = [sum(start <= moment <= start + 60 for moment in moments) for start in moments]
    assert (max(in_a_minute), moments[-1]) == (30, 195 * 2.4)


@pytest.mark.parametrize(("per_minute", "moments"), [(60, [0.0, 1.0, 2.0]), (0, [0.0, 0.0, 0.0])])
def test_b12_the_pace_waits_its_turn_and_no_limit_never_waits(per_minute, moments):
    clock = Clock()
    pace = Pace(per_minute, clock.now, clock.sleep, burst=1)
    seen = []
    for _ in moments:
        pace.take()
        seen.append(clock.seconds)
    assert seen == moments


def test_a_transport_keeps_the_pace():
    clock = Clock()
    with scripted() as server:
        transport = SmtpTransport(server_at(server.port), pace=Pace(60, clock.now, clock.sleep, burst=1))
        assert [deliver(transport).accepted for _ in range(3)] == [True] * 3
        transport.close()
    assert clock.seconds == 2.0


# -- rule B13: reports are asked for where the server offers them ------------------------------------------------------


def test_b13_a_server_that_offers_reports_is_asked_for_failures_and_delays():
    with scripted({"ehlo": "250-mail.example\r\n250-SIZE 10000000\r\n250 DSN"}) as server:
        transport = SmtpTransport(server_at(server.port))
        assert deliver(transport).accepted
        transport.close()
    assert server.commands[1:3] == [
        f"mail FROM:<b+1@b.example> size={len(RAW)} RET=HDRS ENVID=1@b.example",
        "rcpt TO:<jan@clavis.example> NOTIFY=FAILURE,DELAY",
    ]


def test_b13_an_envelope_id_cannot_carry_an_option():
    assert xtext("a+b=c d\r\né") == "a+2Bb+3Dc+20d+0D+0A+E9"


# -- rule C3: a stop that does not wait for ever -----------------------------------------------------------------------


def test_c3_breaking_off_after_the_dot_is_an_unknown_outcome_at_once():
    with scripted({"dot": HANG}) as server:
        transport = SmtpTransport(server_at(server.port, timeout_seconds=5, final_dot_timeout_seconds=60))
        timer = Timer(0.3, transport.abort)
        timer.start()
        start = monotonic()
        assert deliver(transport).outcome is Outcome.UNKNOWN
        assert monotonic() - start < 4
        assert deliver(transport).outcome is Outcome.UNREACHABLE  # nothing is begun any more
        timer.join()


def test_b12_a_body_that_trickles_is_given_up_before_the_lease_ends():
    with scripted() as server:
        transport = SmtpTransport(server_at(server.port, body_seconds=-1))
        assert (deliver(transport).outcome, server.stored) == (Outcome.TEMPORARY, [])
        transport.close()
