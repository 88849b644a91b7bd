"""Who may give a command: by which role, on whose behalf, and for which council or group."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from domain.kernel.commands import Command
from domain.kernel.events import Actor, Evidence
from domain.recording.permission import bodies_of, forbidden, permit, permit_at_all, within_body
from domain.recording.receipts import CommandTerms
from domain.values.refusal import Refusal

THERE = Evidence("minute_taker")


def command(*roles: Any, name: str = "act") -> Command:
    return Command(name, roles, False, ("試す", "Try"), lambda: None)


def terms(*roles: str, actor: Actor | None = None, **more: Any) -> CommandTerms:
    envelope = {"actor": actor, "evidence": THERE} if actor else {}
    return CommandTerms(Actor(roles[0], "p-own"), frozenset(roles), envelope, **more)


def refusal(act: Any, *what: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        act(*what)
    return refused.value


# ----------------------------------------------------------------------------------------- at all


def test_whoever_may_neither_do_it_nor_write_it_down_is_told_who_may() -> None:
    refused = refusal(permit, command("MEM", "CHR"), terms("ADV"))
    assert (refused.code, refused.pointer) == ("FORBIDDEN", None)
    assert refused.params == {
        "roles": "委員・座長",
        "roles_en": "member, chair",
        "have": "アドバイザー",
        "have_en": "adviser",
    }


@pytest.mark.parametrize(
    ("of", "name", "held", "may"),
    [
        (("MEM",), "act", ("MEM",), True),
        (("MEM",), "act", ("ADV",), False),
        (("MEM",), "act", ("ADV", "MEM"), True),
        (("MEM",), "act", ("SEC",), True),
        (("MEM", "IMP"), "act", ("SEC",), True),
        (("IMP",), "act", ("SEC",), False),
        (("IMP",), "act", ("IMP",), True),
        (("CHR",), "approve_correction", ("SEC",), False),
        (("CHR",), "approve_correction", ("CHR",), True),
    ],
)
def test_the_secretariat_writes_down_what_others_do_but_what_only_an_import_does_or_is_done_in_person(
    of: tuple[str, ...], name: str, held: tuple[str, ...], may: bool
) -> None:
    if may:
        permit_at_all(command(*of, name=name), frozenset(held))
    else:
        assert refusal(permit_at_all, command(*of, name=name), frozenset(held)).code == "FORBIDDEN"


# -------------------------------------------------------------------------------------- who did it


def test_the_secretariat_is_asked_who_of_those_that_may_did_it() -> None:
    refused = refusal(permit, command("MEM", "CHR", "IMP"), terms("SEC"))
    assert (refused.code, refused.pointer) == ("ACTOR_REQUIRED", "/record/actor")
    assert refused.params == {"roles": "委員・座長", "roles_en": "member, chair"}


def test_it_is_done_by_somebody_who_may_do_it() -> None:
    permit(command("MEM"), terms("SEC", actor=Actor("MEM", "p-2")))
    refused = refusal(permit, command("MEM"), terms("SEC", actor=Actor("ADV", "p-2")))
    assert (refused.code, refused.pointer) == ("FORBIDDEN", "/record/actor/role")
    assert refused.params["have_en"] == "adviser"


# ------------------------------------------------------------------------------------- for a body


def of_council(council: str | None = "council-a", group: str | None = None) -> Any:
    return SimpleNamespace(entity="matter-a", council_id=council, group_id=group)


def test_what_a_command_concerns_is_named_by_its_thing_or_its_arguments() -> None:
    assert bodies_of(of_council("council-a", "group-a"), {}) == {"council-a", "group-a"}
    assert bodies_of(of_council(None), {"council_id": "council-b", "group_id": "group-b"}) == {
        "council-b",
        "group-b",
    }
    assert bodies_of(of_council(None), {"council_id": None, "group_id": 3}) == frozenset()
    scheduled: Any = SimpleNamespace(entity="meeting-a", scheduled=SimpleNamespace(group_id="group-c"))
    assert bodies_of(scheduled, {}) == {"group-c"}


@pytest.mark.parametrize(("kind", "concerned"), [("Council", True), ("WorkingGroup", True), ("Other", False)])
def test_a_council_or_a_group_concerns_itself(kind: str, concerned: bool) -> None:
    body: Any = type(kind, (), {"entity": "body-a"})()
    assert bodies_of(body, {}) == ({"body-a"} if concerned else set())


def test_who_holds_roles_for_any_body_acts_in_the_role_that_was_chosen() -> None:
    how = terms("CHR", "MEM")
    assert within_body(command("MEM", "CHR"), of_council(), {}, how) is how


def test_what_concerns_no_body_is_open_to_a_role_for_any() -> None:
    how = terms("CHR", bodies={"CHR": frozenset({"council-b"})})
    assert within_body(command("CHR"), of_council(None), {}, how) is how


def test_only_the_roles_for_the_body_count_and_one_of_them_is_acted_in() -> None:
    elsewhere = {"CHR": frozenset({"council-b"}), "LDR": frozenset({"council-a"})}
    here = within_body(
        command("CHR", "MEM", "LDR"), of_council(), {}, terms("CHR", "LDR", "MEM", bodies=elsewhere)
    )
    assert (here.roles, here.actor) == (frozenset({"LDR", "MEM"}), Actor("MEM", "p-own"))
    only = terms("CHR", bodies={"CHR": frozenset({"council-b"})})
    assert refusal(within_body, command("CHR"), of_council(), {}, only).code == "OTHER_BODY"


def test_who_writes_down_for_another_does_so_for_the_body() -> None:
    bodies = {"CHR": frozenset({"council-b"})}
    how = terms("SEC", "CHR", actor=Actor("MEM", "p-2"), bodies=bodies)
    here = within_body(command("MEM"), of_council(), {}, how)
    assert (here.roles, here.actor) == (frozenset({"SEC"}), Actor("SEC", "p-own"))
    elsewhere = terms("SEC", actor=Actor("MEM", "p-2"), bodies={"SEC": frozenset({"council-b"})})
    assert refusal(within_body, command("MEM"), of_council(), {}, elsewhere).code == "OTHER_BODY"


def test_what_somebody_holds_is_told_in_one_order() -> None:
    one, other = (forbidden(("SEC",), held) for held in (["MEM", "ADV"], ["ADV", "MEM"]))
    assert one.params == other.params
