"""What parties are called together."""

from cycle.domain.model import Party, PartyKind
from cycle.domain.parties import as_many

ONE = (Party("thuis", "Thuis", PartyKind.CORPORATION), Party("hbv", "Huurdersbelang", PartyKind.TENANTS))
TWO = (*ONE, Party("plas", "Plaswonen", PartyKind.CORPORATION))


def test_a_table_with_one_corporation_reads_of_one_where_no_verb_hangs_on_it() -> None:
    titles = (
        "Bod van de corporaties",
        "Stuur de gemeente en de huurdersorganisaties de brief.",
        "De corporaties bouwen.",
    )

    assert [as_many(one, ONE) for one in titles] == [
        "Bod van de corporatie",
        "Stuur de gemeente en de huurdersorganisatie de brief.",
        "De corporaties bouwen.",
    ]
    assert [as_many(one, TWO) for one in titles] == [titles[0], as_many(titles[1], ONE), titles[2]]
