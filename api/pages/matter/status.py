"""Where a matter stands, as a tag in words with an icon and since when; and what its cards say of it."""

from __future__ import annotations

from typing import Literal

from api.http.language import tr
from api.pages.matter.three_sentences import days_waiting, last
from api.pages.parts import marks
from api.pages.parts.days import short
from api.pages.parts.phrases import Phrase, phrase, whole
from projections.engine.event_json import Json

Icon = Literal["done", "wait", "talk", "gone"]


def tag(m: Json) -> Json:
    """``note``: since when, as a phrase; ``inferred``: that nobody states it."""
    icon, label, note, rests_on = _standing(m)
    inferred = rests_on is not None and rests_on["said"]["certainty"] == "inferred"
    return {"icon": icon, "label": label, "note": note, "inferred": inferred}


def _standing(m: Json) -> tuple[Icon, str, Phrase, Json | None]:
    if "closed" in m:
        return "gone", tr("非公開", "Not public"), (), None
    decided, replied, sent, concluded, raised = (
        last(m, name)
        for name in (
            "CityDecisionRecorded",
            "CityResponseRecorded",
            "ConclusionTransmitted",
            "MatterConcluded",
            "MatterRaised",
        )
    )
    for state, event, ja, en in (
        ("withdrawn", "MatterWithdrawn", "取り下げ", "Withdrawn"),
        ("superseded", "MatterSuperseded", "あとで変わりました", "Changed since"),
        ("rescinded", "MatterRescinded", "廃止されました", "No longer holds"),
    ):
        e = last(m, event)
        if m["state"] == state and e is not None:
            return "gone", tr(ja, en), _on(e, "{when}", "{when}"), e
    if decided is not None:
        return (
            "done",
            tr("決まりました", "Decided"),
            _on(decided, "{when}に市が決定", "by the city on {when}"),
            decided,
        )
    if replied is not None:
        label = tr("市が回答しました", "The city has answered")
        return "done", label, _on(replied, "{when}に回答", "on {when}"), replied
    if sent is not None:
        return "wait", tr("市の回答待ち", "Waiting for the city"), _since_sent(m, sent), sent
    if concluded is not None:
        label = tr("会議の結論が出ました", "Concluded")
        if concluded.get("result") == "rejected":
            label = tr("認められませんでした", "Rejected")
        return "done", label, _on(concluded, "{when}に結論", "on {when}"), concluded
    return "talk", tr("話し合い中", "Being discussed"), _on(raised, "{when}から", "since {when}"), raised


def _on(e: Json | None, ja: str, en: str) -> Phrase:
    """When it was, in this pattern; that its date is not on record."""
    if e is None:
        return ()
    when = short(marks.date(e["said"]["effective"]))
    if when is None:
        return phrase(tr("日付の記録なし", "date not recorded"))
    return phrase(tr(ja, en), when=whole(when))


def _since_sent(m: Json, sent: Json) -> Phrase:
    days = days_waiting(m)
    if days is None:
        return _on(sent, "{when}に送付", "sent on {when}")
    return phrase(
        tr("{when}に送り、{days}たちました", "sent on {when}, {days} ago"),
        when=whole(short(marks.date(sent["said"]["effective"])) or ""),
        days=whole(days),
    )


def reason_of(m: Json) -> str | None:
    """Why it was decided so, in a line: the city's short reason, else the council's, as they are recorded."""
    for name in ("CityDecisionRecorded", "CityResponseRecorded", "MatterConcluded"):
        e = last(m, name)
        if e is None or "closed" in e:
            continue
        reason = e.get("reason_short") or e.get("reason") or e["said"].get("reason")
        if reason:
            return str(reason)
    return None
