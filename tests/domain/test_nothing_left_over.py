"""A reading is sure only when its words are explained (law L1): what is added to a sure phrase makes it a question."""

import random
import time
from datetime import date

import pytest

from cycle.domain.dutch import Reference, find, read
from cycle.domain.dutch.leftovers import HARMLESS
from cycle.domain.dutch.vocabulary import LIMITS, MONTH, NUMBER, SEASONS
from cycle.domain.model import Reading, ReadingKind

ON = Reference(2027)

SURE = [
    "1 mei 2027",
    "uiterlijk 1 mei 2027",
    "vóór 1 juni 2027",
    "t/m 30 september 2027",
    "12-11-2027",
    "2027-06-15",
    "woensdag 14 april 2027",
    "mei 2027",
    "in juni 2027",
    "eind 2027",
    "begin 2028",
    "eind maart 2027",
    "Q3 2027",
    "3e kwartaal 2027",
    "derde kwartaal",
    "H1 2027",
    "2028",
    "eerste helft van 2027",
    "week 14 2027",
    "uiterlijk eind Q2",
    "jaarlijks",
    "jaarlijks in mei",
    "elk jaar vóór 1 juli",
    "jaarlijks uiterlijk 15 december",
    "elk kwartaal",
    "maandelijks",
    "eens per twee jaar",
    "halfjaarlijks in april en oktober",
    "tweemaal per jaar, uiterlijk 1 mei en 1 november",
    "vanaf 2027",
    "per 1 januari 2028",
    "na 1 april 2027",
    "tot 1 juli 2027",
    "september - oktober 2027",
    "van 1 maart t/m 30 juni 2027",
    "gereed: juni 2027",
    "planning: Q1-Q2 2027",
    "laatste vrijdag van mei",
    "vóór kerst 2027",
    "2027 en 2028",
    "doorlopend",
    "gedurende de looptijd",
    "15, 16 en 17 mei",
    "was Q4 2026, wordt Q2 2027",
    "Q4 2026 → Q2 2027",
    "doorgeschoven naar 2028",
    "in 2028 i.p.v. 2027",
    "eenmalig in 2027",
    "2027/06",
    "wk 36-38 2027",
]
NOUNS = ("woonvisie", "sloop", "corporaties", "rapport", "dak")
SENTENCES = (
    "De gemeente levert {} een plan.",
    "Partijen bespreken de voortgang {} met elkaar.",
    "Het overzicht is {} klaar.",
)
LIMITED = ("uiterlijk 1 mei 2027", "vóór 1 juni 2027", "in juni 2027", "eind 2027", "jaarlijks in mei", "in Q3 2027")


def seen(reading: Reading) -> tuple[object, ...]:
    return reading.kind, reading.window_start, reading.due, reading.per_year, len(reading.others), reading.doubtful


@pytest.mark.parametrize("phrase", SURE)
class TestCell:
    def test_is_sure_by_itself(self, phrase):
        assert not read(phrase, ON).doubtful, read(phrase, ON).reason

    def test_a_noun_more_is_a_question_that_names_it(self, phrase):
        for noun in NOUNS:
            for words in (f"{noun} {phrase}", f"{phrase} {noun}", f"{phrase} ({noun})", f"{noun}: {phrase}"):
                reading = read(words, ON)
                is_name = reading.kind is ReadingKind.NONE and "naam" in reading.reason  # "woonvisie 2028"
                assert is_name or (reading.doubtful and noun in reading.reason), words

    def test_what_was_understood_is_offered_first(self, phrase):
        alone = read(phrase, ON)

        assert (read(f"{phrase} (rapport)", ON).due, alone.due) == (alone.due, alone.due)

    def test_a_second_date_changes_it(self, phrase):
        for second in ("20 december 2029", "februari 2030"):
            for words in (f"{phrase} en {second}", f"{phrase}, {second}", f"{phrase} ({second})"):
                reading = read(words, ON)
                assert reading.doubtful or seen(reading) != seen(read(phrase, ON)), words

    def test_a_negation_or_a_condition_is_a_question(self, phrase):
        for words in (f"niet {phrase}", f"geen {phrase}", f"indien nodig {phrase}", f"{phrase}, mits akkoord"):
            reading = read(words, ON)
            assert reading.doubtful or seen(reading) != seen(read(phrase, ON)), words


@pytest.mark.parametrize("phrase", LIMITED)
class TestSentence:
    def test_nouns_leave_it_sure(self, phrase):
        for sentence in SENTENCES:
            [item] = find(sentence.format(phrase), ON)
            assert (item.phrase, item.reading.doubtful) == (phrase, False)

    @pytest.mark.parametrize(
        "sentence",
        [
            "De gemeente levert {} niet een plan.",
            "Er komt {} geen nieuwe regeling.",
            "Indien de raad dat wil, komt er {} een plan.",
            "Mits er geld is, volgt {} een plan.",
            "Onder voorbehoud van subsidie start de bouw {}.",
            "De gemeente levert {} een plan, tenzij de raad anders kiest.",
        ],
    )
    def test_a_negation_or_condition_in_it_is_a_question(self, sentence, phrase):
        readings = [item.reading for item in find(sentence.format(phrase), ON)]

        assert readings
        assert all(reading.doubtful for reading in readings)


