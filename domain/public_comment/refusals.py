"""Why a command about public comment may be refused (see domain/public_comment/comments.py)."""

from __future__ import annotations

from domain.rules import dates, disclosure, plans
from domain.values.refusal import refusal

COMMENTS_ASKED = refusal(
    "COMMENTS_ASKED",
    ja="この案件の意見募集は、もう記録されています。",
    en="The public has been asked for comments on this matter already.",
    rule=plans.ASKED_ONCE,
    next_ja="期間の誤りは訂正として記録してください。もう一度募集するときは、新しい案件として提起します。",
    next_en="If its days are wrong, have them corrected. To ask once more, raise a matter of its own.",
)
COMMENTS_NOT_ASKED = refusal(
    "COMMENTS_NOT_ASKED",
    ja="この案件について意見は募集されていません。",
    en="The public has not been asked for comments on this matter.",
    rule=plans.WINDOW,
    next_ja="先に意見募集の開始を記録してください。",
    next_en="Record first that it was asked.",
)
COMMENTS_OPEN = refusal(
    "COMMENTS_OPEN",
    ja="対応の決まっていない意見があります（{comments}）。",
    en="Some comments have not been disposed of ({comments}).",
    rule=plans.EVERY_ANSWER,
    next_ja="それぞれの意見について、対応と回答を記録してください。",
    next_en="Record what becomes of each of them, and the reply.",
)
WINDOW_OPEN = refusal(
    "WINDOW_OPEN",
    ja="意見募集は{until}まで続いています。",
    en="Comments may still be made until {until_en}.",
    rule=plans.WINDOW,
    next_ja="募集期間が終わってから記録してください。",
    next_en="Record it when the window has closed.",
)
WINDOW_REVERSED = refusal(
    "WINDOW_REVERSED",
    ja="意見募集の終わり（{to}）が始まり（{begin}）より前です。",
    en="The window for comments ends ({to_en}) before it begins ({begin_en}).",
    rule=dates.FORWARD,
    next_ja="募集期間を確かめてください。",
    next_en="Check the days of the window.",
    kind="invalid",
)
OUTSIDE_WINDOW = refusal(
    "OUTSIDE_WINDOW",
    ja="{day}は意見募集の期間（{begin}から{to}まで）の外です。",
    en="{day_en} is outside the window for comments ({begin_en} to {to_en}).",
    rule=plans.WINDOW,
    next_ja="受け付けた日を確かめてください。期間外の意見は、会議の意見や案件として記録できます。",
    next_en="Check the day of receipt. What comes later can be an opinion in a matter.",
)
COMMENTER_REQUIRED = refusal(
    "COMMENTER_REQUIRED",
    ja="意見を出した人の氏名と住所が必要です。",
    en="The name and address of whoever comments are needed.",
    rule=plans.COMMENTER,
    next_ja="氏名と住所を記入するか、同じ人のほかの意見を示してください。",
    next_en="Give both (they go to the vault only), or name an earlier comment.",
    kind="invalid",
)
TEXT_REQUIRED = refusal(
    "TEXT_REQUIRED",
    ja="意見の本文を登録した文書が必要です。",
    en="The document that holds the text of the comment is needed.",
    rule=plans.TEXT,
    next_ja="本文を、意見の文書（非公開）として登録し、それを示してください。",
    next_en="Register the text as a document ( not public), and name it.",
    kind="invalid",
)
NO_DRAFT_CHANGE = refusal(
    "NO_DRAFT_CHANGE",
    ja="意見を反映したなら、案のどこをどう変えたかが必要です。",
    en="What is reflected changed the draft: say where and how.",
    rule=plans.REFLECTED,
    next_ja="案の変更箇所と内容を記入するか、対応を選び直してください。",
    next_en="Give the change, or choose another disposition.",
    kind="invalid",
)
REPLY_REQUIRED = refusal(
    "REPLY_REQUIRED",
    ja="対応できない意見には、その理由を述べた回答が必要です。",
    en="A comment that is not adopted needs a reply that says why.",
    rule=plans.NOT_ADOPTED,
    next_ja="回答を記入してください。",
    next_en="Give the reply.",
    kind="invalid",
)
PII = refusal(
    "PII",
    ja="公表されるものに、意見を出した人が分かる情報（{what}）が含まれています。",
    en="What is published would tell who commented ({what_en}).",
    rule=disclosure.NO_IDENTITY,
    next_ja="氏名・住所・連絡先・保管番号・原本を除いてください。",
    next_en="Take out names, addresses, contacts, references into the vault, and the original letters.",
    kind="invalid",
)
RESULT_PUBLISHED = refusal(
    "RESULT_PUBLISHED",
    ja="意見募集の結果は既に公表されています。",
    en="The result of the public comment has been published already.",
    rule=plans.RESULT,
    next_ja="誤りがあれば、訂正として理由とともに記録してください。",
    next_en="If it is wrong, have it corrected, with the reason.",
)
COMMENT_COUNT_WRONG = refusal(
    "COMMENT_COUNT_WRONG",
    ja="公表する数（{persons}人・{comments}件）が、受け付けた意見（{known_persons}人・{known}件）と合いません。",
    en="{comments} comments by {persons} people are not the {known} by {known_persons} on record.",
    rule=plans.RESULT,
    next_ja="数を省略すれば、記録から数えます。",
    next_en="Leave the numbers out to have them counted from the record.",
    kind="invalid",
)
