"""The register: agreements and the readings of their phrases."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from cycle.domain.agreement import Agreement, AgreementReading
from cycle.domain.days import possible
from cycle.domain.model import Origin, Reading, ReadingKind
from cycle.domain.rule_data import as_data, from_data
from cycle.domain.text import natural
from cycle.domain.undated import UNDATED
from cycle.domain.year_steps import belongs_to
from cycle.store.columns import columns
from cycle.store.tables import ActionRow, AgreementRow, DeadlineRow, Document, ReadingRow
from cycle.store.terms import running


def agreement_rows(session: Session, covenant_id: int) -> Sequence[AgreementRow]:
    """The agreements of a covenant that hold today, in the order in which people count."""
    return sorted(session.exec(select(AgreementRow).where(_holds([covenant_id]))).all(), key=_by_number)


def _holds(covenant_ids: Iterable[int]) -> Any:
    """Whether an agreement is of the framework at work: what was agreed before, or will be, asks nothing today."""
    return col(AgreementRow.term_id).in_(running(covenant_ids))


def _by_number(row: AgreementRow) -> Any:
    return natural(row.number)


def files_read(session: Session, covenant_id: int) -> Sequence[str]:
    """The names of all files that were read into the register."""
    return session.exec(select(Document.file).where(Document.covenant_id == covenant_id).distinct()).all()


def covenant_of_reading(session: Session, reading_id: int) -> int | None:
    """The covenant of a reading, if there is one of this id."""
    row = session.get(ReadingRow, reading_id) if 0 < reading_id < 2**31 else None
    return session.get_one(AgreementRow, row.agreement_id).covenant_id if row is not None else None


def reading_rows(session: Session, covenant_id: int) -> Sequence[ReadingRow]:
    """All readings of a covenant's agreements, in their order."""
    query = (
        select(ReadingRow)
        .join(AgreementRow, col(ReadingRow.agreement_id) == AgreementRow.id)
        .where(_holds([covenant_id]))
        .order_by(col(AgreementRow.position), col(ReadingRow.position))
    )
    return session.exec(query).all()


def marked_reading(session: Session, covenant_id: int, mark: str) -> ReadingRow | None:
    """The reading that a mark names: the agreement's number and its lasting name there ("1.1.2:agenda")."""
    number, _colon, ref = mark.partition(":")
    query = (
        select(ReadingRow)
        .join(AgreementRow, col(ReadingRow.agreement_id) == AgreementRow.id)
        .where(_holds([covenant_id]), AgreementRow.number == number, ReadingRow.ref == ref)
    )
    return session.exec(query).first()


def agreements(session: Session, covenant_id: int, steps: Sequence[str] = ()) -> tuple[Agreement, ...]:
    """The register as the year needs it: the agenda's leads win for an action (design section 4).

    An agreement that names one of the `steps` in its text belongs to it.
    """
    return registers(session, {covenant_id: steps})[covenant_id]


def registers(session: Session, steps: Mapping[int, Sequence[str]]) -> dict[int, tuple[Agreement, ...]]:
    """The same for several covenants at once, each with its steps: by columns, for they may hold thousands."""
    rows: dict[int, list[Any]] = {covenant_id: [] for covenant_id in steps}
    further: dict[int, list[Any]] = defaultdict(list)
    for row in sorted(session.exec(_agreement_columns(steps)), key=lambda row: natural(row.number)):
        if row.place == 0:
            rows[row.covenant_id].append(row)
        else:
            further[row.id].append(row)
    readings: dict[int, list[Any]] = defaultdict(list)
    for reading_row in session.exec(_reading_columns(steps)):
        readings[reading_row.action_id].append(reading_row)
    return {covenant_id: _register(mine, further, readings, steps[covenant_id]) for covenant_id, mine in rows.items()}


