"""The works of the secretariat: the register, the letter, mails that wait, and letting a table go."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from sqlmodel import col, select

from cycle.actions import letters
from cycle.actions.deadlines.deciding.closing import release
from cycle.actions.mails.morning.draft_approval import drafts_to_release, release_drafts
from cycle.actions.post.halts import outbox_decisions
from cycle.actions.register.reading_in.importing import import_files
from cycle.store.outbox import standstill
from cycle.store.tables import Covenant, Message
from tests.simulation.acts.base import Act, Data, any_slug, by_of
from tests.simulation.table import HULST, TERNEUZEN, Table

PHRASES = ("", "najaar 2027", "uiterlijk 1 juli 2028", "jaarlijks", "voor de zomer", "in 2027 | in 2028", "2x per jaar")
LEADS = ("Gemeente", "Corporaties", "Corporaties en gemeente", "Huurdersorganisaties", "")
NUMBERS = {
    TERNEUZEN: ("1.1.2", "1.1.4", "1.1.8", "1.1.12", "1.2.2", "2.5", "3.2", "4.2", "5.3", "5.9"),
    HULST: ("1.1", "1.2", "1.3", "2.1"),
}
CELLS = ("termijnen", "agenda_datum", "agenda_termijnen")


class Reimport(Act):
    """The register comes back with one cell changed, emptied, or as it was (None)."""

    weight = 4

    def choose(self, table: Table, dice: Random) -> Data:
        slug = any_slug(dice)
        number = dice.choice(NUMBERS[slug])
        changed = [key for key in table.register if key[0] == slug]
        if changed and dice.random() < 0.4:
            _slug, number, cell = dice.choice(changed)
            return {"covenant": slug, "number": number, "cell": cell, "to": None}
        if dice.random() < 0.3:
            return {
                "covenant": slug,
                "number": number,
                "cell": dice.choice(["trekker", "agenda_trekker"]),
                "to": dice.choice(LEADS),
            }
        return {"covenant": slug, "number": number, "cell": dice.choice(CELLS), "to": dice.choice(PHRASES)}

    def carry_out(self, table: Table, *, covenant: str, number: str, cell: str, to: str | None) -> bool:
        key = covenant, number, cell
        if to is None:
            table.register.pop(key, None)
        else:
            table.register[key] = to
        file = table.register_file(covenant)
        report = import_files(table.office, [file], covenant, table.now, by=by_of(covenant), yes=True)
        return report.differences.any


class Release(Act):
    weight = 1

    def choose(self, table: Table, dice: Random) -> Data | None:
        held = table.all(select(Covenant.slug).where(col(Covenant.released_at).is_(None)))
        return {"covenant": held[0]} if held and dice.random() < 0.3 else None

    def carry_out(self, table: Table, *, covenant: str) -> bool:
        return release(table.office, covenant, table.now, by=by_of(covenant)).changed


class LetDraftsGo(Act):
    weight = 3

    def choose(self, table: Table, dice: Random) -> Data | None:
        return {"covenant": HULST} if table.all(select(Message.id).where(Message.state == "draft")) else None

    def carry_out(self, table: Table, *, covenant: str) -> bool:
        drafts = drafts_to_release(table.office, covenant=covenant)
        return release_drafts(table.office, drafts, table.now, by=by_of(covenant)).mails > 0


class Letter(Act):
    """One step in the life of the invitation letter, in any order."""

    weight = 2

    def choose(self, table: Table, dice: Random) -> Data:
        step = dice.choice(["text", "approve", "withdraw", "send", "elsewhere", "undo elsewhere"])
        year = table.today.year + (table.today.month > 6)
        return {"covenant": any_slug(dice), "step": step, "year": year, "back": dice.choice([0, 0, 3, 10])}

    def carry_out(self, table: Table, *, covenant: str, step: str, year: int, back: int) -> bool:
        office, now, by = table.office, table.now, by_of(covenant)
        if step == "text":
            first, *rest = letters.draft_of(office, covenant, year, now).texts.written
            written = [replace(first, text=f"Eigen woorden van {table.today}."), *rest]
            return letters.save_texts(office, covenant, year, written, now, by=by)
        if step == "approve":
            return letters.approve(office, covenant, year, now, by=by).changed
        if step == "withdraw":
            return letters.withdraw(office, covenant, year, now, by=by)
        if step == "send":
            return letters.send(office, covenant, year, now, by=by).changed
        if step == "elsewhere":
            day = table.today - timedelta(back)
            return letters.sent_elsewhere(office, covenant, year, day, now, by=by, words="per post").changed
        return letters.undo_elsewhere(office, covenant, year, now, by=by)


class Post(Act):
    """The secretariat does something with one mail of the outbox."""

    weight = 2

    def choose(self, table: Table, dice: Random) -> Data | None:
        there = col(Message.state).in_(["queued", "draft", "held", "failed"])
        rows = table.all(select(Message).where(there).order_by(col(Message.id)))
        if not rows:
            return None
        row = dice.choice(rows)
        fits = ["send now", "hold", "discard"] if row.state in ("queued", "draft") else ["retry", "retry", "discard"]
        return {"message": table.message_ref(row), "what": dice.choice(fits)}

    def carry_out(self, table: Table, *, message: str, what: str) -> bool:
        row, by = table.message(message), by_of(TERNEUZEN)
        ways = {
            "retry": outbox_decisions.retry,
            "send now": outbox_decisions.send_now,
            "hold": outbox_decisions.hold,
            "discard": outbox_decisions.discard,
        }
        ways[what](table.office, row.id or 0, table.now, by=by)
        if what == "retry":  # a person takes it upon them that it goes twice
            table.memory["copies"].pop(row.message_id, None)
        return row.state != {"retry": "queued", "hold": "held", "discard": "discarded"}.get(what)


class Resume(Act):
    """The operator lets sending and planning go on."""

    weight = 12

    def choose(self, table: Table, dice: Random) -> Data | None:
        with table.reading() as session:
            return {} if standstill.pauses(session) else None

    def carry_out(self, table: Table) -> bool:
        with table.reading() as session:
            is_paused = bool(standstill.pauses(session))
        outbox_decisions.resume(table.office, table.now, by="beheer@cycle.example")
        return is_paused
