"""Every view there is, what rules ask of views, and how a record is opened with all of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

import domain.registry  # noqa: F401  every event is declared
from projections.engine.store import RuleQuestions, Store
from projections.views.council import (
    council_roster,
    council_work,
    group_register,
    officer_directory,
    participation,
    party_register,
)
from projections.views.matter import decision_trail, issue_board, legal_basis, matter_list
from projections.views.meeting import meeting_register
from projections.views.plan import (
    action_ledger,
    evaluation_board,
    joint_work,
    plan_progress,
    sealed,
    study_board,
)
from projections.views.record import (
    change_register,
    closed_parts,
    corrections,
    due_register,
    public_timeline,
    search_index,
    sources,
)

VIEW_MODULES = (
    action_ledger,
    change_register,
    closed_parts,
    corrections,
    council_roster,
    council_work,
    decision_trail,
    due_register,
    evaluation_board,
    group_register,
    issue_board,
    joint_work,
    legal_basis,
    matter_list,
    meeting_register,
    officer_directory,
    participation,
    party_register,
    plan_progress,
    public_timeline,
    sealed,
    search_index,
    sources,
    study_board,
)
"""Every view, one module each."""


def _open_business(connection: sa.Connection, council: str) -> list[str]:
    return [*meeting_register.still_open(connection, council), *matter_list.entrusted(connection, council)]


RULE_QUESTIONS = RuleQuestions(open_business=_open_business, groups_of=group_register.groups_of)


def open_store(url: str, **application: Any) -> Store:
    """The record at this address, with every view: what commands can be given on."""
    return Store(url, rule_questions=RULE_QUESTIONS, **application)
