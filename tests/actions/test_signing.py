"""The file with the key of the links: what stands in it and is not used is told, never passed over in silence."""

from datetime import date

import pytest

from cycle.actions.office.office import Office
from cycle.actions.office.signing import key_trouble, open_signer
from cycle.actions.service.watch.health import examine
from cycle.cli import main
from cycle.errors import UnusableKey
from tests.conftest import NOVEMBER, ROOT

NEWEST, OLD, OLDEST = "a" * 64, "b" * 64, "c" * 64
DAY = date(2027, 3, 1)
FILE = "var/secret"


def put(office: Office, content: bytes) -> None:
    file = office.settings.path(FILE)
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)


def lines(*keys: str) -> bytes:
    return "\n".join((*keys, "")).encode()


def told(office: Office) -> tuple[bool, str]:
    """What the doctor says of the key."""
    [finding] = [one for one in examine(office, NOVEMBER) if one.name == "sleutel"]
    return finding.ok, finding.words


@pytest.mark.parametrize("content", [None, lines(NEWEST), lines(NEWEST, OLD), lines("", NEWEST, "", OLD)])
def test_nothing_is_told_of_a_file_of_which_each_line_is_used(quick_office: Office, content: bytes | None) -> None:
    if content is not None:
        put(quick_office, content)

    assert told(quick_office) == (True, "elke regel wordt gebruikt")
    assert quick_office.settings.path(FILE).exists() == (content is not None)


def test_a_third_key_opens_nothing_and_that_is_said(quick_office: Office) -> None:
    put(quick_office, lines(OLDEST))
    signed = open_signer(quick_office.settings).sign("proef", "1", DAY)
    put(quick_office, lines(OLD, OLDEST))
    still = open_signer(quick_office.settings).subject_of("proef", signed, DAY, 60)
    put(quick_office, lines(NEWEST, OLD, OLDEST))

    assert still == "1"
    assert open_signer(quick_office.settings).subject_of("proef", signed, DAY, 60) is None
    many = f"In {quick_office.settings.path(FILE)} staan 3 sleutels en alleen de bovenste 2 gelden."
    hint = "Links die met een andere zijn verzegeld, openen niets: haal de regels onder de tweede weg."
    assert told(quick_office) == (False, f"{many} {hint}")


@pytest.mark.parametrize("content", [b"", b"kort\n", lines(NEWEST, "kort"), "é".encode() * 40, b"\xff\xfe" + b"a" * 64])
def test_a_key_that_cannot_be_used_is_a_sentence(quick_office: Office, content: bytes) -> None:
    put(quick_office, content)
    words = f"In {quick_office.settings.path(FILE)} staat geen bruikbare sleutel."

    assert told(quick_office) == (False, f"{words} Haal het bestand weg; er komt vanzelf een nieuw.")
    with pytest.raises(UnusableKey) as refused:
        open_signer(quick_office.settings)
    assert refused.value.what == words


def test_a_file_that_cannot_be_read_is_one_too(quick_office: Office) -> None:
    quick_office.settings.path(FILE).mkdir(parents=True)

    is_well, words = told(quick_office)

    assert (is_well, words) == (False, key_trouble(quick_office.settings))
    assert "secret is niet te lezen of te maken: " in words


def test_the_start_says_so_too(tmp_path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_bytes((ROOT / "config.toml").read_bytes())
    (tmp_path / "var").mkdir()
    (tmp_path / FILE).write_bytes(lines(NEWEST, OLD, OLDEST))

    for command in ("migrate", "send"):
        with pytest.raises(SystemExit):
            main([command])

    assert "Let op: In " in capsys.readouterr().out
