"""A value that may be absent never stops a mail or a page: both are made from generated states, on either engine.

A state is the example with, here and there, everything optional absent or present: words, days and meetings of
deadlines, answers, names, senders, settlements, decisions, days away, rhythms, and mails that came to nothing.
"""

import re
from datetime import date, time, timedelta
from email import message_from_bytes, policy
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from cycle.actions.mails.morning.reminding import plan_mails
from cycle.actions.mails.rehearsal.rehearsing import rehearse
from cycle.actions.office.answer_links import Mail, answer_url
from cycle.actions.office.office import Office
from cycle.actions.office.rhythm_links import rhythm_url
from cycle.domain.answering import Stand
from cycle.store.noticing import untold
from cycle.store.standing_bodies import body_of
from cycle.store.tables import (
    Absence,
    AgreementRow,
    AnswerRow,
    Beat,
    Covenant,
    DeadlineParty,
    DeadlineRow,
    Document,
    MeetingDecision,
    MeetingRow,
    Membership,
    Message,
    MessageCovenant,
    Person,
    ReminderRow,
    RhythmRow,
)
from tests.actions.mailbox import at
from tests.conftest import own_signer
from tests.web.conftest import HTML

from .conftest import SECRETARY, TREKKER

DAYS = ("2027-02-01", "2027-02-25", "2027-03-01", "2027-04-12")
MONDAY = at("2027-04-12", 10)
PLAIN_PAGES = (
    "",
    "/jaar",
    "/jaar/stappen",
    "/jaar/stappen/nieuw",
    "/jaar/stappen/werkgroep",
    "/termijnen",
    "/termijnen?stand=nog-niet-afgemeld",
    "/termijnen/afhandelen",
    "/afspraken",
    "/voortgang",
    "/voortgang/wie-wat",
    "/voortgang/zinnen",
    "/post/antwoorden",
    "/uitnodigingsbrief",
    "/logboek",
    "/mensen",
    "/mensen/wie",
    "/looptijd",
    "/looptijd/1",
    "/mensen/partijen",
    "/mensen/partijen/nieuw",
    "/mensen/partijen/1/einde",
    "/mensen/lijst",
    "/post",
    "/post/gepland",
    "/post/stil",
    "/overleggen",
    "/overleggen?jaar=2027",
    "/overleggen/wie",
    "/archief",
    "/gegevens",
    "/overleggen/wie/nieuw",
    "/overleggen/wie/1",
    "/inlezen",
)
MADE = (
    MeetingRow,
    MessageCovenant,
    ReminderRow,
    AnswerRow,
    MeetingDecision,
    Absence,
    RhythmRow,
    Message,
    Beat,
    Document,
)

words = st.sampled_from(["", "Zo & <anders>"])
day = st.dates(date(2027, 1, 4), date(2027, 12, 24))
maybe_day = st.one_of(st.none(), day)
hour = st.one_of(st.none(), st.just(time(14)))


@st.composite
def deadlines(draw: st.DrawFn) -> dict[str, Any]:
    """What may be absent of a deadline that is no meeting. One without a day is one that nobody dated."""
    due = draw(maybe_day)
    return {
        "kind": draw(st.sampled_from(["action", "document"])) if due else "yearly",
        "due": due,
        "window_start": due - timedelta(20) if due and draw(st.booleans()) else None,
        "invented": due is None or draw(st.booleans()),
        "doubtful": due is not None and draw(st.booleans()),
        "moved_from": draw(maybe_day),
        **{name: draw(words) for name in ("todo", "number", "theme", "phrase", "source", "via")},
    }


@st.composite
def meetings(draw: st.DrawFn) -> dict[str, Any]:
    """What may be absent of a meeting: its day, hours and place, or that it was called off."""
    meeting_day, start = draw(maybe_day), draw(hour)
    held = {"day": meeting_day, "start": start, "end": time(16) if start and draw(st.booleans()) else None}
    off = {"day": date(2027, 3, 2), "start": start, "state": "cancelled", "called_off_at": at("2027-02-01")}
    plan = held if meeting_day else off if draw(st.booleans()) else {}
    return {
        "plan": plan and plan | {"place": draw(words)},
        **{name: draw(words) for name in ("todo", "number", "theme", "source")},
    }


