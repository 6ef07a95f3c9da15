"""Uitnodigingsbrief: from draft to proof. Texts, each sender's approval, a signed PDF, sending, or sent without us."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from http import HTTPStatus

from starlette.responses import Response

from cycle.actions import letters
from cycle.actions.letters.approval.directors import approve_path_of, ask_directors, asks_of, to_be_asked
from cycle.actions.letters.approval.letter_approval import approve, upload_own
from cycle.actions.letters.content import letter_rows
from cycle.actions.letters.content.agenda import agenda_name
from cycle.actions.letters.dispatch.following_up import follow_ups, send_news
from cycle.actions.letters.drafts.attaching import attach, detach
from cycle.actions.letters.drafts.standing import IN_HAND, STAGES
from cycle.domain.addressing import Members
from cycle.domain.days import LOOK_BACK
from cycle.domain.words import joined
from cycle.errors import Changed, CycleError
from cycle.web.bodies import takes_files
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.letter_chosen import PATH, ChosenLetter, chosen_letter, letter_of_form, letters_by_whose
from cycle.web.desk.menu import READERS, MenuEntry
from cycle.web.desk.visiting import DeskRequest, ForReaders, ForSecretariat, desk_router
from cycle.words import APPROVAL_WAYS

router = desk_router()
ENTRY = MenuEntry("Uitnodigingsbrief", PATH, READERS)


@router.api_route("/uitnodigingsbrief", methods=["GET", "HEAD"])
def letter(at: ForReaders, jaar: str = "", van: str = "", stap: str = "") -> Response:
    """The letter of a year: of the next one unless another is asked for."""
    coming, _years = letters.letter_years(at.office, at.seat.slug, at.today)
    return _page(at, chosen_letter(at, jaar or str(coming), van, stap))


@router.post("/uitnodigingsbrief/{year}/goedkeuren")
@takes_files
def agree(at: ForSecretariat, year: str) -> Response:
    """One sender approves, by name."""
    typed = at.typed()
    chosen = letter_of_form(at, year, typed)
    party = typed["partij"]
    name = typed.text(f"naam-{party}", needed="Vul in wie heeft goedgekeurd.", most=120)
    scan = typed.file(f"scan-{party}")
    if not typed.is_right:
        return _page(at, chosen, typed)

    def act() -> str:
        state = approve(
            at.office,
            at.seat.slug,
            chosen.year,
            at.now,
            by=at.by,
            name=name,
            party=party,
            sender=chosen.sender,
            step=chosen.step,
            version=typed["version"],
            scan=(scan.filename or "akkoord.pdf", scan.file.read()) if scan is not None else None,
        )
        return f"De brief is {state.words}."

    return _done(at, chosen, typed, act, field=f"scan-{party}" if scan is not None else "")


@router.post("/uitnodigingsbrief/{year}/akkoord-vragen")
def ask_approval(at: ForSecretariat, year: str) -> Response:
    """Mails each director of the senders a link, after saying to whom."""
    typed = at.typed()
    chosen = letter_of_form(at, year, typed)
    if typed["zeker"] != "ja":
        mails = to_be_asked(at.office, at.seat.slug, chosen.year, at.now, sender=chosen.sender, step=chosen.step)
        if mails:
            return at.confirm(
                f"De bestuurders om akkoord vragen voor de brief {_of(at, chosen)}?",
                action=at.path(f"{PATH}/{chosen.year}/akkoord-vragen"),
                button="Vraag om akkoord",
                mails=mails,
                words="De tekst van de brief ligt dan vast.",
                hidden=[*chosen.hidden, ("version", typed["version"])],
                back=chosen.path(at),
            )

    def act() -> str:
        asked = ask_directors(
            at.office,
            at.seat.slug,
            chosen.year,
            at.now,
            by=at.by,
            sender=chosen.sender,
            step=chosen.step,
            version=typed["version"],
        )
        at.door.wake()
        return f"Gevraagd: {joined([name for name, _address in asked])}." if asked else "Dat is vandaag al gevraagd."

    return _done(at, chosen, typed, act)


@router.post("/uitnodigingsbrief/{year}/eigen")
@takes_files
def own_letter(at: ForSecretariat, year: str) -> Response:
    """A file that was finished elsewhere, as the letter itself."""
    typed = at.typed()
    chosen = letter_of_form(at, year, typed)
    file = typed.file("eigen", needed="Kies het Word-bestand of de PDF.")
    if file is None:
        return _page(at, chosen, typed)

    def act() -> str:
        upload_own(
            at.office,
            at.seat.slug,
            chosen.year,
            file.filename or "brief.pdf",
            file.file.read(),
            at.now,
            by=at.by,
            sender=chosen.sender,
            step=chosen.step,
        )
        return "Dit bestand is nu de brief. Vraag de afzenders om akkoord."

    return _done(at, chosen, typed, act, field="eigen")


@router.post("/uitnodigingsbrief/{year}/bijlage-erbij")
@takes_files
def add_file(at: ForSecretariat, year: str) -> Response:
    """A file that goes along with the letter."""
    typed = at.typed()
    chosen = letter_of_form(at, year, typed)
    file = typed.file("erbij", needed="Kies het bestand.")
    if file is None:
        return _page(at, chosen, typed)

    def act() -> str:
        name = attach(
            at.office,
            at.seat.slug,
            chosen.year,
            file.filename or "bijlage",
            file.file.read(),
            at.now,
            by=at.by,
            sender=chosen.sender,
            step=chosen.step,
        )
        return f"{name} gaat mee met de brief."

    return _done(at, chosen, typed, act, field="erbij")


@router.post("/uitnodigingsbrief/{year}/bijlage-weg")
def remove_file(at: ForSecretariat, year: str) -> Response:
    """A file that was added does not go along after all."""
    typed = at.typed()
    chosen = letter_of_form(at, year, typed)
    name = typed["bestand"]

    def act() -> str:
        detach(at.office, at.seat.slug, chosen.year, name, at.now, by=at.by, sender=chosen.sender, step=chosen.step)
        return f"{name} gaat niet mee."

    return _done(at, chosen, typed, act)


@router.post("/uitnodigingsbrief/{year}/intrekken")
def withdraw(at: ForSecretariat, year: str) -> Response:
    """Makes a draft of it again."""
    return _change(at, year, letters.withdraw, "De goedkeuring is ingetrokken. De brief is weer een concept.")


@router.post("/uitnodigingsbrief/{year}/getekend")
@takes_files
def upload(at: ForSecretariat, year: str) -> Response:
    """A signed PDF in the place of the made one."""
    typed = at.typed()
    chosen = letter_of_form(at, year, typed)
    file = typed.file("getekend", needed="Kies de ondertekende PDF.")
    if file is None:
        return _page(at, chosen, typed)

    def act() -> str:
        content = file.file.read()
        letters.upload_signed(
            at.office,
            at.seat.slug,
            chosen.year,
            file.filename or "brief.pdf",
            content,
            at.now,
            by=at.by,
            sender=chosen.sender,
            step=chosen.step,
        )
        return "De getekende brief gaat mee, in plaats van de gemaakte."

    return _done(at, chosen, typed, act, field="getekend")


@router.post("/uitnodigingsbrief/{year}/getekend-weg")
def remove(at: ForSecretariat, year: str) -> Response:
    """The made PDF goes out again."""
    return _change(at, year, letters.remove_signed, "De getekende brief is weg. De gemaakte brief gaat mee.")


@router.post("/uitnodigingsbrief/{year}/versturen")
def send(at: ForSecretariat, year: str) -> Response:
    """Says how many mails go to whom, and sends them when that is right."""
    typed = at.typed()
    chosen = letter_of_form(at, year, typed)
    mails = letters.recipients(at.office, at.seat.slug, chosen.year, chosen.sender, chosen.step)
    if mails and typed["zeker"] != "ja":
        return at.confirm(
            f"De brief {_of(at, chosen)} versturen?",
            action=at.path(f"{PATH}/{chosen.year}/versturen"),
            button=f"Verstuur {len(mails)} mails" if len(mails) > 1 else "Verstuur 1 mail",
            mails=mails,
            words="Een mail die weg is, kan niet terug.",
            strange=_strange(at, chosen),
            hidden=chosen.hidden,
            back=chosen.path(at),
        )

    def act() -> str:
        state = letters.send(
            at.office, at.seat.slug, chosen.year, at.now, by=at.by, sender=chosen.sender, step=chosen.step
        )
        at.door.wake()
        return f"De brief: {state.words}."

    return _done(at, chosen, typed, act)


@router.post("/uitnodigingsbrief/{year}/overleg-melden")
def tell_meeting(at: ForSecretariat, year: str) -> Response:
    """Says who hears that the meeting is otherwise than in the letter, and mails them when that is right."""
    typed = at.typed()
    chosen = letter_of_form(at, year, typed)
    after = follow_ups(at.office, at.seat.slug, chosen.year, at.now, sender=chosen.sender, step=chosen.step)
    if after.news is not None and after.news.mails and typed["zeker"] != "ja":
        mails = after.news.mails
        others = f" Zonder mailadres, vertel het zelf: {joined(after.news.unmailed)}." if after.news.unmailed else ""
        return at.confirm(
            f"Melden hoe het {after.news.meeting} nu is?",
            action=at.path(f"{PATH}/{chosen.year}/overleg-melden"),
            button=f"Verstuur {len(mails)} mails" if len(mails) > 1 else "Verstuur 1 mail",
            mails=mails,
            words=f"Was: {after.news.was}. Is nu: {after.news.now}.{others} Een mail die weg is, kan niet terug.",
            hidden=[*chosen.hidden, ("overleg", after.news.now)],
            back=chosen.path(at),
        )

    def act() -> str:
        words = send_news(
            at.office,
            at.seat.slug,
            chosen.year,
            at.now,
            by=at.by,
            seen=typed["overleg"],
            sender=chosen.sender,
            step=chosen.step,
        )
        at.door.wake()
        return words

    return _done(at, chosen, typed, act)


@router.post("/uitnodigingsbrief/{year}/elders")
@takes_files
def elsewhere(at: ForSecretariat, year: str) -> Response:
    """Registers that it was sent without us."""
    typed = at.typed()
    chosen = letter_of_form(at, year, typed)
    day = typed.day("verstuurd-op", needed="Vul in wanneer de brief is verstuurd.", within=LOOK_BACK.around(at.today))
    words, file = typed.text("bewijs", most=500), typed.file("bewijsstuk")
    if not words and file is None:
        typed.wrong("bewijs", "Schrijf in één zin hoe de brief is verstuurd, of voeg een bestand toe.")
    if not typed.is_right or day is None:
        return _page(at, chosen, typed)

    def act() -> str:
        proof = (file.filename or "bewijs", file.file.read()) if file is not None else None
        letters.sent_elsewhere(
            at.office,
            at.seat.slug,
            chosen.year,
            day,
            at.now,
            by=at.by,
            words=words,
            proof=proof,
            sender=chosen.sender,
            step=chosen.step,
            sure=typed["dag-klopt"] == "ja",
        )
        return "De brief staat als verstuurd. De stap is klaar."

    return _done(at, chosen, typed, act, field="bewijsstuk" if file is not None else "verstuurd-op")


@router.post("/uitnodigingsbrief/{year}/toch-niet")
def not_sent(at: ForSecretariat, year: str) -> Response:
    """Takes that back."""
    return _change(at, year, letters.undo_elsewhere, "De brief staat weer als niet verstuurd. De stap is weer open.")


def _strange(at: DeskRequest, chosen: ChosenLetter) -> tuple[str, ...]:
    """What looks strange about sending it now: asked, not refused."""
    return letters.questions_before_sending(
        at.office, at.seat.slug, chosen.year, at.now, sender=chosen.sender, step=chosen.step
    )


def _of(at: DeskRequest, chosen: ChosenLetter) -> str:
    """ "van 2027"; "van Clavis van 2027" where each sends a letter of their own, and "van Clavis van 2027 (Bod van de
    corporaties)" where the year has several letters"""
    with at.office.database.reading() as session:
        whose = at.view(session).party_names.get(chosen.sender, chosen.sender)
    titles = dict(letters.letter_steps(at.office, at.seat.slug, chosen.year))
    which = f" ({titles[chosen.step]})" if len(titles) > 1 else ""
    return (f"van {whose} van {chosen.year}" if whose else f"van {chosen.year}") + which


