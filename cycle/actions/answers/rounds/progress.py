"""The progress round: who answered what, as it stands or as it stood on a fixed day, the peildatum.

Silence is not failure: who said nothing in this round is grey, "geen bericht", whatever they said in an earlier one.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cycle.actions.office.covenant_view import CovenantView, rounds_of, view_of
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.domain.answering import Stand
from cycle.domain.days import DEADLINE, LOOK_BACK
from cycle.domain.model import Light, State
from cycle.domain.rounds import Round, is_asked
from cycle.domain.status import STATE_WORDS
from cycle.domain.text import natural
from cycle.domain.words import day_words
from cycle.errors import Refused
from cycle.sheets import Column, Sheet, write_sheets
from cycle.store import answers, deadlines, progress
from cycle.store.answers import Given
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.mishaps import KeyTaken
from cycle.store.progress import AskedParty
from cycle.store.tables import DeadlineParty, DeadlineRow, Snapshot, SnapshotLine

DONE = {**STATE_WORDS, State.DONE: Stand.DONE}


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One party's part in one deadline: what was asked, and what it let know in this round."""

    deadline: int
    number: str
    title: str
    party: str
    person: str
    email: str
    asked_on: date
    state: str
    light: str
    sentence: str
    next_on: date | None
    at_risk: bool
    answered_at: datetime | None
    answered_by: str
    is_released: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """A round on one day. `began_on` is None while nobody was asked."""

    meeting: str
    year: int
    day: date
    began_on: date | None
    on: date
    rows: tuple[ProgressRow, ...]

    @property
    def answered(self) -> int:
        """How many rows were answered."""
        return sum(row.answered_at is not None for row in self.rows)

    def people(self) -> list[dict[str, Any]]:
        """Everybody who was asked, with how many of their rows they answered: who answered least comes first."""
        by_person: dict[tuple[str, str, str], list[ProgressRow]] = {}
        for row in self.rows:
            by_person.setdefault((row.person, row.email, row.party), []).append(row)
        people = [
            {
                "person": person,
                "email": email,
                "party": party,
                "asked": len(mine),
                "answered": sum(row.answered_at is not None for row in mine),
            }
            for (person, email, party), mine in by_person.items()
        ]
        return sorted(people, key=lambda one: (one["answered"] - one["asked"], one["party"], one["person"]))

    def as_json(self) -> dict[str, Any]:
        """The shape of `cycle progress --json`."""
        rows = [{key: _plain(value) for key, value in asdict(row).items()} for row in self.rows]
        return {
            "meeting": self.meeting,
            "year": self.year,
            "day": self.day.isoformat(),
            "began_on": _plain(self.began_on),
            "on": self.on.isoformat(),
            "asked": len(self.rows),
            "answered": self.answered,
            "people": self.people(),
            "rows": rows,
        }


def progress_on(session: Session, view: CovenantView, on: date | None, now: datetime) -> Progress:
    """The newest round that asked anybody by a day (today), with the answers up to then; else the one to come.

    Raises Refused when the settings name no round.
    """
    DEADLINE.around(view.local_day(now)).refuse(on)
    day = on or view.local_day(now)
    rounds = rounds_of(view.settings.progress, deadlines.meetings(session, [view.id]).get(view.id, {}))
    if not rounds:
        raise Refused("Er is geen voortgangsronde.", "Noem in config.toml bij [progress] de overleggen.")
    begun = [(one, began) for one in rounds if (began := progress.began_on(session, view.id, one)) and began <= day]
    if begun:
        return _progress(session, view, *begun[-1], day)
    following = next((one for one in rounds if one.day >= day), rounds[-1])
    return Progress(following.meeting, following.year, following.day, None, day, ())


def make_snapshot(office: Office, covenant: str | None, on: date | None, now: datetime, *, by: str = "") -> str:
    """Keeps the answers as they are at the end of a day, once and for ever; says in words what came of it.

    Raises Refused for a day to come, or while nobody was asked.
    """
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        standing = progress_on(session, view, on, now)
    if standing.on > view.local_day(now):
        raise Refused(f"{day_words(standing.on).capitalize()} moet nog komen.", "Kies vandaag of een eerdere dag.")
    LOOK_BACK.around(view.local_day(now)).refuse(standing.on)
    if standing.began_on is None:
        raise Refused("Er is nog niemand gevraagd.", f"De ronde is voor het {standing.meeting} van {standing.year}.")
    try:
        with office.database.writing() as session:
            _keep(session, view, standing, now, by)
    except KeyTaken:
        return f"De stand van {day_words(standing.on)} was al bewaard; die blijft zoals hij was."
    answered = f"{standing.answered} van {len(standing.rows)} regels beantwoord"
    return f"Bewaard: de stand van {day_words(standing.on)}, {answered}."


def export_snapshot(
    office: Office, covenant: str | None, on: date | None, file: Path, *, only_released: bool = False
) -> str:
    """Writes a snapshot as XLSX (or CSV), the newest one or that of a day; says in words what was written. Whoever is
    no secretariat gets only those sentences that it let go since.

    Raises Refused when there is none.
    """
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        snapshots = [one for one in progress.snapshots(session, view.id) if on in (None, one.on)]
        if not snapshots:
            raise Refused("Er is geen bewaarde stand.", "Bewaar er een met: cycle progress snapshot")
        snapshot, lines = snapshots[0], progress.lines_of(session, snapshots[0])
        shown = answers.released(session, view.id) if only_released else None
    write_sheets(file, _sheets(view, snapshot, lines, shown))
    return f"{len(lines)} regels van {day_words(snapshot.on)} staan in {file}."


