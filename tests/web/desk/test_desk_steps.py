"""Het jaar van deze tafel: what the year of a table is, and how its secretariat changes it."""

import re
from datetime import date
from html import unescape

import pytest
from sqlmodel import select

from cycle.actions.deadlines.deciding.steps import YearWish, change_year
from cycle.actions.register.reading_in.importing import import_files
from cycle.store.tables import ActionRow, ActionSource, Body, Covenant, DeadlineRow
from cycle.web.formkeys import FIELD
from tests.actions.register.test_lasting import renumber
from tests.folding import differences
from tests.lasting_names import agreement_id
from tests.web.conftest import HTML, NOW

from .conftest import TREKKER, words_of
from .test_desk_register import field
from .test_the_walk import dump

SURE = {"zeker": "ja"}
PAGE = "/c/terneuzen/jaar/stappen"
AGENDA = {
    "titel": "Uitvoeringsagenda bijwerken",
    "todo": "Werk de acties bij.",
    "soort": "document",
    "moment": "by",
    "dag": "15 juni",
    "trekkers": "corporaties",
    "samen": "ja",
    "deelnemers": "partijen",
    "ladder": "soort",
    "afspraken": "5.3",
}


def fields_of(html: str) -> dict[str, list[str]]:
    """What a browser would send of the form on a page: each field with its values."""
    form = html.split('action="/c/terneuzen/jaar/stappen', 1)[1].split("</form>", 1)[0]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        said = {name: unescape(value) for name, value in re.findall(r'(\w+)="([^"]*)"', tag)}
        if said.get("type") not in ("checkbox", "radio") or " checked" in tag:
            sent.setdefault(said["name"], []).append(said.get("value", "ja"))
    for name, text in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        sent[name] = [unescape(text)]
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        sent[name] = re.findall(r'<option value="([^"]*)" selected>', options) or [""]
    return {name: values for name, values in sent.items() if name not in ("form", FIELD)}


def overrides(office) -> dict[str, object]:
    with office.database.reading() as session:
        return session.exec(select(Covenant.overrides).where(Covenant.slug == "terneuzen")).one()


def day_of(office, step: str, year: int = 2027) -> list[str]:
    with office.database.reading() as session:
        rows = session.exec(select(DeadlineRow).join(ActionRow).where(ActionRow.step_name == step))
        return sorted(f"{row.due} {row.state}" for row in rows if row.due and row.due.year == year)


def test_the_year_of_a_table_is_read_with_what_it_may_add(desk, sign_in):
    words = words_of(desk.page(PAGE))

    assert "Uitnodigingsbrief brief; herinneringen: 7 momenten vóór 1 april de corporaties" in words
    assert "Ambtelijke werkgroep overleg; herinneringen: 2 momenten, eigen ladder" in words
    assert (
        "4 weken voor het voorjaarsoverleg en het najaarsoverleg Gemeente Terneuzen met de partijen afspraak 5.2"
        in words
    )
    assert "Bod van de corporaties uiterlijk 1 juli; Woningwet, artikelen 43 en 44" in words
    assert sign_in(TREKKER).get(PAGE, headers=HTML).status_code == 403


@pytest.mark.parametrize(
    "step", ["uitnodigingsbrief", "voorjaarsoverleg", "uitvoeringsagenda", "werkgroep", "kwartaaloverleg", "looptijd"]
)
def test_a_form_that_is_sent_as_it_stands_changes_nothing(office, desk, step):
    before = overrides(office)
    answer = desk.submit(f"{PAGE}/{step}", fields_of(desk.page(f"{PAGE}/{step}")) | SURE)

    assert (answer.status_code, overrides(office)) == (303, before)
    assert "stond al zo" in words_of(desk.page(PAGE))


