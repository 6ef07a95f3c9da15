"""Signing in by a link in a mail: rule C13."""

import re
import statistics
import threading
import time
from base64 import urlsafe_b64decode
from contextlib import suppress
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from cycle.actions.office.mailed import secret_of
from cycle.actions.office.signing import open_signer
from cycle.actions.post.delivery.delivering import deliver_mails, open_pace, open_transport
from cycle.actions.signin import signing_in
from cycle.actions.signin.asking import From
from cycle.actions.signin.known_browsers import known_as, remembered
from cycle.actions.signin.signing_in import code_of
from cycle.errors import Refused
from cycle.mail.seals import with_secret
from cycle.store.outbox import standstill
from cycle.store.outbox.labels import SENT, SIGN_IN
from cycle.store.tables import DeskSession, Message, SignIn
from cycle.web import cookies
from cycle.web.app import create_app
from cycle.web.formkeys import FIELD
from tests.actions.mailbox import mails
from tests.decided import decided
from tests.web.conftest import HTML, NOW, hidden_of, make_office

from .conftest import OURS, SECRETARY, TREKKER, Desk, words_of

NOBODY = "niemand@nergens.example"


class Browser(Desk):
    """A browser in which nobody is signed in yet."""

    def ask(self, address: str, **data: str):
        """Fills in the sign-in form."""
        return self.submit("/aanmelden", hidden_of(self.page("/aanmelden"), "form", FIELD) | {"adres": address, **data})


@pytest.fixture
def app(office, clock):
    return create_app(office, clock)


@pytest.fixture
def browser(app) -> Browser:
    return Browser(app, base_url=OURS, follow_redirects=False)


def token_in(html: str) -> str:
    return re.findall(r'name="form" value="([^"]+)"', html)[0]


def rows(office, kind):
    with office.database.reading() as session:
        return session.exec(select(kind).order_by(col(kind.id))).all()


def links(office) -> list[str]:
    """The paths of the links in the mails that wait, as these will leave."""
    found = []
    for row in rows(office, Message):
        if row.kind == SIGN_IN and row.body:
            leaves = with_secret(row.body, secret_of(office.settings, row.key.partition(":")[2]))
            text = message_from_bytes(leaves, policy=policy.default).get_body(("plain",)).get_content()
            found += re.findall(rf"{OURS}(/aanmelden/\S+)", text)
    return found


def press(browser: Browser, path: str, **data: str):
    """Opens a link and presses its button."""
    return browser.submit(path, hidden_of(browser.page(path), "form", FIELD) | data)


def test_c13_a_link_signs_in_the_browser_that_asked(office, browser, clock):
    asked = browser.ask(f"  {SECRETARY.upper()} ", naar="/c/terneuzen/jaar?x=1")
    [link] = links(office)
    answer = press(browser, link)

    assert (asked.status_code, asked.headers["location"]) == (303, "/aanmelden/onderweg")
    assert (answer.status_code, answer.headers["location"]) == (303, "/c/terneuzen/jaar?x=1")
    assert "Het jaar" in browser.page("/c/terneuzen/jaar")
    with office.database.reading() as session:
        assert decided(session)[-1].verb == "aangemeld"


def test_c13_what_is_kept_opens_nothing(office, browser):
    browser.ask(SECRETARY)
    [link] = links(office)
    answer = press(browser, link)
    token, value = link.rpartition("/")[2], answer.cookies[cookies.SESSION]

    kept = "".join(str(row.model_dump()) for kind in (SignIn, DeskSession) for row in rows(office, kind))
    assert [secret for secret in (token, value, value.split(".")[0]) if secret in kept] == []
    assert len(token) == 43


def test_c13_a_link_works_once_and_a_quarter_of_an_hour(office, browser, clock):
    browser.ask(SECRETARY)
    browser.ask(SECRETARY)
    first, second = links(office)
    answers = [press(browser, first).status_code]
    again = browser.get(first, headers=HTML)
    clock.at += timedelta(minutes=15)
    late = browser.get(second, headers=HTML)

    assert answers == [303]
    assert [(one.status_code, "Deze link werkt niet meer" in one.text) for one in (again, late)] == [(410, True)] * 2


