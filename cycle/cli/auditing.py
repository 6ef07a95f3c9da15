"""`cycle audit`: whether what was written down is as it was."""

from datetime import tzinfo
from typing import TYPE_CHECKING, Any

import typer

from cycle.cli import desk
from cycle.cli.console import at_work, say, say_json
from cycle.cli.options import Json
from cycle.cli.usage import DutchTyper

if TYPE_CHECKING:
    from cycle.actions.service.watch.audit import Audit
    from cycle.store.chains import Walked

audit_app = DutchTyper(help="Of wat is vastgelegd nog is zoals het was.", no_args_is_help=True)


@audit_app.callback()
def _audit() -> None:
    """Commands stand below it, also while there is one."""


@audit_app.command()
def verify(
    as_json: Json = False,
) -> None:
    """Loop alles na wat is vastgelegd: is er niets gewijzigd, weggehaald of tussengevoegd?"""
    from cycle.actions.service.watch.audit import verify as run

    office = desk.office()
    with at_work("Alles nalopen wat is vastgelegd"):
        audit = run(office, desk.now())
    if as_json:
        say_json(_as_json(audit))
    else:
        _say(audit, office.settings.zone)
    if not audit.is_whole:
        raise typer.Exit(1)


WAY_ON = (
    "Wat nu:",
    "1. Wijzig niets, en bewaar de database en var/sent.journal zoals ze zijn: cycle backup BESTAND",
    "2. Leg de zegels hierboven naast die in de dagberichten: de eerste dag die afwijkt is de dag waarop het misging.",
    "3. Is de database zelf teruggezet uit een oudere kopie, dan is ze korter dan het journaal, en hoort dit zo.",
    "4. Zo niet: zoek wie bij de database kon, en zet de laatste kopie van vóór die dag terug: cycle restore BESTAND",
)


def _as_json(audit: "Audit") -> dict[str, Any]:
    return {
        "whole": audit.is_whole,
        "chains": [
            {
                "covenant": one.slug or None,
                "facts": one.facts,
                "erased": one.erased,
                "broken": None
                if one.broken is None
                else {
                    "why": one.broken.fault,
                    "place": one.broken.seq,
                    "at": one.broken.at and one.broken.at.isoformat(),
                },
            }
            for one in audit.chains
        ],
        "seals": [{"day": day.isoformat(), "seal": seal} for day, seal in audit.seals],
    }


def _say(audit: "Audit", zone: tzinfo) -> None:
    from cycle.domain.words import day_words

    say(*(_line(one, zone) for one in audit.chains))
    if audit.seals:
        say("", "Zegels, om naast de dagberichten te leggen:")
        say(*(f"{day_words(day)}: {seal}" for day, seal in audit.seals))
    if not audit.is_whole:
        say("", *WAY_ON)


def _line(chain: "Walked", zone: tzinfo) -> str:
    from cycle.words import CHAIN_FAULTS

    name = chain.slug or "buiten de convenanten"
    if chain.broken is None:
        return f"{name}: klopt ({chain.facts} feiten{f', {chain.erased} gewist' if chain.erased else ''})."
    when = f", {chain.broken.at.astimezone(zone):%d-%m-%Y %H.%M} uur" if chain.broken.at else ""
    return f"{name}: KLOPT NIET bij feit {chain.broken.seq}{when}: {CHAIN_FAULTS[chain.broken.fault]}."
