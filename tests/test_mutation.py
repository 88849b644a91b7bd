"""The mutation tool: which faults it makes, that they are put in, and that a run goes on where it stopped."""

from __future__ import annotations

import ast
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.mutation.children import Live, OnImport, in_children
from tests.support.mutation.mutants import Mutant, Mutated
from tests.support.mutation.report import Report
from tests.support.mutation.touched import ON_IMPORT, Touched, without
from tests.support.mutation.verdicts import Verdict, Verdicts

CODE = '''
"""A module with a fault or two to come."""
from functools import cache

NAMES = {"a": ("甲", "one"), "b": ("乙", "two")}

def enough(present: int, required: int = 1, *, words: str = "") -> bool:
    """Whether they are enough."""
    if not words and present >= required:
        return True
    return False

@cache
def joined(parts: tuple) -> list:
    return [p.strip() for p in parts if p]
'''


@pytest.fixture
def mutated(tmp_path: Path) -> Mutated:
    (tmp_path / "mutated_here.py").write_text(CODE, encoding="utf-8")
    return Mutated(tmp_path, "mutated_here.py")


def named(mutated: Mutated, text: str) -> Mutant:
    (found,) = [m for m in mutated.mutants if text in m.name]
    return found


def test_a_comparison_is_put_wrong_on_both_sides_and_a_clause_left_out(mutated: Mutated) -> None:
    in_condition = {(m.before, m.after) for m in mutated.mutants if m.where == "enough" and m.function}
    assert in_condition >= {
        ("present >= required", "present > required"),
        ("present >= required", "present == required"),
        ("not words and present >=…", "present >=…"),
        ("not words and present >= required", "not words"),
        ("not words", "words"),
        ("True", "False"),
        ("return False", "return None"),
    }


def test_what_works_on_import_is_told_from_what_works_in_a_function(mutated: Mutated) -> None:
    on_import = {(m.where, m.before, m.after) for m in mutated.mutants if m.function is None}
    assert ("(module)", "@cache", "(left out)") in on_import
    assert ("enough", "1", "2") in on_import and ("enough", "1", "0") in on_import, "a default"
    assert ("(module)", "'a'", "'XX'") in on_import
    assert {m.function for m in mutated.mutants} == {None, "enough", "joined"}


def test_words_and_types_are_left_alone(mutated: Mutated) -> None:
    names = " ".join(m.name for m in mutated.mutants)
    for word in ("甲", "one", "Whether", "A module", "XXint", "bool"):
        assert f"'XX{word}" not in names


def test_every_fault_compiles_and_has_a_name_of_its_own(mutated: Mutated) -> None:
    assert len({m.name for m in mutated.mutants}) == len(mutated.mutants) > 20
    before = ast.dump(mutated.tree)
    for n in range(len(mutated.mutants)):
        fresh = Mutated(Path(mutated.file).parent, mutated.path)
        assert ast.dump(fresh.tree) == before
        fresh.compiled(fresh.mutants[n])
        assert ast.dump(fresh.tree) != before


def test_a_fault_is_put_into_a_function_that_is_there_already(
    mutated: Mutated, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(Path(mutated.file).parent))
    import mutated_here as here  # type: ignore[import-not-found]

    try:
        assert here.enough(3, 2) and here.joined((" x ",)) == ["x"]
        fault = named(mutated, "present >= required → present == required")
        assert Live().put_in(mutated.file, "enough", mutated.compiled(fault))
        assert not here.enough(3, 2) and here.enough(2, 2)
        assert not Live().put_in(mutated.file, "nothing", mutated.compiled(fault)), (
            "there is no such function"
        )
    finally:
        del sys.modules["mutated_here"]


