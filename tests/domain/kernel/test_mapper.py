"""Events to bytes and back: what is not the present shape is lifted, what is unknown is an error."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec
import pytest
from eventsourcing.persistence import StoredEvent

from domain.kernel.events import Event, declare_event
from domain.kernel.mapper import PlainTranscoder, RecordMapper, decode
from domain.kernel.when import RECORDING
from domain.values.refusal import Refusal
from tests.support.shelf import ShelfFilled, ShelfPut, recorded

MAPPER = RecordMapper(PlainTranscoder())


class ShelfLabelled(Event):
    """In its third shape: first it had a number, then a text, now a list."""

    WHEN = RECORDING

    class_version: ClassVar[int] = 3
    ALIASES = ("ShelfNamed3",)
    LABEL = ("棚の表示", "Shelf labelled")
    words: tuple[str, ...]

    @staticmethod
    def upcast_v1_v2(data: dict[str, Any]) -> None:
        data["word"] = str(data.pop("number"))

    @staticmethod
    def upcast_v2_v3(data: dict[str, Any]) -> None:
        data["words"] = [data.pop("word")]


declare_event(ShelfLabelled)


def test_an_event_is_stored_under_its_name_and_comes_back_as_it_was() -> None:
    event = recorded(ShelfFilled(row=1, books=2), 7, note="noted")
    stored = MAPPER.to_stored_event(event)
    assert (stored.originator_id, stored.originator_version, stored.topic) == ("shelf-a", 7, "ShelfFilled")
    assert msgspec.json.decode(stored.state)["data"] == {"row": 1, "books": 2}
    assert MAPPER.to_domain_event(stored) == event
    assert decode(stored.topic, stored.state, 12) == msgspec.structs.replace(event, position=12)


def test_an_event_nobody_knows_is_an_error() -> None:
    with pytest.raises(Refusal, match="EVENT_NEWER"):
        MAPPER.to_domain_event(StoredEvent("shelf-a", 1, "ShelfVanished", b"{}"))


def old(schema: int | None, data: dict[str, Any], name: str = "ShelfLabelled") -> bytes:
    plain = msgspec.to_builtins(recorded(ShelfPut(place="x"), 1)) | {"type": name, "data": data}
    if schema is not None:
        plain["schema"] = schema
    return msgspec.json.encode(plain)


@pytest.mark.parametrize(
    ("schema", "data"),
    [
        (None, {"number": 5}),
        (1, {"number": 5}),
        (2, {"word": "5"}),
        (3, {"words": ["5"]}),
    ],
)
@pytest.mark.parametrize("name", ["ShelfLabelled", "ShelfNamed3"])
def test_every_shape_under_every_name_is_read_as_the_present_one(
    schema: int | None, data: dict[str, Any], name: str
) -> None:
    found = decode(name, old(schema, data, name), 4)
    assert found.data == ShelfLabelled(words=("5",))
    assert (found.schema, found.type, found.position, found.version) == (3, "ShelfLabelled", 4, 1)


@pytest.mark.parametrize("name", ["ShelfLabelled", "ShelfNamed3"])
def test_a_shape_of_newer_software_is_not_read_as_the_present_one(name: str) -> None:
    """Though it may fit."""
    with pytest.raises(Refusal, match="EVENT_NEWER") as refused:
        decode(name, old(4, {"words": ["5"]}, name), 9)
    assert refused.value.params == {"event": name, "shape": 4, "position": 9}


def test_a_shape_that_does_not_fit_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(msgspec.ValidationError):
        decode("ShelfLabelled", old(3, {"words": ["5"], "colour": "red"}))
    with pytest.raises(msgspec.ValidationError):
        decode("ShelfFilled", old(1, {"row": "x"}, "ShelfFilled"))


def test_the_library_gets_plain_json() -> None:
    transcoder = PlainTranscoder()
    assert transcoder.encode({"a": [1, None, "字"]}) == '{"a":[1,null,"字"]}'.encode()
    assert transcoder.decode(b'{"a":[1,null]}') == {"a": [1, None]}
