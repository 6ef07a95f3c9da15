"""Uitnodigingsbrief at the desk: from draft to proof, and what is refused by the field."""

import html
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from docx import Document

from cycle.actions.deadlines.deciding.steps import YearWish, change_year
from cycle.actions.deadlines.meeting.planned_meetings import set_meeting
from cycle.actions.letters import approve, draft_of, send, state_of
from cycle.actions.letters.content.details_saving import save_details
from cycle.actions.letters.style.house_style import HouseStyle, save_house_style
from tests.actions.letters.test_directors import asked, say
from tests.actions.letters.test_letter_desk import pdf_with
from tests.actions.mailbox import deliver, mails
from tests.actions.mails.test_reminding import deadline
from tests.web.conftest import HTML

from .conftest import DIRECTOR, Desk, words_of

PAGE = "/c/terneuzen/uitnodigingsbrief"
LETTER = f"{PAGE}/2027"


@pytest.fixture(autouse=True)
def _in_march(clock) -> None:
    clock.at = datetime(2027, 3, 2, 10, 0, tzinfo=UTC)


def texts_of(desk: Desk) -> dict[str, str]:
    """The fields of the form with the texts, as the page shows them."""
    page = desk.page(f"{LETTER}/teksten")
    [order] = re.findall(r'name="stukken" value="([^"]+)"', page)
    found = re.findall(r'<textarea[^>]* name="(tekst-[\w-]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    titles = re.findall(r'<input[^>]* name="(kop-[\w-]+)"[^>]* value="([^"]*)"', page)
    return {"stukken": order} | {name: html.unescape(text) for name, text in [*found, *titles]}


def version_of(desk: Desk) -> str:
    return re.findall(r'name="version" value="([^"]+)"', desk.page(f"{LETTER}/teksten"))[0]


def test_a_letter_from_draft_to_proof(office, desk, clock):
    assert "Zo zou de brief nu zijn." in words_of(desk.page(PAGE))
    texts = texts_of(desk) | {"tekst-opening": "Onze eigen opening.\n\nEn nog een alinea."}
    saved = desk.submit(f"{LETTER}/teksten", texts | {"version": version_of(desk)})
    assert (saved.status_code, saved.headers["location"]) == (303, f"{PAGE}?jaar=2027")
    for party, name in (("clavis", "D. Directeur"), ("wzv", "W. Directeur")):
        desk.submit(
            f"{LETTER}/goedkeuren",
            {"partij": party, f"naam-{party}": name, "version": version_of(desk) if party == "clavis" else ""},
        )

    before = desk.submit(f"{LETTER}/versturen", {})
    assert "Dit verstuurt 3 mails aan" in words_of(before.text)
    assert "bestuur@shb.example" in before.text
    sent = desk.submit(f"{LETTER}/versturen", {"zeker": "ja"})
    assert sent.status_code == 303
    deliver(office, clock.at)

    page = words_of(desk.page(PAGE + "?jaar=2027"))
    assert "Bewijs per ontvanger" in page
    assert page.count("bewaard in") == 3
    assert "Goedgekeurd door D. Directeur, 02-03-2027 om 11.00 uur" in page
    letters = [mail for mail in mails(office) if list(mail.iter_attachments())]
    assert [len(list(mail.iter_attachments())) for mail in letters] == [4, 4, 4]


def test_what_is_strange_about_sending_is_asked_point_by_point_of_the_letter_by_its_name(office, sign_in, clock):
    change_year(office, 1, YearWish(chosen=("bod",)), clock.at, by=DIRECTOR)
    bod = {"van": "clavis", "stap": "bod"}
    assert "voorjaarsoverleg" not in words_of(sign_in().page(f"{PAGE}?jaar=2027&van=clavis&stap=bod"))
    approve(office, "terneuzen", 2027, clock.at, by=DIRECTOR, sender="clavis", step="bod")

    clock.at = datetime(2027, 7, 5, 10, 0, tzinfo=UTC)
    asks = sign_in().submit(f"{LETTER}/versturen", bod).text
    assert "De brief van Clavis van 2027 (Bod van de corporaties) versturen?" in words_of(asks)
    strange = re.findall(r'<h2 id="vreemd">.*?<ul class="bullets">(.*?)</ul>', asks, re.DOTALL)[0]
    assert [words_of(one) for one in strange.split("</li>") if one] == [
        "Afgesproken is: versturen uiterlijk donderdag 1 juli 2027. Dat is voorbij. Toch versturen?",
        "Op de brief staat 2 maart 2027. Dat is 125 dagen geleden. Toch zo versturen?",
        "Er gaat geen bijlage mee. Hoort het bod er niet bij?",
    ]


