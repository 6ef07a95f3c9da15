"""The bytes of a message, read back by the standard library (rules B1 to B7 and B10)."""

import email
import random
import re
from datetime import UTC, datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr

import pytest

from cycle.domain.mail_addresses import ascii_address
from cycle.errors import CycleError
from cycle.mail.compose import Address, Attachment, compose, message_id, thread_id
from cycle.mail.fields import Rendered
from cycle.mail.headers import clean, encoded_words, mailbox, unstructured, with_file_name

WORDS = Rendered(
    "Vóór 1 april: uitnodigingsbrief versturen",
    "Beste lezer,\n\nDit is 't plan – tot ziens.\n.\nFrom hier\n",
    '<!DOCTYPE html>\n<html lang="nl"><head><title>x</title></head><body><p>é</p></body></html>\n',
)
SENDER = Address("prestatieafspraken@terneuzen.example", "Prestatieafspraken – gemeente Terneuzen")
READER = Address("jan@clavis.example", "Jan d’Hondt")
MONDAY = datetime(2027, 3, 1, 9, 5, tzinfo=timezone(timedelta(hours=1)))
KEY = "digest:12:2027-03-01"


def written(**changes) -> bytes:
    arguments = {
        "rendered": WORDS,
        "kind": "digest",
        "message_id": message_id(KEY, "terneuzen.example"),
        "date": MONDAY,
        "sender": SENDER,
        "to": READER,
        "reply_to": "wonen@terneuzen.example",
    }
    return compose(**(arguments | changes))


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def content_of(part) -> str:
    return part.get_content().replace("\r\n", "\n")


def header_lines(raw: bytes) -> list[str]:
    return raw.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")


# -- the whole message ------------------------------------------------------------------------------------------------


def test_b5_a_digest_has_exactly_these_headers():
    assert list(read(written()).items()) == [
        ("Date", "Mon, 01 Mar 2027 09:05:00 +0100"),
        ("From", "Prestatieafspraken – gemeente Terneuzen <prestatieafspraken@terneuzen.example>"),
        ("To", "Jan d’Hondt <jan@clavis.example>"),
        ("Reply-To", "wonen@terneuzen.example"),
        ("Message-ID", message_id(KEY, "terneuzen.example")),
        ("Subject", "Vóór 1 april: uitnodigingsbrief versturen"),
        ("Content-Language", "nl"),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply, RN, NRN"),
        ("List-Id", "<digest.terneuzen.example>"),
        ("MIME-Version", "1.0"),
        ("Content-Type", read(written())["Content-Type"]),
    ]


def test_b10_the_text_comes_first_and_both_forms_are_whole():
    message = read(written())
    parts = [(part.get_content_type(), content_of(part)) for part in message.iter_parts()]
    assert message.get_content_type() == "multipart/alternative"
    assert parts == [("text/plain", WORDS.text), ("text/html", WORDS.html)]
    assert message.defects == []


