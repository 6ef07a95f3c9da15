"""Looking back on a term: what came of each agreement, to write the next framework from."""

from collections.abc import Mapping, Sequence
from datetime import date

from cycle.actions.office.covenant_view import CovenantView, row_when, view_of
from cycle.actions.office.office import Office
from cycle.domain.figures import FigureKind
from cycle.domain.model import Light, State
from cycle.domain.status import state_words
from cycle.domain.term import TermDays, term_words
from cycle.domain.words import day_words, joined
from cycle.errors import NotFound
from cycle.letter.look_back_word import ActionLookedBack, AgreementLookedBack, LookBack, render_look_back
from cycle.store import answers, covenants, deadlines, figures, terms
from cycle.store.answers import Given
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.tables import AgreementRow, DeadlineRow, Figure, Indicator, Term
from cycle.words import FIGURE_KINDS

WORD_FILE = "terugblik-{slug}-{term}.docx"


def look_back_file(office: Office, covenant: str | None, today: date, term_id: int | None = None) -> tuple[str, bytes]:
    """The name and the bytes of the Word file about a term: the running one unless another is named.

    Raises NotFound for a term that is not there.
    """
    with office.database.reading() as session:
        view = view_of(session, office.settings, covenant)
        term = term_of(session, view, term_id)
        facts = look_back(session, view, term, today)
    years = f"{term.start.year if term.start else 'begin'}-{term.end.year if term.end else 'nu'}"
    return WORD_FILE.format(slug=view.row.slug, term=years), render_look_back(facts)


def term_of(session: Session, view: CovenantView, term_id: int | None) -> Term:
    """A term of a covenant; the running one when none is named.

    Raises NotFound.
    """
    term = covenants.running_term(session, view.id) if term_id is None else terms.term(session, view.id, term_id)
    if term is None or term.id is None:
        raise NotFound("Deze looptijd is er niet.", "Kijk bij de afspraken, onder Looptijd.")
    return term


def look_back(session: Session, view: CovenantView, term: Term, today: date) -> LookBack:
    """What came of the agreements of a term."""
    agreements, due = terms.agreements(session, id_of(term)), terms.deadlines_of(session, term)
    ids = [id_of(row) for rows in due.values() for row in rows]
    given = answers.history(session, ids)
    lights = answers.lights(session, deadlines.in_covenant(view.id))
    counted, known_as = _figures(session, view), terms.identities(session, term)
    about = f"{view.row.name}. {term_words(TermDays(term.start, term.end, term.renews))}"
    return LookBack(
        "Terugblik op de afspraken",
        f"{about} Stand van {day_words(today)}. Geef per afspraak aan of u haar houdt, wijzigt of stopt.",
        tuple(
            AgreementLookedBack(
                row.number,
                row.topic,
                row.text or row.agenda_text,
                _leads(row, view),
                tuple(_action(one, view, lights, given, today) for one in due[id_of(row)] if not _is_ahead(one, today)),
                tuple(line for key in known_as[id_of(row)] for line in counted.get(key, ())),
            )
            for row in agreements
        ),
    )


def _is_ahead(row: DeadlineRow, today: date) -> bool:
    """Whether it only comes round again later: of that nothing came yet."""
    return row.state == State.OPEN and row.occurrence != "once" and row.due is not None and row.due.year > today.year


def _leads(row: AgreementRow, view: CovenantView) -> str:
    slugs = row.agenda_leads or row.leads
    return joined([view.party_names.get(slug, slug) for slug in slugs]) or row.trekker or "nog geen trekker"


def _action(
    row: DeadlineRow,
    view: CovenantView,
    lights: Mapping[tuple[int, str], str],
    given: Mapping[tuple[int, str], Sequence[Given]],
    today: date,
) -> ActionLookedBack:
    mine = {party: light for (deadline, party), light in lights.items() if deadline == row.id}
    shone = [f"{view.party_names.get(party, party)} {light}" for party, light in mine.items() if light != Light.GREY]
    stands = state_words(State(row.state), row.due, today, invented=row.invented)
    heard = [said[0] for (deadline, _party), said in given.items() if deadline == row.id and said]
    newest = [one for one in heard if one.sentence and one.released_at is not None]
    words = "; ".join(f"{view.party_names.get(one.party, one.party)}: “{one.sentence}”" for one in newest)
    return ActionLookedBack(row.title, row_when(row, view), ", ".join([stands, *shone]), words)


def _figures(session: Session, view: CovenantView) -> dict[int, list[str]]:
    """The figures of each agreement in words, the newest of each kind."""
    newest: dict[tuple[str, FigureKind], Figure] = {}
    for (key, kind, _on), figure in figures.standing(session, view.id).items():
        known = newest.get((key, FigureKind(kind)))
        if known is None or known.on < figure.on:
            newest[key, FigureKind(kind)] = figure
    lines: dict[int, list[str]] = {}
    for row in figures.indicators(session, view.id):
        if row.agreement_id is not None:
            lines.setdefault(row.agreement_id, []).append(_line(row, newest))
    return lines


def _line(row: Indicator, newest: Mapping[tuple[str, FigureKind], Figure]) -> str:
    said = [
        f"{FIGURE_KINDS[kind]} {newest[row.key, kind].amount:g} op {day_words(newest[row.key, kind].on)}"
        for kind in FigureKind
        if (row.key, kind) in newest
    ]
    return f"{row.name}: {', '.join(said) or 'nog geen cijfer'} {row.unit}".strip()
