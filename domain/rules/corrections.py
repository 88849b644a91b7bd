"""Fixing the record: correction and redaction. Nothing is edited, nothing deleted."""

from __future__ import annotations

from domain.rules.rule import Topic

TOPIC = Topic("corrections", "訂正と非公開の措置", "Corrections and redactions")
NAMED_EVENT = TOPIC.rule(
    "event",
    "訂正と非公開の措置は、対象となる一つの出来事を示して行います。元の記録は消えません。",
    "A correction and a redaction name the event they are about. The original stays on record.",
)
CORRECTABLE = TOPIC.rule(
    "fields",
    "識別子とつながりは訂正せず、取り消して作り直します。",
    "Identifiers and links are not corrected; they are withdrawn and made anew.",
)
FITTING = TOPIC.rule(
    "value",
    "訂正した後の値も、はじめから記録するときと同じ決まりに従います。",
    "A corrected value keeps the same rules as one recorded for the first time.",
)
ONE_DATE = TOPIC.rule(
    "date",
    "出来事の日付は一つです。どこで訂正しても、その日付が現れるすべての所で訂正されます。",
    "An event has one date. Wherever it is corrected, it is corrected everywhere it appears.",
)
COMPUTED = TOPIC.rule(
    "computed",
    "計算された結果（定足数の判定、票の判定、合計、日数）は訂正しません。もとの内容を訂正すると計算し直され、"
    "前の結果も読めるまま残ります。",
    "What is computed (a quorum, a majority, a sum, days) is not corrected: correct what it is computed "
    "from, and it is computed anew. What stood there before stays readable.",
)
AT_ITS_PLACE = TOPIC.rule(
    "place",
    "訂正した内容は、はじめからそう記録されていたものとして、その時の決まりで確かめます。後の出来事が成り立たなくなるときは、"
    "それもあわせて訂正するか、そのまま残す理由を一つずつ示します。",
    "A corrected event is judged as if it had been recorded so at its place, by the rules of then. Where "
    "later events become impossible, they are corrected together with it, or each is named as standing, with "
    "a reason.",
)
WITHDRAWN = TOPIC.rule(
    "withdrawal",
    "記録した本人は、その日のうちで、ほかの記録がそれに基づいていなければ、理由を付けて記録を取り消せます。"
    "取り消したものは記録に残りますが、どの数にも入りません。",
    "Whoever recorded something may take it back on the same day, with a reason, as long as nothing rests on "
    "it. It stays in the log, and counts in no figure.",
)
CHANGES_SOMETHING = TOPIC.rule(
    "change",
    "訂正は、いまの記録と違う内容にするものです。",
    "A correction says something other than the record does.",
)
APPROVED = TOPIC.rule(
    "approval",
    "訂正は事務局が提案し、座長または決裁権者が承認します。",
    "The secretariat proposes a correction; the chair or an approver approves it.",
)
LIFTED_ONCE = TOPIC.rule(
    "lifted",
    "非公開の措置は、一度だけ解除できます。",
    "A redaction is lifted once.",
)
