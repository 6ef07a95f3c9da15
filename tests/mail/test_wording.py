"""What people read, and what a changed template may not do (rules B8 to B10 and C12)."""

import re
import time
from datetime import date
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from jinja2 import TemplateError
from markupsafe import Markup

from cycle.domain.answering import Stand
from cycle.domain.model import State
from cycle.errors import Fault
from cycle.mail.fields import plain_fields
from cycle.mail.samples import ALARM, DIGEST, INVITATION, MORE_SAMPLES, OFFICE, ONE_LINE, SAMPLES, WORD_SAMPLES
from cycle.mail.sandbox import listed
from cycle.mail.templates import Wording, tidy
from tests.trying import examples

SHIPPED = Path(__file__).parents[2] / "templates" / "email"
KINDS = tuple(SAMPLES)


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording([SHIPPED])


def digest(**changes):
    return {**DIGEST, **changes}


def section(kind: str, title: str, count: int):
    return {
        "reader": "",
        "count": count,
        "kind": kind,
        "hint": "",
        "title": title,
        "link": "",
        "why": "",
        "items": [INVITATION] * count,
    }


def asked(count: int):
    return section("asked", "Graag een kort bericht", count)


def week(count: int):
    return section("week", "Deze week", count)


def coming(count: int):
    return section("coming", "Komt eraan", count)


# -- the words --------------------------------------------------------------------------------------------------------


def test_b10_a_digest_in_plain_text_says_everything(wording: Wording):
    assert wording.render("digest", digest(calendar_url="", rhythm_url="")).text == (
        "Uw termijnen op een rij\n"
        "Maandag 1 maart 2027\n"
        "\n"
        "Beste Noor d’Hondt-Łukasik,\n"
        "\n"
        "Hieronder staat wat er de komende tijd van u wordt gevraagd.\n"
        "\n"
        "NOG NIET AFGEMELD\n"
        "Eén zin is genoeg.\n"
        "\n"
        "* 2.3 Lijst van liften < 10 jaar oud & hun “coördinatie”\n"
        "  U liet op 18 februari weten: rood.\n"
        "  Wanneer: uiterlijk maandag 22 februari 2027 - 1 week geleden, nog niet\n"
        "  afgemeld\n"
        "  Wat: Maak de lijst en stuur haar aan de werkgroep.\n"
        "  Waarom u: Clavis is trekker van afspraak 2.3\n"
        "  Let op: zesde herinnering; eerder gepland op 23 februari 2027\n"
        "  Laat weten hoe het staat met afspraak 2.3:\n"
        "  https://termijnen.voorbeeld.example/a/17/kenmerk-van-een-antwoord\n"
        "\n"
        "KOMT ERAAN\n"
        "\n"
        "* 5.9 Uitnodigingsbrief versturen\n"
        "  Wanneer: vóór 1 april (uiterlijk woensdag 31 maart 2027) - nog 4 weken\n"
        "  Wat: Stuur de gemeente en de huurdersorganisaties de brief met de evaluatie\n"
        "  en de agenda voor volgend jaar.\n"
        "  Waarom u: Clavis is trekker van afspraak 5.9\n"
        "  Let op: tweede herinnering\n"
        "  Laat weten hoe het staat met afspraak 5.9:\n"
        "  https://termijnen.voorbeeld.example/a/41/kenmerk-van-een-antwoord\n"
        "\n"
        "GRAAG EEN KORT BERICHT\n"
        "Eén zin is genoeg.\n"
        "\n"
        "Beantwoord alles op één pagina:\n"
        "https://termijnen.voorbeeld.example/a/23/kenmerk-van-een-antwoord\n"
        "\n"
        "Waarom u: Clavis is trekker van deze afspraken\n"
        "\n"
        "* 1.4 Samen optrekken bij energiebesparing in ’t Zand\n"
        "* 1.4 Samen optrekken bij energiebesparing in ’t Zand\n"
        "\n"
        "Met vriendelijke groet,\n"
        "Secretariaat prestatieafspraken\n"
        "\n"
        "--------------------------------------------------------------------------\n"
        "Hebt u een vraag? Beantwoord deze mail, of neem contact op met\n"
        "Secretariaat prestatieafspraken: 0115 45 50 00 of wonen@voorbeeld.example.\n"
        "\n"
        "U krijgt deze mail omdat u meewerkt aan Prestatieafspraken Terneuzen\n"
        "2022–2025.\n"
        "Het hele jaar op een rij: https://termijnen.voorbeeld.example\n"
    )


