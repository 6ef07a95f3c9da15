"""Framework and agenda, matched by number and topic, with what is unsure put as a question."""

from cycle.intake import DocumentRow, Match, match


def row(number: str, topic: str, text: str = "") -> DocumentRow:
    return DocumentRow(number, topic, text, "", "", (), (), "", number.split(".")[0])


def test_the_same_number_and_topic_need_no_question() -> None:
    mine, action = row("1.1", "Grond"), row("1.1", "grond ")

    assert match([mine], [action]) == (Match(mine, action, "nummer en onderwerp"),)


def test_another_spelling_of_the_topic_is_told_but_not_asked() -> None:
    mine, action = row("4.4", "Opzet van wijkteams"), row("4.4", "Opzetten van wijkteams")

    (one,) = match([mine], [action])

    assert (one.how, one.doubtful) == ("nummer en onderwerp", False)
    assert one.remark == "Het onderwerp heet in de agenda “Opzetten van wijkteams”."


def test_crossed_numbers_follow_the_topic_and_are_asked_about() -> None:
    grond, zorg = row("1.1", "Grond"), row("1.2", "Zorg")
    zorg_action, grond_action = row("1.1", "Zorg"), row("1.2", "Grond")

    matches = match([grond, zorg], [zorg_action, grond_action])

    assert [(one.agreement, one.agenda, one.how, one.doubtful) for one in matches] == [
        (grond, grond_action, "onderwerp", True),
        (zorg, zorg_action, "onderwerp", True),
    ]
    assert matches[0].remark == (
        "“Grond” is 1.1 bij de afspraken en 1.2 in de agenda; gekoppeld op onderwerp. Klopt dat?"
    )


def test_only_the_number_is_a_doubt() -> None:
    mine, action = row("1.1", "Grond"), row("1.1", "Wachtlijsten")

    (one,) = match([mine], [action])

    assert (one.how, one.doubtful) == ("nummer", True)
    assert "Wachtlijsten" in one.remark


def test_rows_that_share_a_topic_are_kept_apart_by_their_numbers() -> None:
    rows = [row("1.1", "Grond", "kopen"), row("1.2", "Grond", "huren")]
    actions = [row("1.2", "Grond", "huren"), row("1.1", "Grond", "kopen")]

    matches = match(rows, actions)

    assert [(one.agreement, one.agenda) for one in matches] == [(rows[0], actions[1]), (rows[1], actions[0])]


def test_an_agreement_may_have_several_actions_under_its_number() -> None:
    mine = row("1.1", "Grond")
    actions = [row("1.1", "Grond", "kopen"), row("1.1", "Grond", "huren")]

    assert [one.agenda for one in match([mine], actions)] == actions


def test_what_fits_nothing_is_told() -> None:
    mine, action = row("1.1", "Grond"), row("7.3", "Wachtlijsten")

    alone, lost = match([mine], [action])

    assert (alone.agenda, alone.how, alone.doubtful) == (None, "geen", False)
    assert (lost.agreement, lost.how, lost.doubtful) == (None, "geen", True)
    assert lost.remark == "7.3 staat in de uitvoeringsagenda, maar niet bij de afspraken."


def test_nothing_matches_nothing() -> None:
    assert match([], []) == ()
