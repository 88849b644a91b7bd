"""Yen, fiscal years, budgets and settlements."""

from __future__ import annotations

from domain.rules.rule import Topic
from domain.rules.sources import BOOKS, BUDGET_TERMS, FISCAL_YEAR

TOPIC = Topic("money-and-fiscal-years", "金額と年度", "Money and fiscal years")
THOUSANDS = TOPIC.rule(
    "thousands",
    "1千円はちょうど1,000円です。出典の単位の金額と円の金額は一致します。",
    "An amount in thousands of yen is exactly a thousand times as many yen: the source's amount and the "
    "amount in yen agree.",
)
WHOLE_YEN = TOPIC.rule(
    "whole-yen",
    "金額は整数の円で記録します。小数は使いません。",
    "Money is recorded in whole yen, without fractions.",
)
INITIAL_BUDGET = TOPIC.rule(
    "initial-budget",
    "一つの年度の当初予算は一つです。後からの変更は補正・流用・繰越として加えます。",
    "A fiscal year has one initial budget; later changes are supplementary budgets, transfers and "
    "carry-overs.",
)
BUDGET_FIRST = TOPIC.rule(
    "budget-first",
    "支出は予算があってのものです。年度の途中で始まった事業の予算は、当初のない補正で始まることがあります。",
    "What is spent was budgeted. An action that begins within a year may begin with a supplementary budget.",
)
CURRENT_BUDGET = TOPIC.rule(
    "current-budget",
    "予算現額は当初・補正・流用・繰越の合計で、負になりません。支出済額と翌年度への繰越額の合計は、これを超"
    "えません。",
    "The current budget is the sum of the initial and supplementary budgets, transfers and carry-overs. It "
    "is never negative, and what is spent and carried out does not exceed it.",
    BUDGET_TERMS,
)
YEAR_OVER = TOPIC.rule(
    "year-over",
    "年度は4月から翌年3月までです。決算は年度が終わってから記録します。",
    "A fiscal year runs from April to the following March; it is settled when it has ended.",
    FISCAL_YEAR,
)
BOOKS_CLOSED = TOPIC.rule(
    "books-closed",
    "出納整理期間（翌年度の5月末まで）が終わるまでの決算は、暫定として記録します。",
    "Until the books are closed, at the end of the May that follows the year, a settlement is provisional.",
    BOOKS,
)
SETTLED_ONCE = TOPIC.rule(
    "settled-once",
    "暫定の決算は確定した決算に置き換わります。確定した決算の誤りは、訂正として直します。",
    "A provisional settlement is replaced by the final one; a final one that is wrong is corrected.",
)
SETTLED_APART = TOPIC.rule(
    "settled-apart",
    "予算と決算は別の記録です。一つの資料が両方を述べている場合（取り込み）だけ、一緒に記録できます。",
    "A budget and a settlement are recorded apart; only a source that states both (an import) gives them "
    "together.",
)
