"""Parties come, change and go; what a party that goes was to do is somebody's, and nothing of what it did is lost."""

from datetime import date
from email import message_from_bytes, policy

import pytest
from sqlmodel import select

from cycle.actions.deadlines.upkeep.year_upkeep import keep_year
from cycle.actions.mails.rehearsal.rehearsing import rehearse_year
from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.office import Office
from cycle.actions.people.departure.ending_parties import bring_back_party, end_party, what_ends
from cycle.actions.people.seats import memberships
from cycle.actions.people.seats.memberships import Wish
from cycle.actions.people.seats.parties import add_party, change_party
from cycle.domain.model import PartyKind, Role
from cycle.errors import Refused
from cycle.intake.leads import names_of
from cycle.store import deadlines, register, seats
from cycle.store.tables import AgreementRow, PartyRow
from tests.actions.mailbox import act, at, mails
from tests.actions.mails.test_reminding import deadline

NOW = at("2026-11-23")
BY = "secretariaat@terneuzen.example"


def party(office: Office, slug: str) -> PartyRow:
    with office.database.reading() as session:
        return session.exec(select(PartyRow).where(PartyRow.slug == slug)).one()


def parties_of(office: Office, title: str, part: str) -> set[str]:
    with office.database.reading() as session:
        return {p.party for p in deadlines.parts(session)[deadline(office, title)] if p.part == part}


def test_a_partner_that_comes_takes_part_in_the_steps_of_its_kind_and_in_no_others(quick_example: Office) -> None:
    add_party(quick_example, 1, "Zorggroep Oost", PartyKind.CARE, ["ZGO"], NOW, by=BY)
    add_party(quick_example, 1, "Dorpsraad Zaamslag", PartyKind.VILLAGE, [], NOW, by=BY)

    assert {
        title: parties_of(quick_example, title, "participant") & {"zorggroep-oost", "dorpsraad-zaamslag"}
        for title in ("Zorgtafel", "Wijkschouw", "Voorjaarsoverleg")
    } == {"Zorgtafel": {"zorggroep-oost"}, "Wijkschouw": {"dorpsraad-zaamslag"}, "Voorjaarsoverleg": set()}


def test_a_party_gets_another_kind_and_group_and_its_steps_follow(quick_example: Office) -> None:
    add_party(quick_example, 1, "Stichting Thuis", PartyKind.PARTNER, [], NOW, by=BY)
    row = party(quick_example, "stichting-thuis")
    done = change_party(
        quick_example, 1, row.id or 0, "Thuis", [], NOW, kind=PartyKind.WELFARE, groups=["partijen"], by=BY
    )

    assert done.words == "is bewaard, welzijnsorganisatie, zonder andere namen, nu bij partijen"
    assert "stichting-thuis" in parties_of(quick_example, "Zorgtafel", "participant")
    assert "stichting-thuis" in parties_of(quick_example, "Voorjaarsoverleg", "participant")


def test_a_party_that_merges_hands_over_what_it_leads_its_groups_and_its_names(quick_example: Office) -> None:
    row = party(quick_example, "wzv")
    with quick_example.database.reading() as session:
        ends = what_ends(session, row, NOW.date())
    done = end_party(quick_example, 1, row.id or 0, NOW.date(), NOW, successor="clavis", by=BY)
    with quick_example.database.reading() as session:
        leads = {slug for one in register.agreement_rows(session, 1) for slug in (*one.leads, *one.agenda_leads)}
        open_parts = deadlines.parts(session, deadlines.are_open())
        untils = {one.seat.until for one in seats.seats(session, 1) if one.party.slug == "wzv"}

    assert ("Afdeling Beleid" in ends.people, len(ends.open_titles) > 5) == (True, True)
    assert done.words == "deed mee tot en met 23 november 2026; Clavis neemt het over"
    assert ("wzv" in leads, "clavis" in leads, untils) == (False, True, {NOW.date()})
    assert {part.party for several in open_parts.values() for part in several} & {"wzv"} == set()
    assert {"WZV", "Woongoed", "Woongoed Zeeuws-Vlaanderen"} <= set(party(quick_example, "clavis").aliases)
    assert keep_year(quick_example, NOW).changed == 0
    with quick_example.database.reading() as session:
        view = view_of(session, quick_example.settings, "terneuzen")
    assert names_of(view.parties, ()).resolve("Woongoed Zeeuws-Vlaanderen en de corporaties") == (("clavis",), ())


def test_what_a_party_without_a_successor_leads_is_told_to_the_secretariat_and_it_can_come_back(
    quick_example: Office,
) -> None:
    row = party(quick_example, "wzv")
    before = parties_of(quick_example, "Uitnodigingsbrief", "lead")
    end_party(quick_example, 1, row.id or 0, date(2026, 11, 20), NOW, by=BY)
    without = parties_of(quick_example, "Uitnodigingsbrief", "lead")
    act(quick_example, at("2027-02-03"))
    with pytest.raises(Refused, match="Deze partij is er niet"):
        memberships.add_person(quick_example, 1, "N", "n@wzv.example", Wish("wzv", Role.TREKKER), NOW)
    bring_back_party(quick_example, 1, row.id or 0, NOW, by=BY)
    with quick_example.database.reading() as session:
        choices = view_of(session, quick_example.settings, "terneuzen").party_choices

    assert (before, without) == ({"clavis", "wzv"}, {"clavis"})
    assert not [mail for mail in mails(quick_example) if "woongoed.example" in str(mail["To"])]
    assert parties_of(quick_example, "Uitnodigingsbrief", "lead") == before
    assert "wzv" in dict(choices)


@pytest.mark.parametrize(
    ("slug", "day", "heir", "said"),
    [
        ("wzv", date(2026, 12, 31), "", "Deze dag moet nog komen"),
        ("wzv", NOW.date(), "wzv", "kan het niet overnemen"),
        ("wzv", NOW.date(), "nergens", "kan het niet overnemen"),
        ("gemeente", NOW.date(), "clavis", "geen secretariaat meer"),
    ],
)
def test_a_party_does_not_end_where_that_would_lose_something(
    quick_example: Office, slug: str, day: date, heir: str, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        end_party(quick_example, 1, party(quick_example, slug).id or 0, day, NOW, successor=heir, by=BY)

    assert party(quick_example, slug).until is None


def test_a_care_partner_leads_an_agreement_and_reads_so_in_its_mails(quick_example: Office) -> None:
    add_party(quick_example, 1, "Zorggroep Oost", PartyKind.CARE, ["ZGO"], NOW, by=BY)
    wish = Wish("zorggroep-oost", Role.CONTACT)
    who, _ = memberships.add_person(quick_example, 1, "Zoë", "zoe@zgo.example", wish, NOW, by=BY)
    with quick_example.database.writing() as session:
        row = session.exec(select(AgreementRow).where(AgreementRow.number == "3.4")).one()
        row.leads = row.agenda_leads = ["zorggroep-oost"]
        session.add(row)
    keep_year(quick_example, NOW)
    bodies = [mail.message.body for mail in rehearse_year(quick_example, 2027, NOW) if mail.to.id == who]
    text = " ".join(
        message_from_bytes(bytes(body), policy=policy.default).get_body(("plain",)).get_content()  # type: ignore[union-attr]
        for body in bodies
        if body
    )

    assert "Zorggroep Oost is trekker van afspraak 3.4" in " ".join(text.split())
    assert "corporatie" not in text.casefold()
