"""The Word template that comes along is what its script makes, and equal facts give equal words."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.enum.text import WD_PARAGRAPH_ALIGNMENT
from test_pdf_letter import FACTS, SHIPPED
from test_word_and_pdf import picture

from cycle.letter import LetterFacts, Letterhead, Sender
from cycle.letter.blocks import Written, standard_texts
from cycle.letter.facts import restored, stored
from cycle.letter.filling import with_blocks
from cycle.letter.shipped import make_template
from cycle.letter.word_letter import WORD_TEMPLATE, render_word

FOLDER = SHIPPED.parent


def words_of(content: bytes) -> list[str]:
    return [one.text for one in Document(BytesIO(content)).paragraphs]


def test_the_shipped_template_is_what_the_script_makes() -> None:
    assert words_of((FOLDER / WORD_TEMPLATE).read_bytes()) == words_of(make_template())


def test_c14_what_looks_like_markup_or_a_field_stays_text() -> None:
    own = Written("opening", "", "<w:p> & {{ senders }} {% if %} \x07einde", is_own=True)
    strange = with_blocks(FACTS, Path(FOLDER), [*standard_texts("uitnodiging", FOLDER), own])
    assert "<w:p> & {{ senders }} {% if %} einde" in words_of(render_word(strange, FOLDER / WORD_TEMPLATE, FOLDER))


def test_facts_come_back_from_storage_as_they_were() -> None:
    facts: LetterFacts = with_blocks(FACTS, FOLDER)
    assert restored(stored(facts)) == facts


def test_a_sender_without_a_logo_stands_over_the_letter_by_name_beside_one_with_its_picture() -> None:
    second = Sender("Woongoed & Zoon", head=Letterhead(logo=picture("#7a1f3d")))
    word = Document(
        BytesIO(render_word(replace(FACTS, senders=(FACTS.senders[0], second)), FOLDER / WORD_TEMPLATE, FOLDER))
    )
    over, in_text = word.tables[0].rows[0].cells, word.element.xpath("//w:t/*")
    assert (over[0].text, len(over[1]._element.xpath(".//pic:pic")), in_text) == ("Clavis", 1, [])


def test_the_first_thing_over_the_letter_stands_left_the_last_right_and_others_between_as_in_the_pdf() -> None:
    right, centre = WD_PARAGRAPH_ALIGNMENT.RIGHT, WD_PARAGRAPH_ALIGNMENT.CENTER
    expected = {1: [[None]], 2: [[None, right]], 3: [[None, centre, right]], 4: [[None, right]] * 2}
    for count, places in expected.items():
        senders = tuple(Sender(f"Stichting {number}", head=FACTS.senders[0].head) for number in range(count))
        word = Document(BytesIO(render_word(replace(FACTS, senders=senders), FOLDER / WORD_TEMPLATE, FOLDER)))
        rows = [list(dict.fromkeys(row.cells)) for row in word.tables[0].rows]
        assert [[cell.paragraphs[0].alignment for cell in row] for row in rows] == places
        assert all(cell.text for row in rows for cell in row)
