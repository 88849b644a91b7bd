"""The council's rules of procedure in words: quorum, majority, notice, minutes, openness, naming."""

from __future__ import annotations

import msgspec

from api.http.language import spoken, tr
from api.pages.parts import marks
from api.pages.parts.details import majority
from api.pages.parts.names import Names
from api.words import wording
from domain.values.quorum import MajorityRule, QuorumRule
from projections.engine.event_json import Json


def show_rules(rules: Json | None, names: Names) -> Json | None:
    """The rules of procedure as adopted; what they leave unsaid stays unsaid."""
    if rules is None:
        return None
    return {
        "version": rules["rules_version"],
        "effective": marks.date(rules["effective_from"]),
        "quorum_label": spoken(msgspec.convert(rules["quorum"], QuorumRule).label)
        if rules["quorum"]
        else None,
        "majority_label": _majority(rules),
        "notice_label": _days(rules["notice_days"], "開催の{}日前まで", "{} days before"),
        "minutes_label": _days(rules["minutes_due_days"], "閉会から{}日以内", "within {} days"),
        "publicity_label": wording.value("publicity", rules["publicity_default"])
        if rules["publicity_default"]
        else None,
        "naming_label": wording.value("naming", rules["speaker_naming"]) if rules["speaker_naming"] else None,
        "roster_label": wording.value("roster_naming", rules["roster_naming"])
        if rules.get("roster_naming")
        else None,
        "matter": names.link(rules["matter_id"]),
        **marks.fact(rules["said"], names),
    }


def _majority(rules: Json) -> str | None:
    if rules["majority"] is None:
        return None
    share = majority(msgspec.convert(rules["majority"], MajorityRule))
    vote = wording.value("chair_votes", rules["chair_votes"] or "always")
    return tr(f"{share}（座長の表決: {vote}）", f"{share} (the chair votes: {vote})")


def _days(days: int | None, ja: str, en: str) -> str | None:
    return None if days is None else tr(ja.format(days), en.format(days))
