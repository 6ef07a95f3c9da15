"""A covenant as it is kept, in the words of its folder: what `cycle export` writes, and what a folder lies beside."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cycle.actions.office.covenant_view import CovenantView, steps_of
from cycle.actions.register.folders.folder_styles import styles_of
from cycle.domain.year_steps import linked
from cycle.errors import SettingsError
from cycle.intake.covenant import CovenantFile, CovenantMail
from cycle.intake.table_columns import SAYABLE
from cycle.settings import validated
from cycle.store import actions, column_words, covenants, register, seats, standing_bodies, theme_names
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.seats import Seat

OVERRIDES = frozenset({"year", "steps", "ladders", "reading", "letter", "school_region", "send_hour", "approval"})


def covenant_of(session: Session, view: CovenantView) -> CovenantFile:
    """The covenant as its file has it.

    Raises SettingsError where something is kept that a file could not say.
    """
    row, term = view.row, covenants.running_term(session, view.id)
    data = row.model_dump(include={"slug", "name", "municipality", "signed_on", "live_since"})
    data |= {"term_start": term.start, "term_end": term.end, "renews": term.renews, "public_page": row.is_public}
    data["mail"] = row.model_dump(include=set(CovenantMail.model_fields))
    said = {"slug", "name", "kind", "aliases", "until"}
    data["parties"] = [party.model_dump(include=said) for party in covenants.party_rows(session, view.id)]
    groups = covenants.group_rows(session, view.id)
    data["groups"] = {group.slug: group.model_dump(include={"members", "aliases"}) for group in groups}
    data["people"] = list(_people(seats.seats(session, view.id)))
    words = column_words.of_covenant(session, view.id)
    data["columns"] = {heading: word for heading, word in words.items() if word in SAYABLE}
    data["theme_names"] = theme_names.of_covenant(session, view.id)
    data["bodies"] = _bodies(session, view)
    data["house_styles"] = styles_of(session, view.id)[0]
    data |= {name: value for name, value in row.overrides.items() if name in OVERRIDES}
    covenant, faults = validated(CovenantFile, data | {"steps": _steps(session, view)}, f"convenant {row.slug}", "")
    if covenant is None:
        raise SettingsError(tuple(faults))
    return covenant


def _bodies(session: Session, view: CovenantView) -> dict[str, dict[str, Any]]:
    """The bodies whose people were named one by one; the others follow from the steps."""
    rows = [row for row in standing_bodies.bodies(session, view.id) if row.is_named]
    members = standing_bodies.members_of(session, map(id_of, rows))
    written = _written(seats.seats(session, view.id))
    return {
        row.slug: {
            "name": row.name,
            "people": sorted(written[one.person_id, one.party_id] for one in members[id_of(row)]),
        }
        for row in rows
    }


def _written(rows: Sequence[Seat]) -> dict[tuple[int, int], str]:
    """How a body names somebody for a party, which it says only where they have or had a seat of several."""
    parties: dict[int, set[int]] = {}
    for row in rows:
        parties.setdefault(row.seat.person_id, set()).add(row.seat.party_id)
    names = {}
    for row in rows:
        mine = f"{row.person.name} <{row.person.email}>"
        has_more = len(parties[row.seat.person_id]) > 1
        names[row.seat.person_id, row.seat.party_id] = f"{mine} ({row.party.slug})" if has_more else mine
    return names


def _people(rows: Iterable[Seat]) -> Iterator[dict[str, Any]]:
    """Everybody at the table, by party and in the order in which they came; one entry for seats that are the same but
    for their role."""
    by_person: dict[tuple[int, int], list[Seat]] = {}
    for row in rows:
        by_person.setdefault((row.party.position, row.seat.person_id), []).append(row)
    first_seats = sorted(by_person.items(), key=lambda item: (item[0][0], id_of(item[1][0].seat)))
    for _, mine in first_seats:
        alike: dict[tuple[Any, ...], list[Seat]] = {}
        for row in mine:
            about = row.seat.since, row.seat.until, row.numbers, tuple(row.seat.themes)
            alike.setdefault(about, []).append(row)
        yield from (_entry(same) for same in alike.values())


def _entry(rows: Sequence[Seat]) -> dict[str, Any]:
    seat, person, party, numbers = rows[0]
    return {
        "name": person.name,
        "email": person.email,
        "party": party.slug,
        "roles": [row.seat.role for row in rows],
        "agreements": numbers,
        "themes": seat.themes,
        "since": seat.since,
        "until": seat.until,
    }


def _steps(session: Session, view: CovenantView) -> dict[str, dict[str, Any]]:
    """What this covenant says of its steps itself, with the agreements that they stand for by the numbers of today."""
    own = {name: dict(step) for name, step in view.row.overrides.get("steps", {}).items()}
    steps = steps_of(view.settings, view.parties, covenants.groups(session, view.id))
    links = actions.links_of_steps(session, [view.id])[view.id]
    held = register.agreements(session, view.id)
    for step in linked(steps, links, held):
        if step.numbers != step.agreements:
            own.setdefault(step.name, {})["source"] = list(step.numbers)
            own[step.name]["tied"] = [one.number for one in held if one.key in step.tied]
    return own
