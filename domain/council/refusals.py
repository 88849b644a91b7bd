"""Refusals of the council (see domain/council/aggregate.py and domain.md 4.1)."""

from __future__ import annotations

from domain.rules import councils, permissions
from domain.values.refusal import refusal

ALREADY_ESTABLISHED = refusal(
    "ALREADY_ESTABLISHED",
    ja="この市民会議は既に設置されています。",
    en="This council has been established already.",
    rule=councils.FOUNDED_ONCE,
    next_ja="既存の市民会議に記録を追加してください。",
    next_en="Add to the existing council.",
)
LEGAL_BASIS_MISSING = refusal(
    "LEGAL_BASIS_MISSING",
    ja="設置の根拠（条例の条項）がありません。",
    en="The legal basis (article of an ordinance) is missing.",
    rule=councils.LEGAL_BASIS,
    next_ja="法的根拠として条例と条を記入してください。",
    next_en="Give the instrument and article.",
    kind="invalid",
)
ORDINANCE_REQUIRED = refusal(
    "ORDINANCE_REQUIRED",
    ja="附属機関の設置には条例が必要です。",
    en="A statutory advisory body needs an ordinance.",
    rule=councils.ADVISORY_BODY,
    next_ja="条例を登録して引用するか、会議の性格を見直してください。",
    next_en="Register and cite the ordinance, or reconsider the kind of body.",
    kind="invalid",
)
CITATION_UNKNOWN = refusal(
    "CITATION_UNKNOWN",
    ja="引用した法令「{instrument}」は登録されていません。",
    en="The instrument “{instrument}” is not on record.",
    rule=councils.REMIT,
    next_ja="先に条例を登録してください。",
    next_en="Register the ordinance first.",
    kind="invalid",
)
CATEGORY_TWICE = refusal(
    "CATEGORY_TWICE",
    ja="委員区分「{category}」が重複しています。",
    en="The seat category “{category}” is given twice.",
    rule=councils.SEAT_CATEGORIES,
    next_ja="区分をまとめてください。",
    next_en="Merge the categories.",
    kind="invalid",
)
CATEGORY_UNKNOWN = refusal(
    "CATEGORY_UNKNOWN",
    ja="委員区分「{category}」は構成にありません（{known}）。",
    en="There is no seat category “{category}” (known: {known}).",
    rule=councils.SEAT_CATEGORIES,
    next_ja="構成を改めるか、区分を直してください。",
    next_en="Change the composition, or correct the category.",
    kind="invalid",
)
RULES_OVERLAP = refusal(
    "RULES_OVERLAP",
    ja="会議規則（第{version}版）と適用開始日または版が重なります。",
    en="This overlaps with rules version {version}.",
    rule=councils.ONE_SET_OF_RULES,
    next_ja="適用開始日と版を確かめてください。",
    next_en="Check the day and the version.",
)
RULES_RETROACTIVE = refusal(
    "RULES_RETROACTIVE",
    ja="会議規則を過去（{day}）にさかのぼって適用することはできません。",
    en="Rules cannot take effect in the past ({day}).",
    rule=councils.NOT_RETROACTIVE,
    next_ja="適用開始日を今日以降にするか、既に採択されていたものなら採択日も記入してください。",
    next_en="Let them take effect today or later; if they had been adopted before, say on which day.",
)
TERM_TWICE = refusal(
    "TERM_TWICE",
    ja="第{term}期は既に開始しています。",
    en="Term {term} has been opened already.",
    rule=councils.TERMS,
    next_ja="期の番号を確かめてください。",
    next_en="Check the number of the term.",
)
TERM_UNKNOWN = refusal(
    "TERM_UNKNOWN",
    ja="第{term}期は開始していません。",
    en="Term {term} has not been opened.",
    rule=councils.TERMS,
    next_ja="先に任期を開始してください。",
    next_en="Open the term first.",
)
SEATS_FULL = refusal(
    "SEATS_FULL",
    ja="「{category}」の定員（{seats}人）は埋まっています。",
    en="All {seats} seats of “{category}” are taken.",
    rule=councils.SEATS,
    next_ja="先に解嘱を記録するか、定員を改めてください。",
    next_en="End an appointment first, or change the composition.",
)
ALREADY_SERVING = refusal(
    "ALREADY_SERVING",
    ja="「{party}」は既に委員です。",
    en="“{party}” is a member already.",
    rule=councils.ONE_SEAT,
    next_ja="委嘱の記録を確かめてください。",
    next_en="Look at the appointments.",
)
IS_ADVISER = refusal(
    "IS_ADVISER",
    ja="「{party}」はアドバイザーです。委員を兼ねることはできません。",
    en="“{party}” is an adviser and cannot be a member.",
    rule=councils.ADVISERS,
    next_ja="先にアドバイザーの退任を記録してください。",
    next_en="Release the adviser first.",
)
NOMINATOR_REQUIRED = refusal(
    "NOMINATOR_REQUIRED",
    ja="団体枠の委員には推薦団体が必要です。",
    en="A seat for organisations needs a nominating organisation.",
    rule=councils.NOMINATION,
    next_ja="推薦した団体を示してください。",
    next_en="Give the organisation.",
    kind="invalid",
)
REMAINING_TERM_EXCEEDED = refusal(
    "REMAINING_TERM_EXCEEDED",
    ja="補欠委員の任期は前任者の残任期間（{until}まで）です。",
    en="A substitute serves the remaining term (until {until}).",
    rule=councils.REMAINING_TERM,
    next_ja="任期の終わりを残任期間内にしてください。",
    next_en="Let it end within the remaining term.",
    kind="invalid",
)
AUTHORITY_REQUIRED = refusal(
    "AUTHORITY_REQUIRED",
    ja="委嘱・解嘱・会議規則の変更には、決定した文書の番号（または案件）が必要です。",
    en="To appoint, to end an appointment or to change the rules, the number of the deciding document"
    " (or the matter) is needed.",
    rule=permissions.AUTHORITY,
    next_ja="文書番号を記入してください（規則なら、決めた案件でも構いません）。",
    next_en="Give the document number; for rules the matter that decided them will do.",
    kind="invalid",
)
TENURE_OVER_10Y = refusal(
    "TENURE_OVER_10Y",
    ja="「{party}」の在任は通算10年を超えます。",
    en="“{party}” will have served for more than ten years in all.",
    rule=councils.TENURE,
    next_ja="差し支えなければ、このままで構いません。",
    next_en="If that is meant, nothing needs to be done.",
)
NOT_SERVING = refusal(
    "NOT_SERVING",
    ja="「{appointment}」は在任していません。",
    en="“{appointment}” does not hold a seat then.",
    rule=councils.SERVING,
    next_ja="委嘱の記録と日付を確かめてください。その日の委員が記録されていない会議は、開催の事実として、分かる"
    "範囲の出席とともに記録できます。",
    next_en="Check the appointment and the date. A meeting of a day whose members are not on record is "
    "recorded as held, with what is known of who was there.",
)
CHAIR_MUST_SERVE = refusal(
    "CHAIR_MUST_SERVE",
    ja="座長は在任中の委員でなければなりません（{appointment}）。",
    en="The chair must be a serving member ({appointment}).",
    rule=councils.CHAIR,
    next_ja="在任中の委員を選んでください。",
    next_en="Choose a serving member.",
)
OPEN_BUSINESS = refusal(
    "OPEN_BUSINESS",
    ja="終わっていない案件や会議があります（{business}）。",
    en="There is open business ({business}).",
    rule=councils.NOTHING_OPEN,
    next_ja="会議を閉じ、一任事項を報告してから廃止してください。",
    next_en="Close the meetings and report what was entrusted first.",
)
RECOMMENDATION_UNKNOWN = refusal(
    "RECOMMENDATION_UNKNOWN",
    ja="推薦「{recommendation}」は、この人について承諾されたものとして記録されていません。",
    en="No recommendation “{recommendation}” of this person is on record as accepted.",
    rule=councils.RECOMMENDED,
    next_ja="推薦と本人の承諾を先に記録するか、推薦を省いて委嘱してください。",
    next_en="Record the recommendation and the person's acceptance first, or appoint without it.",
    kind="invalid",
)
