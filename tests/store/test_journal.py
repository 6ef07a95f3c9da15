"""The journal of a copy joins the one that is here: no line is lost, and none comes twice."""

from pathlib import Path

from cycle.store.journal import SentJournal
from tests.actions.mailbox import at

WEDNESDAY = at("2027-02-03")


def test_the_lines_of_another_journal_are_added_once_also_behind_one_that_was_cut_off(tmp_path: Path) -> None:
    here, there = SentJournal(tmp_path / "here", "this"), SentJournal(tmp_path / "there", "this")
    for journal, names in ((here, "ab"), (there, "bc")):
        for name in names:
            journal.add(WEDNESDAY, f"<{name}@cycle.example>")
    with (tmp_path / "here").open("a") as file:
        file.write("2027-02-03T08:0")
    text = (tmp_path / "there").read_text("ascii")

    added = [here.take_over(f"{text}geen regel\n"), here.take_over(text)]

    lines = (tmp_path / "here").read_text("ascii").splitlines()
    assert (added, len(here.after(None)), len(lines), len(set(lines))) == ([1, 0], 3, 4, 4)


def test_where_there_was_no_journal_that_of_the_copy_is_it(tmp_path: Path) -> None:
    there = SentJournal(tmp_path / "there", "this")
    there.add(WEDNESDAY, "<a@cycle.example>")
    text = (tmp_path / "there").read_text("ascii")

    assert SentJournal(tmp_path / "var" / "here", "this").take_over(text) == 1
    assert (tmp_path / "var" / "here").read_text("ascii") == text
