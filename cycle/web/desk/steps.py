"""Het jaar van deze tafel: which steps it has, a form for each, and what changes before it is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from cycle.actions.deadlines.deciding.rung_lines import EXAMPLE, words_to_choose
from cycle.actions.deadlines.deciding.steps import YearWish, change_year, name_for, names_taken
from cycle.actions.mails.rehearsal.year_tried import try_year
from cycle.actions.office.covenant_view import CovenantView
from cycle.actions.office.versions import version_of
from cycle.domain.ladders import Ladder
from cycle.domain.step_words import EVERY_WORDS, moment_words
from cycle.domain.words import day_words, joined
from cycle.domain.year_steps import Step, linked
from cycle.errors import Changed, CycleError, NotFound, SettingsError
from cycle.settings import StepSettings
from cycle.settings.library import library
from cycle.store import actions as step_actions
from cycle.store import covenants, register, standing_bodies
from cycle.store.database import Session
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.step_forms import (
    BODIES,
    FIELD_OF,
    KINDS,
    LADDERS,
    MANY,
    MOMENTS,
    YearOfTable,
    agreement_options,
    first_fields,
    party_options,
    usual_ladders,
    wished_fields,
    year_options,
)
from cycle.web.desk.visiting import NOT_HERE, DeskRequest, ForSecretariat, desk_router
from cycle.web.once import NOT_CONTENT, asks_again
from cycle.words import LADDER_KINDS

router = desk_router()
ENTRY = None
PAGE = "jaar/stappen"


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step in the list, in words."""

    name: str
    title: str
    kind: str
    when: str
    leads: str
    participants: str
    ladder: str
    ground: str
    only: str
    is_off: bool


@router.api_route("/jaar/stappen", methods=["GET", "HEAD"])
def listed(at: ForSecretariat) -> Response:
    """Every step that this table has, and what it may add."""
    return _list(at)


@router.post("/jaar/stappen/erbij")
def add(at: ForSecretariat) -> Response:
    """Steps from the library, or those of a whole set."""
    typed = at.typed()
    offered = {name for one in library().sets.values() for name in one.steps}
    chosen = [name for name in typed.all("stap") if name in offered]
    for key in typed.all("verzameling"):
        chosen += library().sets[key].steps if key in library().sets else ()
    if not chosen:
        typed.wrong("stap", "Vink een of meer stappen aan.")
        return _list(at, typed, status=422)
    return ask_first(at, typed, YearWish(chosen=tuple(dict.fromkeys(chosen))), f"{PAGE}/erbij", _list)


@router.api_route("/jaar/stappen/nieuw", methods=["GET", "HEAD"])
def ask_new(at: ForSecretariat) -> Response:
    """An empty form for a step of its own."""
    return _form(at, "")


@router.post("/jaar/stappen/nieuw")
@asks_again
def save_new(at: ForSecretariat) -> Response:
    """A step of its own; its short name is made of its title."""
    typed, table = at.typed(), _table(at)
    name = name_for(typed["titel"], names_taken(table.view, at.office.settings))
    if typed["titel"].casefold() in {title.casefold() for title in table.titles.values()}:
        typed.wrong("titel", "Er is al een stap met deze naam. Pas die aan, of kies een andere naam.")
    return _save(at, table, name, typed, "nieuw")


@router.api_route("/jaar/stappen/{step}", methods=["GET", "HEAD"])
def ask(at: ForSecretariat, step: str) -> Response:
    """The form of one step."""
    return _form(at, step)


@router.post("/jaar/stappen/{step}")
def save(at: ForSecretariat, step: str) -> Response:
    """First shows what will change, then keeps it."""
    table = _table(at)
    if step not in table.view.settings.steps:
        raise NotFound(*NOT_HERE)
    return _save(at, table, step, at.typed(), step)


