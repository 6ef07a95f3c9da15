"""`cycle proof`: what was told about a deadline, and what became of each mail."""

from datetime import date
from pathlib import Path

from cycle.cli import desk
from cycle.cli.console import say, say_json, say_table


def show(
    deadline: int | None,
    covenant: str | None,
    first: date | None,
    last: date | None,
    write: Path | None,
    *,
    as_json: bool,
) -> None:
    """Lists the proof, or writes it to a file.

    Raises NotFound for a deadline that is not there.
    """
    from cycle.actions.post.delivery.proof_mails import proof, proof_as_json, write_proof
    from cycle.words import MAIL_STATES, rung_words

    office = desk.office()
    with office.database.reading() as session:
        proofs = proof(session, office, covenant, deadline=deadline, first=first, last=last)
    if write is not None:
        write_proof(proofs, write, office.settings.zone)
        say(f"{len(proofs)} regels staan in {write}.")
    elif as_json:
        say_json({"reminders": [proof_as_json(one) for one in proofs]})
    else:
        rows = [
            (
                one.on.isoformat(),
                one.number,
                one.title,
                one.to,
                rung_words(one.rung),
                one.reason,
                MAIL_STATES[one.state],
                one.answer,
            )
            for one in proofs
        ]
        say_table(("dag", "nr.", "titel", "aan", "trede", "waarom", "stand", "antwoord"), rows)
