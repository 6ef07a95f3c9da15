"""Answering a mail without logging in (rule B8): what its page shows, what somebody may say, and keeping that."""

from cycle.actions.answering.page import AnswerPage, Row, answer_page, check_form
from cycle.actions.answering.reply import MOST_NAME, MOST_SENTENCE, Reply, Typed, read_reply
from cycle.actions.answering.saving import Kept, keep_answer

__all__ = [
    "MOST_NAME",
    "MOST_SENTENCE",
    "AnswerPage",
    "Kept",
    "Reply",
    "Row",
    "Typed",
    "answer_page",
    "check_form",
    "keep_answer",
    "read_reply",
]
