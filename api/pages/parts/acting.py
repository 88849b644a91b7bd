"""Who wrote it down 記録者, where that is not who did it, and on what evidence (truth.md 3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from api.http.language import in_words, tr
from api.pages.parts.names import Names
from domain.kernel.events import EVIDENCE_KINDS
from domain.values.calendar import EffectiveDate
from projections.answers.labels import date_json
from projections.engine.event_json import Json


def written(role: str | None, evidence: Json | None, source: Json | None, names: Names) -> list[Any] | None:
    """「記録: 事務局、根拠: 会議録 3頁」 as a label; None where whoever did it wrote it down too."""
    if role is None:
        return None
    rests_on = [*_of_source(source, names), *_of_kind(evidence)]
    parts: list[Any] = [tr("記録: ", "recorded by: "), names.party(role) or role]
    for n, part in enumerate(rests_on):
        parts += [tr("、根拠: ", "; evidence: ") if n == 0 else tr("、", ", "), *part]
    return parts


def written_of(envelope: Mapping[str, Any], names: Names) -> list[Any] | None:
    """The same, of an entry's envelope as views keep it."""
    return written(envelope.get("recorded_by"), envelope.get("evidence"), envelope["source"], names)


def _of_source(source: Json | None, names: Names) -> list[list[Any]]:
    if source is None:
        return []
    place = source.get("locator")
    return [[names.label(source["document_id"]), *([f" {place}"] if place else [])]]


def _of_kind(evidence: Json | None) -> list[list[Any]]:
    if evidence is None:
        return []
    on = evidence.get("on")
    day = in_words(date_json(EffectiveDate.on(dt.date.fromisoformat(on)))["label"]) if on else None
    return [[tr(*EVIDENCE_KINDS[evidence["kind"]]), *([tr(f"（{day}）", f" ({day})")] if day else [])]]
