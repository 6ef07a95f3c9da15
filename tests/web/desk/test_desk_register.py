"""Afspraken and Termijnen: found, read, settled, moved, in one go, by two people at once."""

import re
from datetime import date, timedelta

from sqlmodel import select

from cycle.actions.deadlines.deciding.closing import move
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.domain.model import Origin
from cycle.store.actions import new_action
from cycle.store.covenants import term_of
from cycle.store.seats import name_for
from cycle.store.tables import (
    AgreementRow,
    AnswerRow,
    Covenant,
    DeadlineParty,
    DeadlineRow,
    Membership,
    PartyRow,
    Person,
    ReadingRow,
)
from tests.web.conftest import NOW, hidden_of

from .conftest import DIRECTOR, SECRETARY, STRANGER, queries, words_of

HERE = "/c/terneuzen"


def field(html: str, name: str) -> str:
    """What a hidden field of a page holds."""
    [value] = set(re.findall(rf'name="{name}" value="([^"]*)"', html)) or [""]
    return value


def rows_in(html: str) -> int:
    return html.count('<tr role="row">') - html.count("<thead")


def deadline(office: Office, number: str) -> DeadlineRow:
    with office.database.reading() as session:
        found = select(DeadlineRow).where(DeadlineRow.number == number, DeadlineRow.occurrence == "once")
        return session.exec(found).first()  # type: ignore[return-value]


def agreement(office: Office, number: str) -> int:
    with office.database.reading() as session:
        return session.exec(select(AgreementRow.id).where(AgreementRow.number == number)).one() or 0


def fill(office: Office, count: int) -> None:
    """So many more agreements in Hulst, each with a doubt, a deadline, a person of their own and a decision."""
    with office.database.writing() as session:
        covenant = session.exec(select(Covenant).where(Covenant.slug == "hulst")).one()
        party = session.exec(select(PartyRow).where(PartyRow.covenant_id == covenant.id)).one()
        there = len(session.exec(select(AgreementRow).where(AgreementRow.covenant_id == covenant.id)).all())
        for number in range(there, there + count):
            person = Person(name=f"Trekker {number}", email=f"t{number}@hulst.example")
            row = AgreementRow(
                covenant_id=covenant.id or 0,
                term_id=term_of(session, covenant.id or 0).id or 0,
                number=f"1.{number}",
                theme="1",
                topic="Iets",
                leads=["gemeente"],
                position=number,
                text="Doe iets.",
            )
            session.add_all([person, row])
            session.flush()
            seat = Membership(person_id=person.id or 0, party_id=party.id or 0, role="trekker")
            action = new_action(session, covenant.id or 0, Origin.AGREEMENT, row.id)
            names = {"agreement_id": row.id, "action_id": action, "slot": "1", "ref": "a"}
            reading = ReadingRow(**names, phrase="ooit", kind="once", due=date(2027, 5, 1), doubtful=True)
            session.add_all([seat, reading])
            session.flush()
            name_for(seat, [row.id or 0])
            due = DeadlineRow(
                covenant_id=covenant.id or 0,
                agreement_id=row.id,
                action_id=action,
                origin="agreement",
                slot="2",
                occurrence="once",
                title="Iets",
                number=row.number,
                theme="1",
                kind="action",
                due=date(2025, 5, 1),
                uid=f"uid{number}",
                created_at=NOW,
                changed_at=NOW,
                agreements=[row.id],
            )
            session.add(due)
            session.flush()
            session.add(DeadlineParty(deadline_id=due.id or 0, party_id=party.id or 0, part="lead"))
            note(session, NOW, "a@b.example", "gedaan", f"termijn {due.id}", "", covenant.id)


LISTS = (
    "afspraken",
    "afspraken?stand=open&zoek=iets",
    "termijnen?stand=alles",
    "termijnen/afhandelen",
    "mensen",
    "mensen/wie",
)


def test_each_list_asks_the_same_number_of_questions_for_1_3_and_300_rows(office, sign_in):
    desk = sign_in(STRANGER)
    asked: dict[str, list[int]] = {path: [] for path in LISTS}
    for count in (1, 2, 297):
        fill(office, count)
        for path in LISTS:
            with queries(office) as seen:
                desk.page(f"/c/hulst/{path}")
            asked[path].append(len(seen))

    assert {path: numbers for path, numbers in asked.items() if len(set(numbers)) > 1} == {}


