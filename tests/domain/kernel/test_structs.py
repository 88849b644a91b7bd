"""What the kernel's small values have in common: nobody changes them, they refuse what they do not know."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any, get_args

import msgspec
import pytest

import domain.kernel
import domain.recording
import domain.values
from domain.kernel.commands import Context
from domain.kernel.correction import Change, RecordCorrected, Wanted
from domain.kernel.events import Actor, Event, Recorded, Source
from domain.kernel.links import LinkBetween
from domain.kernel.roles import ROLE_NAMES, Role
from domain.recording.policy import Order, Policy
from domain.recording.snapshots import Snapshot
from domain.values.refusal import Declared
from tests.support.shelf import Shelf, ShelfPut, context, recorded

TOLD: list[msgspec.Struct] = [
    Actor("SEC"),
    Source("doc-x"),
    Wanted("title", "x"),
    Change("title", "x", "y"),
    ShelfPut(place="x"),
]


@pytest.mark.parametrize(
    ("made", "name"),
    [
        *((value, value.__struct_fields__[0]) for value in TOLD),
        (LinkBetween("x.1.0", "x", "y", "part_of"), "relation"),
        (Snapshot("x", 1, "x", b""), "version"),
        (Order(Shelf, "shelf-a", lambda shelf: None), "entity"),
        (Policy("x", ShelfPut, ("x", "x"), lambda e, r: ()), "event"),
        (context(), "reason"),
    ],
    ids=lambda made: type(made).__name__,
)
def test_nobody_changes_what_was_said(made: Any, name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(made, name, None)


@pytest.mark.parametrize("value", TOLD, ids=lambda value: type(value).__name__)
def test_what_is_not_known_is_refused(value: msgspec.Struct) -> None:
    """A field that is misspelt must not be read as one that was left out."""
    told = msgspec.json.decode(msgspec.json.encode(value)) | {"documnet_id": "x"}
    with pytest.raises(msgspec.ValidationError, match="documnet_id"):
        msgspec.convert(told, type(value))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Actor("SEC"), {"role": "SEC"}),
        (Source("doc-x"), {"document_id": "doc-x"}),
        (Change("title", None, "y"), {"field": "title", "before": None, "after": "y"}),
        (Wanted("title", None), {"field": "title", "after": None}),
        (ShelfPut(place="x"), {"place": "x"}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_log_says_nothing_of_what_is_not_known(value: msgspec.Struct, told: dict[str, object]) -> None:
    """But in a correction null is what stood there, or what is true."""
    assert msgspec.to_builtins(value) == told


def test_an_envelope_says_what_it_has_and_the_shape_only_if_it_is_a_later_one() -> None:
    plain = msgspec.to_builtins(recorded(ShelfPut(place="x")))
    assert plain.keys() == {
        *(
            "event_id",
            "stream",
            "version",
            "type",
            "recorded_at",
            "effective",
            "actor",
            "correlation_id",
            "data",
        )
    }
    assert recorded(ShelfPut(place="x")).schema == 1
    with pytest.raises(TypeError):
        Recorded("e-1", "shelf-a")  # type: ignore[call-arg]


def test_an_event_has_no_defaults_of_what_others_derive_from_it() -> None:
    """No former names or fields, nothing that it follows, about the aggregate, no links, a step, without a
    name. How its date is known has no default: each says it."""
    assert (Event.ALIASES, Event.FORMER_FIELDS, Event.SUBJECT) == ((), {}, None)
    assert (Event.AHEAD, Event.AFTER, hasattr(Event, "WHEN")) == (False, (), False)
    assert (Event.LINKS, Event.KEY_STEP, Event.LABEL, Event.class_version) == ({}, True, ("", ""), 1)
    assert RecordCorrected.KEY_STEP


def test_a_command_is_given_under_circumstances_that_say_as_little_as_is_known() -> None:
    now = context()
    said = {name: getattr(now, name) for name in Context.__dataclass_fields__}
    assert (said["certainty"], said["roles"], said["importing"]) == ("stated", frozenset(), False)
    for name in ("effective", "asserted_by", "source", "reason", "legal_basis", "document_no", "note"):
        assert said[name] is None
    assert said["causation_id"] is said["correlation_id"] is None


def test_every_role_and_every_body_has_its_name_in_both_languages() -> None:
    """Bodies act in imported history only: nobody signs in as the prefecture."""
    bodies = ("system", "import", "city", "council", "joint", "prefecture", "study_team", "unstated")
    assert set(ROLE_NAMES) == {*get_args(Role), *bodies}
    for ja, en in ROLE_NAMES.values():
        assert not ja.isascii() and en.isascii() and en
    assert len({*ROLE_NAMES.values()}) == len(ROLE_NAMES)


# ---------------------------------------------------------------------------------------- what a no means


def refusals_in(package: Any) -> dict[str, str]:
    """What sort of no each refusal is that the modules of a package know."""
    names = [f"{package.__name__}.{module.name}" for module in pkgutil.iter_modules(package.__path__)]
    known = (found for name in names for found in vars(importlib.import_module(name)).values())
    return {found.code: found.kind for found in known if isinstance(found, Declared)}


def test_what_sort_of_no_kernel_and_recording_say() -> None:
    """Invalid input can never be right (422), a conflict may be next time (409), and so on: by that a caller
    decides what to do next."""
    own = refusals_in(domain.kernel) | refusals_in(domain.recording)
    used = refusals_in(domain.values)
    assert {code: kind for code, kind in own.items() if code not in used} == {
        "FORBIDDEN": "forbidden",
        "NOT_YOURSELF": "forbidden",
        "OTHER_BODY": "forbidden",
        "ACTOR_REQUIRED": "forbidden",
        "ACTOR_UNKNOWN": "invalid",
        "EVIDENCE_REQUIRED": "invalid",
        "EVIDENCE_UNKNOWN": "invalid",
        "SELF_APPROVAL": "forbidden",
        "UNKNOWN_ID": "not_found",
        "EVENT_UNKNOWN": "not_found",
        "ALREADY_EXISTS": "conflict",
        "ALREADY_TAKEN": "conflict",
        "BUSY": "conflict",
        "CORRECTION_UNKNOWN": "conflict",
        "CONFIRMED_BY_ANOTHER": "forbidden",
        "CONFIRMED_LATE": "conflict",
        "NOT_TO_BE_CONFIRMED": "conflict",
        "REDACTION_UNKNOWN": "conflict",
        "VERSION_CONFLICT": "conflict",
        "WRONG_STATE": "conflict",
        "DATE_TOO_COARSE": "invalid",
        "NOT_YOUR_RECORD": "forbidden",
        "SOMETHING_RESTS_ON_IT": "conflict",
        "WITHDRAWN_TOO_LATE": "conflict",
        "FIELD_COMPUTED": "invalid",
        "CORRECTION_BREAKS": "conflict",
        "CORRECTION_IMPOSSIBLE": "conflict",
        "CORRECTION_REACHES_FAR": "conflict",
        "FAR_AHEAD": "conflict",
        "IMPOSSIBLE_ORDER": "conflict",
        "WHEN_NOT_TOLD": "conflict",
        "EVENT_NEWER": "unavailable",
        "FIELD_NOT_CORRECTABLE": "invalid",
        "KEY_REUSED": "invalid",
        "NOT_COMMITTABLE": "invalid",
        "NOT_LIVE": "invalid",
        "NOT_HAPPENED": "invalid",
        "NOT_YET": "invalid",
        "NOTHING_CORRECTED": "invalid",
        "NOT_A_REDACTION": "invalid",
        "REASON_REQUIRED": "invalid",
        "VALUE_NOT_FITTING": "invalid",
    }
