"""What a letter says besides its texts: date, place, reference, addressees as people, signatories, whom to call.

It follows from the house styles and the seats; a secretary may say it otherwise for one letter, and only that is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from cycle.actions.letters.style.house_style import HouseStyle, styles_by_party
from cycle.actions.office.covenant_view import CovenantView
from cycle.domain.addressing import Members
from cycle.domain.letters import JOINT, body_of, greeting, kind_word, reference_of, salutation_of
from cycle.domain.model import Member, PartyKind, Role
from cycle.letter import Addressee, ContactPerson, LetterFacts, Letterhead, LetterKind, Sender, Signatory
from cycle.store import letters
from cycle.store.database import Session
from cycle.store.letters import LetterName

DIRECTOR = "directeur-bestuurder"
DAYS = ("letter_date", "points_by")
BY_PARTY = ("addressees", "signatories", "mail_to")
TEXTS = ("place", "reference", "salutation", "reply_to")


@dataclass(frozen=True, slots=True)
class AddressedAs:
    """How the letter names one party to which it goes."""

    body: str = ""
    attention: str = ""
    function: str = ""
    postal: tuple[str, ...] = ()
    salutation: str = ""


@dataclass(frozen=True, slots=True)
class SignedAs:
    """Whose name stands under the letter for one sender."""

    name: str = ""
    function: str = ""


@dataclass(frozen=True, slots=True)
class LetterDetails:
    """All of that for one letter. Parties are by slug; `mail_to` is who gets the mail for a party, and `copies` who get
    it beside them, by the number of the person. `points_by` is the last day for agenda points, if the letter names
    one."""

    letter_date: date
    points_by: date | None
    place: str
    reference: str
    salutation: str
    contact: ContactPerson
    reply_to: str
    addressees: Mapping[str, AddressedAs]
    signatories: Mapping[str, SignedAs]
    mail_to: Mapping[str, int]
    copies: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LetterParties:
    """Between whom a letter goes: its senders by slug, and for each addressee who would get the mail."""

    senders: tuple[str, ...]
    addressees: tuple[tuple[str, Member], ...]


def usual_details(
    session: Session, view: CovenantView, name: LetterName, parties: LetterParties, facts: LetterFacts
) -> LetterDetails:
    """The details as they follow from what is known."""
    styles = styles_by_party(letters.letterheads(session, view.id))
    leading = _leading(styles, parties, name)
    kinds = {party.slug: party.kind for party in view.parties}
    addressed = {
        slug: _addressed_as(styles.get(slug, HouseStyle()), kinds[slug]) for slug, _person in parties.addressees
    }
    pattern = next((one.reference for one in leading if one.reference), "")
    taken = letters.references(session, view.id, name.sender)
    first = next(iter(leading), HouseStyle())
    return LetterDetails(
        letter_date=facts.letter_date,
        points_by=facts.points_by,
        place=next((one.place for one in leading if one.place), ""),
        reference=reference_of(pattern, name.year, taken),
        salutation=greeting(one.salutation for one in addressed.values()),
        contact=next((_contact(one) for one in leading if one.contact_name or one.contact_phone), _contact(first)),
        reply_to=next((one.reply_to for one in leading if one.reply_to), facts.reply_to),
        addressees=addressed,
        signatories={slug: _signed_as(view, slug, styles, facts.letter_date) for slug in parties.senders},
        mail_to={slug: person.person for slug, person in parties.addressees},
    )


def own_details(usual: LetterDetails, wish: LetterDetails, own: Mapping[str, Any]) -> dict[str, Any]:
    """What of a wish is otherwise than usual, as it is kept; `own` is what was kept when the wish was typed.

    The greeting over the letter follows from those of its addressees: it is kept only where it is otherwise than what
    it follows from, so that it goes along when one of those changes. An empty one follows again.
    """
    kept_as, was = _as_json(wish), _as_json(usual)
    for field in BY_PARTY:
        kept_as[field] = {slug: one for slug, one in kept_as[field].items() if one != was[field].get(slug)}
        was[field] = {}
    follows = {"", greeting(one.salutation for one in wish.addressees.values())}
    if "salutation" not in own:
        follows.add(with_own(usual, own).salutation)
    otherwise = {field: value for field, value in kept_as.items() if field != "salutation" and value != was[field]}
    return otherwise | ({} if wish.salutation in follows else {"salutation": wish.salutation})


def with_own(usual: LetterDetails, own: Mapping[str, Any]) -> LetterDetails:
    """The details with what somebody said otherwise; of parties that are no longer addressed nothing stays."""
    if not own:
        return usual
    values: dict[str, Any] = {
        field: own[field] for field in ("place", "reference", "salutation", "reply_to") if field in own
    }
    values |= {field: date.fromisoformat(own[field]) if own[field] else None for field in DAYS if field in own}
    if "points_by" not in own and usual.points_by and usual.points_by < values.get("letter_date", usual.letter_date):
        values["points_by"] = None
    if "contact" in own:
        values["contact"] = ContactPerson(**own["contact"])
    for field, kind in (("addressees", AddressedAs), ("signatories", SignedAs)):
        said = {slug: kind(**_lines(one)) for slug, one in own.get(field, {}).items()}
        standing: Mapping[str, Any] = getattr(usual, field)
        values[field] = {slug: said.get(slug, one) for slug, one in standing.items()}
    values["mail_to"] = {slug: own.get("mail_to", {}).get(slug, person) for slug, person in usual.mail_to.items()}
    values["copies"] = tuple(own.get("copies", ()))
    if "addressees" in own and "salutation" not in own:
        values["salutation"] = greeting(one.salutation for one in values["addressees"].values())
    return replace(usual, **values)


def with_details(
    session: Session,
    view: CovenantView,
    name: LetterName,
    parties: LetterParties,
    facts: LetterFacts,
    details: LetterDetails,
    *,
    step_title: str,
) -> LetterFacts:
    """The facts of the letter with its details and the look of its senders."""
    styles = styles_by_party(letters.letterheads(session, view.id))
    names = view.party_names
    return replace(
        facts,
        kind=LetterKind(kind_word(name.step, step_title)),
        subject=step_title,
        head=styles[JOINT].head if JOINT in styles and not name.sender else Letterhead(),
        senders=tuple(_sender(slug, names[slug], styles.get(slug, HouseStyle()), details) for slug in parties.senders),
        addressees=tuple(_addressee(names[slug], details.addressees[slug]) for slug, _one in parties.addressees),
        copies=tuple(Addressee(names[slug], person.name) for slug, person in copies_of(view, parties, details)),
        signatories=tuple(Signatory(names[slug], one.name, one.function) for slug, one in details.signatories.items()),
        letter_date=details.letter_date,
        points_by=details.points_by,
        place=details.place,
        reference=details.reference,
        salutation=details.salutation,
        contact=details.contact,
        reply_to=details.reply_to,
        phone=_phone(_leading(styles, parties, name), facts, details),
    )


def _phone(leading: Sequence[HouseStyle], facts: LetterFacts, details: LetterDetails) -> str:
    """Whom to call: never the secretariat of the agreements (`facts.phone`) beside an address of the senders."""
    is_own = details.contact != ContactPerson() or details.reply_to != facts.reply_to
    own = details.contact.phone or next((one.phone for one in leading if one.phone), "")
    return own or ("" if is_own else facts.phone)


def mailed_to(view: CovenantView, parties: LetterParties, details: LetterDetails) -> tuple[tuple[str, Member], ...]:
    """Who gets the mail for each party: whom somebody chose, as long as they still sit there, else the usual one."""
    able = {
        (party, one.person): one
        for party, people in candidates(view, parties, details.letter_date).items()
        for one in people
    }
    return tuple((slug, able.get((slug, details.mail_to[slug]), usual)) for slug, usual in parties.addressees)


def copies_of(view: CovenantView, parties: LetterParties, details: LetterDetails) -> tuple[tuple[str, Member], ...]:
    """Who gets a copy beside them, each once."""
    to = {person.person for _slug, person in mailed_to(view, parties, details)}
    able = candidates(view, parties, details.letter_date)
    chosen = {one.person: (slug, one) for slug, people in reversed(able.items()) for one in people}
    return tuple(chosen[number] for number in details.copies if number in chosen and number not in to)


def candidates(view: CovenantView, parties: LetterParties, today: date) -> dict[str, list[Member]]:
    """Who sits at each addressed party, each once: whom a letter may be mailed to."""
    able: dict[str, list[Member]] = {slug: [] for slug, _person in parties.addressees}
    for member in view.members:
        is_there = (member.since or today) <= today <= (member.until or today)
        if member.party in able and is_there and member.person not in {known.person for known in able[member.party]}:
            able[member.party].append(member)
    for slug, usual in parties.addressees:
        if usual.person not in {one.person for one in able[slug]}:
            able[slug].insert(0, usual)
    return able


def _leading(styles: Mapping[str, HouseStyle], parties: LetterParties, name: LetterName) -> list[HouseStyle]:
    """The house styles that speak for the letter, best first: of a joint letter, then each sender's own."""
    slugs = (*(() if name.sender else (JOINT,)), *parties.senders)
    return [styles[slug] for slug in slugs if slug in styles]


