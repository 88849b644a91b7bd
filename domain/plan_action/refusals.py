"""Why a command on an action 事業 may be refused (see domain/plan_action/aggregate.py and domain.md 4.6)."""

from __future__ import annotations

from domain.rules import actions, money
from domain.values.refusal import refusal

PHASE_ORDER = refusal(
    "PHASE_ORDER",
    ja="{year}年度は「{phase}」の段階です（この記録ができる段階: {allowed}）。",
    en="FY{year} is in the phase “{phase_en}” (this can be recorded in: {allowed_en}).",
    rule=actions.PHASES,
    next_ja="先に、抜けている段階（開始・計画・実施・評価）を記録してください。",
    next_en="Record the missing phase first (opening, plan, implementation, evaluation).",
)
NOT_EVALUATED = refusal(
    "NOT_EVALUATED",
    ja="{year}年度は、評価と改善（または改善がない理由）が記録されるまで終えられません。",
    en="FY{year} cannot be closed before its evaluation and an improvement (or why none) are recorded.",
    rule=actions.EVALUATED,
    next_ja="評価を記録し、改善を決めるか、改善のない理由を記入してください。",
    next_en="Record the evaluation, then decide an improvement or say why there is none.",
)
IMPROVEMENT_UNANSWERED = refusal(
    "IMPROVEMENT_UNANSWERED",
    ja="改善「{improvement}」を取り入れるかどうか（取り入れないならその理由）が計画に示されていません。",
    en="The plan does not say whether the improvement “{improvement}” is taken up, or why it is not.",
    rule=actions.ANSWERED,
    next_ja="改善への答えとして、取り入れるか否かと、取り入れない場合の理由を記入してください。",
    next_en="Answer it: taken or not, and if not, why.",
    kind="invalid",
)
IMPROVEMENT_NOT_LATER = refusal(
    "IMPROVEMENT_NOT_LATER",
    ja="改善の適用年度（{applies}年度）は、評価した{year}年度より後でなければなりません。",
    en="An improvement applies to a later year: FY{applies} is not after FY{year}.",
    rule=actions.LATER_YEAR,
    next_ja="翌年度以降の年度を記入してください。",
    next_en="Give a later fiscal year.",
    kind="invalid",
)
INITIAL_BUDGET_EXISTS = refusal(
    "INITIAL_BUDGET_EXISTS",
    ja="{year}年度の当初予算は既に記録されています（{amount}）。",
    en="The initial budget of FY{year} is already on record ({amount}).",
    rule=money.INITIAL_BUDGET,
    next_ja="増減は補正予算または流用として記録してください。",
    next_en="Record a change as a supplementary budget or a transfer.",
)
NO_INITIAL_BUDGET = refusal(
    "NO_INITIAL_BUDGET",
    ja="{year}年度の予算がまだ記録されていません。",
    en="No budget of FY{year} is on record yet.",
    rule=money.BUDGET_FIRST,
    next_ja="先に予算（当初または補正）を記録してください。",
    next_en="Record the budget, initial or supplementary, first.",
)
INITIAL_NOT_RECORDED = refusal(
    "INITIAL_NOT_RECORDED",
    ja="{year}年度の当初予算は記録されていません。",
    en="No initial budget of FY{year} is on record.",
    rule=money.BUDGET_FIRST,
    next_ja="当初予算があったなら、それも記録してください。補正で始まった事業なら、このままで構いません。",
    next_en="If there was one, record it too; if the action began with this supplementary one, all is well.",
)
IMPROVEMENT_ANSWERED = refusal(
    "IMPROVEMENT_ANSWERED",
    ja="改善「{improvement}」には既に答えが記録されています。",
    en="The improvement “{improvement}” has been answered.",
    rule=actions.ANSWERED,
    next_ja="記録されている答えを確かめてください。誤りなら訂正を提案できます。",
    next_en="Look at the answer on record; if it is wrong, propose a correction.",
)
BUDGET_NEGATIVE = refusal(
    "BUDGET_NEGATIVE",
    ja="{year}年度の予算が負になります（{amount}）。",
    en="The budget of FY{year} would be negative ({amount}).",
    rule=money.CURRENT_BUDGET,
    next_ja="減額の金額と年度を確かめてください。",
    next_en="Check the amount of the reduction and its year.",
    kind="invalid",
)
OVER_BUDGET = refusal(
    "OVER_BUDGET",
    ja="支出済額と繰越額の合計（{spent}）が、{year}年度の予算現額（{current}）を超えています。",
    en="What was spent and carried out ({spent}) exceeds the current budget of FY{year} ({current}).",
    rule=money.CURRENT_BUDGET,
    next_ja="金額を確かめるか、補正・流用の記録漏れがないか確かめてください。",
    next_en="Check the amounts, and whether a supplementary budget or transfer is missing.",
)
FY_OPEN = refusal(
    "FY_OPEN",
    ja="{year}年度はまだ終わっていないため、決算を記録できません（{ends}まで）。",
    en="FY{year} has not ended (it runs to {ends}): there is nothing to settle yet.",
    rule=money.YEAR_OVER,
    next_ja="年度が終わってから記録してください。",
    next_en="Record it when the year has ended.",
)
BOOKS_OPEN = refusal(
    "BOOKS_OPEN",
    ja="{year}年度の出納整理期間は{closes}まで続くため、確定した決算はまだ記録できません。",
    en="The books of FY{year} are open until {closes}: the settlement cannot be final yet.",
    rule=money.BOOKS_CLOSED,
    next_ja="見込みとして記録する場合は、暫定としてください。",
    next_en="Record it as provisional, or wait until the books are closed.",
)
ALREADY_SETTLED = refusal(
    "ALREADY_SETTLED",
    ja="{year}年度の決算は既に確定しています（支出済額{spent}）。",
    en="FY{year} has been settled for good ({spent} spent).",
    rule=money.SETTLED_ONCE,
    next_ja="誤りがあれば、訂正として理由とともに記録してください。",
    next_en="If it is wrong, have it corrected, with the reason.",
)
SETTLED_APART = refusal(
    "SETTLED_APART",
    ja="決算額は、予算とは別の記録として残します。",
    en="What was spent is recorded by itself, not with the budget.",
    rule=money.SETTLED_APART,
    next_ja="決算額を省き、年度の終了後に決算を記録してください。",
    next_en="Leave the settled amount out, and record the settlement when the year has ended.",
    kind="invalid",
)
COUNT_MISMATCH = refusal(
    "COUNT_MISMATCH",
    ja="参加者の内訳（初めて・再び・不明）の合計{parts}人が、参加者{participants}人と合いません。",
    en="First-time, returning and unknown participants add up to {parts}, not to {participants}.",
    rule=actions.PARTICIPANTS,
    next_ja="内訳と合計を確かめてください。分からない数は省略してください。",
    next_en="Check the parts and the total; leave out what is not known.",
    kind="invalid",
)
PHASE_UNNAMED = refusal(
    "PHASE_UNNAMED",
    ja="市民会議がどの段階に関わったかを示してください。",
    en="Say in which phases the council took part.",
    rule=actions.INVOLVEMENT,
    next_ja="企画立案・実施・評価のいずれかを選んでください。",
    next_en="Name at least one of planning, implementation, evaluation.",
    kind="invalid",
)
SHEET_OF_ANOTHER = refusal(
    "SHEET_OF_ANOTHER",
    ja="評価シート「{sheet}」は、この事業の{year}年度のものではありません。",
    en="The sheet “{sheet}” is not of this action and FY{year}.",
    rule=actions.OWN_SHEET,
    next_ja="事業と年度の合う評価シートを指定してください。",
    next_en="Name the sheet of this action and year.",
    kind="invalid",
)
SHEET_NOT_READY = refusal(
    "SHEET_NOT_READY",
    ja="評価シート「{sheet}」は、まだ改善の合意に至っていません。",
    en="No improvement has been agreed on in the sheet “{sheet}” yet.",
    rule=actions.SHEET_DONE,
    next_ja="評価シートの手続きを、改善の合意まで進めてください。",
    next_en="Take the sheet on to its improvement first.",
)
