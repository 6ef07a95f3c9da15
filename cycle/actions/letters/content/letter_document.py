"""The document of a letter: what directors read and approve, and what goes out in the end."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256

from cycle.actions.letters.content import letter_rows
from cycle.actions.office.covenant_view import CovenantView
from cycle.actions.office.office import Office
from cycle.domain.files import as_file_name, size_words
from cycle.domain.letters import called
from cycle.domain.words import day_words
from cycle.domain.workdays import local_day
from cycle.letter import TEMPLATE, LetterFacts, render
from cycle.letter.facts import restored, signed_by
from cycle.mail.compose import Attachment
from cycle.store import letters
from cycle.store.database import Session
from cycle.store.tables import Letter, LetterApproval
from cycle.store.zone import local

ALONG = (letter_rows.ENCLOSURE, letter_rows.ATTACHED)
"""What goes along with a letter: what we made, and what somebody added."""
READ = "gelezen"
"""Where in the proof the letter lies as it was read."""


def read_by_directors(session: Session, letter: Letter) -> tuple[str, bytes]:
    """Name and bytes of what is approved: the frozen PDF, or the file that was uploaded as the letter itself."""
    own = letters.files(session, letter, letter_rows.OWN)
    return (own[-1].name, own[-1].content) if own else (f"{file_name_of(letter)}.pdf", letter.pdf)


def document_of(session: Session, letter: Letter) -> tuple[str, bytes]:
    """Name and bytes of what goes out: signed where it is, else with who agreed, else as it was read."""
    signed = letters.files(session, letter, letter_rows.SIGNED)
    if signed:
        return f"{file_name_of(letter)}.pdf", signed[-1].content
    if final := letters.files(session, letter, letter_rows.FINAL):
        return f"{file_name_of(letter)}.pdf", final[-1].content
    return read_by_directors(session, letter)


def files_of(session: Session, letter: Letter) -> tuple[Attachment, ...]:
    """The letter as it goes out, signed where it is, and what goes along."""
    along = [Attachment(one.name, one.content) for one in letters.files(session, letter, *ALONG)]
    return (Attachment(*document_of(session, letter)), *along)


def whose_of(letter: Letter) -> str:
    """The name of the party whose own letter it is; "" for a joint one."""
    return str(letter.facts["senders"][0]["name"]) if letter.sender else ""


def file_name_of(letter: Letter) -> str:
    """How its files are called, without what says of which kind they are: "Uitnodigingsbrief 2027 Clavis"."""
    return as_file_name(f"{called(letter.step, letter.year)} {whose_of(letter)}")


def all_that_is_read(session: Session, letter: Letter, *, with_signed: bool = True) -> dict[str, bytes]:
    """Every file that a director reads and approves, by where it lies in the proof: the letter, the signed PDF that
    goes in its place once there is one, and all that goes along."""
    name, content = read_by_directors(session, letter)
    kinds = (letter_rows.SIGNED, *ALONG) if with_signed else ALONG
    beside = letters.files(session, letter, *kinds)
    return {f"{READ}/{name}": content} | {f"{one.kind}/{one.name}": one.content for one in beside}


def list_of(files: Mapping[str, bytes]) -> bytes:
    """The files with the SHA-256 of each, as `sha256sum -c` takes it."""
    return "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())).encode()


def digest_of(session: Session, letter: Letter) -> str:
    """The SHA-256 of the list of all that directors read, by which an approval says of which bytes it is."""
    return sha256(list_of(all_that_is_read(session, letter))).hexdigest()


def brought_along(session: Session, letter: Letter) -> list[str]:
    """The files that somebody brought along, in words: a letter that was finished elsewhere, and what was added."""
    return [
        f"{one.name} ({size_words(len(one.content))}, bestand {sha256(one.content).hexdigest()[:12]})"
        for one in letters.files(session, letter, letter_rows.OWN, letter_rows.ATTACHED)
    ]


def with_who_agreed(office: Office, session: Session, view: CovenantView, letter: Letter) -> bytes:
    """The frozen letter once more, with under each name that they agreed and when; nothing for one that was uploaded,
    and nothing when it would not be the letter that was read in all else (another template, another version of ours).

    It takes a while: the caller asks for it outside the transaction that sends.
    """
    if letters.files(session, letter, letter_rows.OWN, letter_rows.SIGNED):
        return b""
    facts, template = (
        restored(letter.facts, letters.logos(session, letter)),
        letter_rows.template_file(office, TEMPLATE),
    )
    if render(facts, template) != letter.pdf:
        return b""
    agreed = agreements(session, view, letters.approvals(session, letter))
    return render(agreed_facts(facts, agreed), template)


def agreements(session: Session, view: CovenantView, approvals: Iterable[LetterApproval]) -> dict[str, str]:
    """What the letter says of each approval, by the name of the party."""
    days = {one.party: day_words(local_day(local(session, one.at), view.settings.zone)) for one in approvals}
    return {
        view.party_names.get(one.party, one.party): f"akkoord gegeven door {_who(one)} op {days[one.party]}"
        for one in approvals
        if not one.is_sent_back
    }


def agreed_facts(facts: LetterFacts, agreed: dict[str, str]) -> LetterFacts:
    """The letter with who agreed under each name."""
    signatories = tuple(replace(one, approval=agreed.get(one.organisation, "")) for one in signed_by(facts))
    return replace(facts, signatories=signatories)


def _who(approval: LetterApproval) -> str:
    """A name; of an address what stands before what it came by."""
    return approval.by.partition(",")[0]