def _progress(session: Session, view: CovenantView, round_: Round, began: date, on: date) -> Progress:
    last = min(on, max(round_.day, began))
    asked = progress.asked_between(session, view.id, began, last)
    ids = {one.deadline for one in asked}
    mine = {one.item.id for one in deadlines.items_among(session, ids) if is_asked(one.item, round_)}
    rows, said = deadlines.rows_by_id(session, mine), answers.history(session, mine)
    parts = progress.lead_parts(session, view.id)
    made = [
        _row(
            one,
            rows[one.deadline],
            parts.get((one.deadline, one.party)),
            said.get((one.deadline, one.party), []),
            view,
            on,
        )
        for one in asked
        if one.deadline in mine
    ]
    made.sort(key=lambda row: (natural(row.number), row.title, row.party))
    return Progress(round_.meeting, round_.year, round_.day, began, on, tuple(made))


def _row(
    asked: AskedParty, row: DeadlineRow, part: DeadlineParty | None, said: Sequence[Given], view: CovenantView, on: date
) -> ProgressRow:
    """What counts: the newest that was said from the question on, up to and with the day."""
    heard = [one for one in said if asked.asked_on <= view.local_day(one.at) <= on]
    newest = next((one for one in heard if one.stand or one.sentence or one.next_on or one.at_risk), None)
    light = next((one.stand.light for one in heard if one.stand and one.stand.light), None)
    settled_at = part.settled_at if part is not None and part.state != State.OPEN else None
    is_settled = part is not None and settled_at is not None and view.local_day(settled_at) <= on
    answered_at = newest.at if newest else settled_at if is_settled else None
    return ProgressRow(
        deadline=asked.deadline,
        number=row.number,
        title=row.title,
        party=view.party_names.get(asked.party, asked.party),
        person=asked.person,
        email=asked.email,
        asked_on=asked.asked_on,
        state=DONE[part.state if part and is_settled else State.OPEN],
        light=(light or Light.GREY),
        sentence=newest.sentence if newest else "",
        next_on=newest.next_on if newest else None,
        at_risk=any(one.at_risk for one in heard[:1]),
        answered_at=answered_at,
        is_released=newest is not None and newest.released_at is not None,
        answered_by=newest.by_and_via if newest else part.settled_by if part and is_settled else "",
    )


def _keep(session: Session, view: CovenantView, standing: Progress, now: datetime, by: str) -> None:
    snapshot = Snapshot(
        covenant_id=view.id,
        meeting=standing.meeting,
        year=standing.year,
        on=standing.on,
        made_at=now,
        made_by=by,
    )
    session.add(snapshot)
    session.flush()
    for position, row in enumerate(standing.rows):
        values = asdict(row) | {"deadline_id": row.deadline, "snapshot_id": id_of(snapshot), "position": position}
        session.add(SnapshotLine(**{name: values[name] for name in SnapshotLine.model_fields if name in values}))
    note(
        session,
        now,
        by,
        "voortgang bewaard",
        f"{standing.meeting} {standing.year}",
        standing.on.isoformat(),
        view.id,
    )


def _sheets(
    view: CovenantView,
    snapshot: Snapshot,
    lines: Sequence[SnapshotLine],
    shown: Collection[tuple[int, datetime | None]] | None,
) -> list[Sheet]:
    """The rows, who answered, and what this list is; with all sentences, or those of the answers that may be shown."""
    zone = view.settings.zone
    rows = [
        (
            one.number,
            one.title,
            one.party,
            one.person,
            one.asked_on.isoformat(),
            one.state,
            one.light,
            one.sentence if shown is None or (one.deadline_id, one.answered_at) in shown else "",
            one.next_on.isoformat() if one.next_on else "",
            "ja" if one.at_risk else "",
            f"{one.answered_at.astimezone(zone):%Y-%m-%d %H:%M}" if one.answered_at else "",
            one.answered_by,
        )
        for one in lines
    ]
    about = [
        ("Overeenkomst", view.row.name),
        ("Overleg", f"{snapshot.meeting} {snapshot.year}"),
        ("Peildatum", day_words(snapshot.on)),
        ("Bewaard door", snapshot.made_by),
        ("Geen bericht", "Wie niets liet weten, staat op “geen bericht”. Dat is geen oordeel."),
    ]
    return [
        Sheet("Voortgang", COLUMNS, rows),
        Sheet("Wie antwoordde", PEOPLE, _tally(lines)),
        Sheet("Over deze lijst", (Column("wat", 18), Column("", 60)), about),
    ]


COLUMNS = (
    Column("nummer", 10),
    Column("afspraak", 40),
    Column("partij", 24),
    Column("gevraagd aan", 24),
    Column("gevraagd op", 12),
    Column("stand", 12),
    Column("licht", 14),
    Column("toelichting", 50),
    Column("volgende stap", 14),
    Column("haalbaarheid in gevaar", 12),
    Column("beantwoord op", 18),
    Column("beantwoord door", 30),
)
PEOPLE = (Column("persoon", 30), Column("partij", 30), Column("gevraagd", 10), Column("beantwoord", 12))


def _tally(lines: Sequence[SnapshotLine]) -> list[tuple[str, str, str, str]]:
    per: dict[tuple[str, str], list[SnapshotLine]] = {}
    for line in lines:
        per.setdefault((line.person, line.party), []).append(line)
    return [
        (person, party, str(len(mine)), str(sum(one.answered_at is not None for one in mine)))
        for (person, party), mine in sorted(per.items(), key=lambda entry: entry[0][::-1])
    ]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
