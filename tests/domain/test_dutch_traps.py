"""Words that look like a deadline and are none, and what they never swallow: a limit or a day still to come (L1)."""

from datetime import date

import pytest

from cycle.domain.dutch import Reference, find, read

ON = Reference(2027)


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("Weller deelt de gegevens uiterlijk 1 juni 2027 met de gemeente.", date(2027, 6, 1)),
        ("De cijfers gaan vóór 15 maart 2027 naar de raad.", date(2027, 3, 14)),
        ("Conform het protocol levert de corporatie t/m 1 september 2027 aan.", date(2027, 9, 1)),
        ("Volgens artikel 12 is de lijst in oktober 2027 gereed.", date(2027, 10, 31)),
        ("Uitgaande van de raming start de sloop in mei 2027.", date(2027, 5, 31)),
        ("De nulmeting loopt en is eind 2027 klaar.", date(2027, 12, 31)),
        ("De stand van zaken komt elk jaar vóór 1 april op tafel.", date(2027, 3, 31)),
        ("Bijlage 4 volgt uiterlijk 1 februari 2027.", date(2027, 2, 1)),
        ("Prijzen en niveau worden in Q2 2027 bepaald.", date(2027, 6, 30)),
        ("Voor de komende jaren is er in november 2027 een plan.", date(2027, 11, 30)),
        ("De visie wordt vastgesteld in september 2027.", date(2027, 9, 30)),
    ],
)
def test_a_limit_behind_a_trap_word_is_read(sentence, due):
    assert [item.reading.due for item in find(sentence, ON)] == [due]


@pytest.mark.parametrize("phrase", ["conform planning: Q3 2027", "cijfers in mei 2027", "nulmeting juni 2027"])
def test_a_day_to_come_right_behind_a_trap_word_is_asked_about(phrase):
    reading = read(phrase, ON)

    assert (reading.due is not None, reading.doubtful) == (True, True)


@pytest.mark.parametrize(
    "sentence",
    [
        "De cijfers van 2026 zijn bekend",
        "gegevens over 2025",
        "t.o.v. het aantal woningen in 2019",
        "prijspeil 1 januari 2027",
        "zoals in 2026 besproken",
        "vastgesteld in mei 2025",
        "artikel 2024 van het besluit",
    ],
)
def test_a_measure_is_no_deadline(sentence):
    assert find(sentence, ON) == ()


def test_a_meeting_in_a_year_is_on_a_day_that_is_not_said() -> None:
    for words in ("in het najaarsoverleg van 2027", "tijdens het bestuurlijk overleg in 2027"):
        reading = read(words, Reference(2027))

        assert (reading.due, reading.doubtful) == (date(2027, 12, 31), True)
        assert reading.reason.endswith("de dag van de bijeenkomst staat er niet bij")


@pytest.mark.parametrize(
    "sentence",
    [
        "De levering op 1 mei 2027 komt te vervallen.",
        "De afspraak om vóór 1 mei 2027 te leveren is ingetrokken.",
        "De datum van 3 mei 2027 is losgelaten.",
        "De mijlpaal van mei 2027 is geschrapt.",
        "De schouw van 3 mei 2027 is afgelast.",
    ],
)
def test_a_day_that_was_called_off_may_be_no_deadline(sentence):
    (found,) = find(sentence, ON)

    assert (found.reading.doubtful, [other.due for other in found.reading.others][-1]) == (True, None)
    assert "dat dit niet meer geldt" in found.reading.reason


@pytest.mark.parametrize(
    "sentence",
    [
        "De gemeente trekt vóór 1 mei 2027 een adviseur aan.",
        "Het plan komt uiterlijk 1 mei 2027 terug in de raad.",
        "De corporatie ziet vóór 1 mei 2027 toe op de uitvoering.",
        "Huurders geven vóór 1 mei 2027 hun wensen op.",
        "De gemeente levert op 1 mei 2027 540 woningen op.",
    ],
)
def test_a_verb_of_doing_that_looks_like_taking_back_leaves_a_day_sure(sentence):
    assert [one.reading.doubtful for one in find(sentence, ON)] == [False]


