"""Mensen en partijen: who sits where, who gets the mail for what, who is away, and who leaves."""

from collections.abc import Sequence
from datetime import date

from starlette.responses import Response

from cycle.actions.mails.morning.welcoming import welcome
from cycle.actions.office.mailed import renew_links
from cycle.actions.office.versions import version_of
from cycle.actions.people.departure.leaving import Successor, hand_over, leaving_plan, undo_hand_over
from cycle.actions.people.rhythms import rhythm
from cycle.actions.people.seats import memberships as seating
from cycle.actions.people.seats import persons
from cycle.domain.addressing import Members
from cycle.domain.days import ABSENCE, LEAVING
from cycle.domain.model import Role
from cycle.domain.words import day_words
from cycle.errors import Changed, CycleError, NotFound
from cycle.store import feedlinks, finding, seats
from cycle.store.ids import id_of
from cycle.store.tables import Person
from cycle.web.desk import lines
from cycle.web.desk.forms import DeskForm
from cycle.web.desk.menu import READERS, MenuEntry
from cycle.web.desk.people_lines import ROLE_CHOICES, addressed_to, handover_words, mails_for, person_lines, seat_line
from cycle.web.desk.seat_forms import NEW, NOBODY, iso_day, note_faults, seat_wish, successor_of
from cycle.web.desk.visiting import DeskRequest, ForReaders, ForSecretariat, desk_router
from cycle.words import ROLES

router = desk_router()
ENTRY = MenuEntry("Mensen", "mensen", READERS)
FILTERS = ("partij", "rol", "zoek", "ook")


@router.api_route("/mensen", methods=["GET", "HEAD"])
def listed(at: ForReaders, partij: str = "", rol: str = "", zoek: str = "", ook: str = "", blad: str = "") -> Response:
    """Everybody at this table, by party."""
    chosen = dict(zip(FILTERS, (partij, rol, zoek[:100], ook), strict=True))
    page = lines.page_number(blad)
    with at.office.database.reading() as session:
        view = at.view(session)
        people = at.kept_value(
            "people",
            lambda: person_lines(seats.seats(session, at.covenant_id), view, at, chosen),
            *chosen.values(),
            at.today,
        )
    newer, older = lines.pages(at, "mensen", chosen, page, len(people))
    first = (page - 1) * lines.PAGE
    return at.page(
        "desk/people",
        typed=DeskForm(**chosen),
        lines=people[first : first + lines.PAGE],
        newer=newer,
        older=older,
        parties=[(party.slug, party.name) for party in view.parties],
        roles=ROLE_CHOICES,
        may_write=at.may_write,
    )


@router.api_route("/mensen/wie", methods=["GET", "HEAD"])
def who_for_what(at: ForReaders, partij: str = "", thema: str = "") -> Response:
    """Who gets the mail about which agreement, and why."""
    with at.office.database.reading() as session:
        view = at.view(session)
        heads = finding.agreement_heads(session, at.covenant_id)
        themes, _meetings = lines.choices(session, at)
    members = Members(view.members, at.today)
    addressed = []
    for head in heads:
        slugs = [slug for slug in head.agenda_leads or head.leads if partij in ("", slug)]
        if slugs and thema in ("", head.theme):
            to = [(slug, view.party_names.get(slug, slug), addressed_to(members, slug, head)) for slug in slugs]
            addressed.append((head, to))
    return at.page(
        "desk/who",
        typed=DeskForm(partij=partij, thema=thema),
        found=addressed,
        may_write=at.may_write,
        parties=[(party.slug, party.name) for party in view.parties],
        themes=themes,
    )


@router.api_route("/mensen/toevoegen", methods=["GET", "HEAD"])
def ask_new(at: ForSecretariat) -> Response:
    """Somebody new at the table."""
    return _ask_new(at, DeskForm(rol=Role.TREKKER))