def _save(at: DeskRequest, table: YearOfTable, name: str, typed: DeskForm, page: str) -> Response:
    def show(at: DeskRequest, typed: DeskForm, changed: Changed | None = None, status: int = 422) -> Response:
        return _form(at, "" if page == "nieuw" else name, typed, changed, status)

    fields = wished_fields(at, table, name, typed)
    if not typed.is_right:
        return show(at, typed)
    return ask_first(at, typed, YearWish({name: fields}), f"{PAGE}/{page}", show)


def ask_first(
    at: DeskRequest, typed: DeskForm, wish: YearWish, path: str, show: Callable[..., Response], back: str = PAGE
) -> Response:
    """Shows what a wish changes, or keeps it once that was seen; `show` is the form again, `back` where it leads."""
    if typed["terug"]:
        return show(at, typed, status=200)
    try:
        if typed["zeker"] != "ja":
            return _before(at, typed, wish, path)
        settled = change_year(at.office, at.covenant_id, wish, at.now, by=at.by, version=typed["version"])
    except Changed as changed:
        return show(at, typed, changed, 409)
    except SettingsError as error:
        for fault in error.faults:
            key = fault.place.rpartition(", ")[2].split(".")[-1]
            key = next((part for part in reversed(fault.place.replace(", ", ".").split(".")) if part in FIELD_OF), key)
            typed.wrong(FIELD_OF.get(key, "moment"), _said_of(fault.what, fault.hint))
        return show(at, typed, status=422)
    except CycleError as error:
        typed.wrong("titel", f"{error.what} {error.hint}")
        return show(at, typed, status=422)
    return at.done(f"{settled.title} {settled.words}.", at.path(back))


def _said_of(what: str, hint: str) -> str:
    """A fault as somebody at the desk reads it: without the keys of a file."""
    if "hangt van zichzelf af" in what:
        return "De stap hangt van zichzelf af. Kies een andere stap om van terug te tellen."
    return f"{what} {hint}"


def _before(at: DeskRequest, typed: DeskForm, wish: YearWish, path: str) -> Response:
    """What will change, with the mails as they are and as they will be."""
    tried = try_year(at.office, at.covenant_id, wish, at.now, by=at.by, version=typed["version"])
    return at.page(
        "desk/steps-ahead",
        tried=tried,
        last=day_words(tried.last),
        kinds=LADDER_KINDS,
        joined=joined,
        action=at.path(path),
        version=typed["version"],
        hidden=[(name, value) for name, value in typed.pairs() if name not in (*NOT_CONTENT, "terug")],
        is_held=_is_held(at),
    )


def _is_held(at: DeskRequest) -> bool:
    with at.office.database.reading() as session:
        return at.view(session).row.released_at is None


def _table(at: DeskRequest) -> YearOfTable:
    with at.office.database.reading() as session:
        view = at.view(session)
        row = covenants.covenants(session, [at.covenant_id])[0]
        return YearOfTable(
            view,
            covenants.groups(session, view.id),
            register.agreements(session, view.id),
            _steps(session, view),
            version_of(at.now, row),
            [body.name for body in standing_bodies.bodies(session, view.id)],
        )


def _steps(session: Session, view: CovenantView) -> dict[str, Step]:
    """The steps, also those that are off, knowing the agreements of their source by the number of today."""
    steps = [entry.step(name, entry.leads, entry.participants) for name, entry in view.settings.steps.items()]
    links = step_actions.links_of_steps(session, [view.id])[view.id]
    return {step.name: step for step in linked(steps, links, register.agreements(session, view.id))}


def _list(
    at: DeskRequest, typed: DeskForm | None = None, changed: Changed | None = None, status: int = 200
) -> Response:
    table = _table(at)
    lines = [_line(table, name, entry) for name, entry in table.view.settings.steps.items()]
    running = table.view.settings.running_steps
    chosen = typed.all("stap") if typed else []
    return at.page(
        "desk/steps",
        status,
        lines=[one for one in lines if one.name in running],
        off=[one for one in lines if one.name not in running],
        sets=_sets(at, table),
        chosen=chosen,
        typed=typed or DeskForm(),
        changed=changed,
        version=table.version,
    )


