"""What a reading carries, how several phrases combine, what is found in running text, and what always holds."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cycle.domain.dutch import Found, Reference, find, read, reference
from cycle.domain.model import Conventions, Reading, ReadingKind
from cycle.domain.rules import Relative
from cycle.domain.words import MONTHS
from tests.trying import examples

ON = Reference(2025)
ONCE, YEARLY, FROM_DATE, NONE = ReadingKind.ONCE, ReadingKind.YEARLY, ReadingKind.FROM_DATE, ReadingKind.NONE


def found(text: str, on: Reference | date = ON) -> list[str]:
    return [item.phrase for item in find(text, on)]


class TestReference:
    @pytest.mark.parametrize(
        ("text", "expected", "first_day"),
        [
            ("2027", Reference(2027), date(2027, 1, 1)),
            ("2027-03", Reference(2027, 3), date(2027, 3, 1)),
            ("2027-03-15", Reference(2027, 3, 15), date(2027, 3, 15)),
        ],
    )
    def test_is_a_year_a_month_or_a_day(self, text, expected, first_day):
        assert (reference(text), reference(text).as_date()) == (expected, first_day)

    @pytest.mark.parametrize("text", ["", "nu", "27", "2027-13", "2027-02-30", "0000", "1-4-2027"])
    def test_refuses_anything_else_with_a_sentence(self, text):
        with pytest.raises(ValueError, match=r"^“.*\.$"):
            reference(text)


class TestReading:
    def test_says_why(self):
        assert read("vóór 1 april", Reference(2027)) == Reading(
            ONCE, "vóór 1 april: de laatste dag is 31 maart 2027", due=date(2027, 3, 31)
        )

    def test_names_the_rival_of_a_season(self):
        reading = read("najaar 2022", ON)

        assert [(other.window_start, other.due) for other in reading.others] == [
            (date(2022, 9, 21), date(2022, 12, 20))
        ]

    def test_names_the_rival_of_two_limit_words(self):
        reading = read("uiterlijk voor 1 december 2025", ON)

        assert (reading.due, reading.doubtful) == (date(2025, 11, 30), True)
        assert [other.due for other in reading.others] == [date(2025, 12, 1)]

    def test_asks_which_of_two_deadlines_in_one_cell_is_meant(self):
        reading = read("4 woningen in 2025 en 6 in 2026", ON)

        assert (reading.due, reading.doubtful) == (date(2025, 12, 31), True)
        assert [other.due for other in reading.others] == [date(2026, 12, 31), None]

    @pytest.mark.parametrize(
        ("phrase", "until"),
        [
            ("2025 en 2026", date(2026, 12, 31)),
            ("najaar 2025 en 2026", date(2026, 12, 31)),
            ("jaarlijks tot en met 2027", date(2027, 12, 31)),
            ("geldig van 1 maart 2025 tot 1 maart 2028", date(2028, 2, 29)),
        ],
    )
    def test_knows_how_long_it_holds(self, phrase, until):
        assert read(phrase, ON).until == until

    def test_takes_the_covenants_own_conventions(self):
        reading = read("voorjaar 2025", ON, Conventions(voorjaar=(4, 6)))

        assert (reading.window_start, reading.due) == (date(2025, 4, 1), date(2025, 6, 30))

    def test_takes_a_date_as_reference(self):
        assert read("binnen 6 weken", date(2025, 5, 1)).due == date(2025, 6, 12)

    def test_doubts_a_date_without_a_year_that_has_passed(self):
        reading = read("vóór 1 april", date(2026, 11, 21))

        assert (reading.due, reading.doubtful) == (date(2026, 3, 31), True)
        assert [other.due for other in reading.others] == [date(2027, 3, 31)]

    def test_sees_one_word_in_all_spellings(self):
        spellings = [
            "vóór 1 mei 2025",
            "vo\u0301o\u0301r 1 mei 2025",
            "VÓÓR\u00a01 MEI 2025",
            "  (vóór 1\u202fmei 2025) ",
        ]

        assert {read(phrase, ON).due for phrase in spellings} == {date(2025, 4, 30)}

    @pytest.mark.parametrize("phrase", ["", "   ", "\n\t", "-", "?"])
    def test_asks_for_a_date_where_nothing_is_written(self, phrase):
        reading = read(phrase, ON)

        assert (reading.kind, reading.due, reading.doubtful) == (NONE, None, True)


class TestFind:
    def test_gives_phrases_in_order_with_their_place(self):
        text = "Vóór 1 april 2026 komt er een brief; de lijst volgt in juni 2026."

        first, second = find(text, ON)

        assert first == Found("Vóór 1 april 2026", 0, 17, read("Vóór 1 april 2026", ON))
        assert (second.phrase, text[second.start : second.end]) == ("in juni 2026", "in juni 2026")

    @pytest.mark.parametrize(
        ("text", "phrases"),
        [
            ("Gemeente, najaar 2025", ["najaar 2025"]),
            ("Corporaties en gemeente, 2025/2026", ["2025/2026"]),
            ("Zorgpartijen\t2026", ["2026"]),
            ("De lijst is eind 2025 klaar en wordt jaarlijks ververst.", ["eind 2025", "jaarlijks"]),
            ("Eens per jaar in mei (uiterlijk 15 mei) is er", ["Eens per jaar in mei (uiterlijk 15 mei)"]),
            ("- Voorjaarsoverleg (april): terugblik", ["Voorjaarsoverleg (april)"]),
            (
                "Tweemaal per jaar, in het voorjaar en het najaar, is er overleg",
                ["Tweemaal per jaar, in het voorjaar en het najaar"],
            ),
            ("In 2025 gereed. In 2026 volgt de rest.", ["In 2025", "In 2026"]),
            ("<td>uiterlijk <b>1 juli</b> 2025</td>", ["uiterlijk 1 juli 2025"]),
            ("uiterlijk\n1 juli 2025", ["uiterlijk 1 juli 2025"]),
            ("De groep stemt dit periodiek af", ["periodiek"]),
            ("Planning: n.t.b.", ["n.t.b."]),
            ("Oplevering in 2O25", ["2O25"]),
        ],
    )
    def test_finds(self, text, phrases):
        assert found(text) == phrases

    @pytest.mark.parametrize(
        "text",
        [
            "plannen voor de komende tien jaar",
            "welk deel passend is voor 2024 en 2025",
            "de jaarlijkse huurverhoging volgt de wet",
            "zoals de minister in de jaarlijkse MG-circulaire schrijft",
            "minimaal op peil 2021",
            "op hetzelfde niveau als 2021",
            "30% van de huizen",
            "10% van 2023",
            "in de zorgtafel (3.3)",
            "zie afspraak 1.1.12",
            "de woonagenda 2030",
            "De Prestatieafspraken 2022-2025 hebben vijf thema's",
            "Prestatieafspraken Terneuzen 2022 tot en met 2025",
            "Peildatum 1 januari 2022",
            "1.061 huizen, 5.146 in totaal",
            "jongeren onder de 23 jaar",
            "een schil van 80 woningen",
            "2000 woningen en 2025 euro",
            "groepen die per direct een woning nodig hebben",
            "structureel in overleg met de corporaties",
            "huisvesten voor twee jaar",
            "wat in het voorgaande jaar is bereikt",
            "tot er sprake is van een nieuwe overeenkomst",
            "\t2022\t2023\t2024\t2025\n",
            "t.o.v. 1.045 in 2019",
        ],
    )
    def test_passes_over_what_is_no_deadline(self, text):
        assert found(text) == []

    def test_finds_nothing_in_nothing(self):
        assert find("", ON) == ()


VOCABULARY = """
    voor vóór uiterlijk tot t/m en of van tussen in op per vanaf na het de niet later dan rond richting najaar voorjaar
    begin medio eind jaar jaarlijks kwartaal Q3 H1 week helft eerste laatste maandag mei juni april 1 2 14 31 2025 2026
    '27 1-4-2027 - / , ( ) : . binnen over komende volgend weken maanden twee keer elk schooljaar begroting kerst Pasen
    periode looptijd 2O25 n.t.b. 30% afloop
