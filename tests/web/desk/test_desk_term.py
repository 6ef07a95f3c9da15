"""Looptijd at the desk: set right how long the agreements hold, lay the next framework beside them, and look back."""

import io
import re
from datetime import date

import pytest
from docx import Document
from sqlmodel import select

from cycle.store import covenants, terms
from cycle.store.tables import Fact, Term
from tests.web.conftest import HTML

from .conftest import DIRECTOR, Desk, words_of

HERE = "/c/terneuzen"
NEXT = """# Prestatieafspraken Terneuzen 2028-2031

Deze afspraken gelden voor de periode 1 januari 2028 tot en met 31 december 2031.

| Nr | Onderwerp | Afspraak | Trekker |
|---|---|---|---|
| 1 | Uitnodigingsbrief | De corporaties versturen elk jaar voor 1 april een uitnodigingsbrief. | Corporaties |
| 2 | Fietsenstalling | De gemeente maakt stallingen bij het station, uiterlijk 15 maart 2029. | Gemeente |
"""
DAYS = {"van": "2028-01-01", "tot": "2031-12-31", "loopt-door": "ja"}


def upload(desk: Desk) -> str:
    answer = desk.submit(f"{HERE}/inlezen", files=[("bestanden", ("kader.md", NEXT.encode(), "text/plain"))])
    return answer.headers["location"]


def choices(html: str, word: str) -> dict[str, str]:
    """One word for every open action, and what is not sure is something else."""
    said = dict.fromkeys(re.findall(r'name="(actie-\d+)"', html), word)
    return said | dict.fromkeys(re.findall(r'name="(vraag-[^"]+)"', html), "nieuw")


def test_the_secretariat_sets_the_term_right_and_others_read_it(office, desk, sign_in):
    page = words_of(desk.page(f"{HERE}/looptijd"))
    wrong = desk.submit(f"{HERE}/looptijd", {"van": "2027-01-01", "tot": "2026-01-01", "loopt-door": "nee"})
    form = {"van": "2022-01-01", "tot": "2027-06-30", "loopt-door": "nee"}
    done = desk.submit(f"{HERE}/looptijd", form)

    assert "gelden tot en met 31 december 2025 en lopen daarna vanzelf door" in page
    assert (wrong.status_code, "De looptijd eindigt voor hij begint." in wrong.text) == (422, True)
    assert done.status_code == 303
    with office.database.reading() as session:
        running = covenants.running_term(session, 1)
        said = session.exec(select(Fact.verb).where(Fact.verb == "looptijd gewijzigd")).all()
    assert "Dan stoppen de herinneringen. Alles blijft bewaard." in words_of(desk.page(f"{HERE}/jaar"))
    assert (running.end, running.renews, said) == (date(2027, 6, 30), False, ["looptijd gewijzigd"])
    read = words_of(sign_in(DIRECTOR).page(f"{HERE}/looptijd"))
    assert "tot en met 30 juni 2027 en eindigen dan" in read
    assert "Bewaar de looptijd" not in read


def test_a_document_with_another_term_is_laid_beside_and_kept_when_everything_is_said(office, desk):
    path = upload(desk)
    before = words_of(desk.page(path))
    held = desk.submit(f"{path}/bewaren", {"overnemen": "2"})
    page = desk.page(f"{path}/kader")
    unsaid = desk.submit(f"{path}/kader", DAYS)
    said = choices(unsaid.text, "carry")
    done = desk.submit(f"{path}/kader", DAYS | said)

    assert "Een andere looptijd" in before
    assert (held.status_code, "Zeg eerst of dit het volgende kader is" in held.text) == (422, True)
    assert "Wordt" in words_of(page)
    assert (unsaid.status_code, "Kies wat er met" in unsaid.text, len(said) > 5) == (422, True, True)
    assert (done.status_code, done.headers["location"]) == (303, f"{HERE}/looptijd"), done.text[-2000:]
    with office.database.reading() as session:
        states = {term.start: term.state for term in session.exec(select(Term).where(Term.covenant_id == 1))}
        waiting = terms.waiting(session, 1)
        assert waiting is not None
        assert [row.number for row in terms.agreements(session, waiting.id or 0)] == ["1", "2"]
        assert len(terms.choices(session, waiting.id or 0)) >= len([key for key in said if key.startswith("actie")])
    assert states == {date(2022, 1, 1): "running", date(2028, 1, 1): "waiting"}
    assert "van 1 januari 2028 tot en met 31 december 2031 gaat nog in" in words_of(desk.page(f"{HERE}/looptijd"))
    assert "Fietsenstalling" not in desk.page(f"{HERE}/afspraken")
    assert "Fietsenstalling" in desk.page(f"{HERE}/looptijd/{waiting.id}")


@pytest.mark.parametrize("term", ["1", "999"])
def test_the_look_back_is_a_word_file_to_fill_in(desk, term):
    answer = desk.get(f"{HERE}/looptijd/{term}/terugblik.docx", headers=HTML)
    if term == "999":
        assert answer.status_code == 404
        return
    document = Document(io.BytesIO(answer.content))
    heads = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    choices = [one.text for one in document.paragraphs if one.text.startswith("☐")]
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert (len(heads), len(choices)) == (55, 55)
    assert choices[0] == "☐ Houden   ☐ Wijzigen   ☐ Stoppen"
    assert {"Actie", "Laatste bericht", "Nieuwe tekst", "nog niet afgemeld"} <= cells
    assert "terugblik-terneuzen-2022-2025.docx" in answer.headers["content-disposition"]
