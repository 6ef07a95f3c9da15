"""The page of somebody's own rhythm, and the end of the weekly overview: rules B6, B8 and C13."""

from datetime import date, time

import pytest
from sqlmodel import select

from cycle.actions.office.mailed import OVERVIEW
from cycle.actions.people.rhythms.rhythm import own_rhythm, rhythm_page_url
from cycle.store.tables import Absence, Message, Person, RhythmRow
from cycle.web.formkeys import FIELD
from tests.conftest import own_signer

from .conftest import HTML, NOW, hidden_of, may_change

WHO, DEPUTY, OFFICE = "strategie@clavis.example", "beleid@woongoed.example", "secretariaat@terneuzen.example"


@pytest.fixture
def path(office, client) -> str:
    may_change(client, office, WHO)
    return rhythm_page_url(office, WHO, NOW).removeprefix(office.settings.web.base_url)


@pytest.fixture
def overview_path(office) -> str:
    who = person(office, OFFICE)
    signed = own_signer(office, who).sign(OVERVIEW, str(who), NOW.date())
    return f"/overzicht/{signed}"


def person(office, email: str) -> int:
    with office.database.reading() as session:
        return session.exec(select(Person.id).where(Person.email == email)).first() or 0


def form_of(client, path) -> dict[str, str]:
    return hidden_of(client.get(path, headers=HTML).text, "form", FIELD)


def stored(office) -> tuple[int, int, int]:
    with office.database.reading() as session:
        return tuple(len(session.exec(select(kind)).all()) for kind in (RhythmRow, Absence, Message))


def test_b8_a_get_changes_nothing(office, client, path, overview_path) -> None:
    with office.database.reading() as session:
        before = session.connection().exec_driver_sql("PRAGMA data_version").scalar()
        answers = [client.request(method, one) for one in (path, overview_path) for method in ("GET", "HEAD", "GET")]
        after = session.connection().exec_driver_sql("PRAGMA data_version").scalar()

    assert [one.status_code for one in answers] == [200] * 6
    assert {one.headers["cache-control"] for one in answers} == {"private, no-store"}
    assert before == after
    assert stored(office) == (0, 0, 0)


def test_a_choice_is_kept_and_shown(office, client, path) -> None:
    data = form_of(client, path) | {"uur": "14:00", "dag": ["0", "3"], "aantal": "2"}
    answer = client.post(path, data=data)

    own = own_rhythm(office, person(office, WHO), NOW)
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert (own.rhythm.hour, own.rhythm.weekdays, own.rhythm.per_week) == (time(14), frozenset({0, 3}), 2)
    assert "op maandag en donderdag om 14.00 uur, hoogstens 2 mails per week" in client.get(path).text


def test_days_away_go_to_a_deputy_with_a_mail_to_both_and_can_be_taken_back(office, client, path) -> None:
    away = {"van": "2027-02-01", "tot": "2027-02-12", "vervanger": str(person(office, DEPUTY))}
    client.post(f"{path}/afwezig", data=form_of(client, path) | away)
    shown = client.get(path).text
    with office.database.reading() as session:
        row = session.exec(select(Absence)).one()
        told = sorted(session.exec(select(Message.to)))
    client.post(f"{path}/terug", data=form_of(client, path) | {"id": str(row.id)})

    assert (row.first, row.last, row.deputy_id) == (date(2027, 2, 1), date(2027, 2, 12), person(office, DEPUTY))
    assert told == [DEPUTY, WHO]
    assert "1 februari 2027 tot en met 12 februari 2027" in shown
    assert "vervanger: Afdeling Beleid" in shown
    assert stored(office) == (0, 0, 4)


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({"form": ""}, 409, "Dit formulier is te oud."),
        ({"form": "1.739941.aaaaaaaaaaaaaaaaaaaaaaaaaaa"}, 409, "Dit formulier is te oud."),
        ({"dag": []}, 409, "Kies ten minste één werkdag."),
        ({"dag": ["6"]}, 409, "Kies ten minste één werkdag."),
        ({"dag": ["0"], "uur": "03:00"}, 409, "Om 03.00 uur gaat er geen mail."),
        ({"dag": ["0"], "uur": "x"}, 409, "Dat is geen tijd."),
        ({"dag": ["0"], "aantal": "99"}, 409, "Kies 1 tot 3 mails per week."),
        ({"dag": ["0"], "aantal": "²"}, 409, "Die keuze is er niet."),
    ],
)
def test_c13_a_form_that_cannot_be_is_refused_with_a_sentence(office, client, path, data, status, words) -> None:
    answer = client.post(path, data=form_of(client, path) | data, headers=HTML)
    assert (answer.status_code, stored(office)) == (status, (0, 0, 0))
    assert words in answer.text


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}],
)
def test_c13_a_form_from_another_site_changes_nothing(office, client, path, headers) -> None:
    data = form_of(client, path) | {"dag": ["0"], "van": "2027-02-01", "tot": "2027-02-12"}
    answers = [client.post(one, data=data, headers=headers) for one in (path, f"{path}/afwezig", f"{path}/terug")]
    assert ({one.status_code for one in answers}, stored(office)) == ({409}, (0, 0, 0))


def test_c13_a_link_of_one_person_is_no_link_of_another_and_no_link_for_something_else(office, client, path) -> None:
    other = path.replace(f"/{person(office, WHO)}.", f"/{person(office, DEPUTY)}.")
    wrong = [other, path + "x", path.replace("/ritme/", "/overzicht/"), "/ritme/x", "/ritme/9999.1.x"]
    assert {client.get(one).status_code for one in wrong} == {404}


def test_c13_the_form_of_one_page_does_not_work_on_the_page_of_another(office, client, path) -> None:
    theirs = form_of(client, rhythm_page_url(office, DEPUTY, NOW).removeprefix(office.settings.web.base_url))
    assert client.post(path, data=theirs | {"dag": ["0"]}).status_code == 409
    assert stored(office) == (0, 0, 0)


def test_only_a_secretariat_chooses_about_the_overview(office, client, path) -> None:
    may_change(client, office, OFFICE)
    mine = rhythm_page_url(office, OFFICE, NOW).removeprefix(office.settings.web.base_url)
    client.post(mine, data=form_of(client, mine) | {"dag": ["0", "1", "2", "3", "4"], "aantal": "3"})

    assert "weekoverzicht" not in client.get(path).text
    assert "Elke week een overzicht" in client.get(mine).text
    assert own_rhythm(office, person(office, OFFICE), NOW).has_overview is False


def test_b6_one_click_without_cookie_or_token_answers_200_and_stops_only_the_overview(office, client, overview_path):
    before = client.get(overview_path).text
    one_click = {
        "content": "List-Unsubscribe=One-Click",
        "headers": {"content-type": "application/x-www-form-urlencoded"},
    }
    answers = [client.post(overview_path, **one_click) for _ in range(2)]

    own = own_rhythm(office, person(office, OFFICE), NOW)
    assert "Stop het weekoverzicht" in before
    assert [(one.status_code, one.headers.get("location")) for one in answers] == [(200, None)] * 2
    assert (own.has_overview, own.rhythm) == (False, office.settings.usual_rhythm)
    assert stored(office) == (1, 0, 1)
