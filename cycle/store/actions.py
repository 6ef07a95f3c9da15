"""Actions: what stays the same whatever number, words or day it gets; and the agreements that a step stands for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlmodel import Session, col, select

from cycle.domain.model import Origin
from cycle.domain.year_steps import Step, StepLinks, sources_of
from cycle.store.columns import columns
from cycle.store.ids import id_of
from cycle.store.tables import ActionRow, ActionSource


def links_of_steps(session: Session, covenant_ids: Iterable[int]) -> dict[int, dict[str, StepLinks]]:
    """What is kept of each step that a covenant has or had, by its name."""
    wanted = list(covenant_ids)
    mine = col(ActionRow.covenant_id).in_(wanted), col(ActionRow.step_name).is_not(None)
    sources: dict[int, dict[str, int]] = defaultdict(dict)
    named = select(ActionSource).join(ActionRow, col(ActionRow.id) == ActionSource.action_id).where(*mine)
    for row in session.exec(named):
        sources[row.action_id][row.named_as] = row.agreement_id
    links: dict[int, dict[str, StepLinks]] = {covenant_id: {} for covenant_id in wanted}
    for covenant_id, name, action in session.exec(
        columns(ActionRow.covenant_id, ActionRow.step_name, ActionRow.id).where(*mine)
    ):
        links[covenant_id][name] = StepLinks(action, sources.get(action, {}))
    return links


def agreements_of_steps(session: Session, covenant_id: int) -> dict[int, set[int]]:
    """The agreements that each step of a covenant stands for, by the id of its action."""
    by_action: dict[int, set[int]] = defaultdict(set)
    mine = ActionRow.covenant_id == covenant_id
    query = select(ActionSource).join(ActionRow, col(ActionRow.id) == ActionSource.action_id).where(mine)
    for row in session.exec(query):
        by_action[row.action_id].add(row.agreement_id)
    return by_action


def keep_steps(session: Session, covenant_id: int, steps: Iterable[Step]) -> None:
    """Makes an action of each step that has none, and keeps what it stands for; the covenant is locked."""
    rows = {row.step_name: row for row in _step_rows(session, covenant_id)}
    known = links_of_steps(session, [covenant_id])[covenant_id]
    new = [step for step in steps if step.name not in rows]
    made = {step.name: ActionRow(covenant_id=covenant_id, origin=Origin.STEP, step_name=step.name) for step in new}
    session.add_all(made.values())
    session.flush()
    for step in steps:
        if not step.is_linked:
            action = id_of(made.get(step.name) or rows[step.name])
            sources = known[step.name].sources if step.name in known else {}
            _keep_sources(session, action, sources, sources_of(dict(zip(step.agreements, step.keys, strict=True))))


def name_sources_anew(session: Session, action_id: int, names: Mapping[str, str]) -> None:
    """Settings come to name the agreements of a step by other numbers: `names` has the new one of each. What it leaves
    out is no source any more."""
    rows = session.exec(select(ActionSource).where(ActionSource.action_id == action_id)).all()
    named = {names[row.named_as]: row.agreement_id for row in rows if row.named_as in names}
    if named == {row.named_as: row.agreement_id for row in rows}:
        return
    for row in rows:
        session.delete(row)
    session.flush()
    session.add_all([ActionSource(action_id=action_id, named_as=new, agreement_id=key) for new, key in named.items()])
    session.flush()


def new_action(
    session: Session, covenant_id: int, origin: Origin, agreement_id: int | None, step_name: str | None = None
) -> int:
    """Makes an action; returns its id."""
    row = ActionRow(covenant_id=covenant_id, origin=origin, agreement_id=agreement_id, step_name=step_name)
    session.add(row)
    session.flush()
    return id_of(row)


def of_agreements(session: Session, covenant_id: int) -> dict[int, list[ActionRow]]:
    """All actions that the agreements of a covenant ask, by agreement, what each asks by itself first."""
    mine = ActionRow.covenant_id == covenant_id, ActionRow.origin == Origin.AGREEMENT
    asked: dict[int, list[ActionRow]] = defaultdict(list)
    for row in session.exec(select(ActionRow).where(*mine).order_by(col(ActionRow.position), col(ActionRow.id))):
        asked[row.agreement_id or 0].append(row)
    return asked


def further_of(session: Session, agreement_id: int) -> Sequence[ActionRow]:
    """The further actions under an agreement that a document still asks."""
    mine = ActionRow.agreement_id == agreement_id, ActionRow.origin == Origin.AGREEMENT
    query = select(ActionRow).where(*mine, ActionRow.position > 0, col(ActionRow.is_asked).is_(True))
    return session.exec(query.order_by(col(ActionRow.position))).all()


def _step_rows(session: Session, covenant_id: int) -> Iterable[ActionRow]:
    query = select(ActionRow).where(ActionRow.covenant_id == covenant_id, col(ActionRow.step_name).is_not(None))
    return session.exec(query)


def _keep_sources(session: Session, action_id: int, known: Mapping[str, int], wanted: Mapping[str, int]) -> None:
    for named_as in known:
        row = session.get(ActionSource, (action_id, named_as))
        if row is not None and named_as not in wanted:
            session.delete(row)
    for named_as, agreement_id in wanted.items():
        if named_as not in known:
            session.add(ActionSource(action_id=action_id, named_as=named_as, agreement_id=agreement_id))
    session.flush()
