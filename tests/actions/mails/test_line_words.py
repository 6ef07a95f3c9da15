"""Each reader is asked what they can do, in words that are true of them."""

from datetime import date

import pytest
from sqlmodel import select

from cycle.actions.mails.morning.digests import DigestWriter
from cycle.actions.mails.morning.line_words import line_item
from cycle.actions.mails.rehearsal.rehearsing import rehearse
from cycle.actions.office.covenant_view import CovenantView, view_of
from cycle.actions.office.office import Office
from cycle.actions.office.signing import open_signer
from cycle.domain.ladders import What
from cycle.domain.mail_plan import Digest
from cycle.domain.situation import Reason, Reminder
from cycle.mail.fields import DigestItem
from cycle.store import covenants
from cycle.store.tables import DeadlineRow
from tests.actions.mailbox import at

ON = date(2027, 3, 4)
OFFICE = "secretariaat@terneuzen.example"


class Table:
    """The example, to say one line of."""

    def __init__(self, office: Office) -> None:
        self.office = office
        with office.database.reading() as session:
            self.view: CovenantView = view_of(session, office.settings, None)
            rows = session.exec(select(DeadlineRow).where(DeadlineRow.occurrence.startswith("2027"))).all()  # type: ignore[attr-defined]
        self.rows = {row.title: row for row in rows}
        self.secretariat = next(one.person for one in self.view.members if one.email == OFFICE)

    def writer(self) -> DigestWriter:
        with self.office.database.reading() as session:
            people = covenants.people(session, [self.secretariat])
        rows = {row.id or 0: row for row in self.rows.values()}
        return DigestWriter(self.office, rows, {1: self.view}, people, open_signer(self.office.settings))

    def said(self, title: str, party: str, what: What, reason: Reason = Reason.LEAD, **more: object) -> DigestItem:
        row = self.rows[title]
        line = Reminder(row.id or 0, party, 1, "x", what, ON, ON, 28, reason)._replace(**more)
        return line_item(line, row, self.view, self.office.wording.say, "https://x", None)


@pytest.fixture
def table(quick_example: Office) -> Table:
    return Table(quick_example)


def test_who_takes_part_in_a_document_is_not_told_to_make_it(table: Table) -> None:
    taking_part = table.said(
        "Uitvoeringsagenda bijwerken", "shb", What.INPUT, Reason.PARTICIPANT, is_leading=False, days_left=28
    )
    leading = table.said("Uitvoeringsagenda bijwerken", "clavis", What.REMIND)

    assert taking_part["todo"] == "Wilt u hier iets over meegeven? Laat het dan weten."
    assert taking_part["why"] == "Huurdersorganisatie SHB is betrokken bij afspraak 5.3"
    assert leading["todo"] == table.rows["Uitvoeringsagenda bijwerken"].todo
    assert leading["why"] == "Clavis is trekker van afspraak 5.3"


def test_a_meeting_says_what_it_is_for_until_it_was_held_and_a_day_that_never_was_is_not_counted_to(
    table: Table,
) -> None:
    spring = "Voorjaarsoverleg"
    about = f"Het gaat om: “{table.rows[spring].todo}”"

    asked = table.said(spring, "shb", What.INPUT, Reason.PARTICIPANT, is_leading=False)
    papers = table.said(spring, "gemeente", What.PAPERS, days_left=-12, on=date(2027, 4, 13))
    held = table.said(spring, "gemeente", What.HELD, days_left=-3, on=date(2027, 5, 3))

    assert (asked["todo"], asked["left"]) == (f"Geef door wat u op de agenda wilt zetten. {about}", "nog 4 weken")
    assert asked["why"].startswith("Huurdersorganisatie SHB doet mee aan ")
    assert (papers["todo"], papers["left"]) == (
        f"Er is nog geen datum. Kies die eerst, en stuur dan de stukken rond. {about}",
        "",
    )
    assert held["todo"] == "Is het overleg doorgegaan? En wat is er besloten?"
    assert held["when"] == "april 2027 (er is geen datum bekend)"


def test_the_secretariat_passes_nothing_on_to_itself(table: Table) -> None:
    others = table.said("Voorjaarsoverleg", "gemeente", What.FIX_DATE)
    own = table.said("Voorjaarsoverleg", "gemeente", What.FIX_DATE, person=table.secretariat)

    assert others["todo"].startswith("Prik een datum en geef die door aan het secretariaat. ")
    assert own["todo"].startswith("Prik een datum en leg die vast. ")


