"""`cycle letter`: the invitation letter from preview to proof."""

from pathlib import Path

import typer

from cycle.cli import desk
from cycle.cli.console import say


def run_letter(year: int, verb: str, out: Path | None, covenant: str | None, by: str) -> None:
    """One step on the letter's way."""
    verbs = {"preview": _preview, "approve": _approve, "send": _send, "status": _status}
    if verb not in verbs:
        raise typer.BadParameter(f"kies preview, approve, send of status, niet {verb!r}")
    verbs[verb](year, out, covenant, by)


def _preview(year: int, out: Path | None, covenant: str | None, _by: str) -> None:
    from cycle.actions.letters import preview

    here = desk.office()
    prepared = preview(here, covenant, year, desk.now())
    file = out or here.settings.path(f"var/uitnodigingsbrief-{year}.pdf")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(prepared.pdf)
    say(*(f"Let op: {warning}" for warning in prepared.warnings))
    say(f"De brief staat in {file}.", "Hij gaat naar:")
    say(*(f"  {party}: {person.name} <{person.email}>" for party, person in prepared.addressees))


def _approve(year: int, _out: Path | None, covenant: str | None, by: str) -> None:
    from cycle.actions.letters import approve

    state = approve(desk.office(), covenant, year, desk.now(), by=by)
    say(f"Uitnodigingsbrief {year}: {state.words}.", f"Versturen: cycle letter {year} send")


def _send(year: int, _out: Path | None, covenant: str | None, by: str) -> None:
    from cycle.actions.delivering import deliver_mails, open_pace, open_transport
    from cycle.actions.letters import send, state_of

    here = desk.office()
    state = send(here, covenant, year, desk.now(), by=by)
    say(f"Uitnodigingsbrief {year}: {state.words}.")
    if state.changed:
        transport = open_transport(here.settings)
        try:
            deliver_mails(here, transport, open_pace(here.settings), desk.now)
        finally:
            transport.close()
    say(*(f"  {line}" for line in state_of(here, covenant, year).proof))


def _status(year: int, _out: Path | None, covenant: str | None, _by: str) -> None:
    from cycle.actions.letters import state_of

    state = state_of(desk.office(), covenant, year)
    say(f"Uitnodigingsbrief {year}: {state.words}.", *(f"  {line}" for line in state.proof))
