"""Every form is carried out once: a walk over all forms there are, each sent twice with the same key.

The second time nothing in the whole database changes, and the answer is the one of the first. A route that is added
later has to be added to the walk.
"""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from cycle.actions.deadlines.deciding.habits import PERIODS
from cycle.actions.feeds import links_of, new_link
from cycle.actions.feeds.calendar_page import page_url
from cycle.actions.letters.approval.directors import approve_path, ask_directors
from cycle.actions.office.answer_links import Mail, answer_url
from cycle.actions.office.office import Office
from cycle.actions.office.rhythm_links import stop_url
from cycle.actions.office.sentforms import KEEP_DAYS, KEY_DAYS, CarriedOut, new_key
from cycle.actions.people.rhythms.rhythm import own_rhythm, rhythm_page_url
from cycle.actions.register.writing_out.exporting import export_register
from cycle.actions.register.writing_out.folder_exporting import export_folder
from cycle.actions.service.watch.clock_work import keep_round
from cycle.store import sentforms
from cycle.store.decisions import decisions
from cycle.store.outbox import putting, standstill
from cycle.store.outbox.labels import DRAFT
from cycle.store.outbox.standstill import CLOCK_PAUSE
from cycle.store.tables import (
    Absence,
    AgreementRow,
    AnswerRow,
    Body,
    Covenant,
    DeadlineRow,
    FeedLink,
    Handover,
    Letter,
    MailReply,
    MeetingDecision,
    Membership,
    Message,
    PartyRow,
    Person,
    ReadingRow,
    ReminderRow,
    SentForm,
    Signal,
)
from cycle.web import cookies, once
from cycle.web.app import ROOMS, create_app
from cycle.web.formkeys import FIELD, with_keys
from cycle.words import LADDER_KINDS
from tests.actions.letters.test_letter_desk import pdf_with
from tests.actions.mailbox import act, at
from tests.conftest import own_signer
from tests.web.conftest import HTML, Clock, code_in_outbox, find, hidden_of, may_change

from .conftest import OURS, SECRETARY, TREKKER, Desk, words_of
from .test_desk_term import NEXT, choices
from .test_the_walk import GETS, Dump, dump, filled

MARCH = at("2027-03-02")
HERE = "/c/terneuzen"
FORM = re.compile(r'<form\b[^>]*method="post".*?</form>', re.S)


@pytest.fixture
def browser(office: Office, sign_in: Callable[[str], Desk], clock: Clock) -> Desk:
    """The secretary in March 2027, when a trekker has a mail to answer."""
    clock.at = MARCH
    for day in ("2027-02-24", "2027-02-25"):
        act(office, at(day))
    return sign_in(SECRETARY)


def first(office: Office, query: Any) -> Any:
    with office.database.reading() as session:
        return session.exec(query).first()


def newest(office: Office, kind: Any) -> int:
    return int(first(office, select(kind.id).order_by(col(kind.id).desc())))


def person(office: Office, email: str) -> int:
    return int(first(office, select(Person.id).where(Person.email == email)))


def own(office: Office, email: str) -> dict[str, str]:
    """The paths of somebody's own pages."""
    who = person(office, email)
    signer = own_signer(office, who)
    on = first(office, select(Message.on).where(Message.person_id == who, Message.kind == "digest"))
    urls = {
        "calendar": page_url(office, email, MARCH),
        "rhythm": rhythm_page_url(office, email, MARCH),
        "overview": stop_url(office.settings, signer, who, MARCH.date()),
        "answer": answer_url(office.settings, signer, Mail(who, on or MARCH.date())),
    }
    return {name: url.removeprefix(OURS) for name, url in urls.items()}


Form = tuple[str, str, dict[str, Any]]
"""A route, the path, and what is filled in."""