def _agreement_columns(covenant_ids: Iterable[int]) -> Any:
    mine = _holds(covenant_ids)
    return (
        columns(
            AgreementRow.id,
            AgreementRow.covenant_id,
            AgreementRow.number,
            AgreementRow.theme,
            AgreementRow.topic,
            AgreementRow.text,
            AgreementRow.leads,
            AgreementRow.agenda_year,
            AgreementRow.agenda_text,
            AgreementRow.agenda_leads,
            AgreementRow.standing,
            col(ActionRow.id).label("action_id"),
            col(ActionRow.position).label("place"),
            col(ActionRow.topic).label("action_topic"),
            col(ActionRow.text).label("action_text"),
            col(ActionRow.leads).label("action_leads"),
            col(ActionRow.from_agenda).label("in_agenda"),
            col(ActionRow.agenda_year).label("action_year"),
            ActionRow.is_asked,
        )
        .join(ActionRow, (col(ActionRow.agreement_id) == AgreementRow.id) & (ActionRow.origin == Origin.AGREEMENT))
        .where(mine)
        .order_by(col(AgreementRow.covenant_id), col(AgreementRow.position), col(ActionRow.position))
    )


def further_actions(session: Session, covenant_ids: Iterable[int]) -> Sequence[ActionRow]:
    """The actions under an agreement beside what it asks by itself, those that no document asks any more too."""
    mine = col(ActionRow.covenant_id).in_(list(covenant_ids)), ActionRow.origin == Origin.AGREEMENT
    query = select(ActionRow).where(*mine, ActionRow.position > 0)
    return session.exec(query.order_by(col(ActionRow.agreement_id), col(ActionRow.position))).all()


def _reading_columns(covenant_ids: Iterable[int]) -> Any:
    mine = _holds(covenant_ids)
    return (
        columns(
            ReadingRow.agreement_id,
            ReadingRow.action_id,
            ReadingRow.slot,
            ReadingRow.ref,
            ReadingRow.phrase,
            ReadingRow.from_agenda,
            ReadingRow.agenda_year,
            ReadingRow.kind,
            ReadingRow.window_start,
            ReadingRow.due,
            ReadingRow.per_year,
            ReadingRow.until,
            ReadingRow.doubtful,
            ReadingRow.others,
            ReadingRow.rule,
            ReadingRow.reason,
            ReadingRow.source,
        )
        .join(AgreementRow, col(ReadingRow.agreement_id) == AgreementRow.id)
        .where(mine)
        .order_by(col(ReadingRow.agreement_id), col(ReadingRow.position))
    )


def _register(
    rows: Sequence[Any],
    further: Mapping[int, Sequence[Any]],
    readings: Mapping[int, Sequence[Any]],
    steps: Sequence[str],
) -> tuple[Agreement, ...]:
    newest = newest_agenda(rows)
    return tuple(
        Agreement(
            row.number,
            row.theme,
            row.topic,
            row.agenda_text or row.text,
            tuple(row.agenda_leads or row.leads),
            tuple([agreement_reading(one, row.number, newest) for one in readings.get(row.action_id, ())]),
            belongs_to(f"{row.text} {row.agenda_text}", steps),
            row.id,
            row.action_id,
            row.text if row.agenda_text else "",
            _actions(further[row.id], readings, steps, newest) if row.id in further else (),
            row.standing,
        )
        for row in rows
    )


def _actions(
    rows: Sequence[Any], readings: Mapping[int, Sequence[Any]], steps: Sequence[str], newest: int | None
) -> tuple[Agreement, ...]:
    """The further actions of an agreement; one that nothing asks any more only where its readings still count."""
    values = []
    for row in rows:
        mine = readings.get(row.action_id, ())
        is_former = row.in_agenda and newest is not None and (row.action_year or newest) < newest
        if mine or (row.is_asked and not is_former):
            values.append(
                Agreement(
                    row.number,
                    row.theme,
                    row.action_topic,
                    row.action_text,
                    tuple(row.action_leads),
                    tuple([agreement_reading(one, row.number, newest) for one in mine]),
                    belongs_to(row.action_text, steps),
                    row.id,
                    row.action_id,
                )
            )
    return tuple(values)


def newest_agenda(rows: Sequence[AgreementRow]) -> int | None:
    """The first year of the newest agenda that the register holds."""
    return max((row.agenda_year for row in rows if row.agenda_year), default=None)


def is_history(row: ReadingRow, newest: int | None) -> bool:
    """Whether a reading stands in an older agenda than the newest; a table that says no year is none."""
    return row.from_agenda and newest is not None and row.agenda_year is not None and row.agenda_year < newest


