"""Answering a mail without logging in (rule B8): what its page shows, what somebody may say, and keeping that."""

from cycle.actions.answers.answer_page import AnswerPage, Row, answer_page, check_form
from cycle.actions.answers.answer_saving import Kept, keep_answer
from cycle.actions.answers.reply import MOST_NAME, MOST_SENTENCE, Reply, Typed, read_reply

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
