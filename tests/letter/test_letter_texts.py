"""The texts of a letter: what their markup means, which fields they may name, and what becomes of an older draft."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from test_pdf_letter import FACTS, SHIPPED, letter, text_of

from cycle.errors import CycleError
from cycle.letter import LetterKind
from cycle.letter.blocks import Written, as_kept, filled, places, standard_texts, texts_from, unknown_fields
from cycle.letter.filling import FIELDS, fields_of, offered, with_blocks
from cycle.letter.letter_markup import SameLook, TextKind, TextPart, as_groups, escaped, linked, parts_of, plain_text
from cycle.resources import shipped

FOLDER = SHIPPED.parent


def test_a_text_is_read_as_paragraphs_lists_bold_and_links():
    text = "Een **vet** en *schuin* woord,\nen [een link](https://a.example).\n\n1. eerst\n2. dan\n\nSlot."

    assert parts_of(text) == (
        TextPart(
            TextKind.PARAGRAPH,
            (
                SameLook("Een "),
                SameLook("vet", bold=True),
                SameLook(" en "),
                SameLook("schuin", italic=True),
                SameLook(" woord,"),
                SameLook(" "),
                SameLook("en "),
                SameLook("een link", link="https://a.example"),
                SameLook("."),
            ),
        ),
        TextPart(TextKind.NUMBER, (SameLook("eerst"),), starts=True),
        TextPart(TextKind.NUMBER, (SameLook("dan"),)),
        TextPart(TextKind.PARAGRAPH, (SameLook("Slot."),)),
    )
    assert plain_text(parts_of(text)) == (
        "Een vet en schuin woord, en een link (https://a.example).\n\n1. eerst\n2. dan\n\nSlot."
    )


NESTED = "1. een\n   - a\n   - **b**\n2. twee\n   1. x\n      - dieper\n3. drie\n\nSlot."


def test_a_list_within_a_list_stays_under_its_point_and_what_is_deeper_stands_there_too():
    assert [(str(one.kind), one.level, one.starts, one.text) for one in parts_of(NESTED)] == [
        ("nummer", 0, True, "een"),
        ("punt", 1, True, "a"),
        ("punt", 1, False, "b"),
        ("nummer", 0, False, "twee"),
        ("nummer", 1, True, "x"),
        ("nummer", 1, False, "dieper"),
        ("nummer", 0, False, "drie"),
        ("alinea", 0, False, "Slot."),
    ]
    assert plain_text(parts_of(NESTED)) == ("1. een\n   - a\n   - b\n2. twee\n   1. x\n   2. dieper\n3. drie\n\nSlot.")
    assert [one.level for one in parts_of("- \n  - x\n  - y")] == [0, 1]  # a point without words has none under it


@pytest.mark.parametrize(
    ("file", "call"), [("email/_macros.html", "groups_of_text(groups)"), ("web/desk/_parts.html", "parts(all)")]
)
def test_mail_and_preview_have_the_inner_list_within_the_point_above_it(file, call):
    jinja = Environment(loader=FileSystemLoader(shipped("templates")), autoescape=True, undefined=StrictUndefined)
    template = jinja.from_string(f"{{% from '{file}' import {call.partition('(')[0]} with context %}}{{{{ {call} }}}}")
    html = template.render(groups=as_groups(parts_of(NESTED)), all=parts_of(NESTED))
    bare = re.sub(r"\s+", "", re.sub(r' class="[^"]*"', "", html))
    assert bare == (
        "<ol><li>een<ul><li>a</li><li><strong>b</strong></li></ul></li>"
        "<li>twee<ol><li>x</li><li>dieper</li></ol></li><li>drie</li></ol><p>Slot.</p>"
    )


@pytest.mark.parametrize(
    "text", ["# Kop", "> aanhaling", "`code`", "<b>x</b>", "| a | b |", "![x](https://a.example/x.png)", "&amp;", "---"]
)
def test_other_markup_stays_text(text):
    shown = "".join(part.text for part in parts_of(text))
    assert shown == {"![x](https://a.example/x.png)": "!x (https://a.example/x.png)"}.get(text, text)


def test_a_link_that_is_no_web_mail_or_phone_address_is_text_alone():
    assert (
        parts_of("[x](javascript:alert) [y](file:///etc/passwd)")[0].text
        == "[x](javascript:alert) [y](file:///etc/passwd)"
    )


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1))
def test_what_a_field_holds_is_never_markup(value):
    shown = parts_of(f"Van {escaped(value)} aan")[0].text
    begun = parts_of(escaped(value))

    assert shown == f"Van {value} aan"
    assert [part.kind for part in begun] == [TextKind.PARAGRAPH]


def test_an_address_in_a_place_can_be_clicked():
    [part] = parts_of(linked("Stadhuis_1, of: https://v.example/a_b."))
    assert [(piece.text, piece.link) for piece in part.pieces if piece.link] == [
        ("https://v.example/a_b", "https://v.example/a_b")
    ]
    assert "".join(piece.text for piece in part.pieces) == "Stadhuis_1, of: https://v.example/a_b."


def test_a_line_with_a_field_that_is_empty_falls_out_and_is_named():
    texts = [Written("a", "Over {jaar}", "Eerste.\nOp {dag}.\n\n- punt {dag}\n- blijft {onbekend}")]
    blocks, fallen = filled(texts, {"jaar": "2027", "dag": ""})

    assert (blocks[0].title, blocks[0].text) == ("Over 2027", "Eerste.\n\n- blijft {onbekend}")
    assert fallen == ("Op {dag}.", "- punt {dag}")
    assert unknown_fields("{jaar} {x} {x}", ["jaar"]) == ["x"]


@pytest.mark.parametrize("kind", list(LetterKind))
def test_the_texts_of_each_kind_name_known_fields_and_say_what_they_are_for(kind):
    whole = with_blocks(FACTS, FOLDER, standard_texts(kind, FOLDER))

    assert [one for one in standard_texts(kind, FOLDER) if unknown_fields(one.title + one.text, FIELDS)] == []
    assert [one.label for one in places(kind, FOLDER) if not one.label] == []
    assert {"onderwerp", "aanhef", "slot", "mail"} <= {block.place for block in whole.blocks if block.text}
    assert [block.place for block in whole.blocks if "{" in block.text] == []


def test_fields_have_a_list_that_is_whole():
    assert set(fields_of(FACTS)) == set(FIELDS)


def test_a_draft_of_an_older_version_and_a_newer_one_are_read():
    standard = (Written("a", "A", "een"), Written("b", "B", "twee"))
    mine = [Written("b", "B", "", is_own=True), Written("eigen-1", "X", "drie", is_own=True), standard[0]]

    assert texts_from({"b": "anders"}, standard) == (standard[0], Written("b", "B", "anders", is_own=True))
    assert texts_from(as_kept(mine, standard), standard) == tuple(mine)
    assert texts_from(as_kept(standard[:1], standard[:1]), standard) == standard
    assert texts_from([], standard) == standard


def test_an_own_file_of_the_old_form_is_refused_with_the_way_on(tmp_path):
    (tmp_path / "teksten.toml").write_text('[opening]\nnaam = "Begin"\ntekst = "x"\n')
    with pytest.raises(CycleError, match="heeft nog de oude vorm"):
        standard_texts("uitnodiging", tmp_path)


def test_the_look_of_a_text_reaches_the_pdf():
    text = "Voor:\n\n- *een* & #panic();\n- twee.\n\n1. a\n2. b\n\nEn \\*dit\\* $x$ @y <z>."
    printed = text_of(letter(blocks=with_blocks(FACTS, FOLDER, [Written("opening", "Kop", text)]).blocks))

    assert "Kop Voor: • een & #panic(); • twee. 1. a 2. b En *dit* $x$ @y <z>." in printed


def test_a_field_is_offered_only_where_the_letter_can_fill_it():
    annexes = {"stand", "stand_op", "kalender", "voorzet", "geen_bod"}
    bod = replace(FACTS, kind=LetterKind.OFFER, standing=(), steps=())
    whole = replace(FACTS, enclosures=("voorzet uitvoeringsagenda 2028",))
    assert (set(FIELDS) - set(offered(bod)), set(FIELDS) - set(offered(whole))) == (annexes, set())
