"""Quorum checks and votes, as the macros ``quorum`` and ``tally`` show them."""

from __future__ import annotations

import msgspec

from api.http.language import href, spoken, tr
from api.pages.parts.details import majority
from api.words import wording
from domain.values.quorum import MajorityRule, QuorumRule
from projections.engine.event_json import Json


def quorum(check: Json | None, recused: int | None = None) -> Json | None:
    """A quorum check with its rule and numbers. Where no rule is known it is not verified, never met."""
    if check is None:
        return None
    rule = check.get("rule")
    return {
        "result": check["result"],
        "rule_label": spoken(msgspec.convert(rule, QuorumRule).label) if rule else None,
        "rule_url": f"{href('/council')}#rules",
        "serving": check.get("serving"),
        "present": check.get("present"),
        "required": check.get("required"),
        "recused": recused or None,
    }


def standing(entry: Json | None) -> Json | None:
    """The quorum check of an opening or a resolution as it stands: counted anew, if it was."""
    return None if entry is None else entry.get("quorum_anew") or entry.get("quorum")


def quorum_label(check: Json | None) -> str | None:
    """The result in a few words: 成立（必要15人）."""
    if check is None:
        return None
    word = wording.value("result", check["result"])
    needed = check.get("required")
    return word if needed is None else tr(f"{word}（必要{needed}人）", f"{word} ({needed} required)")


def tally(resolution: Json) -> Json | None:
    """The votes of a resolution; None where none were counted."""
    counted = resolution["tally"]
    if counted is None:
        return None
    rule = resolution["majority"]
    casting = resolution["casting_vote"]
    return {
        "eligible": resolution["eligible"],
        **{name: counted.get(name, 0) for name in ("for", "against", "abstain", "not_voting")},
        "casting_vote": wording.value("stance", casting) if casting else None,
        "majority_label": majority(msgspec.convert(rule, MajorityRule)) if rule else None,
    }