def forms_of_the_desk(office: Office, desk: Desk, folder: Path) -> Iterator[Form]:
    """Every form of the desk, in an order in which each of them does something."""
    clavis, zorg = person(office, TREKKER), person(office, "zorg@terneuzen.example")
    is_action = (DeadlineRow.kind == "action", DeadlineRow.state == "open")
    with office.database.reading() as session:
        actions = session.exec(select(DeadlineRow).where(*is_action).order_by(col(DeadlineRow.id))).all()
        doubts = session.exec(select(ReadingRow.id).where(col(ReadingRow.doubtful).is_(True)).limit(2)).all()
        party = session.exec(select(PartyRow.id).where(PartyRow.slug == "shb")).one()
        agreement = session.exec(select(DeadlineRow.agreement_id, DeadlineRow.number).where(*is_action)).first()
        seat = session.exec(select(Membership.id).where(Membership.person_id == zorg)).first()
    one, two = actions[-1], actions[-2]
    yield "/openbaar", "/openbaar", {"stand": "uit"}

    yield "/vrijgeven", "/vrijgeven", {"zeker": "ja"}
    yield "/voortgang/bewaren", "/voortgang/bewaren", {"peildatum": "1-3-2027"}
    agenda = find(office, "Uitvoeringsagenda bijwerken", date(2027, 1, 1))
    said = {"stand": "rood", "toelichting": "Nee.", "naam": "Jan"}
    yield "/voortgang/antwoord/{deadline}/{party}", f"/voortgang/antwoord/{agenda}/clavis", said
    yield "/afspraken/lezing/{reading}", f"/afspraken/lezing/{doubts[0]}", {f"lezing-{doubts[0]}": "1"}
    yield "/termijnen/twijfel", "/termijnen/twijfel", {f"lezing-{doubts[1]}": "geen"}
    yield (
        "/termijnen/samen",
        "/termijnen/samen",
        {
            "zeker": "ja",
            "besluit": "verplaatsen",
            "dag": "2027-08-02",
            "reden": "raad",
            "kies": [str(one.id), str(two.id)],
        },
    )
    yield (
        "/termijnen/{deadline}/verplaatsen",
        f"/termijnen/{one.id}/verplaatsen",
        {"dag": "2027-08-03", "reden": "raad"},
    )
    yield "/termijnen/{deadline}/besluit", f"/termijnen/{two.id}/besluit", {"besluit": "gedaan"}
    where = f"/afspraken/{agreement[0]}/mail/gemeente"
    yield "/afspraken/{number}/mail/{party}", where, {"wie": str(zorg), "voor": "afspraak"}

    letter = "/uitnodigingsbrief/2027"
    page = desk.page(f"{HERE}{letter}/teksten")
    opening = re.findall(r'name="(tekst-\w+)"', page)
    texts = dict(re.findall(r'name="(tekst-\w+)"[^>]*>\n(.*?)</textarea>', page, re.S))
    approved = {"partij": "clavis", "naam-clavis": "D. Directeur"}
    yield "/uitnodigingsbrief/{year}/teksten", f"{letter}/teksten", texts | {opening[0]: "Een eigen begin."}
    details = desk.page(f"{HERE}{letter}/gegevens")
    known = dict(re.findall(r'<input id="[^"]*" name="([\w-]+)" type="text" value="([^"]*)"', details))
    yield "/uitnodigingsbrief/{year}/gegevens", f"{letter}/gegevens", known | {"kenmerk": "PA-1", "datum": "1-3-2027"}
    added = {"files": [("erbij", ("bod.pdf", pdf_with(), "application/pdf"))]}
    yield "/uitnodigingsbrief/{year}/bijlage-erbij", f"{letter}/bijlage-erbij", added
    yield "/uitnodigingsbrief/{year}/bijlage-weg", f"{letter}/bijlage-weg", {"bestand": "bod.pdf"}
    yield "/huisstijl/{slug_of}", "/huisstijl/clavis", {"kleur": "#8a1538", "plaats": "Terneuzen"}
    yield "/uitnodigingsbrief/{year}/elders", f"{letter}/elders", {"verstuurd-op": "1-3-2027", "bewijs": "Per post."}
    yield "/uitnodigingsbrief/{year}/toch-niet", f"{letter}/toch-niet", {}
    finished = {"files": [("eigen", ("brief.pdf", pdf_with(), "application/pdf"))]}
    yield "/uitnodigingsbrief/{year}/eigen", f"{letter}/eigen", finished
    yield "/uitnodigingsbrief/{year}/intrekken", f"{letter}/intrekken", {}
    yield "/uitnodigingsbrief/{year}/akkoord-vragen", f"{letter}/akkoord-vragen", {"zeker": "ja"}
    yield "/uitnodigingsbrief/{year}/goedkeuren", f"{letter}/goedkeuren", approved
    yield "", f"{letter}/goedkeuren", {"partij": "wzv", "naam-wzv": "W. Directeur"}
    signed = {"files": [("getekend", ("brief.pdf", pdf_with(), "application/pdf"))]}
    yield "/uitnodigingsbrief/{year}/getekend", f"{letter}/getekend", signed
    yield "/uitnodigingsbrief/{year}/getekend-weg", f"{letter}/getekend-weg", {}
    yield "/uitnodigingsbrief/{year}/versturen", f"{letter}/versturen", {"zeker": "ja"}

    spring = find(office, "Voorjaarsoverleg", date(2027, 1, 1))
    meeting = f"/overleggen/{spring}"
    yield "/overleggen/{meeting}/plannen", f"{meeting}/plannen", {"dag": "15-4-2027", "begin": "14:00"}
    news = {"zeker": "ja", "overleg": "donderdag 15 april 2027 om 14.00 uur"}
    yield "/uitnodigingsbrief/{year}/overleg-melden", f"{letter}/overleg-melden", news
    yield "/overleggen/{meeting}/afzeggen", f"{meeting}/afzeggen", {"reden": "Te weinig mensen."}
    yield "", f"{meeting}/plannen", {"dag": "1-3-2027"}
    yield "/overleggen/{meeting}/geweest", f"{meeting}/geweest", {}
    decided = {
        "besluit": "Er komt een plan.",
        "afspraak": str(agreement[0]),
        "gevolg": "nieuwe termijn",
        "nieuwe-dag": "1-10-2027",
    }
    yield "/overleggen/{meeting}/besluit", f"{meeting}/besluit", decided
    decision = newest(office, MeetingDecision)
    yield "/overleggen/{meeting}/besluit/{decision}/ongedaan", f"{meeting}/besluit/{decision}/ongedaan", {}

    seen = {"soort": "signal", "melding": "Bewoners wachten lang op reparaties."}
    yield "/signalen", "/signalen", seen
    reported = newest(office, Signal)
    why = {f"reden-{reported}": "Dit loopt al bij de corporatie."}
    yield "/signalen/{signal}/afwijzen", f"/signalen/{reported}/afwijzen", why
    yield "/signalen/{signal}/terug", f"/signalen/{reported}/terug", {}

    yield "/mensen/partijen/{party}", f"/mensen/partijen/{party}", {"naam": "SHB Terneuzen", "andere": "SHB"}
    new_party = {"naam": "Zorggroep Oost", "soort": "care", "groepen": "partijen"}
    yield "/mensen/partijen/nieuw", "/mensen/partijen/nieuw", new_party
    partner = f"/mensen/partijen/{newest(office, PartyRow)}"
    yield "/mensen/partijen/{party}/einde", f"{partner}/einde", {"laatste": "1-3-2027"}
    yield "/mensen/partijen/{party}/terug", f"{partner}/terug", {}
    seated = str(person(office, "wethouder@terneuzen.example"))
    yield "/overleggen/wie/nieuw", "/overleggen/wie/nieuw", {"naam": "Kernoverleg", "leden": seated}
    body = f"/overleggen/wie/{newest(office, Body)}"
    yield "/overleggen/wie/{body}", body, {"naam": "Kernenoverleg", "wie": "mensen", "leden": seated}
    yield "/overleggen/wie/{body}/weg", f"{body}/weg", {}
    group = "/mensen/groepen/huurdersorganisaties"
    yield "/mensen/groepen/{group}", group, {"leden": ["shb"], "andere": "Huurders"}
    sure = {"zeker": "ja"}
    yield "/jaar/stappen/erbij", "/jaar/stappen/erbij", {"stap": "kadernota"} | sure
    table = {"titel": "Kerntafel", "soort": "meeting", "moment": "by", "dag": "1 mei", "ladder": "soort"}
    yield "/jaar/stappen/nieuw", "/jaar/stappen/nieuw", table | sure
    yield "/jaar/stappen/{step}", "/jaar/stappen/kerntafel", table | {"dag": "1 juni"} | sure
    with_care = {"naam": "Zorgpartijen", "leden": ["shb"]}
    yield "/mensen/groepen/nieuw", "/mensen/groepen/nieuw", with_care
    lines = {f"ladder-{kind}": "2 weken ervoor: trekkers" for kind in LADDER_KINDS}
    yield "/jaar/herinneringen", "/jaar/herinneringen", lines | sure
    months = {f"{word}-{end}": "5" for word in PERIODS for end in ("van", "tot")}
    yield "/gegevens/lezen", "/gegevens/lezen", months | {"bespreken": "najaarsoverleg"} | sure
    column = {"nieuwe-kolom": "Oplevering", "nieuwe-betekenis": "termijn"}
    yield "/gegevens/lezen/kolommen", "/gegevens/lezen/kolommen", column
    named = {"thema": list("12345"), "naam-1": "Wonen", "naam-2": "Duurzaamheid"}
    yield "/gegevens/themas", "/gegevens/themas", named
    noor = {"naam": "Noor", "adres": "noor@clavis.example", "partij": "clavis", "rol": "reader"}
    yield "/mensen/toevoegen", "/mensen/toevoegen", noor
    more = "Bram; bram@clavis.example; Clavis; lezer"
    seen = sha256(f"{more}\n\n".encode()).hexdigest()
    yield "/mensen/lijst", "/mensen/lijst", {"lijst": more, "wat": "bewaar", "gezien": seen}
    yield "/mensen/{person}/plaats", f"/mensen/{clavis}/plaats", {"partij": "wzv", "rol": "reader"}
    yield "/mensen/plaatsen/{seat}", f"/mensen/plaatsen/{seat}", {"themas": "4"}
    yield "/mensen/{person}/gegevens", f"/mensen/{zorg}/gegevens", {"naam": "Zorg", "adres": "zorg@nieuw.example"}
    away = {"vanaf": "2027-03-05", "tot": "2027-03-09", "zeker": "ja"}
    yield "/mensen/{person}/afwezig", f"/mensen/{clavis}/afwezig", away
    absence = f"/mensen/{clavis}/afwezig/{newest(office, Absence)}/weg"
    yield "/mensen/{person}/afwezig/{absence}/weg", absence, {"zeker": "ja"}
    yield "/mensen/{person}/welkom", f"/mensen/{clavis}/welkom", {"zeker": "ja"}
    yield "/mensen/{person}/links", f"/mensen/{clavis}/links", {"zeker": "ja"}
    leaves = {"laatste": "2027-03-10", "opvolger": "niemand", "zeker": "ja"}
    yield "/mensen/{person}/vertrek", f"/mensen/{zorg}/vertrek", leaves
    yield "/mensen/overdracht/{handover}/terug", f"/mensen/overdracht/{newest(office, Handover)}/terug", {}

    mail = first(office, select(Message.id).where(Message.kind == "welcome"))
    yield "/post/{number}/{action}", f"/post/{mail}/vasthouden", {}
    yield "/post/laten-gaan", "/post/laten-gaan", {"zeker": "ja", "mails": str(a_draft(office, clavis))}

    with office.database.writing() as session:
        asked = session.exec(select(ReminderRow).where(ReminderRow.reason == "trekker")).first()
        for mail_id in "ab":
            reply = {
                "message_id": asked.message_id,
                "person_id": asked.person_id,
                "sender": "x@y.example",
                "words": "Ja.",
            }
            session.add(MailReply(mail_id=mail_id, read_at=MARCH, **reply))
    line = {"regel-1": f"t{asked.deadline_id}-{asked.party}", "stand-1": "groen", "zin-1": "Ja."}
    yield "/post/antwoorden/{number}/overnemen", "/post/antwoorden/1/overnemen", line
    yield "/post/antwoorden/{number}/wegleggen", "/post/antwoorden/2/wegleggen", {}

    with office.database.writing() as session:
        standstill.set_pause(session, MARCH, "De klok staat verkeerd.", CLOCK_PAUSE)
    yield "/post/hervatten", "/post/hervatten", {"zeker": "ja"}

    standing = first(office, select(AgreementRow.id).where(AgreementRow.number == "5.7"))
    yield "/voortgang/wie-wat/{agreement}", f"/voortgang/wie-wat/{standing}", {"reden": "geldt voor de periode"}
    given = first(office, select(AnswerRow.id).where(AnswerRow.sentence != ""))
    yield "/voortgang/zinnen", "/voortgang/zinnen", {"getoond": str(given), "mag": str(given)}
    own = {"naam": "Prestatieafspraken Terneuzen", "regio": "midden", "uur": "9:30"}
    yield "/gegevens", "/gegevens", own
    yield "/archief", "/archief", {"wat": "archiveren"}
    yield "", "/archief", {"wat": "oppakken"}

    export_register(office, "terneuzen", folder / "register.csv")
    text = (folder / "register.csv").read_text(encoding="utf-8-sig").replace(";In samenhang", ";Samen")
    files = {"files": [("bestanden", ("register.csv", text.encode(), "text/plain"))]}
    yield "/inlezen", "/inlezen", files
    read_in = desk.last.headers["location"].removeprefix(HERE)
    yield "/inlezen/{token}/bewaren", f"{read_in}/bewaren", {"overnemen": "1.1.3"}
    with office.database.reading() as session:
        [done] = decisions(session, 1, verb="ingelezen", limit=1)
        changed = session.exec(select(AgreementRow.id).where(AgreementRow.number == "1.1.3")).one()
    yield "/inlezen/gedaan/{read_in}/terug", f"/inlezen/gedaan/{done.id}/terug", {"rij": str(changed)}
    export_folder(office, "terneuzen", folder / "map")
    whole = [("bestanden", (file.name, file.read_bytes(), "text/plain")) for file in (folder / "map").iterdir()]
    yield "", "/inlezen", {"files": whole}
    folder_in = desk.last.headers["location"].removeprefix(HERE)
    yield "/inlezen/{token}/map", f"{folder_in}/map", version_on(desk.page(f"{HERE}{folder_in}"))
    yield "", "/inlezen", files
    yield "/inlezen/{token}/weg", desk.last.headers["location"].removeprefix(HERE) + "/weg", {}

    term = {"van": "2022-01-01", "tot": "2026-12-31", "loopt-door": "ja"}
    yield "/looptijd", "/looptijd", term
    yield "", "/inlezen", {"files": [("bestanden", ("kader.md", NEXT.encode(), "text/plain"))]}
    next_framework = f"{desk.last.headers['location'].removeprefix(HERE)}/kader"
    shown = desk.page(f"{HERE}{next_framework}")
    days = {"van": "2028-01-01", "tot": "2031-12-31", "loopt-door": "ja"}
    yield "/inlezen/{token}/kader", next_framework, days | choices(shown, "carry")


