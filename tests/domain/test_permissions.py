"""Who may do what (domain.md 4.13): the acts that matter most by a table written by hand, all others by rule.

Every command with its roles stands in docs/reference/commands.md, made from the declarations. What would do
harm in the wrong hands stands here once more, independently: a role given by mistake to an act that decides,
closes, publishes, corrects or touches personal data is noticed. A new command needs no line here unless it
gives power to those who approve, close or evaluate. IMP stands where a source may tell of such a thing in the
past; whoever imports does nothing that only the present can do.
"""

from __future__ import annotations

from typing import get_args

import pytest

from domain.kernel.commands import Command
from domain.kernel.correction import Correctable
from domain.kernel.events import Actor
from domain.kernel.record import KINDS
from domain.kernel.roles import Role
from domain.recording.permission import permit
from domain.recording.receipts import CommandTerms
from domain.values.refusal import Refusal

ROLES: tuple[str, ...] = get_args(Role)
RESERVED = {"APR", "DIS", "EV-C", "EV-G"}
"""Roles that approve for the city, decide what is public, or evaluate: all they may do is in the table."""

TABLE: dict[str, dict[str, str]] = {
    "preside and resolve": {
        "Meeting": "CHR: open close take_resolution recess resume add_item close_item carry_over;"
        " CHR SEC: find_inquorate",
    },
    "conclude and carry on": {
        "Matter": "CHR SEC: conclude; IMP: import_conclusion; CHR IMP: settle_entrustment;"
        " CHR SEC IMP: freeze_options confirm_no_dissent transmit supersede rescind withdraw",
    },
    "dissent, ask for minutes changes, step out": {
        "Matter": "MEM CHR IMP: file_dissent",
        "Meeting": "MEM CHR: request_amendment; MEM CHR SEC: declare_recusal",
    },
    "take and hand over responsibility": {
        "WorkingGroup": "MEM LDR IMP: take_responsibility discharge log_work; MEM LDR: hand_over",
    },
    "city response, city decision, plan approval": {
        # 4.3 lets the secretariat enter a decision that has a document number (ADVISORY_RESULT_AS_DECISION).
        "Matter": "APR IMP: record_city_response; APR SEC IMP: record_city_decision take_promised_step;"
        " SEC APR IMP: dispose_comment publish_comment_result",
        "PromotionPlan": "APR IMP: approve; SEC APR IMP: dispose_comment publish_comment_result publish"
        " revise supersede expire",
        "PlanAction": "APR SEC IMP: adopt",
    },
    "submit a self-evaluation": {
        "EvaluationSheet": "EV-C EV-G IMP: submit_self_evaluation; EV-C EV-G: correct_self_evaluation",
    },
    "redact, disclose, review, erase": {
        # one closes at once for somebody's safety, a second confirms (console.md, screen 10)
        "*": "DIS: redact lift_redaction; SEC DIS: close_at_once; DIS APR: confirm_closing",
        "Document": "DIS: change_disclosure review_disclosure",
        "Party": "DIS: erase; DIS SEC: withdraw_name_consent merge",
        "PromotionPlan": "DIS: erase_commenter",
        "Matter": "DIS: erase_commenter",
        "DisclosureRequest": "DIS SEC: receive amend extend disclose request_review withdraw close;"
        " DIS: decide decide_review erase_requester",
    },
    "personal data": {
        "Party": "SEC: register_person give_name_consent change_details; SEC DIS: request_erasure; "
        "DIS: decline_erasure",
    },
    "correct a confirmed record": {
        "*": "SEC: propose_correction; CHR APR: approve_correction decline_correction",
        "Meeting": "CHR IMP: confirm_minutes; CHR SEC: answer_amendment; CHR APR: correct_minutes",
    },
    "take one's own record of the day back": {
        "*": "SEC CHR MEM ADV LDR APR DIS EV-C EV-G: withdraw_event",
    },
    "publish": {
        "Meeting": "SEC IMP: publish_minutes",
        "EvaluationSheet": "SEC IMP: publish",
    },
    "who sits on the council": {
        "Council": "SEC IMP: appoint end_appointment elect_chair vacate_chair suspend dissolve",
    },
    "roles": {
        "RoleGrant": "SEC: grant_role revoke_role",
    },
    "say that a link does not hold": {
        "Link": "SEC: withdraw withdraw_implied",
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


def declared() -> dict[tuple[str, str], Command]:
    """Every command by its kind and name; what every aggregate has, under ``*``."""
    return {
        ("*" if command.method.__module__ == Correctable.__module__ else name, command.name): command
        for name, kind in KINDS.items()
        if kind.__module__.startswith("domain.")
        for command in kind.COMMANDS.values()
    }


def given_by(role: str) -> set[tuple[str, str]]:
    return {named for named, command in declared().items() if role in command.roles}


def may(command: Command, role: str) -> bool:
    try:
        permit(command, CommandTerms(Actor(role), frozenset({role})))
    except Refusal as refused:
        if refused.code not in ("FORBIDDEN", "ACTOR_REQUIRED"):
            raise
        return False
    return True


def test_what_matters_most_is_given_by_those_of_the_table_and_nobody_else() -> None:
    commands = declared()
    wrong = {
        f"{kind}.{name}": sorted(commands[kind, name].roles)
        for (kind, name), roles in EXPECTED.items()
        if set(commands[kind, name].roles) != roles
    }
    assert wrong == {}


@pytest.mark.parametrize("role", sorted(RESERVED))
def test_who_approves_closes_or_evaluates_does_nothing_that_the_table_does_not_name(role: str) -> None:
    """A command for one of them is a decision about power: put it into the table with all its roles."""
    assert given_by(role) - EXPECTED.keys() == set()


@pytest.mark.parametrize("role", ROLES)
def test_every_command_is_given_by_the_roles_it_declares_and_refused_to_everybody_else(role: str) -> None:
    wrong = [named for named, command in declared().items() if may(command, role) != (role in command.roles)]
    assert wrong == []


def test_nobody_without_a_role_gives_a_command() -> None:
    for command in declared().values():
        assert command.roles
        with pytest.raises(Refusal, match="FORBIDDEN"):
            permit(command, CommandTerms(Actor("unstated"), frozenset()))


def test_advisers_never_decide_and_the_secretariat_never_votes() -> None:
    """ADV speaks, SEC records (domain.md 3)."""
    assert {name for _, name in given_by("ADV")} == {
        "assess_option",
        "attach_evidence",
        "record_opinion",
        "state_claim",
        "withdraw_event",
    }
    never = {"file_dissent", "take_resolution", "approve", "record_city_response", "approve_correction"}
    assert {name for _, name in given_by("SEC")}.isdisjoint(never)


def test_members_decide_nothing_alone() -> None:
    """MEM speaks, proposes, takes part and dissents; what closes, concludes or confirms is the chair's."""
    assert given_by("MEM").isdisjoint(
        {("Meeting", "take_resolution"), ("Matter", "conclude"), ("Meeting", "confirm_minutes")}
    )


def test_whoever_imports_decides_nothing_that_is_public_or_closed() -> None:
    assert {named for named in given_by("IMP") if "DIS" in declared()[named].roles} == set()


def test_whoever_drafts_does_not_approve() -> None:
    """No role both proposes and approves a correction, or drafts and confirms minutes."""
    pairs = (
        (("*", "propose_correction"), ("*", "approve_correction")),
        (("Meeting", "draft_minutes"), ("Meeting", "confirm_minutes")),
        (("PromotionPlan", "prepare_draft"), ("PromotionPlan", "approve")),
    )
    commands = declared()
    for drafted, approved in pairs:
        assert set(commands[drafted].roles) & set(commands[approved].roles) <= {"IMP"}
