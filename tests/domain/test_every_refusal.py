"""No event, command, refusal or policy without a test; no code of domain.md that is not declared."""

from __future__ import annotations

import pytest

import domain.history
import domain.kinds  # noqa: F401  every other refusal
from domain.refusal import REFUSALS
from tests.support.covered import lacking

_CODES = """
ADVISORY_RESULT_AS_DECISION AGENDA_CLOSED ALREADY_ESTABLISHED ALREADY_RESOLVED ALREADY_SERVING
ALREADY_SUBMITTED ALREADY_SUPERSEDED BEYOND_REMIT BOOKS_OPEN CHAIR_MUST_SERVE CITATION_UNKNOWN
COMMENTS_OPEN COUNCIL_NOT_ACTIVE COUNCIL_NOT_CONSULTED COUNT_IMPOSSIBLE COUNT_MISMATCH
DISSENT_PERIOD_OVER DISSENT_UNASKED DOCUMENT_NO_TAKEN ERA_OUT_OF_RANGE EVIDENCE_OR_REASON_REQUIRED
FORBIDDEN FUNCTIONS_FIRST FY_OPEN GAP_UNDISCUSSED GROUND_REQUIRED GROUP_CANNOT_CONCLUDE
IMPROVEMENT_MISSING INITIAL_BUDGET_EXISTS IS_ADVISER ITEMS_OPEN ITEM_RESOLVED LEADER_EXISTS
LEGAL_BASIS_MISSING MATTER_REQUIRED MEETING_NOT_OPEN MINUTES_INCOMPLETE NAMING_NOT_ALLOWED
NECESSITY_FIRST NOMINATOR_REQUIRED NOTICE_TOO_LATE NOT_COMMITTED NOT_CONFIRMED NOT_DISCLOSABLE
NOT_ELIGIBLE NOT_ENTRUSTED NOT_EVALUATED NOT_MEMBER NOT_QUORATE NOT_SERVING NO_DRAFT_CHANGE
NO_FINDING NO_INQUIRY NO_MEASUREMENT NO_RESPONSIBILITY ONE_SIDE_MISSING ONLINE_NOT_ALLOWED
OPEN_BUSINESS OPTIONS_CHANGED OPTIONS_NOT_FROZEN ORDINANCE_REQUIRED OVER_BUDGET PHASE_ORDER PII
PLAN_OVERLAP POST_FILLED QUESTIONS_OPEN QUORUM_LOST REASON_REQUIRED REMAINING_TERM_EXCEEDED
REQUESTS_OPEN RESOLUTION_UNKNOWN RESPONSIBILITY_OPEN RESULT_NOT_ALLOWED RULES_OVERLAP
RULES_RETROACTIVE SAME_EVALUATOR SEALED SEATS_FULL SELF_APPROVAL SUPERSEDE_CYCLE TALLY_MISMATCH
TARGETS_TOO_LATE TENURE_OVER_10Y
"""
NAMED_IN_DOMAIN_MD = _CODES.split()
"""Every code that stands in domain.md, sections 3 and 4."""


def test_every_code_of_the_domain_is_declared() -> None:
    assert len(NAMED_IN_DOMAIN_MD) == 84
    assert [code for code in NAMED_IN_DOMAIN_MD if code not in REFUSALS] == []


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_every_refusal_says_why_by_which_rule_and_what_to_do(code: str) -> None:
    refused = REFUSALS[code]
    for words in (refused.ja, refused.en, refused.rule.ja, refused.rule.en, refused.next_ja, refused.next_en):
        assert words.strip()
    assert not refused.ja.isascii() and not refused.next_ja.isascii()


def test_nothing_of_the_domain_is_without_a_test() -> None:
    """docs/reference/coverage.md names one for each; ``python -m tests.support.covered`` writes it anew."""
    assert lacking() == []
