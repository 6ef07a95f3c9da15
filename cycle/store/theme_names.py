"""What the themes of the agreements are called, term by term: read in a document, or given by a person."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from cycle.domain.text import natural
from cycle.store.tables import AgreementRow, ThemeName
from cycle.store.terms import running


def of_covenant(session: Session, covenant_id: int) -> dict[str, str]:
    """The names that are known in the running term, by theme, in the order in which people count."""
    return {row.theme: row.name for row in rows_of_covenant(session, covenant_id)}


def rows_of_covenant(session: Session, covenant_id: int) -> list[ThemeName]:
    """The same as they are kept."""
    return _in_order(session, col(ThemeName.term_id).in_(running([covenant_id])))


def of_term(session: Session, term_id: int) -> list[ThemeName]:
    """Those of one term, running or not."""
    return _in_order(session, ThemeName.term_id == term_id)


def themes_of(session: Session, covenant_id: int) -> list[str]:
    """The themes of the agreements of the running term, in the order in which people count."""
    held = col(AgreementRow.term_id).in_(running([covenant_id])), AgreementRow.theme != ""
    return sorted(session.exec(select(AgreementRow.theme).where(*held).distinct()), key=natural)


def keep(
    session: Session, covenant_id: int, term_id: int, names: Mapping[str, str], sources: Mapping[str, str]
) -> bool:
    """Keeps what themes are called, each with where a document says so (none: a person does); an empty name is
    forgotten. Says whether anything changed; one that bears the name already stays as it is."""
    rows = {row.theme: row for row in of_term(session, term_id)}
    changed = False
    for theme, name in names.items():
        row = rows.get(theme)
        if (row.name if row is not None else "") == name:
            continue
        changed = True
        if not name:
            session.delete(row)
            continue
        row = row or ThemeName(covenant_id=covenant_id, term_id=term_id, theme=theme, name="")
        row.name, row.source = name, sources.get(theme, "")
        session.add(row)
    session.flush()
    return changed


def _in_order(session: Session, where: Any) -> list[ThemeName]:
    rows = session.exec(select(ThemeName).where(where)).all()
    return sorted(rows, key=lambda row: natural(row.theme))
