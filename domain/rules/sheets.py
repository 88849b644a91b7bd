"""Evaluation sheets: both sides judge for themselves and blind, then settle what they see differently."""

from __future__ import annotations

from domain.rules.rule import CONVENTION, Topic
from domain.rules.sources import EVALUATION_SHEETS, practice

TOPIC = Topic("evaluation-sheets", "評価シート", "Evaluation sheets")
ONE_SHEET = TOPIC.rule(
    "one-sheet",
    "評価シートは、事業・年度・段階（企画立案、中間、終了）ごとに一つです。中止したものに代えて作れます。",
    "There is one sheet for each action, year and stage: planning, middle, end. In place of one that was "
    "cancelled there may be another.",
    practice("Mie"),
)
TWO_SIDES = TOPIC.rule(
    "two-sides",
    "市民側と行政側は別々に評価します。一人が双方を、または一方と第三者を兼ねることはありません。誰の評価か"
    "が分かっている必要があります。",
    "The two sides judge apart: nobody evaluates for both, nor for one and as the third party. Whose "
    "evaluation it is has to be known.",
    practice("Fuchu", "Sanda"),
)
TARGETS = TOPIC.rule(
    "targets",
    "目標（指標と、受益者にどう確かめるか、または確かめない理由）は、実施が終わる前に合意します。"
    "実施後に作った評価シートは、事前の目標がないと明記して評価するか、中止します。",
    "Targets, with their indicators and whom of the beneficiaries will be asked or why nobody is, are agreed "
    "on before the work is done. A sheet opened after it says that it has none, or is cancelled.",
    EVALUATION_SHEETS,
    practice("Mie"),
)
TEMPLATE = TOPIC.rule(
    "template",
    "評価シートの項目は、開いたときの様式で決まります。",
    "A sheet has the items of the template it was opened with.",
)
EACH_ITEM = TOPIC.rule(
    "each-item",
    "すべての項目を一度ずつ評価します。点数を付けるか、該当しない理由を書くかの一方です。",
    "Each item is judged once: it has a score, or a reason why it does not apply, not both.",
)
SEALED = TOPIC.rule(
    "sealed",
    "双方の自己評価がそろうまで、互いに相手の評価を見られません。ほかの一覧に載る出典や文書番号も付けません。",
    "Neither side sees the other's evaluation until both are in; and it carries no source or number that "
    "stands in lists others read.",
)
SUBMITTED_ONCE = TOPIC.rule(
    "submitted-once",
    "自己評価の提出は、それぞれ一度です。開封の前なら、出した側が理由を示して差し替えられます。",
    "Each side submits once; before the unsealing it may replace what it submitted, with a reason.",
)
STANDS = TOPIC.rule(
    "stands",
    "相手の評価を見た後は、自己評価を変えません。話し合って合意した点数を、別に記録します。",
    "Once a side has read the other, its own scores stand; a score agreed on is recorded beside them.",
)
SELF_FIRST = TOPIC.rule(
    "self-first",
    "双方の自己評価がそろってから、相互評価に進みます。",
    "Both self-evaluations come before the mutual one.",
    practice("Fuchu", "Sanda"),
)
GAPS = TOPIC.rule(
    "gaps",
    "双方の点数が2点以上離れた項目は、原因を話し合います。",
    "Items on which the sides are two points or more apart are discussed.",
    CONVENTION,
    practice("Fuchu", "Sanda"),
)
SETTLED = TOPIC.rule(
    "settled",
    "評価が異なる項目は、点数に合意するか、違いのまま併記します。違いのない項目に併記はありません。",
    "Where the sides differ they agree on a score or keep the difference; where they do not there is "
    "nothing to keep.",
)
IMPROVEMENT = TOPIC.rule(
    "improvement",
    "評価シートは、改善に合意してから公表します。",
    "A sheet is published when an improvement has been agreed on.",
)
DUE = TOPIC.rule(
    "due",
    "自己評価の期限は、提出を求めたときに示した日です。",
    "Self-evaluations are due on the day stated when they were asked for.",
)
