"""The council: founded once, with seats, terms and rules of procedure that fit together."""

from __future__ import annotations

from domain.rules.rule import Topic
from domain.rules.sources import ADVISORY_BODIES, CONSULTATION, COUNCIL, MODEL_TEXT, practice

TOPIC = Topic("council", "市民会議", "The council")
FOUNDED_ONCE = TOPIC.rule(
    "founded-once",
    "市民会議の設置は一度だけです。その後のことは、同じ市民会議の記録に加えます。",
    "A council is established once; what follows is added to its record.",
)
LEGAL_BASIS = TOPIC.rule(
    "legal-basis",
    "市民会議は、市民と市が条例に基づいて組織します。設置には根拠の条項を示します。",
    "Citizens and the city organise the council under the ordinance: founding it cites the article.",
    COUNCIL,
)
ADVISORY_BODY = TOPIC.rule(
    "advisory-body",
    "附属機関を置くには、法律または条例の定めが要ります。",
    "A statutory advisory body is set up by law or ordinance.",
    ADVISORY_BODIES,
)
REMIT = TOPIC.rule(
    "remit",
    "所掌は、登録されている条例の条項で示します。",
    "A remit cites an article of an instrument on record.",
    CONSULTATION,
)
SEAT_CATEGORIES = TOPIC.rule(
    "categories",
    "委員の区分（団体、公募など）は構成に一度ずつ定め、委嘱はその区分に対して行います。",
    "Each category of seats is defined once in the composition, and appointments are made to these "
    "categories.",
)
SEATS = TOPIC.rule(
    "seats",
    "委嘱できるのは、その区分の定員までです。",
    "No more members are appointed than the category has seats.",
)
ONE_SEAT = TOPIC.rule(
    "one-seat",
    "一人が同じ市民会議で持つ席は一つです。",
    "A person holds one seat in a council.",
)
ADVISERS = TOPIC.rule(
    "advisers",
    "アドバイザーは委員を兼ねません。発言はできますが、表決せず、定足数にも数えません。",
    "An adviser is not a member: advisers speak, but neither vote nor count for the quorum.",
)
NOMINATION = TOPIC.rule(
    "nomination",
    "団体枠の委員には、推薦した団体を記録します。",
    "A seat for organisations names the organisation that nominated its holder.",
)
TERMS = TOPIC.rule(
    "terms",
    "任期には通し番号があり、委嘱は開始している期の中で行います。",
    "Terms are numbered, each once, and an appointment lies in a term that has been opened.",
)
REMAINING_TERM = TOPIC.rule(
    "remaining-term",
    "補欠の委員の任期は、前任者の残りの任期までです。",
    "A substitute serves for what remains of the predecessor's term.",
    MODEL_TEXT,
    practice("Higashimurayama"),
)
TENURE = TOPIC.rule(
    "tenure",
    "同じ会議の委員を通算10年を超えて続けることは、ほかの市では避けることとされています。ここでは断らず、お"
    "知らせします。",
    "Elsewhere nobody serves for more than ten years in one body. Here it is pointed out, not refused.",
    practice("Ichihara", "Kato"),
)
SERVING = TOPIC.rule(
    "serving",
    "委員として行動できるのは、その日に在任している人です。",
    "Whoever acts as a member holds a seat on that day.",
)
CHAIR = TOPIC.rule(
    "chair",
    "座長は在任中の委員の中から選びます。",
    "The chair is one of the serving members.",
)
ONE_SET_OF_RULES = TOPIC.rule(
    "one-set-of-rules",
    "どの日についても、有効な会議規則は一つです。",
    "One set of rules of procedure is in force on any day.",
)
NOT_RETROACTIVE = TOPIC.rule(
    "not-retroactive",
    "会議規則は、採択した日より前にさかのぼって適用しません。採択日の記載がなければ、記録する日とみなします。",
    "Rules of procedure take no effect before the day on which they were adopted; where that is not said, "
    "before the day on which they are recorded.",
)
NOTHING_OPEN = TOPIC.rule(
    "nothing-open",
    "休止・解散の前に、開いている会議を閉じ、座長に一任したことの報告を済ませます。",
    "Before a council is suspended or dissolved its meetings are closed, and what was left to the chair has "
    "been reported.",
)
TERM_ENDS = TOPIC.rule(
    "term-ends",
    "任期と委嘱は、定められた最後の日で満了します。次の任期や委嘱を記録する必要があります。",
    "A term and an appointment end on their stated last day; what follows them is to be recorded.",
)
RECOMMENDED = TOPIC.rule(
    "recommended",
    "推薦による委嘱は、その人が推薦され、就任を承諾したことに基づきます。",
    "A seat that is given on a recommendation goes to the person who was recommended and accepted.",
)