def test_a_fault_is_there_when_somebody_imports_the_file(
    mutated: Mutated, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    (fault,) = [m for m in mutated.mutants if m.function is None and (m.before, m.after) == ("1", "2")]
    OnImport(mutated.file, "mutated_here", mutated.compiled(fault)).put_in()
    import mutated_here as here

    try:
        assert not here.enough(1) and here.enough(2)
    finally:
        del sys.modules["mutated_here"]


def act(job: str) -> Any:
    if job == "for ever":
        while True:
            pass
    if job == "dies":
        os._exit(1)
    return {"job": job}


def test_a_child_says_what_it_found_and_one_that_does_not_end_is_ended() -> None:
    jobs, began = ["a", "for ever", "dies", "b"], time.monotonic()
    ended = [*in_children(jobs, act, 2, 1)]
    assert {job: result for job, result, _ in ended} == {
        "a": {"job": "a"},
        "for ever": None,
        "dies": None,
        "b": {"job": "b"},
    }
    assert {job: seconds >= 1 for job, _, seconds in ended} == {job: job == "for ever" for job in jobs}, (
        "on the processor"
    )
    assert time.monotonic() - began < 60


# ------------------------------------------------------------------------------------------ which tests


def touched(lines: dict[int, list[str]], **seconds: float) -> Touched:
    told = {"lines": {"domain/values/money.py": lines}, "failed": []}
    return Touched(
        [{**told, "seconds": {name.replace("__", "/") + ".py::test": s for name, s in seconds.items()}}]
    )


def test_a_fault_is_shown_to_the_nearest_and_quickest_tests_that_run_its_line(mutated: Mutated) -> None:
    near, folder, far, slow = (
        f"tests/{name}.py::test"
        for name in (
            "domain/values/test_money",
            "domain/values/test_law",
            "domain/test_plan",
            "domain/test_slow",
        )
    )
    tests = touched(
        {9: [far, folder, near, slow], 10: [ON_IMPORT], 11: [far]},
        tests__domain__values__test_money=0.5,
        tests__domain__values__test_law=0.1,
        tests__domain__test_plan=0.2,
        tests__domain__test_slow=60,
    )
    fault = named(mutated, "present >= required → present == required")
    object.__setattr__(fault, "path", "domain/values/money.py")
    assert fault.lines == (9, 9)
    assert tests.tests_for(fault, (7, 12)) == [near, folder, far]
    assert tests.is_run_on_import("domain/values/money.py", (7, 12))
    assert not tests.is_run_on_import("domain/values/money.py", (10, 12))


def test_of_a_test_file_that_has_changed_nothing_is_kept() -> None:
    part = {
        "lines": {"a.py": {"3": [ON_IMPORT, "tests/test_a.py::test", "tests/test_b.py::"]}},
        "seconds": {"tests/test_a.py::test": 1.0, "tests/test_b.py::test": 2.0},
        "failed": ["tests/test_b.py::test"],
    }
    assert without(part, {"tests/test_b.py"}) == {
        "lines": {"a.py": {"3": [ON_IMPORT, "tests/test_a.py::test"]}},
        "seconds": {"tests/test_a.py::test": 1.0},
        "failed": [],
    }


def test_a_test_that_fails_without_any_fault_is_shown_none(mutated: Mutated) -> None:
    part = {"lines": {mutated.path: {"9": ["a::t", "b::t"]}}, "seconds": {"a::t": 1, "b::t": 1}}
    fault = named(mutated, "present >= required → present == required")
    assert Touched([part | {"failed": []}]).tests_for(fault, (7, 12)) == ["a::t", "b::t"]
    assert Touched([part | {"failed": ["a::t"]}]).tests_for(fault, (7, 12)) == ["b::t"]


# -------------------------------------------------------------------------------------- going on, telling


def test_what_was_noticed_is_not_shown_again_until_its_file_changes(tmp_path: Path) -> None:
    file = tmp_path / "verdicts.jsonl"
    before = Verdicts(file, "tests-1")
    before.add("noticed", "test_x", "code-1", 1.0)
    before.add("survived", None, "code-1", 3.0)
    again, other = Verdicts(file, "tests-1"), Verdicts(file, "tests-2")
    assert again.find("noticed", "code-1") == Verdict("noticed", "test_x", "code-1", "tests-1", 1.0)
    assert again.find("survived", "code-1") is not None
    assert other.find("noticed", "code-1") is not None
    assert other.find("survived", "code-1") is None, "other tests may notice it"
    assert again.find("noticed", "code-2") is None
    assert again.find("never shown", "code-1") is None


def test_a_survivor_without_a_reason_is_told(mutated: Mutated, tmp_path: Path) -> None:
    reasons = tmp_path / "reasons.yaml"
    first, second, third, *_ = mutated.mutants
    reasons.write_text(
        f"- reason: says the same\n  faults:\n    - {first.name!r}\n    - gone\n", encoding="utf-8"
    )
    report = Report(reasons)
    for mutant, by in ((first, None), (second, None), (third, "test_x")):
        report.add(mutant, Verdict(mutant.name, by, "c", "t", 120.0))
    assert (report.unexplained, report.outlived) == ([second.name], ["gone"])
    page = report.page()
    assert "Of 3 faults 1 were noticed, 1 survived with a reason, 1 without; 0 were not shown." in page
    assert "That took 6 minutes of a processor: 3 on two cores." in page
    assert "**says the same**" in page and "| `mutated_here.py` | 3 | 1 | 1 | 1 | 0 |" in page
