"""Why a command on an evaluation sheet 評価シート may be refused (see domain/evaluation_sheet/aggregate.py).

While a sheet is sealed no sentence depends on what the other side has done: a refusal must not tell it.
"""

from __future__ import annotations

from domain.kernel.refusals import TAKEN
from domain.rules import sheets
from domain.values.refusal import refusal

SHEET_EXISTS = refusal(
    "SHEET_EXISTS",
    ja="この事業・年度・段階の評価シートは既にあります（{value}）。",
    en="There is an evaluation sheet of this action, year and stage already ({value}).",
    rule=sheets.ONE_SHEET,
    next_ja="既にある評価シートに記録するか、それを中止してから代わりのものを作ってください。",
    next_en="Go on with the sheet there is, or cancel it and open one in its place.",
)
TAKEN["sheet"] = SHEET_EXISTS

SAME_EVALUATOR = refusal(
    "SAME_EVALUATOR",
    ja="同じ人・団体が、市民側と行政側（または第三者）を兼ねて評価することはできません。",
    en="Nobody evaluates for both sides, nor as a side and as the third party.",
    rule=sheets.TWO_SIDES,
    next_ja="どちらか一方の評価者として、別の人が行ってください。",
    next_en="Let somebody else evaluate for the other side.",
)
EVALUATOR_UNKNOWN = refusal(
    "EVALUATOR_UNKNOWN",
    ja="このアカウントは人・団体に結び付いていないため、誰の評価か記録できません。",
    en="This account is tied to no party, so that nobody could tell whose evaluation it is.",
    rule=sheets.TWO_SIDES,
    next_ja="管理者に、アカウントと評価者の識別子の結び付けを依頼してください。",
    next_en="Have an administrator tie the account to the evaluator's id.",
)
TARGETS_MISSING = refusal(
    "TARGETS_MISSING",
    ja="目標となる指標と、受益者への確認方法（または確認しない理由）が必要です。",
    en="Targets need an indicator, and whom of the beneficiaries will be asked or why nobody is.",
    rule=sheets.TARGETS,
    next_ja="指標と、受益者への確認（またはしない理由）を記入してください。",
    next_en="Give indicators, and how beneficiaries are asked or why they are not.",
    kind="invalid",
)
TARGETS_TOO_LATE = refusal(
    "TARGETS_TOO_LATE",
    ja="{year}年度の実施は既に終わっているため（{phase}）、目標の合意は記録できません。",
    en="The year {year} has been carried out already ({phase_en}): targets are agreed beforehand.",
    rule=sheets.TARGETS,
    next_ja="「事前の目標なしで評価する」として理由とともに続けるか、評価シートを中止してください。",
    next_en="Go on without prior targets, with the reason, and the sheet says so; or cancel the sheet.",
)
TARGETS_POSSIBLE = refusal(
    "TARGETS_POSSIBLE",
    ja="{year}年度の実施はまだ終わっていないため、事前の目標なしで評価するとはできません。",
    en="The work of FY{year} is not done yet: targets can still be agreed on.",
    rule=sheets.TARGETS,
    next_ja="双方で目標に合意し、それを記録してください。",
    next_en="Agree on targets, and record them.",
)
SHEET_NOT_CANCELLED = refusal(
    "SHEET_NOT_CANCELLED",
    ja="「{sheet}」は、同じ事業・年度・段階の中止された評価シートではありません。",
    en="“{sheet}” is no cancelled sheet of the same action, year and stage.",
    rule=sheets.ONE_SHEET,
    next_ja="前の評価シートを中止してから、それに代わるものとして作ってください。",
    next_en="Cancel the sheet there is first, then open one in its place.",
)
ITEM_NOT_IN_TEMPLATE = refusal(
    "ITEM_NOT_IN_TEMPLATE",
    ja="「{item}」はこの評価シートの項目ではありません（{known}）。",
    en="“{item}” is not an item of this sheet ({known}).",
    rule=sheets.TEMPLATE,
    next_ja="項目の記号を確かめてください。",
    next_en="Check the code of the item.",
    kind="invalid",
)
SCORES_INCOMPLETE = refusal(
    "SCORES_INCOMPLETE",
    ja="すべての項目を一度ずつ評価してください（足りない項目: {missing}、重複: {twice}）。",
    en="Every item is judged once (missing: {missing}; twice: {twice}).",
    rule=sheets.EACH_ITEM,
    next_ja="該当しない項目は点数を省き、その理由を記入してください。",
    next_en="For what does not apply leave the score out and say why.",
    kind="invalid",
)
SCORE_AND_NA = refusal(
    "SCORE_AND_NA",
    ja="項目「{item}」に、点数と「該当しない理由」の両方があります。",
    en="The item “{item}” has both a score and a reason why it does not apply.",
    rule=sheets.EACH_ITEM,
    next_ja="どちらか一方だけにしてください。",
    next_en="Give one of the two.",
    kind="invalid",
)
SEALED = refusal(
    "SEALED",
    ja="双方の自己評価がそろうまで、この評価シートは封印されています。",
    en="The sheet is sealed until both sides' self-evaluations are in.",
    rule=sheets.SEALED,
    next_ja="開封（双方の提出）を待ってください。自分の側の内容は差し替えできます。",
    next_en="Wait for the unsealing. What your own side submitted it may replace.",
)
SEALED_ENVELOPE = refusal(
    "SEALED_ENVELOPE",
    ja="封印される自己評価には、出典・根拠条文・文書番号を付けられません。",
    en="A sealed self-evaluation carries no source, legal basis or document number.",
    rule=sheets.SEALED,
    next_ja="出典や根拠は、コメントか総合所見に記してください。",
    next_en="Put them into a comment or into what you say overall.",
    kind="invalid",
)
SUBMISSION_STANDS = refusal(
    "SUBMISSION_STANDS",
    ja="自己評価は、その側が書いたものとして残し、訂正しません。",
    en="A self-evaluation stands as its side wrote it: it is not corrected.",
    rule=sheets.STANDS,
    next_ja="双方で話し合い、合意した点数を記録してください。",
    next_en="Talk about it and record the score agreed on.",
)
ALREADY_SUBMITTED = refusal(
    "ALREADY_SUBMITTED",
    ja="{side}の自己評価は既に提出されています。",
    en="The self-evaluation of the {side_en} has been submitted.",
    rule=sheets.SUBMITTED_ONCE,
    next_ja="開封前なら、理由を添えて差し替えができます。",
    next_en="Before the unsealing, replace it with a reason.",
)
NOT_SUBMITTED = refusal(
    "NOT_SUBMITTED",
    ja="{side}の自己評価はまだ提出されていないため、差し替えられません。",
    en="The {side_en} has not submitted anything that could be replaced.",
    rule=sheets.SUBMITTED_ONCE,
    next_ja="先に自己評価を提出してください。",
    next_en="Submit the self-evaluation first.",
)
ONE_SIDE_MISSING = refusal(
    "ONE_SIDE_MISSING",
    ja="双方の自己評価がまだそろっていません。",
    en="The self-evaluations of both sides are not in yet.",
    rule=sheets.SELF_FIRST,
    next_ja="双方の提出により開封されるのを待ってください。",
    next_en="Wait until both have submitted and the sheet unseals itself.",
)
GAP_UNDISCUSSED = refusal(
    "GAP_UNDISCUSSED",
    ja="項目「{item}」は双方の点数に大きな差（{c}と{g}）がありますが、話し合いの記録がありません。",
    en="The scores of “{item}” are far apart ({c} and {g}), and no discussion is on record.",
    rule=sheets.GAPS,
    next_ja="差が生じた原因を話し合い、それを記録してください。",
    next_en="Talk about the cause and record it.",
)
NO_DIFFERENCE = refusal(
    "NO_DIFFERENCE",
    ja="項目「{item}」に双方の評価の差はありません。",
    en="The two sides judge “{item}” alike.",
    rule=sheets.SETTLED,
    next_ja="項目を確かめてください。同じ評価の項目には記録は要りません。",
    next_en="Check the item; where both agree nothing needs to be recorded.",
)
ITEMS_UNSETTLED = refusal(
    "ITEMS_UNSETTLED",
    ja="双方の評価が異なる項目（{items}）について、合意も併記も記録されていません。",
    en="The sides differ on {items}, and neither an agreement nor a kept difference is on record.",
    rule=sheets.SETTLED,
    next_ja="項目ごとに、合意した点数か、併記の理由を記録してください。",
    next_en="Record the score agreed on or why both stand.",
)
IMPROVEMENT_MISSING = refusal(
    "IMPROVEMENT_MISSING",
    ja="改善の合意が記録されるまで、評価シートは公表できません。",
    en="A sheet is not published before an improvement has been agreed on.",
    rule=sheets.IMPROVEMENT,
    next_ja="改善の合意を先に記録してください。",
    next_en="Record the improvement agreed on first.",
)
