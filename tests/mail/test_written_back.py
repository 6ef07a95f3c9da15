"""What somebody wrote back, out of the mails of many programs: their own words, and to which mail of ours."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cycle.mail.written_back import answers_of, own_words, read_written_back
from tests.trying import examples

REPORTS = Path(__file__).parent / "reports"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Dat is klaar.\n\nOp ma 1 mrt 2027 om 08:30 schreef Secretariaat <s@t.nl>:\n> Hoe staat het?",
            "Dat is klaar.",
        ),
        (
            "Dat is klaar.\n\nOp maandag 1 maart 2027 schreef Secretariaat\nprestatieafspraken <s@t.nl>:\n> x",
            "Dat is klaar.",
        ),
        ("Ja.\n\nOn Mon, Mar 1, 2027 at 8:30 AM S <s@t.nl> wrote:\n> x", "Ja."),
        ("Oranje.\n\n-----Oorspronkelijk bericht-----\nVan: S\nHoe staat het?", "Oranje."),
        ("Oranje.\n\nVan: S <s@t.nl>\nVerzonden: maandag 1 maart 2027 8:30\nAan: Jan\nOnderwerp: x\n\ny", "Oranje."),
        ("Oranje.\n________________________________\nFrom: S\nSent: x", "Oranje."),
        ("> Hoe staat het?\nRood, geen geld.\n> En de brief?\nVerstuurd.", "Rood, geen geld.\nVerstuurd."),
        ("Zie http://127.0.0.1:8700/antwoord/1-7.7.zegel en <https://x.nl/y> graag.", "Zie  en  graag."),
        ("Goed.\n-- \nJan de Vries\nClavis", "Goed."),
        ("Van: dat weet ik niet.\nTot morgen.", "Van: dat weet ik niet.\nTot morgen."),
        ("Op 22 april kan het.\nGroet", "Op 22 april kan het.\nGroet"),
        ("x" * 4100, "x" * 4000 + "…"),
        ("", ""),
    ],
)
def test_what_was_quoted_signed_or_linked_is_left_out(text: str, words: str) -> None:
    assert own_words(text) == words


def mail(body: str, kind: str = "plain", **more: str) -> bytes:
    head = {
        "From": "=?utf-8?q?Jan_d=27H?= <Jan@Clavis.example>",
        "Message-ID": "<own@clavis.example>",
        "In-Reply-To": "<two@cycle.example>",
        "References": "<one@cycle.example> <two@cycle.example>",
        "Content-Type": f"text/{kind}; charset=utf-8",
    } | {name.replace("_", "-"): value for name, value in more.items()}
    return "\r\n".join([*(f"{name}: {value}" for name, value in head.items()), "", body]).encode()


def test_a_reply_says_who_wrote_it_and_to_which_mail_the_nearest_first() -> None:
    read = read_written_back(mail("Het loopt."))

    assert (read.mail_id, read.sender, read.words) == ("<own@clavis.example>", "jan@clavis.example", "Het loopt.")
    assert read.about == answers_of(mail("")) == ("<two@cycle.example>", "<one@cycle.example>")
    assert not read.is_automatic


def test_a_page_is_read_as_its_words_and_an_autoreply_is_known() -> None:
    page = (
        "<html><head><title>x</title></head><body><p>Klaar &amp; <b>goed</b>.</p><blockquote>Hoe?</blockquote></body>"
    )

    assert read_written_back(mail(page, "html")).words == "Klaar & goed."
    assert read_written_back(mail("Ik ben weg.", Auto_Submitted="auto-replied")).is_automatic
    assert read_written_back(mail("Ik ben weg.", X_Autoreply="yes")).is_automatic


@settings(max_examples=examples(50, 2000), deadline=None)
@given(st.binary(max_size=400))
def test_whatever_comes_is_read_without_falling_over(raw: bytes) -> None:
    assert len(read_written_back(raw).words) <= 4001
    assert read_written_back(mail("") + raw).sender == "jan@clavis.example"
