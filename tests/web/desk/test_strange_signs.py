"""Signs that a later room cannot take, typed into every field, search and address there is, on either engine: never a
fault of ours, and nothing of them is kept."""

from collections import Counter
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from urllib.parse import quote, quote_plus

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from sqlalchemy import text
from starlette.routing import Match

from cycle.actions.feeds.calendar_page import page_url
from cycle.actions.office.answer_links import Mail, answer_url
from cycle.actions.office.office import Office
from cycle.actions.people.rhythms.rhythm import rhythm_page_url
from cycle.domain.text import clean_lines
from cycle.web.app import ROUTES
from tests.actions.mailbox import act, at
from tests.conftest import own_signer
from tests.web.conftest import HTML, may_change

from .conftest import SECRETARY, TREKKER, Desk
from .test_desk_downloads import walk
from .test_desk_people import person

FEBRUARY = at("2027-02-03", 10)
EVERYTHING = "a%00%07%C2%85%ED%A0%80%E2%80%AE%EF%BF%BEb%F0%9F%8F%A0"
STRANGE = {
    "nul": "a%00b",
    "half": "a%ED%A0%80b%FF",
    "controls": "a%07%1B%C2%85b",
    "turned": quote("a\u202eb\u2066"),
    "emoji": quote("🏠👨‍👩‍👧 Ж"),
    "long": "x" * 5000,
    "zone": quote("14:00+02:00"),
    "digits": quote("١٢٣"),
    "break": quote("a\r\nBcc: b@c.example"),
    "percent": quote("%_\\'\"<b>{{ x }}"),
}
TOGETHER = {"everything": EVERYTHING} | {
    kind: value for kind, value in STRANGE.items() if kind not in ("nul", "half", "controls", "turned", "emoji")
}
"""The same with what `EVERYTHING` has as one."""
ASKED = (
    "jaar",
    "partij",
    "thema",
    "stand",
    "overleg",
    "zoek",
    "van",
    "tot",
    "blad",
    "rol",
    "ook",
    "staat",
    "persoon",
    "voor",
    "na",
    "wat",
    "wie",
    "dag",
    "naar",
    "v",
    "code",
    "state",
    "stap",
)
PAGES, FORMS = (
    [one for one in ROUTES if isinstance(one, APIRoute) and method in one.methods] for method in ("GET", "POST")
)
DAYS = ("dag", "vanaf", "tot", "laatste", "peildatum", "verstuurd-op", "nieuwe-dag", "van", "datum")
RIGHT = dict.fromkeys(DAYS, "13-4-2027") | {
    "adres": "n@x.example",
    "begin": "10:00",
    "einde": "11:00",
    "zeker": "ja",
    "afspraken": "",
    "themas": "",
    "peildatum": "3-2-2027",
    "verstuurd-op": "3-2-2027",
}


