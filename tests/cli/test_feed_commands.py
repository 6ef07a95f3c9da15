"""`cycle feed`, `meeting` and `welcome` on the command line: stable JSON, and a sentence for every refusal."""

import re

import pytest

from .test_commands import Run, as_json, example_run, run

__all__ = ["example_run", "run"]
WHO = "strategie@clavis.example"


def test_a_link_is_shown_once_and_listed_without_its_token(example_run: Run) -> None:
    choices = ("--name", "kantoor", "--scope", "covenant", "--banners", "--alarm-days", 7)
    code, url, err = example_run("feed", "url", WHO, *choices)
    listed = example_run("feed", "list", WHO, "--json")

    assert (code, err) == (0, "")
    assert re.fullmatch(r"http://127\.0\.0\.1:8700/k/[\w-]{27}/termijnen\.ics\n", url)
    [link] = as_json(listed)["links"]
    assert url.split("/")[4] not in listed[1]
    assert link == {
        "name": "kantoor",
        "scope": "covenant",
        "covenant": "terneuzen",
        "banners": True,
        "alarm_days": 7,
        "created_at": link["created_at"],
        "revoked_at": None,
        "leaked": False,
        "last_fetched_at": None,
        "client": None,
    }


def test_links_are_revoked_by_name_and_cut_when_they_leaked(example_run: Run) -> None:
    for name in ("een", "twee"):
        example_run("feed", "url", WHO, "--name", name)

    assert example_run("feed", "revoke", WHO, "--name", "een")[:2] == (0, "1 koppelingen ingetrokken.\n")
    assert example_run("feed", "revoke", WHO, "--leaked")[:2] == (0, "2 koppelingen ingetrokken.\n")
    assert example_run("feed", "revoke", WHO)[:2] == (0, "Er was geen koppeling om in te trekken.\n")
    table = example_run("feed", "list", WHO)[1]
    assert table.count("afgesneden") == 2


def test_the_page_is_a_link(example_run: Run) -> None:
    code, out, _err = example_run("feed", "page", WHO)

    assert code == 0
    assert re.fullmatch(r"http://127\.0\.0\.1:8700/agenda/\d+\.\d+\.[\w-]{27}\n", out)


def test_a_welcome_is_once(example_run: Run) -> None:
    assert "staat klaar" in example_run("welcome", WHO)[1]
    assert "is al welkom geheten" in example_run("welcome", WHO)[1]


def test_a_meeting_is_set_moved_and_cancelled(example_run: Run) -> None:
    items = as_json(example_run("plan", 2027, "--json"))["items"]
    number = next(item["id"] for item in items if item["title"] == "Voorjaarsoverleg")

    assert example_run("meeting", "set", number, "2027-04-22", "--at", "14:00")[1] == (
        "Voorjaarsoverleg: gepland op donderdag 22 april 2027.\n"
    )
    assert "29 april" in example_run("meeting", "move", number, "2027-04-29")[1]
    assert "gaat niet door" in example_run("meeting", "cancel", number, "--reason", "griep")[1]
    assert example_run("meeting", "cancel", number)[:2] == (0, "Voorjaarsoverleg: had geen datum.\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("feed", "url", "wie@nergens.example"), "Niemand heeft het adres"),
        (("feed", "url", WHO, "--scope", "alles"), "Een koppeling kan niet 'alles' tonen."),
        (("feed", "url", WHO, "--scope", "covenant", "--covenant", "hulst"), "Zeg om welk convenant het gaat."),
        (("feed", "list", "wie@nergens.example"), "Niemand heeft het adres"),
        (("feed", "page", "wie@nergens.example"), "Niemand heeft het adres"),
    ],
)
def test_what_cannot_be_is_a_sentence(example_run: Run, words: tuple[str, ...], sentence: str) -> None:
    code, _out, err = example_run(*words)

    assert (code, sentence in err) == (1, True)
