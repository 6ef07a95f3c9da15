"""The draft of the next agenda (voorzet), for two years: every agreement with what there is to do, also where that is
nothing yet; as PDF, Word and Excel, to go with the letter."""

from collections.abc import Iterable, Sequence
from datetime import date

from cycle.actions.letters.content.agreements_standing import is_action, rows_by_agreement
from cycle.actions.letters.content.facts import organisations
from cycle.actions.office.covenant_view import CovenantView, row_when
from cycle.domain.model import LadderKind, Origin, State
from cycle.domain.progress_questions import is_question
from cycle.domain.rules import ONCE
from cycle.domain.status import has_passed
from cycle.domain.theme_words import theme_words
from cycle.domain.words import day_words, joined, period_words
from cycle.errors import Refused
from cycle.letter.agenda import HEADS, AgendaFacts, AgendaRow, agenda_pdf, agenda_word
from cycle.letter.facts import years_words
from cycle.sheets import Column, Sheet, workbook
from cycle.store import deadlines, register, theme_names
from cycle.store.database import Session
from cycle.store.deadlines import LEAD
from cycle.store.ids import id_of
from cycle.store.tables import AgreementRow, DeadlineRow

WIDTHS = (9, 30, 62, 24, 30)
YEARLY = "jaarlijks"
OTHERS = "Andere acties"
"""What stands above the actions that belong to no agreement."""


def agenda_years(year: int) -> tuple[int, int]:
    """The two years of the agenda that a letter of this year asks for."""
    return year + 1, year + 2


def enclosures_of(session: Session, view: CovenantView, year: int, today: date) -> list[AgendaRow]:
    """The rows of the draft agenda for the two years after a letter's: all that is open or comes back, under the
    agreement it is of; one without either has an empty row, to be written in."""
    by_agreement = rows_by_agreement(session, view.id)
    parts = deadlines.parts(session, deadlines.in_covenant(view.id))
    leads = {key: [part.party for part in several if part.part == LEAD] for key, several in parts.items()}
    themes, rows = theme_names.of_covenant(session, view.id), []
    for agreement in register.agreement_rows(session, view.id):
        mine = _coming(by_agreement.get(id_of(agreement), ()), year)
        called = theme_words(agreement.theme, themes)
        made = [_agenda_row(view, agreement, called, again, leads, today) for again in mine]
        rows += made or [_empty_row(agreement, called)]
    others = [row for row in by_agreement.get(None, ()) if is_action(row)]
    return rows + [_agenda_row(view, None, OTHERS, again, leads, today) for again in _coming(others, year)]


def enclosure_files(
    year: int, covenant_name: str, senders: Sequence[str], rows: Sequence[AgendaRow]
) -> list[tuple[str, bytes]]:
    """The files with their names, the PDF first; only that where the packages for documents are not installed."""
    years = years_words(*agenda_years(year))
    facts = AgendaFacts(
        f"Voorzet uitvoeringsagenda {years}",
        f"{covenant_name}. Dit is een voorzet van {joined(list(senders))} voor de uitvoeringsagenda van {years}: "
        "elke afspraak met wat er nog open staat of terugkomt. Bij een lege regel staat nog geen actie. Vul aan, "
        "verander of streep door, en neem het mee naar het voorjaarsoverleg.",
        tuple(rows),
    )
    columns = tuple(Column(head, width) for head, width in zip(HEADS, WIDTHS, strict=True))
    sheet = Sheet(f"Agenda {year + 1}-{year + 2}", columns, [row.cells for row in rows])
    name = agenda_name(year)
    files = [(f"{name}.pdf", agenda_pdf(facts))]
    try:
        return [*files, (f"{name}.docx", agenda_word(facts)), (f"{name}.xlsx", workbook([sheet]))]
    except Refused:
        return files


def agenda_name(year: int) -> str:
    """How the files are called, without what says of which kind they are."""
    first, last = agenda_years(year)
    return f"Voorzet uitvoeringsagenda {first}-{last}"


def enclosure_words(year: int) -> tuple[str, ...]:
    """How the letter calls what goes along."""
    return (f"voorzet uitvoeringsagenda {years_words(*agenda_years(year))}",)


def _coming(rows: Iterable[DeadlineRow], year: int) -> list[list[DeadlineRow]]:
    """What is open of it by then, each thing once with all the times that it comes round in the first of the years.

    What was asked once stays on the agenda until it is done. What only asks how an agreement stands is no action.
    """
    again: dict[tuple[int, str], list[DeadlineRow]] = {}
    for row in sorted(rows, key=lambda row: (row.due or date.max, id_of(row))):
        is_there = row.occurrence == ONCE or row.due is None or row.due.year == year + 1
        if row.state == State.OPEN and is_there and not is_question(row.slot, row.occurrence):
            again.setdefault((row.action_id, row.slot), []).append(row)
    return list(again.values())


def _agenda_row(
    view: CovenantView,
    agreement: AgreementRow | None,
    theme: str,
    again: Sequence[DeadlineRow],
    leads: dict[int, list[str]],
    today: date,
) -> AgendaRow:
    row = again[0]
    topic = (agreement.agenda_topic or agreement.topic) if agreement else row.title
    words = row.todo or (agreement.agenda_text or agreement.text if agreement else "") or row.title
    if row.origin == Origin.STEP:
        words = f"{row.title}. {words}"
    return AgendaRow(
        agreement.number if agreement else row.number,
        topic,
        words,
        joined(organisations(view, leads.get(id_of(row), []))),
        _when(view, again, today),
        theme,
    )


def _when(view: CovenantView, again: Sequence[DeadlineRow], today: date) -> str:
    """When it is asked, as briefly as the agenda of a document says it."""
    row = again[0]
    if len(again) > 1:
        return f"{len(again)} keer per jaar"
    if row.moved_from and row.due and row.moved_from != row.due:
        return f"{day_words(row.due)} (was {day_words(row.moved_from)})"
    if row.occurrence != ONCE and row.invented and row.due:
        return row.phrase.lower() or YEARLY
    if row.kind == LadderKind.MEETING and row.window_start and row.due:
        return period_words(row.window_start, row.due)
    when = row.phrase or ("" if row.due is None else row_when(row, view))
    passed = has_passed(row.due, today, invented=row.invented)
    return f"{when} (nog open)" if passed else when


def _empty_row(agreement: AgreementRow, theme: str) -> AgendaRow:
    leads = agreement.agenda_trekker or agreement.trekker
    topic = agreement.agenda_topic or agreement.topic
    return AgendaRow(agreement.number, topic, "", leads, "", theme)
