"""Why a correction or a redaction may be refused (see domain/kernel/correction.py)."""

from __future__ import annotations

from domain.rules import corrections, disclosure
from domain.values.refusal import refusal

EVENT_UNKNOWN = refusal(
    "EVENT_UNKNOWN",
    ja="この記録に第{version}版の出来事はありません。",
    en="There is no event with version {version} in this record.",
    rule=corrections.NAMED_EVENT,
    next_ja="経緯の表示から、対象の出来事の版番号を確かめてください。",
    next_en="Look up the version of the event in the trail.",
    kind="not_found",
)
FIELD_NOT_CORRECTABLE = refusal(
    "FIELD_NOT_CORRECTABLE",
    ja="「{field}」は訂正できる項目ではありません（{known}）。",
    en="“{field}” is not a field that can be corrected ({known}).",
    rule=corrections.CORRECTABLE,
    next_ja="項目名を確かめるか、つながりを取り消して作り直してください。",
    next_en="Check the name of the field, or withdraw the link and make it anew.",
    kind="invalid",
)
VALUE_NOT_FITTING = refusal(
    "VALUE_NOT_FITTING",
    ja="「{field}」にこの値は入りません（{why}）。",
    en="This value does not fit the field “{field}” ({why}).",
    rule=corrections.FITTING,
    next_ja="項目の型と単位を確かめてください。",
    next_en="Check the type and the unit of the field.",
    kind="invalid",
)
DATE_TOO_COARSE = refusal(
    "DATE_TOO_COARSE",
    ja="この出来事の日付は{needed}まで分かっていることが要ります。「{value}」では分かりません。",
    en="The date of this is recorded to the {needed_en}; “{value_en}” does not tell it.",
    rule=corrections.ONE_DATE,
    next_ja="{needed}まで確かめて訂正してください。",
    next_en="Find out the {needed_en}, and correct it to that.",
    kind="invalid",
)
NOTHING_CORRECTED = refusal(
    "NOTHING_CORRECTED",
    ja="現在の記録と同じ内容です。",
    en="This is what the record says already.",
    rule=corrections.CHANGES_SOMETHING,
    next_ja="訂正後の値を確かめてください。",
    next_en="Check the value after correction.",
    kind="invalid",
)
CORRECTION_UNKNOWN = refusal(
    "CORRECTION_UNKNOWN",
    ja="承認を待つ訂正案「{correction}」はありません。",
    en="No correction “{correction}” is waiting for approval.",
    rule=corrections.APPROVED,
    next_ja="先に訂正案を提出してください。",
    next_en="Propose the correction first.",
)
REDACTION_UNKNOWN = refusal(
    "REDACTION_UNKNOWN",
    ja="非公開の措置「{redaction}」は記録されていないか、既に解除されています。",
    en="No redaction “{redaction}” is in force.",
    rule=corrections.LIFTED_ONCE,
    next_ja="非公開の一覧を確かめてください。",
    next_en="Look at the list of redactions.",
)
NOT_A_REDACTION = refusal(
    "NOT_A_REDACTION",
    ja="非公開の措置の区分が「公開」になっています。",
    en="A redaction cannot be public.",
    rule=disclosure.GROUND,
    next_ja="visibility を closed か internal にし、ground に理由を記入してください。",
    next_en="Set “visibility” to closed or internal, with its ground.",
    kind="invalid",
)
