"""Questions about issues 課題: which have no countermeasure, and which nobody has measured (S19)."""

from __future__ import annotations

from collections.abc import Iterator

from projections.engine.event_json import Json, bilingual
from projections.questions.entries import cited, rows
from projections.questions.question import Answer, Ask, question
from projections.views.matter import issue_board

CLAIMS = ("effect", "reaction")
"""What is claimed to have come of something: it can be measured, or not."""

GAPS: dict[str, tuple[str, str]] = {
    "no_countermeasure": ("対応の記録なし", "no countermeasure on record"),
    "not_reassessed": ("その後の測定の記録なし", "not measured since"),
    "no_value": ("測定の結果が記録されていない", "measured, but no value on record"),
    "not_measured": ("測定されていない", "not measured"),
    "measured_unknown": ("測定されたかどうか記録なし", "whether it was measured is not recorded"),
}


@question(
    "S19",
    ja="対応のない課題、測っていない課題はどれか",
    en="Which problems have no countermeasure, or no measurement?",
)
def gaps_of_issues(ask: Ask) -> Answer:
    """Every problem with its countermeasures and measurements, and what it lacks; every effect or reaction
    claimed that was not measured. A link between a problem and a device says that somebody answered it, not
    that it helped."""
    table = issue_board.issue.table
    chosen = issue_board.issues().where(table.c.category.in_(("problem", *CLAIMS, "future_issue")))
    issues = rows(ask, issue_board.issue, chosen)
    problems = [_problem(row) for row in issues if row["category"] == "problem"]
    claims = [_claim(row) for row in issues if row["category"] in CLAIMS]
    lacking = {
        name: [i["issue_id"] for i in (*problems, *claims) if any(g["gap"] == name for g in i["gaps"])]
        for name in GAPS
    }
    return Answer(
        says=(
            f"課題{len(problems)}件のうち、対応の記録がないもの{len(lacking['no_countermeasure'])}件、"
            f"その後の測定がないもの{len(lacking['not_reassessed'])}件。",
            f"Of {len(problems)} problems, {len(lacking['no_countermeasure'])} have no countermeasure on "
            f"record and {len(lacking['not_reassessed'])} have not been measured since.",
        ),
        answer={
            "problems": problems,
            "claims": [claim for claim in claims if claim["gaps"]],
            "lacking": lacking,
            "future_issues": [_short(row) for row in issues if row["category"] == "future_issue"],
        },
        events=cited(ask, [entry for row in issues for entry in _entries(row["doc"])]),
        unknown=[gap for issue in (*problems, *claims) for gap in _unknown(issue)],
    )


def _short(row: Json) -> Json:
    doc = row["doc"]
    return {
        "issue_id": row["issue_id"],
        "category": row["category"],
        "state": row["state"],
        "heading": doc["heading_ja"],
        "text": doc["text_ja"],
        "asserted_by": doc["said"]["asserted_by"],
        "subjects": doc["subjects"],
    }


def _problem(row: Json) -> Json:
    doc = row["doc"]
    measured = doc["reassessments"]
    gaps = []
    if not doc["countermeasures"]:
        gaps.append("no_countermeasure")
    if not measured:
        gaps.append("not_reassessed")
    elif all(m["value"] is None for m in measured):
        gaps.append("no_value")
    return {
        **_short(row),
        "cause": doc["cause_ja"],
        "countermeasures": [
            {"device_id": c["device_id"], "certainty": c["said"]["certainty"], "why": c["said"]["reason"]}
            for c in doc["countermeasures"]
        ],
        "reassessments": [
            {name: m[name] for name in ("metric", "period", "value", "verdict")} for m in measured
        ],
        "gaps": _named(gaps),
    }


def _claim(row: Json) -> Json:
    measured = row["doc"]["measured"]
    gaps = {True: [], False: ["not_measured"], None: ["measured_unknown"]}[measured]
    return {**_short(row), "measured": measured, "gaps": _named(gaps)}


def _named(gaps: list[str]) -> list[Json]:
    return [{"gap": gap, "label": bilingual(*GAPS[gap])} for gap in gaps]


def _entries(doc: Json) -> Iterator[Json]:
    yield doc
    yield from (*doc["countermeasures"], *doc["reassessments"])


def _unknown(issue: Json) -> Iterator[tuple[str, str]]:
    name = issue["heading"] or issue["text"][:30]
    for gap in issue["gaps"]:
        label = gap["label"]
        yield f"「{name}」: {label['ja']}", f"“{name}”: {label['en']}"
