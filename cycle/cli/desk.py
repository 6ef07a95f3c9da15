"""What the commands share: the office, the moment, and the small commands about deadlines and post."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from cycle.cli.console import complain, say, say_json, say_table

if TYPE_CHECKING:  # importing these takes half a second, and `--help` needs none of it
    from cycle.actions.office import Office


def now() -> datetime:
    """This moment."""
    from cycle.clock import now as read_clock

    return read_clock()


def office() -> "Office":
    """The office of the settings that were named."""
    from cycle.actions.office import open_office
    from cycle.settings import load_settings

    return open_office(load_settings())


def migrate() -> tuple[str | None, str]:
    """Brings the database of the settings up to date."""
    from cycle.settings import load_settings
    from cycle.store.database import Database

    database = Database(load_settings().database_url)
    try:
        return database.migrate()
    finally:
        database.close()


def covenant_id(here: "Office", slug: str | None) -> int | None:
    """The id of a covenant that was named; nothing otherwise."""
    from cycle.store.covenants import covenant

    if slug is None:
        return None
    with here.database.reading() as session:
        return covenant(session, slug).id


def settle(ids: Sequence[int], state: str, party: str, by: str, note: str, covenant: str | None) -> None:
    """Settles deadlines one by one; what is refused does not stop the rest, but shows in the exit code."""
    import typer

    from cycle.actions.settling import settle as run
    from cycle.domain.model import State
    from cycle.errors import CycleError

    here = office()
    only, refused = covenant_id(here, covenant), False
    for deadline in ids:
        try:
            settled = run(here, deadline, State(state), now(), by=by, party=party, note_text=note, covenant_id=only)
            say(f"{settled.title}: {settled.words}.")
        except CycleError as error:
            complain(error.what, error.hint)
            refused = True
    if refused:
        raise typer.Exit(1)


def set_meeting(
    deadline: int, day: date | None, at: time | None, until: time | None, place: str, by: str,
    covenant: str | None,
) -> None:  # fmt: skip
    """Sets or clears when and where a meeting is."""
    from cycle.actions.settling import set_meeting as run

    here = office()
    settled = run(
        here, deadline, day, now(), start=at, end=until, place=place,
        by=by, covenant_id=covenant_id(here, covenant),
    )  # fmt: skip
    say(f"{settled.title}: {settled.words}.")


def list_outbox(states: tuple[str, ...], limit: int | None, *, as_json: bool) -> None:
    """The outbox as a table or JSON."""
    from cycle.actions.listing import outbox_listing

    here = office()
    with here.database.reading() as session:
        data = outbox_listing(session, states, limit)
    if as_json:
        say_json(data)
        return
    if data["paused"]:
        say(f"De verzending staat stil: {data['paused']}", "Weer verder: cycle outbox resume", "")
    rows = [(one["id"], one["state"], one["to"], one["subject"], one["last_answer"]) for one in data["messages"]]
    say_table(("id", "stand", "aan", "onderwerp", "antwoord"), rows)


def show_message(message_id: int) -> None:
    """One message with its headers, as the mail server gets it, in readable form."""
    from email import message_from_bytes, policy

    from cycle.actions.post import message

    row = message(office(), message_id)
    parsed = message_from_bytes(row.body, policy=policy.default)
    say(f"Stand: {row.state}", *(f"{name}: {value}" for name, value in parsed.items()), "")
    text = parsed.get_body(("plain",))
    say(text.get_content() if text is not None else "(de tekst is niet bewaard)")
    say(*(f"Bijlage: {part.get_filename()}" for part in parsed.iter_attachments()))


def retry_message(message_id: int, by: str) -> None:
    """Offers a failed or held message again."""
    from cycle.actions.post import retry

    say(retry(office(), message_id, now(), by=by))


def resume_outbox(by: str) -> None:
    """Lets sending go on."""
    from cycle.actions.post import resume

    say(resume(office(), now(), by=by))
