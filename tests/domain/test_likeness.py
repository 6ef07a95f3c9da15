"""Which of what was read is which of what is known: by words first, with the number as one sign."""

import random
import time

from cycle.domain.likeness import Described, NameAndText, Pairing, is_foreign, paired

NOUNS = (
    "brug dijk haven polder kade sluis toren molen markt plein gracht kerk schuur stal weide akker bos duin strand "
    "kreek"
)


def described(number: str, topic: str, text: str) -> Described:
    return Described(number, NameAndText(topic, text))


def many(amount: int) -> list[Described]:
    """Agreements that are not alike, under 1 to amount."""
    dice, nouns = random.Random(4), NOUNS.split()
    texts = [" ".join(dice.choice(nouns) + str(dice.randrange(90)) for _ in range(40)) for _ in range(amount)]
    return [described(f"1.{place}", f"Over {text.split()[0]}", text) for place, text in enumerate(texts, 1)]


def test_the_same_words_are_the_same_whatever_their_number_and_of_twins_that_with_its_number() -> None:
    twin = ("Monitor", "Lever de cijfers aan.")
    known = [described("1.1", *twin), described("1.2", *twin), described("1.3", "Bouw", "Begin met de bouw.")]
    read = [described("1.1", "Bouw", "Begin met de bouw."), described("1.2", *twin), described("1.4", *twin)]

    assert paired(known, read) == Pairing({1: 1, 0: 2, 2: 0})


def test_a_name_that_is_only_alike_takes_nothing_from_what_has_the_same_number() -> None:
    known = [described("3.3", "Samenwerking met zorg", "Praat met elkaar."), described("5.1", "Overleg", "Kom bijeen.")]
    read = [Described("5.1", agenda=NameAndText("Samenwerking", "Kom erop terug."))]

    assert paired(known, read).sure == {0: 1}


def test_an_agenda_that_says_something_foreign_under_the_same_number_is_not_sure() -> None:
    both = "De gemeente en de corporaties {} vóór 2027 het {} van 17."
    known = [Described("5.1", agenda=NameAndText("Warmtenet", both.format("onderzoeken", "rendement")))]
    foreign = [Described("5.1", agenda=NameAndText("Sluiskil 17", both.format("slopen", "dak")))]
    spelled = [Described("5.1", agenda=NameAndText("Warmtenetten", "Sloop de schuur."))]

    assert (paired(known, foreign), paired(known, spelled)) == (Pairing({}, {0: 0}), Pairing({0: 0}, {}))
    assert (is_foreign(known[0], foreign[0]), is_foreign(known[0], spelled[0])) == (True, False)
    assert not is_foreign(Described("5.1"), foreign[0])


def test_something_else_under_the_same_number_is_not_sure() -> None:
    known = [described("1.1", "Leegstand", "Makelaars bezoeken eigenaren van winkels.")]
    read = [described("1.1", "Veiligheid", "Loop de galerijen na op tegels.")]

    assert paired(known, read) == Pairing({}, {0: 0})


def test_hundreds_that_all_changed_and_moved_are_paired_in_a_moment() -> None:
    known = many(400)
    read = [
        described(f"1.{place + 1}", one.framework.topic, one.framework.text + " gewijzigd")
        for place, one in enumerate(known, 1)
    ]
    began = time.process_time()

    pairing = paired(known, read)

    assert pairing.sure == {place: place for place in range(400)}
    assert time.process_time() - began < 5
