"""Seals in the bytes of a mail: none is left once it is over, and all else is as it was sent."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from hashlib import sha256
from random import Random

import pytest

from cycle.mail.compose import Address, Attachment, compose
from cycle.mail.fields import Rendered
from cycle.mail.seals import BLANK, blanked, is_blanked, over, sealed_again

SEAL = "aZ0_-aZ0_-aZ0_-aZ0_-aZ0_-aZ"
ROOMS = ("antwoord/12-739676", "antwoord/3-17-clavis", "agenda/12", "ritme/12", "overzicht/12")


def mail(text: str, html: str = "<p>hallo</p>", **more: object) -> bytes:
    return compose(
        rendered=Rendered("Een mail", text, html),
        kind="digest",
        message_id="<a@b.example>",
        date=datetime(2027, 3, 1, tzinfo=UTC),
        sender=Address("a@b.example"),
        to=Address("c@d.example"),
        **more,  # type: ignore[arg-type]
    )


def words(raw: bytes) -> str:
    """Headers, text and HTML, decoded."""
    found = message_from_bytes(raw, policy=policy.default)
    parts = [part.get_content() for part in found.walk() if part.get_content_maintype() == "text"]
    return "\n".join([str(found["List-Unsubscribe"]), *parts])


@pytest.mark.parametrize("room", ROOMS)
def test_no_seal_is_left_wherever_the_lines_break_and_all_else_stays(room: str) -> None:
    link = f"https://afspraken.example/cycle/{room}.739676.{SEAL}"
    for before in range(0, 80):
        raw = mail(f"{'é' * (before // 3)}{'x' * before} {link}#t1-clavis. Einde", f'<a href="{link}">x</a> {link}.')
        kept = blanked(raw)

        assert words(kept) == words(raw).replace(SEAL, BLANK)
        assert (len(kept), is_blanked(kept), is_blanked(raw)) == (len(raw), True, False)
        again = sealed_again(kept, lambda where, what: f"739999.{SEAL}" if room == f"{where}/{what}" else "x")
        assert words(again) == words(raw).replace("739676." + SEAL, "739999." + SEAL)


def test_the_link_in_the_header_goes_too_and_attachments_stay() -> None:
    link, content = f"https://afspraken.example/overzicht/12.739676.{SEAL}", Random(1).randbytes(500_000)
    raw = mail("hallo", unsubscribe=link, attachments=[Attachment("brief.pdf", b"%PDF-1.4" + content)])
    kept = blanked(raw)

    assert (SEAL in words(raw), SEAL in words(kept)) == (True, False)
    assert kept.partition(b"MIME-Version")[2] == raw.partition(b"MIME-Version")[2]


def test_a_link_to_sign_in_loses_its_secret() -> None:
    token = "abcdefghijklmnopqrstuvwxyz_-0123456789ABCDE"
    raw = mail(f"https://afspraken.example/aanmelden/{token}", f"{'x' * 50} /aanmelden/{token}")

    assert re.findall(r"[a-z]{5,}-{3,}", words(blanked(raw)))
    assert token[:20] not in words(blanked(raw))


def test_what_went_is_known_by_its_hash() -> None:
    raw = mail(f"/agenda/12.739676.{SEAL}")

    assert over(raw) == {"body": blanked(raw), "body_sha256": sha256(raw).hexdigest()}
    assert over(b"") == {}


def test_words_that_only_look_like_links_stay() -> None:
    raw = mail("Zie https://afspraken.example/agenda en /antwoord/ en /k/kort en 12.739676.abc.")
    assert blanked(raw) == raw