def test_c13_of_fifty_that_press_at_once_one_is_signed_in(office, browser):
    browser.ask(SECRETARY)
    [link] = links(office)
    token, mine = link.rpartition("/")[2], browser.cookies[cookies.BROWSER]
    won: list[str] = []

    def spend() -> None:
        with suppress(Refused):
            won.append(signing_in.spend(office, token, NOW, browser=mine).token)

    threads = [threading.Thread(target=spend) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(won), len(set(won))) == (50, 1)  # each click of one browser gives it the same session
    assert len(rows(office, DeskSession)) == 1


def test_a_double_click_signs_in_and_a_link_that_was_signed_out_of_opens_nothing(office, browser, app):
    browser.ask(SECRETARY)
    [link] = links(office)
    form = hidden_of(browser.page(link), "form", FIELD)
    mine = {"cookie": f"{cookies.BROWSER}={browser.cookies[cookies.BROWSER]}"}
    browser.cookies.clear()
    first, second = (browser.post(link, data=form, headers=mine) for _ in range(2))
    elsewhere = Browser(app, base_url=OURS, follow_redirects=False)
    stolen = elsewhere.post(link, data=hidden_of(elsewhere.page("/aanmelden"), "form", FIELD))
    same = {one.cookies[cookies.SESSION] for one in (first, second)}
    [value] = same
    browser.cookies.clear()
    out = {"form": cookies.form_token(value.split(".")[0])}
    left = [browser.post("/afmelden", data=out, headers={"cookie": f"{cookies.SESSION}={value}"}) for _ in range(2)]
    browser.cookies.clear()
    late = browser.post(link, data=form, headers=mine)

    assert [(one.status_code, one.headers["location"]) for one in (first, second)] == [(303, "/bureau")] * 2
    assert (stolen.status_code, late.status_code) == (410, 410)
    assert [(one.status_code, one.headers["location"]) for one in left] == [(303, "/")] * 2


def test_c13_another_browser_needs_the_code(office, browser, app):
    browser.ask(SECRETARY)
    [link] = links(office)
    shown = words_of(browser.page("/aanmelden/onderweg"))
    code = code_of(office, browser.cookies[cookies.BROWSER])
    other = Browser(app, base_url=OURS, follow_redirects=False)

    without = press(other, link)
    wrong = press(other, link, code="000000" if code != "000000" else "111111")
    right = press(other, link, code=f"{code[:3]} {code[3:]}")

    assert f"{code[:3]} {code[3:]}" in shown
    assert [one.status_code for one in (without, wrong, right)] == [409, 409, 303]
    assert "Die code klopt niet." in wrong.text
    assert "Het jaar" in other.page("/c/terneuzen/jaar")


def test_c13_five_wrong_codes_are_the_end_of_a_link(office, browser, app):
    browser.ask(SECRETARY)
    [link] = links(office)
    code = code_of(office, browser.cookies[cookies.BROWSER])
    other = Browser(app, base_url=OURS, follow_redirects=False)
    form = token_in(other.page(link))
    answers = [other.post(link, data={"form": form, "code": "x"}).status_code for _ in range(5)]
    last = other.post(link, data={"form": form, "code": code})

    assert answers == [409, 409, 409, 409, 410]
    assert (last.status_code, rows(office, DeskSession)) == (410, [])


def test_b8_looking_at_a_link_spends_nothing(office, browser):
    browser.ask(SECRETARY)
    [link] = links(office)
    before = [row.model_dump() for row in rows(office, SignIn)]
    seen = [browser.get(link).status_code for _ in range(3)] + [browser.head(link).status_code]

    assert (seen, [row.model_dump() for row in rows(office, SignIn)]) == ([200] * 4, before)
    assert press(browser, link).status_code == 303


def test_c13_an_unknown_address_gets_the_same_answer_and_no_mail(office, browser):
    known, unknown = browser.ask(SECRETARY), browser.ask(NOBODY)

    assert (known.status_code, known.headers["location"]) == (unknown.status_code, unknown.headers["location"])
    assert known.content == unknown.content
    assert [row.to for row in rows(office, Message) if row.kind == SIGN_IN] == [SECRETARY]
    assert NOBODY not in str([row.model_dump() for row in rows(office, SignIn)])


