"""`cycle backup`: all that an installation is goes into the file, or is named; a bad file never takes its place."""

import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cycle.actions.office.office import Office
from cycle.actions.office.signing import open_signer
from cycle.actions.post.delivery.restored import sent_journal
from cycle.actions.register.reading_in.uploads import keep_uploads
from cycle.actions.service.backup.backups import Backup, make_backup, open_backup
from cycle.actions.service.backup.belongings import LeftOut
from cycle.archive import WrongPassphrase
from cycle.errors import CycleError, Refused
from cycle.settings import Settings
from cycle.store import in_use
from cycle.store.database import revisions
from cycle.store.snapshots import look_into
from tests.actions.mailbox import act, at, queue
from tests.conftest import NOVEMBER, ROOT
from tests.store.versions import rows_of

WEDNESDAY = at("2027-02-03")


def lived_in(office: Office) -> None:
    """Leaves in `var/` what an installation that works has there."""
    act(office, WEDNESDAY)
    open_signer(office.settings)
    keep_uploads(office.settings, 1, [("afspraken.csv", b"nummer;tekst")], NOVEMBER)
    var = office.settings.path("var")
    made = ("feeds/1a2b", "rehearsal/index.html", "voorbeeld-agenda.txt", "uitnodigingsbrief-2027.pdf", "secret.1.2")
    for name in made:
        (var / name).parent.mkdir(exist_ok=True)
        (var / name).write_bytes(name.encode())
    (var / "naar-elders").symlink_to(ROOT / "README.md")
    (var / "nergens").symlink_to(var / "weg")


def backed_up(office: Office, file: Path, **choices: bool | str) -> Backup:
    return make_backup(office.settings, office.settings.path("config.toml"), file, WEDNESDAY, **choices)  # type: ignore[arg-type]


def test_every_row_every_line_and_every_file_is_in_it_or_is_named(example: Office, tmp_path: Path) -> None:
    lived_in(example)
    rows = {name: len(of_table) for name, of_table in rows_of(example.database).items()}
    var = example.settings.path("var")
    files = {path for path in var.rglob("*") if not path.is_dir() or path.is_symlink()}

    made = backed_up(example, tmp_path / "a.backup")

    of_var = {var / name.removeprefix("var/") for name in made.files if name.startswith("var/")}
    [upload] = [path for path in of_var if path.name == "afspraken.csv"]
    assert made.rows == {**rows, "alembic_version": 1}
    assert look_into(extracted(tmp_path / "a.backup", tmp_path) / "cycle.db").rows == made.rows
    assert made.journal_lines == len(sent_journal(example).after(None)) == 3
    assert of_var == {var / "sent.journal", var / "uitnodigingsbrief-2027.pdf", upload}
    assert (tmp_path / "uit/var" / upload.relative_to(var)).read_bytes() == b"nummer;tekst"
    assert {name for name in made.files if name.startswith("own/")} == {"own/config.toml"}
    assert made.left_out == (
        LeftOut(1, "agenda's, die vanzelf opnieuw worden gemaakt"),
        LeftOut(3, "bezorgde mails"),
        LeftOut(3, "geheimen"),
        LeftOut(2, "koppelingen naar elders"),
        LeftOut(1, "mails om te lezen, van rehearse"),
    )
    not_counted = {var / in_use.FILE.removeprefix("var/"), var / "backup.lock"}
    assert len(files - not_counted) == len(of_var) + sum(one.files for one in made.left_out)


def extracted(file: Path, folder: Path, passphrase: str = "") -> Path:
    open_backup(file, folder / "uit", passphrase)
    return folder / "uit"


def test_the_key_of_links_goes_along_by_choice_alone_and_settings_with_a_secret_with_it(
    quick_office: Office, tmp_path: Path
) -> None:
    open_signer(quick_office.settings)
    file, config = tmp_path / "a.backup", tmp_path / "config.toml"
    config.write_text(config.read_text().replace('password = ""', 'password = "hoogst-geheim"'))

    without = backed_up(quick_office, file)
    content = b"".join(path.read_bytes() for path in extracted(file, tmp_path / "1").rglob("*") if path.is_file())
    along = backed_up(quick_office, file, with_secret=True)

    key = quick_office.settings.path("var/secret").read_bytes().strip()
    assert (without.files, without.has_secret) == ((), False)
    assert [one.what for one in without.left_out] == [
        "config.toml, omdat daarin een geheim staat (mail.password)",
        "geheimen",
    ]
    assert (key in content, b"hoogst-geheim" in content) == (False, False)
    assert (along.files, along.has_secret, along.left_out) == (("var/secret", "own/config.toml"), True, ())