@pytest.mark.parametrize(
    ("sections", "subject"),
    [
        ([week(1)], "Prestatieafspraken: 1 deze week, maandag 1 maart 2027"),
        ([week(1), coming(2)], "Prestatieafspraken: 1 deze week, 2 komen eraan, maandag 1 maart 2027"),
        ([week(2), coming(1)], "Prestatieafspraken: 2 deze week, 1 komt eraan, maandag 1 maart 2027"),
        ([asked(1), week(1)], "Prestatieafspraken: 1 vraag, 1 deze week, maandag 1 maart 2027"),
        ([asked(3)], "Prestatieafspraken: 3 vragen, maandag 1 maart 2027"),
        (
            [section("open", "Nog niet afgemeld", 2), section("office", "Voor het secretariaat", 4)],
            "Prestatieafspraken: 2 nog niet afgemeld, 4 voor het secretariaat, maandag 1 maart 2027",
        ),
        ([week(0), coming(2)], "Prestatieafspraken: 2 komen eraan, maandag 1 maart 2027"),
    ],
)
def test_a_digest_tells_in_its_subject_what_it_holds(wording: Wording, sections, subject):
    assert wording.render("digest", digest(sections=sections)).subject == subject


def test_b1_a_mail_about_one_deadline_has_its_subject_and_says_what_is_new_in_its_first_line(wording: Wording):
    rendered = wording.render("digest", ONE_LINE)
    assert rendered.subject == "Uitnodigingsbrief versturen 2027 (afspraak 5.9)"
    assert rendered.text.startswith("Nog 4 weken: Uitnodigingsbrief versturen\n")
    preheader = re.search(r'class="preheader"[^>]*>([^<]+)<', rendered.html).group(1)
    assert preheader.startswith("Vóór 1 april (uiterlijk woensdag 31 maart 2027). Stuur")


def test_the_mail_of_a_secretariat_without_lines_of_its_own_says_what_it_brings(wording: Wording):
    rendered = wording.render("digest", OFFICE)
    assert (
        rendered.subject == "Prestatieafspraken: 2 mails wachten op uw akkoord, weekoverzicht van maandag 1 maart 2027"
    )
    assert "Is iets al gedaan" not in rendered.text


def test_a_person_with_two_covenants_sees_which_is_which(wording: Wording):
    rendered = wording.render("digest", digest(covenant_names=["Terneuzen", "Hulst", "Sluis"]))
    assert "  Bij: Prestatieafspraken Terneuzen 2022–2025\n" in rendered.text
    assert "omdat u meewerkt aan Terneuzen, Hulst en Sluis." in rendered.text.replace("\n", " ")


