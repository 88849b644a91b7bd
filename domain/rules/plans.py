"""The promotion plan, and public comment on its draft."""

from __future__ import annotations

from domain.rules.rule import Source, Topic
from domain.rules.sources import ACCOUNTABILITY, COMMENTERS, CONSULTATION

FIRST_PLAN = Source(
    "推進計画（2007年）の意見募集の記録",
    "what is told of the public comment on the plan of 2007",
    "http://inetnpo.com/memorie/05yumemach.html",
)
SECOND_PLAN = Source(
    "2016年度からの推進計画が前の計画に代わった例",
    "how the plan from fiscal 2016 replaced the one before it",
)

TOPIC = Topic("plans", "推進計画", "Promotion plans")
COUNCIL_CONSULTED = TOPIC.rule(
    "council-consulted",
    "推進計画については市民会議が協議します。合意の記録がない計画を承認するときは、その理由を書きます。",
    "The council consults on the plan; approving one that it has not agreed on needs a reason.",
    CONSULTATION,
)
ONE_PLAN = TOPIC.rule(
    "one-plan",
    "どの日についても、有効な推進計画は一つです。後の計画が前の計画に代わります。",
    "One plan is in force on any day; a later one replaces it.",
    SECOND_PLAN,
)
UNTIL_REPLACED = TOPIC.rule(
    "until-replaced",
    "計画は期間が終わるまで有効で、期間の終わりがない計画は、次の計画が代わるまで有効です。",
    "A plan is in force until its years are over; one without an end, until another replaces it.",
)

COMMENTS = Topic("public-comments", "意見募集（パブリックコメント）", "Public comments")
ASKED_ONCE = COMMENTS.rule(
    "asked-once",
    "一つの案件について、意見は一度募集します。",
    "On one matter the public is asked once.",
)
WINDOW = COMMENTS.rule(
    "window",
    "意見は募集の期間中に受け付けます。期間が終わるまで、計画も案件も次の段階に進みません。",
    "Comments are made within their window, and neither plan nor matter goes on before it has closed.",
    FIRST_PLAN,
)
EVERY_ANSWER = COMMENTS.rule(
    "every-answer",
    "寄せられた意見は、すべて対応を決めて答えます。市民会議は、その回答を協議してから計画に合意します。",
    "Every comment is disposed of and answered; the council debates the answers before it agrees to the "
    "plan.",
    FIRST_PLAN,
)
COMMENTER = COMMENTS.rule(
    "commenter",
    "意見を出す人は、氏名と住所を明らかにします。どちらも公表せず、記録とは別に保管します。",
    "Whoever comments gives name and address. Both are kept apart from the record and never published.",
    COMMENTERS,
)
TEXT = COMMENTS.rule(
    "text",
    "意見の本文は、公開しない文書として登録します。",
    "The text of a comment is a registered document that is not public.",
)
REFLECTED = COMMENTS.rule(
    "reflected",
    "「反映」とした意見には、案のどこをどう変えたかを示します。",
    "A comment that is called reflected changed the draft: where and how is said.",
    FIRST_PLAN,
)
NOT_ADOPTED = COMMENTS.rule(
    "not-adopted",
    "「対応できない」とした意見には、その理由を答えます。",
    "A comment that is not adopted is answered with the reason.",
    ACCOUNTABILITY,
    FIRST_PLAN,
)
RESULT = COMMENTS.rule(
    "result",
    "意見募集の結果は一度公表し、誤りは訂正します。公表する人数と件数は、受け付けた意見と一致します。",
    "The result of a public comment is published once and corrected if wrong; the people and comments it "
    "counts are those on record.",
)