@pytest.mark.parametrize(
    "sentence",
    [
        "De afspraken zijn in december 2021 ondertekend.",
        "De brug werd in mei 2027 geopend.",
        "De visie is in maart 2027 vastgesteld.",
        "De lijst was in juni 2027 al klaar.",
        "Uiterlijk op 1 brumaire levert de gemeente een plan.",
        "Het plan is vóór de laatste ledendag klaar.",
        "Start bouw 2027, oplevering 2029.",
        "De gemeente betaalt € 50.000 in 2028.",
        "In 2030 is 30% van de woningen verduurzaamd.",
        "Op verzoek levert de corporatie in 2027 een lijst.",
        "Naar aanleiding hiervan is in 2026 een plan gemaakt.",
        "Vóór 1 april van het jaar volgend op het verslagjaar is de jaarrekening er.",
    ],
)
def test_what_may_be_over_or_is_not_understood_is_asked_about(sentence):
    readings = [item.reading for item in find(sentence, ON)]

    assert readings
    assert all(reading.doubtful for reading in readings)


@pytest.mark.parametrize(
    ("phrase", "due"),
    [
        ("was Q4 2026, wordt Q2 2027", date(2027, 6, 30)),
        ("Q4 2026 → Q2 2027", date(2027, 6, 30)),
        ("mei 2027 -> oktober 2027", date(2027, 10, 31)),
        ("doorgeschoven naar maart 2028", date(2028, 3, 31)),
        ("verschoven van 1 mei 2027 naar 1 juli 2027", date(2027, 7, 1)),
        ("in 2028 in plaats van 2027", date(2028, 12, 31)),
        ("niet Q2 maar Q3 2027", date(2027, 9, 30)),
        ("september 2027 (was mei)", date(2027, 9, 30)),
        ("eerst gepland voor Q1 2027, nu in Q3 2027", date(2027, 9, 30)),
        ("schuift van juni 2027 naar februari 2028", date(2028, 2, 29)),
        ("de termijn van 1 maart 2027 wordt verlengd tot en met 1 april 2027", date(2027, 4, 1)),
        ("de termijn van 1 maart 2027 is verlengd tot 1 april 2027", date(2027, 3, 31)),
    ],
)
def test_the_newest_of_two_dates_counts(phrase, due):
    assert read(phrase, ON).due == due
    assert [item.reading.due for item in find(f"De oplevering: {phrase}.", ON)] == [due]


@pytest.mark.parametrize(
    ("phrase", "dues"),
    [
        ("vóór 1 maart en vóór 1 september 2027", [date(2027, 2, 28), date(2027, 8, 31)]),
        ("9 februari, 11 maart en 3 juni 2027", [date(2027, 2, 9), date(2027, 3, 11), date(2027, 6, 3)]),
        ("eerst in maart 2027, daarna in mei 2027", [date(2027, 3, 31), date(2027, 5, 31)]),
        ("halfjaarlijks, uiterlijk 1 april en 1 oktober", [date(2027, 4, 1), date(2027, 10, 1)]),
        ("jaarlijks in april en oktober", [date(2027, 4, 30), date(2027, 10, 31)]),
    ],
)
def test_several_moments_all_come_out(phrase, dues):
    reading = read(phrase, ON)

    assert [one.due for one in (reading, *reading.others)][: len(dues)] == dues
    assert reading.doubtful or reading.per_year == len(dues)


IMPOSSIBLE = "Q5 2027|13-2027|H3 2027|2207|31 februari|week 60 2027|kwartaal 7"


@pytest.mark.parametrize("phrase", IMPOSSIBLE.split("|"))
def test_an_impossible_date_is_no_date(phrase):
    reading = read(phrase, ON)

    assert (reading.kind, reading.due, reading.doubtful) == (ReadingKind.NONE, None, True)


@pytest.mark.parametrize(
    ("phrase", "due"),
    [
        ("1 novermber 2027", date(2027, 11, 1)),
        ("uiterljik 1 mei 2027", date(2027, 5, 1)),
        ("setpember 2027", date(2027, 9, 30)),
        ("1juli 2027", date(2027, 7, 1)),
        ("kwartaal2 2027", date(2027, 6, 30)),
        ("3e kwartal 2027", date(2027, 9, 30)),
        ("vóor 1 mei 2027", date(2027, 4, 30)),
        ("uiterlijk\u00a01\u00a0agustus ’27", date(2027, 8, 1)),
        ("najaaar 2027", date(2027, 11, 30)),
    ],
)
def test_a_typing_error_is_read(phrase, due):
    assert read(phrase, ON).due == due


