"""Values that were read from cells, as commands take them in."""

from __future__ import annotations

from typing import Any

from domain.values.calendar import EffectiveDate


def as_date(day: EffectiveDate | None) -> dict[str, Any] | None:
    """A date as a body has it."""
    if day is None:
        return None
    body = {"value": day.value, "precision": day.precision, "era": day.era}
    return {name: value for name, value in body.items() if value is not None}


def effective(day: EffectiveDate | None) -> dict[str, Any]:
    """When something happened, as the envelope says it; that it is not known, where nobody body."""
    return as_date(day) or {"precision": "unknown"}


def without_nothing(**fields: Any) -> dict[str, Any]:
    """A body without what is not known."""
    return {name: value for name, value in fields.items() if value is not None}