def test_a_letter_dated_later_says_when_it_was_fixed_and_of_which_day_its_facts_are(office, desk, clock):
    details = draft_of(office, "terneuzen", 2027, clock.at).details
    save_details(office, "terneuzen", 2027, replace(details, letter_date=date(2027, 3, 9)), clock.at)
    approve(office, "terneuzen", 2027, clock.at, by="D. Directeur")

    page = words_of(desk.page(PAGE + "?jaar=2027"))
    assert "Deze tekst is vastgelegd op 02-03-2027." in page
    assert "Dit weten wij op 2 maart 2027 van elke afspraak." in page
    facts = draft_of(office, "terneuzen", 2027, clock.at + timedelta(days=3)).facts
    assert (facts.letter_date, facts.standing_on) == (date(2027, 3, 9), date(2027, 3, 2))


def test_a_meeting_that_changed_after_the_letter_is_told_in_one_confirmed_step(office, desk, clock):
    approve(office, "terneuzen", 2027, clock.at, by="D. Directeur")
    send(office, "terneuzen", 2027, clock.at)
    assert "Na het versturen" not in desk.page(PAGE)
    set_meeting(office, deadline(office, "Voorjaarsoverleg"), date(2027, 4, 22), clock.at, place="Stadhuis <1>")

    page = html.unescape(words_of(desk.page(PAGE)))
    assert "Zij weten: de datum volgt nog. Het is nu: donderdag 22 april 2027, Stadhuis <1>." in page
    assert "De datum van het voorjaarsoverleg stond toen nog niet vast. Nu wel:" in page
    before = desk.submit(f"{LETTER}/overleg-melden", {})
    assert "Dit verstuurt 3 mails aan" in words_of(before.text)
    [seen] = re.findall(r'name="overleg" value="([^"]+)"', before.text)
    sure = {"zeker": "ja", "overleg": html.unescape(seen)}
    assert desk.submit(f"{LETTER}/overleg-melden", sure).status_code == 303
    assert desk.submit(f"{LETTER}/overleg-melden", sure).status_code == 303
    deliver(office, clock.at)

    assert len([mail for mail in mails(office) if "Datum bekend" in str(mail["Subject"])]) == 3
    page = html.unescape(words_of(desk.page(PAGE)))
    assert "Gemeld is: donderdag 22 april 2027, Stadhuis <1>." in page
    assert "Naar melden" not in page


def test_a_letter_that_was_sent_back_waits_on_the_first_page_of_the_desk(office, desk, clock):
    desk.submit(f"{LETTER}/akkoord-vragen", {"zeker": "ja"})
    assert "terugstuurde" not in desk.page("/c/terneuzen/jaar")
    deliver(office, clock.at)
    back = say(office, next(iter(asked(office).values())), agrees=False, remark="De opening klopt niet.")

    page = desk.page("/c/terneuzen/jaar")
    assert f"1 brief die {back.name} terugstuurde" in words_of(page)
    [path] = re.findall(r'<a href="([^"]+)">brief die', page)
    assert "“De opening klopt niet.”" in desk.page(html.unescape(path))
    desk.submit(f"{LETTER}/intrekken", {})
    assert "terugstuurde" not in desk.page("/c/terneuzen/jaar")


def test_what_was_typed_stays_when_a_text_is_too_long(desk):
    texts = texts_of(desk) | {"tekst-bod": "x" * 4001, "tekst-slot": "Tot dan!"}
    answer = desk.submit(f"{LETTER}/teksten", texts)

    assert answer.status_code == 422
    assert "Dit is te lang: gebruik hoogstens 4000 tekens." in answer.text
    assert "x" * 4001 in answer.text
    assert "Tot dan!" in answer.text


