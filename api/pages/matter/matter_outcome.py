"""What came of a matter: the council's conclusion, and the city's response and decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from api.http.language import tr
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.pages.parts.quorum import quorum, standing, tally
from api.words import wording
from projections.engine.event_json import Json


def option_label(m: Json, option: str | None) -> str | None:
    """An option as it was last called."""
    labels = [
        e["label"]
        for name in ("OptionProposed", "OptionAmended")
        for e in m.get(name, ())
        if e["option_id"] == option and e.get("label")
    ]
    return labels[-1] if labels else None


def council_label(m: Json) -> str | None:
    """The conclusion in a line; None if there is none."""
    concluded = marks.last(m.get("MatterConcluded"))
    if concluded is None:
        return None
    result = (
        wording.value("result", concluded["result"])
        if concluded["result"]
        else tr("結果の記録なし", "result not recorded")
    )
    option = option_label(m, concluded["chosen_option"]) or _as_proposed(m, concluded)
    return tr(f"{result}（{option}）", f"{result} ({option})") if option else result


def _as_proposed(m: Json, concluded: Json) -> str | None:
    """Where the meeting adopted and there were no options, what was adopted is the proposal itself."""
    proved = concluded["resolution_ref"] is not None and concluded["result"] == "adopted"
    return tr("原案のとおり", "as proposed") if proved and not m.get("OptionProposed") else None


def city_label(m: Json) -> str | None:
    """The city's decision in a line; None if there is none."""
    decided = marks.last(m.get("CityDecisionRecorded"))
    if decided is None:
        return None
    return tr("決定: ", "decided by ") + wording.value("authority", decided["authority"])


def conclusion(m: Json, resolutions: list[Json], names: Names) -> Json | None:
    """The council's conclusion, with the resolution that proves how it was reached."""
    concluded = marks.last(m.get("MatterConcluded"))
    if concluded is None:
        return None
    by = [r for r in resolutions if r["resolution_id"] == concluded["resolution_ref"]] or resolutions[-1:]
    proof = marks.last(by)
    method = concluded["method"] or (proof["method"] if proof else None)
    option = concluded["chosen_option"]
    return {
        "result_label": wording.value("result", concluded["result"])
        if concluded["result"]
        else tr("結果の記録なし", "result not recorded"),
        "option_label": option_label(m, option) or _as_proposed(m, concluded),
        "text": _text_of(m, option),
        "reason": concluded["reason"] or concluded["said"]["reason"],
        "conditions": concluded["conditions"],
        "effective": marks.date(concluded["effective_from"]),
        "method_label": wording.value("method", method) if method else None,
        "meeting": names.link(concluded["meeting_id"] or (proof["meeting_id"] if proof else None)),
        "quorum": quorum(standing(proof), proof["recused"]) if proof else None,
        "tally": tally(proof) if proof else None,
        **marks.dated(concluded["said"], names),
    }


def _text_of(m: Json, option: str | None) -> str | None:
    texts = [
        e["text"]
        for name in ("OptionProposed", "OptionAmended")
        for e in m.get(name, ())
        if e["option_id"] == option and e.get("text")
    ]
    return texts[-1] if texts else None


def onward(m: Json, names: Names) -> Json:
    """Transmission, the city's response and the city's decision, each None if not recorded."""
    sent, replied, decided = (
        marks.last(m.get(name))
        for name in ("ConclusionTransmitted", "CityResponseRecorded", "CityDecisionRecorded")
    )
    return {
        "transmission": _transmission(sent, names) if sent else None,
        "city_response": _response(replied, names) if replied else None,
        "city_decision": _decision(decided, m, names) if decided else None,
    }


def _transmission(sent: Json, names: Names) -> Json:
    return {
        "form_label": wording.value("form", sent["form"]),
        "to_label": names.party(sent["to"]),
        "document_no": sent["document_no"],
        **marks.dated(sent["said"], names),
    }


def _response(replied: Json, names: Names) -> Json:
    return {
        "disposition_label": wording.value("disposition", replied["disposition"]),
        "reason": replied["reason"] or replied["said"]["reason"],
        "document_no": replied["document_no"],
        **marks.dated(replied["said"], names),
    }


def _decision(decided: Json, m: Json, names: Names) -> Json:
    return {
        "result_label": tr("決定", "decided"),
        "text": decided["text"],
        "authority_label": wording.value("authority", decided["authority"]),
        "document_no": decided["document_no"],
        "legal_basis": names.citation(decided["citation"]),
        "gap_label": _gap(marks.last(m.get("MatterConcluded")), decided),
        "steps": list(_steps(decided)),
        "promised": list(promised(m)),
        **marks.dated(decided["said"], names),
    }


def _steps(decided: Json) -> Iterator[tuple[str, str]]:
    """The steps of a decision 起案・合議・決裁・施行, as far as they are on record: what it is, and when or
    by which post."""
    drafted = marks.date(decided.get("drafted_on"))
    if drafted:
        yield tr("起案", "Drafted"), drafted["label"]
    for step in decided.get("consulted") or ():
        post = "、".join(part for part in (step["post"], step.get("outcome")) if part)
        yield tr("合議", "Consulted"), post
    if decided.get("approved_by_post"):
        yield tr("決裁した職", "Approved by the post of"), decided["approved_by_post"]
    in_force = marks.date(decided.get("in_force_from"))
    if in_force:
        yield tr("施行", "In force from"), in_force["label"]


def promised(m: Json) -> Iterator[tuple[str, str]]:
    """What the city promised, and whether it is on record as done."""
    done = {e["step_id"] for e in m.get("PromisedStepTaken", ())}
    answers = [*m.get("CityResponseRecorded", ()), *m.get("CityDecisionRecorded", ())]
    for step in (step for e in answers for step in e.get("promised") or ()):
        due = marks.date(step.get("by_when"))
        state = (
            tr("実施済み", "done")
            if step["step_id"] in done
            else tr("実施の記録なし", "not on record as done")
        )
        when = due["label"] if due else tr("期限の記録なし", "no day on record")
        yield step["what"], f"{when}・{state}"


def _gap(concluded: Json | None, decided: Json) -> str | None:
    """How many days lie between conclusion and decision; None unless both days are known."""
    days = [_day(e) for e in (concluded, decided)]
    if days[0] is None or days[1] is None:
        return None
    gap = (days[1] - days[0]).days
    return tr(f"{gap}日後", f"{gap} days") if gap >= 0 else tr(f"{-gap}日前", f"{-gap} days before")


def _day(e: Json | None) -> dt.date | None:
    effective = e["said"]["effective"] if e else {"precision": "unknown"}
    exact = effective["precision"] in ("day", "instant")
    return dt.date.fromisoformat(effective["earliest"]) if exact else None


def completeness(gap_list: Json | None) -> Json | None:
    """How much of what makes a decision possible to follow is on record, and what is lacking (M16)."""
    if gap_list is None:
        return None
    lacking = [tr(part["ja"], part["en"]) for part in gap_list["lacking"]]
    return {"done": gap_list["done"], "total": gap_list["total"], "lacking": lacking}
