"""Everything there is to see: views, figures, questions, what rules ask of views, and how a record is opened.

Nothing is declared by being imported: :func:`load` makes known what stands here. It is called once, where a
process begins.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa

import domain.registry
from projections.engine.rule_questions import RuleQuestion, declared
from projections.engine.store import Store
from projections.engine.view import VIEWS
from projections.metrics import attendance, duties, engagement, openness, renewal
from projections.metrics import decisions as decision_metrics
from projections.metrics import evaluation as evaluation_metrics
from projections.metrics import plan as plan_metrics
from projections.metrics.metric import METRICS, metrics_in
from projections.questions import (
    actions,
    changes,
    comments,
    due,
    evaluation,
    grouping,
    integrity,
    issues,
    plans,
    promises,
    public_council,
    public_record,
    study,
)
from projections.questions.decisions import (
    decisions,
    entitlement,
    entrusted,
    evidence,
    onward,
    options,
    standing,
    two_axes,
)
from projections.questions.question import QUESTIONS, questions_in
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
    request_register,
    role_register,
    search_index,
    sources,
)

ALL_VIEWS = (
    closed_parts.VIEW,
    action_ledger.VIEW,
    change_register.VIEW,
    corrections.VIEW,
    council_roster.VIEW,
    council_work.VIEW,
    decision_trail.VIEW,
    due_register.VIEW,
    evaluation_board.VIEW,
    group_register.VIEW,
    issue_board.VIEW,
    joint_work.VIEW,
    legal_basis.VIEW,
    matter_list.VIEW,
    meeting_register.VIEW,
    officer_directory.VIEW,
    participation.VIEW,
    party_register.VIEW,
    plan_progress.VIEW,
    public_timeline.VIEW,
    request_register.VIEW,
    role_register.VIEW,
    sealed.VIEW,
    search_index.VIEW,
    sources.VIEW,
    study_board.VIEW,
)


def _open_business(connection: sa.Connection, council: str) -> list[str]:
    return [*meeting_register.still_open(connection, council), *matter_list.entrusted(connection, council)]


ASKED_BY_RULES = (
    RuleQuestion(
        "open_business",
        ja="市民会議に、終わっていない会議や、報告されていない座長一任があるか",
        en="Which meetings of a council are not over, and which matters left to the chair are not reported?",
        views=(meeting_register.VIEW, matter_list.VIEW),
        answer=_open_business,
    ),
    RuleQuestion(
        "groups_of",
        ja="この委員は、どのグループに入っているか",
        en="Which groups that are not dissolved have this member?",
        views=(group_register.VIEW,),
        answer=group_register.groups_of,
    ),
    RuleQuestion(
        "meetings_at",
        ja="この会議体の、同じ時刻に始まる会議は、ほかにあるか",
        en="Which meetings of this body begin at the same moment, and were not called off?",
        views=(meeting_register.VIEW,),
        answer=meeting_register.meetings_at,
    ),
)
METRIC_MODULES = (
    attendance,
    decision_metrics,
    duties,
    engagement,
    evaluation_metrics,
    openness,
    plan_metrics,
    renewal,
)
QUESTION_MODULES = (
    actions,
    changes,
    plans,
    comments,
    evidence,
    options,
    standing,
    onward,
    decisions,
    due,
    entitlement,
    entrusted,
    evaluation,
    grouping,
    integrity,
    issues,
    promises,
    public_council,
    study,
    public_record,
    two_axes,
)


RULE_QUESTIONS: dict[str, RuleQuestion] = {}
"""What rules ask of views, by name (filled by :func:`load`)."""


@cache
def load() -> None:
    """Make everything known: what may happen, and what can be seen of it."""
    domain.registry.load()
    VIEWS.update(_once([(view.name, view) for view in ALL_VIEWS]))
    RULE_QUESTIONS.update(declared(ASKED_BY_RULES, ALL_VIEWS))
    METRICS.update(_once([(m.code, m) for module in METRIC_MODULES for m in metrics_in(module)]))
    QUESTIONS.update(_once([(q.code, q) for module in QUESTION_MODULES for q in questions_in(module)]))


def _once(declared: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in declared]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"declared twice: {', '.join(twice)}")
    return dict(declared)


def open_store(url: str, **application: Any) -> Store:
    """The record at this address, with every view: what commands can be given on."""
    load()
    return Store(url, rule_questions=RULE_QUESTIONS, **application)
