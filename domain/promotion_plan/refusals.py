"""Why a command on a promotion plan may be refused (see domain/promotion_plan/aggregate.py and domain.md
4.5)."""

from __future__ import annotations

from domain.kernel.refusals import TAKEN
from domain.rules import dates, disclosure, plans, recording
from domain.values.refusal import refusal

COUNCIL_NOT_CONSULTED = refusal(
    "COUNCIL_NOT_CONSULTED",
    ja="市民会議の合意が記録されていない計画を承認するには、その理由が必要です。",
    en="To approve a plan the council has not agreed on, a reason is needed.",
    rule=plans.COUNCIL_CONSULTED,
    next_ja="先に市民会議の合意を記録するか、理由を記入してください。",
    next_en="Record the council's agreement first, or give the reason.",
)
PLAN_OVERLAP = refusal(
    "PLAN_OVERLAP",
    ja="同じ期間に別の推進計画があります（{value}）。",
    en="Another promotion plan covers the same years ({value}).",
    rule=plans.ONE_PLAN,
    next_ja="前の計画を示し、期間が重なる場合は先に計画の交代を記録してください。",
    next_en="Name the plan before it; if their years overlap, supersede it first.",
)
TAKEN["plan_first"] = TAKEN["plan_after"] = PLAN_OVERLAP
PERIOD_REVERSED = refusal(
    "PERIOD_REVERSED",
    ja="計画期間の終わり（{to}年度）が始まり（{begin}年度）より前です。",
    en="The plan's period ends (FY{to}) before it begins (FY{begin}).",
    rule=dates.FORWARD,
    next_ja="計画期間を確かめてください。",
    next_en="Check the period of the plan.",
    kind="invalid",
)
PLAN_NOT_OVER = refusal(
    "PLAN_NOT_OVER",
    ja="計画期間はまだ終わっていません（終わり: {ends}）。",
    en="The plan's years are not over (its last day: {ends}).",
    rule=plans.UNTIL_REPLACED,
    next_ja="期間の終了後に記録するか、計画の交代または改定として記録してください。",
    next_en="Record it when the period is over, or supersede or revise the plan.",
)
MEASURE_NAME_WRONG = refusal(
    "MEASURE_NAME_WRONG",
    ja="施策に付ける名前は、決まった形で始まらなければなりません。",
    en="The identifier of a measure begins with “measure-” (“{measure}” does not).",
    rule=recording.PART_NAME,
    next_ja="公開の規約にある形（measure- に続けて名前）で付けてください。",
    next_en="For example: measure-centre",
    kind="invalid",
)

# ------------------------------------------------------------------------------------- public comment

COMMENTS_OPEN = refusal(
    "COMMENTS_OPEN",
    ja="対応の決まっていない意見があります（{comments}）。",
    en="Some comments have not been disposed of ({comments}).",
    rule=plans.EVERY_ANSWER,
    next_ja="それぞれの意見について、対応と回答を記録してください。",
    next_en="Record what becomes of each of them, and the reply.",
)
WINDOW_OPEN = refusal(
    "WINDOW_OPEN",
    ja="意見募集は{until}まで続いています。",
    en="Comments may still be made until {until_en}.",
    rule=plans.WINDOW,
    next_ja="募集期間が終わってから記録してください。",
    next_en="Record it when the window has closed.",
)
WINDOW_REVERSED = refusal(
    "WINDOW_REVERSED",
    ja="意見募集の終わり（{to}）が始まり（{begin}）より前です。",
    en="The window for comments ends ({to_en}) before it begins ({begin_en}).",
    rule=dates.FORWARD,
    next_ja="募集期間を確かめてください。",
    next_en="Check the days of the window.",
    kind="invalid",
)
OUTSIDE_WINDOW = refusal(
    "OUTSIDE_WINDOW",
    ja="{day}は意見募集の期間（{begin}から{to}まで）の外です。",
    en="{day_en} is outside the window for comments ({begin_en} to {to_en}).",
    rule=plans.WINDOW,
    next_ja="受け付けた日を確かめてください。期間外の意見は、会議の意見や案件として記録できます。",
    next_en="Check the day of receipt. What comes later can be an opinion in a matter.",
)
COMMENTER_REQUIRED = refusal(
    "COMMENTER_REQUIRED",
    ja="意見を出した人の氏名と住所が必要です。",
    en="The name and address of whoever comments are needed.",
    rule=plans.COMMENTER,
    next_ja="氏名と住所を記入するか、同じ人のほかの意見を示してください。",
    next_en="Give both (they go to the vault only), or name an earlier comment.",
    kind="invalid",
)
TEXT_REQUIRED = refusal(
    "TEXT_REQUIRED",
    ja="意見の本文を登録した文書が必要です。",
    en="The document that holds the text of the comment is needed.",
    rule=plans.TEXT,
    next_ja="本文を、意見の文書（非公開）として登録し、それを示してください。",
    next_en="Register the text as a document ( not public), and name it.",
    kind="invalid",
)
NO_DRAFT_CHANGE = refusal(
    "NO_DRAFT_CHANGE",
    ja="意見を反映したなら、案のどこをどう変えたかが必要です。",
    en="What is reflected changed the draft: say where and how.",
    rule=plans.REFLECTED,
    next_ja="案の変更箇所と内容を記入するか、対応を選び直してください。",
    next_en="Give the change, or choose another disposition.",
    kind="invalid",
)
REPLY_REQUIRED = refusal(
    "REPLY_REQUIRED",
    ja="対応できない意見には、その理由を述べた回答が必要です。",
    en="A comment that is not adopted needs a reply that says why.",
    rule=plans.NOT_ADOPTED,
    next_ja="回答を記入してください。",
    next_en="Give the reply.",
    kind="invalid",
)
PII = refusal(
    "PII",
    ja="公表されるものに、意見を出した人が分かる情報（{what}）が含まれています。",
    en="What is published would tell who commented ({what_en}).",
    rule=disclosure.NO_IDENTITY,
    next_ja="氏名・住所・連絡先・保管番号・原本を除いてください。",
    next_en="Take out names, addresses, contacts, references into the vault, and the original letters.",
    kind="invalid",
)
RESULT_PUBLISHED = refusal(
    "RESULT_PUBLISHED",
    ja="意見募集の結果は既に公表されています。",
    en="The result of the public comment has been published already.",
    rule=plans.RESULT,
    next_ja="誤りがあれば、訂正として理由とともに記録してください。",
    next_en="If it is wrong, have it corrected, with the reason.",
)
COMMENT_COUNT_WRONG = refusal(
    "COMMENT_COUNT_WRONG",
    ja="公表する数（{persons}人・{comments}件）が、受け付けた意見（{known_persons}人・{known}件）と合いません。",
    en="{comments} comments by {persons} people are not the {known} by {known_persons} on record.",
    rule=plans.RESULT,
    next_ja="数を省略すれば、記録から数えます。",
    next_en="Leave the numbers out to have them counted from the record.",
    kind="invalid",
)
