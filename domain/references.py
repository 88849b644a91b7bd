"""References 参照: whether an id points to something on record (house rule: every reference does)."""

from __future__ import annotations

from collections.abc import Iterable

from domain.record import KINDS, UNKNOWN_ID, Reader


def is_on_record(reader: Reader, entity: str) -> bool:
    """Whether ``entity`` is something on record, or is written as a part of it (``study-centre#necessity``).

    Parts with a name of their own (a plan's measure) are known to their aggregate alone.
    """
    base = entity.split("#")[0]
    return any(
        reader.find(kind, base) is not None
        for kind in KINDS.values()
        if kind.BARE_ID or base.startswith(kind.PREFIX)
    )


def refuse_unknown(reader: Reader, entities: Iterable[str], pointer: str) -> None:
    """Refuse ``UNKNOWN_ID`` at the first of several ids, listed at ``pointer``, that is not on record."""
    for n, entity in enumerate(entities):
        if not is_on_record(reader, entity):
            raise UNKNOWN_ID(kind="記録", id=entity).at(f"{pointer}/{n}")
