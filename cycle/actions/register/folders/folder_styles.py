"""House styles in a covenant folder: a table for each party that has one, and its logo as a file beside it.

Read in, the styles that the file names are as it has them; those of other parties stay.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cycle.domain.letters import JOINT, TOGETHER
from cycle.errors import Fault, SettingsError
from cycle.intake.covenant import COVENANT, CovenantFile, HouseStyleEntry
from cycle.intake.logo import logo_png
from cycle.private import copy_file
from cycle.store import covenants, letters
from cycle.store.database import Session
from cycle.store.tables import LetterheadRow


@dataclass(frozen=True, slots=True)
class StylesRead:
    """The house styles of a folder, by party, each with its logo as a PNG of ours (nothing without one)."""

    entries: Mapping[str, HouseStyleEntry]
    logos: Mapping[str, bytes]


def styles_in(folder: Path, covenant: CovenantFile) -> StylesRead:
    """The house styles that a folder names, their logos drawn anew.

    Raises SettingsError for a logo that is not there, Unreadable for a file that is none.
    """
    entries = {JOINT if slug == TOGETHER else slug: style for slug, style in covenant.house_styles.items()}
    named = {party: folder / style.logo for party, style in entries.items() if style.logo}
    missing = [file for file in named.values() if not file.is_file()]
    if missing:
        hint = "Zet het bestand in de map, of haal de regel weg."
        raise SettingsError(
            tuple(Fault(COVENANT, f"Het logo {file.name} staat er niet naast.", hint) for file in missing)
        )
    return StylesRead(entries, {party: _drawn(file) for party, file in named.items()})


def save_styles(session: Session, covenant_id: int, read: StylesRead, now: datetime, by: str) -> bool:
    """Keeps the house styles that a folder names; says whether that changed anything."""
    known, changed = letters.letterheads(session, covenant_id, lock=True), False
    for party, entry in read.entries.items():
        row = known.get(party) or LetterheadRow(covenant_id=covenant_id, party=party, changed_at=now)
        values = entry.model_dump() | {"logo": read.logos.get(party, b"")}
        values |= {"visiting": list(entry.visiting), "postal": list(entry.postal)}
        if row.id is not None and all(getattr(row, name) == value for name, value in values.items()):
            continue
        for name, value in values.items():
            setattr(row, name, value)
        row.changed_by, row.changed_at = by, now
        session.add(row)
        changed = True
    return changed


def styles_of(session: Session, covenant_id: int) -> tuple[dict[str, dict[str, Any]], dict[str, bytes]]:
    """The house styles of a covenant as its file has them, in the order of its parties, and its logos by their file."""
    rows = letters.letterheads(session, covenant_id)
    parties = [JOINT, *(one.slug for one in covenants.party_rows(session, covenant_id))]
    said = {party or TOGETHER: _said(rows[party]) for party in parties if party in rows}
    files = {name: row.logo for party in parties if (row := rows.get(party)) and (name := _logo_of(row))}
    return {slug: style for slug, style in said.items() if any(style.values())}, files


def _said(row: LetterheadRow) -> dict[str, Any]:
    values = row.model_dump(include=set(HouseStyleEntry.model_fields) - {"logo"})
    return values | {"logo": _logo_of(row)}


def _logo_of(row: LetterheadRow) -> str:
    """What the file of its logo is called; nothing without one."""
    return f"logo-{row.party or TOGETHER}.png" if row.logo else ""


def _drawn(file: Path) -> bytes:
    """The logo, drawn in a folder of its own: the covenant folder is only read."""
    with tempfile.TemporaryDirectory(prefix="cycle-") as folder:
        copy_file(file, Path(folder) / file.name)
        return logo_png(Path(folder) / file.name)
