"""What the public may see, on which ground it may not, and what is never published of people."""

from __future__ import annotations

from domain.rules.rule import Topic
from domain.rules.sources import DISCLOSURE, DISCLOSURE_REVIEW, GROUNDS, PERSONAL_INFORMATION, practice

TOPIC = Topic("disclosure", "公開・非公開", "Disclosure")
GROUND = TOPIC.rule(
    "ground",
    "公開が原則です。非公開・内部限りとするときは、その理由（個人、法人、法令、公共の安全、審議検討、事務事"
    "業、任意提供）を示します。",
    "Open is the default. What is closed or internal names its ground: personal, corporate, statutory, "
    "public safety, deliberation, operations, or given in confidence.",
    DISCLOSURE,
    GROUNDS,
    practice("Kanuma", "Miki"),
)
REVIEW = TOPIC.rule(
    "review",
    "審議・検討を理由とする非公開は、時がたてば理由がなくなります。そのため、見直す日を決めておきます。",
    "The ground of deliberation lapses with time; so the day on which it is looked at again is set.",
    DISCLOSURE_REVIEW,
)
OFFICER = TOPIC.rule(
    "officer",
    "非公開の文書は、公開担当が公開すると判断し、その理由を記録してから公開します。",
    "A closed document is opened after the disclosure officer has decided so and said why.",
)
STUB = TOPIC.rule(
    "stub",
    "非公開のものは消さず、「非公開」という表示と、その理由、見直す日を示します。",
    "What is closed does not vanish: a notice stands in its place with the ground and the day of review.",
)
CHANGED = TOPIC.rule(
    "change",
    "公開の範囲の変更は、何から何へ変わったかの記録です。変わらない見直しは、見直しとして記録します。",
    "A change of disclosure says from what to what; a review without a change is recorded as a review.",
)
NO_IDENTITY = TOPIC.rule(
    "personal-data",
    "氏名・住所・連絡先は、公開される記録に書かず、別に保管します。記録には識別子だけが残ります。",
    "Names, addresses and contacts are kept apart and never stand in what is published; the record holds "
    "ids.",
    PERSONAL_INFORMATION,
)
SPEAKERS = TOPIC.rule(
    "speakers",
    "発言は発言者の氏名を付けずに公表します。氏名を載せるのは、本人の同意か会議規則の定めがあるときだけです。",
    "What was said is published without who said it, unless they consent or the council's rules say so.",
    practice("Kanazawa", ja="の2024年の懇話会の例", en="the opinion hearings of 2024 of"),
)
CONSENT = TOPIC.rule(
    "consent",
    "氏名の公表への同意は一度記録すれば、撤回されるまで有効です。撤回できるのは、記録された同意だけです。",
    "Consent to being named is given once and stands until it is withdrawn; only what was given can be "
    "withdrawn.",
)
ERASURE = TOPIC.rule(
    "erasure",
    "個人情報の消去は、請求の番号を添えて請求を記録した人とは別の人が行います。",
    "Personal data are erased by somebody else than whoever recorded the request, which has a number.",
    PERSONAL_INFORMATION,
)
AT_ONCE = TOPIC.rule(
    "at-once",
    "人の安全のためであれば、一人で直ちに非公開にできます。別の人が三開庁日以内に確認します。期限までに確認されないものは、"
    "確認されるまで「未確認の非公開」として公表します。",
    "For somebody's safety one person may close something at once. Somebody else confirms it within three "
    "working days; what is not confirmed by then is listed in public as unconfirmed until it is.",
)

REQUESTS = Topic("disclosure-requests", "開示請求等", "Requests")
REQUEST = REQUESTS.rule(
    "what",
    "開示の請求は何の開示を求めるか、訂正の申出は記録のどこが違うかを示します。だれが求めたかと連絡先は、記録の本文に"
    "残しません。",
    "A request says what is to be disclosed, or what on record is wrong. Who asks, and how to reach them, "
    "stands in no event.",
    DISCLOSURE,
)
REQUEST_TERMS = REQUESTS.rule(
    "terms",
    "決定の期限は受付の日から数え、延長するときは理由を示して新しい期限を記録します。",
    "The term for a decision runs from the receipt; an extension states its reason and the new deadline.",
    DISCLOSURE,
)
REQUEST_DECIDED = REQUESTS.rule(
    "decided",
    "求められた項目ごとに決定します。開示しない部分があるときは根拠の条項と理由を、訂正しない部分があるときは理由を"
    "示します。",
    "Each item is decided on. What is withheld is withheld on an article, with the reason; what is not "
    "corrected is left so for a reason.",
    DISCLOSURE,
)
REQUEST_REVIEW = REQUESTS.rule(
    "review",
    "審査請求があった項目は、裁決を待って改めて決定するか、決定を維持します。",
    "An item under review waits for what comes of it: the decision stands, or a new one follows.",
    DISCLOSURE,
)
