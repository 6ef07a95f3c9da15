"""Pages ask the database a fixed number of questions, however many rows there are (1, 3 and 300)."""

from datetime import UTC, date, datetime

from sqlmodel import select

from cycle.actions.deadlines.meeting.meetings import Resolved, decide
from cycle.actions.office.office import Office
from cycle.domain.model import Origin
from cycle.store.actions import new_action
from cycle.store.covenants import term_of
from cycle.store.tables import AgreementRow, Covenant, DeadlineRow
from tests.lasting_names import numbered
from tests.web.conftest import find

from .conftest import SECRETARY, queries

MARCH = datetime(2027, 3, 2, 10, 0, tzinfo=UTC)


def add_rows(office: Office, many: int, mark: str) -> None:
    """So many agreements with a deadline each, and as many decisions of the spring meeting."""
    with office.database.writing() as session:
        covenant = session.exec(select(Covenant.id).where(Covenant.slug == "terneuzen")).one()
        for number in range(many):
            name = f"{mark}.{number}"
            row = AgreementRow(
                covenant_id=covenant,
                term_id=term_of(session, covenant).id or 0,
                number=name,
                topic="Proef",
                position=900,
            )
            session.add(row)
            session.flush()
            action = new_action(session, covenant, Origin.AGREEMENT, row.id)
            session.add(
                DeadlineRow(
                    covenant_id=covenant,
                    action_id=action,
                    origin="agreement",
                    occurrence="once",
                    title="Proef",
                    number=name,
                    kind="action",
                    due=date(2027, 9, 1),
                    uid=name,
                    created_at=MARCH,
                    changed_at=MARCH,
                )
            )
    spring = find(office, "Voorjaarsoverleg", date(2027, 1, 1))
    agreement = numbered(office, "5.1")
    for number in range(min(many, 20)):
        decide(office, spring, Resolved(agreement, f"Besluit {mark} {number}."), MARCH, by=SECRETARY)


PAGES = ("uitnodigingsbrief", "overleggen", "overleggen/SPRING", "voortgang", "inlezen")


def test_each_page_asks_the_same_whatever_the_number_of_rows(office, sign_in, clock):
    clock.at = MARCH
    desk, spring = sign_in(SECRETARY), str(find(office, "Voorjaarsoverleg", date(2027, 1, 1)))
    pages = [f"/c/terneuzen/{path}".replace("SPRING", spring) for path in PAGES]
    asked: dict[str, list[int]] = {where: [] for where in pages}
    for where in pages:
        desk.page(where)
    for many in (1, 3, 300):
        add_rows(office, many, f"{many}x")
        for where in pages:
            with queries(office) as seen:
                desk.page(where)
            asked[where].append(len(seen))

    assert {where: numbers for where, numbers in asked.items() if len(set(numbers)) > 1} == {}
