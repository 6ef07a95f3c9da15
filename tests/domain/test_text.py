"""Text at the door: what no later room can take is taken out, and all that people write stays."""

import unicodedata
from io import BytesIO

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from cycle.domain.text import clean_data, clean_line, clean_lines, is_clean

ANY = st.text(st.characters(codec=None))  # half characters too


@pytest.mark.parametrize(
    ("typed", "line", "lines"),
    [
        (" Café, 80 % – “ja”; naïef ", "Café, 80 % – “ja”; naïef", "Café, 80 % – “ja”; naïef"),
        ("a\0b\x07c\x1b[1m", "abc[1m", "abc[1m"),
        ("een\r\ntwee\rdrie\x0bvier\u2028vijf", "een twee drie vier vijf", "een\ntwee\ndrie\nvier\nvijf"),
        ("a\tb", "a b", "a\tb"),
        ("fac\u202etuur\u2066\u200f", "factuur", "factuur"),
        ("half \ud83d teken \udc00\ufffe\ufeff\U0010ffff", "half  teken", "half  teken"),
        ("👨‍👩‍👧 en 🏳️‍🌈", "👨‍👩‍👧 en 🏳️‍🌈", "👨‍👩‍👧 en 🏳️‍🌈"),
        ("\0", "", ""),
        ("", "", ""),
    ],
)
def test_what_cannot_be_kept_is_taken_out_and_the_rest_stays(typed, line, lines):
    assert (clean_line(typed), clean_lines(typed)) == (line, lines)


@given(ANY)
def test_what_comes_out_can_be_written_everywhere(text):
    for clean in (clean_line(text), clean_lines(text)):
        clean.encode()
        assert "\0" not in clean
        assert {unicodedata.category(sign) for sign in clean} & {"Cs", "Zl", "Zp"} == set()
        assert [sign for sign in clean if unicodedata.category(sign) == "Cc" and sign not in "\n\t"] == []
        assert (clean_line(clean), clean_lines(clean_lines(text))) == (clean_line(text), clean_lines(text))
    assert is_clean(clean_line(text))


def test_a_word_file_takes_all_of_it():
    document = Document()
    numbers = (*range(0x3000), *range(0xD7F0, 0xE010), *range(0xFDC0, 0x10010), 0x1FFFE, 0x10FFFF)
    for first in range(0, len(numbers), 500):
        document.add_paragraph(" ".join(clean_lines(f"x{chr(number)}y") for number in numbers[first : first + 500]))
    document.save(BytesIO())


def test_texts_are_found_in_lists_and_tables():
    data = {"na\0am": ["a\0", {"b": "\u202ec", "jaar": 2027}], "aan": True}
    assert clean_data(data) == {"naam": ["a", {"b": "c", "jaar": 2027}], "aan": True}
