"""Who sits where: absences, rhythms, seats, leavers, addresses, and calendar links."""

from datetime import date, time, timedelta
from random import Random

from sqlmodel import col, select

from cycle.actions.feeds import links_of, revoke_links
from cycle.actions.mails.morning import welcoming
from cycle.actions.people.departure import leaving
from cycle.actions.people.rhythms import rhythm
from cycle.actions.people.seats import memberships, parties, persons
from cycle.actions.post.returns.bouncing import mark_reachable
from cycle.domain.model import Role
from cycle.store.tables import Absence, Covenant, Handover, Membership, PartyRow, Person
from tests.simulation.acts.base import Act, Data, any_slug, by_of, maybe, some_day
from tests.simulation.table import Skip, Table


def day_or_none(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def some_person(table: Table, dice: Random, slug: str = "") -> str | None:
    names = [one.name for one in table.people(slug)]
    return dice.choice(names) if names else None


class Away(Act):
    weight = 5

    def choose(self, table: Table, dice: Random) -> Data:
        first = dice.randint(-2, 20)
        return {
            "person": some_person(table, dice),
            "first": (table.today + timedelta(first)).isoformat(),
            "last": (table.today + timedelta(first + dice.randint(0, 40))).isoformat(),
            "deputy": maybe(dice, some_person(table, dice)),
        }

    def carry_out(self, table: Table, *, person: str, first: str, last: str, deputy: str) -> bool:
        who, days = table.person(person), (date.fromisoformat(first), date.fromisoformat(last))
        stand_in = table.person(deputy).id if deputy else None
        before = len(table.all(select(Absence.id)))
        rhythm.pause(table.office, who.id or 0, *days, table.now, deputy=stand_in, by=who.email)
        return len(table.all(select(Absence.id))) > before


class Back(Act):
    weight = 3

    def choose(self, table: Table, dice: Random) -> Data | None:
        query = select(Absence, Person.name).join(Person, col(Person.id) == Absence.person_id)
        rows = table.all(query.where(Absence.last >= table.today).order_by(col(Absence.id)))
        if not rows:
            return None
        row, name = dice.choice(rows)
        return {"person": name, "first": row.first.isoformat()}

    def carry_out(self, table: Table, *, person: str, first: str) -> bool:
        who = table.person(person)
        query = select(Absence.id).where(Absence.person_id == who.id, Absence.first == date.fromisoformat(first))
        found = table.all(query)
        if not found:
            raise Skip
        rhythm.end_pause(table.office, who.id or 0, found[0], table.now, by=who.email)
        return True


class ChooseRhythm(Act):
    weight = 3

    def choose(self, table: Table, dice: Random) -> Data:
        return {
            "person": some_person(table, dice),
            "hour": dice.choice(["", "", "09:00", "13:00", "17:00"]),
            "weekdays": sorted(dice.sample(range(5), dice.choice([1, 2, 5, 5]))),
            "per_week": dice.choice([None, None, 1, 2, 3]),
            "overview": dice.random() < 0.7,
        }

    def carry_out(
        self, table: Table, *, person: str, hour: str, weekdays: list[int], per_week: int | None, overview: bool
    ) -> bool:
        who = table.person(person)
        at = time.fromisoformat(hour) if hour else None
        choice = rhythm.Choice(at, frozenset(weekdays), per_week, overview)
        rhythm.choose(table.office, who.id or 0, choice, table.now, by=who.email)
        return True


class Leave(Act):
    weight = 2

    def choose(self, table: Table, dice: Random) -> Data | None:
        slug = any_slug(dice)
        name = some_person(table, dice, slug)
        to = dice.choice(["", some_person(table, dice, slug), f"Opvolger {table.today:%d%m%y}"])
        return name and {"covenant": slug, "person": name, "to": to, "last": some_day(table, dice, -5, 40)}

    def carry_out(self, table: Table, *, covenant: str, person: str, to: str, last: str) -> bool:
        known = {one.name: one.id for one in table.people()}
        new = {"name": to, "email": f"{to.lower().replace(' ', '.')}@nieuw.example"} if to else {}
        successor = leaving.Successor(person_id=known[to]) if to in known else leaving.Successor(**new)
        return leaving.hand_over(
            table.office,
            table.covenant(covenant).id or 0,
            table.person(person).id or 0,
            successor,
            date.fromisoformat(last),
            table.now,
            by=by_of(covenant),
        ).changed


class UndoLeave(Act):
    weight = 1

    def choose(self, table: Table, dice: Random) -> Data | None:
        query = (
            select(Handover, Person.name, Covenant.slug)
            .join(Person, col(Person.id) == Handover.person_id)
            .join(Covenant, col(Covenant.id) == Handover.covenant_id)
        )
        rows = table.all(query.where(col(Handover.undone_at).is_(None)).order_by(col(Handover.id)))
        if not rows:
            return None
        _row, name, slug = dice.choice(rows)
        return {"covenant": slug, "person": name}

    def carry_out(self, table: Table, *, covenant: str, person: str) -> bool:
        here = table.covenant(covenant).id or 0
        query = select(Handover.id).where(Handover.covenant_id == here, Handover.person_id == table.person(person).id)
        found = table.all(query.where(col(Handover.undone_at).is_(None)).order_by(col(Handover.id).desc()))
        if not found:
            raise Skip
        return leaving.undo_hand_over(table.office, here, found[0], table.now, by=by_of(covenant)).changed


def some_wish(table: Table, dice: Random, slug: str) -> Data:
    with table.reading() as session:
        numbers, themes = memberships.seats.numbers_and_themes(session, table.covenant(slug).id or 0)
    role = dice.choice(list(Role))
    is_trekker = role is Role.TREKKER
    return {
        "party": dice.choice(sorted(table.view(slug).party_names)),
        "role": role.value,
        "since": maybe(dice, some_day(table, dice, -10, 20)),
        "until": maybe(dice, some_day(table, dice, 20, 200)),
        "agreements": [dice.choice(numbers)] if is_trekker and dice.random() < 0.5 else [],
        "themes": [dice.choice(themes)] if is_trekker and dice.random() < 0.3 else [],
    }


def wish_of(data: Data) -> memberships.Wish:
    return memberships.Wish(
        data["party"],
        Role(data["role"]),
        day_or_none(data["since"]),
        day_or_none(data["until"]),
        tuple(data["agreements"]),
        tuple(data["themes"]),
    )


class TakeSeat(Act):
    """Somebody who is known, or new, gets a seat."""

    weight = 2

    def choose(self, table: Table, dice: Random) -> Data:
        slug = any_slug(dice)
        name = maybe(dice, some_person(table, dice, slug), f"Nieuw {table.today:%d%m%y}")
        return {"covenant": slug, "person": name} | some_wish(table, dice, slug)

    def carry_out(self, table: Table, *, covenant: str, person: str, **wish: object) -> bool:
        here, by = table.covenant(covenant).id or 0, by_of(covenant)
        known = {one.name: one.id for one in table.people(covenant)}
        if person in known:
            return memberships.add_seat(table.office, here, known[person] or 0, wish_of(wish), table.now, by=by).changed
        email = f"{person.lower().replace(' ', '.')}@nieuw.example"
        return memberships.add_person(table.office, here, person, email, wish_of(wish), table.now, by=by)[1].changed


class ChangeSeat(Act):
    weight = 2

    def choose(self, table: Table, dice: Random) -> Data | None:
        slug = any_slug(dice)
        query = (
            select(Person.name, PartyRow.slug, Membership.role)
            .join(PartyRow, col(PartyRow.id) == Membership.party_id)
            .join(Person, col(Person.id) == Membership.person_id)
            .where(PartyRow.covenant_id == table.covenant(slug).id)
            .order_by(col(Membership.id))
        )
        name, party, role = dice.choice(table.all(query))
        wish = some_wish(table, dice, slug) | {"party": party, "role": role}
        if role != Role.TREKKER.value:
            wish |= {"agreements": [], "themes": []}
        return {"covenant": slug, "person": name} | wish

    def carry_out(self, table: Table, *, covenant: str, person: str, **wish: object) -> bool:
        here = table.covenant(covenant).id or 0
        query = select(Membership.id).join(PartyRow, col(PartyRow.id) == Membership.party_id)
        mine = Membership.person_id == table.person(person).id, PartyRow.covenant_id == here
        found = table.all(query.where(*mine, PartyRow.slug == wish["party"], Membership.role == wish["role"]))
        if not found:
            raise Skip
        by = by_of(covenant)
        return memberships.change_seat(table.office, here, found[0], wish_of(wish), table.now, by=by).changed


class NameAddressee(Act):
    weight = 2

    def choose(self, table: Table, dice: Random) -> Data:
        slug = any_slug(dice)
        with table.reading() as session:
            numbers, _themes = memberships.seats.numbers_and_themes(session, table.covenant(slug).id or 0)
        party = dice.choice(sorted(table.view(slug).party_names))
        person = maybe(dice, some_person(table, dice, slug))
        return {"covenant": slug, "party": party, "agreement": dice.choice(numbers), "person": person}

    def carry_out(self, table: Table, *, covenant: str, party: str, agreement: str, person: str) -> bool:
        who = table.person(person).id if person else None
        here, by = table.covenant(covenant).id or 0, by_of(covenant)
        about = memberships.agreement_called(table.office, here, agreement)
        return memberships.name_addressee(table.office, here, party, who, table.now, agreement_id=about, by=by).changed


class ChangeAddress(Act):
    weight = 1.5

    def choose(self, table: Table, dice: Random) -> Data:
        slug = any_slug(dice)
        name = some_person(table, dice, slug)
        return {"covenant": slug, "person": name, "email": f"adres{table.today:%d%m%y}@{slug}.example"}

    def carry_out(self, table: Table, *, covenant: str, person: str, email: str) -> bool:
        who, here = table.person(person), table.covenant(covenant).id or 0
        if who.email == by_of(covenant):  # its address is the name under which the simulation decides
            raise Skip
        by = by_of(covenant)
        return persons.change_person(table.office, here, who.id or 0, who.name, email, table.now, by=by).changed


class RenameParty(Act):
    weight = 0.5

    def choose(self, table: Table, dice: Random) -> Data:
        slug = any_slug(dice)
        party = dice.choice(sorted(table.view(slug).party_names))
        return {"covenant": slug, "party": party, "name": f"Partij {party} {table.today.year}"}

    def carry_out(self, table: Table, *, covenant: str, party: str, name: str) -> bool:
        here = table.covenant(covenant).id or 0
        row = table.all(select(PartyRow).where(PartyRow.covenant_id == here, PartyRow.slug == party))[0]
        by = by_of(covenant)
        return parties.change_party(table.office, here, row.id or 0, name, row.aliases, table.now, by=by).changed


class LinkFeed(Act):
    weight = 1

    def choose(self, table: Table, dice: Random) -> Data:
        return {
            "person": some_person(table, dice),
            "scope": dice.choice(["mine", "party", "all"]),
            "banners": dice.random() < 0.5,
        }

    def carry_out(self, table: Table, *, person: str, scope: str, banners: bool) -> bool:
        table.link(person, scope, banners=banners)
        return True


class RevokeFeed(Act):
    weight = 1

    def choose(self, table: Table, dice: Random) -> Data:
        return {"person": some_person(table, dice), "leaked": dice.random() < 0.3}

    def carry_out(self, table: Table, *, person: str, leaked: bool) -> bool:
        who = table.person(person)
        with table.reading() as session:
            if not links_of(session, who.email):
                raise Skip
        return revoke_links(table.office, who.email, table.now, leaked=leaked, by=who.email) > 0


class Reachable(Act):
    weight = 1

    def choose(self, table: Table, dice: Random) -> Data | None:
        gone = table.all(select(Person).where(Person.hard_bounces > 0).order_by(col(Person.id)))
        return {"person": dice.choice(gone).name} if gone else None

    def carry_out(self, table: Table, *, person: str) -> bool:
        who = table.person(person)
        mark_reachable(table.office, who.email, table.now, by=by_of("terneuzen"))
        return bool(who.hard_bounces)


class Welcome(Act):
    weight = 0.7

    def choose(self, table: Table, dice: Random) -> Data:
        return {"person": some_person(table, dice)}

    def carry_out(self, table: Table, *, person: str) -> bool:
        words = welcoming.welcome(table.office, table.person(person).email, table.now, by=by_of("terneuzen"))
        return "al welkom geheten" not in words
