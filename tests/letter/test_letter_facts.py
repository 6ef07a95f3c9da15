"""The facts of a letter come back from where they are kept, of today's version and of an older one."""

from dataclasses import replace

from test_pdf_letter import FACTS

from cycle.letter import Addressee, ContactPerson, Letterhead, LetterKind, Sender, Signatory
from cycle.letter.facts import logos_of, restored, signed_by, stored
from cycle.letter.pdf_letter import printable

LOOK = Letterhead(("Markt 1", "4531 EP Terneuzen"), ("Postbus 1",), "0115 00", "clavis.example", "#8a1538", b"PNG")
FULL = replace(
    FACTS,
    kind=LetterKind.OFFER,
    subject="Bod van de corporaties",
    head=replace(LOOK, logo=b"both"),
    senders=(Sender("Clavis", head=LOOK), Sender("WZV")),
    addressees=(Addressee("Gemeente", "A. Boer", "College", "wethouder", ("Postbus 2", "4530 AA"), "Geacht college"),),
    copies=(Addressee("Gemeente", "B. Bakker"),),
    contact=ContactPerson("C. Visser", "secretaris", "0115 01", "c@clavis.example"),
    signatories=(Signatory("Clavis", "D. de Wit", "bestuurder", "akkoord gegeven door D. de Wit op 2 maart 2027"),),
    place="Terneuzen",
    reference="PA-2027-014",
    salutation="Geacht college,",
)


def test_what_is_kept_comes_back_whole_with_its_pictures():
    assert logos_of(FULL) == {"": b"both", "Clavis": b"PNG"}
    assert restored(stored(FULL), logos_of(FULL)) == FULL
    assert printable(FULL) == FULL


def test_a_letter_that_an_older_version_kept_is_read_as_it_was():
    old = stored(FACTS)
    for name in ("kind", "subject", "head", "place", "reference", "salutation", "contact", "copies", "signatories"):
        del old[name]
    for one in old["senders"]:
        del one["head"]
    for one in old["addressees"]:
        del one["body"], one["function"], one["postal"], one["salutation"]

    assert restored(old) == FACTS


def test_each_sender_signs_where_nobody_was_named():
    assert signed_by(FACTS) == (Signatory("Clavis"), Signatory("Woongoed Zeeuws-Vlaanderen"))
    assert signed_by(FULL) == FULL.signatories
