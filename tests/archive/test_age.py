"""A back-up that a passphrase closes: age and we open each other's, and nothing can be changed unseen."""

import io
import os
import pty
import select
import shutil
from base64 import b64decode
from pathlib import Path

import pytest

from cycle.archive import age
from cycle.archive.age import CHUNK, Opening, Sealing, WrongPassphrase
from cycle.errors import CycleError, Unreadable
from tests.remembered import WORK_OF_THE_PROGRAM

PASSPHRASE = "geheim-van-de-wacht"
QUICK = 4  # of the work of a passphrase: 2**4
BY_AGE = b64decode(
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBheVBKUHMxQ0JRSit5Y0ZVSWdEMVZBIDE4CjVLQ1ZHb0pTZzBQTW1CU3hkWVRNbDdM"
    "ZWdpV1lRWG1jbzdYdE9oYmJIWE0KLS0tIHBuQ2JwUnBLU1FVYkJkWTArbUtZV1JZd3N6SlM2ZGs5aWxTWXQwYnI2QUUKOtfcFyWmsfVAUu610O"
    "8sGp/0ObJC/EHGLwYY7k/FFXIMbkG054jKjTNG/edTgegSMMyhbd2tTijnEmc/8zdBMfyenotT1PiiN+pA3B4gK0Daz/iEqnBjzwM="
)
"""What age 1.1.1 made of three lines with this passphrase."""


def sealed(content: bytes) -> bytes:
    out = io.BytesIO()
    sealing = Sealing(out, PASSPHRASE, QUICK)
    sealing.write(content)
    sealing.close()
    return out.getvalue()


def opened(content: bytes, passphrase: str = PASSPHRASE) -> bytes:
    return io.BufferedReader(Opening(io.BytesIO(content), passphrase)).read()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_was_sealed_opens_with_the_passphrase_whatever_its_size(size: int) -> None:
    content = os.urandom(size)

    assert opened(sealed(content)) == content


def test_a_passphrase_costs_work_to_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(age, "WORK", WORK_OF_THE_PROGRAM)
    out = io.BytesIO()
    Sealing(out, PASSPHRASE).close()

    assert out.getvalue().splitlines()[1].split()[-1] == b"17"


def test_a_file_that_age_wrote_opens() -> None:
    assert opened(BY_AGE) == b"Wat de wacht weet.\n" * 3


@pytest.mark.filterwarnings(
    "ignore:.*fork:DeprecationWarning"
)  # from Python 3.12 on; the child becomes another program
@pytest.mark.skipif(shutil.which("age") is None, reason="age is not installed (Debian: age)")
def test_age_opens_what_was_sealed(tmp_path: Path) -> None:
    content = os.urandom(CHUNK + 7)
    (tmp_path / "sealed").write_bytes(sealed(content))

    child, terminal = pty.fork()  # it reads a passphrase from a terminal only
    if child == 0:
        os.execvp("age", ["age", "-d", "-o", str(tmp_path / "opened"), str(tmp_path / "sealed")])
    answered = False
    while select.select([terminal], [], [], 20)[0]:
        try:
            os.read(terminal, 4096)
        except OSError:
            break
        if not answered:
            answered = bool(os.write(terminal, f"{PASSPHRASE}\n".encode()))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert (tmp_path / "opened").read_bytes() == content


def test_another_passphrase_opens_nothing() -> None:
    with pytest.raises(WrongPassphrase):
        opened(sealed(b"namen"), "geheim-van-een-ander")


def test_no_byte_can_be_changed_and_nothing_left_out_unseen() -> None:
    whole = sealed(b"namen" * 40_000)  # of four pieces
    second = len(whole) - (200_000 - 3 * CHUNK + 16) - 2 * (CHUNK + 16)
    broken = [
        *(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :] for place in range(0, len(whole), 9_973)),
        *(whole[:size] for size in range(len(whole) - 1, 0, -9_973)),
        whole[: -(200_000 - 3 * CHUNK + 16)],  # without its last piece
        whole[:second] + whole[second + CHUNK + 16 :],  # without a piece in the middle
        whole + b"x",
    ]

    for one in broken:
        with pytest.raises(CycleError):
            opened(one)


def test_a_head_that_asks_for_more_work_than_anybody_has_is_refused() -> None:
    with pytest.raises(Unreadable):
        opened(sealed(b"namen").replace(b" 4\n", b" 40\n", 1))