def version_on(shown: str) -> dict[str, str]:
    return {"version": shown.partition('name="version" value="')[2].partition('"')[0]}


def a_draft(office: Office, who: int) -> int:
    """A reminder mail that waits for approval."""
    with office.database.writing() as session:
        here = session.exec(select(Covenant.id).where(Covenant.slug == "terneuzen")).one()
        draft = Message(
            key="draft",
            kind="digest",
            person_id=who,
            covenant_id=here,
            to=TREKKER,
            subject="x",
            message_id="<x@x>",
            on=MARCH.date(),
            state=DRAFT,
            created_at=MARCH,
            next_try_at=MARCH + timedelta(hours=4),
            body=b"x",
        )
        putting.put(session, draft, (), MARCH)
        return draft.id or 0


def posts() -> set[str]:
    """Every route that takes a form, but those that are once by themselves."""
    return {
        route.path
        for room in ROOMS
        for route in room.router.routes
        if "POST" in route.methods and not hasattr(route.endpoint, "once_by_itself")
    }


def test_every_form_of_the_desk_sent_twice_does_it_once_and_shows_the_same(
    office: Office, browser: Desk, tmp_path: Path
) -> None:
    with office.database.writing() as session:  # so that releasing does something
        row = session.exec(select(Covenant).where(Covenant.slug == "terneuzen")).one()
        row.released_at = None
        session.add(row)
    walked = set()
    for route, path, filled_in in forms_of_the_desk(office, browser, tmp_path):
        fields = dict(filled_in)
        files = fields.pop("files", None)
        form = {"form": browser.form, FIELD: browser.new_key(), **fields}
        before = dump(office)
        browser.last = once = browser.post(f"{HERE}{path}", data=form, files=files, headers=HTML)
        between = dump(office)
        again = browser.post(f"{HERE}{path}", data=form, files=files, headers=HTML)

        assert (once.status_code, before == between) == (303, False), (path, words_of(once.text)[-600:])
        assert (again.status_code, again.headers["location"]) == (303, once.headers["location"]), path
        assert flash(again) == flash(once), path
        after = dump(office)
        assert [name for name, rows in after.items() if rows != between[name]] == [], path
        refuse_a_second(
            office,
            after,
            lambda form=form, files=files, path=path: browser.submit(
                f"{HERE}{path}", form | {FIELD: browser.new_key()}, files=files
            ),
            path,
        )
        walked.add(f"/c/{{slug}}{route}" if route else "")
    assert walked - {""} == {path for path in posts() if path.startswith("/c/")}


