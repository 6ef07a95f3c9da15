"""The terms of a covenant: which one runs, waits or is over, with its agreements and what came of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from cycle.domain.model import Asked, CameOf, Origin, State, TermState
from cycle.domain.text import natural
from cycle.store.ids import id_of
from cycle.store.tables import (
    ActionRow,
    ActionSuccession,
    AgreementRow,
    AgreementSuccession,
    DeadlineRow,
    ReadingRow,
    Term,
)

OF_FRAMEWORK = ("number", "theme", "topic", "text", "trekker", "leads", "source", "position", "term_id")
OF_AGENDA = ("number", "year", "topic", "text", "trekker", "leads", "date", "source")
CONTENT = (*OF_FRAMEWORK, *(f"agenda_{name}" for name in OF_AGENDA))
"""What a framework says of an agreement, and to which it belongs: the rest of it is what people did."""
ACTION_WORDS = ("topic", "text", "trekker", "leads", "date_phrase", "source")
ACTION_CONTENT = (*ACTION_WORDS, "from_agenda", "agenda_year", "is_asked")
CONTINUED = (CameOf.SAME, CameOf.CHANGED)


def of_covenant(session: Session, covenant_id: int) -> Sequence[Term]:
    """All terms of a covenant, the newest first."""
    query = select(Term).where(Term.covenant_id == covenant_id)
    rows = session.exec(query).all()
    return sorted(rows, key=lambda term: (term.state == TermState.PAST, -(term.start or date.min).toordinal()))


def term(session: Session, covenant_id: int, term_id: int) -> Term | None:
    """One term, if it is of this covenant."""
    row = session.get(Term, term_id) if 0 < term_id < 2**31 else None
    return row if row is not None and row.covenant_id == covenant_id else None


def waiting(session: Session, covenant_id: int) -> Term | None:
    """The next term of a covenant, while it waits for its first day."""
    mine = Term.covenant_id == covenant_id, Term.state == TermState.WAITING
    return session.exec(select(Term).where(*mine)).first()


def beginning(session: Session, covenant_ids: Iterable[int], today: date) -> list[Term]:
    """The waiting terms of some covenants whose first day has come."""
    mine = col(Term.covenant_id).in_(list(covenant_ids)), Term.state == TermState.WAITING
    return list(session.exec(select(Term).where(*mine, col(Term.start) <= today)))


def agreements(session: Session, term_id: int) -> list[AgreementRow]:
    """The agreements of a term, in the order in which people count."""
    rows = session.exec(select(AgreementRow).where(AgreementRow.term_id == term_id)).all()
    return sorted(rows, key=lambda row: natural(row.number))


def number_of(session: Session, agreement_id: int) -> str:
    """What an agreement is called."""
    return session.get_one(AgreementRow, agreement_id).number


def running(covenant_ids: Iterable[int]) -> Any:
    """The ids of the terms at work of some covenants, as a part of a question."""
    mine = col(Term.covenant_id).in_(list(covenant_ids))
    return select(Term.id).where(mine, Term.state == TermState.RUNNING)


def successions(session: Session, covenant_id: int) -> list[AgreementSuccession]:
    """What became of which agreement, of all terms."""
    mine = select(AgreementRow.id).where(AgreementRow.covenant_id == covenant_id)
    query = select(AgreementSuccession).where(col(AgreementSuccession.old_id).in_(mine))
    return list(session.exec(query.order_by(col(AgreementSuccession.old_id), col(AgreementSuccession.new_id))))


def choices(session: Session, term_id: int) -> list[ActionSuccession]:
    """What was said of the actions that were open when a term came."""
    query = select(ActionSuccession).where(ActionSuccession.term_id == term_id)
    return list(session.exec(query.order_by(col(ActionSuccession.action_id), col(ActionSuccession.slot))))


def dropped_deadlines(session: Session, agreement_ids: Iterable[int]) -> Sequence[DeadlineRow]:
    """What people dropped of some agreements; not what keeping the year took away."""
    mine = col(DeadlineRow.agreement_id).in_(list(agreement_ids)), DeadlineRow.state == State.DROPPED
    query = select(DeadlineRow).where(*mine, col(DeadlineRow.asked) != Asked.TAKEN)
    return session.exec(query.order_by(col(DeadlineRow.id))).all()


def open_deadlines(session: Session, agreement_ids: Iterable[int]) -> list[DeadlineRow]:
    """What is open of some agreements."""
    of_these = col(DeadlineRow.agreement_id).in_(list(agreement_ids))
    query = select(DeadlineRow).where(of_these, DeadlineRow.origin == Origin.AGREEMENT)
    rows = session.exec(query.where(DeadlineRow.state == State.OPEN).order_by(col(DeadlineRow.id))).all()
    return sorted(rows, key=lambda row: (natural(row.number), row.due or date.max, id_of(row)))


def left_open(session: Session, covenant_id: int) -> list[DeadlineRow]:
    """What is open of agreements though no framework asks it any more: somebody has yet to decide about it."""
    mine = DeadlineRow.covenant_id == covenant_id, DeadlineRow.origin == Origin.AGREEMENT
    query = select(DeadlineRow).where(*mine, DeadlineRow.state == State.OPEN, DeadlineRow.asked == Asked.KEPT)
    return list(session.exec(query.order_by(col(DeadlineRow.due), col(DeadlineRow.id))))


def identities(session: Session, term: Term) -> dict[int, list[int]]:
    """Under which ids what was done for each agreement of a term is found: its own, and of one that went on also that
    which it went on as."""
    mine = {id_of(row): [id_of(row)] for row in agreements(session, id_of(term))}
    for succession in successions(session, term.covenant_id) if term.state == TermState.PAST else ():
        if succession.old_id in mine and succession.how in CONTINUED:
            mine[succession.old_id].append(succession.new_id)
    return mine


def deadlines_of(session: Session, term: Term) -> dict[int, list[DeadlineRow]]:
    """What was to be done of each agreement of a term, by its id. Of one that went on in the next term what was due
    before that began: it bears the number of today."""
    mine, first = identities(session, term), term.start or date.min
    later = [other.start for other in of_covenant(session, term.covenant_id) if other.start and other.start > first]
    until = min(later, default=date.max)
    ids = {key for keys in mine.values() for key in keys}
    query = select(DeadlineRow).where(col(DeadlineRow.agreement_id).in_(ids))
    by_agreement: dict[int, list[DeadlineRow]] = {}
    for row in session.exec(query.order_by(col(DeadlineRow.due), col(DeadlineRow.id))):
        by_agreement.setdefault(row.agreement_id or 0, []).append(row)
    return {
        key: [row for one in keys for row in by_agreement.get(one, ()) if row.due is None or row.due < until]
        for key, keys in mine.items()
    }


def actions_of(session: Session, agreement_ids: Iterable[int]) -> dict[int, dict[int, ActionRow]]:
    """The actions of some agreements by agreement and place."""
    ids = list(agreement_ids)
    query = select(ActionRow).where(col(ActionRow.agreement_id).in_(ids), ActionRow.origin == Origin.AGREEMENT)
    by_agreement: dict[int, dict[int, ActionRow]] = {one: {} for one in ids}
    for row in session.exec(query.order_by(col(ActionRow.position))):
        by_agreement[row.agreement_id or 0][row.position] = row
    return by_agreement


def readings_of(session: Session, action_ids: Iterable[int]) -> dict[int, dict[str, ReadingRow]]:
    """The readings of some actions by action and slot."""
    ids = list(action_ids)
    by_action: dict[int, dict[str, ReadingRow]] = {one: {} for one in ids}
    query = select(ReadingRow).where(col(ReadingRow.action_id).in_(ids)).order_by(col(ReadingRow.position))
    for row in session.exec(query):
        by_action[row.action_id][row.slot] = row
    return by_action


def exchange(session: Session, pairs: Mapping[int, int]) -> None:
    """Gives agreements what the next framework says of them, and keeps what the old one said in the rows that were
    made for the new: whoever is named for an agreement, and all that was done for it, stays with it.

    `pairs` are the agreement and the row of the next term, by id. On the way no two of a term bear one number.
    """
    rows = {key: session.get_one(AgreementRow, key) for pair in pairs.items() for key in pair}
    said = {key: {name: getattr(row, name) for name in CONTENT} for key, row in rows.items()}
    for key in rows:
        rows[key].number = f"~{key}"
    session.flush()
    for old, new in pairs.items():
        for name in CONTENT:
            setattr(rows[old], name, said[new][name])
            setattr(rows[new], name, said[old][name])
    session.flush()
    for row in successions(session, next(iter(rows.values())).covenant_id) if rows else ():
        _exchange_succession(session, row, pairs)
    session.flush()


def _exchange_succession(session: Session, row: AgreementSuccession, pairs: Mapping[int, int]) -> None:
    """What became of an agreement is told of the row that has its old words now."""
    backwards = {new: old for old, new in pairs.items()}
    if row.old_id not in pairs:
        return
    old, new = pairs[row.old_id], backwards.get(row.new_id, row.new_id)
    how = row.how
    session.delete(row)
    session.flush()
    session.add(AgreementSuccession(old_id=old, new_id=new, how=how))


def exchange_actions(session: Session, old: ActionRow, new: ActionRow) -> None:
    """The same for an action and its readings, each of which keeps its slot."""
    for name in ACTION_CONTENT:
        mine, its = getattr(old, name), getattr(new, name)
        setattr(old, name, its)
        setattr(new, name, mine)
    readings = readings_of(session, [id_of(old), id_of(new)])
    leaving, coming = readings[id_of(old)], readings[id_of(new)]
    for slot, row in leaving.items():
        row.slot = f"~{slot}"
    session.flush()
    for row in coming.values():
        row.action_id, row.agreement_id = id_of(old), old.agreement_id or 0
    session.flush()
    for slot, row in leaving.items():
        row.action_id, row.agreement_id, row.slot = id_of(new), new.agreement_id or 0, slot
    session.flush()


def rehang(session: Session, action: ActionRow, agreement_id: int) -> None:
    """Gives an action to another agreement, with its readings and all that is to be done of it."""
    action.agreement_id = agreement_id
    session.add(action)
    for reading in readings_of(session, [id_of(action)])[id_of(action)].values():
        reading.agreement_id = agreement_id
    for row in session.exec(select(DeadlineRow).where(DeadlineRow.action_id == id_of(action))):
        row.agreement_id, row.agreements = agreement_id, [agreement_id]
    session.flush()
