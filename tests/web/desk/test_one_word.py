"""One thing has one word, here at the desk, wherever it is told."""

from sqlmodel import col, select

from cycle.actions.deadlines.deciding.closing import settle
from cycle.domain.model import LadderKind, MailState, PartyKind, Role, State
from cycle.domain.status import STATE_WORDS
from cycle.store.tables import DeadlineRow
from cycle.words import MAIL_STATES, PARTY_KINDS, ROLES

from .conftest import SECRETARY, words_of
from .test_desk_post import FEBRUARY, POST, mails, put_state

__all__ = ["mails"]  # a fixture


def test_the_state_of_a_mail(office, mails, sign_in) -> None:
    browser, shelf = sign_in(SECRETARY), {**MAIL_STATES}
    shelf[MailState.SENDING], shelf[MailState.REPLACED] = shelf[MailState.QUEUED], shelf[MailState.DISCARDED]
    for state, words in MAIL_STATES.items():
        put_state(office, mails[0].id, state)
        for path in (f"{POST}/{mails[0].id}", f"{POST}?staat={shelf[state].replace(' ', '-')}"):
            page = words_of(browser.page(path)).lower()
            assert (words in page, f" {state} " in page) == (True, False), (path, page)


def test_the_state_of_a_deadline(office, mails, sign_in) -> None:
    browser = sign_in(SECRETARY)
    with office.database.reading() as session:
        wanted = select(DeadlineRow.id).where(DeadlineRow.covenant_id == 1, DeadlineRow.kind == LadderKind.MEETING)
        number = session.exec(wanted.order_by(col(DeadlineRow.id))).first()
    for state in (State.DONE, State.DROPPED, State.OPEN):
        settle(office, number, state, FEBRUARY, by=SECRETARY)
        pages = [words_of(browser.page(f"/c/terneuzen/termijnen/{number}"))]
        pages.append(words_of(browser.page(f"/c/terneuzen/termijnen?stand={STATE_WORDS[state]}")))
        for page in pages:
            assert (STATE_WORDS[state] in page, f" {state} " in page) == (True, state is State.OPEN), page


def test_roles_and_parties(office, mails, sign_in) -> None:
    browser = sign_in(SECRETARY)
    people, parties = (
        words_of(browser.page("/c/terneuzen/mensen")),
        words_of(browser.page("/c/terneuzen/mensen/partijen")),
    )

    assert [words for words in (ROLES[Role.TREKKER], ROLES[Role.SECRETARIAT]) if words not in people] == []
    there = {PARTY_KINDS[kind] for kind in PartyKind if not kind.is_partner}  # no partner sits at this table
    assert {words for words in PARTY_KINDS.values() if words in parties} == there
    assert [str(role) for role in (Role.SECRETARIAT, Role.DIRECTOR, Role.READER) if f" {role} " in people] == []
