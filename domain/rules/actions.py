"""Actions and their yearly round: planned, carried out, evaluated, and what was learnt is answered."""

from __future__ import annotations

from domain.rules.rule import Topic
from domain.rules.sources import ACCOUNTABILITY

TOPIC = Topic("actions", "事業と年度", "Actions and their years")
PHASES = TOPIC.rule(
    "phases",
    "事業の年度は、企画立案・実施・評価の順に進みます。",
    "A year of an action goes from planning through implementation to evaluation.",
    ACCOUNTABILITY,
)
EVALUATED = TOPIC.rule(
    "evaluated",
    "年度は、評価と改善（改善がないなら、その理由）を記録してから終えます。",
    "A year is closed with its evaluation and an improvement, or why there is none.",
)
ANSWERED = TOPIC.rule(
    "answered",
    "決まった改善は、適用する年度の計画が、取り入れるか、取り入れないなら理由を示して答えます。計画の後に決"
    "まった改善には、年度内の変更か、後の年度の計画・予算要求で答えます。双方が合意した改善は、事業で取り上"
    "げて決定します。",
    "An improvement is answered by the plan of its year: taken up, or not and why. One decided after that "
    "plan is answered by a change in the year, or by the plan or the budget request of a later year. What "
    "both sides agreed on is decided in the action.",
)
LATER_YEAR = TOPIC.rule(
    "later-year",
    "改善は、評価した年度より後の年度に適用します。",
    "An improvement applies to a later year than the one that was evaluated.",
)
OWN_SHEET = TOPIC.rule(
    "own-sheet",
    "年度の評価には、その事業・その年度の評価シートを用います。",
    "A year is evaluated on the sheet of that action and year.",
)
SHEET_DONE = TOPIC.rule(
    "sheet-done",
    "評価シートで年度を評価したと言えるのは、双方が改善に合意してからです。",
    "A year counts as evaluated by its sheet once an improvement has been agreed on there.",
)
PARTICIPANTS = TOPIC.rule(
    "participants",
    "初めての人、再び来た人、不明の人の合計は、参加者数と一致します。",
    "First-time, returning and unknown participants add up to all participants.",
)
INVOLVEMENT = TOPIC.rule(
    "involvement",
    "市民会議の関わりは、企画立案・実施・評価のどの段階でのことかを示します。",
    "How the council took part is said by phase: planning, implementation, evaluation.",
)