def test_the_second_of_two_secretaries_is_told_what_changed_and_loses_nothing(desk, sign_in):
    version = version_of(desk)
    desk.submit(f"{LETTER}/teksten", texts_of(desk) | {"tekst-slot": "Van de eerste.", "version": version})
    second = sign_in("secretariaat@terneuzen.example")
    mine = texts_of(desk) | {"tekst-slot": "Van de tweede.", "version": version}
    answer = second.submit(f"{LETTER}/teksten", mine)

    assert answer.status_code == 409
    assert "Iemand anders heeft dit intussen gewijzigd." in answer.text
    assert "brieftekst gewijzigd (slot)" in answer.text
    assert "Van de tweede." in answer.text


def test_the_files_are_what_they_say_they_are(desk):
    pdf = desk.get(f"{LETTER}/brief.pdf", headers=HTML)
    word = desk.get(f"{LETTER}/brief.docx", headers=HTML)
    agenda = desk.get(f"{LETTER}/bijlage/Voorzet uitvoeringsagenda 2028-2029.xlsx", headers=HTML)

    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["content-disposition"] == "attachment; filename*=UTF-8''uitnodigingsbrief-2027.pdf"
    assert "Terugkijken op 2026" in [one.text for one in Document(BytesIO(word.content)).paragraphs]
    assert agenda.content.startswith(b"PK")
    assert desk.get(f"{LETTER}/bijlage/iets.exe", headers=HTML).status_code == 404


def test_a_letter_that_was_finished_elsewhere_is_offered_as_the_file_that_it_is(desk):
    """What is no Word file is refused by its field; of a Word file only that file is offered, of a PDF only the PDF."""

    def upload(name, content):
        return desk.submit(f"{LETTER}/eigen", files={"eigen": (name, content, "application/octet-stream")})

    def offered():
        page = desk.page("/c/terneuzen/uitnodigingsbrief?jaar=2027")
        files = {ending: desk.get(f"{LETTER}/brief.{ending}", headers=HTML) for ending in ("pdf", "docx")}
        assert [ending for ending in files if f"/brief.{ending}?" in page] == [
            ending for ending, answer in files.items() if answer.status_code == 200
        ]
        return {ending: answer.content for ending, answer in files.items() if answer.status_code == 200}

    broken = upload("brief.docx", b"PK\x03\x04garbage")
    made = desk.get(f"{LETTER}/brief.docx", headers=HTML).content
    assert (broken.status_code, 'id="veld-eigen-fout"' in broken.text) == (422, True)
    assert "brief.docx is beschadigd. Open het in Word of Excel en sla het opnieuw op." in html.unescape(broken.text)
    assert "Zo zou de brief nu zijn." in broken.text

    assert upload("Brief def.docx", made).status_code == 303
    assert offered() == {"docx": made}
    signed = pdf_with()
    desk.submit(f"{LETTER}/getekend", files={"getekend": ("scan.pdf", signed, "application/pdf")})
    assert offered() == {"pdf": signed}
    desk.submit(f"{LETTER}/intrekken")
    assert upload("Brief def.pdf", signed).status_code == 303
    assert offered() == {"pdf": signed}


def test_a_letter_that_waits_for_a_director_stands_on_their_own_page_until_they_decided(office, desk, sign_in):
    mine = sign_in("directie@clavis.example")
    assert "Dit wacht op uw akkoord" not in mine.page("/mij")
    desk.submit(f"{LETTER}/akkoord-vragen", {"zeker": "ja"})
    page = mine.page("/mij")
    assert "Er staat op dit moment niets voor u open" not in page
    [path] = re.findall(r'<a href="(/akkoord/[^"]+)">Uitnodigingsbrief 2027</a>', page)
    say(office, path.rpartition("/")[2], agrees=True)
    assert "Dit wacht op uw akkoord" not in mine.page("/mij")


