"""CYCLE__SECTION__KEY over the file, secrets from NAME_FILE, and what never shows."""

from datetime import date, time
from pathlib import Path

import pytest

from cycle.errors import Fault, SettingsError
from cycle.settings import Settings, load_settings

CONFIG = Path(__file__).parents[2] / "config.toml"


def load(**environ: str) -> Settings:
    return load_settings(CONFIG, environ)


def test_a_variable_wins_from_the_file() -> None:
    settings = load(
        CYCLE__DATABASE__URL="postgresql://cycle@db/cycle", CYCLE__MAIL__TRANSPORT="smtp", CYCLE__WEB__PORT="9000"
    )

    assert settings.database_url == "postgresql://cycle@db/cycle"
    assert (settings.mail.transport, settings.web.port) == ("smtp", 9000)


def test_what_is_not_named_stays_as_the_file_has_it() -> None:
    assert load(CYCLE__WEB__PORT="8700", PATH="/bin", CYCLE_CONFIG="elders.toml") == load()


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("CYCLE__MAIL__ALLOW_LIST", '["a@voorbeeld.nl", "@gemeente.nl"]', ("a@voorbeeld.nl", "@gemeente.nl")),
        ("CYCLE__MAIL__PER_MINUTE", "10", 10),
        ("CYCLE__MAIL__SEND_HOUR", "09:15", time(9, 15)),
        ("CYCLE__CALENDAR__FREE_DAYS", "[2027-05-07, 2027-05-14]", (date(2027, 5, 7), date(2027, 5, 14))),
        ("CYCLE__CALENDAR__QUIET_PERIODS", '[["12 juli", "22 augustus"]]', (((7, 12), (8, 22)),)),
        ("CYCLE__TIME_ZONE", "Europe/Brussels", "Europe/Brussels"),
        ("CYCLE__STEPS__UITNODIGINGSBRIEF__BEFORE", "15 maart", (3, 15)),
    ],
)
def test_lists_numbers_and_words_are_read_as_the_file_would(variable: str, value: str, expected: object) -> None:
    settings: object = load(**{variable: value})

    for key in variable.lower().split("__")[1:]:
        settings = settings[key] if isinstance(settings, dict) else getattr(settings, key)
    assert settings == expected


def test_a_secret_comes_from_the_file_that_a_variable_names(tmp_path: Path) -> None:
    secret = tmp_path / "smtp"
    secret.write_text("zeer geheim\n", encoding="utf-8")

    assert load(CYCLE__MAIL__PASSWORD_FILE=str(secret)).mail.password == "zeer geheim"


def test_a_secret_that_is_given_twice_is_a_fault_and_neither_is_passed_over(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("uit het bestand", encoding="utf-8")

    with pytest.raises(SettingsError) as refused:
        load(CYCLE__MAIL__PASSWORD_FILE=str(secret), CYCLE__MAIL__PASSWORD="uit de omgeving")

    [fault] = refused.value.faults
    assert (fault.place, fault.what, fault.hint) == (
        "CYCLE__MAIL__PASSWORD_FILE",
        "CYCLE__MAIL__PASSWORD is ook gezet, en één van de twee geldt.",
        "Laat er één staan.",
    )


def test_a_secret_file_that_cannot_be_read_is_a_fault_beside_the_others(tmp_path: Path) -> None:
    missing = str(tmp_path / "weg")

    with pytest.raises(SettingsError) as caught:
        load(CYCLE__MAIL__PASSWORD_FILE=missing, CYCLE__MAIL__PORT="0")

    unreadable, port = caught.value.faults
    assert unreadable == Fault(
        "CYCLE__MAIL__PASSWORD_FILE", "Dit bestand is niet te lezen.", "Controleer het pad en de rechten."
    )
    assert (port.what, port.hint) == ("De waarde van 'port' klopt niet.", "Het getal is te klein.")


def test_a_misspelled_variable_is_a_fault_with_a_suggestion() -> None:
    with pytest.raises(SettingsError) as caught:
        load(CYCLE__MAIL__HOSTT="smtp.voorbeeld.nl")

    assert caught.value.faults == (Fault("CYCLE__MAIL__HOSTT", "De sleutel 'hostt' is onbekend.", "Bedoelt u 'host'?"),)


def test_a_wrong_value_names_the_variable_that_it_came_from() -> None:
    with pytest.raises(SettingsError) as caught:
        load(CYCLE__MAIL__PORT="veel", CYCLE__CALENDAR__FREE_DAYS='["morgen"]')

    assert [fault.place for fault in caught.value.faults] == ["CYCLE__MAIL__PORT", "CYCLE__CALENDAR__FREE_DAYS"]


def test_a_variable_with_single_lines_is_a_fault_and_one_of_another_program_is_none() -> None:
    with pytest.raises(SettingsError) as caught:
        load(
            CYCLE_MAIL_HOST="smtp.voorbeeld.nl",
            CYCLE_WEB__PORT="1",
            CYCLE_DEBUG="1",
            CYCLE_TIME_ZONE="UTC",
            CYCLE_X="1",
        )

    what, hint = "Deze variabele wijst naar geen instelling.", "Schrijf twee strepen: CYCLE__SECTIE__SLEUTEL."
    assert caught.value.faults == tuple(
        Fault(name, what, hint) for name in ("CYCLE_MAIL_HOST", "CYCLE_TIME_ZONE", "CYCLE_WEB__PORT")
    )


def test_a_password_never_shows_in_settings_or_in_a_fault(tmp_path: Path) -> None:
    secret = tmp_path / "smtp"
    secret.write_text("zeer geheim", encoding="utf-8")
    settings = load(CYCLE__MAIL__PASSWORD_FILE=str(secret))

    with pytest.raises(SettingsError) as caught:
        load(CYCLE__MAIL__PASSWORD='["zeer geheim"]', CYCLE__MAIL__PORT="0")

    assert "zeer geheim" not in f"{settings!r} {settings} {settings.mail!r}"
    assert "zeer geheim" not in f"{caught.value!r} {caught.value} {caught.value.hint}"


# -- known to be wrong ------------------------------------------------------------------------------------------------


def test_the_password_of_the_database_never_shows() -> None:
    settings = load(CYCLE__DATABASE__URL="postgresql://cycle:geheim@db/cycle")

    assert "geheim" not in repr(settings)


def test_a_password_of_digits_is_a_password(tmp_path: Path) -> None:
    secret = tmp_path / "smtp"
    secret.write_text("20271234\n", encoding="utf-8")

    assert load(CYCLE__MAIL__PASSWORD="20271234").mail.password == "20271234"
    assert load(CYCLE__MAIL__PASSWORD_FILE=str(secret)).mail.password == "20271234"


def test_a_variable_inside_something_that_is_no_section_is_a_fault() -> None:
    with pytest.raises(SettingsError):
        load(CYCLE__TIME_ZONE__NAME="Europe/Amsterdam")