def test_names_are_listed_as_one_says_them():
    assert [listed(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a en b", "a, b en c"]


@pytest.mark.parametrize("kind", KINDS)
def test_no_mail_speaks_of_too_late(wording: Wording, kind):
    rendered = wording.render(kind, SAMPLES[kind])
    assert [word for word in ("te laat", "verlopen", "overtreding") if word in rendered.text.lower()] == []


# -- rule B10: plain text ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_b10_plain_text_is_narrow_and_without_html(wording: Wording, kind):
    text = wording.render(kind, SAMPLES[kind]).text
    assert [line for line in text.splitlines() if len(line) > 78 and not line.strip().startswith("https://")] == []
    assert re.findall(r"&[a-z]+;|<[a-z]", text) == []
    assert "\n\n\n" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_b10_both_forms_have_the_same_links(wording: Wording, kind):
    rendered = wording.render(kind, SAMPLES[kind])
    in_html = {unescape(link) for link in re.findall(r'href="(https:[^"]+)"', rendered.html)}
    assert set(re.findall(r"https://\S+", rendered.text)) == in_html


def test_b10_long_lines_break_under_their_own_margin_and_links_stay_whole():
    link = "https://x.example/" + "a" * 100
    text = "* " + "woord " * 15 + "\n" + "  " + link + "   \n\n\n\n- kort\n\n"
    assert tidy(text) == "* " + "woord " * 11 + "woord\n  woord woord woord\n  " + link + "\n\n- kort\n"


# -- rules B8 and B9: HTML --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_b9_html_is_one_described_column_with_inline_styles(wording: Wording, kind):
    html = wording.render(kind, SAMPLES[kind]).html
    assert html.startswith("<!DOCTYPE html>")
    assert html.count("<h1") == 1
    assert '<html lang="nl"' in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "@media (prefers-color-scheme: dark)" in html
    assert re.findall(r'<table(?![^>]*role="presentation")', html) == []
    assert re.findall(r"flex|grid|background-image|<script|<img|url\(", html) == []
    assert 'style="margin: 0;padding: 0;' in html
    assert len(html.encode()) < 90_000


@pytest.mark.parametrize("kind", KINDS)
def test_b8_nothing_is_fetched_and_no_link_pretends_to_be_another(wording: Wording, kind):
    html = wording.render(kind, SAMPLES[kind]).html
    assert re.findall(r'(?:src|background)="?https?:', html) == []
    for target, words in re.findall(r'<a[^>]*href="([^"]+)"[^>]*>([^<]+)</a>', html):
        assert not words.startswith(("http", "www")) or unescape(words) == unescape(target)


@pytest.mark.parametrize("kind", KINDS)
def test_c12_html_in_any_field_is_shown_and_not_obeyed(wording: Wording, kind):
    def poisoned(value):
        if isinstance(value, str):
            return value + "<b onclick=x>&\"'"
        if isinstance(value, list):
            return [poisoned(item) for item in value]
        return {name: poisoned(item) for name, item in value.items()} if isinstance(value, dict) else value

    html = wording.render(kind, poisoned(dict(SAMPLES[kind]))).html
    tags: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, _: tags.append(tag)  # type: ignore[method-assign]
    parser.feed(html)
    assert "b" not in tags
    assert "&lt;b onclick=x&gt;&amp;" in html


def test_b4_a_line_break_in_a_field_stays_out_of_the_subject(wording: Wording):
    rendered = wording.render("alarm", {**ALARM, "title": "x\r\nBcc: a@b.example"})
    assert rendered.subject == "Let op: x Bcc: a@b.example"


# -- rule C12: templates that people change ---------------------------------------------------------------------------


def own(tmp_path: Path, **files: str) -> Wording:
    for name, text in files.items():
        (tmp_path / name.replace("__", ".")).write_text(text)
    return Wording([tmp_path, SHIPPED])


def test_one_file_beside_the_settings_replaces_one_of_ours(tmp_path: Path, wording: Wording):
    changed = own(tmp_path, alarm__subject__txt="Storing: {{ title }}\n").render("alarm", ALARM)
    shipped = wording.render("alarm", ALARM)
    assert changed.subject == "Storing: De mailserver weigert onze berichten"
    assert (changed.text, changed.html) == (shipped.text, shipped.html)


def test_templates_are_read_once(tmp_path: Path):
    changed = own(tmp_path, alarm__subject__txt="Een")
    first = changed.render("alarm", ALARM).subject
    (tmp_path / "alarm.subject.txt").write_text("Twee")
    assert (first, changed.render("alarm", ALARM).subject) == ("Een", "Een")


def test_the_shipped_templates_have_no_faults(wording: Wording):
    assert wording.check() == ()


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("Beste\n{{ naam }}\n", 2, "Het sjabloon kan niet worden ingevuld: 'naam' is undefined."),
        ("\n\n{% if %}\n", 3, "Het sjabloon is niet te lezen: Expected an expression, got 'end of statement block'."),
        (
            "{{ title.__class__ }}",
            1,
            "Het sjabloon kan niet worden ingevuld: 'str object' has no attribute '__class__'.",
        ),
        ("{{ title.upper() }}", 1, "Het sjabloon kan niet worden ingevuld: 'str object' has no attribute 'upper'."),
        ("{{ 'x' * 200000000 }}", 1, "Het sjabloon kan niet worden ingevuld: rekenen met * mag niet in een sjabloon."),
        ("{{ 9 ** 9 ** 9 }}", 1, "Het sjabloon kan niet worden ingevuld: rekenen met ** mag niet in een sjabloon."),
        ("{% for i in range(9) %}{% endfor %}", 1, "Het sjabloon kan niet worden ingevuld: 'range' is undefined."),
        (
            "{{ details.append(1) }}",
            1,
            "Het sjabloon kan niet worden ingevuld: 'list object' has no attribute 'append'.",
        ),
        ("{{ title | safe }}", 1, "Het sjabloon is niet te lezen: No filter named 'safe'.."),
        ("{% autoescape false %}{% endautoescape %}", 1, "Het sjabloon is niet te lezen: autoescape staat vast."),
        ("{{ details }}", 1, "Het sjabloon kan niet worden ingevuld: hier staat een lijst; noem er de onderdelen van."),
        ("{{ 1 // 0 }}", 1, "Het sjabloon geeft een fout: integer division or modulo by zero."),
        ("\n", None, "Dit sjabloon levert een lege tekst op."),
        ("&nbsp; https://termijnen.voorbeeld.example", None, "In de gewone tekst staat HTML."),
        ("Beste", None, "De link https://termijnen.voorbeeld.example staat alleen in de HTML."),
    ],
)
def test_c12_a_faulty_template_is_told_with_file_and_line(tmp_path: Path, text, line, what):
    faults = own(tmp_path, alarm__txt=text).check()
    place = f"{tmp_path / 'alarm.txt'}" + (f":{line}" if line else "")
    assert (place, what) in [(fault.place, fault.what) for fault in faults]
    assert [
        fault for fault in faults if not fault.hint or fault.place.partition(":")[0] != f"{tmp_path / 'alarm.txt'}"
    ] == []


