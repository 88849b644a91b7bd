"""Roles for a body and a period: granted by another, on record, and held for that body alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from domain.kernel.events import Actor, Evidence
from domain.recording.application import command_named
from domain.recording.receipts import CommandTerms
from domain.role_grant.aggregate import INTERNAL, RoleGranted, RoleRevoked
from domain.values.refusal import Refusal
from tests.support.given import TestRecord, then_recorded, then_refused, typed
from tests.support.stories.groups import COUNCIL, GROUP, given_a_group

G = ("SEC", "RoleGrant", "grant-1")
GRANT: dict[str, Any] = {"party_id": "p-clerk", "role": "SEC", "from_date": "2026-04-01"}


def test_a_role_is_granted_for_a_period_and_ends(record: TestRecord) -> None:
    granted = record.do(*G, "grant_role", **GRANT, to_date="2027-03-31", deputy=True, document_no="8人第1号")
    then_recorded(granted, RoleGranted)
    assert granted[0].data.disclosure == INTERNAL and granted[0].effective.value == "2026-04-01"
    then_refused("ALREADY_EXISTS", record, *G, "grant_role", **GRANT)
    ended = {"last_day": "2026-09-30", "reason": "異動（架空）"}
    then_recorded(record.do(*G, "revoke_role", **ended), RoleRevoked)
    then_refused("WRONG_STATE", record, *G, "revoke_role", **ended)


def test_nobody_grants_a_role_to_themselves(record: TestRecord) -> None:
    refused = then_refused("ROLE_FOR_ONESELF", record, *G, "grant_role", party="p-clerk", **GRANT)
    assert refused.pointer == "/party_id"
    record.do(*G, "grant_role", **GRANT)
    ended = {"last_day": "2026-09-30", "reason": "異動（架空）"}
    then_refused("ROLE_FOR_ONESELF", record, *G, "revoke_role", party="p-clerk", **ended)


def test_a_role_ends_after_it_begins_and_is_for_a_body_on_record(record: TestRecord) -> None:
    wrong = "ROLE_ENDS_BEFORE_IT_BEGINS"
    assert then_refused(wrong, record, *G, "grant_role", **GRANT, to_date="2026-03-31").pointer == "/to_date"
    assert then_refused("UNKNOWN_ID", record, *G, "grant_role", **GRANT, body="council-x").pointer == "/body"
    record.do(*G, "grant_role", **GRANT)
    early = {"last_day": "2026-03-30", "reason": "誤り（架空）"}
    assert then_refused(wrong, record, *G, "revoke_role", **early).pointer == "/last_day"
    record.do(*G, "revoke_role", last_day="2026-03-31", reason="誤り（架空）")


Bodies = dict[str, frozenset[str]]


def give(record: TestRecord, bodies: Bodies, kind: str, entity: str, name: str, **given: Any) -> str | None:
    """The role in which somebody gives a command who holds SEC and LDR for these bodies; None: refused."""
    terms = CommandTerms(Actor("SEC", "p-1"), frozenset({"SEC", "LDR"}), {}, bodies=bodies)
    try:
        record.application.execute(command_named(kind, name), entity, typed(kind, name, given), terms)
    except Refusal as refused:
        if refused.code != "OTHER_BODY":
            raise
        return None
    return record.events[-1].actor.role


def test_a_role_for_a_body_is_held_for_that_body_alone(record: TestRecord) -> None:
    given_a_group(record)
    duty = {"appointment_id": "a-2", "duty": "会場（架空）"}
    here, elsewhere = frozenset({GROUP, COUNCIL}), frozenset({"council-x"})
    take = (record, "WorkingGroup", GROUP, "take_responsibility")

    def taken(n: int, **bodies: frozenset[str]) -> str | None:
        return give(take[0], bodies, *take[1:], responsibility_id=f"r-{n}", **duty)

    assert taken(1, SEC=elsewhere, LDR=elsewhere) is None
    assert taken(2, SEC=elsewhere, LDR=here) == "LDR"
    assert taken(3, SEC=elsewhere) == "LDR"
    organisation = {"name_ja": "町会（架空）", "category": "neighbourhood"}
    bodies = {"SEC": elsewhere, "LDR": elsewhere}
    assert give(record, bodies, "Party", "org-x", "register_organisation", **organisation) == "SEC"
    matter = {"title": "架空", "question": "どうするか。", "practice": "慣行"}
    assert give(record, bodies, "Matter", "matter-x", "raise_matter", council_id=COUNCIL, **matter) is None


@pytest.mark.parametrize(("role", "may"), [("SEC", True), ("LDR", False)])
def test_on_behalf_too_the_secretariat_is_that_of_the_body(record: TestRecord, role: str, may: bool) -> None:
    given_a_group(record)
    said = {"actor": Actor("MEM", "p-2"), "evidence": Evidence("mail", dt.date(2026, 4, 1))}
    roles, bodies = frozenset({"SEC", "LDR"}), {"SEC": frozenset({COUNCIL if role == "SEC" else "council-x"})}
    terms = CommandTerms(Actor("SEC", "p-clerk"), roles, said, bodies=bodies)
    given = {"responsibility_id": "r-1", "appointment_id": "a-2", "duty": "会場（架空）"}
    take = command_named("WorkingGroup", "take_responsibility")
    arguments = typed("WorkingGroup", "take_responsibility", given)
    if may:
        record.application.execute(take, GROUP, arguments, terms)
        assert record.events[-1].recorded_by == Actor("SEC", "p-clerk")
    else:
        with pytest.raises(Refusal, match="OTHER_BODY"):
            record.application.execute(take, GROUP, arguments, terms)
