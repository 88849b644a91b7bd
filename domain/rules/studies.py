"""The study of a collaboration centre, and reflections: problems, devices and what came of them."""

from __future__ import annotations

from domain.rules.rule import Source, Topic

CASE_SHEET = Source(
    "事例シート（必要性、機能、立地、管理運営方法などの検討）",
    "the case sheet: necessity, functions, location, operation “and others”",
)

TOPIC = Topic("center-study", "協働センターの検討", "The centre study")
QUESTIONS = TOPIC.rule(
    "questions",
    "検討項目は必要性・機能・立地・管理運営の四つで、ほかの項目を加えることもできます。",
    "There are four questions, necessity, functions, location and operation; others may stand beside them.",
    CASE_SHEET,
)
OPENED_FIRST = TOPIC.rule(
    "opened-first",
    "検討項目は、まず問いとして開きます。回答は後で、独立した記録として残します。",
    "A question is opened before it is answered, and its answer is recorded by itself.",
)
NECESSITY_FIRST = TOPIC.rule(
    "necessity-first",
    "機能・立地・管理運営に答えるのは、必要だという回答の後です。調べることや仮の回答は、先でもかまいません。",
    "Functions, location and operation are answered after it has been answered that a centre is needed; "
    "exploring and provisional answers may come before.",
)
FUNCTIONS_FIRST = TOPIC.rule(
    "functions-first",
    "立地に答えるのは、機能への回答の後です。",
    "The location is answered after the functions.",
)
NEEDED_OR_NOT = TOPIC.rule(
    "needed-or-not",
    "必要性への回答は「必要」か「不要」です。不要なら、ほかの項目は検討の対象でなくなります。",
    "The answer on necessity is that a centre is needed or that it is not; if not, the other questions fall "
    "away.",
)
FOUNDED = TOPIC.rule(
    "founded",
    "回答は、記録された知見に基づきます。",
    "An answer rests on what was found.",
)
REOPENED = TOPIC.rule(
    "reopened",
    "決着した項目に答え直すには、新しい根拠か理由を示して再検討とします。決着していない項目に再検討は要りま"
    "せん。",
    "A settled question is reopened, on new evidence or for a reason, before it is answered again; one "
    "that is not settled need not be.",
)
REPORT = TOPIC.rule(
    "report",
    "報告書は、すべての項目に答えるか、答えない理由を示してから提出します。",
    "A report answers its questions, or says why it leaves them open.",
)
REPORT_VERSIONS = TOPIC.rule(
    "report-versions",
    "報告書は、提出するたびに新しい版になります。",
    "Each report submitted is a new version.",
)

REFLECTIONS = Topic("reflections", "課題と対応", "Problems and responses")
PROBLEM_AND_DEVICE = REFLECTIONS.rule(
    "problem-and-device",
    "対応の記録は、課題と工夫を一度だけ結び付けるものです。見直しの対象になるのは課題です。",
    "A countermeasure links a problem with a device, once; what is reassessed is a problem.",
)
MEASURED = REFLECTIONS.rule(
    "measured",
    "「改善した」などの判断は、測った値に基づきます。測れないときは「測定できない」とします。",
    "A verdict rests on a measured value; where nothing can be measured it says so.",
)
CONSIDERED = REFLECTIONS.rule(
    "considered",
    "「考えている」ことは「実施する」ことではありません。決まってから着手や完了を記録します。",
    "What is being considered is not promised: it is started and completed once somebody has taken it up.",
)
TAKEN_UP_ONCE = REFLECTIONS.rule(
    "taken-up-once",
    "実施が決まったと記録するのは、検討中の取り組みについて一度です。",
    "Only what is being considered is taken up, once.",
)
