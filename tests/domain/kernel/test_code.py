"""What counts as code, and what does not: words, comments, and where a thing stands."""

from __future__ import annotations

import ast

import pytest

from domain.kernel.code import Sources, place_of, written_at
from domain.kernel.syntax import written
from domain.promotion_plan.events import PlanRevised
from domain.values.calendar import EffectiveDate
from domain.values.money import Money

SAME = {
    "a comment": ("x = 1", "x = 1  # why"),
    "a docstring": ('def f():\n "a"\n return 1', 'def f():\n "b"\n return 1'),
    "a docstring behind a table": ('X = 1\n"one"', 'X = 1\n"the first"'),
    "lines and brackets": ("x = (1 +\n 2)", "x = 1 + 2"),
    "an annotation of a function": ("def f(a: int) -> int:\n return a", "def f(a):\n return a"),
    "an annotation in a function": ("def f():\n a: int = 1\n return a", "def f():\n a: str = 1\n return a"),
    "what a call is told in two languages": (
        "v = View('a', 1, ja='あ', en='a', rule='law')",
        "v = View('a', 1, ja='い', en='b', rule='other')",
    ),
    "a pair of words": ("X = {'c': ('市民側', 'citizens')}", "X = {'c': ('市民', 'the citizens')}"),
    "how a language is spoken": ("def f(x, lang):\n return 'a'", "def f(x, lang):\n return 'b'"),
}
OTHER = {
    "an operator": ("x = a >= 1", "x = a > 1"),
    "a value": ("x = 1", "x = 2"),
    "a kind of value": ("x = 1", "x = '1'"),
    "an argument's default": ("def f(a=1):\n return a", "def f(a=2):\n return a"),
    "what a function is wrapped in": ("@cache\ndef f():\n return 1", "def f():\n return 1"),
    "a field's type": ("class A:\n a: int", "class A:\n a: str"),
    "what is asked of a thing": ("x = a.b", "x = a.c"),
    "a text that is no word": ("x = ('c', 'g')", "x = ('c', 'h')"),
    "one language alone": ("v = f(ja='あ')", "v = f(ja='い')"),
    "the order of statements": ("x = 1\nx = 2", "x = 2\nx = 1"),
    "what is raised": ("def f():\n raise A", "def f():\n raise B"),
}


@pytest.mark.parametrize(("before", "after"), SAME.values(), ids=SAME)
def test_what_is_no_code(before: str, after: str) -> None:
    assert _text(before) == _text(after)


@pytest.mark.parametrize(("before", "after"), OTHER.values(), ids=OTHER)
def test_what_is_code(before: str, after: str) -> None:
    assert _text(before) != _text(after)


def _text(source: str) -> str:
    return written(ast.parse(source).body).text


USES = {
    "a function": ("x = f(1)", {("f", "")}),
    "a name inside a function, not its own": ("def g(a):\n b = a\n return f(b)", {("f", "")}),
    "a name that a function inside has for itself": ("def g():\n h = lambda f: f\n return f", {("f", "")}),
    "a name that a comprehension has for itself": ("def g(a):\n return [f for f in a], f", {("f", "")}),
    "what a module is asked for": ("x = m.f", {("m", "f")}),
    "a default": ("def g(f=f):\n return f", {("f", "")}),
    "what is caught and matched": (
        "def g(a):\n match a:\n  case K(b=c):\n   return c\n try:\n  pass\n except E as e:\n  return e",
        {("K", ""), ("E", "")},
    ),
    "nothing of an annotation": ("def g(a: f):\n return a", set[tuple[str, str]]()),
}


@pytest.mark.parametrize(("source", "uses"), USES.values(), ids=USES)
def test_which_names_are_used(source: str, uses: set[tuple[str, str]]) -> None:
    assert written(ast.parse(source).body).uses == uses


def test_a_name_asked_for_as_text_is_asked_for() -> None:
    assert written(ast.parse("x = getattr(a, 'LABEL', None)").body).attributes == {"LABEL"}


# ------------------------------------------------------------------------------------- what is reached


_DATE = written_at(EffectiveDate)


def test_a_function_brings_what_it_uses_and_a_class_what_is_asked_of_it() -> None:
    with Sources() as sources:
        reached = sources.reached([("projections.views.plan.joint_work", "_bounds"), _DATE])
    names = {name for _, name in reached}
    assert {"EffectiveDate", "EffectiveDate.check", "_read_iso", "_bounds"} <= names
    assert "EffectiveDate.compare" not in names
    assert "Record" not in names


def test_a_refusal_is_its_code_and_not_its_sentence() -> None:
    with Sources() as sources:
        says = sources.reached([written_at(Money.check)])[written_at(Money.check)]
    assert "MONEY_UNIT_MISMATCH" in says
    assert "一致" not in says


def test_an_event_is_its_fields_and_not_what_it_is_called() -> None:
    with Sources() as sources:
        (says,) = [x for p, x in sources.reached([written_at(PlanRevised)]).items() if p[1] == "PlanRevised"]
    assert "period_to_fy" in says
    assert PlanRevised.LABEL[0] not in says


def test_the_digest_does_not_depend_on_the_order_of_asking() -> None:
    roots = [written_at(Money), written_at(EffectiveDate)]
    with Sources() as one, Sources() as other:
        assert one.digest(roots) == other.digest(reversed(roots)) != one.digest(roots[:1])


def test_what_is_not_there_cannot_be_followed() -> None:
    with Sources() as sources, pytest.raises(LookupError):
        sources.digest([("domain.values.money", "NoSuchThing")])


def test_what_is_not_ours_has_no_place() -> None:
    assert place_of(ast.parse) is None
    assert place_of(Money.check) == ("domain.values.money", "Money.check")
