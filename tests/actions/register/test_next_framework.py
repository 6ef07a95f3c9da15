"""The next framework: read in before its first day it waits, on that day it takes the place of the old one, and nothing
that people did is lost."""

from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlmodel import col, select

from cycle.actions.answers.rounds.asked_list import asked_list
from cycle.actions.deadlines.deciding.closing import release, reopen, settle
from cycle.actions.deadlines.deciding.term_change import change_term
from cycle.actions.deadlines.upkeep.year_upkeep import keep_year
from cycle.actions.feeds.building import feed_of_address
from cycle.actions.mails.rehearsal.rehearsing import rehearse
from cycle.actions.mails.rehearsal.terms_to_come import year_over_terms
from cycle.actions.office.covenant_view import view_of
from cycle.actions.office.office import Office
from cycle.actions.register.matching.row_undoing import put_rows_back, reading_in_done
from cycle.actions.register.reading_in.importing import ImportReport, import_files, import_folder
from cycle.actions.register.reading_in.next_framework import (
    FrameworkWish,
    NextFramework,
    keep_framework,
    next_framework,
)
from cycle.domain.model import Asked, GoesOver, State, TermState
from cycle.domain.term import TermDays
from cycle.errors import NotFound, Refused
from cycle.store import covenants, decisions, register, terms
from cycle.store.ids import id_of
from cycle.store.tables import ActionSource, AgreementRow, DeadlineRow, Message, Term
from tests.actions.mailbox import act, at

BY = "secretariaat@heide.example"
LOADED, READ, FIRST_DAY = at("2029-01-08"), at("2029-10-01"), at("2030-01-02")
NEXT = TermDays(date(2030, 1, 1), date(2033, 12, 31))
TABLE = """
slug = "heide"
name = "Prestatieafspraken Heide"
municipality = "Gemeente Heide"
term_start = 2026-01-01
term_end = 2029-12-31
live_since = 2029-01-01

[[parties]]
slug = "gemeente"
name = "Gemeente Heide"
kind = "municipality"
aliases = ["Gemeente"]

[[parties]]
slug = "bos"
name = "Wonen Bos"
kind = "corporation"
aliases = ["Bos"]

[[people]]
name = "Secretariaat"
email = "secretariaat@heide.example"
party = "gemeente"
roles = ["secretariat", "contact"]

[[people]]
name = "Bos"
email = "bos@bos.example"
party = "bos"
roles = ["contact", "trekker"]
agreements = ["2"]

[steps.uitnodigingsbrief]
source = ["5"]
"""
AGREED = {
    "1": ("Nieuwbouw", "Wonen Bos bouwt veertig woningen in de wijk Zuid, uiterlijk 1 oktober 2029.", "Bos"),
    "2": ("Voorraad", "Wonen Bos meldt elk jaar voor 1 juni hoeveel sociale huurwoningen er zijn.", "Bos"),
    "3": ("Zonnepanelen", "De gemeente maakt uiterlijk 1 september 2029 een regeling voor panelen.", "Gemeente"),
    "4": ("Wachtlijst", "Wonen Bos onderzoekt de wachttijden van starters, uiterlijk 1 november 2029.", "Bos"),
    "5": ("Uitnodigingsbrief", "Wonen Bos verstuurt elk jaar voor 1 april de uitnodigingsbrief.", "Bos"),
}
NEWLY_AGREED = {
    "1.1": ("Uitnodigingsbrief", "Wonen Bos verstuurt elk jaar voor 1 april de uitnodigingsbrief.", "Bos"),
    "1.2": ("Voorraad", "Wonen Bos meldt elk jaar voor 1 juni hoeveel sociale huurwoningen er zijn.", "Bos"),
    "2.1": ("Nieuwbouw", "Wonen Bos bouwt zestig woningen in de wijk Zuid, uiterlijk 1 oktober 2031.", "Bos"),
    "5": ("Fietsenstalling", "De gemeente maakt stallingen bij het station, uiterlijk 15 maart 2030.", "Gemeente"),
}


def document(place: Path, agreed: dict[str, tuple[str, str, str]], first: int, last: int) -> Path:
    lines = [
        f"# Prestatieafspraken Heide {first}-{last}",
        f"Deze afspraken gelden voor de periode 1 januari {first} tot en met 31 december {last}.",
        "| Nr | Onderwerp | Afspraak | Trekker |",
        "|---|---|---|---|",
    ]
    lines += [f"| {number} | {topic} | {text} | {lead} |" for number, (topic, text, lead) in agreed.items()]
    place.write_text("\n\n".join(lines[:2]) + "\n\n" + "\n".join(lines[2:]) + "\n", encoding="utf-8")
    return place


