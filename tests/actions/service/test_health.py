"""What `doctor` says of covenants: a moment that waits for its reader is no fault, and one fault hides no other."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from sqlmodel import col, select

from cycle.actions.deadlines.deciding.closing import move
from cycle.actions.mails.morning.reminding import plan_mails
from cycle.actions.office.office import Office
from cycle.actions.people.rhythms import rhythm
from cycle.actions.service.watch.condition import Finding
from cycle.actions.service.watch.health import examine
from cycle.settings import Settings
from cycle.store import covenants
from cycle.store.outbox import approving
from cycle.store.tables import Covenant, DeadlineRow, Message
from tests.actions.mailbox import at
from tests.web.conftest import find

MORNING = at("2027-02-03", 8, 30)  # a Wednesday on which three people get a digest
CLAVIS, OFFICE = "strategie@clavis.example", "secretariaat@terneuzen.example"


def of_covenants(office: Office, now: datetime) -> list[Finding]:
    return [one for one in examine(office, now) if one.name.startswith("convenant")]


def choose(office: Office, **choice: object) -> None:
    with office.database.reading() as session:
        who = covenants.persons_at(session, CLAVIS)[0].id or 0
    rhythm.choose(office, who, rhythm.Choice(**choice), at("2027-02-01", 10), by=CLAVIS)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "choice",
    [{"hour": time(17)}, {"weekdays": frozenset({4})}, {"weekdays": frozenset({3}), "hour": time(17)}],
    ids=["later today", "on Friday", "tomorrow at five"],
)
def test_a_moment_that_waits_for_the_rhythm_of_its_reader_is_right(
    quick_example: Office, choice: dict[str, object]
) -> None:
    choose(quick_example, **choice)
    looked_at = [MORNING, at("2027-02-03", 11), at("2027-02-04", 8, 30), at("2027-02-05", 19), at("2027-02-06", 12)]
    for now in looked_at:
        plan_mails(quick_example, now)
        assert [one for one in of_covenants(quick_example, now) if not one.ok] == [], now


def test_a_moment_that_waits_for_tomorrow_since_its_reader_had_mail_today_is_right(quick_example: Office) -> None:
    plan_mails(quick_example, MORNING)
    agenda = find(quick_example, "Uitvoeringsagenda bijwerken", date(2027, 1, 1))
    move(quick_example, agenda, date(2027, 2, 10), at("2027-02-03", 9), by=OFFICE)
    plan_mails(quick_example, at("2027-02-03", 9, 1))

    assert [one for one in of_covenants(quick_example, at("2027-02-03", 9, 2)) if not one.ok] == []


def test_a_moment_that_would_let_something_slip_is_wrong(quick_example: Office) -> None:
    plan_mails(quick_example, MORNING)
    with quick_example.database.writing() as session:
        query = select(DeadlineRow).where(col(DeadlineRow.next_moment) > MORNING).order_by(col(DeadlineRow.next_moment))
        first, second = session.exec(query.limit(2)).all()
        first.next_moment, second.next_moment = None, at("2030-01-02")
        session.add_all([first, second])
        wrong = sorted([first.id, second.id])

    [finding] = of_covenants(quick_example, at("2027-02-03", 9, 2))
    assert (finding.ok, finding.words) == (False, f"verkeerd volgend moment bij termijn {wrong}")


def test_a_draft_that_no_moment_lets_go_is_told_of_and_so_is_one_that_should_have_gone(quick_example: Office) -> None:
    with_approval = replace(quick_example, settings=wanting_approval(quick_example.settings))
    plan_mails(with_approval, MORNING)

    def of_drafts(now: datetime) -> tuple[bool, str]:
        [finding] = [one for one in examine(quick_example, now) if one.name == "akkoord"]
        return finding.ok, finding.words

    with quick_example.database.reading() as session:
        first, second, third = approving.drafts(session)
    assert of_drafts(MORNING) == (True, "3 concepten wachten, elk met een moment")
    words = "blijft liggen: bericht {} heeft geen moment om te gaan, of had al weg moeten zijn"
    assert of_drafts(at("2027-02-04", 9)) == (False, words.format([first.id, second.id, third.id]))
    with quick_example.database.writing() as session:
        session.get_one(Message, second.id).next_try_at = None
    assert of_drafts(MORNING) == (False, words.format([second.id]))


def wanting_approval(settings: Settings) -> Settings:
    return settings.model_copy(update={"mail": settings.mail.model_copy(update={"approval": True})})


def test_a_covenant_or_deadline_that_cannot_be_read_hides_no_other(example: Office) -> None:
    with example.database.writing() as session:
        hulst = Covenant(
            slug="hulst",
            name="Hulst",
            live_since=date(2026, 11, 1),
            released_at=MORNING,
            overrides={"ladders": {"letter": "zomaar iets"}},
        )
        row = session.exec(select(DeadlineRow).where(DeadlineRow.kind == "action", DeadlineRow.state == "open")).first()
        assert row is not None
        row.agreements, row.due, row.doubtful, row.invented = [["1.1"]], date(2027, 2, 5), False, False
        session.add_all([hulst, row])
        session.flush()
        number, poisoned = hulst.id, row.id

    found = {one.name: one for one in of_covenants(example, MORNING)}

    assert found[f"convenant nummer {number}"].words == (
        "niet te lezen: de eigen instellingen van het convenant (SettingsError)"
    )
    assert f"niet te plannen: termijn [{poisoned}]" in found["convenant terneuzen"].words