def test_c12_all_faulty_templates_are_told_at_once(tmp_path: Path):
    changed = own(tmp_path, alarm__txt="{{ naam }}", welcome__html="{{ naam }}", digset__txt="x")
    assert {Path(fault.place).name for fault in changed.check()} == {"alarm.txt:1", "welcome.html:1", "digset.txt"}


def test_c12_a_missing_template_is_a_fault(tmp_path: Path):
    places = {Path(fault.place).name for fault in Wording([tmp_path]).check()}
    assert places == {"_words.txt", *(f"{kind}.{form}" for kind in KINDS for form in ("subject.txt", "txt", "html"))}


def test_c12_html_may_not_borrow_from_text(tmp_path: Path):
    changed = own(tmp_path, alarm__html='{% from "_macros.txt" import greeting %}{{ greeting(title) }}')
    with pytest.raises(TemplateError, match="delen niets"):
        changed.render("alarm", {**ALARM, "title": "<b>"})


class Secret:
    def delete(self) -> str:
        raise AssertionError("a template called a method")


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (Secret(), "title"),
        (Markup("<b>x</b>"), "title"),
        (None, "title"),
        (1.5, "title"),
        (["goed", {"a": ["goed", Secret()]}], "title[1].a[1]"),
    ],
)
def test_c12_an_object_never_reaches_a_template(wording: Wording, value, path):
    with pytest.raises(TypeError, match=re.escape(f": {path}") + "$"):
        wording.render("alarm", {**ALARM, "title": value})


