"""A walk over every route there is: rules B8 and C13, and covenants that are 404 for others.

It reads the routes from the application, so a page that is added later is walked too. Ids in paths are those of rows
that exist: of the own covenant, and of the other one.

Who may come where is decided before any statement that the engines read otherwise, and both refuse to write while
somebody looks (`tests/store/test_database.py`), so it is walked on SQLite. What depends on an id in an address is asked
of either engine, for PostgreSQL takes words and numbers more strictly.
"""

import re
from collections.abc import Iterator

import pytest
from fastapi import APIRouter
from sqlalchemy import Table
from sqlmodel import SQLModel

from cycle.actions.office.office import Office
from cycle.web import oidc, signin
from cycle.web.desk import ROOMS
from tests.web.conftest import HTML

from .conftest import DIRECTOR, OURS, SECRETARY, STRANGER, TREKKER, Desk

ROUTERS = [*(room.router for room in ROOMS), oidc.router, signin.router]
NUMBER = re.compile(r"\{(\w+)(?::int)?\}")


def routes(method: str) -> Iterator[str]:
    for router in ROUTERS:
        assert isinstance(router, APIRouter)
        for route in router.routes:
            if method in route.methods:
                yield route.path


def filled(path: str, slug: str = "terneuzen", number: str = "1") -> str:
    """A path with its covenant, and a number or word for every other part."""
    return NUMBER.sub(lambda found: slug if found[1] == "slug" else number, path)


Dump = dict[str, list[tuple[object, ...]]]


def dump(office: Office) -> Dump:
    """Everything in the database: by table its rows, whole, in the order of their keys."""
    with office.database.reading() as session:
        ask = session.connection().connection.cursor()  # of the driver: a walk asks thousands of times
        return {name: ask.execute(whole).fetchall() for name, whole in WHOLE.items()}


def _whole(table: Table) -> str:
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key)
    return f'SELECT * FROM "{table.name}" ORDER BY {keys}'


WHOLE = {table.name: _whole(table) for table in SQLModel.metadata.sorted_tables}
GETS, POSTS = sorted(set(routes("GET"))), sorted(set(routes("POST")))
OF_COVENANT = [path for path in GETS if "{slug}" in path]
ON_ONE_ENGINE = pytest.mark.parametrize("office", ["sqlite"], indirect=True)


def test_there_is_something_to_walk():
    assert len(GETS) >= 6
    assert len(POSTS) >= 3


@ON_ONE_ENGINE
def test_b8_a_get_changes_nothing(office, sign_in):
    desks = [sign_in(SECRETARY), sign_in(TREKKER), sign_in(DIRECTOR)]
    before = dump(office)
    for path in dict.fromkeys(filled(path, number=number) for path in GETS for number in ("1", "2", "999999", "x")):
        for desk in desks:
            assert desk.get(path, headers=HTML).status_code < 500, path
    for path in dict.fromkeys(filled(path, number=number) for path in GETS for number in ("1", "2")):
        desks[0].head(path)

    assert dump(office) == before


@ON_ONE_ENGINE
@pytest.mark.parametrize("form", [{}, {"form": ""}, {"form": "0" * 64}])
def test_c13_a_post_without_the_token_of_its_session_is_403(office, desk, form):
    before = dump(office)
    answers = {path: desk.post(filled(path), data=form, headers=HTML).status_code for path in POSTS}

    assert answers == dict.fromkeys(POSTS, 403)
    assert dump(office) == before


@ON_ONE_ENGINE
def test_c13_a_post_of_another_session_or_site_is_refused(office, desk, sign_in):
    other = sign_in(TREKKER)
    before = dump(office)
    for path in [path for path in POSTS if not path.startswith("/aanmelden")]:
        stolen = desk.post(filled(path), data={"form": other.form}, headers=HTML)
        crossed = desk.post(filled(path), data={"form": desk.form}, headers=HTML | {"sec-fetch-site": "cross-site"})
        assert (stolen.status_code, crossed.status_code) == (403, 409), path

    assert dump(office) == before


@ON_ONE_ENGINE
def test_who_is_not_signed_in_comes_nowhere(office, clock):
    from cycle.web.app import create_app

    nobody = Desk(create_app(office, clock), base_url=OURS, follow_redirects=False)
    for path in [path for path in GETS if not path.startswith("/aanmelden")]:
        answer = nobody.get(filled(path), headers=HTML)
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/aanmelden"), path
    for path in POSTS:
        assert nobody.post(filled(path), headers=HTML).status_code == 403, path


@ON_ONE_ENGINE
def test_a_covenant_of_others_is_404_as_one_that_does_not_exist(sign_in):
    for email, slug in ((SECRETARY, "hulst"), (TREKKER, "hulst"), (STRANGER, "terneuzen")):
        desk = sign_in(email)
        for path in OF_COVENANT:
            foreign = desk.get(filled(path, slug), headers=HTML)
            absent = desk.get(filled(path, "nergens"), headers=HTML)
            assert (foreign.status_code, foreign.text) == (404, absent.text), (email, path)
        for path in [path for path in POSTS if "{slug}" in path]:
            assert desk.submit(filled(path, slug)).status_code == 404, (email, path)


def test_an_id_of_another_covenant_is_404(office, sign_in):
    """The stranger has the secretariat of Hulst, and Terneuzen has every id from 1 on."""
    stranger = sign_in(STRANGER)
    before = dump(office)
    numbered = [path for path in (*OF_COVENANT, *POSTS) if NUMBER.sub("", path) != path and path.count("{") > 1]
    for path in numbered:
        for number in ("1", "2", "3"):
            where = filled(path, "hulst", number)
            answer = stranger.submit(where) if path in POSTS else stranger.get(where, headers=HTML)
            assert answer.status_code == 404, where

    assert dump(office) == before


@ON_ONE_ENGINE
def test_c13_a_foreign_host_is_400_everywhere(desk):
    for path in GETS:
        assert desk.get(filled(path), headers=HTML | {"host": "evil.example"}).status_code == 400, path
    for path in POSTS:
        answer = desk.post(filled(path), data={"form": desk.form}, headers=HTML | {"host": "evil.example"})
        assert answer.status_code == 400, path


@ON_ONE_ENGINE
@pytest.mark.parametrize("email", [DIRECTOR, TREKKER])
def test_only_the_secretariat_writes(office, sign_in, email):
    """A director reads; a trekker's own forms are not of a covenant. Whoever sits at a table reports a signal."""
    browser = sign_in(email)
    before = dump(office)
    for path in [path for path in POSTS if "{slug}" in path and path != "/c/{slug}/signalen"]:
        answer = browser.submit(filled(path))
        assert answer.status_code in (403, 404), path

    assert dump(office) == before


@ON_ONE_ENGINE
def test_what_is_private_is_kept_nowhere(desk):
    for path in GETS:
        answer = desk.get(filled(path), headers=HTML)
        if answer.status_code == 200:
            assert answer.headers["cache-control"] == "private, no-store", path
            words = [word for word in ("<script", " style=", "<style") if word in answer.text]
            assert words == [], path
