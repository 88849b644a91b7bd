"""What a command declares that it refuses is what it refuses: no more, and no less.

That no command is refused with anything else is checked wherever a test gives one (tests/conftest.py).
"""

from __future__ import annotations

from typing import Any

import pytest

from domain.evaluation_sheet.refusals import SEALED
from domain.kernel.commands import Command, command, refuses
from domain.kernel.events import Event
from domain.kernel.record import KINDS
from domain.kernel.refusals import ALREADY_EXISTS, BUSY, FORBIDDEN, UNKNOWN_ID, WRONG_STATE
from domain.link.aggregate import LINK_TO_ITSELF, LINK_WITHDRAWN
from domain.plan_action.refusals import COUNT_MISMATCH
from domain.recording.application import command_named
from domain.recording.command_refusals import of_every_command, of_fields, refusals_of, undeclared
from domain.values.calendar import DATE_BOUNDS
from domain.values.disclosure import GROUND_REQUIRED
from domain.values.fields import TEXT_TOO_LONG
from tests.support.declared_refusals import UndeclaredRefusal, never_raised
from tests.support.given import TestRecord

COMMANDS: list[Command] = [
    declared
    for kind in KINDS.values()
    if kind.__module__.startswith("domain.")
    for declared in kind.COMMANDS.values()
]


def test_no_command_declares_a_refusal_that_its_code_never_raises() -> None:
    never = {f"{c.aggregate.__name__}.{c.name}": never_raised(c) for c in COMMANDS}
    assert {name: codes for name, codes in never.items() if codes} == {}


def test_a_declared_refusal_that_nothing_raises_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    withdraw = command_named("Link", "withdraw")
    monkeypatch.setattr(withdraw, "refuses", (*withdraw.refuses, LINK_TO_ITSELF))
    assert never_raised(withdraw) == ["LINK_TO_ITSELF"]


def test_what_is_only_warned_of_is_not_refused() -> None:
    codes = {known.code for known in refusals_of(command_named("Council", "appoint"))}
    assert "SEATS_FULL" in codes and "TENURE_OVER_10Y" not in codes


def test_a_refusal_that_is_not_declared_fails_the_test_that_meets_it(
    record: TestRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = command_named("Link", "make")
    monkeypatch.setattr(make, "refuses", ())
    with pytest.raises(UndeclaredRefusal, match=r"Link.make was refused with LINK_TO_ITSELF: add it to"):
        record.do("SEC", "Link", "l-1", "make", from_id="a", to_id="a", relation="used", reason="架空")


@pytest.mark.parametrize("declared", COMMANDS, ids=lambda c: f"{c.aggregate.__name__}.{c.name}")
def test_a_command_declares_each_refusal_once_and_none_that_every_command_has(declared: Command) -> None:
    assert len(set(declared.refuses)) == len(declared.refuses)
    assert of_every_command(declared).isdisjoint(declared.refuses)
    assert of_fields(declared).isdisjoint(set(declared.refuses) - {GROUND_REQUIRED})


def test_every_command_may_find_no_permission_and_its_id_unknown_or_taken() -> None:
    make, withdraw = command_named("Link", "make"), command_named("Link", "withdraw")
    assert {FORBIDDEN, BUSY, ALREADY_EXISTS, UNKNOWN_ID, LINK_TO_ITSELF} <= set(refusals_of(make))
    assert {FORBIDDEN, BUSY, UNKNOWN_ID, LINK_WITHDRAWN, WRONG_STATE} <= set(refusals_of(withdraw))
    assert ALREADY_EXISTS not in refusals_of(withdraw)


def test_fields_are_refused_by_their_types() -> None:
    change = command_named("Document", "change_disclosure")
    assert undeclared(change, [TEXT_TOO_LONG, DATE_BOUNDS, GROUND_REQUIRED]) == []
    assert undeclared(command_named("Link", "withdraw"), [GROUND_REQUIRED]) == [GROUND_REQUIRED]


def test_an_event_that_checks_itself_tells_what_it_refuses() -> None:
    assert COUNT_MISMATCH in refusals_of(command_named("PlanAction", "record_activity"))
    correct = command_named("PlanAction", "propose_correction")
    assert undeclared(correct, [COUNT_MISMATCH]) == []


def test_a_kind_of_aggregate_may_refuse_more_in_what_all_have() -> None:
    assert SEALED in refusals_of(command_named("EvaluationSheet", "redact"))
    assert SEALED not in refusals_of(command_named("Matter", "redact"))


def test_refusals_are_declared_below_the_command() -> None:
    def act(self: Any) -> None:
        """Do nothing."""

    with pytest.raises(TypeError, match="@refuses stands below @command"):
        refuses(WRONG_STATE)(command("SEC", records=Event, ja="試す", en="Try")(act))