def _page(
    at: DeskRequest,
    chosen: ChosenLetter,
    typed: DeskForm | None = None,
    changed: Changed | None = None,
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    """The whole way on one page; with what was typed when something about it is wrong."""
    with at.office.database.one_moment():
        return _shown(at, chosen, typed, changed, status)


def _shown(
    at: DeskRequest, chosen: ChosenLetter, typed: DeskForm | None, changed: Changed | None, status: int
) -> Response:
    slug, (year, sender, step, _is_only) = at.seat.slug, chosen
    drafted = letters.draft_of(at.office, slug, year, at.now, sender, step)
    state = letters.state_of(at.office, slug, year, sender, step)
    files = letters.letter_files(at.office, slug, year, sender, step)
    _coming, years = letters.letter_years(at.office, slug, at.today)
    with at.office.database.reading() as session:
        view = at.view(session)
    first = _first_values(Members(view.members, at.today), [one.party for one in state.approvals])
    for name, value in first.items():  # a form that was sent holds only its own fields
        if typed is not None and name not in typed.values:
            typed.values[name] = value
    names = _names(files, letter_rows.ENCLOSURE)
    if not drafted.is_frozen and drafted.facts.enclosures:
        names = [f"{agenda_name(year)}.{kind}" for kind in ("pdf", "docx", "xlsx")]
    senders = letters_by_whose(at, year, step)
    return at.page(
        "desk/letter",
        status if typed is not None else HTTPStatus.OK,
        year=year,
        years=years,
        sender=sender,
        step=step,
        steps=letters.letter_steps(at.office, slug, year),
        letter_path=chosen.path(at),
        hidden=chosen.hidden,
        senders=senders,
        stands=_stands(at, chosen, list(senders.values())),
        party_names=view.party_names,
        drafted=drafted,
        state=state,
        stages=STAGES,
        enclosures=names,
        added=_names(files, letter_rows.ATTACHED) if drafted.is_frozen else drafted.attached,
        files={kind: (name, by, moment) for kind, name, by, moment in files},
        scans=_names(files, letter_rows.PAPER),
        **_approving(at, chosen),
        labels={one.name: one.label for one in drafted.places},
        typed=typed or DeskForm(**first),
        changed=changed,
        may_write=at.may_write,
        path=f"/c/{slug}/uitnodigingsbrief/{year}",
        zone=at.office.settings.zone,
        missing=[one.party for one in state.approvals if one.at is None],
    )


def _names(files: Iterable[tuple[str, str, str, datetime]], kind: str) -> list[str]:
    return [name for one, name, _by, _at in files if one == kind]


def _stands(at: DeskRequest, chosen: ChosenLetter, senders: Sequence[str]) -> dict[str, str]:
    """How far each letter is, in a word, where there are several."""
    words, beside = STAGES | IN_HAND, senders if len(senders) > 1 else ()
    states = {one: letters.state_of(at.office, at.seat.slug, chosen.year, one, chosen.step) for one in beside}
    return {one: words[state.state] for one, state in states.items()}


def _approving(at: DeskRequest, chosen: ChosenLetter) -> dict[str, object]:
    """Who was asked to approve, where the reader of the page does that, if it is up to them, and what followed."""
    slug, (year, sender, step, _is_only) = at.seat.slug, chosen
    people = at.seat.person_ids
    return {
        "asked": asks_of(at.office, slug, year, sender, step),
        "after": follow_ups(at.office, slug, year, at.now, sender=sender, step=step),
        "approve_path": approve_path_of(at.office, slug, people, year, at.now, sender=sender, step=step),
        "ways": APPROVAL_WAYS,
    }


def _first_values(members: Members, parties: list[str]) -> dict[str, str]:
    """What the fields hold before anybody typed."""
    values = {}
    for party in parties:
        director = members.director(party)
        values[f"naam-{party}"] = director.name if director else ""
    return values


def _change(at: DeskRequest, year: str, change: Callable[..., object], words: str) -> Response:
    """Changes the letter of the form that came, in a way that asks nothing more, and says so."""
    typed = at.typed()
    chosen = letter_of_form(at, year, typed)

    def act() -> str:
        change(at.office, at.seat.slug, chosen.year, at.now, by=at.by, sender=chosen.sender, step=chosen.step)
        return words

    return _done(at, chosen, typed, act)


def _done(
    at: DeskRequest, chosen: ChosenLetter, typed: DeskForm, act: Callable[[], str], *, field: str = ""
) -> Response:
    """Does it, and says so on the page; or shows the page again with what is wrong, and with what was typed."""
    try:
        return at.done(act(), chosen.path(at))
    except Changed as changed:
        return _page(at, chosen, typed, changed, HTTPStatus.CONFLICT)
    except CycleError as error:
        if not field:
            raise
        typed.wrong(field, f"{error.what} {error.hint}")
        return _page(at, chosen, typed)
