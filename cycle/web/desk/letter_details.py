"""The details of one letter: its date, reference, addressees as people, signatories, and whom to call."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from http import HTTPStatus

from starlette.responses import Response

from cycle.actions import letters
from cycle.actions.letters.content.details_saving import faults_of_words, save_details
from cycle.actions.letters.drafts.drafting import Drafted
from cycle.actions.letters.style.details import AddressedAs, LetterDetails, SignedAs, candidates
from cycle.actions.letters.style.house_style import lines_of
from cycle.domain.days import Days
from cycle.domain.letters import look_at_address_lines
from cycle.domain.model import Member
from cycle.errors import Changed, Refused
from cycle.letter import ContactPerson
from cycle.settings.setting_kinds import mail_address
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.letter_chosen import ChosenLetter, chosen_letter, letter_of_form
from cycle.web.desk.visiting import DeskRequest, ForSecretariat, desk_router

router = desk_router()
ENTRY = None

OWN = {"plaats": "place", "kenmerk": "reference", "aanhef": "salutation", "antwoordadres": "reply_to"}
CONTACT = {"contact": "name", "contactfunctie": "function", "contacttelefoon": "phone", "contactmail": "email"}
ADDRESSED = {"gericht": "body", "tav": "attention", "functie": "function", "groet": "salutation"}
HIDDEN = ("form", "version", "van", "stap")
MOST = 160


@router.api_route("/uitnodigingsbrief/{year}/gegevens", methods=["GET", "HEAD"])
def ask(at: ForSecretariat, year: str, van: str = "", stap: str = "") -> Response:
    """As they stand."""
    return _form(at, chosen_letter(at, year, van, stap))


@router.post("/uitnodigingsbrief/{year}/gegevens")
def save(at: ForSecretariat, year: str) -> Response:
    """Keeps what is otherwise than usual."""
    typed = at.typed()
    chosen = letter_of_form(at, year, typed)
    standing, able = _standing(at, chosen)[1:]
    wish = _wish(typed, standing, chosen.year)
    for slug, person in wish.mail_to.items():
        if person not in {one.person for one in able[slug]}:
            typed.wrong(f"mail-{slug}", "Kies iemand uit de lijst.")
    if not typed.is_right:
        return _form(at, chosen, typed)
    try:
        save_details(
            at.office,
            at.seat.slug,
            chosen.year,
            wish,
            at.now,
            by=at.by,
            sender=chosen.sender,
            step=chosen.step,
            version=typed["version"],
        )
    except Changed as changed:
        return _form(at, chosen, typed, changed, HTTPStatus.CONFLICT)
    return at.done("De gegevens van de brief zijn bewaard.", chosen.path(at))


def _form(
    at: DeskRequest,
    chosen: ChosenLetter,
    typed: DeskForm | None = None,
    changed: Changed | None = None,
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> Response:
    drafted, details, able = _standing(at, chosen)
    with at.office.database.reading() as session:
        names = at.view(session).party_names
    ticked = typed.numbers("kopie") if typed is not None else list(details.copies)
    return at.page(
        "desk/letter-details",
        status if typed is not None else HTTPStatus.OK,
        drafted=drafted,
        typed=typed or DeskForm(**_first_values(drafted, details)),
        changed=changed,
        action=at.path(f"uitnodigingsbrief/{chosen.year}/gegevens"),
        back=chosen.path(at),
        hidden=chosen.hidden,
        names=names,
        addressed=list(details.addressees),
        signing=list(details.signatories),
        able={slug: [(one.person, f"{one.name}, {one.email}") for one in some] for slug, some in able.items()},
        ticked=ticked,
    )


def _standing(at: DeskRequest, chosen: ChosenLetter) -> tuple[Drafted, LetterDetails, dict[str, list[Member]]]:
    """The draft, its details as they stand, and whom the mail to each party may go to.

    Raises Refused for a letter that is approved.
    """
    drafted = letters.draft_of(at.office, at.seat.slug, chosen.year, at.now, chosen.sender, chosen.step)
    if drafted.details is None or drafted.parties is None:
        raise Refused(f"De brief van {chosen.year} is al goedgekeurd.", "Maak er eerst weer een concept van.")
    with at.office.database.reading() as session:
        able = candidates(at.view(session), drafted.parties, at.today)
    return drafted, drafted.details, able


def _wish(typed: DeskForm, standing: LetterDetails, year: int) -> LetterDetails:
    """What the form asks for; what it does not name stays."""
    around = Days(date(year - 1, 1, 1), date(year + 1, 12, 31))
    day = typed.day("datum", needed="Vul de datum van de brief in.", within=around)
    points = typed.day("punten", within=around)
    if day and points and points < day:
        typed.wrong("punten", "Deze dag ligt vóór de datum van de brief. Kies een latere dag, of laat het leeg.")
    own = {name: typed.text(field, most=MOST) for field, name in OWN.items()}
    contact = {name: typed.text(field, most=MOST) for field, name in CONTACT.items()}
    for field in ("antwoordadres", "contactmail"):
        _look_at_address(typed, field)
    addressees = {slug: _addressed(typed, slug) for slug in standing.addressees}
    signatories = {
        slug: SignedAs(typed.text(f"naam-{slug}", most=MOST), typed.text(f"als-{slug}", most=MOST))
        for slug in standing.signatories
    }
    mail_to = {slug: typed.number(f"mail-{slug}") or person for slug, person in standing.mail_to.items()}
    for fault in faults_of_words({field: words for field, words in typed.values.items() if field not in HIDDEN}):
        typed.wrong(fault.place, f"{fault.what} {fault.hint}")
    return replace(
        standing,
        **own,
        letter_date=day or standing.letter_date,
        points_by=points,
        contact=ContactPerson(**contact),
        addressees=addressees,
        signatories=signatories,
        mail_to=mail_to,
        copies=tuple(dict.fromkeys(typed.numbers("kopie"))),
    )


def _addressed(typed: DeskForm, slug: str) -> AddressedAs:
    said: Mapping[str, str] = {name: typed.text(f"{field}-{slug}", most=MOST) for field, name in ADDRESSED.items()}
    postal = lines_of(typed.text(f"adres-{slug}", lines=True))
    try:
        look_at_address_lines(postal)
    except Refused as refused:
        typed.wrong(f"adres-{slug}", f"{refused.what} {refused.hint}")
    return AddressedAs(**said, postal=postal)


def _look_at_address(typed: DeskForm, field: str) -> None:
    try:
        mail_address(typed[field] or "niemand@cycle.example")
    except ValueError as error:
        typed.wrong(field, str(error).replace("|", " "))


def _first_values(drafted: Drafted, details: LetterDetails) -> dict[str, str]:
    """What the fields hold before anybody typed."""
    values = {"datum": f"{details.letter_date:%d-%m-%Y}", "version": drafted.version}
    values["punten"] = f"{details.points_by:%d-%m-%Y}" if details.points_by else ""
    values |= {field: getattr(details, name) for field, name in OWN.items()}
    values |= {field: getattr(details.contact, name) for field, name in CONTACT.items()}
    for slug, addressed in details.addressees.items():
        values |= {f"{field}-{slug}": getattr(addressed, name) for field, name in ADDRESSED.items()}
        values |= {f"adres-{slug}": "\n".join(addressed.postal), f"mail-{slug}": str(details.mail_to[slug])}
    for slug, signed in details.signatories.items():
        values |= {f"naam-{slug}": signed.name, f"als-{slug}": signed.function}
    return values
