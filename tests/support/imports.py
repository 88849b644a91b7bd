"""The structure of the code as its imports make it: files, folders, circles, and arrows that point up.

    python -m tests.support.imports            prints the figures, and the folders with their files
    python -m tests.support.imports --models   prints them beside the models of other projects

Every import counts, those for type checkers and those inside functions too. Which floor stands on which is
what the contracts of import-linter in setup.cfg say (``layers``).
"""

from __future__ import annotations

import statistics
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from configparser import ConfigParser
from functools import cache
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]
PACKAGES = ("domain", "projections", "api")
CROWDED = 24
"""Files side by side in one folder, from which on it is crowded."""
LONG = 350
"""Lines of a file, from which on it has to say why it is one story."""
ONE_STORY = "One story:"
"""How the sentence begins in which a long file says so."""

MODELS = (
    ("cosmicpython/code", 28, 120),
    ("RailsEventStore/ecommerce", 16, 236),
    ("ddd-by-examples/library", 26, 246),
    ("alphagov/notifications-api", 54, 2_890),
    ("hynek/structlog", 234, None),
)
"""Projects to learn from: the median and the longest of their own files, in lines."""

Graph = Mapping[str, Iterable[str]]


@cache
def imports() -> dict[str, frozenset[str]]:
    """For each of our modules those of ours that it imports."""
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=False)
    return {module: frozenset(graph.find_modules_directly_imported_by(module)) for module in graph.modules}


def folder_of(module: str) -> str:
    """The folder a module lies in: a package's own file lies in the package."""
    return module if (ROOT / module.replace(".", "/")).is_dir() else module.rpartition(".")[0]


def between_folders(graph: Graph) -> dict[str, set[str]]:
    """The arrows between folders that the imports of their files make."""
    arrows: dict[str, set[str]] = defaultdict(set)
    for module, imported in graph.items():
        here = folder_of(module)
        arrows[here] |= {folder_of(other) for other in imported} - {here}
    return arrows


def circles(graph: Graph) -> list[list[str]]:
    """Groups of nodes each of which reaches every other one of its group."""
    reached = {node: _reachable(graph, node) for node in graph}
    groups = {
        tuple(sorted(other for other in graph if other in reached[node] and node in reached[other]))
        for node in graph
        if node in reached[node]
    }
    return [list(group) for group in sorted(groups)]


def _reachable(graph: Graph, start: str) -> set[str]:
    seen: set[str] = set()
    waiting = list(graph.get(start, ()))
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting += graph.get(node, ())
    return seen


def floors() -> list[list[list[str]]]:
    """Each contract of layers: its floors from the top, each the modules that stand on it."""
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    contracts = [setup[name] for name in setup.sections() if name.startswith("importlinter:contract")]
    return [
        [
            line.replace("|", ":").replace(" ", "").split(":")
            for line in contract["layers"].strip().splitlines()
        ]
        for contract in contracts
        if contract["type"] == "layers"
    ]


def arrows_up(graph: Graph) -> list[str]:
    """Imports from a lower floor to a higher one."""
    found = set()
    for contract in floors():
        height = {room: -n for n, floor in enumerate(contract) for room in floor}
        for module, imported in graph.items():
            for other in imported:
                below, above = _height(module, height), _height(other, height)
                if below is not None and above is not None and below < above:
                    found.add(f"{module} → {other}")
    return sorted(found)


def _height(module: str, height: Mapping[str, int]) -> int | None:
    while module:
        if module in height:
            return height[module]
        module = module.rpartition(".")[0]
    return None


def shipped() -> dict[Path, int]:
    """Every file of the three packages, with its lines."""
    files = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    return {
        path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines())
        for path in files
        if "__pycache__" not in path.parts
    }


def per_folder(paths: Iterable[Path]) -> dict[str, int]:
    """How many files lie side by side in each folder; a package's own file is not counted."""
    counted: dict[str, int] = defaultdict(int)
    for path in paths:
        counted[path.parent.as_posix()] += path.name != "__init__.py"
    return dict(counted)


def main() -> int:
    """Print the figures; 1 if there is a circle or an arrow up."""
    graph, files = imports(), shipped()
    folders = per_folder(files)
    in_files, in_folders, up = circles(graph), circles(between_folders(graph)), arrows_up(graph)
    print(f"files {len(files)}, folders {len(folders)}, imports {sum(len(i) for i in graph.values())}")
    print(f"circles between files {len(in_files)}, between folders {len(in_folders)}, arrows up {len(up)}")
    for found in [*(" ↔ ".join(group) for group in (*in_files, *in_folders)), *up]:
        print(f"  {found}")
    _print_sizes(files, folders)
    return 1 if in_files or in_folders or up else 0


def _print_sizes(files: Mapping[Path, int], folders: Mapping[str, int]) -> None:
    lines = [n for path, n in files.items() if path.name != "__init__.py"]
    print(
        f"lines a file: median {statistics.median(lines):.0f}, "
        f"p90 {statistics.quantiles(lines, n=10)[-1]:.0f}, longest {max(lines)}"
    )
    if "--models" in sys.argv:
        for name, median, longest in MODELS:
            print(f"  {name}: median {median}, longest {longest if longest else 'not known'}")
    print("\nfiles in each folder (lines of its longest)")
    for folder, count in sorted(folders.items()):
        longest = max(n for path, n in files.items() if path.parent.as_posix() == folder)
        print(f"{count:4}  {folder}  ({longest})")
    print(f"\nfiles of more than {LONG} lines")
    for path, n in sorted(files.items(), key=lambda item: -item[1]):
        if n > LONG:
            print(f"{n:4}  {path}")


if __name__ == "__main__":
    sys.exit(main())
