"""Whoever was ticked for a copy, or chosen for the mail, and left: that is said, nobody is left out without a word."""

from dataclasses import replace
from datetime import date

from sqlmodel import select

from cycle.actions.letters import approve, draft_of, preview, questions_before_sending, recipients, withdraw
from cycle.actions.letters.content.details_saving import save_details
from cycle.actions.office.office import Office
from cycle.store import covenants
from cycle.store.tables import Membership
from tests.actions.mailbox import at

MARCH, BY = at("2027-03-02"), "secretariaat@terneuzen.example"
ALDERMAN, AREAS, ZORG = "wethouder@terneuzen.example", "wijken@terneuzen.example", "zorg@terneuzen.example"
NO_COPY = "was aangekruist voor een kopie, maar zit niet meer bij wie de brief krijgt: er gaat geen kopie heen."


def number(office: Office, email: str) -> int:
    with office.database.reading() as session:
        return covenants.persons_at(session, email)[0].id or 0


def left(office: Office, email: str) -> None:
    """Their last day was a while ago."""
    person = number(office, email)
    with office.database.writing() as session:
        for seat in session.exec(select(Membership).where(Membership.person_id == person)):
            seat.until = date(2027, 2, 1)
            session.add(seat)


def choose(office: Office, copies: tuple[str, ...], mail_to: str) -> None:
    details = draft_of(office, None, 2027, MARCH).details
    assert details is not None
    ticked = tuple(number(office, email) for email in copies)
    mailed = {**details.mail_to, "gemeente": number(office, mail_to)}
    save_details(office, None, 2027, replace(details, copies=ticked, mail_to=mailed), MARCH, by=BY)


def asked(office: Office) -> list[str]:
    return [one for one in questions_before_sending(office, None, 2027, MARCH) if "overleg" not in one]


def test_whoever_was_ticked_gets_a_copy_or_is_named_on_the_page_and_before_sending(quick_example: Office) -> None:
    ticked = (ALDERMAN, AREAS, "wonen@terneuzen.example")
    choose(quick_example, ticked, ZORG)
    everybody = draft_of(quick_example, None, 2027, MARCH)
    left(quick_example, AREAS)
    left(quick_example, ZORG)
    drafted = draft_of(quick_example, None, 2027, MARCH)

    assert (len(everybody.copies), everybody.lost) == (3, ())
    assert [person.email for _party, person in drafted.copies] == [ALDERMAN]
    assert [person.email for party, person in drafted.addressees if party == "gemeente"] == ["wonen@terneuzen.example"]
    said = (
        f"Team Wijken {NO_COPY}",
        "Team Zorg en Welzijn zou de mail aan Gemeente Terneuzen krijgen, maar zit daar niet meer. "
        "Die gaat nu naar Team Wonen.",
    )
    assert drafted.lost == said
    reached = {person.email for _party, person in (*drafted.copies, *drafted.addressees)} & set(ticked)
    assert len(reached) + sum(NO_COPY in one for one in drafted.lost) == len(ticked)
    assert preview(quick_example, None, 2027, MARCH).warnings[-2:] == said

    for party, name in (("clavis", "D. Directeur"), ("wzv", "W. Directeur")):
        approve(quick_example, None, 2027, MARCH, by=BY, party=party, name=name)
    assert (draft_of(quick_example, None, 2027, MARCH).lost, asked(quick_example)) == (said, list(said))
    left(quick_example, ALDERMAN)
    assert ALDERMAN in [email for _name, email in recipients(quick_example, None, 2027)]
    later = "zit niet meer aan tafel, en krijgt deze brief nog voor Gemeente Terneuzen."
    assert [one for one in asked(quick_example) if one not in said] == [f"Wethouder Wonen {later}"]

    withdraw(quick_example, None, 2027, MARCH, by=BY)
    assert draft_of(quick_example, None, 2027, MARCH).lost == (f"Wethouder Wonen {NO_COPY}", *said)
    choose(quick_example, (), "wonen@terneuzen.example")
    assert draft_of(quick_example, None, 2027, MARCH).lost == ()
