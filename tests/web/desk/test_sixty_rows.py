"""Sixty agreements of another municipality with twenty doubts are settled in twenty minutes (issue 13): what a person
does for it is counted, and so many seconds are a fair guess of each."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from cycle.actions.office.office import Office
from cycle.actions.register.reading_in.importing import import_folder
from cycle.store.tables import AgreementRow, Covenant, DeadlineRow, ReadingRow
from tests.web.conftest import NOW

from .conftest import SECRETARY, Desk, words_of
from .sixty import DOUBTED, sixty_lines, write_covenant

HERE = "/c/merwede"
SECONDS = {"click": 8, "typed": 20, "row": 6, "question": 15}
"""To press, to type an answer, to read a row, to think about a question."""
MOST_SECONDS, MOST_QUESTIONS, MOST_PAGES = 20 * 60, 20, 6


@pytest.fixture
def merwede(office: Office, tmp_path: Path, sign_in) -> Desk:
    import_folder(office, write_covenant(tmp_path / "map", SECRETARY), NOW - timedelta(days=2))
    desk: Desk = sign_in(SECRETARY)
    return desk


def upload(desk: Desk, lines: list[str]) -> str:
    """Where the page of what was read stands."""
    file = ("bestanden", ("prestatieafspraken.csv", "\n".join(lines).encode(), "text/plain"))
    return str(desk.submit(f"{HERE}/inlezen", files=[file]).headers["location"])


def fields_of(html: str, form: str) -> dict[str, object]:
    """What a form sends when nobody changes anything: its hidden fields and its ticks."""
    part = html.split(f'action="{form}"')[1].split("</form>")[0]
    fields: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", part):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and ('type="hidden"' in tag or " checked" in tag):
            held = fields.setdefault(name[1], [])
            assert isinstance(held, list)
            held.append(value[1])
    return fields


def kept(office: Office) -> tuple[int, int, list[str]]:
    """How many agreements and deadlines the table has, and the words that nobody decided about."""
    with office.database.reading() as session:
        key = session.exec(select(Covenant.id).where(Covenant.slug == "merwede")).one()
        agreements = session.exec(select(AgreementRow.id).where(AgreementRow.covenant_id == key)).all()
        deadlines = session.exec(select(DeadlineRow.id).where(DeadlineRow.covenant_id == key)).all()
        doubtful = col(ReadingRow.agreement_id).in_(agreements), col(ReadingRow.doubtful).is_(True)
        return len(agreements), len(deadlines), sorted(session.exec(select(ReadingRow.phrase).where(*doubtful)))


def test_sixty_rows_with_twenty_doubts_take_less_than_twenty_minutes(office: Office, merwede: Desk) -> None:
    pages, clicks, typed = 1, 3, 0  # the page, the button, the file in the window of the browser, "Lees en laat zien"
    place = upload(merwede, sixty_lines())
    page = merwede.page(place)
    assert (page.count('name="overnemen"'), "Wat er bij komt (60)" in page) == (60, True)
    answer = merwede.submit(f"{place}/bewaren", fields_of(page, f"{place}/bewaren"))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}/termijnen/afhandelen")
    pages, clicks = pages + 1, clicks + 1

    page = merwede.page(answer.headers["location"])
    questions = re.findall(r'<fieldset class="field" id="veld-lezing-(\d+)"', page)
    fields = fields_of(page, f"{HERE}/termijnen/twijfel")
    for place_of, question in enumerate(questions):
        is_other = place_of == 0  # one answer is none of those that are offered
        fields[f"lezing-{question}"] = "anders" if is_other else "1"
        if is_other:
            fields[f"anders-{question}"] = "1 oktober 2028"
        clicks, typed = clicks + 1, typed + is_other
    done = merwede.submit(f"{HERE}/termijnen/twijfel", fields)
    pages, clicks = pages + 2, clicks + 1

    assert done.status_code == 303
    assert "Er is niets af te handelen." in words_of(merwede.page(done.headers["location"]))
    assert (kept(office)[0], kept(office)[2]) == (60, [])
    assert sum(times for _, times in DOUBTED) == 20
    assert len(questions) <= min(MOST_QUESTIONS, len(DOUBTED) + 1)
    spent = {"click": clicks, "typed": typed, "row": 60, "question": len(questions)}
    assert sum(SECONDS[name] * times for name, times in spent.items()) <= MOST_SECONDS, spent
    assert pages <= MOST_PAGES


def test_a_clumsy_secretary_loses_nothing_and_doubles_nothing(office: Office, merwede: Desk, sign_in) -> None:
    """The same file twice, two tabs, two secretaries, the way back, a wrong file, a day later."""
    first, second = upload(merwede, sixty_lines()), upload(merwede, sixty_lines())
    other = sign_in(SECRETARY)
    form, late = fields_of(merwede.page(first), f"{first}/bewaren"), fields_of(other.page(second), f"{second}/bewaren")
    assert merwede.submit(f"{first}/bewaren", form).status_code == 303
    after = kept(office)
    assert after[0] == 60

    gone = merwede.get(first)  # the way back, after it was kept
    assert (gone.status_code, "Deze bestanden zijn er niet meer." in gone.text) == (404, True)
    answer = other.submit(f"{second}/bewaren", late)  # the other tab, or a colleague who looked at the same
    assert (answer.status_code, answer.headers["location"], kept(office)) == (303, second, after)
    assert "Alles stond al zo in het register. Er is niets veranderd." in other.page(second)

    wrong = upload(merwede, ["Beste Jan,", "", "Tot morgen bij de koffie."])
    assert "In deze bestanden zijn geen afspraken gevonden." in merwede.page(wrong)
    assert merwede.submit(f"{wrong}/weg").status_code == 303
    assert kept(office) == after
    assert merwede.get(second).status_code == 200  # left for a while, it is still there
