"""The catalogue of questions: all of domain.md 5, each in both languages, with its docstring."""

from __future__ import annotations

import pytest

from projections.questions.question import QUESTIONS

STAFF = [f"S{n}" for n in range(1, 23)]
ANYBODY = [f"P{n}" for n in range(1, 14)]


def test_every_question_of_the_domain_is_declared_once() -> None:
    assert sorted(QUESTIONS) == sorted([*STAFF, *ANYBODY])


@pytest.mark.parametrize("code", [*STAFF, *ANYBODY])
def test_a_question_says_what_it_asks_and_what_its_answer_shows(code: str) -> None:
    asked = QUESTIONS[code]
    assert asked.ja and not asked.ja.isascii()
    assert asked.en and asked.en.isascii()
    assert len(asked.doc) > 40
    assert asked.for_staff == (code in STAFF)
