"""`cycle person` as an operator meets it."""

from datetime import timedelta
from pathlib import Path

from cycle import clock
from cycle.clock import now
from tests.cli.test_commands import Run, as_json, example_run, run  # noqa: F401 - fixtures

LEAVER = "strategie@clavis.example"
NEXT = now().year + 1  # a command acts at this moment, and nobody says now that they are away in ten years
DAYS = (f"{NEXT}-01-01", f"{NEXT}-01-08")


def emails(run: Run) -> set[str]:  # noqa: F811
    return {one["email"] for one in as_json(run("people", "--json"))["people"]}


def test_a_person_is_added_named_for_an_agreement_and_changed(example_run: Run) -> None:  # noqa: F811
    added = example_run(
        "person", "add", "Noor de Wit", "noor@clavis.example", "--party", "clavis", "--agreements", "2.5"
    )
    named = example_run("person", "assign", "--party", "clavis", "--theme", "3", "--to", "noor@clavis.example")
    changed = example_run("person", "change", "noor@clavis.example", "--mail", "n.dewit@clavis.example")

    assert added[:2] == (0, "Noor de Wit is nu trekker voor Clavis (afspraak 2.5).\n")
    assert named[:2] == (0, "Thema 3 gaat voor Clavis naar Noor de Wit.\n")
    assert changed[:2] == (0, "Noor de Wit krijgt mail op n.dewit@clavis.example.\n")
    assert "n.dewit@clavis.example" in emails(example_run)


def test_an_address_that_cannot_be_mailed_is_refused_with_the_reason(example_run: Run, tmp_path: Path) -> None:  # noqa: F811
    accented = "jürgen@clavis.example"
    document = tmp_path / "afspraken.txt"
    document.write_text("1.1 Clavis bouwt 20 woningen in 2027.", encoding="utf-8")
    commands = {
        "add": ("person", "add", "Jürgen", accented, "--party", "clavis"),
        "change": ("person", "change", LEAVER, "--mail", accented),
        "leave": ("person", "leave", LEAVER, "--last", DAYS[0], "--new", f"Jürgen <{accented}>", "--yes"),
        "new": ("new", document, "--secretariat", f"Jürgen <{accented}>", "--yes"),
    }

    said = {name: example_run(*words) for name, words in commands.items()}

    assert {
        name: (code != 0, "vóór het apenstaartje" in err) for name, (code, _out, err) in said.items()
    } == dict.fromkeys(commands, (True, True))


def test_covenants_and_parties_are_listed_in_dutch(example_run: Run) -> None:  # noqa: F811
    parties = example_run("parties")[1].splitlines()

    assert as_json(example_run("covenants", "TERNEU", "--json")) == {
        "covenants": [
            {
                "slug": "terneuzen",
                "name": "Prestatieafspraken Terneuzen",
                "released": True,
                "archived": False,
                "term_start": "2022-01-01",
                "term_end": "2025-12-31",
                "renews": True,
            }
        ]
    }
    assert "31 december 2025" in example_run("covenants")[1]
    assert as_json(example_run("covenants", "nergens", "--json")) == {"covenants": []}
    assert [line.split()[-1] for line in parties[-2:]] == ["huurdersorganisatie", "huurdersorganisatie"]


def test_a_list_is_tried_and_then_kept_and_a_line_that_cannot_be_shows_in_the_exit_code(
    example_run: Run,  # noqa: F811
    tmp_path: Path,
) -> None:
    file = tmp_path / "mensen.txt"
    file.write_text("Noor <noor@clavis.example>; Clavis; trekker; 2.5\nWie; ; Clavis\n", encoding="utf-8")

    tried = example_run("person", "import", file, "--check")
    before = emails(example_run)
    kept = example_run("person", "import", file, "--as", "secretariaat@terneuzen.example")
    file.write_text("Noor; noor@clavis.example\n", encoding="utf-8")
    again = as_json(example_run("person", "import", file, "--party", "clavis", "--role", "trekker", "--json"))

    ends = "1 regel komt erbij en 1 kan niet. {}\n"
    assert (tried[0], tried[1].endswith(ends.format("Er is niets bewaard: dit was een proef."))) == (1, True)
    assert (kept[0], kept[1].endswith(ends.format("Er is niemand gemaild."))) == (1, True)
    assert emails(example_run) - before == {"noor@clavis.example"}
    assert again == {
        "people": [
            {
                "place": "mensen.txt, regel 1",
                "name": "Noor",
                "email": "noor@clavis.example",
                "outcome": "staat er al",
                "words": "trekker voor Clavis",
                "hint": "",
            }
        ],
        "notes": [],
    }