def test_the_secretariat_is_asked_whose_it_is_and_not_for_what_a_party_would_say(table: Table) -> None:
    declined = table.said("Voorjaarsoverleg", "shb", What.INPUT, Reason.DECLINED, is_leading=False)

    assert declined["todo"].startswith("Bij wie van Huurdersorganisatie SHB hoort dit? Leg dat vast bij Mensen")
    assert declined["why"].startswith("Huurdersorganisatie SHB doet mee aan ")
    assert declined["why"].endswith(", maar wie daar de mail krijgt, liet weten: niet voor mij")
    assert declined["button"].startswith("Laat weten hoe het staat met afspraak ")


@pytest.mark.parametrize(
    ("what", "more", "begins", "note"),
    [
        (What.ESCALATE, {"has_director": True}, "Wilt u eens navragen", "wij vragen het eerst aan u; horen wij niets"),
        (What.ESCALATE, {}, "Wilt u eens navragen", ""),
        (What.ESCALATE, {"is_own": True}, "Laat u weten hoe het ermee staat?", ""),
        (What.ESCALATE, {"is_own": True, "has_director": True}, "Laat u weten", "horen wij niets, dan vragen wij"),
        (What.ANNOUNCE, {"has_director": True}, "Laat u weten hoe het ermee staat?", "horen wij niets, dan vragen wij"),
        (What.ANNOUNCE, {}, "Laat u weten hoe het ermee staat?", ""),
        (What.DIRECTOR, {"has_director": True}, "Wilt u in uw organisatie vragen", "het secretariaat en de trekker"),
        (What.DIRECTOR, {}, "Wilt u nog eens navragen hoe het ermee staat? Bij Clavis is niemand anders bekend", ""),
        (What.DIRECTOR, {"is_own": True}, "Laat u weten hoe het ermee staat?", ""),
    ],
)
def test_a_step_upward_names_a_director_only_where_one_follows(
    table: Table, what: What, more: dict[str, bool], begins: str, note: str
) -> None:
    said = table.said("Uitnodigingsbrief", "clavis", what, Reason.SILENT, **more)

    assert said["todo"].startswith(begins)
    assert said["todo"].endswith(f"Het gaat om: “{table.rows['Uitnodigingsbrief'].todo}”")
    assert said["rung_words"].startswith(note)
    assert bool(said["rung_words"]) == bool(note)
    assert said["why"] == "Clavis is trekker van afspraak 5.9 en liet nog niets weten"


def test_every_line_that_there_may_be_has_a_subject_and_a_headline(table: Table) -> None:
    """Each rung, for each reason, to each reader: no sentence lacks what it is filled with."""
    row, writer = table.rows["Uitnodigingsbrief"], table.writer()
    flags = [{"is_own": own, "has_director": up} for own in (False, True) for up in (False, True)]
    said = [{}, {"said_on": ON, "said": "rood"}]
    lines = [
        Reminder(row.id or 0, "clavis", table.secretariat, "x", what, ON, ON, left, reason)._replace(**flag, **more)
        for what in What
        for reason in Reason
        for left in (28, 1, 0, -5)
        for flag in flags
        for more in said
    ]

    subjects = set()
    for line in lines:
        fields = writer.fields(Digest(line.person or 0, ON, (line,), about=(1,)), at("2027-03-04"))
        subjects.add(fields["subject_hint"])
        assert fields["headline"].count("Uitnodigingsbrief") == 1
        assert not [words for words in (fields["subject_hint"], fields["headline"]) if "  " in words or ": ," in words]
    assert all(one.startswith("Uitnodigingsbrief 2027 (afspraak 5.9): ") for one in subjects)
    assert len(subjects) > 20
    settled = lines[0]._replace(what=What.SETTLE)
    assert writer.fields(Digest(table.secretariat, ON, (settled,), about=(1,)), at("2027-03-04"))["intro"] == ""


def test_what_the_title_says_is_not_said_again(table: Table) -> None:
    row = table.rows["Uitnodigingsbrief"]
    row.todo, row.title = "Clavis bouwt twaalf woningen.", "Clavis bouwt twaalf woningen"

    assert table.said("Uitnodigingsbrief", "clavis", What.REMIND)["todo"] == ""
    assert table.said("Uitnodigingsbrief", "clavis", What.ANNOUNCE, Reason.ANNOUNCED)["todo"] == (
        "Laat u weten hoe het ermee staat? Eén zin is genoeg."
    )


def test_the_subjects_of_a_reader_differ_over_two_years(quick_example: Office) -> None:
    """By reader: nothing that came before has the same subject, but for a round of one and the same month."""
    year = rehearse(quick_example, date(2027, 1, 1), date(2028, 12, 31), at("2027-01-01", 0))
    subjects = [(one.to.email, one.message.subject) for one in year]

    assert sorted(one for one in set(subjects) if subjects.count(one) > 1) == []
