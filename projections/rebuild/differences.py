"""The difference between two states of a thing: which fields say something else.

Pure: states are plain JSON, as a reader may see them. A state's entries are recognised by the event that
made them, wherever in a list they stand; their envelope (``said``) is left out, but for the effective date:
the event itself tells the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from projections.engine.event_json import Json

Path = tuple[str, ...]
NOT_TOLD = frozenset({"said", "position", "concluded_position", "event_id"})
"""Where an entry stands in the log: of no interest but through its event."""


@dataclass
class Difference:
    """One field that says something else. ``place`` is its path for programs (an entry by its event's id),
    ``path`` for people (an entry by its number); a value that was not there is None."""

    place: Path
    path: str
    before: Any
    after: Any


def differences(before: Any, after: Any, place: Path = (), path: str = "") -> Iterator[Difference]:
    """What ``after`` says otherwise than ``before``, in the order of ``after``."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*after, *before)):
            if name not in NOT_TOLD:
                inner = f"{path}.{name}" if path else name
                yield from differences(before.get(name), after.get(name), (*place, name), inner)
        if (then := _effective(before)) != (now := _effective(after)):
            yield Difference((*place, "effective"), f"{path}.effective" if path else "effective", then, now)
    elif isinstance(before, list | None) and isinstance(after, list | None) and _entries(before, after):
        yield from _of_lists(before or [], after or [], place, path)
    elif before != after:
        yield Difference(place, path, _told(before), _told(after))


def _of_lists(before: list[Any], after: list[Any], place: Path, path: str) -> Iterator[Difference]:
    then, now = ({_id(entry): (n, entry) for n, entry in enumerate(side)} for side in (before, after))
    for id_ in dict.fromkeys((*then, *now)):
        n, _ = now.get(id_) or then[id_]
        sides = (then.get(id_, (n, None))[1], now.get(id_, (n, None))[1])
        yield from differences(*sides, (*place, id_), f"{path}[{n}]")


def _entries(*sides: list[Any] | None) -> bool:
    """Whether these are lists of entries, one of each event at most."""
    every = [side for side in sides if side is not None]
    ids = [[_id(entry) for entry in side] for side in every]
    return any(ids) and all(all(known) and len(set(known)) == len(known) for known in ids)


def _id(entry: Any) -> str:
    envelope = entry.get("said") if isinstance(entry, dict) else None
    event_id = envelope.get("event_id") if isinstance(envelope, dict) else None
    return str(event_id or "")


def _effective(entry: Json) -> Any:
    envelope = entry.get("said")
    return (
        envelope["effective"]["value"] if isinstance(envelope, dict) and envelope.get("effective") else None
    )


def _told(value: Any) -> Any:
    """A value without envelopes."""
    if isinstance(value, list):
        return [_told(inner) for inner in value]
    if isinstance(value, dict):
        values = {name: _told(inner) for name, inner in value.items() if name not in NOT_TOLD}
        return values | {"effective": _effective(value)} if "said" in value else values
    return value