def test_the_page_says_that_answers_go_to_the_table_until_a_sender_has_an_address(office, desk, clock):
    said = "Antwoorden gaan nu naar het secretariaat van de tafel (secretariaat@terneuzen.example)"
    assert said in words_of(desk.page(PAGE))
    save_house_style(office, "terneuzen", "clavis", HouseStyle(reply_to="brief@clavis.example"), clock.at)
    assert said not in words_of(desk.page(PAGE))


def test_directors_are_not_asked_about_a_text_that_the_asker_did_not_see(desk):
    seen = version_of(desk)
    texts = texts_of(desk) | {"tekst-opening": "In een ander tabblad veranderd."}
    assert desk.submit(f"{LETTER}/teksten", texts | {"version": seen}).status_code == 303
    assert desk.submit(f"{LETTER}/akkoord-vragen", {"version": seen, "zeker": "ja"}).status_code == 409
    assert "Zo zou de brief nu zijn." in desk.page(PAGE)


def test_a_file_is_added_and_taken_away_on_the_page_and_what_is_no_document_is_refused_by_its_field(desk):
    def add(name, content):
        return desk.submit(f"{LETTER}/bijlage-erbij", files={"erbij": (name, content, "application/octet-stream")})

    wrong = add("bod.pdf", b"<script>")
    assert (wrong.status_code, 'id="veld-erbij-fout"' in wrong.text) == (422, True)
    assert "bod.pdf is geen PDF." in wrong.text
    bod = pdf_with()
    assert add("Bod & co 2028.pdf", bod).status_code == 303
    page = desk.page(PAGE)
    [path] = re.findall(r'href="([^"]+/toegevoegd/[^"]+)"', page)
    assert desk.get(html.unescape(path), headers=HTML).content == bod
    assert "Bijlagen: " in " ".join(
        one.text for one in Document(BytesIO(desk.get(f"{LETTER}/brief.docx").content)).paragraphs
    )
    assert desk.submit(f"{LETTER}/bijlage-weg", {"bestand": "Bod & co 2028.pdf"}).status_code == 303
    assert "/toegevoegd/" not in desk.page(PAGE)
    assert desk.get(html.unescape(path), headers=HTML).status_code == 404


def test_c14_a_pdf_that_is_refused_says_so_by_the_field(office, desk):
    for party in ("clavis", "wzv"):
        desk.submit(f"{LETTER}/goedkeuren", {"partij": party, f"naam-{party}": "D."})
    wrong = desk.submit(f"{LETTER}/getekend", files={"getekend": ("scan.pdf", b"geen pdf", "application/pdf")})
    signed = pdf_with()
    right = desk.submit(f"{LETTER}/getekend", files={"getekend": ("scan.pdf", signed, "application/pdf")})

    assert wrong.status_code == 422
    assert 'id="veld-getekend-fout"' in wrong.text
    assert "scan.pdf is geen PDF." in wrong.text
    assert right.status_code == 303
    assert desk.get(f"{LETTER}/brief.pdf").content == signed


def test_c14_a_body_that_is_too_large_is_not_read(desk):
    answer = desk.submit(f"{LETTER}/getekend", files={"getekend": ("scan.pdf", b"x" * (12 * 1024 * 1024))})
    assert answer.status_code == 413
    assert "Een bestand mag hoogstens 10 MB zijn." in answer.text


def test_sent_without_us_is_registered_with_proof_and_taken_back(office, desk):
    empty = desk.submit(f"{LETTER}/elders", {"verstuurd-op": "1-4-2027"})
    early = desk.submit(f"{LETTER}/elders", {"verstuurd-op": "1-4-2027", "bewijs": "Per post."})
    old = desk.submit(f"{LETTER}/elders", {"verstuurd-op": "1-3-2026", "bewijs": "Per post."})
    assert (old.status_code, "1 maart 2026 ligt vóór 2027, het jaar van de brief." in old.text) == (422, True)
    assert 'name="dag-klopt"' in old.text
    right = desk.submit(f"{LETTER}/elders", {"verstuurd-op": "1-3-2027", "bewijs": "Per post, aangetekend."})

    assert (empty.status_code, early.status_code, right.status_code) == (422, 422, 303)
    assert "1 april 2027 is nog niet geweest." in early.text
    assert "Per post." in early.text
    page = words_of(desk.page(PAGE + "?jaar=2027"))
    assert "Per post, aangetekend." in page
    assert state_of(office, "terneuzen", 2027).state == "outside"
    assert desk.submit(f"{LETTER}/toch-niet", {}).status_code == 303
    assert state_of(office, "terneuzen", 2027).state == "draft"  # nobody approved it: its words follow the facts


