"""What there is of a letter to take away: the letter itself, what goes along, and its proof."""

from starlette.responses import Response

from cycle.actions import letters
from cycle.actions.letters.approval.letter_approval import enclosures_made
from cycle.actions.letters.content import letter_rows
from cycle.actions.letters.dispatch.proof_file import proof_zip
from cycle.actions.letters.drafts.attaching import attached
from cycle.actions.letters.drafts.standing import LetterStage
from cycle.errors import NotFound
from cycle.web.desk.letter_chosen import ChosenLetter, chosen_letter
from cycle.web.desk.visiting import NOT_HERE, DeskRequest, ForReaders, desk_router
from cycle.web.downloads import download

router = desk_router()
ENTRY = None


@router.api_route("/uitnodigingsbrief/{year}/brief.pdf", methods=["GET", "HEAD"])
def as_pdf(at: ForReaders, year: str, van: str = "", stap: str = "") -> Response:
    """The letter as it goes out now. Raises NotFound for one that was finished in Word."""
    chosen = chosen_letter(at, year, van, stap)
    prepared = letters.preview(at.office, at.seat.slug, chosen.year, at.now, chosen.sender, chosen.step)
    if prepared.ending != ".pdf":
        raise NotFound("Deze brief is een Word-bestand en geen PDF.", "Haal het Word-bestand op.")
    return download(f"{chosen.file_name}.pdf", prepared.pdf)


@router.api_route("/uitnodigingsbrief/{year}/brief.docx", methods=["GET", "HEAD"])
def as_word(at: ForReaders, year: str, van: str = "", stap: str = "") -> Response:
    """The letter to change in Word."""
    chosen = chosen_letter(at, year, van, stap)
    content = letters.word_file(at.office, at.seat.slug, chosen.year, at.now, chosen.sender, chosen.step)
    return download(f"{chosen.file_name}.docx", content)


@router.api_route("/uitnodigingsbrief/{year}/bijlage/{name}", methods=["GET", "HEAD"])
def enclosure(at: ForReaders, year: str, name: str, van: str = "", stap: str = "") -> Response:
    """What goes along: as it was frozen, or as it would be now."""
    chosen = chosen_letter(at, year, van, stap)
    drafted = letters.draft_of(at.office, at.seat.slug, chosen.year, at.now, chosen.sender, chosen.step)
    if drafted.is_frozen:
        return download(name, _file(at, chosen, letter_rows.ENCLOSURE, name))
    made = dict(enclosures_made(drafted))
    if name not in made:
        raise NotFound(*NOT_HERE)
    return download(name, made[name])


@router.api_route("/uitnodigingsbrief/{year}/toegevoegd/{name}", methods=["GET", "HEAD"])
def added_file(at: ForReaders, year: str, name: str, van: str = "", stap: str = "") -> Response:
    """A file that somebody added: as it was frozen, or as it is now."""
    chosen = chosen_letter(at, year, van, stap)
    state = letters.state_of(at.office, at.seat.slug, chosen.year, chosen.sender, chosen.step)
    if state.state != LetterStage.DRAFT:
        return download(name, _file(at, chosen, letter_rows.ATTACHED, name))
    return download(name, attached(at.office, at.seat.slug, chosen.year, name, chosen.sender, chosen.step))


@router.api_route("/uitnodigingsbrief/{year}/bewijs/{name}", methods=["GET", "HEAD"])
def proof(at: ForReaders, year: str, name: str, van: str = "", stap: str = "") -> Response:
    """The file that proves that it was sent."""
    return download(name, _file(at, chosen_letter(at, year, van, stap), letter_rows.PROOF, name))


@router.api_route("/uitnodigingsbrief/{year}/papier/{name}", methods=["GET", "HEAD"])
def scan_of(at: ForReaders, year: str, name: str, van: str = "", stap: str = "") -> Response:
    """The paper on which somebody approved."""
    return download(name, _file(at, chosen_letter(at, year, van, stap), letter_rows.PAPER, name))


@router.api_route("/uitnodigingsbrief/{year}/bewijs.zip", methods=["GET", "HEAD"])
def all_proof(at: ForReaders, year: str, van: str = "", stap: str = "") -> Response:
    """Letter, approvals and what the mail server said, as one file."""
    chosen = chosen_letter(at, year, van, stap)
    return download(*proof_zip(at.office, at.seat.slug, chosen.year, chosen.sender, chosen.step))


def _file(at: DeskRequest, chosen: ChosenLetter, kind: str, name: str) -> bytes:
    return letters.file_content(at.office, at.seat.slug, chosen.year, chosen.sender, kind, name, chosen.step)