def test_agreements_are_found_by_party_theme_stand_meeting_and_words(desk):
    counts = {
        asked: rows_in(desk.page(f"{HERE}/afspraken?{asked}"))
        for asked in (
            "",
            "partij=shb",
            "thema=5",
            "stand=twijfel",
            "zoek=MIDDENHUUR",
            "zoek=100%25",
            "overleg=bouwtafel",
        )
    }

    assert counts[""] == 55
    assert (counts["partij=shb"], counts["stand=twijfel"], counts["zoek=MIDDENHUUR"]) == (1, 4, 1)
    assert counts["zoek=100%25"] == 0
    assert 0 < counts["thema=5"] < 15


def test_an_agreement_shows_its_text_place_readings_people_and_past(office, desk):
    number = agreement(office, "1.1.2")
    row = deadline(office, "1.1.2")
    move(office, row.id or 0, date(2027, 6, 1), NOW, by=SECRETARY, reason="cijfers kwamen later")
    words = words_of(desk.page(f"{HERE}/afspraken/{number}"))

    for part in (
        "1.1.2 Gezamenlijk inzicht",
        "Volg samen de cijfers",
        "agreements.csv, regel 3",
        "“najaar 2022”",
        "1 september tot en met 30 november 2022 of 21 september tot en met 20 december 2022 (twijfel)",
        "Afdeling Strategie strategie@clavis.example aangewezen voor dit thema",
        "Secretariaat prestatieafspraken verplaatst: van 30 november 2022 naar 1 juni 2027 cijfers kwamen later",
    ):
        assert part in words, part


def test_a_phrase_is_settled_on_its_own_page_and_can_be_settled_otherwise(office, desk):
    with office.database.reading() as session:
        reading = session.exec(select(ReadingRow).where(ReadingRow.phrase == "najaar 2022")).first()
    path = f"{HERE}/afspraken/lezing/{reading.id}"
    empty = desk.submit(path)
    done = desk.submit(path, {f"lezing-{reading.id}": "2"})
    again = desk.submit(path, {f"lezing-{reading.id}": "anders", f"anders-{reading.id}": "31-5-2027"})
    with office.database.reading() as session:
        row = session.get_one(ReadingRow, reading.id)

    assert (empty.status_code, done.status_code, again.status_code) == (422, 303, 303)
    assert (row.due, row.confirmed_by) == (date(2027, 5, 31), SECRETARY)
    assert "secretariaat@terneuzen.example, 21 november 2026" in desk.page(
        f"{HERE}/afspraken/{agreement(office, '1.1.2')}"
    )


def test_the_addressee_of_an_agreement_or_a_theme_is_changed(office, desk):
    number = agreement(office, "5.9")
    path = f"{HERE}/afspraken/{number}/mail/clavis"
    html = desk.page(path)
    [wonen] = re.findall(r'value="(\d+)"[^>]*> <label[^>]*>Afdeling Wonen<', html)
    wrong = desk.submit(path, {"voor": "afspraak"})
    done = desk.submit(path, {"wie": wonen, "voor": "afspraak", "version": field(html, "version")})
    late = desk.submit(path, {"wie": "vanzelf", "voor": "thema", "version": field(html, "version")})
    words = words_of(desk.page(f"{HERE}/afspraken/{number}"))

    assert "Kies wie de mail krijgt." in wrong.text
    assert done.status_code == 303
    assert (late.status_code, "geadresseerde gewijzigd" in late.text) == (
        409,
        False,
    )  # the theme itself was not touched
    assert "Iemand anders heeft dit intussen gewijzigd." in late.text
    assert "Afdeling Wonen wonen@clavis.example aangewezen voor deze afspraak" in words


def test_deadlines_are_found_by_lead_theme_stand_meeting_words_and_period(desk):
    counts = {
        asked: int(re.findall(r'<p class="status">(\d+) termijn', page)[0]) if "niets gevonden" not in page else 0
        for asked in (
            "",
            "stand=alles",
            "partij=shb",
            "thema=5",
            "stand=twijfel",
            "stand=nog-niet-afgemeld",
            "zoek=brief",
            "van=2027-03-01&tot=2027-03-31",
            "overleg=voorjaarsoverleg",
            "stand=gedaan",
        )
        for page in [desk.page(f"{HERE}/termijnen?{asked}")]
    }

    assert counts["stand=alles"] >= counts[""] > counts["thema=5"] > 0
    assert counts["stand=gedaan"] == 0
    assert counts["stand=twijfel"] < counts["stand=nog-niet-afgemeld"]
    assert counts["van=2027-03-01&tot=2027-03-31"] >= 1
    assert counts["zoek=brief"] == 2