def test_c13_an_unknown_address_takes_about_as_long(office):
    took: dict[str, list[float]] = {SECRETARY: [], NOBODY: []}
    for number in range(24):
        for address, times in took.items():
            began = time.thread_time()
            try:
                signing_in.ask(
                    office, address, NOW + timedelta(hours=number), browser="b", asked_from=From(f"n{number}")
                )
            except Refused:
                pytest.fail("too often")
            times.append(time.thread_time() - began)
    known, unknown = (statistics.median(times[4:]) for times in took.values())

    assert abs(known - unknown) < 0.5 * max(known, unknown)


@pytest.mark.parametrize("address", [SECRETARY, NOBODY])
def test_c13_five_an_hour_for_one_address_from_one_network(office, browser, clock, address):
    asked = [browser.ask(address) for _ in range(6)]
    colleague = browser.ask(TREKKER)
    clock.at += timedelta(minutes=61)
    later = browser.ask(address)

    assert [one.status_code for one in asked] == [303] * 5 + [429]
    assert "Probeer het na 12.01 uur opnieuw." in asked[-1].text
    assert (colleague.status_code, later.status_code) == (303, 303)


@pytest.mark.parametrize("address", [SECRETARY, NOBODY])
def test_c13_strangers_of_the_whole_world_get_24_mails_a_day_to_one_address(office, app, clock, address):
    def asked(number: int) -> int:
        stranger = Browser(app, base_url=OURS, follow_redirects=False, client=(f"198.51.100.{number}", 1))
        return stranger.ask(address).status_code

    answers = [asked(number // 5) for number in range(26)]
    clock.at += timedelta(hours=13)
    at_night = [one for number in range(10) for one in [asked(60 + number)]]
    clock.at += timedelta(hours=11)

    assert answers == [303] * 24 + [429] * 2
    assert at_night == [429] * 10
    assert asked(80) == 303
    mailed = [row.to for row in rows(office, Message) if row.kind == SIGN_IN]
    assert len(mailed) == (25 if address == SECRETARY else 0)


def test_a_limit_that_ends_tomorrow_says_so(office, app, clock):
    clock.at = NOW.replace(hour=16)
    for number in range(25):
        stranger = Browser(app, base_url=OURS, follow_redirects=False, client=(f"198.51.100.{number}", 1))
        answer = stranger.ask(SECRETARY)

    assert "Probeer het morgen na 17.01 uur opnieuw." in answer.text
    assert "In een browser waarin u al eens was aangemeld, kan het nu ook." in answer.text


def test_a_town_hall_may_sign_in_from_one_network(office, browser, clock):
    limit = office.settings.signin.network_per_hour
    answers = [browser.ask(f"collega{number}@terneuzen.example").status_code for number in range(limit + 1)]
    elsewhere = Browser(browser.app, base_url=OURS, follow_redirects=False, client=("::ffff:203.0.113.5", 1))

    assert (limit, answers) == (60, [303] * 60 + [429])
    assert elsewhere.ask("collega0@terneuzen.example").status_code == 303


def test_an_old_address_written_as_a_new_one_is_a_network_of_its_own(office, app):
    def asking(host: str) -> list[int]:
        browser = Browser(app, base_url=OURS, follow_redirects=False, client=(host, 1))
        return [browser.ask(SECRETARY).status_code for _ in range(5)]

    asking("::ffff:192.0.2.1")

    assert asking("::ffff:192.0.2.2") == [303] * 5
    assert asking("192.0.2.1") == [429] * 5


def test_nobody_elsewhere_blocks_a_browser_that_was_signed_in_before(office, browser, app, clock):
    browser.ask(SECRETARY)
    press(browser, links(office)[0])
    browser.submit("/afmelden", {"form": cookies.form_token(browser.cookies[cookies.SESSION].split(".")[0])})
    for number in range(40):  # strangers, from the same town hall and from everywhere
        host = "testclient" if number < 8 else f"198.51.100.{number}"
        Browser(app, base_url=OURS, follow_redirects=False, client=(host, 1)).ask(SECRETARY)
    for number in range(70):
        Browser(app, base_url=OURS, follow_redirects=False).ask(f"collega{number}@terneuzen.example")

    stranger = Browser(app, base_url=OURS, follow_redirects=False)
    assert stranger.ask(SECRETARY).status_code == 429
    assert [browser.ask(SECRETARY).status_code for _ in range(6)] == [303] * 5 + [429]
    assert press(browser, links(office)[-1]).status_code == 303


def test_a_session_of_before_browsers_were_known_makes_its_browser_known_at_the_next_page(office, sign_in, app):
    desk = sign_in(SECRETARY)  # a session, and nothing else
    desk.page("/c/terneuzen/jaar")
    once = desk.cookies[cookies.KNOWN]
    desk.page("/c/terneuzen/jaar")
    for number in range(40):
        Browser(app, base_url=OURS, follow_redirects=False, client=(f"198.51.100.{number}", 1)).ask(SECRETARY)

    mine, strange = (
        Browser(app, base_url=OURS, follow_redirects=False),
        Browser(app, base_url=OURS, follow_redirects=False),
    )
    mine.cookies.set(cookies.KNOWN, once)
    assert desk.cookies[cookies.KNOWN] == once
    assert (strange.ask(SECRETARY).status_code, mine.ask(SECRETARY).status_code) == (429, 303)


def test_a_known_browser_has_an_allowance_of_its_own_and_no_more(office, browser, clock):
    browser.ask(SECRETARY)
    press(browser, links(office)[0])
    answers = []
    for _ in range(4):
        answers += [browser.ask(SECRETARY).status_code for _ in range(6)]
        clock.at += timedelta(minutes=61)

    assert answers == ([303] * 5 + [429]) * 3 + [429] * 6
    assert "In een browser waarin" not in browser.ask(SECRETARY).text  # it is one


def test_a_browser_is_known_for_the_addresses_that_were_signed_in_in_it_alone(office, browser, app, clock):
    for address in (SECRETARY, TREKKER):
        browser.ask(address)
        press(browser, links(office)[-1])
    today = NOW.date()
    value, signer = browser.cookies[cookies.KNOWN], open_signer(office.settings)

    assert [bool(known_as(signer, value, one, today)) for one in (SECRETARY, TREKKER, NOBODY)] == [True, True, False]
    names = {known_as(signer, value, one, today) for one in (SECRETARY, TREKKER)}
    assert len(names) == 2
    again = remembered(signer, value, SECRETARY, today + timedelta(days=399))
    assert known_as(signer, again, SECRETARY, today) == ""  # from a clock that stood wrong
    assert known_as(signer, again, SECRETARY, today + timedelta(days=500)) in names  # it keeps its name
    assert known_as(signer, again, TREKKER, today + timedelta(days=401)) == ""
    assert known_as(signer, value, SECRETARY, today + timedelta(days=400)) in names


def test_what_a_browser_keeps_of_who_was_signed_in_is_no_address_and_opens_nothing(office, browser, app):
    browser.ask(SECRETARY)
    answer = press(browser, links(office)[0])
    [put] = [one for one in answer.headers.get_list("set-cookie") if one.startswith(f"{cookies.KNOWN}=")]
    value = browser.cookies[cookies.KNOWN]
    plain = value + "".join(
        urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode("latin-1") for part in re.split("[.~]", value)
    )
    thief = Browser(app, base_url=OURS, follow_redirects=False)
    thief.cookies.set(cookies.KNOWN, value)

    assert [word for word in ("secretariaat", "terneuzen", "@t") if word in plain] == []
    assert {"httponly", "samesite=lax", f"max-age={400 * 86400}", "path=/"} <= {
        one.strip().lower() for one in put.split(";")
    }
    assert thief.get("/mij").status_code == 303
    assert value not in "".join(str(row.model_dump()) for kind in (SignIn, DeskSession) for row in rows(office, kind))


@pytest.mark.parametrize("made_up", ["", "x", "a.b.c", "~~~", "a.738000.x" * 50, "é.1.2", "a.99999999999.b", "a.-1.b"])
def test_a_cookie_of_a_known_browser_that_was_made_up_is_that_of_a_stranger(office, made_up):
    assert known_as(open_signer(office.settings), made_up, SECRETARY, NOW.date()) == ""
    assert known_as(
        open_signer(office.settings),
        remembered(open_signer(office.settings), made_up, SECRETARY, NOW.date()),
        SECRETARY,
        NOW.date(),
    )


def test_c13_a_known_browser_learns_nothing_of_an_address(office, browser):
    browser.ask(SECRETARY)
    press(browser, links(office)[0])
    known = [browser.ask(one) for one in (SECRETARY, TREKKER, NOBODY)]

    assert len({(one.status_code, one.headers["location"], one.content) for one in known}) == 1


@pytest.mark.parametrize("address", ["", "geen adres", "x" * 300, "wonén@terneuzen.example"])
def test_what_is_no_address_is_said_by_the_field(office, browser, address):
    answer = browser.ask(address)

    assert answer.status_code == 422
    assert 'aria-describedby="veld-adres-uitleg veld-adres-fout" aria-invalid="true"' in answer.text
    assert 'href="#veld-adres"' in answer.text
    assert rows(office, SignIn) == []


def test_c13_a_foreign_host_gets_400_and_no_mail(office, browser):
    browser.form = token_in(browser.page("/aanmelden"))
    headers = HTML | {"host": "evil.example", "x-forwarded-host": "evil.example"}
    answers = [
        browser.get("/aanmelden", headers=headers),
        browser.post("/aanmelden", data={"form": browser.form, "adres": SECRETARY}, headers=headers),
    ]

    assert [one.status_code for one in answers] == [400, 400]
    assert "evil" not in "".join(one.text for one in answers)
    assert (rows(office, SignIn), links(office)) == ([], [])


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil", "/\r\nx: y"])
def test_nobody_is_sent_to_another_site_after_signing_in(office, browser, wanted):
    browser.ask(SECRETARY, naar=wanted)

    assert press(browser, links(office)[0]).headers["location"] == "/bureau"


def test_c13_a_form_of_another_browser_or_site_asks_nothing(office, browser, app):
    form = token_in(browser.page("/aanmelden"))
    other = TestClient(app, base_url=OURS, follow_redirects=False)
    answers = [
        other.post("/aanmelden", data={"form": form, "adres": SECRETARY}),
        browser.post("/aanmelden", data={"adres": SECRETARY}),
        browser.post("/aanmelden", data={"form": form, "adres": SECRETARY}, headers={"sec-fetch-site": "cross-site"}),
    ]

    assert [one.status_code for one in answers] == [403, 403, 409]
    assert rows(office, SignIn) == []


def test_the_mail_leaves_at_once_at_night_and_paused_and_keeps_no_secret(office, browser, clock):
    clock.at = datetime(2026, 12, 25, 2, 30, tzinfo=NOW.tzinfo)
    with office.database.writing() as session:
        standstill.set_pause(session, clock.at, "de mailserver weigert")
    browser.ask(TREKKER)
    deliver_mails(office, open_transport(office.settings), open_pace(office.settings), clock)

    [row] = [row for row in rows(office, Message) if row.kind == SIGN_IN]
    assert (row.state, row.body, row.sent_at) == (SENT, b"", clock.at)
    [mail] = [mail for mail in mails(office) if mail["To"].addresses[0].addr_spec == TREKKER]
    assert "De link werkt één keer, tot 03.45 uur." in mail.get_body(("plain",)).get_content()


def test_asking_wakes_whoever_delivers(office, clock):
    woken: list[bool] = []
    browser = Browser(create_app(office, clock, on_mail=lambda: woken.append(True)), base_url=OURS)
    browser.ask(NOBODY)

    assert woken == [True]


def test_c13_the_session_is_over_when_idle_and_in_the_end(office, browser, clock):
    browser.ask(SECRETARY)
    press(browser, links(office)[0])
    seen = []
    for minutes in (55, 60, 61):
        clock.at += timedelta(minutes=minutes)
        seen.append(browser.get("/c/terneuzen/jaar").status_code)
    browser.ask(SECRETARY)
    press(browser, links(office)[-1])
    all_day = []
    for _ in range(14):
        clock.at += timedelta(minutes=55)
        all_day.append(browser.get("/c/terneuzen/jaar").status_code)

    assert seen == [200, 200, 303]
    assert all_day == [200] * 13 + [303]  # twelve hours in all


def test_c13_signing_in_again_gives_another_cookie_and_ends_the_old_one(office, browser, clock):
    browser.ask(SECRETARY)
    press(browser, links(office)[0])
    old = browser.cookies[cookies.SESSION]
    browser.ask(SECRETARY)
    press(browser, links(office)[-1])  # the first lost its words when it was used
    new = browser.cookies[cookies.SESSION]
    browser.cookies.clear()
    browser.cookies.set(cookies.SESSION, old)

    assert old != new
    assert browser.get("/c/terneuzen/jaar").status_code == 303
    assert [row.ended_at for row in rows(office, DeskSession)] == [NOW, None]


def test_signing_out_here_and_everywhere(sign_in):
    here, there, other = sign_in(SECRETARY), sign_in(SECRETARY), sign_in(TREKKER)
    out = here.submit("/afmelden")
    after = [one.get("/mij").status_code for one in (here, there, other)]
    again = sign_in(SECRETARY)
    there.submit("/mij/overal-afmelden")
    last = [one.get("/mij").status_code for one in (again, there, other)]

    assert (out.status_code, out.headers["location"]) == (303, "/")
    assert (after, last) == ([303, 200, 200], [303, 303, 200])


def test_a_cookie_that_was_made_up_is_nobody(office, desk):
    value = desk.cookies[cookies.SESSION]
    token, used, seal = value.split(".")
    for made_up in (
        "",
        "x",
        "a.b.c",
        f"{token}.{int(used) + 60}.{seal}",
        f"{token}x.{used}.{seal}",
        f"{token}.{used}.",
    ):
        desk.cookies.set(cookies.SESSION, made_up)
        assert desk.get("/mij").status_code == 303, made_up


def test_c13_over_https_the_cookie_is_of_the_host_alone(tmp_path, clock):
    office = make_office(tmp_path / "https.db", CYCLE__WEB__BASE_URL="https://afspraken.terneuzen.example")
    client = TestClient(create_app(office, clock), base_url="https://afspraken.terneuzen.example")
    cookie = client.get("/aanmelden").headers["set-cookie"]
    office.database.close()

    assert cookie.startswith("__Host-cycle-browser=")
    assert {part.strip().lower() for part in cookie.split(";")[1:]} == {"httponly", "path=/", "samesite=lax", "secure"}


def test_without_https_nobody_signs_in_but_on_this_machine(tmp_path, clock):
    office = make_office(tmp_path / "http.db", CYCLE__WEB__BASE_URL="http://afspraken.terneuzen.example")
    html = TestClient(create_app(office, clock), base_url="http://afspraken.terneuzen.example").get("/aanmelden").text
    office.database.close()

    assert "Aanmelden kan hier niet" in html
    assert "<form" not in html


def test_only_a_trial_on_this_machine_tells_where_the_mails_lie(office, browser, clock, tmp_path):
    browser.ask(NOBODY)
    here = browser.page("/aanmelden/onderweg")
    smtp = make_office(tmp_path / "smtp.db", CYCLE__MAIL__TRANSPORT="smtp")
    other = Browser(create_app(smtp, clock), base_url=OURS, follow_redirects=False)
    other.ask(NOBODY)
    there = other.page("/aanmelden/onderweg")
    smtp.database.close()

    assert str(office.settings.path("var/mail")) in here
    assert "U probeert cycle" not in there


def test_old_links_and_sessions_are_forgotten(office, browser, clock):
    browser.ask(SECRETARY)
    press(browser, links(office)[0])
    signing_in.forget_sign_ins(office, NOW + timedelta(days=1, minutes=1))
    kept = (rows(office, SignIn), len(rows(office, DeskSession)))  # whose it was, for what was typed as it ended
    signing_in.forget_sign_ins(office, NOW + timedelta(days=7, minutes=1))

    assert kept == ([], 1)
    assert (rows(office, SignIn), rows(office, DeskSession)) == ([], [])