@pytest.mark.parametrize("phrase", ["1 novermber 2027", "setpember 2027", "uiterljik 1 mei 2027"])
def test_a_mended_word_is_said(phrase):
    reading = read(phrase, ON)

    assert reading.doubtful
    assert "is gelezen als" in reading.reason


@pytest.mark.parametrize("sentence", ["Weller maakt 20 kaarten.", "In de vaart van 2 maat", "Het kost 30 taart."])
def test_a_real_word_is_no_typing_error(sentence):
    assert find(sentence, ON) == ()


def test_the_harmless_words_are_few_and_say_nothing_of_time():
    said = set(MONTH) | set(SEASONS) | set(NUMBER) - {"een"} | {"uiterlijk", "voor", "tot", "vanaf", "na", "niet"}

    assert len(HARMLESS) <= 120
    assert all(word.isalpha() for word in HARMLESS)
    assert said & HARMLESS == set()
    assert {"uiterlijk", "voor", "t/m"} <= set(LIMITS.by_first)


SIGNS = "abdeijklmnortuvwz0123456789 -/.,:;()%€→'’\u00a0\t\n"


def mutated(dice: random.Random) -> str:
    """A sure phrase with letters and words lost, added, doubled or swapped."""
    text = dice.choice(SURE)
    for _ in range(dice.randint(1, 6)):
        i = dice.randint(0, len(text))
        sign = dice.choice((*SIGNS, f" {dice.choice(SURE)} "))
        text = dice.choice((text[:i] + sign + text[i:], text[:i] + text[i + 1 :], text[i:] + text[:i]))
    return text


def test_no_mutated_phrase_is_an_error():
    dice = random.Random(13)
    for _ in range(2_500):
        text = mutated(dice)
        reading = read(text, ON)
        assert len(reading.others) <= 2
        find(text, date(2027, 2, 1))


PIECES = "1 |vóór 1 maart en |was Q4 2026, wordt |uiterlijk |novermber |niet in 2027 |jaarlijks, |x"


@pytest.mark.parametrize("piece", PIECES.split("|"))
def test_time_grows_with_the_length_alone(piece):
    def spent(length: int) -> float:
        text = piece * (length // len(piece))
        started = time.process_time()
        find(text, ON)
        return time.process_time() - started

    least = min(spent(8_000) for _ in range(3))

    assert spent(32_000) < 12 * least + 0.05


def test_an_event_with_words_of_its_own_is_a_question():
    reading = read("bij goedkeuring raad in 2027", ON)

    assert reading.doubtful
    assert "goedkeuring" in reading.reason


def test_a_part_of_a_year_behind_a_dash_is_that_part():
    assert read("2027 - Q3", ON).due == date(2027, 9, 30)


@pytest.mark.parametrize(
    ("sentence", "dues"),
    [
        ("Weller zou de balkons in Q2 2027 herstellen; dat wordt nu Q1 2028.", [date(2028, 3, 31)]),
        ("Weller zou in Q2 2027 herstellen; Clavis levert in Q1 2028.", [date(2027, 6, 30), date(2028, 3, 31)]),
        (
            "Vraag de subsidie uiterlijk 1 maart 2027 aan, verlengd tot en met 31 december 2027.",
            [date(2027, 3, 1), date(2027, 12, 31)],
        ),
    ],
)
def test_only_a_date_that_is_said_to_be_replaced_is_left_out(sentence, dues):
    assert [item.reading.due for item in find(sentence, ON)] == dues


@pytest.mark.parametrize(
    ("phrase", "days"),
    [
        ("niet gehaald in 2026, opnieuw gepland voor Q1 2027", {date(2027, 3, 31)}),
        ("31-3-2027 / 30-9-2027", {date(2027, 3, 31), date(2027, 9, 30)}),
        ("1 juli 2027 en daarna elk halfjaar", {date(2027, 7, 1)}),
        ("uiterlijk 1 apil 2027", {date(2027, 4, 1)}),
    ],
)
def test_what_is_asked_about_offers_the_days_that_it_names(phrase, days):
    reading = read(phrase, ON)

    assert reading.doubtful
    assert days <= {reading.due, *(other.due for other in reading.others)}


@pytest.mark.parametrize("phrase", ["2027-W12", "2027 W12", "2027-week 12", "2027: wk 12"])
def test_a_week_right_behind_its_year_is_that_week(phrase):
    reading = read(phrase, ON)

    assert (reading.window_start, reading.due, reading.doubtful) == (date(2027, 3, 22), date(2027, 3, 28), False)
