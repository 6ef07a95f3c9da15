"""Who gets a party's mail: exactly one person per party (design section 4)."""

from collections.abc import Sequence
from datetime import date

from cycle.domain.model import Member, Role


class Members:
    """Who gets a party's mail. Built once per covenant, asked often."""

    def __init__(self, members: Sequence[Member], today: date) -> None:
        self._today = today
        self._by_party: dict[str, list[Member]] = {}
        self._with_role: dict[Role, list[Member]] = {}
        for member in sorted(members, key=lambda one: (one.since or date.min, one.person)):
            if (member.since or today) <= today <= (member.until or today):
                self._by_party.setdefault(member.party, []).append(member)
                self._with_role.setdefault(member.role, []).append(member)
        self._kept: dict[tuple[str, tuple[str, ...], str], Member | None] = {}

    def addressee(self, party: str, agreements: tuple[str, ...], theme: str) -> Member | None:
        """Exactly one person per party: named for the agreement, else for its theme, else the contact; the deputy while
        that person is away (design section 4)."""
        key = (party, agreements, theme)
        if key not in self._kept:
            self._kept[key] = self._find(party, agreements, theme)
        return self._kept[key]

    def secretariat(self) -> Member | None:
        """Who keeps the secretariat today; a deputy of the secretary's party while everyone is away."""
        secretaries = self._with_role.get(Role.SECRETARIAT, [])
        present = next((one for one in secretaries if not self._is_away(one)), None)
        if present or not secretaries:
            return present
        return self._deputy(secretaries[0].party) or secretaries[0]

    def director(self, party: str) -> Member | None:
        """Who answers for a party in the end."""
        return next((one for one in self._by_party.get(party, []) if one.role is Role.DIRECTOR), None)

    def responsible(self, party: str, agreements: tuple[str, ...], theme: str) -> Member | None:
        """Whose task it is, here or away: the person named for the agreement, else for its theme, else the contact."""
        here = self._by_party.get(party, [])
        trekkers = [one for one in here if one.role is Role.TREKKER]
        return (
            next((one for one in trekkers if set(one.agreements) & set(agreements)), None)
            or next((one for one in trekkers if theme and theme in one.themes), None)
            or next((one for one in here if one.role is Role.CONTACT), None)
        )

    def _find(self, party: str, agreements: tuple[str, ...], theme: str) -> Member | None:
        named = self.responsible(party, agreements, theme)
        if named and self._is_away(named):
            return self._deputy(party) or self._contact(party, named)
        return named or self._deputy(party)

    def _contact(self, party: str, away: Member) -> Member | None:
        """The party's contact, unless that is the person who is away."""
        contacts = (one for one in self._by_party.get(party, []) if one.role is Role.CONTACT)
        return next((one for one in contacts if one.person != away.person and not self._is_away(one)), None)

    def _deputy(self, party: str) -> Member | None:
        deputies = (one for one in self._by_party.get(party, []) if one.role is Role.DEPUTY)
        return next((one for one in deputies if not self._is_away(one)), None)

    def _is_away(self, member: Member) -> bool:
        return any(first <= self._today <= last for first, last in member.away)
