"""What people let know from their mail, and what the secretariat writes down for them."""

from datetime import date, timedelta
from random import Random

from sqlmodel import col, select

from cycle.actions.answers import TypedReply, answer_page, keep_answer, read_reply
from cycle.actions.answers.answering.behalf import SAID, answer_for
from cycle.actions.answers.rounds.progress import make_snapshot
from cycle.actions.office.answer_links import Correction, Mail, answer_url, correction_url
from cycle.domain.answering import Stand
from cycle.store.tables import AnswerRow, Covenant, DeadlineRow, Message, Person, ReminderRow
from tests.conftest import own_signer
from tests.simulation.acts.base import SENTENCES, Act, Data, any_slug, by_of, maybe
from tests.simulation.table import Skip, Table

STANDS = [stand.value for stand in Stand]


def typed_words(dice: Random, stand: str, table: Table) -> Data:
    """The fields of the form, each absent as often as not."""
    return {
        "stand": stand,
        "sentence": maybe(dice, dice.choice(SENTENCES)),
        "next_on": maybe(dice, (table.today + timedelta(dice.randint(0, 200))).isoformat()),
        "at_risk": maybe(dice, "ja"),
        "later": dice.choice(["", "", "first", "last"]),
        "name": maybe(dice, "Jan"),
    }


def let_know(table: Table, url: str, deadline: str, party: str, typed: Data) -> bool:
    """Opens a link as its reader does, fills in the form of one row, and sends it."""
    signed = url.rpartition("/")[2]
    page = answer_page(table.office, signed, table.now)
    number = table.deadline(deadline).id
    row = next((one for one in page.rows if (one.deadline, one.party) == (number, party)), None)
    if row is None or not row.stands:
        raise Skip
    days = {"first": row.days[:1], "last": row.days[-1:]}.get(typed.pop("later", ""), ())
    fields = TypedReply(**typed, not_before="".join(day.isoformat() for day in days))
    reply, _faults = read_reply(fields, row, table.today)
    if reply is None:
        raise Skip
    return keep_answer(table.office, page, row, reply, table.now).is_new


class Answer(Act):
    weight = 12

    def choose(self, table: Table, dice: Random) -> Data | None:
        recent = (Message.kind == "digest", Message.state == "sent", Message.on >= table.today - timedelta(40))
        query = (
            select(ReminderRow, Person.name, DeadlineRow, Covenant.slug)
            .join(Message, col(Message.id) == ReminderRow.message_id)
            .join(Person, col(Person.id) == ReminderRow.person_id)
            .join(DeadlineRow, col(DeadlineRow.id) == ReminderRow.deadline_id)
            .join(Covenant, col(Covenant.id) == DeadlineRow.covenant_id)
            .where(*recent)
            .order_by(col(ReminderRow.id))
        )
        lines = table.all(query)
        if not lines:
            return None
        line, name, row, _slug = dice.choice(lines)
        words = typed_words(dice, dice.choice(["", *STANDS]), table)
        return {"person": name, "on": line.on.isoformat(), "deadline": table.ref(row.id), "party": line.party} | words

    def carry_out(self, table: Table, *, person: str, on: str, deadline: str, party: str, **typed: str) -> bool:
        who = table.person(person).id or 0
        signer = own_signer(table.office, who)
        url = answer_url(table.office.settings, signer, Mail(who, date.fromisoformat(on)))
        return let_know(table, url, deadline, party, typed)


class Correct(Act):
    """By the link in the mail that confirms an answer."""

    weight = 2

    def choose(self, table: Table, dice: Random) -> Data | None:
        query = (
            select(AnswerRow, Person.name, DeadlineRow, Covenant.slug)
            .join(Person, col(Person.id) == AnswerRow.person_id)
            .join(DeadlineRow, col(DeadlineRow.id) == AnswerRow.deadline_id)
            .join(Covenant, col(Covenant.id) == DeadlineRow.covenant_id)
            .order_by(col(AnswerRow.id))
        )
        given = table.all(query)
        if not given:
            return None
        answer, name, row, _slug = dice.choice(given)
        words = typed_words(dice, dice.choice(STANDS), table)
        return {"person": name, "deadline": table.ref(row.id), "party": answer.party} | words

    def carry_out(self, table: Table, *, person: str, deadline: str, party: str, **typed: str) -> bool:
        who, number = table.person(person).id or 0, table.deadline(deadline).id or 0
        signer, what = own_signer(table.office, who), Correction(who, number, party)
        return let_know(table, correction_url(table.office.settings, signer, what, table.today), deadline, party, typed)


class AnswerFor(Act):
    weight = 2

    def choose(self, table: Table, dice: Random) -> Data | None:
        slug = any_slug(dice)
        rows = table.refs(Covenant.slug == slug, DeadlineRow.state == "open")
        if not rows:
            return None
        party = dice.choice(sorted(table.view(slug).party_names))
        return {
            "deadline": dice.choice(sorted(rows)),
            "party": party,
            "stand": dice.choice(SAID).value,
            "sentence": maybe(dice, dice.choice(SENTENCES)),
            "name": "Piet (telefonisch)",
        }

    def carry_out(self, table: Table, *, deadline: str, party: str, stand: str, sentence: str, name: str) -> bool:
        row, by = table.deadline(deadline), by_of(deadline.partition(":")[0])
        answer_for(table.office, row.id or 0, party, Stand(stand), sentence, name, table.now, by=by)
        return True


class Snapshot(Act):
    weight = 0.7

    def choose(self, table: Table, dice: Random) -> Data:
        return {"covenant": any_slug(dice), "back": dice.choice([None, 0, 1, 10])}

    def carry_out(self, table: Table, *, covenant: str, back: int | None) -> bool:
        on = None if back is None else table.today - timedelta(back)
        words = make_snapshot(table.office, covenant, on, table.now, by=by_of(covenant))
        return words.startswith("Bewaard")
