"""Whatever a question answers, its parts have words in both languages: a reader meets no key of the code."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.pages.parts.answer_tree import _TECHNICAL, is_said_as_a_whole
from api.words.answers import ANSWER_FIELDS
from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from domain.kernel.field_words import words_of
from domain.kernel.refusals import UNKNOWN_ID
from domain.kernel.viewer import Viewer
from domain.sample.record import make_sample
from domain.values.refusal import Refusal
from projections.questions.question import QUESTIONS, Ask
from projections.registry import open_store

ASKED_OF: dict[str, dict[str, list[Any]]] = {
    "kanazawa": {
        "id": ["council-shimin-kaigi", "study-centre"],
        "action_id": ["action-citizens-forum"],
        "plan_id": ["plan-kyodo-suishin"],
        "comment_id": ["c-1"],
    },
    "aoba": {
        "id": ["matter-s00001", "matter-r1-older", "matter-r1-wording", "council-aoba"],
        "action_id": ["action-r1-fair"],
        "plan_id": ["plan-r1-first"],
        "comment_id": ["c-1", "c-3"],
    },
}
DAYS = {"known_on": [dt.date(2026, 1, 1)], "effective_on": [dt.date(2025, 1, 1)]}
TODAY = dt.date(2026, 11, 24)


def keys(content: Any) -> Iterator[str]:
    """Every name that a page would have to put into words."""
    if isinstance(content, list | tuple):
        for item in content:
            yield from keys(item)
    elif isinstance(content, dict) and not _is_said_as_a_whole(content):
        for name, inner in content.items():
            if name not in _TECHNICAL and f"{name}_label" not in content and not name.isdecimal():
                plain = name.removesuffix("_label")
                yield plain if f"{plain}_label" in content else name
                yield from keys(inner)


def _is_said_as_a_whole(content: dict[str, Any]) -> bool:
    return (
        content.keys() == {"ja", "en"}
        or "precision" in content
        or {"yen", "label"} <= content.keys()
        or is_said_as_a_whole(content)
    )


@pytest.mark.parametrize("record", list(ASKED_OF))
def test_every_part_of_every_answer_has_words(record: str, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/record.db")
    store.create()
    if record == "aoba":
        make_sample(store.application, 16)
    else:
        import_history(store.application, read_history(KANAZAWA))
    values = ASKED_OF[record] | DAYS
    found: dict[str, str] = {}
    with store.engine.connect() as connection:
        for asked in QUESTIONS.values():
            required = [p.name for p in asked.parameters() if p.required]
            for given in itertools.product(*(values[name] for name in required)):
                answer = _asked(connection, asked, dict(zip(required, given, strict=True)))
                found |= dict.fromkeys(keys(answer), asked.code)
    store.close()
    assert {k: code for k, code in found.items() if k not in ANSWER_FIELDS and not words_of(k)} == {}


def _asked(connection: Any, asked: Any, given: dict[str, Any]) -> Any:
    """The content of an answer; nothing where the question is not about such a thing."""
    try:
        return asked.put(Ask(connection, Viewer(staff=True), TODAY), given)["answer"]
    except Refusal as refused:
        if refused.declared is not UNKNOWN_ID:
            raise
        return {}


def test_the_words_are_in_both_languages() -> None:
    lacking = [name for name, (ja, en) in ANSWER_FIELDS.items() if not (ja.strip() and en.strip())]
    assert lacking == []
    assert [name for name, (_, en) in ANSWER_FIELDS.items() if not en.isascii()] == []
