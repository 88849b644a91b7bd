"""Did the grouping グループ分け raise participation? Figures, and no claim of cause (S17)."""

from __future__ import annotations

import projections.metrics.ask  # noqa: F401  the metrics are declared
from domain.values.calendar import fiscal_year_bounds
from domain.values.fields import Id, Year
from projections.engine.event_json import Json, bilingual
from projections.metrics.closed_inputs import has_a_closed_term
from projections.metrics.metric import METRICS, Scope, measured
from projections.questions.entries import cited, rows, year_json
from projections.questions.question import Answer, Ask, question
from projections.views.council import council_roster

CODES = ("M1", "M2", "M3", "M4", "M5", "M6")
NO_CAUSE = ("因果を示すものではない", "This does not show cause")


@question(
    "S17", ja="グループ分け（平成20年度）で参加は増えたか", en="Did grouping (FY2008) raise participation?"
)
def grouping(ask: Ask, *, fiscal_year: Year = 2008, council_id: Id | None = None) -> Answer:
    """M1 to M6 in the year before ``fiscal_year`` and in that year, each with its numerator, denominator and
    coverage: 因果を示すものではない. A figure that the record cannot give is null, never 0."""
    if council_id is not None:
        ask.must_know(council_id, "Council")
    scope = Scope(ask.connection, council_id, *fiscal_year_bounds(fiscal_year), ask.viewer, ask.today)
    compared: list[Json] = [
        {
            "metric": code,
            "title": bilingual(METRICS[code].ja, METRICS[code].en),
            "before": measured(METRICS[code], scope.before, has_a_closed_term),
            "after": measured(METRICS[code], scope, has_a_closed_term),
        }
        for code in CODES
    ]
    known = [c for c in compared if c["before"]["value"] is not None and c["after"]["value"] is not None]
    adopted = _adopted(ask, council_id)
    return Answer(
        says=(
            f"{len(CODES)}の指標のうち、前後とも記録から計算できるもの{len(known)}。{NO_CAUSE[0]}。",
            f"Of {len(CODES)} metrics, {len(known)} can be computed both before and after. {NO_CAUSE[1]}.",
        ),
        answer={
            "not_causal": bilingual(*NO_CAUSE),
            "before": year_json(fiscal_year - 1),
            "after": year_json(fiscal_year),
            "metrics": compared,
            "groupings": adopted,
        },
        events=cited(ask, adopted),
        unknown=[gap for c in compared for gap in _unknown(c)],
    )


def _adopted(ask: Ask, council_id: str | None) -> list[Json]:
    """The groupings on record of the council, or of all."""
    chosen = council_roster.councils()
    if council_id is not None:
        chosen = chosen.where(council_roster.council.table.c.council_id == council_id)
    return [g for row in rows(ask, council_roster.council, chosen) for g in row["doc"]["groupings"]]


def _unknown(compared: Json) -> list[tuple[str, str]]:
    title, periods = compared["title"], [(when, compared[when]) for when in ("before", "after")]
    words = {"before": ("前", "before"), "after": ("後", "after")}
    return [
        (
            f"{title['ja']}（{words[when][0]}）を計算できる記録",
            f"{title['en']} {words[when][1]}: no counts on record",
        )
        for when, figure in periods
        if figure["value"] is None
    ]