@router.post("/mensen/toevoegen")
def add(at: ForSecretariat) -> Response:
    """Gives somebody their first seat."""
    typed = at.typed()
    name, email = typed.text("naam", needed="Vul een naam in."), typed.text("adres", needed="Vul een mailadres in.")
    if name and email:
        note_faults(typed, seating.faults_of_name(name, email.lower()), {"name": "naam", "email": "adres"})
    wish = seat_wish(at, typed)
    if wish is None or not typed.is_right:
        return _ask_new(at, typed, status=422)
    try:
        person, settled = seating.add_person(at.office, at.covenant_id, name, email, wish, at.now, by=at.by)
    except CycleError as error:
        typed.wrong("rol", f"{error.what} {error.hint}")
        return _ask_new(at, typed, status=422)
    return at.done(f"{settled.title} {settled.words}.", at.path(f"mensen/{person}"))


@router.api_route("/mensen/plaatsen/{seat}", methods=["GET", "HEAD"])
def ask_seat(at: ForSecretariat, seat: str) -> Response:
    """What one seat is for, and for how long."""
    return _ask_seat(at, lines.number_of(seat), None)


@router.post("/mensen/plaatsen/{seat}")
def change_seat(at: ForSecretariat, seat: str) -> Response:
    """Changes it; a last day ends it."""
    number, typed = lines.number_of(seat), at.typed()
    with at.office.database.reading() as session:
        row = seats.seat(session, number, at.covenant_id)
        party = seats.party(session, row.party_id, at.covenant_id)
    typed.values |= {"rol": row.role, "partij": party.slug}
    wish = seat_wish(at, typed)
    if wish is None or not typed.is_right:
        return _ask_seat(at, number, typed, status=422)
    try:
        settled = seating.change_seat(
            at.office, at.covenant_id, number, wish, at.now, by=at.by, version=typed["version"]
        )
    except Changed as changed:
        return _ask_seat(at, number, typed, changed, status=409)
    except CycleError as error:
        typed.wrong("tot", f"{error.what} {error.hint}")
        return _ask_seat(at, number, typed, status=422)
    return at.done(f"{settled.title} {settled.words}.", at.path(f"mensen/{row.person_id}"))


@router.post("/mensen/overdracht/{handover}/terug")
def undo(at: ForSecretariat, handover: str) -> Response:
    """Gives back what was handed over."""
    settled = undo_hand_over(at.office, at.covenant_id, lines.number_of(handover), at.now, by=at.by)
    return at.done(f"{settled.title} {settled.words}.", at.path("mensen"))


@router.api_route("/mensen/{person}", methods=["GET", "HEAD"])
def person_page(at: ForReaders, person: str) -> Response:
    """One person: where they sit, what they get mail about, when they are away."""
    return _one(at, lines.number_of(person), None, DeskForm())


@router.post("/mensen/{person}/gegevens")
def change_person(at: ForSecretariat, person: str) -> Response:
    """Another name or mail address."""
    number, typed = lines.number_of(person), at.typed()
    _check(at, number)
    name, email = typed.text("naam", needed="Vul een naam in."), typed.text("adres", needed="Vul een mailadres in.")
    if name and email:
        note_faults(typed, seating.faults_of_name(name, email.lower()), {"name": "naam", "email": "adres"})
    if not typed.is_right:
        return _one(at, number, typed, DeskForm(), status=422)
    keeps = {seat.covenant_id for seat in at.visitor.seats if seat.role is Role.SECRETARIAT}
    try:
        settled = persons.change_person(
            at.office, at.covenant_id, number, name, email, at.now, by=at.by, version=typed["version"], keeps=keeps
        )
    except Changed as changed:
        return _one(at, number, typed, DeskForm(), changed, status=409)
    except CycleError as error:
        typed.wrong("adres", f"{error.what} {error.hint}")
        return _one(at, number, typed, DeskForm(), status=422)
    return at.done(f"{settled.title} {settled.words}.", at.path(f"mensen/{number}"))


