"""Import again: a corrected document, a newer agenda, an older one; nothing that people did is lost or goes unsaid."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import col, select

from cycle.actions.deadlines.deciding.closing import settle
from cycle.actions.office.office import Office
from cycle.actions.register.reading_in.importing import ImportReport, import_files, import_folder
from cycle.actions.settling.deciding import carry_all, set_reading
from cycle.actions.settling.to_decide import FORMER_AGENDA
from cycle.domain.model import State
from cycle.domain.progress_questions import QUESTION
from cycle.errors import NotFound
from cycle.store.tables import AgreementRow, DeadlineRow
from tests.actions.mailbox import at
from tests.actions.settling.test_settling_doubt import deadline_of, doubt, found, with_agenda
from tests.conftest import EXAMPLE
from tests.lasting_names import ref_of

NOW = at("2026-11-23")
WARMTENET = "| 2.1 | Warmtenet businesscase | {} | {} | {} |"
CIRCULAIR = "| 2.8 | Circulariteit | Hergebruik stoffen | Gemeente en corporaties | {} |"


def agreement(office: Office, number: str) -> AgreementRow:
    with office.database.reading() as session:
        return session.exec(select(AgreementRow).where(AgreementRow.number == number)).one()


def refs(office: Office, number: str) -> dict[str, tuple[str, bool, date | None]]:
    """The deadlines that documents ask of one agreement, by their lasting name: state, doubtful, due. What the rounds
    ask of it while nothing else does is no deadline of a document."""
    with office.database.reading() as session:
        rows = session.exec(
            select(DeadlineRow).where(
                DeadlineRow.number == number,
                col(DeadlineRow.origin) == "agreement",
                col(DeadlineRow.occurrence) != QUESTION,
            )
        )
        return {f"{ref_of(session, row)} {row.occurrence}": (row.state, row.doubtful, row.due) for row in rows}


def read(office: Office, tmp_path: Path, *lines: str, year: int = 2022, **how: object) -> ImportReport:
    file = with_agenda(office, tmp_path, *lines, year=year)
    return import_files(office, [file], None, NOW, **how)  # type: ignore[arg-type]


def test_the_first_document_replaces_short_words_and_a_corrected_one_changes_only_what_is_confirmed(
    example: Office, tmp_path: Path
) -> None:
    first = read(example, tmp_path, WARMTENET.format("Reken het uit", "Gemeente", "2022"), CIRCULAIR.format("2023"))
    corrected = (WARMTENET.format("Reken het goed uit", "WZV", "eind 2022"), CIRCULAIR.format("eind 2023"))
    held = read(example, tmp_path, *corrected)
    unchanged = agreement(example, "2.1").agenda_text, agreement(example, "2.8").agenda_date
    one = read(example, tmp_path, *corrected, only=["2.1"])
    after_one = agreement(example, "2.1").agenda_text, agreement(example, "2.8").agenda_date
    rest = read(example, tmp_path, *corrected, yes=True)
    again = read(example, tmp_path, *corrected)

    assert (first.differences.changed, first.differences.waiting) == (("2.1", "2.8"), ())
    assert (held.differences.changed, held.differences.waiting, held.upkeep) == (("2.1", "2.8"), ("2.1", "2.8"), None)
    assert held.differences.changes[0].what == (
        ("tekst in de agenda", "Reken het uit", "Reken het goed uit"),
        ("trekker in de agenda", "Gemeente", "WZV"),
        ("trekkende partijen in de agenda", "Gemeente Terneuzen", "Woongoed Zeeuws-Vlaanderen"),
        ("datum in de agenda", "2022", "eind 2022"),
        ("termijn", "“2022” (uiterlijk 31 december 2022)", "“eind 2022” (uiterlijk 31 december 2022)"),
    )
    assert unchanged == ("Reken het uit", "2023")
    assert (one.differences.waiting, after_one) == (("2.8",), ("Reken het goed uit", "2023"))
    assert (rest.differences.changed, rest.differences.waiting) == (("2.8",), ())
    assert agreement(example, "2.8").agenda_date == "eind 2023"
    assert (again.differences.any, again.differences.changed) == (False, ())


def test_the_covenant_folder_read_again_does_not_undo_a_document(example: Office, tmp_path: Path) -> None:
    read(example, tmp_path, WARMTENET.format("Reken het uit", "Gemeente", "2022"))

    report = import_folder(example, EXAMPLE, NOW)

    assert (report.differences.waiting, report.covenant_changed) == (("2.1",), False)
    assert agreement(example, "2.1").agenda_text == "Reken het uit"


def test_an_agenda_alone_says_of_no_agreement_that_it_is_gone(example: Office, tmp_path: Path) -> None:
    report = read(example, tmp_path, WARMTENET.format("Reken het uit", "Gemeente", "2022"))

    assert report.differences.gone == ()
    assert agreement(example, "2.1").text == "Reken uit of het warmtenet uit kan."


def test_an_agreement_that_is_gone_is_only_shown(example: Office, tmp_path: Path) -> None:
    register = tmp_path / "register.csv"
    lines = (EXAMPLE / "agreements.csv").read_text(encoding="utf-8").split("\n")
    register.write_text("\n".join(line for line in lines if not line.startswith("3.9;")), encoding="utf-8")

    report = import_files(example, [register], None, NOW)

    assert (report.differences.gone, report.differences.any) == (("3.9",), False)
    assert agreement(example, "3.9").topic == "Maatschappelijke opvangwoningen"


def test_a_number_that_no_file_has_is_a_sentence(quick_example: Office, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"geen afspraak 9\.9"):
        read(quick_example, tmp_path, CIRCULAIR.format("2023"), only=["9.9"])


def test_a_newer_agenda_leaves_the_old_actions_to_be_carried_over_or_dropped_on_purpose(
    example: Office, tmp_path: Path
) -> None:
    done = deadline_of(example, "3.5:agenda:2022")
    settle(example, done.id or 0, State.DONE, NOW)
    old = deadline_of(example, "2.1:agenda:2022")
    new = (WARMTENET.format("Reken verder", "Gemeente", "eind 2027"), CIRCULAIR.format("2023"))

    report = read(example, tmp_path, *new, year=2026, yes=True)

    assert (report.documents[0].agenda_year, report.differences.changed) == (2026, ("2.1", "2.8"))
    assert refs(example, "2.1") == {
        "2.1:agenda:2022 once": ("open", True, date(2022, 12, 31)),
        "2.1:agenda:eind-2027 once": ("open", False, date(2027, 12, 31)),
    }
    assert deadline_of(example, "2.1:agenda:2022").uid == old.uid
    assert refs(example, "3.5") == {"3.5:agenda:2022 once": ("done", False, date(2022, 12, 31))}
    former = {one.number for one in found(example).actions if one.why == FORMER_AGENDA}
    assert {"2.1", "3.8"} <= former
    assert "2.8" not in former  # the new agenda asks it in the same words
    assert "3.5" not in former

    carried = carry_all(example, None, date(2027, 6, 30), NOW, by="secretariaat@terneuzen.example")

    assert len(carried) == len([one for one in carried if one.changed])
    assert refs(example, "2.1")["2.1:agenda:2022 once"] == ("open", False, date(2027, 6, 30))
    assert FORMER_AGENDA not in {one.why for one in found(example).actions}
    assert carry_all(example, None, date(2027, 6, 30), NOW) == []


def test_the_same_words_in_a_newer_agenda_ask_something_else(example: Office, tmp_path: Path) -> None:
    line = WARMTENET.format("Reken het uit", "Gemeente", "december")
    read(example, tmp_path, line, year=2024)
    settle(example, deadline_of(example, "2.1:agenda:december").id or 0, State.DONE, NOW)

    read(example, tmp_path, line, year=2026, yes=True)
    again = read(example, tmp_path, line, year=2026)

    assert refs(example, "2.1") == {
        "2.1:agenda:2022 once": ("open", True, date(2022, 12, 31)),
        "2.1:agenda:december once": ("done", False, date(2024, 12, 31)),
        "2.1:agenda:december@2026 once": ("open", False, date(2026, 12, 31)),
    }
    assert again.differences.changed == ()


def test_what_comes_back_each_year_goes_on_in_a_newer_agenda(example: Office, tmp_path: Path) -> None:
    line = "| 2.5 | Delen van data energieverbruik | Deel de cijfers jaarlijks | Gemeente | |"
    before = refs(example, "2.5")

    read(example, tmp_path, line, year=2026, yes=True)
    again = read(example, tmp_path, line, year=2026)

    assert refs(example, "2.5") == before
    assert {when for _state, _doubtful, when in before.values()} == {date(year, 12, 31) for year in (2026, 2027, 2028)}
    assert again.differences.changed == ()


def test_what_an_older_agenda_repeats_ends_where_the_newer_one_begins(example: Office, tmp_path: Path) -> None:
    read(
        example,
        tmp_path,
        "| 2.5 | Delen van data energieverbruik | Deel de cijfers | Gemeente | |",
        year=2027,
        yes=True,
    )

    assert {key: state for key, (state, _doubtful, _due) in refs(example, "2.5").items()} == {
        "2.5:agenda:jaarlijks 2026": "open",
        "2.5:agenda:jaarlijks 2027": "dropped",
        "2.5:agenda:jaarlijks 2028": "dropped",
    }


def test_the_framework_goes_on_alone_where_only_the_older_agenda_repeated_it(example: Office, tmp_path: Path) -> None:
    read(example, tmp_path, CIRCULAIR.format("2027"), year=2027, yes=True)

    assert {key: state for key, (state, _doubtful, _due) in refs(example, "1.2.3").items() if "jaarlijks" in key} == {
        "1.2.3:agenda:jaarlijks 2026": "open",
        "1.2.3:agenda:jaarlijks 2027": "dropped",
        "1.2.3:agenda:jaarlijks 2028": "dropped",
        "1.2.3:raam:jaarlijks 2027": "open",
        "1.2.3:raam:jaarlijks 2028": "open",
    }


def test_an_older_agenda_brings_nothing_back(example: Office, tmp_path: Path) -> None:
    read(example, tmp_path, WARMTENET.format("Reken verder", "Gemeente", "eind 2027"), year=2026, yes=True)

    report = read(example, tmp_path, WARMTENET.format("Reken het uit", "WZV", "2022"), year=2022, yes=True)

    assert [(fault.place, fault.what) for fault in report.problems] == [
        ("uitvoeringsagenda 2022", "Het register heeft al de agenda van 2026.")
    ]
    assert (report.differences.any, agreement(example, "2.1").agenda_text) == (False, "Reken verder")


def test_a_confirmed_reading_stays_when_the_document_no_longer_has_its_words(example: Office, tmp_path: Path) -> None:
    which = doubt(example, "najaar 2022")
    set_reading(example, which, "2027-05-14", NOW, by="secretariaat@terneuzen.example")
    line = "| 1.1.2 | Gezamenlijk inzicht in ontwikkelingen woningmarkt | Deel de cijfers | Corporaties | |"

    read(example, tmp_path, line)
    again = read(example, tmp_path, line)

    assert refs(example, "1.1.2") == {"1.1.2:agenda:najaar-2022 once": ("open", False, date(2027, 5, 14))}
    assert again.differences.changed == ()
