"""References 参照: whether an id points to something on record (house rule: every reference does)."""

from __future__ import annotations

from domain.kernel.commands import Reader
from domain.kernel.record import KINDS, Record
from domain.kernel.refusals import UNKNOWN_ID

NAMED_PARTS = ("measure-",)
"""How the ids of parts begin that have a name of their own: their aggregate alone knows which there are, and
a command of another aggregate cannot look them up."""


def is_on_record(reader: Reader, entity: str) -> bool:
    """Whether ``entity`` is on record, or is written as a part of what is (``study-centre#necessity``)."""
    base = entity.split("#")[0]
    return any(
        reader.find(kind, base) is not None
        for kind in KINDS.values()
        if kind.BARE_ID or base.startswith(kind.PREFIX)
    )


def must_exist(asking: Record, ids: str | tuple[str, ...] | None, pointer: str) -> None:
    """Refuse ``UNKNOWN_ID`` at the first of the ids, given at ``pointer``, that is not on record.

    Parts with a name of their own pass. An import may refer to what comes later in its file, so there
    domain/history/importing.py looks at the file as a whole.
    """
    if asking.context.importing or ids is None:
        return
    named = [(ids, pointer)] if isinstance(ids, str) else [(i, f"{pointer}/{n}") for n, i in enumerate(ids)]
    for entity, where in named:
        if not entity.startswith(NAMED_PARTS) and not is_on_record(asking.context.reader, entity):
            raise UNKNOWN_ID(kind="記録", kind_en="record", id=entity).at(where)