@router.api_route("/mensen/{person}/plaats", methods=["GET", "HEAD"])
def ask_another(at: ForSecretariat, person: str) -> Response:
    """Another seat for somebody."""
    return _ask_another(at, lines.number_of(person), DeskForm(rol=Role.TREKKER))


@router.post("/mensen/{person}/plaats")
def add_seat(at: ForSecretariat, person: str) -> Response:
    """Gives it to them."""
    number, typed = lines.number_of(person), at.typed()
    _check(at, number)
    wish = seat_wish(at, typed)
    if wish is None or not typed.is_right:
        return _ask_another(at, number, typed, status=422)
    try:
        settled = seating.add_seat(at.office, at.covenant_id, number, wish, at.now, by=at.by)
    except CycleError as error:
        typed.wrong("rol", f"{error.what} {error.hint}")
        return _ask_another(at, number, typed, status=422)
    return at.done(f"{settled.title} {settled.words}.", at.path(f"mensen/{number}"))


@router.post("/mensen/{person}/afwezig")
def add_absence(at: ForSecretariat, person: str) -> Response:
    """Days on which the deputy gets the mail."""
    number, typed = lines.number_of(person), at.typed()
    row = _check(at, number)
    around = ABSENCE.around(at.today)
    first = typed.day("vanaf", needed="Vul de eerste dag in.", within=around)
    last = typed.day("tot", needed="Vul de laatste dag in.", within=around)
    if first is None or last is None or not typed.is_right:
        return _one(at, number, None, typed, status=422)
    deputy = lines.number_of(typed["vervanger"]) or None
    try:
        mails = rhythm.pause_mails(at.office, number, first, last, at.now, deputy=deputy, table=at.covenant_id)
        if typed["zeker"] != "ja":
            return _sure_away(at, row, first, last, typed["vervanger"], mails)
        words = rhythm.pause(at.office, number, first, last, at.now, deputy=deputy, by=at.by, table=at.covenant_id)
    except CycleError as error:
        typed.wrong("tot", f"{error.what} {error.hint}")
        return _one(at, number, None, typed, status=422)
    at.door.wake()
    return at.done(f"{row.name} is {words}.", at.path(f"mensen/{number}"))


@router.post("/mensen/{person}/afwezig/{absence}/weg")
def remove_absence(at: ForSecretariat, person: str, absence: str) -> Response:
    """They are there after all."""
    number, away = lines.number_of(person), lines.number_of(absence)
    row, path = _check(at, number), at.path(f"mensen/{number}")
    mails = rhythm.end_mails(at.office, number, away, at.now)
    if at.typed()["zeker"] != "ja":
        return at.confirm(
            f"Is {row.name} er weer?",
            action=f"{path}/afwezig/{away}/weg",
            button="Weghalen",
            mails=mails,
            back=path,
            words=f"{row.name} krijgt in die dagen de mail weer zelf.",
        )
    words = rhythm.end_pause(at.office, number, away, at.now, by=at.by)
    at.door.wake()
    return at.done(f"{row.name}: {words}.", path)


@router.post("/mensen/{person}/welkom")
def send_welcome(at: ForSecretariat, person: str) -> Response:
    """The welcome mail, after a look at whom it goes to."""
    row, path = _check(at, lines.number_of(person)), f"mensen/{lines.number_of(person)}"
    if at.typed()["zeker"] != "ja":
        return at.confirm(
            f"{row.name} welkom heten?",
            action=at.path(f"{path}/welkom"),
            button="Verstuur 1 mail",
            mails=[(row.name, row.email)],
            back=at.path(path),
            words="In de welkomstmail staat wat iemand van ons krijgt, en de link naar de eigen agenda.",
        )
    words = welcome(at.office, row.email, at.now, by=at.by)
    at.door.wake()
    return at.done(words, at.path(path))


