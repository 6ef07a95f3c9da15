"""The file of a back-up: each member is as it was when it was written, or the file is refused as a whole."""

import gzip
import io
import json
import tarfile
from pathlib import Path

import pytest

from cycle.archive import ArchiveWriter, is_archive, is_encrypted, read_archive
from cycle.archive.members import FORMAT, LIST
from cycle.errors import CycleError, Unreadable

MEMBERS = {"cycle.db": b"rijen" * 1000, "var/uploads/1/één.txt": "één".encode(), "leeg": b""}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    file = tmp_path / "a.backup"
    with ArchiveWriter(file) as writer:
        for name, content in MEMBERS.items():
            writer.add(name, content)
        writer.finish({"made_at": "nu"})
    return file


def made_by_hand(file: Path, facts: dict[str, object], *members: tarfile.TarInfo) -> Path:
    """Such a file of somebody who means no good."""
    text = json.dumps(facts).encode()
    with gzip.open(file, "wb") as packed, tarfile.open(fileobj=packed, mode="w|") as tar:
        for member in members:
            tar.addfile(member, io.BytesIO(b"x" * member.size))
        listed = tarfile.TarInfo(LIST)
        listed.size = len(text)
        tar.addfile(listed, io.BytesIO(text))
    content = file.read_bytes()
    file.write_bytes(
        content[:3] + b"\x08" + content[4:10] + b"cycle-backup.tar\0" + content[content.index(b"\0", 10) + 1 :]
    )
    return file


def test_members_come_back_as_they_were_with_what_was_written_about_them(archive: Path, tmp_path: Path) -> None:
    contents = read_archive(archive, tmp_path / "uit")

    assert {name: (tmp_path / "uit" / name).read_bytes() for name in MEMBERS} == MEMBERS
    assert contents.members == {name: len(content) for name, content in MEMBERS.items()}
    assert (contents.facts["made_at"], contents.facts["format"]) == ("nu", FORMAT)
    assert (is_archive(archive), is_encrypted(archive)) == (True, False)


def test_tar_opens_it_too(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        assert tar.getnames() == [*MEMBERS, LIST]


def test_a_file_that_was_cut_off_or_changed_anywhere_is_refused(archive: Path, tmp_path: Path) -> None:
    whole = archive.read_bytes()
    start = len(b"\x1f\x8b\x08\x08\0\0\0\0\0\xffcycle-backup.tar\0")
    places = range(start, len(whole), 7)
    broken = [*(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :] for place in places)]
    broken += [whole[:place] for place in places]

    for number, content in enumerate(broken):
        archive.write_bytes(content)
        with pytest.raises(Unreadable):
            read_archive(archive, tmp_path / f"uit{number}")


def test_one_that_was_not_finished_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "half.backup"
    with ArchiveWriter(file) as writer:
        writer.add("cycle.db", b"rijen")

    with pytest.raises(Unreadable):
        read_archive(file, tmp_path / "uit")


@pytest.mark.parametrize("name", ["../buiten", "/buiten", "a/../../buiten"])
def test_nothing_is_laid_down_outside_the_folder(tmp_path: Path, name: str) -> None:
    outside = tarfile.TarInfo(name)
    outside.size = 1
    file = made_by_hand(tmp_path / "kwaad.backup", {"format": 1, "members": []}, outside)

    with pytest.raises(Unreadable):
        read_archive(file, tmp_path / "diep" / "uit")
    assert list(tmp_path.rglob("buiten")) == []


def test_no_link_is_laid_down(tmp_path: Path) -> None:
    link = tarfile.TarInfo("cycle.db")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    file = made_by_hand(tmp_path / "kwaad.backup", {"format": 1, "members": []}, link)

    with pytest.raises(Unreadable):
        read_archive(file, tmp_path / "uit")


def test_what_the_list_does_not_name_is_refused_and_so_is_a_newer_form(tmp_path: Path) -> None:
    more = tarfile.TarInfo("meer")
    more.size = 1
    unnamed = made_by_hand(tmp_path / "meer.backup", {"format": 1, "members": []}, more)
    newer = made_by_hand(tmp_path / "nieuwer.backup", {"format": FORMAT + 1, "members": []})

    with pytest.raises(Unreadable, match="beschadigd"):
        read_archive(unnamed, tmp_path / "uit")
    with pytest.raises(Unreadable, match="nieuwere versie"):
        read_archive(newer, tmp_path / "uit")


def test_a_file_of_another_kind_is_called_that(tmp_path: Path) -> None:
    other = tmp_path / "brief.pdf"
    other.write_bytes(b"%PDF-1.7")

    with pytest.raises(CycleError, match="geen kopie van cycle"):
        read_archive(other, tmp_path / "uit")
