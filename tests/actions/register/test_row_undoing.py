"""What a reading-in did is put back row by row: all is as it was, and what people did since is never lost."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel, col, select

from cycle.actions.answers.answering.behalf import answer_for
from cycle.actions.deadlines.deciding.closing import move, settle
from cycle.actions.deadlines.meeting.meetings import Effect, Resolved, decide
from cycle.actions.office.office import Office
from cycle.actions.people.departure.erasing import erase_person
from cycle.actions.register.matching.row_undoing import ReadInDone, put_rows_back, reading_in_done
from cycle.actions.register.matching.theme_naming import name_themes
from cycle.actions.register.reading_in.importing import import_files
from cycle.actions.settling.deciding import set_reading
from cycle.domain.answering import Stand
from cycle.domain.model import State
from cycle.errors import NotFound, Refused
from cycle.intake.whole import read_here
from cycle.store import chains, decisions, noticing
from cycle.store.tables import (
    ActionRow,
    ActionSource,
    AgreementRow,
    DeadlineParty,
    DeadlineRow,
    Membership,
    MembershipAgreement,
    Person,
    ReadingRow,
)
from cycle.store.theme_names import of_covenant
from tests.actions.mailbox import act, mails, text_of
from tests.actions.mailbox import at as moment
from tests.conftest import NOVEMBER
from tests.folding import differences

BY = "secretariaat@terneuzen.example"
HEAD = "Nr.;Onderwerp;Afspraak;Trekker;Datum"
TREES = "7.1;Bomen;In elke straat zonder groen komen drie jonge bomen.;Gemeente;mei 2027"
LIFTS = "7.2;Liften;Kapotte liften rijden binnen een dag weer.;Clavis;juni 2027"
LAMPS = "8.1;Lampen;In elke straat brandt licht.;Gemeente;mei 2027"
ROOFS = "7.3;Daken;Op daken naar het zuiden liggen panelen.;WZV;september 2027"
BIKES = "Fietsen;Bij de flats staan overdekte rekken voor fietsen.;Gemeente;augustus 2027"
SECOND = "7.2;;Vertel bewoners wie de liften maakt.;WZV;oktober 2027"
SEATS = (Membership, MembershipAgreement, ActionSource)
TABLES = (AgreementRow, ActionRow, ReadingRow, DeadlineRow, DeadlineParty, *SEATS)
GOES_ON = {"sequence", "changed_at", "next_moment"}

DOORS = "7.4;Deuren;Elke deur in de flats sluit vanzelf.;WZV;maart 2027"
HEAT = "7.6;Warmte;Reken uit wat een warmtenet kost.;Gemeente;april 2027"
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "new, other words, another lead, another day, no day any more": (
        (TREES, LIFTS, DOORS, HEAT),
        (
            TREES.replace("drie jonge", "vier jonge"),
            LIFTS.replace("Clavis", "WZV"),
            ROOFS,
            DOORS.replace("maart 2027", "uiterlijk 1 juli 2028"),
            HEAT.replace("april 2027", ""),
        ),
    ),
    "one put in between": ((TREES, LIFTS), (TREES, f"7.2;{BIKES}", LIFTS.replace("7.2", "7.3"))),
    "numbers change places": ((TREES, LIFTS), (LIFTS.replace("7.2", "7.1"), TREES.replace("7.1", "7.2"))),
    "an action comes": ((TREES, LIFTS), (TREES, LIFTS, SECOND)),
    "an action changes, and one goes": (
        (TREES, LIFTS, SECOND, f"{TREES[:4]};Geef de bomen water.;Clavis;juni 2028"),
        (TREES, LIFTS, SECOND.replace("oktober 2027", "mei 2028")),
    ),
}


def read(office: Office, folder: Path, *lines: str, at: Any = NOVEMBER) -> int:
    """Reads a sheet in; returns the number of that reading-in."""
    file = folder / "afspraken.csv"
    file.write_text("\n".join((HEAD, *lines)), encoding="utf-8")
    import_files(office, [file], None, at, by=BY, yes=True, read=lambda path, who: read_here(path, who.as_json()))
    with office.database.reading() as session:
        return decisions.decisions(session, 1, verb="ingelezen", limit=1)[0].id


def all_rows(office: Office) -> dict[str, list[dict[str, Any]]]:
    with office.database.reading() as session:
        rows = {str(table.__tablename__): session.exec(select(table)).all() for table in TABLES}
        return {name: sorted(map(plain, mine), key=repr) for name, mine in rows.items()}


def plain(row: SQLModel) -> dict[str, Any]:
    """What a row says; not where it stands in a list that is shown in the order in which people count."""
    leaving = GOES_ON | ({"position"} if isinstance(row, AgreementRow) else set())
    return {name: value for name, value in row.model_dump().items() if name not in leaving}


def done_rows(office: Office, read_in: int) -> ReadInDone:
    return reading_in_done(office, 1, read_in)


def deadline(office: Office, number: str) -> DeadlineRow:
    with office.database.reading() as session:
        mine = select(DeadlineRow).where(DeadlineRow.number == number, DeadlineRow.asked == "yes")
        return session.exec(mine.order_by(col(DeadlineRow.id))).all()[-1]


def test_each_row_goes_back_as_if_it_was_never_read(quick_example: Office, tmp_path: Path) -> None:
    """One kind of change after another, on one register: each leaves nothing behind but its facts."""
    office, now = quick_example, NOVEMBER
    for kind, (first, second) in KINDS.items():
        read(office, tmp_path, *first, at=now)
        before = all_rows(office)
        read_in = read(office, tmp_path, *second, at=now + timedelta(hours=1))
        rows = done_rows(office, read_in).rows
        assert ({one.why for one in rows}, all_rows(office) == before) == ({""}, False), kind

        now += timedelta(hours=2)
        put_rows_back(office, 1, read_in, [one.agreement_id for one in rows], now, by=BY)

        assert all_rows(office) == before, kind
        assert {one.is_back for one in done_rows(office, read_in).rows} == {True}, kind
        assert put_rows_back(office, 1, read_in, [one.agreement_id for one in rows], now, by=BY) == []
    with office.database.reading() as session:
        assert (differences(session), {one.broken for one in chains.walk(session)}) == ({}, {None})


def test_one_row_goes_back_and_the_others_stay(quick_example: Office, tmp_path: Path) -> None:
    office = quick_example
    read(office, tmp_path, TREES, LIFTS)
    other_trees, other_lifts = TREES.replace("drie", "vier"), LIFTS.replace("een dag", "twee dagen")
    read_in = read(office, tmp_path, other_trees, other_lifts, ROOFS, at=NOVEMBER + timedelta(hours=1))
    trees, lifts, roofs = done_rows(office, read_in).rows
    assert [(one.number, one.topic) for one in (trees, lifts, roofs)] == [
        ("7.1", "Bomen"),
        ("7.2", "Liften"),
        ("7.3", "Daken"),
    ]
    words = "In elke straat zonder groen komen {} jonge bomen."
    assert trees.what == (("tekst in de agenda", words.format("drie"), words.format("vier")),)
    assert roofs.what[0] == ("nieuw", "", "Op daken naar het zuiden liggen panelen.")

    later = NOVEMBER + timedelta(hours=2)
    assert put_rows_back(office, 1, read_in, [trees.agreement_id], later, by=BY) == ["7.1"]

    assert [one.is_back for one in done_rows(office, read_in).rows] == [True, False, False]
    texts = {row["number"]: row["agenda_text"] for row in all_rows(office)["agreement"]}
    assert (texts["7.1"], "twee dagen" in texts["7.2"], "7.3" in texts) == (words.format("drie"), True, True)
    with office.database.reading() as session:
        [told] = decisions.decisions(session, 1, verb="inlezing teruggezet", limit=9)
    assert (told.by, told.about, told.detail) == (BY, "afspraak 7.1", "afspraken.csv: 3 afspraken, van 2026-11-21")


LATER = NOVEMBER + timedelta(hours=2)


def moved_on(office: Office, row: DeadlineRow) -> None:
    move(office, row.id or 0, date(2028, 3, 1), LATER, by=BY)


def answered(office: Office, row: DeadlineRow) -> None:
    answer_for(office, row.id or 0, "gemeente", Stand.ORANGE, "Loopt.", "Jan", LATER, by=BY)


def settled(office: Office, row: DeadlineRow) -> None:
    settle(office, row.id or 0, State.DONE, LATER, by=BY)


def decided(office: Office, row: DeadlineRow) -> None:
    with office.database.reading() as session:
        meeting = session.exec(select(DeadlineRow.id).where(DeadlineRow.kind == "meeting")).first() or 0
    decide(office, meeting, Resolved(row.agreement_id or 0, "Zo doen we het.", Effect.NOTHING, row.id), LATER, by=BY)


def lead_named(office: Office, row: DeadlineRow) -> None:
    with office.database.writing() as session:
        noticing.act(session, LATER, BY)
        seat = session.exec(select(Membership).where(Membership.role == "trekker")).first()
        assert seat is not None
        session.add(MembershipAgreement(membership_id=seat.id or 0, agreement_id=row.agreement_id or 0))


WHO = "Secretariaat prestatieafspraken"
BUILT = {
    moved_on: f"{WHO} verplaatste het op 21 november 2026",
    answered: f"Jan (opgeschreven door {BY}) liet op 21 november 2026 weten hoe het staat",
    settled: f"{WHO} handelde het op 21 november 2026 af",
    decided: f"{WHO} schreef er op 21 november 2026 een besluit over op",
    lead_named: f"{WHO} benoemde er op 21 november 2026 iemand voor",
}


def test_what_people_built_on_it_stands_in_the_way_and_is_named(quick_example: Office, tmp_path: Path) -> None:
    """Of each deed one agreement that came in that reading-in, and one of which it moved the day."""
    office = quick_example
    known = [TREES.replace("7.1", f"8.{place}").replace("Bomen", f"Wijk {place}") for place in range(1, 6)]
    new = [line.replace("8.", "9.") for line in known]
    read(office, tmp_path, *known)
    later = [line.replace("mei 2027", "uiterlijk 1 juli 2028") for line in known]
    read_in = read(office, tmp_path, *later, *new, at=NOVEMBER + timedelta(hours=1))
    for place, deed in enumerate(BUILT, 1):
        for theme in (8, 9):
            deed(office, deadline(office, f"{theme}.{place}"))
    before = all_rows(office)

    rows = done_rows(office, read_in).rows

    words = list(BUILT.values())
    assert [one.why for one in rows] == [
        f"{theme}.{place} kan niet terug: {did}." for theme in (8, 9) for place, did in enumerate(words, 1)
    ]
    for row in rows:
        with pytest.raises(Refused) as refused:
            put_rows_back(office, 1, read_in, [row.agreement_id], LATER + timedelta(hours=1), by=BY)
        assert refused.value.what == row.why
    assert all_rows(office) == before


def test_what_was_decided_about_a_doubt_goes_back_with_its_row(example: Office, tmp_path: Path) -> None:
    office = example
    read(office, tmp_path, TREES)
    before = all_rows(office)
    doubtful = TREES.replace("mei 2027", "voor 2028 of 2029")
    read_in = read(office, tmp_path, doubtful, LIFTS.replace("juni 2027", "voor 2028 of 2029"), at=LATER)
    with office.database.reading() as session:
        doubts = session.exec(select(ReadingRow.id).where(ReadingRow.phrase == "voor 2028 of 2029")).all()
    for doubt in doubts:
        set_reading(office, doubt or 0, "2028-09-01", LATER + timedelta(hours=1), by=BY)
    rows = done_rows(office, read_in).rows
    assert [(one.why, one.what[-1]) for one in rows] == [
        ("", ("besluit", "", f"{number} “voor 2028 of 2029”: uiterlijk 1 september 2028")) for number in ("7.1", "7.2")
    ]

    put_rows_back(office, 1, read_in, [one.agreement_id for one in rows], LATER + timedelta(hours=2), by=BY)

    assert all_rows(office) == before


def test_what_named_somebody_who_was_erased_is_not_put_back_for_nobody_knows_what_it_was(
    quick_example: Office, tmp_path: Path
) -> None:
    office = quick_example
    read(office, tmp_path, TREES)
    named = TREES.replace("drie jonge bomen", "vier bomen, zegt Willemijn Zonder").replace("mei", "juli")
    lifts = LIFTS.replace("Kapotte liften", "Liften van Willemijn Zonder")
    read_in = read(office, tmp_path, named, lifts, ROOFS, at=LATER)
    with office.database.writing() as session:
        session.add(gone := Person(name="Willemijn Zonder", email="wz@weg.example"))
        session.flush()
        number = gone.id or 0
    erase_person(office, number, LATER + timedelta(hours=1), by=BY)
    before = all_rows(office)
    rows = done_rows(office, read_in).rows
    with pytest.raises(Refused, match="stond iemand die gewist is"):
        put_rows_back(office, 1, read_in, [rows[0].agreement_id], LATER + timedelta(hours=2), by=BY)

    why = "kan niet terug: daarin stond iemand die gewist is."
    assert [(one.number, one.is_back, one.why) for one in rows] == [
        ("7.1", False, f"7.1 {why}"),
        ("7.2", False, f"7.2 {why}"),
        ("7.3", False, ""),
    ]
    assert rows[0].what[0] == ("gewist", "", "hier stond iemand die gewist is")
    assert all_rows(office) == before


def test_a_number_that_another_has_by_now_goes_back_together_with_it(example: Office, tmp_path: Path) -> None:
    office = example
    first, second = KINDS["one put in between"]
    read(office, tmp_path, *first)
    read_in = read(office, tmp_path, *second, at=NOVEMBER + timedelta(hours=1))
    bikes, lifts = done_rows(office, read_in).rows

    with pytest.raises(Refused) as refused:
        put_rows_back(office, 1, read_in, [lifts.agreement_id], LATER, by=BY)
    assert refused.value.what == "7.3 kan niet terug naar 7.2: dat nummer is nu van een andere afspraak (Fietsen)."

    put_rows_back(office, 1, read_in, [bikes.agreement_id], LATER, by=BY)
    assert put_rows_back(office, 1, read_in, [lifts.agreement_id], LATER, by=BY) == ["7.3"]


def test_who_was_mailed_since_hears_of_the_way_back(quick_example: Office, tmp_path: Path) -> None:
    office, morning = quick_example, moment("2026-11-24")
    trees = TREES.replace("mei 2027", "uiterlijk 1 december 2026")
    read(office, tmp_path, trees, at=moment("2026-11-20"))
    act(office, moment("2026-11-23"))
    later, roofs = trees.replace("1 dec", "4 dec"), ROOFS.replace("september 2027", "2 december 2026")
    read_in = read(office, tmp_path, later, roofs, at=moment("2026-11-23", 15))
    act(office, morning)
    rows = done_rows(office, read_in).rows

    assert [one.why for one in rows] == ["", ""]
    assert [one.tells for one in rows] == [
        ("Team Wonen kreeg al een mail over “Bomen”. In de volgende mail staat dat de dag weer 1 december 2026 is.",),
        (
            "Afdeling Beleid kreeg al een mail over “Daken”. Die termijn vervalt: hij gaat uit de agenda's, en er komt "
            "geen mail meer over.",
        ),
    ]
    put_rows_back(office, 1, read_in, [one.agreement_id for one in rows], moment("2026-11-24", 16), by=BY)
    act(office, moment("2026-11-25"))

    said = [text_of(mail) for mail in mails(office) if mail["Date"].datetime.date() == date(2026, 11, 25)]
    assert [text for text in said if text.startswith("Verplaatst: Bomen") and "1 december" in text] == said[:1], said
    assert not any("Daken" in text for text in said)
    assert {one.is_back for one in done_rows(office, read_in).rows} == {True}


def test_only_what_a_reading_in_of_this_table_did_can_be_put_back(quick_example: Office, tmp_path: Path) -> None:
    read_in = read(quick_example, tmp_path, TREES)
    [row] = done_rows(quick_example, read_in).rows
    for fact, agreement in ((1, row.agreement_id), (read_in, 1), (0, row.agreement_id), (2**40, row.agreement_id)):
        with pytest.raises(NotFound):
            put_rows_back(quick_example, 1, fact, [agreement], LATER, by=BY)


def test_the_name_of_a_theme_goes_back_with_its_last_row_unless_a_person_gave_another(
    quick_example: Office, tmp_path: Path
) -> None:
    office, now = quick_example, NOVEMBER
    before = theme_names(office)
    read_in = read(office, tmp_path, "Thema 7: Groen;;;;", TREES, LIFTS, "Thema 8: Licht;;;;", LAMPS, at=now)
    named = theme_names(office)
    trees, lifts, lamps = done_rows(office, read_in).rows
    later = now + timedelta(hours=1)

    put_rows_back(office, 1, read_in, [trees.agreement_id], later, by=BY)
    with_one = theme_names(office)
    name_themes(office, 1, {"8": "Straatlicht"}, later, BY)
    put_rows_back(office, 1, read_in, [lifts.agreement_id, lamps.agreement_id], later + timedelta(hours=1), by=BY)

    assert named == before | {"7": "Groen", "8": "Licht"} == with_one
    assert theme_names(office) == before | {"8": "Straatlicht"}


def theme_names(office: Office) -> dict[str, str]:
    with office.database.reading() as session:
        return of_covenant(session, 1)
