"""A person erased (AVG, article 17): what names them goes from every table, and the chains of facts still hold.

That something was done, and when, stays; who it was does not. Their row stays too, for others point at it, under
another name. What they sent along with an answer or wrote back by mail goes whole: nobody knows what it says inside.
It goes past the mapper, for a fact of it would hold the very name that goes; each chain says that facts
of it were erased. What was sent as a document, the PDF of a letter, stays as it is.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from email import message_from_bytes, policy
from secrets import token_hex
from typing import Any, NamedTuple

from sqlalchemy import JSON, Connection, String, Table, cast, delete, func, or_, update
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Session, SQLModel, col, select

from cycle.domain.model import ActorKind
from cycle.store import chains, happened
from cycle.store.columns import columns
from cycle.store.facts import ACTOR, values_in
from cycle.store.ids import id_of
from cycle.store.noticing import untold
from cycle.store.outbox.labels import DISCARDED, HELD, QUEUED
from cycle.store.tables import (
    Absence,
    Actor,
    AnswerFile,
    AnswerRow,
    Covenant,
    Fact,
    FactHead,
    FeedLink,
    Installation,
    MailReply,
    Message,
    PartyRow,
    Person,
    ReminderRow,
    RhythmRow,
    Word,
)
from cycle.store.touching import make_old

NOBODY_ANY_MORE = "gewist"
"""What stands where somebody was named."""

_UNTOUCHED = frozenset({Fact.__tablename__, FactHead.__tablename__, Installation.__tablename__})
_WHY = untold("a fact of it would hold what is erased")


class Callings(NamedTuple):
    """What somebody is or was called, as far as nobody else is called that. A name of one word may be any word; it goes
    only where it stands by itself."""

    words: tuple[str, ...]

    def pattern(self) -> re.Pattern[str]:
        inside = [one for one in self.words if "@" in one or " " in one]
        whole = [rf"\A{re.escape(one)}\Z" for one in self.words]
        return re.compile("|".join([*whole, *(rf"(?<![\w.@-]){re.escape(one)}(?![\w@-])" for one in inside)]), re.I)


def names_of(session: Session, person: Person) -> Callings:
    """What names this person and nobody else: now, as they were called before, and as one who did something."""
    number = id_of(person)
    told = happened.changes_of(session, None, {"person": [number]})
    called = [
        one[name] for change in told for one in (change.old, change.new) for name in ("email", "name") if name in one
    ]
    acted = session.exec(select(Actor.name).where(Actor.person_id == number, Actor.kind != ActorKind.CLOCK))
    others = session.exec(select(Person).where(Person.id != person.id)).all()
    taken = {
        *(word for other in others for word in (other.email, other.name)),
        *session.exec(select(PartyRow.name)),
        *session.exec(select(Covenant.name)),
        *session.exec(select(Covenant.municipality)),
        NOBODY_ANY_MORE,
    }
    words = dict.fromkeys([person.email, person.name, *called, *acted])
    return Callings(tuple(word for word in words if word and word not in taken))


def erase(session: Session, person: Person, now: datetime, by: str) -> int:
    """Takes whoever this was out of every table; returns how many facts lost their words. The act says so itself."""
    names, connection, number = names_of(session, person), session.connection(), id_of(person)
    _empty_mails(connection, number, names)
    for kind in (Absence, RhythmRow):
        theirs = delete(kind).where(col(kind.person_id) == number)
        connection.execute(theirs.execution_options(**_WHY))
    told = select(ReminderRow.message_id).where(ReminderRow.person_id == number)
    is_theirs = (col(MailReply.person_id) == number) | col(MailReply.message_id).in_(told)
    connection.execute(delete(MailReply).where(is_theirs).execution_options(**_WHY))
    given = columns(AnswerRow.id).where(col(AnswerRow.person_id) == number)
    came_with = delete(AnswerFile).where(col(AnswerFile.answer_id).in_(given))
    connection.execute(came_with.execution_options(**_WHY))
    ended = update(FeedLink).where(col(FeedLink.person_id) == number, col(FeedLink.revoked_at).is_(None))
    connection.execute(ended.values(revoked_at=now, leaked=True))
    facts = _facts_naming(session, number, names)
    _rename(connection, person, names)
    for table in SQLModel.metadata.sorted_tables:
        if table.name not in _UNTOUCHED:
            _replace_in(connection, table, names)
    chains.erase(session, facts, now, by)
    session.expire_all()
    for covenant in session.exec(select(Covenant)).all():
        make_old(session, id_of(covenant))
    return len(facts)


def _rename(connection: Connection, person: Person, names: Callings) -> None:
    """The row of the person, and of them as one who did something."""
    number = id_of(person)
    become = {"name": f"{NOBODY_ANY_MORE} {number}", "email": f"{NOBODY_ANY_MORE}-{number}@cycle.invalid"}
    mine = update(Person).where(col(Person.id) == number).execution_options(**_WHY)
    connection.execute(mine.values(**become, undeliverable_since=None, hard_bounces=0, seal_mark=token_hex(8)))
    is_theirs = col(Actor.name).in_(names.words)
    actors = update(Actor).where((col(Actor.person_id) == number) | is_theirs)
    connection.execute(actors.values(name=NOBODY_ANY_MORE, via=""))


def _empty_mails(connection: Connection, person_id: int, names: Callings) -> None:
    """What waits for them goes to nobody, and the words of all mails to or about them go."""
    waits = update(Message).where(col(Message.person_id) == person_id, col(Message.state).in_((QUEUED, HELD)))
    connection.execute(waits.values(state=DISCARDED, next_try_at=None))
    is_theirs = (col(Message.person_id) == person_id) | col(Message.to).in_(names.words)
    connection.execute(update(Message).where(is_theirs).values(body=b"", to=NOBODY_ANY_MORE, envelope_from=""))
    made = connection.execute(columns(Message.id, Message.body).where(col(Message.body) != b""))
    about = [number for number, body in made if _is_named_in(body, names)]
    connection.execute(update(Message).where(col(Message.id).in_(about)).values(body=b""))


def _is_named_in(body: bytes, names: Callings) -> bool:
    message = message_from_bytes(body, policy=policy.default)
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    told = "\n".join([*(str(value) for value in message.values()), *parts]).casefold()
    return any(word.casefold() in told for word in names.words)


def _facts_naming(session: Session, person_id: int, names: Callings) -> list[int]:
    """Facts that tell who this was: those about them, and those that name them."""
    theirs = _things_of(session, person_id)
    is_about = [(col(Fact.subject) == subject) & col(Fact.subject_id).in_(ids) for subject, ids in theirs.items()]
    is_named = [_has(cast(column, String), word) for column in (Fact.text, Fact.old, Fact.new) for word in names.words]
    query = columns(Fact.id, Fact.subject, Fact.subject_id, Fact.text, Fact.old, Fact.new)
    query = query.where(or_(*is_about, *is_named), col(Fact.salt) != "").order_by(col(Fact.id))
    pattern, facts = names.pattern(), list[int]()
    for row in session.connection().execute(query):
        is_theirs = row.subject_id in theirs.get(row.subject, ())
        if is_theirs or any(pattern.search(word) for text in row[3:] for word in _texts_in(text)):
            facts.append(row.id)
    return facts


def _things_of(session: Session, person_id: int) -> dict[str, set[int]]:
    """What is of nobody else, by what facts call it and its numbers: also days away that were struck out since."""
    away = columns(Fact.subject_id, Fact.old, Fact.new).where(Fact.subject == "absence")
    told = [(row.subject_id, {**values_in(row.old), **values_in(row.new)}) for row in session.exec(away)]
    return {
        "person": {person_id},
        "rhythm": {person_id},
        ACTOR: {id_of(row) for row in session.exec(select(Actor).where(Actor.person_id == person_id))},
        "absence": {number for number, values in told if values.get("person_id") == person_id},
        "answer_file": {id_of(row) for row in session.exec(select(AnswerRow).where(AnswerRow.person_id == person_id))},
    }


def _replace_in(connection: Connection, table: Table, names: Callings) -> None:
    """The names in each text of a table, in lists and tables of texts too."""
    holding = [one for one in table.columns if _holds_text(one.type)]
    wanted = [_has(cast(one, String), word) for one in holding for word in names.words]
    if not wanted:
        return
    pattern, keys = names.pattern(), list(table.primary_key)
    for row in connection.execute(table.select().where(or_(*wanted))).mappings().all():
        values = {one.key: _without(row[one.key], pattern) for one in holding}
        changed = {name: value for name, value in values.items() if value != row[name]}
        mine = update(table).where(*(key == row[key.key] for key in keys)).execution_options(**_WHY)
        if changed:
            connection.execute(mine.values(changed))


def _holds_text(kind: TypeEngine[Any]) -> bool:
    kept_as = kind.impl if isinstance(kind, TypeDecorator) else kind
    return isinstance(kept_as, String | JSON) and not isinstance(kind, Word)


def _has(column: Any, word: str) -> Any:
    """Whether a text holds a word, also as JSON writes it."""
    forms = {word.lower(), json.dumps(word)[1:-1].lower(), json.dumps(word, ensure_ascii=False)[1:-1].lower()}
    return or_(*(func.lower(column).contains(form, autoescape=True) for form in forms))


def _without(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(NOBODY_ANY_MORE, value)
    if isinstance(value, dict):
        return {pattern.sub(NOBODY_ANY_MORE, key): _without(one, pattern) for key, one in value.items()}
    return [_without(one, pattern) for one in value] if isinstance(value, list) else value


def _texts_in(text: str) -> Iterator[str]:
    yield text
    try:
        held = json.loads(text) if text else None
    except ValueError:
        return
    yield from _words_in(held)


def _words_in(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        return [value]
    inner: Sequence[Any] = [*value, *value.values()] if isinstance(value, dict) else value
    return [word for one in inner for word in _words_in(one)] if isinstance(value, dict | list) else []
