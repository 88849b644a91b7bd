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
FIELD_COMPUTED = refusal(
    "FIELD_COMPUTED",
    ja="「{field}」は計算された結果なので、訂正できません。もとになる内容: {inputs}。",
    en="“{field_en}” is computed, and is not corrected. It is computed from: {inputs_en}.",
    rule=corrections.COMPUTED,
    next_ja="もとになる内容を訂正してください。結果は計算し直され、前の結果も読めるまま残ります。",
    next_en="Correct what it is computed from: it is computed anew, and what stood there stays readable.",
    kind="invalid",
    since=6,
)
CORRECTION_IMPOSSIBLE = refusal(
    "CORRECTION_IMPOSSIBLE",
    ja="訂正した内容では、この出来事は当時の決まりで記録できません。{why}",
    en="Corrected so, this could not have been recorded by the rules of then. {why_en}",
    rule=corrections.AT_ITS_PLACE,
    next_ja="訂正後の値を確かめてください。ほかの出来事の誤りによるときは、それを先に、またはあわせて訂正してください。",
    next_en="Check the values. Where another event is wrong too, correct that first, or together with this "
    "(also).",
    since=6,
)
CORRECTION_BREAKS = refusal(
    "CORRECTION_BREAKS",
    ja="この訂正により、後の{count}件の出来事が成り立たなくなります。{events}",
    en="After this correction {count} later events could not have been recorded. {events_en}",
    rule=corrections.AT_ITS_PLACE,
    next_ja="それらもあわせて訂正するか、そのまま残すものを一つずつ理由とともに示してください。",
    next_en="Correct them together with it, or name each that stands though, with a reason.",
    since=6,
)
CORRECTION_REACHES_FAR = refusal(
    "CORRECTION_REACHES_FAR",
    ja="この訂正は{count}件の後の出来事に関わるため、画面やAPIからは受け付けられません（上限{most}件）。",
    en="This correction concerns {count} later events: more than are looked at while somebody waits "
    "({most}).",
    rule=corrections.AT_ITS_PLACE,
    next_ja="サーバーの端末から kyodo approve-correction で承認してください。件数に上限はありません。",
    next_en="Approve it with “kyodo approve-correction” at the server's terminal, where there is no limit.",
    since=6,
)
NOT_YOUR_RECORD = refusal(
    "NOT_YOUR_RECORD",
    ja="取り消せるのは、自分で記録したものだけです。",
    en="Only whoever recorded something may take it back.",
    rule=corrections.WITHDRAWN,
    next_ja="記録した人に取消しを依頼するか、訂正を提案してください。",
    next_en="Ask whoever recorded it, or propose a correction.",
    kind="forbidden",
    since=6,
)
WITHDRAWN_TOO_LATE = refusal(
    "WITHDRAWN_TOO_LATE",
    ja="記録した日（{day}）を過ぎているため、取り消せません。",
    en="The day of recording ({day}) is over: it can no longer be taken back.",
    rule=corrections.WITHDRAWN,
    next_ja="誤りは訂正を提案してください。",
    next_en="Propose a correction of what is wrong.",
    since=6,
)
SOMETHING_RESTS_ON_IT = refusal(
    "SOMETHING_RESTS_ON_IT",
    ja="後の{count}件の記録がこれに基づいているため、取り消せません。{events}",
    en="{count} later events rest on it: it cannot be taken back. {events_en}",
    rule=corrections.WITHDRAWN,
    next_ja="先にそれらを取り消すか、訂正を提案してください。",
    next_en="Take those back first, or propose a correction.",
    since=6,
)
AT_ITS_PLACE = (CORRECTION_IMPOSSIBLE, CORRECTION_BREAKS, CORRECTION_REACHES_FAR)
"""What a correction is refused with that is judged at its place (domain/recording/judging.py)."""
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
    next_ja="公開範囲を非公開か内部限りとし、理由の区分を記入してください。",
    next_en="Make it closed or internal, with its ground.",
    kind="invalid",
)
NOT_TO_BE_CONFIRMED = refusal(
    "NOT_TO_BE_CONFIRMED",
    ja="確認を待つ、安全のための非公開「{redaction}」はありません。",
    en="No closing for safety “{redaction}” waits to be confirmed.",
    rule=disclosure.AT_ONCE,
    next_ja="既に確認されたか解除されています。非公開の一覧を確かめてください。",
    next_en="It was confirmed or lifted already. Look at the list of redactions.",
)
CONFIRMED_BY_ANOTHER = refusal(
    "CONFIRMED_BY_ANOTHER",
    ja="直ちに非公開とした本人は、その確認ができません。",
    en="Whoever closed it at once does not confirm it.",
    rule=disclosure.AT_ONCE,
    next_ja="別の公開担当か決裁権者に確認を依頼してください。非公開が要らなくなったときは、解除できます。",
    next_en="Ask another disclosure officer or an approver to confirm it; where it is not needed any more, "
    "it can be lifted.",
    kind="forbidden",
)
CONFIRMED_LATE = refusal(
    "CONFIRMED_LATE",
    ja="確認の期限（{day}）を過ぎています。期限後の確認として記録し、それまでは「未確認の非公開」と公表されていました。",
    en="The term for confirming ({day}) is over. It is recorded as confirmed late; until then it was listed "
    "in public as unconfirmed.",
    rule=disclosure.AT_ONCE,
    next_ja="このまま確認できます。公表の一覧からは、確認により消えます。",
    next_en="It can be confirmed still; the public list leaves it out from then on.",
)
