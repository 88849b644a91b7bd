"""Which test covers which event, command, refusal and policy: watched while the tests of the domain run.

    python -m tests.support.covered           runs tests/domain and writes docs/reference/coverage.md anew
    python -m tests.support.covered PATH…     runs these tests and adds what the page lacks
    python -m tests.support.covered --check   fails if the page lacks something declared, or names no test

The page names for each thing the most telling test: one of the file named after the aggregate if there is
one, and of these the one that does least else. Last it lists what commands declare that they refuse, and no
test has seen them refuse: what is raised by a helper may be tested under another command.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import domain
from domain.kernel.commands import Command
from domain.kernel.correction import Correctable
from domain.kernel.events import EVENTS, Recorded
from domain.kernel.record import KINDS, Record
from domain.recording.application import Application, Batch
from domain.recording.policy import POLICIES, Order, policies_for
from domain.recording.unit_of_work import UnitOfWork
from domain.values.refusal import REFUSALS, Refusal
from projections import registry

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "coverage.md"
Thing = tuple[str, str]
"""``event MeetingOpened``, ``command Meeting.open``, ``refusal NOT_QUORATE``, ``policy leave_the_groups``,
``refused Meeting.open NOT_QUORATE``."""
ANEW = "python -m tests.support.covered"
SAYS_SO = "tests/domain/test_every_refusal.py::test_nothing_of_the_domain_is_without_a_test"


def declared() -> dict[Thing, str]:
    """Everything a test has to cover, with the module that declares it."""
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        importlib.import_module(module.name)  # a refusal is known when its module is read
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


def refused_pairs() -> list[Thing]:
    """What every command declares that it refuses, command by command."""
    pairs = {
        ("refused", f"{_called(kind, command)} {refusal.code}")
        for kind in KINDS.values()
        if kind.__module__.startswith("domain.")
        for command in kind.COMMANDS.values()
        for refusal in command.refuses
    }
    return sorted(pairs)


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
        patch.setattr(UnitOfWork, "_carry_out", partial_method(UnitOfWork._carry_out, self._carried_out))
        patch.setattr(Command, "run", partial_method(Command.run, self._given))
        patch.setattr(Refusal, "__init__", partial_method(Refusal.__init__, self._refused))
        for giver in (Application, Batch):
            patch.setattr(giver, "execute", self._noting_refusals(giver.execute))

    def _applied(self, aggregate: Record, recorded: Recorded[Any]) -> None:
        self.note("event", recorded.type)

    def _carried_out(self, unit: UnitOfWork, order: Order, cause: Any) -> None:
        for policy in policies_for(cause):
            self.note("policy", policy.name)

    def _given(self, command: Command, aggregate: Record, arguments: Any) -> None:
        self.note("command", _called(type(aggregate), command))

    def _refused(self, refused: Refusal, declared: Any, *rest: Any) -> None:
        self.note("refusal", declared.code)

    def _noting_refusals(self, execute: Any) -> Any:
        def noting(giver: Any, command: Command, *arguments: Any, **named: Any) -> Any:
            try:
                return execute(giver, command, *arguments, **named)
            except Refusal as refused:
                self.note("refused", f"{_called(command.aggregate, command)} {refused.code}")
                raise

        return noting


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


def page(found: dict[Thing, str], unmet: list[Thing]) -> str:
    """The page: a table for each sort of thing, and the declared refusals that no test has met."""
    parts = [
        f"<!-- Generated by `{ANEW}`. -->\n",
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
    parts.append(f"\n## Declared refusals that no test has met under their command ({len(unmet)})\n")
    parts += [f"- `{name}`" for _, name in unmet]
    return "\n".join(parts) + "\n"


def on_the_page() -> tuple[dict[str, str], list[Thing]]:
    """What the page says: the test of each thing (empty if none), and the refusals no test has met."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    rows = re.findall(r"^\| `(\S+)` \| (?:`([^`]+)`|\*\*none\*\*) \|$", text, re.MULTILINE)
    return dict(rows), [("refused", name) for name in re.findall(r"^- `(\S+ \S+)`$", text, re.MULTILINE)]


def lacking() -> list[str]:
    """What is wrong with the page, a sentence each: things it does not hold, things without a test, tests and
    declarations there are not."""
    named, unmet = on_the_page()
    wrong = [
        f"{sort} {name} has no test on the page: write one in tests/domain, then run `{ANEW} <its file>`"
        for sort, name in declared()
        if not named.get(name)
    ]
    tests = {
        f"{path.relative_to(ROOT)}::{name}"
        for path in (ROOT / "tests" / "domain").rglob("test_*.py")
        for name in _tests_in(path)
    }
    gone = [test for test in named.values() if test and test not in tests]
    gone += [name for _, name in sorted(set(unmet) - set(refused_pairs()))]
    return wrong + [f"{name} is on the page and is no more: run `{ANEW}`" for name in gone]


def with_what_was_found(watching: Watching, *, anew: bool) -> str:
    """The page as these tests leave it: written anew, or with what it lacked so far."""
    found = chosen(watching.done)
    met = {thing for thing in found if thing[0] == "refused"}
    if anew:
        return page(found, [pair for pair in refused_pairs() if pair not in met])
    named, unmet = on_the_page()
    new = [pair for pair in refused_pairs() if pair[1].split()[0] not in named]
    kept = {thing: named[thing[1]] for thing in declared() if named.get(thing[1])}
    still = (set(unmet) & set(refused_pairs()) | set(new)) - met
    return page(found | kept, sorted(still))


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
        paths = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
        asked = paths or [str(ROOT / "tests" / "domain")]
        with pytest.MonkeyPatch.context() as patch:
            watching.watch(patch)
            # What says that the page is old must not keep it from being made anew.
            quiet = ["-q", "-p", "no:xdist", "-p", "no:cacheprovider", f"--deselect={SAYS_SO}"]
            ended = pytest.main([*quiet, *asked], [watching])
        if ended and "--even-so" not in sys.argv:
            return int(ended)
        PAGE.write_text(with_what_was_found(watching, anew=not paths), encoding="utf-8")
    wrong = lacking()
    print("\n".join(wrong) or f"{PAGE.relative_to(ROOT)}: {len(declared())} things, each with a test")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
