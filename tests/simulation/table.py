"""The simulated table: a real office with two covenants, its clock, its mail server, and ways to look at it."""

import csv
import logging
import re
import shutil
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import event, func
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from cycle.actions.deadlines.deciding.closing import release
from cycle.actions.feeds import new_link
from cycle.actions.feeds.content import FeedScope
from cycle.actions.feeds.links import Shows, token_hash
from cycle.actions.office.covenant_view import CovenantView, views
from cycle.actions.office.office import Office
from cycle.actions.office.seeing import sees
from cycle.actions.office.signing import open_signer
from cycle.actions.post.delivery.restored import begin_sending
from cycle.actions.register.reading_in.importing import import_folder
from cycle.actions.service.watch.clock_work import deliver_round, keep_round, plan_round, watch_round
from cycle.actions.signin.signing_in import begin
from cycle.domain.model import Origin
from cycle.domain.workdays import moment
from cycle.mail.deliver import Pace
from cycle.store.deadlines import LEAD, OF_MEETING, part_rows
from cycle.store.outbox import beating, telling
from cycle.store.outbox.labels import NEVER_PAUSED
from cycle.store.tables import (
    AnswerRow,
    Covenant,
    DeadlineRow,
    Fact,
    MeetingRow,
    Membership,
    Message,
    PartyRow,
    Person,
    ReminderRow,
)
from cycle.web import cookies
from cycle.web.app import create_app
from tests.lasting_names import refs_of
from tests.simulation.server import Accepted, Killed, Server
from tests.web.conftest import ROOT, make_office

EXAMPLE, OTHER = ROOT / "examples" / "terneuzen", Path(__file__).parent / "hulst"
TERNEUZEN, HULST = "terneuzen", "hulst"
SLUGS = (TERNEUZEN, HULST)
SECRETARY = {TERNEUZEN: "secretariaat@terneuzen.example", HULST: "secretariaat@hulst.example"}
KEEP_AT, FIRST_AT = time(4, 15), time(8, 30)
ROUNDS = (FIRST_AT, time(13, 0), time(17, 0))
ROUGH = tuple(
    map(
        time.fromisoformat,
        (
            "08:30",
            "08:32",
            "08:37",
            "08:53",
            "09:55",
            "11:00",
            "12:05",
            "13:00",
            "14:10",
            "15:15",
            "16:20",
            "17:00",
            "17:59",
            "21:00",
        ),
    )
)
"""When the clock comes round on a plain day, and on one on which mail waits; in between it would find the same."""

NO_PACE = Pace(0, lambda: 0.0, lambda _seconds: None)
SETTINGS = {
    "CYCLE__MAIL__OPERATOR": "beheer@cycle.example",
    "CYCLE__WEB__BASE_URL": "http://127.0.0.1:8700",
}


class Skip(Exception):
    """An act names something that is not there: it is not carried out."""


