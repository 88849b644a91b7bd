"""Who looks, by the roles of an account."""

from __future__ import annotations

import pytest

from domain.kernel.viewer import OFFICE, PUBLIC, Viewer

MEMBERS = ("MEM", "CHR", "ADV", "LDR")


@pytest.mark.parametrize("role", sorted(OFFICE - {"EV-G"}))
def test_the_office_sees_what_is_closed(role: str) -> None:
    assert Viewer.of_roles(frozenset({role, "MEM"})) == Viewer(staff=True)


@pytest.mark.parametrize("role", MEMBERS)
def test_a_member_sees_what_anybody_sees(role: str) -> None:
    seen = Viewer.of_roles(frozenset({role}))
    assert seen == PUBLIC and seen.staff is False


def test_who_evaluates_sees_their_own_side_and_who_holds_both_sees_neither() -> None:
    assert Viewer.of_roles(frozenset({"EV-C"})) == Viewer(sides=frozenset({"c"}))
    assert Viewer.of_roles(frozenset({"EV-G"})) == Viewer(staff=True, sides=frozenset({"g"}))
    assert Viewer.of_roles(frozenset({"EV-C", "EV-G"})) == Viewer(staff=True)
    assert Viewer.of_roles(frozenset()) == PUBLIC
