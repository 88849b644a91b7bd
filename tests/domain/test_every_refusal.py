"""No refusal without a test: every code the domain declares is named in a test that expects it."""

from __future__ import annotations

from pathlib import Path

import domain.history
import domain.kinds  # noqa: F401  every other refusal
from domain.refusal import REFUSALS

TESTS = Path(__file__).parents[1]
NAMED_IN_DOMAIN_MD = [
    "ALREADY_ESTABLISHED",
    "LEGAL_BASIS_MISSING",
    "ORDINANCE_REQUIRED",
    "CITATION_UNKNOWN",
    "RULES_OVERLAP",
    "RULES_RETROACTIVE",
    "SEATS_FULL",
    "ALREADY_SERVING",
    "IS_ADVISER",
    "NOMINATOR_REQUIRED",
    "REMAINING_TERM_EXCEEDED",
    "NOT_SERVING",
    "CHAIR_MUST_SERVE",
    "OPEN_BUSINESS",
    "COUNCIL_NOT_ACTIVE",
    "AGENDA_CLOSED",
    "MATTER_REQUIRED",
    "NOTICE_TOO_LATE",
    "GROUND_REQUIRED",
    "NOT_QUORATE",
    "ONLINE_NOT_ALLOWED",
    "ITEM_RESOLVED",
    "MEETING_NOT_OPEN",
    "QUORUM_LOST",
    "TALLY_MISMATCH",
    "NOT_ELIGIBLE",
    "OPTIONS_CHANGED",
    "ALREADY_RESOLVED",
    "ITEMS_OPEN",
    "REQUESTS_OPEN",
    "NOT_CONFIRMED",
    "MINUTES_INCOMPLETE",
    "COUNT_IMPOSSIBLE",
    "OPTIONS_NOT_FROZEN",
    "EVIDENCE_OR_REASON_REQUIRED",
    "DISSENT_UNASKED",
    "RESULT_NOT_ALLOWED",
    "RESOLUTION_UNKNOWN",
    "BEYOND_REMIT",
    "DISSENT_PERIOD_OVER",
    "NOT_ENTRUSTED",
    "SUPERSEDE_CYCLE",
    "ALREADY_SUPERSEDED",
    "ADVISORY_RESULT_AS_DECISION",
    "NO_INQUIRY",
]
"""Codes of domain.md 4.1 to 4.3. (TENURE_OVER_10Y is a warning and stands in the event.)"""


def test_every_code_of_sections_4_1_to_4_3_is_declared() -> None:
    assert [code for code in NAMED_IN_DOMAIN_MD if code not in REFUSALS] == []


def test_every_refusal_of_the_domain_has_a_test() -> None:
    sources = [
        path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py") if path != Path(__file__)
    ]
    text = "\n".join(sources)
    domain_refusals = {code for code in REFUSALS if f'"{code}"' in _domain_text()}
    assert sorted(code for code in domain_refusals if code not in text) == []


def _domain_text() -> str:
    folder = TESTS.parent / "domain"
    return "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
