"""Who may see a covenant: whoever sits at its table once it is released, and before that its secretariat alone.

Until its release nothing of a covenant is there for anybody else: no page, feed, mail, list or link. Every door asks
`may_see`; what a reader is at a table comes from `roles_at`, or at the desk from their seat. A passer-by, who sits
nowhere, sees the page of the year and nothing more, and that only once its secretariat switched it on.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from cycle.domain.model import Member, Role


def may_see(released_at: datetime | None, roles: Collection[Role] = ()) -> bool:
    """Whether somebody who sits there with these roles today may see a covenant; without roles: whether all may."""
    return released_at is not None or Role.SECRETARIAT in roles


def is_running(released_at: datetime | None, archived_at: datetime | None) -> bool:
    """Whether mails of a covenant go out: it was released, and it is not put away."""
    return archived_at is None and may_see(released_at)


def is_for_passers_by(released_at: datetime | None, is_public: bool) -> bool:
    """Whether the page of the year is there for everybody: its secretariat released it and switched it on."""
    return is_public and may_see(released_at)


def roles_at(members: Iterable[Member], email: str, today: date) -> frozenset[Role]:
    """What whoever reads this mailbox is at a table today.

    A deputy of a party that keeps the secretariat has its rights for as long as they are named.
    """
    present = [one for one in members if (one.since or today) <= today <= (one.until or today)]
    keepers = {one.party for one in present if one.role is Role.SECRETARIAT}
    mine = [one for one in present if one.email == email]
    stands_in = any(one.role is Role.DEPUTY and one.party in keepers for one in mine)
    return frozenset(one.role for one in mine) | ({Role.SECRETARIAT} if stands_in else frozenset())
