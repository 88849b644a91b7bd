"""What can stand in the log: it reads back as what it was, and a seal can be put on it.

An event is encoded, decoded and compared before it is appended. A value of a wrong type that Python code
gives would otherwise be written, and make its stream unreadable for ever. A seal is made of plain values
whose canonical form is one (RFC 8785): no floating-point numbers, whole numbers that every JSON reader keeps
(RFC 7493), ASCII names of members, and none of the names by which closed parts are marked.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

import msgspec

from domain.kernel.events import Recorded
from domain.kernel.mapper import decode
from domain.rules import recording
from domain.values.refusal import Refusal, refusal

NOT_COMMITTABLE = refusal(
    "NOT_COMMITTABLE",
    ja="記録できない値が含まれています（{event} の {where}: {why}）。",
    en="This cannot be recorded ({where} of {event}: {why_en}).",
    rule=recording.PROVABLE,
    next_ja="その項目の型と値を確かめて、送り直してください。",
    next_en="Check the type and the value of that field, and send it again.",
    kind="invalid",
)

Words = tuple[str, str]

UNREADABLE: Words = ("書いたとおりに読み戻せません", "it does not read back as it was written")
WRONG_TYPE: Words = ("値の型が正しくありません", "its value is of a wrong type")
FORBIDDEN_NAME: Words = ("この項目名は使えません", "this name of a member cannot be used")
FRACTION: Words = ("小数は記録できません", "it is a floating-point number")
TOO_LARGE: Words = ("整数が大きすぎます", "it is a whole number beyond 2^53 − 1")

LARGEST = 2**53 - 1
"""The largest whole number that every reader of JSON keeps as it is."""
LONGEST_NAME = 255
MARKS = frozenset({"@closed", "@text"})
"""Members by which an opening marks what is closed: no event may have one."""


def refuse_uncommittable(recorded: Recorded[Any]) -> None:
    """Refuse ``NOT_COMMITTABLE`` for an event that would not read back as it is, or cannot be sealed."""
    try:
        state = msgspec.json.encode(recorded)
        again = decode(recorded.type, state)
    except Exception as cause:  # whatever it is that cannot be written or read
        raise _refused(recorded, "/", UNREADABLE) from cause
    if again != recorded:
        raise _refused(recorded, _difference(recorded, again), WRONG_TYPE)
    _walk(recorded, msgspec.json.decode(state), "")


def _difference(recorded: Recorded[Any], again: Recorded[Any]) -> str:
    """Where they differ first, in the data if they do there."""
    data, read = recorded.data, again.data
    inner = (f"/data/{n}" for n in data.__struct_fields__ if getattr(data, n) != getattr(read, n))
    outer = (f"/{n}" for n in recorded.__struct_fields__ if getattr(recorded, n) != getattr(again, n))
    return next(chain(inner, outer))


def _walk(recorded: Recorded[Any], value: Any, where: str) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            if not name.isascii() or not 1 <= len(name) <= LONGEST_NAME or name in MARKS:
                raise _refused(recorded, f"{where}/{name[:40]}", FORBIDDEN_NAME)
            if not isinstance(inner, str):  # which is most of what an event holds
                _walk(recorded, inner, f"{where}/{name}")
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            _walk(recorded, inner, f"{where}/{n}")
    elif isinstance(value, float):
        raise _refused(recorded, where, FRACTION)
    elif isinstance(value, int) and not -LARGEST <= value <= LARGEST:
        raise _refused(recorded, where, TOO_LARGE)


def _refused(recorded: Recorded[Any], where: str, why: Words) -> Refusal:
    return NOT_COMMITTABLE(event=recorded.type, where=where, why=why[0], why_en=why[1])
