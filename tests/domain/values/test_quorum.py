"""Quorum and majority: the tables of domain.md 4.1, and never ``met`` or adopted by nobody."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.values import fields
from domain.values.quorum import MajorityRule, QuorumCheck, QuorumRule, Tally, check_quorum
from domain.values.refusal import Refusal

HALF, AT_LEAST_HALF = QuorumRule("more_than_half"), QuorumRule("at_least_half")
COUNTS = st.none() | st.integers(0, 60)
RULES = st.one_of(
    st.none(),
    st.builds(
        QuorumRule,
        st.sampled_from(["none", "more_than_half", "at_least_half"]),
        st.sampled_from(["serving", "seats"]),
    ),
    st.builds(QuorumRule, st.just("fixed"), st.just("serving"), st.integers(1, 30)),
)
MAJORITIES = st.builds(
    MajorityRule,
    st.sampled_from(["present", "votes_cast"]),
    st.sampled_from(["more_than_half", "two_thirds", "unanimous"]),
)
TALLIES = st.builds(Tally, *[st.integers(0, 15)] * 4)


@pytest.mark.parametrize(
    ("serving", "more_than_half", "at_least_half"), [(27, 14, 14), (28, 15, 14), (1, 1, 1), (2, 2, 1)]
)
def test_more_than_half_and_at_least_half_differ_for_even_numbers(
    serving: int, more_than_half: int, at_least_half: int
) -> None:
    assert (HALF.required(serving), AT_LEAST_HALF.required(serving)) == (more_than_half, at_least_half)


@given(st.integers(1, 10_000))
def test_the_required_number_is_the_least_that_is_enough(n: int) -> None:
    half, at_least = HALF.required(n), AT_LEAST_HALF.required(n)
    assert half is not None and at_least is not None
    assert 2 * half > n >= 2 * (half - 1)
    assert 2 * at_least >= n > 2 * (at_least - 1)


@pytest.mark.parametrize(
    ("rule", "serving", "present", "seats", "required", "result"),
    [
        (HALF, 28, 15, None, 15, "met"),
        (HALF, 28, 14, None, 15, "not_met"),
        (AT_LEAST_HALF, 28, 14, None, 14, "met"),
        (QuorumRule("more_than_half", "seats"), 20, 14, 28, 15, "not_met"),
        (QuorumRule("more_than_half", "seats"), 28, 15, None, None, "rule_unknown"),
        (QuorumRule("fixed", n=10), None, 10, None, 10, "met"),
        (QuorumRule("fixed"), 27, 27, None, None, "rule_unknown"),
        (QuorumRule("none"), None, None, None, None, "not_required"),
        (HALF, 28, None, None, 15, "rule_unknown"),
        (HALF, None, 15, None, None, "rule_unknown"),
        (AT_LEAST_HALF, 0, 0, None, None, "rule_unknown"),
        (None, 28, 28, 28, None, "rule_unknown"),
    ],
)
def test_a_quorum_is_checked_against_the_rule_and_its_denominator(
    rule: QuorumRule | None,
    serving: int | None,
    present: int | None,
    seats: int | None,
    required: int | None,
    result: str,
) -> None:
    check = check_quorum(rule, serving, present, seats)
    assert (check.required, check.result) == (required, result)
    assert (check.rule, check.serving, check.present) == (rule, serving, present)


@given(RULES, COUNTS, COUNTS, COUNTS)
def test_a_quorum_is_never_met_without_a_rule_and_its_numbers(
    rule: QuorumRule | None, serving: int | None, present: int | None, seats: int | None
) -> None:
    check = check_quorum(rule, serving, present, seats)
    if check.result == "met":
        assert rule is not None and check.required is not None and present is not None
        assert present >= check.required >= 1
    if rule is None:
        assert check.result == "rule_unknown"


@given(
    st.sampled_from(["more_than_half", "at_least_half", "fixed"]),
    st.sampled_from(["serving", "seats"]),
    st.integers(1, 60),
    st.integers(0, 70),
    st.integers(1, 70),
)
def test_a_quorum_is_met_by_enough_and_by_more_than_enough(
    basis: Any, denominator: Any, of: int, present: int, fixed: int
) -> None:
    """Said in fractions, not by the required number: all that is asked is whether enough were there."""
    rule = QuorumRule(basis, denominator, fixed if basis == "fixed" else None)
    serving, seats = (of, None) if denominator == "serving" else (1, of)
    enough = {
        "more_than_half": 2 * present > of,
        "at_least_half": 2 * present >= of,
        "fixed": present >= fixed,
    }
    assert check_quorum(rule, serving, present, seats).result == ("met" if enough[basis] else "not_met")


@pytest.mark.parametrize(
    ("rule", "required"),
    [
        (HALF, 15),
        (AT_LEAST_HALF, 14),
        (QuorumRule("fixed", n=10), 10),
        (QuorumRule("more_than_half", "seats"), 16),
        (QuorumRule("at_least_half", "seats"), 15),
        (QuorumRule("fixed", "seats", n=10), 10),
    ],
)
def test_one_fewer_is_not_enough_and_one_more_is(rule: QuorumRule, required: int) -> None:
    """28 serve, on 30 seats."""
    results = [check_quorum(rule, 28, required + n, 30).result for n in (-1, 0, 1)]
    assert results == ["not_met", "met", "met"]


def test_nobody_is_enough_for_nothing() -> None:
    assert check_quorum(HALF, 1, 0).result == "not_met"
    assert check_quorum(AT_LEAST_HALF, 1, 0).result == "not_met"


def test_where_no_quorum_is_required_there_is_no_number() -> None:
    assert QuorumRule("none").required(28) is None
    assert check_quorum(QuorumRule("none"), 28, 3) == QuorumCheck("not_required", QuorumRule("none"), 28, 3)


@pytest.mark.parametrize("n", [1, 2, 30])
def test_a_fixed_quorum_of_one_is_a_quorum(n: int) -> None:
    rule = QuorumRule("fixed", n=n)
    assert rule.check() is rule
    assert rule.required(28) == n


@pytest.mark.parametrize("n", [None, 0, -1])
def test_a_fixed_quorum_needs_its_number(n: int | None) -> None:
    with pytest.raises(Refusal, match="QUORUM_RULE_INCOMPLETE") as refused:
        QuorumRule("fixed", n=n).check()
    assert refused.value.pointer == "/n"


@pytest.mark.parametrize(
    ("rule", "ja", "en"),
    [
        (HALF, "在任委員の過半数", "more than half of the serving members"),
        (QuorumRule("at_least_half", "seats"), "定数の半数以上", "at least half of all seats"),
        (QuorumRule("more_than_half", "seats"), "定数の過半数", "more than half of all seats"),
        (AT_LEAST_HALF, "在任委員の半数以上", "at least half of the serving members"),
        (QuorumRule("fixed", n=10), "10人以上", "at least 10"),
        (QuorumRule("fixed", "seats", n=10), "10人以上", "at least 10"),
        (QuorumRule("none", "seats"), "定足数なし", "no quorum required"),
        (QuorumRule("none"), "定足数なし", "no quorum required"),
    ],
)
def test_a_quorum_rule_is_said_in_words(rule: QuorumRule, ja: str, en: str) -> None:
    assert (rule.check().label("ja"), rule.label("en")) == (ja, en)


# ---------------------------------------------------------------------------------------------- majority


def majority(base: Any, threshold: Any = "more_than_half") -> MajorityRule:
    return MajorityRule(base, threshold)


@pytest.mark.parametrize(
    ("rule", "tally", "present", "outcome"),
    [
        (majority("present"), Tally(7, 6, 2), 15, "rejected"),
        (majority("votes_cast"), Tally(7, 6, 2), 15, "adopted"),
        (majority("present"), Tally(8, 7, 0), 15, "adopted"),
        (majority("present"), Tally(7, 7, 0), 14, "tied"),
        (majority("present"), Tally(1, 1, 0), 2, "tied"),
        (majority("present"), Tally(7, 7, 1), 15, "rejected"),
        (majority("present"), Tally(7, 6, 1), 14, "rejected"),  # half, but not as many against
        (majority("votes_cast"), Tally(7, 7, 1), 15, "tied"),
        (majority("votes_cast"), Tally(0, 0, 15), 15, "rejected"),
        (majority("present", "two_thirds"), Tally(10, 5, 0), 15, "adopted"),
        (majority("present", "two_thirds"), Tally(10, 6, 0), 16, "rejected"),
        (majority("votes_cast", "two_thirds"), Tally(2, 1, 12), 15, "adopted"),
        (majority("votes_cast", "two_thirds"), Tally(0, 0, 15), 15, "rejected"),
        (majority("votes_cast", "two_thirds"), Tally(1, 1, 0), 2, "rejected"),
        (majority("present", "unanimous"), Tally(15, 0, 0), 15, "adopted"),
        (majority("present", "unanimous"), Tally(14, 0, 1), 15, "rejected"),
        (majority("votes_cast", "unanimous"), Tally(14, 0, 1), 15, "adopted"),
        (majority("votes_cast", "unanimous"), Tally(0, 0, 15), 15, "rejected"),
    ],
)
def test_a_majority_is_decided_by_its_base_and_threshold(
    rule: MajorityRule, tally: Tally, present: int, outcome: str
) -> None:
    assert rule.decide(tally, present) == outcome


@given(MAJORITIES, TALLIES)
def test_the_outcome_is_what_the_fractions_say(rule: MajorityRule, tally: Tally) -> None:
    of = tally.total if rule.base == "present" else tally.for_ + tally.against
    enough = {
        "more_than_half": 2 * tally.for_ > of,
        "two_thirds": 3 * tally.for_ >= 2 * of,
        "unanimous": tally.for_ == of,
    }[rule.threshold]
    outcome = rule.decide(tally, tally.total)
    assert (outcome == "adopted") == (enough and tally.for_ > 0)
    halved = tally.for_ == tally.against > 0 and 2 * tally.for_ == of
    assert (outcome == "tied") == (halved and rule.threshold == "more_than_half")


@pytest.mark.parametrize(
    ("rule", "needed"),
    [
        (majority("present"), 8),
        (majority("votes_cast"), 7),
        (majority("present", "two_thirds"), 10),
        (majority("votes_cast", "two_thirds"), 8),
        (majority("present", "unanimous"), 15),
        (majority("votes_cast", "unanimous"), 12),
    ],
)
def test_one_vote_fewer_rejects_and_one_more_adopts(rule: MajorityRule, needed: int) -> None:
    """15 are present, 12 of them vote for or against."""
    assert rule.needed(Tally(12, 0, 3), 15) == needed
    outcomes = [rule.decide(Tally(n, max(0, 12 - n), 3), 15) for n in (needed - 1, needed, needed + 1)]
    assert outcomes[1:] == ["adopted", "adopted"]
    assert outcomes[0] == ("tied" if rule == majority("votes_cast") else "rejected")


def test_where_nobody_votes_one_vote_is_still_needed() -> None:
    for threshold in ("more_than_half", "two_thirds", "unanimous"):
        assert majority("votes_cast", threshold).needed(Tally(0, 0, 5), 5) == 1
        assert majority("votes_cast", threshold).needed(Tally(1, 0, 4), 5) == 1


def test_a_tally_counts_everybody_who_was_there() -> None:
    assert Tally(1, 10, 100, 1_000).total == 1_111
    assert Tally(1, 10, 100).total == 111


@pytest.mark.parametrize(
    ("rule", "tally", "present", "ja", "en"),
    [
        (
            majority("present"),
            Tally(7, 6, 2),
            15,
            "出席15人の過半数8人に対し賛成7人のため否決",
            "7 for; more than half of 15 present is 8: rejected",
        ),
        (
            majority("votes_cast"),
            Tally(7, 6, 2),
            15,
            "賛否を表した13人の過半数7人に対し賛成7人のため可決",
            "7 for; more than half of 13 voting for or against is 7: adopted",
        ),
        (
            majority("present"),
            Tally(7, 7, 0),
            14,
            "出席14人の過半数8人に対し賛成7人のため可否同数",
            "7 for; more than half of 14 present is 8: tied",
        ),
        (
            majority("present", "two_thirds"),
            Tally(10, 5, 0),
            15,
            "出席15人の3分の2以上10人に対し賛成10人のため可決",
            "10 for; two thirds of 15 present is 10: adopted",
        ),
        (
            majority("votes_cast", "unanimous"),
            Tally(2, 1, 0),
            3,
            "賛否を表した3人の全員3人に対し賛成2人のため否決",
            "2 for; all of 3 voting for or against is 3: rejected",
        ),
    ],
)
def test_the_reason_gives_the_numbers(
    rule: MajorityRule, tally: Tally, present: int, ja: str, en: str
) -> None:
    assert (rule.reason(tally, present, "ja"), rule.reason(tally, present, "en")) == (ja, en)


def test_votes_for_are_written_for() -> None:
    assert msgspec.json.encode(Tally(7, 6, 2)) == b'{"for":7,"against":6,"abstain":2,"not_voting":0}'
    assert msgspec.convert({"for": 7, "against": 6, "abstain": 2}, Tally).total == 15


def test_votes_are_never_negative() -> None:
    with pytest.raises(Refusal, match="NUMBER_OUT_OF_RANGE") as refused:
        fields.check(Tally(-1, 6, 2))
    assert refused.value.pointer == "/for"
