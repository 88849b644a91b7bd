"""A refusal as screens show it (macro ``refusal``): what is wrong, by which rule, and what to do."""

from __future__ import annotations

from api.http.language import href, spoken
from api.http.problems import worded
from domain.values.refusal import Refusal
from projections.engine.event_json import Json


def shown(refused: Refusal) -> Json:
    """``pointer``: where in what was typed; None if it is of no one field."""
    refused = worded(refused)
    return {
        "code": refused.code,
        "pointer": refused.pointer,
        "sentence": spoken(refused.sentence),
        "rule": {"label": spoken(refused.rule), "url": href(refused.declared.rule.address)},
        "what_next": spoken(refused.what_next),
    }
