"""A new covenant out of its documents: what is kept of the draft, and that nobody is mailed."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from unittest.mock import Mock

import pytest
from sqlmodel import select

from cycle.actions.deadlines.deciding.term_change import change_term
from cycle.actions.deadlines.upkeep.listing import plan_of
from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.office import Office
from cycle.actions.register.starting import beginning
from cycle.actions.register.starting.beginning import Founder, begin, drafted, overrides_of
from cycle.domain.model import Asked, Role
from cycle.domain.term import TermDays
from cycle.errors import Refused
from cycle.intake.founding.draft import StepDraft
from cycle.store import covenants, deadlines
from cycle.store.ids import id_of
from cycle.store.tables import AgreementRow, Covenant, Document, Membership, Message
from tests.intake.founding.test_table_drafts import NUMBERED

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
FOUNDER = Founder("Team Wonen", "wonen@bergen.example")


@pytest.fixture
def document(tmp_path: Path) -> Path:
    file = tmp_path / "afspraken.md"
    file.write_text(NUMBERED, encoding="utf-8")
    return file


def test_a_table_is_kept_as_it_was_drafted_held_with_its_founder_as_secretariat(office: Office, document: Path) -> None:
    draft = drafted(office.settings, [document], NOW).draft
    begin(office, [document], draft, FOUNDER, NOW)

    with office.database.reading() as session:
        view = view_of(session, office.settings, "bergen-op-zoom")
        rows = deadlines.rows_of(session, view.id)
        term = covenants.running_term(session, view.id)
        mails = session.exec(select(Message)).all()
    assert (view.row.released_at, view.row.live_since, view.row.signed_on) == (
        None,
        date(2026, 11, 27),
        date(2026, 2, 12),
    )
    assert (term.start, term.end, term.renews) == (date(2026, 1, 1), date(2029, 12, 31), True)
    assert [(one.email, one.role) for one in view.members] == [("wonen@bergen.example", Role.SECRETARIAT)]
    assert mails == []
    in_2027 = {(row.title, row.due) for row in rows if row.due and row.due.year == 2027}
    assert in_2027 == {
        ("Advies over de huurverhoging", date(2027, 3, 14)),
        ("Brief over de huurverhoging", date(2027, 4, 30)),
        ("Voorjaarsoverleg", date(2027, 5, 31)),
        ("Bod langs de raad van commissarissen", date(2027, 5, 25)),
        ("Bod van de corporaties", date(2027, 6, 15)),
        ("Er komt een monitor betaalbaarheid", date(2027, 6, 30)),
        ("Najaarsoverleg", date(2027, 11, 30)),
        *(("Ambtelijke werkgroep", date(2027, *end)) for end in ((3, 31), (6, 30), (9, 30), (12, 31))),
    }


def test_what_died_between_the_table_and_its_documents_is_taken_up_by_doing_it_again(
    office: Office, document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first transaction stands, the second never began: as after a kill -9."""
    draft = drafted(office.settings, [document], NOW).draft
    with monkeypatch.context() as dying:
        dying.setattr(beginning, "import_files", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            begin(office, [document], draft, FOUNDER, NOW, "wonen@bergen.example")
    with pytest.raises(Refused):  # of somebody else it stays what it is
        begin(office, [document], draft, FOUNDER, NOW, "ander@bergen.example")
    half = counted(office)
    begin(office, [document], draft, FOUNDER, NOW, "wonen@bergen.example")

    assert (half, counted(office)) == ((1, 1, 0, 0), (1, 1, 2, 1))
    with pytest.raises(Refused):
        begin(office, [document], draft, FOUNDER, NOW, "wonen@bergen.example")


def counted(office: Office) -> tuple[int, ...]:
    """Tables, seats, agreements and documents."""
    with office.database.reading() as session:
        return tuple(len(session.exec(select(kind)).all()) for kind in (Covenant, Membership, AgreementRow, Document))


def test_a_covenant_of_that_name_is_not_begun_twice_and_says_how_to_go_on(office: Office, document: Path) -> None:
    draft = drafted(office.settings, [document], NOW).draft
    begin(office, [document], draft, FOUNDER, NOW)

    with pytest.raises(Refused) as refused:
        begin(office, [document], draft, FOUNDER, NOW)

    assert refused.value.what == "Het convenant bergen-op-zoom bestaat al."


def test_a_table_can_start_without_any_document(office: Office) -> None:
    founding = drafted(office.settings, [], NOW)
    begin(office, [], founding.draft, FOUNDER, NOW)

    with office.database.reading() as session:
        row = covenants.covenant(session, "convenant")
        parties = covenants.party_rows(session, id_of(row))
    assert [party.slug for party in parties] == ["gemeente"]


def test_who_was_taken_off_the_draft_leads_no_step(office: Office, document: Path) -> None:
    draft = drafted(office.settings, [document], NOW).draft
    letter = StepDraft("uitnodigingsbrief", "Uitnodigingsbrief", leads=("gemeente", "weg"))

    assert overrides_of(replace(draft, steps=(letter,)), {})["steps"] == {"uitnodigingsbrief": {"leads": ["gemeente"]}}


TO_COME = """# Prestatieafspraken Bergen op Zoom

Tussen de gemeente Bergen op Zoom, Woonstichting De Zes Kernen en Huurdersvereniging Bergen op Zoom.

De afspraken gelden van 1 januari 2027 tot en met 31 december 2030 en zijn getekend op 10 november 2026.

| Nr | Afspraak | Trekker | Termijn |
| --- | --- | --- | --- |
| 1.1 | De gemeente verkoopt hoogstens tien woningen | gemeente | jaarlijks |
"""


def test_agreements_that_are_not_in_force_yet_ask_nothing_of_the_year_before(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "afspraken.md"
    file.write_text(TO_COME, encoding="utf-8")
    begin(office, [file], drafted(office.settings, [file], NOW).draft, FOUNDER, NOW)
    before = yearly(office)
    change_term(office, 1, TermDays(date(2026, 1, 1), date(2030, 12, 31)), NOW)
    earlier = yearly(office)
    change_term(office, 1, TermDays(date(2027, 1, 1), date(2030, 12, 31)), NOW)

    assert before == {2027, 2028}
    assert earlier == {2026, 2027, 2028}
    assert yearly(office) == before


def yearly(office: Office) -> set[int]:
    """The years in which the agreement of each year is asked, kept or told of beforehand."""
    with office.database.reading() as session:
        view = view_of(session, office.settings, "bergen-op-zoom")
        rows = deadlines.rows_of(session, view.id)
        plans = [plan_of(session, view, year, view.local_day(NOW)) for year in (2026, 2027, 2028)]
    asked = {row.due.year if row.due else 0 for row in rows if "tien woningen" in row.title and row.asked == Asked.YES}
    shown = [item for items in plans for item in items if "tien woningen" in item.title and item.id is None]
    return asked | {item.due.year for item in shown if item.due}
