"""The house keeps its shape: no circles, no arrow up, no crowded room, no long story without a reason."""

from __future__ import annotations

import ast
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.support import imports

ROOT = imports.ROOT


def ours() -> list[Path]:
    """Every file that is kept under version control."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [Path(line) for line in listed.splitlines()]


def test_there_are_no_circles_between_files() -> None:
    assert imports.circles(imports.imports()) == []


def test_there_are_no_circles_between_folders() -> None:
    assert imports.circles(imports.between_folders(imports.imports())) == []


def test_no_import_points_up() -> None:
    assert imports.arrows_up(imports.imports()) == []


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        ({"a": ["b"], "b": ["c"], "c": []}, []),
        ({"a": ["b"], "b": ["a"], "c": ["a"]}, [["a", "b"]]),
        ({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["e"], "e": ["d"]}, [["a", "b", "c"], ["d", "e"]]),
    ],
)
def test_a_circle_is_found_where_there_is_one(graph: dict[str, list[str]], expected: list[list[str]]) -> None:
    assert imports.circles(graph) == expected


def test_an_arrow_up_is_found_where_there_is_one() -> None:
    graph = {"domain.values.money": ["domain.kernel.record"], "domain.kernel.record": ["domain.values.law"]}
    assert imports.arrows_up(graph) == ["domain.values.money → domain.kernel.record"]


def test_no_room_is_crowded() -> None:
    """Generated pages and kept decisions are lists by nature; everything else is read by people."""
    side_by_side = Counter(
        path.parent.as_posix()
        for path in ours()
        if path.name != "__init__.py" and not path.as_posix().startswith(("docs/", "tests/fixtures/"))
    )
    crowded = {folder: n for folder, n in side_by_side.items() if n > imports.CROWDED}
    assert crowded == {}


def test_a_long_file_says_why_it_is_one_story() -> None:
    silent = [
        f"{path} ({lines} lines)"
        for path, lines in imports.shipped().items()
        if lines > imports.LONG and imports.ONE_STORY not in (ROOT / path).read_text(encoding="utf-8")[:2_000]
    ]
    assert silent == []


def test_no_import_hides_in_a_function() -> None:
    """An import inside a function hides an arrow; only libraries may be imported where they are used."""
    hidden = [
        f"{path}:{n}"
        for path in imports.shipped()
        for n, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), 1)
        if line.startswith(" ") and line.split()[:1] in (["from"], ["import"]) and _is_ours(line)
        if "TYPE_CHECKING" not in _before(path, n)
    ]
    assert hidden == []


def _is_ours(line: str) -> bool:
    words = line.split()
    is_import = words[0] == "import" or (len(words) > 2 and words[2] == "import")
    return is_import and words[1].partition(".")[0] in imports.PACKAGES


def _before(path: Path, n: int) -> str:
    """The line that opens the block in which line ``n`` stands."""
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()[: n - 1]
    return next((line for line in reversed(lines) if line and not line.startswith(" ")), "")


@pytest.mark.parametrize("package", ["api", "bench", "domain", "projections"])
def test_a_local_name_says_what_it_holds(package: str) -> None:
    """``found``, ``told`` and their like say what was done with a thing, not what it is."""
    vague = {"asked", "found", "given", "kept", "said", "told"}
    named = [
        f"{path}:{node.lineno} {name}"
        for path in ours()
        if path.parts[0] == package and path.suffix == ".py"
        for node in ast.walk(ast.parse((ROOT / path).read_bytes()))
        if (name := _bound_by(node)) in vague
    ]
    assert named == []


def _bound_by(node: ast.AST) -> str | None:
    """The name that this binds, if it binds one: a variable or a parameter."""
    if isinstance(node, ast.arg):
        return node.arg
    return node.id if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else None