def test_own_templates_and_a_table_of_holidays_belong_to_it(
    make_settings: Callable[..., Settings], quick_office: Office, tmp_path: Path
) -> None:
    (tmp_path / "templates/email").mkdir(parents=True)
    (tmp_path / "templates/email/_words.txt").write_text("groet = Dag", encoding="utf-8")
    shutil.copy(ROOT / "cycle/settings/schoolvakanties.toml", tmp_path / "vakanties.toml")
    settings = make_settings(database__url=quick_office.database.url, calendar__school_holidays="vakanties.toml")

    made = make_backup(settings, tmp_path / "config.toml", tmp_path / "a.backup", WEDNESDAY)

    assert made.files == ("own/config.toml", "own/templates/email/_words.txt", "own/vakanties.toml")


def test_an_earlier_copy_in_var_is_not_copied_again_and_again(quick_office: Office) -> None:
    var = quick_office.settings.path("var")
    files = {var / "1.backup": "", var / "2.backup": "x" * 12, var / "3.backup": ""}
    made = [backed_up(quick_office, file, passphrase=key) for file, key in files.items()]

    assert [(one.files, sum(left.files for left in one.left_out)) for one in made] == [
        (("own/config.toml",), 0),
        (("own/config.toml",), 1),
        (("own/config.toml",), 2),
    ]


def test_with_a_passphrase_nothing_of_it_can_be_read_without(quick_example: Office, tmp_path: Path) -> None:
    file = tmp_path / "a.backup"
    made = backed_up(quick_example, file, passphrase="geheim-van-de-wacht")

    assert b"terneuzen" not in file.read_bytes()
    with pytest.raises(WrongPassphrase):
        open_backup(file, tmp_path / "uit", "iets-heel-anders")
    assert open_backup(file, tmp_path / "in", "geheim-van-de-wacht") == made


def test_the_file_is_for_its_owner_alone_and_nothing_is_left_beside_it(quick_office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "elders" / "diep"
    backed_up(quick_office, folder / "a.backup")

    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {"a.backup": 0o600}
    assert (folder.stat().st_mode & 0o777, quick_office.settings.path("var/backup-work").exists()) == (0o700, False)


def test_a_full_disk_leaves_the_earlier_file_as_it_was(quick_example: Office, tmp_path: Path) -> None:
    """A limit on the size of files stands for a disk: writing fails at some byte, in the database or in the file."""
    folder = tmp_path / "kopie"
    file = folder / "a.backup"
    backed_up(quick_example, file)
    before = file.read_bytes()
    program = (
        "import json, resource, sys\n"
        "from pathlib import Path\n"
        "from cycle.actions.service.backup.backups import make_backup\n"
        "from cycle.errors import CycleError\n"
        "from cycle.settings import load_settings\n"
        "from cycle.clock import now\n"
        "config, url, file, *sizes = sys.argv[1:]\n"
        "settings, said = load_settings(Path(config), {'CYCLE__DATABASE__URL': url}), []\n"
        "for size in map(int, sizes):\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))\n"
        "    try:\n"
        "        said.append(make_backup(settings, Path(config), Path(file), now()).revision)\n"
        "    except CycleError as error:\n"
        "        said.append([error.what, error.hint])\n"
        "print(json.dumps(said))\n"
    )
    sizes = [0, 20_000, 300_000, resource.RLIM_INFINITY]
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "config.toml", quick_example.database.url, file, *map(str, sizes)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    *failed, last = json.loads(done.stdout)

    told = ("De kopie is niet te maken", "De database is niet te kopiëren")
    assert [words[0].startswith(told) for words in failed] == [True] * 3
    assert (last, file.read_bytes() != before) == (revisions()[-1], True)
    assert [path.name for path in folder.iterdir()] == ["a.backup"]


def test_while_one_is_made_there_is_no_second_and_a_folder_is_no_file(quick_office: Office, tmp_path: Path) -> None:
    from cycle.actions.service.backup.backups import work_folder

    with work_folder(quick_office.settings), pytest.raises(Refused, match="al een kopie"):
        backed_up(quick_office, tmp_path / "a.backup")
    with pytest.raises(Refused, match="is een map"):
        backed_up(quick_office, tmp_path)


def test_where_nothing_can_be_written_is_said_in_a_sentence(quick_office: Office, tmp_path: Path) -> None:
    (tmp_path / "bestand").write_bytes(b"")

    with pytest.raises(CycleError, match="niet te maken"):
        backed_up(quick_office, tmp_path / "bestand" / "a.backup")


def test_a_file_that_is_no_whole_copy_never_takes_the_place(quick_office: Office, tmp_path: Path) -> None:
    queue(quick_office, 3, WEDNESDAY)
    backed_up(quick_office, tmp_path / "a.backup")
    content = (tmp_path / "a.backup").read_bytes()
    (tmp_path / "b.backup").write_bytes(content[:-20])

    with pytest.raises(CycleError):
        open_backup(tmp_path / "b.backup", tmp_path / "uit")