class Forms(HTMLParser):
    """The forms of a page: where each goes, and its fields with what stands in them and whether people type there."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, dict[str, tuple[str, bool]]]] = []
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        name, kind = has.get("name", ""), has.get("type", "text")
        if tag == "form":
            self.found.append((has.get("method", "get").lower(), has.get("action", ""), {}))
        if not self.found:
            return
        fields = self.found[-1][2]
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and (has.get("value") or "selected" in has):
            if self._select not in fields or "selected" in has:
                fields[self._select] = has.get("value", ""), True
        elif name and tag in ("input", "textarea", "button"):
            if kind in ("radio", "checkbox") and name in fields:
                return
            typed = tag == "textarea" or kind not in ("submit", "hidden")
            is_ours = name in ("form", "version") or kind == "hidden"
            value = has.get("value", "") or ("" if is_ours else RIGHT.get(name, "Proef"))
            fields[name] = value, (typed or name == "version") and name != "form"


def bodies(fields: dict[str, tuple[str, bool]], *, one_by_one: bool) -> list[bytes]:
    """A form sent with each kind of strange sign in all its fields, some kinds together; and, one by one, with those
    together in each field alone."""
    typed = [name for name, (_value, is_typed) in fields.items() if is_typed]
    made = [
        {name: value if name in typed else quote_plus(old) for name, (old, _typed) in fields.items()}
        for value in TOGETHER.values()
    ]
    if one_by_one:
        made += [{name: quote_plus(old) for name, (old, _typed) in fields.items()} | {one: EVERYTHING} for one in typed]
    return ["&".join(f"{quote(name)}={value}" for name, value in one.items()).encode() for one in made]


def forms_on(pages: Iterable[str]) -> Iterator[tuple[str, dict[str, tuple[str, bool]]]]:
    """Where each form goes, and its fields: two of those that go the same way with the same fields."""
    seen: Counter[tuple[str, ...]] = Counter()
    for method, action, fields in (form for page in pages for form in Forms(page).found):
        if method != "post" or "afmelden" in action or action.endswith("/links"):  # after which no link opens
            continue
        sort = route_of(action), *sorted(fields)
        seen[sort] += 1
        if seen[sort] <= 2:
            yield action, fields


def pages_of(office: Office, desk: Desk, clock) -> dict[str, str]:
    """Every sort of page once, those behind a signed link too."""
    who, settings = person(office, TREKKER), office.settings
    may_change(desk, office, TREKKER, clock.at)
    own = [rhythm_page_url(office, TREKKER, clock.at), page_url(office, TREKKER, clock.at)]
    links = [*own, *(f"{url}/code" for url in own)]
    links += [answer_url(settings, own_signer(office, who), Mail(who, clock.at.date()))]
    paths = ["/c/terneuzen/jaar", "/mij", "/aanmelden", *(link.removeprefix(settings.web.base_url) for link in links)]
    found: dict[str, str] = {}
    sorts: set[str] = set()
    for place, (sort, kind, body) in walk(desk, *paths, few=2).items():
        if kind == "text/html" and body and sort not in sorts:
            sorts.add(sort)
            found[place] = body.decode()
    return found


def reads_a_question(path: str) -> bool:
    """Whether the page at this path reads anything that stands behind its question mark."""
    return any(asked_by(one.dependant) for one in PAGES if is_of(one, path, "GET"))


def route_of(action: str) -> str:
    """The way that a form goes."""
    return next(one.path for one in FORMS if is_of(one, action.partition("?")[0], "POST"))


def is_of(route: APIRoute, path: str, method: str) -> bool:
    return route.matches({"type": "http", "method": method, "path": path, "headers": []})[0] is Match.FULL


def asked_by(dependant: Dependant) -> set[str]:
    """The names that a page reads there, itself or by what it depends on."""
    own = {one.alias for one in dependant.query_params}
    return own.union(*map(asked_by, dependant.dependencies))


@pytest.fixture
def desk(sign_in, clock, office) -> Desk:
    clock.at = FEBRUARY
    act(office, FEBRUARY)
    return sign_in(SECRETARY)


def kept_strangely(office: Office) -> list[tuple[str, str]]:
    """Where in the database there is a sign that should not be."""
    with office.database.reading() as session:
        tables = [
            (table.name, column.name)
            for table in _tables()
            for column in table.columns
            if column.type.python_type in (str, list, dict)
        ]
        rows = {
            (table, column): session.connection().execute(text(f'SELECT "{column}" FROM "{table}"')).scalars().all()
            for table, column in tables
        }
    return [place for place, values in rows.items() if any(_is_strange(str(value)) for value in values if value)]


def _tables():
    from sqlmodel import SQLModel

    return SQLModel.metadata.tables.values()


def _is_strange(value: str) -> bool:
    return clean_lines(value) != value.strip() or any(sign in value for sign in ("\\u0000", "\\u202e", "\\ud800"))


def test_no_form_brings_one_in(office: Office, desk: Desk, clock):
    faults, sent = [], 0
    headers = HTML | {"content-type": "application/x-www-form-urlencoded"}
    for action, fields in forms_on(pages_of(office, desk, clock).values()):
        for body in bodies(fields, one_by_one=not office.database.is_sqlite):  # it minds more
            answer = desk.post(action, content=body, headers=headers)
            sent += 1
            if answer.status_code >= 500:
                faults.append((action, answer.status_code, body[-120:]))

    assert faults == []
    assert sent > 200
    assert kept_strangely(office) == []


def test_no_search_and_no_address_stumbles_over_one(office: Office, desk: Desk, clock):
    faults, read = [], 0
    for path in pages_of(office, desk, clock):
        bare = path.partition("?")[0]
        parts = bare.split("/")
        values = [*STRANGE.values()] if reads_a_question(bare) else [EVERYTHING]
        read += len(values) > 1
        asked = [f"{bare}?" + "&".join(f"{name}={value[:900]}" for name in ASKED) for value in values]
        asked += ["/".join([*parts[:-1], value]) for value in (EVERYTHING, "9" * 400, STRANGE["digits"])]
        asked += ["/".join([*parts[:-2], EVERYTHING, parts[-1]])]
        answers = {one: desk.get(one, headers=HTML).status_code for one in asked}
        faults += [(one[:90], code) for one, code in answers.items() if code >= 500]

    assert faults == []
    assert (read > 10, set().union(*(asked_by(one.dependant) for one in PAGES))) == (True, set(ASKED))


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "raw_unicode_escape", "onbekend"])
def test_a_file_with_a_strange_name_or_charset_is_kept_under_a_clean_one(office: Office, desk: Desk, charset):
    name = 'brief\x07\u202e\U0001f3e0".pdf'.encode()
    boundary = "grens"
    parts = [("form", desk.form.encode()), ("verstuurd-op", b"3-2-2027"), ("bewijs", b"Per +2AA- post \\ud800.")]
    body = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n'.encode() + value + b"\r\n"
        for key, value in parts
    )
    body += f'--{boundary}\r\nContent-Disposition: form-data; name="bewijsstuk"; filename="'.encode() + name
    body += b'"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n\r\n' + f"--{boundary}--\r\n".encode()
    headers = HTML | {"content-type": f"multipart/form-data; boundary={boundary}; charset={charset}"}
    answer = desk.post("/c/terneuzen/uitnodigingsbrief/2027/elders", content=body, headers=headers)

    assert answer.status_code < 500
    assert kept_strangely(office) == []
