"""At which meeting a signal is spoken of."""

from datetime import date

from cycle.domain.signals import Sitting, meeting_for

SPRING = Sitting(1, "Voorjaarsoverleg 2027", date(2027, 4, 15))
AUTUMN = Sitting(2, "Najaarsoverleg 2027", date(2027, 10, 31))


def test_it_is_the_first_meeting_to_come_since_the_day_of_the_report() -> None:
    days = (date(2027, 3, 1), date(2027, 4, 15), date(2027, 4, 16), date(2027, 11, 1))

    assert [meeting_for(day, [AUTUMN, SPRING]) for day in days] == [SPRING, SPRING, AUTUMN, None]
