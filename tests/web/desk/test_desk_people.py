"""Mensen en partijen: seats, addresses, absence, and somebody who leaves; by forms that keep what was typed."""

import html
import re
from datetime import date, timedelta

from sqlmodel import select

from cycle.actions.people.seats.memberships import Wish, change_seat
from cycle.domain.model import Role
from cycle.domain.words import day_words
from cycle.sheets import Column, Sheet, write_sheets
from cycle.store.tables import DeskSession, Handover, Membership, Message, PartyRow, Person
from tests.web.conftest import NOW

from .conftest import SECRETARY, TREKKER, words_of
from .test_desk_register import field, rows_in

HERE = "/c/terneuzen"
NOOR = {"naam": "Noor de Wit", "adres": "noor@clavis.example", "partij": "clavis"}


def person(office, email: str) -> int:
    with office.database.reading() as session:
        return session.exec(select(Person.id).where(Person.email == email)).first() or 0


def seat(office, email: str, role: str = "trekker") -> Membership:
    with office.database.reading() as session:
        query = select(Membership).join(Person).where(Person.email == email, Membership.role == role)
        return session.exec(query.order_by(Membership.id)).first()


def test_people_are_found_by_party_role_and_name(desk):
    counts = {
        asked: rows_in(desk.page(f"{HERE}/mensen?{asked}"))
        for asked in ("", "partij=clavis", "rol=director", "zoek=bewonersraad", "zoek=nergens")
    }

    assert counts == {"": 21, "partij=clavis": 4, "rol=director": 5, "zoek=bewonersraad": 4, "zoek=nergens": 0}


def test_somebody_is_added_and_a_wrong_form_keeps_what_was_typed(office, desk):
    wrong = desk.submit(
        f"{HERE}/mensen/toevoegen",
        NOOR | {"adres": "noor", "rol": "trekker", "afspraken": "2.5, 99", "tot": "gisteren"},
    )
    right = desk.submit(f"{HERE}/mensen/toevoegen", NOOR | {"rol": "trekker", "afspraken": "2.5", "vanaf": "1-12-2026"})
    twice = desk.submit(f"{HERE}/mensen/toevoegen", NOOR | {"rol": "trekker"})
    who = person(office, "noor@clavis.example")

    assert wrong.status_code == 422
    for kept in ('value="Noor de Wit"', 'value="noor"', 'value="2.5, 99"', 'value="gisteren"'):
        assert kept in wrong.text
    for said in ("“noor” is geen mailadres.", "Afspraak 99 bestaat niet.", "Dit is geen datum."):
        assert said in wrong.text
    assert (right.status_code, right.headers["location"]) == (303, f"{HERE}/mensen/{who}")
    assert (twice.status_code, "Noor de Wit is al trekker voor Clavis." in twice.text) == (422, True)
    assert "Trekker voor Clavis afspraak 2.5 vanaf 1 december 2026" in words_of(desk.page(f"{HERE}/mensen/{who}"))


LIST = "/c/terneuzen/mensen/lijst"
PASTED = "Noor <noor@clavis.example>; Clavis; trekker; 2.5\r\nBram; bram@shb.example; SHB; lezer\r\nWie; ; Clavis"


def test_a_pasted_list_is_shown_first_then_kept_and_what_cannot_be_stays_in_the_field(office, desk):
    nothing = desk.submit(LIST, {"wat": "kijk"})
    shown = desk.submit(LIST, {"lijst": PASTED, "wat": "kijk"})
    unseen = desk.submit(LIST, {"lijst": PASTED + "\r\nPiet; piet@shb.example; SHB; lezer", "wat": "bewaar"})
    before = person(office, "noor@clavis.example")
    kept = desk.submit(LIST, {"lijst": PASTED, "wat": "bewaar", "gezien": field(shown.text, "gezien")})
    better = {"lijst": "Wie; wie@clavis.example; Clavis; lezer", "wat": "bewaar"}
    seen = field(desk.submit(LIST, better | {"wat": "kijk"}).text, "gezien")
    whole = desk.submit(LIST, better | {"gezien": seen})

    assert (nothing.status_code, "Plak een lijst met mensen, of kies een bestand." in nothing.text) == (422, True)
    assert "Van 3 regels: 2 regels komen erbij en 1 kan niet." in words_of(shown.text)
    assert "Noor noor@clavis.example regel 1 Komt erbij : trekker voor Clavis (afspraak 2.5)" in words_of(shown.text)
    assert "Wie zonder adres regel 3 Kan niet : Hier staat geen mailadres." in words_of(shown.text)
    assert ("Voeg 2 regels toe" in shown.text, "Voeg 3 regels toe" in unseen.text, before) == (True, True, 0)
    assert "Toegevoegd: 2 regels. Er is niemand gemaild." in words_of(kept.text)
    assert ("Wie;;Clavis;" in kept.text, "Noor" in kept.text) == (True, False)
    assert seat(office, "noor@clavis.example").role == Role.TREKKER
    assert (whole.status_code, whole.headers["location"]) == (303, f"{HERE}/mensen")
    assert seat(office, "wie@clavis.example", "reader").role == Role.READER


