"""Signing in with the organisation's own account, against a real provider on loopback: rule C13, PKCE, state, nonce."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import select

from cycle.store.tables import DeskSession
from cycle.web.app import create_app
from tests.decided import decided
from tests.web.conftest import HTML, NOW, Clock, make_office

from .conftest import OURS, SECRETARY, Desk

pytest.importorskip("authlib", reason="authlib is not installed (pip install --require-hashes -r requirements.txt)")
from .issuer import Issuer

SECRET = "geheim-van-de-test"


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    made = Issuer("cycle", SECRET, int(NOW.timestamp()))
    yield made
    made.close()


@pytest.fixture
def office(issuer: Issuer, desk_template: Path, tmp_path: Path):
    file = tmp_path / "oidc.db"
    shutil.copy(desk_template, file)
    made = make_office(
        file,
        CYCLE__SIGNIN__OIDC__ISSUER=issuer.url,
        CYCLE__SIGNIN__OIDC__CLIENT_ID="cycle",
        CYCLE__SIGNIN__OIDC__CLIENT_SECRET=SECRET,
    )
    yield made
    made.database.close()


@pytest.fixture
def browser(office, clock: Clock) -> Desk:
    return Desk(create_app(office, clock), base_url=OURS, follow_redirects=False)


def leave(browser: Desk, naar: str = "") -> str:
    return browser.get(f"/aanmelden/oidc{f'?naar={naar}' if naar else ''}", headers=HTML).headers["location"]


def come_back(browser: Desk, code: str, state: str):
    return browser.get(f"/aanmelden/oidc/terug?code={code}&state={state}", headers=HTML)


def sessions(office) -> list[str]:
    with office.database.reading() as session:
        return list(session.exec(select(DeskSession.email)))


def test_the_same_person_is_signed_in_by_their_verified_address(office, issuer, browser):
    page = browser.page("/aanmelden?naar=/c/terneuzen/post")
    location = leave(browser, "/c/terneuzen/post")
    answer = come_back(browser, *issuer.consent(location, SECRETARY.upper()))
    question = parse_qs(urlsplit(location).query)

    assert "Aanmelden via de gemeente" in page
    assert {name: question[name] for name in ("response_type", "scope", "code_challenge_method", "redirect_uri")} == {
        "response_type": ["code"],
        "scope": ["openid email"],
        "code_challenge_method": ["S256"],
        "redirect_uri": [f"{OURS}/aanmelden/oidc/terug"],
    }
    assert (answer.status_code, answer.headers["location"]) == (303, "/c/terneuzen/post")
    assert "Post" in browser.page("/c/terneuzen/post")
    with office.database.reading() as session:
        last = decided(session)[-1]
    assert (last.by, last.verb, last.detail) == (SECRETARY, "aangemeld", "oidc")


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"aud": "another"},
        {"aud": ["cycle", "another"], "azp": "another"},
        {"iss": "https://evil.example"},
        {"exp": int(NOW.timestamp()) - 3600},
        {"email_verified": False},
        {"email_verified": None},
        {"email": ""},
        {"email": "niemand@nergens.example"},
    ],
)
def test_c13_a_token_that_is_not_for_this_person_here_and_now_signs_nobody_in(office, issuer, browser, claims):
    issuer.claims |= claims
    answer = come_back(browser, *issuer.consent(leave(browser), SECRETARY))

    assert (answer.status_code, sessions(office)) == (403, [])


def test_entra_says_in_its_own_way_that_an_address_was_verified(office, issuer, browser):
    issuer.claims = {"xms_edov": True}
    answer = come_back(browser, *issuer.consent(leave(browser), SECRETARY))

    assert (answer.status_code, sessions(office)) == (303, [SECRETARY])


def test_c13_a_token_of_another_key_signs_nobody_in(office, issuer, browser):
    from joserfc.jwk import RSAKey

    issuer.signs_with = RSAKey.generate_key(2048, parameters={"kid": "een"})
    answer = come_back(browser, *issuer.consent(leave(browser), SECRETARY))

    assert (answer.status_code, sessions(office)) == (403, [])


def test_c13_a_state_of_another_browser_or_of_before_is_refused(office, issuer, browser, clock):
    other = Desk(browser.app, base_url=OURS, follow_redirects=False)
    code, state = issuer.consent(leave(browser), SECRETARY)
    stolen = come_back(other, code, state)
    forged = come_back(browser, code, "forged")
    clock.at = NOW + timedelta(minutes=11)
    late = come_back(browser, code, state)

    assert [one.status_code for one in (stolen, forged, late)] == [403, 403, 403]
    assert sessions(office) == []


def test_a_code_works_once(office, issuer, browser):
    code, state = issuer.consent(leave(browser), SECRETARY)
    first = come_back(browser, code, state)
    again = come_back(browser, code, state)

    assert (first.status_code, again.status_code, len(sessions(office))) == (303, 403, 1)


def test_a_service_that_is_away_is_said(issuer, browser):
    issuer.close()
    answer = browser.get("/aanmelden/oidc", headers=HTML)

    assert (answer.status_code, "vraag een link per mail aan" in answer.text) == (400, True)
