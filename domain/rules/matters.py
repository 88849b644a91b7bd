"""Matters: what was to be decided and why, who disagreed, and what the city made of it."""

from __future__ import annotations

from domain.rules.rule import Topic
from domain.rules.sources import ACCOUNTABILITY, CONSULTATION, HEARING_BODIES, practice

TOPIC = Topic("matters", "案件と結論", "Matters and conclusions")
REMIT = TOPIC.rule(
    "remit",
    "市民会議は、推進計画と施策の総合的な推進について協議します。案件には、その根拠の条項か、慣行として扱う"
    "理由を示します。",
    "The council consults on the plan and on promoting collaboration as a whole. A matter cites the "
    "article, or explains the practice by which it is for the council.",
    CONSULTATION,
)
OPTIONS = TOPIC.rule(
    "options",
    "決定にかけるのは、提案されて取り下げられていない案です。案は提案・修正・取下げのいずれかとして記録しま"
    "す。",
    "What is put to a decision is an option that was proposed and not withdrawn; options are proposed, "
    "amended and withdrawn.",
)
WORD_FOR_WORD = TOPIC.rule(
    "frozen",
    "結論になるのは、決定にかけて確定した案の文言そのものです。",
    "What is concluded is what was put to the decision and frozen, word for word.",
)
REASONED = TOPIC.rule(
    "reasoned",
    "資料のない決定や、案が一つだけの決定には、理由を書きます。",
    "A decision without evidence, or on a single option, says why.",
    ACCOUNTABILITY,
)
CHOICE = TOPIC.rule(
    "choice",
    "結論には、選ばれた案と条件を、結果に合わせて示します。",
    "A conclusion names the option chosen and its conditions, as its result requires.",
)
PROVED = TOPIC.rule(
    "proved",
    "誰がどう決めたかは会議の議決が示し、結論はその議決を引きます。議決された案件には、結論を記録します。",
    "A meeting's resolution proves who decided and how: a conclusion refers to it, and what was resolved "
    "becomes a conclusion.",
)
FINISHED = TOPIC.rule(
    "finished",
    "可否同数や継続審議は結論ではありません。裁決か、次の会議を待ちます。",
    "A tie or an item carried over concludes nothing; it waits for the casting vote or for another meeting.",
)
DISSENT_ASKED = TOPIC.rule(
    "dissent-asked",
    "異議や反対があったときは、少数意見を記録するか、全員に尋ねて「なし」だったことを記録します。一方だけで"
    "す。",
    "Where somebody objected or voted against, a dissent is filed, or it is recorded that everybody was "
    "asked and had none: one or the other.",
)
DISSENT_UNTIL = TOPIC.rule(
    "dissent-until",
    "少数意見は、決定した会議の会議録が確認されるまで受け付けます。",
    "A dissent is filed until the minutes of the meeting that decided are confirmed.",
)
DISSENT_BY = TOPIC.rule(
    "dissent-by",
    "少数意見を出せるのは、決定した会議に出席し、議題から外れていなかった委員です。",
    "Members may file a dissent who were at the meeting that decided and were not recused.",
)
ENTRUSTED = TOPIC.rule(
    "entrusted",
    "座長に一任したことは、文言を確定し、会議に報告するまで一任のままです。",
    "What is left to the chair stays so until it is settled and reported to a meeting.",
)
FORMAL_REPLY = TOPIC.rule(
    "formal-reply",
    "答申は、諮問を受けた附属機関のものです。市民会議は協議する場なので、提言または報告として送ります。",
    "A formal reply is given by a statutory advisory body that received an inquiry. This council consults, "
    "and sends a proposal or a report.",
    HEARING_BODIES,
)
ADOPTED_FIRST = TOPIC.rule(
    "adopted-first",
    "事業の採択や計画の合意などは、可決・合意された案件に基づきます。",
    "Adopting an action, agreeing to a plan and the like rest on a matter that was adopted or agreed on.",
)
REPLACED = TOPIC.rule(
    "replaced",
    "決まったことは消さず、後の決定で置き換えます。全体が置き換わるのは一度だけで、元に戻る輪は作れません。",
    "What was decided is replaced by something later, as a whole only once, and never by what it replaced.",
)

CITY = Topic("city-decisions", "市の回答と決定", "Answers and decisions of the city")
SENT_FIRST = CITY.rule(
    "sent-first",
    "市の回答は、市に送付された結論に対するものです。",
    "The city answers what it was sent.",
)
TWO_FACTS = CITY.rule(
    "two-facts",
    "市民会議の結論と市の決定は、別の事実です。市の決定には、文書番号か根拠の条項を示します。",
    "The council's conclusion and the city's decision are two facts; a decision of the city has its document "
    "number or the article it rests on.",
    practice("Hiroshima", "Osaka"),
)
PROMISES = CITY.rule(
    "promises",
    "市が約束した手順は、実施が記録されるまで未実施です。実施は、約束された手順について記録します。",
    "A step that the city promised is open until it is on record as taken; only what was promised is.",
)
