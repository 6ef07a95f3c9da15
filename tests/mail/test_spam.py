"""Rule B14: SpamAssassin, with its own rules and no network, finds next to nothing in any kind of mail."""

import re
import shutil
import subprocess
from datetime import datetime, timedelta, timezone

import pytest

from cycle.mail.compose import Address, compose, message_id
from cycle.mail.samples import SAMPLES
from cycle.mail.templates import Wording
from cycle.resources import shipped

LIMIT = 1.0
MONDAY = datetime(2027, 3, 1, 9, 5, tzinfo=timezone(timedelta(hours=1)))
needs_spamassassin = pytest.mark.skipif(
    shutil.which("spamassassin") is None, reason="spamassassin is not installed (Debian: spamassassin)"
)


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording([shipped("templates", "email")])


@needs_spamassassin
@pytest.mark.parametrize("kind", SAMPLES)
def test_b14_spamassassin_finds_next_to_nothing_in_any_kind_of_mail(kind: str, wording: Wording) -> None:
    raw = compose(
        rendered=wording.render(kind, SAMPLES[kind]),
        kind=kind,
        message_id=message_id(kind, "voorbeeld.example"),
        date=MONDAY,
        sender=Address("wonen@voorbeeld.example", "Prestatieafspraken – gemeente Voorbeeld"),
        to=Address("jan@clavis.example", "Jan d’Hondt"),
        reply_to="wonen@voorbeeld.example",
    )

    assert score(raw) < LIMIT


@needs_spamassassin
def test_b14_the_measure_itself_tells_bad_mail_from_good() -> None:
    bad = (
        b"From: X <a@b.example>\r\nTo: undisclosed\r\nSubject: FREE MONEY!!! VIAGRA\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: text/html\r\n\r\n<html><font size="7">CLICK HERE http://1.2.3.4/ 100% FREE viagra</font></html>'
    )
    assert score(bad) > LIMIT


def score(raw: bytes) -> float:
    """What SpamAssassin makes of a mail, with local tests only."""
    done = subprocess.run(["spamassassin", "-L", "-t"], input=raw, capture_output=True, timeout=120, check=True)
    found = re.search(rb"(?im)^X-Spam-Status: .*?score=(-?[\d.]+)", done.stdout)
    assert found, done.stdout[-2000:]
    print(done.stdout[-1500:].decode("utf-8", "replace"))
    return float(found[1])
