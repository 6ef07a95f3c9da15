"""What was typed survives signing in again: kept for an hour, for who typed it, in the browser where they did."""

import re
from collections.abc import Callable
from datetime import timedelta
from os.path import commonpath
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from markupsafe import escape
from sqlmodel import select

from cycle.actions.office.office import Office
from cycle.actions.office.signing import open_signer
from cycle.actions.signin import signing_in, typed_forms
from cycle.domain.model import Role
from cycle.store.tables import Covenant, DeskSession, Membership, PartyRow, Person, TypedForm
from cycle.web import cookies
from cycle.web.formkeys import FIELD
from cycle.web.once import PAGE
from cycle.web.refill import OF_THE_PAGE
from tests.web.conftest import HTML, Clock, hidden_of

from .conftest import OURS, SECRETARY, TREKKER, Desk, signed, words_of
from .test_sent_twice import FORM, HERE, browser, forms_of_the_desk, person
from .test_signing_in import Browser, links, press
from .test_the_walk import GETS, dump, filled

__all__ = ["browser"]

NEW, SECRET_WORDS = "/c/terneuzen/mensen/toevoegen", "Vertrouwelijk: Jansen & <Zoon> “€ 5”"
PERSON = {"pagina": NEW, "naam": SECRET_WORDS, "adres": "an.jansen@clavis.example", "partij": "clavis", "rol": "reader"}


def run_out(desk: Desk, office: Office, clock: Clock) -> str:
    """An hour passes without a click; gives the cookie that was good before it."""
    before = desk.cookies[cookies.SESSION]
    token = before.split(".")[0]
    late = cookies.session_value(open_signer(office.settings), token, clock.at - timedelta(minutes=61))
    desk.cookies.set(cookies.SESSION, late)
    return before


def back_in(desk: Desk, office: Office, clock: Clock, email: str = SECRETARY) -> None:
    """Signs in again in the same browser: another session."""
    signed(desk, office, email, clock)


def kept(office: Office) -> list[TypedForm]:
    with office.database.reading() as session:
        return list(session.exec(select(TypedForm)).all())


def page_after(answer: Any) -> str:
    """The page to which signing in leads."""
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/aanmelden"), answer.text[:300]
    return unquote(answer.headers["location"].partition("?naar=")[2])


def pages_of(desk: Desk) -> dict[str, str]:
    """The pages that can be looked at, and their words."""
    pages = {path: desk.get(path, headers=HTML) for path in map(filled, GETS) if path.startswith("/c/")}
    return {path: answer.text for path, answer in pages.items() if answer.status_code == 200}


def page_with(desk: Desk, action: str, pages: dict[str, str]) -> str:
    """The page on which a form stands, as the form says; nothing when it stands on none that can be looked at.

    It is looked for where it stood before, then on pages with an address like its own, and then on any other.
    """
    above = [action.rsplit("/", count)[0] for count in range(action.count("/") - 2)]
    had_it = [path for path, html in pages.items() if f'action="{action}"' in html]
    nearest_first = sorted(pages, key=lambda path: -len(commonpath([path, action])))
    for path in dict.fromkeys([*had_it, *above, *nearest_first]):
        answer = desk.get(path, headers=HTML)
        for form in FORM.findall(answer.text) if answer.status_code == 200 else []:
            if f'action="{action}"' in form:
                return hidden_of(form, PAGE)[PAGE]
    return ""


