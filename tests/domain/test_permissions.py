"""Who may do what (domain.md 4.13): every command for every role, compared with a table written by hand.

4.13 names the acts; where it does not name a command, the table says under which act it falls, or who does
it here and why. IMP stands where a source may tell of such a thing in the past; whoever imports does nothing
that only the present can do: preside, vote, propose a correction, decide what is public.
"""

from __future__ import annotations

from typing import get_args

import pytest

from domain.kernel.commands import Command
from domain.kernel.correction import Correctable
from domain.kernel.events import Actor
from domain.kernel.permission import permit
from domain.kernel.receipts import CommandTerms
from domain.kernel.record import KINDS
from domain.kernel.roles import Role
from domain.values.refusal import Refusal

ROLES: tuple[str, ...] = get_args(Role)

TABLE: dict[str, dict[str, str]] = {
    "appoint, end, change rules, register documents": {
        "Council": "SEC IMP: appoint end_appointment adopt_rules open_term define_composition state_remit"
        " establish suspend resume dissolve elect_chair designate_acting_chair vacate_chair invite_adviser"
        " release_adviser adopt_operating_method adopt_grouping",
        "Document": "SEC IMP: register; SEC: revise attach_content",
        "LegalInstrument": "SEC IMP: enact record_article amend",
        "Link": "SEC IMP: make; SEC: withdraw withdraw_implied",
        "OfficerNetwork": "SEC IMP: create_posts register_section rename_section abolish_section"
        " designate_officer plan_training hold_training; SEC: relieve_officer",
        "Party": "SEC IMP: register_organisation; SEC: register_person give_name_consent; SEC DIS: merge",
    },
    "schedule, notify, list items, draft minutes": {
        "Meeting": "SEC IMP: schedule notify list_item draft_minutes list_documents circulate_minutes"
        " publish_minutes import_counts; SEC CHR IMP: cancel; SEC: receive_written",
    },
    "open, close, take resolution, entrusted wording": {
        "Meeting": "CHR: open close take_resolution recess resume add_item close_item carry_over;"
        " CHR SEC: find_inquorate arrive leave record_statement note_item drop_item;"
        " CHR SEC LDR: record_workshop",
        "Matter": "CHR IMP: settle_entrustment; CHR SEC IMP: freeze_options carry_over withdraw"
        " confirm_no_dissent report_entrustment transmit supersede rescind; CHR SEC: conclude;"
        " IMP: import_conclusion",
    },
    "raise a matter, propose an option": {
        "Matter": "MEM LDR CHR SEC IMP: raise_matter propose_option amend_option withdraw_option"
        " adopt_criterion;"
        " MEM LDR CHR ADV SEC IMP: assess_option attach_evidence",
        "PlanAction": "MEM LDR CHR SEC IMP: propose",
    },
    "state an opinion": {
        "Matter": "MEM ADV CHR SEC IMP: record_opinion",
        "Reflection": "MEM ADV LDR CHR SEC IMP: state_claim",
    },
    "vote, file dissent, ask for minutes changes": {
        "Matter": "MEM CHR IMP: file_dissent",
        "Meeting": "MEM CHR: request_amendment; MEM CHR SEC: declare_recusal",
    },
    "take and hand over responsibility, log work": {
        "WorkingGroup": "MEM LDR IMP: take_responsibility discharge log_work; MEM LDR: hand_over",
    },
    "city response, city decision, plan approval": {
        # 4.3 lets the secretariat enter a decision that has a document number (ADVISORY_RESULT_AS_DECISION).
        "Matter": "APR IMP: record_city_response; APR SEC IMP: record_city_decision",
        "PromotionPlan": "APR IMP: approve",
        "PlanAction": "APR SEC IMP: adopt",
    },
    "submit a self-evaluation": {
        "EvaluationSheet": "EV-C EV-G IMP: submit_self_evaluation; EV-C EV-G: correct_self_evaluation",
    },
    "redact, disclose, review, erase": {
        "*": "DIS: redact lift_redaction",
        "Document": "DIS: change_disclosure review_disclosure",
        "Party": "DIS: erase; DIS SEC: withdraw_name_consent",
        "PromotionPlan": "DIS: erase_commenter",
    },
    "correct a confirmed record": {
        "*": "SEC: propose_correction; CHR APR: approve_correction decline_correction",
        "Meeting": "CHR IMP: confirm_minutes; CHR SEC: answer_amendment; CHR APR: correct_minutes",
    },
    # What 4.13 does not name. The secretariat keeps the books; whoever leads a group reports what it does.
    "keep the plan and its years": {
        "PromotionPlan": "IMP: register; SEC IMP: start_formulation prepare_draft state_measure"
        " open_public_comment receive_comment; SEC CHR IMP: record_agreement;"
        " SEC APR IMP: dispose_comment publish_comment_result publish revise supersede expire",
        "PlanAction": "SEC IMP: register open_cycle close_cycle allocate_budget settle;"
        " SEC LDR IMP: plan_cycle start_implementation complete_implementation record_activity"
        " record_material record_distribution;"
        " SEC CHR IMP: evaluate_cycle decide_improvement suspend resume end record_council_involvement",
        "EvaluationSheet": "SEC IMP: open agree_targets start_self_evaluation hold_dialogue discuss_gap"
        " agree_score keep_difference conclude_mutual add_third_party_opinion agree_improvement publish",
    },
    "work in groups and on the study": {
        "WorkingGroup": "SEC CHR IMP: form dissolve; SEC CHR LDR: activate; LDR SEC: report;"
        " SEC CHR LDR IMP: assign_member assign_support release_member",
        "CenterStudy": "SEC CHR IMP: commission return_report adopt_report transmit_report close;"
        " LDR MEM CHR SEC IMP: start open_question; LDR MEM ADV SEC IMP: assess_option;"
        " LDR MEM SEC IMP: record_finding add_option answer_provisionally;"
        " LDR SEC IMP: submit_report answer_question leave_question_open make_question_moot;"
        " LDR CHR SEC IMP: reopen_question",
        "Reflection": "SEC IMP: identify_actions; SEC CHR IMP: link_countermeasure reassess close"
        " adopt_follow_up;"
        " SEC CHR LDR IMP: plan_follow_up start_follow_up complete_follow_up drop_follow_up",
    },
}


