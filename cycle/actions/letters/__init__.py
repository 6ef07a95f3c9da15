"""The invitation letter of a year: drafted, approved by each sender, sent (or elsewhere), and proven (agreement 5.9).

`style` says whose it is, `content` what stands in it, `drafts` keeps its texts and how far it is, `approval` freezes it
and asks each sender, `dispatch` mails each addressee once, or notes that it went without us.
"""

from cycle.actions.letters.approval.letter_approval import approve, remove_signed, upload_signed, withdraw
from cycle.actions.letters.dispatch.elsewhere import sent_elsewhere, undo_elsewhere
from cycle.actions.letters.dispatch.sending import questions_before_sending, recipients, send, settle_sent_letters
from cycle.actions.letters.drafts.drafting import Drafted, Prepared, draft_of, preview, word_file
from cycle.actions.letters.drafts.letter_texts import faults_of_texts, save_texts
from cycle.actions.letters.drafts.standing import (
    LetterState,
    ProofLine,
    file_content,
    letter_files,
    letter_steps,
    letter_years,
    senders_of,
    state_of,
)

__all__ = [
    "Drafted",
    "LetterState",
    "Prepared",
    "ProofLine",
    "approve",
    "draft_of",
    "faults_of_texts",
    "file_content",
    "letter_files",
    "letter_steps",
    "letter_years",
    "preview",
    "questions_before_sending",
    "recipients",
    "remove_signed",
    "save_texts",
    "send",
    "senders_of",
    "sent_elsewhere",
    "settle_sent_letters",
    "state_of",
    "undo_elsewhere",
    "upload_signed",
    "withdraw",
    "word_file",
]