NOWHERE = {
    "/mensen/lijst",
    "/post/laten-gaan",
    "/uitnodigingsbrief/{year}/overleg-melden",
    "/voortgang/zinnen",
}
"""Forms of which something is listed, for they stand on no page that can be opened: they are on the page that asks
whether it is sure, that shows what each line of a list does, or that has them as long as there is something to tell."""


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_every_form_of_the_desk_comes_back_filled_and_does_nothing_by_itself(
    office: Office, browser: Desk, clock: Clock, tmp_path: Path
) -> None:
    """On one engine: every form is kept in the same row of the same table, which the tests below ask of either; and
    each of them is carried out on either by `test_sent_twice`. What is walked here is how pages are filled in."""
    with office.database.writing() as session:
        row = session.exec(select(Covenant).where(Covenant.slug == "terneuzen")).one()
        row.released_at = None
        session.add(row)
    nowhere, pages = set(), pages_of(browser)
    for route, path, filled_in in forms_of_the_desk(office, browser, tmp_path):
        fields = dict(filled_in)
        files = fields.pop("files", None)
        where = page_with(browser, f"{HERE}{path}", pages)
        form = {"form": browser.form, FIELD: browser.new_key(), PAGE: where, **fields}
        before, good = dump(office), run_out(browser, office, clock)
        refused = browser.post(f"{HERE}{path}", data=form, files=files, headers=HTML)
        assert {name for name, rows in dump(office).items() if rows != before[name]} == {"typed_form"}, path
        browser.cookies.set(cookies.SESSION, good)

        assert page_after(refused) == where or f"{HERE}/jaar", path
        html = browser.page(page_after(refused))
        assert ("Niet verstuurd" in html, browser.form in html) == (True, True), path
        for name, value in fields.items():
            for one in [value] if isinstance(value, str) else value:
                assert name in OF_THE_PAGE or not one or str(escape(one)) in html, (path, name, one)
        if "Dit kon niet worden teruggezet" in html:
            nowhere.add(route)
        if files:
            names = [file_name for _name, (file_name, *_rest) in files]
            which = "dit bestand" if len(names) == 1 else "deze bestanden"
            assert f"Kies {which} opnieuw: {', '.join(names)}." in words_of(html), path
        browser.last = browser.post(f"{HERE}{path}", data=form, files=files, headers=HTML)
        assert browser.last.status_code == 303, path
        assert kept(office) == [], path
    assert sorted(nowhere) == sorted(NOWHERE)


def test_a_form_comes_back_with_each_kind_of_field_and_a_key_of_its_own(
    office: Office, desk: Desk, clock: Clock
) -> None:
    first = desk.page(NEW)
    run_out(desk, office, clock)
    refused = desk.submit(NEW, PERSON)
    ask = words_of(desk.page(refused.headers["location"]))
    back_in(desk, office, clock)
    html = desk.page(page_after(refused))
    [form] = [one for one in FORM.findall(html) if f'action="{NEW}"' in one]

    assert page_after(refused) == NEW
    assert "Wat u invulde, is bewaard." in ask
    assert 'name="naam" type="text" autocomplete' in re.sub(r' value="[^"]*"', "", form)
    assert f'value="{escape(SECRET_WORDS)}"' in form
    assert 'value="an.jansen@clavis.example"' in form
    assert re.findall(r"<option value=\"(\w+)\"[^>]* selected>", form) == ["clavis", "reader"]
    assert (f'name="form" value="{desk.form}"' in form, len(re.findall(FIELD, form))) == (True, 1)
    assert "Wat u invulde, staat er weer." in words_of(html)
    assert "Wat u invulde" not in words_of(first)
    assert desk.page(NEW).count(str(escape(SECRET_WORDS))) == 1  # it is still there when the page is looked at again


def test_what_is_kept_is_not_to_be_read_without_that_browser(office: Office, desk: Desk, clock: Clock) -> None:
    run_out(desk, office, clock)
    refused = desk.submit(NEW, PERSON)
    [row] = kept(office)
    secret = desk.cookies[cookies.TYPED]
    [put] = [one for one in refused.headers.get_list("set-cookie") if one.startswith(f"{cookies.TYPED}=")]
    in_the_table, in_the_address = repr(row.model_dump()), refused.headers["location"]

    assert [word for word in ("Jansen", "clavis", "secretariaat", "mensen", secret) if word in in_the_table] == []
    assert [word for word in ("Jansen", "clavis", "reader", secret) if word in in_the_address] == []
    assert {"httponly", "samesite=lax", "max-age=3600", "path=/"} <= {one.strip().lower() for one in put.split(";")}
    assert typed_forms.given_back(office, secret + "x", SECRETARY, clock.at) == []
    assert typed_forms.given_back(office, secret, TREKKER, clock.at) == []
    assert [one.address for one in typed_forms.given_back(office, secret, SECRETARY, clock.at)] == [NEW]


