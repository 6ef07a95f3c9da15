"""What the logbook holds, for tests: every decision with who took it, the oldest first."""

from sqlmodel import Session, col, select

from cycle.domain.words import VIA
from cycle.store.decisions import Decision
from cycle.store.tables import Actor, Fact


def decided(session: Session, about: str | None = None) -> list[Decision]:
    """All of them, or those about one thing, as the logbook calls it."""
    query = select(Fact, Actor).join(Actor, col(Actor.id) == Fact.actor_id).where(col(Fact.about).is_not(None))
    if about is not None:
        query = query.where(Fact.about == about)
    return [
        Decision(
            fact.id or 0,
            fact.covenant_id,
            fact.at,
            f"{actor.name}{VIA if actor.via else ''}{actor.via}",
            fact.verb,
            fact.about or "",
            fact.text,
        )
        for fact, actor in session.exec(query.order_by(col(Fact.id)))
    ]
