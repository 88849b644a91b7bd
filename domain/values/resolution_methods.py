"""Methods of resolution 議決の方法: how a council may decide, what each needs, what may come of it.

The table of domain.md 4.3 as data. The Meeting proves what a method needs; the Matter takes over what came
of it. A gathering of opinions is never an adoption (O15), and a workshop agrees or goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from domain.rules import resolutions
from domain.values.refusal import refusal

MethodName = Literal[
    "no_objection",
    "unanimous",
    "majority_show",
    "majority_ballot",
    "consensus_workshop",
    "opinion_summary",
    "chair_entrusted",
    "written",
    "report_noted",
]
Result = Literal[
    "adopted",
    "adopted_with_conditions",
    "rejected",
    "tied",
    "agreed",
    "carried_over",
    "summarised",
    "entrusted",
    "noted",
    "partly",
    "amended",
    "adopted_in_purpose",
    "elected",
    "referred",
    "no_vote",
]

RESULT_NOT_ALLOWED = refusal(
    "RESULT_NOT_ALLOWED",
    ja="議決の方法「{method}」から結果「{result}」は生じません（可能な結果: {allowed}）。",
    en="The method “{method_en}” cannot give the result “{result_en}” (it may give: {allowed_en}).",
    rule=resolutions.METHODS,
    next_ja="実際の決め方と結果を確かめてください。意見集約を採択として記録することはできません。",
    next_en="Check how it was decided and what came of it; a gathering of opinions is not an adoption.",
    kind="invalid",
)


@dataclass(frozen=True)
class Method:
    """One row of the table: its names, what it may give, what it needs."""

    ja: str
    en: str
    results: tuple[Result, ...]
    needs: tuple[str, str]
    """What must be shown, in Japanese and English."""
    counts_votes: bool = False
    """Whether it needs a tally."""
    quorum: bool = True
    """Whether the meeting must be quorate for it."""


_OTHERWISE: tuple[Result, ...] = ("partly", "amended", "adopted_in_purpose", "elected", "referred")
"""What an assembly makes of a bill, a petition or an election besides adopting or rejecting it."""
_VOTE: tuple[Result, ...] = ("adopted", "adopted_with_conditions", "rejected", "tied", *_OTHERWISE)

METHODS: dict[MethodName, Method] = {
    "no_objection": Method(
        "異議なし",
        "no objection",
        ("adopted", "noted", *_OTHERWISE),
        ("声に出して諮り、異議が0件であること", "asked aloud, and 0 objections"),
    ),
    "unanimous": Method(
        "全会一致",
        "unanimous",
        ("adopted", *_OTHERWISE),
        ("反対・棄権・不投票がいずれも0であること", "nobody against, abstaining or not voting"),
        counts_votes=True,
    ),
    "majority_show": Method(
        "挙手・起立",
        "show of hands",
        _VOTE,
        ("賛否の数と議決の規則", "a tally and the majority rule"),
        counts_votes=True,
    ),
    "majority_ballot": Method(
        "投票",
        "ballot",
        _VOTE,
        (
            "賛否の数と議決の規則（無記名では個人別の票を記録しない）",
            "a tally and the majority rule; nobody's vote",
        ),
        counts_votes=True,
    ),
    "consensus_workshop": Method(
        "合意",
        "consensus",
        ("agreed", "carried_over"),
        (
            "結論を読み上げ、残る異議を挙げること（一件ごとに少数意見となる）",
            "the outcome read back, and the remaining objections listed (each a dissent)",
        ),
    ),
    "opinion_summary": Method(
        "意見集約",
        "summary of opinions",
        ("summarised",),
        ("意見が1件以上あること（定足数も採決も要しない）", "at least one opinion; neither quorum nor vote"),
        quorum=False,
    ),
    "chair_entrusted": Method(
        "座長一任",
        "entrusted to the chair",
        ("entrusted",),
        (
            "一任の範囲（確定して報告されるまで「一任中」）",
            "its limits; entrusted until settled and reported",
        ),
    ),
    "written": Method(
        "書面協議",
        "written procedure",
        ("adopted", "rejected", "summarised"),
        (
            "規則が認めること、期限、回答の一覧、次の会議への報告",
            "rules that allow it, a deadline, the replies, a report at the next meeting",
        ),
    ),
    "report_noted": Method(
        "報告了承",
        "report noted",
        ("noted",),
        ("議題の種別が報告であること", "an item of the type report"),
    ),
}
"""Every method by its name in the log. All but ``opinion_summary`` need a quorate meeting."""

RESULTS: dict[Result, tuple[str, str]] = {
    "adopted": ("可決", "adopted"),
    "adopted_with_conditions": ("条件付き可決", "adopted with conditions"),
    "rejected": ("否決", "rejected"),
    "tied": ("可否同数", "tied"),
    "agreed": ("合意", "agreed"),
    "carried_over": ("継続審議", "carried over"),
    "summarised": ("意見集約", "summarised"),
    "entrusted": ("座長一任", "entrusted to the chair"),
    "noted": ("了承", "noted"),
    "partly": ("一部採択", "adopted in part"),
    "amended": ("修正可決", "adopted as amended"),
    "adopted_in_purpose": ("趣旨採択", "adopted in purpose"),
    "elected": ("選任", "elected"),
    "referred": ("付託", "referred"),
    "no_vote": ("採決なし", "no vote taken"),
}
"""Every result by its name in the log, in Japanese and English."""

UNFINISHED: frozenset[Result] = frozenset({"tied", "carried_over", "referred", "no_vote"})
"""Results that conclude nothing: a tie waits for the casting vote, a matter carried over for a meeting, one
that was referred for whom it went to; and where nobody voted, nothing was decided."""


def check_result(method: MethodName, result: Result) -> None:
    """Refuses a result that the method cannot give (RESULT_NOT_ALLOWED)."""
    rule = METHODS[method]
    if result not in rule.results:
        raise RESULT_NOT_ALLOWED(
            method=rule.ja,
            method_en=rule.en,
            result=RESULTS[result][0],
            result_en=RESULTS[result][1],
            allowed="、".join(RESULTS[r][0] for r in rule.results),
            allowed_en=", ".join(RESULTS[r][1] for r in rule.results),
        ).at("/result")
