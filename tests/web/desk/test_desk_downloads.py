"""Every download bears its own type: all pages are walked, and each file is held against its first bytes."""

import html
import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from cycle.actions.office.office import Office
from cycle.web.app import create_app
from tests.actions.mailbox import act, at
from tests.intake.test_logo import png
from tests.web.conftest import Clock, make_office

from .conftest import OURS, SECRETARY, Desk, signed

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
LETTER = "/c/terneuzen/uitnodigingsbrief/2027"
ENDINGS = (".pdf", ".docx", ".xlsx", ".csv", ".zip", ".ics", ".png")
PICTURE = png(4, 4)


@pytest.fixture
def office(desk_template, tmp_path) -> Iterator[Office]:
    """The engine makes no difference to a file."""
    made = make_office(shutil.copy(desk_template, tmp_path / "desk.db"))
    yield made
    made.database.close()


def walk(desk: Desk, *begin: str, few: int = 3, files: int = 3) -> dict[str, tuple[str, str, bytes]]:
    """Everything that links from some pages lead to, a few of each sort: by path its sort, type and bytes.

    Of `files` too, which take the longest to make.
    """
    found: dict[str, tuple[str, str, bytes]] = {}
    seen: dict[str, int] = {}
    todo = [*reversed(begin)]
    while todo:
        path = todo.pop()
        name = re.sub(r"\d+", "0", path.partition("?")[0])
        if path in found or seen.get(name, 0) >= (files if name.endswith(ENDINGS) else few):
            continue
        answer = desk.get(path, headers={"accept": "text/html"})
        assert answer.status_code in (200, 303), (path, answer.status_code)
        seen[name] = seen.get(name, 0) + 1
        kind = answer.headers.get("content-type", "").partition(";")[0]
        found[path] = (name, kind, answer.content)
        if kind == "text/html":
            links = (html.unescape(link) for link in re.findall(r'href="(/[^"#]*)', answer.text))
            todo.extend(link for link in links if not link.startswith("/static/"))
    return found


def kind_of(content: bytes) -> str:
    """What the bytes are, whatever anybody says."""
    if content.startswith(b"PK\x03\x04"):
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        return WORD if "word/document.xml" in names else EXCEL if "xl/workbook.xml" in names else ZIP
    marks = {b"%PDF-": "application/pdf", b"\x89PNG": "image/png", b"BEGIN:VCALENDAR": "text/calendar"}
    is_page = content.lstrip()[:15].lower().startswith((b"<!doctype html>", b"<html"))
    return next((kind for mark, kind in marks.items() if content.startswith(mark)), "text/html" if is_page else "")


def test_each_file_that_a_page_leads_to_is_what_it_says(office: Office):
    clock = Clock()
    clock.at = datetime(2027, 3, 2, 10, 0, tzinfo=UTC)
    desk = signed(Desk(create_app(office, clock), base_url=OURS, follow_redirects=False), office, SECRETARY, clock)
    act(office, at("2027-03-02"))
    kept = desk.submit("/c/terneuzen/voortgang/bewaren", {"peildatum": "2-3-2027"})
    sent = {"verstuurd-op": "1-3-2027", "bewijs": "Per post."}
    proved = desk.submit(f"{LETTER}/elders", sent, files={"bewijsstuk": ("envelop.png", PICTURE, "text/html")})
    assert (kept.status_code, proved.status_code) == (303, 303), (kept.text[-500:], proved.text[-500:])

    found = walk(desk, "/c/terneuzen/jaar")
    files = {(name.rpartition("/")[2], kind) for name, kind, _body in found.values() if kind not in ("", "text/html")}

    assert [path for path, (_name, kind, body) in found.items() if body and kind != kind_of(body)] == []
    assert files == {
        ("brief.pdf", "application/pdf"),
        ("brief.docx", WORD),
        ("Voorzet%0uitvoeringsagenda%0-0.pdf", "application/pdf"),
        ("Voorzet%0uitvoeringsagenda%0-0.docx", WORD),
        ("Voorzet%0uitvoeringsagenda%0-0.xlsx", EXCEL),
        ("envelop.png", "image/png"),
        ("0-0-0.xlsx", EXCEL),
        ("alles.zip", ZIP),
        ("bewijs.zip", ZIP),
        ("terugblik.docx", WORD),
    }
