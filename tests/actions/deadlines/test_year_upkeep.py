"""Keeping the year: what is in line is only read, what is not is brought in line, covenant by covenant."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import event, update
from sqlmodel import col, select

from cycle.actions.deadlines.deciding.closing import release
from cycle.actions.deadlines.upkeep import year_upkeep
from cycle.actions.deadlines.upkeep.year_upkeep import YearChanges, keep_year
from cycle.actions.office.office import Office, open_office
from cycle.actions.register.reading_in.importing import import_folder
from cycle.domain.model import Origin
from cycle.settings import load_settings
from cycle.store.actions import new_action
from cycle.store.database import Database
from cycle.store.noticing import untold
from cycle.store.tables import Covenant, DeadlineParty, DeadlineRow, Message, PartyRow
from tests.conftest import EXAMPLE, NOVEMBER, ROOT, lay_example
from tests.once_a_run import Run
from tests.postgresql_server import name_of, new_database


@pytest.fixture
def two(office: Office) -> Office:
    """The example and a neighbour with the same register (`database` laid them down)."""
    return office


@pytest.fixture
def contents(request: pytest.FixtureRequest, contents: str) -> str:
    return "two" if "two" in request.fixturenames else contents


@pytest.fixture(scope="session")
def sqlite_two(run: Run) -> Path:
    """An SQLite file with both; never open it, copy it."""
    return run.sqlite("two", _lay_two)


@pytest.fixture(scope="session")
def postgresql_two(run: Run, server: str, postgresql_tables: str) -> str:
    """A PostgreSQL database with both; never open it, copy it."""
    return run.postgresql("two-pg", lambda: new_database(server, name_of(postgresql_tables)), _lay_two)


def _lay_two(url: str, place: Path) -> None:
    lay_example(url, place)
    folder = Path(shutil.copytree(EXAMPLE, place / "hulst"))
    text = (folder / "covenant.toml").read_text(encoding="utf-8")
    (folder / "covenant.toml").write_text(text.replace('slug = "terneuzen"', 'slug = "hulst"'), encoding="utf-8")
    opened = open_office(load_settings(ROOT / "config.toml", {"CYCLE__DATABASE__URL": url}).in_folder(place))
    import_folder(opened, folder, NOVEMBER)
    release(opened, "hulst", NOVEMBER)
    opened.database.close()


@contextmanager
def transactions(database: Database) -> Iterator[list[object]]:
    """The writing transactions that are begun meanwhile."""
    begun: list[object] = []
    note = begun.append  # one object: what is listened to and what is removed
    event.listen(database.engine, "begin", note)
    yield begun
    event.remove(database.engine, "begin", note)


def deadlines(office: Office, slug: str) -> dict[str, tuple[str, int, datetime | None]]:
    """Title, sequence and next moment by UID."""
    with office.database.reading() as session:
        rows = session.exec(select(DeadlineRow).join(Covenant).where(Covenant.slug == slug)).all()
    return {row.uid: (row.title, row.sequence, row.next_moment) for row in rows}


def spoil(office: Office, slug: str, **values: object) -> str:
    """Gives one open deadline other values behind everybody's back; returns its UID."""
    with office.database.writing() as session:
        mine = select(DeadlineRow).join(Covenant).where(Covenant.slug == slug, DeadlineRow.state == "open")
        row = session.exec(mine.where(col(DeadlineRow.next_moment).is_not(None))).first()
        assert row is not None
        statement = update(DeadlineRow).where(col(DeadlineRow.id) == row.id).values(**values)
        session.connection().execute(statement, execution_options=untold("a test"))
        return row.uid


def test_a_year_that_is_in_line_is_only_read(two: Office) -> None:
    keep_year(two, NOVEMBER)
    with transactions(two.database) as begun:
        kept = keep_year(two, NOVEMBER)

    assert (kept, begun) == (YearChanges(), [])


