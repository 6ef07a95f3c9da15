"""A walk over every route, with every field of a form or an address as no page of ours sends it: the answer is ours, in
Dutch, as a page for a browser, as JSON for a program that asks for that, and as a sentence for any other."""

import asyncio
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_from_bytes

import httpx2
import pytest
from fastapi.routing import APIRoute
from starlette.types import Message

from cycle.actions.office.office import Office
from cycle.web.app import ROOMS, create_app
from cycle.web.formkeys import FIELD
from tests.actions.mailbox import act, at
from tests.web.conftest import HTML, Clock, make_office, may_change
from tests.web.test_walk_of_links import letter_links, links, person

from .conftest import OURS, SECRETARY, TREKKER, Desk, signed
from .test_the_walk import filled

FEBRUARY = at("2027-02-22", 10)
JSON = {"accept": "application/json"}
ASKED = (HTML, JSON, {"accept": "*/*"})
ROUTES = [(room, route) for room in ROOMS for route in room.router.routes if isinstance(route, APIRoute)]
GETS = [route for _room, route in ROUTES if "GET" in route.methods]
POSTS = [(room, route) for room, route in ROUTES if "POST" in route.methods]
HIDDEN = ("form", FIELD)
READ = re.compile(r"""typed(?:\.\w+\(|\[)\s*"([\w-]+)\"""")
ENGLISH = re.compile(
    r"\b(the|field|required|should|input|not|found|error|parsing|body|exceeded|invalid|method)\b", re.I
)

Parts = list[tuple[str, bytes, str]]
"""The parts of a form: name, content, and the name of a file for what is sent as one."""

VALUES = {
    "too long": b"x" * 5000,
    "far too long": b"x" * 1_100_000,
    "no UTF-8": b"\xff\xfe\xed\xa0\x80",
    "NUL": b"a\x00b",
    "empty": b"",
    "a number that is none": b"99999999999999999999",
}


@pytest.fixture
def office(desk_template: Path, tmp_path: Path) -> Iterator[Office]:
    """What is refused here is refused before any database sees it, so one engine will do."""
    shutil.copy(desk_template, tmp_path / "desk.db")
    made = make_office(tmp_path / "desk.db")
    act(made, FEBRUARY)
    yield made
    made.database.close()


@pytest.fixture
def clock() -> Clock:
    made = Clock()
    made.at = FEBRUARY
    return made


@pytest.fixture
def desk(office: Office, clock: Clock) -> Desk:
    return Desk(create_app(office, clock), base_url=OURS, follow_redirects=False)


def ready(desk: Desk, office: Office, clock: Clock, route: APIRoute) -> str:
    """The path of a route, for a browser that may do there what it likes: earlier forms may have ended a session."""
    signed(desk, office, SECRETARY, clock)
    if "{signed}" not in route.path:
        return filled(route.path)
    may_change(desk, office, TREKKER, clock.at)
    who, room = person(office, TREKKER), route.path.split("/")[1]
    opened = (links(office, who) | letter_links(office, who, clock.at.date()))[room]
    return route.path.replace("{signed}", opened.rpartition("/")[2])


