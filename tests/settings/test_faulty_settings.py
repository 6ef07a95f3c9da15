"""A faulty config.toml: every fault at once, each a sentence with a hint and its place."""

import codecs
from collections.abc import Callable
from pathlib import Path

import pytest

from cycle.errors import Fault, SettingsError
from cycle.settings import Settings, load_settings

SMALL = """\
[web]
base_url = "https://afspraken.voorbeeld.nl"

[mail]
sender = "Secretariaat <secretariaat@voorbeeld.nl>"
"""
TOML_HINT = "Mist daar een aanhalingsteken, haak of is-teken, of staat er iets dubbel?"
MOMENTS_HINT = "Geef precies één van before, by, window, every, weeks_before."
Load = Callable[[str], Settings]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def load_text(text: str) -> Settings:
        file = tmp_path / "config.toml"
        file.write_text(text, encoding="utf-8")
        return load_settings(file, {})

    return load_text


def faults(load: Load, text: str) -> list[Fault]:
    with pytest.raises(SettingsError) as caught:
        load(text)
    return list(caught.value.faults)


def step(*lines: str) -> str:
    """A small file with one step, whose own lines start at line 9."""
    return SMALL + '\n[steps.brief]\ntitle = "Brief"\nkind = "letter"\n' + "\n".join(lines) + "\n"


# -- one fault at a time ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "what", "hint"),
    [
        (
            SMALL.replace("sender", "zender"),
            "regel 4, mail.sender",
            "De sleutel 'sender' ontbreekt.",
            "Vul hem in; config.toml in het pakket heeft een voorbeeld.",
        ),
        (SMALL + "sendr = 1\n", "regel 6, mail.sendr", "De sleutel 'sendr' is onbekend.", "Bedoelt u 'sender'?"),
        ("[wbe]\n" + SMALL, "regel 1, wbe", "De sleutel 'wbe' is onbekend.", "Bedoelt u 'web'?"),
        (
            SMALL + "[signin]\nidle_hours = 8\n",
            "regel 6, signin",
            "signin.idle_hours bestaat niet meer.",
            "Schrijf bijvoorbeeld idle_minutes = 60.",
        ),
        (
            SMALL + "[signin]\nsession_days = 7\n",
            "regel 6, signin",
            "signin.session_days bestaat niet meer.",
            "Schrijf bijvoorbeeld session_hours = 12.",
        ),
        (
            SMALL + "[signin]\nidle_minutes = 90\nsession_hours = 1\n",
            "regel 6, signin",
            "idle_minutes is langer dan session_hours: het heeft dan geen gevolg.",
            "Kies minder minuten of meer uren.",
        ),
        (
            SMALL + '[watch]\nreadyz_token = "kort"\n',
            "regel 7, watch.readyz_token",
            "watch.readyz_token is te kort, of heeft tekens die niet in een kop passen.",
            "Kies ten minste 20 letters en cijfers, bijvoorbeeld met: openssl rand -hex 20",
        ),
        (
            SMALL + '[database]\nzzz = "x"\n',
            "regel 7, database.zzz",
            "De sleutel 'zzz' is onbekend.",
            "Bekend zijn: url.",
        ),
        (
            SMALL + "port = -25\n",
            "regel 6, mail.port",
            "De waarde van 'port' klopt niet.",
            "Het getal is te klein.",
        ),
        (
            SMALL + "port = 70000\n",
            "regel 6, mail.port",
            "De waarde van 'port' klopt niet.",
            "Het getal is te groot.",
        ),
        (
            SMALL + 'port = "vijfentwintig"\n',
            "regel 6, mail.port",
            "De waarde van 'port' klopt niet.",
            "Hier hoort een geheel getal.",
        ),
        (
            SMALL + "host = 5\n",
            "regel 6, mail.host",
            "De waarde van 'host' klopt niet.",
            "Hier hoort tekst tussen aanhalingstekens.",
        ),
        (
            SMALL + 'transport = "post"\n',
            "regel 6, mail.transport",
            "De waarde van 'transport' kan niet.",
            "Kies uit: 'maildir', 'smtp'.",
        ),
        (
            SMALL.replace("Secretariaat <secretariaat@voorbeeld.nl>", "secretariaat"),
            "regel 5, mail.sender",
            "'secretariaat' is geen mailadres.",
            "Schrijf bijvoorbeeld “Naam <naam@organisatie.nl>”.",
        ),
        (
            SMALL + 'send_hour = "half negen"\n',
            "regel 6, mail.send_hour",
            "'half negen' is geen tijd.",
            "Schrijf uren en minuten, bijvoorbeeld “08:30”.",
        ),
        (
            SMALL.replace("https://", ""),
            "regel 2, web.base_url",
            "'afspraken.voorbeeld.nl' is geen webadres.",
            "Schrijf bijvoorbeeld “https://afspraken.gemeente.nl”.",
        ),
        (
            SMALL.replace('base_url = "https://afspraken.voorbeeld.nl"', 'host = "0.0.0.0"'),
            "regel 1, web",
            "base_url ontbreekt.",
            "Noem het adres dat in mails en agenda's moet staan.",
        ),
        (
            'time_zone = "Europa/Amsterdam"\n' + SMALL,
            "regel 1, time_zone",
            "De tijdzone 'Europa/Amsterdam' bestaat niet.",
            "Bedoelt u “Europe/Amsterdam”?",
        ),
        (
            SMALL + '[calendar]\nquiet_periods = [["31 februari", "1 maart"]]\n',
            "regel 7, calendar.quiet_periods.0.0",
            "'31 februari' bestaat niet.",
            "Controleer de dag van de maand.",
        ),
        (
            SMALL + '[calendar]\nfree_days = ["morgen"]\n',
            "regel 7, calendar.free_days.0",
            "De waarde van 'free_days' klopt niet.",
            "Hier hoort een datum, zoals 2027-05-07.",
        ),
        (
            SMALL + '[reading]\nzomer = ["juni", "agustus"]\n',
            "regel 7, reading.zomer.1",
            "'agustus' is geen maand.",
            "Schrijf de maand voluit, bijvoorbeeld “april”.",
        ),
        (
            SMALL + "[ladders]\nletter = [\n  { days = -7, weeks = -1 },\n]\n",
            "regel 7, ladders.letter.0",
            "Een sport heeft óf days óf weeks.",
            "Laat een van beide weg.",
        ),
        (
            SMALL + '[ladders]\nletter = [{ days = -7, to = "lead" }]\n',
            "regel 7, ladders.letter.0.to",
            "De waarde van 'to' kan niet.",
            "Kies uit: 'leads', 'participants', 'all', 'members', 'secretariat', 'director'.",
        ),
    ],
)
def test_a_fault_is_a_sentence_with_a_hint_and_its_line(
    load: Load, text: str, place: str, what: str, hint: str
) -> None:
    assert Fault(f"config.toml, {place}", what, hint) in faults(load, text)


