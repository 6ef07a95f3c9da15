"""What a covenant is called, who its mails come from, and by which habits of its own it goes."""

from dataclasses import dataclass
from datetime import date, datetime

from cycle.actions.deadlines.deciding.closing import Settled
from cycle.actions.deadlines.upkeep.year_upkeep import keep_covenant
from cycle.actions.office.covenant_view import views
from cycle.actions.office.logbook import note
from cycle.actions.office.office import Office
from cycle.actions.office.versions import refuse_changed
from cycle.domain.words import day_words
from cycle.errors import Refused
from cycle.settings import with_overrides
from cycle.settings.setting_kinds import mail_address
from cycle.store import covenants
from cycle.store.tables import Covenant

OWN_HABITS = ("school_region", "send_hour", "approval")
"""What stands in the overrides of a covenant, as covenant.toml has it; empty is as config.toml says."""
CALLED = {
    "name": "naam",
    "municipality": "gemeente",
    "signed_on": "ondertekend op",
    "sender": "afzender",
    "reply_to": "antwoorden naar",
    "phone": "telefoon",
    "signature": "ondertekening van mails",
    "school_region": "schoolvakanties",
    "send_hour": "uur van de mail",
    "approval": "eerst akkoord",
}


@dataclass(frozen=True, slots=True)
class Particulars:
    """These of one covenant, as its form has them. `approval` is "ja", "nee" or nothing."""

    name: str
    municipality: str = ""
    signed_on: date | None = None
    sender: str = ""
    reply_to: str = ""
    phone: str = ""
    signature: str = ""
    school_region: str = ""
    send_hour: str = ""
    approval: str = ""


def particulars_of(row: Covenant) -> Particulars:
    """As they are kept."""
    own = {name: row.overrides.get(name, "") for name in OWN_HABITS}
    stored = {name: getattr(row, name) for name in CALLED if name not in own}
    return Particulars(**stored, **own)


def change_particulars(
    office: Office, covenant_id: int, wish: Particulars, now: datetime, *, by: str = "", version: str = ""
) -> Settled:
    """Keeps them, and lets the deadlines follow that hang on them.

    Raises Changed, Refused for an address that cannot be, or SettingsError for a habit that cannot be.
    """
    for address in filter(None, (wish.sender, wish.reply_to)):
        _refuse_strange(address)
    with office.database.writing() as session:
        covenants.lock(session, covenant_id)
        row = session.get_one(Covenant, covenant_id)
        refuse_changed(session, version, f"convenant {row.slug}", covenant_id, row)
        was = particulars_of(row)
        said = [f"{words}: {_said(getattr(wish, name))}" for name, words in CALLED.items() if _differs(was, wish, name)]
        if not said:
            return Settled(row.name, "stond al zo", changed=False)
        own = {name: getattr(wish, name) for name in OWN_HABITS}
        overrides = {key: value for key, value in (row.overrides | own).items() if value}
        with_overrides(office.settings, overrides, row.slug)
        for name in CALLED:
            if name not in own:
                setattr(row, name, getattr(wish, name))
        row.overrides = overrides
        session.add(row)
        session.flush()
        note(session, now, by, "gegevens gewijzigd", f"convenant {row.slug}", "; ".join(said), covenant_id)
        keep_covenant(session, views(session, office.settings, [covenant_id])[covenant_id], now)
        return Settled(row.name, f"is bewaard: {'; '.join(said)}", changed=True)


def _differs(was: Particulars, wish: Particulars, name: str) -> bool:
    return bool(getattr(was, name) != getattr(wish, name))


def _refuse_strange(address: str) -> None:
    try:
        mail_address(address)
    except ValueError as error:
        what, _, hint = str(error).partition("|")
        raise Refused(what, hint or "Schrijf bijvoorbeeld Secretariaat <secretariaat@gemeente.nl>.") from None


def _said(value: str | date | None) -> str:
    return day_words(value) if isinstance(value, date) else value or "niet ingevuld"
