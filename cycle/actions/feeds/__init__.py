"""Calendar feeds: the links that people get, what each link shows, and the bytes that are kept of it."""

from cycle.actions.feeds.building import Built, build, feed_of_address, feed_of_token
from cycle.actions.feeds.content import FeedScope, window
from cycle.actions.feeds.links import (
    ListedLink,
    NewLink,
    Shows,
    end_links_of_leavers,
    links_of,
    new_link,
    page_links,
    revoke_link,
    revoke_links,
    token_hash,
)
from cycle.actions.feeds.shelf import Shelf, ShelvedFeed

__all__ = [
    "Built",
    "FeedScope",
    "ListedLink",
    "NewLink",
    "Shelf",
    "ShelvedFeed",
    "Shows",
    "build",
    "end_links_of_leavers",
    "feed_of_address",
    "feed_of_token",
    "links_of",
    "new_link",
    "page_links",
    "revoke_link",
    "revoke_links",
    "token_hash",
    "window",
]
