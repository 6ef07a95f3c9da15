"""Makes the Word template that comes with the program: `python -m cycle.letter.shipped`.

It stands in the repository because people may open it in Word; it is made here so that it can be read and renewed.
Between `{{` and `}}` stand fields; a paragraph with `{%p …%}` and a row with `{%tr …%}` is gone when it is filled.
"""

import io
from typing import Any

from docx import Document
from docx.shared import Cm, Pt, RGBColor

from cycle.letter.agenda import repeat_head, speak_dutch
from cycle.letter.word_letter import WORD_TEMPLATE
from cycle.resources import shipped

BLUE, GREY = RGBColor(0x17, 0x37, 0x5E), RGBColor(0x59, 0x59, 0x59)


def make_template() -> bytes:
    """The template as DOCX."""
    document = Document()
    document.core_properties.title, document.core_properties.language = "Uitnodigingsbrief prestatieafspraken", "nl-NL"
    document.core_properties.author = ""
    speak_dutch(document)
    document.styles["Normal"].font.size = Pt(11)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.footer.paragraphs[0].text = "{{ source_note }}"
    for level in (1, 2):
        style = document.styles[f"Heading {level}"]
        style.font.name, style.font.color.rgb, style.font.size = "Calibri", BLUE, Pt(15 - 2 * level)
    _add_head(document)
    _add_body(document)
    _add_signatures(document)
    _add_overviews(document)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _add_head(document: Any) -> None:
    run = document.add_paragraph().add_run("{{ senders | map(attribute='name') | join(' · ') }}")
    run.bold, run.font.size, run.font.color.rgb = True, Pt(15), BLUE
    _say(document, "Aan", grey=True)
    _lines(document, "{%p for one in addressees %}", "{{ one.organisation }}", "{%p if one.attention %}")
    _lines(document, "t.a.v. {{ one.attention }}", "{%p endif %}", "{%p endfor %}")
    _say(document, "Datum: {{ letter_date_words }}")
    _say(document, "Betreft: {{ covenant_name }}")
    _lines(document, "{%p if enclosures %}", "Bijlagen: {{ enclosures | join(', ') }}", "{%p endif %}")
    document.add_heading(
        "Uitnodiging: samen terugkijken op {{ last_year }} en de agenda voor {{ agenda_words }} maken", level=1
    )


def _add_body(document: Any) -> None:
    _block(document, "aanhef")
    _block(document, "opening")
    _block(document, "terugkijken", headed=True)
    _lines(
        document,
        "{%p if open_items %}",
        "In de bijlage staat wat wij nu van elke afspraak weten. Klopt er iets "
        "niet, of mist u iets? Laat het ons weten.",
        "{%p endif %}",
    )
    _block(document, "vooruitkijken", headed=True)
    _lines(document, "{%p if enclosures %}", "Een voorzet voor de nieuwe agenda sturen wij mee.", "{%p endif %}")
    _lines(document, "{%p if points_by %}", "Wij ontvangen uw punten graag uiterlijk {{ points_by }}.", "{%p else %}")
    _lines(document, "Wij ontvangen uw punten graag vóór het voorjaarsoverleg.", "{%p endif %}")
    document.add_heading("{{ block.overleg.title }}", level=2)
    _lines(
        document,
        "{%p if spring_meeting %}",
        "Wij bespreken dit met u in het voorjaarsoverleg: {{ spring_meeting }}. Wilt u deze datum vrijhouden?",
        "{%p else %}",
    )
    _lines(
        document,
        "Wij bespreken dit met u in het voorjaarsoverleg. Datum volgt: wij laten u apart weten wanneer "
        "en waar het overleg is.",
        "{%p endif %}",
    )
    _block(document, "overleg")
    _block(document, "bod", headed=True)


def _add_signatures(document: Any) -> None:
    _lines(
        document,
        "{%p if reply_to %}",
        "Hebt u vragen of punten? Stuur een e-mail naar {{ reply_to }}{% if phone %} of bel {{ phone }}{% endif %}.",
        "{%p endif %}",
    )
    _block(document, "slot")
    _lines(document, "Met vriendelijke groet,", "{%p if signature %}", "{{ signature }}", "{%p endif %}")
    _lines(document, "{%p for one in senders %}")
    document.add_paragraph().paragraph_format.space_after = Cm(1.2)
    _lines(document, "{{ one.name }}{% if one.person %}, {{ one.person }}{% endif %}", "{{ one.role }}")
    _lines(document, "{%p endfor %}")


def _add_overviews(document: Any) -> None:
    _lines(document, "{%p if steps %}")
    document.add_heading("Bijlage: kalender van {{ year }}", level=1).paragraph_format.page_break_before = True
    _table(document, ("Wat", "Wanneer", "Wie"), "steps", ("title", "when_words", "who_words"))
    _lines(document, "{%p endif %}", "{%p if open_items %}")
    document.add_heading("Bijlage: stand van de afspraken", level=1)
    _say(document, "Dit weten wij op {{ letter_date_words }}. We lopen de lijst samen na in het voorjaarsoverleg.")
    _table(
        document,
        ("Nummer", "Onderwerp", "Stand", "Wanneer"),
        "open_items",
        ("number", "topic", "state_words", "when_words"),
    )
    _lines(document, "{%p endif %}")


def _block(document: Any, place: str, *, headed: bool = False) -> None:
    """The paragraphs of one text, and its heading when it has any."""
    if headed:
        _lines(document, f"{{%p if block.{place}.paragraphs %}}")
        document.add_heading(f"{{{{ block.{place}.title }}}}", level=2)
    _lines(document, f"{{%p for line in block.{place}.paragraphs %}}", "{{ line }}", "{%p endfor %}")
    if headed:
        _lines(document, "{%p endif %}")


def _table(document: Any, heads: tuple[str, ...], items: str, fields: tuple[str, ...]) -> None:
    table = document.add_table(rows=4, cols=len(heads))
    table.style = "Table Grid"
    repeat_head(table.rows[0])
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(head).bold = True
    table.rows[1].cells[0].text = f"{{%tr for item in {items} %}}"
    for cell, field in zip(table.rows[2].cells, fields, strict=True):
        cell.text = f"{{{{ item.{field} or '–' }}}}"
    table.rows[3].cells[0].text = "{%tr endfor %}"


def _lines(document: Any, *lines: str) -> None:
    for line in lines:
        document.add_paragraph(line)


def _say(document: Any, words: str, *, grey: bool = False) -> None:
    run = document.add_paragraph().add_run(words)
    if grey:
        run.font.color.rgb = GREY


if __name__ == "__main__":
    shipped("templates", "letter", WORD_TEMPLATE).write_bytes(make_template())