@pytest.fixture
def heide(office: Office, tmp_path: Path) -> Office:
    """A released table with one framework, that ends with 2029."""
    folder = tmp_path / "heide"
    folder.mkdir()
    (folder / "covenant.toml").write_text(TABLE, encoding="utf-8")
    import_folder(office, folder, LOADED)
    import_files(office, [document(tmp_path / "nu.md", AGREED, 2026, 2029)], None, LOADED, by=BY)
    release(office, "heide", LOADED, by=BY)
    keep_year(office, READ)
    return office


def read(office: Office, tmp_path: Path, **how: object) -> tuple[Path, ImportReport]:
    file = document(tmp_path / "straks.md", NEWLY_AGREED, 2030, 2033)
    return file, import_files(office, [file], None, READ, by=BY, **how)  # type: ignore[arg-type]


def asked(office: Office, tmp_path: Path) -> NextFramework:
    _file, report = read(office, tmp_path)
    assert report.other_term == NEXT
    return next_framework(office, None, report, NEXT)


def deadlines_of(office: Office, *states: str) -> dict[str, DeadlineRow]:
    """Deadlines that agreements ask, by number, and day."""
    with office.database.reading() as session:
        rows = session.exec(select(DeadlineRow).where(DeadlineRow.origin == "agreement").order_by(col(DeadlineRow.due)))
        return {f"{row.number} {row.due}": row for row in rows if not states or row.state in states}


def said(framework: NextFramework, **words: GoesOver) -> dict[int, GoesOver]:
    """What is said of open actions, by the number of their agreement: _1=CARRY."""
    return {one.deadline: words[f"_{one.number}"] for one in framework.asked if f"_{one.number}" in words}


ALL = {"_1": GoesOver.CARRY, "_3": GoesOver.CLOSE, "_4": GoesOver.CARRY}


def keep(office: Office, tmp_path: Path, words: dict[str, GoesOver] = ALL) -> NextFramework:
    file, report = read(office, tmp_path)
    framework = next_framework(office, None, report, NEXT)
    return keep_framework(office, [file], None, report, FrameworkWish(NEXT, said(framework, **words)), READ, by=BY)


def numbers(office: Office) -> list[str]:
    with office.database.reading() as session:
        return [row.number for row in register.agreement_rows(session, 1)]


def test_another_term_is_asked_about_and_nothing_is_kept_without_an_answer(heide: Office, tmp_path: Path) -> None:
    before = deadlines_of(heide)
    framework = asked(heide, tmp_path)

    assert [(one.how, one.number, one.new_number) for one in framework.beside] == [
        ("changed", "1", "2.1"),
        ("same", "2", "1.2"),
        ("ended", "3", ""),
        ("ended", "4", ""),
        ("same", "5", "1.1"),
        ("new", "", "5"),
    ]
    assert [(one.number, one.goes_on) for one in framework.open_actions] == [
        ("1", False),
        ("2", True),
        ("3", False),
        ("4", False),
    ]
    assert deadlines_of(heide).keys() == before.keys()
    assert numbers(heide) == ["1", "2", "3", "4", "5"]


def test_a_framework_of_which_each_row_has_its_day_is_asked_about_and_an_agenda_is_not(
    heide: Office, tmp_path: Path
) -> None:
    def said(first: int, last: int) -> TermDays | None:
        file = tmp_path / "tabel.md"
        file.write_text(
            f"""# Prestatieafspraken Heide {first}-{last}

Deze afspraken gelden van 1 januari {first} tot en met 31 december {last}.

| Nr | Afspraak | Trekker | Termijn |
|---|---|---|---|
| 1.1 | Wonen Bos bouwt zestig woningen in de wijk Zuid. | Bos | 1 oktober {last} |
""",
            encoding="utf-8",
        )
        report = import_files(heide, [file], None, READ, by=BY, check=True)
        assert [len(report.documents[0].agreements), len(report.documents[0].agenda)] == [0, 1]
        return report.other_term

    assert said(2030, 2033) == NEXT
    assert [said(2030, 2031), said(2026, 2028), said(2026, 2029)] == [None, None, None]


