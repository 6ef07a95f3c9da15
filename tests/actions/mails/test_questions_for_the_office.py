"""Questions about which nobody else can be asked: the secretariat reads that they are for it to pass on."""

from datetime import date

from sqlmodel import select

from cycle.actions.mails.rehearsal.rehearsing import rehearse
from cycle.actions.office.office import Office
from cycle.store.tables import Membership, PartyRow
from tests.actions.mailbox import at


def test_questions_that_nobody_of_a_party_gets_are_not_called_the_secretariats_own_agreements(
    quick_example: Office,
) -> None:
    with quick_example.database.writing() as session:
        party = session.exec(select(PartyRow).where(PartyRow.slug == "wzv")).one()
        for seat in session.exec(select(Membership).where(Membership.party_id == party.id)):
            session.delete(seat)

    mails = rehearse(quick_example, date(2027, 8, 27), date(2027, 8, 27), at("2027-02-25"))
    [subject] = [mail.message.subject for mail in mails if mail.to.email == "secretariaat@terneuzen.example"]

    assert ("voor het secretariaat" in subject, "uw " in subject) == (True, False)
