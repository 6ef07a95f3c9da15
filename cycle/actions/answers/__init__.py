"""Answering a mail without logging in (rule B8): what its page shows, what somebody may say, and keeping that."""

from cycle.actions.answers.answering.answer_page import ROUND, AnswerLine, AnswerPage, answer_page, check_form
from cycle.actions.answers.answering.answer_saving import KeptAnswer, keep_answer
from cycle.actions.answers.answering.reply import (
    MOST_NAME,
    MOST_PLACE,
    MOST_POINTS,
    MOST_SENTENCE,
    Reply,
    SentFile,
    TypedReply,
    read_reply,
)

__all__ = [
    "MOST_NAME",
    "MOST_PLACE",
    "MOST_POINTS",
    "MOST_SENTENCE",
    "ROUND",
    "AnswerLine",
    "AnswerPage",
    "KeptAnswer",
    "Reply",
    "SentFile",
    "TypedReply",
    "answer_page",
    "check_form",
    "keep_answer",
    "read_reply",
]