def refuse_a_second(office: Office, before: Dump, send: Callable[[], Any], path: str) -> None:
    """Back, and send again: a browser fetches the page anew, with a new key, and puts the same words into it. Nothing
    may be there twice because of that; but that it was sent is noted."""
    assert send().status_code < 500, path
    noted = ("sent_form", "fact", "actor")
    grown = [name for name, rows in dump(office).items() if len(rows) > len(before[name])]
    assert [name for name in grown if name not in noted] == [], path


def flash(answer: Any) -> str:
    return re.findall(rf"{cookies.FLASH}=([^;]+)", answer.headers["set-cookie"])[0]


def forms_of_links(office: Office, reader: Desk, links: dict[str, str]) -> Iterator[Form]:
    """Every form behind a link, in an order in which each of them does something."""
    calendar, rhythm = links["calendar"], links["rhythm"]
    for room, path in (("agenda", calendar), ("ritme", rhythm)):
        mine = hidden_of(reader.page(path), "form")
        yield f"/{room}/{{signed}}/code", f"{path}/code", mine
        yield f"/{room}/{{signed}}/bevestig", f"{path}/bevestig", mine | {"code": code_in_outbox(office)}
        reader.cookies.delete(cookies.PROOF)  # the next page asks for it anew
    [*_told, (_name, address)] = ask_directors(office, "terneuzen", 2027, MARCH, by=SECRETARY)
    with office.database.reading() as session:
        director = session.exec(select(Person).where(Person.email == address)).first()
        letter = approve_path(office, session.exec(select(Letter)).one().id, director, date(2027, 3, 1))
    mine = hidden_of(reader.page(letter), "form")
    yield "/akkoord/{signed}/code", f"{letter}/code", mine
    yield "/akkoord/{signed}/bevestig", f"{letter}/bevestig", mine | {"code": code_in_outbox(office)}
    decision = hidden_of(reader.page(letter), "form", "versie")
    yield "/akkoord/{signed}", letter, decision | {"besluit": "terug", "opmerking": "De datum klopt niet."}
    reader.cookies.delete(cookies.PROOF)
    may_change(reader, office, TREKKER, MARCH)

    with office.database.reading() as session:
        telephone = links_of(session, TREKKER)[0].id
    mine = hidden_of(reader.page(calendar), "form")
    yield "/agenda/{signed}/nieuw", f"{calendar}/nieuw", mine | {"naam": "Outlook", "toon": "party"}
    yield "/agenda/{signed}/intrekken", f"{calendar}/intrekken", mine | {"link": str(telephone)}
    choice = hidden_of(reader.page(rhythm), "form")
    yield "/ritme/{signed}", rhythm, choice | {"dag": ["0", "3"], "aantal": "2"}
    yield "/ritme/{signed}/afwezig", f"{rhythm}/afwezig", choice | {"van": "2027-03-05", "tot": "2027-03-09"}
    yield "/ritme/{signed}/terug", f"{rhythm}/terug", choice | {"id": "1"}

    answer = hidden_of(FORM.findall(reader.page(links["answer"]))[0], "rij", "form")
    yield "/antwoord/{signed}", links["answer"], answer | {"stand": "oranje", "zin": "Later."}
    signal = f"{links['answer']}/signaal"
    report = hidden_of(FORM.findall(reader.page(signal))[0], "form")
    yield (
        "/antwoord/{signed}/signaal",
        signal,
        report | {"soort": "research", "melding": "Samen naar leegstand kijken."},
    )
    asked = hidden_of(reader.page("/aanmelden"), "form") | {"adres": SECRETARY}
    yield "/aanmelden", "/aanmelden", asked
    yield "/ritme/{signed}/links", f"{rhythm}/links", choice