def test_a_changed_row_is_no_form(office: Office, desk: Desk, clock: Clock) -> None:
    run_out(desk, office, clock)
    desk.submit(NEW, PERSON)
    secret = desk.cookies[cookies.TYPED]
    for at in (0, 20, 60):
        with office.database.writing() as session:
            row = session.exec(select(TypedForm)).one()
            before = row.content
            row.content = before[:at] + bytes([before[at] ^ 1]) + before[at + 1 :]
            session.add(row)
        assert typed_forms.given_back(office, secret, SECRETARY, clock.at) == []
        with office.database.writing() as session:
            row = session.exec(select(TypedForm)).one()
            row.content = before
            session.add(row)
    assert len(typed_forms.given_back(office, secret, SECRETARY, clock.at)) == 1


def test_another_person_in_the_same_browser_and_the_same_person_in_another_see_nothing(
    office: Office, desk: Desk, clock: Clock
) -> None:
    with office.database.writing() as session:  # the other one may open the same page
        party = session.exec(select(PartyRow.id).where(PartyRow.slug == "gemeente")).first()
        other = Person(name="Tweede", email="tweede@terneuzen.example")
        session.add(other)
        session.flush()
        session.add(Membership(person_id=other.id or 0, party_id=party or 0, role=Role.SECRETARIAT.value))
    run_out(desk, office, clock)
    page = page_after(desk.submit(NEW, PERSON))
    elsewhere = signed(Desk(desk.app, base_url=OURS, follow_redirects=False), office, SECRETARY, clock)
    back_in(desk, office, clock, "tweede@terneuzen.example")
    theirs = desk.page(page)
    back_in(desk, office, clock)

    assert [str(escape(SECRET_WORDS)) in html for html in (theirs, elsewhere.page(page), desk.page(page))] == [
        False,
        False,
        True,
    ]


def test_it_is_kept_for_an_hour_and_of_one_person_five_at_most(office: Office, desk: Desk, clock: Clock) -> None:
    run_out(desk, office, clock)
    for number in range(7):
        clock.at += timedelta(seconds=1)
        desk.submit(f"{NEW}?x={number}", PERSON)
    assert len(kept(office)) == 5
    clock.at += timedelta(minutes=61)
    secret = desk.cookies[cookies.TYPED]
    assert typed_forms.given_back(office, secret, SECRETARY, clock.at) == []
    typed_forms.forget_typed_forms(office, clock.at)
    assert kept(office) == []


def test_what_is_too_long_to_keep_is_said_and_kept_nowhere(office: Office, desk: Desk, clock: Clock) -> None:
    run_out(desk, office, clock)
    answer = desk.submit(NEW, PERSON | {"naam": "x" * 250_000})

    assert (answer.status_code, kept(office)) == (413, [])
    assert "te lang om te bewaren" in answer.text


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
def test_no_other_site_puts_words_into_a_form(
    office: Office, desk: Desk, clock: Clock, headers: dict[str, str]
) -> None:
    run_out(desk, office, clock)
    form = {"form": desk.form, FIELD: desk.new_key(), **PERSON}
    crossed = desk.post(NEW, data=form, headers=HTML | headers)
    without = desk.post(NEW, data=form | {"form": "0" * 64}, headers=HTML)
    nobody = Desk(desk.app, base_url=OURS, follow_redirects=False)
    made_up = [
        nobody.post(NEW, data=form, headers=HTML | {"cookie": f"{cookies.SESSION}={value}"}) for value in ("", "a.1.b")
    ]

    assert [one.status_code for one in (crossed, without, *made_up)] == [403] * 4
    assert kept(office) == []


