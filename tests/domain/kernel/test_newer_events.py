"""Events that only newer software can read: refused, and never read as something else."""

from __future__ import annotations

import msgspec
import pytest

from domain.kernel.mapper import decode
from domain.values.refusal import Refusal
from tests.support.given import TestRecord


def stored(record: TestRecord, **changes: object) -> bytes:
    """The bytes of a document's registration, with another shape."""
    disclosure = {"visibility": "public"}
    (event,) = record.do("SEC", "Document", "doc-a", "register", kind="minutes", disclosure=disclosure)
    return msgspec.json.encode({**msgspec.to_builtins(event), **changes})


@pytest.mark.parametrize(
    ("topic", "changes", "shape"),
    [
        ("DocumentForgotten", {}, 1),
        ("DocumentForgotten", {"schema": 3}, 3),
        ("DocumentRegistered", {"schema": 2}, 2),
        ("DocumentRegistered", {"schema": 2, "data": {"heading": "題"}}, 2),
    ],
)
def test_an_unknown_event_or_a_newer_shape_is_refused(
    record: TestRecord, topic: str, changes: dict[str, object], shape: int
) -> None:
    with pytest.raises(Refusal) as refused:
        decode(topic, stored(record, **changes), 7)
    assert refused.value.code == "EVENT_NEWER"
    assert refused.value.params == {"event": topic, "shape": shape, "position": 7}


def test_what_is_damaged_is_not_taken_for_newer(record: TestRecord) -> None:
    with pytest.raises(msgspec.ValidationError):
        decode("DocumentRegistered", stored(record, data={"heading": "題"}))