def test_another_day_is_first_shown_and_then_kept_with_a_line_in_the_logbook(office, desk):
    before = dump(office)
    ahead = desk.submit(f"{PAGE}/uitvoeringsagenda", AGENDA | {"version": field(desk.page(PAGE), "version")})
    assert (ahead.status_code, dump(office) == before) == (200, True)
    shown = words_of(ahead.text)
    assert "Uitvoeringsagenda bijwerken: uiterlijk donderdag 1 juli 2027" in shown
    assert "uiterlijk dinsdag 15 juni 2027" in shown
    assert re.search(r"Nu \d+, straks \d+: \d+ erbij, \d+ weg, \d+ met een andere inhoud", shown)

    sent = fields_of(ahead.text)
    back = desk.submit(f"{PAGE}/uitvoeringsagenda", sent | {"terug": "ja"})
    assert (back.status_code, 'value="15 juni"' in back.text, "Werk de acties bij." in back.text) == (200, True, True)

    kept = desk.submit(f"{PAGE}/uitvoeringsagenda", sent | SURE)
    assert (kept.status_code, kept.headers["location"]) == (303, PAGE)
    assert day_of(office, "uitvoeringsagenda") == ["2027-06-15 open"]
    own = overrides(office)["steps"]["uitvoeringsagenda"]
    assert own == {"source": ["5.3"], "by": "15 juni", "todo": "Werk de acties bij."}
    logbook = words_of(desk.page("/c/terneuzen/logboek"))
    assert "Uitvoeringsagenda bijwerken: uiterlijk 1 juli werd uiterlijk 15 juni" in logbook


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"titel": ""}, "Geef de stap een titel."),
        ({"dag": "31 februari"}, "bestaat niet."),
        ({"dag": "ooit"}, "is geen dag van het jaar."),
        ({"moment": "window", "dag-van": "1 mei", "dag-tot": "1 april"}, "Het einde ligt voor het begin."),
        ({"moment": "window"}, "Vul de eerste dag in"),
        ({"moment": "every"}, "Kies een periode."),
        ({"moment": "weeks_before", "weken": "4"}, "Vink de stap aan waar u van terugtelt."),
        ({"moment": "weeks_before", "weken": "60", "voor-stap": "looptijd"}, "Kies 1 tot en met 52 weken."),
        ({"moment": "straks"}, "Kies wanneer de stap is."),
        ({"soort": "action"}, "Kies wat voor stap het is."),
        ({"trekkers": "zorggroep"}, "Deze partij is er niet (meer): zorggroep."),
        ({"afspraken": "99"}, "Afspraak 99 staat niet in het register."),
        ({"ladder": "eigen", "ladder-regels": "soms"}, "“soms” is geen regel van een ladder."),
        ({"ladder": "eigen"}, "Schrijf een regel"),
        ({"geldt-vanaf": "1-1-2028", "geldt-tot": "1-1-2027"}, "Draai de twee dagen om."),
        ({"geldt-vanaf": "gisteren"}, "Dit is geen datum."),
    ],
)
def test_what_is_wrong_is_said_by_its_field_and_nothing_typed_is_lost(desk, wrong, said):
    answer = desk.submit(f"{PAGE}/uitvoeringsagenda", AGENDA | {"todo": "Zo zit het."} | wrong)

    assert (answer.status_code, said in unescape(answer.text), "Zo zit het." in answer.text) == (422, True, True)
    assert 'class="wrong"' in answer.text


