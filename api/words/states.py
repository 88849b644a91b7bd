"""What the states of things are called, and in which tone they are shown: good, warn, bad, info or plain."""

from __future__ import annotations

State = tuple[str, str, str]
"""Japanese, English, tone."""

STATES: dict[str, dict[str, State]] = {
    "Council": {
        "established": ("設置済み", "established", "info"),
        "suspended": ("休止中", "suspended", "warn"),
        "dissolved": ("廃止", "dissolved", ""),
    },
    "Meeting": {
        "scheduled": ("予定", "scheduled", "info"),
        "notified": ("開催通知済み", "notified", "info"),
        "open": ("開会中", "open", "info"),
        "recess": ("休憩中", "in recess", "info"),
        "in_writing": ("書面協議中", "in writing", "info"),
        "closed": ("閉会", "closed", ""),
        "not_recorded": (
            "予定日を過ぎた（開催の記録なし）",
            "day passed (not recorded whether held)",
            "warn",
        ),
        "cancelled": ("中止", "cancelled", "bad"),
        "inquorate": ("流会", "inquorate", "bad"),
        "minutes_drafted": ("会議録作成中", "minutes drafted", ""),
        "circulated": ("会議録確認中", "minutes circulated", ""),
        "confirmed": ("会議録確認済み", "minutes confirmed", "good"),
        "published": ("会議録公表済み", "minutes published", "good"),
    },
    "Matter": {
        "raised": ("提起", "raised", "info"),
        "deliberating": ("話し合い中", "under deliberation", "info"),
        "carried_over": ("継続", "carried over", "warn"),
        "concluded": ("結論あり", "concluded", "good"),
        "in_force": ("効力あり", "in force", "good"),
        "superseded": ("変更済み", "superseded", ""),
        "rescinded": ("廃止", "rescinded", ""),
        "withdrawn": ("取り下げ", "withdrawn", ""),
    },
    "PlanAction": {
        "registered": ("登録", "registered", ""),
        "proposed": ("提案", "proposed", "info"),
        "adopted": ("採択", "adopted", "good"),
        "active": ("実施", "under way", "info"),
        "suspended": ("休止", "suspended", "warn"),
        "ended": ("終了", "ended", ""),
    },
    "CenterStudy": {
        "commissioned": ("付託", "commissioned", "info"),
        "studying": ("検討開始まで記録", "started, as far as recorded", "info"),
        "reported": ("報告書提出", "reported", "info"),
        "returned": ("差戻し", "returned", "warn"),
        "adopted_by_council": ("市民会議が採択", "adopted by the council", "good"),
        "transmitted": ("市へ送付", "sent to the city", "good"),
        "closed": ("終了", "closed", ""),
    },
    "EvaluationSheet": {
        "opened": ("作成済み", "opened", "info"),
        "targets_agreed": ("目標に合意", "targets agreed", "info"),
        "without_targets": ("事前の目標なし", "without prior targets", "warn"),
        "self_evaluating": ("自己評価中（封印）", "self-evaluation under seal", "info"),
        "unsealed": ("開封済み", "unsealed", "info"),
        "dialogue_held": ("対話中", "in dialogue", "info"),
        "mutual_agreed": ("相互評価で合意", "agreed on every item", "good"),
        "mutual_differs": ("評価差を併記", "differences kept", "warn"),
        "third_party": ("第三者評価済み", "judged by a third party", "info"),
        "improvement_agreed": ("改善に合意", "improvement agreed", "good"),
        "published": ("公表済み", "published", "good"),
        "cancelled": ("中止", "cancelled", "bad"),
    },
    "DisclosureRequest": {
        "received": ("受付済み", "received", "info"),
        "decided": ("決定済み", "decided", "good"),
        "closed": ("完結", "closed", ""),
        "withdrawn": ("取下げ", "withdrawn", ""),
    },
    "RoleGrant": {
        "granted": ("付与中", "granted", "good"),
        "revoked": ("取消し済み", "revoked", ""),
    },
    "PromotionPlan": {
        "formulated": ("策定済み", "formulated", "info"),
        "formulating": ("策定中", "being formulated", "info"),
        "draft": ("案", "draft", "info"),
        "public_comment": ("意見募集", "public comment", "info"),
        "council_agreed": ("市民会議が合意", "agreed by the council", "good"),
        "approved": ("市が承認", "approved by the city", "good"),
        "in_force": ("計画期間中", "in force", "good"),
        "revised": ("改定済み", "in force, as revised", "good"),
        "superseded": ("次の計画に交代", "superseded", ""),
        "expired": ("期間満了", "expired", ""),
    },
    "officer_section": {
        "filled": ("担当者あり", "filled", "good"),
        "vacant": ("担当者なし", "vacant", "warn"),
        "abolished": ("廃止", "abolished", ""),
    },
    "training": {
        "planned": ("予定", "planned", "info"),
        "held": ("実施済み", "held", "good"),
    },
    "question": {
        "open": ("回答の記録なし", "no answer recorded", ""),
        "provisional": ("暫定の回答", "provisional answer", "info"),
        "answered": ("回答あり", "answered", "good"),
        "left_open": ("結論を出さず", "left open", "warn"),
        "moot": ("検討不要", "moot", ""),
    },
    "option": {
        "chosen": ("選ばれた", "chosen", "good"),
        "rejected": ("採らなかった", "not chosen", ""),
        "withdrawn": ("取り下げ", "withdrawn", ""),
        "open": ("検討中", "under discussion", "info"),
    },
    "follow_up": {
        "planned": ("予定", "planned", ""),
        "started": ("着手", "started", "info"),
        "done": ("完了", "done", "good"),
        "dropped": ("取りやめ", "dropped", "bad"),
    },
    "phase": {
        "none": ("記録なし", "not recorded", ""),
        "current": ("進行中", "under way", ""),
        "done": ("記録あり", "recorded", ""),
    },
}
