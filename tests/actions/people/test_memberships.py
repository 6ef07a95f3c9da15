"""Who sits where: seats, who is named for what, and mail that follows (design section 4)."""

from datetime import date, datetime

import pytest
from sqlmodel import select

from cycle.actions.mails.morning.reminding import plan_mails
from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.office import Office
from cycle.actions.office.versions import version_of
from cycle.actions.people.rhythms.rhythm import end_pause, pause
from cycle.actions.people.seats import memberships, persons
from cycle.actions.people.seats.memberships import Wish
from cycle.actions.people.seats.parties import change_group, change_party
from cycle.actions.register.reading_in.importing import import_folder
from cycle.domain.addressing import Members, Why
from cycle.domain.model import Role
from cycle.errors import Changed, NotFound, Refused
from cycle.store import tables
from cycle.store.outbox import lookups
from tests.actions.mailbox import at
from tests.conftest import EXAMPLE
from tests.decided import decided
from tests.lasting_names import agreement_id

NOW = at("2026-11-23")
TODAY = date(2026, 11, 23)
SECRETARY = "secretariaat@terneuzen.example"


def person(office: Office, email: str, name: str = "") -> int:
    with office.database.reading() as session:
        rows = session.exec(select(tables.Person).where(tables.Person.email == email)).all()
        return next(row.id or 0 for row in rows if name in ("", row.name))


def covenant(office: Office) -> int:
    with office.database.reading() as session:
        return view_of(session, office.settings, None).id


def seat(office: Office, email: str, role: str = "trekker") -> tables.Membership:
    with office.database.reading() as session:
        query = select(tables.Membership).join(tables.Person)
        return session.exec(query.where(tables.Person.email == email, tables.Membership.role == role)).one()


def addressed(office: Office, party: str, agreement: str, theme: str, on: date = TODAY) -> tuple[str, Why]:
    with office.database.reading() as session:
        here = view_of(session, office.settings, None)
        found = Members(here.members, on).addressed(party, (agreement_id(session, agreement),), theme)
        assert found is not None
        return found.member.email, found.why


def logged(office: Office, about: str) -> list[tuple[str, str, str]]:
    with office.database.reading() as session:
        rows = decided(session, about)
        return [(row.by, row.verb, row.detail) for row in rows]


def another_covenant(office: Office, keeper: int, released_at: datetime | None = NOW) -> int:
    """A covenant of others, with one person at the table."""
    with office.database.writing() as session:
        other = tables.Covenant(slug="hulst", name="Hulst", live_since=date(2026, 1, 1), released_at=released_at)
        session.add(other)
        session.flush()
        party = tables.PartyRow(covenant_id=other.id or 0, slug="gemeente", name="Hulst", kind="municipality")
        session.add(party)
        session.flush()
        session.add(tables.Membership(person_id=keeper, party_id=party.id or 0, role="secretariat"))
        return other.id or 0


def test_a_new_person_gets_a_seat_and_the_same_one_again_is_refused(example: Office) -> None:
    wish = Wish("clavis", Role.TREKKER, agreements=("2.5",))
    who, done = memberships.add_person(
        example, covenant(example), " Noor  de Wit ", "Noor@Clavis.example", wish, NOW, by=SECRETARY
    )
    with pytest.raises(Refused) as refused:
        memberships.add_seat(example, covenant(example), who, wish, NOW)

    assert (done.title, done.words) == ("Noor de Wit", "is nu trekker voor Clavis (afspraak 2.5)")
    assert addressed(example, "clavis", "2.5", "2") == ("noor@clavis.example", Why.AGREEMENT)
    assert logged(example, f"persoon {who}") == [(SECRETARY, "plaats gegeven", "trekker voor Clavis (afspraak 2.5)")]
    assert refused.value.what == "Noor de Wit is al trekker voor Clavis."


@pytest.mark.parametrize(
    ("wish", "what"),
    [
        (Wish("nergens", Role.TREKKER), "Deze partij is er niet."),
        (Wish("clavis", Role.TREKKER, agreements=("99.1",)), "Afspraak 99.1 bestaat niet."),
        (Wish("clavis", Role.TREKKER, themes=("9",)), "Thema 9 bestaat niet."),
        (Wish("clavis", Role.CONTACT, themes=("1",)), "Alleen een trekker is voor een afspraak of thema aangewezen."),
        (
            Wish("clavis", Role.READER, since=date(2027, 1, 2), until=date(2027, 1, 1)),
            "De laatste dag ligt voor de eerste.",
        ),
    ],
)
def test_a_wish_that_cannot_be_is_refused_in_words(quick_example: Office, wish: Wish, what: str) -> None:
    with pytest.raises(Refused) as refused:
        memberships.add_person(quick_example, covenant(quick_example), "Noor", "noor@clavis.example", wish, NOW)

    assert refused.value.what == what
    with pytest.raises(Refused):
        memberships.add_person(
            quick_example, covenant(quick_example), "Noor", "geen adres", Wish("clavis", Role.READER), NOW
        )


