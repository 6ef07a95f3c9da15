"""How much mail each kind of person gets in the rehearsed year, in which nobody acts: quiet, and never silent."""

from collections import Counter, defaultdict

import pytest
from sqlmodel import select

from cycle.actions.mails.rehearsal.rehearsing import rehearse_year
from cycle.actions.office.office import Office
from cycle.domain.model import PartyKind, Role
from cycle.store.tables import Membership, PartyRow
from tests.conftest import NOVEMBER

TENANTS = "tenants"
Mails = dict[object, Counter[int]]


@pytest.fixture
def mails(quick_example: Office) -> dict[str, Mails]:
    """Mails per month: of each person by their first role, and of each tenants' party as a whole."""
    by_person: Mails = defaultdict(Counter)
    for one in rehearse_year(quick_example, 2027, NOVEMBER):
        by_person[one.digest.person][one.digest.on.month] += 1
    with quick_example.database.reading() as session:
        seats = [(seat, party.kind) for seat, party in session.exec(select(Membership, PartyRow).join(PartyRow))]
    found: dict[str, Mails] = defaultdict(lambda: defaultdict(Counter))
    for role in (Role.SECRETARIAT, Role.DIRECTOR, Role.TREKKER, Role.CONTACT):
        for seat, kind in seats:
            if seat.role != role or seat.person_id not in by_person:
                continue
            got = by_person.pop(seat.person_id)
            is_board = kind == PartyKind.TENANTS and role in (Role.TREKKER, Role.CONTACT)
            found[TENANTS if is_board else role][seat.party_id if is_board else seat.person_id] += got
    assert not by_person
    return found


def most(mails: Mails) -> tuple[int, int]:
    """The most that one of them gets in the year, and in a month."""
    return max(one.total() for one in mails.values()), max(max(one.values()) for one in mails.values())


def test_nobody_gets_more_mail_than_was_promised_and_each_tenants_board_hears_six_times(mails) -> None:
    assert most(mails[Role.TREKKER])[0] <= 24
    assert most(mails[Role.DIRECTOR])[0] <= 10
    assert most(mails[Role.SECRETARIAT])[0] <= 40
    assert most(mails[TENANTS])[0] <= 14
    assert min(one.total() for one in mails[TENANTS].values()) >= 6
    assert len(mails[TENANTS]) == 2


def test_the_reminders_of_the_busiest_trekker_are_sixteen_a_year_and_five_a_month_at_most(mails) -> None:
    in_a_year, in_a_month = most(mails[Role.TREKKER])

    assert in_a_year <= 16
    assert in_a_month <= 5