def test_every_open_action_needs_a_word_and_only_those(heide: Office, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        keep(heide, tmp_path, {"_1": GoesOver.CARRY})
    assert "Van 2 open acties is nog niet gekozen" in refused.value.what
    file, report = read(heide, tmp_path)
    wish = FrameworkWish(NEXT, {999: GoesOver.END}, others=GoesOver.END)
    with pytest.raises(NotFound):
        keep_framework(heide, [file], None, report, wish, READ, by=BY)
    with heide.database.reading() as session:
        assert [(term.state, term.start) for term in terms.of_covenant(session, 1)] == [("running", date(2026, 1, 1))]


def test_a_correction_changes_the_term_and_the_register(heide: Office, tmp_path: Path) -> None:
    _file, report = read(heide, tmp_path, is_correction=True)

    assert report.upkeep is not None
    with heide.database.reading() as session:
        running = covenants.running_term(session, 1)
        assert (running.start, running.end) == (NEXT.start, NEXT.end)


def test_it_waits_for_its_first_day_and_then_takes_the_place_of_the_old(heide: Office, tmp_path: Path) -> None:
    before = deadlines_of(heide, State.OPEN)
    keep(heide, tmp_path)
    keep_year(heide, READ)
    with heide.database.reading() as session:  # what new agreements answer is no question any more
        end = session.exec(select(DeadlineRow).where(DeadlineRow.title == "Einde van de looptijd")).one()
        assert (end.state, end.due) == (State.DONE, date(2029, 12, 31))

    assert {key: row.uid for key, row in deadlines_of(heide, State.OPEN).items()} == {
        key: row.uid for key, row in before.items()
    }
    assert numbers(heide) == ["1", "2", "3", "4", "5"]
    settle(heide, id_of(before["4 2029-11-01"]), State.DONE, READ, by=BY)

    keep_year(heide, at("2029-12-31"))
    assert numbers(heide) == ["1", "2", "3", "4", "5"]
    keep_year(heide, FIRST_DAY)

    after = deadlines_of(heide, State.OPEN)
    assert numbers(heide) == ["1.1", "1.2", "2.1", "4", "5"]
    uids = {key: row.uid for key, row in after.items()}
    assert uids["2.1 2029-10-01"] == before["1 2029-10-01"].uid  # carried, with its own words
    assert uids["1.2 2030-05-31"] == before["2 2030-05-31"].uid  # it comes round as before
    assert {"2.1 2031-10-01", "5 2030-03-15"} <= uids.keys()
    done = deadlines_of(heide, State.DONE)
    assert done["3 2029-09-01"].uid == before["3 2029-09-01"].uid
    assert keep_year(heide, FIRST_DAY) == type(keep_year(heide, FIRST_DAY))()  # once is enough
    with heide.database.reading() as session:
        past, running = sorted(session.exec(select(Term)).all(), key=lambda term: term.start or date.min)
        assert (past.state, running.state) == (TermState.PAST, TermState.RUNNING)
        old = {row.number: (row.topic, row.text) for row in terms.agreements(session, id_of(past))}
        assert old == {number: (topic, text) for number, (topic, text, _lead) in AGREED.items()}
        came_of = {(one.old_id, one.new_id): one.how for one in terms.successions(session, 1)}
        number_of = {row.id: row.number for row in session.exec(select(AgreementRow))}
        assert {(number_of[old], number_of[new], how) for (old, new), how in came_of.items()} == {
            ("1", "2.1", "changed"),
            ("2", "1.2", "same"),
            ("4", "4", "same"),
            ("5", "1.1", "same"),
        }
        [source] = session.exec(select(ActionSource).where(ActionSource.named_as == "5")).all()
        assert number_of[source.agreement_id] == "1.1"
        [bos] = [one for one in covenants.members(session)[1] if one.role == "trekker"]
        assert bos.numbers == ("1.2",)


def test_the_plan_of_a_year_behind_the_first_day_is_what_the_next_framework_asks(heide: Office, tmp_path: Path) -> None:
    keep(heide, tmp_path)
    before = {key: row.changed_at for key, row in deadlines_of(heide).items()}
    ahead = {year: year_over_terms(heide, None, year, READ) for year in (2029, 2030, 2031, 2032)}
    by_number = {year: {item.number for item in items if item.origin == "agreement"} for year, items in ahead.items()}
    ids = {item.id for items in ahead.values() for item in items} - {None}

    assert {year: sorted(numbers) for year, numbers in by_number.items()} == {
        2029: ["1", "2", "3", "4"],
        2030: ["1.2", "5"],
        2031: ["1.2", "2.1"],
        2032: ["1.2"],
    }
    assert {key: row.changed_at for key, row in deadlines_of(heide).items()} == before
    with heide.database.reading() as session:
        assert {row.id for row in session.exec(select(DeadlineRow)).all()} >= ids


def test_one_that_has_begun_takes_over_at_once_and_what_nobody_spoke_of_stays_open(
    heide: Office, tmp_path: Path
) -> None:
    keep(heide, tmp_path)
    later = import_files(heide, [tmp_path / "nu.md"], None, READ, by=BY)
    assert later.other_term is None
    file, report = read(heide, tmp_path)
    soon = TermDays(date(2029, 9, 30), NEXT.end, renews=False)
    wish = FrameworkWish(soon, others=GoesOver.END)
    keep_framework(heide, [file], None, report, wish, READ, by=BY)  # in place of the one that waited

    assert numbers(heide) == ["1.1", "1.2", "2.1", "5"]
    assert {key for key in deadlines_of(heide, State.DROPPED) if key.split()[0] in "34"} == {
        "3 2029-09-01",
        "4 2029-11-01",
    }
    with heide.database.reading() as session:
        assert [term.state for term in terms.of_covenant(session, 1)] == ["running", "past"]


def test_over_the_boundary_the_rehearsal_is_what_is_lived_day_by_day(heide: Office, tmp_path: Path) -> None:
    keep(heide, tmp_path)
    start, first, last = at("2029-12-14", 18), date(2029, 12, 17), date(2030, 1, 31)
    rehearsed = [
        (mail.digest.on.isoformat(), mail.to.email, mail.message.subject, said_in(mail.message.body))
        for mail in rehearse(heide, first, last, start)
    ]

    lived: list[tuple[str, str, str, tuple[str, ...]]] = []
    for number in range((last - first).days + 1):
        day = first + timedelta(number)
        if day.weekday() > 4:
            continue
        keep_year(heide, at(day.isoformat(), 3))
        act(heide, at(day.isoformat()))
    with heide.database.reading() as session:
        for row in session.exec(select(Message).where(Message.kind == "digest", col(Message.on) >= first)):
            lived.append((row.on.isoformat(), row.to, row.subject, said_in(row.body)))

    assert sorted(rehearsed) == sorted(lived)
    told = {item.partition(":")[0] for _day, _to, _subject, items in rehearsed for item in items}
    assert {"1 Nieuwbouw", "2.1 Nieuwbouw", "1.1 Uitnodigingsbrief"} <= told  # of both frameworks, by their numbers


def test_what_opens_again_before_the_first_day_stays_open_behind_it(heide: Office, tmp_path: Path) -> None:
    before = deadlines_of(heide)["4 2029-11-01"]
    settle(heide, id_of(before), State.DONE, READ, by=BY)
    keep(heide, tmp_path, {"_1": GoesOver.END, "_3": GoesOver.END})
    reopen(heide, id_of(before), READ, by=BY)
    keep_year(heide, FIRST_DAY)

    row = deadlines_of(heide)["4 2029-11-01"]
    assert (row.uid, row.state, row.asked) == (before.uid, State.OPEN, Asked.KEPT)
    assert keep_year(heide, FIRST_DAY).dropped == 0
    with heide.database.reading() as session:
        assert [one.id for one in terms.left_open(session, 1)] == [row.id]


def test_what_only_asks_how_an_agreement_stands_is_no_open_action_and_goes_on_with_its_agreement(
    heide: Office, tmp_path: Path
) -> None:
    """Where all of it was done a round asks on; the next framework has the same agreement, so it is asked yet, once."""
    settle(heide, id_of(deadlines_of(heide)["4 2029-11-01"]), State.DONE, READ, by=BY)
    keep_year(heide, READ)
    question = deadlines_of(heide, State.OPEN)["4 None"]
    file = document(tmp_path / "straks.md", {**NEWLY_AGREED, "3.1": AGREED["4"]}, 2030, 2033)
    report = import_files(heide, [file], None, READ, by=BY)
    framework = next_framework(heide, None, report, NEXT)
    wish = FrameworkWish(NEXT, others=GoesOver.END)
    keep_framework(heide, [file], None, report, wish, READ, by=BY)
    keep_year(heide, FIRST_DAY)

    asks = {key: row.uid for key, row in deadlines_of(heide, State.OPEN).items() if row.title == "Wachtlijst"}
    with heide.database.reading() as session:
        why_not = {one.number: one.why_not for one in asked_list(session, view_of(session, heide.settings, None))}
    assert [one.number for one in framework.open_actions] == ["1", "2", "3"]
    assert asks == {"3.1 None": question.uid}
    assert why_not["3.1"] == ""


def test_a_dropped_question_is_asked_again_and_what_ends_is_told_by_the_clock(heide: Office, tmp_path: Path) -> None:
    """Agreement 4 goes on as 3.1; 2 comes round each year and stands in no framework any more."""
    settle(heide, id_of(deadlines_of(heide)["4 2029-11-01"]), State.DONE, READ, by=BY)
    keep_year(heide, READ)
    settle(heide, id_of(deadlines_of(heide)["4 None"]), State.DROPPED, READ, by=BY)
    for row in deadlines_of(heide, State.OPEN).values():
        if row.number == "2" and row.due and row.due < NEXT.start:  # so that nobody is asked about it
            settle(heide, id_of(row), State.DONE, READ, by=BY)
    agreed = {number: what for number, what in NEWLY_AGREED.items() if number != "1.2"} | {"3.1": AGREED["4"]}
    file = document(tmp_path / "straks.md", agreed, 2030, 2033)
    report = import_files(heide, [file], None, READ, by=BY)
    keep_framework(heide, [file], None, report, FrameworkWish(NEXT, others=GoesOver.END), READ, by=BY)
    keep_year(heide, FIRST_DAY)

    assert [key for key, row in deadlines_of(heide, State.OPEN).items() if row.number == "3.1"] == ["3.1 None"]
    with heide.database.reading() as session:
        [begun] = decisions.decisions(session, 1, limit=1, verb="nieuw kader")
        first_day = {one.by for one in decisions.decisions(session, 1, limit=50) if one.at == FIRST_DAY}
    assert "wat elk jaar terugkwam en niet meer wordt gevraagd: 2 Voorraad" in begun.detail
    assert first_day == {"klok"}


def test_what_the_next_framework_goes_on_from_is_not_put_back_as_before_it_was_read_in(
    heide: Office, tmp_path: Path
) -> None:
    with heide.database.reading() as session:
        read_in = decisions.decisions(session, 1, verb="ingelezen", limit=1)[0].id
        rows = {row.number: id_of(row) for row in register.agreement_rows(session, 1)}
    keep(heide, tmp_path)
    waiting = {row.number: row.why for row in reading_in_done(heide, 1, read_in).rows}
    with pytest.raises(Refused, match="4 kan niet terug: het volgende kader gaat erop door"):
        put_rows_back(heide, 1, read_in, [rows["4"]], READ, by=BY)
    keep_year(heide, FIRST_DAY)
    running = {row.number: row.why for row in reading_in_done(heide, 1, read_in).rows}

    assert waiting == {number: f"{number} kan niet terug: het volgende kader gaat erop door." for number in AGREED}
    assert all(why.startswith(f"{number} kan niet terug") for number, why in running.items())


def test_behind_the_end_of_what_does_not_renew_mails_and_feeds_fall_silent(heide: Office) -> None:
    wanted = TermDays(date(2026, 1, 1), date(2029, 12, 31), renews=False)
    before = [feed_of_address(heide, "bos@bos.example", at(day)).decode() for day in ("2029-12-28", "2030-01-04")]
    settled = change_term(heide, 1, wanted, READ, by=BY)
    after = [feed_of_address(heide, "bos@bos.example", at(day)).decode() for day in ("2029-12-28", "2030-01-04")]
    ahead = rehearse(heide, date(2030, 1, 1), date(2030, 3, 1), READ)
    told = {item for mail in ahead for item in said_in(mail.message.body)}

    assert settled.changed
    assert [("Nieuwbouw" in feed, "20300531" in feed) for feed in before] == [(True, True), (True, True)]
    assert [("Nieuwbouw" in feed, "20300531" in feed) for feed in after] == [(True, False), (False, False)]
    assert [item for item in told if item[0].isdecimal()] == []  # of no agreement
    assert len(deadlines_of(heide, State.OPEN)) > 3  # nothing is deleted


def said_in(body: bytes) -> tuple[str, ...]:
    """What a mail speaks of: number and title of each line."""
    plain = message_from_bytes(body, policy=policy.default).get_body(("plain",))
    text = plain.get_content() if plain is not None else ""
    return tuple(sorted(line.removeprefix("* ").strip() for line in text.splitlines() if line.startswith("* ")))