def test_a_term_and_the_day_that_explains_it_are_one_moment():
    found = find("Binnen twee jaar na ondertekening, dus uiterlijk 1 mei 2028, is het plan klaar.", date(2026, 5, 1))
    apart = find("Binnen een jaar, uiterlijk 1 maart 2028, is het plan klaar.", date(2026, 5, 1))

    assert [(one.reading.due, one.reading.doubtful) for one in found] == [(date(2028, 5, 1), False)]
    assert [(one.reading.due, one.reading.doubtful) for one in apart] == [(date(2028, 3, 1), True)]
    assert [other.due for other in apart[0].reading.others] == [date(2027, 5, 1)]


def test_what_is_called_off_in_one_sentence_leaves_the_next_alone():
    found = find("De oude ronde is vervallen. De gemeente levert uiterlijk 1 mei 2027 een lijst.", ON)

    assert [(one.reading.due, one.reading.doubtful) for one in found] == [(date(2027, 5, 1), False)]


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Wie vóór 1 mei 2027 reageert, krijgt voorrang.", "over wie of wat"),
        ("De huurders die op 1 mei 2027 een contract hebben, blijven.", "over wie of wat"),
        ("De rapportage over het tweede kwartaal 2027 wordt gedeeld.", "waarover het gaat"),
        ("De raming van mei 2027 wordt gebruikt.", "datum van een stuk"),
        ("De nota (versie 4 mei 2027) is leidend.", "datum van een stuk"),
        ("De garantie loopt af op 1 mei 2027.", "vanzelf gebeuren"),
        ("De vergunning vervalt op 1 mei 2027.", "vanzelf gebeuren"),
        ("De wet treedt op 1 mei 2027 in werking.", "vanzelf gebeuren"),
        ("De regeling is geldig tot 1 mei 2027.", "vanzelf gebeuren"),
        ("De datum van 1 mei 2027 wordt met twee maanden verlengd.", "verschoven is"),
        ("De inzet op 1 mei 2027 is met een kwartaal opgeschoven.", "verschoven is"),
        ("Weller trekt haar aanbod voor 1 mei 2027 in.", "niet meer geldt"),
        ("De gemeente ziet af van de bouw in mei 2027.", "niet meer geldt"),
        ("Partijen komen terug op de planning om in mei 2027 te beginnen.", "niet meer geldt"),
        ("Het voornemen om dit in mei 2027 te doen is verlaten.", "niet meer geldt"),
        ("De verordening van nu geldt tot 1 mei 2027.", "hoe lang iets geldt"),
        ("De korting blijft tot en met 31 mei 2027 bestaan.", "hoe lang iets geldt"),
        ("Aantallen tot en met 31 mei 2027 worden gedeeld.", "hoe lang iets geldt"),
        ("Aanvragen kan tot 1 mei 2027.", "hoe lang iets geldt"),
        ("De wijk telt op 1 mei 2027 540 woningen.", "een stand op die dag"),
        ("Het overzicht geeft de bezetting op 31 mei 2027 weer.", "een stand op die dag"),
        ("Eind mei 2027 kregen 40 huurders een brief.", "al gebeurd"),
    ],
)
def test_a_day_that_is_only_told_of_is_asked_with_no_date_beside_it(sentence, why):
    (found,) = find(sentence, ON)

    assert (found.reading.due is not None, found.reading.doubtful) == (True, True)
    assert None in [other.due for other in found.reading.others]
    assert why in found.reading.reason


@pytest.mark.parametrize(
    "sentence",
    [
        "De gemeente verlengt vóór 1 mei 2027 het contract met twee partners.",
        "De gemeente stuurt een brief op 1 mei 2027.",
        "Partijen spreken over de nota op 1 mei 2027.",
        "Het plan loopt en is uiterlijk 1 mei 2027 klaar.",
    ],
)
def test_what_only_looks_so_stays_sure(sentence):
    assert [one.reading.doubtful for one in find(sentence, ON)] == [False]


