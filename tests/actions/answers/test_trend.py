"""How an agreement went, round by round: what was said and done by then, and not what came later."""

from datetime import date

from sqlmodel import select

from cycle.actions.answers.answering.behalf import answer_for
from cycle.actions.answers.rounds.trend import RoundLight, trend_of
from cycle.actions.deadlines.deciding.closing import settle
from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.office import Office
from cycle.domain.answering import Stand
from cycle.domain.model import Light, State
from cycle.store.progress import asked_about
from cycle.store.tables import DeadlineRow
from tests.actions.mailbox import act, at

BY = "secretariaat@terneuzen.example"
TITLE = "Vrije toewijzingsruimte"


def trend(office: Office, ids: list[int], today: date) -> list[tuple[str, Light, tuple[tuple[str, str], ...]]]:
    with office.database.reading() as session:
        rounds = trend_of(session, view_of(session, office.settings, None), ids, today)
    assert all(isinstance(one, RoundLight) for one in rounds)
    return [(one.title, one.light, one.parties) for one in rounds]


def test_each_round_has_the_light_of_then_whatever_came_later(example: Office) -> None:
    """Orange in spring, then red and done: what comes after a round is of the next."""
    with example.database.reading() as session:
        ids = [row.id or 0 for row in session.exec(select(DeadlineRow).where(DeadlineRow.title == TITLE))]
    act(example, at("2027-02-25"))
    with example.database.reading() as session:
        asked, *others = asked_about(session, ids)
        name = view_of(session, example.settings, None).party_names[asked.party]
    silent = trend(example, ids, date(2027, 2, 25))
    answer_for(example, asked.deadline, asked.party, Stand.ORANGE, "Loopt.", "An", at("2027-03-01"), by=BY)
    answer_for(example, asked.deadline, asked.party, Stand.RED, "Vast.", "An", at("2027-05-20"), by=BY)
    act(example, at("2027-08-27"))
    answer_for(example, asked.deadline, asked.party, Stand.GREEN, "Los.", "An", at("2027-08-30"), by=BY)
    settle(example, asked.deadline, State.DONE, at("2027-12-31"), by=BY, party=asked.party)

    assert [(title, light, dict(parties)[name]) for title, light, parties in silent] == [
        ("Voorjaarsoverleg 2027", Light.GREY, Light.GREY)
    ]
    lived = trend(example, ids, date(2027, 12, 31))
    assert [(title, dict(parties)[name]) for title, _light, parties in lived] == [
        ("Najaarsoverleg 2027", Light.GREEN),
        ("Voorjaarsoverleg 2027", Light.ORANGE),
    ]
    assert [light for _title, light, _parties in lived] == [Light.GREY if others else Light.GREEN, Light.ORANGE]