@router.post("/mensen/{person}/links")
def end_links(at: ForSecretariat, person: str) -> Response:
    """Makes all links in mails to somebody invalid, after a look at what that means."""
    row, path = _check(at, lines.number_of(person)), at.path(f"mensen/{lines.number_of(person)}")
    if at.typed()["zeker"] != "ja":
        return at.confirm(
            f"Alle links van {row.name} ongeldig maken?",
            action=f"{path}/links",
            button="Maak ongeldig",
            back=path,
            words="Alle links in mails aan deze persoon werken dan niet meer, ook voor andere convenanten; in de "
            "volgende mail staan nieuwe. Agendakoppelingen blijven werken: die trekt de persoon zelf in, of de "
            "beheerder met cycle feed revoke --leaked.",
        )
    name = renew_links(at.office, id_of(row), at.now, by=at.by, covenant_id=at.covenant_id)
    return at.done(f"De links in mails aan {name} werken niet meer.", path)


@router.api_route("/mensen/{person}/vertrek", methods=["GET", "HEAD"])
def ask_leaving(at: ForSecretariat, person: str) -> Response:
    """Somebody leaves: when, and who takes over."""
    return _ask_leaving(at, lines.number_of(person), DeskForm(laatste=at.today.isoformat()))


@router.post("/mensen/{person}/vertrek")
def leave(at: ForSecretariat, person: str) -> Response:
    """First what it changes, then the change itself."""
    number, typed = lines.number_of(person), at.typed()
    _check(at, number)
    last = typed.day("laatste", needed="Vul de laatste dag in.", within=LEAVING.around(at.today))
    successor = successor_of(typed)
    if last is None or not typed.is_right:
        return _ask_leaving(at, number, typed, status=422)
    try:
        if typed["zeker"] == "ja":
            settled = hand_over(
                at.office, at.covenant_id, number, successor, last, at.now, by=at.by, version=typed["version"]
            )
            return at.done(f"{settled.title} {settled.words}.", at.path("mensen"))
        return _plan(at, number, successor, last, typed)
    except Changed as changed:
        return _plan(at, number, successor, last, typed, changed)
    except CycleError as error:
        typed.wrong("opvolger", f"{error.what} {error.hint}")
        return _ask_leaving(at, number, typed, status=422)


def _sure_away(
    at: DeskRequest, row: Person, first: date, last: date, deputy: str, mails: Sequence[tuple[str, str]]
) -> Response:
    """What noting days away does, before it is done."""
    path = at.path(f"mensen/{row.id}")
    return at.confirm(
        f"{row.name} is afwezig?",
        action=f"{path}/afwezig",
        button="Toevoegen",
        mails=mails,
        back=path,
        words=f"Van {day_words(first)} tot en met {day_words(last)} gaat de mail naar de vervanger.",
        hidden=[("vanaf", first.isoformat()), ("tot", last.isoformat()), ("vervanger", deputy)],
    )


def _check(at: DeskRequest, number: int) -> Person:
    """Raises NotFound for somebody who never sat here."""
    with at.office.database.reading() as session:
        return seats.person(session, number, at.covenant_id)


def _ask_new(at: DeskRequest, typed: DeskForm, status: int = 200) -> Response:
    with at.office.database.reading() as session:
        view = at.view(session)
    parties = view.party_choices
    return at.page("desk/person_new", status, typed=typed, parties=parties, roles=ROLE_CHOICES)


def _ask_another(at: DeskRequest, number: int, typed: DeskForm, status: int = 200) -> Response:
    row = _check(at, number)
    with at.office.database.reading() as session:
        view = at.view(session)
    parties = view.party_choices
    return at.page("desk/seat_new", status, typed=typed, parties=parties, roles=ROLE_CHOICES, row=row)


