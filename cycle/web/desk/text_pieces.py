"""The texts of a letter at the desk: change them, add pieces or leave them out, and see first how it will look."""

from collections.abc import Iterable
from http import HTTPStatus

from starlette.responses import Response

from cycle.actions import letters
from cycle.actions.letters.drafts.drafting import Drafted
from cycle.domain.text import clean_line, clean_lines
from cycle.errors import Changed, Refused
from cycle.letter.blocks import APART, GREETING, MOST_BLOCKS, MOST_SIGNS, OWN, Written, filled
from cycle.letter.filling import fields_of, offered
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.letter_chosen import ChosenLetter, chosen_letter, letter_of_form
from cycle.web.desk.visiting import DeskRequest, ForReaders, ForSecretariat, desk_router
from cycle.web.once import once_by_itself

router = desk_router()
ENTRY = None
MOST_TITLE = 120
NEW_LABEL = "Eigen stuk"


@router.api_route("/uitnodigingsbrief/{year}/teksten", methods=["GET", "HEAD"])
def texts(at: ForReaders, year: str, van: str = "", stap: str = "") -> Response:
    """The texts of a letter as they stand, to be changed."""
    chosen = chosen_letter(at, year, van, stap)
    drafted = _drafted(at, chosen)
    return _page(at, chosen, drafted, drafted.texts.written)


@router.post("/uitnodigingsbrief/{year}/teksten")
def save(at: ForSecretariat, year: str) -> Response:
    """Keeps the texts of the letter."""
    typed = at.typed()
    chosen = letter_of_form(at, year, typed)
    drafted = _drafted(at, chosen)
    written = _typed_texts(typed, drafted)
    _note_faults(typed, written)
    if not typed.is_right:
        return _page(at, chosen, drafted, written, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        letters.save_texts(
            at.office,
            at.seat.slug,
            chosen.year,
            written,
            at.now,
            by=at.by,
            sender=chosen.sender,
            step=chosen.step,
            version=typed["version"],
        )
    except Changed as changed:
        return _page(at, chosen, drafted, written, typed, changed, HTTPStatus.CONFLICT)
    return at.done("De teksten zijn bewaard.", chosen.path(at))


@router.post("/uitnodigingsbrief/{year}/teksten/bekijken")
@once_by_itself
def look(at: ForSecretariat, year: str) -> Response:
    """Keeps nothing: shows how the texts will look, adds an empty piece, or gives a standard text back."""
    typed = at.typed()
    chosen = letter_of_form(at, year, typed)
    drafted = _drafted(at, chosen)
    written = _after(typed["doe"], _typed_texts(typed, drafted), drafted)
    _note_faults(typed, written)
    status = HTTPStatus.OK if typed.is_right else HTTPStatus.UNPROCESSABLE_ENTITY
    return _page(at, chosen, drafted, written, typed, status=status, is_preview=typed["doe"] == "bekijk")


def _drafted(at: DeskRequest, chosen: ChosenLetter) -> Drafted:
    return letters.draft_of(at.office, at.seat.slug, chosen.year, at.now, chosen.sender, chosen.step)


def _typed_texts(typed: DeskForm, drafted: Drafted) -> list[Written]:
    """The pieces of the form, in the order in which it had them; of one that is not in it the text that stands."""
    standing = {one.place: one for one in drafted.texts.written}
    wanted = [clean_line(name) for name in typed["stukken"].split(",") if name.strip()]
    places = [name for name in dict.fromkeys(wanted) if name in standing or _is_own(name)][:MOST_BLOCKS]
    return [
        Written(
            name,
            clean_line(typed.values.get(f"kop-{name}", standing[name].title if name in standing else "")),
            clean_lines(typed.values.get(f"tekst-{name}", standing[name].text if name in standing else "")),
            True,
        )
        for name in (places or list(standing))
    ]


def _is_own(name: str) -> bool:
    return name.startswith(f"{OWN}-") and name.removeprefix(f"{OWN}-").isdecimal() and len(name) < 12


def _note_faults(typed: DeskForm, written: Iterable[Written]) -> None:
    for piece in written:
        typed.text(f"kop-{piece.place}", most=MOST_TITLE)
        typed.text(f"tekst-{piece.place}", most=MOST_SIGNS, lines=True)
        for field, words in ((f"kop-{piece.place}", piece.title), (f"tekst-{piece.place}", piece.text)):
            for fault in letters.faults_of_texts({field: words}):
                typed.wrong(field, f"{fault.what} {fault.hint}")


def _after(deed: str, written: list[Written], drafted: Drafted) -> list[Written]:
    """The pieces after what a button asks: "erbij-slot" adds one before a piece, "terug-slot" gives its standard text
    back, "weg-eigen-1" takes an own one away, "alles-terug" begins anew."""
    verb, _, place = deed.partition("-")
    standard = {one.place: one for one in drafted.texts.standard}
    if deed == "alles-terug":
        return list(drafted.texts.standard)
    if verb == "terug":
        return [standard.get(one.place, one) if one.place == place else one for one in written]
    if verb == "weg":
        return [one for one in written if one.place != place or not _is_own(place)]
    if verb == "erbij":
        if len(written) >= MOST_BLOCKS:
            raise Refused(f"De brief heeft al {MOST_BLOCKS} stukken.", "Voeg stukken samen.")
        number = 1 + max((int(one.place.split("-")[1]) for one in written if _is_own(one.place)), default=0)
        spot = next((spot for spot, one in enumerate(written) if one.place == place), len(written))
        return [*written[:spot], Written(f"{OWN}-{number}", "", "", True), *written[spot:]]
    return written


def _page(
    at: DeskRequest,
    chosen: ChosenLetter,
    drafted: Drafted,
    written: Iterable[Written],
    typed: DeskForm | None = None,
    changed: Changed | None = None,
    status: int = HTTPStatus.OK,
    *,
    is_preview: bool = False,
) -> Response:
    """The form with these texts; with what they will look like when that was asked."""
    pieces, fields = list(written), fields_of(drafted.facts)
    blocks, fallen = filled(pieces, fields)
    form = typed or DeskForm()
    for piece in pieces:
        form.values |= {f"kop-{piece.place}": piece.title, f"tekst-{piece.place}": piece.text}
    standard = {one.place: one for one in drafted.texts.standard}
    return at.page(
        "desk/letter-texts",
        status,
        year=drafted.year,
        hidden=chosen.hidden,
        version=(form["version"] if changed is None else "") or drafted.version,
        drafted=drafted,
        pieces=pieces,
        labels={one.name: one for one in drafted.places},
        standard=standard,
        apart=APART | {GREETING},
        blocks=blocks if is_preview or not at.may_write or drafted.is_frozen else (),
        fallen=fallen,
        fields=[(name, words, fields[name]) for name, words in offered(drafted.facts).items()],
        typed=form,
        changed=changed,
        new_label=NEW_LABEL,
        may_write=at.may_write and not drafted.is_frozen,
        path=f"/c/{at.seat.slug}/uitnodigingsbrief/{drafted.year}",
        back=chosen.path(at),
    )