def test_a_list_in_a_workbook_is_shown_as_a_list_that_can_be_kept(office, desk, tmp_path):
    file = tmp_path / "mensen.xlsx"
    rows = [("Noor", "noor@clavis.example"), ("Bram", "bram@clavis.example")]
    write_sheets(file, [Sheet("Mensen", (Column("Naam"), Column("E-mail")), rows)])
    unsaid = {"partij": "clavis", "rol": "reader"}

    wrong = desk.submit(LIST, unsaid, files={"bestand": ("mensen.xlsx", b"\0\1\2", "")})
    shown = desk.submit(LIST, unsaid | {"wat": "bewaar"}, files={"bestand": ("mensen.xlsx", file.read_bytes(), "")})
    pasted = html.unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", shown.text, re.DOTALL)[1])
    kept = desk.submit(LIST, unsaid | {"lijst": pasted, "wat": "bewaar", "gezien": field(shown.text, "gezien")})

    assert (wrong.status_code, shown.status_code, kept.status_code) == (422, 200, 303)
    assert ("Voeg 2 regels toe" in shown.text, pasted.splitlines()[0]) == (True, "naam;adres;partij;rol")
    assert [seat(office, f"{name}@clavis.example", "reader").party_id for name in ("noor", "bram")] == [2, 2]
    assert list((office.settings.folder / "var" / "uploads").rglob("*.xlsx")) == []


def test_a_seat_is_changed_and_the_second_who_saves_is_told(office, desk):
    row = seat(office, TREKKER)
    path = f"{HERE}/mensen/plaatsen/{row.id}"
    version = field(desk.page(path), "version")
    wish = Wish("clavis", Role.TREKKER, themes=("1",))
    change_seat(office, 1, row.id or 0, wish, NOW + timedelta(minutes=1), by="collega@terneuzen.example")
    late = desk.submit(path, {"themas": "5", "tot": "2027-06-30", "version": version})
    saved = desk.submit(path, {"themas": "5", "tot": "2027-06-30", "version": field(late.text, "version")})
    wrong = desk.submit(path, {"themas": "77"})

    assert late.status_code == 409
    assert "collega@terneuzen.example: plaats gewijzigd (trekker voor Clavis (thema 1))" in late.text
    assert 'value="2027-06-30"' in late.text
    assert saved.status_code == 303
    assert (seat(office, TREKKER).until, seat(office, TREKKER).themes) == (date(2027, 6, 30), ["5"])
    assert (wrong.status_code, "Thema 77 bestaat niet." in wrong.text) == (422, True)


def test_another_role_and_the_last_secretariat(office, desk):
    who = person(office, TREKKER)
    desk.submit(f"{HERE}/mensen/{who}/plaats", {"partij": "wzv", "rol": "reader"})
    row = seat(office, SECRETARY, "secretariat")
    refused = desk.submit(f"{HERE}/mensen/plaatsen/{row.id}", {"tot": "2026-12-31"})

    assert "Lezer voor Woongoed Zeeuws-Vlaanderen" in words_of(desk.page(f"{HERE}/mensen/{who}"))
    assert (refused.status_code, "Dan is er geen secretariaat meer." in refused.text) == (422, True)


def test_an_address_is_changed_and_who_was_signed_in_by_the_old_one_is_signed_out(office, desk, sign_in):
    trekker, who = sign_in(TREKKER), person(office, TREKKER)
    version = field(desk.page(f"{HERE}/mensen/{who}"), "version")
    wrong = desk.submit(f"{HERE}/mensen/{who}/gegevens", {"naam": "", "adres": "x@y", "version": version})
    done = desk.submit(
        f"{HERE}/mensen/{who}/gegevens", {"naam": "Strategie", "adres": "Nieuw@clavis.example", "version": version}
    )
    late = desk.submit(f"{HERE}/mensen/{who}/gegevens", {"naam": "S", "adres": "s@clavis.example", "version": version})

    assert (wrong.status_code, 'value="x@y"' in wrong.text) == (422, True)
    assert (done.status_code, late.status_code) == (303, 409)
    assert person(office, "nieuw@clavis.example") == who
    assert trekker.get("/mij").status_code == 303