def fields_of(room: object, route: APIRoute) -> list[str]:
    """The fields that a form of this route may have: those it takes, or those that its room reads."""
    taken = [one.alias for one in route.dependant.body_params]
    read = READ.findall(Path(str(room.__file__)).read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    return sorted({*taken, *([] if taken else read), *HIDDEN})


def forms(desk: Desk, names: list[str], *, one_by_one: bool, turn: int) -> Iterator[tuple[str, Parts]]:
    """What is sent, in words, and the parts: fields are wrong together, and each alone too if that is asked.

    The key and the token of a form are looked at in one place for all routes: each route has two of the ways in which
    they can be wrong, those whose `turn` it is.
    """
    right: Parts = [("form", desk.form.encode(), ""), (FIELD, desk.new_key().encode(), "")]
    yield "nothing at all", []
    yield "no other field", right
    shown = [name for name in names if name not in HIDDEN]
    alone = [[name] for name in (*shown, "form")] if one_by_one else []
    for several in [*([shown] if shown else []), [FIELD], *alone]:
        wrong = [*_wrong([part for part in right if part[0] not in several], several, is_large=several == shown)]
        at = turn % len(wrong)
        yield from [wrong[at], wrong[at - 3]] if several[0] in HIDDEN else wrong


def _wrong(rest: Parts, several: list[str], *, is_large: bool) -> Iterator[tuple[str, Parts]]:
    """Some fields of a form as no page of ours sends them, with the rest as it should be."""
    words = ", ".join(several)
    for kind, value in VALUES.items():
        if is_large or len(value) < 10_000:
            yield f"{words}: {kind}", rest + [(name, value, "") for name in several]
    yield f"{words}: a file", rest + [(name, b"%PDF-1.7", "brief.pdf") for name in several]
    twice = [(name, value, "") for name in several for value in (b"1", b"2")]
    yield f"{words}: twice", rest + twice
    yield f"{words}: a file and a text", rest + [(name, b"2", "a.txt") for name in several] + twice


def multipart(parts: Parts) -> tuple[bytes, str]:
    """A form as a browser sends it with files."""
    body = b""
    for name, content, file in parts:
        named = f'; filename="{file}"' if file else ""
        body += f'--grens\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode() + content + b"\r\n"
    return body + b"--grens--\r\n", "multipart/form-data; boundary=grens"


def encoded(parts: Parts) -> tuple[bytes, str]:
    """The same as a browser sends it without any."""
    body = "&".join(f"{name}={quote_from_bytes(content)}" for name, content, _file in parts)
    return body.encode(), "application/x-www-form-urlencoded"


BROKEN = {
    "JSON": (b'{"form": 1}', "application/json"),
    "broken JSON": (b"{", "application/json"),
    "no boundary": (b"--grens\r\n", "multipart/form-data"),
    "broken": (
        b"--grens\r\nContent-Disposition: form-data\r\n\r\nx\r\n--grens--\r\n",
        "multipart/form-data; boundary=grens",
    ),
    "cut off": (
        b'--grens\r\nContent-Disposition: form-data; name="form"\r\n\r\nx',
        "multipart/form-data; boundary=grens",
    ),
    "no form": (b"\x00\xff", "application/octet-stream"),
    "many fields": (b"&".join(b"a=1" for _ in range(2000)), "application/x-www-form-urlencoded"),
}


def fault_in(answer: httpx2.Response, asked: dict[str, str]) -> str:
    """What is wrong with an answer; nothing when it is ours, in Dutch, and as it was asked for."""
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if answer.status_code >= 500:
        return f"{answer.status_code}"
    if answer.status_code < 400:
        return ""
    if asked is HTML:
        is_ours = kind == "text/html" and '<html lang="nl"' in answer.text and "<h1" in answer.text
        return "" if is_ours else f"{kind} {answer.text[:100]}"
    if kind == "text/html" and ("<form" in answer.text or answer.status_code == 410):
        return ""  # a page that is shown again with what was typed, or that of a link which opens no more
    words = answer.text
    if asked is JSON:
        if kind != "application/json" or set(told := json.loads(answer.text)) != {"error", "hint"} or not told["error"]:
            return f"{kind} {answer.text[:100]}"
        words = f"{told['error']} {told['hint']}"
    return words[:100] if ENGLISH.search(words) else ""


def test_there_is_something_to_walk(desk: Desk, office: Office, clock: Clock) -> None:
    fields = {route.path: fields_of(room, route) for room, route in POSTS}

    assert (len(GETS) > 55, len(POSTS) > 45) == (True, True)
    assert set(fields["/antwoord/{signed}"]) == {
        "form",
        FIELD,
        "rij",
        "stand",
        "zin",
        "datum",
        "gevaar",
        "later",
        "naam",
        "collega",
        "link",
        "punten",
        "uur",
        "plaats",
    }
    assert {"adres", "code", "naar"} <= set(fields["/aanmelden"])
    for room in ("agenda", "ritme", "overzicht", "antwoord"):
        [route] = [one for one in GETS if one.path == f"/{room}/{{signed}}"]
        assert desk.get(ready(desk, office, clock, route), headers=HTML).status_code == 200


def test_no_field_of_any_form_brings_a_raw_error(desk: Desk, office: Office, clock: Clock) -> None:
    faults, sent = [], 0
    for turn, (room, route) in enumerate(POSTS):
        path = ready(desk, office, clock, route)
        alone = bool(route.dependant.body_params)  # the others all read their fields in one way
        for words, parts in forms(desk, fields_of(room, route), one_by_one=alone, turn=turn):
            body, kind = encoded(parts) if sent % 3 == 0 and not any(file for *_, file in parts) else multipart(parts)
            answer = desk.post(path, content=body, headers=HTML | {"content-type": kind})
            sent += 1
            if fault := fault_in(answer, HTML):
                faults.append((route.path, words[:60], fault))

    assert faults == []
    assert sent > 700


def test_no_body_of_another_kind_brings_one_however_it_is_asked(desk: Desk, office: Office, clock: Clock) -> None:
    faults, sent = [], 0
    for room, route in POSTS:
        path = ready(desk, office, clock, route)
        several = [(name, b"x" * 5000, file) for name in fields_of(room, route) for file in ("", "a.txt")]
        for words, (body, kind) in {**BROKEN, "long and files": multipart(several)}.items():
            sent += 1
            accept = ASKED[(sent + sent // len(BROKEN)) % len(ASKED)]
            answer = desk.post(path, content=body, headers=accept | {"content-type": kind})
            if fault := fault_in(answer, accept):
                faults.append((route.path, words, fault))

    assert faults == []


def test_no_search_method_or_part_of_an_address_brings_one(desk: Desk, office: Office, clock: Clock) -> None:
    faults, sent = [], 0
    for route in [one for one in GETS if one.path != "/readyz"]:  # of which no job ever ran here
        path = ready(desk, office, clock, route)
        names = [one.alias for one in route.dependant.query_params]
        asked = ["&".join(f"{name}={quote_from_bytes(value[:6000])}" for name in names) for value in VALUES.values()]
        asked += ["&".join(f"{name}=1&{name}=2&{name}[]=3" for name in names), "%ff=%00&;&=&a"]
        tries = [("GET", f"{path}?{query}") for query in (asked if names else asked[-1:])]
        if "{" in route.path:
            tries += [("GET", filled(route.path, number=value)) for value in ("%ff", "9" * 20, "x" * 3000, "-1", "1.5")]
        tries += [(method, path) for method in ("PUT", "DELETE", "OPTIONS", "POST", "ONBEKEND")]
        for method, where in tries:
            sent += 1
            accept = ASKED[sent % len(ASKED)]
            if fault := fault_in(desk.request(method, where, headers=accept), accept):
                faults.append((method, where[:80], fault))

    assert faults == []


SAID = [
    ("zin", b"x" * 4001, "", "Wat u invulde, is te lang.", "Ga terug naar de pagina en maak het veld “zin” korter."),
    ("zin", b"x", "a.txt", "Hier hoort tekst, geen bestand.", "Ga terug naar de pagina en typ iets in het veld “zin”."),
]


@pytest.mark.parametrize(("field", "value", "file", "words", "hint"), SAID)
def test_who_sends_a_field_that_cannot_be_reads_which_and_why(
    field: str, value: bytes, file: str, words: str, hint: str, desk: Desk, office: Office, clock: Clock
) -> None:
    [route] = [route for _room, route in POSTS if route.path == "/antwoord/{signed}"]
    path = ready(desk, office, clock, route)
    body, kind = multipart([(field, value, file)])

    page = desk.post(path, content=body, headers=HTML | {"content-type": kind})
    told = desk.post(path, content=body, headers=JSON | {"content-type": kind})
    bare = desk.post(path, content=body, headers={"content-type": kind})

    assert (page.status_code, words in page.text, hint in page.text) == (422, True, True)
    assert (told.status_code, told.json()) == (422, {"error": words, "hint": hint})
    assert (bare.status_code, bare.text) == (422, f"{words}\n{hint}\n")


def test_who_goes_away_halfway_a_form_is_no_error_and_gets_no_answer(
    desk: Desk, office: Office, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    kinds = ("multipart/form-data; boundary=grens", "application/x-www-form-urlencoded")
    answers = {}
    for _room, route in POSTS:
        path = ready(desk, office, clock, route)
        for kind in kinds:
            answers[route.path, kind] = left_halfway(desk, path, kind)

    assert {where: status for where, status in answers.items() if status not in (None, 400, 403, 404)} == {}
    assert None in answers.values()
    assert caplog.text == ""


def left_halfway(desk: Desk, path: str, kind: str) -> int | None:
    """The status that a client would have got who closes the line after some bytes of a form; None for no answer."""
    cookies = "; ".join(f"{name}={value}" for name, value in desk.cookies.items())
    head = {"host": "127.0.0.1:8700", "content-type": kind, "content-length": "5000", "cookie": cookies}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8700),
        "headers": [(name.encode(), value.encode()) for name, value in head.items()],
    }
    came = iter([{"type": "http.request", "body": b"--grens\r\nConte", "more_body": True}])
    sent: list[Message] = []

    async def receive() -> Message:
        return next(came, {"type": "http.disconnect"})

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(desk.app(scope, receive, send))  # type: ignore[arg-type]
    return next((message["status"] for message in sent if message["type"] == "http.response.start"), None)


def test_what_only_the_operator_can_mend_is_told_to_visitors_without_names(
    desk: Desk, office: Office, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    path = ready(desk, office, clock, GETS[0])
    key = office.settings.path("var/secret")
    key.write_text("kort", encoding="ascii")

    answer = desk.get("/bureau", headers=JSON)

    assert (answer.status_code, answer.json()["error"]) == (503, "De dienst is even niet bereikbaar.")
    assert "UnusableKey at signing.py" in caplog.text
    assert str(key) not in caplog.text + answer.text + path
