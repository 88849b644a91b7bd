"""Questions about an action 事業: in which phases the council took part (S13), and its money (S15)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import sqlalchemy as sa

from domain.plan_action.events import Phase
from domain.values.fields import Id, Year
from domain.values.money import Money
from projections.engine.event_json import Json, bilingual
from projections.questions.entries import cited, rows, year_json, year_of
from projections.questions.question import Answer, Ask, question
from projections.views.plan import action_ledger

PHASES: dict[str, tuple[str, str]] = {
    "planning": ("企画立案", "planning"),
    "implementation": ("実施", "implementation"),
    "evaluation": ("評価", "evaluation"),
}
_SHOWS = {
    "CyclePlanned": "planning",
    "ImplementationStarted": "implementation",
    "ImplementationCompleted": "implementation",
    "ActivityHeld": "implementation",
    "MaterialProduced": "implementation",
    "MaterialDistributed": "implementation",
    "CycleEvaluated": "evaluation",
}
"""Which events show that a phase was gone through, whoever took part in it."""
_INVOLVED = "CouncilInvolvementRecorded"

STANDING: dict[str, tuple[str, str]] = {
    "evidence": ("関わりの記録と根拠資料がある", "on record, with evidence"),
    "stated": ("関わったと記されているが、根拠資料はない", "stated for this year, without evidence"),
    "stated_collectively": (
        "まとめて記されているだけで、この年度の記録はない",
        "stated collectively, no record",
    ),
    "not_recorded": ("記録なし", "not recorded"),
}


@question("S13", ja="市民会議は、どの段階に関わったか", en="In which phases was the council involved?")
def involvement(ask: Ask, *, action_id: Id | None = None, fiscal_year: Year | None = None) -> Answer:
    """For each action and fiscal year, the three phases 企画立案・実施・評価: evidence of the council's
    part in it, or that it is stated for the year, or only stated collectively, or not recorded. Without
    ``action_id``: of every action."""
    if action_id is not None:
        ask.must_know(action_id, "PlanAction")
    chosen = action_ledger.actions()
    if action_id is not None:
        chosen = chosen.where(action_ledger.action.table.c.action_id == action_id)
    budgets = _budget_years(ask, action_id)
    actions = [
        _phases_of(row, budgets.get(row["action_id"], set()), fiscal_year)
        for row in rows(ask, action_ledger.action, chosen)
    ]
    cells = [(a, y, p) for a in actions for y in a["years"] for p in y["phases"]]
    counts = {name: sum(p["standing"] == name for _, _, p in cells) for name in STANDING}
    known = counts["evidence"] + counts["stated"]
    return Answer(
        says=(
            f"{len(cells)}の段階（事業×年度×3段階）のうち、根拠のある関わり{counts['evidence']}、"
            f"年度を示した記述{counts['stated']}、まとめての記述だけ{counts['stated_collectively']}、"
            f"記録なし{counts['not_recorded']}。",
            f"Of {len(cells)} phases (actions × years × 3): with evidence {counts['evidence']}, stated for "
            f"the year {counts['stated']}, stated collectively only {counts['stated_collectively']}, "
            f"not recorded {counts['not_recorded']}.",
        ),
        answer={"actions": actions, "counts": counts, "phases_with_a_record": known, "phases": len(cells)},
        events=cited(ask, [e for a in actions for e in a.pop("entries")]),
        unknown=list(_unknown_phases(actions)),
    )


def _budget_years(ask: Ask, action_id: str | None) -> dict[str, set[int]]:
    """The fiscal years of which a budget is on record, of one action or of each."""
    line = action_ledger.line.table
    chosen = sa.select(line.c.action_id, line.c.fiscal_year).distinct()
    years: dict[str, set[int]] = {}
    if action_id is not None:
        chosen = chosen.where(line.c.action_id == action_id)
    for row in ask.connection.execute(chosen):
        years.setdefault(row.action_id, set()).add(row.fiscal_year)
    return years


def _phases_of(row: Json, budget_years: set[int], only: int | None) -> Json:
    course: list[Json] = row["doc"]["course"]
    involved = [e for e in course if e["type"] == _INVOLVED]
    collective = [e for e in involved if year_of(e) is None]
    dated = {year for e in course if (year := year_of(e)) is not None}
    years = sorted(dated | budget_years) if only is None else [only]
    return {
        "action_id": row["action_id"],
        "title": row["title"],
        "years": [
            {
                "fiscal_year": year,
                "label": year_json(year),
                "phases": [_cell(phase, year, course, collective) for phase in get_args(Phase)],
            }
            for year in years
        ],
        "entries": [*involved, *(e for e in course if e["type"] in _SHOWS and year_of(e) in years)],
    }


def _cell(phase: str, year: int, course: list[Json], collective: list[Json]) -> Json:
    """One phase of one year: how the council's part in it stands, and whether the phase was gone through."""
    of_year = [e for e in course if e["type"] == _INVOLVED and year_of(e) == year and phase in e["phases"]]
    of_all = [e for e in collective if phase in e["phases"]]
    one_by_one = [e for e in of_year if e["said"]["certainty"] != "stated_collectively"]
    evidence = [e["evidence_ref"] for e in one_by_one if e["evidence_ref"] is not None]
    standing = (
        "evidence"
        if evidence
        else "stated"
        if one_by_one
        else "stated_collectively"
        if of_year or of_all
        else "not_recorded"
    )
    shown = [e for e in course if _SHOWS.get(e["type"]) == phase and year_of(e) == year]
    return {
        "phase": phase,
        "label": bilingual(*PHASES[phase]),
        "standing": standing,
        "standing_label": bilingual(*STANDING[standing]),
        "evidence": evidence,
        "forms": [e["form"] for e in (*of_year, *of_all) if e["form"] is not None],
        "phase_on_record": sorted({e["type"] for e in shown}),
        "event_ids": [e["said"]["event_id"] for e in (*of_year, *of_all, *shown)],
    }