def test_while_somebody_is_away_another_gets_the_mail(office, desk):
    who = person(office, TREKKER)
    wrong = desk.submit(f"{HERE}/mensen/{who}/afwezig", {"vanaf": "2026-11-30", "tot": "2026-11-20"})
    deputy = str(person(office, "wonen@clavis.example"))
    days = {"vanaf": "2026-11-20", "tot": "2026-11-30", "vervanger": deputy}
    asked = words_of(desk.submit(f"{HERE}/mensen/{who}/afwezig", days).text)
    unchanged = "/weg" not in desk.page(f"{HERE}/mensen/{who}")
    desk.submit(f"{HERE}/mensen/{who}/afwezig", days | {"zeker": "ja"})
    words = words_of(desk.page(f"{HERE}/mensen/wie?partij=clavis&thema=5"))
    [absence] = re.findall(r"/afwezig/(\d+)/weg", desk.page(f"{HERE}/mensen/{who}"))
    notes = words_of(desk.page(f"{HERE}/mensen?partij=clavis"))
    ask_back = words_of(desk.submit(f"{HERE}/mensen/{who}/afwezig/{absence}/weg").text)
    back = desk.submit(f"{HERE}/mensen/{who}/afwezig/{absence}/weg", {"zeker": "ja"})
    with office.database.reading() as session:
        told = session.exec(select(Message.to).where(Message.kind == "rhythm").order_by(Message.id)).all()

    assert (wrong.status_code, unchanged) == (422, True)
    assert "Dit verstuurt 2 mails aan: Afdeling Strategie" in asked
    assert "Dit verstuurt 2 mails aan: Afdeling Strategie" in ask_back
    assert told == [TREKKER, "wonen@clavis.example"] * 2
    assert "Clavis: Afdeling Wonen vervanger van Afdeling Strategie, die afwezig is" in words
    assert "afwezig tot en met 30 november 2026" in notes
    assert back.status_code == 303
    assert "/weg" not in desk.page(f"{HERE}/mensen/{who}")


def test_somebody_leaves_after_a_look_at_what_changes_and_comes_back(office, desk, sign_in):
    trekker, who = sign_in(TREKKER), person(office, TREKKER)
    path = f"{HERE}/mensen/{who}/vertrek"
    nobody = desk.submit(path, {"laatste": "20-11-2026", "opvolger": "nieuw", "naam": "Noor"})
    asked = {"laatste": "2026-11-20", "opvolger": "nieuw", "naam": "Noor de Wit", "adres": "noor@clavis.example"}
    look = desk.submit(path, asked)
    unchanged = person(office, "noor@clavis.example")
    done = desk.submit(path, asked | {"zeker": "ja", "version": field(look.text, "version")})
    shown = words_of(desk.page(f"{HERE}/mensen?partij=clavis"))
    gone = words_of(desk.page(f"{HERE}/mensen?partij=clavis&ook=ja"))
    [handover] = re.findall(r"/overdracht/(\d+)/terug", desk.page(f"{HERE}/mensen/{who}"))
    with office.database.reading() as session:
        mails = session.exec(select(Message)).all()
        ended = [row.ended_at for row in session.exec(select(DeskSession).where(DeskSession.email == TREKKER))]
    undone = desk.submit(f"{HERE}/mensen/overdracht/{handover}/terug")

    assert (nobody.status_code, 'value="Noor"' in nobody.text) == (422, True)
    assert "Vul het mailadres van de opvolger in." in nobody.text
    words = words_of(look.text)
    assert "Noor de Wit neemt over trekker voor Clavis (thema 1 en thema 5) contactpersoon voor Clavis" in words
    assert "Uitnodigingsbrief afspraak 5.9 Noor de Wit (aangewezen voor dit thema)" in words
    assert "Dit verstuurt nu geen mail" in words
    assert (unchanged, done.status_code, undone.status_code) == (0, 303, 303)
    assert ("Noor de Wit" in shown, "Afdeling Strategie " in shown.split("Naam Partij")[1]) == (True, False)
    assert "weg sinds 20 november 2026" in gone
    assert (list(mails), ended, trekker.get("/mij").status_code) == ([], [NOW], 303)
    assert "Afdeling Strategie" in words_of(desk.page(f"{HERE}/mensen?partij=clavis"))
    with office.database.reading() as session:
        assert session.get_one(Handover, int(handover)).undone_at == NOW