def test_a_letter_carries_its_attachment_beside_both_forms():
    pdf = Attachment("Uitnodiging – coördinatie 2027.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40)
    message = read(written(kind="letter", attachments=[pdf]))
    words, attached = message.iter_parts()
    assert message.get_content_type() == "multipart/mixed"
    assert [part.get_content_type() for part in words.iter_parts()] == ["text/plain", "text/html"]
    assert (attached.get_content_type(), attached.get_filename()) == ("application/pdf", pdf.name)
    assert attached.get_content() == pdf.content
    assert attached["Content-Disposition"].content_disposition == "attachment"


def test_b3_every_line_of_a_message_is_short_ascii_with_crlf():
    long = WORDS.html + "<p>" + "zeer lange regel é " * 500 + "</p>"
    pdf = Attachment("é" * 200 + ".pdf", b"x" * 5000)
    raw = written(rendered=Rendered("é" * 300, WORDS.text, long), attachments=[pdf])
    lines = raw.decode("ascii").split("\r\n")
    assert "\n" not in "".join(lines)
    assert "\r" not in "".join(lines)
    assert max(map(len, lines)) <= 78


def test_the_same_arguments_give_the_same_bytes():
    assert written() == written()


def test_words_that_look_like_a_boundary_stay_words():
    boundary = re.search(rb'boundary="([^"]+)"', written()).group(1).decode()
    text = f"--{boundary}--\n--{boundary}\n"
    parts = read(written(rendered=Rendered("x", text, text))).iter_parts()
    assert [content_of(part) for part in parts] == [text, text]


def test_a_naive_date_is_refused():
    with pytest.raises(ValueError, match="aware"):
        written(date=MONDAY.replace(tzinfo=None))


# -- rule B1: identity and threads ------------------------------------------------------------------------------------


def test_b1_a_message_id_comes_from_the_key_alone():
    assert message_id(KEY, "Terneuzen.example") == "<bubhdrvazbidluvnpa7s@terneuzen.example>"
    assert message_id("digest:13:2027-03-01", "terneuzen.example") != message_id(KEY, "terneuzen.example")


@pytest.mark.parametrize(
    ("domain", "ends_with"),
    [
        ("mail.samenwerkingsverband-zeeland.example", "@samenwerkingsverband-zeeland.example>"),
        ("a" * 60 + ".nl", "@" + "a" * 34 + ".nl>"),
        ("één.example", "@xn--n-9faa.example>"),
    ],
)
def test_b1_a_message_id_is_at_most_sixty_characters(domain, ends_with):
    made = message_id(KEY, domain)
    assert len(made) <= 60
    assert made.endswith(ends_with)
    assert re.fullmatch(r"<[a-z2-7]{20}@[a-z0-9-]+(\.[a-z0-9-]+)+>", made)


def test_b1_mails_of_one_deadline_point_at_one_root():
    root = thread_id("deadline:41", "terneuzen.example")
    message = read(written(thread=root))
    assert (message["In-Reply-To"], message["References"]) == (root, root)
    assert root != message_id("deadline:41", "terneuzen.example")


# -- rule B2: structured headers stay plain ---------------------------------------------------------------------------

STRUCTURED = re.compile(
    rb"^(message-id|references|in-reply-to|list-[a-z-]+|date):[^\r\n]*(\r?\n[ \t][^\r\n]*)*=\?", re.IGNORECASE | re.M
)


def test_b2_structured_headers_are_never_encoded_words():
    host = "afspraken." + "zeer-lange-naam" * 4 + ".example"
    link = "https://termijnen.example/stop/" + "x" * 200
    sender = Address(f"b@{host}", "Prestatieafspraken")
    ids = {"message_id": message_id(KEY, host), "thread": thread_id(KEY, host)}
    raw = written(sender=sender, unsubscribe=link, **ids)
    assert STRUCTURED.search(raw) is None
    assert read(raw)["List-Unsubscribe"] == f"<{link}>"
    assert read(raw)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_b6_one_click_needs_https_and_cannot_carry_a_header():
    for link in ("http://x.example/", "https://x.example/\r\nBcc: a@b.example"):
        with pytest.raises(ValueError, match=r"https|ASCII"):
            written(unsubscribe=link)


# -- rule B3: what is written arrives ---------------------------------------------------------------------------------

DUTCH = (
    "2026 vóór Herinnering coördinatie financiën ’s-Hertogenbosch – “brief” (concept) één café's, uitvoeringsagenda; "
    'voor: de gemeente & corporatie Łódź =?vreemd?= 50% <2028> [nb] a_b x=y \\ " @ reünie geëvalueerd €1.000 😀 ñ'
)


def random_texts(count: int, seed: int) -> list[str]:
    chance = random.Random(seed)
    return [" ".join(chance.choices(DUTCH.split(), k=chance.randint(1, 25))) for _ in range(count)]


def unfolded(line: str) -> str:
    return line.removesuffix("\r\n").replace("\r\n", "").partition(": ")[2]


def assert_well_formed(lines: str) -> None:
    assert lines.isascii()
    for line in lines.removesuffix("\r\n").split("\r\n"):
        assert len(line) <= 78, line
        assert line.strip() != ""
    for word in re.findall(r"=\?utf-8\?[qb]\?[^? ]*\?=", lines):
        assert len(word) <= 75, word


def test_b3_subject_survives_encoding():
    for text in random_texts(3000, seed=1):
        lines = unstructured("Subject", text)
        assert_well_formed(lines)
        assert email.message_from_bytes(lines.encode() + b"\r\n", policy=default)["Subject"] == text
        assert str(make_header(decode_header(unfolded(lines)))) == text


def test_b3_display_name_survives_encoding():
    for text in random_texts(3000, seed=2):
        lines = mailbox("From", "wonen@terneuzen.example", text)
        assert_well_formed(lines)
        name, address = parseaddr(unfolded(lines))
        assert (str(make_header(decode_header(name))), address) == (text, "wonen@terneuzen.example")
        # Python's newer parser puts a space where a long name goes on in a second encoded-word; RFC 2047 6.2 does not
        if lines.count("=?utf-8?") < 2:
            assert email.message_from_bytes(lines.encode() + b"\r\n", policy=default)["From"].addresses == (
                HeaderAddress(text, addr_spec="wonen@terneuzen.example"),
            )


def test_b3_file_name_survives_encoding():
    for text in random_texts(3000, seed=3):
        name = text.replace("\\", "-") + ".pdf"
        lines = with_file_name("Content-Disposition", "attachment", name)
        assert_well_formed(lines)
        parsed = email.message_from_bytes(lines.encode() + b"\r\n", policy=default)["Content-Disposition"]
        assert parsed.params["filename"] == name
        assert email.message_from_bytes(lines.encode() + b"\r\n").get_filename() is not None


@pytest.mark.parametrize(
    "text", ["a  b", "x" * 400, "=?utf-8?q?nep?=", "é" * 300, "漢" * 200, "a" * 77 + " b", "", "😀"]
)
def test_b3_awkward_subjects_survive_too(text):
    lines = unstructured("Subject", text)
    assert email.message_from_bytes(lines.encode() + b"\r\n", policy=default)["Subject"] == text
    assert max(map(len, lines.split("\r\n"))) <= 78


def test_b3_an_encoded_word_never_splits_a_character():
    for word in encoded_words("漢字é" * 60, used=9):
        (raw, charset), *rest = decode_header(word)
        assert (raw.decode(charset), rest) == (raw.decode("utf-8"), [])


# -- rule B4: nothing gets in -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bad", ["x\r\nBcc: a@b.example", "x\nBcc: a@b.example", "x\rBcc: y", "x\u2028Bcc: y", "x\0\x1b[1m"]
)
def test_b4_a_line_break_in_a_name_or_title_sends_a_clean_mail(bad):
    words = Rendered(bad, bad + "\n", f"<p>{bad}</p>\n")
    raw = written(
        rendered=words,
        sender=Address(SENDER.email, bad),
        to=Address(READER.email, bad),
        attachments=[Attachment(bad, b"x")],
    )
    message = read(raw)
    assert (message["Bcc"], message["Subject"], message["To"].addresses[0].display_name) == (
        None,
        clean(bad),
        clean(bad),
    )
    assert [line for line in header_lines(raw) if line.lower().startswith("bcc")] == []
    assert message.defects == []


def test_b4_marks_that_turn_text_around_are_taken_out():
    assert clean(" fac\u202etuur\u2066 \ud800 ") == "fac tuur  \ufffd"


# -- rule B7: addresses -----------------------------------------------------------------------------------------------


def test_b7_a_foreign_domain_is_written_in_punycode():
    assert ascii_address(" Jan@Één.Example ") == "Jan@xn--n-9faa.example"


@pytest.mark.parametrize(
    "bad", ["", "jan", "jan@", "@b.example", "a b@c.example", "a@b c.example", "a@-b.example", "a..b@c.nl"]
)
def test_b7_what_is_no_address_is_refused_with_a_sentence(bad):
    with pytest.raises(CycleError) as caught:
        written(to=Address(bad))
    assert caught.value.what == f"“{bad}” is geen mailadres."


def test_b7_a_foreign_local_part_is_refused_with_a_sentence():
    with pytest.raises(CycleError, match="vóór het apenstaartje"):
        written(to=Address("josé@clavis.example"))


def test_b5_the_date_keeps_its_own_zone():
    assert read(written(date=datetime(2027, 7, 1, 7, tzinfo=UTC)))["Date"] == "Thu, 01 Jul 2027 07:00:00 +0000"