ELSEWHERE = ("/nieuw",)
"""Forms that only a founder has: `test_desk_founding.py` walks them."""
MEANT_TWICE = ("/aanmelden", "/code")
"""Who asks for another mail gets one."""


def test_every_form_of_a_link_sent_twice_does_it_once(office: Office, browser: Desk, clock: Clock) -> None:
    reader = Desk(create_app(office, clock), base_url=OURS, follow_redirects=False)
    link, walked = new_link(office, TREKKER, MARCH, name="telefoon"), set()
    for route, path, fields in forms_of_links(office, reader, own(office, TREKKER)):
        form, before = fields | {FIELD: new_key(office.settings, MARCH)}, dump(office)
        once = reader.post(path, data=form, headers=HTML)
        between = dump(office)
        again = reader.post(path, data=form, headers=HTML)

        assert (once.status_code in (200, 303), before == between) == (True, False), (path, words_of(once.text)[-500:])
        assert (again.status_code, again.headers.get("location")) == (once.status_code, once.headers.get("location"))
        assert again.headers.get("set-cookie") == once.headers.get("set-cookie"), path
        after = dump(office)
        assert [name for name, rows in after.items() if rows != between[name]] == [], path
        if not path.endswith(MEANT_TWICE):
            anew = form | {FIELD: new_key(office.settings, MARCH)}
            send = partial(reader.post, path, data=anew, headers=HTML)
            refuse_a_second(office, after, send, path)
        walked.add(route)
    assert walked | {"/mij/links"} == {path for path in posts() if not path.startswith(("/c/", *ELSEWHERE))}
    assert link.token not in str(dump(office))


