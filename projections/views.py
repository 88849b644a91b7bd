"""Every view, imported once: after ``import projections.views``, VIEWS is complete."""

from projections import (
    action_ledger,
    closed_parts,
    corrections,
    council_roster,
    decision_trail,
    group_register,
    issue_board,
    legal_basis,
    matter_list,
    meeting_register,
    public_timeline,
    sources,
    study_board,
)

__all__ = [
    "action_ledger",
    "closed_parts",
    "corrections",
    "council_roster",
    "decision_trail",
    "group_register",
    "issue_board",
    "legal_basis",
    "matter_list",
    "meeting_register",
    "public_timeline",
    "sources",
    "study_board",
]
