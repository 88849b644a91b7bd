"""A command is declared once, and everything else is read from that."""

from __future__ import annotations

import pytest

from domain.kernel.commands import Command, Parameter, Reader, acting, current, on
from domain.kernel.record import Record
from domain.kernel.refusals import BUSY, WRONG_STATE
from domain.values.calendar import EffectiveDate
from domain.values.fields import Count, Id, Line
from domain.values.refusal import Refusal
from tests.support.shelf import Shelf, ShelfEmptied, ShelfFilled, ShelfInspected, ShelfPut, context

PUT, FILL, DOWN = (Shelf.COMMANDS[name] for name in ("put_up", "fill_row", "take_down"))


def test_a_command_says_who_may_give_it_and_what_it_is_called() -> None:
    assert (PUT.name, PUT.path, PUT.roles, PUT.creates) == ("put_up", "put-up", ("SEC", "CHR"), True)
    assert (PUT.about, PUT.event, PUT.aggregate) == (("設置する", "Put up"), ShelfPut, Shelf)
    assert (FILL.roles, FILL.creates, FILL.event) == (("SEC",), False, None)
    assert PUT.doc == "Put a shelf up.\n\nIts place is not checked."


def test_a_command_without_an_explanation_has_an_empty_one() -> None:
    assert Command("x", ("SEC",), False, ("x", "x"), lambda shelf: None).doc == ""


def test_what_a_method_takes_is_what_its_command_takes() -> None:
    assert FILL.parameters() == (Parameter("row", Count, True), Parameter("books", Count, False, 0))
    assert DOWN.parameters() == ()


def test_what_an_event_says_is_what_its_command_takes() -> None:
    assert PUT.parameters() == (
        Parameter("place", Line, True),
        Parameter("day", EffectiveDate | None, False),
        Parameter("room_id", Id | None, False),
    )


def test_an_argument_that_breaks_its_rule_is_refused_by_its_name() -> None:
    with pytest.raises(Refusal, match="NUMBER_OUT_OF_RANGE") as refused:
        FILL.check({"row": 1, "books": -1})
    assert refused.value.pointer == "/books"
    FILL.check({"row": 0})
    PUT.check({"place": "x", "day": None})
    PUT.check({})


def test_a_proposal_becomes_the_fact() -> None:
    shelf = Shelf("shelf-a")
    with acting(context()):
        PUT.run(shelf, {"place": "入口"})
        FILL.run(shelf, {"row": 2, "books": 7})
    assert [e.data for e in shelf.pending] == [ShelfPut(place="入口"), ShelfFilled(row=2, books=7)]


def test_who_inherits_a_command_has_it_for_its_own_kind() -> None:
    class Case(Shelf):
        PREFIX = "case-"

    assert Case.COMMANDS.keys() == Shelf.COMMANDS.keys() > {"put_up", "redact", "propose_correction"}
    assert {c.aggregate for c in Case.COMMANDS.values()} == {Case}
    assert PUT.aggregate is Shelf


def test_what_inherits_changes_as_what_it_inherits_from_unless_it_says_otherwise() -> None:
    class Case(Shelf):
        PREFIX = "case-"

        @on(ShelfEmptied)
        def _sold(self, e: ShelfEmptied, _: object) -> None:
            self.state = "sold"

    case = Case("case-a")
    with acting(context()):
        for event, state in (
            (ShelfPut(place="x"), "standing"),
            (ShelfInspected(), "inspected"),
            (ShelfEmptied(), "sold"),
        ):
            case.record(event)
            assert case.state == state


def test_a_command_is_given_under_its_own_circumstances_and_no_other() -> None:
    with pytest.raises(LookupError):
        current()
    outer, inner = context(), context(reason="because")

    def fail() -> None:
        with acting(inner):
            assert current() is inner
            raise ZeroDivisionError

    with acting(outer) as first:
        assert first is outer
        with pytest.raises(ZeroDivisionError):
            fail()
        assert current() is outer
    with pytest.raises(LookupError):
        current()
    with pytest.raises(LookupError):
        _ = Record("shelf-a").context


def test_circumstances_are_not_shared_between_two_commands() -> None:
    one, other = context(), context()
    one.recorded.append(object())  # type: ignore[arg-type]
    one.claims["x"] = one.entrusted["y"] = "z"  # type: ignore[assignment]
    one.warnings.append(object())  # type: ignore[arg-type]
    assert (other.recorded, other.claims, other.entrusted, other.warnings) == ([], {}, {}, [])
    with pytest.raises(AttributeError):
        one.reason = "x"  # type: ignore[misc]


@pytest.mark.parametrize(
    "ask",
    [
        lambda r: r.find(Shelf, "shelf-a"),
        lambda r: r.event_at("shelf-a", 1),
        lambda r: r.groups_of("a-1"),
        lambda r: r.open_business("council-x"),
        lambda r: r.meetings_at("council-x//2026-04-01T10:00:00+00:00"),
    ],
)
def test_without_a_record_nothing_can_be_looked_up(ask: object) -> None:
    with pytest.raises(LookupError):
        ask(Reader())  # type: ignore[operator]


def test_a_parameter_is_not_changed() -> None:
    with pytest.raises(AttributeError):
        FILL.parameters()[0].required = False  # type: ignore[misc]


def test_of_each_unusual_thing_one_warning_is_given() -> None:
    given = context()
    for unusual in (BUSY(attempts=1), BUSY(attempts=2), WRONG_STATE(state="x")):
        given.warn_once(unusual)
    assert [(w.code, w.params) for w in given.warnings] == [
        ("BUSY", {"attempts": 1}),
        ("WRONG_STATE", {"state": "x"}),
    ]
