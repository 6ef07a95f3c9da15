"""Who may see a covenant: everybody once it is released, its secretariat before."""

from datetime import UTC, date, datetime

import pytest

from cycle.domain.model import Member, Role
from cycle.domain.seeing import may_see, roles_at

TODAY = date(2027, 3, 2)
RELEASED = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize("roles", [[], *([role] for role in Role)])
def test_a_released_covenant_is_for_everybody_and_a_held_one_for_its_secretariat(roles: list[Role]) -> None:
    assert (may_see(RELEASED, roles), may_see(None, roles)) == (True, Role.SECRETARIAT in roles)


def seat(role: Role, email: str = "an@x.example", party: str = "gemeente", **days: date) -> Member:
    return Member(1, "An", email, party, role, days.get("since"), days.get("until"), (), ())


@pytest.mark.parametrize(
    ("seats", "roles"),
    [
        ([seat(Role.TREKKER), seat(Role.SECRETARIAT, "bo@x.example")], {Role.TREKKER}),
        ([seat(Role.DEPUTY), seat(Role.SECRETARIAT, "bo@x.example")], {Role.DEPUTY, Role.SECRETARIAT}),
        ([seat(Role.DEPUTY), seat(Role.SECRETARIAT, "bo@x.example", "clavis")], {Role.DEPUTY}),
        ([seat(Role.DEPUTY), seat(Role.SECRETARIAT, "bo@x.example", until=date(2027, 3, 1))], {Role.DEPUTY}),
        ([seat(Role.SECRETARIAT, since=date(2027, 3, 3))], set()),
        ([seat(Role.SECRETARIAT, until=date(2027, 3, 2))], {Role.SECRETARIAT}),
    ],
)
def test_a_deputy_of_the_party_that_keeps_the_secretariat_is_of_it_and_only_today_counts(
    seats: list[Member], roles: set[Role]
) -> None:
    assert roles_at(seats, "an@x.example", TODAY) == roles