def test_so_long_after_that_is_never_counted_from_the_day_of_reading():
    found = find(
        "Partijen spreken in maart 2027 af en ronden uiterlijk twee maanden daarna af.", Reference(2026, 6, 15)
    )

    assert [(one.reading.due, one.reading.doubtful) for one in found] == [(date(2027, 3, 31), False), (None, True)]


@pytest.mark.parametrize(
    ("phrase", "dues"),
    [
        ("apr-jun, okt-dec 2027", [date(2027, 6, 30), date(2027, 12, 31)]),
        ("januari t/m maart en juli t/m september 2027", [date(2027, 3, 31), date(2027, 9, 30)]),
        ("mei, oktober-november 2027", [date(2027, 5, 31), date(2027, 11, 30)]),
        ("15-17 mei, 3 juni 2027", [date(2027, 5, 17), date(2027, 6, 3)]),
    ],
)
def test_periods_with_time_between_them_are_several_moments(phrase, dues):
    reading = read(phrase, ON)

    assert (reading.doubtful, [one.due for one in (reading, *reading.others)]) == (True, dues)


def test_periods_that_follow_one_another_are_one():
    reading = read("jan-mrt, apr-jun 2027", ON)

    assert (reading.doubtful, reading.window_start, reading.due) == (False, date(2027, 1, 1), date(2027, 6, 30))


@pytest.mark.parametrize(
    ("phrase", "due"),
    [
        ("O2-O6-2027", date(2027, 6, 2)),
        ("uiterlijk l september 2027", date(2027, 9, 1)),
        ("< 15 juni 2027", date(2027, 6, 14)),
        ("2 juni of 1 september 2027", date(2027, 9, 1)),
        ("fase 2 juni 2027", date(2027, 6, 30)),
        ("volgend voorjaar", date(2028, 5, 31)),
        ("uiterlijk 1 mei voorafgaand aan het verslagjaar", date(2026, 5, 1)),
        ("jaarlijks na 1 september", date(2027, 12, 31)),
    ],
)
def test_where_a_day_is_asked_the_other_that_may_be_meant_is_offered(phrase, due):
    reading = read(phrase, ON)

    assert reading.doubtful
    assert due in [one.due for one in reading.others]


def test_a_sentence_that_begins_with_next_year_asks_for_it():
    (found,) = find("Volgend jaar volgt het tweede deel.", ON)

    assert (found.reading.due, found.reading.doubtful) == (date(2028, 12, 31), True)


def test_a_day_with_a_rhythm_behind_it_is_one_question_and_not_two_answers():
    (found,) = find("Dit gebeurt uiterlijk op 1 juni 2027 en daarna jaarlijks.", ON)

    assert found.reading.doubtful
    assert [(one.kind.value, one.due) for one in found.reading.others] == [
        ("yearly", date(2027, 6, 1)),
        ("yearly", date(2027, 12, 31)),
    ]


@pytest.mark.parametrize(
    ("sentence", "due", "per_year"),
    [
        ("Om de drie jaar wordt dit onderzoek herhaald, voor het eerst in 2029.", date(2029, 12, 31), 0.333),
        ("Jaarlijks is er een avond voor huurders, voor het eerst op 3 juni 2027.", date(2027, 6, 3), 1),
        ("De sloop staat gepland voor 4 mei 2027.", date(2027, 5, 4), None),
        ("De sloop staat gepland vóór 4 mei 2027.", date(2027, 5, 3), None),
    ],
)
def test_the_first_time_further_on_and_what_is_planned_for_a_day_are_that_day(sentence, due, per_year):
    (found,) = find(sentence, ON)

    assert (found.reading.due, found.reading.per_year, found.reading.doubtful) == (due, per_year, False)
