"""A form of a finished page filled with what was typed before."""

import pytest

from cycle.web.refill import Filled, fill

FORM = (
    '<form class="ask" method="post" action="/hier"><input type="hidden" name="sleutel" value="nieuw">'
    '<input type="hidden" name="form" value="van nu">{}'
    '<button name="wat" value="ja" type="submit">Bewaar</button></form>'
)


def filled(fields: str, *typed: tuple[str, str], address: str = "/hier") -> Filled | None:
    return fill(f"<p>ervoor</p>{FORM.format(fields)}<p>erna</p>", address, typed)


@pytest.mark.parametrize(
    ("field", "typed", "expected"),
    [
        (
            '<input name="a" type="text" value="oud" required>',
            ['<b> & "c"'],
            '<input name="a" type="text" required value="&lt;b&gt; &amp; &quot;c&quot;">',
        ),
        ('<input name="a">', ["x"], '<input name="a" value="x">'),
        ('<input name="a" value="oud">', [], '<input name="a" value="">'),
        (
            '<input name="a" value="1"><input name="a" value="2">',
            ["x", "y"],
            '<input name="a" value="x"><input name="a" value="y">',
        ),
        (
            '<textarea name="a" rows="4">\noud</textarea>',
            ["\neen\r\ntwee <"],
            '<textarea name="a" rows="4">\n\neen\r\ntwee &lt;</textarea>',
        ),
        (
            '<input type="checkbox" name="a" value="1" checked><input type="checkbox" name="a" value="2">',
            ["2"],
            '<input type="checkbox" name="a" value="1"><input type="checkbox" name="a" value="2" checked>',
        ),
        ('<input type="checkbox" name="a">', ["on"], '<input type="checkbox" name="a" checked>'),
        (
            '<input type="radio" name="a" value="x" checked><input type="radio" name="a" value="y">',
            ["y"],
            '<input type="radio" name="a" value="x"><input type="radio" name="a" value="y" checked>',
        ),
        (
            '<select name="a"><option value="">kies</option><option value="1" selected>een</option>'
            '<option value="2">twee</option></select>',
            ["2"],
            '<select name="a"><option value="">kies</option><option value="1">een</option>'
            '<option value="2" selected>twee</option></select>',
        ),
        ('<input name="a" type="file">', [], '<input name="a" type="file">'),
        ('<input type="hidden" name="version" value="nu">', [], '<input type="hidden" name="version" value="nu">'),
    ],
)
def test_each_kind_of_field_is_as_its_user_left_it(field: str, typed: list[str], expected: str) -> None:
    found = filled(field, *(("a", value) for value in typed))

    assert found is not None
    assert found.html == f"<p>ervoor</p>{FORM.format(expected)}<p>erna</p>"
    assert (found.is_seen, found.left_over) == (bool(typed), ())


def test_what_the_page_puts_in_for_the_act_itself_is_never_given_back() -> None:
    found = filled("", ("form", "van toen"), ("sleutel", "oud"), ("zeker", "ja"), ("nogmaals", "ja"), ("pagina", "/x"))

    assert found == Filled(f"<p>ervoor</p>{FORM.format('')}<p>erna</p>", False, ())


def test_words_that_find_no_place_are_left_over() -> None:
    options = '<select name="a"><option value="1">een</option></select><input type="checkbox" name="b" value="1">'
    found = filled(options, ("a", "9"), ("b", "8"), ("c", "los"), ("d", ""), ("wat", "ja"), ("version", "1"))

    assert found is not None
    assert found.left_over == (("a", "9"), ("b", "8"), ("c", "los"))


def test_of_several_forms_for_one_address_the_one_that_was_sent_is_filled() -> None:
    rows = [FORM.format(f'<input type="hidden" name="rij" value="{row}"><input name="zin">') for row in "123"]
    found = fill("".join(rows), "/hier", [("rij", "2"), ("zin", "Deze.")])

    assert found is not None
    assert found.html == rows[0] + rows[1].replace('name="zin"', 'name="zin" value="Deze."') + rows[2]


def test_a_form_within_a_fold_is_shown_unfolded() -> None:
    html = f"<details><p>dicht</p></details><details class='x'>{FORM.format('')}</details>"
    found = fill(html, "/hier", [])

    assert found is not None
    assert found.html == html.replace("<details class", "<details open class")


@pytest.mark.parametrize("html", ["", "<form action='/hier'></form>", FORM.format(""), FORM.format("")[:-7]])
def test_a_page_without_the_form_stays_as_it_is(html: str) -> None:
    assert fill(html, "/elders", [("a", "x")]) is None
