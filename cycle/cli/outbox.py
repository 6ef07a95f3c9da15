"""`cycle outbox`: the outgoing mail, and what the secretariat decides about it."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cycle.cli import desk
from cycle.cli.console import say, say_json, say_table
from cycle.cli.options import As, Json
from cycle.cli.usage import DutchTyper
from cycle.errors import CycleError

if TYPE_CHECKING:
    from cycle.domain.model import MailState
    from cycle.store.tables import Message

Number = Annotated[int, typer.Argument(metavar="ID", help="Het nummer uit cycle outbox.")]

outbox_app = DutchTyper(help="De uitgaande post.", invoke_without_command=True)


@outbox_app.callback()
def outbox(
    context: typer.Context,
    state: Annotated[list[str] | None, typer.Option(help="Alleen deze stand, zoals wacht of “niet bezorgd”.")] = None,
    limit: Annotated[int | None, typer.Option(help="Hoogstens zoveel.")] = None,
    as_json: Json = False,
) -> None:
    """Lijst van de uitgaande post, nieuwste eerst."""
    from cycle.actions.deadlines.upkeep.listing import outbox_listing
    from cycle.words import MAIL_STATES

    if context.invoked_subcommand is not None:
        return
    states = [_state(words) for words in state or ()]
    with desk.office().database.reading() as session:
        data = outbox_listing(session, states, limit)
    if as_json:
        say_json(data)
        return
    if data["paused"]:
        say(f"De verzending staat stil: {data['paused']}", "Weer verder: cycle outbox resume", "")
    rows = [
        (one["id"], MAIL_STATES[one["state"]], one["to"], one["subject"], one["last_answer"])
        for one in data["messages"]
    ]
    say_table(("id", "stand", "aan", "onderwerp", "antwoord"), rows)


def _state(text: str) -> "MailState":
    """The state of this word of the listing, or of `--json`. Raises CycleError for another."""
    from cycle.words import MAIL_STATES

    for state, words in MAIL_STATES.items():
        if text in (state, words):
            return state
    raise CycleError(f"Een mail staat nooit op {text!r}.", f"Kies uit: {', '.join(MAIL_STATES.values())}.")


@outbox_app.command()
def show(message: Number, as_json: Json = False) -> None:
    """Eén mail zoals hij gaat of ging."""
    from cycle.actions.post.halts.outbox_decisions import message as find

    row = find(desk.office(), message)
    if as_json:
        say_json(_as_json(row))
    else:
        _say_mail(row)


@outbox_app.command()
def retry(message: Number, by: As = "") -> None:
    """Bied een niet bezorgde of vastgehouden mail opnieuw aan."""
    from cycle.actions.acting.fitting import for_messages
    from cycle.actions.post.halts.outbox_decisions import retry as run

    office, now = desk.office(), desk.now()
    say(run(office, message, now, by=for_messages(office, by, now, [message])))


@outbox_app.command()
def hold(message: Number, by: As = "") -> None:
    """Houd een wachtende mail vast tot iemand hem opnieuw aanbiedt."""
    from cycle.actions.acting.fitting import for_messages
    from cycle.actions.post.halts.outbox_decisions import hold as run

    office, now = desk.office(), desk.now()
    say(run(office, message, now, by=for_messages(office, by, now, [message])))


@outbox_app.command()
def discard(message: Number, by: As = "") -> None:
    """Leg een mail weg: hij gaat niet meer uit."""
    from cycle.actions.acting.fitting import for_messages
    from cycle.actions.post.halts.outbox_decisions import discard as run

    office, now = desk.office(), desk.now()
    say(run(office, message, now, by=for_messages(office, by, now, [message])))


@outbox_app.command()
def release(
    messages: Annotated[list[int] | None, typer.Argument(metavar="ID…", help="Alleen deze.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Doe het.")] = False,
    covenant: Annotated[str | None, typer.Option(help="Alleen van dit convenant.")] = None,
    by: As = "",
) -> None:
    """Laat mails gaan die op akkoord wachten; zonder --yes ziet u eerst wat dat doet."""
    from cycle.actions.acting.fitting import for_messages
    from cycle.actions.mails.morning import draft_approval
    from cycle.errors import Refused
    from cycle.store.ids import id_of

    office = desk.office()
    drafts = draft_approval.drafts_to_release(office, messages or (), covenant)
    if not drafts:
        say("Er wacht niets op akkoord.")
    elif not yes:
        say_table(("id", "aan", "onderwerp"), [(row.id, row.to, row.subject) for row, _readers in drafts])
        raise Refused(draft_approval.release_words(drafts), "Lezen: cycle outbox show ID. Doen: zet er --yes bij.")
    else:
        now = desk.now()
        who = for_messages(office, by, now, [id_of(row) for row, _readers in drafts])
        say(draft_approval.release_drafts(office, drafts, now, by=who).words)


@outbox_app.command()
def resume(by: As = "") -> None:
    """Laat verzenden en plannen weer lopen na een storing."""
    from cycle.actions.acting.fitting import for_messages
    from cycle.actions.post.halts.outbox_decisions import resume as run

    office, now = desk.office(), desk.now()
    say(run(office, now, by=for_messages(office, by, now)))


@outbox_app.command()
def reachable(address: Annotated[str, typer.Argument(metavar="ADRES")], by: As = "") -> None:
    """Een onbestelbaar adres werkt weer: het krijgt weer post."""
    from cycle.actions.acting.fitting import for_person
    from cycle.actions.post.returns.bouncing import mark_reachable

    office, now = desk.office(), desk.now()
    say(mark_reachable(office, address, now, by=for_person(office, by, now, address)))


def _say_mail(row: "Message") -> None:
    """Headers and text as people read them."""
    parsed = _parsed(row)
    say(f"Stand: {row.state}", *(f"{name}: {value}" for name, value in parsed.items()), "")
    text = parsed.get_body(("plain",))
    say(text.get_content() if text is not None else "(de tekst is niet bewaard)")
    say(*(f"Bijlage: {part.get_filename()}" for part in parsed.iter_attachments()))


def _as_json(row: "Message") -> dict[str, Any]:
    """The line of the listing, with headers, text and the bytes as they go."""
    from cycle.actions.deadlines.upkeep.listing import message_as_json

    parsed = _parsed(row)
    text = parsed.get_body(("plain",))
    headers = [[name, str(value)] for name, value in parsed.items()]
    content = text.get_content() if text is not None else None
    return message_as_json(row) | {"headers": headers, "text": content, "raw": row.body.decode("ascii", "replace")}


def _parsed(row: "Message") -> Any:
    from email import message_from_bytes, policy

    return message_from_bytes(row.body, policy=policy.default)