def expected() -> dict[tuple[str, str], frozenset[str]]:
    """The table, by kind of aggregate and command."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for kinds in TABLE.values():
        for kind, entries in kinds.items():
            for entry in entries.split(";"):
                roles, _, commands = entry.partition(":")
                for command in commands.split():
                    assert (kind, command) not in found, f"{kind}.{command} stands twice in the table"
                    found[kind, command] = frozenset(roles.split())
    return found


EXPECTED = expected()


def declared() -> list[tuple[str, Command]]:
    """Every command; what every aggregate has, under ``*``."""
    return [
        ("*" if command.method.__module__ == Correctable.__module__ else name, command)
        for name, kind in KINDS.items()
        if kind.__module__.startswith("domain.")
        for command in kind.COMMANDS.values()
    ]


def may(command: Command, role: str) -> bool:
    try:
        permit(command, CommandTerms(Actor(role), frozenset({role})))
    except Refusal as refused:
        if refused.code != "FORBIDDEN":
            raise
        return False
    return True


def test_the_table_and_the_declarations_name_the_same_commands() -> None:
    assert {(kind, command.name) for kind, command in declared()} == EXPECTED.keys()


@pytest.mark.parametrize("role", ROLES)
def test_every_command_is_given_by_those_who_may_and_refused_to_everybody_else(role: str) -> None:
    wrong = [
        f"{kind}.{command.name}"
        for kind, command in declared()
        if may(command, role) != (role in EXPECTED[kind, command.name])
    ]
    assert wrong == []


def test_nobody_without_a_role_gives_a_command() -> None:
    for _, command in declared():
        with pytest.raises(Refusal, match="FORBIDDEN"):
            permit(command, CommandTerms(Actor("unstated"), frozenset()))


def test_advisers_never_decide_and_the_secretariat_never_votes() -> None:
    """ADV speaks, SEC records (domain.md 3)."""
    by_role = {role: {name for (_, name), roles in EXPECTED.items() if role in roles} for role in ROLES}
    assert by_role["ADV"] == {"assess_option", "attach_evidence", "record_opinion", "state_claim"}
    assert by_role["SEC"].isdisjoint({"file_dissent", "take_resolution", "approve", "record_city_response"})


def test_whoever_drafts_does_not_approve() -> None:
    """No role both proposes and approves a correction, or drafts and confirms minutes."""
    pairs = (
        (("*", "propose_correction"), ("*", "approve_correction")),
        (("Meeting", "draft_minutes"), ("Meeting", "confirm_minutes")),
        (("PromotionPlan", "prepare_draft"), ("PromotionPlan", "approve")),
    )
    for drafted, approved in pairs:
        assert EXPECTED[drafted] & EXPECTED[approved] <= {"IMP"}
