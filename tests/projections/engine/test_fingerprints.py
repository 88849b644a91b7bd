"""Changing a word changes no digest, no certificate and no view's state; changing a fold's helper does.

In a temporary copy of the project: a record of Kanazawa is made there and its views are rebuilt, so that each
has a certificate. Then the source is edited, and new processes of the edited code look at the same record.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from compileall import compile_dir
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Any

import pytest

from domain.kernel.fingerprints.code import Sources
from projections.engine.view import VIEWS, _described, fingerprint_of

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]

MAKE = """
from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from projections.registry import open_store
from projections.rebuild.replay import rebuild
store = open_store("sqlite:///record.db")
store.create()
import_history(store.application, read_history(KANAZAWA))
rebuild(store)
"""
LOOK = """
import json
from domain.recording import snapshots
from projections.tables.durable import built
from projections.engine.view import VIEWS
from projections.engine.view_versions import standings
from tests.support.digests import digest_view
from projections.rebuild.replay import verify
from projections.registry import open_store
store = open_store("sqlite:///record.db")
with store.engine.connect() as connection:
    states, certified = standings(connection), built(connection)
print(json.dumps({
    "states": states,
    "certified": {n: certified[n][1] == v.fingerprint for n, v in VIEWS.items()},
    "digests": {proof.view: proof.replayed_digest for proof in verify(store)},
    "snapshots": snapshots.fingerprint(),
}))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with a record of its own."""
    copy = tmp_path_factory.mktemp("project")
    for folder in ("domain", "projections"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    # Compiled once for all processes; by their content, so that what is edited at once is seen at once.
    compile_dir(copy, quiet=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH)
    _run(copy, MAKE)
    return copy


@pytest.fixture
def edit(project: Path) -> Iterator[Callable[[str, str, str], None]]:
    """Edit a file of the copy: one text for another, which must stand in it. Undone afterwards."""
    before: dict[Path, str] = {}

    def change(file: str, old: str, new: str) -> None:
        path = project / file
        text = path.read_text(encoding="utf-8")
        before.setdefault(path, text)
        assert old in text, f"{file} does not say {old}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    yield change
    for path, text in before.items():
        path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def untouched(project: Path) -> dict[str, Any]:
    return _look(project)


def _run(folder: Path, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-B", "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _look(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_run(folder, LOOK))
    return found


def _of_other_code(seen: dict[str, Any]) -> set[str]:
    assert {name for name, same in seen["certified"].items() if not same} == {
        name for name, state in seen["states"].items() if state == "other_code"
    }
    return {name for name, state in seen["states"].items() if state != "current"}


def test_every_view_is_of_the_running_code_at_first(untouched: dict[str, Any]) -> None:
    assert _of_other_code(untouched) == set()
    assert len(untouched["states"]) == len(VIEWS)


WORDS = (
    (re.compile(r"""(\b(?:next_|asks_)?ja=["'])"""), r"\1改"),
    (re.compile(r"""(\b(?:next_|asks_)?en=["'])"""), r"\1New "),
    (re.compile(r"""(LABEL = \(["'])"""), r"\1改"),
    (re.compile(r"""(\(["'])(?=[ぁ-んァ-ヶ一-龠]+["'], ["'][a-z])"""), r"\1改"),
    (re.compile(r'''^( *""")(?=\w)''', re.MULTILINE), r"\1New: "),
    (re.compile(r"^( *)# ", re.MULTILINE), r"\1# new: "),
)
"""Every word there is: what declarations are told in both languages, labels, docstrings, comments."""