def test_the_last_secretariat_leaves_only_with_a_successor(office, desk):
    who = person(office, SECRETARY)
    asked = {"laatste": "2026-11-30", "opvolger": "niemand"}
    look = desk.submit(f"{HERE}/mensen/{who}/vertrek", asked)
    forced = desk.submit(f"{HERE}/mensen/{who}/vertrek", asked | {"zeker": "ja"})

    assert "Dat kan niet: kies een opvolger." in look.text
    assert "Draag alles over" not in look.text
    assert forced.status_code == 422
    assert seat(office, SECRETARY, "secretariat").until is None


def test_a_welcome_mail_says_first_whom_it_goes_to(office, desk):
    who = person(office, TREKKER)
    look = desk.submit(f"{HERE}/mensen/{who}/welkom")
    with office.database.reading() as session:
        before = len(session.exec(select(Message)).all())
    done = desk.submit(f"{HERE}/mensen/{who}/welkom", {"zeker": "ja"})
    with office.database.reading() as session:
        after = [row.to for row in session.exec(select(Message))]

    assert f"Dit verstuurt 1 mail aan Afdeling Strategie ( {TREKKER} )" in words_of(look.text)
    assert (before, done.status_code, after) == (0, 303, [TREKKER])


def test_a_party_and_a_group_are_called_otherwise(office, desk):
    with office.database.reading() as session:
        row = session.exec(select(PartyRow).where(PartyRow.slug == "shb")).one()
    path = f"{HERE}/mensen/partijen/{row.id}"
    version = field(desk.page(path), "version")
    taken = desk.submit(path, {"naam": "SHB", "andere": "Clavis", "version": version})
    done = desk.submit(path, {"naam": "SHB Terneuzen", "andere": "SHB; Huurders SHB", "version": version})
    late = desk.submit(path, {"naam": "X", "version": version})
    group = f"{HERE}/mensen/groepen/huurdersorganisaties"
    none = desk.submit(group, {"andere": "Huurders"})
    some = desk.submit(group, {"leden": ["shb"], "andere": "Huurders", "version": field(desk.page(group), "version")})
    words = words_of(desk.page(f"{HERE}/mensen/partijen"))

    assert (taken.status_code, "is al een naam van Clavis" in taken.text) == (422, True)
    assert (done.status_code, late.status_code, none.status_code, some.status_code) == (303, 409, 422, 303)
    assert "SHB Terneuzen shb huurdersorganisatie SHB, Huurders SHB" in words
    assert "huurdersorganisaties SHB Terneuzen Huurders" in words


def test_a_partner_is_added_is_seated_and_goes_again_all_at_the_desk(office, desk):
    page, new = f"{HERE}/mensen/partijen", f"{HERE}/mensen/partijen/nieuw"
    empty = desk.submit(new, {"naam": "", "soort": "kerk"})
    taken = desk.submit(new, {"naam": "Clavis", "soort": "care"})
    added = desk.submit(new, {"naam": "Zorggroep Oost", "soort": "care", "andere": "ZGO", "groepen": ["partijen"]})
    zoe = {"naam": "Zoë", "adres": "zoe@zgo.example", "partij": "zorggroep-oost", "rol": "contact"}
    seated = desk.submit(f"{HERE}/mensen/toevoegen", zoe)
    with office.database.reading() as session:
        row = session.exec(select(PartyRow).where(PartyRow.slug == "zorggroep-oost")).one()
    listed, asked = words_of(desk.page(page)), words_of(desk.page(f"{page}/{row.id}/einde"))
    too_soon = desk.submit(f"{page}/{row.id}/einde", {"laatste": "1-1-2030"})
    ended = desk.submit(f"{page}/{row.id}/einde", {"laatste": f"{NOW:%d-%m-%Y}", "opvolger": "clavis"})
    gone, choices = words_of(desk.page(page)), desk.page(f"{HERE}/mensen/toevoegen")
    desk.submit(f"{page}/{row.id}/terug")

    assert (empty.status_code, "Vul een naam in." in empty.text) == (422, True)
    assert "Kies wat voor partij het is." in empty.text
    assert (taken.status_code, "is al een naam van Clavis" in taken.text) == (422, True)
    assert (added.status_code, seated.status_code, ended.status_code) == (303, 303, 303)
    assert "Zorggroep Oost zorggroep-oost zorgorganisatie ZGO" in listed
    assert "Zorggroep Oost" in listed.partition("Groep Staat voor")[2]
    assert "De plaats eindigt van Zoë." in asked
    assert too_soon.status_code == 422
    assert f"Doen niet meer mee Zorggroep Oost , tot en met {day_words(NOW.date())}" in gone
    assert 'value="zorggroep-oost"' not in choices
    assert "Doen niet meer mee" not in words_of(desk.page(page))