def test_somebody_leaves_only_with_yes_and_comes_back(example_run: Run) -> None:  # noqa: F811
    asked = ("person", "leave", LEAVER, "--last", "2027-01-31", "--new", "Noor de Wit <noor@clavis.example>")
    look = example_run(*asked)
    before = emails(example_run)
    done = example_run(*asked, "--yes", "--as", "secretariaat@terneuzen.example")
    back = example_run("person", "undo", LEAVER)

    assert look[0] == 0
    assert (
        "Noor de Wit neemt over:\n- trekker voor Clavis (thema 1 en thema 5)\n- contactpersoon voor Clavis\n" in look[1]
    )
    assert "Er is nog niets veranderd." in look[1]
    assert "noor@clavis.example" not in before
    assert done[:2] == (
        0,
        "Afdeling Strategie heeft 31 januari 2027 als laatste dag; Noor de Wit neemt het daarna over.\n",
    )
    assert back[:2] == (0, "Afdeling Strategie heeft alles weer terug.\n")


def test_somebody_is_away_and_what_is_not_clear_is_refused(example_run: Run) -> None:  # noqa: F811
    box = "info@bewonersraad.example"
    days = ("person", "away", LEAVER, *DAYS, "--deputy", "wonen@clavis.example")
    asked, away = example_run(*days), example_run(*days, "--yes")
    shared = example_run("person", "away", box, *DAYS)
    called = example_run("person", "away", box, *DAYS, "--called", "Werkgroep Duurzaam", "--yes")

    assert (asked[0], "Dit verstuurt 2 mails aan Afdeling Strategie en Afdeling Wonen." in asked[2]) == (1, True)
    words = (
        f"Afdeling Strategie is afwezig van 1 januari {NEXT} tot en met 8 januari {NEXT}; "
        "de post gaat naar Afdeling Wonen."
    )
    assert away[:2] == (0, f"{words}\n")
    assert (shared[0], called[0]) == (1, 0)
    assert "Kies met --called uit: Bestuur Bewonersraad, Werkgroep Duurzaam, Werkgroep Leefbaarheid." in shared[2]
    for wrong in (
        ("add", "X", "x@y.example", "--party", "clavis", "--role", "baas"),
        ("change", "niemand@nergens.example", "--name", "X"),
        ("undo", LEAVER),
    ):
        assert example_run("person", *wrong)[0] == 1, wrong
    assert example_run("person", "away", LEAVER, "morgen", DAYS[1])[0] == 2


def test_who_left_is_erased_only_with_yes_and_is_then_unknown(example_run: Run) -> None:  # noqa: F811
    seated = example_run("person", "erase", LEAVER, "--yes")
    yesterday = clock.now().date() - timedelta(1)
    example_run("person", "leave", LEAVER, "--last", yesterday.isoformat(), "--yes")
    look = example_run("person", "erase", LEAVER)
    done = example_run("person", "erase", LEAVER, "--yes", "--as", "beheer")
    again = example_run("person", "erase", LEAVER, "--yes")

    assert (seated[0], "heeft nog een plaats aan tafel" in seated[2]) == (1, True)
    assert look[0] == 0
    assert look[1].splitlines()[-1] == "Doe het met --yes."
    assert (done[0], done[1].startswith("Afdeling Strategie is gewist; ")) == (0, True)
    assert (again[0], "Niemand heeft het adres" in again[2]) == (1, True)
    assert example_run("audit", "verify")[0] == 0