def test_a_session_that_ended_on_another_day_still_gives_back_what_was_typed(
    office: Office, desk: Desk, clock: Clock
) -> None:
    clock.at += timedelta(hours=20)
    signing_in.forget_sign_ins(office, clock.at)
    run_out(desk, office, clock)
    refused = desk.submit(NEW, PERSON)
    back_in(desk, office, clock)

    assert str(escape(SECRET_WORDS)) in desk.page(page_after(refused))


def test_a_session_of_which_nobody_knows_any_more_whose_it_was_gets_a_sentence(
    office: Office, desk: Desk, clock: Clock
) -> None:
    run_out(desk, office, clock)
    clock.at += timedelta(days=8)
    signing_in.forget_sign_ins(office, clock.at)
    answer = desk.submit(NEW, PERSON)

    assert (answer.status_code, "U bent niet (meer) aangemeld." in answer.text) == (403, True)
    with office.database.reading() as session:
        assert session.exec(select(DeskSession)).all() == []


def test_a_button_of_a_session_that_ended_is_not_pressed_by_itself(office: Office, desk: Desk, clock: Clock) -> None:
    before = dump(office)["covenant"]
    run_out(desk, office, clock)
    refused = desk.submit("/c/terneuzen/openbaar", {"stand": "uit", "pagina": "/c/terneuzen/openbaar"})
    back_in(desk, office, clock)
    html = desk.page(page_after(refused))

    assert (page_after(refused), dump(office)["covenant"] == before) == ("/c/terneuzen/openbaar", True)
    assert "Er is nog niets gedaan." in words_of(html)


def test_signing_out_of_a_session_that_ended_asks_nobody_to_sign_in(office: Office, desk: Desk, clock: Clock) -> None:
    run_out(desk, office, clock)

    assert [desk.submit(path).status_code for path in ("/afmelden", "/mij/overal-afmelden")] == [403] * 2
    assert kept(office) == []


def test_the_whole_way_by_mail_leads_back_to_the_filled_form(office: Office, desk: Desk, clock: Clock) -> None:
    run_out(desk, office, clock)
    refused = desk.submit(NEW, PERSON)
    person = Browser(desk.app, base_url=OURS, follow_redirects=False)
    person.cookies = desk.cookies
    assert person.ask(SECRETARY, naar=page_after(refused)).status_code == 303
    in_again = press(person, links(office)[-1])

    assert in_again.headers["location"] == NEW
    assert str(escape(SECRET_WORDS)) in person.page(in_again.headers["location"])


def test_a_version_goes_back_as_it_was_so_that_what_others_did_meanwhile_is_noticed(
    office: Office, desk: Desk, sign_in: Callable[[str], Desk], clock: Clock
) -> None:
    path = f"/c/terneuzen/mensen/{person(office, TREKKER)}"
    action = f"{path}/gegevens"
    version = version_in(desk, path, action)
    mine = {"version": version, "naam": "Van mij", "adres": "van.mij@clavis.example", PAGE: path}
    run_out(desk, office, clock)
    refused = desk.submit(action, mine)
    theirs = mine | {"naam": "Van een ander", "adres": "ander@clavis.example"}
    meanwhile = sign_in(SECRETARY).submit(action, theirs)
    back_in(desk, office, clock)
    given_back = version_in(desk, page_after(refused), action)
    sent = desk.submit(action, mine | {"version": given_back})

    assert (meanwhile.status_code, given_back, sent.status_code) == (303, version, 409)


def version_in(desk: Desk, page: str, action: str) -> str:
    """The version in the form for this address."""
    [form] = [one for one in FORM.findall(desk.page(page)) if f'action="{action}"' in one]
    return hidden_of(form, "version")["version"]
