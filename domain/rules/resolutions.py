"""How something is resolved: who may vote, what each method needs, and what may come of it."""

from __future__ import annotations

from domain.rules.rule import Topic
from domain.rules.sources import HEARING_BODIES, MODEL_TEXT, NO_OBJECTION, practice

TOPIC = Topic("resolutions", "議決", "Resolutions")
ELIGIBLE = TOPIC.rule(
    "eligible",
    "表決できるのは、その場に出席し、議題から外れていない委員です。",
    "Members vote who are present and not recused from the item.",
)
TALLY = TOPIC.rule(
    "tally",
    "挙手・起立・投票による議決には賛否の数が要ります。賛成・反対・棄権・不参加の合計は、表決できる人数と一"
    "致します。",
    "A vote has its tally: for, against, abstaining and not voting add up to those who may vote.",
)
WHAT_WAS_FROZEN = TOPIC.rule(
    "frozen",
    "採決するのは、会議に示して確定した案そのものです。案が変わったら、確定し直してから採決します。",
    "What is voted on is what was put to the meeting and frozen; options that changed are frozen again "
    "first.",
)
ONCE = TOPIC.rule(
    "once",
    "一つの議題の議決は一度です。後から変えるときは、新しい案件とします。",
    "An item is resolved once; a later change is a new matter.",
)
OBJECTION = TOPIC.rule(
    "no-objection",
    "「異議なし」とできるのは、異議が一つもないときだけです。異議があれば採決します。",
    "“No objection” is possible only where there is none; any objection leads to a vote.",
    NO_OBJECTION,
)
READ_BACK = TOPIC.rule(
    "read-back",
    "話し合いによる合意では、合意した文をその場で読み上げて確かめます。",
    "An agreement by consensus is read back, in the words agreed on.",
)
CHAIR_LIMITS = TOPIC.rule(
    "entrusted-limits",
    "座長に一任するときは、その範囲を決めておきます。",
    "What is left to the chair has its limits stated.",
)
WRITTEN = TOPIC.rule(
    "written",
    "書面協議は会議規則が認めるときに限り、期限と回答の一覧を記録します。",
    "A written procedure needs the council's rules to allow it, a deadline, and the replies.",
    practice("Higashimurayama"),
)
SUMMARY = TOPIC.rule(
    "summary",
    "意見集約には一つ以上の意見が要ります。意見を集めたことは、可決ではありません。",
    "A summary of opinions needs at least one opinion, and is never an adoption.",
    HEARING_BODIES,
)
NOTED = TOPIC.rule(
    "noted",
    "報告了承とできるのは、報告事項の議題だけです。",
    "Only an item for report is noted.",
)
METHODS = TOPIC.rule(
    "methods",
    "議決の方法ごとに、あり得る結果が決まっています（例: 意見集約は「集約」であり、可決にはなりません）。",
    "Each method of resolution can have certain results only: a summary of opinions, for one, adopts "
    "nothing.",
    HEARING_BODIES,
    practice("Higashimurayama"),
)
CASTING_VOTE = TOPIC.rule(
    "casting-vote",
    "座長の裁決は、可否同数で、会議規則にその定めがあるときに限ります。",
    "The chair has a casting vote only at a tie, and only if the rules say so.",
    MODEL_TEXT,
)
