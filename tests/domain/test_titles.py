"""Titles of steps in a running sentence."""

import tomllib

import pytest

from cycle.domain.titles import in_a_sentence
from tests.conftest import ROOT

WITHOUT = {
    "Bod langs de raad van commissarissen": "het bod langs de raad van commissarissen",
    "Afspraken langs de raad van commissarissen": "de afspraken langs de raad van commissarissen",
    "Prestatieafspraken naar de minister": "de prestatieafspraken naar de minister",
    "Prestatieafspraken ondertekenen": "het ondertekenen van de prestatieafspraken",
}


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Voorjaarsoverleg", "het voorjaarsoverleg"),
        ("Uitnodigingsbrief", "de uitnodigingsbrief"),
        ("Ambtelijke werkgroep", "de ambtelijke werkgroep"),
        ("Uitvoeringsagenda bijwerken", "het bijwerken van de uitvoeringsagenda"),
        ("Indicatieve bestedingsruimte (IBW) bekijken", "het bekijken van de indicatieve bestedingsruimte (IBW)"),
        ("Brief over de huurverhoging", "de brief over de huurverhoging"),
        ("Kadernota van de gemeente", "de kadernota van de gemeente"),
        ("Stuurgroep Wonen", "de Stuurgroep Wonen"),
        ("Kernteam", "het kernteam"),
        ("Kerntafel", "Kerntafel"),
        ("Overleg WZV", "Overleg WZV"),
        ("Liften in de Lange Reksestraat", "Liften in de Lange Reksestraat"),
        ("", ""),
    ],
)
def test_a_known_title_gets_its_article_and_one_of_somebodys_own_stays_as_it_is(title: str, words: str) -> None:
    assert in_a_sentence(title) == words


def test_each_step_that_comes_with_the_program_has_its_article_or_is_a_plural() -> None:
    titles = []
    for file in ("config.toml", "cycle/settings/stappen.toml"):
        steps = tomllib.loads((ROOT / file).read_text(encoding="utf-8"))
        titles += [step["title"] for step in steps["steps"].values()]

    bare = {title for title in titles if in_a_sentence(title) == title}

    assert bare == {title for title, words in WITHOUT.items() if title == words}