"""
WORDS = st.sampled_from(VOCABULARY.split())
TEXTS = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=12).map(" ".join))
REFERENCES = st.one_of(
    st.builds(Reference, st.integers(1, 9999)),
    st.builds(Reference, st.integers(1990, 2090), st.integers(1, 12)),
    st.dates(date(1990, 1, 1), date(2090, 12, 31)),
)
DAYS = st.dates(date(2000, 1, 2), date(2090, 12, 31))


class TestAlways:
    @given(TEXTS, REFERENCES)
    @example("binnen 999 jaar", date(2025, 1, 1))
    @example("eerste 999 maanden", Reference(9999))
    @example("begin schooljaar", Reference(2027))
    @settings(deadline=None, max_examples=examples(100, 4000))
    def test_any_text_gives_a_reading_that_is_whole(self, text, on):
        reading = read(text, on)

        assert reading.reason
        assert len(reading.others) <= 2
        assert (reading.kind is YEARLY) is (reading.per_year is not None)
        assert reading.kind is not ONCE or reading.due or isinstance(reading.rule, Relative)
        assert not (reading.window_start and reading.due) or reading.window_start <= reading.due

    @given(TEXTS, REFERENCES)
    @settings(deadline=None, max_examples=examples(60, 2000))
    def test_what_is_found_lies_in_order_in_the_text(self, text, on):
        items = find(text, on)
        edges = [edge for item in items for edge in (item.start, item.end)]

        assert edges == sorted(edges)
        assert all(item.phrase for item in items)

    @given(
        DAYS, st.sampled_from(["{0.day} {1} {0.year}", "{0.day}-{0.month}-{0.year}", "{0:%Y-%m-%d}", "{0:%d/%m/%Y}"])
    )
    def test_voor_ends_the_day_before_uiterlijk(self, day, form):
        written = form.format(day, MONTHS[day.month - 1])

        before, by = read(f"voor {written}", Reference(day.year)), read(f"uiterlijk {written}", Reference(day.year))

        assert (before.due, by.due) == (day - timedelta(days=1), day)
        assert not before.doubtful
        assert not by.doubtful

    @given(DAYS)
    def test_tot_en_met_counts_the_day_and_tot_does_not(self, day):
        written = f"{day.day} {MONTHS[day.month - 1]} {day.year}"

        assert read(f"tot en met {written}", day).due == day
        assert read(f"tot {written}", day).due == day - timedelta(days=1)
