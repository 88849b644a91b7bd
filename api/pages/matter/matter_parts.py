"""The parts of a matter: options, evidence, opinions and dissents, as the page of a matter shows them."""

from __future__ import annotations

from api.http.language import tr
from api.pages.matter.matter_outcome import option_label
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.words import wording
from projections.engine.event_json import Json

SPEAKERS = ("CHR", "MEM", "ADV", "LDR")
"""Roles that speak for themselves; what others record, they record of somebody."""


def speaker(statement: Json) -> str | None:
    """The role of who said it; None where somebody else recorded it."""
    return wording.role(statement["role"]) if statement["role"] in SPEAKERS else None


def options(m: Json, names: Names) -> list[Json]:
    """Every option ever proposed, with what became of it; none is left out because it was withdrawn."""
    return [_option(o, m, names) for o in m.get("OptionProposed", ())]


def _option(o: Json, m: Json, names: Names) -> Json:
    key = o["option_id"]
    amended = [e for e in m.get("OptionAmended", ()) if e["option_id"] == key]
    texts = [e["text"] for e in (o, *amended) if e.get("text")]
    status, why = _status(key, m)
    label, _ = wording.state("option", status)
    return {
        "label": option_label(m, key),
        "text": texts[-1] if texts else None,
        "proposer_label": tr("事務局案", "the secretariat") if o["secretariat_draft"] else speaker(o["said"]),
        "status": status,
        "status_label": label,
        "why": why,
        "assessments": [_assessment(a, m) for a in m.get("OptionAssessed", ()) if a["option_id"] == key],
        **marks.dated(o["said"], names),
    }


def _status(option: str, m: Json) -> tuple[str, str | None]:
    """What became of an option, and why."""
    for e in m.get("OptionWithdrawn", ()):
        if e["option_id"] == option:
            return "withdrawn", e["reason"] or e["said"]["reason"]
    concluded = marks.last(m.get("MatterConcluded"))
    if concluded is None:
        return "open", None
    if concluded["chosen_option"] == option:
        return "chosen", concluded["reason"] or concluded["said"]["reason"]
    decided = concluded["chosen_option"] is not None or concluded["result"] == "rejected"
    return ("rejected", None) if decided else ("open", None)


def _assessment(a: Json, m: Json) -> Json:
    criteria = {c["criterion_id"]: c["text"] for c in m.get("CriterionAdopted", ())}
    return {
        "criterion": criteria.get(a["criterion_id"], tr("観点", "criterion")),
        "text": a["text"],
        "by_label": speaker(a["said"]),
    }


def evidence(m: Json, names: Names) -> Json:
    """What was before them when they concluded, and what was added afterwards (domain.md S5)."""
    concluded = marks.last(m.get("MatterConcluded"))
    until = concluded["said"]["position"] if concluded else None
    attached = m.get("EvidenceAttached", ())
    before = [e for e in attached if until is None or e["said"]["position"] < until]
    after = [e for e in attached if until is not None and e["said"]["position"] > until]
    return {
        "evidence": [_evidence(e, m, names) for e in before],
        "evidence_later": [_evidence(e, m, names) for e in after],
    }


def _evidence(e: Json, m: Json, names: Names) -> Json:
    kind = wording.value("kind", e.get("kind") or "other")
    common = {"kind_label": kind, **marks.dated(e["said"], names)}
    closed = marks.closed_reason(e)
    if closed is not None:
        return {**common, "title": None, "url": None, "bears_on": [], "redacted": closed, "source": None}
    bears_on = [option_label(m, i) or _criterion(m, i) for i in e["bears_on"] or ()]
    return {
        **common,
        "title": names.label(e["document_id"]),
        "url": names.url(e["document_id"]),
        "bears_on": [label for label in bears_on if label],
        "redacted": None,
    }


def _criterion(m: Json, criterion: str) -> str | None:
    texts: list[str] = [c["text"] for c in m.get("CriterionAdopted", ()) if c["criterion_id"] == criterion]
    return marks.first(texts)  # type: ignore[no-any-return]


def opinions(m: Json) -> list[Json]:
    """Opinions by stance, in the order of the stances."""
    groups: dict[str, list[Json]] = {}
    for e in m.get("OpinionRecorded", ()):
        groups.setdefault(e["stance"], []).append(
            {
                "text": e["text"],
                "holder_label": speaker(e["said"]),
                "channel_label": wording.value("channel", e["channel"]),
                "option_label": option_label(m, e["option_id"]),
            }
        )
    order = ("for", "conditional", "neutral", "question", "against")
    return [
        {"stance_label": wording.value("stance", stance), "entries": groups[stance]}
        for stance in order
        if stance in groups
    ]


def dissents(m: Json, names: Names) -> Json:
    """Dissents as filed; else that somebody asked and there was none; else nothing."""
    confirmation = marks.last(m.get("DissentNoneConfirmed"))
    return {
        "dissents": [
            {
                "kind_label": wording.value("kind", e["kind"]),
                "holder_label": speaker(e["said"]) or tr("委員", "a member"),
                "text": e["text"],
                **marks.dated(e["said"], names),
            }
            for e in m.get("DissentFiled", ())
        ],
        "dissent_none": {"asked_at_label": (marks.date(confirmation["said"]["effective"]) or {})["label"]}
        if confirmation
        else None,
    }