def test_changing_every_word_changes_nothing(
    project: Path, untouched: dict[str, Any], tmp_path: Path
) -> None:
    copy, changed = tmp_path / "reworded", 0
    shutil.copytree(project, copy)
    for path in [*(copy / "domain").rglob("*.py"), *(copy / "projections").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        for words, other in WORDS:
            text, count = words.subn(other, text)
            changed += count
        path.write_text(text, encoding="utf-8")
    assert changed > 3_000
    assert _look(copy) == untouched


ENTRIES = {
    "action_ledger", "change_register", "corrections", "council_roster", "due_register", "evaluation_board",
    "group_register", "issue_board", "legal_basis", "matter_list", "meeting_register", "officer_directory",
    "party_register", "plan_progress", "request_register", "role_register", "sources", "study_board",
}  # fmt: skip
"""The views that keep what events said with their envelopes."""
OF_ALL_EVENTS = {
    "change_register", "closed_parts", "corrections", "decision_trail", "due_register", "matter_list",
    "meeting_register", "public_timeline", "search_index", "sources",
}  # fmt: skip
"""The views that fold every event, or keep what is corrected or redacted of any."""
EDITS: dict[str, tuple[str, str, str, set[str]]] = {
    "a helper of many views": (
        "projections/engine/event_json.py", '"note": e.note,', '"note": e.note or None,', ENTRIES
    ),
    "a helper of one view": (
        "domain/values/plain_text.py", ".casefold()", ".lower()", {"search_index"}
    ),
    "a view's own fold": (
        "projections/views/council/party_register.py", '"may_be_named": 0', '"may_be_named": 1',
        {"party_register"},
    ),
    "a table in which folds look things up": (
        "projections/views/plan/study_board.py", '"left_open"', '"open"', {"study_board"}
    ),
    "which rows a fold touches": (
        "projections/views/plan/plan_progress.py",
        "@measure.on(MeasureStated, keys=lambda e: [e.data.measure_id])",
        "@measure.on(MeasureStated, keys=lambda e: [e.entity])",
        {"plan_progress"},
    ),
    "how a value is read": (
        "domain/values/disclosure.py",
        'return self.visibility == "public"',
        'return self.visibility != "closed"',
        {"decision_trail", "due_register"},
    ),
    "what an event holds": (
        "domain/center_study/events.py",
        "class StudyClosed(Event):",
        "class StudyClosed(Event):\n    more: int = 0",
        {"study_board", *OF_ALL_EVENTS},
    ),
    "how every row is folded": (
        "projections/engine/fold_events.py", "known = rows.fetch(", "known = {} or rows.fetch(", set(VIEWS)
    ),
}  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "views"), EDITS.values(), ids=EDITS)
def test_changing_code_shows_in_the_views_that_use_it(
    project: Path,
    edit: Callable[[str, str, str], None],
    file: str,
    old: str,
    new: str,
    views: set[str],
) -> None:
    edit(file, old, new)
    assert _of_other_code(json.loads(_run(project, LOOK.replace("verify(store)", "()")))) == views


def test_a_column_shows_in_its_view(project: Path, edit: Callable[[str, str, str], None]) -> None:
    edit("projections/views/matter/issue_board.py", 'column("state"),', 'column("state", required=True),')
    assert _of_other_code(json.loads(_run(project, LOOK.replace("verify(store)", "()")))) == {"issue_board"}


def test_what_no_fold_uses_shows_nowhere(project: Path, edit: Callable[[str, str, str], None]) -> None:
    """A query, a command, a rule, a function that puts something into words."""
    edit("projections/views/matter/matter_list.py", "table.c.position.desc()", "table.c.position")
    edit("domain/values/calendar.py", 'return f"FY{year}"', 'return f"fiscal {year}"')
    edit("domain/council/aggregate.py", "business = self.context", "business = [] or self.context")
    seen = json.loads(_run(project, LOOK.replace("verify(store)", "()")))
    assert _of_other_code(seen) == set()


def test_all_fingerprints_together_take_no_time_that_a_start_would_feel() -> None:
    begun = time.process_time()
    with Sources(_described) as sources:
        found = [fingerprint_of(view, sources) for view in VIEWS.values()]
    assert time.process_time() - begun < 2  # 0.2 s on an idle machine
    assert found == [view.fingerprint for view in VIEWS.values()]