@pytest.mark.parametrize(
    ("lines", "place", "what", "hint"),
    [
        (
            ['before = "31 februari"'],
            "regel 10, steps.brief.before",
            "'31 februari' bestaat niet.",
            "Controleer de dag van de maand.",
        ),
        (
            ['before = "begin april"'],
            "regel 10, steps.brief.before",
            "'begin april' is geen dag van het jaar.",
            "Schrijf bijvoorbeeld “1 april”.",
        ),
        (
            ['before = "1 april"', 'by = "31 maart"'],
            "regel 7, steps.brief",
            "De stap heeft before en by.",
            MOMENTS_HINT,
        ),
        ([], "regel 7, steps.brief", "De stap zegt niet wanneer.", MOMENTS_HINT),
        (
            ['window = ["30 april", "1 april"]'],
            "regel 7, steps.brief",
            "Het einde ligt voor het begin.",
            "Draai de twee dagen van window om.",
        ),
        (
            ["weeks_before = 4", 'relative_to = ["brief"]'],
            "regel 7, steps.brief",
            "De stap hangt van zichzelf af.",
            "Noem in relative_to een andere stap.",
        ),
        (
            ["weeks_before = 4"],
            "regel 7, steps.brief",
            "weeks_before en relative_to horen bij elkaar.",
            "Noem beide, of geen van beide.",
        ),
        (
            ["weeks_before = 4", 'relative_to = ["breif"]'],
            "regel 7, steps.brief",
            "De stap 'breif' bestaat niet.",
            "Bedoelt u 'brief'?",
        ),
        (
            ['by = "1 april"', 'via = "overleg"'],
            "regel 7, steps.brief",
            "De stap 'overleg' bestaat niet.",
            "Bekend zijn: brief.",
        ),
        (
            ['every = "week"'],
            "regel 10, steps.brief.every",
            "De waarde van 'every' kan niet.",
            "Kies uit: 'year', 'half-year', 'quarter', 'month'.",
        ),
        (
            ['by = "1 april"', 'titel = "x"'],
            "regel 11, steps.brief.titel",
            "De sleutel 'titel' is onbekend.",
            "Bedoelt u 'title'?",
        ),
    ],
)
def test_a_fault_in_a_step_names_the_step_and_its_line(
    load: Load, lines: list[str], place: str, what: str, hint: str
) -> None:
    assert faults(load, step(*lines)) == [Fault(f"config.toml, {place}", what, hint)]


def test_two_steps_that_count_from_each_other_are_both_faults(load: Load) -> None:
    text = SMALL + (
        '[steps.een]\ntitle = "Een"\nkind = "letter"\nweeks_before = 1\nrelative_to = ["twee"]\n'
        '[steps.twee]\ntitle = "Twee"\nkind = "letter"\nweeks_before = 1\nrelative_to = ["een"]\n'
    )

    what, hint = "De stap hangt van zichzelf af.", "Noem in relative_to een andere stap."
    assert faults(load, text) == [
        Fault("config.toml, regel 6, steps.een", what, hint),
        Fault("config.toml, regel 11, steps.twee", what, hint),
    ]