class Noted(logging.Handler):
    """What the program itself calls an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        place = ""
        if record.exc_info and record.exc_info[2]:
            frame = record.exc_info[2]
            while frame.tb_next:
                frame = frame.tb_next
            place = f" at {Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}"
        self.lines.append(re.sub(r"\bof person \d+|message \d+", "", record.getMessage()) + place)


@dataclass
class Table:
    """All of it. `memory` is what laws remember, `register` the cells that re-imports changed."""

    office: Office
    now: datetime
    url: str
    folder: Path
    register: dict[tuple[str, str, str], str] = field(default_factory=dict)
    tokens: list[tuple[str, str]] = field(default_factory=list)
    memory: dict[str, Any] = field(default_factory=lambda: defaultdict(dict))
    changed_by: str = ""

    def __post_init__(self) -> None:
        self.server = Server(self._witness, lambda: self.now)
        self.noted = Noted()
        self._watch()

    # -- time -------------------------------------------------------------------------------------------------------

    @property
    def zone(self) -> Any:
        return self.office.settings.zone

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def is_mail_day(self) -> bool:
        return self.office.settings.work_calendar.is_mail_day(self.today)

    def set_clock(self, day: date, at: time) -> None:
        self.now = moment(day, at, self.zone).astimezone(UTC)

    # -- the clock's work -------------------------------------------------------------------------------------------

    def keep(self) -> None:
        """The nightly round; on a night after which nothing would be different, it is left out but for once a week."""
        seen, self.memory["kept"]["stamp"] = self.memory["kept"].get("stamp"), self.stamp()
        if seen == self.stamp() and self.today.weekday() and self.today.day > 1:
            return
        self._in_process(lambda: keep_round(self.office, self.now))

    def come_round(self) -> None:
        """The rounds of one minute."""
        self._in_process(lambda: plan_round(self.office, self.now))
        self._in_process(self._deliver)
        self._in_process(lambda: watch_round(self.office, self.now))

    def restart(self) -> None:
        """The office closes and opens again, with the rounds of a start."""
        self._close_browser()
        self.office.database.close()
        self.office = make_office(self.place, **SETTINGS)
        self._watch()
        for round_ in (
            lambda: begin_sending(self.office, self.now),
            lambda: keep_round(self.office, self.now),
            lambda: plan_round(self.office, self.now),
            self._deliver,
        ):
            self._in_process(round_)

    def jump(self, by: timedelta) -> None:
        """The nightly round and those of one minute, as a clock that stands so much wrong has them come."""
        right, self.now = self.now, self.now + by
        try:
            self._in_process(lambda: keep_round(self.office, self.now))
            self.come_round()
        finally:
            self.now = right

    def die_in_a_round(self, statements: int, mails: int) -> None:
        """The process is killed in its rounds: before so many statements from now, or at so many mails."""
        self._dies_after, self.server.dies_after = statements, mails

    def _deliver(self) -> None:
        deliver_round(self.office, self.server, NO_PACE, lambda: self.now)

    def _in_process(self, round_: Callable[[], object]) -> None:
        self._is_in_round = True
        try:
            round_()
        except Killed:
            self._forget_answers()
            self.restart()
        finally:
            self._is_in_round = False

    def _forget_answers(self) -> None:
        """What the server answered in this minute and is not written down, nobody was told."""
        unsent = set(self.all(select(Message.message_id).where(Message.state != "sent")))
        self.server.accepted[:] = [
            replace(one, was_told=False) if one.at == self.now and one.message_id in unsent else one
            for one in self.server.accepted
        ]

    # -- looking ----------------------------------------------------------------------------------------------------

    @property
    def place(self) -> Path | str:
        return Path(self.url.removeprefix("sqlite:///")) if self.url.startswith("sqlite") else self.url

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.office.database.reading() as session:
            yield session

    def all(self, query: Any) -> Sequence[Any]:
        with self.reading() as session:
            return session.exec(query).all()

    def view(self, slug: str) -> CovenantView:
        with self.reading() as session:
            return next(one for one in views(session, self.office.settings).values() if one.row.slug == slug)

    def covenant(self, slug: str) -> Covenant:
        found = self.all(select(Covenant).where(Covenant.slug == slug))
        if not found:
            raise Skip
        return found[0]

    def refs(self, *where: Any) -> dict[str, Any]:
        """Deadlines (their columns, and those of their planned meeting) by their lasting names, such as
        "terneuzen:step:voorjaarsoverleg@2027"."""
        of_meeting = [
            MeetingRow.__table__.c[name].label(f"meeting_{name}") for name in ("day", "start", "end", "place")
        ]
        columns = sql_select(*DeadlineRow.__table__.columns, Covenant.slug, *of_meeting)
        query = columns.join(Covenant, col(Covenant.id) == DeadlineRow.covenant_id).outerjoin(*OF_MEETING)
        with self.reading() as session:
            rows = session.connection().execute(query.where(*where).order_by(col(DeadlineRow.id))).all()
            names = refs_of(session, col(DeadlineRow.id).in_([row.id for row in rows]))
        return {_lasting(row, row.slug, names[row.id]): row for row in rows}

    def ref(self, deadline_id: int | None) -> str:
        """The lasting name of a deadline."""
        return next(iter(self.refs(DeadlineRow.id == deadline_id)))

    def stamp(self) -> tuple[Any, ...]:
        """Another one when anything was changed, told or decided."""
        with self.reading() as session:
            stamps = session.exec(select(Covenant.stamp).order_by(Covenant.slug)).all()
            numbers = [session.exec(select(func.max(one.id))).one() for one in (AnswerRow, ReminderRow)]
        return *stamps, *numbers

    def deadline(self, ref: str) -> Any:
        found = self.refs().get(ref)
        if found is None:
            raise Skip
        return found

    def people(self, slug: str = "") -> list[Person]:
        """Everybody, or who has or had a seat at one table; by id."""
        query = select(Person).order_by(col(Person.id))
        if slug:
            seats = select(Membership.person_id).join(PartyRow, col(PartyRow.id) == Membership.party_id)
            query = query.where(col(Person.id).in_(seats.where(PartyRow.covenant_id == self.covenant(slug).id)))
        return list(self.all(query))

    def person(self, name: str) -> Person:
        found = self.all(select(Person).where(Person.name == name).order_by(col(Person.id)))
        if not found:
            raise Skip
        return found[0]

    def message(self, ref: str) -> Message:
        """The message of a lasting name: "digest:Team Wonen:2027-01-04", or its key."""
        kind, _, rest = ref.partition(":")
        key = ref
        if kind == "digest":
            name, _, on = rest.rpartition(":")
            key = f"digest:{self.person(name).id}:{on}"
        found = self.all(select(Message).where(Message.key == key))
        if not found:
            raise Skip
        return found[0]

    def message_ref(self, row: Message) -> str:
        if row.kind != "digest" or row.person_id is None:
            return row.key
        with self.reading() as session:
            return f"digest:{session.get_one(Person, row.person_id).name}:{row.on}"

    def entries(self) -> tuple[int, int]:
        """How many lines the logbook has, and how many answers were kept."""
        with self.reading() as session:
            lines = session.exec(select(func.count()).select_from(Fact).where(col(Fact.about).is_not(None))).one()
            return lines, session.exec(select(func.count()).select_from(AnswerRow)).one()

    def had_a_round(self) -> bool:
        """Whether the clock came round before, so that it can be seen that it stands wrong."""
        with self.reading() as session:
            return "plan" in beating.beats(session)

    def made(self) -> set[str]:
        """All that was planned, told and mailed, but for what goes whatever the clock says: alarms and signing in."""
        mails = select(Message).where(col(Message.kind).not_in(NEVER_PAUSED))
        lines = self.all(select(ReminderRow.deadline_id, ReminderRow.party, ReminderRow.rung, ReminderRow.on))
        days = self.all(select(DeadlineRow.uid, DeadlineRow.state, DeadlineRow.due))
        taken = (f"{one.at} {one.key}" for one in self.server.accepted if one.kind not in NEVER_PAUSED)
        return {*(f"{row.key} {row.state}" for row in self.all(mails)), *map(str, lines), *map(str, days), *taken}

    def waiting(self) -> int:
        return len(self.all(select(Message.id).where(col(Message.state).in_(["queued", "sending"]))))

    # -- browsers ---------------------------------------------------------------------------------------------------

    @cached_property
    def client(self) -> TestClient:
        app = create_app(self.office, lambda: self.now, fetches_per_hour=10_000)
        return TestClient(
            app, base_url="http://127.0.0.1:8700", follow_redirects=False, raise_server_exceptions=False
        ).__enter__()

    def _close_browser(self) -> None:
        client = self.__dict__.pop("client", None)
        if client is not None:
            client.__exit__(None, None, None)

    def get(self, path: str, email: str = "") -> Any:
        """A page as a browser gets it, signed in under an address or not at all."""
        self.client.cookies.clear()
        if email:
            token = self._session_of(email)
            if token is None:
                raise Skip
            value = cookies.session_value(open_signer(self.office.settings), token, self.now)
            self.client.cookies.set(cookies.SESSION, value)
        parts = urlsplit(path)
        return self.client.get(parts.path + (f"?{parts.query}" if parts.query else ""), headers={"accept": "text/html"})

    def _session_of(self, email: str) -> str | None:
        part_of_day = (self.today, self.now.hour // 8)  # within the hours that a session lasts
        known = self.memory["sessions"].get(email)
        if known is None or known[0] != part_of_day:
            session = begin(self.office, email, self.now, how="simulatie")
            known = self.memory["sessions"][email] = (part_of_day, session.token if session else None)
        return known[1]

    # -- feeds ------------------------------------------------------------------------------------------------------

    def link(self, name: str, scope: str, covenant: str = "", *, banners: bool = False) -> None:
        """A calendar link for somebody, remembered by its token."""
        shows = Shows(FeedScope(scope), covenant or None, banners)
        made = new_link(self.office, self.person(name).email, self.now, name=f"{scope}", shows=shows, by=name)
        self.tokens.append((name, made.token))

    @staticmethod
    def hashed(token: str) -> str:
        return token_hash(token)

    # -- the register -----------------------------------------------------------------------------------------------

    def register_file(self, slug: str) -> Path:
        """The register as it would be exported, with the cells that were changed."""
        source = EXAMPLE if slug == TERNEUZEN else OTHER
        with (source / "agreements.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        for row in rows:
            for name in row:
                row[name] = self.register.get((slug, row["nummer"], name), row[name])
        target = self.folder / f"{slug}.csv"
        with target.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys(), delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
        return target

    # -- a copy -----------------------------------------------------------------------------------------------------

    def copy(self, folder: Path) -> "Table":
        """Another table in the same state, with a mail server of its own. SQLite only."""
        assert isinstance(self.place, Path)
        folder.mkdir()
        with sqlite3.connect(self.place) as source, sqlite3.connect(folder / "cycle.db") as target:
            source.backup(target)
        source.close(), target.close()
        for name in ("secret", "sent.journal"):
            if (file := self.office.settings.path(f"var/{name}")).exists():
                (folder / "var").mkdir(exist_ok=True)
                shutil.copy(file, folder / "var" / name)
        office = make_office(folder / "cycle.db", **SETTINGS)
        return Table(office, self.now, f"sqlite:///{folder / 'cycle.db'}", folder)

    def close(self) -> None:
        logging.getLogger("cycle").removeHandler(self.noted)
        self._close_browser()
        self.office.database.close()
        if self.folder.name == "table":  # a copy
            shutil.rmtree(self.folder.parent)

    # -- inside -----------------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        """Statements are counted, so that a process can die at one; SQLite need not wait for the disk."""
        self._dies_after, self._is_in_round = 0, False
        engine = self.office.database.engine
        event.listen(engine, "before_cursor_execute", self._count_statement)
        if self.office.database.is_sqlite:
            event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
        logging.getLogger("cycle").addHandler(self.noted)

    def _count_statement(self, *_event: Any) -> None:
        if self._dies_after and self._is_in_round:
            self._dies_after -= 1
            if not self._dies_after:
                raise Killed

    def _witness(self, key: str, was_told: bool) -> Accepted:
        """What the server took, with what the database knows of it at this moment."""
        with self.reading() as session:
            row = session.exec(select(Message).where(Message.key == key)).one()
            lines = session.exec(select(ReminderRow).where(ReminderRow.message_id == row.id)).all()
            person = session.get(Person, row.person_id) if row.person_id else None
            found = tuple(sorted((one.deadline_id, one.party, one.rung, one.counted_from) for one in lines))
            why_not = "" if person is None else self._why_not(session, row, person, [one.deadline_id for one in lines])
        return Accepted(
            self.now,
            row.key,
            row.message_id,
            row.kind,
            row.on,
            person.name if person else "",
            row.to,
            was_told,
            found,
            why_not,
        )

    def _why_not(self, session: Session, row: Message, person: Person, deadlines: Sequence[int]) -> str:
        """Why a reminder should not have come to this person now, judged by seats and absences of this moment."""
        found = views(session, self.office.settings)
        told = _covenants_of(session, deadlines)
        about = telling.covenants_of(session, [row.id or 0])[row.id or 0] if row.kind not in NEVER_PAUSED else set()
        held = [one for one in found.values() if one.row.released_at is None]
        if any(one.id in told or (one.id in about and not sees(one, row.to, self.now)) for one in held):
            return "de tafel is nog niet vrijgegeven"
        if row.kind != "digest" or row.uncertain:  # what may have arrived goes again as it is
            return ""
        seats = [one for here in found.values() for one in here.members if one.person == person.id]
        if not any((one.since or self.today) <= self.today <= (one.until or self.today) for one in seats):
            return "heeft geen plaats meer"
        away = any(first <= self.today <= last for one in seats for first, last in one.away)
        if away and not any(one.role.value == "secretariat" for one in seats):
            return "is afwezig"
        if person.email != row.to:
            return "heeft een ander adres"
        return "een regel is al afgemeld" if _is_any_settled(session, row) else ""


def _is_any_settled(session: Session, mail: Message) -> bool:
    """Whether a mail tells of something that nobody need do any more: the whole of it, or this party's part."""
    lines = session.exec(
        select(ReminderRow.party, DeadlineRow.id, DeadlineRow.state)
        .join(DeadlineRow, col(DeadlineRow.id) == ReminderRow.deadline_id)
        .where(ReminderRow.message_id == mail.id)
    ).all()
    for party, deadline, state in lines:
        parts = [part.state for part, slug in part_rows(session, deadline) if slug == party and part.part == LEAD]
        if state != "open" or (parts and "open" not in parts):
            return True
    return False


