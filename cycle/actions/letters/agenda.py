"""The draft of the next agenda: what is open and what is coming, as Word and as Excel, to go with the letter."""

from collections.abc import Sequence
from datetime import date

from cycle.actions.letters.facts import organisations
from cycle.actions.office.covenant_view import CovenantView, row_when
from cycle.domain.model import Origin, State
from cycle.domain.progress_questions import is_question
from cycle.domain.status import state_words
from cycle.domain.text import natural
from cycle.domain.words import joined
from cycle.errors import Refused
from cycle.letter.agenda import HEADS, AgendaRow, agenda_word
from cycle.sheets import Column, Sheet, workbook
from cycle.store import deadlines, register
from cycle.store.database import Session
from cycle.store.deadlines import LEAD
from cycle.store.ids import id_of
from cycle.store.tables import AgreementRow, DeadlineRow

WIDTHS = (9, 32, 60, 26, 34, 20)


def enclosures_of(session: Session, view: CovenantView, year: int, today: date) -> list[AgendaRow]:
    """The rows of the draft agenda for the year after a letter's: open actions, and what comes back that year."""
    next_year = year + 1
    agreements = {row.id: row for row in register.agreement_rows(session, view.id)}
    parts = deadlines.parts(session, deadlines.in_covenant(view.id))
    chosen = [
        row
        for row in deadlines.rows_of(session, view.id)
        if row.origin != Origin.STEP and row.state == State.OPEN and _belongs(row, next_year)
    ]
    return [
        _agenda_row(
            view,
            row,
            agreements.get(row.agreement_id),
            [part.party for part in parts.get(id_of(row), []) if part.part == LEAD],
            today,
        )
        for row in sorted(chosen, key=_by_number)
    ]


def enclosure_files(year: int, covenant_name: str, rows: Sequence[AgendaRow]) -> list[tuple[str, bytes]]:
    """The files with their names; none where the packages for documents are not installed."""
    title = f"Voorzet uitvoeringsagenda {year + 1}"
    intro = (
        f"{covenant_name}. Dit zijn de acties die nog open staan of in {year + 1} terugkomen. Het is een voorzet: vul "
        "aan, verander of streep door, en neem het mee naar het voorjaarsoverleg."
    )
    name = f"voorzet-uitvoeringsagenda-{year + 1}"
    columns = tuple(Column(head, width) for head, width in zip(HEADS, WIDTHS, strict=True))
    sheet = Sheet(f"Agenda {year + 1}", columns, [_cells(row) for row in rows])
    try:
        return [(f"{name}.docx", agenda_word(title, intro, rows)), (f"{name}.xlsx", workbook([sheet]))]
    except Refused:
        return []


def enclosure_words(year: int) -> tuple[str, ...]:
    """How the letter calls what goes along."""
    return (f"voorzet uitvoeringsagenda {year + 1}",)


def _belongs(row: DeadlineRow, year: int) -> bool:
    """What was asked once stays on the agenda until it is done; what comes back every year stands there once. What only
    asks how an agreement stands is no action."""
    if is_question(row.slot, row.occurrence):
        return False
    return row.occurrence == "once" or row.due is None or row.due.year == year


def _agenda_row(
    view: CovenantView, row: DeadlineRow, agreement: AgreementRow | None, leads: list[str], today: date
) -> AgendaRow:
    topic = (agreement.agenda_topic or agreement.topic) if agreement else ""
    action = row.todo or (agreement.agenda_text or agreement.text if agreement else "") or row.title
    state = state_words(State(row.state), row.due, today, invented=row.invented, doubtful=row.doubtful)
    return AgendaRow(
        row.number, topic or row.title, action, joined(organisations(view, leads)), row_when(row, view), state
    )


def _by_number(row: DeadlineRow) -> tuple[list[tuple[bool, int, str]], int]:
    return natural(row.number), id_of(row)


def _cells(row: AgendaRow) -> tuple[str, ...]:
    return row.number, row.topic, row.action, row.trekker, row.when_words, row.state_words