def _unknown_phases(actions: list[Json]) -> Iterator[tuple[str, str]]:
    for action in actions:
        title = action["title"] or action["action_id"]
        if not action["years"]:
            yield f"「{title}」が行われた年度", f"in which years “{title}” was done"
        for year in action["years"]:
            lacking = [p for p in year["phases"] if p["standing"] not in ("evidence", "stated")]
            if lacking:
                ja = "・".join(p["label"]["ja"] for p in lacking)
                en = ", ".join(p["label"]["en"] for p in lacking)
                label = year["label"]
                yield (
                    f"「{title}」{label['ja']}の{ja}への関わりの、年度ごとの記録",
                    f"a record, for {label['en']}, of the council's part in “{title}”: {en}",
                )


# ------------------------------------------------------------------------------------------- money


@question("S15", ja="この事業の予算と決算はいくらか", en="What was its budget, what was spent, what is left?")
def money(ask: Ask, *, action_id: Id, fiscal_year: Year | None = None) -> Answer:
    """The ledger of an action by fiscal year, in yen and as stated (千円): initial 当初, each change,
    current 予算現額, spent 決算, left, and unused 不用額 = current - spent - carried out. A reduction is
    printed with △. What is not recorded is null: unknown is not 0."""
    known = ask.must_know(action_id, "PlanAction")
    lines = rows(ask, action_ledger.line, action_ledger.lines(action_id=action_id, fiscal_year=fiscal_year))
    years = money_of_years(lines)
    title = known["title"] or action_id
    return Answer(
        says=_money_in_words(title, years),
        answer={"action_id": action_id, "title": known["title"], "years": years},
        events=cited(ask, [line["said"] for line in lines]),
        unknown=list(_unknown_money(title, years)),
    )


def money_of_years(lines: list[Json]) -> list[Json]:
    """The budget and settlement lines of one action, added up by fiscal year."""
    return [_year(year, [line for line in lines if line["fiscal_year"] == year]) for year in _years(lines)]


