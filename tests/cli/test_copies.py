"""`cycle backup` and `cycle restore` as people meet them: what is said, and where a passphrase may come from."""

import os
import pty
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cycle.settings import load_settings
from cycle.store.database import Database, revisions
from tests.cli.test_commands import Run, free_port, run  # noqa: F401 - `run` is a fixture
from tests.conftest import ROOT, lay_tables
from tests.store.versions import load

CUT_OFF = b"\x1f\x8b\x08\x08\0\0\0\0\0\xffcycle-backup.tar\0abc"
PASSPHRASE = "geheim-van-de-wacht"


@pytest.fixture
def kept(run: Run, tmp_path: Path) -> Run:  # noqa: F811
    """The same, in a folder with a database."""
    (tmp_path / "var").mkdir(0o700)
    lay_tables(f"sqlite:///{tmp_path}/var/cycle.db")
    return run


def test_a_back_up_says_what_is_in_it_what_is_not_and_what_that_means(kept: Run, tmp_path: Path) -> None:
    (tmp_path / "var/secret").write_text("x" * 64)

    code, out, err = kept("backup", "a.backup")

    assert (code, err) == (0, "")
    first, inside, not_inside, key, encryption = out.splitlines()
    assert first.startswith("De kopie staat in a.backup (")
    assert inside.endswith(f"tabellen (SQLite, versie {revisions()[-1]}), 0 regels verzendjournaal, 1 bestanden.")
    assert not_inside == "Niet erin: 1 × geheimen."
    assert key == (
        "De sleutel (var/secret) zit er niet in. Zonder die sleutel gaan links in mails die al verstuurd zijn niet "
        "meer open: bewaar var/secret apart, of neem hem mee met --with-secret."
    )
    assert encryption.startswith("De kopie is niet versleuteld, en er staan namen en mailadressen in.")


def test_a_passphrase_comes_from_a_file_or_the_environment(
    kept: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wachtwoord").write_text(f"{PASSPHRASE}\n")
    assert "De kopie is versleuteld" in kept("backup", "a.backup", "--passphrase-file", "wachtwoord")[1]
    nobody = kept("restore", "a.backup")
    monkeypatch.setenv("CYCLE_BACKUP_PASSPHRASE_FILE", "wachtwoord")
    by_file = kept("restore", "--check", "a.backup")
    monkeypatch.delenv("CYCLE_BACKUP_PASSPHRASE_FILE")
    monkeypatch.setenv("CYCLE_BACKUP_PASSPHRASE", PASSPHRASE)
    by_value = kept("restore", "--check", "a.backup")
    monkeypatch.setenv("CYCLE_BACKUP_PASSPHRASE", "iets-heel-anders")

    assert (nobody[0], "er is niemand om het te vragen" in nobody[2]) == (1, True)
    assert (by_file[0], by_file) == (0, by_value)
    assert kept("restore", "a.backup") == (
        1,
        "",
        "Fout: Het wachtwoord past niet op deze kopie.\nEr is niets veranderd. Probeer het opnieuw.\n",
    )


def test_a_passphrase_that_anybody_guesses_or_that_is_not_there_is_refused(kept: Run, tmp_path: Path) -> None:
    (tmp_path / "kort").write_text("kort")
    (tmp_path / "leeg").write_text("\n")

    told = [kept("backup", "a.backup", "--passphrase-file", name)[2].split("\n")[0] for name in ("kort", "leeg", "weg")]

    assert told == [
        "Fout: Dit wachtwoord is te kort.",
        "Fout: leeg is leeg: er staat geen wachtwoord in.",
        "Fout: Het wachtwoord is niet te lezen uit weg.",
    ]
    assert kept("backup", "a.backup", "--encrypt")[0] == 1  # there is nobody to ask
    assert not (tmp_path / "a.backup").exists()


def test_who_restores_is_told_where_the_old_state_is_and_how_sending_goes_on(kept: Run, tmp_path: Path) -> None:
    kept("backup", "a.backup")

    code, out, err = kept("restore", "a.backup")

    assert (code, err) == (0, "")
    lines = out.splitlines()
    [aside] = tmp_path.glob("var/opzij-*/cycle.db")
    assert lines[0].startswith("Teruggezet: de kopie van ")
    assert f"De database die hier stond is niet weg: {aside}" in lines
    assert any(line.startswith("De sleutel (var/secret) zit niet in de kopie en was hier ook niet") for line in lines)
    assert any(line.startswith("Er is hier geen verzendjournaal van na deze kopie.") for line in lines)
    assert lines[-1] == "Verzenden staat stil. Kijk met: cycle outbox. Laat het gaan met: cycle outbox resume"
    assert "De verzending staat stil: een kopie van" in kept("outbox")[1]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("weg.backup", None, "Fout: weg.backup is er niet, of is geen bestand."),
        ("brief.backup", b"Geachte heer", "Fout: brief.backup is geen kopie van cycle."),
        (
            "half.backup",
            b"\x1f\x8b\x08\x08\0\0\0\0\0\xffcycle-backup.tar\0abc",
            "Fout: De kopie is beschadigd of afgebroken.",
        ),
    ],
)
def test_a_file_that_is_no_back_up_is_told_in_a_sentence(
    kept: Run, tmp_path: Path, name: str, content: bytes | None, told: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)

    code, out, err = kept("restore", name)

    assert (code, out, err.split("\n")[0]) == (1, "", told)