def test_a_step_of_its_own_becomes_a_meeting_of_a_new_body(office, desk):
    typed = {
        "titel": "Kerntafel Axel",
        "soort": "meeting",
        "overleg": "Kerntafels",
        "moment": "weeks_before",
        "weken": "3",
        "voor-stap": ["voorjaarsoverleg"],
        "trekkers": ["gemeente"],
        "deelnemers": ["shb", "wzv"],
        "ladder": "eigen",
        "ladder-regels": "6 weken ervoor: trekkers, datum vastleggen\n1 week ervoor: iedereen, stukken versturen",
        "afspraken": ["4.2", "3.3"],
        "niet-in": ["2028"],
    }
    answer = desk.submit(f"{PAGE}/nieuw", typed | SURE)
    with office.database.reading() as session:
        bodies = set(session.exec(select(Body.name)))

    assert answer.status_code == 303
    assert overrides(office)["steps"]["kerntafel-axel"] == {
        "title": "Kerntafel Axel",
        "kind": "meeting",
        "weeks_before": 3,
        "relative_to": ["voorjaarsoverleg"],
        "leads": ["gemeente"],
        "participants": ["shb", "wzv"],
        "source": ["4.2", "3.3"],
        "tied": ["4.2", "3.3"],
        "body": "Kerntafels",
        "skipped": [2028],
        "ladder": [
            {"weeks": -6, "to": "leads", "what": "fix-date"},
            {"weeks": -1, "to": "all", "what": "papers"},
        ],
    }
    assert "Kerntafels" in bodies
    assert (len(day_of(office, "kerntafel-axel")), day_of(office, "kerntafel-axel", 2028)) == (1, [])
    assert "Sla over in" in words_of(desk.page(f"{PAGE}/kerntafel-axel"))
    again = desk.submit(f"{PAGE}/kerntafel-axel", fields_of(desk.page(f"{PAGE}/kerntafel-axel")) | SURE)
    assert (again.status_code, "stond al zo" in words_of(desk.page(PAGE))) == (303, True)


def test_a_step_is_switched_off_for_good_and_on_again(office, desk):
    form = fields_of(desk.page(f"{PAGE}/uitvoeringsagenda"))
    desk.submit(f"{PAGE}/uitvoeringsagenda", form | {"uit": "ja"} | SURE)
    off, page = day_of(office, "uitvoeringsagenda"), words_of(desk.page(PAGE))
    again = fields_of(desk.page(f"{PAGE}/uitvoeringsagenda"))
    desk.submit(f"{PAGE}/uitvoeringsagenda", {name: value for name, value in again.items() if name != "uit"} | SURE)

    assert off == ["2027-07-01 dropped"]
    assert "Uitgezet" in page
    assert day_of(office, "uitvoeringsagenda") == ["2027-07-01 open"]


def test_a_whole_set_of_the_library_is_added_and_the_steps_that_were_there_stay(office, desk):
    ahead = desk.submit(f"{PAGE}/erbij", {"verzameling": "bod"})
    nothing = desk.submit(f"{PAGE}/erbij", {"stap": "nergens"})
    kept = desk.submit(f"{PAGE}/erbij", fields_of(ahead.text) | SURE)

    assert "Bod van de corporaties: uiterlijk donderdag 1 juli 2027" in words_of(ahead.text)
    assert (nothing.status_code, "Vink een of meer stappen aan." in nothing.text) == (422, True)
    assert (kept.status_code, day_of(office, "bod"), len(day_of(office, "voorjaarsoverleg"))) == (
        303,
        ["2027-07-01 open"],
        1,
    )
    assert overrides(office)["year"][-6:] == [
        "bod-rvc",
        "bod",
        "bod-overleg",
        "afspraken-rvc",
        "afspraken-vast",
        "afspraken-verzonden",
    ]


def test_a_covenant_that_is_held_is_made_ready_and_says_that_its_mails_wait(office, desk):
    with office.database.writing() as session:
        session.exec(select(Covenant).where(Covenant.slug == "terneuzen")).one().released_at = None
    ahead = desk.submit(f"{PAGE}/erbij", {"stap": ["dvi"]})
    kept = desk.submit(f"{PAGE}/erbij", fields_of(ahead.text) | SURE)

    assert "Dit convenant is nog niet vrijgegeven" in ahead.text
    assert (kept.status_code, day_of(office, "dvi")) == (303, ["2027-06-30 open"])


def test_the_second_who_saves_is_told_what_the_first_did(office, desk):
    form = fields_of(desk.page(f"{PAGE}/uitvoeringsagenda"))
    change_year(office, 1, YearWish({"looptijd": {"todo": "Gaan we door?"}}), NOW, by="collega@terneuzen.example")
    late = desk.submit(f"{PAGE}/uitvoeringsagenda", form | {"dag": "15 juni", "zeker": "ja"})
    saved = desk.submit(f"{PAGE}/uitvoeringsagenda", fields_of(late.text) | SURE)

    assert (late.status_code, 'value="15 juni"' in late.text) == (409, True)
    assert "collega@terneuzen.example: stappen gewijzigd" in late.text
    assert (saved.status_code, day_of(office, "uitvoeringsagenda")) == (303, ["2027-06-15 open"])


