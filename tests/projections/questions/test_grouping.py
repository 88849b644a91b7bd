"""S17: before and after the grouping of FY2008, with coverage, and without a claim of cause."""

from __future__ import annotations

from projections.engine.store import Store
from tests.projections.questions.asking import put


def test_kanazawa_has_no_counts_before_or_after_the_grouping(kanazawa: Store) -> None:
    told = put(kanazawa, "S17")
    answer = told["answer"]
    assert [m["metric"] for m in answer["metrics"]] == ["M1", "M2", "M3", "M4", "M5", "M6"]
    assert {m[when]["value"] for m in answer["metrics"] for when in ("before", "after")} == {None}
    assert answer["not_causal"]["ja"] == "因果を示すものではない"
    assert "因果を示すものではない" in told["says"]["ja"]
    assert (answer["before"]["en"], answer["after"]["en"]) == ("FY2007", "FY2008")
    assert answer["metrics"][0]["after"]["coverage"]["known"] == 0
    assert [e["type"] for e in told["events"]] == ["GroupingAdopted"]
    assert len(told["unknown"]) == 12
