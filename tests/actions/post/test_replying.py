"""What people write back: kept once, for a person to take over; what is a machine's or not ours is kept nowhere."""

from pathlib import Path

import pytest
from sqlmodel import select

from cycle.actions.answers.answering.taking_over import put_aside, take_over
from cycle.actions.office.office import Office
from cycle.actions.service.watch import clock_work
from cycle.domain.answering import Stand
from cycle.errors import NotFound, Refused
from cycle.store import answers, replies
from cycle.store.ids import id_of
from cycle.store.tables import AnswerRow, DeadlineParty, MailReply, Message
from tests.actions.mailbox import act, at
from tests.actions.service.test_watching import with_settings
from tests.mail.test_written_back import mail

ASKED, NOW = at("2027-02-25"), at("2027-02-26", 10)
CLAVIS, OFFICE = "strategie@clavis.example", "secretariaat@terneuzen.example"


@pytest.fixture
def asked(example: Office) -> tuple[Office, Message, Path]:
    """The round was asked; a mail of it, and the folder that replies come into."""
    office = with_settings(example, "mail", replies="var/antwoorden")
    folder = office.settings.path("var/antwoorden") / "new"
    folder.mkdir(parents=True)
    act(office, ASKED)
    with office.database.reading() as session:
        message = session.exec(select(Message).where(Message.to == CLAVIS)).one()
    return office, message, folder


def kept(office: Office) -> list[tuple[str, str, str]]:
    with office.database.reading() as session:
        return [(one.sender, one.words, one.came_of) for one in session.exec(select(MailReply).order_by(MailReply.id))]


def put(folder: Path, name: str, message: Message, words: str, **more: str) -> None:
    thread = {"In_Reply_To": message.message_id, "References": "", "Message_ID": f"<{name}@clavis.example>"}
    (folder / name).write_bytes(mail(words, **(thread | more)))


def test_a_reply_is_kept_once_without_links_and_the_rest_of_the_mailbox_stays(asked) -> None:
    office, message, folder = asked
    put(folder, "1", message, "Oranje: zie https://x.nl/y\n\nOp do schreef S <s@t.nl>:\n> Hoe?")
    put(folder, "2", message, "Ik ben er niet.", Auto_Submitted="auto-replied")
    put(folder, "3", message, "Reclame", In_Reply_To="<iets@anders.example>")

    rounds = [clock_work.replies_round(office, NOW) for _ in range(2)]

    assert [(one.ours, one.new, one.automatic) for one in rounds] == [(2, 1, 1), (1, 0, 1)]
    assert kept(office) == [("jan@clavis.example", "Oranje: zie", "")]
    assert sorted(file.name for file in folder.iterdir()) == ["2", "3"]
    put(folder, "4", message, "Nog eens", Message_ID="<1@clavis.example>")  # the very mail, from another folder
    assert clock_work.replies_round(office, NOW).new == 0


def test_a_reply_becomes_an_answer_when_a_person_takes_it_over_and_never_by_itself(asked) -> None:
    office, message, folder = asked
    put(folder, "1", message, "Rood: de aannemer is failliet.")
    put(folder, "2", message, "Bedankt!")
    clock_work.replies_round(office, NOW)
    with office.database.reading() as session:
        line = answers.lines_of_mail(session, message.id)[0]
        first, second = [id_of(one) for one in replies.waiting(session, 1)]
        assert session.exec(select(AnswerRow)).all() == []
    about = (line.deadline, line.party)

    with pytest.raises(NotFound):
        take_over(office, 1, first, (line.deadline, "gemeente"), Stand.RED, "x", NOW, by=OFFICE)
    take_over(office, 1, first, about, Stand.RED, "De aannemer is failliet.", NOW, by=OFFICE)
    put_aside(office, 1, second, NOW, by=OFFICE)

    with pytest.raises(Refused):
        put_aside(office, 1, first, NOW, by=OFFICE)
    with office.database.reading() as session:
        given = answers.history(session, [line.deadline])[about][0]
        part = session.exec(
            select(DeadlineParty.light).where(DeadlineParty.deadline_id == line.deadline, DeadlineParty.light == "rood")
        ).all()
        assert replies.waiting(session, 1) == []
    assert (given.stand, given.sentence, given.person_id) == (Stand.RED, "De aannemer is failliet.", message.person_id)
    assert given.name == f"per mail, overgenomen door {OFFICE}"
    assert len(part) == 1
    assert [came_of for *_words, came_of in kept(office)] == ["overgenomen", "weggelegd"]
    clock_work.empty_old_bodies(office, at("2027-07-01"))
    assert kept(office) == []
