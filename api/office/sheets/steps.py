"""The six steps of a sheet 目標・自己評価・対話・相互評価・改善・公表: how far each is, and the next act."""

from __future__ import annotations

from api.http.language import tr
from projections.engine.event_json import Json


def steps(sheet: Json) -> list[Json]:
    """``sheet``: as its reader may see it, compared. The first step that is not done is next. Of a sealed
    sheet nothing tells whether a side has submitted."""
    over = sheet["state"] in ("published", "cancelled")
    listed = []
    has_next = False
    for key, label, done, say, act, command in _steps(sheet):
        is_next = not done and not over and not has_next
        has_next = has_next or is_next
        state = "ok" if done else "now" if is_next else "todo"
        words = {
            "ok": tr("すみ", "done"),
            "now": tr("つぎはここ", "next"),
            "todo": tr("これから", "to come"),
        }
        listed.append(
            {
                "key": key,
                "label": label,
                "state": state,
                "state_label": words[state],
                "say": say,
                "act_label": act,
                "command": command if is_next else None,
            }
        )
    return listed


def missing(sheet: Json) -> str:
    """What a sheet waits for, in a few words; empty when it is over."""
    return next((step["say"] for step in steps(sheet) if step["state"] == "now"), "")


def _steps(sheet: Json) -> list[tuple[str, str, bool, str, str, str | None]]:
    """Of each its key, what it is called, whether it is done, what it says, and its act: in words, and its
    command or its place on the page."""
    targets, without = sheet["targets"] is not None, sheet["without_targets"] is not None
    begun, unsealed = sheet["asked"] is not None, sheet["unsealed"] is not None
    talked, settled = bool(sheet["dialogues"]), sheet["mutual"] is not None
    better, public = len(sheet["improvements"]), sheet["state"] == "published"
    return [
        (
            "targets",
            tr("目標", "Targets"),
            targets or without,
            tr("事前の目標に合意した。", "Targets were agreed on.")
            if targets
            else tr("事前の目標なしで評価する。", "Evaluated without prior targets.")
            if without
            else tr("目標の合意がまだです。", "No targets are agreed on yet."),
            tr("目標の合意を記録する", "Record the targets"),
            "agree-targets",
        ),
        (
            "own",
            tr("自己評価", "Self-evaluation"),
            unsealed,
            tr("双方の自己評価がそろい、開封された。", "Both sides are in; the sheet is unsealed.")
            if unsealed
            else tr(
                "双方の自己評価を待っています（封印中。提出したかどうかも表示しません）。",
                "Waiting for both sides, under seal: not even whether one is in is shown.",
            )
            if begun
            else tr("自己評価はまだ始まっていません。", "The self-evaluation has not begun."),
            tr("自己評価を始める", "Start the self-evaluation"),
            None if begun else "start-self-evaluation",
        ),
        (
            "dialogue",
            tr("対話", "Dialogue"),
            talked,
            tr(f"対話{len(sheet['dialogues'])}回。", f"{len(sheet['dialogues'])} held.")
            if talked
            else tr("対話がまだです。", "No dialogue yet."),
            tr("対話を記録する", "Record the dialogue"),
            "#h-dialogue",
        ),
        (
            "mutual",
            tr("相互評価", "Mutual evaluation"),
            settled,
            _mutual(sheet) if settled else tr("相互評価がまだです。", "Not settled item by item yet."),
            tr("話し合いの結果を記録する", "Record what came of it"),
            "#h-dialogue",
        ),
        (
            "better",
            tr("改善", "Improvement"),
            better > 0,
            tr(f"改善{better}件に合意した。", f"{better} agreed on.")
            if better
            else tr("改善の合意がまだです。", "No improvement is agreed on yet."),
            tr("改善の合意を記録する", "Record the improvement"),
            "#h-dialogue",
        ),
        (
            "public",
            tr("公表", "Publication"),
            public,
            tr("公表した。", "Published.") if public else tr("公表していません。", "Not published yet."),
            tr("公表する", "Publish"),
            "publish",
        ),
    ]


def _mutual(sheet: Json) -> str:
    differs = len(sheet["kept"] or ())
    if differs:
        return tr(f"{differs}項目は評価差を併記した。", f"Differences are kept in {differs} items.")
    return tr("すべての項目で合意した。", "Both agree on every item.")
