"""What themes are called: read in a document or a folder, or given at the desk. A name that a person gave stays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.office.versions import refuse_changed
from cycle.domain.text import clean_line, natural
from cycle.domain.theme_words import look_at_theme_name
from cycle.domain.words import joined
from cycle.errors import Fault, NotFound
from cycle.intake.covenant import COVENANT, CovenantFile
from cycle.intake.document import ReadDocument, ThemeRead
from cycle.intake.theme_headings import names_agreed
from cycle.store import covenants, theme_names
from cycle.store.database import Session
from cycle.store.ids import id_of

ABOUT = "thema's"
"""What the logbook calls the names of the themes of a covenant."""


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme of the running term with its name ("" when none is known), and where a document says it ("" for a name
    that a person gave)."""

    theme: str
    name: str
    source: str


def theme_lines(session: Session, covenant_id: int) -> list[ThemeLine]:
    """All themes that agreements have or that are named, in the order in which people count."""
    named = {row.theme: row for row in theme_names.rows_of_covenant(session, covenant_id)}
    themes = sorted({*theme_names.themes_of(session, covenant_id), *named}, key=natural)
    rows = ((theme, named.get(theme)) for theme in themes)
    return [ThemeLine(theme, row.name if row else "", row.source if row else "") for theme, row in rows]


def name_themes(
    office: Office, covenant_id: int, names: Mapping[str, str], now: datetime, by: str, version: str = ""
) -> bool:
    """Keeps what themes of the running term are called ("" for not any more); says whether that is anything new.

    Raises Refused for a name that is too long, NotFound for a theme that no agreement has, Changed when the page of
    this `version` showed other names.
    """
    wanted = {theme: look_at_theme_name(clean_line(name)) for theme, name in names.items()}
    with office.database.writing() as session:
        covenants.lock(session, covenant_id)
        rows = theme_names.rows_of_covenant(session, covenant_id)
        refuse_changed(session, version, ABOUT, covenant_id, *rows)
        _refuse_unknown_themes(session, covenant_id, wanted)
        was = {row.theme: row.name for row in rows}
        changed = keep_names(session, covenant_id, [ThemeRead(*one) for one in wanted.items()])
        if changed:
            other = {theme: name for theme, name in wanted.items() if name != was.get(theme, "")}
            named = joined(
                [f"{theme} is “{name}”" if name else f"{theme} zonder naam" for theme, name in other.items()]
            )
            note(session, now, by, "thema's benoemd", ABOUT, named, covenant_id)
    return changed


def _refuse_unknown_themes(session: Session, covenant_id: int, names: Mapping[str, str]) -> None:
    known = [line.theme for line in theme_lines(session, covenant_id)]
    unknown = next((theme for theme in names if theme not in known), None)
    if unknown is not None:
        raise NotFound(f"Geen afspraak hoort bij thema {unknown}.", f"Bekend zijn: {', '.join(known)}.")


def names_of_folder(covenant: CovenantFile) -> tuple[ThemeRead, ...]:
    """The names that a covenant folder gives: those of a person."""
    return tuple(ThemeRead(theme, name) for theme, name in covenant.theme_names.items())


def names_of_documents(documents: Sequence[ReadDocument]) -> tuple[tuple[ThemeRead, ...], tuple[Fault, ...]]:
    """The names that documents agree on, and a line for each theme that they call differently."""
    return names_agreed([one for document in documents for one in document.themes])


def names_to_write(
    session: Session, covenant_id: int | None, said: Sequence[ThemeRead], *, yes: bool
) -> tuple[tuple[ThemeRead, ...], tuple[Fault, ...]]:
    """The names that may be kept, and one line for each that is other than what is kept and waits for a yes."""
    known = theme_names.of_covenant(session, covenant_id) if covenant_id is not None else {}
    other = [one for one in said if known.get(one.theme, one.name) != one.name]
    taken = tuple(one for one in said if one.theme not in known or (yes and one in other))
    return taken, () if yes else tuple(_waits(one, known[one.theme]) for one in other)


def _waits(said: ThemeRead, known: str) -> Fault:
    what = f"Thema {said.theme} heet “{known}” en hier “{said.name}”."
    hint = (
        "De naam blijft zoals hij was; neem de andere over met --yes, of verander hem bij Gegevens, Namen van thema's."
    )
    return Fault(said.source or COVENANT, what, hint)


def keep_names(session: Session, covenant_id: int, read: Sequence[ThemeRead], term_id: int | None = None) -> bool:
    """Keeps names as they were read, of the running term or of another; says whether anything changed."""
    if not read:
        return False
    term = term_id or id_of(covenants.term_of(session, covenant_id))
    names = {one.theme: one.name for one in read}
    return theme_names.keep(session, covenant_id, term, names, {one.theme: one.source for one in read})
