"""Who did it and who gives the command: one person in one of their roles, or two."""

from __future__ import annotations

import pytest

from domain.kernel.events import Actor
from domain.recording.receipts import CommandTerms


def naming(named: Actor | None, party: str | None = "p-own") -> CommandTerms:
    """Given in the role of the chair, by who is a member too."""
    envelope = {"note": "x"} | ({"actor": named} if named else {})
    return CommandTerms(Actor("CHR", party), frozenset({"CHR", "MEM"}), envelope)


def test_where_nobody_is_named_it_was_done_by_whoever_gives_the_command() -> None:
    assert (naming(None).on_behalf_of, naming(None).acted) == (None, Actor("CHR", "p-own"))
    assert naming(Actor("MEM", "p-2")).said == naming(None).said == {"note": "x"}


@pytest.mark.parametrize("named", [Actor("MEM"), Actor("MEM", "p-own"), Actor("CHR", "p-own")])
def test_who_names_a_role_of_their_own_did_it_in_that_role(named: Actor) -> None:
    assert naming(named).on_behalf_of is None
    assert naming(named).acted == Actor(named.role, "p-own")


@pytest.mark.parametrize("named", [Actor("MEM", "p-2"), Actor("ADV"), Actor("ADV", "p-own")])
def test_another_person_or_a_role_one_does_not_hold_is_somebody_else(named: Actor) -> None:
    assert naming(named).on_behalf_of == naming(named).acted == named
