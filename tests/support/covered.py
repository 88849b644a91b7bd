"""Which test covers which event, command, refusal and policy: watched while the tests of the domain run.

    python -m tests.support.covered           runs tests/domain and writes docs/reference/coverage.md
    python -m tests.support.covered --check   fails if the page lacks something declared, or names no test

The page names for each thing the most telling test: one of the file named after the aggregate if there is
one, and of these the one that does least else.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import domain.sample.record  # noqa: F401  every refusal of the domain is declared
from domain.kernel.application import Application
from domain.kernel.commands import Command
from domain.kernel.correction import Correctable
from domain.kernel.events import EVENTS, Recorded
from domain.kernel.policy import POLICIES, Order, policies_for
from domain.kernel.record import KINDS, Record
from domain.values.refusal import REFUSALS, Refusal
from projections import registry

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "coverage.md"
Thing = tuple[str, str]
"""``event MeetingOpened``, ``command Meeting.open``, ``refusal NOT_QUORATE``, ``policy leave_the_groups``."""


def declared() -> dict[Thing, str]:
    """Everything a test has to cover, with the module that declares it."""
    things: dict[Thing, str] = {}
    for event in EVENTS.values():
        if event.__module__.startswith("domain."):
            things["event", event.__name__] = event.__module__
    for kind in KINDS.values():
        if kind.__module__.startswith("domain."):
            for command in kind.COMMANDS.values():
                things["command", _called(kind, command)] = command.method.__module__
    in_domain = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "domain").rglob("*.py"))
    things |= {("refusal", code): "domain" for code in REFUSALS if f'"{code}"' in in_domain}
    return things | {("policy", name): "domain.policies" for name in POLICIES}


def _called(kind: type[Record], command: Command) -> str:
    """A command by its aggregate; what every aggregate has, by the class that gives it to all."""
    is_shared = command.method.__module__ == Correctable.__module__
    return f"{Correctable.__name__ if is_shared else kind.__name__}.{command.name}"


class Watching:
    """A pytest plugin that notes what each test did."""

    def __init__(self) -> None:
        self.test: str | None = None
        self.done: dict[str, set[Thing]] = defaultdict(set)

    def note(self, sort: str, name: str) -> None:
        if self.test is not None:
            self.done[self.test].add((sort, name))

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        self.test = item.nodeid.split("[")[0]
        yield
        self.test = None

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(Record, "apply", partial_method(Record.apply, self._applied))
        patch.setattr(Application, "_carry_out", partial_method(Application._carry_out, self._carried_out))
        patch.setattr(Command, "run", partial_method(Command.run, self._given))
        patch.setattr(Refusal, "__init__", partial_method(Refusal.__init__, self._refused))

    def _applied(self, aggregate: Record, recorded: Recorded[Any]) -> None:
        self.note("event", recorded.type)

    def _carried_out(self, application: Application, unit: Any, order: Order, cause: Any) -> None:
        for policy in policies_for(cause):
            self.note("policy", policy.name)

    def _given(self, command: Command, aggregate: Record, arguments: Any) -> None:
        self.note("command", _called(type(aggregate), command))

    def _refused(self, refused: Refusal, declared: Any, *rest: Any) -> None:
        self.note("refusal", declared.code)


def partial_method(original: Any, before: Any) -> Any:
    """``original`` with ``before`` called first, with the same arguments."""

    def both(self: Any, *arguments: Any, **named: Any) -> Any:
        before(self, *arguments, **named)
        return original(self, *arguments, **named)

    return both


def chosen(done: dict[str, set[Thing]]) -> dict[Thing, str]:
    """The most telling test of each thing."""
    by_thing: dict[Thing, list[str]] = defaultdict(list)
    for test, things in done.items():
        for thing in things:
            by_thing[thing].append(test)
    modules = declared()
    return {
        thing: min(tests, key=partial(_telling, thing, modules.get(thing, ""), done))
        for thing, tests in by_thing.items()
    }


def _telling(thing: Thing, module: str, done: dict[str, set[Thing]], test: str) -> tuple[bool, int, str]:
    subject = module.split(".")[1] if "." in module else ""
    same_sort = sum(1 for sort, _ in done[test] if sort == thing[0])
    return f"test_{subject}" not in test, same_sort, test


def page(found: dict[Thing, str]) -> str:
    """The page: a table for each sort of thing."""
    parts = [
        "<!-- Generated by `python -m tests.support.covered`. -->\n",
        "# What is tested where\n",
        "For each event, command, refusal and policy of the domain the most telling test that meets it.",
    ]
    for sort, title in (
        ("event", "Events"),
        ("command", "Commands"),
        ("refusal", "Refusals"),
        ("policy", "Policies"),
    ):
        names = sorted(name for thing_sort, name in declared() if thing_sort == sort)
        parts += [f"\n## {title} ({len(names)})\n", f"| {sort} | test |", "|---|---|"]
        for name in names:
            test = found.get((sort, name))
            parts.append(f"| `{name}` | {f'`{test}`' if test else '**none**'} |")
    return "\n".join(parts) + "\n"


def lacking() -> list[str]:
    """What is wrong with the page: things it does not hold, things without a test, tests there are not."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    rows = re.findall(r"^\| `(\S+)` \| (?:`([^`]+)`|\*\*none\*\*) \|$", text, re.MULTILINE)
    named = dict(rows)
    wrong = [f"{sort} {name}: not on the page" for sort, name in declared() if name not in named]
    wrong += [f"{name}: no test" for name, test in rows if not test]
    tests = {
        f"{path.relative_to(ROOT)}::{name}"
        for path in (ROOT / "tests" / "domain").rglob("test_*.py")
        for name in _tests_in(path)
    }
    return wrong + [f"{test}: there is no such test" for test in named.values() if test and test not in tests]


def _tests_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            yield from (f"{node.name}::{f.name}" for f in node.body if isinstance(f, ast.FunctionDef))
        if isinstance(node, ast.FunctionDef):
            yield node.name
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id  # a state machine's test case


def main() -> int:
    registry.load()
    if "--check" not in sys.argv:
        watching = Watching()
        with pytest.MonkeyPatch.context() as patch:
            watching.watch(patch)
            ended = pytest.main(
                ["-q", "-p", "no:xdist", "-p", "no:cacheprovider", str(ROOT / "tests" / "domain")], [watching]
            )
        if ended and "--even-so" not in sys.argv:
            return int(ended)
        PAGE.write_text(page(chosen(watching.done)), encoding="utf-8")
    wrong = lacking()
    print("\n".join(wrong) or f"{PAGE.relative_to(ROOT)}: {len(declared())} things, each with a test")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
