"""Lives that broke a law once: each a table of its own, lived again by every `make test`.

`fault` is the number of a fault that still stands (issue 9); whoever mends it takes the number away.
"""

from datetime import date

from tests.simulation.acts import act
from tests.simulation.living import Life

LETTER = "terneuzen:step:uitnodigingsbrief@2027"
WINTER = date(2027, 2, 1)  # on Wednesday 3 February both corporations hear of the letter

LIVES = [
    # a light without a sentence ends up in the overview
    Life(
        WINTER,
        8,
        [
            act(
                "2027-02-04",
                "10:00",
                "answer",
                person="Afdeling Strategie",
                on="2027-02-03",
                deadline=LETTER,
                party="clavis",
                stand="rood",
            ),
        ],
        breaks="nothing_falls_over",
    ),
    # an absence that was withdrawn, and the next one
    Life(
        WINTER,
        1,
        [
            act(
                "2027-02-01",
                "10:00",
                "away",
                person="Afdeling Beleid",
                first="2027-02-02",
                last="2027-02-05",
                deputy="",
            ),
            act("2027-02-01", "10:10", "back", person="Afdeling Beleid", first="2027-02-02"),
            act(
                "2027-02-01",
                "10:20",
                "away",
                person="Afdeling Beleid",
                first="2027-02-08",
                last="2027-02-09",
                deputy="",
            ),
        ],
        breaks="nothing_falls_over",
    ),
    # one address is refused, and nobody gets mail any more
    Life(
        WINTER,
        3,
        [
            act("2027-02-03", "07:00", "weather", weather="policy at rcpt", only="strategie@clavis.example"),
        ],
        breaks="one_refusal_stops_nobody",
    ),
    # a server that takes each mail and closes before it says so
    Life(
        WINTER,
        4,
        [
            act("2027-02-03", "07:00", "weather", weather="closes after dot"),
        ],
        breaks="no_mail_goes_on_and_on",
    ),
    # one that knows the address no more: what it refused counts as told
    Life(
        WINTER,
        8,
        [
            act("2027-02-03", "07:00", "weather", weather="nobody", only="strategie@clavis.example"),
        ],
        breaks="what_is_told_had_a_mail",
    ),
    # a held table is to be read
    Life(WINTER, 1, [], breaks="a_held_table_is_silent"),
    # one mailbox that does not exist breaks the feeds of its table
    Life(
        WINTER,
        9,
        [
            act("2027-02-01", "10:00", "weather", weather="nobody", only="beleid@woongoed.example"),
            act("2027-02-01", "10:10", "welcome", person="Afdeling Beleid"),
            act("2027-02-02", "10:10", "welcome", person="Afdeling Beleid"),
            act("2027-02-03", "07:00", "weather", weather="nobody", only="beleid@woongoed.example"),
        ],
        breaks="each_feed_opens",
    ),
    # a day that cannot be meant breaks the pages that show it
    Life(
        WINTER,
        10,
        [
            act("2027-02-01", "10:00", "move", deadline=LETTER, day="0001-01-01", reason=""),
        ],
        breaks="each_page_opens",
    ),
    # a reading that is corrected back stays dropped
    Life(
        WINTER,
        2,
        [
            act(
                "2027-02-01",
                "10:00",
                "doubt",
                covenant="terneuzen",
                number="1.1.12",
                reading="raam:jaarlijks",
                when="geen",
                choice=1,
            ),
            act(
                "2027-02-01",
                "11:00",
                "doubt",
                covenant="terneuzen",
                number="1.1.12",
                reading="raam:jaarlijks",
                when="jaarlijks",
                choice=1,
            ),
        ],
        breaks="what_is_asked_is_there",
    ),
    # a phrase that a re-import lost, and the next one brought back
    Life(
        WINTER,
        2,
        [
            act("2027-02-01", "10:00", "reimport", covenant="terneuzen", number="1.1.8", cell="termijnen", to=""),
            act("2027-02-01", "11:00", "reimport", covenant="terneuzen", number="1.1.8", cell="termijnen", to=None),
        ],
        breaks="what_is_asked_is_there",
    ),
    # greylisted in the morning, settled at noon, mailed all the same
    Life(
        WINTER,
        3,
        [
            act("2027-02-03", "07:00", "weather", weather="later at rcpt"),
            act("2027-02-03", "12:01", "settle", deadline=LETTER, state="done", party=""),
            act("2027-02-03", "12:02", "weather", weather="fine"),
        ],
        breaks="nobody_is_mailed_who_should_not_be",
    ),
    # Wednesday's mail of unknown outcome comes beside Friday's own
    Life(
        WINTER,
        5,
        [
            act(
                "2027-02-01",
                "10:00",
                "move",
                deadline="terneuzen:step:uitvoeringsagenda@2027",
                day="2027-03-05",
                reason="",
            ),
            act("2027-02-03", "07:00", "weather", weather="closes after dot", only="strategie@clavis.example"),
            act("2027-02-03", "08:31", "weather", weather="away"),
            act("2027-02-05", "07:00", "weather", weather="fine"),
        ],
        breaks="one_reminder_mail_a_day",
    ),
    # an undone "verplaatsen" leaves an invented day as a real one
    Life(
        WINTER,
        1,
        [
            act(
                "2027-02-01",
                "10:00",
                "decide",
                meeting="terneuzen:step:voorjaarsoverleg@2027",
                about="terneuzen:agreement:1.1.8:raam:jaarlijks@2027",
                effect="verplaatsen",
                day="2027-06-01",
                text="Later.",
            ),
            act("2027-02-01", "11:00", "undo decision", reference="Voorjaarsoverleg 30 april 2027, besluit 1"),
        ],
        breaks="undo_gives_back_what_was",
    ),
    # open with nobody left to do it
    Life(
        WINTER,
        1,
        [
            act(
                "2027-02-01",
                "10:00",
                "settle",
                deadline="terneuzen:agreement:1.2.3:agenda:jaarlijks@2027",
                state="done",
                party="gemeente",
            ),
            act(
                "2027-02-01",
                "11:00",
                "reimport",
                covenant="terneuzen",
                number="1.2.3",
                cell="agenda_trekker",
                to="Gemeente",
            ),
        ],
        breaks="wholes_follow_from_their_parts",
    ),
    # the last day of another meeting is moved into the time of asking
    Life(
        date(2027, 1, 13),
        2,
        [
            act(
                "2027-01-14",
                "12:51",
                "move",
                deadline="terneuzen:step:najaarsoverleg@2029",
                day="2027-03-03",
                reason="",
            ),
        ],
        breaks="next_moments_are_as_recomputed",
    ),
    # what is asked each year beside a question about the agreement itself is moved to another year
    Life(
        date(2026, 12, 3),
        2,
        [
            act("2026-12-03", "16:04", "release", covenant="hulst"),
            act(
                "2026-12-04",
                "07:28",
                "move",
                deadline="hulst:agreement:2.2:raam:elk-jaar-in-september@2028",
                day="2027-02-27",
                reason="",
            ),
        ],
        breaks="next_moments_are_as_recomputed",
    ),
    # a clock two years ahead, and one that comes back ten days behind
    Life(
        WINTER,
        4,
        [
            act("2027-02-02", "09:00", "clock jumps", hours=24 * 800),
            act("2027-02-03", "08:00", "clock jumps", hours=24 * 31),
            act("2027-02-03", "10:00", "clock jumps", hours=-24 * 10),
            act("2027-02-04", "12:00", "clock jumps", hours=2),
        ],
        breaks="nothing_of_a_wrong_clock_is_kept",
    ),
]
