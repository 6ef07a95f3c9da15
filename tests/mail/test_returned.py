"""Reading the mailbox for returned mail: a Maildir or IMAP; what was not understood stays for a person (rule B13)."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Thread

import pytest

from cycle.errors import CycleError
from cycle.mail.returned import read_own, read_returned


def test_b13_a_maildir_is_read_once_and_what_was_not_understood_stays_unread(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    for name in ("1.a", "2.b", "3.c"):
        (tmp_path / "new" / name).write_bytes(name.encode())
    seen: list[bytes] = []

    def read(raw: bytes) -> bool:
        seen.append(raw)
        return raw != b"2.b"

    assert [read_returned("box", tmp_path, read) for _ in range(2)] == [3, 0]
    assert seen == [b"1.a", b"2.b", b"3.c"]
    assert sorted(path.name for path in (tmp_path / "cur").iterdir()) == ["1.a:2,S", "2.b:2,", "3.c:2,S"]


def test_a_place_that_is_no_mailbox_gets_a_sentence(tmp_path: Path) -> None:
    for place in ("box", "pop3://mail.example", "imap://127.0.0.1:1/INBOX"):
        with pytest.raises(CycleError):
            read_returned(place, tmp_path, lambda _raw: True)


def test_b13_imap_marks_what_was_understood_as_read_and_flags_the_rest() -> None:
    with imap_server({"7": b"first", "9": b"second"}) as (port, commands):
        found: list[bytes] = []

        def read(raw: bytes) -> bool:
            found.append(raw)
            return raw == b"first"

        assert read_returned(f"imap://terug:ge%20heim@127.0.0.1:{port}/Terug", Path(), read) == 2
    assert found == [b"first", b"second"]
    assert [command for command in commands if "STORE" in command] == [
        r"UID STORE 7 +FLAGS (\Seen)",
        r"UID STORE 9 +FLAGS (\Flagged)",
    ]
    assert commands[1:3] == ['LOGIN terug "ge heim"', 'SELECT "Terug"']


def test_replies_are_read_by_their_heads_and_what_is_not_ours_is_left_alone() -> None:
    with imap_server(
        {"7": b"X: ours\r\n\r\nfirst", "8": b"X: other\r\n\r\nsecond", "9": b"X: ours\r\n\r\nauto"}
    ) as box:
        port, commands = box
        found: list[bytes] = []

        def read(raw: bytes) -> bool:
            found.append(raw.rpartition(b"\n")[2])
            return not raw.endswith(b"auto")

        place = f"imap://antwoord:geheim@127.0.0.1:{port}/INBOX"
        count = read_own(place, Path(), lambda head: b"ours" in head, read, date(2027, 3, 1))
    assert (count, found) == (2, [b"auto", b"first"])
    assert [command for command in commands if "STORE" in command] == [r"UID STORE 7 +FLAGS (\Seen)"]
    assert "UID SEARCH SINCE 01-Mar-2027" in commands
    assert [command for command in commands if " 8 " in command] == ["UID FETCH 8 (BODY.PEEK[HEADER]<0.64000>)"]


@contextmanager
def imap_server(mails: dict[str, bytes]) -> Iterator[tuple[int, list[str]]]:
    """As much of IMAP4rev1 (RFC 3501) as the reader speaks."""
    commands: list[str] = []

    def talk() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rwb") as line:
            line.write(b"* OK ready\r\n")
            line.flush()
            for words in line:
                tag, _, command = words.decode().strip().partition(" ")
                commands.append(command)
                line.write(answer(command) + f"{tag} OK done\r\n".encode())
                line.flush()
                if command == "LOGOUT":
                    return

    def answer(command: str) -> bytes:
        if command == "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1\r\n"
        if command.startswith("UID SEARCH"):
            return f"* SEARCH {' '.join(mails)}\r\n".encode()
        if command.startswith("UID FETCH"):
            body = mails[command.split()[2]]
            return b"* 1 FETCH (BODY[]<0> {%d}\r\n%b)\r\n" % (len(body), body)
        return b"* BYE\r\n" if command == "LOGOUT" else b""

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=talk)
        thread.start()
        yield listener.getsockname()[1], commands
        thread.join(5)
