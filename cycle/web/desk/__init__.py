"""The desk: the pages for who is signed in. A room is a module with a `router` and its `ENTRY` in the menu, if any.

To add one: make it with `visiting.desk_router`, and name it in ROOMS, in the order of the menu.
"""

from starlette.exceptions import HTTPException

from cycle.web.desk import (
    agreements,
    archive,
    asked,
    covenant_data,
    deadlines,
    folder_in,
    founding,
    frameworks,
    habits,
    letter,
    letter_details,
    letter_to_take,
    letterheads,
    letting_go,
    logbook,
    meetings,
    mine,
    naming_themes,
    parties,
    people,
    people_lists,
    post,
    progress,
    public,
    reading_done,
    reading_in,
    signals,
    steps,
    text_pieces,
    who_meets,
    wrote_back,
    year,
)
from cycle.web.desk.menu import MENU
from cycle.web.desk.visiting import SignInFirst, http_error_at_desk, to_sign_in
from cycle.web.error_pages import Handler

ROOMS = (
    year,
    steps,
    habits,
    naming_themes,
    agreements,
    asked,
    deadlines,
    letter,
    letter_to_take,
    text_pieces,
    letter_details,
    letterheads,
    who_meets,
    meetings,
    signals,
    parties,
    people_lists,
    people,
    wrote_back,
    post,
    progress,
    letting_go,
    public,
    reading_in,
    reading_done,
    folder_in,
    logbook,
    covenant_data,
    archive,
    founding,
    frameworks,
    mine,
)
HANDLERS: dict[int | type[Exception], Handler] = {
    SignInFirst: to_sign_in,
    HTTPException: http_error_at_desk,
}

MENU.extend(room.ENTRY for room in ROOMS if room.ENTRY is not None)