@pytest.mark.parametrize("together", [1, 2, 20])
def test_only_the_covenant_that_is_not_in_line_is_written(
    two: Office, together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(year_upkeep, "TOGETHER", together)
    before = {slug: deadlines(two, slug) for slug in ("hulst", "terneuzen")}
    uid = spoil(two, "hulst", title="Iets anders")
    with transactions(two.database) as begun:
        kept = keep_year(two, NOVEMBER)
    after = {slug: deadlines(two, slug) for slug in ("hulst", "terneuzen")}

    title, sequence, moment = before["hulst"][uid]
    assert (kept, len(begun)) == (YearChanges(changed=1), 1)
    assert after == before | {"hulst": before["hulst"] | {uid: (title, sequence + 1, moment)}}


def test_a_next_moment_that_is_wrong_is_put_right_and_changes_nothing_else(two: Office) -> None:
    before = deadlines(two, "hulst")
    spoil(two, "hulst", next_moment=None)

    assert (keep_year(two, NOVEMBER), deadlines(two, "hulst")) == (YearChanges(), before)


def test_a_lead_that_went_missing_comes_back(two: Office) -> None:
    with two.database.writing() as session:
        part = session.exec(select(DeadlineParty).where(DeadlineParty.part == "lead")).first()
        assert part is not None
        lost = (part.deadline_id, part.party_id)
        session.delete(part)

    kept = keep_year(two, NOVEMBER)

    with two.database.reading() as session:
        found = session.exec(select(DeadlineParty).where(DeadlineParty.deadline_id == lost[0])).all()
    assert (kept, lost in {(one.deadline_id, one.party_id) for one in found}) == (YearChanges(changed=1), True)


def unmade_words(office: Office) -> list[str]:
    """What a person will be told could not be done."""
    with office.database.reading() as session:
        return list(session.exec(select(Message.last_answer).where(Message.state == "failed")))


@pytest.mark.parametrize(
    ("overrides", "what"),
    [
        ({"ladders": {"letter": "zomaar iets"}}, "de eigen instellingen van het convenant (SettingsError)"),
        ({"steps": {"uitnodigingsbrief": {"leads": ["niemand"]}}}, "het jaar bijhouden (Refused)"),
    ],
)
@pytest.mark.parametrize("broken", ["terneuzen", "hulst"])
def test_a_covenant_whose_year_cannot_be_kept_holds_up_no_other_and_is_told(
    two: Office, broken: str, overrides: dict[str, object], what: str
) -> None:
    other = "hulst" if broken == "terneuzen" else "terneuzen"
    spoil(two, other, title="Iets anders")
    with two.database.writing() as session:
        row = session.exec(select(Covenant).where(Covenant.slug == broken)).one()
        row.overrides = row.overrides | overrides
        session.add(row)

    assert keep_year(two, NOVEMBER) == YearChanges(changed=1)
    keep_year(two, NOVEMBER)

    assert unmade_words(two) == [f"niet te maken: {what}"]


NOT_COPIED = {"id", "uid", "origin", "state", "agreements", "kind", "due", "invented", "doubtful", "slot"}


@pytest.mark.parametrize("is_in_line", [True, False])
def test_a_deadline_whose_next_moment_cannot_be_told_holds_up_no_other(two: Office, is_in_line: bool) -> None:
    with two.database.writing() as session:
        mine = select(DeadlineRow).join(Covenant).where(Covenant.slug == "hulst", DeadlineRow.origin == "meeting")
        of_hulst = select(DeadlineRow).join(Covenant).where(Covenant.slug == "hulst")
        rows = session.exec(of_hulst.order_by(col(DeadlineRow.id))).all()
        poisoned = DeadlineRow(
            **rows[0].model_dump(exclude=NOT_COPIED | {"action_id", "agreement_id", "window_start"}),
            action_id=new_action(session, rows[0].covenant_id, Origin.MEETING, None),
            uid="vergif",
            origin="meeting",
            agreements=[["1.1"]],
            kind="action",
            due=NOVEMBER.date(),
            invented=False,
        )
        assert session.exec(mine).first() is None
        session.add(poisoned)
        session.flush()
        party = session.exec(select(PartyRow).where(PartyRow.covenant_id == poisoned.covenant_id)).first()
        assert party is not None
        session.add(DeadlineParty(deadline_id=poisoned.id or 0, party_id=party.id or 0, part="lead"))
        number = poisoned.id
    before = deadlines(two, "terneuzen") | deadlines(two, "hulst")
    for slug in ("hulst", "terneuzen"):
        spoil(two, slug, next_moment=None)
    if not is_in_line:
        spoil(two, "hulst", source="elders")

    keep_year(two, NOVEMBER)

    after = deadlines(two, "terneuzen") | deadlines(two, "hulst")
    assert {uid: row[2] for uid, row in after.items()} == {uid: row[2] for uid, row in before.items()}
    if is_in_line:
        assert unmade_words(two) == [f"niet te maken: het volgende moment van termijn [{number}]"]