def _line(table: YearOfTable, name: str, entry: StepSettings) -> StepLine:
    step, ladder = table.steps[name], table.view.settings.step_ladders.get(name)
    return StepLine(
        name,
        entry.title,
        LADDER_KINDS[entry.kind],
        moment_words(step, table.titles),
        table.names(entry.leads) or "het secretariaat",
        table.names(entry.participants),
        _ladder_words(ladder, table.view.settings.kind_ladders[entry.kind]),
        joined([f"afspraak {number}" for number in step.numbers])
        or _ground(name, entry)
        or "vaste afspraak zonder nummer",
        _only_words(entry),
        entry.off,
    )


def _ground(name: str, entry: StepSettings) -> str:
    """Where a step comes from, and when that was last looked up, as far as the library knows."""
    known = library().steps.get(name)
    checked = f" (nagekeken op {day_words(known.checked_on)})" if known and known.basis == entry.basis else ""
    return f"{entry.basis}{checked}" if entry.basis else ""


def _ladder_words(own: Ladder | None, usual: Ladder) -> str:
    rungs = usual if own is None else own
    if not rungs:
        return "niemand"
    return ("1 moment" if len(rungs) == 1 else f"{len(rungs)} momenten") + (", eigen ladder" if own is not None else "")


def _only_words(entry: StepSettings) -> str:
    """When a step is not held, if that is said."""
    said = [f"vanaf {day_words(entry.valid_from)}"] if entry.valid_from else []
    said += [f"tot en met {day_words(entry.valid_to)}"] if entry.valid_to else []
    said += [f"niet in {joined([str(year) for year in entry.skipped])}"] if entry.skipped else []
    return ", ".join(said)


def _sets(at: DeskRequest, table: YearOfTable) -> list[dict[str, Any]]:
    """The sets of the library, with what this table has of each."""
    on_offer = {**library().steps, **at.office.settings.steps}
    running = table.view.settings.running_steps
    titles = {name: step.title for name, step in on_offer.items()} | table.titles
    return [
        {
            "key": key,
            "title": one.title,
            "about": one.about,
            "steps": [
                {
                    "name": name,
                    "title": titles[name],
                    "when": moment_words(on_offer[name].step(name, (), ()), titles),
                    "ground": "; ".join(filter(None, (_ground(name, on_offer[name]), _only_words(on_offer[name])))),
                    "has": name in running,
                }
                for name in one.steps
                if name in on_offer
            ],
        }
        for key, one in library().sets.items()
    ]


def _form(
    at: DeskRequest, name: str, typed: DeskForm | None = None, changed: Changed | None = None, status: int = 200
) -> Response:
    table = _table(at)
    entry = table.view.settings.steps.get(name)
    if name and entry is None:
        raise NotFound(*NOT_HERE)
    first, ticked = (
        first_fields(table, name, entry) if entry else ({"soort": "meeting", "moment": "by", "ladder": "soort"}, {})
    )
    many = {key: typed.all(key) if typed else ticked.get(key, []) for key in MANY}
    form = typed or DeskForm(**first)
    return at.page(
        "desk/step",
        status,
        name=name,
        heading=entry.title if entry else "Een eigen stap",
        basis=_ground(name, entry) if entry else "",
        typed=form,
        many=many,
        changed=changed,
        kinds=KINDS,
        moments=MOMENTS,
        periods=[(every, words) for every, words in EVERY_WORDS.items()],
        parties=party_options(table, entry),
        others=[(other, title) for other, title in table.titles.items() if other != name],
        agreements=agreement_options(table, many["afspraken"]),
        years=year_options(at.today.year, many["niet-in"]),
        bodies=list(dict.fromkeys([*table.bodies, *BODIES])),
        ladders=LADDERS,
        usual=usual_ladders(table),
        rung_example=EXAMPLE,
        rung_words=words_to_choose(),
        version=table.version if typed is None or changed is not None else typed["version"] or table.version,
        action=at.path(f"{PAGE}/{name or 'nieuw'}"),
    )