# -- all at once ------------------------------------------------------------------------------------------------------


def test_all_faults_come_at_once_and_the_error_says_how_many(load: Load) -> None:
    text = (
        SMALL.replace("Secretariaat <secretariaat@voorbeeld.nl>", "niemand")
        + 'port = -1\nkleur = "blauw"\n'
        + '[steps.brief]\ntitle = ""\nkind = "letter"\nbefore = "1 april"\nby = "31 maart"\n'
    )

    with pytest.raises(SettingsError) as caught:
        load(text)

    assert [(fault.place, fault.what) for fault in caught.value.faults] == [
        ("config.toml, regel 5, mail.sender", "'niemand' is geen mailadres."),
        ("config.toml, regel 6, mail.port", "De waarde van 'port' klopt niet."),
        ("config.toml, regel 7, mail.kleur", "De sleutel 'kleur' is onbekend."),
        ("config.toml, regel 9, steps.brief.title", "De waarde van 'title' klopt niet."),
        ("config.toml, regel 8, steps.brief", "De stap heeft before en by."),
    ]
    assert caught.value.what == "De instellingen kloppen niet: 5 fouten."
    assert caught.value.hint.splitlines() == [f"- {fault}" for fault in caught.value.faults]
    assert caught.value.exit_code == 1


def test_a_step_or_section_that_is_no_table_is_a_fault_and_no_crash(load: Load) -> None:
    places = [fault.place for fault in faults(load, 'steps = 3\nmail = "x"\n[web]\nbase_url = "https://a.nl"\n')]

    assert places == ["config.toml, regel 2, mail", "config.toml, regel 1, steps"]


# -- the file itself --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("broken", "where"),
    [
        ("[web]\nport = \n", "regel 2, teken 8"),
        ('[web]\nbase_url = "https\n', "regel 2, teken 18"),
        ("[web]\nport = 1\nport = 2\n", "regel 3, teken 9"),
        ("[calendar]\nfree_days = [2027-02-31]\n", "regel 2, teken 14"),
        ("[calendar]\nfree_days = [", "het eind van het bestand"),
    ],
)
def test_broken_toml_says_on_which_line_it_breaks(load: Load, broken: str, where: str) -> None:
    assert faults(load, broken) == [Fault(f"config.toml, {where}", "Dit is geen geldige TOML.", TOML_HINT)]


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(tmp_path: Path) -> None:
    plain, windows = tmp_path / "plain.toml", tmp_path / "windows.toml"
    plain.write_text(SMALL, encoding="utf-8")
    windows.write_bytes(codecs.BOM_UTF8 + SMALL.replace("\n", "\r\n").encode())

    assert load_settings(windows, {}).model_dump() == load_settings(plain, {}).model_dump()


def test_a_fault_in_a_file_from_windows_has_the_same_line(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(codecs.BOM_UTF8 + (SMALL + "port = -1\n").replace("\n", "\r\n").encode())

    with pytest.raises(SettingsError) as caught:
        load_settings(file, {})

    assert [fault.place for fault in caught.value.faults] == ["config.toml, regel 6, mail.port"]


def test_a_file_that_is_not_there_or_not_readable_or_not_utf_8_is_one_fault(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes('title = "é"'.encode("latin-1"))

    found = []
    for file in (tmp_path / "weg.toml", tmp_path, latin):
        with pytest.raises(SettingsError) as caught:
            load_settings(file, {})
        found += [(fault.place, fault.what) for fault in caught.value.faults]

    assert found == [
        (str(tmp_path / "weg.toml"), "Dit bestand bestaat niet."),
        (str(tmp_path), "Dit bestand is niet te lezen."),
        (str(latin), "Dit bestand is geen UTF-8."),
    ]


def test_an_empty_file_misses_what_has_no_default(load: Load) -> None:
    assert [(fault.place, fault.what) for fault in faults(load, "")] == [
        ("config.toml, mail", "De sleutel 'mail' ontbreekt."),
    ]


# -- known to be wrong ------------------------------------------------------------------------------------------------


def test_a_day_of_mail_that_ends_before_it_starts_is_a_fault(load: Load) -> None:
    faults(load, SMALL + 'send_hour = "08:30"\nsend_until = "08:00"\n')


def test_a_send_hour_with_a_zone_is_a_fault(load: Load) -> None:
    faults(load, SMALL + 'send_hour = "08:30Z"\n')


def test_a_folder_at_the_top_is_an_unknown_key(load: Load) -> None:
    faults(load, 'folder = "elders"\n' + SMALL)


def test_a_meeting_to_ask_at_that_is_no_step_is_a_fault(load: Load) -> None:
    faults(load, step('by = "1 april"') + '[reading]\nasked_at = "najaarsoverlegg"\n')


def test_a_window_of_one_day_misses_a_day_and_not_its_key(load: Load) -> None:
    (fault,) = faults(load, step('window = ["1 april"]'))

    assert fault.place == "config.toml, regel 10, steps.brief.window.1"
    assert fault.what != "De sleutel 'window' ontbreekt."