def test_the_button_of_somebodys_own_page_pressed_twice_ends_their_links_once(office: Office, browser: Desk) -> None:
    form = {FIELD: browser.new_key()}
    once, between = browser.submit("/mij/links", form), dump(office)
    again = browser.submit("/mij/links", form)

    assert (once.status_code, again.headers["location"]) == (303, once.headers["location"])
    assert (flash(again), dump(office)) == (flash(once), between)


def test_a_calendar_link_that_was_made_is_not_shown_again_and_not_kept(office: Office, clock: Clock) -> None:
    clock.at = MARCH
    reader = Desk(create_app(office, clock), base_url=OURS, follow_redirects=False)
    path = page_url(office, TREKKER, MARCH).removeprefix(OURS)
    may_change(reader, office, TREKKER, MARCH)
    form = hidden_of(reader.page(path), "form", FIELD) | {"naam": "Outlook", "toon": "mine"}
    once, again = (reader.post(f"{path}/nieuw", data=form, headers=HTML) for _ in range(2))
    [token] = set(re.findall(r"/k/([\w-]+)/termijnen", once.text))

    with office.database.reading() as session:
        assert len(session.exec(select(FeedLink)).all()) == 1
    assert (token in again.text, token in str(dump(office))) == (False, False)
    words = words_of(again.text)
    assert "De koppeling “Outlook” is gemaakt. Dat gebeurde vandaag om 09.00 uur; er is geen tweede gemaakt." in words
    assert "Intrekken van Outlook" in words


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_every_form_on_every_page_bears_a_key_of_its_own(office: Office, browser: Desk) -> None:
    """On one engine: a key is put into the page when it is made, from the secret and the time."""
    paths = [*dict.fromkeys(filled(path, number=number) for path in GETS for number in ("1", "2", "clavis"))]
    paths += [path for path in paths if path.endswith("/1")]  # the same page twice
    pages = [browser.get(path, headers=HTML) for path in paths]
    pages += [browser.get(path, headers=HTML) for email in (TREKKER, SECRETARY) for path in own(office, email).values()]
    forms = [form for page in pages if page.status_code == 200 for form in FORM.findall(page.text)]
    keys = [re.findall(rf'name="{FIELD}" value="([^"]+)"', form) for form in forms]

    assert len(forms) > 60
    assert [form[:80] for form, found in zip(forms, keys, strict=True) if len(found) != 1] == []
    assert max(Counter(key for [key] in keys).values()) == 1


@pytest.mark.parametrize("key", ["", "x", "abc.739999.aaaaaaaaaaaaaaaaaaaaaaaaaaa", "old", "of another", "elsewhere"])
def test_a_form_without_a_key_of_ours_writes_nothing_and_keeps_what_was_typed(
    office: Office, browser: Desk, sign_in: Callable[[str], Desk], key: str
) -> None:
    spring = f"{HERE}/overleggen/{find(office, 'Voorjaarsoverleg', date(2027, 1, 1))}"
    if key == "old":
        key = new_key(office.settings, MARCH - timedelta(KEY_DAYS + 1))
    if key in ("of another", "elsewhere"):
        other, used = sign_in(SECRETARY), new_key(office.settings, MARCH)
        place = (
            spring if key == "of another" else f"{HERE}/overleggen/{find(office, 'Najaarsoverleg', date(2027, 1, 1))}"
        )
        other.submit(f"{place}/plannen", {"dag": "13-4-2027", FIELD: used})
        with office.database.writing() as session:
            row = session.exec(select(SentForm)).one()
            row.who = "iemand@anders.example" if key == "of another" else row.who
            session.add(row)
        key = used
    before = dump(office)
    answer = browser.submit(f"{spring}/plannen", {"dag": "15-4-2027", "plaats": "Stadhuis", FIELD: key})

    assert (answer.status_code, dump(office) == before) == (422, True)
    assert "Dit formulier is te oud." in answer.text
    assert 'value="Stadhuis"' in answer.text
    fresh = hidden_of(next(form for form in FORM.findall(answer.text) if "/plannen" in form), FIELD)
    assert browser.submit(f"{spring}/plannen", {"dag": "15-4-2027", **fresh}).status_code == 303


