"""Refusals that any command may meet."""

from __future__ import annotations

from domain.rules import permissions, recording
from domain.values.refusal import Declared, refusal

FORBIDDEN = refusal(
    "FORBIDDEN",
    ja="この操作は{roles}だけが行えます（あなたの役割: {have}）。",
    en="Only {roles_en} may do this (your roles: {have_en}).",
    rule=permissions.ROLES,
    next_ja="必要な役割を持つ人に依頼してください。",
    next_en="Ask somebody who holds one of these roles.",
    kind="forbidden",
)
NOT_YOURSELF = refusal(
    "NOT_YOURSELF",
    ja="ほかの人や団体がしたこと、述べたこととしては記録できません。自分の席か、自分の属する組織のこととしてだけ記録できます。",
    en="This cannot be recorded as done or said by another person or body: only for your own seat, or for "
    "the body you act for.",
    rule=permissions.ONESELF,
    next_ja="自分の席で行うか、だれがしたかを省いてください。ほかの人がしたことは、事務局が根拠を示して代わりに記録できます。",
    next_en="Act for your own seat, or leave out who did it. What others did the secretariat may record on "
    "their behalf, with what it rests on.",
    kind="forbidden",
    since=5,
)
"""A member, a chair or an adviser acts as the holder of another's seat, or anybody in another's name."""
UNKNOWN_ID = refusal(
    "UNKNOWN_ID",
    ja="{kind}「{id}」は記録されていません。",
    en="No {kind_en} “{id}” is on record.",
    rule=recording.REFERENCES_HOLD,
    next_ja="識別子を確かめるか、先にそれを記録してください。",
    next_en="Check the identifier, or record that first.",
    kind="not_found",
)
ALREADY_EXISTS = refusal(
    "ALREADY_EXISTS",
    ja="「{id}」は既に記録されています。",
    en="“{id}” is already on record.",
    rule=recording.GIVEN_ONCE,
    next_ja="別の識別子を使うか、既存の記録に追加してください。",
    next_en="Use another identifier, or add to the existing record.",
)
WRONG_STATE = refusal(
    "WRONG_STATE",
    ja="現在の状態「{state}」ではこの操作はできません（可能な状態: {allowed}）。",
    en="This cannot be done in the state “{state}” (only in: {allowed}).",
    rule=recording.STEPS,
    next_ja="現在の状態を確認し、先に必要な手続きを記録してください。",
    next_en="Look at the current state and record the missing step first.",
)
REASON_REQUIRED = refusal(
    "REASON_REQUIRED",
    ja="理由の記載が必要です。",
    en="A reason is required.",
    rule=recording.REASONS,
    next_ja="理由を記入してください。",
    next_en="Give the reason.",
    kind="invalid",
)
VERSION_CONFLICT = refusal(
    "VERSION_CONFLICT",
    ja="他の人が先に記録を追加しました（版{expected}を前提とした操作、現在の版{actual}）。",
    en="Somebody else added to this record first (you expected version {expected}, it is at {actual}).",
    rule=recording.EXPECTED_VERSION,
    next_ja="最新の内容を読み直してから、もう一度操作してください。",
    next_en="Read the record again, then repeat the command if it still fits.",
)
KEY_REUSED = refusal(
    "KEY_REUSED",
    ja="この Idempotency-Key は別の内容で既に使われています。",
    en="This Idempotency-Key has already been used with another content.",
    rule=recording.REPEATED_ONCE,
    next_ja="新しい操作には新しいキーを付けてください。",
    next_en="Use a new key for a new command.",
    kind="invalid",
)
ALREADY_TAKEN = refusal(
    "ALREADY_TAKEN",
    ja="「{value}」は既に使われています。",
    en="“{value}” is already taken.",
    rule=recording.TAKEN_ONCE,
    next_ja="別の値を使うか、既存の記録を確かめてください。",
    next_en="Use another value, or look at what holds it.",
)
TAKEN: dict[str, Declared] = {}
"""What to refuse with when a claimed name is taken, by the claim's kind; ``ALREADY_TAKEN`` otherwise."""

BUSY = refusal(
    "BUSY",
    ja="同じ記録への書き込みが続いたため、今回は受け付けられませんでした。",
    en="Too many others were writing to this record at the same moment.",
    rule=recording.DECIDED_ANEW,
    next_ja="少し待ってから送り直してください。",
    next_en="Wait a moment and send it again.",
)
SELF_APPROVAL = refusal(
    "SELF_APPROVAL",
    ja="起案・提起した人（{party}）は、自らそれを決裁・承認できません。",
    en="Whoever drafted or raised it ({party}) cannot approve or answer it.",
    rule=permissions.TWO_PERSONS,
    next_ja="別の決裁権者に依頼してください。",
    next_en="Ask another approver.",
    kind="forbidden",
)
EVENT_NEWER = refusal(
    "EVENT_NEWER",
    ja="位置{position}の出来事（{event}、形{shape}）は、より新しい版が記録したもので、この版では読めません。",
    en="The event at position {position} ({event}, shape {shape}) was recorded by newer software, "
    "and this version cannot read it.",
    rule=recording.VERSIONS,
    next_ja="新しい版のサービスに尋ねるか、更新が終わってから読み直してください。",
    next_en="Ask a service of the newer version, or read again when this one has been updated.",
    kind="unavailable",
)
