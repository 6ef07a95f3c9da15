"""Reports of mail that did not arrive, in the styles of Exchange, Gmail, Postfix and others (rule B13).

The samples in `reports/` were made by hand; `TAG` in them stands for the tag of the address that they were sent to.
"""

from email import message_from_bytes
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cycle.mail.bounces import BounceKind, BounceReport, is_automatic, read_report, return_address

FOLDER = Path(__file__).parent / "reports"
NAME = "0123456789abcdef"
OUR_ID = "<abcdefghij0123456789@gemeente.example>"
JAN = "jan@clavis.example"


def sample(name: str) -> bytes:
    tag = return_address("terug@gemeente.example", 12, NAME).partition("+12.")[2].partition("@")[0]
    return (FOLDER / f"{name}.eml").read_bytes().replace(b"TAG", tag.encode())


SAMPLES = {
    "postfix-5.1.1": (BounceKind.FAILURE, 12, OUR_ID, JAN, "5.1.1", True),
    "postfix-delay": (BounceKind.DELAY, 12, OUR_ID, JAN, "", False),
    "postfix-domain-unknown": (BounceKind.FAILURE, 12, OUR_ID, JAN, "5.4.4", False),
    "postfix-full": (BounceKind.FAILURE, 12, OUR_ID, JAN, "5.2.2", False),
    "exchange-5.1.10": (BounceKind.FAILURE, 12, OUR_ID, JAN, "5.1.10", True),
    "exchange-policy": (BounceKind.FAILURE, 12, OUR_ID, JAN, "5.7.1", False),
    "exchange-full": (BounceKind.FAILURE, 12, OUR_ID, JAN, "5.2.2", False),
    "exchange-delay": (BounceKind.DELAY, 12, OUR_ID, JAN, "", False),
    "exchange-without-our-address": (BounceKind.FAILURE, 0, OUR_ID, JAN, "5.1.1", True),
    "gmail-5.1.1": (BounceKind.FAILURE, 12, OUR_ID, JAN, "5.1.1", True),
    "gmail-5.0.0": (BounceKind.FAILURE, 12, OUR_ID, JAN, "5.1.1", True),
    "gmail-delay": (BounceKind.DELAY, 12, OUR_ID, JAN, "", False),
    "exim-failed": (BounceKind.FAILURE, 12, OUR_ID, JAN, "5.0.0", False),
    "envelope-id-only": (BounceKind.FAILURE, 0, OUR_ID, "jan+post@clavis.example", "5.1.1", True),
    "relayed": (BounceKind.ARRIVED, 12, OUR_ID, JAN, "", False),
    "forged": (BounceKind.FAILURE, 0, "", JAN, "5.1.1", True),
    "out-of-office": (BounceKind.AUTOMATIC, 0, "", "", "", False),
    "qmail-text-only": (BounceKind.AUTOMATIC, 0, "", "", "", False),
    "somebody-wrote": (BounceKind.OTHER, 0, "", "", "", False),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_b13_each_report_is_known_for_what_it_is(name: str) -> None:
    found = read_report(sample(name), NAME)
    facts = (found.kind, found.number, found.message_id, found.recipient, found.status, found.is_gone)
    assert facts == SAMPLES[name]


def test_b13_every_sample_is_in_the_table_and_the_reason_is_the_servers_own() -> None:
    assert {path.stem for path in FOLDER.glob("*.eml")} == set(SAMPLES)
    reason = read_report(sample("postfix-5.1.1"), NAME).reason
    assert reason.startswith("550 5.1.1 <jan@clavis.example>: Recipient address rejected")


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "somebody-wrote"])
def test_b13_nothing_of_this_is_ever_answered(name: str) -> None:
    assert is_automatic(message_from_bytes(sample(name)))


def test_b13_a_return_address_bears_the_number_and_a_tag_that_nobody_can_make_up() -> None:
    ours = return_address("terug@gemeente.example", 12, NAME)
    assert ours.startswith("terug+12.")
    assert ours.endswith("@gemeente.example")
    assert len({return_address("terug@gemeente.example", number, NAME) for number in range(100)}) == 100
    assert return_address("terug@gemeente.example", 12, "another database") != ours
    assert return_address("", 12, NAME) == ""


@given(st.binary(max_size=400))
def test_b13_no_rubbish_stops_the_reader(rubbish: bytes) -> None:
    assert read_report(rubbish, NAME) in (BounceReport(BounceKind.OTHER), BounceReport(BounceKind.AUTOMATIC))


@given(st.sampled_from(sorted(SAMPLES)), st.integers(0, 1500), st.binary(min_size=1, max_size=8))
def test_b13_no_damage_stops_the_reader(name: str, place: int, damage: bytes) -> None:
    raw = sample(name)
    assert isinstance(read_report(raw[:place] + damage + raw[place + 4 :], NAME), BounceReport)
    assert isinstance(read_report(raw[:place], NAME), BounceReport)
