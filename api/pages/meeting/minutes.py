"""Minutes 会議録 of a meeting: how far they have come, in which form, and what of them is not published."""

from __future__ import annotations

from api.http.language import tr
from api.pages.meeting.meeting_list import minutes_label
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.words import wording
from projections.engine.event_json import Json


def show_minutes(m: Json, names: Names) -> Json | None:
    """The minutes as the page of a meeting shows them; None if nothing is recorded of them."""
    drafted = marks.last(m.get("MinutesDrafted"))
    published, confirmed = marks.last(m.get("MinutesPublished")), marks.last(m.get("MinutesConfirmed"))
    newest = published or confirmed or drafted
    if newest is None:
        return None
    return {
        "state_label": minutes_label(m),
        "tone": "good" if published else "info",
        "style_label": wording.value("style", drafted["style"]) if drafted and drafted["style"] else None,
        "naming_label": wording.value("naming", drafted["naming"]) if drafted and drafted["naming"] else None,
        "confirmed_label": _confirmed(confirmed),
        "signed_label": _signed(m, drafted),
        "published": marks.day(published["on"]) if published else None,
        "url": names.url(drafted["document_id"]) if drafted else None,
        "redactions": [_redaction(r) for r in published["redactions"] or ()] if published else [],
        **marks.fact(newest["said"], names),
    }


def _signed(m: Json, drafted: Json | None) -> str | None:
    """How many of the members who sign the minutes 署名委員 have signed the newest version."""
    named = (marks.last(m.get("SignatoriesNamed")) or {}).get("signatories")
    signed = [s for s in m.get("MinutesSigned", ()) if drafted and s.get("v") == drafted.get("v")]
    if named is None and not signed:
        return None
    return tr(f"{len(signed)}人 / {len(named or ())}人", f"{len(signed)} of {len(named or ())}")


def _confirmed(confirmed: Json | None) -> str | None:
    if confirmed is None:
        return None
    if "by" not in confirmed:  # a reader who is not told of persons
        label = tr("確認済み", "confirmed")
    elif confirmed["by"]:
        label = wording.value("by", confirmed["by"])
    else:
        label = tr("確認済み（だれによるかの記載なし）", "confirmed (by whom is not stated)")
    uncirculated = (
        tr("、送付せずに確定", ", without circulation") if confirmed.get("without_circulation") else ""
    )
    return f"{label}{uncirculated}"


def _redaction(r: Json) -> Json:
    disclosure = r["disclosure"]
    return {
        "part": r["part"],
        "reason": wording.value("ground", disclosure["ground"]) if disclosure.get("ground") else None,
        "review_on": (marks.day(disclosure.get("review_on")) or {}).get("label"),
    }
