"""Messages as files (rules C2 and C11)."""

import mailbox
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from cycle.mail.deliver import Answer, Outcome
from cycle.mail.maildir import MaildirTransport, file_name

KEY = "digest:12:2027-03-01"
RAW = b"From: a@b.example\r\nMessage-ID: <abc234@b.example>\r\nSubject: proef\r\n\r\nBeste lezer,\r\n"
NAME = "digest-12-2027-03-01.abc234@b.example.eml"


def deliver(transport: MaildirTransport, raw: bytes = RAW, key: str = KEY) -> Answer:
    return transport.deliver(raw, envelope_from="b@b.example", recipient="jan@clavis.example", key=key)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@contextmanager
def small_disk(folder: Path, options: str) -> Iterator[Path]:
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True)
    if done.returncode:
        pytest.skip("a disk of its own can only be mounted as root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_message_lands_in_new_byte_for_byte_and_python_reads_it(tmp_path: Path):
    folder = tmp_path / "var" / "mail"
    assert deliver(MaildirTransport(folder)) == Answer(Outcome.ACCEPTED, f"bewaard in {folder / 'new'}")
    assert files(folder) == {f"new/{NAME}": RAW}
    assert [message["Subject"] for message in mailbox.Maildir(folder, create=False)] == ["proef"]


def test_c2_the_same_message_twice_is_one_file(tmp_path: Path):
    transport = MaildirTransport(tmp_path)
    answers = [deliver(transport), deliver(MaildirTransport(tmp_path))]
    assert [answer.text for answer in answers] == [
        f"bewaard in {tmp_path / 'new'}",
        f"stond al in {tmp_path / 'new'}",
    ]
    assert files(tmp_path) == {f"new/{NAME}": RAW}


def test_c2_a_message_that_was_read_does_not_come_again(tmp_path: Path):
    transport = MaildirTransport(tmp_path)
    deliver(transport)
    (tmp_path / "new" / NAME).rename(tmp_path / "cur" / f"{NAME}:2,S")
    assert deliver(transport).accepted
    assert files(tmp_path) == {f"cur/{NAME}:2,S": RAW}


def test_c4_many_senders_of_one_message_leave_one_file(tmp_path: Path):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: deliver(MaildirTransport(tmp_path)).outcome, range(64)))
    assert answers == [Outcome.ACCEPTED] * 64
    assert files(tmp_path) == {f"new/{NAME}": RAW}


@pytest.mark.parametrize(
    ("raw", "key", "name"),
    [
        (RAW, "letter:terneuzen:2027:shb", "letter-terneuzen-2027-shb.abc234@b.example.eml"),
        (RAW, "../../etc/passwd", "etc-passwd.abc234@b.example.eml"),
        (b"Subject: x\r\n\r\n", "k", f"k.{sha256(b'k').hexdigest()}.eml"),
        (b"Message-ID: <../x/y@z>\r\n\r\n", "k", f"k.{sha256(b'../x/y@z').hexdigest()}.eml"),
    ],
)
def test_a_file_name_is_safe_and_comes_from_key_and_message_id(raw, key, name):
    assert file_name(raw, key) == name


def test_a_message_id_in_the_body_names_nothing():
    assert file_name(b"Message-ID: <a@b>\r\n\r\nMessage-ID: <c@d>\r\n", "k") == "k.a@b.eml"


def test_c11_a_full_disk_is_temporary_and_leaves_nothing_half_written(tmp_path: Path):
    with small_disk(tmp_path / "vol", "size=64k") as folder:
        transport = MaildirTransport(folder)
        assert deliver(transport).accepted
        answer = deliver(transport, RAW.replace(b"abc", b"xyz") + b"x" * 200_000, "digest:13:2027-03-01")
        assert answer == Answer(
            Outcome.TEMPORARY,
            f"Er is nu geen ruimte voor mail in {folder} (de schijf is vol). Maak ruimte vrij.",
        )
        assert files(folder) == {f"new/{NAME}": RAW}


def test_c11_a_disk_that_may_not_be_written_is_our_trouble(tmp_path: Path):
    with small_disk(tmp_path / "vol", "size=64k,ro") as folder:
        transport = MaildirTransport(folder)
        sentence = (
            f"In de map {folder} kan geen mail worden bewaard (daar is alleen te lezen). "
            "Controleer of de map bestaat en beschrijfbaar is."
        )
        assert [deliver(transport), transport.check()] == [Answer(Outcome.SENDER, sentence)] * 2


def test_c11_a_file_where_the_folder_should_be_is_our_trouble(tmp_path: Path):
    (tmp_path / "mail").write_text("geen map")
    assert deliver(MaildirTransport(tmp_path / "mail")).outcome == Outcome.SENDER


def test_a_folder_that_was_removed_meanwhile_is_made_again(tmp_path: Path):
    folder = tmp_path / "mail"
    transport = MaildirTransport(folder)
    deliver(transport)
    subprocess.run(["rm", "-r", str(folder)], check=True)
    assert [deliver(transport).outcome, deliver(transport).outcome] == [Outcome.ACCEPTED] * 2
    assert files(folder) == {f"new/{NAME}": RAW}
    transport.close()


def test_a_check_leaves_no_message(tmp_path: Path):
    assert MaildirTransport(tmp_path).check() == Answer(Outcome.ACCEPTED, f"de map {tmp_path} is te beschrijven")
    assert files(tmp_path) == {}