def test_a_director_reads_and_has_no_buttons(sign_in):
    page = sign_in(DIRECTOR).page(PAGE)
    assert "Bewaar de teksten" not in page
    assert "De brief als PDF" in page
    assert "<textarea" not in page


@pytest.mark.parametrize("path", ["?jaar=1999", "?jaar=2150", "?jaar=x", "?van=gemeente", "/2027/bewijs/x.pdf"])
def test_what_is_not_there_is_404(desk, path):
    assert desk.get(PAGE + path, headers=HTML).status_code == 404


def test_pieces_are_added_seen_and_taken_back_before_anything_is_kept(desk):
    first = texts_of(desk)
    look = f"{LETTER}/teksten/bekijken"
    added = desk.submit(look, first | {"doe": "erbij-slot"})
    assert 'name="tekst-eigen-1"' in added.text
    order = first["stukken"].replace(",slot", ",eigen-1,slot")
    mine = first | {
        "stukken": order,
        "kop-eigen-1": "Dank",
        "tekst-eigen-1": "Voor:\n\n- **alles** <b>;\n- [dit](https://x.example).",
    }
    seen = desk.submit(look, mine | {"doe": "bekijk", "tekst-slot": "Tot in {jaar}, {ons}."})
    gone = desk.submit(look, mine | {"doe": "weg-eigen-1"})
    back = desk.submit(look, mine | {"doe": "terug-slot", "tekst-slot": "Anders."})

    assert f'name="stukken" value="{order}"' in added.text
    assert (seen.status_code, "Dit veld bestaat niet: {ons}." in html.unescape(seen.text)) == (422, True)
    shown = desk.submit(look, mine | {"doe": "bekijk", "tekst-slot": "Tot in {jaar}."}).text
    assert "<li><strong>alles</strong> &lt;b&gt;;</li>" in shown
    assert '<a href="https://x.example" rel="noreferrer">dit</a>' in shown
    assert "<p>Tot in 2027.</p>" in shown
    assert "Wilt u {overleg_dag} vrijhouden?" in shown  # the day is not set: that line falls out, and the page says so
    assert "eigen-1" not in gone.text
    assert "Anders." not in back.text
    assert texts_of(desk) == first
    assert desk.submit(f"{LETTER}/teksten", mine | {"version": version_of(desk)}).status_code == 303
    assert list(texts_of(desk))[:1] == ["stukken"]
    assert texts_of(desk)["tekst-eigen-1"] == mine["tekst-eigen-1"]


def test_a_text_with_signs_that_the_letter_cannot_show_is_refused_by_its_field(desk):
    texts = texts_of(desk) | {"tekst-opening": "Welkom 🏠 en 你好.", "tekst-slot": "Tot dan \u202ein april\x07!"}
    wrong = desk.submit(f"{LETTER}/teksten", texts | {"version": version_of(desk)})
    right = desk.submit(f"{LETTER}/teksten", texts | {"tekst-opening": "Welkom.", "version": version_of(desk)})

    assert wrong.status_code == 422
    said = "De letter van de brief kent deze tekens niet: 你 好 🏠 Schrijf de tekst zonder die tekens."
    assert (said in words_of(wrong.text), "Welkom 🏠 en 你好." in wrong.text) == (True, True)
    assert right.status_code == 303
    assert texts_of(desk)["tekst-slot"] == "Tot dan in april!"
    assert desk.get(f"{LETTER}/brief.pdf").content.startswith(b"%PDF-")
    assert desk.get(f"{LETTER}/brief.docx").content.startswith(b"PK")
