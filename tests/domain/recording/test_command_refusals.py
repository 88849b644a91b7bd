"""What any command may be refused with, what its own rules and its fields add, and what nothing explains."""

from __future__ import annotations

from typing import Any

from domain.kernel.commands import Command
from domain.kernel.correction import Correctable
from domain.kernel.events import Event
from domain.kernel.refusals import BUSY, WRONG_STATE
from domain.kernel.when import RECORDING
from domain.plan_action.refusals import COUNT_MISMATCH
from domain.recording.asserting import ACTOR_UNKNOWN, EVIDENCE_REQUIRED, EVIDENCE_UNKNOWN
from domain.recording.command_refusals import of_every_command, of_fields, refusals_of, undeclared
from domain.recording.committable import NOT_COMMITTABLE
from domain.recording.permission import ACTOR_REQUIRED, OTHER_BODY
from domain.values.calendar import DATE_BOUNDS
from domain.values.fields import TEXT_TOO_LONG
from domain.values.refusal import Declared
from tests.support.shelf import Shelf

EVERY = {
    "ACTOR_REQUIRED",
    "ACTOR_UNKNOWN",
    "BUSY",
    "EVIDENCE_REQUIRED",
    "EVIDENCE_UNKNOWN",
    "FORBIDDEN",
    "IMPOSSIBLE_ORDER",
    "KEY_REUSED",
    "NOT_COMMITTABLE",
    "NOT_HAPPENED",
    "NOT_LIVE",
    "NOT_YET",
    "NOT_YOURSELF",
    "OTHER_BODY",
    "VERSION_CONFLICT",
}
AT_PLACE = {"CORRECTION_IMPOSSIBLE", "CORRECTION_BREAKS", "CORRECTION_REACHES_FAR"}


def codes(refusals: Any) -> set[str]:
    return {known.code for known in refusals}


def command(method: Any = None, **more: Any) -> Command:
    return Command("act", ("SEC",), False, ("試す", "Try"), method or (lambda self: None), **more)


def test_any_command_may_find_its_id_taken_or_nothing_under_it() -> None:
    assert codes(of_every_command(Shelf.COMMANDS["put_up"])) == EVERY | {"ALREADY_EXISTS"}
    assert codes(of_every_command(Shelf.COMMANDS["inspect"])) == EVERY | {"UNKNOWN_ID"}


def test_what_is_judged_at_its_place_may_be_impossible_there() -> None:
    at_place = {name: codes(of_every_command(Shelf.COMMANDS[name])) - EVERY for name in Shelf.COMMANDS}
    assert at_place["propose_correction"] == at_place["approve_correction"] == {"UNKNOWN_ID"} | AT_PLACE
    assert at_place["withdraw_event"] == {"UNKNOWN_ID", "SOMETHING_RESTS_ON_IT", "CORRECTION_REACHES_FAR"}
    assert at_place["decline_correction"] == {"UNKNOWN_ID"}


class Measured(Event):
    WHEN = RECORDING
    LABEL = ("計測", "Measured")
    REFUSES = (COUNT_MISMATCH,)


def test_a_command_is_refused_by_its_own_rules_and_by_those_of_its_event() -> None:
    own = codes(refusals_of(command(event=Measured, refuses=(WRONG_STATE,)))) - EVERY
    assert own == {"UNKNOWN_ID", "COUNT_MISMATCH", "WRONG_STATE"}
    assert codes(refusals_of(command())) == EVERY | {"UNKNOWN_ID"}
    in_order = [known.code for known in refusals_of(command())]
    assert in_order == sorted(in_order)


def test_the_fields_of_the_envelope_are_refused_by_their_types() -> None:
    assert {DATE_BOUNDS, TEXT_TOO_LONG} <= of_fields(command())


def test_a_correction_may_touch_any_field_of_any_event_of_its_kind() -> None:
    from domain.plan_action.aggregate import PlanAction

    correcting = command(Correctable.propose_correction, aggregate=PlanAction)
    assert COUNT_MISMATCH in of_fields(correcting)
    assert COUNT_MISMATCH not in of_fields(command(aggregate=PlanAction))


def declared(kind: Any) -> Declared:
    words = {"ja": "x", "en": "x", "next_ja": "x", "next_en": "x"}
    return Declared("TRIED", rule=BUSY.rule, kind=kind, **words)


def test_what_nothing_declares_is_listed_and_what_cannot_serve_may_refuse_anything() -> None:
    met = [declared("conflict"), BUSY, declared("unavailable"), WRONG_STATE]
    assert undeclared(command(refuses=(WRONG_STATE,)), met) == [met[0]]
    assert undeclared(command(), met) == [met[0], WRONG_STATE]


def test_what_recording_refuses_is_of_a_kind_and_came_with_an_edition() -> None:
    refusals = {
        EVIDENCE_REQUIRED: ("invalid", 2),
        EVIDENCE_UNKNOWN: ("invalid", 2),
        ACTOR_UNKNOWN: ("invalid", 5),
        ACTOR_REQUIRED: ("forbidden", 5),
        OTHER_BODY: ("forbidden", 5),
        NOT_COMMITTABLE: ("invalid", 1),
    }
    assert {known: (known.kind, known.since) for known in refusals} == refusals