def agreement_reading(row: ReadingRow, number: str, newest: int | None) -> AgreementReading:
    """A stored reading with its lasting name in the covenant.

    What an older agenda repeats ends where the newest begins. What it asks once is doubtful until somebody settles it:
    it is not copied into the new agenda, and not dropped either.
    """
    reading, former = reading_value(row), is_history(row, newest)
    if former and newest and reading.kind is ReadingKind.YEARLY:
        end = date(newest - 1, 12, 31)
        reading = replace(reading, until=min(reading.until or end, end))
    elif former and reading.kind is ReadingKind.ONCE:
        reading = replace(reading, doubtful=True)
    ref = f"{number}:{row.ref}"
    return AgreementReading(ref, row.phrase, reading, row.from_agenda, row.source, former, slot=row.slot)


def last_slots(session: Session, covenant_id: int) -> dict[int, int]:
    """The highest slot of each action: none is given out twice, for a deadline may bear one that has no reading."""
    of_readings = columns(ReadingRow.action_id, ReadingRow.slot).join(
        ActionRow, col(ReadingRow.action_id) == ActionRow.id
    )
    of_deadlines = columns(DeadlineRow.action_id, DeadlineRow.slot).where(DeadlineRow.covenant_id == covenant_id)
    last: dict[int, int] = {}
    for query in (of_readings.where(ActionRow.covenant_id == covenant_id), of_deadlines.distinct()):
        for action_id, slot in session.exec(query):
            if slot.isdecimal():
                last[action_id] = max(last.get(action_id, 0), int(slot))
    return last


def lost_slots(session: Session, covenant_id: int) -> dict[int, dict[str, str]]:
    """The slots of each action that have no reading any more and still a deadline, by the words that it came of: when
    they come back, it does."""
    readings = select(ReadingRow.id).where(
        ReadingRow.action_id == DeadlineRow.action_id, ReadingRow.slot == DeadlineRow.slot
    )
    query = columns(DeadlineRow.action_id, DeadlineRow.phrase, DeadlineRow.slot).where(
        DeadlineRow.covenant_id == covenant_id,
        DeadlineRow.origin == Origin.AGREEMENT,
        DeadlineRow.slot != UNDATED,
        ~readings.exists(),
    )
    lost: dict[int, dict[str, str]] = defaultdict(dict)
    for action_id, phrase, slot in session.exec(query.order_by(col(DeadlineRow.id).desc())):
        lost[action_id][phrase] = slot
    return lost


def reading_value(row: ReadingRow) -> Reading:
    """A stored reading as the domain's value."""
    return Reading(
        ReadingKind(row.kind),
        row.reason,
        row.window_start,
        row.due,
        row.per_year,
        row.doubtful,
        row.until,
        tuple(reading_from(one) for one in row.others),
        from_data(row.rule) if row.rule else None,
    )


def put_reading(row: ReadingRow, reading: Reading) -> None:
    """The reverse of `reading_value`."""
    row.kind, row.reason, row.doubtful, row.per_year = (
        reading.kind,
        reading.reason,
        reading.doubtful,
        reading.per_year,
    )
    row.window_start, row.due, row.until = reading.window_start, reading.due, reading.until
    row.others = [other_as_data(other) for other in reading.others]
    row.rule = as_data(reading.rule) if reading.rule else {}


def as_kept(reading: Reading) -> Reading:
    """A reading as it comes back from where it is kept: of its rivals only what people choose from is."""
    row = ReadingRow(agreement_id=0, action_id=0, slot="", ref="", phrase="", kind=reading.kind)
    put_reading(row, reading)
    return reading_value(row)


def other_as_data(reading: Reading) -> dict[str, Any]:
    """A rival reading as it is stored beside the main one."""
    return {
        "kind": reading.kind,
        "window_start": reading.window_start.isoformat() if reading.window_start else None,
        "due": reading.due.isoformat() if reading.due else None,
        "per_year": reading.per_year,
        "until": reading.until.isoformat() if reading.until else None,
        "reason": reading.reason,
    } | ({"rule": as_data(reading.rule)} if reading.rule else {})


def reading_from(data: Mapping[str, Any]) -> Reading:
    """The reverse of `other_as_data`."""
    start, due, until = (_day(data.get(name)) for name in ("window_start", "due", "until"))
    rule = from_data(data["rule"]) if data.get("rule") else None
    return Reading(ReadingKind(data["kind"]), data["reason"], start, due, data.get("per_year"), until=until, rule=rule)


def _day(text: str | None) -> date | None:
    return possible(date.fromisoformat(text)) if text else None
