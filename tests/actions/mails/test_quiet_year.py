"""How much mail each kind of person gets in the rehearsed year, in which nobody acts: quiet, and never silent."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import pytest
from sqlmodel import select

from cycle.actions.deadlines.deciding.steps import YearWish, change_year
from cycle.actions.mails.rehearsal.rehearsing import Rehearsed, rehearse_year
from cycle.actions.office.office import Office
from cycle.domain.ladders import What
from cycle.domain.model import PartyKind, Role
from cycle.store.tables import DeadlineRow, Membership, PartyRow
from tests.conftest import NOVEMBER

TENANTS = "tenants"
OF_THE_LAW = ("bod-rvc", "bod", "bod-overleg", "afspraken-rvc", "afspraken-vast", "afspraken-verzonden")
OF_RENTS_AND_FIGURES = ("huurdersgeld", "huuradvies", "huurbrief", "dvi", "ibw", "ibr", "kadernota", "begroting", "dpi")
NOT_BY_LAW = ("uitnodigingsbrief", "uitvoeringsagenda", "najaarsoverleg")
OF_A_TABLE = ("bouwtafel", "zorgtafel", "wijkschouw", "themabijeenkomst", "looptijd", "voorjaarsoverleg", "werkgroep")
Mails = dict[object, Counter[int]]


@pytest.fixture
def year_by_law(quick_example: Office) -> list[Rehearsed]:
    """The mails of 2027 at a table that keeps the statutory year: an offer, the rents, the figures."""
    instead = {step: {"skipped": [2026, 2027, 2028]} for step in NOT_BY_LAW}
    wish = YearWish(instead, (*OF_THE_LAW, *OF_RENTS_AND_FIGURES, *OF_A_TABLE))
    change_year(quick_example, 1, wish, NOVEMBER)
    return rehearse_year(quick_example, 2027, NOVEMBER)


def per_month(office: Office, year: Sequence[Rehearsed]) -> dict[str, Mails]:
    """Mails per month: of each person by their first role, and of each tenants' party as a whole."""
    by_person: Mails = defaultdict(Counter)
    for one in year:
        by_person[one.digest.person][one.digest.on.month] += 1
    with office.database.reading() as session:
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


def hold_the_limits(mails: dict[str, Mails]) -> None:
    in_a_year, in_a_month = most(mails[Role.TREKKER])
    assert (in_a_year <= 16, in_a_month <= 5) == (True, True), (in_a_year, in_a_month)
    assert most(mails[Role.DIRECTOR])[0] <= 10
    assert most(mails[Role.SECRETARIAT])[0] <= 40
    assert most(mails[TENANTS])[0] <= 14
    assert min(one.total() for one in mails[TENANTS].values()) >= 6
    assert len(mails[TENANTS]) == 2


def test_nobody_gets_more_mail_than_was_promised_and_each_tenants_board_hears_six_times(quick_example: Office) -> None:
    hold_the_limits(per_month(quick_example, rehearse_year(quick_example, 2027, NOVEMBER)))


def test_a_year_by_law_keeps_within_the_same_and_no_deadline_loses_its_last_reminder(
    quick_example: Office, year_by_law: list[Rehearsed]
) -> None:
    hold_the_limits(per_month(quick_example, year_by_law))

    with quick_example.database.reading() as session:
        rows = session.exec(select(DeadlineRow).where(DeadlineRow.kind.in_(["letter", "document"]))).all()
        of_this_year = {row.id for row in rows if row.due and row.due.year == 2027 and row.state == "open"}
    reminders = [line for mail in year_by_law for line in mail.digest.reminders if line.what is What.REMIND]
    told = {(line.deadline, line.party) for line in reminders if line.deadline in of_this_year}
    last = {(line.deadline, line.party): line for line in reminders if line.goes_by == line.counted_from}
    early = {(line.deadline, line.party) for line in reminders if 7 <= line.days_left <= 28}
    assert len({deadline for deadline, _party in told}) >= 12
    assert {key for key in told if key not in last} == set()
    assert {line.on <= line.counted_from and line.days_left <= 3 for line in last.values()} == {True}
    assert {key for key in told if key not in early} == set()
