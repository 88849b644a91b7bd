"""A refusal, or a warning, as every screen of the office shows it: what is wrong, by which rule, what to do.

Nowhere else in the office is a refusal put into words."""

from __future__ import annotations

from api.http.language import in_language, language, spoken
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
        "rule": {
            "label": spoken(refused.rule),
            "url": in_language(language(), refused.declared.rule.address),
        },
        "what_next": spoken(refused.what_next),
    }