def test_naming_somebody_for_an_agreement_moves_its_mail_that_waits(example: Office) -> None:
    wonen = person(example, "wonen@clavis.example")
    plan_mails(example, at("2027-03-01"))
    with example.database.reading() as session:
        before = {row.to for row in lookups.messages(session) if row.state == "queued"}
    about = memberships.agreement_called(example, covenant(example), "5.9")
    done = memberships.name_addressee(
        example, covenant(example), "clavis", wonen, at("2027-03-01"), agreement_id=about, by=SECRETARY
    )
    again = memberships.name_addressee(example, covenant(example), "clavis", wonen, NOW, agreement_id=about)
    with example.database.reading() as session:
        after = {row.to for row in lookups.messages(session) if row.state == "queued"}

    assert (done.words, again.changed) == ("gaat voor Clavis naar Afdeling Wonen", False)
    assert addressed(example, "clavis", "5.9", "5") == ("wonen@clavis.example", Why.AGREEMENT)
    assert "strategie@clavis.example" in before - after
    assert logged(example, "afspraak 5.9")[0][:2] == (SECRETARY, "geadresseerde gewijzigd")


def test_a_theme_is_named_and_left_to_who_is_next_in_line(example: Office) -> None:
    strategie = person(example, "strategie@clavis.example")
    memberships.name_addressee(example, covenant(example), "clavis", strategie, NOW, theme="3")
    named = addressed(example, "clavis", "3.1", "3")
    memberships.name_addressee(example, covenant(example), "clavis", None, NOW, theme="3")

    assert named == ("strategie@clavis.example", Why.THEME)
    assert addressed(example, "clavis", "3.1", "3") == ("strategie@clavis.example", Why.CONTACT)
    with pytest.raises(NotFound):
        memberships.name_addressee(example, covenant(example), "clavis", strategie, NOW, theme="77")
    with pytest.raises(Refused):
        memberships.name_addressee(example, covenant(example), "wzv", strategie, NOW, theme="3")
    for both_or_neither in ({"agreement_id": 1, "theme": "3"}, {}):
        with pytest.raises(NotFound):
            memberships.name_addressee(example, covenant(example), "clavis", strategie, NOW, **both_or_neither)
    with pytest.raises(NotFound):
        memberships.agreement_called(example, covenant(example), "77.7")


def test_a_seat_is_changed_and_the_second_who_saves_is_told(example: Office) -> None:
    here, row = covenant(example), seat(example, "zorg@terneuzen.example")
    version = version_of(NOW, row)
    wish = Wish("gemeente", Role.TREKKER, since=date(2026, 1, 1), themes=("3", "4"))
    memberships.change_seat(example, here, row.id or 0, wish, NOW, by=SECRETARY, version=version)
    with pytest.raises(Changed) as changed:
        memberships.change_seat(example, here, row.id or 0, Wish("gemeente", Role.TREKKER), NOW, version=version)

    assert list(seat(example, "zorg@terneuzen.example").themes) == ["3", "4"]
    assert changed.value.lines == (
        f"{SECRETARY}: plaats gewijzigd (trekker voor Gemeente Terneuzen (thema 3 en thema 4), vanaf 1 januari 2026)",
    )


def test_the_last_secretariat_stays(example: Office) -> None:
    row = seat(example, SECRETARY, "secretariat")
    wish = Wish("gemeente", Role.SECRETARIAT, until=date(2026, 12, 31))
    with pytest.raises(Refused) as refused:
        memberships.change_seat(example, covenant(example), row.id or 0, wish, NOW)

    assert refused.value.what == "Dan is er geen secretariaat meer."
    assert seat(example, SECRETARY, "secretariat").until is None


def test_a_person_keeps_what_they_are_with_another_address(example: Office) -> None:
    here, who = covenant(example), person(example, "zorg@terneuzen.example")
    done = persons.change_person(example, here, who, "Team Zorg", "zorg@nieuw.example", NOW, by=SECRETARY, keeps=[here])

    assert (done.title, done.words) == ("Team Zorg", "krijgt mail op zorg@nieuw.example")
    assert person(example, "zorg@nieuw.example") == who
    assert addressed(example, "gemeente", "3.1", "3") == ("zorg@nieuw.example", Why.THEME)
    with pytest.raises(Refused):  # several people share this mailbox, but not under one name
        persons.change_person(example, here, who, "Werkgroep Duurzaam", "info@bewonersraad.example", NOW)