def test_a_long_list_comes_a_hundred_at_a_time(office, sign_in):
    fill(office, 230)
    desk = sign_in(STRANGER)
    first, last = desk.page("/c/hulst/termijnen?stand=open&thema=1"), desk.page("/c/hulst/termijnen?thema=1&blad=3")
    people = desk.page("/c/hulst/mensen?blad=3")

    assert (rows_in(first), rows_in(last)) == (100, 30)
    assert "230 termijnen, nummer 201 tot en met 230" in words_of(last)
    assert 'href="/c/hulst/termijnen?thema=1&amp;stand=open&amp;blad=2"' in first
    assert rows_in(people) == 31
    for strange in ("blad=x", "blad=-1", "blad=999999999", "van=gisteren", "stand=onzin"):
        desk.page(f"/c/hulst/termijnen?{strange}")


def test_a_deadline_is_done_for_one_party_and_opened_again(office, desk):
    row = deadline(office, "1.1.10")
    path = f"{HERE}/termijnen/{row.id}"
    nothing = desk.submit(f"{path}/besluit", {"toelichting": "volgens de wethouder"})
    one = desk.submit(f"{path}/besluit", {"besluit": "gedaan", "partij": "gemeente", "toelichting": "raad 12 mei"})
    words = words_of(desk.page(path))
    every = desk.submit(f"{path}/besluit", {"besluit": "gedaan"})
    again = desk.submit(f"{path}/besluit", {"besluit": "open"})

    assert (nothing.status_code, "volgens de wethouder" in nothing.text) == (422, True)
    assert "Kies wat het besluit is." in nothing.text
    assert [answer.status_code for answer in (one, every, again)] == [303, 303, 303]
    assert "Gemeente Terneuzen gedaan door secretariaat@terneuzen.example, 21 november 2026 “raad 12 mei”" in words
    assert deadline(office, "1.1.10").state == "open"


def test_a_deadline_is_moved_with_a_reason_and_the_second_who_saves_is_told(office, desk):
    row = deadline(office, "2.1")
    path = f"{HERE}/termijnen/{row.id}"
    version = field(desk.page(path), "version")
    without = desk.submit(f"{path}/verplaatsen", {"dag": "31-3-2027", "version": version})
    move(office, row.id or 0, date(2027, 3, 1), NOW + timedelta(minutes=1), by="collega@terneuzen.example")
    late = desk.submit(f"{path}/verplaatsen", {"dag": "2027-03-31", "reden": "raad", "version": version})
    kept = deadline(office, "2.1").due
    saved = desk.submit(
        f"{path}/verplaatsen", {"dag": "2027-03-31", "reden": "raad", "version": field(late.text, "version")}
    )

    assert (without.status_code, 'value="31-3-2027"' in without.text) == (422, True)
    assert "Vul in waarom de termijn verplaatst wordt." in without.text
    assert late.status_code == 409
    assert "collega@terneuzen.example: verplaatst (van 2022-12-31 naar 2027-03-01)" in late.text
    assert 'value="raad"' in late.text
    assert kept == date(2027, 3, 1)
    assert (saved.status_code, deadline(office, "2.1").due) == (303, date(2027, 3, 31))


def test_a_day_that_somebody_named_becomes_the_last_day_by_one_button(office, desk):
    row = deadline(office, "2.1")
    path = f"{HERE}/termijnen/{row.id}"
    with office.database.writing() as session:
        said = {"stand": "oranje", "next_on": date(2027, 4, 22), "at": NOW}
        session.add(AnswerRow(covenant_id=1, deadline_id=row.id or 0, party="gemeente", person_id=1, **said))
    page = desk.page(path)

    done = desk.submit(
        f"{path}/verplaatsen", hidden_of(page.split('id="genoemd"')[1].split("</form>")[0], "dag", "reden")
    )

    assert "Donderdag 22 april 2027" in words_of(page)
    assert (done.status_code, deadline(office, "2.1").due) == (303, date(2027, 4, 22))
    assert 'id="genoemd"' not in desk.page(path)


def test_several_are_moved_after_a_look_at_what_changes(office, desk):
    rows = [deadline(office, "2.1"), deadline(office, "1.1.9")]
    ids = [str(row.id) for row in rows]
    back = "termijnen?thema=2"
    none = desk.submit(f"{HERE}/termijnen/samen", {"besluit": "verplaatsen", "reden": "raad", "terug": back})
    asked = {"kies": ids, "besluit": "verplaatsen", "dag": "2027-05-14", "reden": "raad", "terug": back}
    look = desk.submit(f"{HERE}/termijnen/samen", asked)
    before = [deadline(office, row.number).due for row in rows]
    versions = {f"versie-{one}": field(look.text, f"versie-{one}") for one in ids}
    done = desk.submit(f"{HERE}/termijnen/samen", asked | versions | {"zeker": "ja"})

    assert none.status_code == 422
    assert ("Vink eerst een of meer termijnen aan." in none.text, "Vul de nieuwe laatste dag in." in none.text) == (
        True,
        True,
    )
    assert 'value="raad"' in none.text
    assert "2 termijnen worden: verplaatst naar vrijdag 14 mei 2027" in words_of(look.text)
    assert before == [row.due for row in rows]
    assert (done.status_code, done.headers["location"]) == (303, f"{HERE}/termijnen?thema=2")
    assert [deadline(office, row.number).due for row in rows] == [date(2027, 5, 14)] * 2