ATTACKS = {
    "reaching into Python": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "an attribute of what was handed over": "{{ details.secret }}",
    "calling a method": "{{ title['upper']() }}{{ details.append('x') }}",
    "200 MB of text": "{{ 'x' * 200000000 }}",
    "nine million rounds": "{% for a in x %}" * 6 + "{% for b in base_url %}" * 5 + "{% endfor %}" * 11,
    "a name that is missing": "{{ naam }}",
    "format by a filter, CVE-2025-27516": "{{ ('{0.__class__}' | attr('format'))(title) }}",
    "format kept for later, CVE-2024-56326": "{% set f = '{0.__class__}'.format %}{{ f(title) }}",
}
MORE_ATTACKS = {
    "rounds over letters": "{% for a in base_url %}" * 8 + "." + "{% endfor %}" * 8,
    "doubling": "{% set a = 'x' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
    "doubling in blocks": "{% set a %}x{% endset %}" + "{% set a %}{{ a }}{{ a }}{% endset %}" * 40 + "{{ a }}",
    "doubling in macros": "".join(
        f"{{% macro m{n}() %}}{{{{ m{n - 1}() if {n} else 'x' }}}}{{{{ m{n - 1}() if {n} else 'x' }}}}{{% endmacro %}}"
        for n in range(40)
    )
    + "{{ m39() }}",
    "a macro that calls itself": "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
    "a file that includes itself": "{% include 'alarm.txt' %}{% include 'alarm.txt' %}",
    "a recursive loop": "{% for a in details recursive %}{{ loop(details) }}{{ loop(details) }}{% endfor %}",
    "lists in lists": "{% set a = [1] %}" + "{% set a = [a, a] %}" * 40 + "{{ a | length }}",
    "long text in a loop": "{% for a in base_url %}{% for b in base_url %}{% for c in title %}"
    + "x" * 9000
    + "{% endfor %}" * 3,
    "a wide format": "{{ '%1000000000d' % 1 }}",
    "a wide margin": "{{ title['ljust'](1000000000) }}{{ title | indent(1000000000) }}",
    "many big numbers": "{{ 9 ** 9 ** 9 }}",
}


@pytest.mark.parametrize("text", [*ATTACKS.values(), *MORE_ATTACKS.values()], ids=[*ATTACKS, *MORE_ATTACKS])
def test_c12_an_attack_is_a_fault_with_its_file_and_takes_no_time(tmp_path: Path, text):
    began = time.process_time()
    faults = own(tmp_path, alarm__txt=text).check()
    assert time.process_time() - began < 5
    assert faults
    assert {fault.place.partition(":")[0] for fault in faults} == {str(tmp_path / "alarm.txt")}
    with pytest.raises((TemplateError, RecursionError, KeyError)):
        own(tmp_path, alarm__txt=text).render("alarm", ALARM)


def test_c12_what_a_mail_needs_is_within_the_limits(wording: Wording):
    sections = [section(kind, kind, 60) for kind in ("open", "week", "coming")]
    assert wording.render("digest", digest(sections=sections)).text.count("* 5.9") == 180


# -- the sentences ----------------------------------------------------------------------------------------------------


def test_a_secretary_changes_one_sentence_and_the_rest_stays(tmp_path: Path, wording: Wording):
    (tmp_path / "_words.txt").write_text("# van ons\ntask.papers: Mail de stukken aan {{ title }}.\n", encoding="utf-8")
    changed = Wording([tmp_path, SHIPPED])
    assert changed.say("task.papers", title="de bouwtafel", year="2027") == "Mail de stukken aan de bouwtafel."
    assert changed.say("section.week") == wording.say("section.week") == "Deze week"
    assert changed.check() == ()