@pytest.mark.parametrize(
    ("released_at", "said"),
    [
        (NOW, "Team Zorg en Welzijn zit ook bij een ander convenant aan tafel."),
        (None, "Team Zorg en Welzijn kunt u niet wijzigen."),
    ],
    ids=["released", "held: not even that it is there is told"],
)
def test_c13_nobody_takes_the_address_of_somebody_with_a_seat_elsewhere(
    example: Office, released_at: datetime | None, said: str
) -> None:
    here, who = covenant(example), person(example, "zorg@terneuzen.example")
    another_covenant(example, who, released_at)
    with pytest.raises(Refused) as refused:
        persons.change_person(example, here, who, "Zorg", "dief@elders.example", NOW, keeps=[here])

    assert refused.value.what == said
    assert persons.change_person(example, here, who, "Zorg", "zorg@elders.example", NOW).changed


def test_while_somebody_is_away_the_deputy_gets_the_mail(example: Office) -> None:
    here, who = covenant(example), person(example, "strategie@clavis.example")
    first, last = date(2026, 12, 1), date(2026, 12, 11)
    once = pause(example, who, first, last, NOW, by=SECRETARY)
    again = pause(example, who, first, last, NOW)
    away = addressed(example, "clavis", "1.1.2", "1", first)
    with example.database.reading() as session:
        [row] = session.exec(select(tables.Absence)).all()
    end_pause(example, who, row.id or 0, NOW)

    assert (away, again) == (("vastgoed@clavis.example", Why.DEPUTY), once)
    with example.database.reading() as session:
        assert [one.covenant_id for one in decided(session, f"persoon {who}")] == [here, here]
    assert addressed(example, "clavis", "1.1.2", "1", first) == ("strategie@clavis.example", Why.THEME)
    with pytest.raises(NotFound):
        end_pause(example, who, row.id or 0, NOW)
    for days in ((last, first), (date(2020, 1, 1), date(2020, 1, 2)), (date(2026, 1, 1), date(2028, 1, 2))):
        with pytest.raises(Refused):
            pause(example, who, *days, NOW)


def test_a_party_and_a_group_are_called_otherwise(example: Office) -> None:
    here = covenant(example)
    with example.database.reading() as session:
        row = session.exec(select(tables.PartyRow).where(tables.PartyRow.slug == "shb")).one()
    done = change_party(example, here, row.id or 0, "SHB Terneuzen", ["SHB", " Huurders  SHB ", ""], NOW, by=SECRETARY)
    group = change_group(example, here, "huurdersorganisaties", ["shb"], ["Huurders"], NOW, by=SECRETARY)
    with pytest.raises(Refused) as taken:
        change_party(example, here, row.id or 0, "Clavis", [], NOW)

    assert done.words == "is bewaard, ook bekend als SHB en Huurders SHB"
    assert group.words == "staat nu voor shb"
    assert taken.value.what == "“Clavis” is al een naam van Clavis."
    assert not change_group(example, here, "huurdersorganisaties", ["shb"], ["Huurders"], NOW).changed
    for chosen in ([], ["nergens"]):
        with pytest.raises(Refused):
            change_group(example, here, "corporaties", chosen, [], NOW)


def test_what_is_of_another_covenant_is_not_found(example: Office) -> None:
    row, who = seat(example, "zorg@terneuzen.example"), person(example, "zorg@terneuzen.example")
    other = another_covenant(example, person(example, SECRETARY))
    for ask in (
        lambda: memberships.add_seat(example, other, who, Wish("clavis", Role.READER), NOW),
        lambda: memberships.change_seat(example, other, row.id or 0, Wish("gemeente", Role.TREKKER), NOW),
        lambda: persons.change_person(example, other, who, "X", "x@y.example", NOW),
        lambda: change_party(example, other, row.party_id, "X", [], NOW),
    ):
        with pytest.raises(NotFound):
            ask()


def test_reading_the_folder_again_takes_nobody_away_until_somebody_says_that_it_counts(example: Office) -> None:
    memberships.add_person(
        example, covenant(example), "Noor", "noor@clavis.example", Wish("clavis", Role.TREKKER, since=NOW.date()), NOW
    )
    seated = []
    for yes in (False, True):
        import_folder(example, EXAMPLE, NOW, yes=yes)
        with example.database.reading() as session:
            seated.append("Noor" in {one.name for one in view_of(session, example.settings, None).members})

    assert seated == [True, False]
