"""`cycle letter`: the invitation letter from preview to proof."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cycle.cli import desk
from cycle.cli.console import say, say_json
from cycle.private import make_folder, write_file

if TYPE_CHECKING:  # importing this takes half a second, and `--help` needs none of it
    from cycle.actions.acting.naming import Named
    from cycle.actions.letters import LetterState


@dataclass(frozen=True, slots=True)
class AskedLetter:
    """What was asked of the letter of a year. `sender` is whose letter, `party` for whom somebody
    approves, `step` which letter of the year, `yes` that what looks strange about sending it is right. `as_json` is for
    how far it is."""

    year: int
    out: Path | None = None
    covenant: str | None = None
    by: str = ""
    sender: str = ""
    party: str = ""
    file: Path | None = None
    on: date | None = None
    note: str = ""
    step: str = ""
    yes: bool = False
    as_json: bool = False


def run_letter(asked: AskedLetter, verb: str) -> None:
    """One step on the letter's way.

    Raises Refused for a year that cannot be.
    """
    from cycle.domain.days import KEPT_YEAR

    verbs = {
        "preview": _preview,
        "docx": _word,
        "ask": _ask,
        "approve": _approve,
        "withdraw": _withdraw,
        "own": _own,
        "upload": _upload,
        "send": _send,
        "sent-elsewhere": _sent_elsewhere,
        "proof": _proof,
        "status": _status,
    }
    if asked.as_json and verb != "status":
        raise typer.BadParameter("--json hoort bij status")
    if verb not in verbs:
        raise typer.BadParameter(f"kies {', '.join(verbs)}, niet {verb!r}")
    KEPT_YEAR.around(desk.office().local_day(desk.now())).refuse_year(asked.year)
    verbs[verb](asked)


def _preview(asked: AskedLetter) -> None:
    from cycle.actions.letters import preview

    prepared = preview(desk.office(), asked.covenant, asked.year, desk.now(), asked.sender, asked.step)
    file = _write(asked, prepared.ending.removeprefix("."), prepared.pdf)
    say(*(f"Let op: {warning}" for warning in prepared.warnings))
    say(f"De brief staat in {file}.", "Hij gaat naar:")
    say(*(f"  {party}: {person.name} <{person.email}>" for party, person in prepared.addressees))


def _word(asked: AskedLetter) -> None:
    from cycle.actions.letters import word_file

    file = _write(
        asked, "docx", word_file(desk.office(), asked.covenant, asked.year, desk.now(), asked.sender, asked.step)
    )
    say(f"De brief staat in {file}.")


def _approve(asked: AskedLetter) -> None:
    """One sender approves; without `--party` all of them by the secretariat, or each for which this director sits."""
    from cycle.actions.letters import approve
    from cycle.actions.letters.drafts.standing import LetterStage

    office, who = desk.office(), _named(asked)
    scan = _read(asked.file) if asked.file is not None else None
    for party in [asked.party] if who.parties is None else sorted(who.parties):
        by = who.by if asked.by.strip() else ""
        state = approve(
            office,
            asked.covenant,
            asked.year,
            desk.now(),
            by=by,
            party=party,
            sender=asked.sender,
            step=asked.step,
            scan=scan,
        )
    _tell(asked, state)
    if state.state != LetterStage.APPROVING:
        say(f"Versturen: cycle letter {asked.year} send")


def _ask(asked: AskedLetter) -> None:
    """Mails the directors a link; they approve themselves."""
    from cycle.actions.letters.approval.directors import ask_directors
    from cycle.cli.serving import deliver_now

    office = desk.office()
    told = ask_directors(
        office, asked.covenant, asked.year, desk.now(), by=_named(asked).by, sender=asked.sender, step=asked.step
    )
    say(*(f"Gevraagd: {name} <{address}>" for name, address in told) if told else ["Dat is vandaag al gevraagd."])
    if told:
        deliver_now(office, desk.now)


def _own(asked: AskedLetter) -> None:
    from cycle.actions.letters.approval.letter_approval import upload_own

    name = _given(asked, upload_own)
    say(f"{name} is nu de brief van {asked.year}.")


def _given(asked: AskedLetter, take: Callable[..., object]) -> str:
    """Hands over the file that came with the command; returns its name."""
    name, content = _read(asked.file)
    by = _named(asked).by
    take(
        desk.office(),
        asked.covenant,
        asked.year,
        name,
        content,
        desk.now(),
        by=by,
        sender=asked.sender,
        step=asked.step,
    )
    return name


def _proof(asked: AskedLetter) -> None:
    from cycle.actions.letters.dispatch.proof_file import proof_zip

    _name, content = proof_zip(desk.office(), asked.covenant, asked.year, asked.sender, asked.step)
    say(f"Het bewijs staat in {_write(asked, 'zip', content)}.")


def _withdraw(asked: AskedLetter) -> None:
    from cycle.actions.letters import withdraw

    done = withdraw(
        desk.office(), asked.covenant, asked.year, desk.now(), by=_named(asked).by, sender=asked.sender, step=asked.step
    )
    words = "de goedkeuring is ingetrokken; de brief is weer een concept" if done else "was nog niet goedgekeurd"
    say(f"Uitnodigingsbrief {asked.year}: {words}.")


def _upload(asked: AskedLetter) -> None:
    from cycle.actions.letters import upload_signed

    name = _given(asked, upload_signed)
    say(f"Uitnodigingsbrief {asked.year}: {name} gaat mee in plaats van de gemaakte brief.")


def _send(asked: AskedLetter) -> None:
    from cycle.actions.letters import send, state_of
    from cycle.cli.serving import deliver_now

    office, by = desk.office(), _named(asked).by
    _refuse_strange(asked)
    state = send(office, asked.covenant, asked.year, desk.now(), by=by, sender=asked.sender, step=asked.step)
    say(f"Uitnodigingsbrief {asked.year}: {state.words}.")
    if state.changed:
        deliver_now(office, desk.now)
    say(*(f"  {line}" for line in state_of(office, asked.covenant, asked.year, asked.sender, asked.step).proof))


def _refuse_strange(asked: AskedLetter) -> None:
    """What the desk asks before it sends is asked here too, as long as there is somebody to mail. Raises Refused."""
    from cycle.actions.letters import questions_before_sending, state_of
    from cycle.actions.letters.drafts.standing import LetterStage
    from cycle.errors import Refused

    office, whose = desk.office(), {"sender": asked.sender, "step": asked.step}
    if asked.yes or state_of(office, asked.covenant, asked.year, **whose).state != LetterStage.APPROVED:
        return
    questions = questions_before_sending(office, asked.covenant, asked.year, desk.now(), **whose)
    if questions:
        raise Refused(" ".join(questions), "Klopt het zo? Zet er --yes bij.")


def _sent_elsewhere(asked: AskedLetter) -> None:
    from cycle.actions.letters import sent_elsewhere

    office, now = desk.office(), desk.now()
    proof = _read(asked.file) if asked.file is not None else None
    state = sent_elsewhere(
        office,
        asked.covenant,
        asked.year,
        asked.on or office.local_day(now),
        now,
        by=_named(asked).by,
        words=asked.note,
        proof=proof,
        sender=asked.sender,
        step=asked.step,
        sure=asked.yes,
    )
    say(f"Uitnodigingsbrief {asked.year}: {state.words}.")


def _status(asked: AskedLetter) -> None:
    from cycle.actions.letters import state_of

    state = state_of(desk.office(), asked.covenant, asked.year, asked.sender, asked.step)
    if asked.as_json:
        say_json({"letter": _title(asked), **state.as_json()})
    else:
        _tell(asked, state)


def _title(asked: AskedLetter) -> str:
    """What the letter that is meant is called; the first of the year where none is named."""
    from cycle.actions.letters import letter_steps

    titles = dict(letter_steps(desk.office(), asked.covenant, asked.year))
    return titles.get(asked.step) or next(iter(titles.values()))


def _named(asked: AskedLetter) -> "Named":
    from cycle.actions.acting.fitting import for_letter

    return for_letter(
        desk.office(),
        asked.by,
        desk.now(),
        asked.covenant,
        asked.year,
        party=asked.party,
        sender=asked.sender,
        step=asked.step,
    )


def _tell(asked: AskedLetter, state: "LetterState") -> None:
    say(f"{_title(asked)} {asked.year}: {state.words}.", *(f"  {line}" for line in state.proof))


def _write(asked: AskedLetter, kind: str, content: bytes) -> Path:
    """The file that was named, or one in var/."""
    whose = f"-{asked.sender}" if asked.sender else ""
    file = asked.out or desk.office().settings.path(
        f"var/{asked.step or 'uitnodigingsbrief'}-{asked.year}{whose}.{kind}"
    )
    make_folder(file.parent)
    write_file(file, content)
    return file


def _read(file: Path | None) -> tuple[str, bytes]:
    from cycle.intake.limits import read_within_size

    if file is None:
        raise typer.BadParameter("noem het bestand met --file")
    return file.name, read_within_size(file)