def test_all_of_a_page_at_once_and_one_that_somebody_else_changed_is_said(office, desk):
    first, second = deadline(office, "2.1"), deadline(office, "1.1.9")
    page = desk.page(f"{HERE}/termijnen/afhandelen")
    every = field(page, "alle")
    look = desk.submit(
        f"{HERE}/termijnen/samen", {"alle": every, "besluit": "vervallen", "terug": "termijnen/afhandelen"}
    )
    ids = re.findall(r'name="kies" value="(\d+)"', look.text)
    move(office, first.id or 0, date(2027, 3, 1), NOW, by="collega@terneuzen.example")
    versions = {f"versie-{one}": field(look.text, f"versie-{one}") for one in ids}
    done = desk.submit(
        f"{HERE}/termijnen/samen",
        {"kies": ids, "besluit": "vervallen", "terug": "termijnen/afhandelen", "zeker": "ja", **versions},
    )
    words = words_of(desk.page(f"{HERE}/termijnen/afhandelen"))

    assert len(ids) == 23
    assert done.status_code == 303
    assert f"22 termijnen: vervallen. 1 niet gelukt: termijn {first.id}: Iemand anders heeft dit intussen" in words
    assert (deadline(office, "2.1").state, deadline(office, "1.1.9").state) == ("open", "dropped")
    assert second.id


def test_doubts_are_settled_together_and_what_cannot_be_stays_with_a_sentence(office, desk):
    path = f"{HERE}/termijnen/twijfel"
    html = desk.page(f"{HERE}/termijnen/afhandelen")
    ids = re.findall(r'id="zin-(\d+)"', html)
    nothing = desk.submit(path)
    some = desk.submit(
        path,
        {f"lezing-{ids[0]}": "2", f"lezing-{ids[1]}": "anders", f"anders-{ids[1]}": "ergens in het voorjaar"},
    )
    rest = desk.submit(path, {f"lezing-{ids[1]}": "geen", f"lezing-{ids[2]}": "anders", f"anders-{ids[2]}": "mei 2027"})

    assert (len(ids), nothing.status_code) == (4, 422)
    assert "Kies bij minstens één zin wat er bedoeld is." in nothing.text
    assert (some.status_code, f'id="zin-{ids[0]}"' in some.text, f'id="zin-{ids[1]}"' in some.text) == (
        422,
        False,
        True,
    )
    assert 'value="ergens in het voorjaar"' in some.text
    assert rest.status_code == 303
    assert re.findall(r'id="zin-(\d+)"', desk.page(f"{HERE}/termijnen/afhandelen")) == [ids[3]]


def test_two_settle_the_same_phrase_and_the_second_is_told(desk, sign_in):
    html = desk.page(f"{HERE}/termijnen/afhandelen")
    one = re.findall(r'id="zin-(\d+)"', html)[1]
    version = field(html, f"versie-{one}")
    first = desk.submit(f"{HERE}/termijnen/twijfel", {f"lezing-{one}": "1", f"versie-{one}": version})
    second = sign_in(SECRETARY).submit(f"{HERE}/termijnen/twijfel", {f"lezing-{one}": "2", f"versie-{one}": version})

    assert first.status_code == 303
    assert second.status_code == 422
    assert "Iemand anders heeft dit intussen gewijzigd." in second.text
    assert "bevestigd (1.1.2" in second.text


def test_a_director_reads_and_has_no_buttons(office, sign_in):
    browser = sign_in(DIRECTOR)
    row = deadline(office, "2.1")
    for path in (
        "afspraken",
        "termijnen",
        "termijnen/afhandelen",
        f"termijnen/{row.id}",
        "mensen",
        "mensen/6",
        "mensen/wie",
    ):
        html = browser.page(f"{HERE}/{path}")
        assert f'method="post" action="{HERE}' not in html, path
    assert browser.get(f"{HERE}/mensen/toevoegen").status_code == 403


def test_an_unknown_or_strange_number_is_404(desk):
    for path in (
        "afspraken/999999",
        "afspraken/x",
        "termijnen/0",
        "termijnen/99999999999",
        "afspraken/lezing/-1",
        "afspraken/1/mail/nergens",
        "mensen/x",
        "mensen/groepen/nergens",
        "mensen/plaatsen/0",
    ):
        assert desk.get(f"{HERE}/{path}").status_code == 404, path
