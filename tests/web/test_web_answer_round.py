"""A whole progress round answered on one screen: one choice per agreement, one button, nothing lost (issue 15)."""

import re
from html import unescape

from starlette.testclient import TestClient

from cycle.actions.office.office import Office
from cycle.web.formkeys import FIELD
from tests.actions.mailbox import act, at

from .conftest import HTML, hidden_of
from .test_web_answer import (
    CLAVIS,
    asked,
    client,
    clock,
    contents,
    engines,
    given,
    links_in,
    quick_asked,
    quick_client,
    row_of,
)

__all__ = ["asked", "client", "clock", "contents", "engines", "quick_asked", "quick_client"]


def round_form(html: str) -> str:
    """The form of the round, or nothing."""
    return next((one for one in re.findall(r"<form.+?</form>", html, re.S) if 'value="ronde"' in one), "")


def marks_in(form: str) -> list[str]:
    return re.findall(r'<li id="ronde-([^"]+)"', form)


def chosen_in(form: str) -> dict[str, str]:
    """What is chosen already, by row."""
    return dict(re.findall(r'name="stand-([^"]+)" value="([^"]+)" checked', form))


def send_round(client: TestClient, path: str, form: str, **fields: str):
    return client.post(path, data=hidden_of(form, "rij", "form", FIELD) | fields, headers=HTML)


def test_a_round_is_answered_with_one_choice_for_each_agreement_and_one_button(asked: Office, client: TestClient):
    [path] = links_in(asked)[CLAVIS]
    form = round_form(client.get(path, headers=HTML).text)
    marks = marks_in(form)

    page = send_round(client, path, form, **{f"stand-{mark}": "groen" for mark in marks}).text

    assert len(marks) > 8
    assert [[one.stand for one in given(asked, mark)] for mark in marks] == [["groen"]] * len(marks)
    assert f"Bewaard: {len(marks)} antwoorden" in page
    assert round_form(page) == ""


def test_what_was_said_last_is_chosen_already_and_said_again_by_the_button_alone(quick_asked, quick_client, clock):
    [path] = links_in(quick_asked)[CLAVIS]
    form = round_form(quick_client.get(path, headers=HTML).text)
    first, second = marks_in(form)[:2]
    send_round(
        quick_client,
        path,
        form,
        **{f"stand-{first}": "oranje", f"zin-{first}": "Wacht op cijfers", f"stand-{second}": "groen"},
    )
    act(quick_asked, at("2027-08-27"))
    clock.at = at("2027-08-27", 12)
    autumn = links_in(quick_asked)[CLAVIS][-1]

    form = round_form(quick_client.get(autumn, headers=HTML).text)

    assert chosen_in(form) == {first: "oranje", second: "groen"}
    assert "Laatste bericht op 25 februari: oranje, Wacht op cijfers. Nog zo?" in unescape(form)
    send_round(quick_client, autumn, form, **{f"stand-{mark}": stand for mark, stand in chosen_in(form).items()})
    assert [one.stand for one in given(quick_asked, first)] == ["oranje", "oranje"]


def test_what_is_not_answered_stays_and_a_fault_keeps_all_that_was_typed(quick_asked, quick_client):
    [path] = links_in(quick_asked)[CLAVIS]
    form = round_form(quick_client.get(path, headers=HTML).text)
    first, second, *others = marks_in(form)

    answer = send_round(
        quick_client,
        path,
        form,
        **{f"stand-{first}": "groen", f"stand-{second}": "rood", f"zin-{second}": "é" * 301, "naam": "Jan"},
    )

    left = round_form(answer.text)
    assert answer.status_code == 422
    assert marks_in(left) == [second, *others]
    assert chosen_in(left) == {second: "rood"}
    assert "é" * 301 in left
    assert "dit zijn er 301" in left
    assert [[one.stand for one in given(quick_asked, mark)] for mark in (first, second)] == [["groen"], []]


def test_a_form_that_stood_open_too_long_or_says_nothing_keeps_nothing_and_loses_nothing(
    quick_asked, quick_client, clock
):
    [path] = links_in(quick_asked)[CLAVIS]
    form = round_form(quick_client.get(path, headers=HTML).text)
    mark = marks_in(form)[0]
    nothing = send_round(quick_client, path, form)
    clock.at = at("2027-03-10", 10)

    late = send_round(quick_client, path, form, **{f"stand-{mark}": "rood", f"zin-{mark}": "Te duur"})

    assert (nothing.status_code, late.status_code, given(quick_asked, mark)) == (422, 422, [])
    assert "Dit formulier stond lang open" in late.text
    assert chosen_in(round_form(late.text)) == {mark: "rood"}
    assert "Te duur" in round_form(late.text)
    again = send_round(quick_client, path, round_form(late.text), **{f"stand-{mark}": "rood", f"zin-{mark}": "Te duur"})
    assert (again.status_code, [one.sentence for one in given(quick_asked, mark)]) == (200, ["Te duur"])


def test_a_round_that_is_sent_twice_is_kept_once(quick_asked, quick_client):
    [path] = links_in(quick_asked)[CLAVIS]
    form = round_form(quick_client.get(path, headers=HTML).text)
    fields = {f"stand-{mark}": "groen" for mark in marks_in(form)}

    first, second = (send_round(quick_client, path, form, **fields) for _time in range(2))

    assert (first.status_code, second.status_code) == (200, 200)
    assert {len(given(quick_asked, mark)) for mark in marks_in(form)} == {1}


def test_a_second_window_of_a_round_keeps_what_was_chosen_there_and_not_what_stood_there(quick_asked, quick_client):
    [path] = links_in(quick_asked)[CLAVIS]
    first_window, second_window = (round_form(quick_client.get(path, headers=HTML).text) for _window in range(2))
    first, second = marks_in(first_window)[:2]
    send_round(quick_client, path, first_window, **{f"stand-{mark}": "groen" for mark in (first, second)})

    same = send_round(quick_client, path, second_window, **{f"stand-{first}": "groen"})
    other = round_form(quick_client.get(path, headers=HTML).text)
    changed = send_round(quick_client, path, other, **{f"stand-{first}": "rood", f"stand-{second}": "groen"})
    long = send_round(
        quick_client,
        path,
        round_form(changed.text),
        **{f"stand-{first}": "oranje", f"zin-{first}": "x" * 3000},
    )

    assert [[one.stand for one in given(quick_asked, mark)] for mark in (first, second)] == [
        ["rood", "groen"],
        ["groen"],
    ]
    assert (same.status_code, changed.status_code, long.status_code) == (200, 200, 422)
    assert "Bewaard: 1 antwoord." in same.text
    assert "x" * 3000 in round_form(long.text)


def test_the_round_asks_only_what_the_mail_asked_and_only_who_may_answer(quick_asked, quick_client):
    [path] = links_in(quick_asked)[CLAVIS]
    page = quick_client.get(path, headers=HTML).text
    row = row_of(quick_asked, "Vrije toewijzingsruimte", "clavis")

    strange = send_round(quick_client, path, round_form(page), **{"stand-t1-gemeente": "rood", f"stand-{row}": "paars"})

    assert strange.status_code == 422
    assert given(quick_asked, "t1-gemeente") == given(quick_asked, row) == []