def decide(office: Office, desk: Desk, key: str, **fields: str) -> Any:
    agreement = first(office, select(DeadlineRow.agreement_id).where(DeadlineRow.kind == "action"))
    spring = find(office, "Voorjaarsoverleg", date(2027, 1, 1))
    form = {
        "afspraak": str(agreement),
        "gevolg": "nieuwe termijn",
        "besluit": "Er komt een plan.",
        "nieuwe-dag": "1-10-2027",
        FIELD: key,
    }
    return desk.submit(f"{HERE}/overleggen/{spring}/besluit", form | fields)


def test_a_form_that_was_wrong_comes_back_with_its_own_key(office: Office, browser: Desk) -> None:
    key = browser.new_key()
    wrong = decide(office, browser, key, **{"nieuwe-dag": ""})
    forms = {
        re.findall(r'action="[^"]*/(\w+)"', form)[0]: hidden_of(form, FIELD)[FIELD] for form in FORM.findall(wrong.text)
    }

    assert wrong.status_code == 422
    assert (forms["besluit"] == key, forms["plannen"] == key) == (True, False)
    assert decide(office, browser, key).status_code == 303
    assert (
        decide(office, browser, key)
        .headers["location"]
        .endswith(f"{find(office, 'Voorjaarsoverleg', date(2027, 1, 1))}")
    )
    assert newest(office, MeetingDecision) == 1


def test_the_step_that_asks_for_sure_is_the_same_form(office: Office, browser: Desk) -> None:
    who, key = person(office, TREKKER), browser.new_key()
    asked = browser.submit(f"{HERE}/mensen/{who}/welkom", {FIELD: key})
    sure = next(form for form in FORM.findall(asked.text) if "/welkom" in form)
    answers = [browser.submit(f"{HERE}/mensen/{who}/welkom", {"zeker": "ja", FIELD: key}) for _ in range(2)]

    assert (asked.status_code, hidden_of(sure, FIELD)[FIELD]) == (200, key)
    assert [one.status_code for one in answers] == [303, 303]
    assert "staat klaar om te gaan" in words_of(browser.page(f"{HERE}/mensen/{who}"))


def test_another_text_under_a_used_key_is_neither_done_nor_lost(office: Office, browser: Desk) -> None:
    key = browser.new_key()
    decide(office, browser, key)
    before = dump(office)
    other = decide(office, browser, key, besluit="Er komt <i>nog</i> een plan.")

    assert (other.status_code, dump(office) == before) == (409, True)
    assert "Toen is gedaan: Vastgelegd: Voorjaarsoverleg" in words_of(other.text)
    [form] = [form for form in FORM.findall(other.text) if "/besluit" in form]
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    assert fields["besluit"] == "Er komt &lt;i&gt;nog&lt;/i&gt; een plan."
    assert fields[FIELD] != key
    assert decide(office, browser, fields[FIELD], besluit="Er komt <i>nog</i> een plan.").status_code == 303
    with office.database.reading() as session:
        decided = session.exec(select(MeetingDecision.text).order_by(col(MeetingDecision.id))).all()
    assert decided == ["Er komt een plan.", "Er komt <i>nog</i> een plan."]


