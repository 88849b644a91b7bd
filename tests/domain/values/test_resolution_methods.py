"""Methods of resolution: the table of domain.md 4.3, row by row."""

from __future__ import annotations

from typing import get_args

import pytest

from domain.values.refusal import Refusal
from domain.values.resolution_methods import METHODS, RESULTS, UNFINISHED, MethodName, Result, check_result

OTHERWISE = {"partly", "amended", "adopted_in_purpose", "elected", "referred"}
"""What an assembly may make of a bill, a petition or an election besides."""
TABLE = {
    "no_objection": {"adopted", "noted", *OTHERWISE},
    "unanimous": {"adopted", *OTHERWISE},
    "majority_show": {"adopted", "adopted_with_conditions", "rejected", "tied", *OTHERWISE},
    "majority_ballot": {"adopted", "adopted_with_conditions", "rejected", "tied", *OTHERWISE},
    "consensus_workshop": {"agreed", "carried_over"},
    "opinion_summary": {"summarised"},
    "chair_entrusted": {"entrusted"},
    "written": {"adopted", "rejected", "summarised"},
    "report_noted": {"noted"},
}


def test_every_method_and_result_has_its_row_and_its_names() -> None:
    assert METHODS.keys() == TABLE.keys() == set(get_args(MethodName))
    assert RESULTS.keys() == set(get_args(Result))
    assert all(m.ja and m.en and all(m.needs) for m in METHODS.values())


@pytest.mark.parametrize("method", TABLE)
@pytest.mark.parametrize("result", RESULTS)
def test_a_method_gives_the_results_of_its_row_and_no_other(method: MethodName, result: Result) -> None:
    if result in TABLE[method]:
        check_result(method, result)
        return
    with pytest.raises(Refusal, match="RESULT_NOT_ALLOWED") as caught:
        check_result(method, result)
    assert RESULTS[result][0] in caught.value.sentence("ja")
    assert RESULTS[result][1] in caught.value.sentence("en")
    assert METHODS[method].ja in caught.value.sentence("ja")
    assert METHODS[method].en in caught.value.sentence("en")
    assert caught.value.pointer == "/result"


def test_only_a_summary_of_opinions_needs_no_quorum() -> None:
    assert [name for name, method in METHODS.items() if not method.quorum] == ["opinion_summary"]


def test_votes_are_counted_where_everybody_is_asked() -> None:
    counted = {name for name, method in METHODS.items() if method.counts_votes}
    assert counted == {"unanimous", "majority_show", "majority_ballot"}


def test_the_refusal_lists_what_the_method_may_give() -> None:
    with pytest.raises(Refusal) as caught:
        check_result("consensus_workshop", "adopted")
    assert caught.value.sentence("ja") == (
        "議決の方法「合意」から結果「可決」は生じません（可能な結果: 合意、継続審議）。"
    )
    assert caught.value.sentence("en") == (
        "The method “consensus” cannot give the result “adopted” (it may give: agreed, carried over)."
    )


def test_a_tie_and_what_goes_on_elsewhere_conclude_nothing() -> None:
    assert {"tied", "carried_over", "referred", "no_vote"} == UNFINISHED


def test_a_row_of_the_table_is_not_changed() -> None:
    with pytest.raises(AttributeError):
        METHODS["written"].quorum = False  # type: ignore[misc]
