"""Why a command on a request may be refused (see domain/disclosure_request/aggregate.py)."""

from __future__ import annotations

from domain.rules import disclosure, recording
from domain.values.refusal import refusal

NOTHING_REQUESTED = refusal(
    "NOTHING_REQUESTED",
    ja="何を求めるかが示されていません。",
    en="It does not say what is asked for.",
    rule=disclosure.REQUEST,
    next_ja="文書、または請求書に書かれた内容を記入してください。",
    next_en="Name the document, or what the request calls it.",
    kind="invalid",
)
REQUESTED_ITEM_UNKNOWN = refusal(
    "REQUESTED_ITEM_UNKNOWN",
    ja="この請求に「{item}」という項目はありません。",
    en="The request has no item “{item}”.",
    rule=recording.REFERENCES_HOLD,
    next_ja="請求の項目を確かめてください。",
    next_en="Look at the items of the request.",
    kind="invalid",
)
GROUND_AND_ARTICLE_REQUIRED = refusal(
    "GROUND_AND_ARTICLE_REQUIRED",
    ja="開示しない部分のある決定には、根拠の条項と理由が必要です。",
    en="A decision that withholds something needs its article and its reason.",
    rule=disclosure.REQUEST_DECIDED,
    next_ja="条項と理由を記入してください。不開示情報であれば、その区分も記入します。",
    next_en="Give the article and the reason, and the ground if it is exempt.",
    kind="invalid",
)
OUTCOME_NOT_OF_KIND = refusal(
    "OUTCOME_NOT_OF_KIND",
    ja="この種類の請求・申出に、その決定はありません。",
    en="A request of this kind is not decided so.",
    rule=disclosure.REQUEST_DECIDED,
    next_ja="開示の請求には開示・不開示など、訂正の申出には訂正する・しないを選びます。",
    next_en="Choose one of disclosure for a request to see something, one of correction for what is said "
    "to be wrong.",
    kind="invalid",
)
DUE_NOT_LATER = refusal(
    "DUE_NOT_LATER",
    ja="延長後の期限は、これまでの期限（{due}）より後でなければなりません。",
    en="The new deadline has to lie after the present one ({due}).",
    rule=disclosure.REQUEST_TERMS,
    next_ja="期限を確かめてください。",
    next_en="Check the deadline.",
    kind="invalid",
)
BEFORE_RECEIPT = refusal(
    "BEFORE_RECEIPT",
    ja="請求を受け付けた日（{received}）より前の日付です。",
    en="This lies before the day on which the request was received ({received}).",
    rule=disclosure.REQUEST_TERMS,
    next_ja="日付を確かめてください。",
    next_en="Check the date.",
    kind="invalid",
)
ITEM_UNDECIDED = refusal(
    "ITEM_UNDECIDED",
    ja="「{item}」についての決定がまだ記録されていません。",
    en="No decision on “{item}” is on record yet.",
    rule=disclosure.REQUEST_DECIDED,
    next_ja="先に、その項目の決定を記録してください。",
    next_en="Record the decision on that item first.",
)
NOT_TO_BE_DISCLOSED = refusal(
    "NOT_TO_BE_DISCLOSED",
    ja="「{item}」は開示すると決定されていません。",
    en="It was not decided that “{item}” is disclosed.",
    rule=disclosure.REQUEST_DECIDED,
    next_ja="決定を確かめてください。審査請求の結果で変わったときは、新しい決定を先に記録します。",
    next_en="Look at the decision; if a review changed it, record the new decision first.",
)
REVIEW_OPEN = refusal(
    "REVIEW_OPEN",
    ja="審査請求の結果がまだ記録されていません（{items}）。",
    en="What came of a review is not on record yet ({items}).",
    rule=disclosure.REQUEST_REVIEW,
    next_ja="裁決を先に記録してください。",
    next_en="Record what came of the review first.",
)
NO_REVIEW_OPEN = refusal(
    "NO_REVIEW_OPEN",
    ja="「{item}」についての審査請求は記録されていません。",
    en="No review of the decision on “{item}” is on record as open.",
    rule=disclosure.REQUEST_REVIEW,
    next_ja="先に審査請求を記録してください。",
    next_en="Record that a review was asked for first.",
)
