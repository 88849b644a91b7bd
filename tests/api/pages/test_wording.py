"""Words for readers: every value, field, state and relation of the record has them, in both languages."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any, Literal

import msgspec
import pytest

from api.words.states import STATES
from api.words.values import VALUES
from domain.kernel.events import EVENTS
from domain.kernel.field_words import field_words, own_words
from projections.views.council import council_roster
from projections.views.matter import issue_board, matter_list
from projections.views.meeting import meeting_register
from projections.views.plan import action_ledger, evaluation_board, plan_progress, study_board


def structs() -> Iterator[type[msgspec.Struct]]:
    """Every event of the domain (not those other tests declare), and every struct inside one."""
    ahead: list[Any] = [event for event in EVENTS.values() if event.__module__.startswith("domain.")]
    seen: set[Any] = set()
    while ahead:
        struct = ahead.pop()
        if struct not in seen:
            seen.add(struct)
            yield struct
            hints = typing.get_type_hints(struct, include_extras=True)
            ahead += [inner for hint in hints.values() for inner in arms(hint) if is_struct(inner)]


def arms(hint: Any) -> Iterator[Any]:
    """A type and everything inside it."""
    yield hint
    if typing.get_origin(hint) is not Literal:
        for arm in typing.get_args(hint):
            yield from arms(arm)


def is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def test_every_enumerated_value_has_words() -> None:
    without = {
        f"{struct.__name__}.{f.encode_name}: {value}"
        for struct in structs()
        for f in msgspec.structs.fields(struct)
        for arm in arms(typing.get_type_hints(struct, include_extras=True)[f.name])
        if typing.get_origin(arm) is Literal
        for value in typing.get_args(arm)
        if f"{f.encode_name}.{value}" not in VALUES and value not in VALUES
    }
    assert without == set()


def test_every_field_has_words() -> None:
    """A field without words: say in ``FIELDS`` of its event what it is called, in Japanese and English."""
    without = {
        f"{struct.__name__}.{f.encode_name}"
        for struct in structs()
        for f in msgspec.structs.fields(struct)
        if f.encode_name not in own_words(struct) and f.encode_name not in field_words()
    }
    assert without == set()


@pytest.mark.parametrize("words", [VALUES, field_words()])
def test_words_are_in_both_languages(words: dict[str, tuple[str, str]]) -> None:
    assert not [name for name, (ja, en) in words.items() if not ja.strip() or not en.strip()]
    assert not [name for name, (_, en) in words.items() if not en.isascii()]


@pytest.mark.parametrize(
    ("kind", "states"),
    [
        ("Matter", set(matter_list.STATES.values())),
        ("Meeting", set(meeting_register.STATES.values())),
        ("Council", set(council_roster._STATE.values()) | {"established"}),
        ("PlanAction", set(action_ledger._STATE.values()) | {"registered", "proposed"}),
        ("PromotionPlan", set(plan_progress._STATE.values())),
        ("CenterStudy", set(study_board._STUDY_STATE.values()) | {"commissioned"}),
        ("EvaluationSheet", {"opened", *evaluation_board.STATES.values(), *evaluation_board.MUTUAL_STATES}),
        ("question", set(study_board._QUESTION_STATE.values()) | {"open"}),
        ("follow_up", set(issue_board._AFTER.values()) | {"planned"}),
    ],
)
def test_every_state_has_words(kind: str, states: set[str]) -> None:
    assert states - STATES[kind].keys() == set()