@pytest.mark.parametrize(
    ("line", "what", "hint"),
    [
        ("task.paper: x", "task.paper is geen zin die wij kennen.", "Bedoelt u task.papers?"),
        ("zomaar iets", "Deze regel is geen zin met een naam.", "Schrijf: naam: zin"),
        ("task.papers:", "Bij task.papers staat niets.", "Schrijf een zin, of haal de regel weg."),
        (
            "task.papers: Dag {{ naam }}",
            "De zin bij task.papers kan niet worden ingevuld: 'naam' is undefined.",
            "Velden: title, year, todo, party.",
        ),
        (
            "rung.escalate: {% if %}",
            "De zin bij rung.escalate kan niet worden ingevuld: Expected an expression, got 'end of statement block'.",
            "Velden: geen.",
        ),
        (
            "why.trekker: {{ party.__class__ }}",
            "De zin bij why.trekker kan niet worden ingevuld: 'str object' has no attribute '__class__'.",
            f"Velden: {', '.join(WORD_SAMPLES['why'])}.",
        ),
        ("intro.plain: " + "x" * 2000, "De zin bij intro.plain is te lang.", "Houd het onder 1000 tekens."),
    ],
)
def test_c12_a_faulty_sentence_is_told_with_file_and_line(tmp_path: Path, line, what, hint):
    (tmp_path / "_words.txt").write_text(f"\n# eigen\n{line}\n", encoding="utf-8")
    assert Wording([tmp_path, SHIPPED]).check() == (Fault(f"{tmp_path / '_words.txt'}:3", what, hint),)


def test_no_sentence_of_a_mail_stands_in_the_program():
    """Words that people read in a mail are in templates/email; the program only chooses."""
    named = re.compile(r'say\(\s*f?"([\w.{}\[\] -]+)"')
    folder = Path(__file__).parents[2] / "cycle" / "actions"
    keys = {key for file in folder.rglob("*.py") for key in named.findall(file.read_text(encoding="utf-8"))}
    known = {line.partition(":")[0] for line in (SHIPPED / "_words.txt").read_text(encoding="utf-8").splitlines()}
    unknown = [key for key in keys if "{" not in key and key not in known]
    assert (unknown, len(keys) > 10) == ([], True)


@pytest.mark.parametrize("sample", [one for several in MORE_SAMPLES.values() for one in several])
def test_c12_the_check_writes_every_shape_of_a_mail(tmp_path: Path, sample):
    changed = own(tmp_path, digest__txt="{% if not sections or not rhythm_url %}{{ naam }}{% endif %}")
    assert any("'naam' is undefined" in fault.what for fault in changed.check())


# -- values that may be absent ----------------------------------------------------------------------------------------


def thinned(value: Any) -> st.SearchStrategy[Any]:
    """A value of a sample as it is, or with what may be absent in it absent: no words, no items, no number."""
    if isinstance(value, dict):
        return st.fixed_dictionaries({name: thinned(one) for name, one in value.items()})
    if isinstance(value, list):
        items = [thinned(one) for one in value]
        return st.booleans().flatmap(lambda is_there: st.tuples(*items).map(list) if is_there else st.just([]))
    return st.sampled_from([value, type(value)()])


@pytest.mark.parametrize("kind", SAMPLES)
@given(data=st.data())
@settings(
    max_examples=examples(10, 100),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_each_kind_of_mail_is_made_whatever_is_absent(wording: Wording, kind, data):
    fields = data.draw(thinned(dict(SAMPLES[kind])))
    if kind in ("rhythm", "digest"):  # what these are about is never absent
        fields |= {name: SAMPLES[kind][name] for name in ("change", "covenant_names") if name in SAMPLES[kind]}

    rendered = wording.render(kind, fields)

    assert re.search(r"\bNone\b|Undefined", f"{rendered.subject} {rendered.text} {rendered.html}") is None


@pytest.mark.parametrize(
    ("value", "seen"), [(Stand.RED, "rood"), (Stand.NOT_MINE, "niet voor mij"), (State.OPEN, "open")]
)
def test_a_word_of_the_domain_comes_into_a_mail_as_the_word_that_it_is(wording: Wording, value, seen):
    said = wording.say("overview.said-line", about="5.9", by="Jan", words=value, on="")
    assert said == f"5.9: {seen} (Jan)"
    assert type(plain_fields({"a": [{"b": value}]})["a"][0]["b"]) is str


@pytest.mark.parametrize("value", [None, Markup("x"), date(2027, 3, 1), object(), 1.5])
def test_c12_anything_else_is_refused_with_its_path(value):
    with pytest.raises(TypeError, match=r"sections\[0\]\.when"):
        plain_fields({"sections": [{"when": value}]})