def _years(lines: list[Json]) -> list[int]:
    return sorted({line["fiscal_year"] for line in lines})


def _year(year: int, lines: list[Json]) -> Json:
    """One fiscal year: every line, and what they come to. The last settlement counts."""
    budget = [line for line in lines if line["kind"] != "spent"]
    initial = [_money(line) for line in budget if line["kind"] == "initial"]
    settled = [line["said"] for line in lines if line["kind"] == "spent"]
    beside = [line["said"] for line in budget if line["said"].get("settled_yen") is not None]
    spent = settled[-1]["spent_yen"] if settled else beside[-1]["settled_yen"] if beside else None
    carried = settled[-1]["carried_out_yen"] if settled else None
    current = Money.total(_money(line) for line in budget) if budget else None
    left = current.yen - spent if current is not None and spent is not None else None
    return {
        "fiscal_year": year,
        "label": year_json(year),
        "initial": money_json(Money.total(initial) if initial else None),
        "changes": [_line(line) for line in budget if line["kind"] != "initial"],
        "current": money_json(current),
        "spent": money_json(None if spent is None else Money.of_yen(spent)),
        "provisional": bool(settled[-1]["provisional"]) if settled else None,
        "carried_out": money_json(None if carried is None else Money.of_yen(carried)),
        "left": money_json(None if left is None else Money.of_yen(left)),
        "unused": money_json(None if left is None or carried is None else Money.of_yen(left - carried)),
        "lines": [_line(line) for line in lines],
    }


def _money(line: Json) -> Money:
    stated, unit = line["stated_amount"], line["stated_unit"]
    return Money.of_yen(line["yen"]) if stated is None else Money(line["yen"], stated, unit or "円")


def _line(line: Json) -> Json:
    envelope = line["said"]["said"]
    return {
        "kind": line["kind"],
        "amount": money_json(_money(line)),
        "effective": envelope["effective"],
        "document_no": envelope["document_no"],
        "event_id": envelope["event_id"],
        "position": line["position"],
    }


def money_json(amount: Money | None) -> Json | None:
    """An amount in yen and in 千円 (null if it is no whole number of them), as stated, and in print. None
    stays None: what is not recorded is not 0."""
    if amount is None:
        return None
    thousands = amount.in_thousands()
    return {
        "yen": amount.yen,
        "thousand_yen": thousands,
        "stated": amount.stated_label(),
        "label": amount.label(),
        "thousand_label": None if thousands is None else Money.stated(thousands, "千円").stated_label(),
    }


def _money_in_words(title: str, years: list[Json]) -> tuple[str, str]:
    if not years:
        return f"「{title}」の予算は記録されていません。", f"No budget of “{title}” is on record."

    def said(amount: Any, unknown: str) -> str:
        return unknown if amount is None else str(amount["label"])

    ja = "、".join(
        f"{y['label']['ja']}は予算現額{said(y['current'], '不明')}・決算{said(y['spent'], '不明')}"
        for y in years
    )
    en = "; ".join(
        f"{y['label']['en']}: current budget {said(y['current'], 'unknown')}, "
        f"spent {said(y['spent'], 'unknown')}"
        for y in years
    )
    return f"「{title}」の{ja}。", f"“{title}”, {en}."


_LACKING = (
    ("initial", "当初予算", "initial budget"),
    ("spent", "決算額（決算不明）", "settled amount (spent: unknown)"),
    ("carried_out", "翌年度への繰越額", "amount carried out into the next year"),
)


def _unknown_money(title: str, years: list[Json]) -> Iterator[tuple[str, str]]:
    if not years:
        yield f"「{title}」の予算", f"a budget of “{title}”"
    for year in years:
        for name, ja, en in _LACKING:
            if year[name] is None:
                yield (
                    f"「{title}」{year['label']['ja']}の{ja}",
                    f"the {en} of “{title}” in {year['label']['en']}",
                )
