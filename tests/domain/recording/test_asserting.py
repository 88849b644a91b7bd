"""In whose name a fact stands: one's own, one's own body's, or on behalf and on evidence."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from domain.kernel.commands import Command
from domain.kernel.events import Actor, Evidence, Source
from domain.kernel.record import KINDS
from domain.recording.asserting import (
    IN_PERSON,
    ON_BEHALF,
    OWN_BODY,
    WHERE,
    WHO,
    evidence_must_exist,
    is_asserted_for_another,
    permit_on_behalf,
)
from domain.recording.permission import permit
from domain.recording.receipts import CommandTerms
from domain.values.refusal import Refusal
from tests.support.given import TestRecord
from tests.support.shelf import NoRecord

EVERY = pytest.mark.parametrize("kind", sorted(KINDS))


def of_kind(kind: str) -> list[tuple[Command, str]]:
    """Each command of a kind with each role that may give it."""
    return [(command, role) for command in KINDS[kind].COMMANDS.values() for role in command.roles]


SIGNED = Source("doc-signed", "3頁")


def terms(role: str, asserted_by: str, **more: Any) -> CommandTerms:
    said = {"asserted_by": asserted_by, **more}
    return CommandTerms(Actor(role, "p-own"), frozenset({role}), said)


def refused(command: Command, given: CommandTerms) -> tuple[str, str | None] | None:
    try:
        permit(command, given)
    except Refusal as told:
        return told.code, told.pointer
    return None


@EVERY
def test_nobody_says_in_another_s_name_what_rests_on_no_evidence(kind: str) -> None:
    for command, role in of_kind(kind):
        for other in ("p-other", "org-kanazawa-city", "council-1"):
            with_evidence = refused(command, terms(role, other, source=SIGNED))
            without = refused(command, terms(role, other))
            if role in ON_BEHALF and command.name not in IN_PERSON:
                assert (with_evidence, without) == (None, ("EVIDENCE_REQUIRED", "/record/source"))
            else:
                assert with_evidence == without == ("NOT_YOURSELF", WHERE), command.name


@EVERY
def test_everybody_speaks_for_themselves_and_for_their_body(kind: str) -> None:
    for command, role in of_kind(kind):
        for own in ("p-own", role, *OWN_BODY.get(role, ())):
            assert refused(command, terms(role, own)) is None, command.name
        bodies = {"city", "council"} - OWN_BODY.get(role, frozenset())
        assert all(refused(command, terms(role, body)) for body in bodies), command.name


def test_what_is_never_done_on_behalf_is_a_command() -> None:
    names = {name for kind in KINDS.values() for name in kind.COMMANDS}
    assert names >= IN_PERSON


def test_on_behalf_rests_on_a_document_that_is_on_record(record: TestRecord) -> None:
    said = {"asserted_by": "p-member", "source": SIGNED}
    organisation: dict[str, Any] = {"name_ja": "校下町会", "category": "neighbourhood"}
    with pytest.raises(Refusal) as told:
        record.do("SEC", "Party", "org-1", "register_organisation", envelope=said, **organisation)
    assert (told.value.code, told.value.pointer) == ("EVIDENCE_UNKNOWN", "/record/source/document_id")
    assert record.events == []
    record.do("SEC", "Document", "doc-signed", "register", title="会議録", kind="minutes", disclosure={})
    (event,) = record.do("SEC", "Party", "org-1", "register_organisation", envelope=said, **organisation)
    assert (event.asserted_by, event.source) == ("p-member", SIGNED)


def test_an_import_says_what_its_sources_say(record: TestRecord) -> None:
    said = {"asserted_by": "city", "source": Source("doc-later")}
    record.do(
        "IMP",
        "Party",
        "org-1",
        "register_organisation",
        importing=True,
        envelope=said,
        name_ja="校下町会",
        category="neighbourhood",
    )
    assert record.events[0].asserted_by == "city"


# ------------------------------------------------------------------------------------------ the rule itself


def command(name: str = "act") -> Command:
    return Command(name, ("MEM", "SEC"), False, ("試す", "Try"), lambda: None)


def by(role: str, *roles: str, importing: bool = False, **envelope: Any) -> CommandTerms:
    """Given by ``p-own`` in this role, who may hold more."""
    return CommandTerms(Actor(role, "p-own"), frozenset({role, *roles}), envelope, importing=importing)


def refusal_of(terms: CommandTerms, name: str = "act") -> tuple[str, str | None] | None:
    try:
        permit_on_behalf(command(name), terms)
    except Refusal as caught:
        return caught.code, caught.pointer
    return None


MEM = Actor("MEM", "p-2")
THERE = Evidence("minute_taker")


def test_whoever_did_it_and_whoever_writes_it_down_speak_for_themselves() -> None:
    assert not is_asserted_for_another(by("SEC"))
    for own in ("p-own", "SEC", "p-2", "MEM"):
        assert not is_asserted_for_another(by("SEC", actor=MEM, asserted_by=own))
    for other in ("p-3", "city"):
        assert is_asserted_for_another(by("SEC", actor=MEM, asserted_by=other))
    assert is_asserted_for_another(by("SEC", asserted_by="p-2"))
    assert not is_asserted_for_another(by("IMP", asserted_by="p-2", importing=True))


def test_only_the_secretariat_acts_for_another_and_nobody_where_it_is_done_in_person() -> None:
    assert refusal_of(by("SEC", actor=MEM, evidence=THERE)) is None
    assert refusal_of(by("SEC", actor=MEM, evidence=THERE), "redact") == ("NOT_YOURSELF", WHO)
    assert refusal_of(by("CHR", actor=MEM, evidence=THERE)) == ("NOT_YOURSELF", WHO)
    assert refusal_of(by("CHR", "SEC", actor=MEM, evidence=THERE)) is None
    assert refusal_of(by("CHR")) is refusal_of(by("SEC")) is refusal_of(by("SEC"), "redact") is None


def test_who_acts_for_another_may_write_down_what_a_third_says() -> None:
    """In whichever of their roles they give the command; who acts alone says it in the role they act in."""
    assert refusal_of(by("MEM", "SEC", actor=Actor("CHR", "p-2"), asserted_by="p-3", evidence=THERE)) is None
    assert refusal_of(by("MEM", "SEC", asserted_by="p-3", evidence=THERE)) == ("NOT_YOURSELF", WHERE)
    assert refusal_of(by("SEC", asserted_by="p-3", evidence=THERE), "redact") == ("NOT_YOURSELF", WHERE)


def test_what_is_done_or_said_for_another_rests_on_something_and_a_mail_on_its_day() -> None:
    assert refusal_of(by("SEC", actor=MEM)) == ("EVIDENCE_REQUIRED", "/record/source")
    assert refusal_of(by("SEC", asserted_by="p-3")) == ("EVIDENCE_REQUIRED", "/record/source")
    assert refusal_of(by("SEC", actor=MEM, source=SIGNED)) is None
    undated, dated = Evidence("mail"), Evidence("mail", dt.date(2026, 4, 1))
    assert refusal_of(by("SEC", actor=MEM, evidence=undated)) == ("EVIDENCE_REQUIRED", "/record/evidence/on")
    assert refusal_of(by("SEC", actor=MEM, evidence=dated)) is None


class Known(NoRecord):
    """A record on which parties are in these states, and no document is."""

    def __init__(self, **states: str) -> None:
        self.states = states

    def find(self, kind: type[Any], entity: str) -> Any:
        state = self.states.get(entity) if kind is KINDS["Party"] else None
        return SimpleNamespace(state=state) if state else None


def test_what_it_rests_on_and_whoever_did_it_are_on_record() -> None:
    reader = Known(p2="person", org2="organisation", p3="erased")
    for party in ("p2", "org2", None):
        evidence_must_exist(reader, by("SEC", actor=Actor("MEM", party), evidence=THERE))
    for party in ("p3", "p9"):
        with pytest.raises(Refusal) as caught:
            evidence_must_exist(reader, by("SEC", actor=Actor("MEM", party), evidence=THERE))
        refused = caught.value
        assert (refused.code, refused.pointer) == ("ACTOR_UNKNOWN", f"{WHO}/party")
        assert refused.params == {"id": party}
    with pytest.raises(Refusal) as caught:
        evidence_must_exist(reader, by("SEC", asserted_by="p3", source=SIGNED))
    assert (caught.value.code, caught.value.params) == ("EVIDENCE_UNKNOWN", {"id": "doc-signed"})
    evidence_must_exist(reader, by("SEC", source=SIGNED))  # of what is one's own nothing is asked


def test_what_is_done_in_person_and_for_which_body_a_role_speaks_is_written_here_once_more() -> None:
    assert sorted(IN_PERSON) == [
        "approve_correction",
        "change_disclosure",
        "close_at_once",
        "confirm_closing",
        "correct_minutes",
        "correct_self_evaluation",
        "decline_correction",
        "decline_erasure",
        "erase",
        "erase_commenter",
        "erase_requester",
        "grant_role",
        "lift_redaction",
        "propose_correction",
        "redact",
        "request_erasure",
        "review_disclosure",
        "revoke_role",
        "submit_self_evaluation",
    ]
    assert {"CHR": {"council"}, "APR": {"city"}, "DIS": {"city"}, "EV-G": {"city"}} == OWN_BODY
    assert {"SEC", "IMP"} == ON_BEHALF and (WHO, WHERE) == ("/record/actor", "/record/asserted_by")
