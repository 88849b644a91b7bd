"""Who may do what, and who may not approve what they drafted."""

from __future__ import annotations

from domain.rules.rule import Topic

TOPIC = Topic("permissions", "役割と権限", "Roles and permissions")
READING = TOPIC.rule(
    "reading",
    "公開されている記録は、どなたでもサインインせずに読めます。記録を加えるには、役割を持つアカウントが要り"
    "ます。",
    "What is public can be read by anybody without signing in; adding to the record needs an account with a "
    "role.",
)
ROLES = TOPIC.rule(
    "roles",
    "どの操作を誰が行えるかは、役割（事務局、座長、委員、アドバイザー、決裁権者、公開担当など）ごとに決まっ"
    "ています。ほかの人は行えません。",
    "Each command belongs to certain roles (secretariat, chair, member, adviser, approver, disclosure "
    "officer and so on); nobody else may give it.",
)
OWN_ROLES = TOPIC.rule(
    "own-roles",
    "アカウントは、与えられた役割としてだけ操作できます。",
    "An account acts only in the roles it has been given.",
)
GRANTED = TOPIC.rule(
    "granted",
    "役割は、対象の会議と期間を定めて付与します。付与と取消しは記録に残り、自分に付与することはできません。会議を定めない"
    "付与は、すべての会議に及びます。",
    "A role is granted for a body and a period; without a body it is for all of them. Grants and their ends "
    "are on record, and nobody grants a role to themselves.",
)
OWN_BODY = TOPIC.rule(
    "own-body",
    "会議やグループを定めて付与された役割では、その会議やグループのことだけを行えます。",
    "In a role that was granted for a council or group one acts for that council or group alone.",
)
ONESELF = TOPIC.rule(
    "oneself",
    "誰もが、自分か自分の属する組織のこととしてだけ記録します。委員は、自分の席としてだけ行います。訂正の提案と承認、"
    "非公開、消去、役割の付与と封印中の自己評価は、誰も人に代わって行えません。",
    "Everybody records as themselves, or as the body they act for; a member acts for their own seat alone. "
    "Proposing and approving corrections, redacting, erasing, granting roles and a sealed self-evaluation "
    "nobody does for another.",
)
ON_BEHALF = TOPIC.rule(
    "on-behalf",
    "事務局は、座長、委員、市などがしたことを代わって記録できます。そのときは、だれがしたかと根拠（登録済みの文書とその箇所、"
    "会議録作成者として在席したこと、またはメール）を示します。",
    "The secretariat may record on behalf of the chair, a member, the city or others what they did. It then "
    "says who did it and what that rests on: a document on record and the place in it, having been present "
    "as minute taker, or a mail.",
)
AUTHORITY = TOPIC.rule(
    "authority",
    "委嘱・解嘱・会議規則の変更は事務局が記録し、それを決めた文書の番号（規則は決めた案件でも可）を示します。",
    "Appointments, their ends and changes of the rules are recorded by the secretariat, with the number of "
    "the document that decided them; for rules, the matter that did will do.",
)
TWO_PERSONS = TOPIC.rule(
    "two-persons",
    "案を作った人や起案した人は、それを自分で確認・決裁・承認できません。代わって記録されたことは、根拠に示された本人のした"
    "こととして数えます。",
    "Whoever drafted something does not confirm or approve it. What was recorded on behalf counts as done by "
    "the person whom the evidence names.",
)
SECRETARIAT_EXPLAINS = TOPIC.rule(
    "secretariat",
    "事務局は説明のために発言し、賛否を述べません。",
    "The secretariat speaks to explain; it takes no side.",
)
