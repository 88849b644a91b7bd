"""Whose a seat is, and who acts for it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from domain.kernel.oneself import is_held_by

SEATS = {"seat-1": SimpleNamespace(party_id="p-1"), "seat-2": SimpleNamespace(party_id=None)}


class Here:
    """A record on which is one council."""

    def find(self, kind: type[Any], entity: str) -> Any:
        return (
            SimpleNamespace(appointments=SEATS)
            if (kind.__name__, entity) == ("Council", "council-x")
            else None
        )


@pytest.mark.parametrize(
    ("named", "council_id", "party", "held"),
    [
        ("p-1", None, "p-1", True),
        ("p-1", "council-x", "p-2", False),
        ("p-1", "council-x", None, False),
        ("seat-1", "council-x", "p-1", True),
        ("seat-1", "council-x", "p-2", False),
        ("seat-1", "council-y", "p-1", False),
        ("seat-1", None, "p-1", False),
        ("seat-2", "council-x", None, False),
        ("seat-2", "council-x", "p-1", False),
        ("seat-3", "council-x", "p-1", False),
    ],
)
def test_whose_it_is(named: str, council_id: str | None, party: str | None, held: bool) -> None:
    record: Any = SimpleNamespace(context=SimpleNamespace(reader=Here()))
    assert is_held_by(record, named, council_id, party) is held
