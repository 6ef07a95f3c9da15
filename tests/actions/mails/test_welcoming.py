"""The welcome mail: once per person, with the way to their own calendar page, and never before the release."""

import pytest

from cycle.actions.mails.morning.welcoming import welcome
from cycle.actions.office.office import Office
from cycle.actions.register.reading_in.importing import import_folder
from cycle.errors import NotFound, Refused
from tests.actions.mailbox import at, deliver, mails, text_of
from tests.conftest import EXAMPLE, NOVEMBER

WHO = "strategie@clavis.example"
MONDAY = at("2026-11-23", 10)


def test_a_person_is_welcomed_once_with_the_way_to_their_page(example: Office) -> None:
    first, again = (welcome(example, WHO, MONDAY) for _ in range(2))
    deliver(example, MONDAY)

    [mail] = mails(example)
    words = text_of(mail)
    assert (first, again) == (
        f"De welkomstmail aan {WHO} staat klaar om te gaan.",
        f"{WHO} is al welkom geheten; er gaat niets nog een keer.",
    )
    assert mail["To"].addresses[0].addr_spec == WHO
    assert "http://127.0.0.1:8700/agenda/" in words
    assert "trekker van thema 1 en 5 namens Clavis" in words
    assert "/k/" not in words


def test_before_the_release_only_the_secretariat_is_welcomed(quick_office: Office) -> None:
    import_folder(quick_office, EXAMPLE, NOVEMBER)

    with pytest.raises(Refused, match="nog geen mail"):
        welcome(quick_office, WHO, MONDAY)
    assert "staat klaar" in welcome(quick_office, "secretariaat@terneuzen.example", MONDAY)


def test_nobody_is_welcomed_who_is_not_there(quick_example: Office) -> None:
    with pytest.raises(NotFound):
        welcome(quick_example, "wie@nergens.example", MONDAY)
