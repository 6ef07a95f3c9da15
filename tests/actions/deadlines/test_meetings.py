"""What a meeting decided changes deadlines, with its reference, and can be taken back; on both engines."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlmodel import col, select

from cycle.actions.deadlines.deciding.closing import move, settle
from cycle.actions.deadlines.meeting.meetings import Effect, Resolved, decide, held, undo_decision
from cycle.actions.deadlines.meeting.planned_meetings import set_meeting
from cycle.actions.deadlines.upkeep.year_upkeep import keep_year
from cycle.actions.office.office import Office
from cycle.actions.service.watch.health import _covenant_findings
from cycle.domain.model import State
from cycle.errors import NotFound, Refused
from cycle.store.tables import DeadlineParty, DeadlineRow, MeetingDecision
from tests.actions.mailbox import act, at, mails, text_of
from tests.actions.mails.test_reminding import deadline
from tests.decided import decided
from tests.lasting_names import numbered

BY = "secretariaat@terneuzen.example"
AFTER = at("2027-04-14")
DAY = date(2027, 4, 13)


@pytest.fixture
def spring(example: Office) -> int:
    row = deadline(example, "Voorjaarsoverleg")
    set_meeting(example, row, DAY, at("2027-03-01"))
    return row


def again(office: Office, row: int) -> DeadlineRow:
    with office.database.reading() as session:
        return session.get_one(DeadlineRow, row)


def noted(office: Office, about: str) -> list[tuple[str, str]]:
    with office.database.reading() as session:
        return [(row.verb, row.detail) for row in decided(session, about)]


def decisions(office: Office) -> list[MeetingDecision]:
    with office.database.reading() as session:
        return list(session.exec(select(MeetingDecision).order_by(col(MeetingDecision.id))))


def any_agreement(office: Office) -> DeadlineRow:
    with office.database.reading() as session:
        query = select(DeadlineRow).where(DeadlineRow.origin == "agreement", DeadlineRow.state == "open")
        return session.exec(query.order_by(col(DeadlineRow.id))).first()


def test_a_meeting_that_took_place_is_done(example: Office, spring: int) -> None:
    with pytest.raises(Refused, match="is pas op dinsdag 13 april 2027"):
        held(example, spring, at("2027-04-12"), by=BY)

    assert held(example, spring, AFTER, by=BY).words == "heeft plaatsgevonden"
    assert held(example, spring, AFTER, by=BY).changed is False
    assert again(example, spring).state == "done"


def test_a_decision_moves_a_deadline_with_its_reference_and_is_undone(example: Office, spring: int) -> None:
    row = any_agreement(example)
    first = decide(example, spring, Resolved(row.agreement_id or 0, "Ter kennisname."), AFTER, by=BY)
    move_it = Resolved(row.agreement_id or 0, "Uitstel tot het najaar.", Effect.MOVE, row.id, date(2027, 10, 1))
    reference = decide(example, spring, move_it, AFTER, by=BY)

    assert first == "Voorjaarsoverleg 13 april 2027, besluit 1"
    assert reference == "Voorjaarsoverleg 13 april 2027, besluit 2"
    assert again(example, row.id).due == date(2027, 10, 1)
    assert noted(example, f"termijn {row.id}")[-1] == ("verplaatst", f"van {row.due} naar 2027-10-01 {reference}")
    assert noted(example, f"afspraak {row.number}") == [
        ("besluit", f"Ter kennisname. ({first})"),
        ("besluit", f"Uitstel tot het najaar. ({reference})"),
    ]

    undo_decision(example, decisions(example)[1].id, AFTER, by=BY)
    assert again(example, row.id).due == row.due
    assert decisions(example)[1].undone_by == BY
    assert noted(example, f"afspraak {row.number}")[-1][0] == "besluit ongedaan gemaakt"


def test_a_decision_drops_a_deadline_for_all_its_leads_and_is_undone(example: Office, spring: int) -> None:
    row = any_agreement(example)
    decide(example, spring, Resolved(row.agreement_id or 0, "Hoeft niet meer.", Effect.DROP, row.id), AFTER, by=BY)
    assert again(example, row.id).state == "dropped"

    undo_decision(example, decisions(example)[0].id, AFTER, by=BY)
    assert again(example, row.id).state == "open"


def test_a_decision_makes_a_new_deadline_that_its_leads_are_reminded_of(example: Office, spring: int) -> None:
    about = any_agreement(example)
    resolved = Resolved(
        about.agreement_id or 0, "Lever een notitie over de wachttijd.", Effect.NEW, None, date(2027, 6, 15)
    )
    reference = decide(example, spring, resolved, AFTER, by=BY)

    row = again(example, decisions(example)[0].about_id)
    assert (row.origin, row.due, row.todo, row.source, row.number) == (
        "meeting",
        date(2027, 6, 15),
        "Lever een notitie over de wachttijd.",
        reference,
        about.number,
    )
    with example.database.reading() as session:
        count = len(session.exec(select(DeadlineParty).where(DeadlineParty.deadline_id == row.id)).all())
    assert count >= 1
    assert row.next_moment is not None
    for day in ("2027-05-14", "2027-06-01", "2027-06-08"):
        act(example, at(day))
    assert any("Lever een notitie over de wachttijd." in text_of(mail) for mail in mails(example))

    undo_decision(example, decisions(example)[0].id, at("2027-06-09"), by=BY)
    assert again(example, row.id).state == "dropped"


def test_a_decision_is_not_undone_when_the_deadline_changed_since(example: Office, spring: int) -> None:
    row = any_agreement(example)
    decide(
        example,
        spring,
        Resolved(row.agreement_id or 0, "Uitstel.", Effect.MOVE, row.id, date(2027, 10, 1)),
        AFTER,
        by=BY,
    )
    move(example, row.id, date(2027, 11, 1), AFTER, by=BY)

    with pytest.raises(Refused, match="is sindsdien veranderd"):
        undo_decision(example, decisions(example)[0].id, AFTER, by=BY)
    assert again(example, row.id).due == date(2027, 11, 1)


@pytest.mark.parametrize(
    ("resolved", "said"),
    [
        (Resolved(0, " "), "Het besluit heeft geen tekst."),
        (Resolved(-1, "x"), "Deze afspraak is er niet meer."),
        (Resolved(0, "x", Effect.NEW), "De nieuwe datum ontbreekt."),
        (Resolved(0, "x", Effect.DROP), "Het is niet duidelijk om welke termijn het gaat."),
    ],
)
def test_a_decision_that_lacks_something_changes_nothing(example: Office, spring: int, resolved, said: str) -> None:
    about = resolved.agreement_id or numbered(example, "5.1")
    with pytest.raises((Refused, NotFound)) as refused:
        decide(example, spring, replace(resolved, agreement_id=about), AFTER, by=BY)
    assert refused.value.what == said
    assert decisions(example) == []


def test_another_covenant_does_not_see_them(example: Office, spring: int) -> None:
    agreement = numbered(example, "5.1")
    decide(example, spring, Resolved(agreement, "Ter kennisname."), AFTER, by=BY)
    for attempt in (
        lambda: undo_decision(example, decisions(example)[0].id, AFTER, by=BY, covenant_id=999),
        lambda: decide(example, spring, Resolved(agreement, "x"), AFTER, by=BY, covenant_id=999),
        lambda: held(example, spring, AFTER, by=BY, covenant_id=999),
    ):
        with pytest.raises(NotFound):
            attempt()


def wrong_moments(office: Office, now: datetime) -> list[str]:
    """What a doctor would say about the stored next moments."""
    with office.database.reading() as session:
        return [one.words for one in _covenant_findings(session, office, now) if not one.ok]


def test_what_is_asked_for_a_meeting_follows_at_once_when_its_last_day_is_moved(example: Office, spring: int) -> None:
    now = at("2027-01-14", 20)

    move(example, deadline(example, "Najaarsoverleg"), date(2027, 3, 3), now, by=BY)

    assert wrong_moments(example, now) == []


@pytest.mark.parametrize("state", [State.DROPPED, State.OPEN])
def test_what_is_asked_for_a_meeting_follows_at_once_when_it_is_dropped_or_comes_back(
    example: Office, spring: int, state: State
) -> None:
    now = at("2027-02-20", 20)
    if state is State.OPEN:
        settle(example, spring, State.DROPPED, now, by=BY)
        keep_year(example, now)

    settle(example, spring, state, now, by=BY)

    assert wrong_moments(example, now) == []