def _lasting(row: Any, slug: str, asked_as: str) -> str:
    """The lasting name of a deadline. One that a meeting made is named by its decision."""
    name = row.source if row.origin == Origin.MEETING.value else asked_as
    return f"{slug}:{row.origin}:{name}@{row.occurrence}"


def set_the_table(folder: Path, start: date, url: str = "") -> Table:
    """A new table: Terneuzen released, Hulst held, and a calendar link for everybody. On SQLite it is a copy."""
    if url:
        return _new_table(folder, start, url)
    template = _template(folder, start)
    table = template.copy(Path(tempfile.mkdtemp(dir=folder)) / "table")
    table.tokens, table.now = list(template.tokens), template.now
    return table


_templates: dict[tuple[Path, date], Table] = {}


def _template(folder: Path, start: date) -> Table:
    if (folder, start) not in _templates:
        place = folder / f"template-{start}"
        place.mkdir()
        made = _new_table(place, start, f"sqlite:///{place / 'cycle.db'}")
        made.close()
        _templates[folder, start] = made
    return _templates[folder, start]


def _new_table(folder: Path, start: date, url: str) -> Table:
    office = make_office(Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else url, **SETTINGS)
    table = Table(office, moment(start, time(7), office.settings.zone).astimezone(UTC), url, folder)
    for source in (EXAMPLE, OTHER):
        covenant = folder / f"import-{source.name}"
        shutil.copytree(source, covenant)
        text = (covenant / "covenant.toml").read_text(encoding="utf-8")
        live = f"live_since = {start - timedelta(14)}"
        (covenant / "covenant.toml").write_text(re.sub(r"live_since = \S+", live, text), encoding="utf-8")
        import_folder(office, covenant, table.now)
    release(office, TERNEUZEN, table.now, by=SECRETARY[TERNEUZEN])
    for number, person in enumerate(table.people()):
        scope = ("mine", "party", "covenant", "mine", "all")[number % 5]
        sits_at = TERNEUZEN if person in table.people(TERNEUZEN) else HULST
        table.link(person.name, scope, sits_at if scope == "covenant" else "", banners=number % 2 == 0)
    return table


def _covenants_of(session: Session, ids: Sequence[int]) -> set[int]:
    rows = session.exec(select(DeadlineRow.covenant_id).where(col(DeadlineRow.id).in_(ids))).all()
    return set(rows)