def _addressed_as(style: HouseStyle, kind: PartyKind) -> AddressedAs:
    body = style.body or ("" if style.attention else body_of(kind))
    greeted = style.salutation or salutation_of(kind, body, style.attention)
    return AddressedAs(body, style.attention, style.function, style.postal or style.visiting, greeted)


def _signed_as(view: CovenantView, slug: str, styles: Mapping[str, HouseStyle], today: date) -> SignedAs:
    """Who the house style names, else the director who sits there."""
    style = styles.get(slug, HouseStyle())
    seated = [one for one in Members(view.members, today).directors([slug]) if one.role is Role.DIRECTOR]
    return SignedAs(style.signatory or (seated[0].name if seated else ""), style.signs_as or DIRECTOR)


def _contact(style: HouseStyle) -> ContactPerson:
    return ContactPerson(style.contact_name, style.contact_function, style.contact_phone, style.contact_email)


def _sender(slug: str, name: str, style: HouseStyle, details: LetterDetails) -> Sender:
    signed = details.signatories[slug]
    return Sender(name, signed.function or DIRECTOR, style.place, signed.name, style.head)


def _addressee(name: str, said: AddressedAs) -> Addressee:
    return Addressee(name, said.attention, said.body, said.function, said.postal, said.salutation)


def _as_json(details: LetterDetails) -> dict[str, Any]:
    days = {field: day.isoformat() for field in DAYS if (day := getattr(details, field)) is not None}
    values = asdict(details) | days | {"copies": list(details.copies)}
    for addressed in values["addressees"].values():
        addressed["postal"] = list(addressed["postal"])
    return values


def _lines(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