def test_a_step_cannot_count_from_itself_through_another(desk):
    form = fields_of(desk.page(f"{PAGE}/voorjaarsoverleg"))
    circle = {"moment": "weeks_before", "weken": "2", "voor-stap": ["werkgroep"]}
    answer = desk.submit(f"{PAGE}/voorjaarsoverleg", form | circle)

    assert (answer.status_code, "De stap hangt van zichzelf af." in answer.text) == (422, True)


def test_an_agreement_that_is_tied_to_a_step_of_its_own_moment_gives_one_deadline(office, desk, tmp_path):
    """Its words say nothing of the step; the secretary does."""
    (tmp_path / "erbij.md").write_text(
        "9.1 De gemeente levert uiterlijk 1 juni 2027 de isolatielijst. Trekker: gemeente"
    )
    import_files(office, [tmp_path / "erbij.md"], "terneuzen", NOW, yes=True)
    table = {"titel": "Kerntafel", "soort": "document", "moment": "by", "dag": "1 juni", "ladder": "soort"} | SURE
    desk.submit(f"{PAGE}/nieuw", table)
    both = on_1_june(office)
    ahead = words_of(
        desk.submit(f"{PAGE}/kerntafel", table | {"afspraken": "9.1", "niet-in": "2028", "zeker": ""}).text
    )
    desk.submit(f"{PAGE}/kerntafel", table | {"afspraken": "9.1"})

    assert "Kerntafel: hoort nu bij afspraak 9.1, wordt overgeslagen in 2028" in ahead
    assert both == [("agreement", "yes"), ("step", "yes")]
    assert on_1_june(office) == [("step", "yes")]
    assert overrides(office)["steps"]["kerntafel"]["tied"] == ["9.1"]


def test_who_ties_a_step_to_agreements_means_the_numbers_of_today(office, desk):
    """The settings may name an agreement by an older number, which is another's by now."""
    with office.database.reading() as session:
        first, second = agreement_id(session, "4.2"), agreement_id(session, "4.3")
    renumber(office, **{"4_2": "4.3", "4_3": "4.2"})
    page = f"{PAGE}/wijkschouw"
    as_it_stands = fields_of(desk.page(page))

    desk.submit(page, as_it_stands | {"todo": "Loop een ronde."} | SURE)
    untouched, named = sources_of(office, "wijkschouw"), overrides(office)["steps"]["wijkschouw"]["source"]
    desk.submit(page, fields_of(desk.page(page)) | {"afspraken": ["4.2", "4.3"]} | SURE)
    both = sources_of(office, "wijkschouw")
    desk.submit(page, fields_of(desk.page(page)) | {"afspraken": ["4.2"]} | SURE)

    assert (as_it_stands["afspraken"], untouched, named) == (["4.3"], {"4.2": first}, ["4.2"])
    assert both == {"4.2": second, "4.3": first}
    assert sources_of(office, "wijkschouw") == {"4.2": second}
    assert overrides(office)["steps"]["wijkschouw"]["tied"] == ["4.2"]
    assert differences_of_facts(office) == {}


def sources_of(office, step: str) -> dict[str, int]:
    """The agreements that a step stands for, by the number that the settings name."""
    with office.database.reading() as session:
        rows = session.exec(select(ActionSource).join(ActionRow).where(ActionRow.step_name == step))
        return {row.named_as: row.agreement_id for row in rows}


def differences_of_facts(office) -> dict[tuple[object, ...], object]:
    with office.database.reading() as session:
        return differences(session)


def on_1_june(office) -> list[tuple[str, str]]:
    with office.database.reading() as session:
        rows = session.exec(select(DeadlineRow).where(DeadlineRow.due == date(2027, 6, 1))).all()
        return sorted((one.origin, one.asked) for one in rows if one.asked != "taken")
