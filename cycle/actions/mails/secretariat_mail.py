"""What the secretariat's own mail brings beside its lines: mails that wait for its approval, and the weekly overview.

Both fold into the one reminder mail of that day. Without lines there is a mail for them alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from cycle.actions.mails import draft_approval
from cycle.actions.mails.digests import NOTHING, Extras
from cycle.actions.mails.draft_approval import WaitingMail
from cycle.actions.mails.overview import overview_parts, week_of
from cycle.actions.office.covenant_view import CovenantView
from cycle.actions.office.office import Office
from cycle.actions.office.rhythms import mail_moment
from cycle.actions.office.unmade import Troubles
from cycle.domain.addressing import Members
from cycle.domain.planning import Digest
from cycle.domain.rhythm import Rhythms
from cycle.domain.seeing import may_see
from cycle.mail.fields import OverviewPart, Say
from cycle.store import covenants, outbox
from cycle.store.database import Session
from cycle.store.outbox import WaitingDraft
from cycle.store.tables import DeadlineRow

OVERVIEW = "overview"
"""The name of the beat that says that today's overviews went."""


@dataclass(frozen=True, slots=True)
class OfficeMail:
    """What the mails of one round get beside their lines; whose mails wait, and mails without lines."""

    extras: Mapping[int, Extras]
    drafted: frozenset[int]
    more: tuple[Digest, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known in a round: covenants, rhythms, the drafts that stay as they are, and who was let go.

    `troubles` takes what fails for one covenant or reader.
    """

    today: date
    found: Mapping[int, CovenantView]
    rhythms: Rhythms
    drafts: Sequence[WaitingDraft]
    kept: Sequence[WaitingDraft]
    let_go: frozenset[int]
    readers: frozenset[int]
    troubles: Troubles


def gather(
    session: Session,
    office: Office,
    scene: Scene,
    going: Sequence[Digest],
    rows: Mapping[int, DeadlineRow],
    now: datetime,
) -> OfficeMail:
    """What the mails of this round get, and which of them wait."""
    wait = {digest.person: _waits_for(digest, rows, scene) for digest in going}
    drafted = {person: about for person, about in wait.items() if about and person not in scene.let_go}
    waiting = [
        WaitingMail(person, draft_approval.goes_at(office, scene.drafts, person, now), about)
        for person, about in drafted.items()
    ]
    extras = _draft_notices(session, office, scene, [*waiting, *_still_waiting(session, scene)], now)
    told = [person for person in extras if mail_moment(office.settings, scene.rhythms, person, scene.today) <= now]
    has_mail = {digest.person for digest in going}
    for digest in going:
        if digest.has_overview:
            extras[digest.person] = _with_overview(session, office, scene, digest.person, extras, now)
    more = tuple(Digest(person, scene.today, ()) for person in told if person not in has_mail)
    return OfficeMail(extras, frozenset(drafted), more)


def is_overview_due(session: Session, office: Office, today: date) -> bool:
    """Whether today's overviews have yet to go."""
    settings = office.settings
    if not Rhythms(settings.work_calendar, overview_day=settings.overview_day).is_overview_day(today):
        return False
    last = outbox.beats(session).get(OVERVIEW)
    return last is None or last.astimezone(settings.zone).date() != today


def note_overview(office: Office, now: datetime) -> None:
    """Today's overviews went."""
    with office.database.writing() as session:
        outbox.beat(session, OVERVIEW, now)


def readers(found: Iterable[CovenantView], rhythms: Rhythms, today: date) -> frozenset[int]:
    """Who gets the overview: the secretariat of each covenant that is released, unless it stopped it."""
    live = [one for one in found if may_see(one.row.released_at) and one.policy.live_since <= today]
    secretaries = {_secretary(one, today) for one in live}
    return frozenset(secretaries) - rhythms.no_overview - {0}


def kept_by(found: Iterable[CovenantView], person: int, today: date) -> tuple[CovenantView, ...]:
    """The covenants whose secretariat this person keeps today."""
    seated = (one for one in found if any(member.person == person for member in one.members))
    return tuple(one for one in seated if _secretary(one, today) == person)


def _waits_for(digest: Digest, rows: Mapping[int, DeadlineRow], scene: Scene) -> frozenset[int]:
    """The covenants that a mail waits for; when that cannot be told it waits for a person to look."""
    with scene.troubles.about(0, f"het akkoord op de mail aan persoon {digest.person}"):
        return draft_approval.waits(digest, rows, scene.found)
    return frozenset(scene.found)


def _with_overview(
    session: Session, office: Office, scene: Scene, person: int, extras: Mapping[int, Extras], now: datetime
) -> Extras:
    """The overview beside what the mail brings already. One that cannot be made says so in its own place."""
    say = office.wording.say
    here = [one for one in kept_by(scene.found.values(), person, scene.today) if may_see(one.row.released_at)]
    before, parts = extras.get(person, NOTHING), unmade_overview(say)
    with scene.troubles.about(here[0].id if here else 0, "het weekoverzicht"), session.begin_nested():
        parts = overview_parts(session, here, week_of(session, here, now), scene.today, say)
    about = tuple(sorted({*before.covenants, *(one.id for one in here)}))
    return replace(before, covenants=about, overview=parts)


def _draft_notices(
    session: Session, office: Office, scene: Scene, waiting: Sequence[WaitingMail], now: datetime
) -> dict[int, Extras]:
    """Each secretariat is told for whom a mail waits."""
    told = draft_approval.by_secretary(office, waiting, scene.found, now)
    people = covenants.people(session, (one.person for one in waiting))
    found = {}
    for person, several in told.items():
        about = tuple(sorted({key for one in several for key in one.covenants}))
        found[person] = Extras(about, (office.wording.say("drafts.unmade"),))
        with scene.troubles.about(about[0], "de lijst van mails die op akkoord wachten"):
            names = tuple(f"{people[one.person].name} ({people[one.person].email})" for one in several)
            first = min(one.goes_at for one in several)
            found[person] = Extras(about, names, draft_approval.until_words(office, first, now))
    return found


def unmade_overview(say: Say) -> tuple[OverviewPart, ...]:
    """What stands where an overview could not be made."""
    return (OverviewPart(title=say("overview.unmade-title"), lines=[say("overview.unmade")]),)


def _still_waiting(session: Session, scene: Scene) -> list[WaitingMail]:
    about = outbox.covenants_of(session, [one.id for one in scene.kept]) if scene.kept else {}
    return [WaitingMail(one.person, one.goes_at, frozenset(about.get(one.id, ()))) for one in scene.kept]


def _secretary(here: CovenantView, today: date) -> int:
    member = Members(here.members, today).secretariat()
    return member.person if member else 0
