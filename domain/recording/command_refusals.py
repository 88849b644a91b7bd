"""What a command may be refused with: what it declares, and what every command may be refused with.

A command declares what its own rules refuse (``@refuses(…)``). Whatever any command can meet is derived
here and declared nowhere: a role that may not, an id that is unknown or taken, a version or a key that does
not fit, a date that cannot be, a value that no log can hold, and fields that break the markers of their
types. The tests see to it that no command is refused with anything else (tests/support/declared_refusals.py).
"""

from __future__ import annotations

import typing
from collections.abc import Iterable
from functools import cache
from typing import Any

from domain.kernel.commands import Command
from domain.kernel.correction import Correctable
from domain.kernel.correction_refusals import AT_ITS_PLACE, CORRECTION_REACHES_FAR, SOMETHING_RESTS_ON_IT
from domain.kernel.events import Recorded, events_in
from domain.kernel.refusals import (
    ALREADY_EXISTS,
    BUSY,
    FORBIDDEN,
    KEY_REUSED,
    NOT_YOURSELF,
    UNKNOWN_ID,
    VERSION_CONFLICT,
)
from domain.kernel.when import IMPOSSIBLE_ORDER, NOT_HAPPENED, NOT_LIVE, NOT_YET
from domain.recording.asserting import ACTOR_UNKNOWN, EVIDENCE_REQUIRED, EVIDENCE_UNKNOWN
from domain.recording.committable import NOT_COMMITTABLE
from domain.recording.permission import ACTOR_REQUIRED, OTHER_BODY
from domain.values import fields
from domain.values.refusal import Declared


def of_every_command(command: Command) -> set[Declared]:
    """What any command may be refused with, whatever it does: one that creates finds the id taken, any other
    finds nothing under it."""
    missed = ALREADY_EXISTS if command.creates else UNKNOWN_ID
    asserting = {NOT_YOURSELF, EVIDENCE_REQUIRED, EVIDENCE_UNKNOWN, ACTOR_REQUIRED, ACTOR_UNKNOWN, OTHER_BODY}
    judged = _JUDGED.get(command.method, ())
    every = {FORBIDDEN, KEY_REUSED, VERSION_CONFLICT, BUSY, NOT_COMMITTABLE, missed}
    dated = {NOT_YET, NOT_HAPPENED, NOT_LIVE, IMPOSSIBLE_ORDER}
    return {*every, *asserting, *dated, *judged}


_JUDGED: dict[Any, tuple[Declared, ...]] = {
    Correctable.propose_correction: AT_ITS_PLACE,
    Correctable.approve_correction: AT_ITS_PLACE,
    Correctable.withdraw_event: (SOMETHING_RESTS_ON_IT, CORRECTION_REACHES_FAR),
}
"""Commands of which what they record is judged at its place (domain/recording/judging.py)."""


def refusals_of(command: Command) -> list[Declared]:
    """The refusals of a command by code: those of every command, its own, and those of the event it takes.
    Fields that break the marker of their type are told apart (:func:`of_fields`)."""
    own = {*command.refuses, *(command.event.REFUSES if command.event else ())}
    return sorted(own | of_every_command(command), key=lambda known: known.code)


def of_fields(command: Command) -> frozenset[Declared]:
    """What the fields of a command may be refused with by their types, those of the envelope included. A
    correction may touch any field of any event of its aggregate."""
    kinds: list[Any] = [parameter.kind for parameter in command.parameters()]
    if command.method is Correctable.propose_correction:
        kinds += events_in(command.aggregate.__module__.removesuffix(".aggregate"))
    return frozenset().union(_of_envelope(), *map(fields.refusals_in, kinds))


@cache
def _of_envelope() -> frozenset[Declared]:
    hints = typing.get_type_hints(Recorded, include_extras=True)
    return frozenset().union(*map(fields.refusals_in, hints.values()))


def undeclared(command: Command, met: Iterable[Declared]) -> list[Declared]:
    """Of these refusals those with which this command should not have been refused. One that cannot serve
    (503) may refuse anything."""
    known = {*refusals_of(command), *of_fields(command)}
    return [refused for refused in met if refused not in known and refused.kind != "unavailable"]