def test_while_the_service_runs_a_back_up_is_made_and_nothing_is_put_back(kept: Run, tmp_path: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CYCLE_")}
    serving = subprocess.Popen(
        [sys.executable, "-u", "-m", "cycle", "serve"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        env=environ | {"PYTHONPATH": str(ROOT), "CYCLE__WEB__PORT": str(free_port())},
    )
    assert serving.stdout is not None
    while "Stop met" not in serving.stdout.readline():
        pass
    made, refused = kept("backup", "a.backup"), kept("restore", "a.backup")
    serving.send_signal(signal.SIGKILL)  # the lock goes with the process
    serving.communicate(timeout=40)
    restored = kept("restore", "a.backup")

    assert (made[0], refused[0], restored[0]) == (0, 1, 0)
    assert refused[2].startswith("Fout: Er loopt nog iets op deze gegevens")


def test_an_upgrade_without_a_copy_is_by_choice(kept: Run, tmp_path: Path) -> None:
    settings = load_settings(tmp_path / "config.toml", {})
    for file in (tmp_path / "var").glob("*.db*"):
        file.unlink()
    old = Database(settings.database.url)
    load(old, "0021")
    old.close()

    assert kept("migrate", "--no-copy") == (0, f"De database is nu op versie {revisions()[-1]}.\n", "")
    assert list((tmp_path / "var").glob("*.backup")) == []


@pytest.mark.filterwarnings(
    "ignore:.*fork:DeprecationWarning"
)  # from Python 3.12 on; the child becomes another program
def test_a_person_is_asked_for_a_passphrase_twice_and_it_is_not_shown(kept: Run, tmp_path: Path) -> None:
    made = typed(tmp_path, ["backup", "a.backup", "--encrypt"], PASSPHRASE, PASSPHRASE)
    other = typed(tmp_path, ["backup", "b.backup", "--encrypt"], PASSPHRASE, "iets-heel-anders")
    restored = typed(tmp_path, ["restore", "--check", "a.backup"], PASSPHRASE)

    assert (made[0], other[0], restored[0]) == (0, 1, 0)
    assert "De twee wachtwoorden zijn niet hetzelfde." in other[1]
    assert PASSPHRASE not in made[1] + other[1] + restored[1]
    assert not (tmp_path / "b.backup").exists()


def typed(folder: Path, words: list[str], *answers: str) -> tuple[int, str]:
    """One command at a terminal, and what it shows when its questions are answered."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execve(sys.executable, [sys.executable, "-m", "cycle", *words], {**os.environ, "PYTHONPATH": str(ROOT)})
    shown, left = "", list(answers)
    while select.select([terminal], [], [], 60)[0]:
        try:
            piece = os.read(terminal, 4096).decode()
        except OSError:
            break
        shown += piece
        if left and shown.rstrip(" ").endswith(":"):
            os.write(terminal, f"{left.pop(0)}\n".encode())
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown
