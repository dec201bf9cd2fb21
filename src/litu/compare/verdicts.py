"""Verdicts: an answer as plain data, held against a book of what is known of right and wrong ones."""

from __future__ import annotations

from litu.answers.contract import ExerciseKey
from litu.answers.plain import Plain
from litu.answers.verdict import Verdict
from litu.compare.book import Book, KeyBook
from litu.compare.explain import decided, explain
from litu.compare.question import Question
from litu.kinds.base import ROWS
from litu.kinds.chart import nearest_mistake

LATER = "Which part counts is told when your work is graded."


def judge(answer: Plain, key: ExerciseKey) -> Verdict:
    """Return the verdict on ``answer``, which may come from a hostile process.

    Both are plain data (see :mod:`litu.kinds.wire`). The message never quotes
    the right answer.
    """
    book = KeyBook.of(key)
    question = book.question
    read = question.read(answer)
    if isinstance(read, Verdict):
        return read
    if question.kind.name == "chart":
        return _judge_chart(read, book)
    verdict = by_book(read, question, book)
    if verdict is not None:
        return verdict
    found = question.kind.compare(read, book.rights, question.options)
    if found.none:
        return question.right(key.found, key.settled)
    return question.wrong(read, found.share, found.advice, found.slip, found.parts)


def by_book(read: Plain, question: Question, book: Book) -> Verdict | None:
    """Return the verdict that a book leads to; None where only wholes are told and this is none of them."""
    kind, form, options = question.kind, question.form, question.options
    problem = kind.problem(read, form, options)
    parts = kind.parts(read, options, form)
    told = book.told(parts)
    if told:
        if told.share == 1:
            return question.right(told.says, told.settled)
        return question.wrong(read, told.share, told.says, told.slip, told.parts)
    if problem:
        return question.wrong(read, problem.share, problem.advice, problem.slip, problem.parts)
    if kind.only_wholes(form):
        return None
    standing = decided(read, book.stand(parts), question, book)
    if all(standing.right.values()):
        return question.right("", {})
    advice, slip = explain(read, standing, question, book)
    if standing.unknown:
        return question.noted(f"{advice} {LATER}")
    return question.wrong(read, kind.share(standing, form), advice, slip, (ROWS,) if ROWS in standing.wrong else tuple(standing.wrong))


def _judge_chart(read: Plain, book: KeyBook) -> Verdict:
    question, key = book.question, book.key
    found = question.kind.compare(read, book.rights, question.options)
    if found.none:
        return question.right(key.found, key.settled)
    charts = [mistake for mistake in key.mistakes if mistake.answer["kind"] == "chart"]
    place = nearest_mistake(read, [mistake.answer for mistake in charts], book.rights[0], question.options)
    if place is not None:
        return question.wrong(read, found.share, charts[place].says, charts[place].slip, found.parts)
    return question.wrong(read, found.share, found.advice, found.slip, found.parts)
