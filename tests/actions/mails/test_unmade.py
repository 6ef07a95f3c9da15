"""Rule C11 for mails: one that cannot be made holds up nobody else, is a failed message, and is told to a person."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text as sql
from sqlmodel import select

from cycle.actions.answers import Reply, answer_page, keep_answer
from cycle.actions.letters import approve, send
from cycle.actions.mails.morning.reminding import plan_mails
from cycle.actions.mails.morning.welcoming import welcome
from cycle.actions.mails.rehearsal.rehearsing import rehearse
from cycle.actions.office.office import Office, template_folders
from cycle.actions.people.rhythms.rhythm import pause
from cycle.actions.post.halts.alarming import report_failures
from cycle.actions.post.halts.outbox_decisions import retry
from cycle.actions.service.watch.clock_work import plan_round
from cycle.actions.service.watch.watching import put_daily
from cycle.domain.answering import Stand
from cycle.errors import CycleError, Refused
from cycle.mail.templates import Wording
from cycle.resources import shipped
from cycle.store.outbox.labels import ALARM
from cycle.store.tables import Absence, AnswerRow, Covenant, DeadlineRow, Message, Person
from tests.actions.answers.test_progress import answer, signed_of
from tests.actions.mailbox import act, at, deliver, mails, text_of
from tests.actions.mails.test_reminding import deadline

OFFICE, CLAVIS, WZV = "secretariaat@terneuzen.example", "strategie@clavis.example", "beleid@woongoed.example"
OPERATOR = "beheer@gemeente.example"
ASKED_ON = "2027-02-25"
FAILS = "{{ dit_veld_is_er_niet }}"


def with_words(office: Office, **files: str) -> Office:
    """The same office with templates of its own: `alarm__txt` is put before the shipped alarm.txt."""
    folder = office.settings.path("templates/email")
    folder.mkdir(parents=True, exist_ok=True)
    for name, words in files.items():
        file = name.replace("__", ".")
        rest = "" if file == "_words.txt" else (shipped("templates", "email") / file).read_text(encoding="utf-8")
        (folder / file).write_text(words + "\n" + rest, encoding="utf-8")
    return replace(office, wording=Wording(template_folders(office.settings, "email")))


def with_operator(office: Office) -> Office:
    """The same office with somebody who gets alarms."""
    mail = office.settings.mail.model_copy(update={"operator": OPERATOR})
    return replace(office, settings=office.settings.model_copy(update={"mail": mail}).in_folder(office.settings.folder))


def messages(office: Office, state: str) -> list[Message]:
    with office.database.reading() as session:
        return list(session.exec(select(Message).where(Message.state == state).order_by(Message.to)))  # type: ignore[arg-type]


def told(office: Office, email: str, kind: str = "alarm") -> str:
    """What somebody reads in the mails of a kind."""
    found = [mail for mail in mails(office) if email in str(mail["To"]) and f"<{kind}." in str(mail["List-Id"])]
    return " ".join(map(text_of, found))


def test_one_tap_without_a_sentence_stops_nobodys_mail(example: Office) -> None:
    act(example, at(ASKED_ON))
    answer(example, CLAVIS, "Huurbeleid", at("2027-02-26", 16), stand=Stand.RED)

    act(example, at("2027-03-01"))
    act(example, at("2027-03-03"))

    assert messages(example, "failed") == []
    assert "Huurbeleid" not in told(example, OFFICE)
    to = {row.to for row in messages(example, "sent") if row.on >= date(2027, 3, 1)}
    assert to >= {OFFICE, CLAVIS, WZV}


def test_a_mail_that_cannot_be_made_is_told_to_the_secretariat_and_the_operator_and_the_others_go(
    example: Office,
) -> None:
    broken = with_words(
        with_operator(example), digest__txt='{% if person_name == "Afdeling Strategie" %}' + FAILS + "{% endif %}"
    )

    act(broken, at("2027-02-03"))
    deliver(broken, at("2027-02-03", 9, 1))

    [failed] = messages(broken, "failed")
    assert (failed.to, failed.last_answer.partition(";")[0]) == (CLAVIS, "niet te maken: UndefinedError")
    assert {row.to for row in messages(broken, "sent") if row.kind == "digest"} == {WZV, "wonen@terneuzen.example"}
    assert {row.to for row in messages(broken, "sent") if row.kind == "alarm"} == {OFFICE, OPERATOR}
    [alarm] = [mail for mail in mails(broken) if OFFICE in str(mail["To"]) and "niet bezorgd" in str(mail["Subject"])]
    assert "niet te maken: UndefinedError; over termijn" in text_of(alarm)
    act(example, at("2027-02-04"))
    assert CLAVIS in {row.to for row in messages(example, "sent") if row.on == date(2027, 2, 4)}


def test_a_mail_that_the_database_refuses_is_a_failed_one_and_the_others_go(example: Office) -> None:
    with example.database.writing() as session:
        person = session.exec(select(Person.id).where(Person.email == CLAVIS)).one()
        for command in _refusals(example, person or 0):
            session.connection().execute(sql(command))

    act(example, at("2027-02-03"))

    assert [row.to for row in messages(example, "failed")] == [CLAVIS]
    assert {row.to for row in messages(example, "sent") if row.kind == "digest"} == {WZV, "wonen@terneuzen.example"}


def _refusals(office: Office, person: int) -> list[str]:
    """A trigger that lets the database refuse queued mail to somebody."""
    when = f"WHEN (NEW.person_id = {person} AND NEW.state = 'queued')"
    if office.database.is_sqlite:
        return [f"CREATE TRIGGER refuse BEFORE INSERT ON message {when} BEGIN SELECT json('geen json'); END"]
    return [
        "CREATE FUNCTION refuse() RETURNS trigger AS 'BEGIN RAISE EXCEPTION ''no''; END' LANGUAGE plpgsql",
        f"CREATE TRIGGER refuse BEFORE INSERT ON message FOR EACH ROW {when} EXECUTE FUNCTION refuse()",
    ]


def test_a_deadline_whose_lines_cannot_be_made_holds_up_no_other_and_is_looked_at_again(example: Office) -> None:
    row = deadline(example, "Vrije toewijzingsruimte")
    with example.database.writing() as session:
        poisoned = session.get_one(DeadlineRow, row)
        poisoned.kind, poisoned.invented, poisoned.due = "action", False, date(2027, 2, 10)
        poisoned.agreements, poisoned.next_moment = [["1.1"]], at("2027-02-01")
        session.add(poisoned)

    act(example, at("2027-02-03"))
    deliver(example, at("2027-02-03", 9, 1))

    [failed] = messages(example, "failed")
    assert (failed.to, failed.last_answer) == ("", f"niet te maken: termijn {row} (TypeError)")
    assert f"termijn {row} (TypeError)" in told(example, OFFICE, "alarm")
    assert {row.to for row in messages(example, "sent") if row.kind == "digest"} >= {CLAVIS, WZV}
    with example.database.reading() as session:
        assert session.get_one(DeadlineRow, row).next_moment == at("2027-02-04", 8, 30)
    plan_mails(example, at("2027-02-03", 10))
    assert len(messages(example, "failed")) == 1


def test_a_covenant_whose_own_settings_do_not_fit_holds_up_no_other(example: Office) -> None:
    with example.database.writing() as session:
        session.add(
            Covenant(
                slug="hulst",
                name="Prestatieafspraken Hulst",
                municipality="Hulst",
                live_since=date(2026, 11, 1),
                released_at=at("2026-11-02"),
                created_at=at("2026-11-02"),
                overrides={"ladders": {"letter": "zomaar iets"}},
            )
        )

    for day in ("2027-02-01", "2027-02-03"):  # on a Monday all covenants are looked at
        act(example, at(day))

    [failed] = messages(example, "failed")
    assert failed.last_answer == "niet te maken: de eigen instellingen van het convenant (SettingsError)"
    assert {row.to for row in messages(example, "sent") if row.kind == "digest"} == {
        CLAVIS,
        WZV,
        "wonen@terneuzen.example",
    }


def test_an_overview_that_cannot_be_made_says_so_in_its_place(quick_example: Office) -> None:
    broken = with_words(quick_example, _words__txt=f"overview.said-line: {{{{ about }}}}{FAILS}")
    act(broken, at(ASKED_ON))
    answer(broken, CLAVIS, "Huurbeleid", at("2027-02-26"), stand=Stand.RED)

    act(broken, at("2027-03-01"))

    [mail] = [
        one
        for one in mails(broken)
        if OFFICE in str(one["To"]) and "1 Mar" in str(one["Date"]) and "weekoverzicht" in str(one["Subject"])
    ]
    assert "Het weekoverzicht was deze keer niet te maken." in text_of(mail)
    assert [row.last_answer for row in messages(broken, "failed")] == [
        "niet te maken: het weekoverzicht (UndefinedError)"
    ]


def test_a_rehearsal_shows_all_other_mails_when_one_cannot_be_made(quick_example: Office) -> None:
    broken = with_words(
        quick_example, digest__txt=f'{{% if person_name == "Afdeling Strategie" %}}{FAILS}{{% endif %}}'
    )

    found = rehearse(broken, date(2027, 2, 3), date(2027, 2, 3), at("2027-02-03", 0))

    assert {(mail.to.email, mail.message.subject == "(niet te maken)") for mail in found} == {
        (CLAVIS, True),
        (WZV, False),
        ("wonen@terneuzen.example", False),
    }
    assert found[0].as_json(broken)["date"] == "2027-02-03"


def test_an_answer_is_kept_when_its_confirmation_cannot_be_made(example: Office) -> None:
    act(example, at(ASKED_ON))
    broken = with_words(example, confirmation__txt=FAILS)
    page = answer_page(broken, signed_of(broken, CLAVIS), at(ASKED_ON, 10))

    kept = keep_answer(broken, page, page.rows[0], Reply(Stand.NOT_MINE), at(ASKED_ON, 10))

    assert (kept.is_new, kept.is_mailed) == (True, False)
    [failed] = messages(broken, "failed")
    assert (failed.kind, failed.to, failed.body) == ("confirmation", CLAVIS, b"")
    with broken.database.reading() as session:
        assert len(session.exec(select(AnswerRow)).all()) == 1
    assert report_failures(broken, at(ASKED_ON, 11)) == 1
    with pytest.raises(Refused):
        retry(broken, failed.id or 0, at(ASKED_ON, 12))


def test_days_away_are_kept_when_their_confirmation_cannot_be_made(quick_example: Office) -> None:
    broken = with_words(quick_example, rhythm__html=FAILS)
    with broken.database.reading() as session:
        who = session.exec(select(Person.id).where(Person.email == CLAVIS)).one() or 0

    pause(broken, who, date(2027, 2, 1), date(2027, 2, 12), at("2027-01-04"))

    assert [(row.kind, row.to) for row in messages(broken, "failed")] == [("rhythm", CLAVIS)]
    with broken.database.reading() as session:
        assert len(session.exec(select(Absence)).all()) == 1


def test_the_letter_goes_to_all_others_and_whoever_sends_it_reads_who_does_not_get_it(quick_example: Office) -> None:
    broken = with_words(quick_example, letter__txt=f'{{% if person_name == "Bestuur SHB" %}}{FAILS}{{% endif %}}')
    approve(broken, None, 2027, at("2027-03-01"), by="directie@clavis.example", name="D.")
    approve(broken, None, 2027, at("2027-03-01"), by="directie@woongoed.example", name="W.")

    first = send(broken, None, 2027, at("2027-03-02"))
    mended = send(quick_example, None, 2027, at("2027-03-02", 11))

    assert first.words.startswith("2 mails staan klaar om te gaan; die aan Bestuur SHB niet, want")
    assert mended.words == "1 mails staan klaar om te gaan"


def test_a_welcome_that_cannot_be_made_is_a_sentence(quick_example: Office) -> None:
    with pytest.raises(CycleError) as refused:
        welcome(with_words(quick_example, welcome__txt=FAILS), CLAVIS, at("2027-02-01"))

    assert str(refused.value) == "De welkomstmail is niet te maken."
    assert "staat klaar" in welcome(quick_example, CLAVIS, at("2027-02-01"))


def test_a_daily_mail_and_an_alarm_whose_template_fails_still_reach_the_operator(quick_example: Office) -> None:
    broken = with_words(with_operator(quick_example), daily__txt=FAILS, alarm__html=FAILS)

    assert put_daily(broken, (), at("2027-02-04"))
    deliver(broken, at("2027-02-04"))

    assert [(row.kind, row.subject) for row in messages(broken, "failed")] == [("daily", "(niet te maken)")]
    [alarm] = [one for one in mails(broken) if OPERATOR in str(one["To"])]
    assert "dagbericht: niet te maken: UndefinedError" in text_of(alarm)


def test_a_round_that_keeps_failing_is_told_to_the_operator_once_a_day(example: Office) -> None:
    plan_round(example, at("2027-02-03", 8))
    with example.database.writing() as session:
        session.connection().execute(sql("ALTER TABLE deadline_party RENAME TO elders"))

    for minute in (1, 9, 20, 40):
        with pytest.raises(Exception, match="deadline_party"):
            plan_round(example, at("2027-02-03", 8) + timedelta(minutes=30 + minute))

    with example.database.reading() as session:
        found = session.exec(select(Message.subject).where(Message.kind == ALARM)).all()
    assert found == ["Let op: Een taak van cycle komt niet af"]
