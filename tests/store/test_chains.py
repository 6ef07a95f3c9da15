"""The chains of facts: nobody forks them, and what is changed, left out, emptied or cut short is found."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import col, select

from cycle.actions.office.office import Office
from cycle.domain.model import ChainFault
from cycle.store import chains, facts, guards
from cycle.store.chains import Break, KnownHead, Walked, erase, heads, walk
from cycle.store.database import Database
from cycle.store.noticing import say
from cycle.store.tables import Actor, Covenant, Fact, FactHead, GroupRow
from tests.decided import decided

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BY = "an@gemeente.example"


@pytest.fixture
def told(database: Database) -> Database:
    """Two covenants, of which five things each are said, and three of none."""
    with database.writing() as session:
        for slug in ("duinstede", "hulst"):
            session.add(Covenant(slug=slug, name=slug.title(), live_since=NOW.date()))
    for minute in range(5):
        for covenant_id in (1, 2):
            tell(database, covenant_id, minute)
    for minute in range(3):
        tell(database, None, minute)
    return database


def tell(database: Database, covenant_id: int | None, minute: int = 0) -> None:
    with database.writing() as session:
        say(session, NOW + timedelta(minutes=minute), BY, "gezegd", f"zaak {minute}", f"w{minute}", covenant_id)


def broken(database: Database, *known: KnownHead) -> dict[str, Break | None]:
    with database.reading() as session:
        return {one.slug: one.broken for one in walk(session, known)}


def force(database: Database, *statements: str) -> None:
    """What somebody does who can do anything with the database."""
    with database.engine.begin() as connection:
        guards.take_away(connection)
        for statement in statements:
            connection.execute(text(statement))
        guards.lay(connection)


def place(database: Database, covenant_id: int | None, seq: int) -> Fact:
    with database.reading() as session:
        return session.exec(select(Fact).where(Fact.covenant_id == covenant_id, Fact.seq == seq)).one()


def work_out_anew(database: Database, covenant_id: int) -> None:
    """Makes a chain fit again behind what was changed in it, digests and head and all."""
    before = ""
    with database.engine.begin() as connection:
        guards.take_away(connection)
        mine = select(Fact.__table__).where(Fact.covenant_id == covenant_id).order_by(col(Fact.seq))  # type: ignore[attr-defined]
        for row in map(dict, connection.execute(mine).mappings()):
            row["digest"] = facts.digest_of(row)
            before = facts.hash_of(before, row)
            values = {"digest": row["digest"], "hash": before, "id": row["id"]}
            connection.execute(text("UPDATE fact SET digest = :digest, hash = :hash WHERE id = :id"), values)
        values = {"hash": before, "seq": row["seq"], "id": covenant_id}
        connection.execute(text("UPDATE fact_head SET hash = :hash, seq = :seq WHERE covenant_id = :id"), values)
        guards.lay(connection)


def test_chains_as_they_were_written_are_whole_and_begin_with_their_beginning(told: Database) -> None:
    with told.reading() as session:
        walked = walk(session, heads(session, NOW))
        first = session.exec(select(Fact).where(Fact.seq == 0).order_by(col(Fact.id))).all()
        ends = session.exec(select(FactHead).order_by(col(FactHead.covenant_id))).all()
    assert walked == [Walked(0, "", 6, 0, None), Walked(1, "duinstede", 7, 0, None), Walked(2, "hulst", 7, 0, None)]
    assert [(one.verb, one.subject, one.about) for one in first] == [("keten begint", "chain", None)] * 3
    assert [(one.covenant_id, one.seq) for one in ends] == [(0, 5), (1, 6), (2, 6)]


@pytest.mark.parametrize(
    "change",
    ["text = 'anders'", "new = '{}'", "verb = 'gedaan'", "subject_id = 7", "about = 'zaak 9'", "at = '2026-11-01'"],
)
def test_a_fact_that_was_changed_is_found_at_its_place(told: Database, change: str) -> None:
    row = place(told, 1, 4)
    force(told, f"UPDATE fact SET {change} WHERE id = {row.id}")

    found = broken(told)["duinstede"]
    assert (found and found[:2], broken(told)["hulst"]) == ((ChainFault.CHANGED, 4), None)


def test_a_fact_of_another_chain_or_by_another_actor_is_found(told: Database) -> None:
    force(told, "INSERT INTO actor (kind, name, via, is_named) VALUES ('person', 'bo@gemeente.example', '', FALSE)")
    force(told, f"UPDATE fact SET actor_id = (SELECT max(id) FROM actor) WHERE id = {place(told, 2, 3).id}")

    assert broken(told) == {"": None, "duinstede": None, "hulst": Break(ChainFault.CHANGED, 3, place(told, 2, 3).at)}


def test_who_an_actor_is_says_a_fact_before_the_first_that_they_do(told: Database) -> None:
    with told.reading() as session:
        named = session.exec(select(Fact).where(Fact.subject == "actor").order_by(col(Fact.seq))).all()
        actors = session.exec(select(Actor).order_by(col(Actor.id))).all()
    said = [(one.seq, one.verb, one.subject_id, one.at, facts.values_in(one.new)) for one in named]
    clock, by = ({"kind": one.kind, "name": one.name, "person_id": None, "via": ""} for one in actors)
    assert said == [(1, "heet", 1, facts.LONG_AGO, clock), (2, "heet", 2, NOW, by)]
    assert (clock["name"], by["name"], [one.is_named for one in actors]) == ("klok", BY, [True, True])


@pytest.mark.parametrize(
    "change",
    [
        "name = 'bo@gemeente.example'",
        "via = 'via de opdrachtregel'",
        "kind = 'operator'",
        "is_named = FALSE, name = 'bo'",
    ],
)
def test_an_actor_who_is_called_otherwise_is_found_at_the_first_that_they_did(told: Database, change: str) -> None:
    force(told, f"UPDATE actor SET {change} WHERE name = '{BY}'")
    tell(told, 2)

    first = {slug: place(told, number, 2) for slug, number in (("duinstede", 1), ("hulst", 2))}
    found = {slug: Break(ChainFault.BY, 2, fact.at) for slug, fact in first.items()}
    assert broken(told) == {"": Break(ChainFault.BY, 3, place(told, None, 3).at), **found}


def test_an_actor_without_a_fact_that_says_who_it_is_is_found_until_the_tables_are_brought_up_to_date(
    told: Database,
) -> None:
    force(told, "INSERT INTO actor (kind, name, via, is_named) VALUES ('person', 'bo@gemeente.example', '', TRUE)")
    with told.writing() as session:
        say(session, NOW, "bo@gemeente.example", "gezegd", "zaak 7", "w7", 1)
    assert (broken(told)["duinstede"] or ("",))[0] == ChainFault.BY
    force(told, "UPDATE actor SET is_named = FALSE WHERE name = 'bo@gemeente.example'")
    told.migrate()
    told.migrate()
    assert set(broken(told).values()) == {None}
    with told.reading() as session:
        assert len(session.exec(select(Fact).where(Fact.subject == "actor")).all()) == 3


def test_actors_of_before_are_sealed_some_at_a_time_and_each_of_them_once(told: Database) -> None:
    """An upgrade of a country has more of them than PostgreSQL takes in one statement (65,535)."""
    rows = [{"kind": "link", "name": f"an{number}@b.example", "via": "", "is_named": False} for number in range(2_500)]
    with told.engine.begin() as connection:
        connection.execute(Actor.__table__.insert(), rows)  # type: ignore[attr-defined]
    told.migrate()

    with told.reading() as session:
        actors = set(session.exec(select(Actor.id).where(Actor.is_named)))
        sealed = session.exec(select(Fact.subject_id).where(Fact.subject == "actor").order_by(col(Fact.subject_id)))
        assert sealed.all() == sorted(actors, key=lambda number: number or 0)
    assert (len(actors), set(broken(told).values())) == (2 + len(rows), {None})


def test_a_fact_that_is_gone_is_found_at_its_place(told: Database) -> None:
    force(told, f"DELETE FROM fact WHERE id = {place(told, 1, 3).id}")

    assert broken(told)["duinstede"] == Break(ChainFault.GONE, 3, place(told, 1, 4).at)


def test_a_chain_that_is_cut_short_is_found(told: Database) -> None:
    last = place(told, 1, 5).at
    force(told, "DELETE FROM fact WHERE covenant_id = 1 AND seq > 5")

    assert broken(told)["duinstede"] == Break(ChainFault.CUT, 6, last)


def test_a_chain_that_is_cut_short_with_its_head_is_found_by_who_knew_the_head(told: Database) -> None:
    with told.reading() as session:
        known = heads(session, NOW)
    kept = place(told, 1, 5)
    force(
        told,
        "DELETE FROM fact WHERE covenant_id = 1 AND seq > 5",
        f"UPDATE fact_head SET seq = 5, hash = '{kept.hash}' WHERE covenant_id = 1",
    )
    assert broken(told)["duinstede"] is None
    assert broken(told, *known)["duinstede"] == Break(ChainFault.CUT, 6, NOW)
    force(told, "DELETE FROM fact WHERE covenant_id = 2", "DELETE FROM fact_head WHERE covenant_id = 2")
    assert broken(told, *known)["hulst"] == Break(ChainFault.CUT, 0, None)


def test_a_chain_that_is_worked_out_anew_is_found_by_who_knew_a_head(told: Database) -> None:
    with told.reading() as session:
        known = heads(session, NOW)
    row = place(told, 1, 2)
    force(told, f"UPDATE fact SET text = 'anders' WHERE id = {row.id}")
    work_out_anew(told, 1)
    tell(told, 1, 50)

    assert broken(told)["duinstede"] is None
    assert broken(told, *known) == {
        "": None,
        "duinstede": Break(ChainFault.OTHER, 6, place(told, 1, 6).at),
        "hulst": None,
    }


def test_what_is_erased_is_gone_and_the_chain_still_holds(told: Database) -> None:
    rows = [place(told, 1, 3), place(told, None, 4)]
    with told.writing() as session:
        erase(session, [row.id or 0 for row in rows], NOW, BY)

    after = [place(told, 1, 3), place(told, None, 4)]
    assert [(row.text, row.old, row.new, row.salt, row.verb) for row in after] == [("", "", "", "", "gezegd")] * 2
    with told.reading() as session:
        walked = [(one.slug, one.erased, one.broken) for one in walk(session)]
        assert "gewist" not in {one.verb for one in decided(session)}
    assert walked == [("", 1, None), ("duinstede", 1, None), ("hulst", 0, None)]


def test_what_was_emptied_without_saying_so_is_found(told: Database) -> None:
    row = place(told, 1, 3)
    force(told, f"UPDATE fact SET text = '', old = '', new = '', salt = '' WHERE id = {row.id}")

    assert broken(told)["duinstede"] == Break(ChainFault.EMPTIED, 3, row.at)


def test_the_database_itself_refuses_to_change_or_remove_a_fact_but_lets_its_words_go(told: Database) -> None:
    number = place(told, 1, 3).id
    refused = [
        f"UPDATE fact SET text = 'anders' WHERE id = {number}",
        f"UPDATE fact SET text = '', old = '', new = '', salt = '', verb = 'x' WHERE id = {number}",
        f"UPDATE fact SET seq = 50 WHERE id = {number}",
        f"DELETE FROM fact WHERE id = {number}",
        "DELETE FROM fact",
        *([] if told.is_sqlite else ["TRUNCATE fact"]),
    ]
    for statement in refused:
        with pytest.raises(DatabaseError, match="a fact is only added"), told.engine.begin() as connection:
            connection.execute(text(statement))
    with told.engine.begin() as connection:
        connection.execute(text(f"UPDATE fact SET text = '', old = '', new = '', salt = '' WHERE id = {number}"))


def test_many_writers_at_once_never_fork_a_chain(told: Database) -> None:
    """Each has a connection of its own, and says things of both covenants in either order. Two speak of nothing that is
    of a covenant: nothing but the end of their chain holds them apart, for they stamp no covenant."""
    at_once, writers = Barrier(5), []
    troubles: list[Exception] = []

    def write(order: tuple[int | None, ...]) -> None:
        other = Database(told.url)
        at_once.wait()
        try:
            for number in range(12):
                with other.writing() as session:
                    for covenant_id in order:
                        say(session, NOW, BY, "gezegd", f"zaak {number}", "", covenant_id)
        except Exception as error:
            troubles.append(error)
        other.close()

    for order in ((1, 2), (2, 1, None), (None,), (None,), (3, 2)):
        writers.append(Thread(target=write, args=[order]))
    with told.writing() as session:
        session.add(Covenant(slug="nieuw", name="Nieuw", live_since=NOW.date()))
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert troubles == []
    with told.reading() as session:
        assert [(one.slug, one.facts, one.broken) for one in walk(session)] == [
            ("", 6 + 36, None),
            ("duinstede", 7 + 24, None),
            ("hulst", 7 + 36, None),
            ("nieuw", 2 + 12, None),
        ]


def test_two_writers_begin_a_new_chain_once(database: Database) -> None:
    with database.writing() as session:
        session.add(Covenant(slug="duinstede", name="Duinstede", live_since=NOW.date()))
    force(database, "DELETE FROM fact", "DELETE FROM fact_head", "UPDATE actor SET is_named = FALSE")
    others, at_once = [Database(database.url) for _ in range(3)], Barrier(3)

    def write(other: Database) -> None:
        at_once.wait()
        tell(other, 1)

    writers = [Thread(target=write, args=[other]) for other in others]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    for other in others:
        other.close()

    with database.reading() as session:
        assert walk(session)[1:] == [Walked(1, "duinstede", 4, 0, None)]
    assert broken(database) == {"": None, "duinstede": None}


def test_facts_of_the_example_are_whole(example: Office) -> None:
    with example.database.reading() as session:
        assert [(one.slug, one.broken) for one in chains.walk(session)] == [("", None), ("terneuzen", None)]
    with example.database.reading() as session:
        actors = session.exec(select(Actor)).all()
    assert [(one.name, one.is_named) for one in actors if not one.name or not one.is_named] == []


def test_two_who_add_to_one_covenant_at_once_do_not_wait_for_each_other_for_ever(
    postgresql: Callable[..., str], postgresql_tables: str
) -> None:
    """Each row holds its covenant, so that it stays; the stamp of the covenant must not ask for more than that."""
    database = Database(postgresql(postgresql_tables))
    with database.writing() as session:
        session.add(Covenant(slug="duinstede", name="Duinstede", live_since=NOW.date()))
    both_are_there, troubles = Barrier(2), []

    def write(slug: str) -> None:
        try:
            with database.writing() as session:
                session.add(GroupRow(covenant_id=1, slug=slug))
                session.flush()
                both_are_there.wait()
        except Exception as error:
            troubles.append(error)

    writers = [Thread(target=write, args=[slug]) for slug in ("een", "twee")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert troubles == []
    with database.reading() as session:
        assert walk(session) == [Walked(0, "", 2, 0, None), Walked(1, "duinstede", 4, 0, None)]
    database.close()
