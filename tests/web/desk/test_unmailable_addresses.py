"""An address that cannot be mailed is refused where it comes in, with the reason: at every door, by one check."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from cycle.actions.office.office import Office
from cycle.actions.register.reading_in.importing import import_folder
from cycle.domain.mail_addresses import ascii_address, look_at_address
from cycle.errors import CycleError, SettingsError
from cycle.mail.headers import mailbox
from cycle.settings import load_settings
from cycle.sheets import Column, Sheet, write_sheets
from cycle.store.tables import Person
from tests.actions.register.test_importing import folder_with
from tests.conftest import NOVEMBER, ROOT

from .conftest import Desk, words_of
from .test_desk_register import field

ACCENTED = "jürgen@clavis.example"
WHY = "heeft letters met accenten of andere tekens vóór het apenstaartje."
ROOM = "/c/terneuzen/mensen"
STRANGE = {
    ACCENTED: WHY,
    "jan..smit@clavis.example": "is geen mailadres.",
    "jan.@clavis.example": "is geen mailadres.",
    f"{'a' * 65}@clavis.example": "is geen mailadres.",
    "jan@-clavis.example": "is geen mailadres.",
    f"jan@{'clavis.' * 35}example": "Dit mailadres is te lang.",
}


@pytest.mark.parametrize(("address", "why"), STRANGE.items())
def test_what_the_composer_cannot_mail_the_check_refuses_with_the_reason(address: str, why: str) -> None:
    for look in (look_at_address, ascii_address, lambda text: mailbox("To", text)):
        with pytest.raises(CycleError) as refused:
            look(address)
        assert why in refused.value.what


def test_an_address_that_can_be_mailed_passes_and_one_without_a_dot_is_somebody_elses() -> None:
    for address in ("naam@gemeente.nl", "o'neil+wonen@woningbouwvereniging-één.nl"):
        look_at_address(address)
    with pytest.raises(CycleError):
        look_at_address("root@localhost")


def test_each_door_of_the_pages_says_why(office: Office, desk: Desk, tmp_path: Path) -> None:
    said = dict(_said_at_the_pages(desk, tmp_path))

    assert {door: WHY in words for door, words in said.items()} == dict.fromkeys(said, True)
    assert len(said) == 9
    with office.database.reading() as session:
        assert ACCENTED not in set(session.exec(select(Person.email)))


def _said_at_the_pages(desk: Desk, tmp_path: Path) -> Iterator[tuple[str, str]]:
    someone = {"naam": "Jürgen", "adres": ACCENTED, "partij": "clavis", "rol": "trekker"}
    who = re.search(rf'"({ROOM}/\d+)"', desk.page(f"{ROOM}?zoek=strategie"))[1]
    heads = tuple(map(Column, ("naam", "adres", "partij", "rol")))
    sheet = tmp_path / "mensen.xlsx"
    write_sheets(sheet, [Sheet("Mensen", heads, [list(someone.values())])])
    written = f"naam;adres;partij;rol\nJürgen;{ACCENTED};clavis;trekker"
    lists = {"mensen.csv": written.encode(), sheet.name: sheet.read_bytes()}
    forms = {
        "a person": (f"{ROOM}/toevoegen", someone),
        "another address": (f"{who}/gegevens", someone),
        "a successor": (f"{who}/vertrek", someone | {"laatste": "2026-11-30", "opvolger": "nieuw", "wat": "kijk"}),
        "a pasted list": (f"{ROOM}/lijst", {"lijst": f"Jürgen; {ACCENTED}; Clavis; trekker", "wat": "kijk"}),
        "the table": ("/c/terneuzen/gegevens", {"naam": "Terneuzen", "antwoord": ACCENTED}),
        "a house style": ("/c/terneuzen/huisstijl/clavis", {"contactmail": ACCENTED}),
        "signing in": ("/aanmelden", {"adres": ACCENTED, "form": field(desk.page("/aanmelden"), "form")}),
    }
    for door, (path, typed) in forms.items():
        yield door, words_of(desk.submit(path, typed).text)
    for name, content in lists.items():
        yield name, words_of(desk.submit(f"{ROOM}/lijst", {"wat": "kijk"}, files={"bestand": (name, content)}).text)


def test_the_settings_and_a_folder_say_why(quick_office: Office, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    config.write_text(text.replace('reply_to = ""', f'reply_to = "{ACCENTED}"', 1), encoding="utf-8")
    with pytest.raises(SettingsError) as faulty:
        load_settings(config, {})
    assert [WHY in fault.what for fault in faulty.value.faults] == [True]

    change = f'email = "zorg@terneuzen.example"=>email = "{ACCENTED}"'
    with pytest.raises(SettingsError) as faulty:
        import_folder(quick_office, folder_with(tmp_path, change), NOVEMBER)
    assert [WHY in fault.what for fault in faulty.value.faults] == [True]
