"""The files of a letter behind a link: what is too heavy for mail is fetched on a page, by who got the mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cycle.actions.letters.content.letter_document import files_of
from cycle.actions.office.covenant_view import views
from cycle.actions.office.mailed import LETTER_FILES, open_link
from cycle.actions.office.office import Office
from cycle.actions.office.signing import open_signer
from cycle.domain.text import number_in
from cycle.errors import NotFound
from cycle.mail.compose import Attachment
from cycle.store import letters
from cycle.store.database import Session
from cycle.store.ids import id_of
from cycle.store.tables import Letter, Person

ROOM = f"/{LETTER_FILES}"
MOST_ATTACHED = 5_000_000
"""Bytes that go with a mail; more than that stays behind a link, for many servers refuse it."""
GONE = ("Deze brief is hier niet (meer).", "Vraag hem op bij het secretariaat.")


@dataclass(frozen=True, slots=True)
class LetterFiles:
    """What somebody who got a letter finds behind its link."""

    title: str
    covenant: str
    senders: tuple[str, ...]
    files: tuple[Attachment, ...]

    def file(self, name: str) -> Attachment:
        """One of them by its name. Raises NotFound."""
        for file in self.files:
            if file.name == name:
                return file
        raise NotFound(*GONE)


def is_too_heavy(files: Sequence[Attachment]) -> bool:
    """Whether these stay behind a link."""
    return sum(len(one.content) for one in files) > MOST_ATTACHED


def files_path(session: Session, office: Office, letter: Letter, person: int, today: date) -> str:
    """The path of the page with the files of a letter, for one who gets it."""
    signer = open_signer(office.settings).of(session.get_one(Person, person).seal_mark)
    return f"{ROOM}/{signer.sign(LETTER_FILES, f'{person}-{id_of(letter)}', today)}"


def open_files(office: Office, signed: str, now: datetime) -> LetterFiles:
    """The files behind a link, as they went.

    Raises NotFound for a link that opens nothing or is of somebody who did not get the letter, Ended for an old one.
    """
    with office.database.reading() as session:
        link = open_link(session, office.settings, LETTER_FILES, signed, now)
        number = number_in(link.subject.partition("-")[2]) if link is not None else None
        letter = letters.letter_by_id(session, number) if number is not None else None
        if link is None or letter is None:
            raise NotFound(*GONE)
        got = {one.person_id for one in letters.addressees(session, letter) if one.message_id is not None}
        if link.person.id not in got:
            raise NotFound(*GONE)
        view = views(session, office.settings, [letter.covenant_id])[letter.covenant_id]
        return LetterFiles(
            title=f"{letter.facts.get('subject') or 'Brief'} {letter.year}",
            covenant=view.row.name,
            senders=tuple(one["name"] for one in letter.facts["senders"]),
            files=files_of(session, letter),
        )