def test_fifty_at_once_with_one_key_are_one_act_with_one_answer(office: Office, browser: Desk) -> None:
    key, answers = browser.new_key(), []

    def send() -> None:
        one = Desk(browser.app, base_url=OURS, follow_redirects=False)
        one.cookies.update(browser.cookies)
        one.form = browser.form
        found = decide(office, one, key)
        answers.append((found.status_code, found.headers.get("location"), flash(found)))

    threads = [threading.Thread(target=send) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with office.database.reading() as session:
        decided, made = session.exec(select(MeetingDecision)).all(), session.exec(select(SentForm)).all()
    assert (len(decided), len(made), len(answers), len(set(answers))) == (1, 1, 50, 1)
    assert answers[0][0] == 303


def test_a_form_whose_twin_is_done_while_it_looks_for_the_same_words_is_not_asked_about(
    office: Office, browser: Desk, monkeypatch: Any
) -> None:
    key, look, first = browser.new_key(), once.just_said, []
    twin = Desk(browser.app, base_url=OURS, follow_redirects=False)
    twin.cookies.update(browser.cookies)
    twin.form = browser.form

    def looking(*given: Any) -> CarriedOut | None:
        if not first:
            first.append(0)
            first.append(decide(office, twin, key).status_code)
        return look(*given)

    monkeypatch.setattr(once, "just_said", looking)
    second = decide(office, browser, key)

    assert (first, second.status_code, flash(second)) == ([0, 303], 303, flash(decide(office, browser, key)))


def test_an_act_that_was_broken_off_gives_its_key_back(office: Office, browser: Desk, monkeypatch: Any) -> None:
    key = browser.new_key()
    with monkeypatch.context() as patch:
        patch.setattr("cycle.actions.deadlines.meeting.meetings.note", lambda *_: 1 / 0)
        broken = decide(office, browser, key)
    assert (broken.status_code, first(office, select(SentForm))) == (500, None)
    assert decide(office, browser, key).status_code == 303


def test_when_the_process_died_right_after_the_act_nothing_is_done_again(
    office: Office, browser: Desk, clock: Clock
) -> None:
    key = browser.new_key()
    decide(office, browser, key)
    with office.database.writing() as session:
        row = session.exec(select(SentForm)).one()
        row.place, row.words, row.is_over = "", "", False
        session.add(row)
    clock.at += timedelta(minutes=1)
    again = decide(office, browser, key)

    assert (again.status_code, again.headers["location"]) == (303, f"{HERE}/overleggen")
    assert "Er is niets nog een keer gedaan." in words_of(browser.page(f"{HERE}/overleggen"))
    assert newest(office, MeetingDecision) == 1


def test_keys_are_forgotten_after_some_days_and_then_no_longer_good(
    office: Office, browser: Desk, clock: Clock
) -> None:
    key = browser.new_key()
    decide(office, browser, key)
    keep_round(office, MARCH + timedelta(KEEP_DAYS - 1))
    kept = first(office, select(SentForm))
    keep_round(office, MARCH + timedelta(KEEP_DAYS + 1))
    clock.at += timedelta(KEEP_DAYS)

    assert kept is not None
    assert first(office, select(SentForm)) is None
    assert KEY_DAYS < KEEP_DAYS - 1


def test_what_is_kept_of_a_form_names_no_secret(office: Office, browser: Desk, clock: Clock) -> None:
    reader, links = Desk(create_app(office, clock), base_url=OURS, follow_redirects=False), own(office, TREKKER)
    may_change(reader, office, TREKKER, MARCH)
    form = hidden_of(reader.page(links["rhythm"]), "form", FIELD)
    reader.post(links["rhythm"], data=form | {"dag": ["0"], "aantal": "1"})
    row = first(office, select(SentForm))

    assert (row.route, row.place, row.is_over) == ("/ritme/{signed}", "", True)
    assert [
        secret for secret in (links["rhythm"].rpartition("/")[2], form[FIELD]) if secret in str(row.model_dump())
    ] == []
    assert own_rhythm(office, person(office, TREKKER), MARCH).rhythm.per_week == 1


def test_the_same_again_with_a_new_key_is_asked_about_before_it_is_done_twice(
    office: Office, browser: Desk, sign_in: Callable[[str], Desk], clock: Clock
) -> None:
    path = f"{HERE}/voortgang/antwoord/{find(office, 'Uitvoeringsagenda bijwerken', date(2027, 1, 1))}/clavis"
    said = {"stand": "rood", "naam": "Jan"}
    browser.submit(path, said)
    asked = browser.submit(path, said)
    between = len(all_answers(office))
    [form] = [form for form in FORM.findall(asked.text) if "/antwoord/" in form]
    meant = browser.post(path, data=dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form)), headers=HTML)
    clock.at += timedelta(days=2)
    later = sign_in(SECRETARY).submit(path, said)

    assert (asked.status_code, between, meant.status_code, later.status_code) == (409, 1, 303, 303)
    assert "Toen is gedaan: Uitvoeringsagenda bijwerken: het antwoord van Jan is bewaard." in words_of(asked.text)
    assert [row.stand for row in all_answers(office)] == ["rood"] * 3


def all_answers(office: Office) -> list[AnswerRow]:
    with office.database.reading() as session:
        return list(session.exec(select(AnswerRow)))


def test_a_key_stands_in_each_form_that_is_posted_and_in_no_other() -> None:
    keys = iter("abc")
    html = '<form method="get" action="/x"></form><form class="a" method="post" action="/x?a=1&amp;b"><p></form>'
    with_one = with_keys(html + '<FORM action="/y" METHOD="POST"></FORM>', lambda: next(keys))

    assert with_one == (
        '<form method="get" action="/x"></form>'
        '<form class="a" method="post" action="/x?a=1&amp;b"><input type="hidden" name="sleutel" value="a"><p></form>'
        '<FORM action="/y" METHOD="POST"><input type="hidden" name="sleutel" value="b"></FORM>'
    )
    came = sentforms.FormInHand("k", "h", "", "", "", "", MARCH, "/x?a=1&b")
    assert 'value="k"' in with_keys(html, lambda: next(keys), came)
    came.is_taken = True
    assert 'value="k"' not in with_keys(html, lambda: next(iter("z")), came)