answers = st.fixed_dictionaries(
    {
        "stand": st.sampled_from(["", *(one.value for one in Stand)]),
        "sentence": words,
        "name": words,
        "next_on": maybe_day,
        "at_risk": st.booleans(),
        "not_before": maybe_day,
    }
)
states = st.fixed_dictionaries(
    {
        "deadlines": st.lists(st.tuples(st.integers(0, 200), deadlines()), min_size=8, max_size=16),
        "meetings": st.lists(st.tuples(st.integers(0, 20), meetings()), min_size=2, max_size=6),
        "answers": st.lists(st.tuples(st.integers(0, 200), answers), min_size=25, max_size=40),
        "settled": st.lists(st.tuples(st.integers(0, 200), words, words), max_size=4),
        "covenant": st.fixed_dictionaries(
            dict.fromkeys(("municipality", "phone", "signature"), words)
            | {"reply_to": st.sampled_from(["", "wonen@voorbeeld.example"]), "signed_on": maybe_day}
        ),
        "nameless": st.lists(st.integers(0, 20), max_size=2),
        "failed": st.lists(st.tuples(st.integers(0, 50), words, st.booleans()), max_size=3),
        "decision": st.tuples(st.booleans(), maybe_day, maybe_day, words),
        "away": st.booleans(),
        "rhythm": st.tuples(hour, st.one_of(st.none(), st.just(1))),
    }
)