def _ask_seat(
    at: DeskRequest, number: int, typed: DeskForm | None, changed: Changed | None = None, status: int = 200
) -> Response:
    with at.office.database.reading() as session:
        row = seats.seat(session, number, at.covenant_id)
        person, party = session.get_one(Person, row.person_id), seats.party(session, row.party_id, at.covenant_id)
        agreements = seats.called(seats.keys_of(row), seats.numbers_of(session, at.covenant_id))
    first = DeskForm(
        vanaf=iso_day(row.since), tot=iso_day(row.until), afspraken=", ".join(agreements), themas=", ".join(row.themes)
    )
    return at.page(
        "desk/seat",
        status,
        typed=typed or first,
        changed=changed,
        row=row,
        person=person,
        party=party,
        role=ROLES[Role(row.role)],
        is_trekker=row.role == Role.TREKKER,
        version=version_of(at.now, row),
    )


def _one(
    at: DeskRequest,
    number: int,
    typed: DeskForm | None,
    away: DeskForm,
    changed: Changed | None = None,
    status: int = 200,
) -> Response:
    with at.office.database.reading() as session:
        row = seats.person(session, number, at.covenant_id)
        view = at.view(session)
        rows = seats.seats(session, at.covenant_id)
        heads = finding.agreement_heads(session, at.covenant_id)
        absences = seats.absences(session, [number], at.today)
        handovers = seats.handovers(session, at.covenant_id, number)
        links = feedlinks.live_links(session, row.email)
        events = lines.history(at, session, view, {"person": [number]})
        names = {one.person.id: one.person.name for one in rows}
        deputies = [
            (str(key), name) for key, name in rhythm.stand_ins_for(session, at.office, row, at.now, at.covenant_id)
        ]
    mine = [one for one in rows if one.person.id == number]
    live = [one for one in mine if (one.seat.until or at.today) >= at.today]
    sharing = sorted({one.person.name for one in rows if one.person.email == row.email and one.person.id != number})
    return at.page(
        "desk/person",
        status,
        row=row,
        typed=typed or DeskForm(naam=row.name, adres=row.email),
        away=away,
        changed=changed,
        version=version_of(at.now, row),
        seats=[seat_line(one, at.today) for one in mine],
        mail=mails_for(number, view, heads, at.today),
        absences=[
            (one.id, f"{day_words(one.first)} tot en met {day_words(one.last)}", names.get(one.deputy_id, ""))
            for one in absences
        ],
        handovers=[(one.id, handover_words(one, names, number), one.undone_at is None) for one in handovers],
        links=len(links),
        sharing=sharing,
        events=events,
        may_write=at.may_write,
        is_here=bool(live),
        deputies=deputies,
    )


def _ask_leaving(at: DeskRequest, number: int, typed: DeskForm, status: int = 200) -> Response:
    with at.office.database.reading() as session:
        row = seats.person(session, number, at.covenant_id)
        rows = seats.seats(session, at.covenant_id)
    mine = {one.party.id for one in rows if one.person.id == number}
    others: dict[str, str] = {}
    for seat in sorted(rows, key=lambda one: one.party.id not in mine):
        if seat.person.id != number and (seat.seat.until or at.today) >= at.today:
            others.setdefault(str(seat.person.id), f"{seat.person.name} ({seat.party.name})")
    people = [*others.items(), (NEW, "iemand die er nog niet staat"), (NOBODY, "niemand, wie aan de beurt is")]
    return at.page("desk/leave", status, typed=typed, row=row, people=people)


def _plan(
    at: DeskRequest, number: int, successor: Successor, last: date, typed: DeskForm, changed: Changed | None = None
) -> Response:
    with at.office.database.reading() as session:
        plan = leaving_plan(at.office, session, at.covenant_id, number, successor, last, at.now)
    if not plan.ends:
        raise NotFound(f"{plan.name} heeft na {day_words(last)} geen plaats meer.", "Kies een andere dag.")
    hidden = [(name, typed[name]) for name in ("opvolger", "naam", "adres")] + [("laatste", last.isoformat())]
    return at.page(
        "desk/leaving",
        409 if changed else 200,
        plan=plan,
        changed=changed,
        typed=DeskForm(),
        hidden=hidden,
        number=number,
        last=day_words(last),
        is_past=last < at.today,
        may_go=plan.keeps_secretariat,
    )
