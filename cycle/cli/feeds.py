"""`cycle feed`: links made, shown and listed."""

import sys
from datetime import datetime
from typing import TYPE_CHECKING

from cycle.cli import desk
from cycle.cli.console import say, say_json, say_table
from cycle.errors import CycleError

if TYPE_CHECKING:  # importing this takes half a second, and `--help` needs none of it
    from cycle.actions.feeds import FeedScope


def make_link(
    person: str, name: str, scope: str, covenant: str | None, alarm_days: int | None, by: str, *, banners: bool
) -> None:
    """Makes a link and prints it, this once, alone on its line."""
    from cycle.actions.acting.fitting import for_person
    from cycle.actions.feeds import Shows, new_link

    office, now, shows = desk.office(), desk.now(), Shows(_scope(scope), covenant, banners, alarm_days)
    say(new_link(office, person, now, name=name, shows=shows, by=for_person(office, by, now, person)).url)


def show_feed(person: str, scope: str) -> None:
    """The bytes of a feed on stdout."""
    from cycle.actions.feeds import feed_of_address

    sys.stdout.buffer.write(feed_of_address(desk.office(), person, desk.now(), _scope(scope)))


def list_links(person: str, *, as_json: bool) -> None:
    """The links of a person as a table or JSON."""
    from cycle.actions.feeds import links_of

    office = desk.office()
    with office.database.reading() as session:
        links = links_of(session, person)
    if as_json:
        say_json({"links": [link.as_json() for link in links]})
        return

    def day(moment: datetime | None) -> str | None:
        return office.local_day(moment).isoformat() if moment else None

    rows = [
        (
            link.name,
            link.scope,
            link.covenant,
            day(link.created_at),
            day(link.last_fetched_at),
            link.client,
            "afgesneden" if link.leaked else day(link.ended_at),
        )
        for link in links
    ]
    say_table(("naam", "toont", "convenant", "gemaakt", "opgehaald", "door", "ingetrokken"), rows)


def _scope(text: str) -> "FeedScope":
    from cycle.actions.feeds import FeedScope

    if text not in list(FeedScope):
        raise CycleError(f"Een koppeling kan niet {text!r} tonen.", f"Kies uit: {', '.join(FeedScope)}.")
    return FeedScope(text)