@settings(  # nothing is shrunk: a state is small, and each try takes seconds
    deadline=None,
    max_examples=3,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(state=states)
def test_every_mail_and_page_is_made_whatever_is_absent(office, sign_in, clock, state):
    begin(office, state)
    for number, today in enumerate(DAYS):
        plan_mails(office, at(today))
        mark_sent(office, at(today))
        if number == 1:
            let_know(office, state)

    assert unmade(office) == []
    assert [text for text in mail_texts(office) if has_absent_value(text)] == []
    rehearsed = rehearse(office, date(2027, 4, 13), date(2027, 5, 14), MONDAY)
    assert [mail.to.email for mail in rehearsed if mail.message.subject == "(niet te maken)"] == []
    clock.at = MONDAY
    browsers = {email: sign_in(email) for email in (SECRETARY, TREKKER)}
    shown = [(path, browsers[email].get(path, headers=HTML)) for email, path in pages(office)]
    assert [(path, one.status_code) for path, one in shown if one.status_code != 200] == []
    assert [path for path, one in shown if has_absent_value(one.text)] == []


def pages(office: Office) -> list[tuple[str, str]]:
    """The pages that show what may be absent, of the secretariat and of a trekker."""
    with office.database.reading() as session:
        covenant = _ours(session).id
        rows = session.exec(select(DeadlineRow).where(DeadlineRow.covenant_id == covenant)).all()
        people = session.exec(select(Person.id, Person.email)).all()
        agreements = session.exec(select(AgreementRow.id).where(AgreementRow.covenant_id == covenant)).all()
        seats = session.exec(select(Membership.id)).all()
        has_lines = col(Message.id).in_(select(ReminderRow.message_id))
        mails = session.exec(select(Message).where(has_lines)).all()
        asked = session.exec(
            select(ReminderRow).where(ReminderRow.rung == "ask", ReminderRow.reason == "trekker")
        ).first()
    ours = "/c/terneuzen"
    found = [(SECRETARY, ours + path) for path in PLAIN_PAGES]
    if any(row.kind == "letter" and row.due and row.due.year == 2027 for row in rows):
        found.append((SECRETARY, f"{ours}/uitnodigingsbrief/2027/brief.docx"))
    found += [(SECRETARY, f"{ours}/termijnen/{row.id}") for row in rows[::6]]
    found += [(SECRETARY, f"{ours}/overleggen/{row.id}") for row in rows if row.kind == "meeting"][:8]
    found += [(SECRETARY, f"{ours}/afspraken/{number}") for number in agreements[::12]]
    found += [
        (SECRETARY, f"{ours}/mensen/{person}") for person, email in people[:4] if email.endswith("terneuzen.example")
    ]
    found += [(SECRETARY, f"{ours}/mensen/plaatsen/{seats[0]}")]
    found += [(SECRETARY, f"{ours}/post/{row.id}{part}") for row in mails[-2:] for part in ("", "/mail")]
    if asked is not None:
        found.append((SECRETARY, f"{ours}/voortgang/antwoord/{asked.deadline_id}/{asked.party}"))
    settings, base = office.settings, office.settings.web.base_url
    told = [Mail(row.person_id or 0, row.on) for row in mails[-4:]]
    linked = [answer_url(settings, own_signer(office, one.person), one) for one in told]
    linked += [rhythm_url(settings, own_signer(office, who), who, MONDAY.date()) for who, _email in people[:2] if who]
    found += [(TREKKER, link.removeprefix(base)) for link in linked]
    return [*found, (TREKKER, "/mij"), (SECRETARY, "/mij")]


def begin(office: Office, state: dict[str, Any]) -> None:
    """The example as it was, with this state in it."""
    originals = _originals(office)
    with office.database.writing() as session:
        for table in MADE:
            session.connection().execute(delete(table), execution_options=untold("a test"))
        for row, values in [(session.get_one(table, key), values) for table, key, values in originals]:
            for name, value in values.items():
                setattr(row, name, value)
        session.flush()
        _put(session, state)
        session.flush()
        session.connection().execute(
            update(DeadlineRow).where(col(DeadlineRow.state) == "open").values(next_moment=at("2027-01-04"))
        )


def _originals(office: Office) -> list[tuple[type[Any], int, dict[str, Any]]]:
    """The values that a state changes, as they were before the first one."""
    if office.installation not in _KEPT:
        with office.database.reading() as session:
            _KEPT[office.installation] = [
                (table, row.id, row.model_dump(exclude={"id"}))
                for table in (Covenant, Person, DeadlineRow)
                for row in session.exec(select(table))
            ] + [
                (DeadlineParty, (part.deadline_id, part.party_id, part.part), {"state": "open", "settled_at": None})
                for part in session.exec(select(DeadlineParty))
            ]
    return _KEPT[office.installation]


_KEPT: dict[str, list[tuple[type[Any], Any, dict[str, Any]]]] = {}


def _ours(session: Session) -> Covenant:
    return session.exec(select(Covenant).where(Covenant.slug == "terneuzen")).one()


def _put(session: Session, state: dict[str, Any]) -> None:
    covenant = _ours(session)
    for name, value in state["covenant"].items():
        setattr(covenant, name, value)
    mine = select(DeadlineRow).where(DeadlineRow.covenant_id == covenant.id).order_by(col(DeadlineRow.id))
    rows = session.exec(mine).all()
    of_kind = (
        ("deadlines", [row for row in rows if row.kind != "meeting"]),
        (
            "meetings",
            [row for row in rows if row.kind == "meeting"],
        ),
    )
    for kind, some in of_kind:
        for place, values in state[kind]:
            row = some[place % len(some)]
            for name, value in values.items():
                if name != "plan":
                    setattr(row, name, value)
                elif value and row.meeting is None:
                    held = {"covenant_id": covenant.id, "body_id": body_of(session, row), "deadline_id": row.id}
                    row.meeting = MeetingRow(**held, **value)
    people = session.exec(select(Person).order_by(col(Person.id))).all()
    for place in state["nameless"]:
        people[place % len(people)].name = ""
    parts = session.exec(select(DeadlineParty).where(DeadlineParty.part == "lead")).all()
    for place, by, words_beside in state["settled"]:
        part = parts[place % len(parts)]
        part.state, part.settled_at, part.settled_by, part.note = "done", at("2027-01-05"), by, words_beside
    _put_beside(session, state, covenant, people)


def _put_beside(session: Session, state: dict[str, Any], covenant: Covenant, people: Any) -> None:
    """A decision, days away and a rhythm, with and without what they may have."""
    has_more, on, old_day, undone_by = state["decision"]
    spring = session.exec(select(DeadlineRow).where(DeadlineRow.title == "Voorjaarsoverleg")).first()
    agreement = session.exec(select(AgreementRow).where(AgreementRow.covenant_id == covenant.id)).first()
    assert spring is not None
    assert agreement is not None
    session.add(
        MeetingDecision(
            covenant_id=covenant.id,
            deadline_id=spring.id,
            number=1,
            agreement_id=agreement.id if has_more else None,
            about_id=spring.id if has_more else None,
            text="Een besluit.",
            effect="nothing",
            day=on,
            old_day=old_day,
            reference="besluit 1",
            by=SECRETARY,
            at=at("2027-01-05"),
            undone_by=undone_by,
            undone_at=at("2027-01-06") if undone_by else None,
        )
    )
    deputy = people[1].id if state["away"] else None
    session.add(Absence(person_id=people[0].id, first=date(2027, 4, 5), last=date(2027, 4, 16), deputy_id=deputy))
    send_hour, per_week = state["rhythm"]
    session.add(RhythmRow(person_id=people[0].id, send_hour=send_hour, per_week=per_week, changed_at=at("2027-01-05")))


def let_know(office: Office, state: dict[str, Any]) -> None:
    """What people answered to what they were asked, and mails that came to nothing."""
    with office.database.writing() as session:
        asked = session.exec(select(ReminderRow).order_by(col(ReminderRow.id))).all()
        covenants = dict(session.exec(select(DeadlineRow.id, DeadlineRow.covenant_id)).all())
        for place, values in state["answers"] if asked else ():
            line = asked[place % len(asked)]
            session.add(
                AnswerRow(
                    covenant_id=covenants[line.deadline_id],
                    deadline_id=line.deadline_id,
                    party=line.party,
                    person_id=line.person_id,
                    at=at("2027-02-26"),
                    **values,
                )
            )
        sent = session.exec(select(Message).order_by(col(Message.id))).all()
        for place, why, bounced in state["failed"] if sent else ():
            row = sent[place % len(sent)]
            row.last_answer, row.bounced_at = why, at("2027-02-26") if bounced else None
            row.state = "sent" if bounced else "failed"


def mark_sent(office: Office, now: Any) -> None:
    with office.database.writing() as session:
        session.connection().execute(
            update(Message).where(col(Message.state) == "queued").values(state="sent", sent_at=now, next_try_at=None)
        )


def unmade(office: Office) -> list[str]:
    with office.database.reading() as session:
        return list(session.exec(select(Message.last_answer).where(Message.subject == "(niet te maken)")))


def mail_texts(office: Office) -> list[str]:
    """Subject, plain text and HTML of every mail."""
    with office.database.reading() as session:
        bodies = session.exec(select(Message.body)).all()
    found = []
    for body in bodies:
        mail = message_from_bytes(body, policy=policy.default)
        parts = [mail.get_body((kind,)) for kind in ("plain", "html")]
        found.append(" ".join([str(mail["Subject"]), *(part.get_content() for part in parts if part)]))
    return found


def has_absent_value(text: str) -> bool:
    """Whether words that people read show a value of the program in place of nothing."""
    return re.search(r"\bNone\b|Stand\.|Light\.|datetime\.|Undefined", text) is not None


def test_the_check_itself_sees_an_absent_value() -> None:
    assert has_absent_value("5.9: None (Jan)")
    assert not has_absent_value("Nonet voor blazers")
