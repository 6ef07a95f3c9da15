"""Who gets a party's mail: exactly one person per party (design section 4)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cycle.domain.model import AgreementKey, Member, Role


class Why(StrEnum):
    """Why somebody gets a party's mail."""

    AGREEMENT = "aangewezen voor deze afspraak"
    THEME = "aangewezen voor dit thema"
    CONTACT = "contactpersoon van de partij"
    DEPUTY = "vervanger"


@dataclass(frozen=True, slots=True)
class Addressed:
    """Who gets a party's mail, and why. `instead_of` is whose task it is, while they are away."""

    member: Member
    why: Why
    instead_of: Member | None = None


class Members:
    """Who gets a party's mail. Built once per covenant, asked often."""

    def __init__(self, members: Sequence[Member], today: date) -> None:
        self._today = today
        self._by_party: dict[str, list[Member]] = {}
        self._with_role: dict[Role, list[Member]] = {}
        self._by_person: dict[int, Member] = {}
        for member in sorted(members, key=lambda one: (one.since or date.min, one.person)):
            if (member.since or today) <= today <= (member.until or today):
                self._by_party.setdefault(member.party, []).append(member)
                self._with_role.setdefault(member.role, []).append(member)
                self._by_person.setdefault(member.person, member)
        self._kept: dict[tuple[str, tuple[AgreementKey, ...], str], Member | None] = {}
        self._named: dict[tuple[str, tuple[AgreementKey, ...], str], Member | None] = {}

    def addressee(self, party: str, agreements: tuple[AgreementKey, ...], theme: str) -> Member | None:
        """Exactly one person per party: named for the agreement, else for its theme, else the contact; the deputy while
        that person is away (design section 4)."""
        key = (party, agreements, theme)
        if key not in self._kept:
            self._kept[key] = self._find(party, agreements, theme)
        return self._kept[key]

    def addressed(self, party: str, agreements: tuple[AgreementKey, ...], theme: str) -> Addressed | None:
        """The same with the reason."""
        named, to = self.responsible(party, agreements, theme), self.addressee(party, agreements, theme)
        if to is None:
            return None
        if to is not named:
            return Addressed(to, Why.CONTACT if to.role is Role.CONTACT else Why.DEPUTY, named)
        if to.role is Role.CONTACT:
            return Addressed(to, Why.CONTACT)
        return Addressed(to, Why.AGREEMENT if set(to.agreements) & set(agreements) else Why.THEME)

    def secretariat(self) -> Member | None:
        """Who keeps the secretariat today; while everyone is away whom they named, or their party's deputy."""
        secretaries, present = self._with_role.get(Role.SECRETARIAT, []), self.secretaries()
        if present or not secretaries:
            return present[0] if present else None
        return self._stand_in(secretaries) or self._deputy(secretaries[0].party) or secretaries[0]

    def secretaries(self) -> list[Member]:
        """All who keep the secretariat and are there today."""
        return [one for one in self._with_role.get(Role.SECRETARIAT, []) if not self._is_away(one)]

    def director(self, party: str) -> Member | None:
        """Who answers for a party in the end: the director, or who stands in; nobody while all of them are away."""
        directors = [one for one in self._by_party.get(party, []) if one.role is Role.DIRECTOR]
        present = next((one for one in directors if not self._is_away(one)), None)
        if present or not directors:
            return present
        return self._stand_in(directors) or self._deputy(party)

    def directors(self, parties: Collection[str]) -> list[Member]:
        """The directors of some parties."""
        return [one for one in self._with_role.get(Role.DIRECTOR, []) if one.party in parties]

    def seat(self, person: int) -> Member:
        """The first seat of somebody who sits here today, here or away."""
        return self._by_person[person]

    def present(self, person: int) -> Member | None:
        """Somebody who sits here today, or whom they named while they are away; nobody where there is nobody."""
        member = self._by_person.get(person)
        if member is None or not self._is_away(member):
            return member
        return self._stand_in([member])

    def responsible(self, party: str, agreements: tuple[AgreementKey, ...], theme: str) -> Member | None:
        """Whose task it is, here or away: the person named for the agreement, else for its theme, else the contact."""
        key = (party, agreements, theme)
        if key not in self._named:
            self._named[key] = self._whose(party, agreements, theme)
        return self._named[key]

    def _whose(self, party: str, agreements: tuple[AgreementKey, ...], theme: str) -> Member | None:
        members = self._by_party.get(party, [])
        trekkers = [one for one in members if one.role is Role.TREKKER]
        return (
            next((one for one in trekkers if set(one.agreements) & set(agreements)), None)
            or next((one for one in trekkers if theme and theme in one.themes), None)
            or next((one for one in members if one.role is Role.CONTACT), None)
        )

    def _find(self, party: str, agreements: tuple[AgreementKey, ...], theme: str) -> Member | None:
        named = self.responsible(party, agreements, theme)
        if named and self._is_away(named):
            return self._stand_in([named]) or self._deputy(party) or self._contact(party, named)
        return named or self._deputy(party)

    def _contact(self, party: str, away: Member) -> Member | None:
        """The party's contact, unless that is the person who is away."""
        contacts = (one for one in self._by_party.get(party, []) if one.role is Role.CONTACT)
        return next((one for one in contacts if one.person != away.person and not self._is_away(one)), None)

    def _deputy(self, party: str) -> Member | None:
        deputies = (one for one in self._by_party.get(party, []) if one.role is Role.DEPUTY)
        return next((one for one in deputies if not self._is_away(one)), None)

    def _stand_in(self, away: Sequence[Member]) -> Member | None:
        """Whom one of these people named for today, if that person still sits here and is not away too."""
        named = (
            self._by_person.get(who)
            for one in away
            for first, last, who in one.stand_ins
            if first <= self._today <= last
        )
        return next((one for one in named if one and not self._is_away(one)), None)

    def _is_away(self, member: Member) -> bool:
        return member.unreachable or any(first <= self._today <= last for first, last in member.away)
